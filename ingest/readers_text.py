"""Plain text and Markdown: the decoded text as it stands. Tables in it are left to the finders."""

from __future__ import annotations

from ingest.contents import Content, find_page_starts
from ingest.encodings import decode
from ingest.errors import OversizedSource
from ingest.limits import DEFAULT_LIMITS, Limits


def read_text(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Content:
    """The text of `data`, line ends folded to "\\n"; form feeds mark pages."""
    decoded = decode(data)
    if len(decoded.text) > limits.text:
        raise OversizedSource(name, f"文字超过 {limits.text // 10_000} 万字的上限", "请把文件拆成几份后再导入")
    return Content(
        text=decoded.text,
        encoding=decoded.encoding,
        page_starts=find_page_starts(decoded.text),
        warnings=decoded.warnings,
    )
