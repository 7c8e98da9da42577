"""Word lists of questions: the TOML files in `search/lexicon/`, loaded once and checked. Knows no grammar."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from search.errors import SearchError
from search.plan_terms import Column

Table = Mapping[str, Any]


class LexiconDamaged(SearchError):
    """A word list of our own is malformed: our bug, never the user's."""


class ColumnType(StrEnum):
    MONEY = "money"  # yuan
    RATE = "rate"  # percent
    SCORE = "score"
    COUNT = "count"
    INTEGER = "integer"
    DURATION = "duration"  # days
    DATE = "date"
    BOOLEAN = "boolean"
    TEXT = "text"
    NAME = "name"
    SECTION = "section"  # running text
    QUANTITY = "quantity"  # as printed, with its own unit

    @property
    def unit(self) -> str | None:
        """The unit of a figure of this type, None where it has none or its own."""
        return {"money": "元", "rate": "%", "score": "分", "count": "个", "duration": "天"}.get(self.value)

    @property
    def numeric(self) -> bool:
        return self in _NUMERIC


_NUMERIC = frozenset(
    {ColumnType.MONEY, ColumnType.RATE, ColumnType.SCORE, ColumnType.COUNT, ColumnType.INTEGER, ColumnType.DURATION}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """How a column is called, typed and explained.

    `forms` are the kinds of forms that print it, () for all; `stands_in` is used, and said, where none of the forms in
    question prints it; `weight` is what an average of it is weighted by.
    """

    column: Column
    label: str
    type: ColumnType
    words: tuple[str, ...]
    forms: tuple[str, ...] = ()
    stands_in: Column | None = None
    weight: Column | None = None
    about: str = ""


@cache
def load_lexicon(name: str) -> Table:
    """The parsed file `search/lexicon/<name>.toml`. Raises LexiconDamaged where it is missing or no TOML."""
    source = files("search").joinpath("lexicon", f"{name}.toml")
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as err:
        raise LexiconDamaged(f"词表 {name}.toml 无法读取（{err}）", "请重新安装本程序") from err


def words_of(name: str, *path: str) -> tuple[str, ...]:
    """The list of words at `path`. Raises LexiconDamaged where it is no list of distinct, non-empty words."""
    value: Any = load_lexicon(name)
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise LexiconDamaged(f"词表 {name}.toml：{'.'.join(path)} 应当是一列词", "请修正该词表")
    if len(set(value)) != len(value):
        raise LexiconDamaged(f"词表 {name}.toml：{'.'.join(path)} 里有重复的词", "请修正该词表")
    return tuple(value)


def table_of(name: str, *path: str) -> dict[str, tuple[str, ...]]:
    """The table at `path` whose values are lists of words, in the order of the file."""
    value: Any = load_lexicon(name)
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not value:
        raise LexiconDamaged(f"词表 {name}.toml：缺少表 {'.'.join(path)}", "请修正该词表")
    return {key: words_of(name, *path, key) for key in value}


@cache
def column_specs() -> Mapping[Column, ColumnSpec]:
    """What `lexicon/fields.toml` says of every column.

    Raises LexiconDamaged where a column is missing there, or one stands there that plans do not know.
    """
    specs = {}
    for key, entry in load_lexicon("fields").items():
        try:
            column = Column(key)
            spec = ColumnSpec(
                column=column,
                label=entry["label"],
                type=ColumnType(entry["type"]),
                words=words_of("fields", key, "words"),
                forms=tuple(entry.get("forms", ())),
                stands_in=Column(entry["stands_in"]) if "stands_in" in entry else None,
                weight=Column(entry["weight"]) if "weight" in entry else None,
                about=entry.get("about", ""),
            )
        except (KeyError, ValueError) as err:
            raise LexiconDamaged(f"词表 fields.toml：{key} 有误（{err}）", "请修正该词表") from err
        specs[column] = spec
    if missing := set(Column) - set(specs):
        raise LexiconDamaged(f"词表 fields.toml：缺少 {'、'.join(sorted(missing))}", "请修正该词表")
    return specs


def spec_of(column: Column) -> ColumnSpec:
    """What `lexicon/fields.toml` says of this column."""
    return column_specs()[column]
