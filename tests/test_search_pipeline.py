"""build: what it publishes, what it uses again, what it refuses, and that it never harms what serves."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

import ingest
from graph import open_snapshot
from graph.errors import CorrectionsError, SnapshotLocked
from graph.publishing import lock_builds
from search.build_report import BuildReport
from search.embedding import HashingEmbedder, Vectors
from search.errors import NothingReadable
from search.pipeline import build
from search.progress import Progress, unwatched
from search.topic_index import load_topic_index

SEEDS = Path(__file__).parent.parent / "seeds"
SMALL = ("002_0a871fe0341a2d4c.txt", "004_8f41715890d7cb50.txt")


class CountingEmbedder(HashingEmbedder):
    """Counts the texts that it is given."""

    def __init__(self) -> None:
        super().__init__(dimension=32)
        self.texts = 0

    def encode_passages(self, texts: Sequence[str], *, progress: Progress = unwatched) -> Vectors:
        self.texts += len(texts)
        return super().encode_passages(texts, progress=progress)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "inputs"
    folder.mkdir()
    for name in SMALL:
        shutil.copyfile(SEEDS / name, folder / name)
    return folder


def build_in(tmp_path: Path, *paths: Path, name: str = "snapshots") -> BuildReport:
    return build(paths, tmp_path / name, embedder=HashingEmbedder(dimension=32))


def test_build_publishes_projects_passages_and_index(tmp_path: Path, inputs: Path) -> None:
    report = build_in(tmp_path, inputs)
    snapshot = open_snapshot(tmp_path / "snapshots")
    assert report.snapshot == snapshot.path
    assert (report.files, report.projects, report.rejected) == (2, 6, ())
    index = load_topic_index(snapshot)
    assert index.vectors is not None
    assert len(index.vectors) == len(index.lexical) == len(snapshot.passages)
    assert report.embedded > 0
    assert "6 个项目" in report.to_text()
    assert report.to_json()["projects"] == 6


def test_build_again_finds_nothing_changed(tmp_path: Path, inputs: Path) -> None:
    first = build_in(tmp_path, inputs)
    second = build_in(tmp_path, inputs)
    assert second.unchanged and second.snapshot == first.snapshot
    assert (second.reused, second.embedded, second.counts) == (2, 0, first.counts)


def test_build_that_finds_nothing_changed_forgets_what_was_unfinished(tmp_path: Path, inputs: Path) -> None:
    build_in(tmp_path, inputs)
    left = tmp_path / "snapshots" / "unfinished"
    left.mkdir()
    (left / "read-x").write_bytes(b"x")
    assert build_in(tmp_path, inputs).unchanged
    assert not left.exists()


def test_build_tells_bad_corrections_before_it_reads(
    tmp_path: Path, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(ingest, "extract_bounded", lambda doc: read.append(doc.name))
    corrections = tmp_path / "corrections.toml"
    corrections.write_text("[[merge", encoding="utf-8")
    with pytest.raises(CorrectionsError):
        build([inputs], tmp_path / "snapshots", embedder=None, corrections=corrections)
    assert read == []


def test_build_does_not_depend_on_the_order_of_paths(tmp_path: Path, inputs: Path) -> None:
    paths = [inputs / name for name in SMALL]
    names = set()
    for number in range(3):
        random.Random(number).shuffle(paths)
        names.add(build_in(tmp_path, *paths, name=f"s{number}").snapshot.name)
    assert len(names) == 1


def test_build_reads_and_embeds_only_what_is_new(tmp_path: Path, inputs: Path) -> None:
    (inputs / SMALL[1]).rename(tmp_path / "later.txt")
    build_in(tmp_path, inputs)
    (tmp_path / "later.txt").rename(inputs / SMALL[1])
    embedder, whole = CountingEmbedder(), CountingEmbedder()
    grown = build([inputs], tmp_path / "snapshots", embedder=embedder)
    fresh = build([inputs], tmp_path / "fresh", embedder=whole)
    assert (grown.reused, fresh.reused) == (1, 0)
    assert 0 < embedder.texts == grown.embedded < whole.texts == fresh.embedded


def test_build_after_changes_equals_a_fresh_build(tmp_path: Path, inputs: Path) -> None:
    seeds = sorted(SEEDS.glob("*.txt"))
    rng = random.Random(5)
    for step in range(5):
        chosen = rng.sample([seeds[2], seeds[4], seeds[3]], k=rng.randint(1, 3))
        for path in inputs.iterdir():
            path.unlink()
        for path in chosen:
            shutil.copyfile(path, inputs / rng.choice([path.name, f"改名_{path.name}"]))
        kept = build_in(tmp_path, inputs, name="kept")
        fresh = build_in(tmp_path, inputs, name=f"fresh{step}")
        assert kept.snapshot.name.partition("-")[2] == fresh.snapshot.name.partition("-")[2]


def test_build_names_what_it_refuses_and_goes_on(tmp_path: Path, inputs: Path) -> None:
    (inputs / "empty.txt").write_bytes(b"")
    (inputs / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    report = build_in(tmp_path, inputs, tmp_path / "missing.txt")
    assert report.projects == 6
    refused = {rejection.source.rpartition("/")[2] for rejection in report.rejected}
    assert refused == {"empty.txt", "broken.pdf", "missing.txt"}
    assert all(rejection.reason for rejection in report.rejected)
    assert "empty.txt" in report.to_text()


def test_build_tells_copies_files_without_forms_and_each_doubt_once(tmp_path: Path, inputs: Path) -> None:
    shutil.copyfile(inputs / SMALL[0], inputs / "副本.txt")
    (inputs / "说明.md").write_text("# 说明\n\n本文件夹是绩效材料。\n", encoding="utf-8")
    (inputs / "残.txt").write_bytes("经费安排的说明，".encode() * 30 + b"\xe4\xb8" + "其余见附件。".encode())
    report = build_in(tmp_path, inputs, inputs / "没有.txt")
    assert report.copies == (("副本.txt", SMALL[0]),)
    assert report.formless == ("残.txt", "说明.md")
    assert len([warning for warning in report.warnings if warning.document == "残.txt"]) == 1
    text = report.to_text()
    assert f"副本.txt（同 {SMALL[0]}）" in text and "没有认出绩效表：残.txt、说明.md" in text and "残.txt 1 处" in text
    assert [r.source for r in report.rejected] == sorted(r.source for r in report.rejected)
    assert report.to_json()["copies"] == [{"source": "副本.txt", "same_as": SMALL[0]}]
    again = build_in(tmp_path, inputs)
    assert again.unchanged and (again.copies, again.formless) == (report.copies, report.formless)


def test_build_of_nothing_readable_leaves_the_old_snapshot(tmp_path: Path, inputs: Path) -> None:
    served = build_in(tmp_path, inputs).snapshot
    (tmp_path / "empty.txt").write_bytes(b"")
    with pytest.raises(NothingReadable, match=r"empty\.txt"):
        build_in(tmp_path, tmp_path / "empty.txt")
    with pytest.raises(NothingReadable):
        build_in(tmp_path, tmp_path / "nowhere")
    assert open_snapshot(tmp_path / "snapshots").path == served


def test_build_survives_a_failure_of_our_own(tmp_path: Path, inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ingest.extract_bounded

    def fails_on_one(doc: ingest.model.Document) -> ingest.model.Extraction:
        if doc.name == SMALL[0]:
            raise IndexError("our bug")
        return whole(doc)

    monkeypatch.setattr(ingest, "extract_bounded", fails_on_one)
    report = build_in(tmp_path, inputs)
    assert [(r.source, "IndexError" in r.reason) for r in report.rejected] == [(SMALL[0], True)]
    assert report.files == 1


@pytest.mark.parametrize("stop_at", ["读取文件", "构建图谱", "计算向量", "建立全文索引", "写入快照"])
def test_build_interrupted_leaves_the_old_snapshot(tmp_path: Path, inputs: Path, stop_at: str) -> None:
    served = build_in(tmp_path, inputs / SMALL[0]).snapshot

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([inputs], tmp_path / "snapshots", embedder=HashingEmbedder(dimension=32), progress=interrupt)
    assert open_snapshot(tmp_path / "snapshots").path == served
    assert build_in(tmp_path, inputs).projects == 6  # the lock is free again


def test_build_without_a_model_says_so(tmp_path: Path, inputs: Path) -> None:
    report = build([inputs], tmp_path / "snapshots", embedder=None)
    assert report.model is None and "只能按字词" in report.to_text()
    assert load_topic_index(open_snapshot(tmp_path / "snapshots")).vectors is None


def test_build_twice_at_once_says_who_holds_the_lock(tmp_path: Path, inputs: Path) -> None:
    with lock_builds(tmp_path / "snapshots"), pytest.raises(SnapshotLocked, match="进程"):
        build_in(tmp_path, inputs)


def test_build_reads_many_files_in_several_processes(tmp_path: Path) -> None:
    text = (SEEDS / SMALL[0]).read_text(encoding="utf-8")
    for number in range(10):
        path = tmp_path / "many" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("信息化运维项目", f"信息化运维项目{number}"), encoding="utf-8")
    seen: list[tuple[int, int]] = []

    def watch(stage: str, done: int, total: int) -> None:
        if stage == "读取文件":
            seen.append((done, total))

    report = build([tmp_path / "many"], tmp_path / "snapshots", embedder=None, progress=watch)
    assert report.files == 10
    assert seen[-1] == (10, 10) and seen == sorted(seen)


def test_build_reads_again_what_a_new_name_makes_another_kind_of_file(tmp_path: Path, inputs: Path) -> None:
    build_in(tmp_path, inputs)
    (inputs / SMALL[0]).rename(inputs / "改名.md")
    kept = build_in(tmp_path, inputs)
    fresh = build_in(tmp_path, inputs, name="fresh")
    assert kept.reused == 1
    assert kept.snapshot.name.partition("-")[2] == fresh.snapshot.name.partition("-")[2]
