"""Renamed units and programmes over the years: links with reasons, and what must not be linked."""

from __future__ import annotations

import pytest

from graph import build_graph
from graph.kg import KnowledgeGraph
from graph.model import EdgeType, Ruling
from graph.programmes import core_name
from tests.factories import Form, make_extraction

OLD, NEW = "上海甲桥商务区管理委员会", "上海甲桥国际中央商务区管理委员会"


def two_years(old: str, new: str, *, names: tuple[str, str], years: tuple[int, int] = (2020, 2023)) -> KnowledgeGraph:
    return build_graph(
        [
            make_extraction(Form(name=names[0], declares=old, year=years[0]), name="旧.txt"),
            make_extraction(Form(name=names[1], declares=None, supervises=new, year=years[1]), name="新.txt"),
        ]
    )


def links(kg: KnowledgeGraph, relation: EdgeType) -> list[tuple[str, str]]:
    return [
        (kg.entity(edge.source).label, kg.entity(edge.target).label)
        for edge in kg.edges.values()
        if edge.type is relation
    ]


def test_renaming_follows_from_inserted_words_and_names_that_go_on() -> None:
    kg = two_years(OLD, NEW, names=("甲桥商务区养护工作专项", "甲桥商务区宣传工作专项"))
    assert links(kg, EdgeType.RENAMED_TO) == [(OLD, NEW)]
    (edge,) = [edge for edge in kg.edges.values() if edge.type is EdgeType.RENAMED_TO]
    assert "2020年" in str(edge.properties["reason"])
    assert float(str(edge.properties["confidence"])) >= 0.8
    assert {source.document for source in edge.sources} == {"旧.txt", "新.txt"}


def test_renaming_without_anything_that_goes_on_is_only_suspected() -> None:
    kg = two_years(OLD, NEW, names=("养护", "宣传"))
    assert links(kg, EdgeType.RENAMED_TO) == []
    assert [j.ruling for j in kg.judgements] == [Ruling.SUSPECTED]


@pytest.mark.parametrize(
    ("old", "new", "years"),
    [
        (OLD, NEW, (2023, 2023)),
        (NEW.replace("国际中央", "国际中央"), "上海甲桥商务区投资促进与公共服务事务中心", (2020, 2023)),
        ("上海市教育委员会", "上海市教育委员会信息中心", (2020, 2023)),
        ("上海市甲区文化馆", "上海市乙区文化馆", (2020, 2023)),
        ("上海市财政局", "上海市规划局", (2020, 2023)),
    ],
    ids=["same year", "another body", "a body within", "another district", "another bureau"],
)
def test_renaming_is_not_seen_where_there_is_none(old: str, new: str, years: tuple[int, int]) -> None:
    kg = two_years(old, new, names=("甲桥商务区养护工作专项", "甲桥商务区养护工作专项"), years=years)
    assert links(kg, EdgeType.RENAMED_TO) == []


def test_same_programme_links_the_years_of_one_unit() -> None:
    forms = [Form(name="道路养护专项", year=year, declares="甲市建设局") for year in (2020, 2021, 2022)]
    kg = build_graph([make_extraction(form, name=f"{form.year}.txt") for form in forms])
    assert len(links(kg, EdgeType.SAME_PROGRAMME)) == 3
    assert all(edge.properties["reason"] for edge in kg.edges.values() if edge.type is EdgeType.SAME_PROGRAMME)


def test_same_programme_follows_a_renaming() -> None:
    kg = two_years(OLD, NEW, names=("甲桥商务区养护工作专项", "甲桥商务区养护工作专项"))
    assert links(kg, EdgeType.SAME_PROGRAMME) == [("甲桥商务区养护工作专项", "甲桥商务区养护工作专项")]


@pytest.mark.parametrize(
    ("a", "b"),
    [("道路养护一期工程", "道路养护二期工程"), ("信息化建设", "信息化运维"), ("道路养护", "绿化补种")],
)
def test_same_programme_needs_the_same_name(a: str, b: str) -> None:
    assert links(two_years("甲市建设局", "甲市建设局", names=(a, b)), EdgeType.SAME_PROGRAMME) == []


def test_same_programme_needs_one_unit() -> None:
    kg = two_years("甲市建设局", "乙市建设局", names=("道路养护专项", "道路养护专项"))
    assert links(kg, EdgeType.SAME_PROGRAMME) == []


def test_same_programme_needs_one_unit_that_does_the_work() -> None:
    forms = [
        Form(name="设备购置", year=2020, declares=None, supervises="甲市建设局", implements="甲市建设局一所"),
        Form(name="设备购置", year=2021, declares=None, supervises="甲市建设局", implements="甲市建设局二所"),
        Form(name="设备购置", year=2022, declares=None, supervises="甲市建设局", implements="甲市建设局一所"),
    ]
    kg = build_graph([make_extraction(form, name=f"{form.year}.txt") for form in forms])
    (edge,) = [edge for edge in kg.edges.values() if edge.type is EdgeType.SAME_PROGRAMME]
    assert [kg.entity(end).properties["year"] for end in (edge.source, edge.target)] == [2020, 2022]


def test_same_programme_takes_the_closest_name_only() -> None:
    kg = build_graph(
        [
            make_extraction(Form(name="甲湖公园绿化养护", year=2020), name="旧.txt"),
            make_extraction(
                Form(name="甲湖公园绿化养护费", year=2021),
                Form(name="甲湖公园绿化看护费", year=2021),
                name="新.txt",
            ),
        ]
    )
    assert links(kg, EdgeType.SAME_PROGRAMME) == [("甲湖公园绿化养护", "甲湖公园绿化养护费")]


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("2023年甲桥商务区公共服务工作专项", "公共服务"),
        ("公共服务专项经费", "公共服务"),
        ("上海市甲桥商务区公共服务项目", "公共服务"),
        ("经费", "经费"),
    ],
)
def test_core_name(name: str, core: str) -> None:
    assert core_name(name, ["甲桥商务区"]) == core
