"""Answers that are one thing: a figure, two figures set against each other, a proof, the ways between two entities."""

from __future__ import annotations

from dataclasses import replace

from graph.model import EdgeType, Source
from graph.store import Store
from search.answering_items import TextOf, gather_sources, make_item, show_place
from search.answering_links import contrast_text, paths_text
from search.answering_texts import count_text, evidence_text, figure_text
from search.answering_units import renaming_notes
from search.model import Answer, Item, Status
from search.phrasing import is_move
from search.phrasing_plan import say_plan
from search.plan import Contrast, Plan
from search.plan_terms import Column, Contrasting
from search.rows import Result

_NAMELESS = ("所问的部分", "总体")


def figure_answer(answer: Answer, result: Result, column: Column | None, signed: int) -> Answer:
    figure = result.figure
    if figure is None:
        return answer
    noun = answer.interpretation.removeprefix("理解为：")
    text = count_text(result.rows) if column is None else figure_text(figure, result.rows, noun)
    value = -figure.value if signed < 0 and is_move(column) else figure.value
    return replace(answer, text=text, value=value, unit=figure.unit)


def with_names(contrast: Contrast, result: Result, store: Store) -> Result:
    """The sides under what they are, where the question names them only by their place."""
    said = [say_plan(Plan(steps=part.steps), store).removesuffix("的个数") for part in contrast.parts]
    sides = zip(said, result.sides, strict=True)
    return replace(result, sides=tuple((name if label in _NAMELESS else label, side) for name, (label, side) in sides))


def contrast_answer(answer: Answer, result: Result, how: Contrasting, signed: int) -> Answer:
    figure = result.figure
    if figure is None:
        return answer
    value = (
        abs(figure.value)
        if signed == 0 and how is Contrasting.DIFFERENCE
        else -figure.value
        if signed < 0
        else figure.value
    )
    items = tuple(
        Item(
            label=label,
            value=side.figure.value,
            unit=side.figure.unit,
            sources=gather_sources(_side_items(answer, side)),
        )
        for label, side in result.sides
        if side.figure is not None
    )
    return replace(
        answer, text=contrast_text(result, how), value=value, unit=figure.unit, items=items, total=len(items)
    )


def _side_items(answer: Answer, side: Result) -> tuple[Item, ...]:
    ids = {row.entity.id for row in side.rows if row.entity}
    return tuple(item for item in answer.items if item.id in ids)


def proof_answer(answer: Answer, result: Result, text_of: TextOf) -> Answer:
    places: dict[Source, None] = {}
    years = {s for row in result.rows if row.entity for s in row.entity.evidence.get("year", ())}
    ordered = [source for row in result.rows for source in row.sources]
    figures = {s for row in result.rows for cell in row.cells for s in cell.sources}
    for source in sorted(ordered, key=lambda s: s in years):  # what decides comes first
        places.setdefault(show_place(source, text_of(source.document), of_form=source in figures))
    for item in answer.items:
        for source in item.sources:
            if not any(
                source.document == p.document and p.start <= source.start and source.end <= p.end for p in places
            ):
                places.setdefault(source)
    return replace(answer, text=evidence_text(result, tuple(places)), sources=tuple(places))


def path_answer(answer: Answer, plan: Plan, result: Result, store: Store, text_of: TextOf) -> Answer:
    if not result.paths:
        return replace(answer, status=Status.NO_MATCH, text="图谱中没有把两者联系起来的记录。")
    items = tuple(make_item(row, (), text_of) for row in result.rows)
    places: dict[Source, None] = {}
    for edge in (edge for path in result.paths for edge in path.edges):
        inferred = edge.type is EdgeType.RENAMED_TO  # rests on all its places together
        for source in edge.sources if inferred else edge.sources[:2]:
            places.setdefault(show_place(source, text_of(source.document), of_form=True) if inferred else source)
    caveats = (*answer.caveats, *renaming_notes(plan, result, store))
    text = paths_text(result.paths)
    return replace(answer, text=text, items=items, total=len(items), sources=tuple(places)[:50], caveats=caveats)
