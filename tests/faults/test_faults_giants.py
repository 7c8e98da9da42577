"""Files that are sound but far too large: bounded, and said so."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from ingest import document_from_bytes
from ingest.errors import IngestError, OversizedSource
from ingest.limits import Limits
from ingest.model import WarningCode
from tests.documents_from_forms import Table, as_docx, as_html, as_pdf

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>{}</worksheet>'


def workbook(rows: str, after: str = "") -> bytes:
    """A workbook whose one sheet is written by hand."""
    target, sound = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(sound)
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            sheet = info.filename == "xl/worksheets/sheet1.xml"
            new.writestr(info.filename, SHEET.format(rows, after) if sheet else old.read(info))
    return target.getvalue()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: ("文" * 31_000_000).encode(), id="one-line-of-31-million-characters"),
        pytest.param(lambda: "\n".join(["文字"] * 11_000_000).encode(), id="11-million-lines"),
        pytest.param(lambda: as_html(("文" * 31_000_000,)), id="html-line"),
    ],
)
def test_text_beyond_the_limit_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(OversizedSource, match="上限"):
        document_from_bytes(make(), name="大")


def test_white_space_without_end_is_no_text() -> None:
    with pytest.raises(IngestError, match="没有"):
        document_from_bytes(b"<html>" + b" " * 5_000_000 + b"\n" * 5_000_000, name="空.html")


def test_the_last_row_of_a_sheet_is_not_waited_for() -> None:
    data = workbook(f'<row r="1">{cell("A1", "首")}</row><row r="1048576">{cell("A1048576", "末")}</row>')
    doc = document_from_bytes(data, name="表.xlsx")
    assert doc.text.strip() == "首"
    assert [warning.code for warning in doc.warnings] == [WarningCode.TRUNCATED]


def test_the_last_column_of_a_sheet_is_named_as_left_out() -> None:
    doc = document_from_bytes(workbook(f'<row r="1">{cell("A1", "首")}{cell("XFD1", "末")}</row>'), name="表.xlsx")
    assert doc.text.strip() == "首"
    assert [warning.code for warning in doc.warnings] == [WarningCode.TRUNCATED]


def test_a_sheet_merged_into_one_cell_is_one_cell() -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    doc = document_from_bytes(workbook(f'<row r="1">{cell("A1", "独")}</row>', merged), name="表.xlsx")
    assert doc.text.strip() == "独"


def test_rows_beyond_the_limit_are_left_out_and_said() -> None:
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", str(n))}</row>' for n in range(1, 3_001))
    doc = document_from_bytes(workbook(rows), name="表.xlsx", limits=Limits(rows=1_000))
    assert doc.text.split() == [str(n) for n in range(1, 1_001)]


@pytest.mark.parametrize("make", [as_docx, as_pdf], ids=["docx", "pdf"])
def test_a_table_of_many_rows_is_read_whole(make: Callable[..., bytes]) -> None:
    rows = tuple((f"指标{n}", f"{n}.00") for n in range(600))
    doc = document_from_bytes(make((Table(rows),)), name="表")
    assert [line for line in doc.text.replace("\f", "").split("\n") if line] == ["\t".join(row) for row in rows]
