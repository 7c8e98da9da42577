"""Conditions found in a question put together: and, or, and what holds for indicators."""

from __future__ import annotations

from graph.model import EntityType
from search.parse_draft import Draft, Found
from search.plan import Both, Compare, Condition, Either, Except, Has
from search.plan_terms import Op, Relation
from search.query import Kind, kind_of


def join_indicator_conditions(conditions: list[Condition]) -> list[Condition]:
    """有预算执行率指标且目标为100%: what is said of indicators holds for the indicator named."""
    conditions = [_without_any(c) for c in conditions]
    bare = [c for c in conditions if kind_of(c) is EntityType.INDICATOR]
    at = next(
        (i for i, c in enumerate(conditions) if isinstance(c, Has) and c.relation is Relation.HAS_INDICATOR), None
    )
    if not bare or at is None:
        return conditions
    named = conditions[at]
    if not isinstance(named, Has) or named.where is None:
        return conditions
    joined = Has(relation=named.relation, where=Both(parts=(named.where, *bare)))
    return [joined if i == at else c for i, c in enumerate(conditions) if c not in bare]


def _without_any(condition: Condition) -> Condition:
    """没有满意度指标: no indicator of the project is so, not some indicator that is not so."""
    match condition:
        case Except(part=part) if kind_of(part) is EntityType.INDICATOR:
            return Except(part=Has(relation=Relation.HAS_INDICATOR, where=part))
        case _:
            return condition


def on_indicators(condition: Condition) -> Condition:
    """The condition on the indicator itself, where the question turned out to ask for indicators."""
    match condition:
        case Has(relation=Relation.HAS_INDICATOR, where=where) if where is not None:
            return where
        case Either(parts=parts):
            return Either(parts=tuple(on_indicators(part) for part in parts))
        case Except(part=part):
            return Except(part=on_indicators(part))
        case _:
            return condition


def combine(draft: Draft, found: list[Found]) -> tuple[Condition, ...]:
    """Conditions in reading order; those joined by 或 become one, all others hold together."""
    once = {f.condition: f for f in reversed(found)}  # 《title》（number） names one document twice
    ordered = sorted(once.values(), key=lambda f: (f.first, f.last))
    groups: list[list[Found]] = []
    for one in ordered:
        if groups and _joined_by_or(draft, groups[-1][-1], one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return tuple(any_of([f.condition for f in group]) for group in groups)


def _joined_by_or(draft: Draft, left: Found, right: Found) -> bool:
    between = range(left.last + 1, right.first)
    if kind_of(left.condition) is not kind_of(right.condition):
        return False
    joins = [i for i in between if draft.is_at(i, Kind.OR)]
    if joins:
        draft.use(*joins)
        return True
    if isinstance(left.condition, Has) and isinstance(right.condition, Has):
        relation = left.condition.relation
        if relation is not right.condition.relation or (relation.ends is EntityType.UNIT and shared_by_units(draft)):
            return False
        if relation.ends is EntityType.POLICY and draft.has(Kind.SEPARATELY):
            return True
        same = relation.ends is EntityType.UNIT
        listed = [i for i in between if not draft.quiet(i)]
        return (
            same
            and bool(listed)
            and all(draft.tokens[i].text in {"和", "与", "及", "以及", "、", "跟"} for i in listed)
        )
    same_column = (
        isinstance(left.condition, Compare)
        and isinstance(right.condition, Compare)
        and left.condition.column is right.condition.column
        and left.condition.op is Op.EQ
        and right.condition.op is Op.EQ
    )
    return same_column  # 优和良: one project cannot be both


def shared_by_units(draft: Draft) -> bool:
    """两个单位都参与的项目, 共同引用的文件: what holds of each of the units named."""
    units = [i for i, token in enumerate(draft.tokens) if token.has(Kind.UNIT)]
    if len(units) < 2:
        return False
    between = {draft.tokens[i].text for i in range(units[0], units[-1])}
    together = [i for i in range(units[-1] + 1, len(draft)) if draft.tokens[i].text in _TOGETHER]
    verbs = [i for i in together if draft.is_at(i + 1, Kind.ROLE, Kind.CITE)]
    told = [
        i
        for i in verbs
        if draft.tokens[i + 1].text.endswith("的") or any(draft.is_at(j, Kind.DE) for j in range(i + 2, i + 4))
    ]
    return bool(told) and between.isdisjoint({"或", "或者", "还是"})


_TOGETHER = frozenset({"都", "共同", "均", "同时"})


def documents_of_each(draft: Draft, conditions: list[Condition]) -> list[Condition]:
    """Documents that projects of each of the units cite, where such as all of them share are asked for."""
    units = [c for c in conditions if isinstance(c, Has) and c.relation.ends is EntityType.UNIT]
    if draft.kind is not EntityType.POLICY or len(units) < 2 or not shared_by_units(draft):
        return conditions
    others = tuple(c for c in conditions if kind_of(c) is EntityType.PROJECT and c not in units)
    cited = [Has(relation=Relation.CITED_BY, where=Both(parts=(*others, c)) if others else c) for c in units]
    return [*(c for c in conditions if c not in units), *cited]


def any_of(parts: list[Condition]) -> Condition:
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else Either(parts=tuple(unique))
