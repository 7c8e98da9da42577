"""Whether what a yes-or-no question holds to be so is so, in words, with the figures that decide it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from msgspec import structs

from graph.model import Entity, EntityId, Source
from graph.store import Store
from search.columns import read_cells
from search.conditions import columns_in, holds, satisfy
from search.execute import execute
from search.model import Answer, Status
from search.phrasing import count_word, join_words, label_of, name_entity, say_cell, say_value
from search.phrasing_plan import say_plan
from search.plan import Both, Condition, Except, Keep, Plan, Rank, Select, Show, Step
from search.plan_terms import Contrasting, Op
from search.query import Asked, Claim, Query, kind_of
from search.rows import Result, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is said before an answer, the rows that it then lists, and how the question was read.

    `sources` prove figures of the words that no row holds.
    """

    words: str
    result: Result
    sources: tuple[Source, ...] = ()
    reading: str = ""
    alone: bool = False  # the words say all there is to say


def weigh_claim(claim: Claim, plan: Plan, result: Result, store: Store) -> Decision | None:
    """The verdict on the claim; None where the graph holds nothing that could decide it."""
    if claim.count is not None:
        return _on_count(claim.count, result)
    if claim.every and claim.leads:
        return _on_one(claim, plan, result, store)
    if claim.every:
        return _on_all(claim.every, plan, result, store)
    return _on_order(claim, plan, result, store)


def weigh_contrast(query: Query, result: Result) -> Decision | None:
    """A比B多吗: by the sign of what lies between; None where the question does not say which way."""
    if not query.yes_no or query.asked is not Asked.CONTRAST or not query.signed or result.figure is None:
        return None
    if query.contrasting is not Contrasting.DIFFERENCE:
        return None
    return Decision(words="是。" if result.figure.value * query.signed > 0 else "不是。", result=result)


def confirm(answer: Answer, decision: Decision) -> Answer:
    """The answer with the verdict before it."""
    if decision.alone and not decision.result.columns:
        return replace(answer, text=decision.words)
    if answer.status is not Status.ANSWERED:
        return answer
    reading = f"理解为：{decision.reading}" if decision.reading else answer.interpretation
    sources = tuple(dict.fromkeys((*decision.sources, *answer.sources)))
    return replace(answer, text=f"{decision.words}{answer.text}", interpretation=reading, sources=sources)


# how many ---------------------------------------------------------------------------------------------------


def _on_count(count: tuple[Op, int], result: Result) -> Decision | None:
    op, number = count
    if result.figure is None:
        return None
    held = holds(op, result.figure.value, Decimal(number))
    return Decision(words="是。" if held else "不是。", result=result)


# all of them ------------------------------------------------------------------------------------------------


def _on_all(every: tuple[Condition, ...], plan: Plan, result: Result, store: Store) -> Decision | None:
    condition = every[0] if len(every) == 1 else Both(parts=every)
    rows = [row for row in result.rows if row.entity is not None]
    entities = {row.entity.id: row.entity for row in rows if row.entity}
    if not entities:
        return None
    met = satisfy(store, condition, entities)
    blank = _blank(condition, entities, store)
    met = {i: sources for i, sources in met.items() if i not in blank}
    if len(blank) == len(entities):
        return None
    kind = rows[0].entity.type if rows[0].entity else None
    word = count_word(kind) if kind is not None else "项"
    if len(rows) == 1 and rows[0].entity is not None:
        return Decision(words=_words_on(rows[0].entity, condition, plan, store, met=bool(met)), result=result)
    others = tuple(r for r in rows if r.entity and r.entity.id not in met and r.entity.id not in blank)
    unknown = f"（另有{len(blank)}{word}的表中没有写）" if blank else ""
    says = _phrase(condition, plan, store)
    scope = say_plan(Plan(steps=tuple(s for s in plan.steps if not isinstance(s, Show))), store)
    reading = f"{scope}是不是都{says}"
    if not others:
        return Decision(
            words=f"是。{len(met)}{word}全部{says}{unknown}。",
            result=replace(result, rows=_known(rows, blank)),
            reading=reading,
        )
    words = f"不是。{len(rows)}{word}中，{says}的有{len(met)}个，以下{len(others)}个不是{unknown}。"
    return Decision(words=words, result=replace(result, rows=others), reading=reading)


def _on_one(claim: Claim, plan: Plan, result: Result, store: Store) -> Decision | None:
    named = store.nodes(EntityId(i) for mention in claim.leads for i in mention.ids)
    if len(named) != 1:
        return None
    condition = claim.every[0] if len(claim.every) == 1 else Both(parts=claim.every)
    words = _words_on(named[0], condition, plan, store, met=bool(result.rows))
    return Decision(words=words, result=result, alone=True)


def _words_on(entity: Entity, condition: Condition, plan: Plan, store: Store, *, met: bool) -> str:
    says = _phrase(condition if met else Except(part=condition), plan, store)
    word = "是" if met else "没有" if says.startswith("没有") else "不是"
    return f"{word}。{name_entity(entity)}{says}。"


def _known(rows: list[Row], blank: set[EntityId]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.entity and row.entity.id not in blank)


def _blank(condition: Condition, entities: dict[EntityId, Entity], store: Store) -> set[EntityId]:
    """Those whose forms do not say what the condition reads."""
    columns = columns_in(condition)
    found: set[EntityId] = set()
    for column in columns:
        cells = read_cells(store, entities.values(), column)
        found |= {i for i in entities if i not in cells}
    return found


def _phrase(condition: Condition, plan: Plan, store: Store) -> str:
    kind = next((s.kind for s in plan.steps if isinstance(s, Select)), None)
    if kind is None:
        kind = kind_of(condition)
    noun = say_plan(Plan(steps=(Select(kind=kind),)), store)
    said = say_plan(Plan(steps=(Select(kind=kind), Keep(condition=condition))), store)
    return said.removesuffix(noun).removesuffix("的")


# the first of all -------------------------------------------------------------------------------------------


def _on_order(claim: Claim, plan: Plan, result: Result, store: Store) -> Decision | None:
    leads = {EntityId(i) for mention in claim.leads for i in mention.ids}
    if not result.rows:
        return None
    first = {row.entity.id for row in result.rows if row.entity}
    named = [{EntityId(i) for i in mention.ids} for mention in claim.leads]
    if all(ids & first for ids in named):
        return Decision(words="是。", result=result)
    whole = Plan(steps=tuple(_unbounded(step) for step in plan.steps))
    rows = execute(whole, store).rows
    rank = next(step for step in plan.steps if isinstance(step, Rank))
    own = [row for row in rows if row.entity and row.entity.id in leads - first]
    said = [_place(row, rows, rank) for row in own[:_MOST]]
    if not said:
        names = join_words(dict.fromkeys(mention.label for mention in claim.leads))
        said = [f"{names}不在所比的范围内，或者表中没有写这项数"]
    sources = tuple(source for row in own[:_MOST] for cell in row.cells for source in cell.sources)
    return Decision(words=f"不是。{'；'.join(said)}。", result=result, sources=sources)


_MOST = 3  # of one name, such as an indicator of many projects


def _unbounded(step: Step) -> Step:
    return structs.replace(step, first=1, last=None) if isinstance(step, Rank) else step


def _place(row: Row, rows: tuple[Row, ...], rank: Rank) -> str:
    """X的预算为15万元，从高到低排第15."""
    value = _value(row, rank)
    before = sum(1 for other in rows if _is_before(_value(other, rank), value, descending=rank.descending))
    cell = row.cell(rank.column) if rank.column is not None else None
    said = say_value(value, None, row.unit) if isinstance(value, Decimal) else ""
    figure = say_cell(cell) if cell is not None else said
    name = name_entity(row.entity, row.owner) if row.entity else row.label
    about = f"的{label_of(rank.column)}" if rank.column is not None else ""
    order = "从高到低" if rank.descending else "从低到高"
    return f"{name}{about}为{figure}，{order}排第{before + 1}"


def _value(row: Row, rank: Rank) -> object:
    if rank.column is not None and (cell := row.cell(rank.column)) is not None:
        return cell.value
    return row.value


def _is_before(one: object, other: object, *, descending: bool) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one > other if descending else one < other
    if isinstance(one, str) and isinstance(other, str):
        return one > other if descending else one < other
    return False
