"""What `jixiao check` finds: arithmetic, grades, targets, misprints, lost cells; and that sound forms raise nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from graph import build_graph, cut_passages, open_snapshot, save_snapshot
from graph.checks import check_graph, find_findings
from graph.findings import Code, Finding, Severity, render_findings
from ingest.model import Field, FormKind
from tests.factories import Cited, Form, make_extraction

ROWS = (
    {
        "level3": "里程",
        "target_text": "≥10",
        "target_operator": "≥",
        "target_value": "10",
        "actual_text": "12",
        "actual_value": "12",
        "weight": "50",
        "score": "50",
    },
    {"level3": "合格率", "target_text": "优", "weight": "40", "score": "36"},
)
SOUND: dict[Field, str | int | bool] = {
    Field.BUDGET_INITIAL: "2080000",
    Field.BUDGET_ADJUSTED: "2080000",
    Field.EXECUTED: "2063700",
    Field.EXECUTION_RATE: "99.22",
    Field.EXECUTION_WEIGHT: "10",
    Field.EXECUTION_SCORE: "9.92",
    Field.TOTAL_SCORE: "95.92",
    Field.GRADE: "优",
}


def check(
    fields: Mapping[Field, str | int | bool] | None = None,
    rows: Sequence[Mapping[str, str]] = ROWS,
    kind: FormKind = FormKind.SELF_EVALUATION,
    cites: Sequence[Cited] = (),
) -> list[Finding]:
    form = Form(kind=kind, fields=SOUND if fields is None else fields, rows=rows, cites=cites)
    return list(check_graph(build_graph([make_extraction(form)])))


def codes(findings: Sequence[Finding]) -> list[Code]:
    return sorted({finding.code for finding in findings})


def test_sound_form_raises_nothing() -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({Field.TOTAL_SCORE: "96.92"}, Code.TOTAL_SCORE),
        (
            {Field.EXECUTION_RATE: "89.22", Field.EXECUTION_SCORE: "8.92", Field.TOTAL_SCORE: "94.92"},
            Code.EXECUTION_RATE,
        ),
        ({Field.EXECUTION_SCORE: "9.00", Field.TOTAL_SCORE: "95"}, Code.EXECUTION_SCORE),
        (
            {
                Field.EXECUTED: "2100000",
                Field.EXECUTION_RATE: "100.96",
                Field.EXECUTION_SCORE: "10",
                Field.TOTAL_SCORE: "96",
            },
            Code.OVERSPENT,
        ),
        ({Field.EXECUTION_SCORE: "11", Field.TOTAL_SCORE: "97"}, Code.SCORE_OVER_WEIGHT),
        ({Field.EXECUTION_WEIGHT: "20", Field.EXECUTION_SCORE: "19.84", Field.TOTAL_SCORE: "105.84"}, Code.WEIGHTS),
        ({Field.GRADE: "良"}, Code.GRADE),
        ({Field.START_DATE: "2020-12-31", Field.END_DATE: "2020-01-01"}, Code.DATES),
    ],
)
def test_contradiction_is_found(changed: Mapping[Field, str], code: Code) -> None:
    findings = check(SOUND | changed)
    assert codes(findings) == [code]
    assert all(finding.sources for finding in findings)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({Field.EXECUTION_RATE: "99", Field.EXECUTION_SCORE: "9.9", Field.TOTAL_SCORE: "96"}, []),
        ({Field.EXECUTION_RATE: "99.0"}, [Code.EXECUTION_RATE]),
        ({Field.TOTAL_SCORE: "96.00"}, [Code.TOTAL_SCORE]),
        ({Field.EXECUTION_RATE: "98"}, [Code.EXECUTION_RATE]),
    ],
    ids=["rounded as printed", "a nought is a digit", "noughts of a sum", "beyond rounding"],
)
def test_figures_are_compared_to_the_last_printed_digit(changed: Mapping[Field, str], found: list[Code]) -> None:
    kept = {Field.EXECUTION_WEIGHT: SOUND[Field.EXECUTION_WEIGHT]} if Field.EXECUTION_SCORE in changed else {}
    without = {k: v for k, v in SOUND.items() if k not in (Field.EXECUTION_SCORE, Field.EXECUTION_WEIGHT)}
    fields = without | kept | changed if kept else SOUND | changed
    assert [code for code in codes(check(fields)) if code is not Code.EXECUTION_SCORE] == found


def test_figures_beyond_all_measure_are_told_and_break_nothing() -> None:
    findings = check(SOUND | {Field.EXECUTED: "9" * 30, Field.BUDGET_ADJUSTED: "0.01"})
    assert Code.OVERSPENT in codes(findings)


def test_open_dates_of_different_precision_are_compared_as_far_as_they_go() -> None:
    assert check(SOUND | {Field.START_DATE: "2025-10", Field.END_DATE: "2025-10-01"}) == []


def test_score_over_weight_of_a_row() -> None:
    rows = [ROWS[0] | {"score": "51"}, ROWS[1] | {"score": "35"}]
    (finding,) = check(rows=rows)
    assert finding.code is Code.SCORE_OVER_WEIGHT
    assert "里程" in finding.message


def test_lost_score_is_a_notice_and_no_contradiction() -> None:
    rows = [ROWS[0], {k: v for k, v in ROWS[1].items() if k != "score"}]
    (finding,) = check(rows=rows)
    assert (finding.code, finding.severity) == (Code.TOTAL_SCORE, Severity.NOTICE)


def test_missed_target_with_full_score() -> None:
    (finding,) = check(rows=[ROWS[0] | {"actual_value": "9", "actual_text": "9"}, ROWS[1]])
    assert finding.code is Code.TARGET_MISSED


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({Field.BUDGET_YEAR: "200", Field.BUDGET_TOTAL: "100"}, Code.BUDGET_OVER_TOTAL),
        ({Field.BUDGET_YEAR: "100", Field.PREVIOUS_BUDGET: "5", Field.PREVIOUS_EXECUTED: "6"}, Code.PREVIOUS_OVERSPENT),
        ({}, Code.MISSING),
    ],
)
def test_target_form(fields: Mapping[Field, str], code: Code) -> None:
    assert codes(check(fields, kind=FormKind.TARGET, rows=[{"level3": "里程"}])) == [code]


def test_documents_cited() -> None:
    cites = [
        Cited("新办法", "沪府发〔2021〕18号"),
        Cited("旧意见", "国发[2002]017号"),
        Cited("关于完善新城机制的建议", "沪发改财金〔2018〕18号"),
        Cited("关于完善新城机制的建议", "沪发改改金〔2018〕18号"),
        Cited(number="沪发改投资〔2017〕5号"),
        Cited(number="沪发改投产〔2017〕5号"),
    ]
    assert codes(check(cites=cites)) == [Code.LATER_DOCUMENT, Code.LEADING_ZERO, Code.MISPRINT, Code.SUSPECT]


def test_find_findings_holds_the_warnings_of_reading(tmp_path: Path) -> None:
    extraction = make_extraction(Form(warnings=["第3行的指标值在原文中缺失"], fields={Field.BUDGET_YEAR: "1"}))
    kg = build_graph([extraction])
    save_snapshot(tmp_path, kg=kg, extractions=[extraction], passages=cut_passages(kg))
    findings = find_findings(open_snapshot(tmp_path))
    (reading,) = [finding for finding in findings if finding.code is Code.READING]
    assert reading.detail == "lost_cell"
    assert reading.sources
    assert reading.to_json()["code"] == "reading"
    text = render_findings(findings)
    assert "第3行的指标值在原文中缺失" in text
    assert "甲.txt" in text


def test_render_findings_says_when_there_is_none() -> None:
    assert render_findings([]) == "没有发现问题。"
