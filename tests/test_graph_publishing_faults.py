"""A build that fails anywhere leaves the old snapshot or the new one, never anything between."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from graph import build_graph, cut_passages, open_snapshot, save_snapshot
from graph.errors import GraphError, SnapshotUnwritable
from graph.publishing import sweep
from graph.snapshot import list_snapshots
from graph.verifying import verify_snapshot
from ingest.model import Field
from tests.factories import Form, make_extraction

CALLS = ("write", "fsync", "rename", "replace", "mkdir", "open")


class Injected(OSError):
    """The error that the test put in."""


def publish(directory: Path, budget: str, *, keep: int = 1) -> Path:
    extraction = make_extraction(Form(fields={Field.BUDGET_YEAR: budget}))
    kg = build_graph([extraction])
    return save_snapshot(
        directory,
        kg=kg,
        extractions=[extraction],
        passages=cut_passages(kg),
        files={"vectors.npy": b"0" * 64},
        keep=keep,
    )


def budget_served(directory: Path) -> str:
    verify_snapshot(directory)
    kg = open_snapshot(directory).kg
    return next(str(e.properties["budget_year"]) for e in kg.entities.values() if e.id.startswith("project:"))


def fail_at(monkeypatch: pytest.MonkeyPatch, call: str, number: int) -> Callable[[], int]:
    """Let the `number`th call of os.`call` fail; gives a function that tells how many calls there were."""
    real, count = getattr(os, call), 0

    def shim(*args: object, **kwargs: object) -> object:
        nonlocal count
        count += 1
        if count == number:
            raise Injected(errno.EIO, "injected")
        return real(*args, **kwargs)

    monkeypatch.setattr(os, call, shim)
    return lambda: count


@pytest.mark.parametrize("call", CALLS)
def test_error_in_every_call_leaves_old_or_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    publish(tmp_path, "1")
    served, number, failed = "1", 0, 0
    while True:
        number += 1
        wanted = str(number + 1)
        with monkeypatch.context() as patch:
            calls = fail_at(patch, call, number)
            try:
                publish(tmp_path, wanted)
                done = True
            except (SnapshotUnwritable, Injected):
                done = False
                failed += 1
            reached = calls() >= number
        found = budget_served(tmp_path)
        assert found in {served, wanted}
        assert found == wanted if done else True
        assert (
            not [path.name for path in (tmp_path / "snapshots").iterdir() if path.name.startswith(".building")]
            or not done
        )
        served = found
        if not reached:
            break
    assert failed > 0
    assert number > 3 or call in ("replace", "rename", "mkdir")


def test_everything_is_on_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Power may fail at any moment: files, then their folder, then the name; the pointer's content, then its name."""
    publish(tmp_path, "1")
    log: list[tuple[str, str]] = []
    real_fsync, real_rename, real_replace = os.fsync, os.rename, os.replace

    def fsync(handle: int) -> None:
        log.append(("fsync", str(Path(f"/proc/self/fd/{handle}").readlink())))
        real_fsync(handle)

    def rename(old: Path, new: Path) -> None:
        log.append(("rename", str(new)))
        real_rename(old, new)

    def replace(old: Path, new: Path) -> None:
        log.append(("replace", str(new)))
        real_replace(old, new)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", rename)
    monkeypatch.setattr(os, "replace", replace)
    path = publish(tmp_path, "2")
    named = log.index(("rename", str(path)))
    synced = [Path(name) for what, name in log[:named] if what == "fsync"]
    aside = next(name.parent for name in synced if name.name == "manifest.json")
    assert {name.name for name in synced if name.parent == aside} == {file.name for file in path.iterdir()}
    assert synced[-1] == aside
    rest = [(what, Path(name).name) for what, name in log[named + 1 :]]
    assert rest[:4] == [
        ("fsync", "snapshots"),
        ("fsync", ".CURRENT.new"),
        ("replace", "CURRENT"),
        ("fsync", tmp_path.name),
    ]


def test_readers_are_never_disturbed_by_builds(tmp_path: Path) -> None:
    """Readers open what serves while twenty builds publish, keep nothing old, and sweep."""
    publish(tmp_path, "0")
    done = threading.Event()
    failures: list[Exception] = []
    seen: set[str] = set()

    def read() -> None:
        while not done.is_set():
            try:
                snapshot = open_snapshot(tmp_path)
                found = [e for e in snapshot.kg.entities.values() if e.id.startswith("project:")]
                seen.add(str(found[0].properties["budget_year"]))
                assert len(snapshot.extractions) == 1
                assert snapshot.kg.claims
            except (GraphError, OSError, AssertionError) as err:
                failures.append(err)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for budget in range(1, 21):
            publish(tmp_path, str(budget), keep=0)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert len(seen) > 1


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {path!r}
from tests.test_graph_publishing_faults import CALLS, publish
at, count = {at}, 0
def wrap(name):
    real = getattr(os, name)
    def shim(*args, **kwargs):
        global count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    setattr(os, name, shim)
for name in CALLS:
    wrap(name)
publish(Path({directory!r}), "2")
print(count)
"""


def kill_at(directory: Path, at: int) -> subprocess.CompletedProcess[str]:
    code = KILLED.format(path=[p for p in sys.path if p], at=at, directory=str(directory))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("at", [1, 5, 12, 23, 34, 40, 44, 46, 48, 50, 52])
def test_kill_9_leaves_old_or_new(tmp_path: Path, at: int) -> None:
    """Killed in the middle of a call; `tests/faults/kills.py` does it at every one of them."""
    publish(tmp_path, "1")
    ended = kill_at(tmp_path, at)
    assert ended.returncode in (-signal.SIGKILL, 0), ended.stderr
    assert budget_served(tmp_path) in {"1", "2"}
    publish(tmp_path, "3")
    assert budget_served(tmp_path) == "3"
    assert sweep(tmp_path) == ()
    assert len(list_snapshots(tmp_path)) <= 2
