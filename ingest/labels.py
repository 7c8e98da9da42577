"""Labels of forms and where they stand in rows: `项目名称：`, `主管⇥部门`, `项目资金(万元)`, `评分等级 优`.

Which wordings exist is data (`lexicon/forms.toml`); what a label's value means is for its readers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from ingest.cleaning import Cleaned, clean, is_cjk
from ingest.model import Cell, Document, FormKind, Row, Span
from ingest.wordlists import table_of, words_of

_DROPPED = frozenset("*＊#●•·※")
_FOLDED = str.maketrans("（）：﹕∶　", "():::　")
_COMPARED = {**_FOLDED, **dict.fromkeys(map(ord, _DROPPED))}
_NUMBERING = re.compile(r"(?:\(?[一二三四五六七八九十]{1,3}\)?[、.．]?|\d{1,2}[、.．])(?=[^\d])")
_BRACKET = re.compile(r"\([^()]{0,30}\)")
_LONGEST = 24
_LONGEST_BOUNDARY = 10
_MOST_IN_CELL = 8  # more labels than these in one cell are no form
_HEAD_LENGTH = 160  # characters of a cell, markup and all, in which its label must stand
_HEAD = (("head", "head"), ("units", "units"))
_GROUPS: dict[FormKind | None, tuple[tuple[str, str], ...]] = {  # later groups win where they share a wording
    None: _HEAD,
    FormKind.TARGET: (("fund_rows", "funds"), *_HEAD, ("sections", "sections"), ("money", "money")),
    FormKind.SELF_EVALUATION: (
        ("fund_columns", "columns"),
        ("fund_rows", "funds"),
        *_HEAD,
        ("sections", "sections"),
        ("result", "result"),
    ),
    FormKind.NARRATIVE: (*_HEAD, ("sections", "sections")),
}
_OTHER_FAMILY: dict[FormKind | None, tuple[str, ...]] = {
    FormKind.TARGET: ("sections.expected_goals", "sections.actual_completion"),
    FormKind.SELF_EVALUATION: ("sections.goals",),
    FormKind.NARRATIVE: ("sections.expected_goals", "sections.actual_completion"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label in a row: cells `first` to `last` (inclusive, from 0) hold it.

    key: `head.name`, `money.budget_year`, `sections.basis`, `boundaries` …; bracket: what its bracket says (`万元`).
    rest: the value, where it stands in the same cell behind the label.
    """

    key: str
    wording: str
    first: int
    last: int
    span: Span
    bracket: str = ""
    rest: Cell | None = None
    damaged: bool = False


class Wordings(dict[str, str]):
    """Folded wording → key. Rows are many and wordings are thousands: what rows are compared with is made once."""

    @cached_property
    def clipped(self) -> dict[str, frozenset[str]]:
        """Wording short of its last letter → the keys of all wordings that begin so."""
        found: dict[str, set[str]] = {}
        for word, key in self.items():
            found.setdefault(word[:-1], set()).add(key)
        return {stem: frozenset(keys) for stem, keys in found.items()}


@cache
def wordings(kind: FormKind | None) -> Wordings:
    """Folded wording → key, for one family of forms; None: only what every family has in its head.

    Keys: `head.*`, `units.*`, `sections.*`, `money.*`, `result.*`, `funds.*` (rows of the table of funds), `columns.*`
    (its columns), `boundaries`.
    """
    found = Wordings((fold(word), "boundaries") for word in words_of("forms", "boundaries", "words"))
    for table, group in _GROUPS.get(kind, ()):
        for name, words in table_of("forms", table).items():
            if f"{table}.{name}" not in _OTHER_FAMILY.get(kind, ()):
                found.update((fold(word), f"{group}.{name}") for word in words)
            if group == "units":
                ranked = (rank + word for rank in words_of("forms", "ranks", "words") for word in words)
                found.update((fold(word), f"{group}.{name}") for word in ranked if fold(word) not in found)
    return found


def fold(text: str) -> str:
    """`text` as labels are compared: no white space, no marks of importance, brackets and colons of half width."""
    return "".join(text.translate(_COMPARED).split())


def find_labels(doc: Document, row: Row, vocabulary: Wordings) -> tuple[Label, ...]:
    """The labels in `row`, left to right; () when none. One cell may hold several (`分数 执行率(%)`)."""
    labels: list[Label] = []
    at = 0
    while at < len(row.cells):
        label = _label_at(doc, row.cells, at, vocabulary) if row.cells[at].text else None
        if label and labels and _is_value(row, labels[-1], label):
            label = None
        if label and labels and _is_repeated(labels[-1], label):
            labels[-1] = replace(labels[-1], last=label.last)
            at, label = label.last, None
        first = len(labels)
        while label:
            labels.append(label)
            at = label.last
            more = label.rest if len(labels) - first < _MOST_IN_CELL else None
            label = _label_in_cell(doc, more, at, vocabulary) if more else None
            if label:
                labels[-1] = replace(labels[-1], rest=None)
        at += 1
    return tuple(labels)


def _is_repeated(before: Label, label: Label) -> bool:
    """Whether a label only repeats the one in the cell before: a merged cell written out."""
    same = before.wording == label.wording and before.bracket == label.bracket
    return same and label.first == before.last + 1 and before.rest is None and label.rest is None


def _is_value(row: Row, before: Label, label: Label) -> bool:
    """Whether what looks like a label is the value of the one before it: `其他`, or a text that begins `总目标：…`."""
    if before.rest is not None or any(cell.text for cell in row.cells[before.last + 1 : label.first]):
        return False
    if before.key.startswith("sections."):
        return label.rest is not None and label.key.startswith("sections.")
    weak = label.key.startswith(("boundaries", "funds.", "columns."))
    return weak and before.key.startswith(("head.", "units.")) and before.key != "head.year"


def find_damaged(row: Row, vocabulary: Wordings, group: str) -> tuple[Label, ...]:
    """Cells of `row` that must be labels of `group` with letters lost or mistaken (`际完成情`, `页期目标`)."""
    words = [(word, key) for word, key in vocabulary.items() if key.startswith(group)]
    texts = ["".join(char for char in fold(cell.text) if is_cjk(char) and char.isalpha()) for cell in row.cells]
    found: list[Label] = []
    for at, text in enumerate(texts):
        if not 3 <= len(text) <= 8:
            continue
        alike = [(abs(len(word) - len(text)), key, word) for word, key in words if _resembles(text, word)]
        best = [(key, word) for distance, key, word in alike if distance == min(alike)[0]]
        if len({key for key, _ in best}) != 1:
            continue
        end = texts[at + 1] if at + 1 < len(texts) else ""
        last = at + 1 if end and len(end) < 3 and any(word.endswith(end) for _, word in best) else at
        span = Span(start=row.cells[at].span.start, end=row.cells[last].span.end)
        found.append(Label(key=best[0][0], wording=text, first=at, last=last, span=span, damaged=True))
    return tuple(found)


def _resembles(text: str, word: str) -> bool:
    """Whether `text` is `word` with letters lost at its ends; one may be mistaken: any, or of a rest the first."""
    if text in word or (word in text and len(text) - len(word) <= 1):
        return True
    if len(text) < 4:
        return False
    if len(text) == len(word):
        return sum(a != b for a, b in zip(text, word, strict=True)) == 1
    return text[1:] in word[1:]


def _label_at(doc: Document, cells: Sequence[Cell], at: int, vocabulary: Wordings) -> Label | None:
    within = _label_in_cell(doc, cells[at], at, vocabulary)
    if within and within.rest:
        return within
    over = _label_over_cells(cells, at, vocabulary)
    return over if over and (within is None or over.wording.startswith(within.wording)) else within


def _label_in_cell(doc: Document, cell: Cell, at: int, vocabulary: Wordings) -> Label | None:
    head = clean(doc.text[cell.span.start : min(cell.span.end, cell.span.start + _HEAD_LENGTH)], offset=cell.span.start)
    kept = [
        (char, place)
        for place, char in enumerate(head.text[:80].translate(_FOLDED))
        if not char.isspace() and char not in _DROPPED
    ]
    folded = "".join(char for char, _ in kept)
    numbering = _NUMBERING.match(folded)
    for skip in (0, numbering.end()) if numbering else (0,):
        for size in range(min(len(folded) - skip, _LONGEST), 1, -1):
            word = folded[skip : skip + size]
            key = vocabulary.get(word) or _boundary(word)
            if key and (found := _finish(doc, cell, head, kept, skip, size)):
                bracket, rest = found
                return Label(
                    key=key,
                    wording=word,
                    first=at,
                    last=at,
                    span=head.span(kept[skip][1], kept[skip + size - 1][1] + 1),
                    bracket=bracket,
                    rest=rest,
                )
    return None


def _boundary(word: str) -> str | None:
    """The key of a label of no field of ours, told by its last word (`负责人及电话`, `归口科室`)."""
    if not 2 < len(word) <= _LONGEST_BOUNDARY or not word.endswith(words_of("forms", "boundary_ends", "words")):
        return None
    return "boundaries" if all(map(is_cjk, word)) else None


def _finish(
    doc: Document, cell: Cell, head: Cleaned, kept: list[tuple[str, int]], skip: int, size: int
) -> tuple[str, Cell | None] | None:
    """Bracket and rest behind a label; None where what follows shows that the word was no label."""
    folded = "".join(char for char, _ in kept)
    end = skip + size
    bracket = _BRACKET.match(folded, end)
    end = bracket.end() if bracket else end
    inside = bracket[0][1:-1] if bracket else ""
    if end >= len(folded):
        return inside, None
    spaced = _gap_before(doc, head, kept[end][1])
    if folded[end] == ":":
        while end < len(folded) and folded[end] == ":":
            end += 1
        if end >= len(folded):
            return inside, None
    elif not spaced:
        return None
    start = head.starts[kept[end][1]]
    cleaned = clean(doc.text[start : cell.span.end], offset=start)
    return inside, Cell(text=cleaned.text, span=cleaned.span(0, len(cleaned.text)))


def _gap_before(doc: Document, head: Cleaned, place: int) -> bool:
    if place == 0:
        return False
    between = doc.text[head.ends[place - 1] : head.starts[place]]
    return any(char.isspace() for char in between) or head.text[place - 1].isspace()


def _label_over_cells(cells: Sequence[Cell], at: int, vocabulary: Wordings) -> Label | None:
    """A label cut by cell borders (`主管⇥部门`), or short of its last letter in the first column (`评分等`)."""
    joined = ""
    for last in range(at, min(at + 8, len(cells))):
        if len(cells[last].text) > _LONGEST:
            break
        piece = "".join(char for char in fold(cells[last].text) if is_cjk(char) or char in "():")
        joined += piece
        if (last == at and not piece) or len(joined) > 14 or (last > at + 3 and len(piece) > 1):
            break
        word = _BRACKET.sub("", joined).rstrip(":")
        if last > at and piece and word in vocabulary:
            span = Span(start=cells[at].span.start, end=cells[last].span.end)
            return Label(key=vocabulary[word], wording=word, first=at, last=last, span=span)
    stem = fold(cells[at].text[:_LONGEST])
    following = cells[at + 1].text if at + 1 < len(cells) else ""
    if at == 0 and len(stem) >= 3 and not any(is_cjk(char) for char in following):
        keys = vocabulary.clipped.get(stem, frozenset())
        if len(keys) == 1:
            return Label(key=next(iter(keys)), wording=stem, first=at, last=at, span=cells[at].span, damaged=True)
    return None
