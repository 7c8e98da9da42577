"""Builds on a disk that is full: a clear sentence, nothing left behind, the old snapshot serves; then there is room.

    python tests/faults/disk_full.py [--sizes 20]      needs the right to mount a tmpfs; says so where it has none

The disk holds an old snapshot and as much else as leaves 0 … n bytes free, n being what the new one needs and more.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from graph.errors import SnapshotUnwritable  # noqa: E402
from tests.faults.injected import Stage, Tally  # noqa: E402
from tests.faults.small_builds import build_small, leftovers, served, write_set  # noqa: E402

DISK = 16 << 20


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A tmpfs of 16 MB mounted at `place`. Raises PermissionError where that is not allowed."""
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        raise PermissionError(mounted.stderr.decode("utf-8", "replace").strip())
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def fill_up(place: Path, free: int) -> None:
    """Leave about `free` bytes."""
    with (place / "filler").open("wb") as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"\0" * 65536)
            filler.flush()
    room = os.statvfs(place)
    size = (place / "filler").stat().st_size + room.f_bavail * room.f_frsize - free
    os.truncate(place / "filler", max(0, size))


def build_on_full_disks(base: Path, *, sizes: int) -> Tally:
    """Raises AssertionError where anything but the old or the new snapshot serves, or the message says too little."""
    tally = Tally()
    with small_disk(base / "disk") as disk:
        directory, source = disk / "snapshot", write_set(base / "new", 1)
        build_small(write_set(base / "old", 0), directory)
        old = served(directory)
        build_small(source, base / "expected")
        new = served(base / "expected")
        needed = sum(path.stat().st_size for path in (base / "expected").rglob("*") if path.is_file()) + 50_000
        for size in range(sizes):
            fill_up(disk, needed * size // max(1, sizes - 1))
            failed = False
            try:
                build_small(source, directory, keep=1)
            except SnapshotUnwritable as err:
                failed = True
                if "磁盘空间不足" not in err.reason or not err.advice:
                    raise AssertionError(f"not clear: {err}") from err
            found = served(directory)
            if found != (old if failed else new) or leftovers(directory):
                raise AssertionError(f"size {size}: serves {found}, left {leftovers(directory)}")
            tally.failed += failed
            tally.survived += not failed
            tally.old += found == old
            tally.new += found == new
            (disk / "filler").unlink()
            build_small(source, directory, keep=1)
            if served(directory) != new:
                raise AssertionError("there is room, and the build still fails")
            build_small(base / "old", directory, keep=1)
    return tally


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let os.write take `size` bytes in all, the last of them in a short write, and then report a full disk."""
    real, left = os.write, [size]

    def write(handle: int, data: bytes | memoryview) -> int:
        taken = min(left[0], len(data))
        if data and not taken:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left[0] -= taken
        return real(handle, data[:taken])

    os.write = write  # type: ignore[assignment]
    try:
        yield
    finally:
        os.write = real


def build_in_little_room(stage: Stage, *, sizes: int) -> Tally:
    """As above without a disk: what is written is counted."""
    tally = Tally()
    needed = sum(path.stat().st_size for path in (stage.base / "expected").rglob("*") if path.is_file())
    for size in range(sizes):
        directory, failed = stage.copy(), False
        with room_for(needed * size // max(1, sizes - 1)):
            try:
                build_small(stage.source, directory)
            except SnapshotUnwritable as err:
                failed = True
                if "磁盘空间不足" not in err.reason or not err.advice:
                    raise AssertionError(f"not clear: {err}") from err
        stage.check(directory, tally, failed=failed, note=f"room {size}")
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, default=20)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"room counted: {build_in_little_room(Stage(Path(folder)), sizes=chosen.sizes)}")
    with tempfile.TemporaryDirectory() as folder:
        try:
            print(f"a real disk of {DISK >> 20} MB: {build_on_full_disks(Path(folder), sizes=chosen.sizes)}")
        except PermissionError as err:
            print(f"no disk could be mounted here: {err}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
