"""Dumps, explanations and differences: what people and other programs read of a graph."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import build_graph, cut_passages, export_graph, passages
from graph.diff import compare
from graph.errors import ImportRejected, UnknownId
from graph.explain import explain_entity
from graph.exports_jsonl import dump_lines, read_jsonl, to_jsonl, write_jsonl
from graph.kg import KnowledgeGraph
from graph.model import EdgeType, EntityType
from graph.passages import split_text
from graph.selection import select
from ingest.model import Field
from tests.factories import Cited, Form, make_extraction

RIGHT = Cited("关于完善新城机制的建议", "沪发改财金〔2018〕18号")
WRONG = Cited("关于完善新城机制的建议", "沪发改改金〔2018〕18号")


def sample(budget: str = "100", cites: tuple[Cited, ...] = (RIGHT, WRONG)) -> KnowledgeGraph:
    form = Form(fields={Field.BUDGET_YEAR: budget}, cites=cites, rows=[{"level3": "里程", "target_text": "≥10"}])
    return build_graph([make_extraction(form)])


def test_read_jsonl_gives_back_what_was_written(tmp_path: Path) -> None:
    kg = sample()
    path = tmp_path / "dump.jsonl"
    write_jsonl(kg.entities.values(), kg.edges.values(), path)
    back = read_jsonl(path)
    assert dict(back.entities) == dict(kg.entities)
    assert dict(back.edges) == dict(kg.edges)
    assert path.read_bytes() == to_jsonl(select("全部", kg.entities.values(), kg.edges.values()))


def test_dump_lines_have_the_promised_keys() -> None:
    kg = sample()
    lines = [json.loads(line) for line in dump_lines(kg.entities.values(), kg.edges.values())]
    node = next(line for line in lines if line["kind"] == "node" and line["type"] == "Project")
    edge = next(line for line in lines if line["kind"] == "edge" and line["type"] == "cites")
    assert list(node)[:6] == ["kind", "id", "type", "label", "properties", "sources"]
    assert set(node["sources"][0]) >= {"document", "start", "end", "page", "quote"}
    assert {"source", "target", "properties", "sources"} <= set(edge)
    assert edge["properties"]["section"] == ["basis"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace('"kind":"node"', '"kind":"knot"', 1),
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"type":"Project"', '"type":"Unit"', 1),
        lambda text: "\n".join(line for line in text.splitlines() if '"type":"Unit"' not in line),
        lambda text: re.sub(r'"id":"edge:[0-9a-f]{4}', '"id":"edge:0000', text, count=1),
        lambda text: re.sub(r'"evidence":\{"(\w+)":\[\d+', r'"evidence":{"\1":[999', text, count=1),
    ],
    ids=["kind", "cut", "type", "lost node", "edge id", "evidence"],
)
def test_read_jsonl_rejects_a_damaged_dump(tmp_path: Path, spoil: object) -> None:
    kg = sample()
    path = tmp_path / "dump.jsonl"
    write_jsonl(kg.entities.values(), kg.edges.values(), path)
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]
    with pytest.raises(ImportRejected, match=r"dump\.jsonl"):
        read_jsonl(path)


def changed_line(text: str, kind: str, **changes: object) -> str:
    """The dump with the first line of that type changed."""
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if json.loads(line)["type"] == kind)
    row = json.loads(lines[at])
    row["properties"] |= changes.pop("properties", {})
    lines[at] = json.dumps(row | changes, ensure_ascii=False)
    return "\n".join(lines)


@pytest.mark.parametrize(
    "changes",
    [
        {"properties": {"budget_year": "abc"}},
        {"properties": {"budget_year": "NaN"}},
        {"properties": {"budget_year": "1E999999999"}},
        {"properties": {"budget_year": ["1", "2"]}},
        {"properties": {"score": 10**30}},
        {"properties": {"year": "abc"}},
        {"properties": {"year": ["2020", "x"]}},
        {"properties": {"year": -1}},
        {"properties": {"government_procurement": "是"}},
        {"properties": {"other": 10**30}},
        {"properties": {"=cmd|'/c calc'!A0": "x"}},
        {"properties": {"a> <urn:x": "x"}},
        {"id": "project:a> <urn:x> <urn:y> .\n<urn:z"},
        {"id": "project:ABCDEF000000"},
        {"evidence": {"a b": [0]}},
        {"sources": [{"document": "甲.txt", "start": 5, "end": 3, "page": None, "quote": "x"}]},
        {"sources": [{"document": "甲.txt", "start": 0, "end": 3, "page": -1, "quote": "x"}]},
    ],
    ids=lambda changes: json.dumps(changes)[:40],
)
def test_read_jsonl_rejects_values_that_no_export_could_write(tmp_path: Path, changes: dict[str, object]) -> None:
    path = tmp_path / "dump.jsonl"
    kg = sample()
    write_jsonl(kg.entities.values(), kg.edges.values(), path)
    path.write_text(changed_line(path.read_text(encoding="utf-8"), "Project", **changes), encoding="utf-8")
    with pytest.raises(ImportRejected, match=r"dump\.jsonl"):
        read_jsonl(path)


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "[" * 100_000, '{"kind":"node","id":%s}' % ("1" * 5_000), '{"kind":"node","label":"\\ud800"}'],
    ids=["empty", "blank", "nested", "long-number", "half-a-sign"],
)
def test_read_jsonl_rejects_what_is_no_dump(tmp_path: Path, text: str) -> None:
    path = tmp_path / "dump.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ImportRejected) as caught:
        read_jsonl(path)
    assert not re.search("[a-z]{4,}", caught.value.reason)


def test_explain_entity_tells_writings_and_reasons() -> None:
    explained = explain_entity(sample(), "沪发改改金〔2018〕18号")
    text = explained.to_text()
    assert "只差机关代字中的一个字" in text
    assert "“沪发改改金〔2018〕18号”　甲.txt" in text
    (wrong,) = [w for w in explained.writings if w.text == "沪发改改金〔2018〕18号"]
    assert [source.quote for source in wrong.sources] == ["沪发改改金〔2018〕18号"]
    assert json.loads(json.dumps(explained.to_json(), ensure_ascii=False))["decided"]


def test_explain_entity_by_id() -> None:
    kg = sample()
    (unit,) = [u for u in kg.of_type(EntityType.UNIT) if u.label == "甲市建设局"]
    assert "没有合并过别的写法" in explain_entity(kg, unit.id).to_text()


def test_explain_entity_lists_candidates_of_an_ambiguous_name() -> None:
    forms = [Form(name="道路养护", declares=unit) for unit in ("甲局", "乙局")]
    kg = build_graph([make_extraction(*forms)])
    with pytest.raises(UnknownId, match="有 2 个实体"):
        explain_entity(kg, "道路养护")
    with pytest.raises(UnknownId, match="没有这个编号或名称"):
        explain_entity(kg, "没有的")


def test_compare_tells_what_changed_with_proof() -> None:
    changes = compare(sample("100"), sample("250", cites=(RIGHT, Cited("预算法"))))
    assert [entity.label for entity in changes.added if entity.type is EntityType.POLICY] == ["《预算法》"]
    (project,) = [pair for pair in changes.changed if pair[0].type is EntityType.PROJECT]
    (budget,) = [change for change in project[1] if change.property == "budget_year"]
    assert (budget.old, budget.new, budget.sources[0].quote) == ("100", "250", "250")
    assert {edge.type for edge in changes.added_edges} == {EdgeType.CITES, EdgeType.DESCRIBED_IN}
    text = changes.to_text()
    assert "+ 政策文件 《预算法》" in text
    assert "项目当年预算（元）：100 → 250" in text
    assert json.loads(json.dumps(changes.to_json(), ensure_ascii=False))["added"]


def test_compare_shows_long_values_from_where_they_differ() -> None:
    long = "养护道路。" * 40
    kgs = [build_graph([make_extraction(Form(fields={Field.OVERVIEW: long + end}))]) for end in ("旧", "新")]
    (line,) = [line for line in compare(*kgs).to_text().splitlines() if "项目概况" in line]
    assert "…" in line
    assert "旧 → …" in line
    assert "新　甲.txt" in line


def test_export_graph_writes_what_read_jsonl_reads(tmp_path: Path) -> None:
    kg = sample()
    export_graph(kg, format="jsonl", path=tmp_path / "dump.jsonl")
    assert dict(read_jsonl(tmp_path / "dump.jsonl").entities) == dict(kg.entities)
    with pytest.raises(ValueError, match="nothing"):
        export_graph(kg, format="nothing", path=tmp_path / "dump.nothing")


def test_compare_of_a_graph_with_itself_is_empty() -> None:
    changes = compare(sample(), sample())
    assert changes.is_empty
    assert changes.to_text() == "两份快照的内容相同。"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="养护道路，。；\n 1a《》", max_size=1500))
def test_split_text_covers_every_letter_once(text: str) -> None:
    ranges = split_text(text)
    assert all(0 < end - start <= 300 for start, end in ranges)
    covered = "".join(text[start:end] for start, end in ranges)
    assert [sign for sign in covered if not sign.isspace()] == [sign for sign in text if not sign.isspace()]


def test_cut_passages_narrows_sources_to_the_sentences() -> None:
    long = "".join(f"第{n}段讲养护的第{n}件事，说得很清楚。" for n in range(60))
    kg = build_graph([make_extraction(Form(fields={Field.OVERVIEW: long}))])
    pieces = [passage for passage in cut_passages(kg) if passage.kind == "overview"]
    assert len(pieces) > 3
    assert "".join(passage.text for passage in pieces) == long
    for passage in pieces:
        assert [source.quote for source in passage.sources] == [passage.text]


def test_cut_passages_follows_a_section_once_however_long(monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[int] = []
    real = passages._follow
    monkeypatch.setattr(passages, "_follow", lambda text, sources: followed.append(len(text)) or real(text, sources))
    long = "养护道路，说得很清楚。" * 500
    pieces = cut_passages(build_graph([make_extraction(Form(fields={Field.OVERVIEW: long}))]))
    assert len(pieces) > 20
    assert followed == [len(long)]


def test_cut_passages_has_one_for_every_entity() -> None:
    kg = sample()
    cut = cut_passages(kg)
    assert {passage.entity for passage in cut if passage.kind == "entity"} == set(kg.entities)
    assert len({passage.id for passage in cut}) == len(cut)
    assert all(passage.sources for passage in cut)
