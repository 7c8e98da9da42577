"""Questions as typed → text that can be matched: width, traditional characters, brackets, spaces, control signs.

Names from the graph are folded by the same function, so that both meet. Finds nothing itself.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from search.errors import QuestionRejected
from search.vocabulary import LexiconDamaged, words_of

MAX_QUESTION = 500  # characters as typed
# What bears no meaning for matching is dropped; where 《》 stood is kept beside the folded text.
_DROPPED = frozenset(words_of("signs", "dropped"))
_REPLACED = {
    **dict.fromkeys(words_of("signs", "opening"), "("),
    **dict.fromkeys(words_of("signs", "closing"), ")"),
    **dict.fromkeys(words_of("signs", "dashes"), "-"),
}
_QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", '"': '"', "'": "'"}
QUOTATION_MARKS = frozenset({*_QUOTES, *_QUOTES.values()})
_HARMLESS = dict(zip(words_of("signs", "markup"), words_of("signs", "harmless"), strict=True))
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Mn", "Me"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Text for matching. `origins[i]` is the index in `text` of the folded sign i; `titles` are half-open ranges of
    the folded text that stood between 《 and 》, `quotes` such as stood in quotation marks."""

    text: str
    folded: str
    origins: tuple[int, ...]
    titles: tuple[tuple[int, int], ...] = ()
    quotes: tuple[tuple[int, int], ...] = ()

    def original(self, start: int, end: int) -> str:
        """What stood in `text` where the folded range is."""
        if start >= end:
            return ""
        return self.text[self.origins[start] : self.origins[end - 1] + 1]


def normalise_question(question: str) -> Folded:
    """The question cleaned and folded.

    Raises QuestionRejected where it is empty, longer than 500 characters, or holds neither letter, digit nor Chinese
    character.
    """
    if len(question) > MAX_QUESTION:
        raise QuestionRejected(
            f"问题过长（{len(question)} 字，最多 {MAX_QUESTION} 字）",
            "请只写要问的一件事；长文中的引用可用 jixiao cite 提取",
        )
    folded = fold(clean(question))
    if not folded.text.strip():
        raise QuestionRejected("问题是空的", "请写下要问的内容，例如：2020年有哪些项目？")
    if not any(sign.isalnum() for sign in folded.folded):
        raise QuestionRejected("问题里没有可读的文字", "请写下要问的内容，例如：2020年有哪些项目？")
    return folded


def clean(text: str) -> str:
    """Text in compatibility form, simplified, without control, format, private and pictorial signs.

    >>> clean("預算\\u202e大於１００萬　元？")
    '预算 大于100万 元?'
    """
    composed = unicodedata.normalize("NFKC", text)
    signs = (" " if unicodedata.category(s) in _INVISIBLE else _simplified().get(s, s) for s in composed)
    return " ".join("".join(signs).split())


def fold(text: str) -> Folded:
    """Cleaned text without title marks, quotes and idle spaces, lower case, brackets and dashes of one kind."""
    signs: list[str] = []
    origins: list[int] = []
    titles: list[tuple[int, int]] = []
    opened: list[int] = []
    quotes: list[tuple[int, int]] = []
    quoted: list[tuple[str, int]] = []
    for at, sign in enumerate(text):
        if sign == "《":
            opened.append(len(signs))
        elif sign == "》" and opened:
            begin = opened.pop()
            if not opened and begin < len(signs):
                titles.append((begin, len(signs)))
        if quoted and sign == quoted[-1][0]:
            _, begin = quoted.pop()
            if begin < len(signs):
                quotes.append((begin, len(signs)))
        elif sign in _QUOTES:
            quoted.append((_QUOTES[sign], len(signs)))
        if sign in _DROPPED or (sign == " " and not _between_latin(text, at)):
            continue
        lower = sign.lower()
        signs.append(_REPLACED.get(sign) or (lower if len(lower) == 1 else sign))
        origins.append(at)
    return Folded(text=text, folded="".join(signs), origins=tuple(origins), titles=tuple(titles), quotes=tuple(quotes))


def key_of(name: str) -> str:
    """The name as `fold` writes it.

    >>> key_of("《关于印发〈办法（试行）〉的通知》")
    '关于印发办法(试行)的通知'
    """
    return fold(clean(name)).folded


def echo(text: str, *, limit: int = 40) -> str:
    """What a user typed, fit to be said back: cleaned, cut, and with no sign that markup or formats could take up."""
    cleaned = "".join(_HARMLESS.get(sign, sign) for sign in clean(text))
    return cleaned if len(cleaned) <= limit else cleaned[:limit] + "…"


def _between_latin(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and all(s.isascii() and s.isalpha() for s in (text[at - 1], text[at + 1]))


@cache
def _simplified() -> dict[str, str]:
    many, few = (("".join(words_of("traditional", key))) for key in ("traditional", "simplified"))
    if len(many) != len(few) or not all(a < b for a, b in pairwise(many)):
        raise LexiconDamaged("词表 traditional.toml：两列长短不一或次序有误", "请修正该词表")
    return dict(zip(many, few, strict=True))
