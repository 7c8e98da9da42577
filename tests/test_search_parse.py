"""Questions → queries: the slots that they fill, in many phrasings; what is not understood is said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import EntityType
from search.linking import Names
from search.normalise import normalise_question
from search.parse import parse_question
from search.plan import Both, Compare, Either, Except, Has, Known, Number, Reached
from search.plan_terms import Aggregate, Column, Contrasting, Op, Outcome, Relation
from search.query import Asked, Kind, Query
from search.vocabulary import column_specs, load_lexicon
from tests.asked_city import CITY, STORE, id_of

NAMES = Names(STORE)


def parse(question: str) -> Query:
    return parse_question(normalise_question(question), NAMES)


YEAR21 = Compare(column=Column.YEAR, op=Op.EQ, value="2021")
CITES_PLAN = Has(relation=Relation.CITES, ids=(id_of("plan"),))
CITES_WATER = Has(relation=Relation.CITES, ids=(id_of("water"),))


@pytest.mark.parametrize(
    "question",
    [
        "哪些项目引用了甲府发〔2019〕7号？",
        "引用甲府发[2019]7号的项目有哪些",
        "谁引用了甲府发2019年7号",
        "甲府发〔2019〕7号被哪些项目引用了呀",
        "请问甲府发（2019）7号文都是哪几个项目的依据",
        "以《甲市水系规划》为依据的项目",
        "给我列出依据了《甲市水系规划》的项目",
        "《甲市水系规划》（甲府发〔2019〕7号）出现在哪些项目里",
        "請問哪些項目引用了《甲市水系規劃》？",
    ],
)
def test_who_cites_a_document_is_one_query_in_any_words(question: str) -> None:
    query = parse(question)
    assert (query.asked, query.kind, query.conditions) == (Asked.ITEMS, EntityType.PROJECT, (CITES_PLAN,))
    assert not query.unknown and not query.missing


@pytest.mark.parametrize(
    "question", ["水法是哪些项目的立项依据", "立项依据包含水法的项目", "以水法为立项依据的项目有哪些"]
)
def test_the_section_of_grounds_is_told_from_citing_anywhere(question: str) -> None:
    assert parse(question).conditions == (Has(relation=Relation.RESTS_ON, ids=(id_of("water"),)),)


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("2021年有哪些项目", YEAR21),
        ("2021年以后的项目", Compare(column=Column.YEAR, op=Op.GE, value="2021")),
        ("预算超过100万元的项目", Compare(column=Column.BUDGET, op=Op.GT, value="1000000")),
        ("预算不低于一百万的项目", Compare(column=Column.BUDGET, op=Op.GE, value="1000000")),
        ("当年预算在100万元以上的项目", Compare(column=Column.BUDGET_YEAR, op=Op.GE, value="1000000")),
        ("预算不足20万的项目有哪些", Compare(column=Column.BUDGET, op=Op.LT, value="200000")),
        ("总预算为80万元的项目", Compare(column=Column.BUDGET_TOTAL, op=Op.EQ, value="800000")),
        ("执行率低于95%的项目", Compare(column=Column.EXECUTION_RATE, op=Op.LT, value="95")),
        ("得分90分以上的项目", Compare(column=Column.TOTAL_SCORE, op=Op.GE, value="90")),
        ("评级为优的项目", Compare(column=Column.GRADE, op=Op.EQ, value="优")),
        ("2021年3月1日以后开始的项目", Compare(column=Column.START_DATE, op=Op.GE, value="2021-03-01")),
        ("2021年11月30日前完成的项目", Compare(column=Column.END_DATE, op=Op.LE, value="2021-11-30")),
        ("工期少于300天的项目", Compare(column=Column.DURATION, op=Op.LT, value="300")),
        ("含政府购买服务的项目", Compare(column=Column.GOVERNMENT_PROCUREMENT, op=Op.EQ, value="true")),
        ("不含政府购买服务的项目", Compare(column=Column.GOVERNMENT_PROCUREMENT, op=Op.EQ, value="false")),
        ("没有政府购买服务的项目有哪些", Compare(column=Column.GOVERNMENT_PROCUREMENT, op=Op.EQ, value="false")),
        ("项目类别为经常性专项业务费的项目", Compare(column=Column.CATEGORY, op=Op.EQ, value="经常性专项业务费")),
        (
            "绩效类型是信息化建设工程类的有哪些项目",
            Compare(column=Column.PERFORMANCE_TYPE, op=Op.EQ, value="信息化建设工程类"),
        ),
        ("执行数低于全年预算的项目", Compare(column=Column.EXECUTED, op=Op.LT, other=Column.BUDGET_ADJUSTED)),
        (
            "年初预算与全年预算不一致的项目",
            Compare(column=Column.BUDGET_INITIAL, op=Op.NE, other=Column.BUDGET_ADJUSTED),
        ),
        ("预算比上年减少的项目有哪些", Compare(column=Column.CHANGE, op=Op.LT, value="0")),
        ("与上年预算持平的项目", Compare(column=Column.CHANGE, op=Op.EQ, value="0")),
        ("引用文件超过1份的项目", Number(relation=Relation.CITES, op=Op.GT, count=1)),
        ("绩效指标不少于3个的项目", Number(relation=Relation.HAS_INDICATOR, op=Op.GE, count=3)),
        ("没有引用任何文件的项目", Except(part=Number(relation=Relation.CITES, op=Op.GE, count=1))),
        ("没有引用水法的项目", Except(part=CITES_WATER)),
        ("信息中心申报的项目", Has(relation=Relation.DECLARED_BY, ids=(id_of("centre"),))),
        ("实施单位为甲市水文总站的项目", Has(relation=Relation.IMPLEMENTED_BY, ids=(id_of("station"),))),
        ("自评表有哪些项目", Compare(column=Column.DOCUMENT_TYPE, op=Op.EQ, value="绩效自评表")),
    ],
)
def test_conditions(question: str, condition: object) -> None:
    query = parse(question)
    assert query.conditions == (condition,)
    assert query.unknown == ()


@pytest.mark.parametrize(
    ("question", "low", "high"),
    [
        ("预算在50万到100万之间的项目", "500000", "1000000"),
        ("预算介于50万元和100万元之间的项目", "500000", "1000000"),
        ("预算50-100万元的项目", "500000", "1000000"),
    ],
)
def test_ranges(question: str, low: str, high: str) -> None:
    assert parse(question).conditions == (
        Both(
            parts=(
                Compare(column=Column.BUDGET, op=Op.GE, value=low),
                Compare(column=Column.BUDGET, op=Op.LE, value=high),
            )
        ),
    )


@pytest.mark.parametrize(
    ("question", "conditions"),
    [
        ("既引用了水法又引用了甲府发〔2019〕7号的项目", (CITES_WATER, CITES_PLAN)),
        ("同时引用水法和甲府发〔2019〕7号的项目有哪些", (CITES_WATER, CITES_PLAN)),
        ("引用水法或者甲府发〔2019〕7号的项目", (Either(parts=(CITES_WATER, CITES_PLAN)),)),
        ("引用了甲府发〔2019〕7号但没有引用水法的项目", (CITES_PLAN, Except(part=CITES_WATER))),
        (
            "2021年引用甲府发〔2019〕7号且预算低于60万元的项目",
            (YEAR21, CITES_PLAN, Compare(column=Column.BUDGET, op=Op.LT, value="600000")),
        ),
    ],
)
def test_and_or_not(question: str, conditions: tuple[object, ...]) -> None:
    assert parse(question).conditions == conditions


@pytest.mark.parametrize(
    ("question", "asked", "kind"),
    [
        ("2021年有多少个项目", Asked.COUNT, EntityType.PROJECT),
        ("2021年项目的数量是多少", Asked.COUNT, EntityType.PROJECT),
        ("引用水法的项目有几个", Asked.COUNT, EntityType.PROJECT),
        ("泵站运行维护经费有几个绩效指标", Asked.COUNT, EntityType.INDICATOR),
        ("泵站运行维护经费引用了哪些文件", Asked.ITEMS, EntityType.POLICY),
        ("泵站运行维护经费的立项依据有哪些", Asked.ITEMS, EntityType.POLICY),
        ("泵站运行维护经费由哪个单位申报", Asked.ITEMS, EntityType.UNIT),
        ("泵站运行维护经费是谁申报的", Asked.ITEMS, EntityType.UNIT),
        ("哪些单位引用了水法", Asked.ITEMS, EntityType.UNIT),
        ("泵站运行维护经费的预算是多少", Asked.VALUES, EntityType.PROJECT),
        ("泵站运行维护经费设备完好率的目标值", Asked.VALUES, EntityType.INDICATOR),
        ("设备完好率是哪个项目的指标", Asked.ITEMS, EntityType.PROJECT),
        ("甲府发〔2019〕7号的标题是什么", Asked.VALUES, EntityType.POLICY),
        ("2021年预算合计多少", Asked.FIGURE, EntityType.PROJECT),
        ("各年度有多少个项目", Asked.GROUPS, EntityType.PROJECT),
        ("水法和甲市水利局之间有什么关系", Asked.PATH, EntityType.PROJECT),
        ("泵站运行维护经费的预算出自哪里", Asked.EVIDENCE, EntityType.PROJECT),
        ("执行率是什么意思", Asked.MEANING, EntityType.PROJECT),
        ("清淤船租赁项目属于哪个项目", Asked.ITEMS, EntityType.PROJECT),
    ],
)
def test_what_is_asked_for(question: str, asked: Asked, kind: EntityType) -> None:
    query = parse(question)
    assert (query.asked, query.kind) == (asked, kind)
    assert query.unknown == ()


@pytest.mark.parametrize(
    ("question", "column", "descending", "places"),
    [
        ("2021年预算最大的项目是哪个", Column.BUDGET, True, (1, 1)),
        ("2021年预算最少的项目", Column.BUDGET, False, (1, 1)),
        ("2021年预算前三名的项目", Column.BUDGET, True, (1, 3)),
        ("2021年预算最高的两个项目", Column.BUDGET, True, (1, 2)),
        ("2023年得分第二高的项目", Column.TOTAL_SCORE, True, (2, 2)),
        ("2023年得分倒数第一的项目", Column.TOTAL_SCORE, False, (1, 1)),
        ("绩效指标最多的项目", Column.INDICATOR_COUNT, True, (1, 1)),
        ("引用文件最多的项目是哪个", Column.CITATION_COUNT, True, (1, 1)),
        ("被引用最多的文件", Column.CITED_COUNT, True, (1, 1)),
        ("最早开始的项目", Column.START_DATE, False, (1, 1)),
        ("工期最长的项目", Column.DURATION, True, (1, 1)),
        ("预算比上年增加最多的项目", Column.CHANGE, True, (1, 1)),
        ("按预算从低到高列出2021年的项目", Column.BUDGET, False, (1, None)),
    ],
)
def test_ranking(question: str, column: Column, descending: bool, places: tuple[int, int | None]) -> None:
    (ranking,) = parse(question).ranking
    assert (ranking.column, ranking.descending, (ranking.first, ranking.last)) == (column, descending, places)


@pytest.mark.parametrize(
    ("question", "key", "column"),
    [
        ("按年度统计项目数量", Column.YEAR, None),
        ("各项目类别有多少个项目", Column.CATEGORY, None),
        ("2021年各单位当年预算合计分别是多少", Relation.BY_BEARER, Column.BUDGET_YEAR),
        ("2023年各主管部门有几个项目", Relation.SUPERVISED_BY, None),
        ("2021年和2023年分别有多少个项目", Column.YEAR, None),
    ],
)
def test_groups(question: str, key: object, column: Column | None) -> None:
    query = parse(question)
    assert query.asked is Asked.GROUPS and query.grouping is not None
    assert (query.grouping.column or query.grouping.relation) == key
    assert query.columns == ((column,) if column else ())


@pytest.mark.parametrize(
    ("question", "how", "labels", "signed"),
    [
        ("2023年的项目比2021年少几个", Contrasting.DIFFERENCE, ("2023年", "2021年"), -1),
        ("泵站运行维护经费比政务云平台预算少多少", Contrasting.DIFFERENCE, ("泵站运行维护经费", "政务云平台"), -1),
        ("年初预算和执行数相差多少", Contrasting.DIFFERENCE, ("年初预算数", "全年执行数"), 0),
        ("2021年含政府购买服务的项目占比", Contrasting.SHARE, ("所问的部分", "总体"), 0),
    ],
)
def test_contrasts(question: str, how: Contrasting, labels: tuple[str, str], signed: int) -> None:
    query = parse(question)
    assert query.asked is Asked.CONTRAST and query.contrasting is how
    assert tuple(side.label for side in query.sides) == labels and query.signed == signed


def test_aggregates() -> None:
    assert parse("2023年平均执行率是多少").aggregate is Aggregate.AVERAGE
    assert parse("2021年预算总额").aggregate is Aggregate.SUM
    assert parse("2021年预算的中位数").aggregate is Aggregate.MEDIAN


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("名称里带“运行”的项目有哪些", Compare(column=Column.NAME, op=Op.CONTAINS, value="运行")),
        ("项目名称中含有信息字样的项目", Compare(column=Column.NAME, op=Op.CONTAINS, value="信息")),
        ("名称不含“运行”的项目", Except(part=Compare(column=Column.NAME, op=Op.CONTAINS, value="运行"))),
        ("立项依据里提到“水利”的项目", Compare(column=Column.BASIS, op=Op.CONTAINS, value="水利")),
        ("项目类别里带“一次性”的项目", Compare(column=Column.CATEGORY, op=Op.CONTAINS, value="一次性")),
        (
            "标题里有“规划”的文件有哪些",
            Compare(column=Column.TITLE, op=Op.CONTAINS, value="规划"),
        ),
        (
            "群众满意度目标值是满意的是哪个项目",
            Has(
                relation=Relation.HAS_INDICATOR,
                where=Both(
                    parts=(
                        Compare(column=Column.LEVEL3, op=Op.EQ, value="群众满意度"),
                        Compare(column=Column.TARGET_TEXT, op=Op.EQ, value="满意"),
                    )
                ),
            ),
        ),
    ],
)
def test_words_that_a_column_must_hold_are_a_condition(question: str, condition: object) -> None:
    query = parse(question)
    assert query.conditions == (condition,)
    assert not query.unknown and query.topic is None


@pytest.mark.parametrize(
    ("question", "column", "days"),
    [
        ("2021年上半年开始的项目", Column.START_DATE, ("2021-01-01", "2021-06-30")),
        ("2021年第四季度完成的项目有哪些", Column.END_DATE, ("2021-10-01", "2021-12-31")),
        ("2021年三季度末结束的项目", Column.END_DATE, ("2021-09-01", "2021-09-30")),
    ],
)
def test_halves_and_quarters_bound_dates(question: str, column: Column, days: tuple[str, str]) -> None:
    bounds = tuple(Compare(column=column, op=op, value=day) for op, day in zip((Op.GE, Op.LE), days, strict=True))
    assert parse(question).conditions == (Both(parts=bounds),)


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("2021年引用了文件的项目有几个", Number(relation=Relation.CITES, op=Op.GE, count=1)),
        ("引用了文件的2021年项目", Number(relation=Relation.CITES, op=Op.GE, count=1)),
        ("2021年哪些项目没有评分等级", Except(part=Known(column=Column.GRADE))),
        ("没有自评总分的2021年项目有几个", Except(part=Known(column=Column.TOTAL_SCORE))),
        ("2021年有立项依据的项目", Known(column=Column.BASIS)),
    ],
)
def test_what_is_merely_there_or_not_is_a_condition(question: str, condition: object) -> None:
    query = parse(question)
    assert query.conditions == (YEAR21, condition)
    assert not query.unknown


@pytest.mark.parametrize(
    ("question", "role", "unknown"),
    [
        ("甲市河道疏浚工程专项立项依据部分引用的文件", Relation.RESTS_ON, ()),
        ("甲市河道疏浚工程专项的立项依据引用了几个文件", Relation.RESTS_ON, ()),
        ("甲市河道疏浚工程专项的项目概况里引用了哪些文件", None, ("项目概况",)),
    ],
)
def test_the_section_that_cites_is_read_or_refused(
    question: str, role: Relation | None, unknown: tuple[str, ...]
) -> None:
    query = parse(question)
    assert (query.kind, query.role, query.unknown) == (EntityType.POLICY, role, unknown)


@pytest.mark.parametrize(
    "question",
    [
        "预算到位的项目有哪些",
        "有“信息”的项目有哪些",
        "引用多的2021年项目",
        "2021年没有结题的项目",
    ],
)
def test_no_word_that_narrows_is_passed_over(question: str) -> None:
    query = parse(question)
    assert query.unknown or query.topic


@pytest.mark.parametrize(
    ("question", "column", "places"),
    [
        ("2021年预算最多的前2个项目", Column.BUDGET, (True, 2)),
        ("预算最多的两个项目是哪两个", Column.BUDGET, (True, 2)),
        ("预算最高的是哪两个项目", Column.BUDGET, (True, 2)),
        ("2023年执行率最低的后两名", Column.EXECUTION_RATE, (False, 2)),
        ("得分倒数两名的项目是哪两个", Column.TOTAL_SCORE, (False, 2)),
        ("泵站运行维护经费和政务云平台预算较大的是哪个", Column.BUDGET, (True, 1)),
    ],
)
def test_how_many_of_the_first_are_wanted(question: str, column: Column, places: tuple[bool, int]) -> None:
    query = parse(question)
    (ranking,) = query.ranking
    assert (ranking.column, (ranking.descending, ranking.last)) == (column, places)
    assert not query.unknown


@pytest.mark.parametrize(
    ("question", "part", "whole", "column"),
    [
        ("泵站运行维护经费占2021年总额多少", ("泵站运行维护经费",), (), Column.BUDGET),
        ("2021年泵站运行维护经费预算占水利局预算的比重", ("泵站运行维护经费",), (Relation.BY_UNIT,), Column.BUDGET),
        ("2021年水利局的预算中泵站运行维护经费占多少", ("泵站运行维护经费",), (Relation.BY_UNIT,), Column.BUDGET),
        ("含政府购买服务的项目占比", (), (), Column.PROJECT_COUNT),
    ],
)
def test_the_part_of_a_share_does_not_narrow_the_whole(
    question: str, part: tuple[str, ...], whole: tuple[Relation, ...], column: Column
) -> None:
    query = parse(question)
    one, all_of_it = query.sides
    assert tuple(m.label for m in one.subjects) == part
    assert tuple(c.relation for c in all_of_it.conditions if isinstance(c, Has)) == whole
    assert not all_of_it.subjects and not any(m.kind is Kind.PROJECT for m in query.subjects)
    assert query.columns == (column,)


@pytest.mark.parametrize("question", ["全年预算比年初预算减少的项目", "全年预算比年初减少的项目有哪些"])
def test_two_columns_of_a_project_compared_are_a_condition(question: str) -> None:
    less = Compare(column=Column.BUDGET_ADJUSTED, op=Op.LT, other=Column.BUDGET_INITIAL)
    assert parse(question).conditions == (less,)


def test_why_a_target_was_missed_asks_for_the_reason() -> None:
    query = parse("2023年甲市河道疏浚工程专项疏浚长度为什么没有达到10公里")
    assert (query.asked, query.columns) == (Asked.VALUES, (Column.DEVIATION_REASON,))


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("甲市人民政府令第5号和6号分别被哪些项目引用", ["cloud", "drain"]),
        ("甲府法7号是哪些项目的依据", ["plan"]),
        ("“甲水”规划（甲府发〔2019〕7号）支撑了哪些项目", ["plan"]),
    ],
)
def test_numbers_that_other_words_complete(question: str, labels: list[str]) -> None:
    query = parse(question)
    assert list(dict.fromkeys(m.ids for m in query.subjects)) == [(id_of(key),) for key in labels]
    assert not query.unknown and not query.missing


def test_a_number_without_its_year_is_doubtful_where_two_fit() -> None:
    (mention,) = parse("甲府发7号是哪些项目的依据").subjects
    assert {r.ids for r in mention.rivals} == {(id_of("plan"),), (id_of("other"),)}


def test_the_indicator_of_the_project_named_comes_first() -> None:
    (_, mention) = parse("水质监测项目的监测总次数目标是多少").subjects
    assert mention.ids == (id_of("watch23/监测次数"),)


def test_a_quotation_mark_without_its_fellow_is_dropped_from_a_topic() -> None:
    assert parse("关于“十五五”规划的项目").topic == "十五五规划"


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("有子项目的项目有哪些", Number(relation=Relation.HAS_TASK, op=Op.GE, count=1)),
        ("没有绩效指标的项目", Except(part=Number(relation=Relation.HAS_INDICATOR, op=Op.GE, count=1))),
        (
            "没有未达标指标的项目",
            Except(part=Has(relation=Relation.HAS_INDICATOR, where=Reached(outcome=Outcome.UNREACHED))),
        ),
        ("等级不是优的项目", Compare(column=Column.GRADE, op=Op.NE, value="优")),
        ("引用了三份文件的项目", Number(relation=Relation.CITES, op=Op.EQ, count=3)),
        (
            "引用了2019年文件的项目",
            Has(relation=Relation.CITES, where=Compare(column=Column.POLICY_YEAR, op=Op.EQ, value="2019")),
        ),
        (
            "引用了2019年以后发布的文件的项目",
            Has(relation=Relation.CITES, where=Compare(column=Column.POLICY_YEAR, op=Op.GE, value="2019")),
        ),
        (
            "得分在85分到99分之间的项目",
            Both(
                parts=(
                    Compare(column=Column.TOTAL_SCORE, op=Op.GE, value="85"),
                    Compare(column=Column.TOTAL_SCORE, op=Op.LE, value="99"),
                )
            ),
        ),
    ],
)
def test_conditions_that_hold_for_the_whole_project(question: str, condition: object) -> None:
    query = parse(question)
    assert query.conditions == (condition,)
    assert not query.unknown


@pytest.mark.parametrize(
    "question",
    [
        "预算占比超过10%的2021年项目",
        "名称最长的项目",
        "年底完成的2021年项目",
        "依据规范性文件的项目",
        "2021年占比",
    ],
)
def test_what_no_plan_can_say_is_not_answered_by_half(question: str) -> None:
    query = parse(question)
    assert (query.unknown or query.idle) and query.topic is None


def test_the_largest_is_set_against_the_sum_of_all() -> None:
    one, whole = parse("2021年预算最大的项目占总预算的比例").sides
    assert (one.aggregate, whole.aggregate) == (Aggregate.MAX, None)


def test_laws_are_told_from_measures() -> None:
    law = Compare(column=Column.TITLE, op=Op.ENDS, value="法")
    measures = Except(part=Compare(column=Column.TITLE, op=Op.ENDS, value="办法"))
    assert Both(parts=(law, measures)) in parse("甲市河道疏浚工程专项依据的法律有哪些").conditions


def test_conditions_on_indicators_hold_for_the_one_named() -> None:
    (condition,) = parse("预算执行率目标为100%的项目有哪些").conditions
    assert isinstance(condition, Has) and isinstance(condition.where, Both)
    assert condition.where.parts == (
        Compare(column=Column.LEVEL3, op=Op.EQ, value="预算执行率"),
        Compare(column=Column.TARGET_VALUE, op=Op.EQ, value="100"),
    )
    assert parse("2023年哪些指标没有达标").conditions[1] == Reached(outcome=Outcome.UNREACHED)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("跟防汛抢险有关的项目有哪些", "防汛抢险"),
        ("关于海绵城市的项目", "海绵城市"),
        ("黑臭水体治理", "黑臭水体治理"),
        ("2021年与海绵城市相关的项目", "海绵城市"),
        ("哪些项目做了岸线整治", "岸线整治"),
    ],
)
def test_topics(question: str, topic: str) -> None:
    query = parse(question)
    assert query.topic == topic and query.unknown == ()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("泵站运行维护经费的吉祥物是什么", "吉祥物"),
        ("2021年预算最大的项目的监理费率是多少", "监理"),
        ("引用水法的项目的口碑指数", "口碑"),
    ],
)
def test_words_not_understood_are_never_passed_over(question: str, words: str) -> None:
    assert any(words in part for part in parse(question).unknown)


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("哪些项目引用了《丙省防洪条例》", "《丙省防洪条例》"),
        ("丙府发〔2011〕3号被哪些项目引用", "丙府发〔2011〕3号"),
        ("丙市教育委员会有哪些项目", "丙市教育委员会"),
        ("滨海机场扩建工程的预算是多少", "滨海机场扩建工程"),
    ],
)
def test_names_that_the_graph_lacks_are_missing(question: str, label: str) -> None:
    (missing,) = parse(question).missing
    assert missing.label == label


@pytest.mark.parametrize("question", ["你好", "哪些", "引用", "多少"])
def test_idle_questions_ask_nothing(question: str) -> None:
    assert parse(question).idle


def test_doubtful_names_keep_their_rivals() -> None:
    query = parse("7号文被哪些项目引用")
    assert [len(m.rivals) for m in query.subjects if m.kind is Kind.POLICY] == [2]


def test_traces_of_the_question_before() -> None:
    assert parse("其中2021年的呢？").follows
    assert parse("它们的预算合计？").follows
    assert parse("那2023年呢").fragment


WORDS = [w for table in (load_lexicon("words")["plain"],) for words in table.values() for w in words]
WORDS += [word for spec in column_specs().values() for word in spec.words]
WORDS += [entity.label for entity in CITY.entities.values()] + ["2021年", "100万元", "95%", "3个", "7号", "前三"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7))
def test_any_words_in_any_order_make_a_query(words: list[str]) -> None:
    question = "".join(words)
    if question.strip("?。，,、 ") and any(sign.isalnum() for sign in question) and len(question) <= 500:
        assert isinstance(parse(question), Query)


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_text_makes_a_query(text: str) -> None:
    question = f"项目{text}"
    assert isinstance(parse(question), Query)
