"""VectorIndex: nearest passages by inner product. Vectors live as `.npy`; the FAISS index is built when first asked.

No FAISS file is ever read: a damaged one ends the process. faiss is imported on the first search only.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from search.embedding import Vectors, normalised
from search.errors import IndexDamaged

_REBUILD = "请重新执行 jixiao build"
_LENGTH_TOLERANCE = 1e-3


class VectorIndex:
    """Vectors of length 1, row by row, and the search over them."""

    def __init__(self, vectors: Vectors) -> None:
        """Raises IndexDamaged unless `vectors` is float32 of shape (rows, dimension), finite, of length 1."""
        if vectors.ndim != 2 or vectors.dtype != np.float32:
            raise IndexDamaged("向量文件的形状或类型不对", _REBUILD)
        lengths = np.linalg.norm(vectors, axis=1)
        if not np.all(np.abs(lengths - 1.0) < _LENGTH_TOLERANCE):
            raise IndexDamaged("向量文件里有不是单位长度的向量", _REBUILD)
        self._vectors = np.ascontiguousarray(vectors)
        self._faiss: Any = None

    def __len__(self) -> int:
        return int(self._vectors.shape[0])

    @property
    def vectors(self) -> Vectors:
        """Shape (rows, dimension) float32."""
        return self._vectors

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    def find(self, query: Vectors, *, limit: int) -> tuple[tuple[int, float], ...]:
        """Row and cosine of the `limit` nearest rows, best first, equal ones by row. () where there are no rows."""
        if query.shape != (self.dimension,):
            raise IndexDamaged(f"问题的向量有 {query.size} 维，而快照的向量有 {self.dimension} 维", _REBUILD)
        if not len(self) or limit <= 0:
            return ()
        scores, rows = self._index().search(query.reshape(1, -1).astype(np.float32), min(limit, len(self)))
        found = [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True)]
        return tuple(sorted(found, key=lambda hit: (-hit[1], hit[0])))

    def _index(self) -> Any:
        if self._faiss is None:
            import faiss  # noqa: PLC0415 - 0.2 s: exact questions must not pay it

            index = faiss.IndexFlatIP(self.dimension)
            index.add(self._vectors)
            self._faiss = index
        return self._faiss


class CentredIndex:
    """Nearest rows once what all rows have in common is taken away: it says nothing about any of them."""

    def __init__(self, vectors: Vectors) -> None:
        """`vectors` as for VectorIndex."""
        self._mean: Vectors = (
            vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
            if len(vectors)
            else np.zeros(vectors.shape[1], dtype=np.float32)
        )
        centred = normalised(vectors - self._mean)
        lost = ~centred.any(axis=1)  # a row that is the mean itself, such as the only one
        centred[lost] = vectors[lost]
        self._index = VectorIndex(centred)

    @property
    def vectors(self) -> Vectors:
        """The centred rows, of length 1."""
        return self._index.vectors

    def find(self, query: Vectors, *, limit: int) -> tuple[tuple[int, float], ...]:
        """As VectorIndex.find; cosines are about 0 for rows that have nothing to do with the query."""
        return self._index.find(normalised(query - self._mean), limit=limit)


def to_npy(vectors: Vectors) -> bytes:
    """`vectors` as an `.npy` file. Never numpy's own writing: on a full disk that loses the end without an error."""
    target = io.BytesIO()
    np.save(target, vectors, allow_pickle=False)
    return target.getvalue()


def load_vectors(path: Path) -> Vectors:
    """Read what to_npy gave. Raises IndexDamaged."""
    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as err:
        raise IndexDamaged(f"向量文件 {path.name} 读不出来", _REBUILD) from err
    if not isinstance(loaded, np.ndarray) or loaded.dtype != np.float32 or loaded.ndim != 2:
        raise IndexDamaged(f"向量文件 {path.name} 的形状或类型不对", _REBUILD)
    return loaded
