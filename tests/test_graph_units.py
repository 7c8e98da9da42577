"""Units: short and damaged names, what is never joined, and the names by which documents call them."""

from __future__ import annotations

import pytest

from graph import build_graph
from graph.kg import KnowledgeGraph
from graph.model import EdgeType, EntityType, Ruling
from graph.organisations import fold_name, looks_damaged, names_one_body, official_name
from ingest.model import Field, UnitRole
from tests.factories import Form, make_extraction

BOARD = "上海甲桥国际中央商务区管理委员会"
CENTRE = "上海甲桥商务区投资促进与公共服务事务中心"


def named(kg: KnowledgeGraph) -> list[str]:
    return sorted(unit.label for unit in kg.of_type(EntityType.UNIT))


def with_damage(damaged: str, *, flagged: bool = False, intact: str = BOARD) -> KnowledgeGraph:
    """Five forms with the intact name, one with the damaged one."""
    forms = [Form(name=f"项目{n}", declares=None, supervises=intact) for n in range(5)]
    flags = frozenset({UnitRole.SUPERVISES}) if flagged else frozenset()
    forms.append(Form(name="末项", declares=None, supervises=damaged, damaged=flags))
    return build_graph([make_extraction(*forms)])


@pytest.mark.parametrize(
    ("damaged", "flagged"),
    [
        ("上海甲桥国际中央商务区管理里委员会", False),
        ("上海甲桥国际中央商务区管委员会", False),
        ("上海甲桥国际中央商务区管:理委员会", False),
        ("上海甲桥国际中央商务区管3理委员会", False),
        ("上海甲桥国际中央商务[查委员会委员会", False),
        ("上海甲桥国\n际中央商第\n委员会", False),
        ("上海甲桥国\n际中央商领务区管理\n委员会", False),
        ("上海甲桥国际中央商领委员会务区管理", False),
        ("上海甲桥中央商务管委员会", True),
    ],
)
def test_damaged_name_is_completed(damaged: str, flagged: bool) -> None:
    kg = with_damage(damaged, flagged=flagged)
    assert named(kg) == [BOARD]
    (judgement,) = kg.judgements
    assert judgement.ruling is Ruling.COMPLETED
    (unit,) = kg.of_type(EntityType.UNIT)
    assert unit.properties["damaged_writings"] == (damaged.replace("\n", ""),)
    assert "aliases" not in unit.properties


@pytest.mark.parametrize(
    ("other", "intact"),
    [
        ("上海市普陀区教育局", "上海市普陀区体育局"),
        ("上海市普陀区教\n育局", "上海市普陀区体育局"),
        ("上海市青浦区财政局预算科", "上海市黄浦区财政局预算科"),
        ("上海市甲区第一中心小学校", "上海市甲区第二中心小学校"),
        ("上海市甲区东门街道办事处", "上海市甲区西门街道办事处"),
        ("上海市普陀区卫生局", "上海市普陀区卫生健康局"),
        (CENTRE, "上海甲桥商务区管理委员会"),
        ("上海市甲区人民政府办公室", "上海市甲区人民政府"),
        ("甲市财政局国库支付中心", "甲市财政局"),
    ],
)
def test_different_units_are_never_joined(other: str, intact: str) -> None:
    assert named(with_damage(other, intact=intact)) == sorted([other.replace("\n", ""), intact])


def test_damaged_name_without_an_intact_one_stays_as_read() -> None:
    kg = build_graph([make_extraction(Form(declares="上海甲桥商务[区管", damaged=frozenset({UnitRole.DECLARES})))])
    assert named(kg) == ["上海甲桥商务[区管"]
    assert kg.judgements == ()


@pytest.mark.parametrize(
    ("short", "province", "full"),
    [
        ("市发改委", "上海", "上海市发展和改革委员会"),
        ("上海市发改委", "上海", "上海市发展和改革委员会"),
        ("上海市发展改革委", None, "上海市发展和改革委员会"),
        ("国家发改委", "上海", "国家发展和改革委员会"),
        ("市政府", "上海", "上海市人民政府"),
        ("上海市委", None, "中共上海市委"),
        ("中华人民共和国财政部", None, "财政部"),
        ("市政府", None, "市人民政府"),
        ("市财政局", "江苏", "市财政局"),
        ("省财政厅", "江苏", "江苏省财政厅"),
    ],
)
def test_official_name(short: str, province: str | None, full: str) -> None:
    assert official_name(short, province).replace("江苏省", "江苏省") == full


@pytest.mark.parametrize(
    "name", ["国务院", "财政部", "上海市经济信息中心", "甲区第一中学", "甲公司（集团）", "上海市甲镇人民政府"]
)
def test_looks_damaged_leaves_real_names(name: str) -> None:
    assert not looks_damaged(name)
    assert names_one_body(name)


def test_district_unit_without_its_province_is_the_one_that_has_it() -> None:
    bare, full = "普陀区城市管理局执法大队", "上海市普陀区城市管理局执法大队"
    kg = build_graph([make_extraction(Form(declares=None, supervises=bare, implements=full))])
    (unit,) = kg.of_type(EntityType.UNIT)
    assert (unit.label, unit.properties["aliases"]) == (full, (bare,))
    assert "省略了省市名" in kg.judgements[0].reason


def test_district_unit_that_two_provinces_have_stays_alone() -> None:
    forms = [Form(name=name, declares=name) for name in ("江苏省鼓楼区财政局", "河南省鼓楼区财政局", "鼓楼区财政局")]
    assert len(named(build_graph([make_extraction(*forms)]))) == 3


def test_short_names_in_sections_are_mentions_with_aliases() -> None:
    text = "由甲桥商务区管委会牵头，管委会会同市发改委实施，市发改委办公室不算，依据《上海市发改委关于节能的通知》。"
    from tests.factories import Cited

    kg = build_graph(
        [
            make_extraction(
                Form(name="节能", declares="上海甲桥商务区管理委员会"),
                Form(
                    name="招商",
                    declares="上海市乙区投资促进中心",
                    fields={Field.OVERVIEW: text},
                    cites=[Cited("国家节能目录", issuer="市发改委")],
                ),
            )
        ]
    )
    (project,) = [p for p in kg.of_type(EntityType.PROJECT) if p.label == "招商"]
    edges = kg.edges_from(project.id, EdgeType.MENTIONS)
    found = {kg.entity(edge.target).label: [source.quote for source in edge.sources] for edge in edges}
    assert found["上海甲桥商务区管理委员会"] == ["甲桥商务区管委会", "管委会"]
    assert found["上海市发展和改革委员会"] == ["市发改委", "上海市发改委"]
    board = next(u for u in kg.of_type(EntityType.UNIT) if u.label == "上海甲桥商务区管理委员会")
    assert board.properties["aliases"] == ("甲桥商务区管委会",)


def test_unit_with_a_role_is_not_mentioned_again() -> None:
    form = Form(declares="上海甲桥商务区管理委员会", fields={Field.OVERVIEW: "上海甲桥商务区管理委员会负责。"})
    kg = build_graph([make_extraction(form)])
    assert kg.counts().get("mentions") is None


def test_fold_name_ignores_printing() -> None:
    assert fold_name("上海市 甲区（A）局") == fold_name("上海市甲区(Ａ)局")
