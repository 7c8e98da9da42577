"""From settings to the workspace that the web interface serves: snapshot, engine, builder, and models loaded once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from graph import open_snapshot
from graph.snapshot import Snapshot
from search.errors import SearchError
from ui.knowledge import Asker
from ui.opening import embedder_factory, open_planner
from ui.settings import Settings
from ui.workspace import SnapshotWorkspace

if TYPE_CHECKING:
    from search.build_report import BuildReport
    from search.embedding import Embedder
    from search.progress import Progress

log = logging.getLogger(__name__)


def open_workspace(settings: Settings, *, notify: Callable[[str], None]) -> SnapshotWorkspace:
    """The workspace over the snapshot of `settings`. A server fetches nothing: models come from this machine only.

    Raises SnapshotError.
    """
    from search.engine import SearchEngine  # noqa: PLC0415 (pulls the lexical index in; tests of the page need none)
    from search.pipeline import build  # noqa: PLC0415

    models = Models(embedder_factory(settings.model_copy(update={"offline": True}), notify=notify))
    planner = open_planner(settings)

    def engine(snapshot: Snapshot) -> Asker:
        stamp = snapshot.manifest.model
        if stamp is not None:
            models.warm(stamp.name)
        return SearchEngine.open(snapshot, embedder_factory=models.load, planner=planner)

    def builder(folder: Path, progress: Progress) -> BuildReport:
        stamp = open_snapshot(settings.snapshot).manifest.model
        return build(
            (folder,),
            settings.snapshot,
            embedder=models.load(stamp.name) if stamp else None,
            corrections=settings.corrections,
            keep=settings.keep_snapshots,
            progress=progress,
        )

    return SnapshotWorkspace(
        settings.snapshot,
        inputs=settings.inputs,
        corrections=settings.corrections,
        engine=engine,
        builder=builder,
        read_only=settings.read_only,
    )


class Models:
    """Each embedding model once in the life of the process, whatever snapshot is opened; loaded ahead of need."""

    def __init__(self, factory: Callable[[str | None], Embedder]) -> None:
        self._factory = factory
        self._lock = threading.Lock()
        self._loaded: dict[str, Embedder] = {}

    def load(self, name: str) -> Embedder:
        """Raises ModelUnavailable."""
        with self._lock:
            if name not in self._loaded:
                self._loaded[name] = self._factory(name)
            return self._loaded[name]

    def warm(self, name: str) -> None:
        """Load in the background: the first question about a topic need not wait for it."""
        if name not in self._loaded:
            threading.Thread(target=self._try, args=(name,), name="model", daemon=True).start()

    def _try(self, name: str) -> None:
        try:
            self.load(name)
        except SearchError as err:
            log.warning("model not loaded: %s", err)
