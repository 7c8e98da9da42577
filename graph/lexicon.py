"""Word lists of this layer: the TOML files in `graph/lexicon/`, loaded once and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from graph.errors import LexiconDamaged

Table = Mapping[str, Any]


@cache
def load_lexicon(name: str) -> Table:
    """The parsed file `graph/lexicon/<name>.toml`. Raises LexiconDamaged where it is missing or no TOML."""
    source = files("graph").joinpath("lexicon", f"{name}.toml")
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as err:
        raise LexiconDamaged(f"{name}.toml", f"词表无法读取（{err}）", "请重新安装本程序") from err


@cache
def words_of(name: str, *path: str) -> tuple[str, ...]:
    """The list at `path` in that file, in its order. Raises LexiconDamaged where it is no list of distinct words."""
    value: Any = load_lexicon(name)
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(value, list) or not value or not all(isinstance(word, str) and word for word in value):
        raise LexiconDamaged(f"{name}.toml", f"{'.'.join(path)} 应当是一列非空的词", "请修正该词表")
    if len(set(value)) != len(value):
        raise LexiconDamaged(f"{name}.toml", f"{'.'.join(path)} 里有重复的词", "请修正该词表")
    return tuple(value)


@cache
def pairs_of(name: str, key: str) -> tuple[tuple[str, str], ...]:
    """The list of pairs `key` of that file, in its order. Raises LexiconDamaged where it is none."""
    value = load_lexicon(name).get(key)
    if not isinstance(value, list) or not value:
        raise LexiconDamaged(f"{name}.toml", f"缺少 {key}", "请修正该词表")
    pairs = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(word, str) for word in pair):
            raise LexiconDamaged(f"{name}.toml", f"{key} 的每一项应当是两个词", "请修正该词表")
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


@cache
def table_of(name: str, key: str) -> Mapping[str, str]:
    """The table `key` of words to words. Raises LexiconDamaged where it is none."""
    value = load_lexicon(name).get(key)
    if not isinstance(value, dict) or not value or not all(isinstance(word, str) and word for word in value.values()):
        raise LexiconDamaged(f"{name}.toml", f"{key} 应当是词到词的表", "请修正该词表")
    return dict(value)
