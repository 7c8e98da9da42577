"""Intake: sources → extractions. What was read before from the same bytes is not read again; a bad file stops nothing.

Many files are read by several processes. Knows the doors of ingest, nothing of graphs.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import ingest
from ingest.errors import IngestError
from ingest.media import media_type_of
from ingest.model import Extraction
from ingest.sources import Source
from search.progress import Progress
from search.reading_pool import read_together
from search.unfinished import EXTRACTIONS_AT_ONCE, SECONDS_AT_ONCE, Unfinished

STAGE = "读取文件"

_FEW = 8  # files up to which starting processes costs more than it saves
_LIBRARIES = ("charset-normalizer", "jieba", "lxml", "onnxruntime", "openpyxl", "pillow", "pypdfium2", "rapidocr")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A source that could not be read, why, and what to do; Chinese sentences."""

    source: str
    reason: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """`reused` counts the extractions kept from before."""

    extractions: tuple[Extraction, ...]
    rejected: tuple[Rejection, ...]
    reused: int


@cache
def reader_version() -> str:
    """Digest of the code, word lists and libraries of reading: extractions of another version are not used again."""
    folder = Path(ingest.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".toml", ".csv"):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(repr([(name, _installed(name)) for name in _LIBRARIES]).encode())
    return digest.hexdigest()[:16]


def _installed(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def take_in(
    sources: Sequence[Source], known: Mapping[str, Extraction], *, unfinished: Unfinished, progress: Progress
) -> Intake:
    """Read `sources`; `known` are extractions of this reader version by the SHA-256 of their file."""
    extractions: list[Extraction] = []
    rejected: list[Rejection] = []
    fresh: list[Source] = []
    for source in sources:
        try:
            kept = _find_known(source, known) if known else None
        except IngestError as err:
            rejected.append(_rejection(source, err))
            continue
        if kept is None:
            fresh.append(source)
        else:
            extractions.append(replace(kept, document=replace(kept.document, name=source.name)))
    reused = len(extractions)
    settled = reused + len(rejected)
    progress(STAGE, settled, len(sources))
    unkept: list[Extraction] = []
    kept_at = time.monotonic()
    for number, outcome in enumerate(_read_all(fresh), start=1):
        if isinstance(outcome, Rejection):
            rejected.append(outcome)
        else:
            extractions.append(outcome)
            unkept.append(outcome)
        if len(unkept) >= EXTRACTIONS_AT_ONCE or time.monotonic() - kept_at > SECONDS_AT_ONCE:
            unfinished.keep_extractions(unkept)
            unkept, kept_at = [], time.monotonic()
        progress(STAGE, settled + number, len(sources))
    return Intake(
        extractions=tuple(sorted(extractions, key=lambda extraction: extraction.document.name)),
        rejected=tuple(sorted(rejected, key=lambda rejection: rejection.source)),
        reused=reused,
    )


def _find_known(source: Source, known: Mapping[str, Extraction]) -> Extraction | None:
    """What was read from the same bytes, unless the name now makes another kind of text of them."""
    data = source.read_bytes()
    kept = known.get(hashlib.sha256(data).hexdigest())
    return kept if kept is not None and kept.document.media_type is media_type_of(data, name=source.name) else None


def _read_all(sources: Sequence[Source]) -> Iterator[Extraction | Rejection]:
    workers = min(os.cpu_count() or 1, 8)
    if len(sources) <= _FEW or workers == 1:
        yield from map(read_source, sources)
        return
    yield from read_together(read_source, sources, workers=workers, give_up=_given_up)


def _given_up(source: Source) -> Rejection:
    return Rejection(
        source=source.name,
        reason="读取它的进程两次意外终止，可能是内存不足",
        advice="请关闭其他程序后重试，或把文件拆成几份",
    )


def read_source(source: Source) -> Extraction | Rejection:
    """What one source says, or why it could not be read.

    A failure that no reader foresaw is our bug: it is logged with its trace, named, and costs this file only.
    """
    try:
        return ingest.extract_bounded(source.read())
    except IngestError as err:
        return _rejection(source, err)
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError) as err:
        _log.exception("unforeseen failure file=%s", source.name)
        return Rejection(
            source=source.name,
            reason=f"读取时程序出错（{type(err).__name__}）",
            advice="这是程序的缺陷：请把该文件和日志交给开发者",
        )


def _rejection(source: Source, err: IngestError) -> Rejection:
    return Rejection(source=source.name, reason=err.reason, advice=err.advice)
