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
        if relation is not right.condition.relation:
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


def any_of(parts: list[Condition]) -> Condition:
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else Either(parts=tuple(unique))
