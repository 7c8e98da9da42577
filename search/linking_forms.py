"""The ways in which people write a name: full, without its bracketed ending, without what all such names share.

Forms are folded (`normalise.key_of`). General habits of naming only; they come from `lexicon/names.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from graph.model import Entity
from search.normalise import key_of
from search.query import How
from search.vocabulary import LexiconDamaged, load_lexicon, words_of

_LEAST = 3  # signs below which a shortened name is no name
_EDITION = re.compile(r"\((?:19|20)\d\d[^()]{0,8}\)$")


def texts_of(entity: Entity, *keys: str) -> tuple[str, ...]:
    """The non-empty texts that stand under these properties, lists opened."""
    found: list[str] = []
    for key in keys:
        value = entity.properties.get(key)
        found.extend(value if isinstance(value, tuple) else [str(value)] if isinstance(value, str) else [])
    return tuple(dict.fromkeys(text for text in found if text.strip()))


def project_forms(name: str) -> Iterator[tuple[str, How]]:
    """The folded name, then its shorter forms."""
    full = key_of(name)
    yield full, How.EXACT
    if "(" in full:
        yield full.replace("(", "").replace(")", ""), How.EXACT
    bare = _without_bracket(full)
    places = words_of("names", "units", "places")
    heads = dict.fromkeys([full, bare, *(_without_head(form, places) for form in (full, bare))])
    for head in heads:
        if len(head) >= _LEAST:
            yield head, How.SHORT
        stem = _stem(head, words_of("names", "projects", "endings"))
        if len(stem) >= _LEAST + 1:
            for ending in words_of("names", "projects", "exchange"):
                yield stem + ending, How.SHORT
            yield stem, How.SHORT


def unit_forms(name: str) -> Iterator[tuple[str, How]]:
    """The folded name, its usual abbreviation, and both without the place they begin with."""
    full = key_of(name)
    yield full, How.EXACT
    short = full
    for long, brief in unit_pairs():
        short = short.replace(long, brief)
    for form in dict.fromkeys([full, short]):
        for place in words_of("names", "units", "places"):
            if form.startswith(place) and len(form) - len(place) >= _LEAST:
                yield form.removeprefix(place), How.SHORT
                if place.endswith("市"):
                    yield form.removeprefix(place[:-1]), How.SHORT
        yield form, How.SHORT


def policy_forms(title: str) -> Iterator[tuple[str, How]]:
    """The folded title; what it wraps; both without issuers before and 试行 or 的通知 behind."""
    full = key_of(title)
    yield full, How.EXACT
    seen = {full}
    waiting = [full]
    while waiting:
        form = waiting.pop()
        for shorter in _shorter_titles(form):
            long_enough = len(shorter) >= _LEAST or (len(shorter) == _LEAST - 1 and shorter.endswith("法"))  # 水法
            if long_enough and shorter not in seen and not shorter.endswith("的"):
                seen.add(shorter)
                waiting.append(shorter)
                yield shorter, How.SHORT


def policy_names(entity: Entity) -> tuple[str, ...]:
    """Its titles; of 《目录（2015年修订）》 not the alias 目录, which may be the full name of another edition."""
    title = next(iter(texts_of(entity, "title")), "")
    plain = _EDITION.sub("", key_of(title))
    others = texts_of(entity, "aliases")
    return (title, *(name for name in others if key_of(name) != plain)) if title else others


def number_forms(number: str) -> Iterator[tuple[str, How]]:
    """The folded number, and a standard's without its stroke (GBT 22239)."""
    full = key_of(number)
    yield full, How.NUMBER
    if "/" in full:
        yield full.replace("/", ""), How.NUMBER


def value_forms(value: str) -> Iterator[tuple[str, How]]:
    """A column's value, and without 其他 before or 类 behind."""
    full = key_of(value)
    yield full, How.EXACT
    for form in (full.removesuffix("类"), full.removeprefix("其他"), full.removeprefix("其他").removesuffix("类")):
        if len(form) >= _LEAST + 1:
            yield form, How.SHORT


def level_stem(value: str) -> str:
    """What a level's name says without 指标 or 目标.

    >>> level_stem("产出指标"), level_stem("效果目标"), level_stem("数量")
    ('产出', '效果', '数量')
    """
    return key_of(value).removesuffix("指标").removesuffix("目标")


def is_subsequence(short: str, long: str) -> bool:
    """The signs of `short` stand in `long` in this order.

    >>> is_subsequence("虹桥管委会", "上海虹桥商务区管理委员会")
    True
    """
    rest = iter(long)
    return all(sign in rest for sign in short)


def lost_stretch(short: str, full: str) -> bool:
    """`short` is `full` with one stretch cut out, at its beginning or in its middle.

    >>> lost_stretch("甲市河作专项", "甲市河道疏浚工作专项"), lost_stretch("乙市河作专项", "甲市河道疏浚工作专项")
    (True, False)
    """
    if len(short) >= len(full) or len(short) < 2 * _LEAST:
        return False
    return any(full.startswith(short[:at]) and full.endswith(short[at:]) for at in range(len(short) - _LEAST + 1))


def distinct_core(text: str) -> str:
    """What is left of a piece of a name when words that mean nothing in particular are taken from its ends.

    >>> distinct_core("政策咨询和研究工作专项"), distinct_core("工作专项经费")
    ('咨询', '')
    """
    changed = True
    while changed and text:
        changed = False
        for word in _generic():
            if text.startswith(word):
                text, changed = text[len(word) :], True
            elif text.endswith(word):
                text, changed = text[: -len(word)], True
    return text


def _shorter_titles(form: str) -> Iterable[str]:
    for wrapper in words_of("names", "policies", "wrappers"):
        if form.startswith(wrapper) and form.endswith("的通知"):
            yield form.removeprefix(wrapper).removesuffix("的通知")
    for prefix in words_of("names", "policies", "prefixes"):
        if form.startswith(prefix):
            yield form.removeprefix(prefix)
    for ending in words_of("names", "policies", "endings"):
        if form.endswith(key_of(ending)):
            yield form.removesuffix(key_of(ending))
    if (bare := _without_bracket(form)) != form:
        yield bare


def _without_bracket(form: str) -> str:
    opened = form.rfind("(")
    return form[:opened] if form.endswith(")") and opened > 0 else form


def _without_head(form: str, heads: Iterable[str]) -> str:
    return next((form.removeprefix(head) for head in heads if form.startswith(head)), form)


def _stem(form: str, endings: Iterable[str]) -> str:
    return next((form.removesuffix(ending) for ending in endings if form.endswith(ending)), form)


@cache
def unit_pairs() -> tuple[tuple[str, str], ...]:
    """Long and brief forms of parts of units' names."""
    pairs = load_lexicon("names")["units"]["shorter"]
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise LexiconDamaged("词表 names.toml：units.shorter 的每一项应当是两个词", "请修正该词表")
    return tuple((long, brief) for long, brief in pairs)


@cache
def _generic() -> tuple[str, ...]:
    return tuple(sorted(words_of("names", "generic", "words"), key=lambda word: -len(word)))
