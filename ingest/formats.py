"""Which reader reads which kind of file. Readers are imported when they are needed: each costs a tenth of a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from ingest.contents import Content
from ingest.errors import UnsupportedSource
from ingest.limits import Limits
from ingest.model import MediaType

FORMATS = "PDF、DOCX、XLSX、HTML、TXT、Markdown、图片、ZIP，以及旧版 DOC、XLS、WPS"
TRUSTED = frozenset((MediaType.TEXT, MediaType.MARKDOWN))  # decoding alone: needs no process of its own
_Reader = Callable[..., Content]


def read_content(data: bytes, media_type: MediaType, *, name: str, limits: Limits) -> Content:
    """The content of `data`, read here and now. Raises the IngestError tree, and whatever a parser raises on damage."""
    return _reader_of(media_type, name)(data, name=name, limits=limits)


def _reader_of(media_type: MediaType, name: str) -> _Reader:
    # Imported here: a process that reads text need not load the parsers of six other formats.
    match media_type:
        case MediaType.TEXT | MediaType.MARKDOWN:
            from ingest.readers_text import read_text  # noqa: PLC0415

            return read_text
        case MediaType.HTML:
            from ingest.readers_html import read_html  # noqa: PLC0415

            return read_html
        case MediaType.PDF:
            from ingest.readers_pdf import read_pdf  # noqa: PLC0415

            return read_pdf
        case MediaType.DOCX:
            from ingest.readers_docx import read_docx  # noqa: PLC0415

            return read_docx
        case MediaType.XLSX:
            from ingest.readers_xlsx import read_xlsx  # noqa: PLC0415

            return read_xlsx
        case MediaType.DOC | MediaType.XLS | MediaType.WPS:
            from ingest.readers_office import read_office  # noqa: PLC0415

            return read_office
        case MediaType.IMAGE:
            from ingest.readers_image import read_image  # noqa: PLC0415

            return read_image
        case MediaType.ZIP:
            raise UnsupportedSource(name, "这是压缩包，不是单个文件", "请用 jixiao build 导入它，其中的文件会逐个读取")
        case _:
            assert_never(media_type)
