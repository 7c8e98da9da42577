"""What must be said beside an answer: misprints, lost figures, units converted, other readings."""

from __future__ import annotations

from decimal import Decimal

from graph.model import EdgeType, Entity, EntityId, EntityType
from graph.store import Store
from search.answering_citations import citation_notes, documents_in
from search.answering_items import (
    is_money,
    typo_notes,
)
from search.answering_nothing import name_any
from search.answering_units import renaming_notes
from search.columns import edges_of, read_cells
from search.normalise import echo
from search.phrasing import count_word, join_names, label_of, name_entity, name_project, say_number, say_value
from search.plan import (
    Group,
    Keep,
    Plan,
    Tabulate,
    Topic,
)
from search.plan_terms import Column, Relation
from search.rows import Result, Row
from search.vocabulary import ColumnType, spec_of

_MOST_ABSENT = 6


def find_caveats(
    question: str, plan: Plan, result: Result, store: Store, alternative: Result | None
) -> tuple[str, ...]:
    """What must be said beside the answer, gravest first."""
    notes = list(typo_notes(result.rows, _typos(plan, result, store)))
    notes += [*citation_notes(plan, result, store, question), *renaming_notes(plan, result, store)]
    notes += _elsewhere(plan, result, store)
    notes += [note for one in (result, *(side for _, side in result.sides)) for note in find_absent(one, store)]
    notes += _unwritten(plan, result)
    if isinstance(plan.steps[0], Topic) and not plan.steps[0].literal:
        notes.append(f"按内容与“{echo(plan.steps[0].text)}”相近查找：所列未必都相关，也未必齐全，请对照出处核对。")
    nameless = [
        row
        for row in result.rows
        if row.entity and row.entity.type is EntityType.PROJECT and "name" not in row.entity.properties
    ]
    if nameless:
        notes.append(f"有{len(nameless)}个项目的名称在原文中缺失或残损。")
    doubtful = dict.fromkeys(
        name_entity(e) for row in result.rows for e in (row.entity, row.owner) if e and _is_damaged(e)
    )
    if doubtful:
        names = join_names(f"“{name}”" for name in list(doubtful)[:_MOST_ABSENT])
        notes.append(f"{names}的名称疑有缺字，以原件为准。")
    if _in_wan(plan, result):
        notes.append("自评表以万元计，已换算为元。")
    if alternative is not None:
        notes.extend(_other_reading(result, alternative))
    return tuple(dict.fromkeys(notes))


def find_absent(result: Result, store: Store) -> tuple[str, ...]:
    """Who took no part in a comparison, ranking or sum: by name where their form should give the figure."""
    notes = []
    for absence in result.absent:
        label = label_of(absence.column)
        forms = spec_of(absence.column).forms or _forms_with(absence.column, store)
        foreign = [e for e in absence.entities if forms and _form_of(e) not in forms]
        own = [e for e in absence.entities if e not in foreign]
        counted = count_word(absence.entities[0].type)
        if own and absence.column.kind is EntityType.PROJECT:
            names = join_names(name_project(e) for e in own[:_MOST_ABSENT])
            more = f"等{len(own)}个" if len(own) > _MOST_ABSENT else ""
            notes.append(f"另有{len(own)}{counted}表中没有“{label}”，未参加比较或计算：{names}{more}。")
        elif own:
            notes.append(f"另有{len(own)}{counted}没有可比的“{label}”，未参加比较或计算。")
        if foreign:
            kinds = "、".join(sorted({_form_of(e) for e in foreign}))
            notes.append(f"另有{len(foreign)}{counted}没有“{label}”这一栏（{kinds}），未参加比较或计算。")
    return tuple(dict.fromkeys(notes))


def _forms_with(column: Column, store: Store) -> tuple[str, ...]:
    """The kinds of form in which the column was ever found; the others have no such column."""
    if column.kind is not EntityType.PROJECT:
        return ()
    projects = {e.id: e for e in store.of_type(EntityType.PROJECT)}
    return tuple({_form_of(projects[i]) for i in read_cells(store, projects.values(), column)})


def _form_of(entity: Entity) -> str:
    return str(entity.properties.get("document_type") or "其他材料")


def _unwritten(plan: Plan, result: Result) -> list[str]:
    """Rows of the list whose form does not give what was asked of them."""
    columns = getattr(plan.steps[-1], "columns", ()) if not result.unwritten else ()
    if columns and columns[0].kind is EntityType.POLICY:
        return []  # laws bear no number: the line of each says what is printed of it
    bare = [row for row in result.rows if columns and all(row.cell(c) is None for c in columns)]
    if not bare or len(result.rows) == 1 or result.figure is not None:
        return []
    label = "、".join(dict.fromkeys(label_of(c) for c in columns[:3]))
    if len(bare) == len(result.rows):
        return [f"以上各项的表中都没有“{label}”。"]
    named = join_names(
        dict.fromkeys(
            row.label if row.entity is None else name_entity(row.entity, row.owner) for row in bare[:_MOST_ABSENT]
        )
    )
    more = f"等{len(bare)}项" if len(bare) > _MOST_ABSENT else ""
    return [f"其中{len(bare)}项的表中没有“{label}”：{named}{more}。"]


def _elsewhere(plan: Plan, result: Result, store: Store) -> list[str]:
    """Projects that cite a document outside 立项依据, where that section was asked for."""
    kept = [step.condition for step in plan.steps if isinstance(step, Keep)]
    wanted = {i for condition in kept for i in documents_in(condition, Relation.RESTS_ON)}
    shown = {row.entity.id for row in result.rows if row.entity}
    if not wanted:
        return []
    pairs = edges_of(store, map(EntityId, wanted), Relation.CITED_BY)
    others = {there for found in pairs.values() for there, _ in found} - shown
    basis = edges_of(store, map(EntityId, wanted), Relation.BASIS_OF)
    others -= {there for found in basis.values() for there, _ in found}
    names = join_names(name_project(e) for e in store.nodes(sorted(others)))
    return [f"另有项目只在立项依据以外的栏目提到该文件：{names}。"] if names else []


def _typos(plan: Plan, result: Result, store: Store) -> tuple[tuple, ...]:  # type: ignore[type-arg]
    """Misprints in the citations that conditions of the plan rest on."""
    wanted = {i for step in plan.steps if isinstance(step, Keep) for i in documents_in(step.condition)}
    if not wanted:
        return ()
    rows = {row.entity.id: row.entity for row in result.rows if row.entity}
    edges = store.expand(list(rows), EdgeType.CITES, direction="out")
    return tuple(
        (rows[e.source], note)
        for e in edges
        if e.target in wanted and e.source in rows and isinstance(note := e.properties.get("typo_note"), str)
    )


def _is_damaged(entity: Entity) -> bool:
    return entity.properties.get("damaged") is True


def _in_wan(plan: Plan, result: Result) -> bool:
    """Amounts of forms in 万元 are shown, one by one or in sums of groups."""
    summed = any(isinstance(step, Group) and is_money(step.measure) for step in plan.steps)
    summed = summed or (isinstance(plan.steps[-1], Tabulate) and any(map(is_money, plan.steps[-1].columns)))
    return any(
        _form_of(entity) == "绩效自评表" and (summed or any(is_money(cell.column) for cell in row.cells))
        for row in result.rows
        for entity in ((row.entity,) if row.entity is not None and not row.members else row.members)
    )


def _other_reading(result: Result, other: Result) -> list[str]:
    """Which column 预算 was read as, and what comes out by 年初预算数 where that differs."""
    forms = {_form_of(entity) for row in (*result.rows, *other.rows) for entity in _budgeted(row)}
    if "绩效自评表" not in forms:
        return []
    mixed = "绩效目标表" in forms
    read = "预算按全年预算数（调整后）计"
    if mixed:
        read = "预算在绩效目标表按项目当年预算计，在绩效自评表按全年预算数（调整后）计"
    otherwise = _by_first_budget(result, other)
    if otherwise:
        return [f"{read}；按年初预算数计{otherwise}。"]
    return [f"{read}。"] if mixed else []


def _budgeted(row: Row) -> tuple[Entity, ...]:
    return row.members or ((row.entity,) if row.entity is not None else ())


def _by_first_budget(result: Result, other: Result) -> str:
    one, two = result.figure, other.figure
    if one is not None:
        if two is None or one.value == two.value or (one.column is not None and one.counted != two.counted):
            return ""
        if one.column is None:
            return f"为{say_number(two.value)}个（{_difference(result, other)}）"
        return f"为{say_value(two.value, ColumnType.MONEY if two.unit == '元' else None, two.unit)}"
    here, there = [_key(row) for row in result.rows], [_key(row) for row in other.rows]
    if not there or (here == there and [r.value for r in result.rows] == [r.value for r in other.rows]):
        return ""
    if all(row.value is None for row in other.rows):
        return f"：{_difference(result, other)}" if set(here) != set(there) else ""
    if not all(isinstance(row.value, Decimal) for row in other.rows):
        return ""
    named = (
        f"{_name(row)}{say_value(row.value, None, row.unit)}"
        for row in other.rows[:10]
        if isinstance(row.value, Decimal)
    )
    return f"则为：{'、'.join(named)}"


def _difference(result: Result, other: Result) -> str:
    here, there = {_key(row) for row in result.rows}, {_key(row) for row in other.rows}
    more = [_name(row) for row in other.rows if _key(row) not in here]
    less = [_name(row) for row in result.rows if _key(row) not in there]
    parts = [f"{word}{'、'.join(names)}" for word, names in (("多出", more), ("不含", less)) if names]
    return "；".join(parts) or "各项相同"


def _key(row: Row) -> str:
    return str(row.entity.id) if row.entity is not None else row.label


def _name(row: Row) -> str:
    return name_any(row.entity) if row.entity is not None else row.label
