"""Numbered sub-projects of a form (`1、档案整理项目…2、…`), found by their names standing in several of its sections.

A section that only numbers its points has none: a name must be repeated, or the section be nothing but names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.model import Field, Span, TaskReading
from ingest.prose import Prose
from ingest.wordlists import words_of

_MARKER = re.compile(r"(?<![\d.．、（(])(\d{1,2})(、|[.．](?!\d))")
_BASES = (Field.OVERVIEW, Field.GOALS, Field.NECESSITY, Field.BASIS, Field.SCHEDULE)
_SENTENCE = re.compile(r"[，。；：]")
_NAME_ENDS = re.compile(r"[，。；：\"《:;,]|(?:19|20)\d{2}年|\d{1,2}[、)）.．]|[（(]\d{1,2}[)）]")
_WIDTH = str.maketrans("（）：，；", "():,;")
_SHORTEST, _LONGEST = 4, 60
_MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class _Item:
    """A numbered item: its marker begins at `at`, its text at `start`."""

    number: int
    at: int
    start: int


@dataclass(frozen=True, slots=True)
class _Match:
    """The same item in another section, with how many letters of the name it repeats."""

    section: Field
    item: _Item
    length: int


def find_tasks(sections: Mapping[Field, Prose]) -> tuple[TaskReading, ...]:
    """Sub-projects in the order of their numbers; () where the sections only number their points."""
    items = {section: _find_items(prose.text) for section, prose in sections.items()}
    if names := _bare_names(sections, items):
        return names
    chains = [(_chain(section, sections, items), section) for section in _BASES if len(items.get(section, ())) > 1]
    (chain, matches), base = max(chains, key=_worth, default=(([], {}), Field.OVERVIEW))
    if len(chain) < 2:
        return ()
    tasks = []
    for item in chain:
        name = _name(sections[base].text, item, [match.length for match in matches[item]])
        if name:
            spans = _all_spans(item, chain, base, matches, sections)
            tasks.append(
                TaskReading(number=str(item.number), name=name, section=base, spans=spans, rule="tasks.repeated")
            )
    return tuple(tasks)


def _worth(pair: tuple[tuple[list[_Item], dict[_Item, list[_Match]]], Field]) -> tuple[int, int]:
    """How many items a chain has, and how many letters of their names are repeated at most."""
    (chain, matches), _ = pair
    return len(chain), sum(max(match.length for match in matches[item]) for item in chain)


def _find_items(text: str) -> tuple[_Item, ...]:
    hits = list(_MARKER.finditer(text))
    separator = hits[0][2] if hits else ""
    items = tuple(_Item(int(hit[1]), hit.start(), hit.end()) for hit in hits if hit[2] == separator)
    return items[:_MOST_ITEMS]


def _bare_names(sections: Mapping[Field, Prose], items: Mapping[Field, Sequence[_Item]]) -> tuple[TaskReading, ...]:
    """Sub-projects where the overview is nothing but a list of short names, numbered from 1 without a gap."""
    listed = items.get(Field.OVERVIEW, ())
    if len(listed) < 3 or listed[0].at > 0 or [item.number for item in listed] != list(range(1, len(listed) + 1)):
        return ()
    prose = sections[Field.OVERVIEW]
    tasks = []
    for item, end in zip(listed, [*(item.at for item in listed[1:]), len(prose.text)], strict=True):
        name = prose.text[item.start : end].strip(" 、；;。\n")
        if not _SHORTEST <= len(name) <= _LONGEST or _SENTENCE.search(name):
            return ()
        spans = prose.spans_of(item.start, item.start + len(name))
        tasks.append(
            TaskReading(number=str(item.number), name=name, section=Field.OVERVIEW, spans=spans, rule="tasks.names")
        )
    return tuple(tasks)


def _chain(
    base: Field, sections: Mapping[Field, Prose], items: Mapping[Field, Sequence[_Item]]
) -> tuple[list[_Item], dict[_Item, list[_Match]]]:
    matches = {item: _matches(item, base, sections, items) for item in items[base]}
    return _best_chain(items[base], {item: len(found) for item, found in matches.items()}), matches


def _matches(
    item: _Item, base: Field, sections: Mapping[Field, Prose], items: Mapping[Field, Sequence[_Item]]
) -> list[_Match]:
    """For each other section, the item that repeats the name of `item` best, unless it repeats another item better."""
    found = []
    for section, prose in sections.items():
        if section is base:
            continue
        scored = [(_common(sections[base].text, item, prose.text, other), other) for other in items[section]]
        length, best = max(scored, key=lambda pair: pair[0], default=(0, None))
        if best is None or length < _SHORTEST:
            continue
        rivals = (_common(sections[base].text, other, prose.text, best) for other in items[base] if other != item)
        if length > max(rivals, default=0):
            found.append(_Match(section, best, length))
    return found


def _common(left: str, item: _Item, right: str, other: _Item) -> int:
    length = 0
    for a, b in zip(
        left[item.start : item.start + _LONGEST].translate(_WIDTH),
        right[other.start : other.start + _LONGEST].translate(_WIDTH),
        strict=False,
    ):
        if a != b:
            break
        length += 1
    return length


def _best_chain(items: Sequence[_Item], weight: Mapping[_Item, int]) -> list[_Item]:
    """The run 1, 2, 3 … in which the most names are repeated: lists inside an item have numbers of their own."""
    best: dict[int, tuple[int, list[_Item]]] = {0: (0, [])}
    for item in items:
        before = best.get(item.number - 1)
        if before is None:
            continue
        score = before[0] + weight[item]
        if weight[item] and (item.number not in best or score > best[item.number][0]):
            best[item.number] = (score, [*before[1], item])
    return max(best.values(), key=lambda pair: pair[0])[1]


def _name(text: str, item: _Item, lengths: Sequence[int]) -> str:
    """The longest repeated beginning that ends as names do; else the one that most sections agree on."""
    names = []
    for length in lengths:
        name = text[item.start : item.start + length]
        cut = _NAME_ENDS.search(name, 2)
        names.append((name[: cut.start()] if cut else name).strip(" 、"))
    fitting = [name for name in names if name.endswith(words_of("tasks", "endings", "words"))]
    pool = fitting or names
    best = max(pool, key=lambda name: (pool.count(name), len(name)), default="")
    if fitting:
        best = max(fitting, key=lambda name: (fitting.count(name) * 2 >= len(lengths), len(name)))
    return best if len(best) >= _SHORTEST else ""


def _all_spans(
    item: _Item,
    chain: Sequence[_Item],
    base: Field,
    matches: Mapping[_Item, Sequence[_Match]],
    sections: Mapping[Field, Prose],
) -> tuple[Span, ...]:
    """Every stretch in which the item stands, section by section."""
    spans: list[Span] = []
    for section, prose in sections.items():
        if section is base:
            own = item
            begins = [other.at for other in chain]
        else:
            match = next((match for match in matches[item] if match.section is section), None)
            if match is None:
                continue
            own = match.item
            begins = [m.item.at for other in chain for m in matches[other] if m.section is section]
        end = min((at for at in begins if at > own.at), default=len(prose.text))
        spans += prose.spans_of(own.at, end)
    return tuple(spans)
