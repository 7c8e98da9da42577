"""Policy documents: which citations are one node, which are not, and what the graph says about doubt."""

from __future__ import annotations

import itertools

import pytest

from graph import build_graph
from graph.kg import KnowledgeGraph
from graph.model import EdgeType, Entity, EntityType, Ruling
from tests.factories import Cited, Form, make_extraction


def cite(*cited: Cited, name: str = "道路养护", declares: str = "上海市甲区建设局", year: int = 2020) -> KnowledgeGraph:
    """The graph of one form that cites these."""
    return build_graph([make_extraction(Form(name=name, declares=declares, year=year, cites=cited))])


def policies(kg: KnowledgeGraph) -> tuple[Entity, ...]:
    return kg.of_type(EntityType.POLICY)


ONE_NODE = {
    "brackets and widths": [
        Cited(number="沪府发〔2018〕18号"),
        Cited(number="沪府发[2018]18号"),
        Cited(number="沪府发【2018】１８号"),
    ],
    "leading zeros": [Cited(number="国发〔2002〕17号"), Cited(number="国发[2002]017号")],
    "number and title, then title alone": [Cited("养护管理办法", "沪府发〔2018〕18号"), Cited("养护管理办法")],
    "state prefix": [Cited("中华人民共和国预算法"), Cited("预算法")],
    "wrapper and what it announces": [
        Cited("关于印发《养护管理办法》的通知", "沪府发〔2018〕18号"),
        Cited("养护管理办法"),
    ],
    "place in front of a district": [Cited("上海市甲乙新区管理办法", "市政府令第25号"), Cited("甲乙新区管理办法")],
    "order, its issuer short and long": [
        Cited("养护管理办法", "市政府令第25号"),
        Cited("养护管理办法", "上海市人民政府令第25号"),
    ],
    "order with and without 第": [Cited("投资条例", "国务院令第712号"), Cited("投资条例", "国务院令712号")],
    "order with its year": [Cited("养护管理办法", "市政府令第25号"), Cited("养护管理办法", "市政府2010年第25号令")],
    "order without an issuer": [Cited("养护管理办法", "市政府令第25号"), Cited("养护管理办法", "第25号令")],
    "one number for several titles": [
        Cited("审批目录（2014年本）", "沪府发[2014]81号"),
        Cited("备案管理办法", "沪府发[2014]81号"),
    ],
    "trial suffix": [Cited("绩效评价管理办法（试行）"), Cited("绩效评价管理办法")],
    "issuer in the title or before it": [
        Cited("国务院关于加强债务管理的意见", "国发〔2014〕43号"),
        Cited("关于加强债务管理的意见"),
    ],
    "covering letter": [
        Cited("关于完善新城机制有关建议的请示", "沪发改财〔2018〕18号"),
        Cited("关于完善新城机制的有关建议"),
    ],
    "plan and development plan": [
        Cited("甲乙新城“十三五”规划", "沪府发〔2016〕70号"),
        Cited("甲乙新城发展“十三五”规划"),
    ],
    "standard in two writings": [Cited("归档文件整理规则", "DA/T22-2015"), Cited("归档文件整理规则", "DA/T 22-2015")],
    "edition within and behind the marks": [
        Cited("产业目录（2015年修订）"),
        Cited("产业目录", edition="2015年修订"),
    ],
    "law and its amended text": [
        Cited("城乡规划法（2019修正）"),
        Cited("中华人民共和国城乡规划法"),
        Cited("城乡规划法", edition="2019年修正"),
    ],
    "number outweighs the edition": [
        Cited("资金管理办法", "沪财发〔2021〕8号", edition="2021年修订"),
        Cited("资金管理办法"),
    ],
    "spaces in a title": [Cited("中共中央 国务院关于深化改革的意见"), Cited("中共中央国务院关于深化改革的意见")],
}
TWO_NODES = {
    "two serials": [Cited(number="沪府发〔2018〕18号"), Cited(number="沪府发〔2018〕19号")],
    "two serials of one title in one project": [
        Cited("关于下达预算的通知书", "沪财预〔2018〕18号"),
        Cited("关于下达预算的通知书", "沪财预〔2018〕19号"),
    ],
    "two years of one series": [
        Cited("2018年预算编制工作通知", "沪财预〔2017〕8号"),
        Cited("2019年预算编制工作通知", "沪财预〔2018〕8号"),
    ],
    "rules and their details": [Cited("资金管理办法"), Cited("资金管理办法实施细则")],
    "regulation and measures": [
        Cited("项目核准条例", "国务院令第673号"),
        Cited("项目核准办法", "国家发展和改革委员会令第2号"),
    ],
    "State Council and its office": [
        Cited("关于甲事的意见", "国发〔2016〕5号"),
        Cited("关于乙事的意见", "国办发〔2016〕5号"),
    ],
    "editions": [Cited("产业目录（2015年修订）"), Cited("产业目录（2017年修订）")],
    "edition and none": [Cited("政策意见（2019年修订）"), Cited("政策意见")],
    "edition behind the marks and none": [Cited("政策意见", edition="2019年修订"), Cited("政策意见")],
    "editions behind the marks": [Cited("产业目录", edition="2015年修订"), Cited("产业目录", edition="2017年修订")],
    "order of one number by two bodies": [Cited("甲办法", "国务院令第25号"), Cited("乙办法", "市政府令第25号")],
    "order numbers run anew": [
        Cited("核准和备案管理办法", "国家发展和改革委员会令第2号"),
        Cited("汽车贷款规定", "国家发展和改革委员会令第2号"),
    ],
    "national and local": [Cited("社会信用条例"), Cited("上海市社会信用条例")],
    "code one letter off, titles differ": [
        Cited("关于治水的意见", "沪发改财金〔2018〕18号"),
        Cited("停车收费目录", "沪发改价金〔2018〕18号"),
    ],
    "code one letter off, no titles": [Cited(number="沪发改财金〔2018〕18号"), Cited(number="沪发改改金〔2018〕18号")],
    "forwarding and forwarded": [
        Cited("市政府办公厅转发市财政局关于绩效管理意见的通知", "沪府办发〔2013〕55号"),
        Cited("关于绩效管理意见", "沪财绩〔2013〕5号"),
    ],
}


@pytest.mark.parametrize("cited", ONE_NODE.values(), ids=ONE_NODE.keys())
def test_resolve_joins(cited: list[Cited]) -> None:
    for order in itertools.permutations(cited):
        assert len(policies(cite(*order))) == 1


@pytest.mark.parametrize("cited", TWO_NODES.values(), ids=TWO_NODES.keys())
def test_resolve_keeps_apart(cited: list[Cited]) -> None:
    for order in itertools.permutations(cited):
        assert len(policies(cite(*order))) == 2


def test_misprint_joins_with_the_title_and_is_marked() -> None:
    right = Cited("关于完善新城运行管理体制机制有关建议的请示", "沪发改财金〔2018〕18号")
    wrong = Cited("关于完善新城运行管理机制体制的建议", "沪发改改金〔2018〕18号")
    kg = build_graph(
        [
            make_extraction(Form(name="甲项目", cites=[right]), Form(name="乙项目", cites=[right]), name="一.txt"),
            make_extraction(Form(name="丙项目", cites=[wrong]), name="二.txt"),
        ]
    )
    (policy,) = policies(kg)
    assert policy.properties["number"] == "沪发改财金〔2018〕18号"
    assert policy.properties["number_variants"] == ("沪发改改金〔2018〕18号", "沪发改财金〔2018〕18号")
    marked = {
        kg.entity(e.source).label: e.properties.get("suspected_typo") for e in kg.edges_to(policy.id, EdgeType.CITES)
    }
    assert marked == {"甲项目": None, "乙项目": None, "丙项目": True}
    (judgement,) = [j for j in kg.judgements_on(policy.id) if j.rule == "resolve.misprint"]
    assert judgement.ruling is Ruling.MERGED
    assert "沪发改改金" in judgement.reason


def test_misprint_without_title_is_a_suspect() -> None:
    kg = cite(Cited("关于完善新城机制的建议", "沪发改财金〔2018〕18号"), Cited(number="沪发改改金〔2018〕18号"))
    assert len(policies(kg)) == 2
    (judgement,) = [j for j in kg.judgements if j.ruling is Ruling.SUSPECTED]
    assert set(judgement.entities) == {policy.id for policy in policies(kg)}


def test_serial_one_digit_off_with_the_same_title_is_a_misprint() -> None:
    plan = "长江三角洲城市群发展规划"
    kg = build_graph(
        [
            make_extraction(Form(name="甲项目", cites=[Cited(plan, "发改规划〔2016〕1060号")]), name="一.txt"),
            make_extraction(Form(name="乙项目", cites=[Cited(plan, "发改规划〔2016〕1060号")]), name="二.txt"),
            make_extraction(Form(name="丙项目", cites=[Cited(plan, "发改规划〔2016〕31060号")]), name="三.txt"),
        ]
    )
    (policy,) = policies(kg)
    assert policy.properties["number"] == "发改规划〔2016〕1060号"


def test_bare_number_of_two_orders_is_one_document_with_every_place() -> None:
    orders = [Cited("道路管理条例", "国务院令第9号"), Cited("桥梁养护细则", "国务院令第9号")]
    bare = Cited(number="国务院令第9号")
    kg = build_graph([make_extraction(Form(cites=[*orders, bare, bare]))])
    assert sorted(p.label for p in policies(kg)) == [
        "《桥梁养护细则》（国务院令第9号）",
        "《道路管理条例》（国务院令第9号）",
        "国务院令第9号",
    ]
    (unclear,) = [p for p in policies(kg) if p.label == "国务院令第9号"]
    assert len(unclear.sources) == 2


def test_orders_of_one_number_and_title_are_told_apart_by_their_year() -> None:
    kg = cite(Cited("道路管理条例", "国务院令2010年第9号"), Cited("道路管理条例", "国务院令2012年第9号"))
    assert sorted(str(p.properties["year"]) for p in policies(kg)) == ["2010", "2012"]


def test_notice_that_passes_on_is_no_namesake_and_both_keep_their_places() -> None:
    kg = cite(Cited("转发道路管理办法"), Cited("关于印发〈转发道路管理办法〉的通知"), Cited("转发道路管理办法"))
    places = sorted(len(policy.sources) for policy in policies(kg))
    assert places == [1, 2]


def test_title_that_two_numbers_bear_stays_alone() -> None:
    kg = build_graph(
        [
            make_extraction(Form(name="甲项目", cites=[Cited("预算管理办法", "沪财预〔2015〕3号")]), name="一.txt"),
            make_extraction(Form(name="乙项目", cites=[Cited("预算管理办法", "沪财预〔2019〕77号")]), name="二.txt"),
            make_extraction(Form(name="丙项目", cites=[Cited("预算管理办法")]), name="三.txt"),
        ]
    )
    assert len(policies(kg)) == 3
    assert [j.ruling for j in kg.judgements] == [Ruling.SUSPECTED]


def test_title_that_two_numbers_bear_goes_to_the_one_its_own_project_cites() -> None:
    near = Form(name="乙项目", cites=[Cited("预算管理办法", "沪财预〔2019〕77号"), Cited("预算管理办法")])
    far = Form(name="甲项目", cites=[Cited("预算管理办法", "沪财预〔2015〕3号")])
    kg = build_graph([make_extraction(far, name="一.txt"), make_extraction(near, name="二.txt")])
    assert len(policies(kg)) == 2


def test_label_and_properties_of_a_numbered_document() -> None:
    (policy,) = policies(cite(Cited("关于印发《养护管理办法（试行）》的通知", "沪财绩[2019]019号")))
    assert policy.label == "《养护管理办法（试行）》（沪财绩〔2019〕19号）"
    assert policy.properties == {
        "title": "养护管理办法（试行）",
        "aliases": ("关于印发《养护管理办法（试行）》的通知",),
        "number": "沪财绩〔2019〕19号",
        "number_variants": ("沪财绩[2019]019号",),
        "issuer_code": "沪财绩",
        "year": 2019,
        "serial": "19",
        "kind": "文号",
    }
    assert policy.evidence.keys() == policy.properties.keys()


def test_one_number_printed_with_several_titles_names_them_all() -> None:
    titles = ("企业投资项目核准管理办法", "企业投资项目备案管理办法", "核准的投资项目目录细则（2014年本）")
    (policy,) = policies(cite(*(Cited(title, "沪府发[2014]81号") for title in titles)))
    assert policy.properties["titles"] == titles
    assert policy.properties["aliases"] == titles[1:]
    assert policy.label == "《企业投资项目核准管理办法》等3件（沪府发〔2014〕81号）"
    assert [source.quote for source in policy.evidence["titles"]] == [f"《{title}》" for title in titles]


@pytest.mark.parametrize(
    "titles",
    [
        ("关于印发《养护管理办法》的通知", "养护管理办法"),
        ("关于完善新城运行管理体制机制有关建议的请示", "关于完善新城运行管理机制体制的建议"),
        ("道路养护管理办法", "道路养护管理办法（试行）"),
        ("国务院关于加强债务管理的意见", "关于加强债务管理的意见"),
        ("关于印发《养护规则》和《养护合同（示范文本）》的通知", "养护规则"),
    ],
)
def test_one_title_written_in_two_ways_is_no_second_document(titles: tuple[str, str]) -> None:
    (policy,) = policies(cite(*(Cited(title, "沪府发〔2018〕18号") for title in titles)))
    assert "titles" not in policy.properties
    assert "等2件" not in policy.label


def test_titles_that_two_projects_give_one_number_are_its_spellings() -> None:
    forms = [
        Form(name=name, cites=[Cited(title, "沪府发〔2018〕18号")])
        for name, title in (("甲项目", "河道养护的规定"), ("乙项目", "关于水务工作的意见"))
    ]
    (policy,) = policies(build_graph([make_extraction(form, name=f"{form.name}.txt") for form in forms]))
    assert "titles" not in policy.properties


def test_edition_behind_the_marks_is_part_of_the_name() -> None:
    (policy,) = policies(cite(Cited("产业指导目录", edition="2015年修订")))
    assert policy.label == "《产业指导目录（2015年修订）》"
    assert policy.properties == {
        "title": "产业指导目录（2015年修订）",
        "aliases": ("产业指导目录",),
        "kind": "标题",
    }
    assert {source.quote for source in policy.evidence["title"]} == {"《产业指导目录》", "2015年修订"}
    assert {source.quote for source in policy.evidence["aliases"]} == {"《产业指导目录》"}


def test_order_takes_the_full_name_of_its_issuer() -> None:
    (policy,) = policies(cite(Cited("养护管理办法", "市政府令第25号")))
    assert policy.properties["number"] == "上海市人民政府令第25号"
    assert policy.properties["number_variants"] == ("市政府令第25号",)
    assert policy.properties["kind"] == "令"


@pytest.mark.parametrize(
    ("cited", "issuers"),
    [
        (Cited(number="国办发〔2018〕79号"), {"国务院办公厅"}),
        (Cited(number="沪财绩〔2019〕19号"), {"上海市财政局"}),
        (Cited("投资条例", "国务院令第712号"), {"国务院"}),
        (Cited("创新中心意见", issuer="中共上海市委、上海市人民政府"), {"中共上海市委", "上海市人民政府"}),
        (Cited("审查办法", issuer="国家发展改革委"), {"国家发展和改革委员会"}),
        (Cited("运行办法", issuer="18个部委"), set()),
        (Cited(number="普财建函〔2024〕26号"), set()),
    ],
    ids=["central code", "provincial code", "order", "joint issuers", "short name", "a count", "unknown code"],
)
def test_issued_by(cited: Cited, issuers: set[str]) -> None:
    kg = cite(cited)
    (policy,) = policies(kg)
    assert {unit.label for unit in kg.targets(policy.id, EdgeType.ISSUED_BY)} == issuers


def test_cites_keeps_every_place_and_section() -> None:
    from ingest.model import Field

    first = Cited("预算法", section=Field.BASIS)
    second = Cited("中华人民共和国预算法", section=Field.OVERVIEW)
    kg = cite(first, second, first)
    (edge,) = [edge for edge in kg.edges.values() if edge.type is EdgeType.CITES]
    assert len(edge.sources) == 3
    assert edge.properties["section"] == ("basis", "overview")
    assert edge.properties["surface"] == ("《预算法》", "《中华人民共和国预算法》")


def test_mention_only_makes_no_document() -> None:
    kg = cite(Cited("甲区商务报", mention_only=True))
    assert policies(kg) == ()
    assert any(claim.predicate == "named" for claim in kg.claims)


def test_citation_outside_any_form_is_a_document_without_an_edge() -> None:
    kg = build_graph([make_extraction(name="叙述.txt", outside=[Cited("预算绩效管理办法")])])
    assert [policy.label for policy in policies(kg)] == ["《预算绩效管理办法》"]
    assert not kg.edges
