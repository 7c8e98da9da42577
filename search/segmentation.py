"""Text to terms for the lexical index: words of the dictionary and of the graph's own names, and character pairs.

jieba cuts at build time only, from its own word list, without its cache file and without guessing of new words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingest.dictionary import dictionary

# Runs that are cut: Chinese, or letters and digits of any width (folded before).
_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[a-z0-9]+")
_NAME_LENGTHS = range(2, 41)


def fold(text: str) -> str:
    """`text` without differences of width, case and white space; offsets are not kept."""
    bare = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return unicodedata.normalize("NFKC", bare)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """`terms` in order of place, one that stands twice twice; `words` are those of the dictionary, each once."""

    terms: tuple[str, ...]
    words: frozenset[str]


class Segmenter:
    """Cuts passages. `names` are terms wherever they stand, whole."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        import ahocorasick_rs  # noqa: PLC0415 - only a build needs it

        self._names = sorted({name for name in map(fold, names) if len(name) in _NAME_LENGTHS})
        self._automaton: Any = ahocorasick_rs.AhoCorasick(self._names)

    def cut(self, text: str) -> Cut:
        """Terms and words of a passage."""
        folded = fold(text)
        words = {
            (run.start() + start, word)
            for run in _RUN.finditer(folded)
            for word, start, _ in dictionary().tokenize(run.group(), mode="search", HMM=False)
            if len(word) > 1
        }
        names = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        placed = {*_pairs(folded), *words, *((start, self._names[number]) for number, start, _ in names)}
        return Cut(terms=tuple(term for _, term in sorted(placed)), words=frozenset(word for _, word in words))


def cut_words(folded: str) -> list[str]:
    """Words of folded text, without gap or overlap; unknown stretches come as single characters."""
    return [str(word) for run in _RUN.finditer(folded) for word in dictionary().cut(run.group(), HMM=False)]


def find_inner_words(word: str) -> list[tuple[int, str]]:
    """Start and text of the dictionary's shorter words inside `word`."""
    cut = dictionary().tokenize(word, mode="search", HMM=False)
    return [(start, inner) for inner, start, _ in cut if 1 < len(inner) < len(word)]


class WordSet:
    """A set of words that finds itself in text: every word wherever it stands, overlapping ones too."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._lengths = sorted({len(word) for word in self._words})

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def places(self, folded: str) -> list[tuple[int, str]]:
        """Start and word of each occurrence in folded text."""
        return [
            (start, folded[start : start + length])
            for length in self._lengths
            for start in range(len(folded) - length + 1)
            if folded[start : start + length] in self._words
        ]


def query_terms(text: str, vocabulary: WordSet) -> list[str]:
    """Terms of a query: every word of the index that stands in it, and its character pairs, known or not.

    The dictionary is not needed here: a word that no passage holds finds nothing.
    """
    folded = fold(text)
    placed = set(_pairs(folded)) | set(vocabulary.places(folded))
    return [term for _, term in sorted(placed)]


def _pairs(folded: str) -> list[tuple[int, str]]:
    """Start and text of each pair of neighbouring Chinese characters, and each run of letters and digits."""
    pairs: list[tuple[int, str]] = []
    for run in _RUN.finditer(folded):
        text = run.group()
        if text[0].isascii():
            pairs.append((run.start(), text))
        else:
            pairs.extend((run.start() + at, text[at : at + 2]) for at in range(max(1, len(text) - 1)))
    return pairs
