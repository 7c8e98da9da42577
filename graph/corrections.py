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
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graph.errors import CorrectionsError
from graph.headings import edge_heading
from graph.ids import claim_id
from graph.model import Claim, Edge, EdgeType, Entity, EntityId, EntityType, Judgement, Ruling, Source, Value
from graph.titles import fold
from ingest import parse_number
from ingest.model import DocumentNumber

_PREDICATES = {EntityType.PROJECT: "name", EntityType.UNIT: "name", EntityType.POLICY: "title"}
_MENTIONS = {EntityType.PROJECT: "project@", EntityType.UNIT: "unit@", EntityType.POLICY: "policy@"}
_SPLITTABLE = (EntityType.POLICY, EntityType.UNIT)
_OF_NUMBER = frozenset({"kind", "number", "issuer_code", "year", "serial"})  # predicates that a number says
_RENAMED = "corrections.rename"
_ADVICE = "写法见 docs/corrections.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """These writings are one entity."""

    type: EntityType
    names: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Each of these writings stands for itself."""

    type: EntityType
    names: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """What is printed as `name` is read as `to`."""

    type: EntityType
    name: str
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongEdge:
    """This edge does not hold; its ends are named by any writing or by id."""

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
        listed = list(claims)
        rules = {(entry.type, fold(entry.name)): entry for entry in self.renames}
        numbers = _new_numbers(listed, rules) if rules else {}
        renamed: list[Claim] = []
        for claim in listed:
            number = numbers.get(claim.subject)
            if number is None or claim.predicate not in _OF_NUMBER:
                renamed.append(_renamed(claim, rules))
            elif claim.predicate == "number":
                renamed += _renumbered(claim, number)
        return renamed

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
        """The edges that hold; a judgement for each one that was dropped, and for each entry that denies none."""
        if not self.wrong_edges:
            return list(edges), []
        called = {entity.id: writings_of(entity) for entity in entities}
        kept, judgements = [], []
        idle = dict.fromkeys(self.wrong_edges)
        for edge in edges:
            denying = [entry for entry in self.wrong_edges if _denies(entry, edge, called)]
            if not denying:
                kept.append(edge)
                continue
            idle = {entry: None for entry in idle if entry not in denying}
            entry = denying[0]
            reason = f"人工更正：这条“{edge_heading(edge.type)}”关系不成立。{entry.reason}".rstrip("。") + "。"
            judgements.append(_decided(entry, reason, (edge.source, edge.target), edge.sources))
        for entry in idle:
            relation = f"“{entry.source}”—{edge_heading(entry.type)}→“{entry.target}”"
            judgements.append(_decided(entry, f"更正没有用上：当前文件中没有{relation}这条关系。"))
        return kept, judgements

    def judge(self, entities: Iterable[Entity]) -> list[Judgement]:
        """One judgement per merge, split and rename: what it concerns, and which names these documents lack."""
        called = [(entity, writings_of(entity)) for entity in entities]
        judgements = []
        for entry, verb, names in self._about_names():
            bearers = {n: [e for e, held in called if e.type is entry.type and fold(n) in held] for n in names}
            found = {e.id: e for bearing in bearers.values() for e in bearing}
            lacking = "、".join(f"“{name}”" for name, bearing in bearers.items() if not bearing)
            reason = f"人工更正：{verb}。{entry.reason}".rstrip("。") + "。" if found else f"更正没有用上：{verb}。"
            reason += f"当前文件中没有{lacking}。" if lacking else ""
            ids = tuple(sorted(found))
            judgements.append(_decided(entry, reason, ids, tuple(s for i in ids for s in found[i].sources[:1]), names))
        return judgements

    def _about_names(self) -> Iterable[tuple[Merge | Split | Rename, str, tuple[str, ...]]]:
        for merge in self.merges:
            yield merge, f"合并{'、'.join(merge.names)}", merge.names
        for split in self.splits:
            yield split, f"分开{'、'.join(split.names)}", split.names
        for rename in self.renames:
            yield rename, f"“{rename.name}”读作“{rename.to}”", (rename.to,)


def _decided(
    entry: Merge | Split | Rename | WrongEdge,
    reason: str,
    entities: tuple[EntityId, ...] = (),
    sources: tuple[Source, ...] = (),
    writings: tuple[str, ...] = (),
) -> Judgement:
    """What became of an entry; without `entities` it was of no use."""
    kind = "wrong_edge" if isinstance(entry, WrongEdge) else type(entry).__name__.lower()
    return Judgement(
        ruling=Ruling.CORRECTED,
        entities=entities,
        writings=(entry.source, entry.target) if isinstance(entry, WrongEdge) else writings,
        reason=reason,
        confidence=1.0,
        rule=f"corrections.{kind}",
        sources=sources,
    )


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
        if claim.subject.startswith(prefix) and claim.predicate == _PREDICATES[entity_type]:
            entry = rules.get((entity_type, fold(str(claim.value))))
            return replace(claim, value=entry.to, rule=_RENAMED) if entry else claim
    return claim


def _new_numbers(claims: Iterable[Claim], rules: Mapping[tuple[EntityType, str], Rename]) -> dict[str, DocumentNumber]:
    """The numbers that people want read in place of printed ones, by mention key."""
    found = {}
    for claim in claims:
        if claim.predicate == "number" and claim.subject.startswith(_MENTIONS[EntityType.POLICY]):
            entry = rules.get((EntityType.POLICY, fold(claim.raw)))
            number = parse_number(entry.to) if entry else None
            if number is not None:
                found[claim.subject] = number
    return found


def _renumbered(claim: Claim, number: DocumentNumber) -> Iterator[Claim]:
    """Everything that the new number says, in place of what the printed one said."""
    said: dict[str, Value | None] = {
        "kind": number.kind.value,
        "number": number.canonical,
        "issuer_code": number.issuer_code,
        "year": number.year,
        "serial": number.serial,
    }
    for name, value in said.items():
        if value is not None:
            yield replace(claim, id=claim_id(claim.id, name), predicate=name, value=value, rule=_RENAMED)


def _denies(entry: WrongEdge, edge: Edge, called: Mapping[EntityId, frozenset[str]]) -> bool:
    return (
        entry.type is edge.type
        and fold(entry.source) in called.get(edge.source, ())
        and fold(entry.target) in called.get(edge.target, ())
    )
