"""corrections.toml: what people decided about names and edges. Applied at every build, so it survives re-import.

    [[merge]]                       # these writings are one
    type = "PolicyDocument"         # or Unit, Project
    names = ["《甲办法》", "沪府发〔2016〕1号"]
    reason = "…"

    [[split]]                       # these writings stand for themselves (PolicyDocument, Unit)
    type = "Unit"
    names = ["…"]

    [[rename]]                      # what is printed as `name` is to be read as `to`
    type = "Project"
    name = "…"
    to = "…"

    [[wrong_edge]]                  # this edge does not hold
    type = "cites"
    source = "项目名称"
    target = "《…》"
An entry that fits nothing in the present documents does no harm; `jixiao check` lists it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graph.errors import CorrectionsError
from graph.model import Claim, Edge, EdgeType, Entity, EntityId, EntityType, Judgement, Ruling, Value
from graph.titles import fold
from ingest import parse_number

_PREDICATES = {EntityType.PROJECT: "name", EntityType.UNIT: "name", EntityType.POLICY: "title"}
_MENTIONS = {EntityType.PROJECT: "project@", EntityType.UNIT: "unit@", EntityType.POLICY: "policy@"}
_SPLITTABLE = (EntityType.POLICY, EntityType.UNIT)
_ADVICE = "写法见 docs/corrections.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    type: EntityType
    names: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    type: EntityType
    names: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    type: EntityType
    name: str
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongEdge:
    type: EdgeType
    source: str
    target: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Entries in the order of the file."""

    merges: tuple[Merge, ...] = ()
    splits: tuple[Split, ...] = ()
    renames: tuple[Rename, ...] = ()
    wrong_edges: tuple[WrongEdge, ...] = ()

    def rename(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims with renamed values; what is printed, and where, stays."""
        rules = {(entry.type, fold(entry.name)): entry for entry in self.renames}
        return [_renamed(claim, rules) if rules else claim for claim in claims]

    def apart(self, entity_type: EntityType, writings: Iterable[str | None]) -> str:
        """The mark that keeps a mention with one of these writings to itself; "" where no split names it."""
        folded = {fold(writing) for writing in writings if writing}
        for entry in self.splits:
            if entry.type is entity_type:
                for name in entry.names:
                    if fold(name) in folded:
                        return fold(name)
        return ""

    def joined(self, entity_type: EntityType) -> tuple[frozenset[str], ...]:
        """Sets of folded writings that are one entity."""
        return tuple(frozenset(map(fold, entry.names)) for entry in self.merges if entry.type is entity_type)

    def leaders(self, entity_type: EntityType) -> dict[str, str]:
        """For each folded writing of a merge the folded first writing of it."""
        return {
            fold(name): fold(entry.names[0])
            for entry in self.merges
            if entry.type is entity_type
            for name in entry.names[1:]
        }

    def drop_edges(self, edges: Iterable[Edge], entities: Iterable[Entity]) -> tuple[list[Edge], list[Judgement]]:
        """The edges that hold, and a judgement for each one that was dropped."""
        if not self.wrong_edges:
            return list(edges), []
        called = {entity.id: writings_of(entity) for entity in entities}
        kept, judgements = [], []
        for edge in edges:
            entry = next((e for e in self.wrong_edges if _denies(e, edge, called)), None)
            if entry is None:
                kept.append(edge)
                continue
            judgements.append(
                Judgement(
                    ruling=Ruling.CORRECTED,
                    entities=(edge.source, edge.target),
                    writings=(entry.source, entry.target),
                    reason=f"人工更正：这条 {edge.type} 关系不成立。{entry.reason}".rstrip("。") + "。",
                    confidence=1.0,
                    rule="corrections.wrong_edge",
                    sources=edge.sources,
                )
            )
        return kept, judgements

    def judge(self, entities: Iterable[Entity]) -> list[Judgement]:
        """One judgement per merge, split and rename: what it concerns, or that it fits nothing in these documents."""
        called = [(entity, writings_of(entity)) for entity in entities]
        judgements = []
        for entry, verb, names in self._about_names():
            found = [e for e, writings in called if e.type is entry.type and any(fold(n) in writings for n in names)]
            reason = (
                f"人工更正：{verb}。{entry.reason}".rstrip("。") + "。"
                if found
                else f"更正没有用上：{verb}，当前文件中没有这样的名称。"
            )
            judgements.append(
                Judgement(
                    ruling=Ruling.CORRECTED,
                    entities=tuple(sorted(e.id for e in found)),
                    writings=names,
                    reason=reason,
                    confidence=1.0,
                    rule=f"corrections.{type(entry).__name__.lower()}",
                    sources=tuple(s for e in found for s in e.sources[:1]),
                )
            )
        return judgements

    def _about_names(self) -> Iterable[tuple[Merge | Split | Rename, str, tuple[str, ...]]]:
        for merge in self.merges:
            yield merge, f"合并{'、'.join(merge.names)}", merge.names
        for split in self.splits:
            yield split, f"分开{'、'.join(split.names)}", split.names
        for rename in self.renames:
            yield rename, f"“{rename.name}”读作“{rename.to}”", (rename.to,)


def writings_of(entity: Entity) -> frozenset[str]:
    """Every folded way in which an entity may be named in corrections: id, label, names, numbers."""
    found = {fold(entity.id), fold(entity.label)}
    for name in ("name", "title", "number", "aliases", "number_variants", "damaged_writings", "file"):
        value = entity.properties.get(name, ())
        found.update(map(fold, value if isinstance(value, tuple) else (str(value),)))
    if entity.type is EntityType.PROJECT and "year" in entity.properties:
        found.add(fold(f"{entity.label}（{entity.properties['year']}）"))
        found.add(fold(f"{entity.label} {entity.properties['year']}"))
    return frozenset(found)


def load_corrections(path: Path) -> Corrections:
    """The corrections in a file; none where there is no file. Raises CorrectionsError, naming the entry."""
    try:
        loose = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Corrections()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise CorrectionsError(str(path), f"更正文件无法读取（{err}）", _ADVICE) from err
    known = {"merge", "split", "rename", "wrong_edge"}
    for key in loose:
        if key not in known:
            raise CorrectionsError(str(path), f"不认识的条目 [[{key}]]", _ADVICE)
    return Corrections(
        merges=_entries(path, loose, "merge", lambda row: Merge(**_about(row, names=2))),
        splits=_entries(path, loose, "split", lambda row: Split(**_about(row, names=1, allowed=_SPLITTABLE))),
        renames=_entries(path, loose, "rename", lambda row: Rename(**_about(row, texts=("name", "to")))),
        wrong_edges=_entries(path, loose, "wrong_edge", lambda row: WrongEdge(**_about_edge(row))),
    )


def _entries(path: Path, loose: Mapping[str, Any], key: str, make: Callable[[dict[str, Any]], Any]) -> tuple[Any, ...]:
    rows = loose.get(key, [])
    if not isinstance(rows, list):
        raise CorrectionsError(str(path), f"[[{key}]] 应当写成表的列表", _ADVICE)
    made = []
    for number, row in enumerate(rows, start=1):
        try:
            made.append(make(row))
        except ValueError as err:
            raise CorrectionsError(str(path), f"第 {number} 个 [[{key}]]：{err}", _ADVICE) from err
    return tuple(made)


def _about(
    row: Any,
    *,
    names: int = 0,
    texts: tuple[str, ...] = (),
    allowed: tuple[EntityType, ...] = tuple(_PREDICATES),
) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ValueError("不是一张表")  # noqa: TRY004  a reason for people, caught above
    wanted = {"type", "reason", *texts, *(("names",) if names else ())}
    if extra := sorted(set(row) - wanted):
        raise ValueError(f"多出的键 {'、'.join(extra)}")
    try:
        entity_type = EntityType(row.get("type", ""))
    except ValueError:
        entity_type = None
    if entity_type not in allowed:
        raise ValueError(f"type 应当是 {'、'.join(allowed)} 之一")
    read: dict[str, Any] = {"type": entity_type, "reason": _text(row, "reason", optional=True)}
    if names:
        listed = row.get("names")
        if (
            not isinstance(listed, list)
            or len(listed) < names
            or not all(isinstance(n, str) and n.strip() for n in listed)
        ):
            raise ValueError(f"names 应当至少有 {names} 个名称")
        read["names"] = tuple(listed)
    return read | {name: _text(row, name) for name in texts}


def _about_edge(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ValueError("不是一张表")  # noqa: TRY004  a reason for people, caught above
    if extra := sorted(set(row) - {"type", "source", "target", "reason"}):
        raise ValueError(f"多出的键 {'、'.join(extra)}")
    try:
        edge_type = EdgeType(row.get("type", ""))
    except ValueError:
        raise ValueError(f"type 应当是 {'、'.join(EdgeType)} 之一") from None
    texts = {name: _text(row, name) for name in ("source", "target")}
    return {"type": edge_type, "reason": _text(row, "reason", optional=True), **texts}


def _text(row: Mapping[str, Any], name: str, *, optional: bool = False) -> str:
    value = row.get(name, "")
    if not isinstance(value, str) or (not value.strip() and not optional):
        raise ValueError(f"{name} 应当是一段文字")
    return value


def _renamed(claim: Claim, rules: Mapping[tuple[EntityType, str], Rename]) -> Claim:
    for entity_type, prefix in _MENTIONS.items():
        if not claim.subject.startswith(prefix):
            continue
        if claim.predicate == _PREDICATES[entity_type]:
            entry = rules.get((entity_type, fold(str(claim.value))))
            return replace(claim, value=entry.to, rule="corrections.rename") if entry else claim
        if entity_type is EntityType.POLICY and claim.predicate in ("number", "issuer_code", "year", "serial"):
            entry = rules.get((entity_type, fold(claim.raw)))
            number = parse_number(entry.to) if entry else None
            if number is not None:
                values: dict[str, Value] = {
                    "number": number.canonical,
                    "issuer_code": number.issuer_code,
                    "year": number.year or 0,
                    "serial": number.serial,
                }
                return replace(claim, value=values[claim.predicate], rule="corrections.rename")
    return claim


def _denies(entry: WrongEdge, edge: Edge, called: Mapping[EntityId, frozenset[str]]) -> bool:
    return (
        entry.type is edge.type
        and fold(entry.source) in called.get(edge.source, ())
        and fold(entry.target) in called.get(edge.target, ())
    )
