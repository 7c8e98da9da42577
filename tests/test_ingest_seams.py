from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.seams import count_pairs, join_cut


def written_in(text: str) -> Callable[[str], bool]:
    pairs = count_pairs(text)
    return lambda word: pairs[word] > 0


@pytest.mark.parametrize(
    ("parts", "document", "text", "mended"),
    [
        (("走访企业", "业数量"), "", "走访企业数量", True),
        (("成本控", "制率"), "成本控制", "成本控制率", False),
        (("研究报行", "告数量"), "研究报告", "研究报告数量", True),
        (("子项预算", "章增长率"), "预算增长率", "子项预算增长率", True),
        (("读稿会稿", "完成率"), "完成率 会稿", "读稿会稿完成率", False),
        (("关爱老人", "人均支出"), "老人人均", "关爱老人人均支出", False),
        (("成本『", "可控"), "", "成本可控", False),
        (("预算执", ".行率"), "", "预算执行率", False),
        (("完成率(%)", "情况"), "", "完成率(%)情况", False),
        (("第1", "1期数"), "", "第11期数", False),
        (("甲",), "", "甲", False),
        ((), "", "", False),
        (("『", "•"), "", "", False),
    ],
)
def test_join_cut_drops_a_letter_only_where_the_document_says_so(
    parts: tuple[str, ...], document: str, text: str, mended: bool
) -> None:
    joined = join_cut(parts, is_written=written_in(document))
    assert (joined.text, joined.mended) == (text, mended)


def test_join_cut_keeps_both_letters_where_both_readings_are_written() -> None:
    assert join_cut(["研究报行", "告数量"], is_written=written_in("报告 报行 行告")).text == "研究报行告数量"


def test_count_pairs_does_not_reach_over_cells_lines_and_tags() -> None:
    pairs = count_pairs("预算\t执行\n合同<br>管理 完备|完整")
    assert pairs["预算"] == 1
    assert not any(pairs[word] for word in ("算执", "行合", "同管", "理完", "备完"))
