"""ZIP archives: which documents are in one, under names made harmless, and their bytes one at a time.

Nothing is ever unpacked to disk, and everything is checked before it is inflated. Archives inside archives are refused.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ingest.errors import DamagedSource, EncryptedSource, IngestError, OversizedSource, UnreadableSource
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.packages import open_package, read_part

_UTF8 = 0x800
_ENCRYPTED = 0x1
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f<>:\"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 120  # characters of one part of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file of an archive: its place there, and the name by which people know it."""

    place: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Files of an archive by name, and those that are not read, each with its reason."""

    found: tuple[Member, ...]
    skipped: tuple[IngestError, ...]


def find_members(archive: Path, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Members:
    """What can be read from the archive. Raises OversizedSource or DamagedSource for the archive as a whole."""
    found: list[Member] = []
    skipped: list[IngestError] = []
    with open_package(archive, name=name, limits=limits) as package:
        taken: set[str] = set()
        for place, part in enumerate(package.infolist()):
            if part.is_dir():
                continue
            title = _distinct(safe_name(_printed_name(part)), taken)
            taken.add(title)
            whole = f"{name}/{title}"
            if stat.S_ISLNK(part.external_attr >> 16):
                skipped.append(UnreadableSource(whole, "压缩包里的符号链接，已跳过", "请压缩文件本身"))
            elif part.flag_bits & _ENCRYPTED:
                skipped.append(EncryptedSource(whole, "压缩包设有密码", "请解开后再导入"))
            elif part.file_size > limits.size:
                reason = f"解压后超过 {limits.size >> 20} MB 的上限"
                skipped.append(OversizedSource(whole, reason, "请拆成几份后再导入"))
            else:
                found.append(Member(place=place, name=title))
    found.sort(key=lambda member: member.name)
    return Members(found=tuple(found), skipped=tuple(skipped))


def read_member(archive: Path, member: Member, *, name: str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of one file of the archive."""
    with open_package(archive, name=name, limits=limits) as package:
        parts = package.infolist()
        if member.place >= len(parts):
            raise DamagedSource(name, f"压缩包里没有 {member.name}", "文件可能已被改动，请重新导入")
        return read_part(package, parts[member.place], name=f"{name}/{member.name}")


def safe_name(name: str) -> str:
    """A relative name with `/` between its parts: no way up, no root, no control or direction marks.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\\\表\\\\a.txt"), safe_name("/")
    ('etc/passwd', 'C_/表/a.txt', '未命名')
    """
    parts = (_UNSAFE.sub("_", part).strip(" .")[-_LONGEST:] for part in name.replace("\\", "/").split("/"))
    return "/".join(part for part in parts if part) or "未命名"


def _printed_name(part: zipfile.ZipInfo) -> str:
    """A member's name; those of Chinese Windows are in GBK, which the format does not say."""
    if part.flag_bits & _UTF8:
        return part.filename
    try:
        raw = part.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return part.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename


def _distinct(name: str, taken: set[str]) -> str:
    return next(title for title in _titles(name) if title not in taken)


def _titles(name: str) -> Iterator[str]:
    yield name
    stem, dot, suffix = name.rpartition(".")
    for number in count(2):
        yield f"{stem}（{number}）.{suffix}" if dot and stem else f"{name}（{number}）"
