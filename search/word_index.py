"""WordIndex: the words of all passages as vectors, to find words of like meaning. Knows no passages and no graph."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from search.embedding import Vectors
from search.errors import IndexDamaged
from search.vectors import CentredIndex, VectorIndex

_SAMPLE = 700  # words whose pairs show how alike unrelated words are
_UNRELATED = 0.99  # of all pairs of words lie below this quantile
_NEAREST = 8


class WordIndex:
    """Words and their vectors, row by row."""

    def __init__(self, words: Sequence[str], vectors: Vectors) -> None:
        """`vectors` is float32 of shape (len(words), dimension). Raises IndexDamaged where they do not fit."""
        self.vectors = VectorIndex(vectors)
        if len(self.vectors) != len(words) or len(set(words)) != len(words):
            raise IndexDamaged("词语的向量与词语对不上", "请重新执行 jixiao build")
        self.words = tuple(words)
        self._known = frozenset(words)

    def __contains__(self, word: object) -> bool:
        return word in self._known

    def find_near(self, vector: Vectors) -> tuple[tuple[str, float], ...]:
        """Words of like meaning and how near they are: 1 the same, 0 no nearer than unrelated words; nearest first."""
        found = self._centred.find(vector, limit=_NEAREST)
        scale = 1.0 - self._floor
        return tuple(
            (self.words[row], min(1.0, (cosine - self._floor) / scale)) for row, cosine in found if cosine > self._floor
        )

    def words_as_json(self) -> bytes:
        """The words, as stored beside their vectors."""
        return json.dumps(self.words, ensure_ascii=False, indent=0).encode() + b"\n"

    @cached_property
    def _centred(self) -> CentredIndex:
        return CentredIndex(self.vectors.vectors)

    @cached_property
    def _floor(self) -> float:
        """How alike two unrelated words of these documents look to this model."""
        step = max(1, len(self.words) // _SAMPLE)
        sample = self._centred.vectors[::step]
        pairs = (sample @ sample.T)[np.triu_indices(len(sample), 1)]
        return float(np.clip(np.quantile(pairs, _UNRELATED), 0.0, 0.9)) if len(pairs) else 0.0
