"""XLSX: values as the sheet shows them, each with its address."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest

from ingest.limits import Limits
from ingest.model import WarningCode
from ingest.readers_xlsx import read_xlsx, shown


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        pytest.param(None, "General", "", id="empty"),
        pytest.param("文\n字", "General", "文\n字", id="text"),
        pytest.param(208.0, "General", "208", id="whole-number"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="binary-noise"),
        pytest.param(1e15, "General", "1000000000000000", id="no-exponent"),
        pytest.param(-12.5, "0.00", "-12.50", id="negative"),
        pytest.param(10308000, "#,##0.00", "10,308,000.00", id="thousands"),
        pytest.param(208.005, "0.00", "208.01", id="half-up"),
        pytest.param(0.9921, "0.00%", "99.21%", id="percent"),
        pytest.param(1, "0%", "100%", id="whole-percent"),
        pytest.param(5, '0.00"万元"', "5.00", id="unit-in-the-format"),
        pytest.param(1234.5, "#,##0.00_);[Red]\\(#,##0.00\\)", "1,234.50", id="accounting"),
        pytest.param(True, "General", "是", id="truth"),
        pytest.param(datetime.datetime(2020, 1, 1), "yyyy-mm-dd", "2020-01-01", id="date"),  # noqa: DTZ001 Excel knows no time zone
        pytest.param(datetime.datetime(2020, 1, 1), 'yyyy"年"m"月"', "2020年1月", id="chinese-month"),  # noqa: DTZ001 Excel knows no time zone
        pytest.param(datetime.datetime(2020, 1, 5), 'yyyy"年"m"月"d"日"', "2020年1月5日", id="chinese-date"),  # noqa: DTZ001 Excel knows no time zone
        pytest.param(datetime.date(2020, 1, 1), "m/d/yy", "2020-01-01", id="us-date"),
        pytest.param(datetime.time(9, 30), "h:mm", "09:30", id="time"),
    ],
)
def test_shown_prints_a_value_as_the_sheet_does(value: object, pattern: str, text: str) -> None:
    assert shown(value, pattern) == text


def test_read_xlsx_keeps_rows_columns_and_addresses() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "自评"
    sheet["A1"] = "绩效自评表"
    sheet.merge_cells("A1:C1")
    sheet["A3"], sheet["C3"] = "执行率", 0.5
    sheet["C3"].number_format = "0%"
    book.create_sheet("二")["B2"] = "道路\n养护"
    content = read_xlsx(saved(book), name="表.xlsx")
    assert content.text == "绩效自评表\n\n执行率\t\t50%\n\n\t道路 养护\n\n"
    assert {content.text[a.span.start : a.span.end]: a.address for a in content.anchors} == {
        "绩效自评表": "自评!A1",
        "执行率": "自评!A3",
        "50%": "自评!C3",
        "道路 养护": "二!B2",
    }


def test_read_xlsx_says_what_it_left_out() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "文"
    book.active["B1"] = "=1+1"
    book.create_sheet("字典").sheet_state = "hidden"
    content = read_xlsx(saved(book), name="表.xlsx")
    assert content.text == "文\n\n"
    assert [warning.code for warning in content.warnings] == [WarningCode.TRUNCATED, WarningCode.DOUBTFUL_VALUE]
    assert "字典" in content.warnings[0].message and "公式" in content.warnings[1].message


def test_read_xlsx_gives_the_kept_result_of_a_formula_and_runs_no_macro() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = '=WEBSERVICE("http://127.0.0.1:9/")'
    data, target = saved(book), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                part = (
                    part.replace(b"<v></v>", b"<v>93.5</v>")
                    .replace(b"<v />", b"<v>93.5</v>")
                    .replace(b"<v/>", b"<v>93.5</v>")
                )
            new.writestr(info.filename, part)
        new.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    content = read_xlsx(target.getvalue(), name="表.xlsm")
    assert content.text.strip() == "93.5"
    assert ["宏" in warning.message for warning in content.warnings] == [True]


def test_read_xlsx_stops_at_a_row_limit_and_says_so() -> None:
    book = openpyxl.Workbook()
    for number in range(30):
        book.active.append([number])
    content = read_xlsx(saved(book), name="表.xlsx", limits=Limits(rows=10))
    assert content.text.split() == [str(number) for number in range(10)]
    assert content.warnings[0].code is WarningCode.TRUNCATED


def test_read_xlsx_says_that_columns_are_too_many() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1"] = "近", "远"
    content = read_xlsx(saved(book), name="表.xlsx")
    assert content.text == "近\n\n"
    assert "256 列" in content.warnings[0].message
