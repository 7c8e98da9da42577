"""How much of a source is read before it is refused. Values only; must not read settings or files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one source. Sizes are bytes, times seconds, `text` characters."""

    size: int = 100 << 20
    text: int = 30_000_000
    pages: int = 2_000
    rows: int = 200_000  # of one sheet
    columns: int = 256
    pixels: int = 80_000_000
    pictures: int = 200  # pages recognised in one file
    recognition: float = 900.0  # seconds for a file whose pages are pictures, as long as each is done within `wall`
    members: int = 2_000  # files in an archive, or parts of a DOCX or XLSX
    inflated: int = 200 << 20
    ratio: int = 100  # inflated to packed, whole archive; only counts past a megabyte
    wall: float = 90.0
    cpu: int = 60
    memory: int = 1_500 << 20
    files: int = 64
    written: int = 64 << 20


DEFAULT_LIMITS = Limits()
