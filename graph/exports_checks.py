"""What must hold of entities and edges read back from a dump that anyone may have edited: all exports rely on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from graph.errors import ImportRejected
from graph.ids import edge_id, type_of
from graph.model import Edge, Entity, Source, Value
from graph.selection import BOOLEANS, DECIMALS, INTEGERS

_ID = re.compile(r"[a-z]+:[0-9a-f]{12}")
_PROPERTY = re.compile(r"[a-z][a-z0-9_]*")
_MOST = 2**53  # whole numbers that every format keeps exactly
_FIGURE_SIGNS = 100
_MAGNITUDE = 60  # places before or behind the point
_ADVICE = "请导入 jixiao export 写出、未经改动的文件"


def check_dump(entities: Iterable[Entity], edges: Iterable[Edge], *, source: str) -> None:
    """Raises ImportRejected naming the first entity or edge that is not as we write it, or that there is none."""
    known = set()
    for entity in entities:
        known.add(entity.id)
        if fault := find_fault(entity):
            raise ImportRejected(source, f"{_shown(entity.id)} {fault}", _ADVICE)
    for edge in edges:
        if fault := find_fault(edge):
            raise ImportRejected(source, f"{_shown(edge.id)} {fault}", _ADVICE)
        if edge.source not in known or edge.target not in known:
            raise ImportRejected(source, f"边 {edge.id} 的一端不在文件中", "请导入完整的文件")
    if not known:
        raise ImportRejected(source, "其中没有本程序的实体", "请导入由本程序导出的文件")


def find_fault(thing: Entity | Edge) -> str:
    """What is wrong with an entity or edge, in Chinese, to follow its id; "" where nothing is."""
    if not _ID.fullmatch(thing.id):
        return "不是本程序的编号"
    match thing:
        case Entity():
            if type_of(thing.id) is not thing.type:
                return f"的编号与类型 {thing.type} 不符"
            texts = [thing.label]
            sources = [*thing.sources, *(s for places in thing.evidence.values() for s in places)]
            names = [*thing.properties, *thing.evidence]
        case Edge():
            if not _ID.fullmatch(thing.source) or not _ID.fullmatch(thing.target):
                return "的一端不是本程序的编号"
            if thing.id != edge_id(thing.type, thing.source, thing.target):
                return "的编号与两端不符"
            texts, sources, names = [], list(thing.sources), list(thing.properties)
    if any(not _PROPERTY.fullmatch(name) for name in names):
        return "的属性名不合规"
    texts += [text for s in sources for text in (s.document, s.quote, s.cell or "")]
    if not all(map(_is_text, texts)) or not all(map(_is_place, sources)):
        return "的出处或名称不合规"
    return _property_fault(thing.properties)


def _property_fault(properties: Mapping[str, Value]) -> str:
    wrong = next((name for name, value in properties.items() if not _is_value(name, value)), None)
    return f"的属性 {wrong} 的值不合规" if wrong is not None else ""


def _is_value(name: str, value: Value) -> bool:
    if name in BOOLEANS:
        return isinstance(value, bool)
    if name in INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000
    if name in DECIMALS:
        return not isinstance(value, (bool, tuple)) and _is_figure(value)
    match value:
        case tuple():
            return all(map(_is_text, value))
        case int():
            return abs(value) <= _MOST
        case _:
            return _is_text(value)


def _is_figure(value: str | int) -> bool:
    if isinstance(value, int):
        return abs(value) <= _MOST
    if len(value) > _FIGURE_SIGNS or not value.isascii() or "_" in value:
        return False
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    return number.is_finite() and abs(number.adjusted()) <= _MAGNITUDE


def _is_text(text: str) -> bool:
    """Whether a text can be written as UTF-8: half a surrogate pair cannot."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text) if not text.isascii() else True


def _is_place(source: Source) -> bool:
    return 0 <= source.start <= source.end <= _MOST and (source.page is None or 0 < source.page <= _MOST)


def _shown(identifier: str) -> str:
    return identifier if _ID.fullmatch(identifier) else ascii(identifier[:40])
