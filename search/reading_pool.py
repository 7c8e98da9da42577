"""Several sources read at once by a few processes, which end with us, however we end.

A process that dies costs the one source that it was reading, and only when it dies on it twice. Every process has a
pipe of its own: one that dies in the middle of an answer cannot block the others. Knows nothing of what is read.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeAlias, TypeVar

AskT = TypeVar("AskT")
AnswerT = TypeVar("AnswerT")

_Pipe: TypeAlias = "Connection[Any, Any]"

_TRIES = 2
_PATIENCE = 10.0  # seconds that a process gets to leave by itself once there is no more work

_log = logging.getLogger(__name__)


def read_together(
    read: Callable[[AskT], AnswerT], asked: Sequence[AskT], *, workers: int, give_up: Callable[[AskT], AnswerT]
) -> Iterator[AnswerT]:
    """`read` of each of `asked`, as the answers come; `give_up` of one whose process died each time.

    Questions, answers and `read` itself must be picklable. Left early, all processes are killed.
    """
    left = deque((one, 1) for one in asked)
    busy: dict[_Pipe, tuple[_Worker[AskT], AskT, int]] = {}
    idle: list[_Worker[AskT]] = []
    try:
        while left or busy:
            while left and len(busy) < workers:
                worker = idle.pop() if idle else _Worker(read)
                one, attempt = left.popleft()
                busy[worker.connection] = (worker, one, attempt)
                worker.ask(one)
            ready = wait(list(busy))
            for connection in [held for held in busy if held in ready]:
                worker, one, attempt = busy.pop(connection)
                try:
                    answer: AnswerT = worker.connection.recv()
                except (EOFError, OSError):
                    worker.kill()
                    _log.warning("a reading process died, attempt=%d", attempt)
                    if attempt < _TRIES:
                        left.append((one, attempt + 1))
                        continue
                    answer = give_up(one)
                else:
                    idle.append(worker)
                yield answer
        for worker in idle:
            worker.leave()
    finally:
        for worker in (*idle, *(held for held, _, _ in busy.values())):
            worker.kill()


class _Worker(Generic[AskT]):
    """One process and the pipe to it."""

    def __init__(self, read: Callable[[AskT], object]) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(read, theirs), daemon=True)
        self._process.start()
        theirs.close()  # so that the pipe ends with the process

    def ask(self, one: AskT) -> None:
        try:
            self.connection.send(one)
        except OSError:
            _log.debug("the process ended before it was asked; its pipe says so next")

    def leave(self) -> None:
        """Let the process end by itself."""
        self.connection.close()
        self._process.join(_PATIENCE)

    def kill(self) -> None:
        self.connection.close()
        self._process.kill()
        self._process.join()


def _serve(read: Callable[[AskT], object], connection: _Pipe) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            one = connection.recv()
        except EOFError:
            return
        connection.send(read(one))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
