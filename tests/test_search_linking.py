"""Names in questions: full, shortened, in pieces, misspelt; numbers of documents in any writing."""

from __future__ import annotations

import pytest

from graph.kg import KnowledgeGraph
from graph.store import EmbeddedStore
from search.linking import Names
from search.linking_forms import is_subsequence, level_stem, policy_forms, project_forms, unit_forms
from search.normalise import key_of
from search.query import How, Kind, Mention
from tests.asked_city import STORE, City, id_of


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(STORE)


def linked(names: Names, text: str, kind: Kind) -> list[Mention]:
    """Mentions of the kind that cover the whole text."""
    folded = key_of(text)
    return [h.mention for h in names.find(folded) if h.mention.kind is kind and (h.start, h.end) == (0, len(folded))]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("甲府发〔2019〕7号", "plan"),
        ("甲府发[2019]7号", "plan"),
        ("甲府发（2019）第7号", "plan"),
        ("甲府发2019年7号", "plan"),
        ("甲府发〔2019〕007号", "plan"),
        ("甲府发【２０１９】７号", "plan"),
        ("甲府法〔2019〕7号", "plan"),
        ("甲府发〔2020〕7号", "other"),
        ("甲市人民政府令第5号", "cloud"),
        ("市政府令第5号", "cloud"),
        ("甲市政府5号令", "cloud"),
        ("第5号令", "cloud"),
        ("《甲市水系规划》", "plan"),
        ("中华人民共和国水法", "water"),
        ("水法", "water"),
    ],
)
def test_documents_are_found_by_number_and_title(names: Names, text: str, key: str) -> None:
    found = linked(names, text, Kind.POLICY)
    assert found and all(mention.ids == (id_of(key),) for mention in found)


@pytest.mark.parametrize("lead", ["哪些项目引用了", "有哪些项目依据了", "引用", "项目里提到过", ""])
@pytest.mark.parametrize(
    "order",
    [
        "甲市人民政府令第5号",
        "市政府令第5号",
        "甲市政府令第5号",
        "人民政府令第5号",
        "甲市政府5号令",
        "甲市人民政府令（第5号）",
        "中华人民共和国甲市人民政府令第5号",
    ],
)
def test_an_order_begins_with_its_organ_wherever_it_stands(names: Names, lead: str, order: str) -> None:
    folded = key_of(f"{lead}{order}的项目")
    found = [h for h in names.find(folded) if h.mention.how is How.NUMBER and h.mention.kind is Kind.POLICY]
    longest = max(found, key=lambda h: h.end - h.start)
    assert folded[longest.start : longest.end] == key_of(order)
    assert longest.mention.ids == (id_of("cloud"),)


@pytest.fixture(scope="module")
def editions() -> Names:
    """A directory of 2015, printed with its year behind the marks, and the one of no year, each a document."""
    city = City()
    city.policy("dated", "水利设备指导目录（2015年修订）", aliases=("水利设备指导目录",))
    city.policy("plain", "水利设备指导目录")
    city.policy("only", "取水许可分类（2017年版）", aliases=("取水许可分类",))
    return Names(EmbeddedStore(KnowledgeGraph(city.entities.values(), ())))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("水利设备指导目录（2015年修订）", "dated"),
        ("《水利设备指导目录》（2015年修订）", "dated"),
        ("《水利设备指导目录(2015年修订)》", "dated"),
        ("水利设备指导目录", "plain"),
        ("取水许可分类", "only"),
        ("《取水许可分类》（2017年版）", "only"),
    ],
)
def test_editions_are_told_apart(editions: Names, text: str, key: str) -> None:
    found = linked(editions, text, Kind.POLICY)
    assert found and all(mention.ids == (f"policydocument:{key}",) for mention in found)


@pytest.mark.parametrize("text", ["甲府发〔2019〕8号", "甲府发〔2018〕7号"])
def test_numbers_that_only_look_alike_are_absent(names: Names, text: str) -> None:
    assert linked(names, text, Kind.POLICY) == []
    (absent,) = linked(names, text, Kind.MISSING)
    assert absent.label == text
    assert names.similar_numbers(absent.label)[0].endswith(("7号", "7号）"))


@pytest.mark.parametrize("text", ["乙府发〔2019〕7号", "乙甲府发〔2019〕8号"])
def test_numbers_of_bodies_unknown_here_name_nothing(names: Names, text: str) -> None:
    assert linked(names, text, Kind.POLICY) == []


def test_serial_alone_asks_back_where_two_documents_bear_it(names: Names) -> None:
    mention = next(h.mention for h in names.find("7号文") if h.mention.kind is Kind.POLICY)
    assert {i for rival in mention.rivals for i in rival.ids} == {id_of("plan"), id_of("other")}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("泵站运行维护经费", ("pumps21",)),
        ("泵站运行维护项目", ("pumps21",)),
        ("泵站运行维护", ("pumps21",)),
        ("政务云平台（运维）", ("cloud21",)),
        ("政务云平台", ("cloud21",)),
        ("甲市河道疏浚工程专项", ("dredge21", "dredge23")),
        ("甲市河道疏浚工程", ("dredge21", "dredge23")),
    ],
)
def test_projects_are_found_by_shorter_names_over_their_years(names: Names, text: str, ids: tuple[str, ...]) -> None:
    found = linked(names, text, Kind.PROJECT)
    assert found and set(found[0].ids) == {id_of(key) for key in ids}


def test_pieces_of_names_are_found_but_not_common_words(names: Names) -> None:
    pieces = {h.mention.text for h in names.find_pieces("河道疏浚和工程专项经费", (Kind.PROJECT,))}
    assert pieces == {"河道疏浚"}


@pytest.mark.parametrize("text", ["泵站运行为护经费", "泵站运行维护经弗", "甲市河道疏俊工程专项"])
def test_nearest_mends_a_slip_and_says_so(names: Names, text: str) -> None:
    mention = names.nearest(text, (Kind.PROJECT,))
    assert mention is not None and mention.how is How.FUZZY
    assert text in mention.note and mention.label in mention.note


@pytest.mark.parametrize("text", ["泵站", "污水处理厂扩建", "天气预报"])
def test_nearest_does_not_guess(names: Names, text: str) -> None:
    assert names.nearest(text, (Kind.PROJECT, Kind.POLICY)) is None


@pytest.mark.parametrize(("text", "keys"), [("市水文站", {"station"}), ("政务中心", {"centre"}), ("水务局", {"new"})])
def test_units_are_found_by_abbreviation(names: Names, text: str, keys: set[str]) -> None:
    mention = names.abbreviated_unit(text)
    assert mention is not None and set(mention.ids) == {id_of(key) for key in keys}


def test_family_joins_the_names_of_one_unit(names: Names) -> None:
    assert set(names.family([id_of("old")])) == {id_of("old"), id_of("new")}
    assert names.family([id_of("centre")]) == (id_of("centre"),)


def test_settle_keeps_rivals_of_the_year_named(names: Names) -> None:
    mention = next(h.mention for h in names.find("7号文") if h.mention.kind is Kind.POLICY)
    assert names.settle(mention, years=[2021], projects=()).rivals == mention.rivals
    unit = names.containing("甲市水", Kind.UNIT)
    assert unit is not None and len(unit.rivals) == 3
    settled = names.settle(unit, years=[2021], projects=())
    assert settled.label == "甲市水利局" and set(settled.ids) == {id_of("old"), id_of("new")}


def test_suggest_names_what_is_near(names: Names) -> None:
    assert "《中华人民共和国水法》" in [thing.label for thing in names.suggest("中华人民共和国水土保持法", Kind.POLICY)]


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (project_forms("城市绿化养护专项经费"), "城市绿化养护"),
        (project_forms("智慧平台（二期）"), "智慧平台"),
        (project_forms("智慧平台（二期）"), "智慧平台二期"),
        (unit_forms("乙区管理委员会"), "乙区管委会"),
        (unit_forms("上海市发展和改革委员会"), "市发改委"),
        (policy_forms("关于印发《丙省绩效办法（试行）》的通知"), "丙省绩效办法(试行)"),
        (policy_forms("关于印发《丙省绩效办法（试行）》的通知"), "丙省绩效办法"),
        (policy_forms("中华人民共和国政府采购法"), "政府采购法"),
    ],
)
def test_forms_hold_what_people_say(forms: object, expected: str) -> None:
    assert expected in {form for form, _ in forms}  # type: ignore[attr-defined]


def test_policy_forms_never_end_in_a_particle() -> None:
    assert not any(form.endswith("的") for form, _ in policy_forms("关于印发《甲办法》的通知"))


def test_small_verbs() -> None:
    assert is_subsequence("甲管委会", "甲乙商务区管委会") and not is_subsequence("会委", "委会")
    assert level_stem("产出指标") == level_stem("产出目标") == "产出"
