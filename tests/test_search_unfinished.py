"""Unfinished work of an interrupted build: used again by the next one, never trusted where damaged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ingest import document_from_bytes, extract
from search import intake, topic_index
from search.embedding import HashingEmbedder, Vectors
from search.pipeline import build
from search.progress import Progress, unwatched
from search.unfinished import Unfinished

FORM = (
    "财政项目支出绩效自评表\n\n(2023 年度)\n\n项目名称\t\t第{n}号河道保洁\t\n"
    "主管部门\t\t东港区水务局\t\t实施单位\t\t东港区水务局\t\n"
)


class CountingEmbedder(HashingEmbedder):
    def __init__(self) -> None:
        super().__init__(dimension=16)
        self.texts = 0

    def encode_passages(self, texts: Sequence[str], *, progress: Progress = unwatched) -> Vectors:
        self.texts += len(texts)
        return super().encode_passages(texts, progress=progress)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "EXTRACTIONS_AT_ONCE", 2)
    monkeypatch.setattr(topic_index, "TEXTS_AT_ONCE", 5)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "inputs"
    folder.mkdir()
    for n in range(5):
        (folder / f"{n}.txt").write_text(FORM.format(n=n), encoding="utf-8")
    return folder


def stop_after(stage: str, done: int) -> Progress:
    def watch(seen: str, at: int, total: int, /) -> None:
        if seen == stage and at >= done:
            raise KeyboardInterrupt

    return watch


@pytest.mark.usefixtures("small_parts")
def test_build_after_an_interrupt_reads_only_the_rest(tmp_path: Path, inputs: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        build([inputs], tmp_path / "s", embedder=None, progress=stop_after("读取文件", 4))
    report = build([inputs], tmp_path / "s", embedder=None)
    assert (report.files, report.reused) == (5, 4)
    assert not (tmp_path / "s" / "unfinished").exists()


def test_build_keeps_few_files_that_took_long(tmp_path: Path, inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "SECONDS_AT_ONCE", 0.0)
    with pytest.raises(KeyboardInterrupt):
        build([inputs], tmp_path / "s", embedder=None, progress=stop_after("读取文件", 3))
    assert build([inputs], tmp_path / "s", embedder=None).reused == 3


@pytest.mark.usefixtures("small_parts")
def test_build_after_an_interrupt_embeds_only_the_rest(tmp_path: Path, inputs: Path) -> None:
    first = CountingEmbedder()
    with pytest.raises(KeyboardInterrupt):
        build([inputs], tmp_path / "s", embedder=first, progress=stop_after("计算向量", 12))
    second, fresh = CountingEmbedder(), CountingEmbedder()
    resumed = build([inputs], tmp_path / "s", embedder=second)
    whole = build([inputs], tmp_path / "fresh", embedder=fresh)
    assert second.texts == fresh.texts - 10
    assert resumed.snapshot.name.partition("-")[2] == whole.snapshot.name.partition("-")[2]


def unfinished(folder: Path, *, reader: str = "1", model: str = "a") -> Unfinished:
    return Unfinished(folder, reader=reader, model=model)


def test_unfinished_returns_what_was_kept(tmp_path: Path) -> None:
    extraction = extract(document_from_bytes(FORM.format(n=1).encode(), name="甲.txt"))
    vectors = np.eye(2, dtype=np.float32)
    unfinished(tmp_path).keep_extractions([extraction])
    unfinished(tmp_path).keep_vectors(["甲", "乙"], vectors)
    assert unfinished(tmp_path).extractions() == {extraction.document.sha256: extraction}
    assert [row.tobytes() for row in unfinished(tmp_path).vectors().values()] == [row.tobytes() for row in vectors]


def test_unfinished_of_another_reader_or_model_is_not_used(tmp_path: Path) -> None:
    extraction = extract(document_from_bytes(FORM.format(n=1).encode(), name="甲.txt"))
    unfinished(tmp_path).keep_extractions([extraction])
    unfinished(tmp_path).keep_vectors(["甲"], np.eye(1, dtype=np.float32))
    assert unfinished(tmp_path, reader="2").extractions() == {}
    assert unfinished(tmp_path, model="b").vectors() == {}


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_unfinished_passes_over_damaged_files(tmp_path: Path, damage: str) -> None:
    extraction = extract(document_from_bytes(FORM.format(n=1).encode(), name="甲.txt"))
    unfinished(tmp_path).keep_extractions([extraction])
    unfinished(tmp_path).keep_vectors(["甲"], np.eye(1, dtype=np.float32))
    for path in tmp_path.iterdir():
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes({"cut": data[:-7], "flip": data, "empty": b""}[damage])
    assert unfinished(tmp_path).extractions() == {}
    assert unfinished(tmp_path).vectors() == {}


def test_unfinished_that_cannot_be_read_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "embedded-a-0").mkdir()
    assert unfinished(tmp_path).vectors() == {}


def test_unfinished_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    unfinished(tmp_path / "file").keep_vectors(["甲"], np.eye(1, dtype=np.float32))
    assert unfinished(tmp_path / "file").vectors() == {}
