"""The engine from question to answer on the invented city: right, refused, followed up, hostile."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.kg import KnowledgeGraph
from graph.model import EntityType
from graph.store import EmbeddedStore
from search.answer_checks import find_false_quotes, find_stray_figures
from search.answering import answer_to_json
from search.engine import SearchEngine
from search.errors import QuestionRejected
from search.model import Answer, Status
from tests.asked_city import CITY, FILE, STORE, passage_of, text_of

ENGINE = SearchEngine(STORE, text_of=text_of)
D21, P21, C21 = ("甲市河道疏浚工程专项", 2021), ("泵站运行维护经费", 2021), ("政务云平台(运维)", 2021)
D23, W23 = ("甲市河道疏浚工程专项", 2023), ("水质监测项目", 2023)


def named(answer: Answer) -> list[tuple[str | None, int | None]]:
    return [(item.name or item.label, item.year) for item in answer.items]


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("哪些项目引用了甲府发〔2019〕7号？", [D21, P21]),
        ("甲府法〔2019〕7号是哪些项目的依据", [D21, P21]),
        ("水法被谁引用", [D21]),
        ("市政府令第5号是哪个项目的依据", [C21]),
        ("既引用水法又引用水系规划的项目", [D21]),
        ("2021年不含政府购买服务的项目有哪些", [P21, C21]),
        ("2021年没有引用甲府发〔2019〕7号的项目", [C21]),
        ("水务局有哪些项目", [D21, P21, D23, W23]),
        ("甲市水利局2021年申报了哪些项目？", [D21, P21]),
        ("甲市水文总站2023年实施的项目", [D23, W23]),
        ("预算在50万到80万之间的项目", [P21, C21, W23]),
        ("2021年12月15日之前完成的项目", [P21, C21]),
        ("评级为良的项目是哪个", [W23]),
        ("2021年预算最大的项目是哪个", [D21]),
        ("2023年执行率最高的项目", [W23]),
        ("2023年花得最少的项目是哪个", [W23]),
        ("2023年用得最多的项目是哪个", [D23]),
        ("2021年预算从低到高排列的项目", [P21, C21, D21]),
        ("引用文件最多的项目", [D21, P21]),
        ("哪些项目设置了预算执行率指标", [D21, P21]),
        ("设备完好率是哪个项目的指标", [P21]),
        ("有未达标指标的项目有哪些", [D23, W23]),
        ("2023年预算调整过的项目", [D23]),
        ("和泵站运行维护经费引用了同一文件的项目", [D21]),
        ("泵站运行维护经费和政务云平台哪个预算高", [C21]),
        ("清淤船租赁项目属于哪个项目", [D21]),
        ("2021年预算减少超过5万元的项目", [P21]),
        ("2021年预算比上年增长30%以上的项目", [D21]),
        ("2021年预算变化超过15%的项目", [D21, P21]),
        ("2023年得分第二名", [W23]),
        ("得分第一名和第二名的项目", [D23, W23]),
        ("2021年除了政务信息中心以外申报的项目", [D21, P21]),
        ("被引用最多的文件被哪些项目引用", [D21, P21]),
        ("权重最大的指标属于哪个项目", [W23]),
        ("预算最高和最低的项目分别是哪个", [D21, P21, W23]),
        ("2023年预算被调增的项目", [D23]),
        ("水法（2016年修正）是哪个项目的依据", [D21]),
        ("《中华人民共和国水法（2016年修正）》是哪个项目的依据", [D21]),
        ("跟水法有关的项目", [D21]),
        ("甲市水系规划这份文件的引用情况", [D21, P21]),
    ],
)
def test_projects_asked_for(question: str, items: list[tuple[str, int]]) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert named(answer) == items
    assert all(item.sources for item in answer.items)
    assert answer.plan


@pytest.mark.parametrize(
    ("question", "names", "said"),
    [
        ("2021年预算最多的两个项目的申报单位", ["甲市水利局", "甲市政务信息中心"], "政务云平台"),
        ("2021年预算最大的项目引用了哪些文件", ["中华人民共和国水法", "甲市水系规划"], "河道疏浚"),
        ("引用文件最多的项目由谁申报", ["甲市水利局"], "泵站运行维护经费"),
        ("2023年得分最低的项目有哪些指标", ["监测次数", "报告质量"], "水质监测项目"),
    ],
)
def test_questions_go_on_from_what_ranks_first_and_say_which(question: str, names: list[str], said: str) -> None:
    answer = ENGINE.ask(question)
    assert [item.name for item in answer.items] == names
    assert said in answer.text


def test_each_project_of_a_set_is_counted_for_itself() -> None:
    counted = ENGINE.ask("2021年的项目各有多少个指标")
    assert [(i.name, i.value) for i in counted.items] == [(D21[0], 3), (P21[0], 2), (C21[0], 1)]
    placed = ENGINE.ask("2021年预算前两名的项目分别引用了多少份文件")
    assert [(i.name, i.value) for i in placed.items] == [(D21[0], 2), (C21[0], 1)]
    assert "200万元" in placed.text


def test_units_stand_as_columns_beside_projects() -> None:
    placed = ENGINE.ask("2021年预算最多的两个项目及其申报单位")
    assert [(i.name, i.properties["申报单位"]) for i in placed.items] == [
        (D21[0], "甲市水利局"),
        (C21[0], "甲市政务信息中心"),
    ]
    one = ENGINE.ask("水质监测项目的预算和实施单位")
    assert one.items[0].properties["实施单位"] == "甲市水文总站"
    assert "50万元" in one.text
    both = ENGINE.ask("水质监测项目的主管部门和实施单位分别是谁")
    assert {i.name for i in both.items} == {"甲市水务局", "甲市水文总站"}


@pytest.mark.parametrize(
    "question",
    ["2021年预算最大的项目引用了哪些文件", "泵站运行维护经费是2021年预算最大的项目吗"],
    ids=["goes-on", "claimed"],
)
def test_figures_that_decide_are_proven_beside_the_items(question: str) -> None:
    answer = ENGINE.ask(question)
    assert find_stray_figures(answer_to_json(answer)) in ((), ("3",))  # a place is reckoned
    assert answer.sources


def test_a_document_is_told_even_where_a_project_is_named() -> None:
    answer = ENGINE.ask("泵站运行维护经费里的甲府法〔2019〕7号是什么文件")
    assert [i.name for i in answer.items] == ["甲市水系规划"]


def test_misprinted_documents_are_listed_and_what_no_plan_tells_is_refused() -> None:
    assert [i.name for i in ENGINE.ask("引用中有误印的文件有哪些").items] == ["甲市水系规划"]
    assert ENGINE.ask("哪些项目写错了文号").status is not Status.ANSWERED


@pytest.mark.parametrize("question", ["去年花了多少钱", "既申报又实施项目的单位", "引用过的条例以及最贵的指标"])
def test_what_is_not_fully_read_is_not_answered(question: str) -> None:
    assert ENGINE.ask(question).status is not Status.ANSWERED


def test_two_orders_at_once_are_not_half_answered() -> None:
    assert ENGINE.ask("引用水法最多和预算最大的项目").status is Status.UNANSWERABLE


def test_a_project_of_another_year_is_not_taken_for_the_one_asked() -> None:
    answer = ENGINE.ask("2023年泵站运行维护经费的执行率")
    assert answer.status is Status.NO_MATCH
    assert "2023年的泵站运行维护经费" in answer.text
    assert "泵站运行维护经费（2021年）" in answer.text


def test_a_year_before_all_forms_is_read_from_what_they_say_of_last_year() -> None:
    answer = ENGINE.ask("2021年比2020年预算多了多少")
    assert (answer.value, answer.unit) == (3300000 - 2900000, "元")
    assert any("同名项目上年" in caveat for caveat in answer.caveats)


def test_the_document_cited_most_is_sought_among_the_kind_asked_for() -> None:
    answer = ENGINE.ask("被引用最多的条例是哪部")
    assert [item.label for item in answer.items] == ["《甲市节约用水条例》"]
    assert ENGINE.ask("2021年被引用最多的条例是哪部").status is Status.UNANSWERABLE


def test_the_share_of_a_project_is_of_the_whole() -> None:
    answer = ENGINE.ask("泵站运行维护经费占2021年总额多少")
    assert (answer.value, answer.unit) == (Decimal("15.15"), "%")


def test_a_weighted_average_names_the_simple_one_too() -> None:
    assert "简单平均" in ENGINE.ask("2023年项目平均执行率").text


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("2021年预算比上年增加的项目有多少个", 1, "个"),
        ("2021年预算与上年持平的项目有几个", 1, "个"),
        ("2021年有几个项目预算减少了", 1, "个"),
        ("2021年预算增加的项目一共增加了多少", 500000, "元"),
        ("2023年的总执行率", 92.94, "%"),
        ("水法被引用了几次", 1, "个"),
        ("只被一个项目引用的文件有多少", 3, "个"),
        ("2021年预算最高的项目和最低的项目相差多少", 1500000, "元"),
        ("预算最大的项目的预算是最小的项目的几倍", 4, "倍"),
        ("得分最低的项目的预算是多少", 500000, "元"),
        ("得分最低的项目得了多少分", 88, "分"),
        ("2021年预算最大的项目有多少个指标", 3, "个"),
        ("2021年有多少个项目", 3, "个"),
        ("引用甲府发〔2019〕7号的项目有几个", 2, "个"),
        ("泵站运行维护经费有多少个绩效指标", 2, "个"),
        ("2021年一共引用了多少份文件", 4, "个"),
        ("2021年当年预算合计多少", 3300000, "元"),
        ("水利局2021年预算一共多少万元", 2500000, "元"),
        ("2023年执行数合计", 1580000, "元"),
        ("2023年平均得分是多少", 91.75, "分"),
        ("2023年平均执行率", 92.94, "%"),
        ("泵站运行维护经费的预算是多少", 500000, "元"),
        ("泵站运行维护经费2021年预算比上年减少了多少", 100000, "元"),
        ("泵站运行维护经费2020年预算是多少", 600000, "元"),
        ("水质监测项目得了多少分", 88, "分"),
        ("2023年的项目比2021年少几个", 1, "个"),
        ("政务云平台比泵站运行维护经费预算多多少", 300000, "元"),
        ("河道疏浚工程专项2023年年初预算和执行数相差多少", 80000, "元"),
        ("2021年含政府购买服务的项目占比", 33.33, "%"),
        ("评级为差的项目有几个", 0, "个"),
    ],
)
def test_figures_asked_for(question: str, value: float, unit: str) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.value is not None and (float(answer.value), answer.unit) == (value, unit)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("泵站运行维护经费设备完好率的目标值", ["≥90%"]),
        ("河道疏浚工程专项2023年疏浚长度的偏差原因", ["汛期停工"]),
        ("政务云平台什么时候完成", ["2021-12-15"]),
        ("政务云平台是否含有政府购买服务", ["否"]),
        ("泵站运行维护经费由哪个单位申报", ["甲市水利局"]),
        ("甲府发〔2019〕7号的标题是什么", ["甲市水系规划"]),
        ("水法和甲市水利局有什么关系", ["甲市河道疏浚工程专项", "引用", "申报"]),
        ("执行率是什么意思", ["全年执行数", "全年预算数"]),
        ("各年度有多少个项目", ["2021年：3个", "2023年：2个"]),
        ("甲市河道疏浚工程专项2023年的预期目标", ["完成十公里河道疏浚"]),
    ],
)
def test_texts_say_it(question: str, words: list[str]) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert all(word in answer.text for word in words), answer.text
    assert answer.interpretation.startswith("理解为：")


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ("帮我写一首诗", Status.UNANSWERABLE, "图谱"),
        ("今天天气怎么样", Status.UNANSWERABLE, "图谱"),
        ("泵站运行维护经费的负责人电话", Status.UNANSWERABLE, "电话"),
        ("泵站运行维护经费的吉祥物是什么", Status.UNANSWERABLE, "吉祥物"),
        ("明年预算会增加吗", Status.UNANSWERABLE, "明年"),
        ("你好", Status.UNANSWERABLE, "可以问"),
        ("哪些项目引用了丙府发〔2011〕3号", Status.NO_MATCH, "丙府发〔2011〕3号"),
        ("甲府发〔2019〕8号被哪些项目引用", Status.NO_MATCH, "甲府发〔2019〕7号"),
        ("《丙省防洪条例》是哪些项目的依据", Status.NO_MATCH, "《丙省防洪条例》"),
        ("滨海机场扩建工程的预算是多少", Status.NO_MATCH, "滨海机场扩建工程"),
        ("丙市教育委员会有哪些项目", Status.NO_MATCH, "丙市教育委员会"),
        ("2019年自评得分最高的项目是哪个", Status.NO_MATCH, "2021年、2023年"),
        ("泵站运行维护经费2023年的预算", Status.NO_MATCH, "2023年"),
        ("泵站运行维护经费有没有引用水法", Status.NO_MATCH, "没有"),
        ("执行率超过100%的项目有哪些", Status.NO_MATCH, "100%"),
        ("7号文被哪些项目引用", Status.AMBIGUOUS, "2个"),
        ("去年的项目有哪些", Status.AMBIGUOUS, "年份"),
    ],
)
def test_refusals_say_why_and_show_nothing(question: str, status: Status, words: str) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is status
    assert answer.items == () and answer.value is None
    assert words in answer.text


def test_options_can_be_asked() -> None:
    doubtful = ENGINE.ask("7号文被哪些项目引用")
    assert len(doubtful.options) == 2
    found = [ENGINE.ask(option.question) for option in doubtful.options]
    assert sorted(len(answer.items) for answer in found) == [0, 2]


def test_follow_ups_use_the_answer_before_and_say_so() -> None:
    first = ENGINE.ask("水务局有哪些项目")
    second = ENGINE.ask("其中2023年的呢？", previous=first)
    assert named(second) == [D23, W23] and "上一问" in second.interpretation
    total = ENGINE.ask("它们的预算合计？", previous=second)
    assert total.value == 1700000
    other = ENGINE.ask("那2021年呢？", previous=ENGINE.ask("2023年有多少个项目"))
    assert other.value == 3 and any("上一问" in caveat for caveat in other.caveats)
    assert ENGINE.ask("它们的预算合计？").status is Status.UNANSWERABLE


def test_questions_that_say_nothing_are_rejected_or_said_in_the_answer() -> None:
    for question in ("", "？！", "预" * 501):
        with pytest.raises(QuestionRejected):
            ENGINE.ask(question)
        assert ENGINE.ask_safely(question).status is Status.UNANSWERABLE


HOSTILE = [
    "'; DROP TABLE projects; --",
    "SELECT ?s WHERE { ?s ?p ?o } SERVICE <http://x>",
    "<script>alert(1)</script>有哪些项目",
    "{{7*7}} ${jndi:ldap://x} %s %n {0}",
    "(a+)+$ .*.*.*.* [一-龥]{1,99999}",
    "引用了\u202e水法\u202c的项目",
    "2021年\x00\x07有哪些项目",
    "😀哪些项目引用了水法😀",
    "项目" * 200,
    "=HYPERLINK(1)",
    "不" * 300,
    "2021年" * 90,
    "（（（（（（《《《《《〈〈〈〈",
]


@pytest.mark.parametrize("question", HOSTILE)
def test_hostile_questions_are_answered_or_refused_in_plain_words(question: str) -> None:
    answer = ENGINE.ask_safely(question)
    said = answer.interpretation + answer.text
    assert not set(said) & set("<>{}$\x00\u202e") or answer.status is Status.ANSWERED
    json.dumps(answer_to_json(answer))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_text_breaks_the_engine(question: str) -> None:
    answer = ENGINE.ask_safely(question)
    assert answer.status in Status and answer.text
    spoken = answer_to_json(answer)
    assert find_stray_figures(spoken) == ()
    assert not find_false_quotes(spoken, {FILE: CITY.text}.get)


def test_an_empty_graph_answers_too() -> None:
    engine = SearchEngine(EmbeddedStore(KnowledgeGraph()))
    assert engine.ask("2021年有哪些项目").status is Status.NO_MATCH
    assert engine.ask("项目有多少个").status in (Status.NO_MATCH, Status.ANSWERED)


def test_answers_do_not_depend_on_the_order_of_the_graph() -> None:
    turned = KnowledgeGraph(reversed(list(CITY.entities.values())), reversed(CITY.edges))
    other = SearchEngine(EmbeddedStore(turned), text_of=text_of)
    for question in ("水务局有哪些项目", "2021年预算合计", "各年度有多少个项目", "水法和甲市水利局有什么关系"):
        assert answer_to_json(other.ask(question)) == answer_to_json(ENGINE.ask(question))


def test_all_kinds_of_the_city_are_asked_about() -> None:
    assert {e.type for e in CITY.entities.values()} == set(EntityType)


def test_exact_questions_load_no_model() -> None:
    code = """
import sys
from search.engine import SearchEngine
from tests.asked_city import STORE, text_of
answer = SearchEngine(STORE, text_of=text_of).ask("2021年预算最大的项目引用了哪些文件")
answer = SearchEngine(STORE, text_of=text_of).ask("哪些项目引用了甲府发〔2019〕7号？")
assert answer.total == 2, answer
heavy = {"torch", "faiss", "gradio", "sentence_transformers", "transformers", "numpy", "bm25s", "jieba"}
print(sorted(heavy & set(sys.modules)))
"""
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


@pytest.mark.parametrize(
    ("question", "held", "status"),
    [
        ("热线电话值守", True, Status.ANSWERED),
        ("热线电话值守", False, Status.UNANSWERABLE),
        ("电话", True, Status.UNANSWERABLE),
        ("热线电话值守的号码是多少", True, Status.UNANSWERABLE),
        ("泵站运行维护经费的联系电话号码", True, Status.UNANSWERABLE),
    ],
)
def test_a_word_from_outside_is_a_topic_where_the_documents_hold_the_phrase(
    question: str, held: bool, status: Status
) -> None:
    hit = SimpleNamespace(entity=CITY.entities["pumps21"], passage=passage_of("pumps21", "泵站"))
    topics = SimpleNamespace(note="", find=lambda *asked, **how: (hit,), holds_words=lambda text: held)
    answer = SearchEngine(STORE, text_of=text_of, open_topics=lambda: topics).ask(question)  # type: ignore[arg-type]
    assert answer.status is status


def test_a_topic_search_without_its_model_says_so() -> None:
    hit = SimpleNamespace(entity=CITY.entities["pumps21"], passage=passage_of("pumps21", "泵站"))
    topics = SimpleNamespace(note="只按字词查找主题", find=lambda *asked, **how: (hit,))
    said = SearchEngine(STORE, text_of=text_of, open_topics=lambda: topics).ask("与排水防涝有关的项目")  # type: ignore[arg-type]
    assert said.total == 1 and "只按字词查找主题。" in said.caveats


@pytest.mark.parametrize(
    ("question", "caveat"),
    [
        ("预算在110万元以上的项目有几个", "按年初预算数计为1个（不含甲市河道疏浚工程专项（2023年））"),
        ("预算不低于110万元的项目有哪些", "按年初预算数计：不含甲市河道疏浚工程专项（2023年）"),
        (
            "2023年预算最大的项目",
            "预算按全年预算数（调整后）计；按年初预算数计则为：甲市河道疏浚工程专项（2023年）100万元",
        ),
        ("预算在60万元以上的项目有几个", "在绩效目标表按项目当年预算计，在绩效自评表按全年预算数（调整后）计。"),
    ],
)
def test_the_budget_meant_is_said_with_what_the_other_gives(question: str, caveat: str) -> None:
    assert any(caveat in said for said in ENGINE.ask(question).caveats)


def test_a_budget_of_applications_alone_needs_no_word() -> None:
    assert not any("年初" in said for said in ENGINE.ask("2021年预算最大的项目是哪个").caveats)
