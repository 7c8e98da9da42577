"""Administrative names at the beginning of titles and units: which province a text names, and what may be left out."""

from __future__ import annotations

from functools import cache

from graph.lexicon import words_of

_LEAST_AREA = 2  # letters before an area's ending, so that 本区 is none
_MOST_AREA = 8


@cache
def _provinces() -> dict[str, str]:
    """Each writing of a province with its short name."""
    names = words_of("places", "provinces")
    return {name + ending: name for name in names for ending in ("", *words_of("places", "province_endings"))}


@cache
def _lengths() -> tuple[int, ...]:
    """How many letters writings of provinces have, most first."""
    return tuple(sorted({len(form) for form in _provinces()}, reverse=True))


def _form_of(text: str) -> str:
    """The longest writing of a province that `text` begins with; "" where it begins with none."""
    return next((text[:length] for length in _lengths() if text[:length] in _provinces()), "")


def province_of(text: str) -> str | None:
    """The short name of the province that `text` begins with.

    >>> province_of("上海市图书信息中心"), province_of("国务院")
    ('上海', None)
    """
    return _provinces().get(_form_of(text))


def without_province(text: str) -> str:
    """`text` without the province in front of it."""
    return text[len(_form_of(text)) :]


def begins_with_area(text: str) -> bool:
    """Whether `text` begins with a named area below the province, so that the province says nothing more.

    >>> begins_with_area("浦东新区项目支出绩效评价管理办法"), begins_with_area("社区卫生服务管理办法")
    (True, False)
    """
    return area_length(text) > 0


def area_length(text: str) -> int:
    """How many letters the named area at the beginning of `text` has; 0 where there is none."""
    endings = words_of("places", "area_endings")
    others = words_of("places", "not_areas")
    for end in range(_LEAST_AREA + 1, min(len(text), _MOST_AREA) + 1):
        head = text[:end]
        ending = next((e for e in endings if head.endswith(e) and len(head) - len(e) >= _LEAST_AREA), None)
        if ending and not any(head.endswith(other) for other in others):
            return end
    return 0


def fold_place(text: str) -> str:
    """`text` with the province in front of it in short form, or dropped where a named area follows.

    >>> fold_place("上海市甲桥商务区管理办法") == fold_place("甲桥商务区管理办法")
    True
    >>> fold_place("上海市节约能源条例")
    '上海节约能源条例'
    """
    province = province_of(text)
    if province is None:
        return text
    rest = without_province(text)
    return rest if begins_with_area(rest) else province + rest
