"""What a build knows before and after: the snapshot that serves, whether anything differs from it, doubts, times."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

import graph
from graph import open_snapshot
from graph.claims import unique_documents
from graph.corrections import Corrections
from graph.errors import SnapshotError
from graph.snapshot import Snapshot
from ingest.errors import IngestError
from ingest.model import Extraction, Field
from search import embedding, lexical, segmentation, topic_index, topic_words, vectors, word_index
from search.build_report import BuildReport, BuildWarning
from search.embedding import Embedder
from search.errors import NothingReadable
from search.intake import Intake, Rejection, reader_version
from search.progress import Progress

_log = logging.getLogger(__name__)


class Stopwatch:
    """A Progress that passes everything on and keeps how long each stage took."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage = ""
        self._since = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now
        self._progress(stage, done, total)


def version_stamp(corrections: Corrections) -> Mapping[str, str]:
    """What else a snapshot depends on, for its manifest: the code and word lists that make it, and the corrections."""
    decided = msgspec.json.encode(corrections)
    return {"builder": _builder_version(), "corrections": hashlib.sha256(decided).hexdigest()[:16]}


@cache
def _builder_version() -> str:
    folder = Path(str(graph.__file__)).parent
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".toml", ".csv")]
    files += [
        Path(str(module.__file__))
        for module in (embedding, lexical, segmentation, topic_index, topic_words, vectors, word_index)
    ]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def find_previous(directory: Path) -> Snapshot | None:
    """The snapshot that serves, every file checked; None where there is none that is whole."""
    try:
        return open_snapshot(directory)
    except SnapshotError as err:
        _log.info("no earlier snapshot to build on: %s", err.reason)
        return None


def report_unchanged(
    previous: Snapshot | None,
    intake: Intake,
    rejected: tuple[Rejection, ...],
    embedder: Embedder | None,
    version: Mapping[str, str],
) -> BuildReport | None:
    """The report where the same files, code and model made the snapshot that serves; else None."""
    if previous is None:
        return None
    manifest = previous.manifest
    documents = [(e.document.name, e.document.sha256) for e in unique_documents(intake.extractions)]
    model = (embedder.name, embedder.digest) if embedder else None
    same = (
        documents == [(source.name, source.sha256) for source in manifest.sources]
        and model == ((manifest.model.name, manifest.model.digest) if manifest.model else None)
        and dict(manifest.settings) == dict(version)
        and manifest.reader == reader_version()
    )
    if not same:
        return None
    return BuildReport(
        snapshot=previous.path,
        files=len(intake.extractions),
        reused=intake.reused,
        embedded=0,
        counts=manifest.counts,
        rejected=rejected,
        warnings=find_warnings(intake.extractions),
        copies=find_copies(intake.extractions),
        formless=find_formless(intake.extractions),
        model=embedder.name if embedder else None,
        unchanged=True,
    )


def find_warnings(extractions: Iterable[Extraction]) -> tuple[BuildWarning, ...]:
    """Every doubt about every reading, in the order of documents and places."""
    found = []
    for extraction in extractions:
        name = extraction.document.name
        for warning in (*extraction.document.warnings, *extraction.warnings):
            found.append(BuildWarning(document=name, project=None, code=warning.code, message=warning.message))
        for project in extraction.projects:
            label = project.value(Field.NAME)
            for warning in project.warnings:
                found.append(
                    BuildWarning(
                        document=name,
                        project=str(label) if label is not None else None,
                        code=warning.code,
                        message=warning.message,
                    )
                )
    return tuple(found)


def find_copies(extractions: Sequence[Extraction]) -> tuple[tuple[str, str], ...]:
    """Names of files whose bytes another one has too, each with the name that stands for them."""
    kept = {extraction.document.sha256: extraction.document.name for extraction in unique_documents(extractions)}
    named = sorted((extraction.document.name, kept[extraction.document.sha256]) for extraction in extractions)
    return tuple((name, first) for name, first in named if name != first)


def find_formless(extractions: Sequence[Extraction]) -> tuple[str, ...]:
    """Names of documents in which no project was found."""
    return tuple(sorted(e.document.name for e in unique_documents(extractions) if not e.projects))


def reject(errors: Iterable[IngestError]) -> tuple[Rejection, ...]:
    """Refusals of sources that were found but not read."""
    return tuple(Rejection(source=err.source, reason=err.reason, advice=err.advice) for err in errors)


def merge_rejections(*groups: Iterable[Rejection]) -> tuple[Rejection, ...]:
    """All refusals by the name of their source."""
    return tuple(sorted((r for group in groups for r in group), key=lambda r: (r.source, r.reason)))


def nothing_readable(rejected: tuple[Rejection, ...]) -> NothingReadable:
    """The failure of a build without a single readable document, naming each refusal."""
    named = "；".join(f"{r.source}：{r.reason}" for r in rejected) or "给出的位置没有任何文件"
    return NothingReadable(f"没有可以读入的文件（{named}）", "原有快照不受影响；请检查路径和文件后重试")
