"""Let every single call fail that a build makes to write, sync, name or lock files, one call a run.

    python tests/faults/injected.py [--calls write,fsync,rename] [--error EIO|ENOSPC]      calls of Python's os
    python tests/faults/injected.py --kernel [--step 1]                                    system calls, by strace

Each run starts from the same old snapshot and builds another set of files. Whatever fails, a Chinese sentence must say
so, and the old snapshot must serve, or the new one, whole; a run in which nothing failed must have built the new one.
"""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from graph.errors import GraphError  # noqa: E402
from tests.faults.small_builds import build_small, leftovers, served, write_set  # noqa: E402

CALLS = ("write", "fsync", "rename", "replace", "open", "mkdir", "ftruncate", "pwrite", "close")
KERNEL_CALLS = ("write", "fsync", "rename", "mkdir", "ftruncate", "pwrite64")


@dataclass
class Tally:
    """What became of the runs with an error in them."""

    failed: int = 0
    survived: int = 0
    old: int = 0
    new: int = 0

    def __str__(self) -> str:
        return (
            f"{self.failed + self.survived} errors: {self.failed} builds said so, {self.survived} went on to the end; "
            f"{self.old} left the old snapshot, {self.new} the new one, 0 anything between"
        )


@contextmanager
def failing(call: str, number: int, code: int) -> Iterator[list[int]]:
    """Let the `number`th os.`call` fail; the list holds how many calls there were."""
    real, counted = getattr(os, call), [0]

    def shim(*args: object, **kwargs: object) -> object:
        counted[0] += 1
        if counted[0] == number:
            if call == "close":
                real(*args, **kwargs)  # the kernel closes a file even where it reports an error
            raise OSError(code, os.strerror(code), "injected")
        return real(*args, **kwargs)

    setattr(os, call, shim)
    try:
        yield counted
    finally:
        setattr(os, call, real)


class Stage:
    """An old snapshot, the files of a new one, and a fresh copy of both for every run."""

    def __init__(self, base: Path) -> None:
        self.base, self.origin = base, base / "origin"
        self.source = write_set(base / "new", 1)
        build_small(write_set(base / "old", 0), self.origin)
        self.old = served(self.origin)
        build_small(self.source, base / "expected")
        self.new = served(base / "expected")

    def copy(self) -> Path:
        directory = self.base / "run"
        shutil.rmtree(directory, ignore_errors=True)
        shutil.copytree(self.origin, directory)
        return directory

    def check(self, directory: Path, tally: Tally, *, failed: bool, note: str) -> None:
        """Raises AssertionError where anything but the old or the new snapshot serves, or the next build fails."""
        found = served(directory)
        if found not in (self.old, self.new) or (not failed and found != self.new):
            raise AssertionError(f"{note}: serves neither the old nor the new snapshot")
        tally.failed += failed
        tally.survived += not failed
        tally.old += found == self.old
        tally.new += found == self.new
        build_small(self.source, directory)
        if served(directory) != self.new or leftovers(directory):
            raise AssertionError(f"{note}: the next build leaves {leftovers(directory)}")


def fail_every_call(stage: Stage, call: str, *, code: int = errno.EIO, step: int = 1) -> Tally:
    """An error in the 1st, 1 + step … call of os.`call` of a build, until a build makes fewer calls."""
    tally, number = Tally(), 1
    while True:
        directory, failed = stage.copy(), False
        with failing(call, number, code) as counted:
            try:
                build_small(stage.source, directory)
            except GraphError as err:
                failed = True
                if not err.reason or not err.advice:
                    raise AssertionError(f"{call} {number}: no sentence for people") from err
        if counted[0] < number:
            return tally
        stage.check(directory, tally, failed=failed, note=f"{call} {number}")
        number += step


def fail_every_system_call(stage: Stage, call: str, *, error: str, step: int = 1) -> Tally:
    """As above for the process's own system calls once it has begun, whoever makes them; needs strace."""
    tally, number = Tally(), calls_before_the_build(stage, call) + 1
    while True:
        directory = stage.copy()
        ended, log = traced(stage, directory, call, f"-einject={call}:error={error}:when={number}")
        if "(INJECTED)" not in log:
            return tally
        said = ended.stderr.strip().rpartition("\n")[2]
        if ended.returncode and not said.startswith("graph.errors."):
            raise AssertionError(f"{call} {number}: {said}")
        stage.check(directory, tally, failed=ended.returncode != 0, note=f"{call} {number}: {said}")
        number += step


def calls_before_the_build(stage: Stage, call: str) -> int:
    """How often a process makes a system call before it says that it begins."""
    _, log = traced(stage, stage.copy(), f"{call},write")
    before = log.partition("begun")[0]
    return sum(f" {call}(" in line for line in before.splitlines()) + (call == "write")


def traced(stage: Stage, directory: Path, calls: str, *more: str) -> tuple[subprocess.CompletedProcess[str], str]:
    log = stage.base / "strace.log"
    command = ["strace", "-f", "-qq", "-o", str(log), f"-etrace={calls}", *more, sys.executable]
    command += ["-m", "tests.faults.small_builds", str(stage.source), str(directory)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return ended, log.read_text(encoding="utf-8", errors="replace")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", default=",".join(CALLS))
    parser.add_argument("--error", default="EIO")
    parser.add_argument("--kernel", action="store_true")
    parser.add_argument("--step", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        if chosen.kernel:
            for call in KERNEL_CALLS:
                tally = fail_every_system_call(stage, call, error=chosen.error, step=chosen.step)
                print(f"{call}: {tally}", flush=True)
            return 0
        for call in chosen.calls.split(","):
            tally = fail_every_call(stage, call, code=getattr(errno, chosen.error), step=chosen.step)
            print(f"os.{call}: {tally}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
