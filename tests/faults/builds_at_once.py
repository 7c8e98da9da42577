"""Several builds of one snapshot directory at the same moment: one works, the others say who holds the lock.

    python tests/faults/builds_at_once.py [--rounds 50] [--builds 5]

In every fourth round the one that works is killed: the kernel frees the lock, and the next build goes through.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.faults.small_builds import build_small, leftovers, served, write_set  # noqa: E402

GATED = """
import sys
from pathlib import Path
from graph.errors import SnapshotLocked
from search import pipeline
from tests.faults.small_builds import build_small

def wait(stage, done, total, /):
    if stage == "构建图谱" and not done:
        print("holds", flush=True)
        sys.stdin.readline()

real = pipeline.build_graph
def gate(*args, **kwargs):
    wait("构建图谱", 0, 1)
    return real(*args, **kwargs)

pipeline.build_graph = gate
try:
    build_small(Path(sys.argv[1]), Path(sys.argv[2]))
    print("built", flush=True)
except SnapshotLocked as err:
    print("locked", err.reason, err.advice, flush=True)
"""


def start(source: Path, directory: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", GATED, str(source), str(directory)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def crowd(base: Path, *, rounds: int, builds: int) -> Counter[str]:
    """What became of the builds. Raises AssertionError where two work at once, or one does not name the other."""
    ended, directory = Counter[str](), base / "snapshot"
    for number in range(rounds):
        source = write_set(base / f"set{number}", number)
        running = [start(source, directory) for _ in range(builds)]
        said = {build.pid: (build, build.stdout.readline() if build.stdout else "") for build in running}
        holders = [build for build, line in said.values() if line == "holds\n"]
        locked = [line for _, line in said.values() if line.startswith("locked")]
        if len(holders) != 1 or len(locked) != builds - 1:
            raise AssertionError(f"round {number}: {[line for _, line in said.values()]}")
        if not all(f"进程 {holders[0].pid}，" in line and "请等它结束" in line for line in locked):
            raise AssertionError(f"round {number}: {locked}")
        ended["locked out, naming the one that works"] += len(locked)
        finish(holders[0], killed=number % 4 == 3)
        ended["killed" if number % 4 == 3 else "built"] += 1
        for build in running:
            build.communicate()
        if number % 4 == 3:
            build_small(source, directory)
        build_small(source, base / "expected")
        if served(directory) != served(base / "expected") or leftovers(directory):
            raise AssertionError(f"round {number}: serves something else than was built")
    return ended


def finish(build: subprocess.Popen[str], *, killed: bool) -> None:
    if killed:
        build.kill()
        return
    if build.stdin is None or build.stdout is None:
        raise AssertionError("no pipes")
    build.stdin.write("\n")
    build.stdin.flush()
    if build.stdout.readline() != "built\n":
        raise AssertionError("the one that held the lock did not finish")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--builds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ended = crowd(Path(folder), rounds=chosen.rounds, builds=chosen.builds)
    print(f"{chosen.rounds} rounds of {chosen.builds} builds at once: {dict(sorted(ended.items()))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
