"""Word lists and patterns of this layer: the TOML files in `ingest/lexicon/`, loaded once and checked.

Knows nothing of what the words mean; each module says which tables it expects.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ingest.errors import LexiconError

Table = Mapping[str, Any]


@cache
def load_wordlist(name: str) -> Table:
    """The parsed file `ingest/lexicon/<name>.toml`.

    Raises LexiconError where the file is missing or is no TOML.
    """
    source = files("ingest") / "lexicon" / f"{name}.toml"
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as err:
        raise LexiconError(f"{name}.toml", f"词表无法读取（{err}）", "请重新安装本程序") from err


@cache
def words_of(name: str, *path: str) -> tuple[str, ...]:
    """The list of words at `path`, in the order of the file.

    Raises LexiconError where it is missing, empty, or holds anything but distinct, non-empty words.
    """
    value: Any = load_wordlist(name)
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(value, list) or not value or not all(isinstance(word, str) and word for word in value):
        raise LexiconError(f"{name}.toml", f"{'.'.join(path)} 应当是一列非空的词", "请修正该词表")
    if len(set(value)) != len(value):
        raise LexiconError(f"{name}.toml", f"{'.'.join(path)} 里有重复的词", "请修正该词表")
    return tuple(value)


def table_of(name: str, *path: str) -> dict[str, tuple[str, ...]]:
    """The table at `path` whose values are all lists of words; order as in the file.

    Raises LexiconError as `words_of` does.
    """
    value: Any = load_wordlist(name)
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not value:
        raise LexiconError(f"{name}.toml", f"缺少表 {'.'.join(path)}", "请修正该词表")
    return {key: words_of(name, *path, key) for key in value}
