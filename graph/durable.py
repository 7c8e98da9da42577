"""Files that survive a crash: written whole, forced to disk, switched by one rename; one writer at a time.

Knows nothing of what the files mean. Every step goes through `os`, so that tests can fail each of them.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from graph.errors import SnapshotLocked

_CHUNK = 1 << 20


def write_file(path: Path, data: bytes) -> None:
    """Write `data` as the whole content of a new or replaced file and force it to disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Force the names in a folder to disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, and force their names to disk."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        sync_folder(folder.parent)


def switch_file(path: Path, data: bytes) -> None:
    """Give `path` new content in one step: readers see the old or the new, never a part."""
    aside = path.with_name(f".{path.name}.new")
    write_file(aside, data)
    os.replace(aside, path)  # noqa: PTH105  the fault tests count calls of os
    sync_folder(path.parent)


def digest_file(path: Path) -> tuple[str, int]:
    """SHA-256 (hex) and size in bytes."""
    digest, size = sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def remove_folder(path: Path) -> None:
    """Remove a folder so that no half of it is ever seen under its name."""
    dead = path.with_name(f".dead-{path.name.lstrip('.')}")
    if dead != path:
        if dead.exists():
            shutil.rmtree(dead)
        os.rename(path, dead)  # noqa: PTH104  the fault tests count calls of os
    shutil.rmtree(dead)


def files_in(folder: Path) -> list[Path]:
    """All regular files below a folder, sorted by their relative names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextlib.contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold the writer's lock. The kernel frees it when the process ends, however it ends.

    Raises SnapshotLocked, which says who holds it, where another process has it.
    """
    make_folder(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            reason = f"另一个构建正在进行（{_read_holder(handle)}）"
            raise SnapshotLocked(str(path.parent), reason, "请等它结束，或换一个快照目录") from err
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"进程 {os.getpid()}，主机 {os.uname().nodename}\n".encode(), 0)
        yield
    finally:
        release(handle)


def _read_holder(handle: int) -> str:
    for _ in range(20):
        if holder := os.pread(handle, 200, 0).decode("utf-8", "replace").strip():
            return holder
        time.sleep(0.01)  # it has the lock, but has not yet said so
    return "未知进程"


def share(path: Path) -> int:
    """A handle that marks `path` as in use until it is closed.

    Raises BlockingIOError where it is being removed, OSError where it cannot be opened or locked.
    """
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def release(handle: int) -> None:
    """Close the handle of a lock or a mark: it is free whatever the disk says, and nothing of worth was written."""
    with contextlib.suppress(OSError):
        os.close(handle)


def remove_unused(folder: Path, mark: Path) -> bool:
    """Remove a folder unless some reader has `mark` in use; whether it was removed.

    The mark is held until the folder is gone, so that no reader begins with it meanwhile.
    """
    try:
        handle = os.open(mark, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        remove_folder(folder)  # damaged: nobody can open it
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove_folder(folder)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
