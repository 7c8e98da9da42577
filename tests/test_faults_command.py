"""The command line when things go wrong: interrupted, locked, disk full, read-only, damaged, moved, another format."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.manifest import MANIFEST
from graph.snapshot import find_snapshot
from graph.verifying import verify_snapshot
from tests.faults.small_builds import ROOT, build_small, bytes_below, leftovers, served, write_set

COMMAND = (sys.executable, "-m", "tests.faults.stub_command")
QUESTION = "东港市建设局申报了哪些项目？"


def run(
    *arguments: str, within: tuple[str, ...] = (), prepare: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [*within, *COMMAND, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=prepare)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A snapshot directory in which a small set serves."""
    build_small(write_set(tmp_path / "old", 0), tmp_path / "snapshot")
    return tmp_path / "snapshot"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_set(tmp_path / "new", 1)


def build_of(source: Path, directory: Path) -> tuple[str, ...]:
    return "build", str(source), "--snapshot", str(directory)


@contextmanager
def build_stopped_at(stage: str, source: Path, directory: Path) -> Iterator[subprocess.Popen[str]]:
    """A build in a session of its own that waits at a stage. It is dead when the block is left, however that is."""
    with subprocess.Popen(
        [*COMMAND, "--stop-at", stage, *build_of(source, directory)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        # who started the tests in the background has SIGINT ignored, and children inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:
        assert running.stdout is not None
        try:
            while running.stdout.readline() not in ("here\n", ""):
                pass
            yield running
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)


@pytest.mark.parametrize("stage", ["读取文件", "写入快照"])
def test_ctrl_c_leaves_the_old_snapshot(directory: Path, source: Path, stage: str) -> None:
    before = served(directory)
    with build_stopped_at(stage, source, directory) as running:
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=120)
    assert (running.returncode, "已中断，原有快照未受影响" in said) == (130, True), said
    assert served(directory) == before
    build_small(source, directory)
    assert leftovers(directory) == []


def test_sigterm_leaves_the_old_snapshot(directory: Path, source: Path) -> None:
    before = served(directory)
    with build_stopped_at("写入快照", source, directory) as running:
        running.terminate()
        running.communicate(timeout=120)
    assert running.returncode in (-signal.SIGTERM, 128 + signal.SIGTERM)
    assert served(directory) == before
    assert build_small(source, directory).reused == 0


def test_second_build_says_who_holds_the_lock(directory: Path, source: Path) -> None:
    with build_stopped_at("构建图谱", source, directory) as first:
        second = run(*build_of(source, directory))
        assert second.returncode == 1
        assert f"另一个构建正在进行（进程 {first.pid}，" in second.stderr
        assert "请等它结束" in second.stderr
    assert run(*build_of(source, directory)).returncode == 0  # the kernel has freed the lock


def test_full_disk_is_said_and_the_old_snapshot_serves(directory: Path, source: Path) -> None:
    before = served(directory)
    ended = run(*build_of(source, directory), prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    assert ended.returncode == 1
    assert "磁盘空间不足，快照没有写成" in ended.stderr
    assert "原有快照不受影响" in ended.stderr
    assert served(directory) == before
    assert leftovers(directory) == []


@pytest.fixture
def read_only(directory: Path) -> Iterator[Path]:
    """The snapshot directory without leave to write, for `humble` processes."""
    paths = [directory, *directory.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield directory
    for path, mode in modes.items():
        path.chmod(mode)


def humble() -> tuple[str, ...]:
    """What runs a command as a user whom permissions bind; root is not such a one."""
    if os.geteuid():
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root, and no setpriv to put off its powers (apt install util-linux)")
    powers = "-dac_override,-dac_read_search,-fowner"
    return setpriv, f"--bounding-set={powers}", f"--inh-caps={powers}"


def test_read_only_directory_serves_and_a_build_says_why_not(read_only: Path, source: Path) -> None:
    before, place = bytes_below(read_only), ("--snapshot", str(read_only))
    asked = run("ask", QUESTION, "--json", *place, within=humble())
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["status"] == "answered"
    for verb in (("build", str(source)), ("rollback",)):
        refused = run(*verb, *place, within=humble())
        assert refused.returncode == 1
        assert "没有写入权限" in refused.stderr
    assert bytes_below(read_only) == before


def test_copied_snapshot_gives_the_same_answers(directory: Path, tmp_path: Path) -> None:
    asked = run("ask", QUESTION, "--json", "--snapshot", str(directory))
    for number, copied in enumerate((directory, find_snapshot(directory))):
        place = tmp_path / f"elsewhere{number}" / "别处"
        shutil.copytree(copied, place)
        verify_snapshot(place)
        assert run("ask", QUESTION, "--json", "--snapshot", str(place)).stdout == asked.stdout


@pytest.mark.parametrize(("version", "advice"), [(0, "jixiao build"), (2, "升级")], ids=["older", "newer"])
def test_another_format_is_refused_with_what_to_run(directory: Path, source: Path, version: int, advice: str) -> None:
    manifest = find_snapshot(directory) / MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(b'"format": 1', f'"format": {version}'.encode()))
    refused = run("ask", QUESTION, "--snapshot", str(directory))
    assert refused.returncode == 1
    assert f"快照格式为 {version}" in refused.stderr
    assert advice in refused.stderr
    assert run(*build_of(source, directory)).returncode == 0
    assert run("ask", QUESTION, "--snapshot", str(directory)).returncode == 0


def test_damage_is_named_and_the_one_before_serves_again(directory: Path, source: Path) -> None:
    before = served(directory)
    build_small(source, directory)
    (find_snapshot(directory) / "claims.jsonl").write_bytes(b"{}\n")
    refused = run("ask", QUESTION, "--snapshot", str(directory))
    assert refused.returncode == 1
    assert "claims.jsonl" in refused.stderr and "jixiao rollback" in refused.stderr
    back = run("rollback", "--snapshot", str(directory))
    assert back.returncode == 0, back.stderr
    assert served(directory) == before
