"""PDF by PDFium: glyphs and drawn rules of each page; pages without text go to recognition where it is installed.

Must not decide what is a table (ingest.layout does) nor recognise pictures (ingest.readers_image does).
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.contents import Content, Draft
from ingest.errors import DamagedSource, EncryptedSource, OversizedSource, UnsupportedSource
from ingest.layout import Glyph, Item, lay_out
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.model import WarningCode
from ingest.pacing import report_page
from ingest.pages import LOST, Page, PageWriter
from ingest.readers_image import INSTALL, recognise, recogniser_missing
from ingest.rulings import Box

_THIN = 3.5  # points: a filled box thinner than this is a rule
_SHORT = 4.0  # points: shorter strokes draw letters or dots, not cells
_NO_CHARACTERS = frozenset((2, 0xFFFE))  # PDFium's signs for hyphens that it made
_MOST_OBJECTS = 60_000
_DEPTH = 6  # forms within forms
_LINE_TO = 0
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_SCALE = 200 / 72  # of the picture made for recognition

Matrix = tuple[float, float, float, float, float, float]


def read_pdf(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Content:
    """Lines and table rows page by page. Raises EncryptedSource, DamagedSource or OversizedSource."""
    document = _open(data, name, limits)
    draft = Draft(source=name, limit=limits.text)
    writer = PageWriter(draft)
    try:
        recognised = 0
        for number in range(1, len(document) + 1):
            page = _read_page(document, number, name, limits, recognising=recognised < limits.pictures)
            recognised += page.picture
            writer.write(page)
        writer.close()
    finally:
        document.close()
    _report_pictures(writer.pictures, name, draft)
    return draft.finish()


def _open(data: bytes, name: str, limits: Limits) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as err:
        if getattr(err, "err_code", None) == raw.FPDF_ERR_PASSWORD or "password" in str(err).lower():
            raise EncryptedSource(name, "PDF 设有打开密码", "请用密码打开并另存为不加密的 PDF 后再导入") from err
        raise DamagedSource(name, "PDF 已损坏或不完整，无法打开", "请重新下载，或用 PDF 软件修复后再导入") from err
    if len(document) > limits.pages:
        count = len(document)
        document.close()
        raise OversizedSource(name, f"PDF 有 {count} 页，超过 {limits.pages} 页的上限", "请拆成几份后再导入")
    if len(document) == 0:
        raise DamagedSource(name, "PDF 里一页也没有", "请重新下载或导出后再导入")
    return document


def _read_page(
    document: pdfium.PdfDocument, number: int, name: str, limits: Limits, *, recognising: bool = True
) -> Page:
    try:
        page = document[number - 1]
        glyphs, turned, frame = _find_glyphs(page)
    except pdfium.PdfiumError:
        return Page(number, damaged=True)
    lost = sum(1 for glyph in glyphs if glyph.text == LOST)
    if lost * 2 > len(glyphs) and recognising and not recogniser_missing():
        found = Page(number, _recognise_page(page, number, name, limits), picture=True)  # its fonts name no characters
    elif glyphs or turned:
        items = lay_out(glyphs, tuple(_find_rules(page, frame)), height=frame.height) if glyphs else ()
        found = Page(number, items, turned)
    elif _has_picture(page):
        items = _recognise_page(page, number, name, limits) if recognising else ()
        found = Page(number, items, picture=True)
    else:
        found = Page(number)
    page.close()
    return found


class _Frame:
    """From PDF coordinates (up) to those of the page turned by `rotation` degrees, so that its text stands upright."""

    def __init__(self, page: pdfium.PdfPage, rotation: int) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self.rotation = rotation
        wide, high = self._right - self._left, self._top - self._bottom
        self.width, self.height = (high, wide) if rotation in (90, 270) else (wide, high)

    def place(self, x: float, y: float) -> tuple[float, float]:
        match self.rotation:
            case 90:
                return y - self._bottom, x - self._left
            case 180:
                return self._right - x, y - self._bottom
            case 270:
                return self._top - y, self._right - x
            case _:
                return x - self._left, self._top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (x0, y0), (x1, y1) = self.place(left, bottom), self.place(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


@dataclass(frozen=True, slots=True)
class _Char:
    """A character as PDFium tells it: box in PDF coordinates, direction in whole degrees; a break has no box."""

    text: str
    box: Box | None = None
    turn: int = 0
    spaced: bool = False


def _find_glyphs(page: pdfium.PdfPage) -> tuple[list[Glyph], tuple[str, ...], _Frame]:
    """Glyphs of the page turned the way most of its text runs, runs of text that stand across it, and the frame."""
    chars = tuple(_chars(page))
    turns = Counter(char.turn % 360 for char in chars if char.box is not None and char.turn % 90 == 0)
    frame = _Frame(page, max(turns, key=lambda turn: (turns[turn], -turn)) if turns else 0)
    glyphs: list[Glyph] = []
    turned: list[str] = []
    run: list[str] = []
    for char in chars:
        if char.box is None:
            turned.append("".join(run))
            run = []
        elif char.turn != frame.rotation:
            run.append(char.text)
        else:
            box = frame.box(*char.box)
            if box[2] >= 0 and box[3] >= 0 and box[0] <= frame.width and box[1] <= frame.height:
                glyphs.append(Glyph(char.text, *box, char.spaced))
    turned.append("".join(run))
    return glyphs, tuple(text for text in turned if text.strip()), frame


def _chars(page: pdfium.PdfPage) -> Iterator[_Char]:
    textpage = page.get_textpage()
    handle = textpage.raw
    rect = raw.FS_RECTF()
    spaced = False
    high = ""  # first half of a character beyond the basic plane
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, index)
        if 0xD800 <= code < 0xDC00:
            high = chr(code)
            continue
        char = chr(code) if code < 0x110000 else LOST
        if 0xDC00 <= code < 0xE000:
            char = (high + char).encode("utf-16", "surrogatepass").decode("utf-16", "replace") if high else LOST
        high = ""
        if raw.FPDFText_IsGenerated(handle, index) == 1:
            spaced = spaced or char == " "
            if char in "\r\n":
                yield _Char(char)
        elif code not in _NO_CHARACTERS and raw.FPDFText_GetLooseCharBox(handle, index, rect):
            if code == 0 or raw.FPDFText_HasUnicodeMapError(handle, index) == 1:
                char = LOST  # the font does not say which character this is
            turn = -round(math.degrees(raw.FPDFText_GetCharAngle(handle, index))) % 360  # PDFium counts clockwise
            box = (rect.left, rect.bottom, rect.right, rect.top)
            yield _Char(" " if char.isspace() else char, box, turn, spaced)
            spaced = False
    textpage.close()


def _find_rules(page: pdfium.PdfPage, frame: _Frame) -> Iterator[Box]:
    """Thin boxes where straight lines are drawn along the page's sides."""
    count = 0
    stack: list[tuple[object, Matrix, int]] = []
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        stack.append((raw.FPDFPage_GetObject(page.raw, index), _IDENTITY, 0))
    while stack:
        item, outer, depth = stack.pop()
        count += 1
        if count > _MOST_OBJECTS:
            return
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
            matrix = _combine(_matrix_of(item), outer)
            for index in range(raw.FPDFFormObj_CountObjects(item)):
                stack.append((raw.FPDFFormObj_GetObject(item, index), matrix, depth + 1))
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            yield from _rules_of_path(item, _combine(_matrix_of(item), outer), frame)


def _rules_of_path(path: object, matrix: Matrix, frame: _Frame) -> Iterator[Box]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
        return
    for points in _subpaths(path, matrix, frame):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
        if right - left > 0.98 * frame.width and bottom - top > 0.98 * frame.height:
            continue  # the page's background
        if min(right - left, bottom - top) <= _THIN:
            if max(right - left, bottom - top) >= _SHORT:
                yield left, top, right, bottom
            continue
        for (x0, y0), (x1, y1) in pairwise(points):
            wide, high = abs(x1 - x0), abs(y1 - y0)
            if min(wide, high) <= 1.0 and max(wide, high) >= _SHORT:
                yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _subpaths(path: object, matrix: Matrix, frame: _Frame) -> Iterator[list[tuple[float, float]]]:
    """Points of each subpath in page coordinates; closed ones end where they began. Curves end a subpath."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(min(raw.FPDFPath_CountSegments(path), _MOST_OBJECTS)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind != _LINE_TO and len(points) > 1:
            yield points
        if kind != _LINE_TO:
            points = []
        points.append(frame.place(a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def _matrix_of(item: object) -> Matrix:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _combine(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner` first."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _has_picture(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH], max_depth=3))


def _recognise_page(page: pdfium.PdfPage, number: int, name: str, limits: Limits) -> tuple[Item, ...]:
    if recogniser_missing():
        return ()
    width, height = page.get_size()
    if width * height * _SCALE * _SCALE > limits.pixels:
        raise OversizedSource(name, f"第 {number} 页的幅面过大，无法识别", "请缩小页面后再导入")
    items = recognise(page.render(scale=_SCALE).to_pil())
    report_page()
    return items


def _report_pictures(pages: list[int], name: str, draft: Draft) -> None:
    if not pages:
        return
    missing = recogniser_missing()
    if missing and draft.blank:
        raise UnsupportedSource(name, "这是扫描件，页面都是图片，需要文字识别才能读取", INSTALL)
    where = "、".join(str(page) for page in pages[:10]) + ("等" if len(pages) > 10 else "")
    why = "（没有安装文字识别组件）" if missing else ""  # else nothing was recognised, or too many pages are pictures
    draft.warn(WarningCode.TRUNCATED, f"第 {where} 页是图片，没有读出文字{why}，请核对原文件")
