"""Workspace over snapshots on disk: one Knowledge serves, builds go on in a thread, a whole one takes over."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from graph import open_snapshot
from graph.errors import GraphError
from graph.snapshot import CURRENT, Snapshot
from ingest.errors import IngestError
from search.errors import SearchError
from search.progress import Pace, render_wait
from ui.corrections_file import note_wrong_edge
from ui.errors import ReadOnly, SourcesElsewhere, SourceUnknown, UiError
from ui.knowledge import Asker, GraphKnowledge
from ui.service import BuildStage, BuildState, Knowledge
from ui.source_folder import SourceFolder
from ui.web_boundary import report_bug

if TYPE_CHECKING:
    from search.build_report import BuildReport
    from search.progress import Progress

log = logging.getLogger(__name__)

Engine = Callable[[Snapshot], Asker]
Builder = Callable[[Path, "Progress"], "BuildReport"]
KEPT_LINES = 200


class SnapshotWorkspace:
    """Fulfils `ui.service.Workspace` over a snapshot directory.

    `builder` builds a snapshot of a folder of sources; it runs in a thread of this process, one build at a time.
    Uploads that come meanwhile are built together next.
    """

    def __init__(
        self,
        directory: Path,
        *,
        inputs: Path,
        corrections: Path,
        engine: Engine,
        builder: Builder,
        read_only: bool = False,
    ) -> None:
        self._directory = directory
        self._engine = engine
        self._builder = builder
        self._read_only = read_only
        self._corrections = corrections
        self._sources = SourceFolder(directory, inputs)
        self._pace = Pace()
        self._lock = threading.Lock()
        self._changing = threading.Lock()
        self._snapshot = open_snapshot(directory)
        self._knowledge: Knowledge = GraphKnowledge.from_snapshot(self._snapshot, engine(self._snapshot))
        self._pointer = self._read_pointer()
        self._state = BuildState(stage=BuildStage.IDLE)
        self._fresh: list[str] = []  # uploads that no build has begun with
        self._removed: list[str] = []
        self._wanted = False
        self._worker: threading.Thread | None = None

    @property
    def read_only(self) -> bool:
        return self._read_only

    def current(self) -> Knowledge:
        """The Knowledge that serves; a snapshot that the command line has published since is opened first."""
        pointer = self._read_pointer()
        if pointer != self._pointer:
            self._take_over(pointer)
        return self._knowledge

    def state(self) -> BuildState:
        return self._state

    def add(self, name: str, data: bytes) -> str:
        """Raises IngestError, GraphError or UiError; the snapshot that serves stays as it is."""
        self._check_writable()
        if not data:
            raise UiError("文件是空的，没有收下", "请确认文件是否完整")
        with self._changing:
            self._gather()
            names = self._sources.add(name, data)
            self._fresh += names
        self._start()
        return f"已收到{'' if len(names) == 1 else f'（含 {len(names)} 份文件）'}，正在读取。"

    def remove(self, name: str) -> str:
        """Raises UiError where there is no such source or it is the last one."""
        self._check_writable()
        names = [row.name for row in self.current().sources()]
        if name not in names:
            raise SourceUnknown("图谱中没有这份文件", "请刷新页面后重试")
        if len(names) == 1:
            raise UiError("这是最后一份文件，不能移出", "请先添加别的文件")
        with self._changing:
            self._gather()
            self._sources.remove([name])
            self._removed.append(name)
        self._start()
        return f"已移出“{name}”，正在重建图谱；完成之前，现有图谱照常使用。"

    def deny(self, edge_id: str) -> str:
        """Note in the corrections file; every later build leaves it out. Raises UiError, CorrectionsError."""
        self._check_writable()
        knowledge = self.current()
        edge = knowledge.edge(edge_id)
        if edge is None:
            raise SourceUnknown("图谱中没有这条关系", "请刷新页面后重试")
        with self._changing:
            note_wrong_edge(self._corrections, edge, knowledge.entity(edge.source), knowledge.entity(edge.target))
            try:
                self._gather()
            except SourcesElsewhere:
                return f"已记入 {self._corrections.name}，下次用 jixiao build 构建时生效。"
        self._start()
        return f"已记入 {self._corrections.name}，正在重建图谱。要撤销，请删去该文件中的这一条。"

    def dates(self) -> Mapping[str, date]:
        return self._sources.dates(row.name for row in self.current().sources())

    def wait(self, timeout: float | None = None) -> None:
        """Until no build runs."""
        worker = self._worker
        if worker is not None:
            worker.join(timeout)

    def _check_writable(self) -> None:
        if self._read_only:
            raise ReadOnly("本服务是只读的，不能增减文件", "请联系管理员")

    def _gather(self) -> None:
        snapshot = self._snapshot
        if self._wanted or (self._worker is not None and self._worker.is_alive()):
            return  # the folder is ahead of the snapshot already
        self._sources.gather(snapshot.id, self._digests())

    def _digests(self) -> dict[str, str]:
        return {stamp.name: stamp.sha256 for stamp in self._snapshot.manifest.sources}

    def _start(self) -> None:
        with self._lock:
            self._wanted = True
            if self._worker is None or not self._worker.is_alive():
                self._state = BuildState(stage=BuildStage.RUNNING, lines=("开始读取……",))
                self._worker = threading.Thread(target=self._work, name="build", daemon=True)
                self._worker.start()

    def _work(self) -> None:
        while True:
            with self._changing, self._lock:
                if not self._wanted:
                    return
                self._wanted = False
                fresh, self._fresh = self._fresh, []
                removed, self._removed = self._removed, []
            self._build(fresh, removed)

    def _build(self, fresh: list[str], removed: list[str]) -> None:
        self._pace = Pace()
        self._state = BuildState(stage=BuildStage.RUNNING, lines=("开始读取……",))
        try:
            report = self._builder(self._sources.path, self._watch)
            self._finish(report, fresh)
        except (IngestError, GraphError, SearchError, UiError) as err:
            self._restore((*fresh, *removed))
            lines = ("没有建成，现有图谱不受影响。", "。".join(filter(None, (err.reason, err.advice))))
            self._state = BuildState(stage=BuildStage.FAILED, lines=lines)
        except Exception:  # noqa: BLE001 (a thread's last boundary: our bug is said and logged, the page goes on)
            self._restore((*fresh, *removed))
            self._state = BuildState(stage=BuildStage.FAILED, lines=(report_bug("build"),))

    def _restore(self, names: Iterable[str]) -> None:
        """Put sources back as the serving snapshot has them, but for those that were changed again meanwhile."""
        with self._changing:
            self._sources.restore(set(names) - {*self._fresh, *self._removed}, self._digests())

    def _watch(self, stage: str, done: int, total: int, /) -> None:
        line = f"{stage}：{done} / {total}" if total > 1 else f"{stage}……"
        left = self._pace.seconds_left(stage, done, total)
        line += f"，还需{render_wait(left)}" if left is not None else ""
        self._state = BuildState(stage=BuildStage.RUNNING, done=done, total=total, lines=(line,))

    def _finish(self, report: BuildReport, fresh: list[str]) -> None:
        refused = {rejection.source for rejection in report.rejected}
        self._restore(name for name in fresh if name in refused)
        self._take_over(self._read_pointer())
        with self._changing:
            self._sources.settle(self._digests())
            self._sources.mark(self._snapshot.id)
        taken = {row.name: row for row in self._knowledge.sources()}
        lines = report.to_text().splitlines()
        for name in fresh:
            if name in taken:
                row = taken[name]
                lines.append(f"{name}：{row.projects} 个项目，{row.citations} 处引用关系，{row.doubts} 条疑点")
            elif name not in refused:
                lines.append(f"{name}：没有读入（内容与已有文件相同，或是会被忽略的临时文件）")
        self._state = BuildState(stage=BuildStage.DONE, lines=tuple(lines[:KEPT_LINES]))

    def _read_pointer(self) -> str:
        try:
            return (self._directory / CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _take_over(self, pointer: str) -> None:
        with self._lock:
            if pointer == self._pointer:
                return
            try:
                snapshot = open_snapshot(self._directory)
                knowledge = GraphKnowledge.from_snapshot(snapshot, self._engine(snapshot))
            except (GraphError, SearchError) as err:
                log.warning("new snapshot not taken: %s", err)
                self._pointer = pointer  # it is looked at again when the pointer moves
                return
            self._snapshot, self._knowledge, self._pointer = snapshot, knowledge, pointer
