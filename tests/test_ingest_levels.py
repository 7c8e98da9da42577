from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.levels import (
    Level,
    first_levels_of,
    group_labels,
    is_level_name,
    is_noise,
    is_piece,
    looks_like_label,
    read_label,
    seconds_between,
)

FIRSTS = ["成本指标", "产出指标", "效益指标", "满意度指标", "投入与管理", "产出目标", "效果目标", "影响力目标"]
SECONDS = [
    *(
        "经济成本指标",
        "社会成本指标",
        "生态环境成本指标",
        "数量指标",
        "质量指标",
        "时效指标",
        "成本指标",
        "经济效益指标",
    ),
    *(
        "社会效益指标",
        "生态效益指标",
        "可持续影响指标",
        "服务对象满意度指标",
        "投入管理",
        "财务管理",
        "实施管理",
        "资产管理",
    ),
    *("数量", "质量", "时效", "成本", "经济效益", "社会效益", "环境效益", "满意度", "长效管理", "人力资源", "部门协助"),
    *("信息共享", "配套设施", "其它"),
]


def names_in(pieces: list[str], level: Level, *, suffixed: bool = True) -> list[str]:
    return [group.label.name for group in group_labels(pieces, level, suffixed=suffixed)]


@pytest.mark.parametrize("name", FIRSTS)
def test_standard_first_levels_are_known(name: str) -> None:
    assert is_level_name(name, Level.FIRST)
    label = read_label(name, Level.FIRST)
    assert label is not None
    assert (label.name, label.known, label.mended) == (name, True, False)


@pytest.mark.parametrize("name", SECONDS)
def test_standard_second_levels_are_known_and_have_a_first(name: str) -> None:
    assert is_level_name(name, Level.SECOND)
    assert first_levels_of(name)


@pytest.mark.parametrize(
    ("printed", "name", "note"),
    [
        ("产出指标(50分)", "产出指标", "50"),
        ("效益指标（30）", "效益指标", "30"),
        ("满意度指标(10.5分)", "满意度指标", "10.5"),
    ],
)
def test_read_label_sets_the_weight_apart(printed: str, name: str, note: str) -> None:
    label = read_label(printed, Level.FIRST)
    assert label is not None
    assert (label.name, label.weight_note, label.mended) == (name, note, False)


@pytest.mark.parametrize(
    ("printed", "level", "name"),
    [
        ("服对满意指标", Level.SECOND, "服务对象满意度指标"),
        ("服对满度标", Level.SECOND, "服务对象满意度指标"),
        ("服务对象满度指标", Level.SECOND, "服务对象满意度指标"),
        ("可持影响指标", Level.SECOND, "可持续影响指标"),
        ("社会效蓝指标", Level.SECOND, "社会效益指标"),
        ("経济成本指标", Level.SECOND, "经济成本指标"),
        ("対益指标", Level.FIRST, "效益指标"),
        ("满意指标", Level.FIRST, "满意度指标"),
    ],
)
def test_read_label_mends_damage_that_only_one_name_explains(printed: str, level: Level, name: str) -> None:
    label = read_label(printed, level)
    assert label is not None
    assert (label.name, label.mended) == (name, True)


@pytest.mark.parametrize("printed", ["指标", "目标", "***", "15/1/1", "^双", "1日7小", "标", ""])
def test_read_label_of_noise_is_none(printed: str) -> None:
    assert read_label(printed, Level.SECOND) is None


@pytest.mark.parametrize("printed", ["应急保障指标", "政治建设指标", "国家安全指标", "社会指标", "环境指标"])
def test_read_label_keeps_names_that_several_or_none_explain(printed: str) -> None:
    label = read_label(printed, Level.SECOND)
    assert label is not None
    assert (label.name, label.known, label.mended) == (printed, False, False)


@pytest.mark.parametrize(
    ("pieces", "level", "names"),
    [
        ("产出 指标 效益 指标", Level.FIRST, "产出指标 效益指标"),
        ("满意 度指 标", Level.FIRST, "满意度指标"),
        ("服务 对象 满意 度指 标", Level.SECOND, "服务对象满意度指标"),
        ("经济 效益 指标 社会 效益 指标", Level.SECOND, "经济效益指标 社会效益指标"),
        ("经济 成本指标 粉具 数量 指标", Level.SECOND, "经济成本指标 数量指标"),
        ("出来 成本指标 产出 指标", Level.FIRST, "成本指标 产出指标"),
        ("指标 经济 效益 指标", Level.SECOND, "经济效益指标"),
        ("成本 指标 1日7小 产出 指标", Level.FIRST, "成本指标 产出指标"),
        ("产出 指标 效益 ^双 1日7小", Level.FIRST, "产出指标 效益指标"),
        ("生态环境成本 指标 数量 指标 15/1/1 质量指标", Level.SECOND, "生态环境成本指标 数量指标 质量指标"),
        ("国家安全 指标 政治建设指标", Level.SECOND, "国家安全指标 政治建设指标"),
        ("对益 指标", Level.FIRST, "效益指标"),
        ("可持 续影 响指 标", Level.SECOND, "可持续影响指标"),
        ("数量指标 数量指标", Level.SECOND, "数量指标 数量指标"),
    ],
)
def test_group_labels_spells_names_over_several_cells(pieces: str, level: Level, names: str) -> None:
    assert names_in(pieces.split(), level) == names.split()


def test_group_labels_leaves_bare_names_of_the_older_framework() -> None:
    pieces = ["数量", "质量", "时效", "成本", "经济效益", "社会效益", "满意度", "部门协助"]
    assert names_in(pieces, Level.SECOND, suffixed=False) == pieces


def test_group_labels_says_which_cells_make_a_name() -> None:
    groups = group_labels(["时效", "指标", "社会", "效益", "指标"], Level.SECOND, suffixed=True)
    assert [(group.first, group.last, group.printed) for group in groups] == [
        (0, 1, "时效指标"),
        (2, 4, "社会效益指标"),
    ]


@pytest.mark.parametrize(
    ("second", "firsts"),
    [
        ("数量指标", {"产出指标"}),
        ("成本指标", {"产出指标"}),
        ("社会成本指标", {"成本指标"}),
        ("满意度", {"效果目标", "满意度指标", "效益指标"}),
        ("某某指标", set()),
    ],
)
def test_first_levels_of_gives_every_framework(second: str, firsts: set[str]) -> None:
    assert set(first_levels_of(second)) == firsts


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        (None, "社会成本指标", ["经济成本指标"]),
        (None, "数量指标", []),
        ("数量指标", "时效指标", ["质量指标"]),
        ("数量", "时效", ["质量"]),
        ("时效指标", "社会效益指标", ["成本指标", "经济效益指标"]),
        ("时效指标", "数量指标", []),
        ("应急保障指标", "时效指标", []),
        ("数量指标", "应急保障指标", []),
    ],
    ids=[
        "first",
        "nothing-before",
        "middle",
        "older-framework",
        "other-first",
        "backwards",
        "unknown",
        "unknown-after",
    ],
)
def test_seconds_between_follows_the_order_of_the_frameworks(before: str | None, after: str, names: list[str]) -> None:
    assert list(seconds_between(before, after)) == names


@pytest.mark.parametrize(("text", "yes"), [("度指标", True), ("社会", True), ("标", True), ("道路", False)])
def test_is_piece_knows_stretches_of_names(text: str, yes: bool) -> None:
    assert is_piece(text, Level.SECOND) is yes


def test_looks_like_label_wants_an_ending_and_few_letters() -> None:
    assert looks_like_label("应急保障指标")
    assert not looks_like_label("道路养护里程")
    assert not looks_like_label("对保障基层单位正常运转的影响程度指标")


@pytest.mark.parametrize(("text", "yes"), [("***", True), ("15/1/1", True), ("数量", False), ("产出指标(50分)", False)])
def test_is_noise_counts_chinese_letters(text: str, yes: bool) -> None:
    assert is_noise(text) is yes


@given(st.sampled_from(FIRSTS[:4]), st.data())
def test_group_labels_joins_a_name_cut_anywhere(name: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(name) - 1), max_size=3)))
    pieces = [name[start:end] for start, end in zip([0, *cuts], [*cuts, len(name)], strict=True)]
    assert names_in(pieces, Level.FIRST) == [name]


@given(st.lists(st.sampled_from(SECONDS[:12]), min_size=1, max_size=6, unique=True), st.data())
def test_group_labels_joins_a_whole_column_cut_at_two_letters(names: list[str], data: st.DataObject) -> None:
    pieces = [name[at : at + 2] for name in names for at in range(0, len(name), 2)]
    assert names_in(pieces, Level.SECOND) == names
