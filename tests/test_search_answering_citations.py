"""What is said of documents beside an answer: no number printed, an odd number, several documents under one."""

from __future__ import annotations

import pytest

from graph.kg import KnowledgeGraph
from graph.model import EntityType
from graph.store import EmbeddedStore
from search.answering import compose
from search.engine import SearchEngine
from search.execute import execute
from search.model import Answer
from search.plan import Calculate, Follow, Has, Keep, Pick, Plan, Rank, Select, Show, Step
from search.plan_terms import Aggregate, Column, Relation
from tests.asked_city import City

ROADS = ("道路目录", "桥梁目录", "隧道目录")


def build() -> City:
    city = City()
    city.unit("office", "甲市建设局")
    for key in ("one", "two"):
        city.target(key, f"{key}专项", 2021, "office", ("1", "1", "1", "1"))
    number = "甲府发〔2019〕7号"
    city.policy("plan", "甲市道路规划", number, kind="文号", serial="7")
    city.policy("odd", "甲市桥梁规划", "甲府发〔2019〕31060号", kind="文号", serial="31060")
    printed = ("甲发[2002]017号",)
    city.policy("zero", "甲市隧道规划", "甲发〔2002〕17号", kind="文号", serial="17", variants=printed)
    city.policy("many", ROADS[0], "甲府发〔2014〕81号", kind="文号", titles=ROADS)
    city.cites("one", "plan", "按《甲市道路规划》（甲府发〔2019〕7号）养护", "甲府发〔2019〕7号", "basis")
    city.cites("two", "plan", "按《甲市道路发展规划》养护", "《甲市道路发展规划》", "basis")
    city.cites("one", "many", "按《道路目录》养护", "《道路目录》", "overview")
    return city


CITY = build()
STORE = EmbeddedStore(KnowledgeGraph(CITY.entities.values(), CITY.edges))
PROJECTS = Select(kind=EntityType.PROJECT)


def ask(*steps: Step, question: str = "问") -> Answer:
    plan = Plan(steps=steps)
    return compose(question, plan, execute(plan, STORE), store=STORE, text_of=lambda name: CITY.text)


def ids(*keys: str) -> tuple[str, ...]:
    return tuple(CITY.entities[key].id for key in keys)


def test_projects_that_print_the_title_only_are_named() -> None:
    said = ask(PROJECTS, Keep(condition=Has(relation=Relation.CITES, ids=ids("plan"))), Show())
    (note,) = (c for c in said.caveats if "只写标题" in c)
    assert note.startswith("其中1个项目只写标题，没有写“甲府发〔2019〕7号”，按标题认定为同一文件：two专项（2021年）")
    assert "《甲市道路发展规划》" in note and "one专项" not in note


@pytest.mark.parametrize(
    ("key", "words"),
    [("odd", "序号有5位数，与常例不符"), ("zero", "“甲发[2002]017号”，序号编了虚位"), ("plan", "")],
    ids=["long", "zero", "plain"],
)
def test_odd_numbers_are_doubted(key: str, words: str) -> None:
    said = ask(Pick(kind=EntityType.POLICY, ids=ids(key)), Show(columns=(Column.NUMBER,)))
    assert any(words in c for c in said.caveats) if words else said.caveats == ()


def test_both_counts_are_said_where_one_number_stands_for_several() -> None:
    cited = (Pick(kind=EntityType.PROJECT, ids=ids("one")), Follow(relation=Relation.CITES))
    counted = ask(*cited, Calculate(aggregate=Aggregate.COUNT))
    assert counted.value == 2
    assert "共2个文件（甲府发〔2014〕81号一号3件按1个计；按标题计共4件）：" in counted.text
    ranked = ask(PROJECTS, Rank(column=Column.CITATION_COUNT, last=1), Show(columns=(Column.CITATION_COUNT,)))
    assert any("甲府发〔2014〕81号一号3件按1个文件计；按标题计共4件" in c for c in ranked.caveats)


@pytest.mark.parametrize(
    ("relation", "question", "words"),
    [
        (Relation.CITES, "依据文件有哪些", "其中不在立项依据一栏、只在其他栏目提到的：《道路目录》"),
        (Relation.RESTS_ON, "立项依据是哪些文件", "只列立项依据一栏写明的文件；其他栏目另提到：《道路目录》"),
        (Relation.CITES, "引用了哪些文件", ""),
    ],
    ids=["loose", "strict", "any"],
)
def test_citations_outside_the_section_are_told_apart(relation: Relation, question: str, words: str) -> None:
    project = Pick(kind=EntityType.PROJECT, ids=ids("one"))
    said = ask(project, Follow(relation=relation), Show(), question=question)
    assert any(words in c for c in said.caveats) if words else not any("栏目" in c for c in said.caveats)


def test_the_section_asked_for_is_the_section_answered() -> None:
    engine = SearchEngine(STORE, text_of=lambda name: CITY.text)
    said = engine.ask("one专项的立项依据是哪些文件？")
    assert [item.name for item in said.items] == ["甲市道路规划"]
    assert "立项依据中引用的文件" in said.interpretation and any("其他栏目另提到" in c for c in said.caveats)
