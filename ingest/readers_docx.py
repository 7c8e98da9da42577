"""DOCX: paragraphs and tables in order, merged cells in place, list numbers as printed, notes at the end.

Read from the XML itself: what Word shows is kept, deleted revisions and field codes are not. Macros are never touched.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

from lxml import etree

from ingest.contents import Content, Draft
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.numbering import Numbering
from ingest.packages import open_package, parse_part, refuse_declarations

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HIDDEN = frozenset(
    (_W + "del", _W + "moveFrom", _W + "instrText", _W + "delText", _W + "rt", _W + "pPr", _W + "rPr", _MC + "Fallback")
)
_WRAPPERS = frozenset(
    _W + tag for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "body", "footnote", "endnote")
)
_WRITTEN = {_W + "tab": "\t", _W + "ptab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_SIGNS = {  # tick boxes of Wingdings, by code
    "F0FE": "☑",
    "F052": "☑",
    "F0FD": "☒",
    "F0A8": "☐",
    "F06F": "☐",
    "F0A3": "☐",
    "F0FC": "√",
}
_DEEPEST = 20  # tables within tables


def read_docx(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Content:
    """The text of a Word document. Raises DamagedSource or OversizedSource."""
    draft = Draft(source=name, limit=limits.text)
    with open_package(data, name=name, limits=limits) as package:
        refuse_declarations(package, name=name)
        numbering = Numbering(
            _parse_optional(package, "word/numbering.xml", name), _parse_optional(package, "word/styles.xml", name)
        )
        writer = _Writer(draft, numbering, limits)
        writer.write(parse_part(package, "word/document.xml", name=name))
        for part in ("word/footnotes.xml", "word/endnotes.xml"):
            notes = _parse_optional(package, part, name)
            if notes is not None:
                for note in notes:
                    if note.get(_W + "type") is None:  # the others draw the line above the notes
                        writer.write(note)
    return draft.finish()


def _parse_optional(package: zipfile.ZipFile, part: str, name: str) -> etree._Element | None:
    return parse_part(package, part, name=name) if part in package.NameToInfo else None


class _Writer:
    """Writes blocks into the draft in the order of the document."""

    def __init__(self, draft: Draft, numbering: Numbering, limits: Limits) -> None:
        self._draft = draft
        self._numbering = numbering
        self._limits = limits
        self._tables = 0

    def write(self, container: etree._Element, depth: int = 0) -> None:
        """Paragraphs and tables directly in `container`, or in what merely wraps them."""
        for block in _blocks(container):
            if block.tag == _W + "tbl":
                self._write_table(block, depth)
                continue
            text, boxes = self._text_of(block)
            for line in text.split("\n"):
                if line.strip():
                    self._draft.add_line(line.rstrip())
            for box in boxes:
                if depth < _DEEPEST:
                    self.write(box, depth + 1)

    def _text_of(self, paragraph: etree._Element) -> tuple[str, list[etree._Element]]:
        """What a paragraph shows, and the text boxes anchored in it."""
        pieces = [self._numbering.label(paragraph)]
        boxes = []
        walker = etree.iterwalk(paragraph, events=("start",))
        for _, element in walker:
            tag = element.tag
            if tag in _HIDDEN:
                walker.skip_subtree()
            elif tag == _W + "txbxContent":
                boxes.append(element)
                walker.skip_subtree()
            elif tag in (_W + "t", _M + "t"):
                pieces.append(element.text or "")
            elif tag == _W + "sym":
                pieces.append(_SIGNS.get((element.get(_W + "char") or "").upper(), ""))
            else:
                pieces.append(_WRITTEN.get(tag, ""))
        text = "".join(pieces)
        return (text if text != pieces[0] else ""), boxes

    def _write_table(self, table: etree._Element, depth: int) -> None:
        rows = list(_children(table, "tr"))
        nested = sum(1 for row in rows if next(row.iter(_W + "tbl"), None) is not None)
        if nested * 2 > len(rows) and depth < _DEEPEST:  # a table that only lays out the page
            for row in rows:
                for cell in _children(row, "tc"):
                    self.write(cell, depth + 1)
            return
        self._tables += 1
        number = self._tables
        for at, row in enumerate(rows, start=1):
            cells = self._cells_of(row, depth)
            place = f"表{number} 第{at}行第"
            self._draft.add_row(cells, addresses=[f"{place}{column}列" for column in range(1, len(cells) + 1)])

    def _cells_of(self, row: etree._Element, depth: int) -> list[str]:
        properties = row.find(_W + "trPr")
        cells = [""] * _span(properties, "gridBefore", 0, self._limits.columns)
        for cell in _children(row, "tc"):
            about = cell.find(_W + "tcPr")
            merged = about is not None and any(
                (found := about.find(_W + tag)) is not None and found.get(_W + "val", "continue") == "continue"
                for tag in ("vMerge", "hMerge")
            )
            text = self._cell_text(cell, depth)
            cells.append("" if merged else text)
            cells += [""] * (_span(about, "gridSpan", 1, self._limits.columns) - 1)
        cells += [""] * _span(properties, "gridAfter", 0, self._limits.columns)
        return cells[: self._limits.columns]

    def _cell_text(self, cell: etree._Element, depth: int) -> str:
        """Paragraphs of a cell, and of tables within it, by lines."""
        lines = []
        for block in _blocks(cell):
            if block.tag == _W + "tbl" and depth < _DEEPEST:
                for row in _children(block, "tr"):
                    lines.append(" ".join(filter(None, self._cells_of(row, depth + 1))))
                continue
            text, boxes = self._text_of(block)
            lines.append(text)
            lines += ["\n".join(self._text_of(p)[0] for p in box.iter(_W + "p")) for box in boxes]
        return "\n".join(line for line in lines if line.strip())


def _blocks(container: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables of a container, through content controls and revisions."""
    stack: list[Iterator[etree._Element]] = [iter(container)]
    while stack:
        block = next(stack[-1], None)
        if block is None:
            stack.pop()
        elif block.tag in (_W + "p", _W + "tbl"):
            yield block
        elif block.tag in _WRAPPERS:
            stack.append(iter(block))


def _children(parent: etree._Element, tag: str) -> Iterable[etree._Element]:
    """Rows of a table or cells of a row, through content controls and revisions."""
    wrappers: list[Iterator[etree._Element]] = [iter(parent)]
    while wrappers:
        child = next(wrappers[-1], None)
        if child is None:
            wrappers.pop()
        elif child.tag == _W + tag:
            yield child
        elif child.tag in _WRAPPERS:
            wrappers.append(iter(child))


def _span(properties: etree._Element | None, tag: str, default: int, most: int) -> int:
    found = properties.find(_W + tag) if properties is not None else None
    digits = (found.get(_W + "val") or "")[:4] if found is not None else ""
    return min(int(digits), most) if digits.isascii() and digits.isdigit() else default
