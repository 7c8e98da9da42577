"""Whether a query can be answered at all: parts unknown, names missing or ambiguous → a Refusal with what is near."""

from __future__ import annotations

from graph.model import EntityType
from graph.store import Store
from search.linking import Names
from search.linking_pieces import Thing
from search.model import Option, Status
from search.normalise import Folded
from search.phrasing import name_project
from search.plan import Compare
from search.plan_terms import Column, Op
from search.query import Kind, Mention, Query
from search.refusals import Reason, Refusal

_UNRESOLVED = ("去年", "上年", "上一年", "今年", "前年", "明年", "往年")
_MOST_OPTIONS = 8


def find_refusal(query: Query, question: Folded, *, names: Names, store: Store, has_previous: bool) -> Refusal | None:
    """Why the query must not be answered; None where it can be."""
    if query.outside:
        return Refusal(status=Status.UNANSWERABLE, reason=Reason.OUTSIDE, words=query.outside)
    if query.missing:
        return _missing(query.missing, names)
    if query.follows and not has_previous and not query.subjects:
        return Refusal(status=Status.UNANSWERABLE, reason=Reason.NO_PREVIOUS)
    doubtful = next((m for m in query.subjects if m.rivals), None) or next(
        (m for side in query.sides for m in side.subjects if m.rivals), None
    )
    if doubtful is not None:
        return _ambiguous(doubtful, question, store)
    if (other := _of_another_year(query, names)) is not None:
        return other
    if query.idle:
        return Refusal(status=Status.UNANSWERABLE, reason=Reason.NO_PLAN)
    if query.unknown:
        if all(word.startswith(_UNRESOLVED) for word in query.unknown):
            options = _years(query, question, names)
            return Refusal(status=Status.AMBIGUOUS, reason=Reason.UNRESOLVED_YEAR, words=query.unknown, options=options)
        near = tuple(thing.label for word in query.unknown if len(word) >= 3 for thing in _suggestions(word, names))
        return Refusal(status=Status.UNANSWERABLE, reason=Reason.NOT_UNDERSTOOD, words=query.unknown, near=near[:3])
    return None


def _of_another_year(query: Query, names: Names) -> Refusal | None:
    """The one project named has no form of the year asked for, nor of the year after, which would print 上年."""
    projects = [m for m in query.subjects if m.kind is Kind.PROJECT]
    asked = [
        int(c.value)
        for c in query.conditions
        if isinstance(c, Compare) and c.column is Column.YEAR and c.op is Op.EQ and c.value
    ]
    if len(projects) != 1 or len(asked) != 1 or query.neighbours is not None or query.unknown:
        return None
    held = {names.year_of(i) for i in projects[0].ids}
    if not held or None in held or asked[0] in held or asked[0] + 1 in held:
        return None
    near = [f"{projects[0].label}（{year}年）" for year in sorted(y for y in held if y)]
    near += [
        f"{thing.label}（{asked[0]}年）"
        for thing in names.suggest(projects[0].label, Kind.PROJECT, limit=8)
        if asked[0] in {names.year_of(i) for i in thing.ids}
    ]
    words = (f"{asked[0]}年的{projects[0].label}",)
    return Refusal(status=Status.NO_MATCH, reason=Reason.MISSING, words=words, near=tuple(near)[:3])


def _missing(missing: tuple[Mention, ...], names: Names) -> Refusal:
    near: dict[str, None] = {}
    for mention in missing:
        for thing in names.suggest(mention.text, Kind(mention.key) if mention.key else Kind.POLICY):
            near.setdefault(thing.label)
        for label in names.similar_numbers(mention.label or mention.text):
            near.setdefault(label)
    words = tuple(m.label or m.text for m in missing)
    return Refusal(status=Status.NO_MATCH, reason=Reason.MISSING, words=words, near=tuple(near)[:3])


def _suggestions(word: str, names: Names) -> tuple[Thing, ...]:
    return (*names.suggest(word, Kind.PROJECT, limit=2), *names.suggest(word, Kind.INDICATOR, limit=1))


def _ambiguous(mention: Mention, question: Folded, store: Store) -> Refusal:
    options = []
    at = question.folded.find(mention.text)
    typed = question.original(at, at + len(mention.text)) if at >= 0 else mention.text
    for rival in mention.rivals[:_MOST_OPTIONS]:
        label = rival.label
        if mention.kind is Kind.PROJECT:
            entities = [e for e in store.nodes(rival.ids) if e.type is EntityType.PROJECT]  # type: ignore[arg-type]
            label = "、".join(name_project(e) for e in entities) or label
        options.append(Option(label=label, question=question.text.replace(typed, rival.label, 1)))
    return Refusal(status=Status.AMBIGUOUS, reason=Reason.AMBIGUOUS, words=(typed,), options=tuple(options))


def _years(query: Query, question: Folded, names: Names) -> tuple[Option, ...]:
    word = query.unknown[0]
    years = [f"{year}年" for year in names.years]
    return tuple(Option(label=year, question=question.text.replace(word, year, 1)) for year in years)
