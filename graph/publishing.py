"""Writing snapshots: aside, verified, forced to disk, renamed, pointer switched last. Rolling back and sweeping."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec

from graph.claims import unique_documents
from graph.durable import (
    digest_file,
    files_in,
    hold_lock,
    remove_folder,
    remove_unused,
    switch_file,
    sync_folder,
    write_file,
)
from graph.errors import SnapshotDamaged, SnapshotError, SnapshotMissing, SnapshotUnwritable, SnapshotVersion
from graph.kg import KnowledgeGraph
from graph.manifest import MANIFEST, FileStamp, Manifest, ModelStamp, SourceStamp
from graph.model import Passage
from graph.packing import Packer
from graph.snapshot import (
    CURRENT,
    SNAPSHOTS,
    StoredExtraction,
    check_files,
    find_snapshot,
    list_snapshots,
)
from ingest.model import Extraction

LOCK = "lock"
_BUILDING = ".building-"


@contextlib.contextmanager
def lock_builds(directory: Path) -> Iterator[None]:
    """Hold the build lock of a snapshot directory from the first step of a build to its last.

    Raises SnapshotLocked, which says who holds it, or SnapshotUnwritable where there is no place for a lock or the
    directory is itself a snapshot.
    """
    if (directory / MANIFEST).is_file():
        reason, advice = "这是一份已建好的快照，不能在里面再建", "请用 --snapshot 给出放快照的目录，例如 .jixiao"
        raise SnapshotUnwritable(str(directory), reason, advice)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(hold_lock(directory / LOCK))
        except OSError as err:
            raise _unwritable(directory, err) from err
        yield


def save_snapshot(
    directory: Path,
    *,
    kg: KnowledgeGraph,
    extractions: Iterable[Extraction],
    passages: Iterable[Passage],
    files: Mapping[str, bytes] | None = None,
    model: ModelStamp | None = None,
    reader: str = "",
    settings: Mapping[str, str] | None = None,
    keep: int = 3,
    locked: bool = False,
) -> Path:
    """Publish a snapshot and return its folder; what served before stays untouched until the very last step.

    `files` are further files by relative name. `keep` older snapshots stay for `rollback`. `locked` says that the
    caller holds `lock_builds`. Where the content equals what serves already, that snapshot is returned and nothing is
    published.
    Raises SnapshotLocked, or SnapshotUnwritable (disk full, no permission): then the old snapshot serves on.
    """
    documents, shown = unique_documents(extractions), tuple(passages)
    with nullcontext() if locked else lock_builds(directory):
        aside = directory / SNAPSHOTS / f"{_BUILDING}{os.getpid()}"
        before = _serving(directory)
        try:
            sweep(directory)
            aside.mkdir(parents=True)
            _write_tables(aside, kg, documents, shown, reader)
            for name, data in sorted((files or {}).items()):
                (aside / name).parent.mkdir(parents=True, exist_ok=True)
                _write_whole(aside / name, data)
            manifest = _seal(aside, kg, documents, shown, model, reader, settings or {})
            path = _publish(directory, aside, manifest)
        except OSError as err:
            raise _unwritable(directory, err) from err
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        retire(directory, keep=keep, before=before)
        return path


def roll_back(directory: Path) -> Path:
    """Let the newest intact snapshot before the one that serves take its place; returns its folder.

    Raises SnapshotMissing where there is none, SnapshotLocked or SnapshotUnwritable.
    """
    missing = SnapshotMissing(str(directory), "没有更早的完好快照可以退回", "请用 jixiao build 重新构建")
    if not (directory / SNAPSHOTS).is_dir() and not (directory / MANIFEST).is_file():
        raise missing  # before the lock, which would make the folder
    with lock_builds(directory):
        known, serving = list_snapshots(directory), _serving(directory)
        older = known[: known.index(serving)] if serving in known else known
        for path in reversed(older):
            with contextlib.suppress(SnapshotDamaged, SnapshotVersion):
                check_files(path)
                try:
                    _point(directory, path)
                except OSError as err:
                    raise _unwritable(directory, err) from err
                return path
        raise missing


def sweep(directory: Path) -> tuple[str, ...]:
    """Remove what dead builds left behind; names of what was removed. Only under the build lock."""
    folder = directory / SNAPSHOTS
    removed = []
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.name.startswith((_BUILDING, ".dead-")):
                shutil.rmtree(path)
                removed.append(path.name)
    return tuple(removed)


def retire(directory: Path, *, keep: int, before: Path | None = None) -> tuple[Path, ...]:
    """Remove snapshots beyond the `keep` newest older ones, but none that serves or that a reader holds.

    What stands between `before`, which served till now, and what serves now was rolled back or never served: it goes
    too, lest `rollback` comes upon it.
    """
    serving = find_snapshot(directory)
    known = list_snapshots(directory)
    between = known[known.index(before) + 1 : known.index(serving)] if before in known and serving in known else ()
    older = [path for path in known if path != serving and path not in between]
    removed = []
    for path in (*between, *older[: max(0, len(older) - keep)]):
        with contextlib.suppress(OSError):  # an old folder that cannot be removed harms nobody
            if remove_unused(path, path / MANIFEST):
                removed.append(path)
    return tuple(removed)


def _write_tables(
    aside: Path,
    kg: KnowledgeGraph,
    documents: tuple[Extraction, ...],
    passages: tuple[Passage, ...],
    reader: str,
) -> None:
    packer = Packer([e.document for e in documents])
    bare = (replace(e, document=replace(e.document, text="")) for e in documents)
    tables: dict[str, Iterable[object]] = {
        "documents.jsonl": (e.document for e in documents),
        "extractions.jsonl": (StoredExtraction(sha256=e.document.sha256, reader=reader, extraction=e) for e in bare),
        "claims.jsonl": map(packer.claim, kg.claims),
        "judgements.jsonl": map(packer.judgement, kg.judgements),
        "nodes.jsonl": map(packer.entity, kg.entities.values()),
        "edges.jsonl": map(packer.edge, kg.edges.values()),
        "passages.jsonl": map(packer.passage, passages),
    }
    for name, rows in tables.items():
        _write_whole(aside / name, msgspec.json.Encoder().encode_lines(rows))


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file and read it back. Raises OSError where the disk holds anything else than `data`."""
    write_file(path, data)
    if digest_file(path)[0] != sha256(data).hexdigest():
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))


def _seal(
    aside: Path,
    kg: KnowledgeGraph,
    documents: tuple[Extraction, ...],
    passages: tuple[Passage, ...],
    model: ModelStamp | None,
    reader: str,
    settings: Mapping[str, str],
) -> Manifest:
    stamps = {}
    for path in files_in(aside):
        digest, size = digest_file(path)
        stamps[path.relative_to(aside).as_posix()] = FileStamp(sha256=digest, bytes=size)
    counts = {**kg.counts(), "passages": len(passages), "claims": len(kg.claims)}
    manifest = Manifest(
        reader=reader,
        model=model,
        counts=counts,
        sources=tuple(SourceStamp(name=e.document.name, sha256=e.document.sha256) for e in documents),
        files=stamps,
        settings=settings,
    )
    write_file(aside / MANIFEST, manifest.to_json())
    for folder in sorted({path.parent for path in files_in(aside)}, reverse=True):
        sync_folder(folder)
    return manifest


def _publish(directory: Path, aside: Path, manifest: Manifest) -> Path:
    digest = manifest.digest[:16]
    known = list_snapshots(directory)
    serving = _serving(directory)
    with contextlib.suppress(SnapshotError):  # what serves may be damaged: then the new one takes its place
        if serving is not None and serving.name.endswith(digest) and check_files(serving):
            return serving
    sequence = max((int(path.name.partition("-")[0]) for path in known), default=0) + 1
    path = directory / SNAPSHOTS / f"{sequence:06d}-{digest}"
    os.rename(aside, path)  # noqa: PTH104  the fault tests count calls of os
    try:
        sync_folder(path.parent)
        _point(directory, path)
    except OSError:
        remove_folder(path)
        raise
    return path


def _point(directory: Path, path: Path) -> None:
    try:
        switch_file(directory / CURRENT, f"{path.name}\n".encode())
    except OSError:
        if _serving(directory) != path:  # else the pointer was switched, and only its sync failed
            raise


def _serving(directory: Path) -> Path | None:
    try:
        return find_snapshot(directory)
    except SnapshotError:
        return None


def _unwritable(directory: Path, err: OSError) -> SnapshotUnwritable:
    match err.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            reason, advice = "磁盘空间不足，快照没有写成", "请腾出空间后重试；原有快照不受影响"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            reason, advice = "没有写入权限，快照没有写成", "请检查目录权限，或用 --snapshot 换一个目录"
        case errno.EEXIST | errno.ENOTDIR:
            reason, advice = "这个位置上是文件，不是文件夹，快照没有写成", "请用 --snapshot 换一个目录"
        case _:
            name = errno.errorcode.get(err.errno or 0, type(err).__name__)
            reason, advice = f"写入失败（{name}），快照没有写成", "原有快照不受影响，请检查磁盘后重试"
    return SnapshotUnwritable(str(err.filename or directory), reason, advice)
