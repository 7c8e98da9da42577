"""Rows and cells of tab lines, pipes, HTML tables and plain lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning import clean
from ingest.grid import find_rows, make_cell, part_of
from ingest.model import Document, MediaType

HAN = st.sampled_from("项目名称主管部门绩效预算元年度一二三0123456789.%，。 ")


def document(text: str) -> Document:
    return Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=text)


def texts(text: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in find_rows(document(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("项目名称\t\t河道保洁\t", [["项目名称", "", "河道保洁", ""]]),
        ("\t数量\t=3条", [["", "数量", "=3条"]]),
        ("| 项目名称 | | 河道保洁 |", [["项目名称", "", "河道保洁"]]),
        ("| 阶段<br>性项<br>目 | x |", [["阶段性项目", "x"]]),
        ("| a \\| b | c |", [["a \\| b", "c"]]),
        ("项目名称 | 河道保洁", [["项目名称", "河道保洁"]]),
        ("项目名称 |", [["项目名称"]]),
        ("|---|:--:|\n| 甲 | 乙 |", [["甲", "乙"]]),
        ("一行文字\r\n\r\n另一行", [["一行文字"], ["另一行"]]),
        ("前页\f后页", [["前页"], ["后页"]]),
        ("<p>立项依据：</p>\t<p>一。</p> <p>二。</p>", [["立项依据：", "一。二。"]]),
        (" \t \n", []),
        ("", []),
    ],
    ids=[
        "tabs",
        "leading-tab",
        "pipes",
        "break-in-cell",
        "escaped-pipe",
        "bare-pipe",
        "closing-pipe",
        "rule",
        "lines",
        "form-feed",
        "markup",
        "blank",
        "empty",
    ],
)
def test_find_rows_cuts_lines(text: str, expected: list[list[str]]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<table><tr><td>甲</td><td>乙</td></tr></table>", [["甲", "乙"]]),
        ('<tr><td colspan="3">甲</td><td>乙</td></tr>', [["甲", "", "", "乙"]]),
        ("<table><tr><td rowspan=2>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>", [["甲", "乙"], ["", "丙"]]),
        ("<table><tr><th>甲</th><td>乙<tr><td>丙<td>丁</table>", [["甲", "乙"], ["丙", "丁"]]),
        ("<table>\n<tr>\n<td>甲\n乙</td>\n</tr>\n</table>", [["甲乙"]]),
        ('<table><tr><td colspan="9999">甲</td></tr></table>', [["甲"] + [""] * 59]),
    ],
    ids=["plain", "colspan", "rowspan", "unclosed", "multi-line", "hostile-colspan"],
)
def test_find_rows_reads_html(table: str, expected: list[list[str]]) -> None:
    assert texts("前文\n" + table + "\n后文") == [["前文"], *expected, ["后文"]]


def test_make_cell_leaves_white_space_and_markup_outside_its_span() -> None:
    text = "\t <p> 虹 桥 </p> \t"
    cell = make_cell(text, 1, len(text) - 1)
    assert (cell.text, text[cell.span.start : cell.span.end]) == ("虹桥", "虹 桥")


def test_part_of_spans_its_own_letters() -> None:
    text = "年度资金总额: 135.00 135.00"
    cell = make_cell(text, 0, len(text))
    part = part_of(text, cell, cell.text.index("135"), cell.text.index("135") + 6)
    assert part.text == text[part.span.start : part.span.end] == "135.00"


@given(st.lists(st.lists(st.text(HAN, max_size=8), min_size=1, max_size=5), max_size=6), st.sampled_from(["\t", " | "]))
def test_find_rows_quotes_what_it_says(table: list[list[str]], mark: str) -> None:
    doc = document("\n".join(mark.join(row) for row in table))
    rows = find_rows(doc)
    for row in rows:
        for cell in row.cells:
            assert clean(doc.quote(cell.span)).text == cell.text
    places = [cell.span.start for row in rows for cell in row.cells if cell.text]
    assert places == sorted(places)
    kept = "".join(cell.text for row in rows for cell in row.cells).replace(" ", "")
    assert kept == "".join("".join(row) for row in table).replace(" ", "")
