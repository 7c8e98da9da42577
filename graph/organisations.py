"""Names of organisations: folding of print, official names for short ones, issuers behind 机关代字.

Pure functions of a name (and the place that its document speaks from); which units are joined is decided in `units`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from graph.lexicon import table_of, words_of
from graph.places import province_of

_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_PLACELESS = re.compile(r"(?:省|市(?!场)|区|县|州|自治区|本(?!溪))|[^省市区州国]{1,8}(?<!办公)厅$")
_COUNT = re.compile(r"^[\d一二三四五六七八九十]+个")
_STRANGE = re.compile(r"[:;\[\]{}<>|!?*#=~_^%$@\\]|(?<![第\d(])\d+(?=[\u4e00-\u9fff])(?<![\d]{3})")
_JOINT = re.compile(r"(委(?:员会)?|中共中央|党中央)((?:[省市区县]|\w{2,3}[省市区县])?(?:人民)?政府|国务院)")
_CITY = ("市", "区", "县", "省")
_LEAST_BODY = 3  # letters of a body's name: 财政部, 国务院
_LONGEST_PARTY = 6  # letters of 上海市委, 黑龙江省委
_MUNICIPALITIES = frozenset({"北京", "天津", "上海", "重庆"})


def fold_name(name: str) -> str:
    """A name without what printing varies: width, spaces, letter case.

    >>> fold_name("上海市 图书信息中心（ A）")
    '上海市图书信息中心(a)'
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", name)).casefold()


@cache
def official_name(name: str, province: str | None = None) -> str:
    """The full name of an organisation, as far as its ending and `province` (of the document's units) tell.

    >>> official_name("市发改委", "上海"), official_name("国家发改委"), official_name("市政府", "上海")
    ('上海市发展和改革委员会', '国家发展和改革委员会', '上海市人民政府')
    >>> official_name("上海市图书信息中心")
    '上海市图书信息中心'
    """
    text = _SPACE.sub("", unicodedata.normalize("NFKC", name)).removeprefix("中华人民共和国")
    if text in (national := table_of("organisations", "national")):
        return national[text]
    if province and (party := table_of("organisations", "party")).get(text):
        return party[text].format(place=province)
    if province_of(text) and text.endswith("委") and text[-2:-1] in _CITY and len(text) <= _LONGEST_PARTY:
        return "中共" + text
    ending = max((e for e in table_of("organisations", "endings") if text.endswith(e)), key=len, default="")
    if ending:
        official = table_of("organisations", "endings")[ending]
        if not text.endswith(official):
            text = text[: -len(ending)] + official
    if province and text[:1] in _CITY and len(text) > 2:
        city = text[0] == "市" and province in _MUNICIPALITIES
        regional = text[0] == "省" and province not in _MUNICIPALITIES
        text = province + text if city or regional else text
    elif province_of(text) in _MUNICIPALITIES:  # 上海财政局 = 上海市财政局
        short = str(province_of(text))
        rest = text[len(short) :]
        if ending and rest and rest[0] not in _CITY:
            text = f"{short}市{rest}"
    return text


@cache
def issuer_of_code(code: str) -> str | None:
    """The body behind a 机关代字 of central or provincial standing; None for all others.

    >>> issuer_of_code("国办发"), issuer_of_code("沪财绩"), issuer_of_code("皖政办")
    ('国务院办公厅', '上海市财政局', '安徽省人民政府办公厅')
    >>> issuer_of_code("普财建函")
    """
    if body := table_of("organisations", "codes").get(code):
        return body
    place = table_of("organisations", "letters").get(code[:1])
    if place is None:
        return None
    rest, forms = code[1:], table_of("organisations", "provincial_codes")
    form = forms.get(rest) or next(
        (f for key, f in forms.items() if key[-1] == "*" and rest.startswith(key[:-1])), None
    )
    return form.format(place=place, bureau="局" if place[-1] == "市" else "厅") if form else None


def province_of_code(code: str) -> str | None:
    """The province whose letter a 机关代字 begins with.

    >>> province_of_code("黔教师发"), province_of_code("国发")
    ('贵州', None)
    """
    place = table_of("organisations", "letters").get(code[:1])
    return province_of(place) if place and len(code) > 1 else None


def names_one_body(name: str) -> bool:
    """Whether a writing names one particular body: no count of ministries, no 有关部门, no bureau of an unnamed place.

    >>> names_one_body("18个部委"), names_one_body("财政部"), names_one_body("省财政厅"), names_one_body("教育厅")
    (False, True, False, False)
    """
    if len(name) < _LEAST_BODY or _COUNT.match(name) or name in words_in("unnamed") or _PLACELESS.match(name):
        return False
    return not any(word in name for word in words_in("acts"))


def looks_damaged(name: str) -> bool:
    """Whether a name shows lost or strange letters: signs no name has, no ending of an organisation, an ending twice.

    >>> looks_damaged("上海市图书信息中心"), looks_damaged("上海市图书信:息中心"), looks_damaged("上海市经济委员会信息")
    (False, True, True)
    """
    text = fold_name(name)
    if _STRANGE.search(text):
        return True
    endings = words_in("closing")
    ending = max((e for e in endings if text.endswith(e)), key=len, default="")
    bare = text.rstrip(")")
    if not ending and bare == text:
        return True
    return len(ending) > 1 and text.endswith(ending * 2)


def words_in(table: str) -> tuple[str, ...]:
    """The words of a table of the lexicon of organisations."""
    return words_of("organisations", table, "words")


def split_bodies(names: str) -> tuple[str, ...]:
    """The bodies of a joint issuer, in order, also where central bodies are run together.

    >>> split_bodies("中共上海市委、上海市人民政府")
    ('中共上海市委', '上海市人民政府')
    >>> split_bodies("市委市政府"), split_bodies("财政部税务总局海关总署")
    (('市委', '市政府'), ('财政部', '税务总局', '海关总署'))
    >>> split_bodies("公安部交通管理局")
    ('公安部交通管理局',)
    """
    apart = _JOINT.sub(r"\1、\2", names)
    parts = (part for part in re.split(r"[、,，;；\s]+", apart) if part)
    return tuple(body for part in parts for body in _split_central(part))


def _split_central(name: str) -> tuple[str, ...]:
    """Central bodies run together; the name itself where it is not wholly made of them."""
    known = words_in("central")
    bodies, rest = [], name
    while rest:
        body = max((k for k in known if rest.startswith(k)), key=len, default="")
        if not body:
            return (name,)
        bodies.append(body)
        rest = rest[len(body) :]
    return tuple(bodies)
