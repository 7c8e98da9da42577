"""Result → Answer: status, text, items, figure, caveats, proof; and the answer as JSON (DESIGN section 5)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from graph.model import EdgeType, EntityId, EntityType, Source
from graph.store import Store
from search.answering_items import (
    TextOf,
    gather_sources,
    is_money,
    make_item,
    typo_notes,
    widen_to_line,
)
from search.answering_texts import (
    change_text,
    contrast_text,
    count_text,
    evidence_text,
    figure_text,
    groups_text,
    list_text,
    meaning_text,
    paths_text,
    rank_text,
    values_text,
)
from search.columns import edges_of, read_cells
from search.model import Answer, Item, Status
from search.phrasing import label_of, name_project, say_money, say_value
from search.phrasing_plan import say_plan
from search.plan import (
    Calculate,
    Column,
    Compare,
    Condition,
    Contrast,
    Contrasting,
    Decide,
    Define,
    Except,
    Follow,
    Group,
    Has,
    Keep,
    Paths,
    Plan,
    Prove,
    Rank,
    Relation,
    Tabulate,
    Topic,
    plan_to_json,
)
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
) -> Answer:
    """The answer that the result of the plan comes to; no_match where nothing is left."""
    interpretation = f"理解为：{say_plan(plan, store)}"
    answer = Answer(
        question=question,
        status=Status.ANSWERED,
        interpretation=interpretation,
        text="",
        caveats=notes,
        plan=plan_to_json(plan),
    )
    last = plan.steps[-1]
    if isinstance(last, Define):
        return replace(answer, text=meaning_text(last.columns), sources=_examples(last.columns, store, text_of))
    if isinstance(plan.steps[0], Paths):
        return _path_answer(answer, result, text_of)
    if _counts_none(plan, result, store):
        noun = say_plan(plan, store).removesuffix("的个数")
        return replace(answer, text=f"共0个：没有{noun}。", value=Decimal(0), unit="个")
    if _empty(plan, result):
        return replace(answer, status=Status.NO_MATCH, text=_nothing(plan, result, store))
    items = tuple(make_item(row, result.columns, text_of) for row in result.rows)
    answer = replace(answer, items=items, total=len(items), sources=gather_sources(items))
    match last:
        case Calculate(column=column):
            answer = _figure_answer(answer, plan, result, column)
        case Contrast(how=how):
            answer = _contrast_answer(answer, result, how, signed)
        case Prove():
            answer = _proof_answer(answer, result, text_of)
        case Decide():
            answer = replace(answer, text=f"是，{list_text(result)}")
        case Group() | Tabulate():
            answer = replace(answer, text=groups_text(result))
        case _:
            answer = _items_answer(answer, plan, result, signed)
    if yes_no and answer.status is Status.ANSWERED and not isinstance(last, Decide):
        answer = replace(answer, text=f"{_yes_word(result)}{answer.text}")
    return replace(answer, caveats=(*answer.caveats, *_caveats(plan, result, store, alternative)))


def _empty(plan: Plan, result: Result) -> bool:
    if result.figure is not None:
        return not result.rows or not result.figure.counted
    if isinstance(plan.steps[-1], Contrast):
        return result.figure is None
    if not result.rows:
        return True
    shown = plan.steps[-1]
    columns = getattr(shown, "columns", ())
    return (
        bool(columns)
        and len(result.rows) == result.lacking
        and not any(isinstance(s, Rank | Keep) for s in plan.steps[1:])
    )


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


def _figure_answer(answer: Answer, plan: Plan, result: Result, column: Column | None) -> Answer:
    figure = result.figure
    if figure is None:
        return answer
    noun = answer.interpretation.removeprefix("理解为：")
    text = count_text(result.rows) if column is None else figure_text(figure, result.rows, noun)
    del plan
    return replace(answer, text=text, value=figure.value, unit=figure.unit)


def _contrast_answer(answer: Answer, result: Result, how: Contrasting, signed: int) -> Answer:
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


def _proof_answer(answer: Answer, result: Result, text_of: TextOf) -> Answer:
    places: dict[Source, None] = {}
    for row in result.rows:
        for source in row.sources:
            places.setdefault(widen_to_line(source, text_of(source.document)))
    for item in answer.items:
        for source in item.sources:
            if not any(
                source.document == p.document and p.start <= source.start and source.end <= p.end for p in places
            ):
                places.setdefault(source)
    return replace(answer, text=evidence_text(result, tuple(places)), sources=tuple(places))


def _items_answer(answer: Answer, plan: Plan, result: Result, signed: int) -> Answer:
    ranks = [step for step in plan.steps if isinstance(step, Rank)]
    if ranks and not any(isinstance(step, Group) for step in plan.steps):
        answer = replace(answer, text=rank_text(result, ranks[-1]))
    elif ranks:
        answer = replace(answer, text=rank_text(replace(result, columns=()), ranks[-1]))
    elif result.columns and _asks_values(plan):
        answer = _values_answer(answer, result, signed)
    else:
        answer = replace(answer, text=list_text(result))
    return answer


def _asks_values(plan: Plan) -> bool:
    """The columns shown were asked for, and not only read to choose the rows."""
    last = plan.steps[-1]
    return bool(getattr(last, "columns", ()))


def _values_answer(answer: Answer, result: Result, signed: int) -> Answer:
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
    answer = replace(answer, text=values_text(result))
    if len(rows) == 1 and cell is not None and isinstance(cell.value, Decimal) and len(result.columns) == 1:
        unit = spec_of(column).type.unit
        if unit is not None:
            return replace(answer, value=cell.value, unit=unit)
    return answer


def _path_answer(answer: Answer, result: Result, text_of: TextOf) -> Answer:
    if not result.paths:
        return replace(answer, status=Status.NO_MATCH, text="图谱中没有把两者联系起来的记录。")
    items = tuple(make_item(row, (), text_of) for row in result.rows)
    places = dict.fromkeys(s for path in result.paths for edge in path.edges for s in edge.sources[:2])
    return replace(answer, text=paths_text(result.paths), items=items, total=len(items), sources=tuple(places)[:50])


# nothing found ----------------------------------------------------------------------------------------------


def _nothing(plan: Plan, result: Result, store: Store) -> str:
    """What was looked for, and what the graph does hold."""
    last = plan.steps[-1]
    if isinstance(plan.steps[0], Topic):
        return "在这些文件里没有找到与该主题相近的内容。可以换一个说法，或改用项目、文件、单位的名称提问。"
    if result.rows and result.columns:
        names = "、".join(row.label if row.entity is None else _named(row.entity) for row in result.rows[:5])
        asked = "、".join(label_of(c) for c in result.columns[:6])
        return f"{names}：表中没有写“{asked}”，图谱中没有这项数据。{_forms_hint(result)}"
    if isinstance(last, Contrast) and result.sides:
        bare = [label for label, side in result.sides if side.figure is None or not side.figure.counted]
        return f"图谱中没有{'、'.join(bare)}的相应数据，无法比较。{_years(store)}"
    return f"图谱中没有符合条件的条目（{say_plan(plan, store)}）。{_hints(plan, store)}"


def _named(entity: object) -> str:
    from graph.model import Entity  # noqa: PLC0415

    return (
        name_project(entity)
        if isinstance(entity, Entity) and entity.type is EntityType.PROJECT
        else getattr(entity, "label", "")
    )


def _forms_hint(result: Result) -> str:
    kinds = {str(row.entity.properties.get("document_type")) for row in result.rows if row.entity}
    forms = {form for column in result.columns for form in spec_of(column).forms}
    if forms and not forms & kinds:
        return f"这一栏只见于{'、'.join(sorted(forms))}。"
    return ""


def _hints(plan: Plan, store: Store) -> str:
    for step in plan.steps:
        if isinstance(step, Keep) and Column.YEAR in _columns(step.condition):
            return _years(store)
    return ""


def _columns(condition: Condition) -> tuple[Column, ...]:
    from search.conditions import columns_in  # noqa: PLC0415

    return columns_in(condition)


def _years(store: Store) -> str:
    years = sorted({str(e.properties["year"]) for e in store.of_type(EntityType.PROJECT) if "year" in e.properties})
    return f"图谱中有数据的年度：{'、'.join(f'{y}年' for y in years)}。" if years else ""


# caveats ----------------------------------------------------------------------------------------------------


def _caveats(plan: Plan, result: Result, store: Store, alternative: Result | None) -> tuple[str, ...]:
    notes = list(typo_notes(result.rows, _typos(plan, result, store)))
    notes += [*_elsewhere(plan, result, store), *_renamed_groups(plan, result, store)]
    figure = result.figure
    if figure is not None and figure.lacking and figure.column is not None:
        notes.append(f"另有{figure.lacking}个项目没有“{label_of(figure.column)}”数据，未计入。")
    elif result.lacking and figure is None and result.columns:
        names = "、".join(dict.fromkeys(label_of(c) for c in result.columns[:3]))
        notes.append(f"另有{result.lacking}项没有“{names}”数据，未列入或未写。")
    nameless = [
        row
        for row in result.rows
        if row.entity and row.entity.type is EntityType.PROJECT and "name" not in row.entity.properties
    ]
    if nameless:
        notes.append(f"有{len(nameless)}个项目的名称在原文中缺失或残损。")
    if _in_wan(result):
        notes.append("自评表以万元计，已换算为元。")
    if alternative is not None:
        notes.extend(_other_reading(result, alternative))
    return tuple(dict.fromkeys(notes))


def _elsewhere(plan: Plan, result: Result, store: Store) -> list[str]:
    """Projects that cite a document outside 立项依据, where that section was asked for."""
    wanted = {i for step in plan.steps if isinstance(step, Keep) for i in _cited(step.condition, Relation.RESTS_ON)}
    shown = {row.entity.id for row in result.rows if row.entity}
    if not wanted:
        return []
    pairs = edges_of(store, map(EntityId, wanted), Relation.CITED_BY)
    others = {there for found in pairs.values() for there, _ in found} - shown
    basis = edges_of(store, map(EntityId, wanted), Relation.BASIS_OF)
    others -= {there for found in basis.values() for there, _ in found}
    names = "、".join(name_project(e) for e in store.nodes(sorted(others)))
    return [f"另有项目只在立项依据以外的栏目提到该文件：{names}。"] if names else []


def _renamed_groups(plan: Plan, result: Result, store: Store) -> list[str]:
    """Groups of one unit under its earlier and later name."""
    if not any(isinstance(step, Group) and step.relation is not None for step in plan.steps):
        return []
    units = {row.entity.id: row.label for row in result.rows if row.entity and row.entity.type is EntityType.UNIT}
    edges = [
        e
        for e in store.expand(list(units), EdgeType.RENAMED_TO, direction="both")
        if e.source in units and e.target in units
    ]
    nodes = {e.id: e.label for e in store.nodes([i for edge in edges for i in (edge.source, edge.target)])}
    return [f"“{nodes[e.source]}”后更名为“{nodes[e.target]}”，此处按表中名称分别统计。" for e in edges]


def _typos(plan: Plan, result: Result, store: Store) -> tuple[tuple, ...]:  # type: ignore[type-arg]
    """Misprints in the citations that conditions of the plan rest on."""
    wanted = {i for step in plan.steps if isinstance(step, Keep) for i in _cited(step.condition)}
    if not wanted:
        return ()
    rows = {row.entity.id: row.entity for row in result.rows if row.entity}
    edges = store.expand(list(rows), EdgeType.CITES, direction="out")
    return tuple(
        (rows[e.source], note)
        for e in edges
        if e.target in wanted and e.source in rows and isinstance(note := e.properties.get("typo_note"), str)
    )


def _cited(condition: Condition, *relations: Relation) -> tuple[str, ...]:
    match condition:
        case Has(relation=relation, ids=ids) if relation in (relations or (Relation.CITES, Relation.RESTS_ON)):
            return ids
        case Except():
            return ()
        case _:
            parts = getattr(condition, "parts", ())
            return tuple(i for part in parts for i in _cited(part, *relations))


def _in_wan(result: Result) -> bool:
    return any(
        row.entity is not None
        and row.entity.properties.get("document_type") == "绩效自评表"
        and any(is_money(cell.column) for cell in row.cells)
        for row in result.rows
    )


def _other_reading(result: Result, other: Result) -> list[str]:
    """What comes out when 预算 is read as 年初预算数, where that differs."""
    if not any(
        row.entity and row.entity.properties.get("document_type") == "绩效自评表" for row in (*result.rows, *other.rows)
    ):
        return []
    if result.figure is not None:
        if other.figure is None or not other.figure.counted or other.figure.counted != result.figure.counted:
            return []
        if other.figure.value == result.figure.value:
            return []
        kind = ColumnType.MONEY if other.figure.unit == "元" else None
        return [
            f"预算按全年预算数（调整后）计；按年初预算数计为{say_value(other.figure.value, kind, other.figure.unit)}。"
        ]
    ids = [row.entity.id for row in result.rows if row.entity]
    other_ids = [row.entity.id for row in other.rows if row.entity]
    if ids == other_ids:
        values = [row.value for row in result.rows]
        others = [row.value for row in other.rows]
        if values == others or not all(isinstance(v, Decimal) for v in others):
            return []
    if not other_ids:
        return []
    named = "、".join(
        f"{_named(row.entity)}{say_money(row.value) if isinstance(row.value, Decimal) else ''}"
        for row in other.rows[:10]
        if row.entity
    )
    return [f"预算按全年预算数（调整后）计；按年初预算数计则为：{named}。"]


def follow_relation(plan: Plan) -> Relation | None:
    """The relation that the plan's rows were reached by, if they were."""
    return next((step.relation for step in reversed(plan.steps) if isinstance(step, Follow)), None)


# JSON -------------------------------------------------------------------------------------------------------


def answer_to_json(answer: Answer) -> dict[str, object]:
    """The answer as plain JSON values, figures as numbers."""
    return {
        "question": answer.question,
        "status": answer.status.value,
        "interpretation": answer.interpretation,
        "text": answer.text,
        "items": [_item_to_json(item) for item in answer.items],
        "total": answer.total,
        "complete": answer.complete,
        "value": _number(answer.value),
        "unit": answer.unit,
        "sources": [_source_to_json(source) for source in answer.sources],
        "options": [{"label": option.label, "question": option.question} for option in answer.options],
        "caveats": list(answer.caveats),
        "plan": dict(answer.plan),
    }


def _item_to_json(item: Item) -> dict[str, object]:
    value = _number(item.value) if isinstance(item.value, Decimal) else item.value
    return {
        "id": item.id,
        "type": item.type,
        "label": item.label,
        "name": item.name,
        "year": item.year,
        "number": item.number,
        "aliases": list(item.aliases),
        "value": value,
        "unit": item.unit,
        "properties": dict(item.properties),
        "sources": [_source_to_json(source) for source in item.sources],
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _source_to_json(source: Source) -> dict[str, object]:
    placed = {
        "document": source.document,
        "start": source.start,
        "end": source.end,
        "page": source.page,
        "quote": source.quote,
    }
    return {**placed, "cell": source.cell} if source.cell else placed
