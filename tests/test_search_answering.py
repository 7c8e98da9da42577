"""Results in Chinese: complete, with printed and converted figures, caveats and true quotes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from graph.kg import KnowledgeGraph
from graph.model import EntityType, Source
from graph.store import EmbeddedStore
from search.answering import answer_to_json, compose
from search.answering_items import show_place, widen, widen_to_line
from search.answering_texts import list_text, values_text
from search.execute import Near, execute
from search.model import Answer, Item, Option, Status
from search.phrasing import join_words, quote, say_money, say_number
from search.phrasing_plan import say_plan
from search.plan import (
    Both,
    Calculate,
    Compare,
    Condition,
    Contrast,
    Either,
    Except,
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
    Topic,
    Without,
)
from search.plan_terms import Aggregate, Column, Contrasting, Op, Outcome, Relation
from tests.asked_city import CITY, FILE, STORE, City, id_of, passage_of, text_of

PROJECTS = Select(kind=EntityType.PROJECT)
PROCURED = Compare(column=Column.GOVERNMENT_PROCUREMENT, op=Op.EQ, value="true")
IN_2023 = Keep(condition=Compare(column=Column.YEAR, op=Op.EQ, value="2023"))
IN_2021 = Keep(condition=Compare(column=Column.YEAR, op=Op.EQ, value="2021"))
CITES_PLAN = Has(relation=Relation.CITES, ids=(id_of("plan"),))


COLUMNS = tuple(
    Part(label=label, steps=(PROJECTS, IN_2023, Calculate(aggregate=Aggregate.SUM, column=column)))
    for label, column in (("年初预算数", Column.BUDGET_INITIAL), ("全年执行数", Column.EXECUTED))
)
ADJUSTED = tuple(
    Part(label=label, steps=(PROJECTS, IN_2023, Calculate(aggregate=Aggregate.SUM, column=column)))
    for label, column in (("全年预算数", Column.BUDGET_ADJUSTED), ("年初预算数", Column.BUDGET_INITIAL))
)
SHARES = (
    Part(label="所问的部分", steps=(PROJECTS, IN_2021, Keep(condition=PROCURED), Calculate(aggregate=Aggregate.COUNT))),
    Part(label="总体", steps=(PROJECTS, IN_2021, Calculate(aggregate=Aggregate.COUNT))),
)
RATES = tuple(
    Part(
        label=key,
        steps=(
            Pick(kind=EntityType.PROJECT, ids=(id_of(key),)),
            Calculate(aggregate=Aggregate.AVERAGE, column=Column.EXECUTION_RATE),
        ),
    )
    for key in ("dredge23", "watch23")
)


def answer(*steps: Step, signed: int = 0) -> Answer:
    plan = Plan(steps=steps)
    return compose("问", plan, execute(plan, STORE), store=STORE, text_of=text_of, signed=signed)


def pick(key: str) -> Pick:
    return Pick(kind=EntityType.PROJECT, ids=(id_of(key),))


def test_lists_say_how_many_and_that_they_are_complete() -> None:
    said = answer(PROJECTS, Keep(condition=CITES_PLAN), Show())
    assert said.status is Status.ANSWERED and said.complete and said.total == 2
    assert said.text.startswith("共2个项目") and said.text.endswith("已全部列出。")
    assert [(item.label, item.year) for item in said.items] == [
        ("甲市河道疏浚工程专项", 2021),
        ("泵站运行维护经费", 2021),
    ]
    assert any("甲府法〔2019〕7号" in caveat for caveat in said.caveats)


def test_every_source_is_a_true_quote_and_citations_show_their_sentence() -> None:
    said = answer(PROJECTS, Keep(condition=CITES_PLAN), Show())
    for source in (*said.sources, *(s for item in said.items for s in item.sources)):
        assert CITY.text[source.start : source.end] == source.quote
    assert any("按照甲府发〔2019〕7号的要求疏浚河道" in s.quote for s in said.items[0].sources)


def test_amounts_show_wan_yuan_and_the_printed_figure() -> None:
    said = answer(pick("dredge23"), Show(columns=(Column.EXECUTED,)))
    assert (said.value, said.unit) == (Decimal(1080000), "元")
    assert "108万元（1,080,000元；原文“108.00”）" in said.text
    assert any("万元" in caveat for caveat in said.caveats)


def test_figures_say_what_is_left_out() -> None:
    said = answer(PROJECTS, Calculate(aggregate=Aggregate.AVERAGE, column=Column.EXECUTION_RATE))
    assert (said.value, said.unit) == (Decimal("92.94"), "%")
    assert "加权" in said.text and "95%" in said.text
    assert any("3个项目没有" in caveat for caveat in said.caveats)


@pytest.mark.parametrize(
    ("signed", "value", "word"),
    [(0, Decimal(-100000), "减少"), (1, Decimal(-100000), "减少"), (-1, Decimal(100000), "减少")],
)
def test_a_change_has_its_direction_in_words(signed: int, value: Decimal, word: str) -> None:
    said = answer(pick("pumps21"), Show(columns=(Column.CHANGE,)), signed=signed)
    assert said.value == value and said.unit == "元" and f"{word}10万元" in said.text


SCORE_FROM_90 = Keep(condition=Compare(column=Column.TOTAL_SCORE, op=Op.GE, value="90"))
SCORED = (Column.TOTAL_SCORE,)
WEIGHED = Keep(condition=Compare(column=Column.EXECUTION_WEIGHT, op=Op.GE, value="1"))
NO_DAY = Keep(condition=Compare(column=Column.END_DATE, op=Op.LE, value="2023-12-31"))


@pytest.mark.parametrize(
    ("steps", "caveat"),
    [
        ((PROJECTS, SCORE_FROM_90, Show()), "另有3个项目没有“自评总分”这一栏（绩效目标表），未参加"),
        ((PROJECTS, SCORE_FROM_90, Calculate(aggregate=Aggregate.COUNT)), "另有3个项目没有“自评总分”"),
        ((PROJECTS, Rank(column=Column.TOTAL_SCORE, last=1), Show(columns=SCORED)), "另有3个项目没有“自评总分”"),
        ((PROJECTS, Group(column=Column.YEAR, aggregate=Aggregate.SUM, measure=Column.EXECUTED)), "“全年执行数”"),
        (
            (PROJECTS, NO_DAY, Show()),
            "另有2个项目没有“计划完成日期”这一栏（绩效自评表），未参加比较或计算",
        ),
        (
            (PROJECTS, WEIGHED, Show()),
            "表中没有“资金执行分值”，未参加比较或计算：甲市河道疏浚工程专项（2023年）、水质监测",
        ),
        ((PROJECTS, IN_2021, SCORE_FROM_90, Calculate(aggregate=Aggregate.COUNT)), "另有3个项目没有“自评总分”"),
    ],
    ids=["filter", "count", "rank", "groups", "no-such-column", "named", "none-left"],
)
def test_those_without_the_figure_are_named(steps: tuple[Step, ...], caveat: str) -> None:
    assert any(caveat in said for said in answer(*steps).caveats)


def test_the_year_alone_leaves_nobody_out() -> None:
    assert answer(PROJECTS, IN_2021, Show()).caveats == ()


def test_rows_of_a_list_without_the_column_are_said_to_be_in_it() -> None:
    said = answer(PROJECTS, Show(columns=SCORED))
    assert any(c.startswith("其中3项的表中没有“自评总分”：") for c in said.caveats)
    assert not any("另有" in c for c in said.caveats)


def test_a_list_of_nothing_but_gaps_is_no_match() -> None:
    said = answer(PROJECTS, IN_2021, Show(columns=SCORED))
    assert said.status is Status.NO_MATCH and "绩效自评表" in said.text
    cited = answer(PROJECTS, Keep(condition=CITES_PLAN), Show(columns=SCORED))
    assert cited.status is Status.ANSWERED and any("都没有“自评总分”" in c for c in cited.caveats)


@pytest.mark.parametrize("literal", [False, True])
def test_what_is_found_by_topic_is_not_called_complete(literal: bool) -> None:
    near = (
        Near(entity=id_of("pumps21"), passage=passage_of("pumps21", "泵站")),
        Near(entity=id_of("dredge21"), passage=passage_of("dredge21", "疏浚")),
    )
    plan = Plan(steps=(Topic(kind=EntityType.PROJECT, text="排水", literal=literal), Show()))
    result = execute(plan, STORE, find_topic=lambda text, kind, limit, strict: near)
    said = compose("问", plan, result, store=STORE, text_of=text_of)
    assert said.complete is literal and said.total == 2
    assert said.text.endswith("已全部列出。" if literal else "按相关程度列出。")
    assert any("未必齐全" in caveat for caveat in said.caveats) is not literal
    assert said.text.startswith("共2个项目：" if literal else "按内容相近找到2个可能相关的项目：")


def test_what_decides_is_quoted_first_and_with_its_label() -> None:
    said = answer(PROJECTS, IN_2021, Keep(condition=PROCURED), Show())
    assert [s.quote for s in said.items[0].sources][:1] == ["government_procurement：\t是"]
    assert "：含有政府购买服务。" in said.text


def test_markup_is_left_out_of_the_text_and_kept_in_the_source() -> None:
    source = Source(document=FILE, start=0, end=9, quote='<p class="a">依据&nbsp;《水法》<br/></p>')
    assert quote(source) == f"“依据 《水法》”（{FILE}）"
    angled = Source(document=FILE, start=0, end=9, quote="《<会计准则>指南》")
    assert "《<会计准则>指南》" in quote(angled)


def test_names_with_lost_letters_are_doubted() -> None:
    city = City()
    city.unit("office", "甲市水务局")
    city.evaluation("torn", "水质监作专项", 2023, ("office", "office"), ("1", "1", "1"))
    entity = city.entities["torn"]
    torn = replace(entity, properties={**entity.properties, "damaged": True})
    store = EmbeddedStore(KnowledgeGraph([city.entities["office"], torn], city.edges))
    plan = Plan(steps=(PROJECTS, Show()))
    said = compose("问", plan, execute(plan, store), store=store, text_of=lambda name: city.text)
    assert "“水质监作专项（2023年）”的名称疑有缺字，以原件为准。" in said.caveats


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (
            (PROJECTS, Rank(column=Column.CHANGE, descending=False, last=1), Show(columns=(Column.CHANGE,))),
            "减少最多的是泵站",
        ),
        (
            (PROJECTS, Rank(column=Column.CHANGE, last=1), Show(columns=(Column.CHANGE,))),
            "预算比上年增加最多的是甲市河道疏浚工程专项（2021年），增加50万元（500,000元）。",
        ),
        ((PROJECTS, Group(relation=Relation.CITES), Rank(last=1)), "（甲府发〔2019〕7号），被2个项目引用。"),
        ((PROJECTS, Group(column=Column.YEAR, aggregate=Aggregate.SUM, measure=Column.EXECUTED)), "元），共2个项目"),
        (
            (Contrast(how=Contrasting.DIFFERENCE, parts=COLUMNS),),
            "年初预算数比全年执行数少8万元（80,000元）：年初预算数150万元",
        ),
        ((Contrast(how=Contrasting.DIFFERENCE, parts=ADJUSTED),), "全年预算数比年初预算数调增20万元（200,000元）："),
        ((Contrast(how=Contrasting.SHARE, parts=SHARES),), "含有政府购买服务的2021年度的项目占2021年度的项目的33.33%"),
        ((Contrast(how=Contrasting.DIFFERENCE, parts=RATES),), "低10个百分点"),
    ],
    ids=["fell", "rose", "cited", "grouped", "columns", "adjusted", "share", "rates"],
)
def test_figures_are_said_as_an_officer_would(steps: tuple[Step, ...], words: str) -> None:
    assert words in answer(*steps).text


def test_sums_of_groups_say_that_units_were_converted() -> None:
    said = answer(PROJECTS, Group(column=Column.YEAR, aggregate=Aggregate.SUM, measure=Column.EXECUTED))
    assert "自评表以万元计，已换算为元。" in said.caveats


def test_sections_in_lists_are_cut_and_whole_in_the_source() -> None:
    city = City()
    city.unit("office", "甲市水务局")
    text = "依据河道管理规定。" * 60
    for key in ("one", "two"):
        city.target(key, f"{key}专项", 2021, "office", ("1", "1", "1", "1"), basis=text)
    store = EmbeddedStore(KnowledgeGraph(city.entities.values(), city.edges))
    plan = Plan(steps=(PROJECTS, Show(columns=(Column.BASIS,))))
    said = compose("问", plan, execute(plan, store), store=store, text_of=lambda name: city.text)
    assert len(said.text) < 500 and said.text.count("（全文见出处）") == 2
    assert all(item.sources[0].quote == text for item in said.items)


def test_documents_cited_together_are_said_together() -> None:
    both = Both(parts=(CITES_PLAN, Has(relation=Relation.CITES, ids=(id_of("water"),))))
    said = say_plan(Plan(steps=(PROJECTS, Keep(condition=both))), STORE)
    assert "同时引用了《甲市水系规划》（甲府发〔2019〕7号）和《中华人民共和国水法》的项目" in said


def test_values_of_a_topic_are_by_likeness_and_long_lists_own_up() -> None:
    rows = execute(Plan(steps=(PROJECTS, Show(columns=(Column.NAME,)))), STORE)
    assert values_text(rows).endswith("已全部列出。")
    assert values_text(rows, whole=False).endswith("按相关程度列出。")
    many = replace(rows, rows=rows.rows * 20)
    assert values_text(many).endswith("其余40项见列表。") and list_text(many).endswith("其余40项见列表。")


BY_SCORE = (Column.TOTAL_SCORE,)


@pytest.mark.parametrize(
    ("rank", "words"),
    [
        (Rank(column=Column.TOTAL_SCORE, descending=False, first=2, last=2), "自评总分倒数第2（从低到高）的是甲市河道"),
        (
            Rank(column=Column.TOTAL_SCORE, first=2, last=2),
            "自评总分排第2（从高到低）的是水质监测项目（2023年）",
        ),
        (Rank(column=Column.TOTAL_SCORE, descending=False, last=2), "按自评总分从低到高依次为（共2个）：\n· 水质监测"),
        (Rank(column=Column.TOTAL_SCORE, descending=False, last=1), "自评总分最低的是水质监测项目（2023年），为88分。"),
    ],
    ids=["second-last", "second", "last-two", "last"],
)
def test_places_from_the_bottom_are_called_so(rank: Rank, words: str) -> None:
    assert words in answer(PROJECTS, rank, Show(columns=BY_SCORE)).text


def test_groups_of_rates_are_weighted_and_say_so() -> None:
    grouped = Group(column=Column.YEAR, aggregate=Aggregate.AVERAGE, measure=Column.EXECUTION_RATE)
    said = answer(PROJECTS, grouped)
    parts = "92.94%（按预算加权：执行数之和1,580,000元 ÷ 预算数之和1,700,000元；不加权的简单平均为95%），共2个项目"
    assert parts in said.text and said.items[0].properties["预算数之和"] == "1,700,000元"
    ranked = answer(PROJECTS, grouped, Rank(last=1))
    assert ranked.text.startswith("预算执行率最高的是2023年，为92.94%")


def test_roles_are_named() -> None:
    one = answer(pick("watch23"), Follow(relation=Relation.BY_UNIT), Show())
    assert one.text == "水质监测项目（2023年）的主管单位：甲市水务局；实施单位：甲市水文总站。"
    assert [item.properties["角色"] for item in one.items] == ["主管", "实施"]
    several = answer(PROJECTS, IN_2023, Follow(relation=Relation.BY_UNIT), Show())
    assert "· 甲市水务局：主管2个项目；" in several.text


def test_sums_over_both_names_of_a_unit_say_that_this_is_inferred() -> None:
    both = Has(relation=Relation.BY_UNIT, ids=(id_of("old"), id_of("new")))
    said = answer(PROJECTS, Keep(condition=both), Calculate(aggregate=Aggregate.SUM, column=Column.BUDGET))
    assert any("推断" in c and "写“甲市水利局”的2个，写“甲市水务局”的2个" in c for c in said.caveats)
    early = answer(PROJECTS, IN_2021, Keep(condition=both), Show())
    assert any("都是“甲市水利局”；“甲市水务局”疑为其更名后的名称" in c for c in early.caveats)


def test_a_renaming_is_called_an_inference() -> None:
    said = answer(Paths(starts=(id_of("old"),), ends=(id_of("new"),)))
    assert "疑似更名为" in said.text and "推断" in said.text
    assert any("原文没有写明更名" in c for c in said.caveats) and said.sources


def test_projects_are_listed_with_the_indicator_that_is_meant() -> None:
    high = Has(relation=Relation.HAS_INDICATOR, where=Compare(column=Column.TARGET_VALUE, op=Op.GE, value="95"), ids=())
    said = answer(PROJECTS, Keep(condition=high), Show())
    assert "泵站运行维护经费（2021年）：“预算执行率”目标值=100%" in said.text


def test_texts_asked_of_all_are_listed_where_there_are_any() -> None:
    said = answer(Select(kind=EntityType.INDICATOR), Show(columns=(Column.DEVIATION_REASON,)))
    count = len(STORE.of_type(EntityType.INDICATOR))
    assert said.text.endswith(f"汛期停工。另有{count - 1}项的表中没有写，未列。") and said.total == 1
    assert not any("没有“" in c for c in said.caveats)


def test_what_the_condition_compared_is_shown_beside_what_was_asked() -> None:
    scored = Keep(condition=Compare(column=Column.TOTAL_SCORE, op=Op.GE, value="1"))
    said = answer(PROJECTS, scored, Show(columns=(Column.GRADE,)))
    assert "水质监测项目（2023年）：评分等级为良；自评总分88分" in said.text


def test_a_document_is_named_once() -> None:
    documents = (pick("dredge21"), Follow(relation=Relation.CITES))
    numbers = answer(*documents, Show(columns=(Column.NUMBER,)))
    assert numbers.text.startswith(
        "《中华人民共和国水法》：只写了标题，没有写文号；\n《甲市水系规划》的文号是甲府发〔2019〕7号。"
    )
    assert not any("没有“文号”" in c for c in numbers.caveats)
    plan = Pick(kind=EntityType.POLICY, ids=(id_of("plan"),))
    assert answer(plan, Show(columns=(Column.TITLE,))).text == "甲府发〔2019〕7号的标题是《甲市水系规划》。"


def test_names_with_commas_stand_apart() -> None:
    city = City()
    city.unit("office", "甲市水务局")
    for n in range(3):
        city.evaluation(f"p{n}", f"河、湖、渠之{n}", 2023, ("office", "office"), ("1", "1", "1"))
    store = EmbeddedStore(KnowledgeGraph(city.entities.values(), city.edges))
    plan = Plan(steps=(PROJECTS, Calculate(aggregate=Aggregate.COUNT)))
    said = compose("问", plan, execute(plan, store), store=store, text_of=lambda name: city.text)
    assert said.text == "共3个项目：河、湖、渠之0（2023年）；河、湖、渠之1（2023年）；河、湖、渠之2（2023年）。"


FEW_DONE = Keep(condition=Reached(outcome=Outcome.UNREACHED))


def test_indicators_of_several_projects_stand_under_their_project() -> None:
    said = answer(PROJECTS, IN_2023, Follow(relation=Relation.HAS_INDICATOR), Show(columns=(Column.SCORE,)))
    head = "甲市河道疏浚工程专项（2023年）：\n· “"
    assert said.text.startswith(head) and "；\n水质监测项目（2023年）：\n· “监测次数”：指标得分为30分" in said.text
    assert said.text.count("（2023年）") == 2


@pytest.mark.parametrize("asked", [Show(), Calculate(aggregate=Aggregate.COUNT)], ids=["list", "count"])
def test_what_no_form_tells_is_not_called_none(asked: Step) -> None:
    said = answer(pick("pumps21"), Follow(relation=Relation.HAS_INDICATOR), FEW_DONE, asked)
    assert said.status is Status.NO_MATCH and said.text.startswith("无法判断") and "没有可与目标值相比的" in said.text
    every = answer(Select(kind=EntityType.INDICATOR), FEW_DONE, asked)
    assert every.items and any("没有可比的“实际完成值”" in c for c in every.caveats)


def test_what_was_counted_stands_in_each_line() -> None:
    two = Number(relation=Relation.CITED_BY, op=Op.GE, count=2)
    said = answer(PROJECTS, Follow(relation=Relation.CITES), Keep(condition=two), Show())
    assert said.text == "共1个文件：《甲市水系规划》（甲府发〔2019〕7号）：被2个项目引用。"


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (
            (IN_2021, Keep(condition=Compare(column=Column.CHANGE, op=Op.LT, value="0")), Show()),
            "：预算比上年减少10万元",
        ),
        (
            (IN_2021, Calculate(aggregate=Aggregate.SUM, column=Column.CHANGE)),
            "2021年度的项目，合计预算比上年增加40万元（400,000元），共",
        ),
    ],
    ids=["list", "sum"],
)
def test_changes_are_said_with_their_direction(steps: tuple[Step, ...], words: str) -> None:
    assert words in answer(PROJECTS, *steps).text


def test_shares_show_the_part_and_the_whole() -> None:
    shares = Group(relation=Relation.BY_UNIT, aggregate=Aggregate.SHARE, measure=Column.BUDGET)
    said = answer(PROJECTS, IN_2023, shares)
    assert "甲市水务局：100%，170万元（1,700,000元）" in said.text
    assert "· 全部：170万元（1,700,000元）。" in said.text


def test_ties_are_said() -> None:
    said = answer(PROJECTS, Rank(column=Column.BUDGET, descending=False, last=1), Show(columns=(Column.BUDGET,)))
    assert "并列" in said.text and said.total == 2


def test_groups_are_label_and_value() -> None:
    said = answer(PROJECTS, Group(column=Column.YEAR))
    assert [(i.label, i.value, i.unit, i.id) for i in said.items] == [
        ("2021年", 3, "个", None),
        ("2023年", 2, "个", None),
    ]


def test_groups_of_a_renamed_unit_say_so() -> None:
    said = answer(PROJECTS, Group(relation=Relation.BY_UNIT))
    assert any("更名" in caveat for caveat in said.caveats)


def test_paths_are_told_step_by_step() -> None:
    said = answer(Paths(starts=(id_of("water"),), ends=(id_of("old"),)))
    assert "甲市河道疏浚工程专项" in said.text and said.sources
    assert answer(Paths(starts=(id_of("water"),), ends=(id_of("other"),))).status is Status.NO_MATCH


def test_proofs_quote_the_line_of_the_form() -> None:
    said = answer(pick("pumps21"), Prove(columns=(Column.BUDGET_YEAR,)))
    assert any(s.quote == "budget_year：\t500,000" for s in said.sources)
    assert "500,000" in said.text


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((PROJECTS, Keep(condition=Compare(column=Column.YEAR, op=Op.EQ, value="1999")), Show()), "2021年、2023年"),
        ((pick("pumps21"), Show(columns=(Column.TOTAL_SCORE,))), "绩效自评表"),
        ((Topic(kind=EntityType.PROJECT, text="火星"), Show()), "主题"),
        (
            (
                PROJECTS,
                Keep(condition=Compare(column=Column.YEAR, op=Op.EQ, value="1999")),
                Calculate(aggregate=Aggregate.COUNT),
            ),
            "1999",
        ),
    ],
)
def test_nothing_found_is_no_match_with_a_hint(steps: tuple[Step, ...], words: str) -> None:
    said = answer(*steps)
    assert said.status is Status.NO_MATCH and said.items == () and words in said.text


def test_a_count_of_nought_is_an_answer_where_the_year_is_known() -> None:
    poor = Compare(column=Column.GRADE, op=Op.EQ, value="差")
    said = answer(PROJECTS, Keep(condition=poor), Calculate(aggregate=Aggregate.COUNT))
    assert (said.status, said.value, said.unit) == (Status.ANSWERED, 0, "个")


ROWS = (PROJECTS, IN_2021)
SIDES = tuple(
    Part(
        label=y,
        steps=(
            PROJECTS,
            Keep(condition=Compare(column=Column.YEAR, op=Op.EQ, value=y)),
            Calculate(aggregate=Aggregate.COUNT),
        ),
    )
    for y in ("2023", "2021")
)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((*ROWS, Show()), "2021年度的项目"),
        ((*ROWS, Calculate(aggregate=Aggregate.COUNT)), "2021年度的项目的个数"),
        ((*ROWS, Calculate(aggregate=Aggregate.SUM, column=Column.BUDGET_YEAR)), "2021年度的项目的当年预算合计"),
        ((*ROWS, Rank(column=Column.BUDGET, last=3)), "取前3名（并列都算）"),
        ((*ROWS, Group(relation=Relation.DECLARED_BY)), "按申报单位分组计数"),
        ((PROJECTS, Keep(condition=CITES_PLAN)), "引用了《甲市水系规划》（甲府发〔2019〕7号）的项目"),
        ((PROJECTS, Keep(condition=Except(part=CITES_PLAN))), "没有引用《甲市水系规划》"),
        ((pick("pumps21"), Follow(relation=Relation.CITES)), "“泵站运行维护经费（2021年）”引用的文件"),
        ((Recall(kind=EntityType.PROJECT, ids=(id_of("pumps21"),)), IN_2021), "上一问所列的1个项目"),
        ((Contrast(how=Contrasting.DIFFERENCE, parts=SIDES),), "相比的差额"),
        ((PROJECTS, Keep(condition=Number(relation=Relation.CITES, op=Op.GT, count=2))), "引用了多于2个文件的项目"),
        (
            (Select(kind=EntityType.INDICATOR), Keep(condition=Reached(outcome=Outcome.MISSED))),
            "没有达到目标的绩效指标",
        ),
        (
            (
                pick("pumps21"),
                Follow(relation=Relation.CITES),
                Follow(relation=Relation.CITED_BY),
                Without(ids=(id_of("pumps21"),)),
            ),
            "引用同一文件的其他项目",
        ),
    ],
)
def test_every_plan_can_be_said(steps: tuple[Step, ...], said: str) -> None:
    assert said in say_plan(Plan(steps=steps), STORE)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Compare(column=Column.BUDGET, op=Op.GT, value="1500000"), "预算超过150万元（1,500,000元）"),
        (Compare(column=Column.EXECUTION_RATE, op=Op.LT, value="95"), "预算执行率低于95%"),
        (Compare(column=Column.GOVERNMENT_PROCUREMENT, op=Op.EQ, value="false"), "不含政府购买服务"),
        (Compare(column=Column.END_DATE, op=Op.LE, value="2021-06-30"), "计划完成日期不晚于2021-06-30"),
        (Compare(column=Column.EXECUTED, op=Op.LT, other=Column.BUDGET), "全年执行数低于预算"),
        (
            Both(
                parts=(
                    Compare(column=Column.BUDGET, op=Op.GE, value="1"),
                    Compare(column=Column.BUDGET, op=Op.LE, value="9"),
                )
            ),
            "预算在1元到9元之间",
        ),
        (Either(parts=(IN_2021.condition, CITES_PLAN)), " 或 "),
    ],
)
def test_conditions_are_said(condition: Condition, said: str) -> None:
    assert said in say_plan(Plan(steps=(PROJECTS, Keep(condition=condition))), STORE)


def test_widen_reaches_to_the_ends_of_the_sentence_and_never_misquotes() -> None:
    text = "甲。依据《水法》，疏浚。乙"
    at = text.index("《水法》")
    source = Source(document=FILE, start=at, end=at + 4, quote="《水法》")
    wide = widen(source, text)
    assert wide.quote == "依据《水法》，疏浚" and text[wide.start : wide.end] == wide.quote
    assert widen(source, None) is source
    assert widen(source, "别的文字完全不同的一段话") is source
    line = widen_to_line(source, f"{text}\n下一行")
    assert line.quote == text


def test_answer_to_json_has_the_fields_of_the_contract() -> None:
    said = Answer(
        question="问",
        status=Status.AMBIGUOUS,
        interpretation="理解为：",
        text="请选",
        items=(Item(label="甲", value=Decimal("1.50"), unit="元", sources=(CITY.entities["plan"].sources[0],)),),
        value=Decimal("2000000"),
        unit="元",
        options=(Option(label="甲", question="问甲"),),
    )
    spoken = answer_to_json(said)
    assert set(spoken) >= {
        "question",
        "status",
        "interpretation",
        "text",
        "items",
        "total",
        "complete",
        "value",
        "unit",
        "sources",
        "options",
        "plan",
    }
    assert spoken["value"] == 2000000 and isinstance(spoken["value"], int)
    (item,) = spoken["items"]  # type: ignore[misc]
    assert set(item) >= {"id", "type", "label", "name", "year", "number", "aliases", "value", "unit", "sources"}
    assert item["value"] == 1.5
    assert set(item["sources"][0]) >= {"document", "start", "end", "page", "quote"}


@pytest.mark.parametrize(
    ("yuan", "said"),
    [("1955450", "195.545万元（1,955,450元）"), ("9999", "9,999元"), ("-20000", "-2万元（-20,000元）"), ("0", "0元")],
)
def test_say_money(yuan: str, said: str) -> None:
    assert say_money(Decimal(yuan)) == said


def test_small_words() -> None:
    assert say_number(Decimal("-1234567.8900")) == "-1,234,567.89"
    assert join_words([]) == "" and join_words(["甲", "乙"], last="或") == "甲或乙"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("《水法》", "2.《水法》"), ("水务局", "主管部门 水务局 实施单位 水文总站")],
    ids=["a-title-proves-itself", "a-name-needs-its-row"],
)
def test_show_place_shows_as_much_as_proves(name: str, shown: str) -> None:
    text = "1.《防汛条例》;2.《水法》;3.《预算法》\n主管部门 水务局 实施单位 水文总站\n"
    start = text.index(name)
    source = Source(document="甲.txt", start=start, end=start + len(name), quote=name)
    assert show_place(source, text, of_form=False).quote == shown
