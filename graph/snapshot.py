"""A snapshot on disk: reading. One folder holds everything an answer needs; a pointer names the one that serves.

    .jixiao/CURRENT                          name of the folder that serves
    .jixiao/snapshots/000007-0f3a…/          manifest.json and the files that it lists
Writing lives in `publishing`. A reader keeps the snapshot that it opened, whatever is published after.
"""

from __future__ import annotations

import logging
import re
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from graph.durable import digest_file, release, share
from graph.errors import SnapshotDamaged, SnapshotMissing
from graph.kg import KnowledgeGraph
from graph.manifest import MANIFEST, FileStamp, Manifest
from graph.model import Passage
from graph.packing import ClaimRow, EdgeRow, EntityRow, JudgementRow, PassageRow, Unpacker
from ingest.model import Document, Extraction

CURRENT = "CURRENT"
SNAPSHOTS = "snapshots"
_NAME = re.compile(r"(\d{6,})-([0-9a-f]{16})")
_log = logging.getLogger(__name__)
_RETRY = "请运行 jixiao rollback 退回上一份快照，或用 jixiao build 重新构建"

RowT = TypeVar("RowT")
NounT = TypeVar("NounT")


class StoredExtraction(msgspec.Struct, frozen=True, kw_only=True):
    """An extraction as stored: without its document's text, which `documents.jsonl` holds."""

    sha256: str
    reader: str
    extraction: Extraction


class Snapshot:
    """An opened snapshot. What is not asked for is not loaded."""

    def __init__(self, path: Path, manifest: Manifest, hold: _Hold) -> None:
        self.path = path
        self.manifest = manifest
        self._hold = hold
        hold.stamps = manifest.files

    @property
    def id(self) -> str:
        """The name of the snapshot's folder."""
        return self.path.name

    def file(self, name: str) -> Path:
        """The path of a file or folder of the snapshot. Raises SnapshotDamaged where the manifest lists none."""
        if name not in self.manifest.files and not any(f.startswith(f"{name}/") for f in self.manifest.files):
            raise SnapshotDamaged(str(self.path / name), "快照中没有这个文件", _RETRY)
        return self.path / name

    @cached_property
    def kg(self) -> KnowledgeGraph:
        """The graph. Claims and judgements are read from disk when first asked for."""
        unpack = self._unpacker
        return KnowledgeGraph(
            map(unpack.entity, self._hold.rows("nodes.jsonl", EntityRow)),
            map(unpack.edge, self._hold.rows("edges.jsonl", EdgeRow)),
            claims=_Later(self._hold, "claims.jsonl", ClaimRow, unpack.claim),
            judgements=_Later(self._hold, "judgements.jsonl", JudgementRow, unpack.judgement),
        )

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, in the order of the rows of the vectors."""
        return tuple(map(self._unpacker.passage, self._hold.rows("passages.jsonl", PassageRow)))

    @cached_property
    def sources(self) -> Mapping[str, Document]:
        """Documents by name."""
        return {doc.name: doc for doc in self._hold.rows("documents.jsonl", Document)}

    @cached_property
    def documents(self) -> Mapping[str, str]:
        """Text of each document by its name."""
        return {name: doc.text for name, doc in self.sources.items()}

    @cached_property
    def extractions(self) -> tuple[Extraction, ...]:
        """What was read from each document, by document name."""
        return tuple(self.reusable(self.manifest.reader).values())

    def reusable(self, reader: str) -> Mapping[str, Extraction]:
        """Extractions by the SHA-256 of their file, of those that this version of reading made."""
        by_content = {doc.sha256: doc for doc in self.sources.values()}
        rows = self._hold.rows("extractions.jsonl", StoredExtraction)
        return {
            row.sha256: replace(row.extraction, document=by_content[row.sha256])
            for row in rows
            if row.reader == reader and row.sha256 in by_content
        }

    @cached_property
    def _unpacker(self) -> Unpacker:
        return Unpacker(tuple(self.sources.values()))


class _Hold:
    """Reads the tables of a snapshot, and marks its folder as in use for as long as anything reads from it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamps: Mapping[str, FileStamp] = {}
        try:
            weakref.finalize(self, release, share(path / MANIFEST))
        except BlockingIOError as err:
            raise SnapshotDamaged(str(path), "这份旧快照正在清除", _RETRY) from err
        except OSError:  # a file system without locks: the snapshot may be swept while in use
            _log.debug("no lock on %s", path)

    def rows(self, name: str, row_type: type[RowT]) -> list[RowT]:
        """The rows of a table. Raises SnapshotDamaged for what is no such row, or has changed since it was opened."""
        path = self.path / name
        try:
            data = path.read_bytes()
        except OSError as err:
            raise SnapshotDamaged(str(path), "文件缺失或无法读取", _RETRY) from err
        if name in self.stamps and sha256(data).hexdigest() != self.stamps[name].sha256:
            raise SnapshotDamaged(str(path), "文件内容与清单中的校验值不符", _RETRY)
        try:
            return msgspec.json.Decoder(row_type).decode_lines(data)
        except (msgspec.DecodeError, UnicodeDecodeError) as err:
            raise SnapshotDamaged(str(path), f"内容不合规（{err}）", _RETRY) from err


class _Later(Generic[RowT, NounT]):
    """Nouns of a table, read when first iterated."""

    def __init__(self, hold: _Hold, name: str, row_type: type[RowT], unpack: Callable[[RowT], NounT]) -> None:
        self.hold, self.name, self.row_type, self.unpack = hold, name, row_type, unpack

    def __iter__(self) -> Iterator[NounT]:
        return map(self.unpack, self.hold.rows(self.name, self.row_type))


def open_snapshot(directory: Path) -> Snapshot:
    """The snapshot that serves in `directory` (or the snapshot folder itself), every file checked against its hash.

    Raises SnapshotMissing, SnapshotDamaged (names the file) or SnapshotVersion.
    """
    while True:
        path = find_snapshot(directory)
        try:
            hold = _Hold(path)  # first of all, so that nobody sweeps it while it is checked
            return Snapshot(path, check_files(path), hold)
        except SnapshotDamaged:
            if find_snapshot(directory) == path:
                raise  # else a build published meanwhile and swept this one: open what serves now


def find_snapshot(directory: Path) -> Path:
    """The folder of the snapshot that serves. Raises SnapshotMissing; SnapshotDamaged where the pointer is broken."""
    if (directory / MANIFEST).is_file():
        return directory
    pointer = directory / CURRENT
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError as err:
        if list_snapshots(directory):
            raise SnapshotDamaged(str(pointer), "指针文件缺失", _RETRY) from err
        raise SnapshotMissing(str(directory), "还没有快照", "请先运行 jixiao build") from None
    except (OSError, UnicodeDecodeError) as err:
        raise SnapshotDamaged(str(pointer), "指针文件无法读取", _RETRY) from err
    if not _NAME.fullmatch(name) or not (directory / SNAPSHOTS / name).is_dir():
        raise SnapshotDamaged(str(pointer), "指针文件指向不存在的快照", _RETRY)
    return directory / SNAPSHOTS / name


def check_files(path: Path) -> Manifest:
    """The manifest of a folder whose files agree with it. Raises SnapshotDamaged, naming the first that does not."""
    manifest = read_manifest(path)
    for name, stamp in manifest.files.items():
        try:
            found = digest_file(path / name)
        except OSError as err:
            raise SnapshotDamaged(str(path / name), "文件缺失或无法读取", _RETRY) from err
        if found != (stamp.sha256, stamp.bytes):
            raise SnapshotDamaged(str(path / name), "文件内容与清单中的校验值不符", _RETRY)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """The manifest of a snapshot folder, checked against the folder's name where that carries its hash."""
    try:
        data = (path / MANIFEST).read_bytes()
    except OSError as err:
        raise SnapshotDamaged(str(path / MANIFEST), "清单缺失或无法读取", _RETRY) from err
    manifest = Manifest.from_json(data, source=str(path / MANIFEST))
    named = _NAME.fullmatch(path.name)
    if data != manifest.to_json() or (named and not manifest.digest.startswith(named.group(2))):
        raise SnapshotDamaged(str(path / MANIFEST), "清单与快照名称中的校验值不符", _RETRY)
    return manifest


def list_snapshots(directory: Path) -> tuple[Path, ...]:
    """Folders of all published snapshots, oldest first."""
    folder = directory / SNAPSHOTS
    if not folder.is_dir():
        return ()
    named = [(int(found.group(1)), path) for path in folder.iterdir() if (found := _NAME.fullmatch(path.name))]
    return tuple(path for _, path in sorted(named))
