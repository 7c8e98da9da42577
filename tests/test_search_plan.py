"""Plans: JSON and back, the schema's refusals, steps that make sense."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import EntityType
from search.errors import PlanRejected
from search.plan import (
    Both,
    Calculate,
    Compare,
    Contrast,
    Except,
    Follow,
    Group,
    Has,
    Keep,
    Number,
    Part,
    Paths,
    Pick,
    Plan,
    Rank,
    Select,
    Show,
    Topic,
    plan_from_json,
    plan_schema,
    plan_to_json,
    print_plan,
)
from search.plan_checks import FIGURE, GROUPS, check_plan
from search.plan_terms import Aggregate, Column, Contrasting, Op, Relation

PROJECTS = Select(kind=EntityType.PROJECT)
IN_2021 = Keep(condition=Compare(column=Column.YEAR, op=Op.EQ, value="2021"))
SUM = Calculate(aggregate=Aggregate.SUM, column=Column.BUDGET)
PLANS = [
    Plan(steps=(PROJECTS, IN_2021, Show(columns=(Column.BUDGET,)))),
    Plan(steps=(PROJECTS, Keep(condition=Except(part=Has(relation=Relation.CITES, ids=("policy:1",)))), SUM)),
    Plan(steps=(PROJECTS, Group(relation=Relation.BY_BEARER), Rank(last=1))),
    Plan(steps=(Pick(kind=EntityType.PROJECT, ids=("project:1",)), Follow(relation=Relation.CITES))),
    Plan(steps=(Topic(kind=EntityType.PROJECT, text="防汛"), IN_2021)),
    Plan(steps=(Paths(starts=("unit:1",), ends=("policy:1",)),)),
    Plan(
        steps=(
            Contrast(
                how=Contrasting.SHARE,
                parts=(Part(label="甲", steps=(PROJECTS, IN_2021, SUM)), Part(label="乙", steps=(PROJECTS, SUM))),
            ),
        )
    ),
]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: type(plan.steps[-1]).__name__)
def test_plans_survive_json(plan: Plan) -> None:
    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan
    check_plan(plan)


conditions = st.recursive(
    st.builds(
        Compare, column=st.sampled_from([Column.YEAR, Column.BUDGET]), op=st.sampled_from(Op), value=st.text(max_size=5)
    )
    | st.builds(Number, relation=st.just(Relation.CITES), op=st.sampled_from(Op), count=st.integers(0, 99)),
    lambda inner: st.builds(Except, part=inner) | st.builds(Both, parts=st.tuples(inner, inner)),
    max_leaves=6,
)


@given(conditions)
def test_any_condition_survives_json(condition: Any) -> None:
    plan = Plan(steps=(PROJECTS, Keep(condition=condition)))
    assert plan_from_json(plan_to_json(plan)) == plan


def test_print_plan_reads_line_by_line() -> None:
    lines = print_plan(PLANS[0]).splitlines()
    assert [line.split()[1] for line in lines] == ["select", "keep", "show"]
    assert "project.budget" in lines[2]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"steps": "select"},
        {"steps": [{"do": "drop_table"}]},
        {"steps": [{"do": "select", "kind": "Password"}]},
        {"steps": [{"do": "select", "kind": "Project", "query": "DELETE"}]},
        {"steps": [{"do": "keep", "condition": {"is": "compare", "column": "project.salary", "op": "eq"}}]},
        {"steps": [{"do": "rank", "descending": "yes"}]},
    ],
    ids=["nothing", "list", "text", "unknown-step", "unknown-kind", "extra-field", "unknown-column", "wrong-type"],
)
def test_plan_from_json_refuses_what_the_schema_does_not_know(value: object) -> None:
    with pytest.raises(PlanRejected):
        plan_from_json(value)


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (IN_2021,),
        (PROJECTS, PROJECTS),
        (PROJECTS, SUM, IN_2021),
        (PROJECTS, Follow(relation=Relation.ISSUES)),
        (PROJECTS, Rank()),
        (PROJECTS, Calculate(aggregate=Aggregate.SUM)),
        (PROJECTS, Calculate(aggregate=Aggregate.SUM, column=Column.TITLE)),
        (PROJECTS, Group()),
        (PROJECTS, Keep(condition=Compare(column=Column.BUDGET, op=Op.GT))),
        (PROJECTS, Keep(condition=Has(relation=Relation.CITES))),
        (PROJECTS, Keep(condition=Compare(column=Column.TITLE, op=Op.EQ, value="甲"))),
        (Pick(kind=EntityType.PROJECT, ids=()),),
        (Topic(kind=EntityType.PROJECT, text=" "),),
        (Contrast(how=Contrasting.SHARE, parts=(Part(label="甲", steps=(PROJECTS,)),)),),
        (PROJECTS, *[IN_2021] * 30),
    ],
)
def test_check_plan_refuses_steps_that_do_not_follow(steps: tuple[Any, ...]) -> None:
    with pytest.raises(PlanRejected) as err:
        check_plan(Plan(steps=steps))
    assert err.value.reason


def test_check_plan_refuses_conditions_nested_too_deep() -> None:
    condition: Any = Compare(column=Column.YEAR, op=Op.EQ, value="2021")
    for _ in range(20):
        condition = Except(part=condition)
    with pytest.raises(PlanRejected, match="过深"):
        check_plan(Plan(steps=(PROJECTS, Keep(condition=condition))))


def test_check_plan_says_what_comes_out() -> None:
    assert check_plan(PLANS[0]) is EntityType.PROJECT
    assert check_plan(PLANS[1]) == FIGURE
    assert check_plan(PLANS[2]) == GROUPS
    assert check_plan(PLANS[3]) is EntityType.POLICY


def test_plan_schema_names_every_step_and_column() -> None:
    said = json.dumps(plan_schema())
    assert all(f'"{column.value}"' in said for column in Column)
    assert all(f'"{tag}"' in said for tag in ("select", "keep", "follow", "rank", "group", "contrast", "paths"))
