"""Units named in a form: who declares, supervises and implements the project, codes set apart."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ingest.drafts import Draft
from ingest.forms import Form
from ingest.fragments import join_cells
from ingest.items import Item
from ingest.model import Cell, Document, ProjectReading, ReadingWarning, UnitReading, UnitRole, WarningCode
from ingest.wordlists import words_of

_SAME_START = 5  # letters that a misread name has in common with the right one before the damage
_CODE = re.compile(r"[\[(（【]?(\d{3,})[\])）】]?\s*[-—–_]?\s*(?=\D)")
_SEAL = re.compile(r"[（(](?:盖章|公章|签章|盖公章|章|盖章处|部门)[)）]")
_CODE_BEHIND = re.compile(r"[\[(（【](\d{3,})[\])）】]?$")
_SIGNS = re.compile(r"[^\w（）()《》〈〉“”、·\-—&]+")
_DATE_BEHIND = re.compile(r"(?:填报|填表)?(?:日期|时间)[:：].*$")


def find_units(doc: Document, form: Form, items: Sequence[Item], draft: Draft) -> tuple[UnitReading, ...]:
    """The units of `form`, one for each role, in the order of the form."""
    units: dict[UnitRole, UnitReading] = {}
    for item in items:
        group, _, name = item.label.key.partition(".")
        if group == "units" and UnitRole(name) not in units:
            unit = _read_unit(doc, UnitRole(name), item.cells, item.continued, f"label.{item.label.wording}", draft)
            if unit:
                units[unit.role] = unit
            if item.doubtful:
                draft.warn(
                    WarningCode.DOUBTFUL_VALUE, f"“{item.doubtful.text}”不知接在哪个单位之后", item.doubtful.span
                )
    if UnitRole.SUPERVISES not in units and (lost := _unlabelled(doc, form, items, draft)):
        units[UnitRole.SUPERVISES] = lost
    return tuple(units.values())


def mark_damaged(projects: Iterable[ProjectReading]) -> tuple[ProjectReading, ...]:
    """`projects` with units marked that are misread spellings of one which the same document also prints whole."""
    projects = tuple(projects)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for project in projects:
        for unit in project.units:
            if not unit.damaged:
                counts[unit.name[:_SAME_START]][unit.name] += 1
    marked = []
    for project in projects:
        units = tuple(
            replace(unit, damaged=True) if _is_misread_of_any(unit.name, counts) else unit for unit in project.units
        )
        doubts = tuple(
            ReadingWarning(
                code=WarningCode.MENDED_CELL,
                message=f"单位名称“{unit.name}”有残缺或误认的字",
                spans=unit.spans,
            )
            for unit, before in zip(units, project.units, strict=True)
            if unit.damaged and not before.damaged
        )
        marked.append(replace(project, units=units, warnings=project.warnings + doubts))
    return tuple(marked)


def _read_unit(
    doc: Document, role: UnitRole, cells: Sequence[Cell], continued: Sequence[Cell], rule: str, draft: Draft
) -> UnitReading | None:
    joined = join_cells(doc, cells, continued=continued)
    joined = replace(joined, text=_SEAL.sub("", joined.text))
    code = _CODE.match(joined.text)
    text = _DATE_BEHIND.sub("", joined.text[code.end() :] if code else joined.text).strip("_— 　")
    if behind := _CODE_BEHIND.search(text):
        code, text = code or behind, text[: behind.start()]
    holed = _SIGNS.search(text) is not None
    name = _SIGNS.sub("", text)
    if not name:
        return None
    damaged = holed or joined.lost
    if damaged:
        draft.warn(WarningCode.MENDED_CELL, f"单位名称“{name}”有残缺的字", *joined.spans)
    elif joined.mended:
        draft.warn(WarningCode.MENDED_CELL, f"单位名称由断开的片段拼成：{name}", *joined.spans)
    return UnitReading(
        role=role,
        name=name,
        raw=" ".join(doc.quote(span) for span in joined.spans),
        spans=joined.spans,
        rule=rule,
        code=code[1] if code else None,
        damaged=damaged,
    )


def _unlabelled(doc: Document, form: Form, items: Sequence[Item], draft: Draft) -> UnitReading | None:
    """The supervising unit where its label is lost: what stands before 实施单位 in the same row."""
    item = next((item for item in items if item.label.key == "units.implements"), None)
    if item is None or any(other.row == item.row and other.label.first < item.label.first for other in items):
        return None
    before = form.rows[item.row].cells[: item.label.first]
    if not "".join(cell.text for cell in before).endswith(words_of("units", "endings", "words")):
        return None
    unit = _read_unit(doc, UnitRole.SUPERVISES, before, (), "place.unit", draft)
    if unit:
        draft.warn(WarningCode.LOST_CELL, f"“主管部门”标签缺失，按位置读作“{unit.name}”", *unit.spans)
    return unit


def _is_misread_of_any(name: str, counts: Mapping[str, Counter[str]]) -> bool:
    alike = counts.get(name[:_SAME_START], Counter())
    return any(number > alike[name] and _is_misread(name, other) for other, number in alike.items())


def _is_misread(name: str, other: str) -> bool:
    """Whether `name` begins and ends as `other` does, but for a few letters in between."""
    if name == other or len(name) < 8 or name in other or other in name:
        return False
    start = next((at for at, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), min(len(name), len(other)))
    end = 0
    while end < min(len(name), len(other)) - start and name[-1 - end] == other[-1 - end]:
        end += 1
    left = len(name) - start - end
    return (
        start >= 5 and end >= 2 and left <= 3 and len(other) - start - end <= 6 and (start + end) * 4 >= len(name) * 3
    )
