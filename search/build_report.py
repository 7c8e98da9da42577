"""BuildReport: what a build read, refused, found and doubted; as text for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph.model import EdgeType, EntityType
from search.intake import Rejection

_NAMED = 10  # files that one line of the report names


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildWarning:
    """A doubt about a reading: which document, which project (if any), a code and a Chinese sentence."""

    document: str
    project: str | None
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """`files` counts the documents in the snapshot, `reused` those not read again, `embedded` the texts embedded now.

    `counts` are entities and edges by kind. `unchanged`: nothing differed from the snapshot that serves.
    `copies` are names of files with the bytes of another one, and that one's name; `formless` names documents in which
    no project was found. `notes` are Chinese sentences that concern the whole build.
    """

    snapshot: Path
    files: int
    reused: int
    embedded: int
    counts: Mapping[str, int]
    rejected: tuple[Rejection, ...] = ()
    warnings: tuple[BuildWarning, ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    formless: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    model: str | None = None
    unchanged: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)  # time by stage; never part of a snapshot

    @property
    def projects(self) -> int:
        return self.counts.get(EntityType.PROJECT, 0)

    @property
    def citations(self) -> int:
        """Projects' citations, one for each project and document."""
        return self.counts.get(EdgeType.CITES, 0)

    def to_json(self) -> dict[str, object]:
        """The report for programs."""
        return {
            "snapshot": str(self.snapshot),
            "unchanged": self.unchanged,
            "files": self.files,
            "reused": self.reused,
            "embedded": self.embedded,
            "projects": self.projects,
            "citations": self.citations,
            "counts": dict(self.counts),
            "model": self.model,
            "rejected": [{"source": r.source, "reason": r.reason, "advice": r.advice} for r in self.rejected],
            "warnings": [
                {"document": w.document, "project": w.project, "code": w.code, "message": w.message}
                for w in self.warnings
            ],
            "copies": [{"source": name, "same_as": kept} for name, kept in self.copies],
            "without_projects": list(self.formless),
            "notes": list(self.notes),
            "seconds": dict(self.seconds),
        }

    def to_text(self) -> str:
        """The report for people, one line a fact; the first line says it all."""
        head = "内容没有变化，沿用现有快照" if self.unchanged else "快照已建好"
        lines = [
            f"{head}：{self.files} 个文件，{self.projects} 个项目，{self.citations} 条引用，"
            f"{len(self.warnings)} 处存疑，{len(self.rejected)} 个文件未读入",
        ]
        if self.reused:
            lines.append(f"其中 {self.reused} 个文件内容未变，没有重新解析；新计算 {self.embedded} 段文字的向量")
        lines += [f"未读入：{r.source}：{r.reason}{'。' + r.advice if r.advice else ''}" for r in self.rejected]
        lines += _listed("内容相同，只计一次", [f"{name}（同 {kept}）" for name, kept in self.copies])
        lines += _listed("读入了文字，没有认出绩效表", self.formless)
        doubts = Counter(warning.document for warning in self.warnings).most_common()
        lines += _listed("存疑（逐条见 jixiao check）", [f"{name} {count} 处" for name, count in doubts])
        return "\n".join([*lines, *self.notes])


def _listed(what: str, names: Sequence[str]) -> list[str]:
    """One line that names the first few; [] for none."""
    rest = f"……共 {len(names)} 个文件" if len(names) > _NAMED else ""
    return [f"{what}：{'、'.join(names[:_NAMED])}{rest}"] if names else []
