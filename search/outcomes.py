"""An indicator's target against what was done: reached, partly reached, missed, or not to be told."""

from __future__ import annotations

from decimal import Decimal

from graph.model import Entity
from search.columns import as_decimal
from search.plan_terms import Outcome
from search.vocabulary import words_of


def judge(indicator: Entity) -> Outcome | None:
    """How the indicator came out; None where its form says nothing of what was done, or the two cannot be compared."""
    target = _figure(indicator, "target_value")
    actual = _figure(indicator, "actual_value")
    text = str(indicator.properties.get("actual_text") or "")
    if not text and actual is None:
        return None
    if target is not None and actual is not None and _same_unit(indicator):
        return (
            Outcome.REACHED
            if _meets(str(indicator.properties.get("target_operator") or ""), target, actual)
            else Outcome.MISSED
        )
    squeezed = "".join(text.split())
    for outcome in (Outcome.PARTLY, Outcome.MISSED, Outcome.REACHED):
        if any(word in squeezed for word in words_of("outcomes", outcome.value)):
            return outcome
    same = squeezed and squeezed == "".join(str(indicator.properties.get("target_text") or "").split())
    return Outcome.REACHED if same else None


def agrees(outcome: Outcome | None, wanted: Outcome) -> bool:
    """The judgement is the one asked for."""
    if wanted is Outcome.UNREACHED:
        return outcome in (Outcome.MISSED, Outcome.PARTLY)
    return outcome is wanted


def _figure(indicator: Entity, name: str) -> Decimal | None:
    raw = indicator.properties.get(name)
    return as_decimal(str(raw)) if raw is not None else None


def _same_unit(indicator: Entity) -> bool:
    percent = ("%", "％", "百分比", "")
    unit = str(indicator.properties.get("target_unit") or "")
    text = str(indicator.properties.get("actual_text") or "")
    return unit in text or unit in percent or not any(sign.isalpha() for sign in text)


def _meets(operator: str, target: Decimal, actual: Decimal) -> bool:
    match operator:
        case "<" | "＜":
            return actual < target
        case "≤" | "<=" | "≦":
            return actual <= target
        case ">" | "＞":
            return actual > target
        case "=":
            return actual == target
        case _:  # ≥, or a bare figure to be attained
            return actual >= target
