"""An answer as a Word report: question, how it was read, the answer, its table, caveats and every quotation."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from decimal import Decimal

from search.model import Answer, Item

# python-docx refuses the signs that XML forbids
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EAST_ASIAN_FONT = "仿宋"


def _plain(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _value(item: Item) -> str:
    if item.value is None:
        return ""
    shown = f"{item.value:,}" if isinstance(item.value, Decimal) else item.value
    return f"{shown}{item.unit or ''}"


def to_docx(answer: Answer, *, version: str = "") -> bytes:
    """Word document of one answer. Fonts are named, not embedded; document properties carry no date of their own."""
    from docx import Document as WordDocument  # noqa: PLC0415 (only this report needs it)
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    word = WordDocument()
    normal = word.styles["Normal"]
    normal.font.name = _EAST_ASIAN_FONT
    normal.font.size = Pt(12)
    # without the East Asian name Word falls back to another font for Chinese
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _EAST_ASIAN_FONT)
    undated = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    word.core_properties.created = word.core_properties.modified = undated
    word.core_properties.author = "绩效图谱"
    word.add_heading("查询结果", level=1)
    word.add_paragraph(f"问题：{_plain(answer.question)}")
    word.add_paragraph(_plain(answer.interpretation))
    for line in answer.text.splitlines():
        word.add_paragraph(_plain(line))
    for caveat in answer.caveats:
        word.add_paragraph(_plain(f"注意：{caveat}"))
    if answer.items:
        _table(word, answer)
    quotations = [*answer.sources, *(s for item in answer.items for s in item.sources)]
    if quotations:
        word.add_heading("原文出处", level=2)
        for source in dict.fromkeys(quotations):
            place = f"第{source.page}页" if source.page else f"第{source.start + 1}–{source.end}字"
            word.add_paragraph(_plain(f"{source.document}，{place}：{source.quote}"), style="List Number")
    word.add_paragraph(f"数据版本：{version}" if version else "")
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _table(word: object, answer: Answer) -> None:
    extra = list(dict.fromkeys(name for item in answer.items for name in item.properties))
    heads = ["序号", "名称", "年度", "数值", *extra]
    table = word.add_table(rows=1, cols=len(heads))  # type: ignore[attr-defined]
    table.style = "Table Grid"
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for at, item in enumerate(answer.items, start=1):
        texts = [str(at), item.label, str(item.year or ""), _value(item), *(item.properties.get(n, "") for n in extra)]
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = _plain(text)
