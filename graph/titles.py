"""Titles of policy documents: what in them is identity, what is wrapping, and when two are one.

Pure functions of two strings; which documents are joined is decided in `resolve`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Indel

from graph.lexicon import pairs_of, words_of
from graph.places import fold_place, province_of, without_province

_QUOTES = str.maketrans("", "", "《》〈〉<>‹›“”\"‘’'「」『』＜＞·")
_DASHES = str.maketrans(dict.fromkeys("—–－‐―〜～~", "-"))
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_PARENTHESIS = re.compile(r"\(([^()]{1,30})\)$")
_PERIOD = re.compile(r"(?:19|20)\d{2}年?(?:-+|至|到)(?:19|20)\d{2}年?")
_EDITION = re.compile(r"(?:19|20)\d{2}年?(?:修订|修正|修改|版|本|试行|暂行)?(?:版|本)?")
_DIGITS = re.compile(r"\d+")
_NUMERALS = re.compile(r"[一二三四五六七八九十百]+(?=[个期届批次号轮年是、五])|第[一二三四五六七八九十百]+")
_MOST_PREFIX = 40  # letters before 关于 that can be an issuer
_MARKED = re.compile(r"[《〈]([^《》〈〉]{4,80})[》〉]")
_LEAST_INNER = 4  # letters of a title inside a wrapper
_ALIKE = 0.84  # share of common letters, in order, from which two skeletons of one number's shape are one title
_SAME_LETTERS = 0.9  # share of common letters in any order


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title taken apart. `core` is compared; `skeleton` also lacks what writers leave out from memory.

    `prefix` is the organisation in front of 关于 (folded) or "". `edition` is a year edition (2019年修订; laws stay
    themselves when amended and have none), `period` a span of years, each "" where absent. `inner` holds the titles
    inside a wrapper such as 关于印发《…》的通知, as printed; `marked` says that they stand in book marks of their own
    there.
    """

    printed: str
    prefix: str
    core: str
    skeleton: str
    kind: str
    edition: str
    period: str
    draft: str
    inner: tuple[str, ...]
    marked: bool
    forwarded: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The title and what it wraps, the name that people use first."""
        alone = self.marked and len(self.inner) == 1
        return (*self.inner, self.printed) if alone else (self.printed, *self.inner)


def fold(text: str) -> str:
    """`text` without what printing varies: width, spaces, quotes, brackets of titles, dashes, letter case.

    >>> fold("《上海市  “十三五”规划（ＡB）》")
    '上海市十三五规划(ab)'
    """
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).translate(_DASHES)
    folded = (
        folded.replace("〔", "(")
        .replace("〕", ")")
        .replace("[", "(")
        .replace("]", ")")
        .replace("【", "(")
        .replace("】", ")")
    )
    return _SPACE.sub("", folded).casefold()


@cache
def parse_title(printed: str) -> Title:
    """The parts of a title.

    >>> title = parse_title("国务院办公厅关于印发《政府网站发展指引》的通知")
    >>> title.prefix, title.core, title.inner, title.kind
    ('国务院办公厅', '政府网站发展指引', ('政府网站发展指引',), '指引')
    >>> parse_title("财政支出绩效评价管理暂行办法（试行）").core
    '财政支出绩效评价管理暂行办法'
    """
    text, prefix = fold(printed), ""
    prefix, text = _split_prefix(text)
    inner, forwarded = _unwrap(printed), False
    if not inner:
        forwarded = any(verb in prefix + text[:12] for verb in words_of("titles", "forwarding_verbs"))
    elif len(inner) == 1:
        text = fold(inner[0])
        inner_prefix, text = _split_prefix(text)
        prefix = inner_prefix or prefix
    edition = period = draft = ""
    while found := _PARENTHESIS.search(text):
        mark = found.group(1)
        if mark in words_of("titles", "draft_suffixes"):
            draft = mark
        elif _PERIOD.fullmatch(mark):
            period = "-".join(re.findall(r"\d{4}", mark))
        elif _EDITION.fullmatch(mark):
            edition = "".join(_DIGITS.findall(mark))
        elif mark not in words_of("titles", "droppable_suffixes"):
            break
        text = text[: found.start()]
    text = _without_state(text)
    core = fold_place(text)
    skeleton = _skeleton(core)
    kind = _kind_of(skeleton)
    if kind in words_of("titles", "amended_kinds"):
        edition = ""
    return Title(
        printed=printed,
        prefix=fold_prefix(prefix),
        core=core,
        skeleton=skeleton,
        kind=kind,
        edition=edition,
        period=period,
        draft=draft,
        inner=inner,
        marked=any(sign in printed.strip("《》") for sign in "《〈<"),
        forwarded=forwarded,
    )


def same_title(a: Title, b: Title) -> bool:
    """Whether two writings name one document, as far as titles tell: cores and editions agree, issuers do not clash."""
    return a.core == b.core and _compatible(a, b)


def nearly_same_title(a: Title, b: Title) -> bool:
    """As `same_title`, on the skeletons: words that writers add or leave out do not count."""
    return bool(a.skeleton) and a.skeleton == b.skeleton and a.kind == b.kind and _compatible(a, b)


def similar_title(a: Title, b: Title) -> bool:
    """Whether two titles may be one, given that their numbers differ in one letter: alike, figures and kind equal."""
    if not _compatible(a, b) or a.kind != b.kind or figures(a.core) != figures(b.core):
        return False
    if a.skeleton == b.skeleton:
        return True
    if province_of(a.skeleton) != province_of(b.skeleton):
        return False
    alike = Indel.normalized_similarity(a.skeleton, b.skeleton)
    return alike >= _ALIKE and _shared_letters(a.skeleton, b.skeleton) >= _SAME_LETTERS


def shares_document(a: Title, b: Title) -> bool:
    """Whether two titles can stand for one order number: one contains the other's core, or they are alike."""
    return a.core in b.core or b.core in a.core or similar_title(a, b)


def fold_prefix(prefix: str) -> str:
    """An issuer in front of 关于, province in short form."""
    prefix = prefix.replace("、", "")
    province = province_of(prefix)
    return prefix if province is None else province + without_province(prefix)


def _compatible(a: Title, b: Title) -> bool:
    if a.edition != b.edition or a.draft != b.draft or a.forwarded != b.forwarded:
        return False
    if a.period and b.period and a.period != b.period:
        return False
    return not (a.prefix and b.prefix) or a.prefix == b.prefix or a.prefix in b.prefix or b.prefix in a.prefix


def _split_prefix(text: str) -> tuple[str, str]:
    """What stands before 关于, and the rest. Nothing is split where 关于 does not open the title proper."""
    at = text.find("关于")
    if 0 < at <= _MOST_PREFIX and not any(sign in text[:at] for sign in "(,，。;；:："):
        return text[:at], text[at:]
    return "", text


def _unwrap(printed: str) -> tuple[str, ...]:
    """The titles inside 关于印发X的通知 and its like; () for what is no wrapper, or passes on another's document."""
    text = printed.strip().strip("《》〈〉<>")
    verbs = words_of("titles", "wrapper_verbs")
    forwarding = words_of("titles", "forwarding_verbs")
    genres = words_of("titles", "wrapper_genres")
    genre = next((g for g in genres if text.endswith("的" + g)), None)
    if genre is None:
        return ()
    body = text[: -len(genre) - 1]
    for verb in verbs:
        opening = "关于" + verb
        at = body.find(opening)
        if 0 <= at <= _MOST_PREFIX and verb not in forwarding:
            rest = body[at + len(opening) :].strip()
            several = _MARKED.findall(rest)
            if len(several) > 1:
                return tuple(several)
            inner = rest.strip("《》〈〉<>“”")
            return (inner,) if len(inner) >= _LEAST_INNER and _names_one(inner) else ()
    if (
        "关于" not in body and _kind_of(fold(body)) and _kind_of(fold(body)) not in genres
    ):  # 《X管理办法的通知》: the opening is lost
        return (body,)
    return ()


def _names_one(inner: str) -> bool:
    return bool(_kind_of(_strip_marks(fold(inner)))) and not re.search(r"等[一二三四五六七八九十\d]+[个项件]", inner)


def _strip_marks(text: str) -> str:
    while found := _PARENTHESIS.search(text):
        text = text[: found.start()]
    return text


def _kind_of(text: str) -> str:
    """The kind of document that the title ends with; "" where it names none."""
    kinds = words_of("titles", "kinds")
    return max((kind for kind in kinds if text.endswith(kind)), key=len, default="")


def _without_state(text: str) -> str:
    for prefix in words_of("titles", "state_prefixes"):
        if text.startswith(prefix) and len(text) > len(prefix) + 1:
            return text[len(prefix) :]
    return text


def _skeleton(core: str) -> str:
    text = core.removeprefix("关于")
    text = fold_place(text) if text != core else text
    for long, short in pairs_of("titles", "contractions"):
        text = text.replace(long, short)
    for genre in words_of("titles", "covering_genres"):
        rest = text.removesuffix(genre).removesuffix("的")
        if rest != text and _kind_of(rest):
            text = rest
            break
    for filler in words_of("titles", "fillers"):
        text = text.replace(filler, "")
    return text


def figures(text: str) -> tuple[str, ...]:
    """Figures and ordinals in a text, sorted: where they differ, two titles of one series are two documents."""
    return tuple(sorted([*_DIGITS.findall(text), *_NUMERALS.findall(text)]))


def _shared_letters(a: str, b: str) -> float:
    shared = sum((Counter(a) & Counter(b)).values())
    return 2 * shared / (len(a) + len(b)) if a or b else 0.0
