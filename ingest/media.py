"""What kind of file a run of bytes is, by what stands in it. The name only decides between kinds of text."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from ingest.model import MediaType

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*", b"GIF8")
_OTHERS = {  # kinds that people take for documents, by their first bytes
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "GZIP 压缩包",
    b"BZh": "BZIP2 压缩包",
    b"\xfd7zXZ": "XZ 压缩包",
    b"MZ": "Windows 程序",
    b"\x7fELF": "Linux 程序",
    b"SQLite format 3": "数据库文件",
    b"ID3": "音频文件",
    b"OggS": "音频文件",
}
_BRANDS = {b"hei": "HEIC 照片", b"hev": "HEIC 照片", b"mif": "HEIC 照片", b"avif": "AVIF 图片"}
_OTHER_PACKAGES = {  # the same for packages, by a name in them
    "OFD.xml": "OFD 版式文件",
    "ppt/presentation.xml": "演示文稿",
    "META-INF/container.xml": "电子书",
}
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body|table|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_WITHIN = re.compile(rb"<(?:html|body|!doctype html)\b", re.IGNORECASE)
_WEB_SUFFIXES = frozenset((".html", ".htm", ".xhtml", ".mht"))
_MARKDOWN_SUFFIXES = frozenset((".md", ".markdown"))
_PIPES = re.compile(rb"^\|(?: *:?-{3,}:? *\|)+\s*$", re.MULTILINE)


def media_type_of(data: bytes, *, name: str) -> MediaType | None:
    """The kind of file, or None where it is one that nothing here reads.

    >>> media_type_of(b"%PDF-1.7", name="a.txt")
    <MediaType.PDF: 'application/pdf'>
    """
    head = data[:8192]
    if b"%PDF-" in head[:1024]:
        return MediaType.PDF
    if head.startswith(_OLE):
        return _ole_type(data, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package_type(data)
    if head.startswith(_IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return MediaType.IMAGE
    if head.startswith(b"{\\rtf"):
        return MediaType.DOC
    return None if other_kind_of(data) and b"\0" in data[:4096] else _text_type(data, name)


def other_kind_of(data: bytes) -> str:
    """What people call a kind that nothing here reads; "" where it is unknown.

    >>> other_kind_of(b"Rar!\\x1a\\x07")
    'RAR 压缩包'
    """
    if data.startswith(b"PK"):
        names = _names_in(data)
        return next((kind for name, kind in _OTHER_PACKAGES.items() if name in names), "")
    if data[4:8] == b"ftyp":
        return next((kind for brand, kind in _BRANDS.items() if data[8:12].startswith(brand)), "视频或音频文件")
    return next((kind for mark, kind in _OTHERS.items() if data.startswith(mark)), "")


def _text_type(data: bytes, name: str) -> MediaType | None:
    suffix = PurePath(name).suffix.lower()
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if _HTML.match(head) or (suffix in _WEB_SUFFIXES and b"<" in data) or _HTML_WITHIN.search(head[:512]):
        return MediaType.HTML
    if _looks_binary(data):
        return None
    if suffix in _MARKDOWN_SUFFIXES or _PIPES.search(data[:200_000]):
        return MediaType.MARKDOWN
    return MediaType.TEXT


def _looks_binary(data: bytes) -> bool:
    """Control characters beyond what any text encoding of Chinese holds."""
    sample = data[:65_536]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    control = sum(byte < 9 or 13 < byte < 32 for byte in sample if byte)
    return control > 16 and control * 8 > len(sample)


def _ole_type(data: bytes, name: str) -> MediaType:
    """Word, Excel or WPS by the streams that the compound file names (UTF-16)."""
    if "Workbook".encode("utf-16-le") in data or "Book\0".encode("utf-16-le") in data:
        return MediaType.XLS
    if "WordDocument".encode("utf-16-le") in data:
        return MediaType.DOC
    return MediaType.XLS if PurePath(name).suffix.lower() in (".xls", ".et", ".xlsx", ".xlsm") else MediaType.WPS


def _package_type(data: bytes) -> MediaType | None:
    names = _names_in(data)
    if names & _OTHER_PACKAGES.keys():
        return None
    if "word/document.xml" in names or (not names and b"word/" in data):
        return MediaType.DOCX
    if "xl/workbook.bin" in names:
        return MediaType.XLS
    if "xl/workbook.xml" in names or (not names and b"xl/" in data):
        return MediaType.XLSX
    if "content.xml" in names and b"opendocument" in data[:200]:  # LibreOffice reads its own formats like old ones
        return MediaType.XLS if b"opendocument.spreadsheet" in data[:200] else MediaType.DOC
    return MediaType.ZIP


def _names_in(data: bytes) -> frozenset[str]:
    """Names in a package; none where its directory is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        return frozenset()
