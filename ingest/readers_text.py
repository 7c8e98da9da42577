"""Plain text and Markdown: the decoded text as it stands. Tables in it are left to the finders."""

from __future__ import annotations

from ingest.contents import Content, find_page_starts
from ingest.encodings import decode
from ingest.errors import OversizedSource, UnsupportedSource
from ingest.formats import FORMATS
from ingest.limits import DEFAULT_LIMITS, Limits

_LOST = 20  # characters: fewer may be lost from the shortest text
_SHARE = 0.25  # of the text: what more is lost of was never text
_SHARE_GUESSED = 0.05  # the same where the encoding itself is a guess


def read_text(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Content:
    """The text of `data`, line ends folded to "\\n"; form feeds mark pages."""
    decoded = decode(data)
    if len(decoded.text) > limits.text:
        raise OversizedSource(name, f"文字超过 {limits.text // 10_000} 万字的上限", "请把文件拆成几份后再导入")
    share = _SHARE if decoded.sure else _SHARE_GUESSED
    if decoded.text.count("\ufffd") > max(_LOST, share * len(decoded.text)):
        raise UnsupportedSource(name, "内容不是文字，或者编码无法识别", f"可以读取的有：{FORMATS}")
    return Content(
        text=decoded.text,
        encoding=decoded.encoding,
        page_starts=find_page_starts(decoded.text),
        warnings=decoded.warnings,
    )
