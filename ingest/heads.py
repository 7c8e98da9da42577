"""Fields at the head of a form: name, year, kinds, dates, procurement. Money is in `funds`, units in `unit_names`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.drafts import Draft
from ingest.forms import Form
from ingest.fragments import Joined, join_cells, mend_ending
from ingest.grid import part_of
from ingest.items import Item
from ingest.measures import parse_date
from ingest.model import Cell, Document, Field, FormKind, Span, WarningCode

_PLAIN = {
    "category": Field.CATEGORY,
    "performance_type": Field.PERFORMANCE_TYPE,
    "project_nature": Field.PROJECT_NATURE,
}
_CODED_NAME = re.compile(
    r"[\[【(（]?(?=[0-9A-Z]*\d{6})[0-9A-Z]{8,30}[\]】)）]?\s*[-—–_]?\s*(?=[\u4e00-\u9fff（(《“A-Za-z])"
)
_CODED_KIND = re.compile(r"(?:[\[(（【]\d{1,9}[\])）】]|\d{1,9}\s?[-—–_])\s*(?=[\u4e00-\u9fff])")  # (31)部门预算项目
_YES, _NO = frozenset(("是", "有", "含", "包含")), frozenset(("否", "无", "不含", "没有", "不包含"))
_BOXES = re.compile(r"[□☐☑☒■√✓✔]")
_BOX_BEHIND = re.compile(r"[□☐☑☒■√✓✔)）]\s*$")
_DATE = re.compile(
    r"(?:19|20)\d{2}\s?(?:年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?|[-/.]\s?\d{1,2}(?:\s?[-/.]\s?\d{1,2}(?!\d))?)"
)
_MONTHS = re.compile(r"((?:19|20)\d{2})\s?年\s?(\d{1,2})\s?月?\s?[-—–~～至到]\s?(\d{1,2})\s?月")


def read_head(doc: Document, form: Form, items: Sequence[Item], draft: Draft) -> None:
    """Name, year, kinds, dates and procurement of `form`, added to `draft`."""
    if form.year is not None and form.year_span is not None:
        draft.add(Field.YEAR, raw=doc.quote(form.year_span), value=form.year, spans=(form.year_span,), rule="head.year")
    for item in items:
        group, _, name = item.label.key.partition(".")
        if group != "head" or not item.filled:
            continue
        rule = f"label.{item.label.wording}"
        match name:
            case "name":
                _read_name(doc, item, draft, rule)
            case "year":
                if re.fullmatch(r"(?:19|20)\d{2}年?度?", item.text):
                    spans = tuple(cell.span for cell in item.filled)
                    draft.add(Field.YEAR, raw=item.text, value=int(item.text[:4]), spans=spans, rule=rule)
            case "start_date" | "end_date":
                if date := parse_date(item.text):
                    spans = tuple(cell.span for cell in item.filled)
                    draft.add(Field(name), raw=item.text, value=date, spans=spans, rule=rule)
            case "period":
                read_period(doc, item.filled, draft, rule)
            case "government_procurement":
                _read_procurement(doc, item, draft, rule)
            case _ if name in _PLAIN:
                _read_kind(doc, item, draft, _PLAIN[name], rule)
    if not draft.has(Field.NAME) and form.kind is not FormKind.NARRATIVE:
        _find_bare_name(doc, form, items, draft)


def read_period(doc: Document, cells: Sequence[Cell], draft: Draft, rule: str) -> None:
    """Start and end from one stretch of text: `2025年3月至2025年10月`, `2024.01-2024.12`, `2026年1-12月`."""
    for cell in cells:
        if (hit := _MONTHS.search(cell.text)) and not _DATE.search(cell.text, hit.end()):
            printed = [(f"{hit[1]}年{hit[2]}月", hit.span()), (f"{hit[1]}年{hit[3]}月", hit.span())]
        else:
            printed = [(date[0], date.span()) for date in _DATE.finditer(cell.text)]
        dates = [(text, parse_date(text), part_of(doc.text, cell, *place)) for text, place in printed]
        if len(dates) == 2 and all(date for _, date, _ in dates):
            for field, (raw, date, part) in zip((Field.START_DATE, Field.END_DATE), dates, strict=True):
                draft.add(field, raw=raw, value=date or "", spans=(part.span,), rule=rule)
            return


def _raw(doc: Document, joined: Joined) -> str:
    return "".join(doc.quote(span) for span in joined.spans)


def _read_name(doc: Document, item: Item, draft: Draft, rule: str) -> None:
    joined = join_cells(doc, item.cells, continued=item.continued)
    code = _CODED_NAME.match(joined.text)
    name = joined.text[code.end() :] if code else joined.text
    if not name or draft.has(Field.NAME):
        return
    spans = joined.spans
    if code and len(spans) == 1:
        spans = (_behind(doc, spans[0], code.end()),)
    mended = mend_ending(name)
    draft.add(Field.NAME, raw=_raw(doc, joined), value=mended, spans=spans, rule=rule)
    if mended != name or joined.mended:
        draft.warn(WarningCode.MENDED_CELL, f"项目名称由断开的片段拼成：{mended}", *spans)
    if joined.lost:
        draft.warn(WarningCode.LOST_CELL, f"项目名称中间缺字，仅照现存文字记为“{mended}”", *spans)


def _behind(doc: Document, span: Span, count: int) -> Span:
    """What of `span` follows its first `count` letters."""
    return part_of(doc.text, Cell(text="", span=span), count, count + span.end - span.start).span


def _find_bare_name(doc: Document, form: Form, items: Sequence[Item], draft: Draft) -> None:
    """The name by its place, where its label is lost: alone in the row before that of the units or the funds."""
    labelled = [item.row for item in items if not item.label.key.startswith("boundaries")]
    first = next((item.row for item in items if item.label.key.startswith(("units.", "columns.", "funds."))), None)
    for number in range(first or 0):
        row = form.rows[number]
        written = [cell for cell in row.cells if sum("\u4e00" <= char <= "\u9fff" for char in cell.text) >= 4]
        span = Span(start=row.span.start, end=row.span.end)
        year = form.year_span and form.year_span.start == span.start
        if number in labelled or year or len(written) != 1 or len(written[0].text) > 60 or _is_title(form, number):
            continue
        joined = join_cells(doc, row.cells)
        draft.add(Field.NAME, raw=_raw(doc, joined), value=joined.text, spans=joined.spans, rule="place.name")
        message = f"“项目名称”标签缺失，按位置读作“{joined.text}”，开头可能缺字"
        draft.warn(WarningCode.LOST_CELL, message, *joined.spans)
        return
    draft.warn(WarningCode.LOST_CELL, "表中找不到项目名称", form.rows[0].span)


def _is_title(form: Form, number: int) -> bool:
    return number == 0 and any(word in form.rows[0].cells[0].text for word in ("绩效", "附件", "表"))


def _read_procurement(doc: Document, item: Item, draft: Draft, rule: str) -> None:
    text = _chosen(item.text) or item.text
    if text in _YES or text in _NO:
        spans = tuple(cell.span for cell in item.filled)
        draft.add(Field.GOVERNMENT_PROCUREMENT, raw=item.text, value=text in _YES, spans=spans, rule=rule)


def _read_kind(doc: Document, item: Item, draft: Draft, field: Field, rule: str) -> None:
    spans = tuple(cell.span for cell in item.filled)
    if _BOXES.search(item.text):
        chosen = _chosen(item.text)
        if chosen:
            draft.add(field, raw=item.text, value=chosen, spans=spans, rule=rule)
        else:
            draft.warn(WarningCode.LOST_CELL, f"“{item.label.wording}”的选项没有勾选", *spans)
        return
    joined = join_cells(doc, item.cells, continued=item.continued)
    if joined.text:
        code = _CODED_KIND.match(joined.text)
        value = joined.text[code.end() :] if code else joined.text
        draft.add(field, raw=_raw(doc, joined), value=value, spans=joined.spans, rule=rule)


def _chosen(text: str) -> str | None:
    """The option that is ticked (`新增项目□ 延续项目☑`); None where none or several are."""
    if not _BOXES.search(text):
        return None
    trailing = _BOXES.match(text.strip()) is None and _BOX_BEHIND.search(text) is not None
    pattern = (
        r"([\u4e00-\u9fff、/]{1,20})\s*[(（]?\s*[☑☒■√✓✔]" if trailing else r"[☑☒■√✓✔]\s*([\u4e00-\u9fff、/]{1,20})"
    )
    found = [option.strip("、/") for option in re.findall(pattern, text)]
    return found[0] if len(found) == 1 else None
