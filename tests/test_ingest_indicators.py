"""Indicator tables in every layout of `tests/data/forms_ind_*`: form, expected rows, kinds of warnings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import document_from_bytes
from ingest.grid import find_rows
from ingest.indicators import find_indicators
from ingest.model import (
    Cell,
    Document,
    FormKind,
    IndicatorField,
    IndicatorReading,
    MediaType,
    ReadingWarning,
    Row,
    Span,
    WarningCode,
)

DATA = Path(__file__).parent / "data"
LAYOUTS = sorted(path for path in DATA.iterdir() if path.name.startswith("forms_ind_"))


def read_form(path: Path) -> tuple[Document, tuple[IndicatorReading, ...], tuple[ReadingWarning, ...]]:
    source = next(path.glob("form.*"))
    doc = document_from_bytes(source.read_bytes(), name=source.name)
    indicators, warnings = find_indicators(doc, find_rows(doc), kind=FormKind.SELF_EVALUATION)
    return doc, indicators, warnings


def table_of_rows(indicators: Sequence[IndicatorReading], names: Sequence[str]) -> list[list[str]]:
    return [[one.value(IndicatorField(name)) or "" for name in names] for one in indicators]


def make_document(text: str) -> Document:
    return Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=text)


def make_rows(text: str) -> tuple[Row, ...]:
    """Rows of tab-separated `text`, every cell as it stands."""
    rows: list[Row] = []
    at = 0
    for line in text.split("\n"):
        cells = []
        start = at
        for part in line.split("\t"):
            cells.append(Cell(text=part.replace(" ", ""), span=Span(start=start, end=start + len(part))))
            start += len(part) + 1
        if line.strip():
            rows.append(Row(cells=tuple(cells), span=Span(start=at, end=at + len(line))))
        at += len(line) + 1
    return tuple(rows)


def read_text(text: str) -> tuple[tuple[IndicatorReading, ...], tuple[ReadingWarning, ...]]:
    return find_indicators(make_document(text), make_rows(text), kind=FormKind.TARGET)


@pytest.mark.parametrize("path", LAYOUTS, ids=[path.name.removeprefix("forms_ind_") for path in LAYOUTS])
def test_find_indicators_reads_every_row_of_the_layout(path: Path) -> None:
    _, indicators, _ = read_form(path)
    lines = (path / "expected.tsv").read_text(encoding="utf-8").split("\n")
    names, *expected = [line.split("\t") for line in lines if line]
    assert table_of_rows(indicators, names) == expected


@pytest.mark.parametrize("path", LAYOUTS, ids=[path.name.removeprefix("forms_ind_") for path in LAYOUTS])
def test_find_indicators_warns_of_every_kind_of_damage_and_of_no_other(path: Path) -> None:
    _, _, warnings = read_form(path)
    expected = (path / "warnings.txt").read_text(encoding="utf-8").split()
    assert sorted({warning.code.value for warning in warnings}) == expected


@pytest.mark.parametrize("path", LAYOUTS, ids=[path.name.removeprefix("forms_ind_") for path in LAYOUTS])
def test_readings_quote_what_they_claim(path: Path) -> None:
    doc, indicators, warnings = read_form(path)
    for one in indicators:
        assert one.readings
        for reading in one.readings:
            assert reading.spans
            assert reading.raw == " ".join(doc.quote(span) for span in reading.spans)
            assert reading.raw.strip()
            assert reading.rule
    assert all(span.end <= len(doc.text) for warning in warnings for span in warning.spans)


def test_levels_point_to_the_cell_in_which_they_stand() -> None:
    text = "一级目标\t二级目标\t三级目标\t指标目标值\n产出目标\t数量\t甲项\t1个\n\t\t乙项\t2个"
    indicators, _ = read_text(text)
    level1 = next(r for r in indicators[1].readings if r.name is IndicatorField.LEVEL1)
    assert (level1.raw, level1.spans[0].start, level1.rule) == ("产出目标", text.index("产出目标"), "filled_down")


def test_printed_level_is_kept_where_it_differs() -> None:
    text = "一级指标\t二级指标\t三级指标\t年度指标值\n产出指标(50分)\t数量 指标\t甲项\t1个"
    indicators, _ = read_text(text)
    assert indicators[0].value(IndicatorField.LEVEL1) == "产出指标"
    assert indicators[0].value(IndicatorField.LEVEL1_PRINTED) == "产出指标(50分)"
    assert indicators[0].value(IndicatorField.LEVEL2_PRINTED) is None


@pytest.mark.parametrize(
    ("first", "lines", "name"),
    [
        ("成本指标", ["指标社会", "成本", "指标"], "经济成本指标"),
        ("产出指标", ["指标质量", "指标"], "数量指标"),
        ("产出指标", ["指标时效", "指标"], None),
        ("成本指标", ["指标社会", "成本", "指标", "经济成本指标"], None),
    ],
    ids=["one-fits", "one-fits-above", "two-fit", "printed-elsewhere"],
)
def test_level_of_which_the_end_is_left_is_told_by_its_neighbours(
    first: str, lines: list[str], name: str | None
) -> None:
    rows = [f"{first}\t\t甲项\t规范", *(f"\t{line}\t第{at}项\t规范" for at, line in enumerate(lines))]
    indicators, warnings = read_text("\n".join(["一级指标\t二级指标\t三级指标\t年度指标值", *rows]))
    assert indicators[0].value(IndicatorField.LEVEL2) == name
    told = [warning for warning in warnings if "前面的字已缺失" in warning.message]
    assert [warning.code for warning in told] == ([] if name is None else [WarningCode.INFERRED_VALUE])


@pytest.mark.parametrize(
    ("target", "operator", "value", "unit"),
    [
        ("≥90.00(%)", "≥", "90", "%"),
        (">=200次", "≥", "200", "次"),
        ("100", None, "100", None),
        ("规范", None, None, None),
    ],
)
def test_target_is_split_into_operator_value_and_unit(
    target: str, operator: str | None, value: str | None, unit: str | None
) -> None:
    indicators, _ = read_text(f"一级指标\t二级指标\t三级指标\t年度指标值\n产出指标\t数量指标\t甲项\t{target}")
    read = [
        indicators[0].value(name)
        for name in (IndicatorField.TARGET_OPERATOR, IndicatorField.TARGET_VALUE, IndicatorField.TARGET_UNIT)
    ]
    assert read == [operator, value, unit]


def test_find_indicators_without_a_table_gives_nothing() -> None:
    assert read_text("项目名称\t道路养护\n一级政府\t二级单位") == ((), ())


def test_weights_that_do_not_add_up_are_doubtful() -> None:
    text = (
        "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n"
        "产出指标\t数量指标\t甲项\t1个\t1个\t40\t40\n效益指标\t社会效益指标\t乙项\t好\t达成指标\t30\t30"
    )
    _, warnings = read_text(text)
    assert [warning.code for warning in warnings] == [WarningCode.DOUBTFUL_VALUE]
    assert "70" in warnings[0].message


WORDS = [
    *(
        "",
        "",
        "",
        "产出指标",
        "产出",
        "指标",
        "数量指标",
        "数量",
        "效益指标",
        "社会 效益 指标",
        "满意 度指 标",
        "服对满度标",
    ),
    *(
        "巡查次数",
        "完成率(%)",
        "≥95%",
        ">=200次",
        "规范",
        "达成指标",
        "10.00",
        "9.5",
        "-",
        "1日7小",
        "***",
        "总分",
        "一级指标",
    ),
    *("项目名称", "分 95.00(百分 10.00 10.00", "社会公众满意度 ≥85.00(%)", "12月底前", "=100.00(%)", "I", "<u></u>"),
]
HEADS = [
    "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施",
    "一级目标\t二级目标\t三级目标\t指标目标值",
    "一级 指标\t二级 指标\t三级扫\t指标\t年度指标值\t实际完成值 分值\t得分",
    "一级指标 二级指标 三级指标 指标值 分值 得分",
]


@given(st.sampled_from(HEADS), st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), max_size=14))
@settings(max_examples=150, deadline=None)
def test_find_indicators_of_any_rubble_quotes_truly_and_reads_nothing_twice(head: str, lines: list[list[str]]) -> None:
    separator = "\t" if "\t" in head else " "
    doc = make_document("\n".join([head, *(separator.join(line) for line in lines)]))
    indicators, warnings = find_indicators(doc, find_rows(doc), kind=FormKind.SELF_EVALUATION)
    seen: set[Span] = set()
    for number, one in enumerate(indicators):
        assert one.row == number
        assert len({reading.name for reading in one.readings}) == len(one.readings)
        for reading in one.readings:
            assert reading.raw == " ".join(doc.quote(span) for span in reading.spans)
            if reading.name in (IndicatorField.LEVEL3, IndicatorField.WEIGHT, IndicatorField.SCORE):
                assert not seen & set(reading.spans)
                seen |= set(reading.spans)
    assert all(warning.message for warning in warnings)


@given(st.lists(st.tuples(st.integers(1, 99), st.sampled_from("个次份家场")), min_size=1, max_size=8))
def test_find_indicators_reads_back_what_a_clean_table_says(targets: list[tuple[int, str]]) -> None:
    lines = ["一级指标\t二级指标\t三级指标\t年度指标值"]
    lines += [
        f"{'产出指标' if at == 0 else ''}\t{'数量指标' if at == 0 else ''}\t第{at}项工作\t≥{value}{unit}"
        for at, (value, unit) in enumerate(targets)
    ]
    indicators, warnings = read_text("\n".join(lines))
    names = (IndicatorField.LEVEL2, IndicatorField.TARGET_VALUE, IndicatorField.TARGET_UNIT)
    assert [tuple(one.value(name) for name in names) for one in indicators] == [
        ("数量指标", str(value), unit) for value, unit in targets
    ]
    assert warnings == ()


@pytest.mark.parametrize(
    ("head", "row", "target"),
    [
        ("指标性质\t指标值\t度量单位\t分值\t指标方向性", "≥\t90\t%\t10\t正向指标", "≥90%"),
        ("指标性质\t指标方向\t目标值\t计量单位\t分值", "正向\t≥\t90\t%\t10", "≥90%"),
        ("指标性质\t指标方向\t目标值\t计量单位\t分值", "反向\t≤\t90\t\t10", "≤90"),
    ],
    ids=["sign-first", "sign-second", "no-unit"],
)
def test_sign_stands_in_either_of_two_columns(head: str, row: str, target: str) -> None:
    indicators, _ = read_text(f"一级指标\t二级指标\t三级指标\t{head}\n产出指标\t数量指标\t甲项\t{row}")
    assert [one.value(IndicatorField.TARGET_TEXT) for one in indicators] == [target]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("年度指标值 实际完成值 分值 得分", "≥90% 94% 10 10"),
        ("指标性质 指标方向 指标值 度量单位 分值", "正向 ≥ 90 % 10"),
    ],
    ids=["plain", "signs"],
)
def test_name_that_repeats_its_level_is_a_name(head: str, row: str) -> None:
    rows = f"产出指标 数量指标 甲项 {row}\n满意度指标 服务对象满意度指标 服务对象满意度 {row}"
    text = f"一级指标 二级指标 三级指标 {head}\n{rows}"
    doc = make_document(text)
    indicators, _ = find_indicators(doc, find_rows(doc), kind=FormKind.TARGET)
    assert [(one.value(IndicatorField.LEVEL2), one.value(IndicatorField.LEVEL3)) for one in indicators] == [
        ("数量指标", "甲项"),
        ("服务对象满意度指标", "服务对象满意度"),
    ]
    assert [one.value(IndicatorField.WEIGHT) for one in indicators] == ["10", "10"]


def test_notes_behind_the_table_are_no_indicator() -> None:
    text = "一级指标\t二级指标\t三级指标\t年度指标值\n产出指标\t数量指标\t甲项\t1个\n"
    indicators, _ = read_text(text + "说明\t无\n注:1、其他资金包括和中央、省、市补助共同投入的资金。")
    assert [one.value(IndicatorField.LEVEL3) for one in indicators] == ["甲项"]


def test_head_whose_cells_are_two_lines_high_is_read() -> None:
    text = (
        "年度 实际 偏差原因分析及\n一级指标 二级指标 三级指标 分值 得分\n指标值 完成值 改进措施\n"
        "产出指标 数量指标 甲项 ≥3个 4个 50 50\n质量指标 乙项 合格 合格 40 38 来料延误"
    )
    doc = make_document(text)
    indicators, _ = find_indicators(doc, find_rows(doc), kind=FormKind.SELF_EVALUATION)
    names = ("level3", "target_text", "actual_text", "weight", "score", "deviation_reason")
    assert table_of_rows(indicators, names) == [
        ["甲项", "≥3个", "4个", "50", "50", ""],
        ["乙项", "合格", "合格", "40", "38", "来料延误"],
    ]
