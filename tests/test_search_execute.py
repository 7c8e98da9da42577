"""Plans on the invented city: exact rows and figures, worked out beside by plain Python."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from graph.kg import KnowledgeGraph
from graph.model import EntityId, EntityType
from graph.store import EmbeddedStore
from search.columns import as_decimal, read_cell, read_cells
from search.conditions import satisfy
from search.execute import Near, execute
from search.outcomes import judge
from search.plan import (
    Both,
    Calculate,
    Compare,
    Condition,
    Contrast,
    Either,
    Except,
    Figures,
    Follow,
    Group,
    Has,
    Keep,
    Number,
    Part,
    Paths,
    Pick,
    Plan,
    Prove,
    Rank,
    Reached,
    Recall,
    Select,
    Show,
    Step,
    Tabulate,
    Topic,
    Typo,
    Without,
)
from search.plan_terms import Aggregate, Column, Contrasting, Match, Op, Outcome, Relation
from search.rows import Result
from tests.asked_city import CITY, STORE, City, id_of, passage_of

PROJECTS = Select(kind=EntityType.PROJECT)
KEYS = {entity.id: key for key, entity in CITY.entities.items()}


def run(*steps: Step) -> Result:
    return execute(Plan(steps=steps), STORE)


def keys(result: Result) -> list[str]:
    return [KEYS[row.entity.id] for row in result.rows if row.entity]


def keep(condition: Condition) -> list[str]:
    return keys(run(PROJECTS, Keep(condition=condition)))


def compare(column: Column, op: Op, value: str) -> Compare:
    return Compare(column=column, op=op, value=value)


IN_2021 = compare(Column.YEAR, Op.EQ, "2021")
CITES_PLAN = Has(relation=Relation.CITES, ids=(id_of("plan"),))


@pytest.mark.parametrize("op", [Op.GT, Op.GE, Op.LT, Op.LE, Op.EQ, Op.NE])
@pytest.mark.parametrize("bound", ["500000", "800000", "1200000"])
def test_comparisons_agree_with_plain_python(op: Op, bound: str) -> None:
    test = {
        Op.GT: lambda a, b: a > b,
        Op.GE: lambda a, b: a >= b,
        Op.LT: lambda a, b: a < b,
        Op.LE: lambda a, b: a <= b,
        Op.EQ: lambda a, b: a == b,
        Op.NE: lambda a, b: a != b,
    }[op]
    expected = {
        key
        for key, entity in CITY.entities.items()
        for amount in [entity.properties.get("budget_year") or entity.properties.get("budget_adjusted")]
        if amount is not None and test(int(str(amount)), int(bound))
    }
    assert set(keep(compare(Column.BUDGET, op, bound))) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (CITES_PLAN, ["dredge21", "pumps21"]),
        (Has(relation=Relation.RESTS_ON, ids=(id_of("save"),)), []),
        (Has(relation=Relation.CITES, ids=(id_of("plan"), id_of("water")), match=Match.ALL), ["dredge21"]),
        (Except(part=CITES_PLAN), ["cloud21", "dredge23", "watch23"]),
        (Both(parts=(IN_2021, Except(part=CITES_PLAN))), ["cloud21"]),
        (Either(parts=(CITES_PLAN, compare(Column.GRADE, Op.EQ, "良"))), ["dredge21", "pumps21", "watch23"]),
        (Number(relation=Relation.CITES, op=Op.EQ, count=0), ["dredge23", "watch23"]),
        (Number(relation=Relation.CITES, op=Op.GE, count=2), ["dredge21", "pumps21"]),
        (compare(Column.END_DATE, Op.LE, "2021-12-15"), ["pumps21", "cloud21"]),
        (compare(Column.START_DATE, Op.GT, "2021-02-01"), ["pumps21"]),
        (compare(Column.GOVERNMENT_PROCUREMENT, Op.EQ, "false"), ["pumps21", "cloud21"]),
        (compare(Column.NAME, Op.CONTAINS, "河道"), ["dredge21", "dredge23"]),
        (Compare(column=Column.BUDGET_ADJUSTED, op=Op.NE, other=Column.BUDGET_INITIAL), ["dredge23"]),
        (Compare(column=Column.EXECUTED, op=Op.LT, other=Column.BUDGET_ADJUSTED), ["dredge23"]),
        (compare(Column.CHANGE, Op.LT, "0"), ["pumps21"]),
        (
            Has(relation=Relation.HAS_INDICATOR, where=compare(Column.LEVEL3, Op.EQ, "预算执行率")),
            ["dredge21", "pumps21"],
        ),
        (
            Has(
                relation=Relation.HAS_INDICATOR,
                where=Both(
                    parts=(compare(Column.LEVEL3, Op.EQ, "预算执行率"), compare(Column.TARGET_VALUE, Op.LT, "100"))
                ),
            ),
            ["dredge21"],
        ),
        (Has(relation=Relation.HAS_INDICATOR, where=Reached(outcome=Outcome.MISSED)), ["dredge23"]),
        (Has(relation=Relation.HAS_INDICATOR, where=Reached(outcome=Outcome.PARTLY)), ["watch23"]),
        (
            Has(relation=Relation.CITES, where=Has(relation=Relation.ISSUED_BY, ids=(id_of("council"),))),
            ["dredge21", "pumps21"],
        ),
    ],
)
def test_conditions_keep_exactly_these(condition: Condition, expected: list[str]) -> None:
    assert keep(condition) == expected


def test_conditions_bring_their_proof() -> None:
    entities = {e.id: e for e in STORE.of_type(EntityType.PROJECT)}
    proof = satisfy(STORE, Both(parts=(CITES_PLAN, compare(Column.BUDGET_YEAR, Op.GT, "1"))), entities)
    quotes = [source.quote for source in proof[id_of("pumps21")]]
    assert "甲府法〔2019〕7号" in quotes and "500,000" in quotes


def test_misprints_are_a_condition_of_documents() -> None:
    found = run(PROJECTS, Follow(relation=Relation.CITES), Keep(condition=Typo()))
    assert keys(found) == ["plan"]


@pytest.mark.parametrize(
    ("aggregate", "column", "value", "unit"),
    [
        (Aggregate.COUNT, None, "5", "个"),
        (Aggregate.SUM, Column.BUDGET, "5000000", "元"),
        (Aggregate.SUM, Column.BUDGET_YEAR, "3300000", "元"),
        (Aggregate.MAX, Column.BUDGET, "2000000", "元"),
        (Aggregate.MIN, Column.BUDGET, "500000", "元"),
        (Aggregate.MEDIAN, Column.BUDGET, "800000", "元"),
        (Aggregate.AVERAGE, Column.TOTAL_SCORE, "91.75", "分"),
        (Aggregate.SUM, Column.BALANCE, "120000", "元"),
        (Aggregate.COUNT, Column.GRADE, "2", "个"),
    ],
)
def test_figures(aggregate: Aggregate, column: Column | None, value: str, unit: str) -> None:
    figure = run(PROJECTS, Calculate(aggregate=aggregate, column=column)).figure
    assert figure is not None and (figure.value, figure.unit) == (Decimal(value), unit)


def test_average_rate_is_weighted_and_says_by_what() -> None:
    figure = run(PROJECTS, Calculate(aggregate=Aggregate.AVERAGE, column=Column.EXECUTION_RATE)).figure
    assert figure is not None
    assert figure.value == Decimal("92.94")  # (108 + 50) / (120 + 50)
    assert figure.weighted_by is Column.BUDGET_ADJUSTED and figure.plain == Decimal("95.00")
    assert figure.weights == (Decimal(1580000), Decimal(1700000))
    assert figure.lacking == 3


def test_sums_over_both_kinds_of_forms_are_told_apart() -> None:
    figure = run(PROJECTS, Calculate(aggregate=Aggregate.SUM, column=Column.BUDGET)).figure
    assert figure is not None
    assert [(value, n) for _, value, n in figure.parts] == [(Decimal(3300000), 3), (Decimal(1700000), 2)]


def test_rank_keeps_ties_and_counts_places() -> None:
    by_budget = Rank(column=Column.BUDGET, descending=False, last=1)
    assert keys(run(PROJECTS, by_budget)) == ["pumps21", "watch23"]
    assert keys(run(PROJECTS, Rank(column=Column.BUDGET, descending=False, first=2, last=2))) == []
    assert keys(run(PROJECTS, Rank(column=Column.BUDGET, descending=False, first=3, last=3))) == ["cloud21"]
    assert keys(run(PROJECTS, Rank(column=Column.TOTAL_SCORE))) == ["dredge23", "watch23"]
    assert run(PROJECTS, Rank(column=Column.TOTAL_SCORE)).lacking == 3


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Group(column=Column.YEAR), {"2021年": 3, "2023年": 2}),
        (Group(column=Column.GOVERNMENT_PROCUREMENT), {"是": 1, "否": 2}),
        (Group(relation=Relation.BY_BEARER), {"甲市水利局": 2, "甲市政务信息中心": 1, "甲市水文总站": 2}),
        (
            Group(column=Column.YEAR, aggregate=Aggregate.SUM, measure=Column.BUDGET),
            {"2021年": 3300000, "2023年": 1700000},
        ),
    ],
)
def test_groups(step: Group, expected: dict[str, int]) -> None:
    assert {row.label: row.value for row in run(PROJECTS, step).rows} == {k: Decimal(v) for k, v in expected.items()}


def test_groups_can_be_narrowed_and_ranked() -> None:
    grouped = (PROJECTS, Group(relation=Relation.CITES))
    assert keys(run(*grouped, Rank(last=1))) == ["plan"]
    assert keys(run(*grouped, Figures(op=Op.GE, value="2"))) == ["plan"]


def test_follow_any_and_all() -> None:
    both = Pick(kind=EntityType.PROJECT, ids=(id_of("dredge21"), id_of("pumps21")))
    assert keys(run(both, Follow(relation=Relation.CITES))) == ["water", "plan", "save"]
    assert keys(run(both, Follow(relation=Relation.CITES, match=Match.ALL))) == ["plan"]
    assert keys(
        run(both, Follow(relation=Relation.CITES), Follow(relation=Relation.CITED_BY), Without(ids=(id_of("pumps21"),)))
    ) == ["dredge21"]


def test_show_tells_rows_without_the_column() -> None:
    shown = run(PROJECTS, Show(columns=(Column.GRADE,)))
    assert shown.lacking == 3
    assert [row.value for row in shown.rows if row.value] == ["优", "良"]


def test_tabulate_gives_a_row_for_each_column() -> None:
    table = run(PROJECTS, Tabulate(aggregate=Aggregate.SUM, columns=(Column.BUDGET_ADJUSTED, Column.EXECUTED)))
    assert [(row.label, row.value) for row in table.rows] == [("全年预算数", 1700000), ("全年执行数", 1580000)]


def part(label: str, year: str) -> Part:
    kept = Keep(condition=compare(Column.YEAR, Op.EQ, year))
    return Part(label=label, steps=(PROJECTS, kept, Calculate(aggregate=Aggregate.SUM, column=Column.BUDGET)))


@pytest.mark.parametrize(
    ("how", "value", "unit"),
    [
        (Contrasting.DIFFERENCE, "-1600000", "元"),
        (Contrasting.GROWTH, "-48.48", "%"),
        (Contrasting.SHARE, "51.52", "%"),
        (Contrasting.RATIO, "0.52", "倍"),
    ],
)
def test_contrasts(how: Contrasting, value: str, unit: str) -> None:
    figure = run(Contrast(how=how, parts=(part("后", "2023"), part("前", "2021")))).figure
    assert figure is not None and (figure.value, figure.unit) == (Decimal(value), unit)


def test_contrast_with_nothing_on_one_side_has_no_figure() -> None:
    assert run(Contrast(how=Contrasting.DIFFERENCE, parts=(part("后", "2023"), part("前", "1999")))).figure is None


def test_paths_are_the_shortest_ways() -> None:
    found = run(Paths(starts=(id_of("water"),), ends=(id_of("old"),)))
    assert [[KEYS[e.id] for e in path.entities] for path in found.paths] == [["water", "dredge21", "old"]]
    assert keys(found) == ["dredge21"]
    assert run(Paths(starts=(id_of("water"),), ends=(id_of("other"),))).paths == ()


def test_prove_puts_the_places_of_the_columns_first() -> None:
    (row,) = run(Pick(kind=EntityType.PROJECT, ids=(id_of("pumps21"),)), Prove(columns=(Column.BUDGET_YEAR,))).rows
    assert [source.quote for source in row.sources] == ["500,000"]


def test_recall_keeps_the_order_of_the_answer_before() -> None:
    ids = (str(id_of("watch23")), str(id_of("cloud21")))
    assert keys(run(Recall(kind=EntityType.PROJECT, ids=ids))) == ["watch23", "cloud21"]


def test_topics_come_through_the_callback_in_its_order() -> None:
    asked: list[tuple[str, EntityType, int, bool]] = []

    def find(text: str, kind: EntityType, limit: int, literal: bool) -> tuple[Near, ...]:
        asked.append((text, kind, limit, literal))
        return tuple(Near(entity=EntityId(id_of(k)), passage=passage_of(k, "防汛")) for k in ("watch23", "pumps21"))

    plan = Plan(steps=(Topic(kind=EntityType.PROJECT, text="防汛"), Keep(condition=IN_2021)))
    assert keys(execute(plan, STORE, find_topic=find)) == ["pumps21"]
    assert asked[0][:2] == ("防汛", EntityType.PROJECT)
    assert execute(plan, STORE).rows == ()


@pytest.mark.parametrize(
    ("key", "outcome"),
    [
        ("dredge23/疏浚长度", Outcome.MISSED),
        ("dredge23/河道整洁度", Outcome.REACHED),
        ("watch23/监测次数", Outcome.REACHED),
        ("watch23/报告质量", Outcome.PARTLY),
        ("dredge21/疏浚长度", None),
    ],
)
def test_judge_compares_target_and_actual(key: str, outcome: Outcome | None) -> None:
    assert judge(CITY.entities[key]) is outcome


def test_derived_cells_keep_what_they_were_reckoned_from() -> None:
    cell = read_cell(CITY.entities["pumps21"], Column.CHANGE)
    assert cell is not None and cell.value == Decimal(-100000)
    assert [part.printed for part in cell.parts] == ["500,000", "600,000"]
    assert read_cell(CITY.entities["dredge23"], Column.CHANGE) is None
    budget = read_cell(CITY.entities["dredge23"], Column.BUDGET)
    assert budget is not None and budget.parts[0].column is Column.BUDGET_ADJUSTED and budget.printed == "120.00"


def test_counts_are_cells_of_every_row() -> None:
    cells = read_cells(STORE, STORE.of_type(EntityType.PROJECT), Column.INDICATOR_COUNT)
    assert {KEYS[i]: int(cell.value) for i, cell in cells.items()} == {
        "dredge21": 3,
        "pumps21": 2,
        "cloud21": 1,
        "dredge23": 2,
        "watch23": 2,
    }


@pytest.mark.parametrize(
    ("text", "value"), [("1,200.50", Decimal("1200.50")), ("规范", None), ("NaN", None), ("", None)]
)
def test_as_decimal(text: str, value: Decimal | None) -> None:
    assert as_decimal(text) == value


def test_proof_of_a_section_is_taken_from_that_section() -> None:
    city = City()
    city.unit("office", "甲市水务局")
    city.policy("water", "中华人民共和国水法")
    basis = "依据《中华人民共和国水法》疏浚。"
    city.target("dredge", "疏浚专项", 2021, "office", ("1", "1", "1", "1"), basis=basis)
    inside, outside = city.text.index("《中华人民共和国水法》疏浚"), city.print("概况提到《中华人民共和国水法》。")
    city.cites("dredge", "water", basis, "《中华人民共和国水法》", "basis", "overview")
    edge = city.edges[-1]
    place = replace(edge.sources[0], start=inside, end=inside + len(edge.sources[0].quote))
    kg = KnowledgeGraph(city.entities.values(), [*city.edges[:-1], replace(edge, sources=(outside, place))])
    keep = Keep(condition=Has(relation=Relation.RESTS_ON, ids=(city.entities["water"].id,)))
    result = execute(Plan(steps=(Select(kind=EntityType.PROJECT), keep)), EmbeddedStore(kg))
    assert result.rows[0].sources == (place,)
