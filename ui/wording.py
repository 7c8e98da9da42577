"""Chinese for what the graph calls in English: graph's own headings, and what only people need (wording.toml)."""

from __future__ import annotations

import errno
import socket
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from graph.headings import edge_heading, entity_heading, property_heading
from graph.model import EdgeType, EntityType
from ui.errors import WordingError

TABLES = ("warnings", "statuses", "media", "failures", "examples")


@cache
def load_wording() -> Mapping[str, Mapping[str, Any]]:
    """All tables of the word list.

    Raises WordingError where a table is missing or a word is no non-empty text.
    """
    source = files("ui").joinpath("lexicon").joinpath("wording.toml")
    try:
        tables = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as err:
        raise WordingError(f"wording.toml：词表无法读取（{err}）", "请重新安装本程序") from err
    for name in TABLES:
        words = tables.get(name)
        if not isinstance(words, dict) or not all(isinstance(word, str) and word for word in words.values()):
            raise WordingError(f"wording.toml：缺少表 {name} 或其中有空词", "请重新安装本程序")
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in tables.get("formats", {0: 0}).values()):
        raise WordingError("wording.toml：表 formats 应为两词一组", "请重新安装本程序")
    return tables


def say(table: str, key: str) -> str:
    """The Chinese word for `key`; the key itself where the list has none (a newer snapshot may know more)."""
    return str(load_wording()[table].get(key, key))


def failure_word(err: OSError) -> str:
    """Why the system refused, in Chinese: `没有权限`; its number where the list has no word."""
    if isinstance(err, socket.gaierror):
        return say("failures", "gaierror")
    name = errno.errorcode.get(err.errno or 0, "")
    return say("failures", name) if name in load_wording()["failures"] else f"系统错误 {err.errno}"


def examples() -> tuple[tuple[str, str], ...]:
    """Pairs of chip label and example question, in the order of the list."""
    return tuple(load_wording()["examples"].items())


def formats() -> tuple[tuple[str, str, str], ...]:
    """(format, title, what it is for) of each export, in the order of the page."""
    return tuple((key, title, use) for key, (title, use) in load_wording()["formats"].items())


def kind_word(kind: EntityType | str) -> str:
    """`项目` for Project; anything unknown as it is."""
    return entity_heading(EntityType(kind)) if kind in set(EntityType) else str(kind)


def relation_word(relation: EdgeType) -> str:
    """`引用` for cites."""
    return edge_heading(relation)


def property_word(name: str, kind: EntityType | None = None) -> str:
    """The heading without its unit, which stands with the value here."""
    return property_heading(name, kind).removesuffix("（元）").removesuffix("（%）")
