"""Pages put one after another into a draft: tables counted, rows that a page break cut made whole, doubts kept.

Must not know where pages come from (PDF or pictures).
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.contents import Draft
from ingest.layout import GridRow, Item, Line, join_row
from ingest.model import Span, WarningCode

RECOGNISED = "文字识别"  # said with every place on a page that is a picture
LOST = "\ufffd"  # stands for a character that the source does not name
_HEAD_ROWS = 3  # rows that may be printed again on each page


@dataclass(frozen=True, slots=True)
class Page:
    """What was found on a page; `picture` where it has no text of its own, `turned` what stands across it."""

    number: int
    items: tuple[Item, ...] = ()
    turned: tuple[str, ...] = ()
    picture: bool = False
    damaged: bool = False


class PageWriter:
    """Writes pages into the draft; the last row of a page waits, for it may go on over the page."""

    def __init__(self, draft: Draft) -> None:
        self.pictures: list[int] = []  # pages that are pictures in which nothing was recognised
        self._draft = draft
        self._tables = 0
        self._waiting: tuple[GridRow, int] | None = None  # the row, and the tables before its page
        self._pictured = False  # whether the page of the row that waits is a picture
        self._doubtful: list[tuple[Page, int]] = []  # pages, and where their text begins
        self._heads: set[tuple[str, ...]] = set()  # first rows of the table that waits

    def write(self, page: Page) -> None:
        """Take a page in; pages come in order."""
        items = self._join(page.items)
        if items is None:
            self.close()
            self._draft.start_page()
            items = page.items
        self._doubtful.append((page, self._draft.size))
        before = self._tables
        for item in items:
            self._release()
            if isinstance(item, Line):
                self._heads.clear()
                self._draft.add_line(item.text, address=RECOGNISED if page.picture else "")
                continue
            if item.row == 0:
                self._heads.clear()
            if item.row < _HEAD_ROWS:
                self._heads.add(item.cells)
            self._tables = max(self._tables, before + item.table + 1)
            self._waiting, self._pictured = (item, before), page.picture
        for text in page.turned:
            self._release()
            self._draft.add_line(text)

    def close(self) -> None:
        """Write what waits: a row, and the doubts about the pages so far."""
        self._release()
        for page, start in self._doubtful:
            self._warn(page, start)
        self._doubtful.clear()

    def _release(self) -> None:
        if self._waiting is not None:
            row, before = self._waiting
            self._waiting = None
            place, note = f"表{before + row.table + 1} 第{row.row + 1}行第", f"（{RECOGNISED}）" * self._pictured
            columns = range(1, len(row.cells) + 1)
            self._draft.add_row(row.cells, addresses=[f"{place}{column}列{note}" for column in columns])

    def _join(self, items: tuple[Item, ...]) -> tuple[Item, ...] | None:
        """The page's further items, once the waiting row has taken the piece that belongs to it; None without one."""
        if self._waiting is None:
            return None
        for number, piece in enumerate(items):
            if not isinstance(piece, GridRow):
                return None
            if piece.cells in self._heads:  # a head that is printed again on each page
                continue
            whole = join_row(self._waiting[0], piece)
            if whole is None:
                return None
            self._waiting = whole, self._waiting[1]
            return (*items[:number], *items[number + 1 :])
        return None

    def _warn(self, page: Page, start: int) -> None:
        where = Span(start=start, end=self._draft.size)
        if page.damaged:
            self._draft.warn(WarningCode.TRUNCATED, f"第 {page.number} 页已损坏，没有读入，请核对原文件", where)
        elif page.picture and page.items:
            message = f"第 {page.number} 页是图片，文字由识别得到，可能有误，请核对"
            self._draft.warn(WarningCode.OCR, message, where)
        elif page.picture:
            self.pictures.append(page.number)
        if lost := sum(_lost_in(item) for item in page.items):
            message = f"第 {page.number} 页有 {lost} 个字符在文件的字体里没有编码，已用 {LOST} 标出，请核对"
            self._draft.warn(WarningCode.UNDECODABLE, message, where)


def _lost_in(item: Item) -> int:
    return item.text.count(LOST) if isinstance(item, Line) else sum(cell.count(LOST) for cell in item.cells)
