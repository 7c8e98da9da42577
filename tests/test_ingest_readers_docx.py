"""DOCX: what Word shows, in order, with merged cells in place."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.errors import DamagedSource, OversizedSource
from ingest.readers_docx import read_docx

W = nsdecls("w")


def saved(document: docx.document.Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def text_of(document: docx.document.Document) -> str:
    return read_docx(saved(document), name="表.docx").text


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == part else old.read(info))
    return target.getvalue()


def test_read_docx_keeps_order_and_merged_cells() -> None:
    document = docx.Document()
    document.add_heading("绩效目标表", 1)
    table = document.add_table(3, 3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "道路\n养护"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "产出"
    for row, column, text in ((0, 0, "名称"), (1, 1, "数量"), (1, 2, "3"), (2, 1, "质量"), (2, 2, "好")):
        table.cell(row, column).text = text
    document.add_paragraph("备注\t说明")
    assert text_of(document) == "绩效目标表\n名称\t道路 养护\t\n产出\t数量\t3\n\t质量\t好\n备注\t说明\n"


def test_read_docx_names_every_cell() -> None:
    document = docx.Document()
    for number in range(2):
        document.add_table(1, 2).cell(0, 1).text = f"值{number}"
        document.add_paragraph("间")
    content = read_docx(saved(document), name="表.docx")
    assert [(content.text[a.span.start : a.span.end], a.address) for a in content.anchors] == [
        ("值0", "表1 第1行第2列"),
        ("值1", "表2 第1行第2列"),
    ]


def test_read_docx_puts_a_table_within_a_cell_into_the_cell() -> None:
    document = docx.Document()
    table = document.add_table(3, 2)
    table.cell(0, 0).text, table.cell(1, 0).text, table.cell(2, 0).text = "一", "二", "三"
    inner = table.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内", "外"
    assert text_of(document) == "一\t\n二\t内 外\n三\t\n"


def test_read_docx_unfolds_a_table_that_only_lays_out_the_page() -> None:
    document = docx.Document()
    inner = document.add_table(1, 1).cell(0, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "名称", "道路养护"
    assert text_of(document) == "名称\t道路养护\n"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        pytest.param(
            "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>",
            "新\n",
            id="revision",
        ),
        pytest.param("<w:r><w:t>一</w:t><w:br/><w:t>二</w:t><w:noBreakHyphen/></w:r>", "一\n二-\n", id="break"),
        pytest.param('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t></w:r>', "☑是\n", id="tick-box"),
        pytest.param("<w:r><w:instrText>PAGE</w:instrText><w:t>文</w:t></w:r>", "文\n", id="field-code"),
        pytest.param("<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>", "链接\n", id="link"),
        pytest.param(
            "<w:sdt><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>", "控件\n", id="content-control"
        ),
        pytest.param(
            "<w:r><w:t>文</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>",
            "文\n框\n",
            id="text-box",
        ),
    ],
)
def test_read_docx_shows_what_word_shows(runs: str, text: str) -> None:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {W}>{runs}</w:p>"))
    assert text_of(document) == text


def test_read_docx_prints_list_numbers() -> None:
    document = docx.Document()
    for text in ("甲", "乙"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("点", style="List Bullet")
    assert text_of(document) == "1.甲\n2.乙\n点\n"


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param('<!DOCTYPE x [<!ENTITY a "ha">]>', id="entity"),
        pytest.param('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', id="external-declaration"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_read_docx_refuses_declarations(bomb: str, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>{bomb}<w:document {W}><w:body/></w:document>'
    data = with_part(saved(docx.Document()), "word/document.xml", head.encode(encoding))
    with pytest.raises(DamagedSource, match="实体声明"):
        read_docx(data, name="表.docx")


def test_read_docx_refuses_what_would_inflate_beyond_measure() -> None:
    data = with_part(saved(docx.Document()), "word/styles.xml", b" " * (150 << 20))
    with pytest.raises(OversizedSource, match="压缩炸弹"):
        read_docx(data, name="表.docx")


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_read_docx_says_that_a_cut_file_is_damaged(keep: float) -> None:
    data = saved(docx.Document())
    with pytest.raises(DamagedSource, match=r"表\.docx"):
        read_docx(data[: int(len(data) * keep)], name="表.docx")
