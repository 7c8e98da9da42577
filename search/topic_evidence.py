"""What speaks for each passage (its words, words of like meaning, likeness of the whole) and whether that is enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.embedding import Embedder
from search.lexical import LexicalIndex
from search.vectors import CentredIndex
from search.word_index import WordIndex

Scores = npt.NDArray[np.float64]

_NEAR = 0.25  # how like two words must be to stand for each other
_WHOLE = 0.3  # weight of the likeness of the whole passage, whose words weigh 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`scores` rank the passages, `shares` (0..1) say how much of the query each covers; both shape (passages,).

    `strength` says how much these documents speak of the query at all, `needed` how much it takes; `explain` says in
    Chinese what speaks for a row. `kept` are the rows to be shown, None for those of enough score and share.
    """

    scores: Scores
    shares: Scores
    strength: float
    needed: float
    explain: Callable[[int], str]
    kept: npt.NDArray[np.bool_] | None = None

    @property
    def accepted(self) -> bool:
        """Whether any passage is about the query."""
        return self.strength >= self.needed


def weigh_words(query: str, words: Sequence[str], lexical: LexicalIndex, *, needed: float) -> Evidence:
    """Evidence of the words alone."""
    match = lexical.match(query)
    found = [word for word in words if len(lexical.postings(word)[0])]

    def explain(row: int) -> str:
        held = [word for word in found if row in lexical.postings(word)[0]]
        return f"原文有：{'、'.join(held)}" if held else "原文有相同的字词"

    return Evidence(
        scores=_scaled(match.scores.astype(np.float64)),
        shares=match.coverage.astype(np.float64),
        strength=float(match.coverage.max(initial=0.0)) if found else 0.0,
        needed=needed,
        explain=explain,
    )


def weigh_meaning(
    query: str,
    words: Sequence[str],
    lexical: LexicalIndex,
    index: WordIndex,
    passages: CentredIndex,
    embedder: Embedder,
    *,
    needed: float,
) -> Evidence:
    """Evidence of the words, of words like them, and of the passage as a whole."""
    match = lexical.match(query)
    near = {word: _near_words(word, index, embedder) for word in words}
    total = sum(lexical.idf(word) for word in words) or 1.0
    known = sum(lexical.idf(word) * max((how for _, how in near[word]), default=0.0) for word in words) / total
    shares, gains = np.zeros(len(lexical)), np.zeros(len(lexical))
    for word in words:
        covered, gained = np.zeros(len(lexical)), np.zeros(len(lexical))
        for other, how in near[word]:
            if how < _NEAR:
                continue
            rows, weights = lexical.postings(other)
            rarer = min(1.0, lexical.idf(word) / lexical.idf(other))
            covered[rows] = np.maximum(covered[rows], how)
            gained[rows] = np.maximum(gained[rows], how * rarer * weights)
        shares += covered * lexical.idf(word) / total
        gains += gained
    likeness = _likeness(query, passages, embedder)
    scores = _scaled(match.scores.astype(np.float64)) + _scaled(gains) + _WHOLE * likeness
    strength = known + float(shares.max(initial=0.0)) + float(likeness.max(initial=0.0))
    told = len(words) > 1 or any(word in index for word in words)  # one word alone must be said, not only meant

    def explain(row: int) -> str:
        return _explain(row, near, lexical)

    return Evidence(scores=scores, shares=shares, strength=strength if told else 0.0, needed=needed, explain=explain)


def _near_words(word: str, index: WordIndex, embedder: Embedder) -> tuple[tuple[str, float], ...]:
    """Words of the documents like `word`, itself first where they have it."""
    near = index.find_near(embedder.encode_query(word))
    if word not in index:
        return near
    return ((word, 1.0), *(entry for entry in near if entry[0] != word))


def _likeness(query: str, passages: CentredIndex, embedder: Embedder) -> Scores:
    """How like the query each passage is as a whole, 0 where it is no more like it than the average passage."""
    rows = len(passages.vectors)
    likeness = np.zeros(rows)
    for row, cosine in passages.find(embedder.encode_query(query), limit=rows):
        likeness[row] = max(0.0, cosine)
    return likeness


def _scaled(scores: Scores) -> Scores:
    best = float(scores.max(initial=0.0))
    return scores / best if best > 0 else scores


def _explain(row: int, near: dict[str, tuple[tuple[str, float], ...]], lexical: LexicalIndex) -> str:
    same: list[str] = []
    like: list[str] = []
    for word, others in near.items():
        held = [(other, how) for other, how in others if how >= _NEAR and row in lexical.postings(other)[0]]
        if held:
            best = max(held, key=lambda entry: entry[1])[0]
            same.append(word) if best == word else like.append(f"{word}≈{best}")
    parts = [f"原文有：{'、'.join(same)}" if same else "", f"意思相近：{'、'.join(like)}" if like else ""]
    return "；".join(part for part in parts if part) or "全段意思相近"
