"""What must hold for every answer, whatever was asked: figures stem from the result, quotes stand in their files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from search.verdicts import AnswerJson

_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SCALES = (Decimal(1), Decimal(10) ** 4, Decimal(10) ** 8, Decimal(100))


def find_stray_figures(answer: AnswerJson) -> tuple[str, ...]:
    """Figures of an answered question's text that neither the question nor anything found gives, in order.

    A figure counts as given in 元, 万元 or 亿元, as a share or in percent, and rounded to the places that are shown. So
    does each of two parts that the text says, if they come to the answer's value or to the number of its items.
    """
    if answer.get("status") != "answered":
        return ()  # then the text says what the graph holds at all
    given = {figure for text in _given(answer) for figure in _figures(text)}
    given |= {Decimal(len(answer.get("items") or ()))}
    said = tuple(_figures(str(answer.get("text") or "")))
    given |= _halves(said, answer.get("value")) | _halves(said, len(answer.get("items") or ()))
    stray = []
    for figure in said:
        if not any(_is_same(figure, other) for other in given):
            stray.append(str(figure))
    return tuple(stray)


def find_false_quotes(answer: AnswerJson, text_of: Callable[[str], str | None]) -> tuple[tuple[str, str], ...]:
    """Document and quote of each source whose quote does not stand at its place in the document."""
    false = []
    for source in _sources(answer):
        name, quote = str(source.get("document")), str(source.get("quote") or "")
        text = text_of(name)
        start, end = source.get("start"), source.get("end")
        if text is None or not quote or not isinstance(start, int) or text[start:end] != quote:
            false.append((name, quote))
    return tuple(false)


def _sources(answer: AnswerJson) -> Iterator[Mapping[str, Any]]:
    yield from answer.get("sources") or ()
    for item in answer.get("items") or ():
        yield from item.get("sources") or ()


def _given(answer: AnswerJson) -> Iterator[str]:
    """Every text that a figure of the answer may come from."""
    for key in ("question", "interpretation", "total", "value"):
        yield str(answer.get(key) if answer.get(key) is not None else "")
    yield str(answer.get("plan") or "")
    for item in answer.get("items") or ():
        yield " ".join(str(item.get(key) or "") for key in ("label", "name", "number", "year", "value", "aliases"))
        yield " ".join(map(str, (item.get("properties") or {}).values()))
    for option in answer.get("options") or ():
        yield str(option.get("label"))
    for source in _sources(answer):
        yield f"{source.get('document')} {source.get('page') or ''} {source.get('cell') or ''} {source.get('quote')}"


def _halves(said: tuple[Decimal, ...], total: object) -> set[Decimal]:
    """Those of `said` that come to `total` in pairs: 其中…3个项目330万元，…2个项目170万元 of 5 and 500万元."""
    if total is None:
        return set()
    whole = Decimal(str(total))
    return {part for part in said if 0 < part < whole and whole - part in said}


def _figures(text: str) -> Iterator[Decimal]:
    for shown in _FIGURE.findall(unicodedata.normalize("NFKC", text)):
        yield Decimal(shown.replace(",", ""))


def _is_same(shown: Decimal, given: Decimal) -> bool:
    exponent = shown.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    half = Decimal(5) / Decimal(10) ** (places + 1) if places else Decimal(0)
    return any(abs(shown - given / scale) <= half or abs(shown - given * scale) <= half for scale in _SCALES)
