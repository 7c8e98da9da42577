"""An answer as plain JSON values, as docs/cli.md shows them."""

from __future__ import annotations

from decimal import Decimal

from graph.model import Source
from search.model import Answer, Item


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
