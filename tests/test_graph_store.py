"""The store's closed operations, counted against plain Python over the same graph."""

from __future__ import annotations

from decimal import Decimal

import pytest

from graph import build_graph, cut_passages
from graph.errors import UnknownId
from graph.model import EdgeType, EntityId, EntityType
from graph.store import Comparison, Condition, EmbeddedStore, GroupBy, Measure, Statistic
from ingest.model import Field
from tests.factories import Cited, Form, make_extraction

BUDGETS = {"养护": "100.50", "绿化": "200", "照明": "300", "清扫": None}


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    forms = [
        Form(
            name=name,
            year=2020 if name != "照明" else 2021,
            declares="甲局" if name != "绿化" else "乙局",
            fields={Field.BUDGET_YEAR: budget} if budget else {},
            cites=[Cited("预算法")] if name in ("养护", "照明") else [],
        )
        for name, budget in BUDGETS.items()
    ]
    kg = build_graph([make_extraction(*forms)])
    return EmbeddedStore(kg, lambda: cut_passages(kg))


def rows(store: EmbeddedStore, spec: GroupBy) -> dict[str, tuple[Decimal | None, ...]]:
    return {row.label: row.values for row in store.aggregate(spec)}


def where(comparison: Comparison, value: str | int = "", name: str = "budget_year") -> Condition:
    return Condition(property=name, comparison=comparison, value=value)


def test_aggregate_sums_exactly(store: EmbeddedStore) -> None:
    spec = GroupBy(
        type=EntityType.PROJECT,
        measures=tuple(Measure(statistic=s, property="budget_year") for s in Statistic),
    )
    assert rows(store, spec) == {
        "全部": (Decimal(3), Decimal("600.50"), Decimal("600.50") / 3, Decimal("100.50"), Decimal(300), Decimal(3))
    }


def test_aggregate_groups_by_property_and_by_neighbour(store: EmbeddedStore) -> None:
    assert rows(store, GroupBy(type=EntityType.PROJECT, property="year")) == {
        "2020": (Decimal(3),),
        "2021": (Decimal(1),),
    }
    by_unit = GroupBy(type=EntityType.PROJECT, relation=EdgeType.DECLARES, direction="in")
    assert rows(store, by_unit) == {"甲局": (Decimal(3),), "乙局": (Decimal(1),)}
    cited = GroupBy(type=EntityType.POLICY, relation=EdgeType.CITES, direction="in")
    assert sum(len(row.members) for row in store.aggregate(cited)) == 2


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        (where(Comparison.MORE, "100.50"), 2),
        (where(Comparison.AT_LEAST, "100.5"), 3),
        (where(Comparison.LESS, 300), 2),
        (where(Comparison.AT_MOST, "300.00"), 3),
        (where(Comparison.EQUAL, "200.0"), 1),
        (where(Comparison.DIFFERENT, "200"), 3),
        (where(Comparison.PRESENT), 3),
        (where(Comparison.CONTAINS, "养", "name"), 1),
        (where(Comparison.EQUAL, 2021, "year"), 1),
        (where(Comparison.MORE, "2020", "year"), 1),
    ],
)
def test_aggregate_keeps_conditions(store: EmbeddedStore, condition: Condition, count: int) -> None:
    assert rows(store, GroupBy(type=EntityType.PROJECT, conditions=(condition,))) == {"全部": (Decimal(count),)}


def test_aggregate_of_nothing_counts_zero(store: EmbeddedStore) -> None:
    spec = GroupBy(
        type=EntityType.PROJECT,
        ids=(),
        measures=(Measure(statistic=Statistic.COUNT), Measure(statistic=Statistic.SUM, property="budget_year")),
    )
    assert rows(store, spec) == {"全部": (Decimal(0), None)}


def test_expand_is_one_hop_and_complete(store: EmbeddedStore) -> None:
    (policy,) = store.of_type(EntityType.POLICY)
    edges = store.expand([policy.id], EdgeType.CITES, direction="in")
    assert {entity.label for entity in store.nodes([edge.source for edge in edges])} == {"养护", "照明"}
    assert store.expand([policy.id], EdgeType.CITES) == ()


def test_nodes_leaves_out_unknown_ids(store: EmbeddedStore) -> None:
    (policy,) = store.of_type(EntityType.POLICY)
    assert store.nodes([EntityId("policy:none"), policy.id]) == (policy,)
    with pytest.raises(UnknownId, match="policy:none"):
        store.kg.entity("policy:none")


def test_passages_come_by_entity(store: EmbeddedStore) -> None:
    (policy,) = store.of_type(EntityType.POLICY)
    assert [passage.text for passage in store.passages([policy.id])] == ["《预算法》"]


def test_neighbourhood_is_bounded(store: EmbeddedStore) -> None:
    (policy,) = store.of_type(EntityType.POLICY)
    near = store.kg.neighbourhood([policy.id], hops=1)
    assert {entity.label for entity in near.entities.values()} == {"《预算法》", "养护", "照明"}
    assert len(store.kg.neighbourhood([policy.id], hops=3, limit=4)) == 4


def test_path_between_finds_the_shortest_way(store: EmbeddedStore) -> None:
    labelled = {entity.label: entity.id for entity in store.kg.entities.values()}
    path = store.kg.path_between(labelled["甲局"], labelled["《预算法》"])
    assert [edge.type for edge in path] == [EdgeType.DECLARES, EdgeType.CITES]
    assert store.kg.path_between(labelled["甲局"], labelled["甲局"]) == ()
