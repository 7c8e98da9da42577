"""Passages: stretches of text that topic search can find, cut from the graph. Sections are split at sentences.

A passage's sources are the exact places of its own sentences wherever the printed text can be followed by letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from graph.folding import source_order
from graph.kg import KnowledgeGraph
from graph.model import EdgeType, Entity, EntityId, EntityType, Passage, Source
from ingest.model import SECTIONS

_LONGEST = 300  # letters in a passage; embedding models of this size read 512 tokens
_ENOUGH = 120  # letters from which a passage may end at the next sentence
_STOPS = "。！？；!?;\n"
_PAUSES = "，、,：:"
_AHEAD = 400  # printed signs (markup, page furniture) that may lie between two letters of the cleaned text


def cut_passages(kg: KnowledgeGraph) -> tuple[Passage, ...]:
    """All passages of the graph, sorted by entity and place in it; one or more per entity."""
    passages = [passage for entity in kg.entities.values() for passage in _passages_of(kg, entity)]
    return tuple(passages)


def _passages_of(kg: KnowledgeGraph, entity: Entity) -> Iterator[Passage]:
    yield _passage(entity.id, "entity", 0, describe_entity(kg, entity), entity.sources)
    match entity.type:
        case EntityType.PROJECT:
            for section in SECTIONS:
                text = entity.properties.get(section.value)
                if isinstance(text, str):
                    yield from _passages_of_section(entity, section.value, text)
        case EntityType.TASK:
            quotes = " ".join(" ".join(source.quote.split()) for source in entity.sources)
            for n, (start, end) in enumerate(split_text(quotes)):
                yield _passage(entity.id, "task", n, quotes[start:end], entity.sources)
        case _:
            return


def _passages_of_section(entity: Entity, name: str, text: str) -> Iterator[Passage]:
    """Pieces of a section, each with the places of its own letters; with all places where they cannot be followed."""
    sources = tuple(sorted(entity.evidence.get(name, ()), key=source_order))
    followed = _follow(text, sources)
    for n, (start, end) in enumerate(split_text(text)):
        places = sources if followed is None else _narrow(sources, followed[start:end])
        yield _passage(entity.id, name, n, text[start:end], places)


def _passage(entity: EntityId, kind: str, n: int, text: str, sources: tuple[Source, ...]) -> Passage:
    digest = sha256(f"{entity}\x1f{kind}\x1f{n}\x1f{text}".encode()).hexdigest()[:12]
    return Passage(id=f"passage:{digest}", entity=entity, kind=kind, text=text, sources=sources)


def describe_entity(kg: KnowledgeGraph, entity: Entity) -> str:
    """One line that says what the entity is, for search and for people."""
    said = entity.properties
    match entity.type:
        case EntityType.PROJECT:
            units = [unit.label for role in _ROLES for unit in kg.origins(entity.id, role)]
            parts = [f"{said['year']}年" if "year" in said else "", entity.label, str(said.get("category", ""))]
            return "，".join(part for part in (*parts, *dict.fromkeys(units)) if part)
        case EntityType.INDICATOR:
            levels = [str(said[name]) for name in ("level1", "level2", "level3") if said.get(name)]
            target, actual = said.get("target_text"), said.get("actual_text")
            text = "，".join(dict.fromkeys(levels))
            text += f"，目标{target}" if target else ""
            text += f"，完成{actual}" if actual else ""
            reason = said.get("deviation_reason")
            return text + (f"，{reason}" if reason else "") or entity.label
        case EntityType.POLICY:
            names = (entity.label, *_texts(entity, "aliases"))
            return "，又名".join(dict.fromkeys(names))
        case EntityType.UNIT:
            return "，又名".join(dict.fromkeys((entity.label, *_texts(entity, "aliases"))))
        case EntityType.TASK:
            owners = [project.label for project in kg.origins(entity.id, EdgeType.HAS_TASK)]
            return "，".join([entity.label, *owners])
        case EntityType.SOURCE:
            return "，".join(str(said[name]) for name in ("file", "document_type", "year") if name in said)


_ROLES = (EdgeType.DECLARES, EdgeType.SUPERVISES, EdgeType.IMPLEMENTS)


def _texts(entity: Entity, name: str) -> tuple[str, ...]:
    value = entity.properties.get(name, ())
    return value if isinstance(value, tuple) else (str(value),)


def split_text(text: str) -> list[tuple[int, int]]:
    """Half-open ranges that cover `text` in order, each at most 300 letters, ending at sentences where it can.

    >>> split_text("短。")
    [(0, 2)]
    """
    ranges = []
    start = 0
    while start < len(text):
        end = min(start + _LONGEST, len(text))
        if end < len(text):
            end = _cut(text, start, end)
        else:
            first = _first_stop(text, start, end)
            end = first if first and len(text) - first >= _ENOUGH else end
        ranges.append((start, end))
        start = end
    return [(a, b) for a, b in ranges if text[a:b].strip()]


def _first_stop(text: str, start: int, end: int) -> int | None:
    return next((at + 1 for at in range(start + _ENOUGH, end) if text[at] in _STOPS), None)


def _cut(text: str, start: int, end: int) -> int:
    """Where to end a passage that cannot hold the rest: at the first sentence end with enough letters, else a pause."""
    stop = _first_stop(text, start, end)
    if stop is not None:
        return stop
    pause = max((text.rfind(sign, start + _ENOUGH, end) for sign in _PAUSES), default=-1)
    return pause + 1 if pause > 0 else end


def _narrow(sources: Sequence[Source], letters: Iterable[tuple[int, int] | None]) -> tuple[Source, ...]:
    """The sources cut down to where these letters stand (source and offset in it); all of them where none stands."""
    bounds: dict[int, tuple[int, int]] = {}
    for place in letters:
        if place is not None:
            which, offset = place
            first, last = bounds.get(which, (offset, offset))
            bounds[which] = min(first, offset), max(last, offset)
    return tuple(sources[n].part(first, last + 1) for n, (first, last) in sorted(bounds.items())) or tuple(sources)


def _follow(text: str, sources: Sequence[Source]) -> list[tuple[int, int] | None] | None:
    """For each letter of `text` the source and the offset in its quote where it is printed; None for white space.

    None altogether where a letter cannot be found in order: then the text was mended and cannot be followed.
    """
    which, offset = 0, 0
    found: list[tuple[int, int] | None] = []
    for letter in text:
        if letter.isspace():
            found.append(None)
            continue
        while which < len(sources):
            at = sources[which].quote.find(letter, offset, offset + _AHEAD)
            if at >= 0:
                found.append((which, at))
                offset = at + 1
                break
            if len(sources[which].quote) - offset > _AHEAD:
                return None
            which, offset = which + 1, 0
        else:
            return None
    return found
