"""Reading, and extracting from long texts, in a process of its own: limits on time, memory, files and output.

A crash is one file's, not ours. A process reads a few files and is replaced; where it fails to answer it is replaced at
once. Usable from any thread.
"""

from __future__ import annotations

import atexit
import logging
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec

from ingest import errors
from ingest.contents import Content
from ingest.errors import DamagedSource, IngestError, OversizedSource, UnreadableSource
from ingest.exchange import FRAME, Request, Response
from ingest.limits import Limits
from ingest.model import Document, Extraction, MediaType

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent
_FILES_PER_PROCESS = 20
_IDLE_PROCESSES = 2
_PREFIX = "jixiao-reading-"
_LEFT_AFTER = 86_400  # seconds; another machine's processes may share the folder
_ANSWER_LIMIT = 512 << 20  # bytes of JSON: the text limit with an address for every cell stays below
_CHUNK = 1 << 20
_EMPTY = FRAME.pack(0)
_TAIL = 4096  # bytes of standard error kept
_SPLIT_ADVICE = "请拆成几份、另存为普通 PDF 或 DOCX 后再导入"
_ERRORS = MappingProxyType(
    {kind.__name__: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, IngestError)}
)


def read_isolated(data: bytes, media_type: MediaType, *, name: str, limits: Limits) -> Content:
    """The content of `data`, parsed in a limited process. Raises the IngestError tree, nothing else."""
    response = _ask(Request(name=name, media_type=media_type, limits=limits), data)
    if response.content is None:
        raise _ERRORS.get(response.error, DamagedSource)(name, response.reason, response.advice)
    return response.content


def extract_isolated(doc: Document, *, limits: Limits) -> Extraction:
    """What `doc` says, found in a limited process. Raises the IngestError tree, nothing else."""
    request = Request(name=doc.name, media_type=doc.media_type, limits=limits, extract=True)
    response = _ask(request, msgspec.json.encode(doc))
    if response.extraction is None:
        raise _ERRORS.get(response.error, DamagedSource)(doc.name, response.reason, response.advice)
    return response.extraction


def _ask(request: Request, data: bytes) -> Response:
    process = _take(request.name)
    try:
        raw = process.read(request, data)
    except BaseException:
        process.close()
        raise
    try:
        response = msgspec.json.decode(raw, type=Response)
    except (msgspec.DecodeError, ValueError) as err:
        process.close()
        raise DamagedSource(request.name, "解析结果不完整", "请用原软件打开并另存后再导入") from err
    _give_back(process)
    return response


class _Process:
    """One child and its pipes. Used by one thread at a time."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.files = 0
        self._ready = self._late = False
        sweep_leftovers()
        self._directory = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")
        environment = {
            "PATH": os.defpath,
            "HOME": self._directory,
            "TMPDIR": self._directory,
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(_ROOT),
            "PYTHONUTF8": "1",
            "OMP_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
        }
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "ingest.reading_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._directory,
            env=environment,
            start_new_session=True,
        )
        self._stderr = bytearray()

    def alive(self) -> bool:
        return self._popen.poll() is None

    def read(self, request: Request, data: bytes) -> bytes:
        """The raw answer. Raises IngestError where there is none in time."""
        self.files += 1
        head = msgspec.json.encode(request)
        parts = [FRAME.pack(len(head)) + head + FRAME.pack(len(data)), data]
        answer = self._exchange(parts, request.limits)
        if answer is None:
            raise self._failure(request)
        return answer

    def close(self) -> None:
        """End the child and whatever it started; remove its folder."""
        if self.owner == os.getpid():
            if self._popen.poll() is None:
                self._signal_group()
            self._popen.wait()
            shutil.rmtree(self._directory, ignore_errors=True)
        for stream in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    logger.debug("the reading process closed its pipe first")

    def _signal_group(self) -> None:
        try:
            os.killpg(self._popen.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self._popen.kill()

    def _exchange(self, parts: list[bytes], limits: Limits) -> bytes | None:
        """Write the request and read the answer at once; None where the child ends, is late or says too much."""
        stdin, stdout, stderr = self._popen.stdin, self._popen.stdout, self._popen.stderr
        if stdin is None or stdout is None or stderr is None:
            return None
        received = bytearray()
        pending = [memoryview(part) for part in parts if part]
        start = time.monotonic()
        deadline, last = start + limits.wall, start + max(limits.wall, limits.recognition)
        with selectors.DefaultSelector() as selector:
            os.set_blocking(stdin.fileno(), False)
            selector.register(stdin, selectors.EVENT_WRITE)
            selector.register(stdout, selectors.EVENT_READ)
            selector.register(stderr, selectors.EVENT_READ)
            while (left := deadline - time.monotonic()) > 0:
                for key, _ in selector.select(timeout=left):
                    if key.fileobj is stdin:
                        if not _push(stdin.fileno(), pending):
                            selector.unregister(stdin)
                    elif key.fileobj is stderr:
                        if not self._hear(stderr.fileno()):
                            selector.unregister(stderr)
                    else:
                        chunk = os.read(stdout.fileno(), _CHUNK)
                        if not chunk:
                            self._hear_out()
                            return None
                        received += chunk
                while received.startswith(_EMPTY):
                    del received[: FRAME.size]
                    deadline = min(last, time.monotonic() + limits.wall) if self._ready else deadline
                    self._ready = True
                if len(received) >= FRAME.size:
                    (size,) = FRAME.unpack(received[: FRAME.size])
                    if size > _ANSWER_LIMIT:
                        return None
                    if len(received) >= FRAME.size + size:
                        return bytes(received[FRAME.size : FRAME.size + size])
        self._late = True
        return None

    def _hear(self, fd: int) -> bool:
        chunk = os.read(fd, _CHUNK)
        self._stderr += chunk
        del self._stderr[:-_TAIL]
        return bool(chunk)

    def _hear_out(self) -> None:
        """What the ended child still had to say. Its grandchildren may hold the pipe: never wait for the end."""
        stderr = self._popen.stderr
        if stderr is None:
            return
        os.set_blocking(stderr.fileno(), False)
        try:
            while self._hear(stderr.fileno()):
                pass
        except BlockingIOError:
            return

    def _failure(self, request: Request) -> IngestError:
        name, limits = request.name, request.limits
        if self._late:
            self._signal_group()
            return OversizedSource(name, f"{limits.wall:.0f} 秒内没有读完，已停止", _SPLIT_ADVICE)
        code = self._popen.poll()
        if code is None:
            try:
                code = self._popen.wait(timeout=5)
            except subprocess.TimeoutExpired:
                return OversizedSource(name, "读出的内容超过上限", _SPLIT_ADVICE)
        last = self._stderr.decode("utf-8", errors="replace").strip().rpartition("\n")[2]
        logger.warning("reading of %s ended with code %s: %s", name, code, last[:200])
        if not self._ready:
            return UnreadableSource(
                name, "解析程序没有启动起来", "请检查可用内存与磁盘空间；如果一直这样，请重新安装本程序"
            )
        kind = last.partition(":")[0].rpartition(".")[2]
        if code == -signal.SIGXCPU:
            return OversizedSource(name, f"解析耗时超过 {limits.cpu} 秒的上限", _SPLIT_ADVICE)
        if kind == "MemoryError" or "bad_alloc" in last:
            return OversizedSource(name, f"解析所需内存超过 {limits.memory >> 20} MB 的上限", _SPLIT_ADVICE)
        if code == -signal.SIGKILL:
            return OversizedSource(name, "解析进程被系统终止，可能是内存不足", _SPLIT_ADVICE)
        if code is not None and code < 0:
            reason = f"文件内容有损坏，解析器崩溃（{signal.Signals(-code).name}）"
            return DamagedSource(name, reason, "请用原软件打开并另存后再导入")
        if request.extract:
            return UnreadableSource(name, f"读取时程序出错（{kind}）", "这是程序的缺陷：请把该文件和日志交给开发者")
        reason = "文件内容有损坏，无法解析" + (f"（{kind}）" if kind.isidentifier() else "")
        return DamagedSource(name, reason, "请用原软件打开并另存后再导入")


def _push(fd: int, pending: list[memoryview]) -> bool:
    """Write what the pipe takes; False once nothing is left to write or nobody reads."""
    try:
        while pending:
            written = os.write(fd, pending[0][:_CHUNK])
            pending[0] = pending[0][written:]
            if not pending[0]:
                del pending[0]
    except BlockingIOError:
        return True
    except BrokenPipeError:
        pending.clear()
    return False


_lock = threading.Lock()
_idle: list[_Process] = []


def _take(name: str) -> _Process:
    with _lock:
        while _idle:
            process = _idle.pop()
            if process.owner == os.getpid() and process.alive():
                return process
            process.close()
    try:
        return _Process()
    except OSError as err:
        raise UnreadableSource(name, "无法启动解析进程", "请检查磁盘空间与可用内存后重试") from err


def _give_back(process: _Process) -> None:
    with _lock:
        if process.files < _FILES_PER_PROCESS and len(_idle) < _IDLE_PROCESSES and process.alive():
            _idle.append(process)
            return
    process.close()


@cache
def sweep_leftovers() -> None:
    """Remove folders that killed builds of this user left behind: a day old, and their process is gone."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        number = path.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            state = path.lstat()
            if state.st_uid != os.getuid() or time.time() - state.st_mtime < _LEFT_AFTER or not number.isdecimal():
                continue
            os.kill(int(number), 0)
        except ProcessLookupError:
            shutil.rmtree(path, ignore_errors=True)
        except (OSError, OverflowError):
            continue


@atexit.register
def close_idle() -> None:
    """End the processes that wait for work; the next file starts a new one."""
    with _lock:
        waiting, _idle[:] = list(_idle), []
    for process in waiting:
        process.close()
