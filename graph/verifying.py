"""`jixiao verify`: every hash of a snapshot and every invariant of what it holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from graph.durable import files_in
from graph.errors import SnapshotDamaged
from graph.ids import edge_id, type_of
from graph.kg import KnowledgeGraph
from graph.manifest import MANIFEST
from graph.model import Source
from graph.snapshot import Snapshot, open_snapshot

_SHOWN = 20  # problems spelt out in one message


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was looked at and found in order."""

    snapshot: str
    files: int
    entities: int
    edges: int
    claims: int
    quotes: int

    def to_json(self) -> dict[str, str | int]:
        """The id of the snapshot and how much of each kind was compared."""
        return asdict(self)

    def to_text(self) -> str:
        """One Chinese sentence."""
        return (
            f"快照 {self.snapshot} 完好：{self.files} 个文件的校验值、{self.entities} 个实体、{self.edges} 条关系、"
            f"{self.claims} 条主张、{self.quotes} 处引文全部相符。"
        )


def verify_snapshot(directory: Path) -> Verification:
    """What was verified of the snapshot that serves in `directory`.

    Raises SnapshotMissing, SnapshotVersion, or SnapshotDamaged, which names what is wrong (the first 20 files or ids).
    """
    snapshot = open_snapshot(directory)
    quotes, problems = _check_quotes(snapshot)
    problems += [*_strangers(snapshot), *_broken_counts(snapshot), *_broken_ids(snapshot.kg)]
    if problems:
        shown = "；".join(problems[:_SHOWN]) + (f"；等共 {len(problems)} 处" if len(problems) > _SHOWN else "")
        raise SnapshotDamaged(str(snapshot.path), shown, "请运行 jixiao rollback 退回上一份快照，或重新构建")
    kg = snapshot.kg
    return Verification(
        snapshot=snapshot.id,
        files=len(snapshot.manifest.files),
        entities=len(kg),
        edges=len(kg.edges),
        claims=len(kg.claims),
        quotes=quotes,
    )


def _check_quotes(snapshot: Snapshot) -> tuple[int, list[str]]:
    texts, problems, count = snapshot.documents, [], 0
    proven: list[tuple[str, tuple[Source, ...]]] = [
        *((e.id, (*e.sources, *chain(*e.evidence.values()))) for e in snapshot.kg.entities.values()),
        *((e.id, e.sources) for e in snapshot.kg.edges.values()),
        *((c.id, c.sources) for c in snapshot.kg.claims),
        *((p.id, p.sources) for p in snapshot.passages),
    ]
    for name, sources in proven:
        if not sources:
            problems.append(f"{name} 没有出处")
        for source in sources:
            count += 1
            if texts.get(source.document, "")[source.start : source.end] != source.quote:
                problems.append(f"{name} 的引文与 {source.document} 的原文不符")
    problems += [f"{p.id} 所属的 {p.entity} 不在图中" for p in snapshot.passages if p.entity not in snapshot.kg]
    return count, problems


def _strangers(snapshot: Snapshot) -> list[str]:
    known = {*snapshot.manifest.files, MANIFEST}
    found = (path.relative_to(snapshot.path).as_posix() for path in files_in(snapshot.path))
    return [f"{name} 不在清单中" for name in found if name not in known]


def _broken_counts(snapshot: Snapshot) -> list[str]:
    found = {**snapshot.kg.counts(), "passages": len(snapshot.passages), "claims": len(snapshot.kg.claims)}
    stated = snapshot.manifest.counts
    wrong = sorted(name for name in {*found, *stated} if found.get(name, 0) != stated.get(name, 0))
    problems = [f"{name} 实有 {found.get(name, 0)} 个，清单记 {stated.get(name, 0)} 个" for name in wrong]
    sources = {(source.name, source.sha256) for source in snapshot.manifest.sources}
    if sources != {(doc.name, doc.sha256) for doc in snapshot.sources.values()}:
        problems.append("来源文件与清单不符")
    return problems


def _broken_ids(kg: KnowledgeGraph) -> list[str]:
    problems = [f"{e.id} 的编号与类型不符" for e in kg.entities.values() if type_of(e.id) is not e.type]
    problems += [f"{e.id} 的编号与两端不符" for e in kg.edges.values() if edge_id(e.type, e.source, e.target) != e.id]
    if len({claim.id for claim in kg.claims}) != len(kg.claims):
        problems.append("有重复的主张编号")
    return problems
