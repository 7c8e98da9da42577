"""What must be said of the units in an answer: names held to be one body's, and who bears which role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from graph.model import Edge, EdgeType, Entity, EntityId, EntityType
from graph.store import Store
from search.phrasing import name_project
from search.plan import Condition, Contrast, Follow, Group, Has, Keep, Paths, Pick, Plan
from search.plan_terms import Relation
from search.rows import Result, Row

_ROLES = {EdgeType.DECLARES: "申报", EdgeType.SUPERVISES: "主管", EdgeType.IMPLEMENTS: "实施"}
_BORNE = (
    Relation.BY_UNIT,
    Relation.BY_BEARER,
    Relation.DECLARED_BY,
    Relation.SUPERVISED_BY,
    Relation.IMPLEMENTED_BY,
)
_NOT_SAID = "原文没有写明更名，请以批准文件为准"


def renaming_notes(plan: Plan, result: Result, store: Store) -> tuple[str, ...]:
    """Names that the answer takes for one unit's, or sets apart as groups, with the grounds of what is inferred."""
    grouped = any(isinstance(step, Group) and step.relation is not None for step in plan.steps)
    heads = [row.entity.id for row in result.rows if row.entity and row.entity.type is EntityType.UNIT]
    named = [EntityId(i) for i in dict.fromkeys(units_in(plan))]
    notes = []
    if grouped:
        notes = [f"{_pair(e, store)}，此处按表中名称分别统计。" for e in _renamings(heads, store)]
    for edge in _renamings(named, store):
        notes.append(_taken_together(edge, plan, result, store))
    return tuple(dict.fromkeys(notes))


def _renamings(units: Iterable[EntityId], store: Store) -> list[Edge]:
    known = set(units)
    edges = store.expand(sorted(known), EdgeType.RENAMED_TO, direction="both") if known else ()
    return list({e.id: e for e in edges if e.source in known and e.target in known}.values())


def _pair(edge: Edge, store: Store) -> str:
    names = {e.id: e.label for e in store.nodes([edge.source, edge.target])}
    reason = edge.properties.get("reason")
    grounds = f"（推断：{reason}；{_NOT_SAID}）" if reason else f"（推断；{_NOT_SAID}）"
    return f"“{names[edge.source]}”疑似更名为“{names[edge.target]}”{grounds}"


def _taken_together(edge: Edge, plan: Plan, result: Result, store: Store) -> str:
    """How many of the projects stand under each of both names."""
    if isinstance(plan.steps[0], Paths):
        return f"{_pair(edge, store)}。"
    names = {e.id: e.label for e in store.nodes([edge.source, edge.target])}
    bears = _bearers(edge, result, store)
    held = [i for i, projects in bears.items() if projects]
    if len(held) == 1:
        (own,) = held
        (other,) = bears.keys() - {own}
        when = "更名前" if own == edge.target else "更名后"
        return f"所列项目的表中写的都是“{names[own]}”；“{names[other]}”疑为其{when}的名称（推断），一并查找。"
    parts = "，".join(f"写“{names[i]}”的{len(projects)}个" for i, projects in bears.items() if projects)
    return f"{_pair(edge, store)}，此处合并{f'计算：{parts}' if parts else '查找'}。"


def _bearers(edge: Edge, result: Result, store: Store) -> dict[EntityId, set[EntityId]]:
    """The projects of the result by which of both names their forms print."""
    entities = chain.from_iterable((*row.members, row.entity) if row.members else (row.entity,) for row in result.rows)
    projects = list({e.id for e in entities if e is not None and e.type is EntityType.PROJECT})
    bears: dict[EntityId, set[EntityId]] = {edge.source: set(), edge.target: set()}
    for role in _ROLES if projects else ():
        for found in store.expand(sorted(projects), role, direction="in"):
            if found.source in bears:
                bears[found.source].add(found.target)
    return bears


def name_both(notes: tuple[str, ...], plan: Plan, store: Store) -> tuple[str, ...]:
    """The notes on how names were read, with both names where a unit is sought under both."""
    for edge in _renamings([EntityId(i) for i in units_in(plan)], store):
        names = [e.label for i in (edge.source, edge.target) for e in store.nodes([i])]
        both = f"按“{names[0]}”和疑似更名后的“{names[1]}”理解"
        read = [f"按“{name}”理解" for name in names]
        notes = tuple(next((note.replace(r, both) for r in read if r in note), note) for note in notes)
    return tuple(dict.fromkeys(notes))


def units_in(plan: Plan) -> tuple[str, ...]:
    """The units that the plan names, in its conditions or as what it starts from."""
    return tuple(chain.from_iterable(_units_of_step(step) for step in plan.steps))


def _units_of_step(step: object) -> tuple[str, ...]:
    match step:
        case Keep(condition=condition):
            return _units_of(condition)
        case Pick(kind=EntityType.UNIT, ids=ids):
            return ids
        case Paths(starts=starts, ends=ends):
            return (*starts, *ends)
        case Contrast(parts=parts):
            return tuple(i for part in parts for i in units_in(Plan(steps=part.steps)))
        case _:
            return ()


def _units_of(condition: Condition) -> tuple[str, ...]:
    match condition:
        case Has(relation=relation, ids=ids) if relation.ends is EntityType.UNIT:
            return ids
        case _:
            inner = (*getattr(condition, "parts", ()), *filter(None, [getattr(condition, "part", None)]))
            return tuple(i for part in inner for i in _units_of(part))


# roles ------------------------------------------------------------------------------------------------------


def find_roles(plan: Plan, result: Result, store: Store) -> dict[EntityId, tuple[Edge, ...]]:
    """By unit, in which role it stands in which project; {} where the question asked for no units."""
    follows = [step.relation for step in plan.steps if isinstance(step, Follow)]
    units = [row.entity.id for row in result.rows if row.entity and row.entity.type is EntityType.UNIT]
    if not follows or follows[-1] not in _BORNE or not units:
        return {}
    projects = {edge.target for row in result.rows for edge in row.edges}
    roles = [role for role in _ROLES if role in follows[-1].edges]
    edges = [e for role in roles for e in store.expand(units, role, direction="out") if e.target in projects]
    return {unit: tuple(e for e in edges if e.source == unit) for unit in units}


def roles_text(result: Result, roles: Mapping[EntityId, tuple[Edge, ...]], store: Store) -> str | None:
    """主管：甲；实施：乙, where it is all about one project; None where there are several."""
    projects = {edge.target for edges in roles.values() for edge in edges}
    if len(projects) != 1:
        return None
    (project,) = store.nodes(projects)
    said = []
    for role, word in _ROLES.items():
        bearers = [_label(row) for row in result.rows if row.entity and _bears(roles, row.entity, role)]
        if bearers:
            said.append(f"{word}单位：{'、'.join(bearers)}")
    return f"{name_project(project)}的{'；'.join(said)}。"


def role_words(edges: Iterable[Edge]) -> str:
    """主管16个项目、实施13个项目; the words alone where there is one project."""
    listed = list(edges)
    one = len({edge.target for edge in listed}) == 1
    counts = {word: sum(edge.type is role for edge in listed) for role, word in _ROLES.items()}
    return "、".join(word if one else f"{word}{count}个项目" for word, count in counts.items() if count)


def _bears(roles: Mapping[EntityId, tuple[Edge, ...]], unit: Entity, role: EdgeType) -> bool:
    return any(edge.type is role for edge in roles.get(unit.id, ()))


def _label(row: Row) -> str:
    return row.label
