"""Chinese words for entity types, relations and properties; the list is data in `lexicon/headings.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from graph.model import EdgeType, EntityType, Value


@cache
def _words() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("graph") / "lexicon" / "headings.toml").read_text(encoding="utf-8"))


def _headings() -> dict[str, dict[str, str]]:
    return _words()


def _own_headings() -> dict[str, dict[str, str]]:
    return _words()["own_properties"]


def entity_heading(kind: EntityType) -> str:
    """`项目` for a project."""
    return _headings()["entity_types"][kind.value]


def edge_heading(kind: EdgeType) -> str:
    """`引用` for cites."""
    return _headings()["edge_types"][kind.value]


def property_heading(name: str, kind: EntityType | None = None) -> str:
    """`项目当年预算（元）` for budget_year; the name itself where no heading is known.

    `kind` is whose property it is, where the heading depends on that: the number of a task is no 文号.
    """
    own = _own_headings().get(kind.value, {}) if kind else {}
    return own.get(name) or _headings()["properties"].get(name, name)


def section_headings(value: Value) -> str:
    """`立项依据；项目概况` for the sections that a citation or task stands in."""
    names = value if isinstance(value, tuple) else (str(value),)
    return "；".join(map(property_heading, names))


def property_order(name: str) -> tuple[int, str]:
    """Sort key that puts properties in the order of a form."""
    known = list(_headings()["properties"])
    return (known.index(name) if name in known else len(known), name)
