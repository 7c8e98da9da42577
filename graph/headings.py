"""Chinese words for entity types, relations and properties; the list is data in `lexicon/headings.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from graph.model import EdgeType, EntityType


@cache
def _headings() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("graph") / "lexicon" / "headings.toml").read_text(encoding="utf-8"))


def entity_heading(kind: EntityType) -> str:
    """`项目` for a project."""
    return _headings()["entity_types"][kind.value]


def edge_heading(kind: EdgeType) -> str:
    """`引用` for cites."""
    return _headings()["edge_types"][kind.value]


def property_heading(name: str) -> str:
    """`项目当年预算（元）` for budget_year; the name itself where no heading is known."""
    return _headings()["properties"].get(name, name)


def property_order(name: str) -> tuple[int, str]:
    """Sort key that puts properties in the order of a form."""
    known = list(_headings()["properties"])
    return (known.index(name) if name in known else len(known), name)
