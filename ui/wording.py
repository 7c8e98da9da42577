"""Chinese for what the graph calls in English: kinds, relations, properties, doubts (lexicon/wording.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from ui.errors import WordingError

TABLES = ("kinds", "relations", "properties", "warnings", "statuses", "media", "examples")


@cache
def load_wording() -> Mapping[str, Mapping[str, str]]:
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
    return tables


def say(table: str, key: str) -> str:
    """The Chinese word for `key`; the key itself where the list has none (a newer snapshot may know more)."""
    return load_wording()[table].get(key, key)


def examples() -> tuple[tuple[str, str], ...]:
    """Pairs of chip label and example question, in the order of the list."""
    return tuple(load_wording()["examples"].items())
