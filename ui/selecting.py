"""What an export holds: everything, an answer's part of the graph, a neighbourhood, or a dump read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graph import open_snapshot
from graph.errors import ImportRejected
from graph.explain import find_entity
from graph.kg import KnowledgeGraph
from graph.model import EntityId
from graph.selection import Selection, select
from graph.snapshot import Snapshot
from search.model import Answer
from ui.errors import UiError
from ui.opening import open_engine
from ui.settings import Settings
from ui.wording import failure_word

_UNLIMITED = 1_000_000


def select_all(snapshot: Snapshot) -> Selection:
    """The whole graph."""
    return _from_graph("全图", snapshot.kg, snapshot.id)


def select_around(snapshot: Snapshot, identifier: str, *, hops: int) -> Selection:
    """An entity (by id or name) and what lies within `hops` of it. Raises UnknownId."""
    entity = find_entity(snapshot.kg, identifier)
    part = snapshot.kg.neighbourhood([entity.id], hops=hops, limit=_UNLIMITED)
    return _from_graph(f"{entity.label} 周围 {hops} 步", part, snapshot.id)


def select_items(snapshot: Snapshot, answer: Answer) -> Selection:
    """The entities that an answer lists and their immediate neighbours. Raises UiError where it lists none."""
    ids = [EntityId(item.id) for item in answer.items if item.id]
    if not ids:
        raise UiError(f"这个问题的答案里没有可导出的实体：{answer.text.rstrip('。')}", "请换一个问题，或导出全图")
    return _from_graph(
        f"问题：{answer.question}", snapshot.kg.neighbourhood(ids, hops=1, limit=_UNLIMITED), snapshot.id
    )


def _from_graph(title: str, kg: KnowledgeGraph, version: str) -> Selection:
    return select(title, kg.entities.values(), kg.edges.values(), version=version)


def select_everything(settings: Settings) -> Selection:
    """The whole graph of the snapshot in force."""
    return select_all(open_snapshot(settings.snapshot))


def select_neighbourhood(settings: Settings, identifier: str, *, hops: int) -> Selection:
    """A neighbourhood in the snapshot in force."""
    return select_around(open_snapshot(settings.snapshot), identifier, hops=hops)


def select_answer(settings: Settings, question: str, *, notify: Callable[[str], None]) -> Selection:
    """What the answer to `question` lists, with its neighbours."""
    snapshot = open_snapshot(settings.snapshot)
    return select_items(snapshot, open_engine(settings, snapshot, notify=notify).ask(question))


def select_dump(file: Path) -> Selection:
    """A dump of ours read back, by its ending .jsonl or .nq. Raises ImportRejected or UiError."""
    from graph.exports_jsonl import read_jsonl  # noqa: PLC0415 (only import needs the readers)
    from graph.exports_rdf import from_nquads  # noqa: PLC0415 (rdflib)

    try:
        if file.suffix == ".jsonl":
            return _from_graph(file.name, read_jsonl(file), "")
        if file.suffix in (".nq", ".nquads"):
            return from_nquads(file.read_bytes(), title=file.name, source=str(file))
    except OSError as err:
        raise UiError(f"读不了 {file}：{failure_word(err)}", "请核对路径和权限") from err
    raise ImportRejected(str(file), "不是可以读回的格式", "请给出本程序导出的 .jsonl 或 .nq 文件")
