"""Snapshots: what was written is what is read, the same input gives the same bytes, damage is named."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from graph import build_graph, cut_passages, open_snapshot, save_snapshot
from graph.errors import SnapshotDamaged, SnapshotLocked, SnapshotMissing, SnapshotUnwritable, SnapshotVersion
from graph.manifest import FORMAT, MANIFEST, ModelStamp
from graph.publishing import lock_builds, retire, roll_back
from graph.snapshot import CURRENT, list_snapshots
from graph.verifying import verify_snapshot
from ingest.model import Extraction, Field
from tests.factories import Cited, Form, make_extraction


def documents(*budgets: str) -> list[Extraction]:
    return [
        make_extraction(
            Form(
                name=f"项目{n}",
                fields={Field.BUDGET_YEAR: budget, Field.OVERVIEW: "养护道路。" * 50},
                cites=[Cited("养护管理办法", "沪府发〔2018〕18号")],
                rows=[{"level3": "里程", "target_text": "≥10"}],
            ),
            name=f"{n}.txt",
        )
        for n, budget in enumerate(budgets)
    ]


def save(directory: Path, extractions: list[Extraction], **options: object) -> Path:
    kg = build_graph(extractions)
    return save_snapshot(directory, kg=kg, extractions=extractions, passages=cut_passages(kg), **options)  # type: ignore[arg-type]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_open_snapshot_gives_back_what_was_saved(tmp_path: Path) -> None:
    extractions = documents("100", "200")
    kg = build_graph(extractions)
    passages = cut_passages(kg)
    model = ModelStamp(name="m", digest="d", dimension=3)
    save_snapshot(
        tmp_path,
        kg=kg,
        extractions=extractions,
        passages=passages,
        files={"vectors.npy": b"123", "lexical/a.bin": b"x"},
        model=model,
        reader="7",
        settings={"a": "b"},
    )
    snapshot = open_snapshot(tmp_path)
    assert dict(snapshot.kg.entities) == dict(kg.entities)
    assert dict(snapshot.kg.edges) == dict(kg.edges)
    assert snapshot.kg.claims == kg.claims
    assert snapshot.kg.judgements == kg.judgements
    assert snapshot.passages == passages
    assert snapshot.documents == {e.document.name: e.document.text for e in extractions}
    assert list(snapshot.extractions) == extractions
    assert snapshot.reusable("another version") == {}
    assert snapshot.manifest.model == model
    assert snapshot.file("vectors.npy").read_bytes() == b"123"
    assert (snapshot.file("lexical") / "a.bin").read_bytes() == b"x"
    assert snapshot.manifest.counts["Project"] == 2
    assert verify_snapshot(tmp_path).entities == len(kg)
    with pytest.raises(SnapshotDamaged, match=r"nothing\.bin"):
        snapshot.file("nothing.bin")


def test_snapshot_directory_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SnapshotUnwritable, match="不是文件夹"):
        save(tmp_path / "file", documents("100"))


def test_roll_back_where_nothing_is_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for directory in (tmp_path / "nowhere", tmp_path / "empty"):
        with pytest.raises(SnapshotMissing):
            roll_back(directory)
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


def test_nothing_is_built_inside_a_snapshot(tmp_path: Path) -> None:
    published = save(tmp_path, documents("100"))
    before = bytes_of(published)
    for change in (lambda: save(published, documents("200")), lambda: roll_back(published)):
        with pytest.raises(SnapshotUnwritable, match="已建好的快照"):
            change()
    assert bytes_of(published) == before


def test_same_input_in_any_order_gives_the_same_bytes(tmp_path: Path) -> None:
    extractions = documents("100", "200", "300")
    first = save(tmp_path / "a", extractions)
    second = save(tmp_path / "b", extractions[::-1])
    assert first.name == second.name
    assert bytes_of(first) == bytes_of(second)


def test_saving_the_same_again_publishes_nothing(tmp_path: Path) -> None:
    first = save(tmp_path, documents("100"))
    assert save(tmp_path, documents("100")) == first
    assert list_snapshots(tmp_path) == (first,)


def test_old_snapshots_are_kept_by_count(tmp_path: Path) -> None:
    paths = [save(tmp_path, documents(str(budget)), keep=2) for budget in range(5)]
    assert list_snapshots(tmp_path) == tuple(paths[2:])


def test_reader_keeps_the_snapshot_that_it_opened(tmp_path: Path) -> None:
    save(tmp_path, documents("1"))
    opened = open_snapshot(tmp_path)
    for budget in range(2, 6):
        save(tmp_path, documents(str(budget)), keep=0)
    assert [p.properties["budget_year"] for p in opened.kg.entities.values() if p.id.startswith("project:")] == ["1"]
    assert opened.kg.claims
    assert len(opened.extractions) == 1
    path = opened.path
    del opened
    retire(tmp_path, keep=0)
    assert not path.exists()


def test_table_that_changes_after_opening_is_named(tmp_path: Path) -> None:
    path = save(tmp_path, documents("100"))
    opened = open_snapshot(tmp_path)
    whole = (path / "claims.jsonl").read_bytes()
    (path / "claims.jsonl").write_bytes(whole.replace(b"test", b"tost"))
    with pytest.raises(SnapshotDamaged, match=r"claims\.jsonl"):
        list(opened.kg.claims)


def test_roll_back_lets_the_one_before_serve(tmp_path: Path) -> None:
    first, second = save(tmp_path, documents("1")), save(tmp_path, documents("2"))
    assert open_snapshot(tmp_path).path == second
    assert roll_back(tmp_path) == first
    assert open_snapshot(tmp_path).path == first
    with pytest.raises(SnapshotMissing):
        roll_back(tmp_path)


def test_roll_back_passes_over_a_damaged_snapshot(tmp_path: Path) -> None:
    first, second, _ = (save(tmp_path, documents(budget)) for budget in "123")
    (second / "nodes.jsonl").write_bytes(b"")
    assert roll_back(tmp_path) == first


def test_what_was_rolled_back_does_not_come_back(tmp_path: Path) -> None:
    good, bad = save(tmp_path, documents("1")), save(tmp_path, documents("2"))
    roll_back(tmp_path)
    save(tmp_path, documents("3"))
    assert bad not in list_snapshots(tmp_path)
    assert roll_back(tmp_path) == good


def test_roll_back_passes_over_another_format(tmp_path: Path) -> None:
    first, second, _ = (save(tmp_path, documents(budget)) for budget in "123")
    manifest = (second / MANIFEST).read_bytes()
    (second / MANIFEST).write_bytes(manifest.replace(b'"format": 1', b'"format": 0'))
    assert roll_back(tmp_path) == first


def test_after_a_roll_back_a_build_counts_on(tmp_path: Path) -> None:
    save(tmp_path, documents("1"))
    save(tmp_path, documents("2"))
    roll_back(tmp_path)
    assert save(tmp_path, documents("3")).name.startswith("000003-")


@pytest.mark.parametrize("name", ["nodes.jsonl", "edges.jsonl", "claims.jsonl", "documents.jsonl", MANIFEST])
def test_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (save(tmp_path, documents("1")) / name).unlink()
    with pytest.raises(SnapshotDamaged, match=name):
        open_snapshot(tmp_path)


def test_every_flipped_bit_is_found_and_the_file_named(tmp_path: Path) -> None:
    """1,000 single flips over the files of a snapshot and its pointer."""
    path = save(tmp_path, documents("1", "2"), files={"vectors.npy": bytes(range(256))})
    files = [*(p for p in sorted(path.rglob("*")) if p.is_file() and p.stat().st_size), tmp_path / CURRENT]
    contents = {file: file.read_bytes() for file in files}
    pick = random.Random(3)
    for _ in range(1000):
        file = pick.choice(files)
        data = bytearray(contents[file])
        at = pick.randrange(
            len(data) - 1 if file.name == CURRENT else len(data)
        )  # the pointer's line end means nothing
        data[at] ^= 1 << pick.randrange(8)
        file.write_bytes(data)
        with pytest.raises((SnapshotDamaged, SnapshotVersion), match=file.name):
            open_snapshot(tmp_path)
        file.write_bytes(contents[file])
    open_snapshot(tmp_path)


def test_truncated_file_is_found(tmp_path: Path) -> None:
    path = save(tmp_path, documents("1"))
    pick = random.Random(5)
    for file in (p for p in sorted(path.iterdir()) if p.stat().st_size):
        data = file.read_bytes()
        file.write_bytes(data[: pick.randrange(len(data))])
        with pytest.raises(SnapshotDamaged, match=file.name):
            open_snapshot(tmp_path)
        file.write_bytes(data)


def test_verify_finds_a_stranger(tmp_path: Path) -> None:
    (save(tmp_path, documents("1")) / "stranger").write_bytes(b"")
    with pytest.raises(SnapshotDamaged, match="stranger"):
        verify_snapshot(tmp_path)


def test_another_format_is_told_apart_from_damage(tmp_path: Path) -> None:
    path = save(tmp_path, documents("1"))
    manifest = path / MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(f'"format": {FORMAT}'.encode(), b'"format": 99'))
    with pytest.raises(SnapshotVersion, match="jixiao build"):
        open_snapshot(tmp_path)


def test_no_snapshot_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SnapshotMissing, match="jixiao build"):
        open_snapshot(tmp_path)


def test_snapshot_folder_opens_by_itself(tmp_path: Path) -> None:
    path = save(tmp_path, documents("1"))
    assert open_snapshot(path).manifest == open_snapshot(tmp_path).manifest


def test_lock_says_who_holds_it(tmp_path: Path) -> None:
    with lock_builds(tmp_path), pytest.raises(SnapshotLocked, match=f"进程 {os.getpid()}"):
        save(tmp_path, documents("1"))
    save(tmp_path, documents("1"))


def test_leftovers_of_dead_builds_are_swept(tmp_path: Path) -> None:
    save(tmp_path, documents("1"))
    dead = tmp_path / "snapshots" / ".building-99999"
    dead.mkdir()
    (dead / "nodes.jsonl").write_bytes(b"half")
    (tmp_path / "snapshots" / ".dead-000009-x").mkdir()
    save(tmp_path, documents("2"))
    assert not any(path.name.startswith(".") for path in (tmp_path / "snapshots").iterdir())


def test_full_disk_leaves_the_old_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    old = save(tmp_path, documents("1"))

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(SnapshotUnwritable, match="磁盘空间不足"):
        save(tmp_path, documents("2"))
    monkeypatch.undo()
    assert open_snapshot(tmp_path).path == old
    assert list_snapshots(tmp_path) == (old,)
