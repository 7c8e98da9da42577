"""build: files → snapshot, as a list of steps to be read aloud. No logic lives here but their order.

Until the last step nothing that serves is touched: interrupted or failed, the old snapshot answers on.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from graph import build_graph, cut_passages, save_snapshot
from graph.corrections import Corrections, load_corrections
from graph.publishing import lock_builds
from ingest.sources import find_sources
from search.build_report import BuildReport
from search.build_state import (
    Stopwatch,
    find_copies,
    find_formless,
    find_previous,
    find_warnings,
    merge_rejections,
    nothing_readable,
    reject,
    report_unchanged,
    version_stamp,
)
from search.embedding import Embedder
from search.intake import reader_version, take_in
from search.progress import Progress, unwatched
from search.topic_index import build_topic_index, kept_vectors
from search.unfinished import Unfinished

_log = logging.getLogger(__name__)


def build(
    paths: Sequence[Path],
    directory: Path,
    *,
    embedder: Embedder | None,
    corrections: Path | None = None,
    keep: int = 3,
    progress: Progress = unwatched,
) -> BuildReport:
    """Build the snapshot of `paths` (files, folders, archives) in `directory` and let it serve.

    The snapshot is a function of the files and the corrections alone: what an earlier one holds of the same bytes is
    used again, never anything else of it. Without `embedder` topics are found by words only, and a note says so.
    `corrections` is a file of people's decisions; where there is none, nothing is corrected.
    Raises NothingReadable (naming each refusal), SnapshotLocked, SnapshotUnwritable, ModelUnavailable,
    CorrectionsError.
    """
    clock = Stopwatch(progress)
    decided = load_corrections(corrections) if corrections else Corrections()
    with lock_builds(directory):
        previous = find_previous(directory)
        sources = find_sources(paths)
        unfinished = Unfinished(
            directory / "unfinished", reader=reader_version(), model=embedder.digest if embedder else ""
        )
        known = {**unfinished.extractions(), **(previous.reusable(reader_version()) if previous else {})}
        intake = take_in(sources.found, known, unfinished=unfinished, progress=clock)
        rejected = merge_rejections(reject(sources.skipped), intake.rejected)
        if not intake.extractions:
            raise nothing_readable(rejected)
        version = version_stamp(decided)
        unchanged = report_unchanged(previous, intake, rejected, embedder, version)
        if unchanged is not None:
            unfinished.clear()
            return unchanged
        clock("构建图谱", 0, 1)
        kg = build_graph(intake.extractions, corrections=decided)
        passages = cut_passages(kg)
        clock("构建图谱", 1, 1)
        kept = {**unfinished.vectors(), **kept_vectors(previous, embedder)}
        index, embedded = build_topic_index(kg, passages, embedder, kept=kept, unfinished=unfinished, progress=clock)
        clock("写入快照", 0, 1)
        path = save_snapshot(
            directory,
            kg=kg,
            extractions=intake.extractions,
            passages=passages,
            files=index.files(),
            model=index.model,
            reader=reader_version(),
            settings=version,
            keep=keep,
            locked=True,
        )
        unfinished.clear()
        clock("写入快照", 1, 1)
    report = BuildReport(
        snapshot=path,
        files=len(intake.extractions),
        reused=intake.reused,
        embedded=embedded,
        counts={**kg.counts(), "passages": len(passages), "claims": len(kg.claims)},
        rejected=rejected,
        warnings=find_warnings(intake.extractions),
        copies=find_copies(intake.extractions),
        formless=find_formless(intake.extractions),
        notes=() if embedder else ("没有语义模型，只能按字词查找主题",),
        model=embedder.name if embedder else None,
        seconds=clock.seconds,
    )
    _log.info("built files=%d projects=%d embedded=%d", report.files, report.projects, embedded)
    return report
