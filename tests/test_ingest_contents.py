"""Drafts keep the rules of a document's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.contents import Draft, find_page_starts, fold_cell
from ingest.errors import OversizedSource


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(" 产出\n 指标\t", "产出 指标", id="breaks-and-tabs"),
        pytest.param("一\r\n\r\n二", "一 二", id="several-breaks"),
        pytest.param("一\x00\x1f\ud800二", "一二", id="unprintable"),
        pytest.param("", "", id="empty"),
        pytest.param("一" + " " * 300_000 + "\n" * 300_000 + "二", "一 二", id="a-flood-of-white-space"),
    ],
)
def test_fold_cell_makes_one_line(raw: str, text: str) -> None:
    assert fold_cell(raw) == text


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), max_size=6))
def test_anchors_quote_their_cells(rows: list[list[str]]) -> None:
    draft = Draft(source="表")
    for number, row in enumerate(rows):
        draft.add_row(row, addresses=[f"{number},{at}" for at in range(len(row))])
    content = draft.finish()
    assert content.text.count("\n") == len(rows)
    for anchor in content.anchors:
        row, at = map(int, anchor.address.split(","))
        quoted = content.text[anchor.span.start : anchor.span.end]
        assert (quoted and quoted == " ".join(filter(None, map(fold_cell, rows[row][at].split("\f"))))) or "\f" in rows[
            row
        ][at]


def test_a_page_may_begin_within_a_row() -> None:
    draft = Draft(source="表")
    draft.start_page()
    draft.add_row(["依据", "前半\f后半"], addresses=["a", "b"])
    draft.start_page()
    draft.add_line("尾")
    content = draft.finish()
    assert content.text == "依据\t前半 后半\n\f尾\n"
    assert [content.text[at] for at in content.page_starts] == ["依", "后", "尾"]
    assert content.text[content.anchors[1].span.start : content.anchors[1].span.end] == "前半 后半"


def test_draft_refuses_to_grow_without_bound() -> None:
    draft = Draft(source="大.pdf", limit=10)
    with pytest.raises(OversizedSource, match=r"大\.pdf"):
        draft.add_line("文" * 20)


@pytest.mark.parametrize(
    ("text", "starts"),
    [("一二", ()), ("一\f二", (0, 2)), ("一\f二\f \n", (0, 2)), ("\f一", (0, 1)), ("", ())],
    ids=["none", "two", "trailing", "leading", "empty"],
)
def test_find_page_starts_follows_form_feeds(text: str, starts: tuple[int, ...]) -> None:
    assert find_page_starts(text) == starts
