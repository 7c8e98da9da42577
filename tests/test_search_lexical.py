"""BM25 against a reference of twenty lines; segmentation; damaged files."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import IndexDamaged
from search.lexical import K1, B, LexicalIndex
from search.segmentation import Segmenter, WordSet, fold, query_terms

TEXTS = (
    "外墙风化、白蚁蛀蚀，门窗锈蚀",
    "白蚁防控，门窗更换等，预计第四季度完工",
    "保障800M数字集群政务共网正常运行",
    "做好文书档案、实物档案的归档、整理工作",
    "",
)


def reference_bm25(rows: list[list[str]], query: list[str]) -> list[float]:
    """Textbook BM25, a term of the query counted as often as it stands there."""
    mean = sum(map(len, rows)) / len(rows) or 1.0
    scores = []
    for terms in rows:
        counts, score = Counter(terms), 0.0
        for term in query:
            holding = sum(term in other for other in rows)
            if holding:
                idf = math.log(1 + (len(rows) - holding + 0.5) / (holding + 0.5))
                part = counts[term] + K1 * (1 - B + B * len(terms) / mean)
                score += idf * counts[term] * (K1 + 1) / part
        scores.append(score)
    return scores


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.from_texts(TEXTS, names=["数字集群政务共网"])


words = st.text(alphabet="白蚁防治修缮档案", min_size=2, max_size=2)


@given(rows=st.lists(st.lists(words, max_size=8), min_size=1, max_size=8), query=st.lists(words, max_size=5))
def test_match_agrees_with_the_reference(rows: list[list[str]], query: list[str]) -> None:
    text = "，".join(query)  # commas keep words apart, so that the query's terms are the words themselves
    found = LexicalIndex.from_terms(rows).match(text).scores
    assert np.allclose(found, reference_bm25(rows, query), atol=1e-4)


def test_match_prefers_rows_that_hold_the_words(index: LexicalIndex) -> None:
    match = index.match("白蚁防控")
    assert int(match.scores.argmax()) == 1
    assert match.coverage[1] == pytest.approx(1.0)
    assert 0 < match.coverage[0] < 1
    assert match.scores[2] == match.coverage[2] == 0


@pytest.mark.parametrize("query", ["", "，。", "写诗", "🐼"], ids=["empty", "punctuation", "unknown", "emoji"])
def test_match_finds_nothing(index: LexicalIndex, query: str) -> None:
    match = index.match(query)
    assert not match.scores.any() and not match.coverage.any()


@pytest.mark.parametrize("query", ["800m", "８００Ｍ", "800 M"])
def test_match_folds_width_case_and_space(index: LexicalIndex, query: str) -> None:
    assert int(index.match(query).scores.argmax()) == 2


def test_match_in_an_empty_index() -> None:
    assert LexicalIndex.from_terms([]).match("白蚁").scores.shape == (0,)


def test_segmenter_terms_hold_words_pairs_and_names() -> None:
    cut = Segmenter(["政务共网"]).cut("政务共网终端设备")
    assert {"政务共网", "政务", "务共", "终端设备", "设备"} <= set(cut.terms)
    assert cut.terms.count("设备") == 1  # a word that is a pair counts once where it stands
    assert "设备" in cut.words and "务共" not in cut.words


def test_segmenter_needs_no_cache_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    Segmenter().cut("不写缓存文件")
    assert list(tmp_path.iterdir()) == []


def test_query_terms_find_overlapping_words_and_unknown_pairs() -> None:
    vocabulary = WordSet(["公共资源", "公共资源交易", "资源"])
    assert set(query_terms("公共资源交易吗", vocabulary)) >= {"公共资源", "公共资源交易", "资源", "易吗"}


@given(st.text())
def test_fold_twice_is_fold_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_load_returns_what_was_saved(tmp_path: Path, index: LexicalIndex) -> None:
    (tmp_path / "first").write_bytes(index.to_npz())
    again = LexicalIndex.load(tmp_path / "first")
    assert np.array_equal(again.match("白蚁").scores, index.match("白蚁").scores)
    (tmp_path / "second").write_bytes(again.to_npz())
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


@pytest.mark.parametrize("cut", [0, 10, 200])
def test_load_refuses_a_truncated_file(tmp_path: Path, index: LexicalIndex, cut: int) -> None:
    path = tmp_path / "index"
    path.write_bytes(index.to_npz())
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(IndexDamaged):
        LexicalIndex.load(path)


def test_index_refuses_postings_beyond_its_rows() -> None:
    with pytest.raises(IndexDamaged):
        LexicalIndex(
            terms=["白蚁"],
            starts=np.array([0, 1]),
            rows=np.array([7], dtype=np.int32),
            weights=np.array([1.0], dtype=np.float32),
            size=2,
        )
