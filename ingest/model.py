"""Nouns of reading: Document, Span, Row, Reading, Citation, Extraction.

Everything but `Document.text` is a span into it. Nothing here knows how a file is read.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

NameT = TypeVar("NameT", bound=StrEnum)


class MediaType(StrEnum):
    TEXT = "text/plain"
    MARKDOWN = "text/markdown"
    HTML = "text/html"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    DOC = "application/msword"
    XLS = "application/vnd.ms-excel"
    WPS = "application/vnd.ms-works"
    IMAGE = "image/*"
    ZIP = "application/zip"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Half-open range of characters in `Document.text`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")


class WarningCode(StrEnum):
    LOST_CELL = "lost_cell"  # a cell that the form must have is not in the source
    SHIFTED_ROW = "shifted_row"  # cells stand one column off and were put back
    MENDED_CELL = "mended_cell"  # a split or damaged cell was joined or mended to a standard name
    GHOST_ROW = "ghost_row"  # a row repeated by a page break was dropped
    DOUBTFUL_VALUE = "doubtful_value"  # read, but two readings are possible or a check fails
    INFERRED_VALUE = "inferred_value"  # follows from the document, but does not stand in its field
    UNDECODABLE = "undecodable"  # characters lost in decoding
    OCR = "ocr"  # this page was recognised from a picture
    TRUNCATED = "truncated"  # text was cut by a limit or ends mid-sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingWarning:
    """Doubt about a reading. `message` is Chinese, names what is doubtful and why."""

    code: WarningCode
    message: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellAnchor:
    """Where a stretch of text stood in a file with real cells, such as `Sheet1!B7` or `表2 第3行第2列`."""

    span: Span
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A source after reading. `text` is final; table rows in it are lines with tab-separated cells.

    `page_starts` holds the offset at which each page begins (page 1 first); () where the format has no pages.
    """

    name: str
    sha256: str
    media_type: MediaType
    text: str
    encoding: str = "utf-8"
    page_starts: tuple[int, ...] = ()
    anchors: tuple[CellAnchor, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()

    def quote(self, span: Span) -> str:
        """The exact characters at `span`."""
        return self.text[span.start : span.end]

    def page_of(self, span: Span) -> int | None:
        """Page (from 1) on which `span` begins; None where the format has no pages."""
        return bisect_right(self.page_starts, span.start) or None if self.page_starts else None

    def cell_of(self, span: Span) -> str | None:
        """Address of the cell in which `span` begins; None outside real cells."""
        at = bisect_right(self.anchors, span.start, key=lambda anchor: anchor.span.start) - 1
        if at < 0 or self.anchors[at].span.end < span.end:
            return None
        return self.anchors[at].address


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a row. `text` is the cleaned reading (markup, OCR spaces inside Chinese words removed)."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Cells of one line or table row, empty ones kept, columns counted from 0."""

    cells: tuple[Cell, ...]
    span: Span


class FormKind(StrEnum):
    """Families of forms. The value is the snapshot's `document_type`."""

    TARGET = "绩效目标表"
    SELF_EVALUATION = "绩效自评表"
    NARRATIVE = "项目经费情况说明"


class Field(StrEnum):
    """Properties of a project, by their names in the graph."""

    NAME = "name"
    YEAR = "year"
    CATEGORY = "category"
    PERFORMANCE_TYPE = "performance_type"
    PROJECT_NATURE = "project_nature"
    START_DATE = "start_date"
    END_DATE = "end_date"
    GOVERNMENT_PROCUREMENT = "government_procurement"
    BUDGET_TOTAL = "budget_total"
    BUDGET_YEAR = "budget_year"
    PREVIOUS_BUDGET = "previous_budget"
    PREVIOUS_EXECUTED = "previous_executed"
    BUDGET_INITIAL = "budget_initial"
    BUDGET_ADJUSTED = "budget_adjusted"
    EXECUTED = "executed"
    EXECUTION_RATE = "execution_rate"
    EXECUTION_WEIGHT = "execution_weight"
    EXECUTION_SCORE = "execution_score"
    TOTAL_SCORE = "total_score"
    GRADE = "grade"
    # text sections, as written
    OVERVIEW = "overview"
    BASIS = "basis"
    NECESSITY = "necessity"
    MEASURES = "measures"
    SCHEDULE = "schedule"
    GOALS = "goals"
    EXPECTED_GOALS = "expected_goals"
    ACTUAL_COMPLETION = "actual_completion"


SECTIONS = (
    Field.OVERVIEW,
    Field.BASIS,
    Field.NECESSITY,
    Field.MEASURES,
    Field.SCHEDULE,
    Field.GOALS,
    Field.EXPECTED_GOALS,
    Field.ACTUAL_COMPLETION,
)


class IndicatorField(StrEnum):
    """Properties of an indicator row, by their names in the graph."""

    LEVEL1 = "level1"
    LEVEL2 = "level2"
    LEVEL3 = "level3"
    LEVEL1_PRINTED = "level1_printed"
    LEVEL2_PRINTED = "level2_printed"
    TARGET_TEXT = "target_text"
    TARGET_OPERATOR = "target_operator"
    TARGET_VALUE = "target_value"
    TARGET_UNIT = "target_unit"
    ACTUAL_TEXT = "actual_text"
    ACTUAL_VALUE = "actual_value"
    WEIGHT = "weight"
    SCORE = "score"
    DEVIATION_REASON = "deviation_reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[NameT]):
    """One property as read. `raw` is as printed, `value` as read.

    Money is yuan, dates ISO (`2020-01-01`, `2025-10` where no day is printed), rates percent, all as canonical
    decimal strings without exponent or trailing zeros (`"2080000"`, `"99.21"`); year an int, government_procurement
    a bool. A value broken over cells or pages has several spans, in reading order.
    """

    name: NameT
    raw: str
    value: str | int | bool
    spans: tuple[Span, ...]
    rule: str


class UnitRole(StrEnum):
    """How a unit stands to a project; the value is the edge's type."""

    DECLARES = "declares"
    SUPERVISES = "supervises"
    IMPLEMENTS = "implements"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReading:
    """A unit named in a form. `name` is mended (split words joined), `code` the number printed before it, if any."""

    role: UnitRole
    name: str
    raw: str
    spans: tuple[Span, ...]
    rule: str
    code: str | None = None
    damaged: bool = False  # letters of the name are lost in the source; resolution may complete it


class CitationKind(StrEnum):
    NUMBER = "文号"
    ORDER = "令"
    ANNOUNCEMENT = "公告"
    STANDARD = "标准"
    TITLE = "标题"  # named by title only


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNumber:
    """A 文号, 令, 公告 or standard number as read.

    canonical: `沪财绩〔2019〕19号`, `国务院令第673号`, `财政部 税务总局公告2020年第43号`, `GB/T 22239-2008`.
    `year` is None where none is printed. `serial` keeps no leading zeros; `raw` keeps all.
    """

    kind: CitationKind
    issuer_code: str
    year: int | None
    serial: str
    canonical: str
    raw: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One mention of a policy document in running text.

    `span` covers title and number; `title` is cleaned, without the outer 《》. At least one of title and number is set.
    `mention_only` marks newspapers, own reports, maps, certificates: named in 《》, but no policy (kept, never an edge
    `cites`). `issuer` is the organisation written before or in the title, where it is. `edition` is the version that
    stands in brackets behind the marks (2015年修订), where it does.
    """

    kind: CitationKind
    span: Span
    title: str | None = None
    raw_title: str | None = None
    title_span: Span | None = None
    number: DocumentNumber | None = None
    issuer: str | None = None
    mention_only: bool = False
    edition: str | None = None
    edition_span: Span | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorReading:
    """One row of an indicator table; readings in column order, absent cells absent."""

    row: int  # from 0 within the form
    readings: tuple[Reading[IndicatorField], ...]
    span: Span

    def value(self, name: IndicatorField) -> str | None:
        """The value read for `name`, or None."""
        return next((str(r.value) for r in self.readings if r.name is name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReading:
    """A numbered sub-project (`1、管委会档案整理项目`), with every span in which its text stands."""

    number: str
    name: str
    section: Field
    spans: tuple[Span, ...]
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCitation:
    """A citation and the section of the form in which it stands (None outside any section)."""

    section: Field | None
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectReading:
    """One form. `span` covers the form from its title to its last row."""

    kind: FormKind
    span: Span
    readings: tuple[Reading[Field], ...]
    units: tuple[UnitReading, ...] = ()
    indicators: tuple[IndicatorReading, ...] = ()
    tasks: tuple[TaskReading, ...] = ()
    citations: tuple[SectionCitation, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()

    def value(self, name: Field) -> str | int | bool | None:
        """The value read for `name`, or None."""
        return next((r.value for r in self.readings if r.name is name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that one document says. `citations` are those outside any project; warnings those of no one project.

    What reading the file itself left in doubt stands with `document`.
    """

    document: Document
    projects: tuple[ProjectReading, ...] = ()
    citations: tuple[Citation, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()
    document_type: str | None = None
    year: int | None = None
