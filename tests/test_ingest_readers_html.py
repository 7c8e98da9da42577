"""HTML: lines and rows as a browser shows them; hostile pages give text or a doubt, never more."""

from __future__ import annotations

import pytest

from ingest.model import WarningCode
from ingest.readers_html import read_html


def text_of(page: str, encoding: str = "utf-8") -> str:
    return read_html(page.encode(encoding), name="页.html").text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param("<p>一<b>二</b></p><p>三</p>", "一二\n三\n", id="blocks-and-inline"),
        pytest.param("<p>一\n   二</p>", "一 二\n", id="white-space"),
        pytest.param("<div>一<br>二<div>三</div>四</div>", "一\n二\n三\n四\n", id="breaks"),
        pytest.param("<p>&lt;30分钟&nbsp;A&amp;B</p>", "<30分钟\xa0A&B\n", id="entities"),
        pytest.param("<pre>一\n二</pre>", "一\n二\n", id="preformatted"),
        pytest.param("<title>题</title><script>x()</script><style>p{}</style><p>文</p>", "文\n", id="not-shown"),
        pytest.param("<p hidden>藏</p><p>文</p><!-- 注 -->", "文\n", id="hidden-and-comments"),
        pytest.param("<ul><li>一<li>二</ul>", "一\n二\n", id="unclosed-items"),
    ],
)
def test_read_html_gives_lines(page: str, text: str) -> None:
    assert text_of(page) == text


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        pytest.param("<tr><td>甲<td>乙<tr><td>1<td>2", "甲\t乙\n1\t2\n", id="plain"),
        pytest.param("<tr><td colspan=2>甲<td>乙<tr><td>1<td>2<td>3", "甲\t\t乙\n1\t2\t3\n", id="colspan"),
        pytest.param("<tr><td rowspan=2>甲<td>乙<tr><td>2<tr><td>3<td>4", "甲\t乙\n\t2\n3\t4\n", id="rowspan"),
        pytest.param(
            "<tr><td>0<td rowspan=2 colspan=2>甲<td>乙<tr><td>1<td>2",
            "0\t甲\t\t乙\n1\t\t\t2\n",
            id="both-in-the-middle",
        ),
        pytest.param("<tr><td>0<td rowspan=2>甲<tr><td>1", "0\t甲\n1\t\n", id="rowspan-at-the-end"),
        pytest.param("<tr><td><p>一</p><p>二</p><br>三<td>\t", "一 二 三\t\n", id="breaks-in-a-cell"),
        pytest.param("<thead><tr><th>头</thead><tbody><tr><td>身</tbody>", "头\n身\n", id="sections"),
        pytest.param("<tr><td colspan=x rowspan=-1>甲<td>乙", "甲\t乙\n", id="spans-that-are-no-numbers"),
        pytest.param(
            "<tr><td>甲<td><table><tr><td>内<td>外</table><tr><td>1<td>2<tr><td>3<td>4",
            "甲\t内 外\n1\t2\n3\t4\n",
            id="table-in-a-cell",
        ),
        pytest.param("<tr><td><table><tr><td>内<td>外</table><td>旁", "内\t外\n旁\n", id="layout-table"),
    ],
)
def test_read_html_keeps_columns_of_merged_cells(rows: str, text: str) -> None:
    assert text_of(f"<table>{rows}</table>") == text


def test_read_html_names_every_cell() -> None:
    content = read_html("<p>题</p><table><tr><td rowspan=2>甲<td>乙<tr><td>丙</table>".encode(), name="页.html")
    cells = {content.text[a.span.start : a.span.end]: a.address for a in content.anchors}
    assert cells == {"甲": "表1 第1行第1列", "乙": "表1 第1行第2列", "丙": "表1 第2行第2列"}


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8"])
def test_read_html_believes_bytes_more_than_the_declared_charset(encoding: str) -> None:
    page = '<html><meta charset="iso-8859-1"><p>預算績效目標表，應予檢討。</p></html>'
    assert text_of(page, encoding) == "預算績效目標表，應予檢討。\n"


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<div>" * 100_000 + "深处" + "</div>" * 100_000, id="nested-100000-deep"),
        pytest.param("<b>" * 300 + "<p>深处</p>", id="nested-300-deep"),
        pytest.param("<table><tr><td>" * 30_000 + "深处", id="tables-30000-deep"),
        pytest.param(f'<p title="{"x" * 12_000_000}">深处</p>', id="long-attribute"),
        pytest.param("<p>" + "<!--" * 50_000 + "--><p>深处", id="comment-openings"),
        pytest.param("<a" * 50_000 + "><p>深处", id="tag-openings"),
    ],
)
def test_read_html_survives_hostile_pages(page: str) -> None:
    assert text_of(page).count("深处") == 1


def test_read_html_points_at_characters_that_were_lost() -> None:
    content = read_html(
        "<html><p>项目名称：</p><p>道路养护工程</p>".encode().replace("养".encode(), b"\xe5"), name="页.html"
    )
    (warning,) = content.warnings
    assert [content.text[span.start : span.end] for span in warning.spans] == ["\ufffd"]


def test_read_html_says_when_tables_were_given_up() -> None:
    content = read_html(("<div>" * 50_000 + "<table><tr><td>甲<td>乙").encode(), name="页.html")
    assert [warning.code for warning in content.warnings] == [WarningCode.TRUNCATED]
    assert content.text == "甲\t乙\n"


def test_read_html_bounds_what_spans_can_blow_up() -> None:
    rows = "".join(f'<tr><td colspan="65535" rowspan="65535">{n}' for n in range(200))
    content = read_html(f"<table>{rows}</table>".encode(), name="页.html")
    assert len(content.text) < 200 * 300


def test_read_html_expands_no_entity_of_its_own(tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "yyyy">]><p>&x;&y;文</p>'
    text = text_of(page)
    assert "机密" not in text and "文" in text
