"""TopicSearch on invented documents: exact phrases first, nonsense finds nothing, roll-up; then the real model."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from graph import open_snapshot
from graph.kg import KnowledgeGraph
from graph.model import Edge, EdgeId, EdgeType, Entity, EntityId, EntityType, Passage, Source
from search.embedding import Embedder, HashingEmbedder, SentenceTransformerEmbedder
from search.errors import ModelMismatch, ModelUnavailable
from search.topic_index import TopicIndex, build_topic_index
from search.topics import TopicSearch

PHRASES = Path(__file__).parent / "bench" / "topic_phrases.toml"
SEEDS = Path(__file__).parent.parent / "seeds"

SECTIONS = {
    "道路养护": ("对破损路面进行铣刨加罩，修补坑槽，疏通雨水井。", "养护合同约定每季度巡查两次。"),
    "绿化补种": ("在道路两侧补种行道树，修剪枯枝，防治天牛等虫害。",),
    "校舍加固": ("对教学楼承重墙进行抗震加固，更换老旧门窗。", "施工期间学生在临时校舍上课。"),
}


def entity(kind: EntityType, label: str, key: str) -> Entity:
    source = Source(document="甲.txt", start=0, end=len(label), quote=label)
    return Entity(
        id=EntityId(f"{kind.lower()}:{key}"), type=kind, label=label, properties={"name": label}, sources=(source,)
    )


def graph_of_sections() -> tuple[KnowledgeGraph, tuple[Passage, ...]]:
    projects = [entity(EntityType.PROJECT, name, str(n)) for n, name in enumerate(SECTIONS)]
    indicator = entity(EntityType.INDICATOR, "行道树成活率", "0")
    policy = entity(EntityType.POLICY, "城市绿化条例", "0")
    edge = Edge(
        id=EdgeId("edge:0"),
        type=EdgeType.HAS_INDICATOR,
        source=projects[1].id,
        target=indicator.id,
        properties={},
        sources=indicator.sources,
    )
    kg = KnowledgeGraph([*projects, indicator, policy], [edge])
    texts = [(project.id, "overview", text) for project in projects for text in SECTIONS[project.label]]
    texts += [(one.id, "entity", one.label) for one in (*projects, indicator, policy)]
    passages = tuple(
        Passage(id=f"passage:{n}", entity=owner, kind=kind, text=text, sources=())
        for n, (owner, kind, text) in enumerate(texts)
    )
    return kg, passages


@pytest.fixture(scope="module")
def built() -> tuple[KnowledgeGraph, tuple[Passage, ...], TopicIndex]:
    kg, passages = graph_of_sections()
    index, _ = build_topic_index(kg, passages, HashingEmbedder(dimension=64), kept={})
    return kg, passages, index


@pytest.fixture(params=["model", "words"])
def search(
    request: pytest.FixtureRequest, built: tuple[KnowledgeGraph, tuple[Passage, ...], TopicIndex]
) -> TopicSearch:
    factory = (lambda name: HashingEmbedder(dimension=64)) if request.param == "model" else None
    return TopicSearch(*built, embedder_factory=factory)


@pytest.mark.parametrize(
    ("query", "label"),
    [("修补坑槽", "道路养护"), ("抗震加固", "校舍加固"), ("防治 天牛", "绿化补种"), ("校舍", "校舍加固")],
)
def test_find_puts_the_exact_phrase_first(search: TopicSearch, query: str, label: str) -> None:
    hit = search.find(query)[0]
    assert hit.entity.label == label
    assert query in hit.why


@pytest.mark.parametrize(
    ("query", "held"),
    [
        ("学生临时校舍", True),
        ("道路加固", False),
        ("学生电话", False),
        ("校舍", False),
        ("", False),
    ],
)
def test_words_are_held_where_one_passage_has_them_all(search: TopicSearch, query: str, *, held: bool) -> None:
    assert search.holds_words(query) is held


@pytest.mark.parametrize("query", ["的的的", "", "？？？", "12345", "🐼🐼"])
def test_find_finds_nothing_where_no_word_bears_a_topic(search: TopicSearch, query: str) -> None:
    assert search.find(query) == ()


@pytest.mark.parametrize("query", ["量子引力红烧肉", "写一首诗", "今天天气", "道路交响乐"])
def test_find_by_words_finds_nothing_foreign(
    built: tuple[KnowledgeGraph, tuple[Passage, ...], TopicIndex], query: str
) -> None:
    assert TopicSearch(*built).find(query) == ()


def test_find_keeps_what_has_all_the_words_beside_the_exact_phrase() -> None:
    texts = {
        "甲": "对历年文书档案整理装订，编目入库。",
        "乙": "开展档案规范化整理，提高查阅效率。",
        "丙": "完成阅览室的消防改造。",
        "丁": "更换老旧门窗，疏通下水管道。",
        "戊": "整理会议室，添置桌椅。",
    }
    projects = [entity(EntityType.PROJECT, name, name) for name in texts]
    passages = tuple(
        Passage(id=f"passage:{p.label}", entity=p.id, kind="section", text=texts[p.label], sources=p.sources)
        for p in projects
    )
    kg = KnowledgeGraph(projects, ())
    index, _ = build_topic_index(kg, passages, None, kept={})
    hits = TopicSearch(kg, passages, index).find("档案整理")
    assert [hit.entity.label for hit in hits] == ["甲", "乙"]


def test_find_gives_each_project_once_with_its_best_passage(search: TopicSearch) -> None:
    hits = search.find("更换老旧门窗")
    assert [hit.entity.label for hit in hits] == ["校舍加固"]
    assert "门窗" in hits[0].passage.text


def test_find_rolls_indicators_up_to_their_project(search: TopicSearch) -> None:
    hit = search.find("成活率")[0]
    assert (hit.entity.label, hit.passage.text) == ("绿化补种", "行道树成活率")
    assert search.find("成活率", kind=EntityType.INDICATOR)[0].entity.label == "行道树成活率"


def test_find_other_kinds(search: TopicSearch) -> None:
    assert [hit.entity.label for hit in search.find("城市绿化", kind=EntityType.POLICY)] == ["城市绿化条例"]
    assert search.find("城市绿化", kind=EntityType.UNIT) == ()


def test_find_keeps_the_limit(search: TopicSearch) -> None:
    assert len(search.find("道路", limit=10)) == 2
    assert len(search.find("道路", limit=1)) == 1


def test_find_literal_wants_the_phrase(search: TopicSearch) -> None:
    assert [hit.entity.label for hit in search.find("加固教学楼", literal=True)] == []
    assert [hit.entity.label for hit in search.find("承重墙", literal=True)] == ["校舍加固"]


def test_find_twice_is_the_same(search: TopicSearch) -> None:
    assert search.find("道路两侧的树木") == search.find("道路两侧的树木")


def test_find_without_a_model_says_so(built: tuple[KnowledgeGraph, tuple[Passage, ...], TopicIndex]) -> None:
    def refuse(name: str) -> Embedder:
        raise ModelUnavailable("本机没有模型")

    search = TopicSearch(*built, embedder_factory=refuse)
    assert search.note == ""
    assert search.find("修补坑槽")[0].entity.label == "道路养护"
    assert "只按字词" in search.note


def test_find_refuses_another_model(built: tuple[KnowledgeGraph, tuple[Passage, ...], TopicIndex]) -> None:
    class Other(HashingEmbedder):
        digest = "another"

    search = TopicSearch(*built, embedder_factory=lambda name: Other(dimension=64))
    with pytest.raises(ModelMismatch, match="jixiao build"):
        search.find("修补坑槽")


def test_find_loads_the_model_once_and_late(
    built: tuple[KnowledgeGraph, tuple[Passage, ...], TopicIndex],
) -> None:
    loaded: list[str] = []

    def load(name: str) -> Embedder:
        loaded.append(name)
        return HashingEmbedder(dimension=64)

    search = TopicSearch(*built, embedder_factory=load)
    assert loaded == []
    search.find("道路")
    search.find("校舍")
    assert loaded == ["hashing-stub"]


@pytest.fixture(scope="module")
def real(seeds_snapshot: Path, embedder: SentenceTransformerEmbedder) -> TopicSearch:
    return TopicSearch.open(open_snapshot(seeds_snapshot), embedder_factory=lambda name: embedder)


@pytest.fixture(scope="module")
def phrases() -> dict[str, dict[str, Any]]:
    return tomllib.loads(PHRASES.read_text(encoding="utf-8"))


@pytest.mark.model
@pytest.mark.parametrize("part", ["choose", "check"])
def test_find_on_the_seeds_finds_what_a_phrase_is_about(
    real: TopicSearch, phrases: dict[str, dict[str, Any]], part: str
) -> None:
    about = phrases[part]["about"]
    right = [
        phrase
        for phrase, names in about
        if any(name in hit.entity.label for hit in real.find(phrase)[:3] for name in names)
    ]
    assert len(right) >= 0.85 * len(about), [phrase for phrase, _ in about if phrase not in right]


@pytest.mark.model
@pytest.mark.parametrize("part", ["choose", "check"])
def test_find_on_the_seeds_lets_hardly_anything_foreign_in(
    real: TopicSearch, phrases: dict[str, dict[str, Any]], part: str
) -> None:
    foreign = phrases[part]["foreign"]
    found = [phrase for phrase in foreign if real.find(phrase)]
    assert len(found) <= 0.05 * len(foreign), found


@pytest.mark.model
@pytest.mark.parametrize("phrase", ["帮我写一首诗", "量子引力红烧肉", "今天天气怎么样", "如何减肥", "推荐一部电影"])
def test_find_on_the_seeds_finds_nothing_for_nonsense(real: TopicSearch, phrase: str) -> None:
    assert real.find(phrase) == ()
