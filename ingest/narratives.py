"""Projects told in sentences under numbered headings (项目经费情况说明): what the fields of a form would say.

Reads only what stands in so many words; a year that follows from the document alone is marked as inferred.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from ingest.cleaning import clean
from ingest.drafts import Draft
from ingest.forms import Form
from ingest.heads import read_period
from ingest.labels import fold
from ingest.measures import canonical_decimal, parse_amount, parse_date
from ingest.model import (
    SECTIONS,
    Cell,
    Document,
    Field,
    FormKind,
    ProjectReading,
    ReadingWarning,
    Span,
    UnitReading,
    UnitRole,
    WarningCode,
)
from ingest.prose import Prose, join_prose
from ingest.short_names import write_out
from ingest.wordlists import table_of, words_of

_HEADING = re.compile(r"\(?([一二三四五六七八九十]{1,3})\)?[、.．]?(.{2,20})")
_DOCUMENT_YEAR = re.compile(r"((?:19|20)\d{2})年?度?(?:部门|单位|区级|市级|本级)?(?:预算|决算)")
_TITLE_LENGTH = 20_000  # characters in which a document says what it is
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
_MONEY = r"(\d[\d,]*(?:\.\d+)?\s*(?:亿元|万元|元))"
_MONTH = r"((?:19|20)\d{2}年\d{1,2}月(?:\d{1,2}日)?)"
_RUN = r"([\u4e00-\u9fffA-Za-z（）()]{3,60})"
_DOING = re.compile(rf"由{_RUN}")
_BREAK = re.compile("[（(]|以及|和|及其|及|下属|负责|组织|具体|承担|牵头|实施|$")


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands under one heading."""

    heading: str
    prose: Prose


def read_narrative(doc: Document, form: Form, draft: Draft) -> tuple[dict[Field, Prose], tuple[UnitReading, ...]]:
    """Fields and sections of a narrative, added to `draft`; its sections as prose, and its units."""
    _read_name(doc, form, draft)
    parts = _find_parts(doc, form)
    sections: dict[Field, Prose] = {}
    for part in parts:
        section = _section_of(part.heading)
        text = part.prose.text
        if section and section not in sections and text and not text.startswith(("详见", "见附")):
            sections[section] = part.prose
            raw = " ".join(doc.quote(span) for span in part.prose.spans)
            draft.add(section, raw=raw, value=text, spans=part.prose.spans, rule="section")
    _read_year(doc, form, parts, draft)
    _read_dates(doc, parts, draft)
    _read_money(doc, parts, draft)
    return sections, _find_units(doc, parts, draft)


def _read_name(doc: Document, form: Form, draft: Draft) -> None:
    """The name is what the title says before `项目经费情况说明`."""
    cell = form.rows[0].cells[0]
    cleaned = clean(doc.text[cell.span.start : cell.span.end], offset=cell.span.start)
    text = cleaned.text.lstrip("# ")
    skipped = len(cleaned.text) - len(text)
    for word in sorted(words_of("forms", "titles", "项目经费情况说明"), key=len, reverse=True):
        at = text.find(word)
        name = re.sub(r"^[\d一二三四五六七八九十]{1,3}[、.．]", "", text[:at]) if at > 0 else ""
        if name:
            span = cleaned.span(skipped + at - len(name), skipped + at)
            draft.add(Field.NAME, raw=doc.quote(span), value=name, spans=(span,), rule="title.name")
            return


def _find_parts(doc: Document, form: Form) -> list[_Part]:
    parts: list[_Part] = []
    heading, spans = "", list[Span]()
    for row in form.rows[1:]:
        text = fold("".join(cell.text for cell in row.cells))
        hit = _HEADING.fullmatch(text.rstrip(":"))
        if hit and (_section_of(hit[2]) or hit[2] in words_of("narratives", "headings", "others")):
            if heading:
                parts.append(_Part(heading, join_prose(doc, spans)))
            heading, spans = hit[2], []
        elif heading:
            spans.append(row.span)
    if heading:
        parts.append(_Part(heading, join_prose(doc, spans)))
    return parts


@cache
def _headings() -> dict[str, Field]:
    return {
        fold(word): Field(name)
        for name, words in table_of("forms", "sections").items()
        for word in words
        if name not in ("expected_goals", "actual_completion")
    }


def _section_of(heading: str) -> Field | None:
    return _headings().get(fold(heading))


def _under(parts: Sequence[_Part], kind: str) -> list[Prose]:
    words = words_of("narratives", "headings", kind)
    return [part.prose for part in parts if part.heading in words]


def _read_year(doc: Document, form: Form, parts: Sequence[_Part], draft: Draft) -> None:
    """The budget year: as the document's title says, else the first year that is planned for and not yet begun."""
    for hit in _DOCUMENT_YEAR.finditer(doc.text, 0, min(form.span.start, _TITLE_LENGTH)):
        span = Span(start=hit.start(1), end=hit.end(1))
        draft.add(Field.YEAR, raw=hit[1], value=int(hit[1]), spans=(span,), rule="document.title")
        draft.warn(WarningCode.INFERRED_VALUE, f"年度按文件标题记为{hit[1]}年", span)
        return
    planned: dict[int, Span] = {}
    begun = 0
    for part in parts:
        for sentence in re.finditer(r"[^。；;\n]+", part.prose.text):
            clauses = re.finditer(r"[^，,]+", sentence[0])
            for clause in clauses:
                for year in _YEAR.finditer(clause[0]):
                    at = sentence.start() + clause.start() + year.start(1)
                    if any(word in clause[0] for word in words_of("narratives", "tense", "past")):
                        begun = max(begun, int(year[1]))
                    elif any(word in clause[0] for word in words_of("narratives", "tense", "planned")):
                        planned.setdefault(int(year[1]), part.prose.spans_of(at, at + 4)[0])
    years = sorted(year for year in planned if year > begun)
    if years:
        span = planned[years[0]]
        draft.add(Field.YEAR, raw=doc.quote(span), value=years[0], spans=(span,), rule="narrative.planned")
        draft.warn(WarningCode.INFERRED_VALUE, f"没有写明预算年度，按文中的计划与安排记为{years[0]}年", span)


def _read_dates(doc: Document, parts: Sequence[_Part], draft: Draft) -> None:
    for prose in _under(parts, "period"):
        for span in prose.spans:
            cell = Cell(text=clean(doc.quote(span)).text, span=span)
            read_period(doc, [cell], draft, "narrative.period")
        for field, words in ((Field.START_DATE, "start"), (Field.END_DATE, "end")):
            verbs = "|".join(words_of("narratives", "verbs", words))
            hit = re.search(rf"{_MONTH}[^，。；\d]{{0,6}}?(?:{verbs})", prose.text)
            if hit and (date := parse_date(hit[1])):
                draft.add(field, raw=hit[1], value=date, spans=prose.spans_of(*hit.span(1)), rule="narrative.period")


def _read_money(doc: Document, parts: Sequence[_Part], draft: Draft) -> None:
    """总投资 anywhere; the year's budget only where its year is the project's, or is called 年度预算 without a year."""
    total = "|".join(words_of("narratives", "money", "total"))
    yearly = "|".join(words_of("narratives", "money", "yearly"))
    for part in parts:
        hit = re.search(rf"(?:{total})[^，。；\d]{{0,12}}{_MONEY}", part.prose.text)
        if hit:
            _add_money(Field.BUDGET_TOTAL, part.prose, hit, draft)
    year = draft.value(Field.YEAR)
    for prose in _under(parts, "budget"):
        dated = re.compile(rf"(?:{year})年?度?[^，。；\d]{{0,16}}{_MONEY}") if year else None
        hit = dated.search(prose.text) if dated else None
        hit = hit or re.search(rf"(?<!\d年)(?<!\d年度)(?:{yearly})[^，。；\d]{{0,12}}{_MONEY}", prose.text)
        if hit:
            _add_money(Field.BUDGET_YEAR, prose, hit, draft)


def _add_money(field: Field, prose: Prose, hit: re.Match[str], draft: Draft) -> None:
    amount = parse_amount(hit[1], unit=Decimal(1))
    if amount is not None:
        spans = prose.spans_of(*hit.span(1))
        draft.add(field, raw=hit[1], value=canonical_decimal(amount), spans=spans, rule="narrative.money")


def _find_units(doc: Document, parts: Sequence[_Part], draft: Draft) -> tuple[UnitReading, ...]:
    units: dict[UnitRole, UnitReading] = {}
    named = _named_units(parts)
    for role, words in table_of("narratives", "roles").items():
        for prose, start, end in _role_mentions(parts, words, named if role == "implements" else ()):
            unit = _unit(doc, UnitRole(role), prose, start, end, draft)
            if unit and UnitRole(role) not in units:
                units[UnitRole(role)] = unit
    return tuple(units.values())


Mention = tuple[Prose, int, int]


def _role_mentions(parts: Sequence[_Part], words: Sequence[str], bare: Sequence[Mention]) -> list[Mention]:
    """Where a unit is named for a role (`实施单位为…`), then those that stand alone under the heading."""
    roles = "|".join(sorted(words, key=len, reverse=True))
    pattern = re.compile(rf"(?:{roles})(?:为|是|由|[:：])\s?{_RUN}")
    found: list[Mention] = []
    for part in parts:
        for hit in pattern.finditer(part.prose.text):
            found += _first_unit(part.prose, hit.start(1), hit.end(1))
    return [*found, *bare]


def _first_unit(prose: Prose, start: int, end: int) -> list[Mention]:
    """The unit with which `prose.text[start:end]` begins: up to the first break behind which it ends as units do."""
    endings = words_of("units", "endings", "words")
    for stop in _BREAK.finditer(prose.text, start + 3, end):
        if prose.text.endswith(endings, start, stop.start()):
            return [(prose, start, stop.start())]
    return []


def _named_units(parts: Sequence[_Part]) -> list[Mention]:
    """A unit that is all that stands under 实施主体, or that does the work there (由…负责实施)."""
    found: list[Mention] = []
    for prose in _under(parts, "units"):
        for hit in _DOING.finditer(prose.text):
            found += _first_unit(prose, hit.start(1), hit.end(1))
        text = prose.text.rstrip("。；; ")
        if 3 <= len(text) <= 40 and text.endswith(words_of("units", "endings", "words")) and "为" not in text:
            found.append((prose, 0, len(text)))
    return found


def _unit(doc: Document, role: UnitRole, prose: Prose, start: int, end: int, draft: Draft) -> UnitReading | None:
    name = prose.text[start:end]
    spans = prose.spans_of(start, end)
    full, rule = name, "narrative.unit"
    if expanded := write_out(doc.text, name):
        full, rule = expanded, "narrative.short_name"
        draft.warn(WarningCode.INFERRED_VALUE, f"单位简称“{name}”按本文件写出的地名与通行简称记为“{full}”", *spans)
    if not full.endswith(words_of("units", "endings", "words")):
        return None
    return UnitReading(role=role, name=full, raw=name, spans=spans, rule=rule)


def join_narratives(projects: Sequence[ProjectReading]) -> tuple[ProjectReading, ...]:
    """`projects` with each narrative put into the form of the same name and year, where the document has one.

    What the form says stands; the narrative adds what the form lacks, and a doubt where the two differ.
    """
    forms = [project for project in projects if project.kind is not FormKind.NARRATIVE]
    taken: dict[int, ProjectReading] = {}
    rest: list[ProjectReading] = []
    for project in projects:
        if project.kind is not FormKind.NARRATIVE:
            continue
        match = next((at for at, form in enumerate(forms) if at not in taken and _is_same(form, project)), None)
        if match is None:
            rest.append(project)
        else:
            taken[match] = project
    joined = [_join(form, taken[at]) if at in taken else form for at, form in enumerate(forms)]
    return tuple(sorted((*joined, *rest), key=lambda project: project.span.start))


def _is_same(form: ProjectReading, narrative: ProjectReading) -> bool:
    names = [str(project.value(Field.NAME) or "") for project in (form, narrative)]
    bare = [fold(name).removesuffix("项目") for name in names]
    years = {project.value(Field.YEAR) for project in (form, narrative)} - {None}
    return bool(bare[0]) and bare[0] == bare[1] and len(years) <= 1


def _join(form: ProjectReading, narrative: ProjectReading) -> ProjectReading:
    differing = [
        reading
        for reading in narrative.readings
        if reading.name not in SECTIONS
        and reading.name is not Field.NAME
        and form.value(reading.name) not in (None, reading.value)
    ]
    doubts = tuple(
        ReadingWarning(
            code=WarningCode.DOUBTFUL_VALUE,
            message=f"经费情况说明写作“{reading.raw}”，与表中所填不同，以表为准",
            spans=reading.spans,
        )
        for reading in differing
    )
    roles = {unit.role for unit in form.units}
    return replace(
        form,
        readings=(*form.readings, *(reading for reading in narrative.readings if form.value(reading.name) is None)),
        units=(*form.units, *(unit for unit in narrative.units if unit.role not in roles)),
        tasks=form.tasks or narrative.tasks,
        citations=(*narrative.citations, *form.citations),
        warnings=(*form.warnings, *narrative.warnings, *doubts),
    )
