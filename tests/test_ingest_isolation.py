"""A file is parsed in a process of its own: what goes wrong there stays there."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import isolation
from ingest.documents import document_from_bytes
from ingest.errors import DamagedSource, IngestError, OversizedSource, UnreadableSource
from ingest.extraction import extract, extract_bounded
from ingest.isolation import close_idle, read_isolated
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.model import Document, MediaType

PAGE = "<p>名称</p><table><tr><td>道路<td>养护</table>".encode()
TEXT = "名称\n道路\t养护\n"
CHILD = """
import os, signal, struct, sys, time
def send(raw):
    sys.stdout.buffer.write(struct.pack(">Q", len(raw)) + raw)
    sys.stdout.buffer.flush()
def receive():
    return sys.stdin.buffer.read(struct.unpack(">Q", sys.stdin.buffer.read(8))[0])
"""


@pytest.fixture(autouse=True)
def fresh_processes():
    close_idle()
    yield
    close_idle()


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Let another program stand in for the reading process."""

    def stand_in(body: str) -> None:
        script = tmp_path / "child.py"
        script.write_text(CHILD + body, encoding="utf-8")
        real = subprocess.Popen

        def start(command: list[str], **options: object) -> subprocess.Popen[bytes]:
            return real([sys.executable, str(script)], **options)

        monkeypatch.setattr(isolation.subprocess, "Popen", start)

    return stand_in


def read(limits: Limits = DEFAULT_LIMITS, data: bytes = PAGE) -> str:
    return read_isolated(data, MediaType.HTML, name="页.html", limits=limits).text


def test_read_isolated_gives_the_content() -> None:
    assert read() == TEXT
    assert read() == TEXT


def test_read_isolated_serves_many_threads() -> None:
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(read())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [TEXT] * 6


def test_read_isolated_keeps_few_processes_and_replaces_them() -> None:
    seen = set()
    for _ in range(isolation._FILES_PER_PROCESS + 1):
        read()
        seen |= {process._popen.pid for process in isolation._idle}
    assert len(isolation._idle) == 1 and len(seen) == 2


def test_read_isolated_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation.tempfile, "tempdir", str(tmp_path))
    read()
    (process,) = isolation._idle
    pid = process._popen.pid
    close_idle()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_sweep_removes_only_what_the_dead_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr(isolation.tempfile, "gettempdir", lambda: str(tmp_path))
    old = {f"jixiao-reading-{ended.pid}-a": False, f"jixiao-reading-{os.getpid()}-b": True, "jixiao-reading-x-c": True}
    for name in old:
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / f"jixiao-reading-{ended.pid}-young").mkdir()
    isolation.sweep_leftovers.cache_clear()
    isolation.sweep_leftovers()
    assert {path.name for path in tmp_path.iterdir()} == {
        *(name for name, stays in old.items() if stays),
        f"jixiao-reading-{ended.pid}-young",
    }


@pytest.mark.parametrize(
    ("body", "error", "word"),
    [
        pytest.param(
            "send(b''); receive(); os.kill(os.getpid(), signal.SIGSEGV)", DamagedSource, "SIGSEGV", id="crash"
        ),
        pytest.param(
            "send(b''); receive(); os.kill(os.getpid(), signal.SIGKILL)", OversizedSource, "内存", id="killed"
        ),
        pytest.param("send(b''); receive(); os.kill(os.getpid(), signal.SIGXCPU)", OversizedSource, "秒", id="cpu"),
        pytest.param("send(b''); receive(); raise KeyError('x')", DamagedSource, "KeyError", id="unforeseen"),
        pytest.param("send(b''); receive(); raise MemoryError", OversizedSource, "内存", id="memory"),
        pytest.param(
            "send(b''); receive(); raise RuntimeError('-' * 300 + 'std::bad_alloc')",
            OversizedSource,
            "内存",
            id="memory-of-a-library",
        ),
        pytest.param("send(b''); receive(); send(b'{\"content\":')", DamagedSource, "不完整", id="half-an-answer"),
        pytest.param(
            "send(b''); receive(); send(b'{\"content\": {\"text\": 5}}')", DamagedSource, "不完整", id="wrong-answer"
        ),
        pytest.param(
            "send(b''); sys.stdout.buffer.write(b'\\xff' * 99); sys.stdout.flush(); time.sleep(9)",
            OversizedSource,
            "上限",
            id="endless-answer",
        ),
        pytest.param("raise ImportError('x')", UnreadableSource, "启动", id="does-not-start"),
        pytest.param("pass", UnreadableSource, "启动", id="ends-at-once"),
    ],
)
def test_read_isolated_turns_any_end_into_a_reason(child, body: str, error: type[IngestError], word: str) -> None:
    child(body)
    with pytest.raises(error) as caught:
        read()
    assert word in caught.value.reason and caught.value.advice
    assert isolation._idle == []


def test_read_isolated_stops_what_takes_too_long(child) -> None:
    child("send(b''); receive(); time.sleep(60)")
    start = time.monotonic()
    with pytest.raises(OversizedSource, match="没有读完"):
        read(Limits(wall=0.5))
    assert time.monotonic() - start < 10


def test_read_isolated_gives_each_page_its_time(child) -> None:
    child(
        "send(b''); receive()\nfor _ in range(4): time.sleep(0.4); send(b'')\n"
        'send(b\'{"content": {"text": "x"}}\'); time.sleep(9)'
    )
    assert read(Limits(wall=1.0, recognition=30.0)) == "x"
    child("send(b''); receive()\nwhile True: time.sleep(0.1); send(b'')")
    with pytest.raises(OversizedSource, match="没有读完"):
        read(Limits(wall=0.5, recognition=1.0))


def test_read_isolated_ends_what_the_child_started(child, tmp_path: Path) -> None:
    child(
        "import subprocess\np = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(p.pid))\nsend(b''); receive(); time.sleep(60)"
    )
    with pytest.raises(OversizedSource):
        read(Limits(wall=3.0))
    grandchild = int((tmp_path / "pid").read_text(encoding="utf-8"))
    for _ in range(50):
        state = Path(f"/proc/{grandchild}/stat")
        if not state.exists() or state.read_text(encoding="utf-8").split()[2] == "Z":
            return
        time.sleep(0.1)
    pytest.fail("the grandchild lives on")


def test_read_isolated_bounds_memory() -> None:
    with pytest.raises(OversizedSource, match="内存"):
        read(Limits(memory=400 << 20), data=b"<p>" + "文".encode() * 30_000_000)


def test_read_isolated_bounds_cpu_time() -> None:
    rows = b"<table>" + b"<tr><td>x" * 400_000
    with pytest.raises(OversizedSource, match="秒的上限"):
        read(Limits(cpu=1), data=rows)


def test_reading_process_ends_with_its_parent() -> None:
    code = (
        "import os, time\nfrom ingest.documents import document_from_bytes\nfrom ingest import isolation\n"
        "document_from_bytes(b'<html><p>x', name='a.html')\n"
        "print(isolation._idle[0]._popen.pid, flush=True)\nos.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).parent.parent,
        timeout=60,
    )
    pid = int(done.stdout)
    for _ in range(50):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text(encoding="utf-8").split()[2] == "Z":
            return
        time.sleep(0.1)
    pytest.fail("the reading process lives on")


def test_document_from_bytes_needs_no_process_for_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation.subprocess, "Popen", None)
    assert document_from_bytes("文".encode(), name="a.txt").text == "文"


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "import os; os.system('true')",
    ],
    ids=["socket", "fetch", "shell"],
)
def test_reading_process_refuses_network_and_shell(attempt: str) -> None:
    code = f"import sys\nfrom ingest.reading_child import _refuse\nsys.addaudithook(_refuse)\n{attempt}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).parent.parent,
        timeout=60,
    )
    assert "is refused while a file is read" in done.stderr


LONG = Document(name="长.txt", sha256="0" * 64, media_type=MediaType.TEXT, text="道路养护\t1\n" * 10_000)


def test_extract_bounded_gives_the_same_in_a_process_of_its_own() -> None:
    form = "项目支出绩效自评表\n（2020年度）\n项目名称\t甲桥维护\n总分\t99.5\n根据沪财绩〔2019〕19号\n"
    doc = replace(LONG, text=form + LONG.text)
    assert extract_bounded(doc) == extract(doc)
    assert len(isolation._idle) == 1
    extract_bounded(replace(doc, text=form))
    assert isolation._idle[0].files == 1


def test_extract_bounded_stops_what_takes_too_long() -> None:
    with pytest.raises(OversizedSource) as info:
        extract_bounded(replace(LONG, text=LONG.text * 20), limits=Limits(wall=0.5))
    assert info.value.source == "长.txt"
    assert "没有读完" in info.value.reason


def test_extract_bounded_says_that_a_failure_is_our_bug(child) -> None:
    child('send(b""); receive(); receive(); raise IndexError("ours")')
    with pytest.raises(UnreadableSource, match="程序出错（IndexError）"):
        extract_bounded(LONG)
