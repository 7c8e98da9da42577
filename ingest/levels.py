"""Level names of indicator tables: what the frameworks call them, and how damaged or split ones are read.

Knows names only; which row a name belongs to is decided in `ingest.blocks`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from ingest.errors import LexiconError
from ingest.wordlists import load_wordlist, words_of

_FORM = "levels"
_WEIGHT_NOTE = re.compile(r"[(（]\s*(?P<weight>\d{1,3}(?:\.\d{1,2})?)\s*(?:分|%|％)?\s*[)）]?$")
_CJK = re.compile(r"[\u3400-\u9fff]")
_SUFFIXES = ("指标", "目标")
_ENDS = ("指标", "标", "目标")
_MOST_PIECES = 6  # lines into which one name is cut
_CLOSE = 0.66  # a damaged name keeps at least two thirds of its letters
_HALF = 0.5  # a clipped one (服对满度标) at least half of them, in order


class Level(IntEnum):
    FIRST = 1
    SECOND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelName:
    """A level name as read. `weight_note` is the figure printed behind it (产出指标(50分)), else None."""

    name: str
    known: bool
    mended: bool = False
    weight_note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelGroup:
    """Pieces `first`..`last` (indices into what was given) that make one level name."""

    first: int
    last: int
    printed: str
    label: LevelName


@dataclass(frozen=True, slots=True)
class _Names:
    """All names of one level, each with the first levels that it may stand below."""

    parents: dict[str, tuple[str, ...]]


@cache
def _names(level: Level) -> _Names:
    frameworks = load_wordlist(_FORM).get("frameworks")
    if not isinstance(frameworks, dict) or not frameworks:
        raise LexiconError("levels.toml", "缺少表 frameworks", "请修正该词表")
    parents: dict[str, tuple[str, ...]] = {}
    for table in frameworks.values():
        for first, seconds in table.items():
            for name in [first] if level is Level.FIRST else seconds:
                for variant in dict.fromkeys((name, name.removesuffix("指标"))):
                    known = parents.get(variant, ())
                    parents[variant] = known if first in known else (*known, first)
    return _Names(parents)


def is_level_name(text: str, level: Level) -> bool:
    """Whether `text` is exactly a standard name of `level`, with or without 指标 and a weight behind it."""
    return _without_weight(text)[0] in _names(level).parents


def first_levels_of(second: str) -> tuple[str, ...]:
    """The first levels below which `second` stands in any framework; () where it is nobody's standard name."""
    return _names(Level.SECOND).parents.get(second, ())


def seconds_between(before: str | None, after: str) -> tuple[str, ...]:
    """The names that the frameworks print between the second levels `before` (None: nothing stands there) and `after`.

    Where `before` belongs to another first level, what follows it there and what precedes `after` here. () where a name
    is nobody's.

    >>> seconds_between(None, "社会成本指标"), seconds_between("数量指标", "时效指标")
    (('经济成本指标',), ('质量指标',))
    """
    found: dict[str, None] = {}
    for ahead in _orders(after):
        until = ahead.index(after)
        if before is None:
            found.update(dict.fromkeys(ahead[:until]))
        elif before in ahead:
            found.update(dict.fromkeys(ahead[ahead.index(before) + 1 : until]))
        else:
            for behind in _orders(before):
                found.update(dict.fromkeys((*behind[behind.index(before) + 1 :], *ahead[:until])))
    return tuple(found)


def _orders(second: str) -> tuple[tuple[str, ...], ...]:
    """The lists of second levels, one for each first level, with `second` in it; without 指标 where it has none."""
    lists: list[tuple[str, ...]] = []
    for table in load_wordlist(_FORM)["frameworks"].values():
        for seconds in table.values():
            if second in seconds:
                lists.append(tuple(seconds))
            elif second + "指标" in seconds:
                lists.append(tuple(name.removesuffix("指标") for name in seconds))
    return tuple(lists)


def looks_like_label(text: str) -> bool:
    """Whether `text` ends as level names do, and is short enough for one."""
    bare = _without_weight(text)[0]
    return 2 < len(bare) <= 12 and bare.endswith(words_of(_FORM, "endings", "label"))


@cache
def _pieces(level: Level) -> frozenset[str]:
    """Everything that a line break may leave of a name: stretches of up to eight letters."""
    found: set[str] = set()
    for name in _names(level).parents:
        for start in range(len(name)):
            found.update(name[start:end] for end in range(start + 1, min(start + 8, len(name)) + 1))
    return frozenset(found)


def is_piece(text: str, level: Level) -> bool:
    """Whether `text` is a standard name of `level` or a stretch of one (`度指标`, `社会`)."""
    return _without_weight(text)[0] in _pieces(level)


def is_beginning(text: str) -> bool:
    """Whether a standard name of either level begins with `text`, of two letters at least, and none ends with it.

    A whole name counts.
    """
    names = [name for level in Level for name in _names(level).parents]
    if text in names:
        return True
    begins = len(text) > 1 and any(name.startswith(text) for name in names)
    return begins and not any(name.endswith(text) for name in names)


def is_noise(text: str) -> bool:
    """Whether `text` cannot be part of a name: fewer than three quarters of it are Chinese letters."""
    bare = _without_weight(text)[0]
    return len(_CJK.findall(bare)) * 4 < len(bare) * 3 or not bare


@lru_cache(maxsize=4096)
def read_label(text: str, level: Level) -> LevelName | None:
    """The level name that `text` (one cell, or joined pieces) gives; None where it is no name at all.

    Evident damage is mended only where one standard name alone fits.
    """
    bare, weight = _without_weight(text)
    if is_noise(bare) or bare in _SUFFIXES or len(bare) < 2:
        return None
    names = _names(level).parents
    if bare in names:
        return LevelName(name=bare, known=True, weight_note=weight)
    if mended := _mend(bare, tuple(names)):
        return LevelName(name=mended, known=True, mended=True, weight_note=weight)
    return LevelName(name=bare, known=False, weight_note=weight)


def group_labels(pieces: Sequence[str], level: Level, *, suffixed: bool) -> tuple[LabelGroup, ...]:
    """The level names that `pieces`, the cells of one column from top to bottom, spell together.

    The cheapest reading wins: whole standard names first, then joined ones, then mended ones, then names of nobody's
    list; noise between them is passed over. `suffixed` says that this table prints 指标 behind every name.

    >>> [group.label.name for group in group_labels(["产出", "指标", "满意度指", "标"], Level.FIRST, suffixed=True)]
    ['产出指标', '满意度指标']
    """
    costs = [0.0]
    last: list[LabelGroup | None] = [None]  # the group that ends here, None where this piece is passed over
    for end in range(1, len(pieces) + 1):
        best = costs[end - 1] + _skip_cost(pieces[end - 1], level, suffixed=suffixed)
        chosen = None
        for start in range(max(0, end - _MOST_PIECES), end):
            text = "".join(pieces[start:end])
            cost, label = _label_cost(text, pieces[start:end], level, suffixed=suffixed)
            if label is not None and costs[start] + cost < best:
                best = costs[start] + cost
                chosen = LabelGroup(first=start, last=end - 1, printed=text, label=label)
        costs.append(best)
        last.append(chosen)
    groups: list[LabelGroup] = []
    at = len(pieces)
    while at > 0:
        if (group := last[at]) is None:
            at -= 1
        else:
            groups.append(_with_suffix(group, pieces, level) if suffixed else group)
            at = group.first
    return tuple(reversed(groups))


def _with_suffix(group: LabelGroup, pieces: Sequence[str], level: Level) -> LabelGroup:
    """`group` with the 指标 that this table prints behind every name, where noise stands in its place."""
    name = group.label.name
    lost = group.last + 1 < len(pieces) and is_noise(pieces[group.last + 1])
    if not lost or name.endswith(_SUFFIXES) or name + "指标" not in _names(level).parents:
        return group
    label = replace(group.label, name=name + "指标", mended=True)
    return replace(group, label=label)


def _without_weight(text: str) -> tuple[str, str | None]:
    found = _WEIGHT_NOTE.search(text[-12:])
    return (text, None) if found is None else (text[: -len(found[0])], found["weight"])


def _mend(text: str, names: Sequence[str]) -> str | None:
    """The one standard name of which `text` is a damaged print; None where none or several fit equally."""
    names = [name for name in names if name.endswith("指标") or name + "指标" not in names or text[-1] not in "指标"]
    clipped = [name for name in names if len(text) >= _HALF * len(name) and len(text) >= 3 and _in_order(text, name)]
    if clipped:
        ended = [name for name in clipped if name[-1] == text[-1]]
        fits = [name for name in ended or clipped if len(name) == min(map(len, ended or clipped))]
        return fits[0] if len(fits) == 1 and len(fits[0]) > len(text) else None
    scored = sorted(((Levenshtein.normalized_similarity(text, name), name) for name in names), reverse=True)
    if not scored or scored[0][0] < _CLOSE or len(text) < 4:
        return None
    rivals = [name for score, name in scored if score >= scored[0][0] - 0.05]
    return rivals[0] if len(rivals) == 1 else None


def _in_order(text: str, name: str) -> bool:
    """Whether all letters of `text` stand in `name` in this order, the first one first."""
    letters = iter(name)
    return text[0] == name[0] and all(char in letters for char in text)


def _skip_cost(piece: str, level: Level, *, suffixed: bool) -> float:
    if is_noise(piece):
        return 0.2
    if is_piece(piece, level):
        return 2.5
    return 1.2 if len(piece) <= 3 and suffixed else 4.0


def _label_cost(text: str, pieces: Sequence[str], level: Level, *, suffixed: bool) -> tuple[float, LevelName | None]:
    if any(is_noise(piece) for piece in pieces):
        return 0.0, None
    label = read_label(text, level)
    if label is None:
        return 0.0, None
    joins = 0.1 * (len(pieces) - 1)
    if label.known and not label.mended:
        return joins, label
    if label.known:
        # Over several cells only letters may be lost or misread, never whole cells swallowed.
        grown = len(pieces) > 1 and len(_without_weight(text)[0]) > len(label.name)
        return (0.0, None) if grown else (joins + 0.5, label)
    if len(pieces) > 1 and (pieces[-1] not in _ENDS or any(piece in _ENDS or "指标" in piece for piece in pieces[:-1])):
        return 0.0, None
    if suffixed and not text.endswith(_SUFFIXES) and len(text) < 4:
        return 3.0, label
    return joins + 1.0, label
