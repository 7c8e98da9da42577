"""Units by their role: who declares, supervises or implements, and units as columns of projects."""

from __future__ import annotations

from graph.model import EntityType
from search.parse_draft import Draft
from search.plan_terms import Column, Relation
from search.query import Asked, Kind

_RELATIONS = {
    "declared_by": Relation.DECLARED_BY,
    "supervised_by": Relation.SUPERVISED_BY,
    "implemented_by": Relation.IMPLEMENTED_BY,
    "by_unit": Relation.BY_UNIT,
    "by_bearer": Relation.BY_BEARER,
}
_COLUMNS = {
    "declared_by": Column.DECLARING_UNIT,
    "supervised_by": Column.SUPERVISING_UNIT,
    "implemented_by": Column.IMPLEMENTING_UNIT,
}


def asks_units(draft: Draft, columns: list[Column], named: set[Kind], kind: EntityType) -> bool:
    """谁申报的, 主管部门是谁, 由哪个单位负责."""
    roles = [i for i in draft.indexes(Kind.ROLE) if not draft.is_at(i, Kind.FIELD)]
    noun_roles = [i for i in roles if _is_noun(draft, i)]
    if kind is not EntityType.UNIT and (not noun_roles or _beside_projects(draft, noun_roles, columns)):
        return False
    ranked = any(r.of is EntityType.PROJECT for r in draft.ranking)  # 预算最多的项目的申报单位
    asked = Kind.PROJECT in named or ranked or draft.has(Kind.WHICH, Kind.WHO)
    if kind is not EntityType.UNIT and not asked:
        return False
    chosen = noun_roles or roles
    values = list(dict.fromkeys(draft.tokens[i].value(Kind.ROLE) for i in chosen))
    if len(values) > 1 and not noun_roles and draft.has(Kind.BOTH):
        draft.unknown.append("".join(draft.tokens[i].text for i in chosen))  # 既申报又实施的单位
    draft.use(*roles)
    draft.asked, draft.kind = Asked.ITEMS, EntityType.UNIT
    draft.role = _RELATIONS[values[0]] if len(values) == 1 else Relation.BY_UNIT  # 实施单位和主管部门分别是谁
    return True


def _is_noun(draft: Draft, index: int) -> bool:
    return draft.tokens[index].text.endswith(("单位", "部门", "主体", "机构", "名称"))


def _beside_projects(draft: Draft, roles: list[int], columns: list[Column]) -> bool:
    """得分最高的项目及其实施单位, 某项目的预算和申报单位: the unit is wanted beside something else."""
    of_projects = [c for c in columns if c.kind is EntityType.PROJECT]
    first = draft.before(roles[0])
    return (bool(of_projects) and not draft.ranking) or draft.is_at(first, Kind.AND)


def unit_columns(draft: Draft, kind: EntityType) -> list[Column]:
    """申报单位, 主管部门 and 实施单位 as columns of the projects asked for."""
    if kind is not EntityType.PROJECT:
        return []
    found = []
    for index in list(draft.indexes(Kind.ROLE)):
        column = _COLUMNS.get(draft.tokens[index].value(Kind.ROLE))
        if column is not None and _is_noun(draft, index) and not draft.is_at(draft.after(index, Kind.BE), Kind.UNIT):
            draft.use(index)
            found.append(column)
    return found
