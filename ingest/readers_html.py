"""HTML: blocks as lines, tables as rows with merged cells in place. Nothing is fetched, run or expanded."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace

from lxml import etree

from ingest.contents import Content, Draft
from ingest.encodings import declared_encoding, decode, find_lost
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.model import WarningCode
from ingest.wordlists import words_of

_SKIPPED = frozenset(words_of("html", "skipped"))
_BLOCKS = frozenset(words_of("html", "blocks"))
_SPACES = re.compile(r"[ \t\n\r\f]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})[^<>]*>")
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
    head = _XML_HEAD.match(decoded.text)
    text = decoded.text[head.end() :] if head else decoded.text
    draft = Draft(source=name, limit=limits.text)
    tree = _parse(text, huge=False) or _parse(text, huge=True)
    if tree:
        _Walk(draft, limits).walk(tree[0])
    else:
        draft.warn(WarningCode.TRUNCATED, "网页的标签嵌套过深或过长，只读出文字，没有还原表格，请核对")
        for line in _strip_tags(text).split("\n"):
            cells = [_SPACES.sub(" ", cell).strip(" ") for cell in line.split("\0")]
            if any(cells):
                draft.add_row(cells[1:] if len(cells) > 1 and not cells[0] else cells)
    content = draft.finish(encoding=decoded.encoding)
    lost = find_lost(content.text)
    doubts = tuple(replace(doubt, spans=lost if doubt.spans else ()) for doubt in decoded.warnings)
    return replace(content, warnings=doubts + content.warnings)


def _parse(text: str, *, huge: bool) -> tuple[etree._Element] | tuple[()]:
    """The tree of a page; () where it goes past the parser's limits of depth or length."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=huge, remove_comments=True, remove_pis=True, recover=True
    )
    root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    refused = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return () if refused or root is None else (root,)


def _strip_tags(text: str) -> str:
    """The text between the tags, in one pass: for pages that are no tree."""
    pieces: list[str] = []
    at, skipped = 0, ""
    for tag in _TAG.finditer(text):
        if not skipped:
            pieces.append(text[at : tag.start()])
        at = tag.end()
        closing, element = tag[1] == "/", tag[2].lower()
        if skipped:
            skipped = "" if closing and element == skipped else skipped
        elif element in _SKIPPED and not closing and element != "head":
            skipped = element
        elif element in ("td", "th"):
            pieces.append("" if closing else "\0")
        elif element in _BLOCKS or element == "br":
            pieces.append("\n")
    if not skipped:
        pieces.append(text[at:])
    return html.unescape("".join(pieces))


class _Walk:
    """One pass over a page, without recursion: hostile pages nest 100,000 deep."""

    def __init__(self, draft: Draft, limits: Limits) -> None:
        self._draft = draft
        self._limits = limits
        self._line: list[str] = []
        self._tables: list[_Table | None] = []  # None: a table that only lays out the page
        self._count = 0
        self._within = 0  # tables open inside a cell: their cells are words of that cell

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
        if self._within or (tag == "table" and table is not None and table.cell is not None):
            self._within += tag == "table"
            if tag in _BLOCKS or tag == "br":
                self._break()
        elif tag == "table":
            self._break()
            layout = _lays_out(element)
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
        if self._within:
            self._within -= tag == "table"
            if tag in _BLOCKS:
                self._break()
        elif tag == "table" and self._tables:
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


def _lays_out(table: etree._Element) -> bool:
    """Whether a table only lays out the page: most of its rows hold tables."""
    rows = [
        row for part in table for row in ((part,) if part.tag == "tr" else part) if getattr(row, "tag", None) == "tr"
    ]
    holding = sum(1 for row in rows if row.find(".//table") is not None)
    return holding * 2 > len(rows)


def _count(value: str | None, most: int) -> int:
    """A colspan or rowspan; 1 where it is missing or no number, `most` for the 0 that means "to the end"."""
    digits = (value or "").strip()[:6]
    if not digits.isascii() or not digits.isdigit():
        return 1
    return min(int(digits) or most, most)
