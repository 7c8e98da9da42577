"""The words that bear a topic: particles and words of asking left out, long compounds taken apart where they tile."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from search.errors import SearchError
from search.segmentation import cut_words, find_inner_words, fold

_LEXICON = Path(__file__).with_name("lexicon") / "topics.toml"
_BEARING = re.compile(r"[㐀-鿿豈-﫿]{2}|[a-z]")
_LONG = 3  # characters up to which a word stays whole


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLexicon:
    """`meaning` and `words` are the thresholds of acceptance with and without a model."""

    particles: frozenset[str]
    meaning: float
    words: float


@cache
def topic_lexicon() -> TopicLexicon:
    """lexicon/topics.toml, validated."""
    loose = tomllib.loads(_LEXICON.read_text(encoding="utf-8"))
    try:
        lexicon = TopicLexicon(
            particles=frozenset(map(str, loose["particles"])),
            meaning=float(loose["accept"]["meaning"]),
            words=float(loose["accept"]["words"]),
        )
    except (KeyError, TypeError, ValueError) as err:
        raise SearchError(f"{_LEXICON.name} 不合规（{err}）") from err
    if not 0 < lexicon.words <= 1 or not 0 < lexicon.meaning <= 3:
        raise SearchError(f"{_LEXICON.name} 的阈值超出范围")
    return lexicon


def is_word(term: str) -> bool:
    """Whether a term of the index can bear a topic: two or more Chinese characters, or letters.

    >>> is_word("档案"), is_word("2020"), is_word("5g")
    (True, False, True)
    """
    return _BEARING.match(term) is not None or (term.isascii() and _BEARING.search(term) is not None)


def find_topic_words(text: str, known: Container[str]) -> tuple[str, ...]:
    """Words of `text` that bear its topic, each once, in order; () where it has none. `known` are the index's words."""
    words: list[str] = []
    particles = topic_lexicon().particles
    for word in cut_words(fold(text)):
        parts = [word] if len(word) <= _LONG or word in known else _tile(word) or [word]
        words += [part for part in parts if is_word(part) and part not in particles and not set(part) <= particles]
    return tuple(dict.fromkeys(words))


def _tile(word: str) -> list[str]:
    """Smaller words that make up `word` without gap or overlap; [] where there are none."""
    pieces: dict[int, list[str]] = {}
    for start, piece in find_inner_words(word):
        pieces.setdefault(start, []).append(piece)
    ways: dict[int, list[str]] = {len(word): []}
    for start in range(len(word) - 1, -1, -1):
        for piece in sorted(pieces.get(start, ()), key=len):
            if start + len(piece) in ways:
                ways[start] = [piece, *ways[start + len(piece)]]
    return ways.get(0, [])
