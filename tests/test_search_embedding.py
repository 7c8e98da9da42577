"""Vectors: length, order, independence of neighbours; with the real model where it can be had."""

from __future__ import annotations

import json
import random
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.manifest import ModelStamp
from search.embedding import Embedder, HashingEmbedder, SentenceTransformerEmbedder, embedder_for
from search.errors import ModelMismatch, ModelUnavailable
from search.model_store import RECORD, LocalModel, ModelSources, default_sources, obtain_model

TEXTS = (
    "清扫保洁面积",
    "为了规范本单位的档案管理，做好文书档案、实物档案的归档、整理、保管、利用工作。" * 8,
    "网络安全等级保护测评",
    "5G",
    "",
    "清扫保洁面积",
    "Θ" * 700,
)


@pytest.fixture(scope="module")
def real() -> SentenceTransformerEmbedder:
    try:
        embedder = SentenceTransformerEmbedder(obtain_model("m3e-small", default_sources()))
    except ModelUnavailable as err:
        pytest.skip(f"the real model cannot be had: {err}")
    return embedder


@given(st.lists(st.text(max_size=40), max_size=6))
def test_hashing_encode_passages_equals_single_queries(texts: list[str]) -> None:
    embedder: Embedder = HashingEmbedder()
    vectors = embedder.encode_passages(texts)
    assert vectors.shape == (len(texts), embedder.dimension)
    for text, vector in zip(texts, vectors, strict=True):
        assert np.array_equal(vector, embedder.encode_query(text))
        assert np.isclose(np.linalg.norm(vector), 1.0, atol=1e-5)


@pytest.mark.model
def test_encode_passages_normalised_in_order(real: SentenceTransformerEmbedder) -> None:
    seen: list[tuple[int, int]] = []
    vectors = real.encode_passages(TEXTS, progress=lambda stage, done, total: seen.append((done, total)))
    assert vectors.shape == (len(TEXTS), 512) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(vectors[0], vectors[5])
    assert seen[-1] == (len(set(TEXTS)), len(set(TEXTS)))
    assert real.encode_passages([]).shape == (0, 512)


@pytest.mark.model
def test_encode_passages_does_not_depend_on_neighbours(real: SentenceTransformerEmbedder) -> None:
    shuffled = list(TEXTS)
    random.Random(7).shuffle(shuffled)
    together = dict(zip(shuffled, real.encode_passages(shuffled), strict=True))
    for text in TEXTS:
        assert real.encode_passages([text])[0].tobytes() == together[text].tobytes()
        assert np.allclose(real.encode_query(text), together[text], atol=0.02)  # m3e has no prompt


@pytest.mark.model
def test_encode_passages_does_not_depend_on_order_or_size_of_the_build(real: SentenceTransformerEmbedder) -> None:
    rng = random.Random(11)
    signs = "财政项目支出绩效目标申报单位名称计划开始日期总预算元"
    texts = ["".join(rng.choices(signs, k=rng.choice([2, 3, 4, 7, 20, 40, 90]))) for _ in range(150)]
    whole = dict(zip(texts, real.encode_passages(texts), strict=True))
    part = rng.sample(texts, 23)
    for text, vector in zip(part, real.encode_passages(part), strict=True):
        assert vector.tobytes() == whole[text].tobytes()


@pytest.mark.model
def test_encode_query_from_many_threads(real: SentenceTransformerEmbedder) -> None:
    questions = [f"第{n}个项目的档案整理" for n in range(40)]
    alone = [real.encode_query(question).tobytes() for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert [vector.tobytes() for vector in pool.map(real.encode_query, questions)] == alone


@pytest.mark.model
def test_encode_passages_agrees_with_plain_sentence_transformers(real: SentenceTransformerEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    model = obtain_model("m3e-small", default_sources())
    plain = SentenceTransformer(str(model.folder), device="cpu", local_files_only=True)
    expected = plain.encode(list(TEXTS), normalize_embeddings=True, show_progress_bar=False)
    assert (real.encode_passages(TEXTS) * expected).sum(axis=1).min() > 0.9995


@pytest.mark.model
def test_load_asks_no_network(real: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError(f"network: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    model = obtain_model("m3e-small", default_sources(network=False))
    fresh = SentenceTransformerEmbedder(model)
    assert fresh.encode_query("档案整理").tobytes() == real.encode_query("档案整理").tobytes()


@pytest.mark.model
def test_encode_query_is_near_its_meaning(real: SentenceTransformerEmbedder) -> None:
    near, far = real.encode_passages(["档案整理与归档", "地铁客流疏导方案"]) @ real.encode_query("文书资料的收集保管")
    assert near > far


def test_embedder_for_refuses_another_model_of_that_name(tmp_path: Path) -> None:
    sources = ModelSources(cache=tmp_path, hub_cache=tmp_path, network=False)
    stamp = ModelStamp(name="some/model", digest="0" * 64, dimension=4)
    with pytest.raises(ModelUnavailable, match="jixiao build"):
        embedder_for(stamp, sources)
    folder = tmp_path / "some--model"
    folder.mkdir()
    record = {"name": "some/model", "digest": "1" * 64, "prompt": "", "notice": ""}
    (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelMismatch, match="另一版本"):
        embedder_for(stamp, sources)


def test_load_refuses_a_model_with_another_digest(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="损坏"):
        SentenceTransformerEmbedder(LocalModel(name="x", folder=tmp_path, digest="0" * 64)).load()
