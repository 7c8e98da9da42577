"""HTML: blocks as lines, tables as rows with merged cells in place. Nothing is fetched, run or expanded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from ingest.contents import Content, Draft
from ingest.encodings import declared_encoding, decode
from ingest.errors import EmptySource
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.model import WarningCode

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "select",
        "datalist",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_XML_HEAD = re.compile(r"\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)


@dataclass(slots=True)
class _Cell:
    colspan: int
    rowspan: int
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    number: int
    rows: int = 0
    row: list[str] | None = None
    cell: _Cell | None = None
    held: dict[int, int] = field(default_factory=dict)  # column → further rows that a cell above reaches into


def read_html(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Content:
    """The visible text of a page. Cells swallowed by colspan or rowspan are empty ones, so that columns align."""
    decoded = decode(data, declared=declared_encoding(data[:4096]))
    text = _XML_HEAD.sub("", decoded.text, count=1)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True
    )
    root = etree.fromstring(text.encode("utf-8", errors="replace"), parser) if text.strip() else None
    if root is None:
        raise EmptySource(name, "网页里没有文字", "请确认导出的是完整的网页")
    draft = Draft(source=name, limit=limits.text)
    for doubt in decoded.warnings:
        draft.warn(doubt.code, doubt.message)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        draft.warn(WarningCode.TRUNCATED, "网页的标签嵌套过深，超出部分没有读入，请核对")
    _Walk(draft, limits).walk(root)
    return draft.finish(encoding=decoded.encoding)


class _Walk:
    """One pass over a page, without recursion: hostile pages nest 100,000 deep."""

    def __init__(self, draft: Draft, limits: Limits) -> None:
        self._draft = draft
        self._limits = limits
        self._line: list[str] = []
        self._tables: list[_Table | None] = []  # None: a table that only lays out the page
        self._count = 0

    def walk(self, root: etree._Element) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if tag in _SKIPPED or not tag or "hidden" in element.attrib:
                    walker.skip_subtree()
                    continue
                self._open(tag, element)
                self._say(element.text, tag)
            else:
                if tag not in _SKIPPED and "hidden" not in element.attrib:
                    self._close(tag)
                self._say(element.tail, "")
        self._flush()

    def _open(self, tag: str, element: etree._Element) -> None:
        table = self._tables[-1] if self._tables else None
        if tag == "table":
            self._break()
            layout = element.find(".//table") is not None
            self._count += not layout
            self._tables.append(None if layout else _Table(number=self._count))
        elif tag == "tr" and table is not None:
            self._end_row(table)
            table.row = []
            self._hold(table)
        elif tag in ("td", "th") and table is not None:
            if table.row is None:
                table.row = []
                self._hold(table)
            self._end_cell(table)
            table.cell = _Cell(
                colspan=_count(element.get("colspan"), self._limits.columns),
                rowspan=_count(element.get("rowspan"), self._limits.rows),
            )
        elif tag in _BLOCKS or tag == "br":
            self._break()

    def _close(self, tag: str) -> None:
        table = self._tables[-1] if self._tables else None
        if tag == "table" and self._tables:
            if table is not None:
                self._end_row(table)
            self._tables.pop()
        elif tag == "tr" and table is not None:
            self._end_row(table)
        elif tag in ("td", "th") and table is not None:
            self._end_cell(table)
        elif tag in _BLOCKS:
            self._break()

    def _say(self, text: str | None, tag: str) -> None:
        if not text:
            return
        table = self._tables[-1] if self._tables else None
        if table is not None and table.cell is not None:
            table.cell.pieces.append(text)
        elif tag == "pre":
            for line in text.split("\n"):
                self._line.append(line)
                self._flush()
        else:
            self._line.append(text)

    def _break(self) -> None:
        table = self._tables[-1] if self._tables else None
        if table is not None and table.cell is not None:
            table.cell.pieces.append("\n")
        else:
            self._flush()

    def _flush(self) -> None:
        line = _SPACES.sub(" ", "".join(self._line)).strip(" ")
        self._line.clear()
        if line:
            self._draft.add_line(line)

    def _hold(self, table: _Table) -> None:
        """Empty cells for the columns, next in the row, that cells above reach into."""
        row = table.row
        while row is not None and table.held.get(len(row), 0) > 0:
            table.held[len(row)] -= 1
            row.append("")

    def _end_cell(self, table: _Table) -> None:
        cell, row = table.cell, table.row
        table.cell = None
        if cell is None or row is None:
            return
        for number in range(cell.colspan):
            if len(row) >= self._limits.columns:
                break
            if cell.rowspan > 1:
                table.held[len(row)] = cell.rowspan - 1
            row.append(_SPACES.sub(" ", "".join(cell.pieces)) if number == 0 else "")
        self._hold(table)

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        row, table.row = table.row, None
        if row is None:
            return
        table.rows += 1
        self._flush()
        place = f"表{table.number} 第{table.rows}行第"
        self._draft.add_row(row, addresses=[f"{place}{column}列" for column in range(1, len(row) + 1)])


def _count(value: str | None, most: int) -> int:
    """A colspan or rowspan; 1 where it is missing or no number, `most` for the 0 that means "to the end"."""
    digits = (value or "").strip()[:6]
    if not digits.isascii() or not digits.isdigit():
        return 1
    return min(int(digits) or most, most)
