"""Nouns of asking: Answer, Item, Option and what they are made of. Query and Plan live beside their verbs' modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from graph.model import EntityId, Source


class Status(StrEnum):
    ANSWERED = "answered"
    NO_MATCH = "no_match"  # understood, and the graph holds none
    AMBIGUOUS = "ambiguous"  # several readings; `options` to choose from
    UNANSWERABLE = "unanswerable"  # outside what the graph can know


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of an answer. A Project always has its `year`; grouped answers have only `label` and `value`."""

    label: str
    id: EntityId | None = None
    type: str | None = None
    name: str | None = None
    year: int | None = None
    number: str | None = None
    aliases: tuple[str, ...] = ()
    value: Decimal | str | None = None
    unit: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)  # further columns to show, Chinese heading -> text
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A reading to choose from: `label` for people, `question` to ask instead."""

    label: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What `ask` returns; `answer_to_json` gives what docs/cli.md shows. `value` always has its `unit`."""

    question: str
    status: Status
    interpretation: str
    text: str
    items: tuple[Item, ...] = ()
    total: int = 0
    complete: bool = True
    value: Decimal | None = None
    unit: str | None = None
    sources: tuple[Source, ...] = ()
    options: tuple[Option, ...] = ()
    caveats: tuple[str, ...] = ()
    plan: Mapping[str, object] = field(default_factory=dict)
