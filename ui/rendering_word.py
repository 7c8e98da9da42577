"""A Word report of an answer: question, reading, text, table, doubts, every place that proves it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from graph.selection import as_text
from ui.rendering import render_money, render_number, visible
from ui.rendering_evidence import place_of
from ui.rendering_table import answer_table
from ui.service import Knowledge

if TYPE_CHECKING:
    from docx.document import Document

    from search.model import Answer

BODY = "仿宋_GB2312"  # named only; Word takes another font where it is not installed
HEADING = "黑体"
TITLE = "方正小标宋简体"
MAX_PLACES = 200
MAX_ROWS = 2_000


def answer_to_word(knowledge: Knowledge, answer: Answer) -> bytes:
    """The report as a DOCX file."""
    from docx import Document as Report  # noqa: PLC0415 (only where a report is asked for)
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    doc = Report()
    body = doc.styles["Normal"]
    body.font.size = Pt(12)
    _set_font(body, BODY)
    _line(doc, "查询结果报告", font=TITLE, size=20, centred=True)
    _line(doc, "问题", font=HEADING, size=14)
    _line(doc, answer.question)
    _line(doc, "理解", font=HEADING, size=14)
    _line(doc, answer.interpretation)
    _line(doc, "回答", font=HEADING, size=14)
    if answer.value is not None:
        figure = (
            render_money(answer.value) if answer.unit == "元" else f"{render_number(answer.value)} {answer.unit or ''}"
        )
        _line(doc, figure.strip())
    _line(doc, answer.text)
    for caveat in answer.caveats:
        _line(doc, f"注意：{caveat}")
    table = answer_table(answer)
    if table.rows:
        grid = doc.add_table(rows=1, cols=len(table.columns), style="Table Grid")
        for cell, column in zip(grid.rows[0].cells, table.columns, strict=True):
            _set_font(cell.paragraphs[0].add_run(_plain(column.label)), HEADING)
        for row in table.rows[:MAX_ROWS]:
            for cell, value, column in zip(grid.add_row().cells, row.cells, table.columns, strict=True):
                _set_font(cell.paragraphs[0].add_run(_plain(value.text)), BODY)
                if column.numeric:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _line(doc, "出处", font=HEADING, size=14)
    places = [(item.label, source) for item in answer.items for source in item.sources]
    places += [("", source) for source in answer.sources]
    for at, (label, source) in enumerate(places[:MAX_PLACES]):
        _line(
            doc, f"{at + 1}. {label + '：' if label else ''}“{source.quote}”（{source.document}，{place_of(source)}）"
        )
    if len(places) > MAX_PLACES:
        _line(doc, f"其余 {len(places) - MAX_PLACES} 处未列出。")
    _line(doc, f"数据版本 {knowledge.info().version}。回答只依据已读入的文件，以原文为准。", size=10)
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()


def _line(doc: Document, text: str, *, font: str = BODY, size: int = 12, centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    paragraph = doc.add_paragraph()
    run = paragraph.add_run(_plain(text))
    run.font.size = Pt(size)
    _set_font(run, font)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _plain(text: str) -> str:
    """`text` without signs that a Word file cannot hold."""
    return as_text(visible(text))


def _set_font(styled: object, name: str) -> None:
    """Word needs the East Asian font named apart, or Chinese falls back to another."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    styled.font.name = name  # type: ignore[attr-defined]
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)  # type: ignore[attr-defined]
