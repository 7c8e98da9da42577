"""Evidence for the page: a stretch of a source with the proof marked, tables as tables, markup of the source left out.

Every character shown is escaped; marks follow offsets into the document's own text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.model import Source
from ui.markup import NOTHING, Html, element, join
from ui.rendering import visible

# Tags that sources carry along from their own formats. They are layout; anything else in <> is shown as is, also what
# only begins like a tag: words of the text must not be taken for attributes.
TAG = re.compile(
    r"</?(?:p|br|div|span|b|strong|i|em|u|sub|sup|font|table|thead|tbody|tr|td|th)"
    r"(?:[ \t]+[a-z-]{1,30}(?:=(?:\"[^\"<>\n]{0,200}\"|'[^'<>\n]{0,200}'|[^\s\"'<>]{1,200}))?){0,12}[ \t]{0,9}/?>",
    re.IGNORECASE | re.ASCII,
)
BREAKING = frozenset({"p", "br", "div", "tr", "table"})
CELLS = frozenset({"td", "th"})
TAG_NAME = re.compile(r"[a-z]+", re.I)

CONTEXT = 260  # characters to either side
WIDER = 4_000
MAX_QUOTE = 6_000
MAX_BLOCKS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of shown characters and where it begins in the document's text (None for layout)."""

    text: str
    start: int | None


def pieces_of(text: str, start: int, end: int) -> Iterator[Piece]:
    """The range cut at tags; a breaking tag becomes a line break, a cell's tag a tab."""
    at = start
    for match in TAG.finditer(text, start, end):
        if match.start() > at:
            yield Piece(text=text[at : match.start()], start=at)
        name = TAG_NAME.search(match.group())
        tag = name.group().lower() if name else ""
        if tag in BREAKING:
            yield Piece(text="\n", start=None)
        elif tag in CELLS and match.group().startswith("</"):
            yield Piece(text="\t", start=None)
        at = match.end()
    if at < end:
        yield Piece(text=text[at:end], start=at)


Run = tuple[str, str]  # characters and their mark: "", "proof" or "core"
Spans = Sequence[tuple[int, int]]  # half-open, sorted


def _marked(piece: Piece, marks: Spans, cores: Spans) -> Iterator[Run]:
    if piece.start is None:
        yield piece.text, ""
        return
    low, high = piece.start, piece.start + len(piece.text)
    cuts = {low, high} | {at for span in (*marks, *cores) for at in span if low < at < high}
    edges = sorted(cuts)
    for start, end in pairwise(edges):
        core = any(a <= start and end <= b for a, b in cores)
        proof = any(a <= start and end <= b for a, b in marks)
        yield piece.text[start - low : end - low], "core" if core else "proof" if proof else ""


def lines_of(text: str, start: int, end: int, marks: Spans, cores: Spans = ()) -> list[list[list[Run]]]:
    """Lines of cells of runs; empty lines are left out."""
    lines: list[list[list[Run]]] = [[[]]]
    for piece in pieces_of(text, start, end):
        for run, mark in _marked(piece, marks, cores):
            for sign in re.split(r"(\n|\t)", run):
                if sign == "\n":
                    lines.append([[]])
                elif sign == "\t":
                    lines[-1].append([])
                elif sign:
                    lines[-1][-1].append((sign, mark))
    return [line for line in lines if any(run.strip() for cell in line for run, _ in cell)]


MARKS: Mapping[str, dict[str, str]] = {"proof": {}, "core": {"class": "jx-core"}}


def _runs(cell: Iterable[Run]) -> Html:
    return join(element("mark", MARKS[mark], visible(run)) if mark else visible(run) for run, mark in cell)


def render_stretch(text: str, start: int, end: int, marks: Spans, cores: Spans = ()) -> Html:
    """The range as paragraphs and tables with `marks` highlighted and `cores` within them emphasised."""
    parts: list[Html] = []
    table: list[list[list[Run]]] = []

    def close_table() -> None:
        if table:
            parts.append(element("div", {"class": "jx-grid"}, element("table", {}, join(_rows(table)))))
            table.clear()

    for line in lines_of(text, start, end, marks, cores):
        if len(line) > 1:
            table.append(_without_empty_tail(line))
        else:
            close_table()
            parts.append(element("p", {}, _runs(line[0])))
    close_table()
    return join(parts)


def _rows(table: Sequence[list[list[Run]]]) -> list[Html]:
    """Rows of equal width: the last cell of a short one reaches to the edge."""
    width = max(map(len, table))
    rows = []
    for line in table:
        cells = [element("td", {}, _runs(cell)) for cell in line[:-1]]
        reach = {"colspan": str(width - len(line) + 1)} if len(line) < width else {}
        rows.append(element("tr", {}, *cells, element("td", reach, _runs(line[-1]))))
    return rows


def _without_empty_tail(line: list[list[Run]]) -> list[list[Run]]:
    last = max((i for i, cell in enumerate(line) if any(run.strip() for run, _ in cell)), default=0)
    return line[: last + 1]


def window_of(text: str, start: int, end: int, radius: int) -> tuple[int, int]:
    """The range to show around a proof: `radius` characters to either side, out to the ends of lines where near."""
    end = min(end, start + MAX_QUOTE)
    low, high = max(0, start - radius), min(len(text), end + radius)
    before = text.rfind("\n", max(0, low - radius), low)
    after = text.find("\n", high, min(len(text), high + radius))
    low = before + 1 if before >= 0 else (0 if low <= radius else low)
    high = after if after >= 0 else (len(text) if len(text) - high <= radius else high)
    return low, high


def place_of(source: Source) -> str:
    """Where it stands, for people: page, cell, or the count of characters into the file."""
    parts = []
    if source.page is not None:
        parts.append(f"第 {source.page} 页")
    if source.cell is not None:
        parts.append(source.cell)
    return "，".join(parts) or f"第 {source.start + 1}–{source.end} 字"


def render_context(source: Source, text: str | None, *, radius: int = CONTEXT, cores: Sequence[Source] = ()) -> Html:
    """The stretch around `source`; only the quote where the file's text is not at hand.

    `cores` are what in the proof matters most, such as the number in a sentence.
    """
    if text is None or text[source.start : source.end] == "":
        return element("p", {}, element("mark", {}, visible(source.quote)))
    low, high = window_of(text, source.start, source.end, radius)
    spans = sorted((max(c.start, source.start), min(c.end, source.end)) for c in cores if c.document == source.document)
    stretch = render_stretch(text, low, high, [(source.start, source.end)], spans)
    return join(
        [
            element("span", {"class": "jx-cut"}, "……") if low > 0 else NOTHING,
            stretch,
            element("span", {"class": "jx-cut"}, "……") if high < len(text) else NOTHING,
        ]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What stands in the source beside what it was read as. `typo` marks a suspected misprint."""

    printed: str
    canonical: str
    typo: bool = False
    place: Source | None = None


def render_source(source: Source, text: str | None, readings: Sequence[Reading] = (), *, radius: int = CONTEXT) -> Html:
    """One block of evidence: file and place, what is printed and how it is read, the text with the proof marked."""
    head = element(
        "header",
        {},
        element("span", {"class": "jx-file"}, visible(source.document)),
        element("span", {"class": "jx-place"}, place_of(source)),
        element(
            "button",
            {
                "type": "button",
                "class": "jx-link",
                "data-act": "context",
                "data-document": source.document,
                "data-start": str(source.start),
                "data-end": str(source.end),
            },
            "展开上下文",
        ),
    )
    cores = [reading.place for reading in readings if reading.place is not None]
    body = element("div", {"class": "jx-stretch"}, render_context(source, text, radius=radius, cores=cores))
    return element("article", {"class": "jx-source"}, head, *map(render_reading, readings), body)


def render_reading(reading: Reading) -> Html:
    """原文写法 beside 规范写法; a suspected misprint says so."""
    typo = element("span", {"class": "jx-badge jx-doubt"}, "疑似笔误") if reading.typo else NOTHING
    return element(
        "dl",
        {"class": "jx-reading"},
        element("dt", {}, "原文写法"),
        element("dd", {}, visible(reading.printed), typo),
        element("dt", {}, "规范写法"),
        element("dd", {}, visible(reading.canonical)),
    )


def render_evidence(title: str, blocks: Sequence[Html], *, total: int, notes: Sequence[str] = ()) -> Html:
    """The panel beside the table: a title, notes, and the blocks."""
    head = element("h3", {}, visible(title), element("small", {}, f"共 {total} 处出处" if total else "无出处"))
    remarks = [element("p", {"class": "jx-note"}, visible(note)) for note in notes]
    cut = total - len(blocks)
    rest = (
        element("p", {"class": "jx-note"}, f"其余 {cut} 处未在此列出，可下载表格或图谱查看。") if cut > 0 else NOTHING
    )
    return element("section", {"class": "jx-evidence"}, head, *remarks, *blocks, rest)
