"""Indicator tables of one form: head found, cells placed, rows mended, levels filled down, figures read.

Reads like its steps: `find_indicators` at the top. Where a table begins and ends is in `ingest.tables`, what its head
means in `ingest.columns`, which cell belongs to which column in `ingest.placement`, which rows are one in
`ingest.entries`, which level name stands over which rows in `ingest.blocks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from ingest.blocks import Levels, find_levels, table_row
from ingest.captions import Caption
from ingest.columns import Header, Role
from ingest.entries import Entry, find_entries
from ingest.measures import canonical_decimal, parse_nature, parse_quantity, parse_target
from ingest.model import (
    Document,
    FormKind,
    IndicatorField,
    IndicatorReading,
    Reading,
    ReadingWarning,
    Row,
    Span,
    WarningCode,
)
from ingest.placement import join_texts
from ingest.seams import count_pairs, join_cut
from ingest.tables import find_tables

_BLANK = frozenset({"-", "--", "—", "——", "–", "/", "\\", "", "无数据"})
_FULL_SCORES = (Decimal(90), Decimal(100))  # without and with the ten points of the budget's execution
_UNIT_TAIL = re.compile(r"[(（](?P<unit>[^()（）]{1,8})[)）]?$")


def find_indicators(
    doc: Document, rows: Sequence[Row], *, kind: FormKind
) -> tuple[tuple[IndicatorReading, ...], tuple[ReadingWarning, ...]]:
    """All indicators in `rows` (the rows of one form), in reading order, and every doubt about them; () where none is.

    A cell lost in the source is absent and named in a LOST_CELL warning. Levels carry the spans of the cells in which
    they are printed, however far above or below the row.
    """
    indicators: list[IndicatorReading] = []
    warnings: list[ReadingWarning] = []
    for table in find_tables(doc, rows):
        placed = table.rows
        found = find_entries(doc.text, placed, table.header)
        warnings.extend(found.warnings)
        by_row = {entry.row: entry for entry in found.entries}
        shapes = [table_row(doc.text, row, is_indicator=at in by_row) for at, row in enumerate(placed)]
        levels = find_levels(shapes, plain=table.header.compact)
        words = _Words(doc, found.entries)
        for at, entry in sorted(by_row.items()):
            reading, doubts = _read_entry(doc, entry, levels[at], table.header, words, number=len(indicators))
            indicators.append(reading)
            warnings.extend(doubts)
        centred = tuple(entry.placed.row.span for at, entry in sorted(by_row.items()) if levels[at].is_centred)
        if centred:
            message = f"有 {len(centred)} 行的二级指标名称居中排印在别的行，所属按版面推定"
            warnings.append(ReadingWarning(code=WarningCode.INFERRED_VALUE, message=message, spans=centred))
        warnings.extend(_check_notes([(levels[at].first, entry) for at, entry in sorted(by_row.items())]))
    warnings.extend(_check_weights(indicators))
    return tuple(indicators), tuple(warnings)


class _Words:
    """Pairs of letters written in the document, and in the names of one table with stray column lines taken out."""

    def __init__(self, doc: Document, entries: Sequence[Entry]) -> None:
        self._doc = doc
        names = ["".join(piece.text for piece in entry.cells.get(Role.LEVEL3, ())) for entry in entries]
        self._names = count_pairs("\n".join(names))
        widths = [len(entry.placed.row.cells) for entry in entries]
        cut = [len({piece.column for piece in entry.cells.get(Role.LEVEL3, ())}) > 1 for entry in entries]
        wide = [one for one, width in zip(cut, widths, strict=True) if width == max(widths)]
        self.names_are_cut = sum(wide) * 2 >= len(wide) > 0

    def besides(self, parts: Sequence[str]) -> Callable[[str], bool]:
        """Whether a word of two letters stands anywhere but in `parts`, the cells of one row."""
        own = [*parts, "".join(parts)]
        pairs = count_pairs(self._doc.text)
        return lambda word: pairs[word] + self._names[word] > sum(part.count(word) for part in own)


class _Readings:
    """Readings of one row under way, with the doubts about them."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.readings: list[Reading[IndicatorField]] = []
        self.warnings: list[ReadingWarning] = []

    def add(self, name: IndicatorField, value: str, spans: tuple[Span, ...], rule: str) -> None:
        raw = " ".join(self.doc.quote(span) for span in spans)
        self.readings.append(Reading(name=name, raw=raw, value=value, spans=spans, rule=rule))

    def warn(self, code: WarningCode, message: str, spans: tuple[Span, ...]) -> None:
        self.warnings.append(ReadingWarning(code=code, message=message, spans=spans))


def _read_entry(
    doc: Document, entry: Entry, levels: Levels, header: Header, words: _Words, *, number: int
) -> tuple[IndicatorReading, tuple[ReadingWarning, ...]]:
    found = _Readings(doc)
    here = (entry.placed.row.span,)
    name = _read_name(found, entry, header, words)
    label = name or "（名称缺失）"
    if not name:
        found.warn(WarningCode.LOST_CELL, "该行指标名称在原文中缺失", here)
    if entry.placed.shifted:
        found.warn(WarningCode.SHIFTED_ROW, f"指标“{label}”所在行的单元格错位，已按内容归位", here)
    readings_of_levels = _Readings(doc)
    _read_level(readings_of_levels, levels.first, levels.first_rule, first=True)
    if levels.first is None and levels.first_inferred and levels.second is not None:
        readings_of_levels.add(
            IndicatorField.LEVEL1, levels.first_inferred, levels.second.spans, "first_level_of_second"
        )
        found.warn(WarningCode.INFERRED_VALUE, f"指标“{label}”的一级指标由二级指标推得", levels.second.spans)
    _read_level(readings_of_levels, levels.second, levels.second_rule, first=False)
    for role, missing in ((levels.first, "一级指标"), (levels.second, "二级指标")):
        column = Role.LEVEL1 if missing == "一级指标" else Role.LEVEL2
        if role is None and header.has(column) and not (column is Role.LEVEL1 and levels.first_inferred):
            found.warn(WarningCode.LOST_CELL, f"指标“{label}”的{missing}在原文中缺失", here)
    _read_target(found, entry, header, label)
    _read_actual(found, entry, header, label)
    _read_figures(found, entry, header, label)
    if (reason := entry.text(Role.REASON)) and reason not in _BLANK and reason != "无":
        found.add(IndicatorField.DEVIATION_REASON, reason, entry.spans(Role.REASON), _rule(entry, Role.REASON))
    readings = (*readings_of_levels.readings, *found.readings)
    spans = [span for cell in entry.cells.values() for span in (piece.span for piece in cell)]
    whole = Span(start=min(span.start for span in spans), end=max(span.end for span in spans))
    return (
        IndicatorReading(row=number, readings=readings, span=whole),
        (*readings_of_levels.warnings, *found.warnings),
    )


def _rule(entry: Entry, role: Role) -> str:
    if role in entry.mended:
        return "from_repeated_row"
    row = entry.placed.row.span
    if role in entry.joined or any(not row.start <= span.start <= row.end for span in entry.spans(role)):
        return "joined_rows"
    if entry.placed.split:
        return "split_cell"
    return "shifted_column" if entry.placed.shifted else "column"


def _read_level(found: _Readings, caption: Caption | None, rule: str, *, first: bool) -> None:
    if caption is None:
        return
    name = IndicatorField.LEVEL1 if first else IndicatorField.LEVEL2
    printed = IndicatorField.LEVEL1_PRINTED if first else IndicatorField.LEVEL2_PRINTED
    if caption.inferred:
        found.add(name, caption.name, caption.spans, "between_neighbours")
        message = f"“{caption.printed}”前面的字已缺失，按上下二级指标的次序读作“{caption.name}”"
        found.warn(WarningCode.INFERRED_VALUE, message, caption.spans)
        return
    found.add(name, caption.name, caption.spans, f"{rule}_mended" if caption.mended else rule)
    if caption.printed != caption.name:
        found.add(printed, caption.printed, caption.spans, rule)
    if caption.mended and rule == "label_in_row":
        found.warn(WarningCode.MENDED_CELL, f"“{caption.printed}”读作“{caption.name}”", caption.spans)


def _read_name(found: _Readings, entry: Entry, header: Header, words: _Words) -> str:
    pieces = entry.cells.get(Role.LEVEL3, ())
    if not pieces:
        return ""
    in_row = [piece for piece in pieces if entry.placed.row.span.start <= piece.span.start <= entry.placed.row.span.end]
    text, rule = entry.text(Role.LEVEL3), _rule(entry, Role.LEVEL3)
    spans = entry.spans(Role.LEVEL3)
    if len({piece.column for piece in in_row}) > 1 and not header.compact:
        parts = [piece.text for piece in in_row]
        joined = join_cut(parts, is_written=words.besides(parts))
        rest = "".join(piece.text for piece in pieces[len(in_row) :])
        text, rule = joined.text + rest, "joined_columns_mended" if joined.mended else "joined_columns"
        if joined.mended:
            found.warn(WarningCode.MENDED_CELL, f"被列线切开的指标名称读作“{text}”", spans)
    if _is_clipped(entry, header, words):
        found.warn(WarningCode.TRUNCATED, f"指标名称“{text}”后半在原文中缺失", spans)
    if (kept := _without_echo(entry, words)) != text and kept:
        found.warn(WarningCode.MENDED_CELL, f"指标名称“{text}”读作“{kept}”：后面是指标值的误识", spans)
        text, rule = kept, f"{rule}_mended"
    found.add(IndicatorField.LEVEL3, text, spans, rule)
    return text


def _is_clipped(entry: Entry, header: Header, words: _Words) -> bool:
    """Whether the second half of a name is gone: its column is cut in two here, as most names of the table show."""
    column = next((column for column in header.columns if column.role is Role.LEVEL3), None)
    if column is None or column.last == column.first or not words.names_are_cut or entry.placed.split:
        return False
    cells = entry.placed.row.cells
    beside = cells[column.first + 1 : column.last + 1]
    pieces = entry.cells[Role.LEVEL3]
    return len(cells) >= header.width and len(pieces) == 1 and bool(beside) and not any(cell.text for cell in beside)


def _without_echo(entry: Entry, words: _Words) -> str:
    """The name without a last word that is a misread print of the row's own target; "" where none is."""
    pieces, target = entry.cells.get(Role.LEVEL3, ()), entry.text(Role.TARGET)
    if len(pieces) < 2 or not 2 <= len(target) <= 4 or pieces[-2].column != pieces[-1].column:
        return ""
    echo = pieces[-1].text
    alike = sum(one == other for one, other in zip(echo, target, strict=False))
    if len(echo) != len(target) or echo == target or alike * 2 < len(target) or words.besides([echo])(echo[:2]):
        return ""
    return join_texts([piece.text for piece in pieces[:-1]])


def _read_target(found: _Readings, entry: Entry, header: Header, label: str) -> None:
    role = Role.TARGET if entry.cells.get(Role.TARGET) or not header.has(Role.TOTAL_TARGET) else Role.TOTAL_TARGET
    text, spans, rule = entry.text(role), entry.spans(role), _rule(entry, role)
    if text in _BLANK:
        if header.has(role):
            found.warn(WarningCode.LOST_CELL, f"指标“{label}”的指标值在原文中缺失", (entry.placed.row.span,))
        return
    signs = [parse_nature(piece.text) for piece in entry.cells.get(Role.NATURE, ())]
    sign = next((sign for sign in signs if sign), "" if "" in signs else None)
    unit = entry.text(Role.UNIT)
    target = parse_target(text)
    if sign is not None or (unit and unit not in _BLANK and target.unit is None and target.value is not None):
        composed = text
        if target.value is not None and target.operator is None and sign:
            composed = sign + composed
        if target.value is not None and target.unit is None and unit not in _BLANK and unit != "无":
            composed += unit
        if composed != text:
            spans, rule = (*entry.spans(Role.NATURE), *spans, *entry.spans(Role.UNIT)), "composed_columns"
            spans = tuple(sorted(spans))
        text, target = composed, parse_target(composed)
    found.add(IndicatorField.TARGET_TEXT, text, spans, rule)
    if target.operator:
        found.add(IndicatorField.TARGET_OPERATOR, target.operator, spans, rule)
    if target.value is not None:
        found.add(IndicatorField.TARGET_VALUE, canonical_decimal(target.value), spans, rule)
    if target.unit:
        found.add(IndicatorField.TARGET_UNIT, target.unit, spans, rule)


def _read_actual(found: _Readings, entry: Entry, header: Header, label: str) -> None:
    if not header.has(Role.ACTUAL):
        return
    text, spans, rule = entry.text(Role.ACTUAL), entry.spans(Role.ACTUAL), _rule(entry, Role.ACTUAL)
    if text in _BLANK:
        found.warn(WarningCode.LOST_CELL, f"指标“{label}”的实际完成值在原文中缺失", (entry.placed.row.span,))
        return
    mended = _mend_unit(text, entry.text(Role.TARGET))
    if mended != text:
        found.warn(WarningCode.MENDED_CELL, f"指标“{label}”的实际完成值“{text}”读作“{mended}”", spans)
        text, rule = mended, f"{rule}_mended"
    found.add(IndicatorField.ACTUAL_TEXT, text, spans, rule)
    if (value := parse_quantity(text)) is not None:
        found.add(IndicatorField.ACTUAL_VALUE, canonical_decimal(value), spans, rule)


def _mend_unit(actual: str, target: str) -> str:
    """`actual` with the unit in brackets that the target prints, where its own is cut short or misread."""
    wanted = _UNIT_TAIL.search(target)
    if wanted is None or not target.endswith((")", "）")):
        return actual
    while len(actual) > 1 and actual[0] in wanted["unit"]:  # the end of the target's unit ran over into this cell
        actual = actual[1:]
    printed = _UNIT_TAIL.search(actual)
    if printed is None or printed["unit"] == wanted["unit"] or parse_quantity(actual[: printed.start()]) is None:
        return actual
    cut = not actual.endswith((")", "）")) and wanted["unit"].startswith(printed["unit"])
    misread = len(printed["unit"]) == len(wanted["unit"]) == 1 and printed["unit"].isascii() and printed["unit"] != "%"
    return actual[: printed.start()] + wanted[0] if cut or misread else actual


def _read_figures(found: _Readings, entry: Entry, header: Header, label: str) -> None:
    values: dict[IndicatorField, Decimal] = {}
    for name, role, title in (
        (IndicatorField.WEIGHT, Role.WEIGHT, "分值"),
        (IndicatorField.SCORE, Role.SCORE, "得分"),
    ):
        if not header.has(role):
            continue
        value = parse_quantity(entry.text(role).removesuffix("分").removesuffix("%"))
        if value is None:
            found.warn(WarningCode.LOST_CELL, f"指标“{label}”的{title}在原文中缺失", (entry.placed.row.span,))
            continue
        values[name] = value
        found.add(name, canonical_decimal(value), entry.spans(role), _rule(entry, role))
    weight, score = values.get(IndicatorField.WEIGHT), values.get(IndicatorField.SCORE)
    if weight is not None and score is not None and score > weight:
        spans = (*entry.spans(Role.WEIGHT), *entry.spans(Role.SCORE))
        found.warn(WarningCode.DOUBTFUL_VALUE, f"指标“{label}”的得分 {score} 高于分值 {weight}", spans)


def _check_notes(entries: Sequence[tuple[Caption | None, Entry]]) -> Iterator[ReadingWarning]:
    """Warnings where the weights below a first level do not add up to the figure printed with it (产出指标(50分))."""
    below: dict[tuple[Span, ...], tuple[Caption, list[Decimal | None]]] = {}
    for caption, entry in entries:
        if caption is not None and caption.weight_note is not None:
            weights = below.setdefault(caption.spans, (caption, []))[1]
            weights.append(parse_quantity(entry.text(Role.WEIGHT).removesuffix("分")))
    for caption, weights in below.values():
        known = [weight for weight in weights if weight is not None]
        if len(known) == len(weights) and sum(known, Decimal(0)) != Decimal(caption.weight_note or 0):
            total = canonical_decimal(sum(known, Decimal(0)))
            message = f"“{caption.printed}”以下各指标分值合计 {total}，与所标分值不符"
            yield ReadingWarning(code=WarningCode.DOUBTFUL_VALUE, message=message, spans=caption.spans)


def _check_weights(indicators: Sequence[IndicatorReading]) -> tuple[ReadingWarning, ...]:
    """A warning where the weights of all rows add up to neither 90 nor 100."""
    weights = [value for one in indicators if (value := one.value(IndicatorField.WEIGHT)) is not None]
    if not weights or len(weights) < len(indicators):
        return ()
    total = sum(map(Decimal, weights), Decimal(0))
    if total in _FULL_SCORES:
        return ()
    message = f"各指标分值合计 {canonical_decimal(total)}，既不是 90 也不是 100，可能有行缺失或误读"
    spans = tuple(one.span for one in indicators)
    return (ReadingWarning(code=WarningCode.DOUBTFUL_VALUE, message=message, spans=spans),)
