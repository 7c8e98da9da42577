"""Which documents stand in files, folders and archives: found in one order everywhere, each skip with its reason.

Links, pipes and devices are never opened. Must not parse anything.
"""

from __future__ import annotations

import logging
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.documents import document_from_bytes, read_bytes
from ingest.errors import IngestError, UnreadableSource, UnsupportedSource
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.media import media_type_of
from ingest.model import Document, MediaType
from ingest.readers_zip import Member, find_members, read_member
from ingest.wordlists import words_of

logger = logging.getLogger(__name__)

_HIDDEN = words_of("sources", "hidden_prefixes")
_TEMPORARY = words_of("sources", "temporary_suffixes")
_OTHERS = frozenset(words_of("sources", "other_names"))
_DEEPEST = 32  # folders within folders
_FOREIGN = "gb18030"  # names of files on Chinese Windows, as archives carry them to other systems


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document that waits to be read. `name` is unique in its list and the same on every machine."""

    name: str
    path: Path
    member: Member | None = None

    def read_bytes(self, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
        """Its bytes, for hashing and reading. Raises the IngestError tree."""
        if self.member is None:
            return read_bytes(self.path, limits=limits)
        return read_member(self.path, self.member, name=self.path.name, limits=limits)

    def read(self, *, limits: Limits = DEFAULT_LIMITS) -> Document:
        """The document. Raises the IngestError tree."""
        return document_from_bytes(self.read_bytes(limits=limits), name=self.name, limits=limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Documents by name, and what stands beside them but is not read, each with its reason."""

    found: tuple[Source, ...]
    skipped: tuple[IngestError, ...]


def find_sources(paths: Iterable[Path], *, limits: Limits = DEFAULT_LIMITS) -> Sources:
    """Documents at `paths`: files, folders with all below them, ZIP archives with their files. Sorted by name.

    A file is named by its place below the folder that was given, or by its own name where it was given itself; an
    archive's file is `包.zip/表.pdf`. What is hidden or temporary is passed over in silence.
    """
    found: list[Source] = []
    skipped: list[IngestError] = []
    for path in sorted(set(paths)):
        try:
            for name, file in _walk(path, skipped):
                found += _expand(name, file, skipped, limits)
        except IngestError as err:
            skipped.append(err)
    return Sources(found=_distinct(found), skipped=tuple(sorted(skipped, key=lambda err: (err.source, err.reason))))


def _walk(top: Path, skipped: list[IngestError]) -> Iterator[tuple[str, Path]]:
    """Regular files at or below `top`, with their names."""
    try:
        mode = top.stat().st_mode
    except FileNotFoundError as err:
        raise UnreadableSource(_printable(str(top)), "找不到这个文件或文件夹", "请检查路径是否写对") from err
    except OSError as err:
        raise UnreadableSource(_printable(str(top)), "无法访问这个文件或文件夹", "请检查权限后重试") from err
    if not stat.S_ISDIR(mode):
        yield _printable(top.name), top
        return
    folders = [(top, 0)]
    while folders:
        folder, depth = folders.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as err:
            name = _printable(folder.relative_to(top).as_posix())
            logger.info("cannot list %s: %s", folder, err)
            skipped.append(UnreadableSource(name, "无法列出这个文件夹", "请检查权限后重试"))
            continue
        for entry in entries:
            place = Path(entry.path)
            name = _printable(place.relative_to(top).as_posix())
            if _passed_over(entry.name):
                continue
            if entry.is_symlink():
                skipped.append(UnreadableSource(name, "这是符号链接，已跳过", "请放入文件本身"))
            elif entry.is_dir(follow_symlinks=False):
                if depth >= _DEEPEST:
                    skipped.append(UnreadableSource(name, f"文件夹超过 {_DEEPEST} 层，已跳过", "请减少层数后再导入"))
                else:
                    folders.append((place, depth + 1))
            elif entry.is_file(follow_symlinks=False):
                yield name, place
            else:
                skipped.append(UnreadableSource(name, "这不是普通文件（管道、设备或套接字），已跳过", ""))


def _printable(name: str) -> str:
    """`name` as people wrote it, where its bytes are of another encoding than the system's; parts one by one."""
    return "/".join(map(_printable_part, name.split("/")))


def _printable_part(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            return raw.decode(_FOREIGN)
        except UnicodeDecodeError:
            return raw.decode(errors="replace")
    return name


def _passed_over(name: str) -> bool:
    folded = name.lower()
    return folded.startswith(_HIDDEN) or folded.endswith(_TEMPORARY) or folded in _OTHERS


def _expand(name: str, path: Path, skipped: list[IngestError], limits: Limits) -> list[Source]:
    """The file itself, or the documents in it where it is an archive."""
    try:
        if not _is_package(path):
            return [Source(name=name, path=path)]
        data = read_bytes(path, limits=limits)
        if media_type_of(data, name=name) is not MediaType.ZIP:
            return [Source(name=name, path=path)]
        members = find_members(path, name=name, limits=limits)
        skipped += members.skipped
        sources = []
        for member in members.found:
            if any(_passed_over(part) for part in member.name.split("/")):
                continue
            if member.name.lower().endswith((".zip", ".rar", ".7z")):
                reason = "压缩包里还有压缩包，没有读取"
                skipped.append(UnsupportedSource(f"{name}/{member.name}", reason, "请先解开里面的压缩包"))
                continue
            sources.append(Source(name=f"{name}/{member.name}", path=path, member=member))
    except IngestError as err:
        skipped.append(type(err)(name, err.reason, err.advice))
        return []
    return sources


def _is_package(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False  # reading it will say why


def _distinct(sources: list[Source]) -> tuple[Source, ...]:
    """Each document once, sorted by name; where folders hold the same name, their own names are put before it."""
    once = {(Path(os.path.normpath(source.path.absolute())), source.member): source for source in reversed(sources)}
    names = Counter(source.name for source in once.values())
    distinct: dict[str, Source] = {}
    for (path, member), source in sorted(once.items(), key=lambda item: (item[1].name, item[0][0].as_posix())):
        name, folder = source.name, path.parent
        while (name in distinct or names[name] > 1) and folder.name:
            name, folder = f"{_printable(folder.name)}/{name}", folder.parent
        while name in distinct:  # names of one folder that differ in their encoding only
            name = f"{name}~"
        distinct[name] = Source(name=name, path=source.path, member=member)
    return tuple(distinct[name] for name in sorted(distinct))
