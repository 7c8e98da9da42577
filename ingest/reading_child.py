"""The process in which one file is parsed, or a long text understood: limited, without network.

Run by `ingest.isolation` as `python -m ingest.reading_child`; what to read comes over its standard input. A parser that
fails in an unforeseen way ends this process, nothing else; the parent reads the last line of what it wrote to standard
error.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import resource
import select
import sys
import threading
from functools import partial
from typing import BinaryIO

import msgspec

from ingest.errors import IngestError
from ingest.exchange import FRAME, Request, Response
from ingest.extraction import extract
from ingest.formats import read_content
from ingest.limits import Limits
from ingest.model import Document
from ingest.pacing import listen

_CLONE_NEWNET = 0x40000000
_REFUSED = frozenset(
    ("socket.connect", "socket.getaddrinfo", "socket.sendto", "os.system", "os.exec", "webbrowser.open")
)


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    requests, responses = _take_pipes()
    _leave_the_network()
    sys.addaudithook(_refuse)
    threading.Thread(target=_die_with_parent, args=(requests.fileno(),), daemon=True).start()
    responses.write(FRAME.pack(0))  # ready
    responses.flush()
    while (head := _receive(requests)) is not None and (data := _receive(requests)) is not None:
        request = msgspec.json.decode(head, type=Request)
        _limit(request.limits)
        listen(partial(_go_on, responses, request.limits))
        raw = msgspec.json.encode(_answer(request, data))
        responses.write(FRAME.pack(len(raw)))
        responses.write(raw)
        responses.flush()


def _go_on(responses: BinaryIO, limits: Limits) -> None:
    """Tell the parent that a page is done; the next one has the whole time again."""
    responses.write(FRAME.pack(0))
    responses.flush()
    _limit(limits)


def _answer(request: Request, data: bytes) -> Response:
    if request.extract:
        return Response(extraction=extract(msgspec.json.decode(data, type=Document)))
    try:
        content = read_content(data, request.media_type, name=request.name, limits=request.limits)
    except IngestError as err:
        return Response(error=type(err).__name__, reason=err.reason, advice=err.advice)
    return Response(content=content)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent; what libraries print to standard output from now on is dropped."""
    requests, responses = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return requests, responses


def _receive(stream: BinaryIO) -> bytes | None:
    head = stream.read(FRAME.size)
    if len(head) < FRAME.size:
        return None
    (size,) = FRAME.unpack(head)
    data = stream.read(size)
    return data if len(data) == size else None


def _limit(limits: Limits) -> None:
    """Soft limits for the next file; CPU time counts on from what earlier files used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu = math.ceil(usage.ru_utime + usage.ru_stime) + limits.cpu
    wanted = {
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_FSIZE: limits.written,
        resource.RLIMIT_NOFILE: limits.files,
        resource.RLIMIT_CORE: 0,
    }
    for kind, soft in wanted.items():
        hard = resource.getrlimit(kind)[1]
        with contextlib.suppress(ValueError, OSError):  # a system that does not know the limit
            resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _leave_the_network() -> None:
    """Into an empty network namespace where the system allows it; the audit hook stands guard where it does not."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_CLONE_NEWNET)


def _refuse(event: str, _args: tuple[object, ...]) -> None:
    if event in _REFUSED:
        raise PermissionError(f"{event} is refused while a file is read")


def _die_with_parent(fd: int) -> None:
    """End when the parent's end of the pipe closes, even in the middle of a file."""
    poll = select.poll()
    poll.register(fd, 0)  # only hang-up and error are reported
    poll.poll()
    os.killpg(0, 9) if os.getpgrp() == os.getpid() else os._exit(1)


if __name__ == "__main__":
    main()
