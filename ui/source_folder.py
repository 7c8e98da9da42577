"""SourceFolder: the bytes of every source of the snapshot, kept beside it, so that the page can add and remove one.

`<snapshot>/sources/` mirrors the names of the snapshot; `.of` in it names the snapshot that it stands for. When another
build has published since, the folder is gathered anew. A file is parsed here only before it replaces another one.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from ingest import document_from_bytes
from ingest.errors import IngestError
from ingest.sources import Source, find_sources
from ui.errors import SourcesElsewhere

log = logging.getLogger(__name__)

FOLDER = "sources"
MARK = ".of"
MAX_NAME = 120  # signs
MAX_BYTES = 240  # of UTF-8; file systems allow 255
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/\u200e\u200f\u202a-\u202e\u2066-\u2069]')
RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


def plain_name(name: str) -> str:
    """A name under which an upload may be kept: no path, no control or bidi signs, not hidden, of bounded length.

    >>> plain_name("../../../etc/自评表.txt")
    '自评表.txt'
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = FORBIDDEN.sub("", last).strip(" .").lstrip("._~$")
    stem, dot, suffix = kept.rpartition(".")
    stem, suffix = (stem, dot + suffix) if dot and stem and len(suffix) <= 10 else (kept, "")
    stem = stem[: MAX_NAME - len(suffix)]
    while len((stem + suffix).encode()) > MAX_BYTES:
        stem = stem[:-1]
    kept = stem + suffix
    return f"文件-{kept}" if not kept or RESERVED.fullmatch(kept) else kept


class SourceFolder:
    """The sources of one snapshot directory; `inputs` is where the command line reads from."""

    def __init__(self, directory: Path, inputs: Path) -> None:
        self.path = directory / FOLDER
        self.inputs = inputs
        self._put_by: dict[str, tuple[bytes, float]] = {}  # by SHA-256, with its date: what the snapshot may still need

    def gather(self, snapshot: str, wanted: Mapping[str, str]) -> None:
        """Bring the folder in step with a snapshot; `wanted` maps each source's name to its SHA-256.

        Raises SourcesElsewhere, naming the first source whose bytes are neither here nor among the inputs.
        """
        if self.stands_for(snapshot):
            return
        inputs = {}
        try:
            inputs = {source.name: source for source in find_sources([self.inputs]).found}
        except IngestError as err:
            log.info("inputs not readable: %s", err)
        aside = self.path.with_name(f"{FOLDER}.new")
        shutil.rmtree(aside, ignore_errors=True)
        for name, digest in wanted.items():
            data = self._bytes_of(name, digest, inputs.get(name))
            if data is None:
                raise SourcesElsewhere(
                    f"找不到“{name}”的原文件，不能在网页上增减来源",
                    "当前快照是从其他位置建成的：请用 jixiao build 带上全部路径重新构建",
                )
            write_below(aside, name, data)
            if (day := self._written(name)) is not None:  # a copy is as old as its original
                os.utime(aside.joinpath(*PurePosixPath(name).parts), (day, day))
        aside.mkdir(parents=True, exist_ok=True)
        (aside / MARK).write_text(snapshot, encoding="utf-8")
        shutil.rmtree(self.path, ignore_errors=True)
        aside.replace(self.path)

    def dates(self, names: Iterable[str]) -> dict[str, date]:
        """The day on which each source was written, as this machine has it; sources that lie nowhere are left out."""
        written = {name: self._written(name) for name in names}
        return {
            name: datetime.fromtimestamp(at, tz=UTC).astimezone().date()
            for name, at in written.items()
            if at is not None
        }

    def _written(self, name: str) -> float | None:
        """When a source, or the archive that holds it, was written; kept files before those among the inputs."""
        parts = PurePosixPath(name).parts
        for base in (self.path, self.inputs):
            for depth in range(len(parts), 0, -1):
                place = base.joinpath(*parts[:depth])
                if ".." not in parts and place.is_file():
                    return place.stat().st_mtime
        return None

    def stands_for(self, snapshot: str) -> bool:
        """Whether the page made that snapshot, or was about to change it."""
        return bool(snapshot) and self._mark() == snapshot

    def _mark(self) -> str:
        try:
            return (self.path / MARK).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def _bytes_of(self, name: str, digest: str, source: Source | None) -> bytes | None:
        kept = self._place(name)
        if kept.is_file() and (data := kept.read_bytes()) and hashlib.sha256(data).hexdigest() == digest:
            return data
        if source is None:
            return None
        try:
            data = source.read_bytes()
        except IngestError:
            return None
        return data if hashlib.sha256(data).hexdigest() == digest else None

    def mark(self, snapshot: str) -> None:
        """Say that the folder stands for this snapshot (after a build from it)."""
        (self.path / MARK).write_text(snapshot, encoding="utf-8")

    def add(self, name: str, data: bytes) -> tuple[str, ...]:
        """Keep an upload; names of the documents in it (several for an archive).

        Raises IngestError where nothing in it can be a document, or where what would replace a document cannot be read:
        then all stays as it is.
        """
        plain = plain_name(name)
        if not data.startswith(b"PK"):
            self._check(plain, data)
            self._put_away(plain)
            write_below(self.path, plain, data)
            return (plain,)
        incoming = self.path.with_name("incoming")
        shutil.rmtree(incoming, ignore_errors=True)
        try:
            write_below(incoming, plain, data)
            found = find_sources([incoming / plain])
            if not found.found and found.skipped:
                raise found.skipped[0]
            for source in found.found:
                self._check(source.name, source.read_bytes())
            for source in found.found:
                self._put_away(source.name)
                write_below(self.path, source.name, source.read_bytes())
            return tuple(source.name for source in found.found)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)

    def remove(self, names: Iterable[str]) -> None:
        """Take these sources out; folders left empty go too."""
        for name in names:
            self._put_away(name)
            self._unlink(name)

    def settle(self, wanted: Mapping[str, str]) -> None:
        """A snapshot of these sources (SHA-256 by name) serves now: what none of them needs is dropped."""
        needed = set(wanted.values())
        self._put_by = {digest: kept for digest, kept in self._put_by.items() if digest in needed}

    def restore(self, names: Iterable[str], wanted: Mapping[str, str]) -> None:
        """Put each of `names` back as the snapshot of `wanted` (SHA-256 by name) has it; what it has not goes."""
        for name in names:
            digest = wanted.get(name)
            if digest is None:
                self._unlink(name)
            elif digest in self._put_by:
                data, written = self._put_by[digest]
                write_below(self.path, name, data)
                os.utime(self._place(name), (written, written))

    def _check(self, name: str, data: bytes) -> None:
        """Raises IngestError where `data` is to replace a document and could not be read afterwards."""
        if self._place(name).is_file():
            document_from_bytes(data, name=name)

    def _put_away(self, name: str) -> None:
        """Hold what stands under a name, which is about to go."""
        place = self._place(name)
        if ".." not in PurePosixPath(name).parts and place.is_file():
            data = place.read_bytes()
            self._put_by[hashlib.sha256(data).hexdigest()] = (data, place.stat().st_mtime)

    def _unlink(self, name: str) -> None:
        place = self._place(name)
        if ".." in PurePosixPath(name).parts or not place.is_file():
            return
        place.unlink()
        for folder in place.parents:
            if folder == self.path or any(folder.iterdir()):
                break
            folder.rmdir()

    def _place(self, name: str) -> Path:
        return self.path.joinpath(*PurePosixPath(name).parts)


def write_below(folder: Path, name: str, data: bytes) -> None:
    """Write a file at its relative place, beside first and then renamed."""
    place = folder.joinpath(*PurePosixPath(name).parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(".part")
    aside.write_bytes(data)
    aside.replace(place)
