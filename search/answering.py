"""Result → Answer: status, text, items, figure, caveats, proof; and the answer as JSON (docs/cli.md)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from graph.model import EntityId, EntityType, Source
from graph.store import Store
from search.answering_caveats import find_absent, find_caveats
from search.answering_each import each_text
from search.answering_ends import contrast_answer, figure_answer, path_answer, proof_answer, with_names
from search.answering_items import (
    TextOf,
    gather_sources,
    make_item,
    widen_to_line,
)
from search.answering_json import answer_to_json as answer_to_json
from search.answering_marks import find_marks
from search.answering_nothing import is_untold, say_nothing
from search.answering_ranks import change_text, rank_text
from search.answering_texts import (
    groups_text,
    list_text,
    meaning_text,
    values_text,
)
from search.answering_units import find_roles, name_both, role_words, roles_text
from search.columns import read_cells
from search.conditions import satisfy
from search.model import Answer, Item, Status
from search.phrasing import is_move
from search.phrasing_plan import say_plan
from search.plan import (
    Calculate,
    Compare,
    Condition,
    Contrast,
    Decide,
    Define,
    Follow,
    Group,
    Has,
    Keep,
    Paths,
    Pick,
    Plan,
    Prove,
    Rank,
    Recall,
    Show,
    Tabulate,
    Topic,
    plan_to_json,
)
from search.plan_terms import Column
from search.rows import Result
from search.vocabulary import ColumnType, spec_of


def compose(
    question: str,
    plan: Plan,
    result: Result,
    *,
    store: Store,
    text_of: TextOf,
    signed: int = 0,
    notes: tuple[str, ...] = (),
    alternative: Result | None = None,
    yes_no: bool = False,
    verdict: Condition | None = None,
) -> Answer:
    """The answer that the result of the plan comes to; no_match where nothing is left."""
    interpretation = f"理解为：{say_plan(plan, store)}"
    answer = Answer(
        question=question,
        status=Status.ANSWERED,
        interpretation=interpretation,
        text="",
        caveats=name_both(notes, plan, store),
        plan=plan_to_json(plan),
    )
    last = plan.steps[-1]
    result = _written(plan, result)
    chosen = _chosen_text(plan, result)
    if isinstance(last, Define):
        return replace(answer, text=meaning_text(last.columns), sources=_examples(last.columns, store, text_of))
    if isinstance(plan.steps[0], Paths):
        return path_answer(answer, plan, result, store, text_of)
    if _counts_none(plan, result, store) and not is_untold(plan, result, store):
        noun = say_plan(plan, store).removesuffix("的个数")
        caveats = (*answer.caveats, *find_absent(result, store))
        return replace(answer, text=f"共0个：没有{noun}。", value=Decimal(0), unit="个", caveats=caveats)
    if _empty(plan, result):
        text = say_nothing(plan, result, store)
        caveats = (*answer.caveats, *(() if result.rows else find_absent(result, store)))
        return replace(answer, status=Status.NO_MATCH, text=text, caveats=caveats)
    items = tuple(make_item(row, result.columns, text_of) for row in result.rows)
    by_topic = isinstance(plan.steps[0], Topic) and not plan.steps[0].literal
    answer = replace(answer, items=items, total=len(items), complete=not by_topic, sources=gather_sources(items))
    match last:
        case Calculate(column=column):
            answer = figure_answer(answer, result, column, signed)
        case Contrast(how=how):
            answer = contrast_answer(answer, with_names(last, result, store), how, signed)
        case Prove():
            answer = proof_answer(answer, result, text_of)
        case Decide():
            said = list_text(result, whole=not by_topic, marks=find_marks(plan, result, store))
            answer = replace(answer, text=said if by_topic else f"是，{said}")
        case Group() | Tabulate():
            answer = replace(answer, text=groups_text(result))
        case _:
            answer = _items_answer(answer, plan, result, store, signed=signed, whole=not by_topic)
    if verdict is not None and answer.status is Status.ANSWERED:
        rows = {row.entity.id: row.entity for row in result.rows if row.entity}
        answer = replace(answer, text=f"{'是' if satisfy(store, verdict, rows) else '否'}。{answer.text}")
    elif yes_no and answer.status is Status.ANSWERED and not isinstance(last, Decide) and not by_topic:
        answer = replace(answer, text=f"{_yes_word(result)}{answer.text}")
    if chosen and answer.status is Status.ANSWERED:
        deciding = tuple(source for row in result.chosen for cell in row.cells for source in cell.sources)
        sources = tuple(dict.fromkeys((*deciding, *answer.sources)))
        answer = replace(answer, text=f"{chosen}\n{answer.text}", sources=sources)
    return replace(answer, caveats=(*answer.caveats, *find_caveats(question, plan, result, store, alternative)))


def _chosen_text(plan: Plan, result: Result) -> str:
    """What stood first, where the question goes on from there."""
    if not result.chosen:
        return ""
    ranks = [step for step in plan.steps if isinstance(step, Rank)]
    return rank_text(replace(result, rows=result.chosen, columns=()), ranks[-1], _measure(plan))


def _measure(plan: Plan) -> Column | None:
    """What groups of the plan are measured by."""
    return next((step.measure for step in plan.steps if isinstance(step, Group)), None)


def _written(plan: Plan, result: Result) -> Result:
    """Texts asked of many rows that nobody named: those rows that have one. The others are counted."""
    last = plan.steps[-1]
    named = isinstance(plan.steps[0], Pick | Recall) and not any(isinstance(step, Follow) for step in plan.steps)
    columns = last.columns if isinstance(last, Show) else ()
    if named or not columns or any(spec_of(c).type is not ColumnType.SECTION for c in columns):
        return result
    written = tuple(row for row in result.rows if any(row.cell(c) is not None for c in columns))
    return replace(result, rows=written, unwritten=len(result.rows) - len(written)) if written else result


def _empty(plan: Plan, result: Result) -> bool:
    if result.figure is not None:
        return not result.rows or not result.figure.counted
    if isinstance(plan.steps[-1], Contrast):
        return result.figure is None
    if not result.rows:
        return True
    shown = plan.steps[-1]
    columns = shown.columns if isinstance(shown, Show | Prove) else ()
    return (
        bool(columns)
        and all(row.cell(c) is None for row in result.rows for c in columns)
        and not any(isinstance(s, Rank) or (isinstance(s, Keep) and not _only_places(s.condition)) for s in plan.steps)
    )


def _only_places(condition: Condition) -> bool:
    """The condition only says whose figures and of what year are meant: without those figures nothing is answered."""
    match condition:
        case Compare(column=column):
            return column is Column.YEAR
        case Has(relation=relation):
            return relation.ends is EntityType.UNIT
        case _:
            parts = getattr(condition, "parts", ())
            return bool(parts) and all(_only_places(part) for part in parts)


def _examples(columns: tuple[Column, ...], store: Store, text_of: TextOf) -> tuple[Source, ...]:
    """A place where each of the columns is printed."""
    found: dict[Source, None] = {}
    for column in columns:
        cells = read_cells(store, store.of_type(column.kind), column)
        source = next((s for cell in cells.values() for s in cell.sources), None)
        if source is not None:
            found.setdefault(widen_to_line(source, text_of(source.document)))
    return tuple(found)


def _yes_word(result: Result) -> str:
    """是 or 否 before a yes-or-no column, 有 before a list."""
    cell = result.rows[0].cell(result.columns[0]) if len(result.rows) == 1 and result.columns else None
    if cell is not None and isinstance(cell.value, bool):
        return "是。" if cell.value else "否。"
    return "" if cell is not None or result.figure is not None else "有。"


def _counts_none(plan: Plan, result: Result, store: Store) -> bool:
    """A count of nought is an answer, unless the graph has nothing of the years named at all."""
    last = plan.steps[-1]
    if not isinstance(last, Calculate) or last.column is not None or result.rows:
        return False
    known = {str(e.properties.get("year")) for e in store.of_type(EntityType.PROJECT)}
    return all(year in known for step in plan.steps if isinstance(step, Keep) for year in _years_in(step.condition))


def _years_in(condition: Condition) -> tuple[str, ...]:
    match condition:
        case Compare(column=Column.YEAR, value=value) if value is not None:
            return (value,)
        case _:
            return tuple(year for part in getattr(condition, "parts", ()) for year in _years_in(part))


def _items_answer(answer: Answer, plan: Plan, result: Result, store: Store, *, signed: int, whole: bool) -> Answer:
    ranks = [] if result.chosen else [step for step in plan.steps if isinstance(step, Rank)]
    if ranks and ranks[-1].each is not None:
        answer = replace(answer, text=each_text(result, ranks[-1]))
    elif ranks and not any(isinstance(step, Group) for step in plan.steps):
        answer = _ranked_figure(replace(answer, text=rank_text(result, ranks[-1])), result, ranks[-1])
    elif ranks:
        answer = replace(answer, text=rank_text(replace(result, columns=()), ranks[-1], _measure(plan)))
    elif result.columns and _asks_values(plan):
        answer = _values_answer(answer, result, signed, whole=whole)
    elif roles := find_roles(plan, result, store):
        words = {unit: role_words(edges) for unit, edges in roles.items()}
        said = roles_text(result, roles, store) or list_text(result, whole=whole, marks=words)
        items = (_with_role(item, words.get(item.id or EntityId(""), "")) for item in answer.items)
        answer = replace(answer, text=said, items=tuple(items))
    else:
        answer = replace(answer, text=list_text(result, whole=whole, marks=find_marks(plan, result, store)))
    return answer


def _with_role(item: Item, words: str) -> Item:
    return replace(item, properties={"角色": words, **item.properties})


def _ranked_figure(answer: Answer, result: Result, rank: Rank) -> Answer:
    """The figure that one row is ranked by, or the one figure asked of it, is the figure of the answer."""
    asked = [c for c in result.columns if c is not rank.column] or [c for c in result.columns if c is rank.column]
    if len(result.rows) != 1 or len(asked) != 1:
        return answer
    cell = result.rows[0].cell(asked[0])
    unit = spec_of(asked[0]).type.unit
    if cell is None or unit is None or not isinstance(cell.value, Decimal):
        return answer
    return replace(answer, value=cell.value, unit=unit)


def _asks_values(plan: Plan) -> bool:
    """The columns shown were asked for, and not only read to choose the rows."""
    last = plan.steps[-1]
    return bool(getattr(last, "columns", ()))


def _values_answer(answer: Answer, result: Result, signed: int, *, whole: bool) -> Answer:
    rows = result.rows
    column = result.columns[0]
    cell = rows[0].cell(column)
    if (
        len(rows) == 1
        and cell is not None
        and column in (Column.CHANGE, Column.CHANGE_RATE)
        and isinstance(cell.value, Decimal)
    ):
        value = -cell.value if signed < 0 else cell.value
        return replace(answer, text=change_text(rows[0], cell), value=value, unit=spec_of(column).type.unit)
    answer = replace(answer, text=values_text(result, whole=whole))
    if len(rows) == 1 and cell is not None and isinstance(cell.value, Decimal) and len(result.columns) == 1:
        unit = spec_of(column).type.unit
        if unit is not None:
            value = -cell.value if signed < 0 and is_move(column) else cell.value
            return replace(answer, value=value, unit=unit)
    return answer
