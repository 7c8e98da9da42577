"""PDF: pages, lines and rows from real files made here."""

from __future__ import annotations

import io
import zlib

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import DamagedSource, EncryptedSource, OversizedSource
from ingest.limits import Limits
from ingest.model import Document, MediaType, Span
from ingest.readers_pdf import read_pdf
from tests.documents_from_forms import Table, as_pdf

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
WIDTH, HEIGHT = A4


def drawn(*pages: list[tuple[float, float, str]], **options: object) -> bytes:
    """A PDF with texts at places that are measured from the top left corner."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, **options)
    for page in pages:
        canvas.setFont("STSong-Light", 10)
        for x, y, text in page:
            canvas.drawString(x, HEIGHT - y, text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def test_read_pdf_marks_where_pages_begin() -> None:
    content = read_pdf(drawn([(72, 100, "第一页")], [], [(72, 100, "第三页")]), name="表.pdf")
    assert content.text == "第一页\n\f\f第三页\n"
    doc = Document(
        name="表.pdf", sha256="", media_type=MediaType.PDF, text=content.text, page_starts=content.page_starts
    )
    at = content.text.index("第三页")
    assert doc.page_of(Span(start=at, end=at + 3)) == 3
    assert doc.page_of(Span(start=0, end=1)) == 1


def test_read_pdf_keeps_reading_order_and_leaves_out_page_numbers() -> None:
    content = read_pdf(
        drawn([(300, 820, "- 1 -"), (72, 300, "尾"), (72, 100, "头"), (72, 200, "名称"), (200, 200, "道路")]),
        name="表.pdf",
    )
    assert content.text == "头\n名称\t道路\n尾\n"


def test_read_pdf_rebuilds_rows_and_merged_cells() -> None:
    rows = (
        ("项目名称", "道路养护", "", ""),
        ("部门", "甲局", "单位", "乙所"),
        ("产出", "数量", "完成率", "≥90%"),
        ("", "质量", "合格率", "1,200.50"),
    )
    content = read_pdf(as_pdf(("绩效目标表", Table(rows), "备注")), name="表.pdf")
    assert content.text == "绩效目标表\n" + "".join("\t".join(row) + "\n" for row in rows) + "备注\n"
    addresses = {content.text[a.span.start : a.span.end]: a.address for a in content.anchors}
    assert addresses["合格率"] == "表1 第4行第3列"


def test_read_pdf_joins_a_cell_broken_over_pages_and_keeps_its_pages() -> None:
    long = "".join(f"第{n}句说明项目的依据和必要性，" for n in range(220))
    content = read_pdf(as_pdf((Table((("依据", long), ("名称", "道路养护"))),)), name="表.pdf")
    lines = content.text.replace("\f", "").split("\n")
    assert "".join(lines[0].split()) == "依据" + long
    assert lines[1] == "名称\t道路养护"
    assert len(content.page_starts) > 1 and content.page_starts[1] < len(lines[0])


@pytest.mark.parametrize("shown", [True, False], ids=["turned-by-the-viewer", "printed-sideways"])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_read_pdf_reads_pages_drawn_sideways(turn: int, shown: bool) -> None:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, pageRotation=turn if shown else 0)
    canvas.translate(300, 400)
    canvas.rotate(turn)
    canvas.setFont("STSong-Light", 10)
    for y in (0, 20, 40):
        canvas.line(0, y, 200, y)
    for x in (0, 100, 200):
        canvas.line(x, 0, x, 40)
    for x, y, text in ((5, 25, "名称"), (105, 25, "道路养护"), (5, 5, "部门"), (105, 5, "甲局"), (0, 60, "标题")):
        canvas.drawString(x, y, text)
    canvas.save()
    assert read_pdf(target.getvalue(), name="表.pdf").text == "标题\n名称\t道路养护\n部门\t甲局\n"


def test_read_pdf_keeps_text_that_stands_across_the_page() -> None:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(72, 700, "正文")
    canvas.rotate(45)
    canvas.drawString(300, 100, "草稿")
    canvas.save()
    assert read_pdf(target.getvalue(), name="表.pdf").text == "正文\n草稿\n"


def test_read_pdf_asks_for_a_password() -> None:
    data = drawn([(72, 100, "密")], encrypt=StandardEncryption("user", "owner"))
    with pytest.raises(EncryptedSource, match="密码"):
        read_pdf(data, name="表.pdf")


def test_read_pdf_reads_what_only_its_owner_may_change() -> None:
    assert (
        read_pdf(drawn([(72, 100, "可读")], encrypt=StandardEncryption("", "owner", canModify=0)), name="表.pdf").text
        == "可读\n"
    )


def test_read_pdf_bounds_the_number_of_pages() -> None:
    with pytest.raises(OversizedSource, match="5 页"):
        read_pdf(drawn(*[[] for _ in range(5)]), name="表.pdf", limits=Limits(pages=4))


def test_read_pdf_says_that_a_file_is_damaged() -> None:
    with pytest.raises(DamagedSource, match=r"表\.pdf"):
        read_pdf(b"%PDF-1.7\n", name="表.pdf")


def test_read_pdf_ends_on_pages_that_hold_themselves() -> None:
    data = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9>>endobj\ntrailer<</Root 1 0 R>>"
    assert not read_pdf(data, name="表.pdf").text.strip()


def test_read_pdf_survives_a_stream_inflated_beyond_measure() -> None:
    bomb = zlib.compress(zlib.compress(b"q " * 4_000_000))
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    body += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj\n"
    body += (
        b"4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>"
        % (len(bomb), bomb)
    )
    assert read_pdf(body, name="表.pdf").text.strip() == ""
