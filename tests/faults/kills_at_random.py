"""Kill whole builds (reading, resolving, indexing, writing) with signal 9 at random moments, and verify what serves.

    python tests/faults/kills_at_random.py [--kills 100] [--files 3] [--seed 1]

Each build is of the set of files that does not serve, so that there is work to do. Every second kill comes late in the
build, where files are written and switched. More than 8 files are read by several processes; none of them may outlive
the build. No embedding model is needed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from graph.publishing import roll_back  # noqa: E402
from tests.faults.small_builds import build_small, leftovers, served, write_set  # noqa: E402


@dataclass
class Tally:
    """What became of the kills. `left` counts those that left a half-written folder behind."""

    kills: int = 0
    finished: int = 0
    old: int = 0
    new: int = 0
    left: int = 0
    orphans: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.finished} came too late): {self.old} left the old snapshot, {self.new} the new "
            f"one, 0 lost, 0 corrupt; {self.left} left a half-written folder, all swept by the next build; "
            f"{self.orphans} processes outlived their build"
        )


def start(source: Path, directory: Path) -> subprocess.Popen[bytes]:
    """A build in a process group of its own, at the moment when it begins."""
    command = [sys.executable, "-m", "tests.faults.small_builds", str(source), str(directory)]
    running = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    if running.stdout is None or running.stdout.readline() != b"begun\n":
        raise AssertionError("the build does not begin")
    return running


def kill_builds(base: Path, *, kills: int, files: int, seed: int) -> Tally:
    """Raises AssertionError (or the failure of verifying) at the first snapshot that is neither old nor new."""
    pick, tally, directory = random.Random(seed), Tally(), base / "snapshot"
    sets = [write_set(base / name, which, files=files) for which, name in enumerate("ab")]
    wanted = [build_small(source, base / "expected") and served(base / "expected") for source in sets]
    whole = measured(sets[0], directory)
    for kill in range(kills):
        before = served(directory)
        which = int(before == wanted[0])
        running = start(sets[which], directory)
        began, patience = time.monotonic(), pick.uniform(0.65 * (kill % 2), 1.05) * whole
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(patience)
            whole = 0.8 * whole + 0.2 * (
                time.monotonic() - began
            )  # it came to its end; other work may share the machine
        running.kill()
        code = running.wait()
        if running.stdout is not None:
            running.stdout.close()
        if code not in (0, -signal.SIGKILL):
            raise AssertionError(f"kill {kill}: the build itself fails with {code}")
        after = served(directory)
        if after not in (before, wanted[which]) or (code == 0 and after != wanted[which]):
            raise AssertionError(f"kill {kill}: serves neither the old nor the new snapshot")
        tally.kills += 1
        tally.finished += code == 0
        tally.new += after != before
        tally.old += after == before
        tally.left += bool(leftovers(directory))
        tally.orphans += outlived(running.pid)
    last = build_small(write_set(base / "c", 2, files=files), directory)
    if leftovers(directory) or last.reused:
        raise AssertionError(f"left behind: {leftovers(directory)}")
    before = served(directory)
    roll_back(directory)
    if served(directory) not in wanted or served(directory) == before:
        raise AssertionError("what served before the last build is lost")
    return tally


def measured(source: Path, directory: Path) -> float:
    """Seconds of a whole build."""
    running = start(source, directory)
    began = time.monotonic()
    if running.wait() or running.stdout is None:
        raise AssertionError("the build itself fails")
    running.stdout.close()
    return time.monotonic() - began


def outlived(group: int) -> int:
    """How many processes of a group are still there after a while."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return 0
        time.sleep(0.1)
    return 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--files", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = kill_builds(Path(folder), kills=chosen.kills, files=chosen.files, seed=chosen.seed)
    print(tally)
    return 1 if tally.orphans else 0


if __name__ == "__main__":
    raise SystemExit(main())
