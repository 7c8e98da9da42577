"""Queries → plans: readings that words leave open are settled by the graph, and said."""

from __future__ import annotations

import pytest

from graph.model import EntityType
from search.linking import Names
from search.normalise import normalise_question
from search.parse import parse_question
from search.plan import (
    Calculate,
    Contrast,
    Follow,
    Group,
    Keep,
    Pick,
    Plan,
    Rank,
    Recall,
    Select,
    Show,
    Tabulate,
    Topic,
)
from search.plan_checks import check_plan
from search.plan_terms import Aggregate, Column, Relation
from search.planning import Planned, plan_query
from search.planning_rows import Before
from tests.asked_city import STORE, id_of

NAMES = Names(STORE)


def planned(question: str, before: Before | None = None) -> Planned:
    query = parse_question(normalise_question(question), NAMES)
    made = plan_query(query, store=STORE, names=NAMES, before=before)
    check_plan(made.plan)
    return made


def kinds(plan: Plan) -> list[str]:
    return [type(step).__name__ for step in plan.steps]


@pytest.mark.parametrize(
    ("question", "steps"),
    [
        ("2021年有哪些项目", ["Select", "Keep", "Show"]),
        ("2021年有多少个项目", ["Select", "Keep", "Calculate"]),
        ("泵站运行维护经费引用了哪些文件", ["Pick", "Follow", "Show"]),
        ("信息中心引用了哪些文件", ["Select", "Keep", "Follow", "Show"]),
        ("泵站运行维护经费的设备完好率目标值", ["Pick", "Follow", "Keep", "Show"]),
        ("2021年预算最大的项目", ["Select", "Keep", "Rank", "Show"]),
        ("哪个单位的项目最多", ["Select", "Group", "Rank"]),
        ("被引用最多的文件", ["Select", "Group", "Rank"]),
        ("2023年的项目比2021年少几个", ["Contrast"]),
        ("跟防汛有关的项目", ["Topic", "Show"]),
        ("清淤船租赁项目属于哪个项目", ["Pick", "Follow", "Show"]),
        ("和泵站运行维护经费引用了同一文件的项目", ["Pick", "Follow", "Follow", "Without", "Show"]),
        ("水法和甲市水利局有什么关系", ["Paths"]),
        ("执行率是什么意思", ["Define"]),
        ("泵站运行维护经费有没有引用水法", ["Pick", "Keep", "Show"]),
    ],
)
def test_plans_are_made_of_these_steps(question: str, steps: list[str]) -> None:
    assert kinds(planned(question).plan) == steps


def test_a_unit_is_asked_for_under_all_its_names() -> None:
    (keep,) = [s for s in planned("水务局2021年有哪些项目").plan.steps if isinstance(s, Keep)]
    assert {str(id_of("old")), str(id_of("new"))} <= set(str(keep).replace("'", " ").replace(",", " ").split())


def test_amounts_of_many_projects_are_summed_and_of_one_are_shown() -> None:
    assert isinstance(planned("2021年的预算是多少").plan.steps[-1], Calculate)
    assert isinstance(planned("泵站运行维护经费的预算是多少").plan.steps[-1], Show)
    assert isinstance(planned("2021年各项目的预算分别是多少").plan.steps[-1], Show)
    assert isinstance(planned("2023年全年预算和执行数合计").plan.steps[-1], Tabulate)


def test_columns_that_the_forms_lack_are_replaced_and_it_is_said() -> None:
    made = planned("2023年当年预算合计")
    assert made.plan.steps[-1] == Calculate(aggregate=Aggregate.SUM, column=Column.BUDGET_ADJUSTED)
    assert any("项目当年预算" in note and "全年预算数" in note for note in made.notes)
    assert planned("2021年当年预算合计").notes == ()


def test_the_other_reading_of_budget_is_planned_too() -> None:
    made = planned("2023年预算最大的项目")
    assert made.alternative is not None
    assert any(isinstance(s, Rank) and s.column is Column.BUDGET_FIRST for s in made.alternative.steps)
    assert planned("2023年全年预算最大的项目").alternative is None


def test_a_year_before_is_read_from_the_columns_of_last_year() -> None:
    made = planned("泵站运行维护经费2020年的预算是多少")
    assert made.plan.steps[-1] == Show(columns=(Column.PREVIOUS_BUDGET,))
    assert any("2020年" in note for note in made.notes)
    change = planned("泵站运行维护经费2021年预算比2020年少多少")
    assert change.plan.steps[-1] == Show(columns=(Column.CHANGE,))


def test_grounds_fall_back_to_other_sections_and_it_is_said() -> None:
    made = planned("节约用水条例是哪些项目的立项依据")
    assert any("其他栏目" in note for note in made.notes)
    assert planned("水法是哪些项目的立项依据").notes == ()


def test_rates_are_averaged_and_amounts_summed_in_groups() -> None:
    for question, aggregate in (("各年度的执行率", Aggregate.AVERAGE), ("各年度的预算", Aggregate.SUM)):
        (group,) = [s for s in planned(question).plan.steps if isinstance(s, Group)]
        assert group.aggregate is aggregate


def test_follow_ups_begin_with_what_was_found_before() -> None:
    before = Before(kind=EntityType.PROJECT, ids=(str(id_of("pumps21")),))
    made = planned("它们的预算合计", before)
    assert made.plan.steps[0] == Recall(kind=EntityType.PROJECT, ids=before.ids)
    documents = Before(kind=EntityType.POLICY, ids=(str(id_of("plan")),))
    assert kinds(planned("其中预算最大的项目", documents).plan)[:2] == ["Recall", "Follow"]


def test_sides_of_a_contrast_share_what_was_said_once() -> None:
    (contrast,) = planned("2021年水利局比信息中心的项目多几个").plan.steps
    assert isinstance(contrast, Contrast)
    assert all("'2021'" in str(part.steps) for part in contrast.parts)


def test_named_projects_are_picked_not_searched() -> None:
    (pick, *_) = planned("政务云平台的工期").plan.steps
    assert pick == Pick(kind=EntityType.PROJECT, ids=(str(id_of("cloud21")),))
    assert isinstance(planned("海绵城市").plan.steps[0], Topic)
    assert isinstance(planned("甲市人民政府令第5号被哪些项目引用").plan.steps[0], Select)
    follow = planned("政务云平台由谁申报").plan.steps[1]
    assert follow == Follow(relation=Relation.DECLARED_BY)
