"""VectorIndex against numpy; damaged files are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.embedding import Vectors
from search.errors import IndexDamaged
from search.vectors import VectorIndex, load_vectors, to_npy


def random_vectors(rows: int, dimension: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@settings(deadline=None)  # the first search imports faiss
@given(rows=st.integers(1, 60), limit=st.integers(1, 80), seed=st.integers(0, 10_000))
def test_find_agrees_with_numpy(rows: int, limit: int, seed: int) -> None:
    vectors = random_vectors(rows, 16, seed)
    query = random_vectors(1, 16, seed + 1)[0]
    expected = vectors @ query
    found = VectorIndex(vectors).find(query, limit=limit)
    assert [row for row, _ in found] == list(np.argsort(-expected, kind="stable")[:limit])
    assert np.allclose([score for _, score in found], np.sort(expected)[::-1][:limit], atol=1e-5)


def test_find_breaks_ties_by_row() -> None:
    vectors = np.repeat(random_vectors(1, 8, 3), 5, axis=0)
    assert [row for row, _ in VectorIndex(vectors).find(vectors[0], limit=5)] == [0, 1, 2, 3, 4]


def test_find_in_an_empty_index() -> None:
    index = VectorIndex(np.zeros((0, 8), dtype=np.float32))
    assert index.find(random_vectors(1, 8, 1)[0], limit=3) == ()


def test_find_refuses_a_query_of_another_dimension() -> None:
    with pytest.raises(IndexDamaged, match="16 维"):
        VectorIndex(random_vectors(2, 8, 1)).find(random_vectors(1, 16, 1)[0], limit=1)


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param(lambda v: v.astype(np.float64), id="float64"),
        pytest.param(lambda v: v[0], id="one-dimensional"),
        pytest.param(lambda v: v * np.float32(2), id="long"),
        pytest.param(lambda v: v * np.float32(0), id="zero"),
        pytest.param(lambda v: np.full_like(v, np.nan), id="nan"),
        pytest.param(lambda v: np.full_like(v, np.inf), id="infinite"),
    ],
)
def test_vector_index_refuses(poison: object) -> None:
    assert callable(poison)
    with np.errstate(all="ignore"), pytest.raises(IndexDamaged):
        VectorIndex(poison(random_vectors(3, 8, 1)))


def test_load_vectors_returns_what_was_saved(tmp_path: Path) -> None:
    vectors = random_vectors(5, 8, 2)
    (tmp_path / "v.npy").write_bytes(to_npy(vectors))
    assert np.array_equal(load_vectors(tmp_path / "v.npy"), vectors)
    first = (tmp_path / "v.npy").read_bytes()
    (tmp_path / "v.npy").write_bytes(to_npy(vectors))
    assert (tmp_path / "v.npy").read_bytes() == first


@pytest.mark.parametrize("cut", [0, 5, 100, -1])
def test_load_vectors_refuses_a_truncated_file(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "v.npy"
    path.write_bytes(to_npy(random_vectors(5, 8, 2)))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(IndexDamaged):
        load_vectors(path)


def test_load_vectors_never_unpickles(tmp_path: Path) -> None:
    path = tmp_path / "v.npy"
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(IndexDamaged):
        load_vectors(path)


def test_load_vectors_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        load_vectors(tmp_path / "none.npy")
