"""The graph as a whole: claims carry every value, order does not matter, documents come and go without a trace."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import build_graph
from graph.claims import find_claims, unique_documents
from graph.ids import edge_id, type_of
from graph.kg import KnowledgeGraph
from graph.model import EdgeType, EntityType, Ruling
from ingest.model import Extraction, Field, FormKind, ReadingWarning, Span, WarningCode
from tests.factories import Cited, Form, make_extraction, rename_document

ROWS = (
    {"level1": "产出指标", "level2": "数量指标", "level3": "养护里程", "target_text": "≥10公里"},
    {"level1": "产出指标", "level2": "质量指标", "level3": "合格率", "target_text": "=100%"},
)


def content(kg: KnowledgeGraph) -> tuple[object, ...]:
    """Everything the graph holds, for comparison."""
    return dict(kg.entities), dict(kg.edges), kg.claims, kg.judgements


def draw_document(number: int) -> Extraction:
    """One of many small documents that share names, numbers and units in various ways."""
    pick = random.Random(number)
    units = [
        "上海甲桥商务区管理委员会",
        "上海甲桥国际中央商务区管理委员会",
        "上海市乙区财政局",
        "上海甲桥商务区管:理委员会",
    ]
    cites = [
        Cited("养护管理办法", "沪府发〔2018〕18号"),
        Cited("养护管理办法"),
        Cited("关于完善新城机制的建议", "沪发改财金〔2018〕18号"),
        Cited("关于完善新城机制的建议", "沪发改改金〔2018〕18号"),
        Cited(number="市政府令第25号"),
        Cited("中华人民共和国预算法"),
        Cited("预算法", issuer="市财政局"),
    ]
    forms = [
        Form(
            name=pick.choice(["甲桥商务区养护工作专项", "道路养护", "信息化运维", None]),
            year=pick.choice([2020, 2021, 2023]),
            declares=pick.choice(units),
            implements=pick.choice([None, *units]),
            kind=pick.choice(list(FormKind)),
            fields={Field.BUDGET_YEAR: pick.choice(["100", "200"]), Field.OVERVIEW: f"{pick.choice(units)}负责养护。"},
            cites=pick.sample(cites, 3),
            rows=ROWS[: pick.randrange(3)],
            tasks=("整理档案",) if pick.random() < 0.3 else (),
        )
        for _ in range(pick.randrange(1, 3))
    ]
    return make_extraction(*forms, name=f"{number}.txt", outside=pick.sample(cites, 1))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=8, unique=True), st.randoms())
def test_build_graph_does_not_depend_on_order(numbers: list[int], shuffler: random.Random) -> None:
    documents = [draw_document(number) for number in numbers]
    first = content(build_graph(documents))
    shuffler.shuffle(documents)
    assert content(build_graph(documents)) == first


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=8, unique=True))
def test_every_value_has_its_proof(numbers: list[int]) -> None:
    documents = [draw_document(number) for number in numbers]
    texts = {extraction.document.name: extraction.document.text for extraction in documents}
    kg = build_graph(documents)
    claimed = {claim.id for claim in kg.claims}
    assert len(claimed) == len(kg.claims)
    for entity in kg.entities.values():
        assert entity.sources
        assert set(entity.evidence) == set(entity.properties)
        assert all(entity.evidence.values())
        assert type_of(entity.id) is entity.type
        for source in (*entity.sources, *(s for places in entity.evidence.values() for s in places)):
            assert texts[source.document][source.start : source.end] == source.quote
    for edge in kg.edges.values():
        assert edge.sources
        assert edge.id == edge_id(edge.type, edge.source, edge.target)


def test_documents_come_and_go_without_a_trace() -> None:
    """500 random steps of adding, replacing and removing: the graph is always the one a fresh build gives."""
    pick = random.Random(7)
    held: dict[str, Extraction] = {}
    for step in range(500):
        name = f"文件{pick.randrange(12)}.txt"
        if name in held and pick.random() < 0.4:
            del held[name]
        else:
            held[name] = rename_document(draw_document(pick.randrange(400)), name)
        if step % 25 == 0:
            given_order = list(held.values())
            pick.shuffle(given_order)
            assert content(build_graph(given_order)) == content(build_graph(sorted(held.values(), key=str)))
            sources = {source for entity in build_graph(given_order).entities.values() for source in entity.sources}
            assert {source.document for source in sources} <= {e.document.name for e in unique_documents(held.values())}


def test_same_bytes_under_two_names_count_once() -> None:
    one = make_extraction(Form(), name="a.txt")
    kg = build_graph([rename_document(one, "b.txt"), one])
    assert [source.label for source in kg.of_type(EntityType.SOURCE)] == ["a.txt"]


def test_two_contents_under_one_name_keep_their_evidence_apart() -> None:
    kg = build_graph([make_extraction(Form(name="甲项目")), make_extraction(Form(name="乙项目"))])
    names = {source.label for source in kg.of_type(EntityType.SOURCE)}
    assert len(names) == 2
    assert "甲.txt" in names


def test_forms_of_one_project_and_year_are_one_project() -> None:
    target = Form(name="道路养护", fields={Field.BUDGET_YEAR: "100"}, rows=ROWS)
    evaluation = Form(
        name="道路 养护",
        kind=FormKind.SELF_EVALUATION,
        declares=None,
        supervises="甲市建设局",
        fields={Field.TOTAL_SCORE: "95"},
        rows=[{**ROWS[0], "score": "20"}],
    )
    kg = build_graph([make_extraction(target, name="目标.txt"), make_extraction(evaluation, name="自评.txt")])
    (project,) = kg.of_type(EntityType.PROJECT)
    assert project.properties["budget_year"] == "100"
    assert project.properties["total_score"] == "95"
    assert len(kg.edges_from(project.id, EdgeType.DESCRIBED_IN)) == 2
    assert len(kg.targets(project.id, EdgeType.HAS_INDICATOR)) == 2


def test_same_name_of_two_implementing_units_is_two_projects() -> None:
    forms = [
        Form(name="设备购置", declares=None, supervises="甲局", implements=unit)
        for unit in ("甲局乙中心", "甲局丙中心")
    ]
    assert len(build_graph([make_extraction(*forms)]).of_type(EntityType.PROJECT)) == 2


@pytest.mark.parametrize(
    ("forms", "count"),
    [
        ([Form(declares="甲局乙中心"), Form(declares=None, supervises="甲局", implements="甲局乙中心")], 1),
        ([Form(declares="甲局"), Form(declares=None, supervises="甲局", implements="甲局乙中心")], 1),
        ([Form(declares=None, supervises="甲局"), Form(declares=None, supervises="甲局", implements="甲局乙中心")], 1),
        ([Form(declares="甲局"), Form(declares="丙局")], 2),
        (
            [Form(declares=None, supervises="甲局", implements=unit) for unit in ("乙中心", "丙中心")]
            + [Form(declares="甲局")],
            3,
        ),
        ([Form(declares=None, supervises=unit) for unit in ("甲局", "甲局", "丙局")], 2),
        ([Form(declares=None), Form(declares=None)], 1),
    ],
    ids=[
        "declared and implemented",
        "declared above",
        "no implementer",
        "two units",
        "two doers",
        "only overseers",
        "none",
    ],
)
def test_which_forms_of_one_name_and_year_are_one_project(forms: list[Form], count: int) -> None:
    for order in itertools.permutations(forms):
        documents = [make_extraction(form, name=f"{n}.txt") for n, form in enumerate(order)]
        assert len(build_graph(documents).of_type(EntityType.PROJECT)) == count


def test_damaged_project_name_is_kept_and_marked() -> None:
    extraction = make_extraction(Form(name="商务发展工作专项"))
    (project,) = extraction.projects
    (name,) = (r for r in project.readings if r.name is Field.NAME)
    doubt = ReadingWarning(code=WarningCode.LOST_CELL, message="开头可能缺字", spans=name.spans)
    damaged = replace(extraction, projects=(replace(project, warnings=(doubt,)),))
    (entity,) = build_graph([damaged]).of_type(EntityType.PROJECT)
    assert (entity.label, entity.properties["damaged"]) == ("商务发展工作专项", True)


def test_forms_without_a_name_are_projects_of_their_own() -> None:
    kg = build_graph([make_extraction(Form(name=None), Form(name=None))])
    assert [project.label for project in kg.of_type(EntityType.PROJECT)] == ["（未读出名称的项目）"] * 2


def test_disagreeing_documents_both_stay_and_the_graph_says_so() -> None:
    said = {"一.txt": "100", "二.txt": "200", "三.txt": "200"}
    kg = build_graph(
        [
            make_extraction(Form(fields={Field.BUDGET_YEAR: value, Field.OVERVIEW: name}), name=name)
            for name, value in said.items()
        ]
    )
    (project,) = kg.of_type(EntityType.PROJECT)
    assert project.properties["budget_year"] == "200"
    assert {source.document for source in project.evidence["budget_year"]} == {"二.txt", "三.txt"}
    (dispute,) = [j for j in kg.judgements if j.ruling is Ruling.DISPUTED]
    assert dispute.writings == ("200", "100")
    assert "项目当年预算" in dispute.reason
    assert {claim.value for claim in kg.claims if claim.predicate == "budget_year"} == {"100", "200"}


def test_rows_that_agree_in_every_cell_stay_two_indicators() -> None:
    kg = build_graph([make_extraction(Form(rows=[ROWS[0], ROWS[0]]))])
    assert len(kg.of_type(EntityType.INDICATOR)) == 2


def test_find_claims_speaks_of_one_document_only() -> None:
    extraction = make_extraction(Form(cites=[Cited("养护管理办法")]), name="甲.txt")
    claims = find_claims(extraction)
    assert {claim.document_sha256 for claim in claims} == {extraction.document.sha256}
    assert all(claim.sources for claim in claims)
    assert len({claim.id for claim in claims}) == len(claims)


def test_reading_without_a_place_is_no_claim_and_stops_nothing() -> None:
    extraction = make_extraction(Form(cites=[Cited("养护管理办法")], rows=ROWS, tasks=["整理"]))
    (project,) = extraction.projects
    nowhere = replace(
        project,
        readings=tuple(replace(reading, spans=()) for reading in project.readings),
        units=tuple(replace(unit, spans=()) for unit in project.units),
        tasks=tuple(replace(task, spans=()) for task in project.tasks),
        indicators=tuple(replace(row, span=Span(start=0, end=0)) for row in project.indicators),
    )
    kg = build_graph([replace(extraction, projects=(nowhere,))])
    assert kg.counts() == {"PolicyDocument": 1, "Project": 1, "SourceDocument": 1, "cites": 1, "described_in": 1}
    assert all(claim.sources for claim in kg.claims)


def test_year_of_the_document_stands_in_for_a_missing_one() -> None:
    kg = build_graph([make_extraction(Form(year=None), year=2022)])
    (project,) = kg.of_type(EntityType.PROJECT)
    assert project.properties["year"] == 2022


TITLES = [None, "道路管理条例", "转发道路管理条例", "关于印发〈转发道路管理条例〉的通知", "桥梁养护细则"]
NUMBERS = [None, None, "国务院令第9号", "国务院令2010年第9号", "沪府发〔2018〕18号"]
CITED = st.builds(Cited, title=st.sampled_from(TITLES), number=st.sampled_from(NUMBERS)).filter(
    lambda cited: cited.title is not None or cited.number is not None
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CITED, min_size=1, max_size=8), min_size=1, max_size=3))
def test_every_citation_stands_in_the_document_that_it_names(documents: list[list[Cited]]) -> None:
    extractions = [
        make_extraction(Form(name=f"项目{n}", cites=cites), name=f"{n}.txt") for n, cites in enumerate(documents)
    ]
    kg = build_graph(extractions)
    proven = {source for policy in kg.of_type(EntityType.POLICY) for source in policy.sources}
    told = [claim for claim in kg.claims if claim.predicate == "type" and claim.value == EntityType.POLICY]
    assert len(told) == sum(map(len, documents))
    assert [claim.raw for claim in told if not proven.issuperset(claim.sources)] == []
    turned = build_graph(reversed(extractions))
    assert dict(turned.entities) == dict(kg.entities)
    assert dict(turned.edges) == dict(kg.edges)
