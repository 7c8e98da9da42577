"""Names that cell borders, line ends or recognition have cut into pieces, put together again.

Where a border cuts a character, both cells may show it, or the right cell only its right half: the surplus is dropped.
Where both halves were taken for other characters (料⇥青细), the one that was cut is put back. Letters that are gone
stay gone; the result says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from ingest.cleaning import clean, is_cjk
from ingest.dictionary import dictionary
from ingest.grid import make_cell
from ingest.model import Cell, Citation, Document, ReadingWarning, Span, WarningCode
from ingest.wordlists import table_of, words_of

_MOST_CELLS = 60  # no name is torn into more pieces
_LONGEST_OVERLAP = 80
_MENDED = "_mended"
_BORDER = re.compile(r"[\t\r\n]+")
_SPECKS = re.compile(r"^[-_|!'`^~*•·]+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[-_|!'`^~*•·]+$")
_LINE_GAP = re.compile(r"(?<=[\u4e00-\u9fff）)])[ \u3000\n]+(?=[\u4e00-\u9fff（(])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A name put together. `mended`: a surplus was dropped or pieces were rearranged; `lost`: letters are missing."""

    text: str
    spans: tuple[Span, ...]
    mended: bool = False
    lost: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """`torn`: a stray sign stood at its right border."""

    text: str
    span: Span
    torn: bool = False


def join_cells(doc: Document, cells: Sequence[Cell], *, continued: Sequence[Cell] = ()) -> Joined:
    """The one name that stands in `cells` (left to right, empty ones included) and goes on in `continued` below.

    Empty text where there is none.
    """
    cells = _join_spaced(doc, cells[:_MOST_CELLS])
    written = [cell for cell in cells if _is_writing(cell.text)]
    pieces, mended = _in_reading_order(doc, written)
    pieces += [_piece(doc, cell) for cell in continued if _is_writing(cell.text)]
    if not pieces:
        return Joined(text="", spans=())
    holes = _empty_between(cells, written)
    text, spans, lost = pieces[0].text, [pieces[0].span], False
    for number, piece in enumerate(pieces[1:]):
        surplus = _overlap(text, piece.text)
        if not surplus and not is_cjk(text[-1]) and not is_cjk(piece.text[0]):
            text += " "
        lost = lost or (not surplus and not mended and holes[number : number + 1] == [True])
        text, knit = _knit(text, piece.text, surplus)
        mended = mended or knit or pieces[number].torn
        spans.append(piece.span)
    return Joined(text=text, spans=tuple(spans), mended=mended or lost, lost=lost)


def join_torn(text: str) -> str:
    """`text`, a title in which tabs are borders of cells that cut through it, as one line with the cut letters mended.

    >>> join_torn("滨江\\t-区绿化料\\t青细化管理导则")
    '滨江区绿化精细化管理导则'
    """
    joined = ""
    for part in _BORDER.split(text):
        if bare := _SPECKS.sub("", clean(part).text):
            joined = _knit(joined, bare, _overlap(joined, bare))[0]
    return joined


def mend_title(citation: Citation) -> Citation:
    """`citation`, its title put right where borders of cells cut through letters of it."""
    raw, title = citation.raw_title, citation.title
    if not raw or not title or "\t" not in raw:
        return citation
    whole = join_torn(raw)
    if not whole or whole.replace(" ", "") == title.replace(" ", ""):
        return citation
    return replace(citation, title=whole, rule=citation.rule + _MENDED)


def find_mended(citations: Iterable[Citation]) -> Iterator[ReadingWarning]:
    """A warning for each title that `mend_title` has put right."""
    for citation in citations:
        if citation.rule.endswith(_MENDED) and citation.title_span is not None:
            message = f"被列线切开的文件名读作《{citation.title}》"
            yield ReadingWarning(code=WarningCode.MENDED_CELL, message=message, spans=(citation.title_span,))


def mend_ending(text: str) -> str:
    """`text` with its last letter put right, where that only looks like what a name must end with (项闰 → 项目)."""
    for letter in _lookalikes().get(text[-1:], ()):
        if (text[:-1] + letter).endswith(words_of("glyphs", "name_endings", "words")):
            return text[:-1] + letter
    return text


def _is_writing(text: str) -> bool:
    """Whether a cell holds letters of a name, not just signs that recognition made of a border."""
    return any(is_cjk(char) and char.isalpha() for char in text) or (
        len(text) > 2 and text.isalnum() and text.isascii()
    )


def _piece(doc: Document, cell: Cell) -> _Piece:
    cleaned = clean(doc.text[cell.span.start : cell.span.end], offset=cell.span.start)
    start, end = 0, len(cleaned.text)
    while start < end and not (cleaned.text[start].isalnum() or cleaned.text[start] in "（(《〈“【[√☑"):
        start += 1
    while end > start and not (cleaned.text[end - 1].isalnum() or cleaned.text[end - 1] in "）)》〉”】]%"):
        end -= 1
    return _Piece(cleaned.text[start:end], cleaned.span(start, end), torn=end < len(cleaned.text))


def _join_spaced(doc: Document, cells: Sequence[Cell]) -> list[Cell]:
    """Cells that only spaces set apart as one: in plain columns, words of one value."""
    runs: list[list[Cell]] = []
    for cell in cells:
        last = runs[-1][-1] if runs else None
        if last and last.text and cell.text:
            between = doc.text[last.span.end : cell.span.start]
            if between and not between.strip(" \u00a0\u3000\u2003"):
                runs[-1].append(cell)
                continue
        runs.append([cell])
    return [make_cell(doc.text, run[0].span.start, run[-1].span.end) if len(run) > 1 else run[0] for run in runs]


def _in_reading_order(doc: Document, cells: Sequence[Cell]) -> tuple[list[_Piece], bool]:
    """Pieces of `cells`; where several hold two lines, or one before the last does, first lines come first."""
    cut = [_LINE_GAP.search(doc.quote(cell.span)) for cell in cells]
    if not any(cut[:-1]):
        return [
            _drop_stray(_piece(doc, cell), last=number == len(cells) - 1) for number, cell in enumerate(cells)
        ], False
    upper: list[_Piece] = []
    lower: list[_Piece] = []
    for cell, gap in zip(cells, cut, strict=True):
        if gap is None:
            upper.append(_piece(doc, cell))
            continue
        middle = cell.span.start + gap.start()
        below = cell.span.start + gap.end()
        upper.append(_piece(doc, Cell(text="", span=Span(start=cell.span.start, end=middle))))
        lower.append(_piece(doc, Cell(text="", span=Span(start=below, end=cell.span.end))))
    return upper + lower, True


def _drop_stray(piece: _Piece, *, last: bool) -> _Piece:
    """Without the one figure or letter that a border in the middle of a name left behind (管3⇥理委员会)."""
    if last or len(piece.text) < 2 or not piece.text[-1].isascii() or not is_cjk(piece.text[-2]):
        return piece
    return _Piece(piece.text[:-1], Span(start=piece.span.start, end=piece.span.end - 1), torn=True)


def _empty_between(cells: Sequence[Cell], written: Sequence[Cell]) -> list[bool]:
    """For each written cell but the first: whether an empty one stands between it and the one before."""
    at = [cells.index(cell) for cell in written]
    return [right - left > 1 for left, right in pairwise(at)]


def _knit(left: str, right: str, surplus: int) -> tuple[str, bool]:
    """`left` and `right` joined without the `surplus` of `right`, and whether anything was put right."""
    if surplus or not left:
        return left + right[surplus:], bool(surplus)
    whole = _cut_letter(left, right)
    return (left + right, False) if whole is None else (left[:-1] + whole + right[1:], True)


def _cut_letter(left: str, right: str) -> str | None:
    """The one letter of which the last of `left` and the first of `right` are halves, each taken for another letter.

    It makes a word with its neighbour, and what was printed makes none.
    """
    if _is_word(left[-1] + right[0]):
        return None
    parts = [part for part in _left_parts() if left[-1] in part]
    found = [
        letter
        for letter in _halves().get(right[0], ())
        if letter != left[-1]
        and any(letter in part for part in parts)
        and (_is_word(letter + right[1:2]) or _is_word(left[-2:-1] + letter))
    ]
    return found[0] if len(found) == 1 else None


def _overlap(left: str, right: str) -> int:
    for size in range(min(len(left), len(right), _LONGEST_OVERLAP), 0, -1):
        head, tail = right[:size], left[-size:]
        if head[1:] == tail[1:] and (head[0] == tail[0] or tail[0] in _halves().get(head[0], ())):
            if size == 1 and head == tail and _begins_word(right) and not _begins_word(right[1:]):
                return 0
            if size == 1 and head == tail and _begins_word(right) and _ends_word(left):
                return 0
            return size
    return 0


@cache
def _halves() -> dict[str, tuple[str, ...]]:
    return table_of("glyphs", "right_halves")


@cache
def _left_parts() -> tuple[str, ...]:
    """Strings of letters that share a left half."""
    return tuple("".join(letters) for letters in table_of("glyphs", "left_parts").values())


@cache
def _lookalikes() -> dict[str, tuple[str, ...]]:
    return table_of("glyphs", "lookalikes")


def _begins_word(text: str) -> bool:
    """Whether a word of the language begins at the start of `text` (区域… does, 区投… does not)."""
    return any(_is_word(text[:size]) for size in (2, 3, 4) if len(text) >= size)


def _ends_word(text: str) -> bool:
    return any(_is_word(text[-size:]) for size in (2, 3, 4) if len(text) >= size)


def _is_word(text: str) -> bool:
    return len(text) >= 2 and bool(dictionary().FREQ.get(text, 0))
