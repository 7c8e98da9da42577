"""A name that a topic question puts in quotes or 《》 must stand in the documents as it is written."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from graph.model import EntityType
from search.normalise import Folded, key_of
from search.plan import Plan, Topic

_LEAST = 2  # signs of a name


def require_quoted(plan: Plan, question: Folded, holds: Callable[[str, EntityType], bool]) -> tuple[Plan, str]:
    """The plan with the quoted name required where `holds` says that it stands anywhere; else what is to be said."""
    first = plan.steps[0]
    if not isinstance(first, Topic) or first.literal:
        return plan, ""
    name = _quoted(first.text, question)
    if not name:
        return plan, ""
    if not holds(name, first.kind):
        return plan, f"原文中没有原样出现“{name}”"
    return Plan(steps=(structs.replace(first, text=name, literal=True), *plan.steps[1:])), ""


def _quoted(topic: str, question: Folded) -> str:
    """The longest name in quotes that the topic speaks of, as typed."""
    spans = [(a, b) for a, b in (*question.quotes, *question.titles) if b - a >= _LEAST]
    within = [(a, b) for a, b in spans if question.folded[a:b] in key_of(topic)]
    a, b = max(within, key=lambda span: span[1] - span[0], default=(0, 0))
    return question.text[question.origins[a] : question.origins[b - 1] + 1] if b > a else ""
