"""Adding and removing sources behind the page: the old snapshot serves until the new one is whole."""

from __future__ import annotations

import gc
import io
import os
import shutil
import threading
import zipfile
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.corrections import load_corrections
from graph.errors import CorrectionsError
from graph.model import EdgeType, EntityType
from ingest.errors import IngestError
from search.model import Answer, Status
from search.pipeline import build
from search.progress import Pace
from ui.corrections_file import note_wrong_edge, quoted
from ui.errors import ReadOnly, SourcesElsewhere, SourceUnknown, UiError
from ui.routes import zip_snapshot
from ui.service import BuildStage
from ui.source_folder import MAX_BYTES, SourceFolder, plain_name
from ui.workspace import SnapshotWorkspace

SEEDS = Path(__file__).parent.parent / "seeds"
FIRST, SECOND = "002_0a871fe0341a2d4c.txt", "004_8f41715890d7cb50.txt"


class Silent:
    """An engine that answers with the number of projects."""

    def __init__(self, snapshot) -> None:
        self.snapshot = snapshot  # as a real engine does
        self.projects = len(snapshot.kg.of_type(EntityType.PROJECT))

    def ask(self, question, *, previous=None):
        return Answer(question=question, status=Status.ANSWERED, interpretation="", text=str(self.projects))


@pytest.fixture
def made(tmp_path):
    """A snapshot of one seed, and how to open a workspace over it."""
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    shutil.copyfile(SEEDS / FIRST, inputs / FIRST)
    directory = tmp_path / "snapshot"
    build([inputs], directory, embedder=None)

    def open_workspace(**options):
        corrections = tmp_path / "corrections.toml"
        options.setdefault(
            "builder", lambda folder, _: build([folder], directory, embedder=None, corrections=corrections)
        )
        options.setdefault("inputs", inputs)
        options.setdefault("corrections", corrections)
        return SnapshotWorkspace(directory, engine=Silent, **options)

    return open_workspace


def names(workspace):
    return [row.name for row in workspace.current().sources()]


def test_workspace_shows_the_snapshot(made):
    knowledge = made().current()
    assert [(row.name, row.projects) for row in knowledge.sources()] == [(FIRST, 3)]
    assert knowledge.ask("?").text == "3"
    assert knowledge.document_text(FIRST) == (SEEDS / FIRST).read_text(encoding="utf-8")
    assert knowledge.info().counts["Project"] == 3
    assert knowledge.folder().is_dir()


def test_added_source_joins_the_next_snapshot_and_leaves_again(made):
    workspace = made()
    before = workspace.current()
    workspace.add(SECOND, (SEEDS / SECOND).read_bytes())
    workspace.wait(120)
    assert workspace.state().stage is BuildStage.DONE
    assert any(SECOND in line for line in workspace.state().lines)
    assert names(workspace) == [FIRST, SECOND]
    assert [row.name for row in before.sources()] == [FIRST]  # who holds the old one keeps it
    workspace.remove(FIRST)
    workspace.wait(120)
    assert names(workspace) == [SECOND]


def test_adding_and_removing_again_gives_the_same_snapshot(made):
    workspace = made()
    first = workspace.current().info().version.partition("-")[2]
    workspace.add(SECOND, (SEEDS / SECOND).read_bytes())
    workspace.wait(120)
    workspace.remove(SECOND)
    workspace.wait(120)
    assert workspace.current().info().version.partition("-")[2] == first


def test_old_snapshot_serves_while_the_new_one_is_built(made, tmp_path):
    go_on = threading.Event()

    def slow(folder, progress):
        progress("读取文件", 1, 2)
        assert go_on.wait(60)
        return build([folder], tmp_path / "snapshot", embedder=None)

    workspace = made(builder=slow)
    workspace.add(SECOND, (SEEDS / SECOND).read_bytes())
    until = threading.Event()
    while workspace.state().total != 2:
        assert not until.wait(0.01)
    assert workspace.state().stage is BuildStage.RUNNING
    assert workspace.state().lines == ("读取文件：1 / 2",)
    assert workspace.current().ask("?").text == "3"
    go_on.set()
    workspace.wait(120)
    assert workspace.current().ask("?").text == "6"


def test_long_stage_says_how_long_it_still_takes(made, tmp_path, monkeypatch):
    ticks = count(0.0, 30.0)
    monkeypatch.setattr("ui.workspace.Pace", lambda: Pace(lambda: next(ticks)))
    seen = []

    def slow(folder, progress):
        for done in (0, 1):
            progress("读取文件", done, 4)
            seen.extend(workspace.state().lines)
        return build([folder], tmp_path / "snapshot", embedder=None)

    workspace = made(builder=slow)
    workspace.add(SECOND, (SEEDS / SECOND).read_bytes())
    workspace.wait(120)
    assert seen == ["读取文件：0 / 4", "读取文件：1 / 4，还需约 2 分钟"]


def test_refused_file_is_named_and_forgotten(made):
    workspace = made()
    workspace.add("坏.pdf", b"%PDF-1.7 nothing follows")
    workspace.wait(120)
    assert any("坏.pdf" in line for line in workspace.state().lines)
    assert names(workspace) == [FIRST]
    workspace.add(SECOND, (SEEDS / SECOND).read_bytes())
    workspace.wait(120)
    assert not any("坏.pdf" in line for line in workspace.state().lines)


def test_unreadable_replacement_is_refused_and_the_old_file_stays(made):
    workspace = made()
    with pytest.raises(IngestError, match=FIRST):
        workspace.add(FIRST, b"\0\0")
    workspace.add(SECOND, (SEEDS / SECOND).read_bytes())
    workspace.wait(120)
    assert names(workspace) == [FIRST, SECOND]


def test_failed_build_puts_the_replaced_file_back(made, tmp_path):
    def broken(folder, progress):
        raise UiError("磁盘满了", "请腾出空间")

    workspace = made(builder=broken)
    workspace.add(FIRST, (SEEDS / SECOND).read_bytes())
    workspace.wait(120)
    assert workspace.state().stage is BuildStage.FAILED
    assert (tmp_path / "snapshot" / "sources" / FIRST).read_bytes() == (SEEDS / FIRST).read_bytes()


def test_removal_whose_build_failed_is_not_carried_out_by_the_next_one(made, tmp_path):
    fails = []

    def builder(folder, _):
        if fails:
            raise UiError("另一个构建正在进行", "请稍候")
        return build([folder], tmp_path / "snapshot", embedder=None)

    workspace = made(builder=builder)
    workspace.add(SECOND, (SEEDS / SECOND).read_bytes())
    workspace.wait(120)
    written = (tmp_path / "snapshot" / "sources" / FIRST).stat().st_mtime
    fails.append(True)
    workspace.remove(FIRST)
    workspace.wait(120)
    assert workspace.state().stage is BuildStage.FAILED
    assert (tmp_path / "snapshot" / "sources" / FIRST).read_bytes() == (SEEDS / FIRST).read_bytes()
    assert (tmp_path / "snapshot" / "sources" / FIRST).stat().st_mtime == written
    fails.clear()
    workspace.add("丙.txt", "依据财预〔2020〕10号。".encode())
    workspace.wait(120)
    assert names(workspace) == [FIRST, SECOND, "丙.txt"]


class Held:
    """A builder that waits for leave before each build, and fails those listed by number (from 1)."""

    def __init__(self, directory, *, failing):
        self.directory = directory
        self.failing = failing
        self.begun = threading.Semaphore(0)
        self.leave = threading.Semaphore(0)
        self.number = 0

    def __call__(self, folder, _):
        self.number += 1
        copy = self.directory.with_name(f"copy{self.number}")
        shutil.copytree(folder, copy)  # what this build reads
        self.begun.release()
        assert self.leave.acquire(timeout=60)
        if self.number in self.failing:
            raise UiError("磁盘已满", "请清理磁盘")
        return build([copy], self.directory, embedder=None)


@pytest.mark.parametrize(
    ("failing", "left"),
    [({2}, "一"), ({1}, "二"), ({1, 2}, None), (set(), "二")],
    ids=["second", "first", "both", "none"],
)
def test_file_uploaded_twice_while_builds_go_on_stands_as_the_snapshot_has_it(made, tmp_path, failing, left):
    held = Held(tmp_path / "snapshot", failing=failing)
    workspace = made(builder=held)
    versions = {said: f"第{said}版，依据财预〔2020〕10号。".encode() for said in "一二"}
    workspace.add("甲.txt", versions["一"])
    assert held.begun.acquire(timeout=60)
    workspace.add("甲.txt", versions["二"])
    held.leave.release()
    assert held.begun.acquire(timeout=60)
    held.leave.release()
    workspace.wait(120)
    kept = tmp_path / "snapshot" / "sources" / "甲.txt"
    assert (kept.read_bytes() if kept.exists() else None) == versions.get(left)
    assert workspace.current().document_text("甲.txt") == (versions[left].decode() if left else None)


def test_file_removed_while_another_joins_goes_with_the_next_build(made, tmp_path):
    held = Held(tmp_path / "snapshot", failing={1})
    workspace = made(builder=held)
    workspace.add(SECOND, (SEEDS / SECOND).read_bytes())
    assert held.begun.acquire(timeout=60)
    workspace.add("丙.txt", "依据财预〔2020〕10号。".encode())
    held.leave.release()
    assert held.begun.acquire(timeout=60)
    held.leave.release()
    workspace.wait(120)
    assert names(workspace) == [FIRST, "丙.txt"]  # the failed upload is gone, the later one is not


def test_failed_build_leaves_everything_as_it_was(made):
    def broken(folder, progress):
        raise UiError("磁盘已满", "请清理磁盘")

    workspace = made(builder=broken)
    workspace.add(SECOND, b"x")
    workspace.wait(60)
    assert workspace.state().stage is BuildStage.FAILED
    assert "磁盘已满。请清理磁盘" in workspace.state().lines
    assert names(workspace) == [FIRST]


def test_bug_in_a_build_is_said_with_a_number(made):
    def broken(folder, progress):
        raise ZeroDivisionError

    workspace = made(builder=broken)
    workspace.add(SECOND, b"x")
    workspace.wait(60)
    assert "编号" in workspace.state().lines[0]
    workspace.add(SECOND, b"x")  # the worker lives on
    workspace.wait(60)
    assert workspace.state().stage is BuildStage.FAILED


def test_snapshot_published_by_the_command_line_is_taken_over(made, tmp_path):
    workspace = made()
    assert workspace.current().ask("?").text == "3"
    build([SEEDS / FIRST, SEEDS / SECOND], tmp_path / "snapshot", embedder=None)
    assert workspace.current().ask("?").text == "6"


def test_download_of_a_snapshot_outlives_newer_ones(made, tmp_path):
    workspace = made()
    pieces = zip_snapshot(workspace.current())
    begun = next(pieces)
    for source in (SECOND, FIRST, SECOND):
        build([SEEDS / source], tmp_path / "snapshot", embedder=None, keep=1)
        workspace.current()
        gc.collect()
    with zipfile.ZipFile(io.BytesIO(begun + b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert {Path(name).name for name in archive.namelist()} >= {"manifest.json", "nodes.jsonl"}


def test_changes_are_refused_where_the_files_are_elsewhere(made, tmp_path):
    build([SEEDS / SECOND], tmp_path / "snapshot", embedder=None)
    with pytest.raises(SourcesElsewhere, match=SECOND):
        made().add("甲.txt", b"x")


def test_read_only_workspace_takes_no_change(made):
    workspace = made(read_only=True)
    with pytest.raises(ReadOnly):
        workspace.add(SECOND, b"x")
    with pytest.raises(ReadOnly):
        workspace.remove(FIRST)


def test_removal_of_strangers_and_of_the_last_one_is_refused(made):
    workspace = made()
    with pytest.raises(SourceUnknown):
        workspace.remove("../../etc/passwd")
    with pytest.raises(UiError, match="最后一份"):
        workspace.remove(FIRST)


def test_archive_is_opened_into_its_documents(made, tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "包.zip", "w") as archive:
        archive.write(SEEDS / SECOND, "2024/自评.txt")
        archive.writestr("../../逃.txt", "x")
    workspace = made()
    workspace.add("包.zip", (tmp_path / "包.zip").read_bytes())
    workspace.wait(120)
    assert [name for name in names(workspace) if "逃" not in name] == [FIRST, "包.zip/2024/自评.txt"]
    assert not (tmp_path.parent / "逃.txt").exists()
    workspace.remove("包.zip/2024/自评.txt")
    workspace.wait(120)
    assert "包.zip/2024/自评.txt" not in names(workspace)


def test_files_keep_their_dates_wherever_they_lie(made, tmp_path):
    written = datetime(2024, 5, 6, 12, tzinfo=UTC).timestamp()
    os.utime(tmp_path / "inputs" / FIRST, (written, written))
    workspace = made()
    assert workspace.dates() == {FIRST: date(2024, 5, 6)}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(SEEDS / SECOND, SECOND)
    workspace.add("包.zip", archive.getvalue())  # the first file is copied beside the snapshot
    workspace.wait(60)
    dates = workspace.dates()
    assert dates.pop(FIRST) == date(2024, 5, 6)
    assert list(dates) == [f"包.zip/{SECOND}"]
    shutil.rmtree(tmp_path / "inputs")
    shutil.rmtree(tmp_path / "snapshot" / "sources")
    assert workspace.dates() == {}


def test_denied_relation_is_left_out_from_the_next_snapshot_on(made, tmp_path):
    workspace = made()
    knowledge = workspace.current()
    project = knowledge.of_type(EntityType.PROJECT)[0]
    edge = next(e for e in knowledge.edges(project.id) if e.type is EdgeType.IMPLEMENTS)
    assert "corrections.toml" in workspace.deny(edge.id)
    workspace.wait(120)
    assert workspace.current().edge(edge.id) is None
    (entry,) = load_corrections(tmp_path / "corrections.toml").wrong_edges
    assert (entry.type, entry.source, entry.target) == (edge.type, edge.source, edge.target)
    with pytest.raises(SourceUnknown):
        workspace.deny(edge.id)


def test_denial_keeps_what_people_wrote_and_refuses_a_broken_file(sample, tmp_path):
    path = tmp_path / "corrections.toml"
    path.write_text('# 说明\n[[rename]]\ntype = "Unit"\nname = "甲"\nto = "乙"', encoding="utf-8")
    for _ in range(2):
        note_wrong_edge(path, sample.edges[0], sample.road, sample.rule)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# 说明\n")
    assert text.count("[[wrong_edge]]") == 1
    assert len(load_corrections(path).renames) == 1
    path.write_text("[[", encoding="utf-8")
    with pytest.raises(CorrectionsError):
        note_wrong_edge(path, sample.edges[2], sample.trees, sample.rule)
    assert path.read_text(encoding="utf-8") == "[["


@given(st.text(st.characters(codec="utf-8"), max_size=50))
def test_quoted_text_is_toml(text):
    import tomllib

    assert tomllib.loads(f"a = {quoted(text)}")["a"] == text


NAMES = (
    "../../x",
    "/etc/passwd",
    "C:\\windows\\x.txt",
    "\x00",
    "",
    ".",
    "..",
    "...",
    "~$自评表.docx",
    ".htaccess",
    "CON",
    "con.txt",
    "LPT1.pdf",
    "甲\u202etxt.exe",
    "a" * 400 + ".txt",
    "绩" * 300 + ".docx",
    "<script>alert(1)</script>.txt",
    "x" * 20 + "." + "y" * 400,
    "尾点.",
    " 空格 .txt",
    'a|b?c*d:e"f.txt',
)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_plain_name_can_be_kept_anywhere(name, tmp_path):
    plain = plain_name(name)
    assert plain
    assert Path(plain).name == plain
    assert len(plain.encode()) <= MAX_BYTES
    (tmp_path / plain).write_bytes(b"x")
    assert [path.name for path in tmp_path.iterdir()] == [plain]


@given(st.text(max_size=300))
def test_plain_name_is_its_own_plain_name(name):
    plain = plain_name(name)
    assert plain_name(plain) == plain
    assert not plain.startswith((".", "~"))
    assert "/" not in plain


def test_source_folder_remove_stays_below_itself(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"x")
    folder = SourceFolder(tmp_path / "snapshot", tmp_path)
    folder.add("甲.txt", b"x")
    folder.remove(["../../outside.txt", "../outside.txt", "甲.txt"])
    assert outside.exists()
    assert not (folder.path / "甲.txt").exists()
