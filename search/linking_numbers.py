"""Document numbers in questions, in any bracket, width or shortening → the documents they name.

Works on folded text. A number that the graph does not hold is told apart from one that it holds twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from graph.model import Entity
from search.linking_forms import is_subsequence, texts_of
from search.normalise import key_of
from search.query import How, Kind, Mention, Rival
from search.vocabulary import words_of

_DATED = re.compile(r"\(?((?:19|20)\d\d)(\)|年\)|年度?|-|/)?(?:字)?(?:第)?0{0,4}(\d{1,7})(号)?(?!\d)")
_PLAIN = re.compile(r"(?<![\d年)])第?0{0,4}(\d{1,7})号(?=文|的?文件)")
_YEARLESS = re.compile(r"(?<![\d年)〕\]])第?0{0,4}(\d{1,7})号")
_ORDER = re.compile(r"(?:令第?|第)?0{0,4}(\d{1,6})号(令)?|令\(第?0{0,4}(\d{1,6})号?\)|令(\d{1,6})(?!\d)")
_HAN = re.compile(r"[一-鿿]+$")
_MOST_BETWEEN = 6  # signs that may stand between those of an issuer's name: 市（人民）政府


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberHit:
    """A range of the folded text that names documents by number; without `mention.ids` the graph holds none."""

    start: int
    end: int
    mention: Mention


class Numbers:
    """Documents by (机关代字, year, serial), by order number and by the number as printed."""

    def __init__(self, policies: Iterable[Entity]) -> None:
        self._dated: dict[tuple[str, str], list[tuple[str, Entity]]] = defaultdict(list)
        self._orders: dict[str, list[tuple[str, Entity]]] = defaultdict(list)
        self._serials: dict[str, list[Entity]] = defaultdict(list)
        self._codes: set[str] = set()
        self._misprints: dict[str, Entity] = {}
        for entity in policies:
            canonical = key_of(str(entity.properties.get("number") or ""))
            for printed in texts_of(entity, "number", "number_variants"):
                self._register(key_of(printed), canonical, entity)
        self._longest = max((len(code) for code in self._codes), default=0)

    def _register(self, printed: str, canonical: str, entity: Entity) -> None:
        kind = str(entity.properties.get("kind") or "")
        if kind == "令":
            if found := _ORDER.search(printed):
                serial = _serial(found)
                issuer = printed[: found.start()].removesuffix("令")
                if (issuer, entity) not in self._orders[serial]:
                    self._orders[serial].append((issuer, entity))
            return
        found = _DATED.search(printed)
        if not found or found.start() == 0:
            return
        code = printed[: found.start()]
        self._codes.add(code)
        pair = (code, entity)
        if pair not in self._dated[found[1], found[3]]:
            self._dated[found[1], found[3]].append(pair)
        if entity not in self._serials[found[3]]:
            self._serials[found[3]].append(entity)
        canonical_found = _DATED.search(canonical)
        if canonical_found and (code, found[1], found[3]) != (
            canonical[: canonical_found.start()],
            canonical_found[1],
            canonical_found[3],
        ):
            self._misprints[f"{code}({found[1]}){found[3]}"] = entity

    def find(self, text: str) -> Iterator[NumberHit]:
        """Numbers in the folded text, in order."""
        for found in _DATED.finditer(text):
            if (found[4] or found[2] in {")", "年)"}) and (hit := self._read_dated(text, found)):
                yield hit
        for found in _PLAIN.finditer(text):
            if entities := self._serials.get(found[1]):
                yield _hit(found.start(), found.end(), text, entities, note="只写了顺序号")
        for found in _YEARLESS.finditer(text):
            if hit := self._read_yearless(text, found):
                yield hit
        for found in _ORDER.finditer(text):
            if hit := self._read_order(text, found):
                yield hit

    def similar(self, number: str, *, limit: int) -> tuple[str, ...]:
        """Labels of documents of the same body, or of the same year and serial, nearest first."""
        found = _DATED.search(number)
        if found is None:
            return ()
        code = number[: found.start()]
        near: dict[str, None] = {}
        for known, entity in self._dated.get((found[1], found[3]), ()):
            if known != code:
                near.setdefault(entity.label)
        same = [
            (abs(int(serial) - int(found[3])) + 100 * abs(int(year) - int(found[1])), entity.label)
            for (year, serial), pairs in self._dated.items()
            for known, entity in pairs
            if known == code
        ]
        near.update(dict.fromkeys(label for _, label in sorted(same)))
        return tuple(near)[:limit]

    def _read_dated(self, text: str, found: re.Match[str]) -> NumberHit | None:
        year, serial = found[1], found[3]
        before = text[: found.start()].translate(_lookalikes())
        code = next(
            (before[-n:] for n in range(min(self._longest, len(before)), 0, -1) if before[-n:] in self._codes), None
        )
        pairs = self._dated.get((year, serial), ())
        if code is None:
            bracketed = found[2] in {")", "年)"}
            run = _HAN.search(before)
            if not pairs or not bracketed or (run and _looks_like_code(run[0])):
                return None  # `find_citations` reads what may be a number of a body unknown here
            return _hit(found.start(), found.end(), text, [e for _, e in pairs], note="没有写机关代字")
        start = found.start() - len(code)
        entities = [entity for known, entity in pairs if known == code]
        if not entities:
            return (
                None if _longer_code(before, code) else _absent(start, found.end(), text, f"{code}〔{year}〕{serial}号")
            )
        misprint = self._misprints.get(f"{code}({year}){serial}")
        note = f"“{code}〔{year}〕{serial}号”系误印" if misprint else ""
        return _hit(start, found.end(), text, entities, note=note)

    def _read_yearless(self, text: str, found: re.Match[str]) -> NumberHit | None:
        """沪发改财金18号: the body and the serial, where the graph holds such a number of any year."""
        before = text[: found.start()].translate(_lookalikes())
        code = next(
            (before[-n:] for n in range(min(self._longest, len(before)), 0, -1) if before[-n:] in self._codes), None
        )
        if code is None or _longer_code(before, code):
            return None
        fitting = {
            entity.id: entity
            for (_, serial), pairs in self._dated.items()
            for known, entity in pairs
            if serial == found[1] and known == code
        }
        if not fitting:
            return None
        end = found.end()
        end += next((len(word) for word in ("文件", "文") if text.startswith(word, end)), 0)
        return _hit(found.start() - len(code), end, text, list(fitting.values()), note="没有写年份")

    def _read_order(self, text: str, found: re.Match[str]) -> NumberHit | None:
        if not (found[2] or "令" in text[max(0, found.start() - 1) : found.start() + 1]):
            return None
        serial = _serial(found)
        pairs = self._orders.get(serial, [])
        end = found.end()
        start = found.start()
        if start > 0 and text[start - 1] == "令":
            start -= 1
        run = _HAN.search(text[:start])
        before = run[0] if run else ""
        best: dict[str, tuple[int, Entity]] = {}
        for issuer, entity in pairs:
            length = _signs_of(issuer, before)
            if length:
                best[entity.id] = max(best.get(entity.id, (0, entity)), (length, entity), key=lambda pair: pair[0])
        if best:
            length = max(n for n, _ in best.values())
            above = next((word for word in _above() if before[:-length].endswith(word)), "")
            return _hit(start - length - len(above), end, text, [e for n, e in best.values() if n == length])
        if pairs and not _names_issuer(before):
            entities = list({entity.id: entity for _, entity in pairs}.values())
            return _hit(start, end, text, entities, note="没有写发布机关")
        return None


def _hit(start: int, end: int, text: str, entities: list[Entity], *, note: str = "") -> NumberHit:
    first, *others = entities
    rivals = tuple(Rival(label=e.label, ids=(e.id,)) for e in entities) if others else ()
    mention = Mention(
        kind=Kind.POLICY,
        text=text[start:end],
        ids=(first.id,) if not others else (),
        label=first.label if not others else "",
        how=How.NUMBER,
        note=note,
        rivals=rivals,
    )
    return NumberHit(start=start, end=end, mention=mention)


def _absent(start: int, end: int, text: str, canonical: str) -> NumberHit:
    return NumberHit(
        start=start, end=end, mention=Mention(kind=Kind.MISSING, text=text[start:end], label=canonical, how=How.NUMBER)
    )


def _signs_of(issuer: str, before: str) -> int:
    """How many signs at the end of `before` write the issuer, shortened or with more in between; 0 for none.

    >>> _signs_of("上海市人民政府", "哪些项目引用了市政府"), _signs_of("国务院", "依据了国务院")
    (3, 3)
    """
    most = min(len(before), len(issuer) + _MOST_BETWEEN)
    shortened = max((n for n in range(2, most + 1) if is_subsequence(before[-n:], issuer)), default=0)
    around = (n for n in range(max(2, len(issuer)), most + 1) if is_subsequence(issuer, before[-n:]))
    return max(shortened, next(around, 0))


def _serial(found: re.Match[str]) -> str:
    return found[1] or found[3] or found[4]


@cache
def _above() -> tuple[str, ...]:
    """What people write before the issuer of an order that is printed without it."""
    return (*words_of("names", "numbers", "states"), *words_of("names", "units", "places"))


@cache
def _lookalikes() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in words_of("names", "numbers", "lookalikes")}


def _looks_like_code(run: str) -> bool:
    return len(run) >= 2 and run[-1] in words_of("names", "numbers", "code_endings")


def _longer_code(before: str, code: str) -> bool:
    """A body unknown here ends in a code known here: 浦财绩 ends in 财绩."""
    rest = before[: -len(code)]
    return bool(rest) and rest[-1] in words_of("names", "numbers", "areas")


def _names_issuer(before: str) -> bool:
    return before.endswith(words_of("names", "numbers", "issuers"))
