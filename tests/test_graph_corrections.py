"""corrections.toml: what people decide holds at every build, and what it did is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import build_graph
from graph.corrections import Corrections, Merge, load_corrections
from graph.errors import CorrectionsError
from graph.kg import KnowledgeGraph
from graph.model import EdgeType, EntityType, Ruling
from tests.factories import Cited, Form, make_extraction

FORMS = (
    Form(
        name="甲项目", declares="甲市建设局", cites=[Cited("养护管理办法", "沪府发〔2018〕18号"), Cited("养护办法汇编")]
    ),
    Form(name="乙项木", declares="甲市建设:局", cites=[Cited("关于完善新城机制的建议", "沪发改财金〔2018〕18号")]),
    Form(name="丙项目", declares="甲市建设局", cites=[Cited("关于完善新城机制的建议", "沪发改改金〔2018〕18号")]),
)


def build(tmp_path: Path, text: str) -> KnowledgeGraph:
    path = tmp_path / "corrections.toml"
    path.write_text(text, encoding="utf-8")
    return build_graph([make_extraction(*FORMS)], corrections=load_corrections(path))


def labels(kg: KnowledgeGraph, kind: EntityType) -> list[str]:
    return sorted(entity.label for entity in kg.of_type(kind))


def test_without_corrections(tmp_path: Path) -> None:
    kg = build(tmp_path, "")
    assert len(labels(kg, EntityType.POLICY)) == 3
    assert "甲市建设:局" not in labels(kg, EntityType.UNIT)
    assert load_corrections(tmp_path / "nothing.toml") == Corrections()


def test_merge_joins_documents_and_explains(tmp_path: Path) -> None:
    kg = build(
        tmp_path,
        '[[merge]]\ntype = "PolicyDocument"\nnames = ["《养护办法汇编》", "沪府发〔2018〕18号"]\nreason = "俗称"\n',
    )
    (policy,) = [p for p in kg.of_type(EntityType.POLICY) if p.properties.get("number") == "沪府发〔2018〕18号"]
    assert policy.properties["aliases"] == ("养护办法汇编",)
    (judgement,) = [j for j in kg.judgements_on(policy.id) if j.ruling is Ruling.CORRECTED]
    assert "俗称" in judgement.reason


def test_split_undoes_an_automatic_merge(tmp_path: Path) -> None:
    kg = build(tmp_path, '[[split]]\ntype = "PolicyDocument"\nnames = ["沪发改改金〔2018〕18号"]\n')
    assert len(labels(kg, EntityType.POLICY)) == 4
    assert not any(edge.properties.get("suspected_typo") for edge in kg.edges.values())


def test_split_keeps_a_unit_as_printed(tmp_path: Path) -> None:
    kg = build(tmp_path, '[[split]]\ntype = "Unit"\nnames = ["甲市建设:局"]\n')
    assert {"甲市建设:局", "甲市建设局"} <= set(labels(kg, EntityType.UNIT))


def test_merge_joins_units(tmp_path: Path) -> None:
    kg = build_graph(
        [make_extraction(Form(name="甲", declares="甲市建设局"), Form(name="乙", declares="甲市住房城建局"))],
        corrections=load_text(tmp_path, '[[merge]]\ntype = "Unit"\nnames = ["甲市建设局", "甲市住房城建局"]\n'),
    )
    (unit,) = kg.of_type(EntityType.UNIT)
    assert unit.label == "甲市建设局"
    assert len(kg.edges_from(unit.id, EdgeType.DECLARES)) == 2


def load_text(tmp_path: Path, text: str) -> Corrections:
    path = tmp_path / "corrections.toml"
    path.write_text(text, encoding="utf-8")
    return load_corrections(path)


def test_rename_reads_a_printed_name_anew_and_keeps_the_print(tmp_path: Path) -> None:
    kg = build(tmp_path, '[[rename]]\ntype = "Project"\nname = "乙项木"\nto = "乙项目"\n')
    assert "乙项目" in labels(kg, EntityType.PROJECT)
    project = next(p for p in kg.of_type(EntityType.PROJECT) if p.label == "乙项目")
    assert project.evidence["name"][0].quote == "乙项木"


def test_rename_mends_a_number(tmp_path: Path) -> None:
    kg = build(
        tmp_path,
        '[[rename]]\ntype = "PolicyDocument"\nname = "沪府发〔2018〕18号"\nto = "沪府发〔2018〕81号"\n',
    )
    assert any(p.properties.get("number") == "沪府发〔2018〕81号" for p in kg.of_type(EntityType.POLICY))


def test_rename_to_an_order_leaves_nothing_of_the_old_number(tmp_path: Path) -> None:
    kg = build(
        tmp_path,
        '[[rename]]\ntype = "PolicyDocument"\nname = "沪府发〔2018〕18号"\nto = "国务院令第9号"\n',
    )
    (policy,) = [p for p in kg.of_type(EntityType.POLICY) if p.properties.get("number") == "国务院令第9号"]
    assert policy.properties["kind"] == "令"
    assert "year" not in policy.properties
    assert policy.properties["number_variants"] == ("沪府发〔2018〕18号",)


def test_merge_of_two_orders_of_one_number_is_no_misprint() -> None:
    cites = [Cited("道路管理条例", "国务院令第9号"), Cited("桥梁养护细则", "国务院令第9号")]
    joined = Corrections(merges=(Merge(type=EntityType.POLICY, names=("《道路管理条例》", "《桥梁养护细则》")),))
    kg = build_graph([make_extraction(Form(cites=cites))], corrections=joined)
    (policy,) = kg.of_type(EntityType.POLICY)
    assert policy.properties["number"] == "国务院令第9号"
    assert not any(edge.properties.get("suspected_typo") for edge in kg.edges.values())


def test_merge_says_which_of_its_names_is_nowhere(tmp_path: Path) -> None:
    kg = build(tmp_path, '[[merge]]\ntype = "Unit"\nnames = ["甲市建设局", "乙市建设局"]\n')
    (judgement,) = [j for j in kg.judgements if j.ruling is Ruling.CORRECTED]
    assert len(judgement.entities) == 1
    assert "当前文件中没有“乙市建设局”" in judgement.reason


def test_wrong_edge_is_dropped_and_told(tmp_path: Path) -> None:
    text = '[[wrong_edge]]\ntype = "cites"\nsource = "甲项目"\ntarget = "《养护办法汇编》"\nreason = "不是引用"\n'
    kg = build(tmp_path, text)
    project = next(p for p in kg.of_type(EntityType.PROJECT) if p.label == "甲项目")
    assert [p.label for p in kg.targets(project.id, EdgeType.CITES)] == ["《养护管理办法》（沪府发〔2018〕18号）"]
    assert any(j.rule == "corrections.wrong_edge" and "不是引用" in j.reason for j in kg.judgements_on(project.id))


def test_entry_that_fits_nothing_does_no_harm_and_is_told(tmp_path: Path) -> None:
    kg = build(tmp_path, '[[rename]]\ntype = "Unit"\nname = "无此单位"\nto = "也无"\n')
    (judgement,) = [j for j in kg.judgements if j.ruling is Ruling.CORRECTED]
    assert judgement.entities == ()
    assert "没有用上" in judgement.reason


def test_wrong_edge_that_is_nowhere_is_told(tmp_path: Path) -> None:
    kg = build(tmp_path, '[[wrong_edge]]\ntype = "cites"\nsource = "甲项目"\ntarget = "《无此文件》"\n')
    (judgement,) = [j for j in kg.judgements if j.ruling is Ruling.CORRECTED]
    assert judgement.entities == ()
    assert "没有用上" in judgement.reason
    assert "引用" in judgement.reason


@pytest.mark.parametrize(
    "text",
    [
        "[[merge]\n",
        '[[join]]\ntype = "Unit"\n',
        '[[merge]]\ntype = "Units"\nnames = ["a", "b"]\n',
        '[[merge]]\ntype = "Unit"\nnames = ["a"]\n',
        '[[merge]]\ntype = "Unit"\nnames = ["a", 3]\n',
        '[[merge]]\ntype = "Unit"\nnames = ["a", "b"]\nwhy = "x"\n',
        '[[split]]\ntype = "Project"\nnames = ["a"]\n',
        '[[rename]]\ntype = "Unit"\nname = "a"\n',
        '[[wrong_edge]]\ntype = "quotes"\nsource = "a"\ntarget = "b"\n',
        "merge = 3\n",
        "merge = [3]\n",
    ],
)
def test_malformed_entry_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(CorrectionsError, match=r"corrections\.toml"):
        load_text(tmp_path, text)
