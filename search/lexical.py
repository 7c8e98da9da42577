"""LexicalIndex: BM25 over terms of passages, kept as four arrays and a list of terms. Knows nothing of graphs.

Loading needs numpy only; neither jieba nor its word list is touched by a query.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.errors import IndexDamaged
from search.segmentation import Segmenter, WordSet, query_terms

# Source: Robertson and Zaragoza 2009, the usual constants; b below 0.75 since passages are cut to similar lengths.
K1 = 1.2
B = 0.5

_REBUILD = "请重新执行 jixiao build"

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalMatch:
    """`scores` is BM25, `coverage` (0..1) how much of the query's weight the row's terms cover; both shape (rows,)."""

    scores: Floats
    coverage: Floats


class LexicalIndex:
    """Postings of each term: rows and BM25 weights."""

    def __init__(
        self,
        *,
        terms: Sequence[str],
        starts: npt.NDArray[np.int64],
        rows: npt.NDArray[np.int32],
        weights: Floats,
        size: int,
    ) -> None:
        """`starts` has one more entry than `terms`; postings of term t are [starts[t], starts[t + 1]).

        Raises IndexDamaged where the arrays do not fit together.
        """
        fits = len(starts) == len(terms) + 1 and len(rows) == len(weights) == int(starts[-1]) and int(starts[0]) == 0
        if not fits or np.any(np.diff(starts) < 0) or (len(rows) and not 0 <= rows.min() <= rows.max() < size):
            raise IndexDamaged("全文索引的各部分对不上", _REBUILD)
        self._terms = list(terms)
        self._number = {term: at for at, term in enumerate(self._terms)}
        self._words = WordSet(self._number)
        self._starts, self._rows, self._weights, self._size = starts, rows, weights, size

    def __len__(self) -> int:
        return self._size

    @classmethod
    def from_texts(cls, texts: Sequence[str], *, names: Iterable[str] = ()) -> LexicalIndex:
        """Index `texts`, row by row; `names` are the graph's own words."""
        segmenter = Segmenter(names)
        return cls.from_terms([segmenter.cut(text).terms for text in texts])

    @classmethod
    def from_terms(cls, rows: Sequence[Sequence[str]]) -> LexicalIndex:
        """Index rows of terms."""
        lengths = [len(terms) for terms in rows]
        mean = sum(lengths) / len(rows) if rows and sum(lengths) else 1.0
        postings: dict[str, list[tuple[int, int]]] = {}
        for row, terms in enumerate(rows):
            for term, count in Counter(terms).items():
                postings.setdefault(term, []).append((row, count))
        ordered = sorted(postings)
        starts = np.cumsum([0, *(len(postings[term]) for term in ordered)], dtype=np.int64)
        flat_rows = np.zeros(int(starts[-1]), dtype=np.int32)
        flat_weights = np.zeros(int(starts[-1]), dtype=np.float32)
        at = 0
        for term in ordered:
            idf = _idf(len(rows), len(postings[term]))
            for row, count in postings[term]:
                flat_rows[at] = row
                flat_weights[at] = idf * count * (K1 + 1) / (count + K1 * (1 - B + B * lengths[row] / mean))
                at += 1
        return cls(terms=ordered, starts=starts, rows=flat_rows, weights=flat_weights, size=len(rows))

    def match(self, query: str) -> LexicalMatch:
        """BM25 and coverage of every row. A term that stands twice in the query counts twice for BM25."""
        scores = np.zeros(self._size, dtype=np.float32)
        covered = np.zeros(self._size, dtype=np.float32)
        total = 0.0
        for term, count in sorted(Counter(query_terms(query, self._words)).items()):
            rows, weights = self.postings(term)
            idf = _idf(self._size, len(rows))
            scores[rows] += count * weights
            covered[rows] += idf
            total += idf
        return LexicalMatch(scores=scores, coverage=covered / total if total else covered)

    @property
    def terms(self) -> Sequence[str]:
        """All terms, sorted."""
        return self._terms

    def postings(self, term: str) -> tuple[npt.NDArray[np.int32], Floats]:
        """Rows that hold `term` and its BM25 weight in each; empty where no row does."""
        number = self._number.get(term)
        part = slice(0, 0) if number is None else slice(int(self._starts[number]), int(self._starts[number + 1]))
        return self._rows[part], self._weights[part]

    def idf(self, term: str) -> float:
        """How telling a term is: the fewer rows hold it, the more; most for one that none holds."""
        return _idf(self._size, len(self.postings(term)[0]))

    def to_npz(self) -> bytes:
        """The index as an `.npz` file, the same bytes for the same index."""
        terms = np.frombuffer(json.dumps(self._terms, ensure_ascii=False).encode(), dtype=np.uint8)
        target = io.BytesIO()
        np.savez(
            target,
            terms=terms,
            starts=self._starts,
            rows=self._rows,
            weights=self._weights,
            size=np.int64(self._size),
        )
        return target.getvalue()

    @classmethod
    def load(cls, path: Path) -> LexicalIndex:
        """Read what `to_npz` gave. Raises IndexDamaged."""
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
                return cls(
                    terms=json.loads(arrays["terms"].tobytes().decode("utf-8")),
                    starts=arrays["starts"],
                    rows=arrays["rows"],
                    weights=arrays["weights"],
                    size=int(arrays["size"]),
                )
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as err:
            raise IndexDamaged(f"全文索引 {path.name} 读不出来", _REBUILD) from err


def _idf(rows: int, holding: int) -> float:
    return math.log(1 + (rows - holding + 0.5) / (holding + 0.5))
