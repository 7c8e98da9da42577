"""Let the power fail at every step of a build: what was not forced to disk is gone, or comes back empty.

    python tests/faults/power_loss.py

The steps are the calls of Python's os that change names or force something to disk. After each, the disk is rebuilt as
it may lie there: names and contents as of the last time they were forced to disk ("strict"), or all names but empty
files where the content was not ("torn"). The old snapshot must serve, or the new one, whole; once the build has said
that it is done, the new one.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.faults.injected import Stage  # noqa: E402
from tests.faults.small_builds import build_small, served  # noqa: E402

STEPS = ("fsync", "rename", "replace", "mkdir", "unlink", "rmdir")


@dataclass
class Disk:
    """What has been forced to disk below `top`: contents by inode, and the names in each folder by its inode."""

    top: Path
    contents: dict[int, bytes] = field(default_factory=dict)
    names: dict[int, dict[str, int]] = field(default_factory=dict)
    folders: set[int] = field(default_factory=set)

    def force(self, path: Path) -> None:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            self.folders.add(state.st_ino)
            self.names[state.st_ino] = {entry.name: entry.inode() for entry in os.scandir(path)}
            self.folders.update(entry.inode() for entry in os.scandir(path) if entry.is_dir())
        else:
            self.contents[state.st_ino] = path.read_bytes()

    def force_all(self) -> None:
        for path in (self.top, *self.top.rglob("*")):
            self.force(path)

    def strict(self, target: Path) -> None:
        """Names and contents as they were last forced to disk."""
        self._restore(self.top.stat().st_ino, target)

    def _restore(self, inode: int, target: Path) -> None:
        target.mkdir()
        for name, held in self.names.get(inode, {}).items():
            if held in self.folders:
                self._restore(held, target / name)
            else:
                (target / name).write_bytes(self.contents.get(held, b""))

    def torn(self, target: Path) -> None:
        """Names as they are now, contents as they were last forced to disk, empty where they never were."""
        target.mkdir()
        for path in sorted(self.top.rglob("*")):
            place = target / path.relative_to(self.top)
            if path.is_dir():
                place.mkdir()
            else:
                place.write_bytes(self.contents.get(path.stat().st_ino, b""))


@contextmanager
def watched(disk: Disk, look: Callable[[str], None]) -> Iterator[None]:
    """Record what is forced to disk, and look at it after every step."""
    real = {name: getattr(os, name) for name in STEPS}

    def shim(name: str) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            done = real[name](*args, **kwargs)
            if name == "fsync":
                path = Path(f"/proc/self/fd/{args[0]}").readlink()
                if disk.top in (path, *path.parents):
                    disk.force(path)
            look(name)
            return done

        return call

    for name in STEPS:
        setattr(os, name, shim(name))
    try:
        yield
    finally:
        for name in STEPS:
            setattr(os, name, real[name])


def lose_power(base: Path) -> tuple[int, int, int]:
    """How often the power failed, and how often the old and the new snapshot served after. Raises AssertionError."""
    stage = Stage(base)
    top = base / "disk"
    top.mkdir()
    directory = top / "snapshot"
    shutil.copytree(stage.origin, directory)
    disk = Disk(top)
    disk.force_all()
    lies: list[Path] = []
    within = [False]

    def look(step: str) -> None:
        if within[0]:
            return  # our own copying
        within[0] = True
        for kind in (disk.strict, disk.torn):
            lies.append(base / f"{len(lies):04d}-{step}-{kind.__name__}")
            kind(lies[-1])
        within[0] = False

    with watched(disk, look):
        build_small(stage.source, directory)
    found = [served(lie / "snapshot") for lie in lies]
    wrong = [lie.name for lie, digest in zip(lies, found, strict=True) if digest not in (stage.old, stage.new)]
    if wrong or found[-2] != stage.new:
        raise AssertionError(f"neither old nor new: {wrong}; at the end {found[-2]}")
    return len(lies), found.count(stage.old), found.count(stage.new)


def lose_first(base: Path) -> None:
    """A first build that has said that it is done is there after the power failed. Raises AssertionError."""
    top = base / "first"
    top.mkdir()
    disk = Disk(top)
    disk.force_all()
    with watched(disk, lambda step: None):
        build_small(base / "new", top / "deep" / "snapshot")
    disk.strict(base / "after")
    served(base / "after" / "deep" / "snapshot")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        times, old, new = lose_power(Path(folder))
        lose_first(Path(folder))
    print(f"power lost {times} times: {old} times the old snapshot, {new} times the new one, 0 anything between")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
