"""What a plan must keep of its question: weighty words, the kind asked for, the scope; what is claimed is decided."""

from __future__ import annotations

import pytest

from search.engine import SearchEngine
from search.faithfulness import find_unkept
from search.linking import Names
from search.model import Answer, Status
from search.normalise import normalise_question
from search.parse import parse_question
from search.plan import Calculate, Plan, Select, Show
from search.plan_checks import check_plan
from search.plan_contents import Contents
from search.plan_terms import Aggregate, Column
from search.query import EntityType, Query
from search.vocabulary import table_of, words_of
from tests.asked_city import STORE, text_of

NAMES = Names(STORE)
ENGINE = SearchEngine(STORE, text_of=text_of)


def ask(question: str) -> Answer:
    return ENGINE.ask(question)


def labels(answer: Answer) -> set[str]:
    return {f"{item.label}{item.year or ''}" for item in answer.items}


def unkept(question: str, plan: Plan) -> tuple[str, ...]:
    query: Query = parse_question(normalise_question(question), NAMES)
    return find_unkept(query, plan, check_plan(plan))


# what is claimed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "word", "first", "also"),
    [
        ("泵站运行维护经费是2021年预算最大的项目吗", "不是。", "甲市河道疏浚工程专项2021", "50万元"),
        ("泵站运行维护经费是不是2021年预算最大的项目", "不是。", "甲市河道疏浚工程专项2021", "排第3"),
        ("2021年预算最大的是不是政务云平台", "不是。", "甲市河道疏浚工程专项2021", "排第2"),
        ("2021年预算最大的是甲市河道疏浚工程专项吗", "是。", "甲市河道疏浚工程专项2021", "200万元"),
        ("泵站运行维护经费的预算是不是2021年最低的", "是。", "泵站运行维护经费2021", "50万元"),
        ("水质监测项目是2023年得分最高的项目吗", "不是。", "甲市河道疏浚工程专项2023", "88分"),
    ],
)
def test_whether_a_project_stands_first_is_decided_among_all(question: str, word: str, first: str, also: str) -> None:
    answer = ask(question)
    assert answer.text.startswith(word)
    assert labels(answer) == {first}
    assert also in answer.text


def test_whether_a_unit_or_a_document_stands_first_is_decided_among_all() -> None:
    units = ask("政务信息中心是2021年项目最多的单位吗")
    assert units.text.startswith("不是。") and labels(units) == {"甲市水利局"}
    documents = ask("水法是被引用最多的文件吗")
    assert documents.text.startswith("不是。") and "甲市水系规划" in documents.text


@pytest.mark.parametrize(
    ("question", "word", "listed"),
    [
        ("2021年所有项目都含政府购买服务吗", "不是。", {"泵站运行维护经费2021", "政务云平台(运维)2021"}),
        ("2021年的项目是不是都在2021年12月底前完成", "是。", None),
        ("2023年的项目得分都超过80分吗", "是。", None),
        ("2023年的项目得分都超过90分吗", "不是。", {"水质监测项目2023"}),
        ("2023年所有项目自评等级都是优吗", "不是。", {"水质监测项目2023"}),
        ("2021年每个项目都有预算执行率指标吗", "不是。", {"政务云平台(运维)2021"}),
    ],
)
def test_whether_all_are_such_names_those_that_are_not(question: str, word: str, listed: set[str] | None) -> None:
    answer = ask(question)
    assert answer.text.startswith(word)
    assert listed is None or labels(answer) == listed


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("甲府发〔2019〕7号是不是被两个项目引用", "是。"),
        ("甲府发〔2019〕7号是不是被三个项目引用", "不是。"),
        ("2021年有3个项目吗", "是。"),
        ("2021年项目超过5个吗", "不是。"),
        ("甲府发〔2019〕7号只被一个项目引用吗", "不是。"),
        ("水法只被一个项目引用吗", "是。"),
    ],
)
def test_whether_there_are_so_many_is_counted(question: str, word: str) -> None:
    assert ask(question).text.startswith(word)


def test_whether_the_first_is_such_does_not_choose_the_first_by_it() -> None:
    answer = ask("2021年预算最大的项目有没有引用甲市节约用水条例")
    assert answer.text.startswith("没有。甲市河道疏浚工程专项")


@pytest.mark.parametrize(
    ("question", "word"),
    [("2023年预算比2021年多吗", "不是。"), ("2021年预算比2023年多吗", "是。")],
)
def test_which_of_two_is_more_is_said(question: str, word: str) -> None:
    assert ask(question).text.startswith(word)


def test_what_one_project_does_not_do_is_said_and_not_found() -> None:
    answer = ask("泵站运行维护经费是政务信息中心申报的吗")
    assert (answer.status, answer.items) == (Status.NO_MATCH, ())
    assert answer.text.startswith("不是。泵站运行维护经费")


@pytest.mark.parametrize(
    ("question", "word"),
    [("甲市河道疏浚工程专项2023年是不是满分", "否。"), ("水质监测项目满分吗", "否。")],
)
def test_full_marks_are_asked_of_the_total(question: str, word: str) -> None:
    answer = ask(question)
    assert answer.text.startswith(word) and "自评总分" in answer.text


# up and down ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("2021年预算降幅超过10%的项目", {"泵站运行维护经费2021"}),
        ("2021年预算跌幅在10%以上的项目", {"泵站运行维护经费2021"}),
        ("2021年预算增幅超过30%的项目", {"甲市河道疏浚工程专项2021"}),
        ("2021年预算减少额不到50万元的项目", {"泵站运行维护经费2021"}),
        ("2021年预算变化不超过20万元的项目", {"泵站运行维护经费2021"}),
    ],
)
def test_a_fall_is_not_taken_for_a_rise(question: str, found: set[str]) -> None:
    assert labels(ask(question)) == found


def test_neither_one_nor_the_other_denies_both() -> None:
    found = labels(ask("既没有引用水法也没有引用甲市水系规划的2021年项目"))
    assert found == {"政务云平台(运维)2021"}


@pytest.mark.parametrize("question", ["2023年谁的得分低于90分", "2023年得分低于90分的都有谁"])
def test_who_has_a_figure_is_a_project(question: str) -> None:
    assert labels(ask(question)) == {"水质监测项目2023"}


# words of weight --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("2023年其他资金合计", "其他资金"),
        ("2021年财政拨款合计多少", "财政拨款"),
        ("2021年人均预算", "人均"),
        ("2023年平均每个项目扣几分", "平均每个项目"),
        ("平均每个项目引用几个文件", "平均"),
        ("2021年和2023年都有的项目", "都"),
        ("所有项目都有的指标", "都"),
        ("水法和甲市水系规划是同一个文件吗", "同一个文件"),
        ("2021年是预算最多的一年吗", "最多"),
        ("同时出现在2021年和2023年的申报单位", "同时"),
        ("甲府发〔2019〕7号有几个文件", "几"),
        ("2023年扣分合计", "合计"),
        ("2021年部分项目的预算合计", "部分项目"),
        ("甲市河道疏浚工程专项2021年的子项目预算是多少", "子项目"),
        ("引用文件最多的单位", "文件"),
        ("2021年预算超过60万元的项目有几个，合计多少", "合计"),
        ("2023年满分指标有几个", "满分指标"),
        ("2021年监测率是多少", "监测率"),
        ("2021年群众满意预算合计", "群众满意"),
        ("没有群众满意的项目", "群众满意"),
    ],
)
def test_a_word_of_weight_that_no_step_keeps_stops_the_answer(question: str, word: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.items) == (Status.UNANSWERABLE, ())
    assert word in answer.text


@pytest.mark.parametrize(
    ("question", "steps", "word"),
    [
        ("2021年项目的平均预算", (Calculate(aggregate=Aggregate.SUM, column=Column.BUDGET),), "平均"),
        ("2023年有几个指标", (Calculate(aggregate=Aggregate.SUM, column=Column.EXECUTED),), "几个指标"),
        ("哪个单位的预算最大", (Show(columns=(Column.BUDGET,)),), "最大"),
        ("2023年的执行数是多少", (Show(columns=(Column.TOTAL_SCORE,)),), "执行数"),
        ("2021年预算合计是多少", (Show(columns=(Column.BUDGET,)),), "合计"),
    ],
)
def test_a_plan_is_measured_by_the_words(question: str, steps: tuple[Calculate | Show, ...], word: str) -> None:
    assert word in unkept(question, Plan(steps=(Select(kind=EntityType.PROJECT), *steps)))


def test_a_plan_from_elsewhere_has_no_words_to_keep() -> None:
    assert find_unkept(Query(), Plan(steps=(Select(kind=EntityType.PROJECT), Show())), EntityType.PROJECT) == ()


# pieces of titles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["2021年节约用水预算多少", "2021年排水管理合计多少"])
def test_a_piece_of_a_title_is_no_document_where_nothing_is_cited(question: str) -> None:
    answer = ask(question)
    assert answer.status is Status.UNANSWERABLE
    assert "引用" not in answer.interpretation


def test_a_piece_of_a_title_is_one_where_something_is_cited() -> None:
    assert labels(ask("哪些项目引用了节约用水条例")) == {"泵站运行维护经费2021"}


# answered as before -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "2021年都有哪些项目",
        "2021年各项目预算一共多少",
        "2021年平均每个项目多少预算",
        "每个单位各有几个项目",
        "引用甲府发〔2019〕7号的项目有几个，预算合计多少",
        "与泵站运行维护经费在同一份文件里的其他项目有哪些",
        "政务云平台和泵站运行维护经费的预算分别是多少",
        "2023年的执行数是多少钱",
        "2023年扣分的指标一共有几个",
        "水文总站一共实施了多少个项目",
        "2021年最早完成的两个项目",
        "泵站运行维护经费有没有引用甲市节约用水条例",
    ],
)
def test_words_that_are_kept_stop_nothing(question: str) -> None:
    assert ask(question).status is Status.ANSWERED


def test_what_is_asked_apart_is_told_apart() -> None:
    text = ask("水法和甲市节约用水条例分别被哪些项目引用").text
    assert "《中华人民共和国水法》：甲市河道疏浚工程专项（2021年）" in text
    assert "《甲市节约用水条例》：泵站运行维护经费（2021年）" in text


def test_a_unit_without_projects_has_none_though_texts_name_it() -> None:
    assert ask("甲市人民政府有哪些项目").status is Status.NO_MATCH


def test_what_tells_of_the_projects_named_is_not_what_is_asked_for() -> None:
    assert labels(ask("政务信息中心报的项目，依据里有政府令的是哪几个")) == {"政务云平台(运维)2021"}


def test_contents_sees_into_conditions_and_contrasts() -> None:
    query = parse_question(normalise_question("2023年的预算比2021年多多少"), NAMES)
    assert query.said and query.unread <= set(range(len(query.said)))
    plan = Plan(steps=(Select(kind=EntityType.PROJECT), Calculate(aggregate=Aggregate.AVERAGE, column=Column.BUDGET)))
    assert Contents(plan).aggregates == {Aggregate.AVERAGE} and Contents(plan).columns == {Column.BUDGET}


def test_no_word_is_both_absent_and_the_name_of_a_column() -> None:
    fillers = set(words_of("words", "plain", "filler"))
    for words in table_of("faithfulness", "absent").values():
        assert fillers.isdisjoint(words)
