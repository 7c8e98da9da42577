"""`jixiao explain`: by which writings an entity is named, why they were joined, and what is near but was kept apart."""

from __future__ import annotations

from dataclasses import dataclass

from graph.corrections import writings_of
from graph.errors import UnknownId
from graph.kg import KnowledgeGraph
from graph.model import Entity, Judgement, Ruling, Source
from graph.titles import fold

_WRITTEN = ("name", "title", "aliases", "number", "number_variants", "damaged_writings")
_DOUBTS = (Ruling.SUSPECTED, Ruling.KEPT_APART, Ruling.DISPUTED)
_SHOWN = 3  # places listed for each writing in the text form


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One way in which the documents write the entity, with every place."""

    text: str
    property: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that made the entity what it is."""

    entity: Entity
    writings: tuple[Writing, ...]
    decided: tuple[Judgement, ...]
    doubtful: tuple[Judgement, ...]
    labels: dict[str, str]

    def to_json(self) -> dict[str, object]:
        """Plain values for `--json`."""
        return {
            "id": self.entity.id,
            "type": self.entity.type.value,
            "label": self.entity.label,
            "writings": [
                {"text": w.text, "property": w.property, "sources": [source_json(s) for s in w.sources]}
                for w in self.writings
            ],
            "decided": [self._judgement_json(j) for j in self.decided],
            "doubtful": [self._judgement_json(j) for j in self.doubtful],
        }

    def to_text(self) -> str:
        """Chinese lines for people."""
        lines = [f"{self.entity.label}　{self.entity.id}", "写法："]
        for writing in self.writings:
            places = "；".join(place_of(s) for s in writing.sources[:_SHOWN])
            more = f" 等 {len(writing.sources)} 处" if len(writing.sources) > _SHOWN else ""
            lines.append(f"  “{writing.text}”　{places}{more}")
        lines.append("为什么是同一个：" if self.decided else "没有合并过别的写法。")
        lines += [self._line(j) for j in self.decided]
        if self.doubtful:
            lines.append("相近而没有合并、或说法不一：")
            lines += [self._line(j) for j in self.doubtful]
        return "\n".join(lines)

    def _line(self, judgement: Judgement) -> str:
        others = [self.labels[i] for i in judgement.entities if i != self.entity.id and i in self.labels]
        beside = f"（另一方：{'、'.join(others)}）" if others else ""
        return f"  {judgement.reason}{beside}　可信度 {judgement.confidence:g}，规则 {judgement.rule}"

    def _judgement_json(self, judgement: Judgement) -> dict[str, object]:
        return {
            "ruling": judgement.ruling.value,
            "entities": list(judgement.entities),
            "writings": list(judgement.writings),
            "reason": judgement.reason,
            "confidence": judgement.confidence,
            "rule": judgement.rule,
            "sources": [source_json(s) for s in judgement.sources],
        }


def explain_entity(kg: KnowledgeGraph, identifier: str) -> Explanation:
    """The explanation of the entity with this id or name.

    Raises UnknownId where nothing, or more than one entity, is called so; the message lists the candidates.
    """
    entity = find_entity(kg, identifier)
    judgements = kg.judgements_on(entity.id)
    concerned = {i for judgement in judgements for i in judgement.entities}
    return Explanation(
        entity=entity,
        writings=_writings(entity),
        decided=tuple(j for j in judgements if j.ruling not in _DOUBTS),
        doubtful=tuple(j for j in judgements if j.ruling in _DOUBTS),
        labels={i: kg.entity(i).label for i in concerned if i in kg},
    )


def find_entity(kg: KnowledgeGraph, identifier: str) -> Entity:
    """The entity with this id, or the only one that is called so. Raises UnknownId."""
    if identifier in kg:
        return kg.entity(identifier)
    wanted = fold(identifier)
    named = [entity for entity in kg.entities.values() if wanted in writings_of(entity)]
    if len(named) == 1:
        return named[0]
    if not named:
        raise UnknownId(identifier, "图谱中没有这个编号或名称", "编号可从回答或导出文件中复制")
    listed = "、".join(f"{entity.label}（{entity.id}）" for entity in named[:10])
    raise UnknownId(identifier, f"有 {len(named)} 个实体叫这个名字：{listed}", "请改用编号")


def _writings(entity: Entity) -> tuple[Writing, ...]:
    found = []
    for name in _WRITTEN:
        value = entity.properties.get(name)
        places = entity.evidence.get(name, ())
        for text in value if isinstance(value, tuple) else (str(value),) if value is not None else ():
            printed = tuple(source for source in places if text in "".join(source.quote.split()))
            alike = tuple(source for source in places if fold(text) in fold(source.quote))
            found.append(Writing(text=text, property=name, sources=printed or alike or places))
    return tuple(found)


def source_json(source: Source) -> dict[str, object]:
    """A source as `--json` prints it."""
    return {
        "document": source.document,
        "start": source.start,
        "end": source.end,
        "page": source.page,
        "cell": source.cell,
        "quote": source.quote,
    }


def place_of(source: Source) -> str:
    """A source as people read it: the file, its page and cell, or the character at which it begins.

    >>> place_of(Source(document="甲.pdf", start=8, end=12, quote="道路养护", page=3, cell="表1 第2行第2列"))
    '甲.pdf 第3页 表1 第2行第2列'
    """
    places = [f"第{source.page}页"] if source.page else []
    places += [source.cell] if source.cell else []
    return " ".join((source.document, *(places or [f"第{source.start}字"])))
