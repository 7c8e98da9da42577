"""Conditions of a plan as chips, on the invented city: said, taken away, changed; plans from outside."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine import SearchEngine
from search.errors import PlanRejected, QuestionRejected
from search.model import Answer, Status
from search.plan import plan_from_json, plan_to_json
from search.plan_chips import Chip, find_chips, with_value, without_chip
from tests.asked_city import STORE, text_of

ENGINE = SearchEngine(STORE, text_of=text_of)


def plan_of(*steps: object) -> object:
    return {"steps": list(steps)}


def keep(**condition: object) -> dict[str, object]:
    return {"do": "keep", "condition": condition}


def compare(column: str, op: str, value: str) -> dict[str, object]:
    return {"is": "compare", "column": column, "op": op, "value": value}


SELECT = {"do": "select", "kind": "Project"}
SHOW = {"do": "show"}
YEAR = compare("project.year", "eq", "2021")
MONEY = compare("project.budget", "gt", "600000")
PLANS = {
    "both": plan_of(SELECT, keep(**{"is": "and", "parts": [YEAR, MONEY]}), SHOW),
    "units": plan_of(SELECT, keep(**{"is": "has", "relation": "by_unit", "ids": ["unit:new", "unit:old"]}), SHOW),
    "rank": plan_of(SELECT, keep(**YEAR), {"do": "rank", "column": "project.budget", "last": 2}, SHOW),
    "pick": plan_of({"do": "pick", "kind": "Project", "ids": ["project:pumps21"]}, SHOW),
    "count": plan_of(SELECT, keep(**{"is": "number", "relation": "cites", "op": "ge", "count": 2}), SHOW),
    "date": plan_of(SELECT, keep(**compare("project.end_date", "lt", "2021-12-15")), SHOW),
    "groups": plan_of(SELECT, {"do": "group", "relation": "cites"}, {"do": "figures", "op": "ge", "value": "2"}),
    "contrast": plan_of(
        {
            "do": "contrast",
            "how": "difference",
            "parts": [
                {"label": f"{year}年", "steps": [SELECT, keep(**condition), {"do": "calculate", "aggregate": "count"}]}
                for year, condition in ((2023, compare("project.year", "eq", "2023")), (2021, YEAR))
            ],
        }
    ),
}


def chips_of(name: str) -> tuple[Chip, ...]:
    return find_chips(plan_from_json(PLANS[name]), STORE)


def names(answer: Answer) -> list[tuple[str | None, int | None]]:
    return [(item.name, item.year) for item in answer.items]


@pytest.mark.parametrize(
    ("name", "labels", "values"),
    [
        ("both", ["2021年度", "预算超过60万元（600,000元）"], [("2021", "年"), ("60", "万元")]),
        ("units", ["由甲市水务局或甲市水利局申报、主管或实施"], [None]),
        ("rank", ["2021年度", "按预算从高到低取前2名（并列都算）"], [("2021", "年"), ("2", "名")]),
        ("pick", ["“泵站运行维护经费（2021年）”"], [None]),
        ("count", ["引用了不少于2个文件"], [("2", "个")]),
        ("date", ["计划完成日期早于2021-12-15"], [("2021-12-15", "")]),
        ("groups", ["只留不低于2的"], [("2", "")]),
        ("contrast", ["2023年：2023年度", "2021年：2021年度"], [("2023", "年"), ("2021", "年")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_condition_is_a_chip(name: str, labels: list[str], values: list[tuple[str, str] | None]) -> None:
    chips = chips_of(name)
    assert [chip.label for chip in chips] == labels
    assert [chip.value and (chip.value.text, chip.value.unit) for chip in chips] == values
    assert all(chip.removable for chip in chips)


def test_without_a_chip_the_rest_stands_and_is_carried_out() -> None:
    year, money = chips_of("both")
    plan = plan_from_json(PLANS["both"])
    left = without_chip(plan, money.key)
    assert plan_to_json(left) == plan_of(SELECT, keep(**YEAR), SHOW)
    answer = ENGINE.ask_plan(plan_to_json(left), question="2021年预算超过60万元的项目")
    assert answer.interpretation == "理解为：2021年度的项目"
    assert answer.total == 3
    assert answer.question == "2021年预算超过60万元的项目"
    assert any("手工改动" in caveat for caveat in answer.caveats)
    assert plan_to_json(without_chip(left, "1")) == plan_of(SELECT, SHOW)
    assert plan_to_json(without_chip(plan, year.key)) == plan_of(SELECT, keep(**MONEY), SHOW)


def test_a_project_taken_away_leaves_all_projects() -> None:
    plan = without_chip(plan_from_json(PLANS["pick"]), "0")
    assert plan_to_json(plan) == plan_of(SELECT, SHOW)


def test_a_project_others_are_compared_with_cannot_be_taken_away() -> None:
    ids = ["project:pumps21"]
    steps = [{"do": "pick", "kind": "Project", "ids": ids}, {"do": "follow", "relation": "cites"}]
    steps += [{"do": "follow", "relation": "cited_by"}, {"do": "without", "ids": ids}]
    (chip,) = find_chips(plan_from_json(plan_of(*steps)), STORE)
    assert not chip.removable


def test_one_side_of_a_comparison_is_changed_alone() -> None:
    first, _ = chips_of("contrast")
    plan = with_value(plan_from_json(PLANS["contrast"]), first.key, "2022")
    years = [side["steps"][1]["condition"]["value"] for side in plan_to_json(plan)["steps"][0]["parts"]]
    assert years == ["2022", "2021"]


@pytest.mark.parametrize(
    ("name", "at", "typed", "stored"),
    [
        pytest.param("both", 0, "2023", '"2023"', id="year"),
        pytest.param("both", 0, "２０２３年", '"2023"', id="year-full-width"),
        pytest.param("both", 1, "80", '"800000"', id="wan-as-shown"),
        pytest.param("both", 1, "1,200.5万元", '"12005000"', id="wan-named"),
        pytest.param("both", 1, "700000元", '"700000"', id="yuan"),
        pytest.param("both", 1, "1.5亿", '"150000000"', id="hundred-millions"),
        pytest.param("rank", 1, "1", '"last": 1', id="top"),
        pytest.param("count", 0, "3个", '"count": 3', id="count"),
        pytest.param("date", 0, "2023年5月1日", '"2023-05-01"', id="date"),
        pytest.param("groups", 0, "1", '"value": "1"', id="figure"),
    ],
)
def test_a_value_is_typed_as_people_write_it(name: str, at: int, typed: str, stored: str) -> None:
    plan = with_value(plan_from_json(PLANS[name]), chips_of(name)[at].key, typed)
    assert stored in json.dumps(plan_to_json(plan))
    answer = ENGINE.ask_plan(plan_to_json(plan), question="改过")
    assert answer.status in (Status.ANSWERED, Status.NO_MATCH)


@pytest.mark.parametrize(
    ("name", "key", "typed"),
    [
        pytest.param("both", "1.0", "去年", id="no-year"),
        pytest.param("both", "1.0", "20210", id="far-year"),
        pytest.param("both", "1.1", "", id="empty"),
        pytest.param("both", "1.1", "NaN", id="no-number"),
        pytest.param("both", "1.1", "1e999999", id="endless"),
        pytest.param("both", "1.1", "9" * 5000, id="long"),
        pytest.param("rank", "2", "0", id="no-place"),
        pytest.param("rank", "2", "-1", id="negative-place"),
        pytest.param("rank", "2", "1.5", id="half-a-place"),
        pytest.param("date", "1", "2021-13-01", id="no-month"),
        pytest.param("units", "1", "5", id="no-value-to-change"),
        pytest.param("both", "7", "5", id="no-such-step"),
        pytest.param("both", "1.9", "5", id="no-such-part"),
        pytest.param("both", "1.0.0", "2021", id="too-deep"),
        pytest.param("contrast", "0", "2021", id="not-deep-enough"),
        pytest.param("both", "x", "5", id="no-key"),
        pytest.param("both", "", "5", id="empty-key"),
        pytest.param("both", "-1", "5", id="negative-key"),
    ],
)
def test_what_is_no_value_is_refused_in_chinese(name: str, key: str, typed: str) -> None:
    with pytest.raises(PlanRejected) as caught:
        with_value(plan_from_json(PLANS[name]), key, typed)
    assert len(caught.value.reason) < 80
    assert caught.value.advice


@given(key=st.text(alphabet="0123456789.", max_size=8), typed=st.text(max_size=12), name=st.sampled_from(sorted(PLANS)))
def test_any_press_gives_a_plan_that_can_be_carried_out_or_a_refusal(key: str, typed: str, name: str) -> None:
    plan = plan_from_json(PLANS[name])
    for change in (lambda: without_chip(plan, key), lambda: with_value(plan, key, typed)):
        try:
            changed = change()
        except PlanRejected:
            continue
        assert ENGINE.ask_plan(plan_to_json(changed), question="改过").interpretation


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param({}, id="empty"),
        pytest.param(None, id="nothing"),
        pytest.param({"steps": []}, id="no-steps"),
        pytest.param({"steps": [SELECT], "more": 1}, id="unknown-field"),
        pytest.param(plan_of(SHOW), id="no-start"),
        pytest.param(plan_of(SELECT, {"do": "drop"}), id="unknown-step"),
        pytest.param(plan_of({"do": "pick", "kind": "Project", "ids": ["project:nobody"]}), id="unknown-id"),
        pytest.param(plan_of({"do": "pick", "kind": "Project", "ids": ["unit:new"]}), id="id-of-another-kind"),
        pytest.param(
            plan_of(SELECT, keep(**{"is": "has", "relation": "cites", "ids": ["unit:new"]})), id="relation-to-another"
        ),
        pytest.param(plan_of(SELECT, keep(**compare("project.budget", "gt", "很多"))), id="amount-in-words"),
        pytest.param(plan_of(SELECT, keep(**compare("project.budget", "gt", "1e99999"))), id="endless-amount"),
        pytest.param(plan_of(SELECT, keep(**compare("project.end_date", "lt", "<script>"))), id="date-of-markup"),
        pytest.param(plan_of(SELECT, {"do": "rank", "column": "project.budget", "last": 10**30}), id="endless-places"),
    ],
)
def test_odd_plans_from_outside_are_refused(plan: object) -> None:
    with pytest.raises(PlanRejected):
        ENGINE.ask_plan(plan, question="改过")


def test_the_question_said_back_is_checked_like_any_other() -> None:
    with pytest.raises(QuestionRejected):
        ENGINE.ask_plan(PLANS["both"], question="")


@pytest.mark.parametrize("name", sorted(PLANS))
def test_a_plan_left_as_it_is_gives_the_same_plan_back(name: str) -> None:
    answer = ENGINE.ask_plan(PLANS[name], question="改过")
    assert plan_to_json(plan_from_json(answer.plan)) == plan_to_json(plan_from_json(PLANS[name]))
