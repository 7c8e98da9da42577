"""Real files made from the text of a form: the same cells as DOCX, XLSX, HTML, PDF and pictures.

No test itself. Empty cells beside or below a filled one become merged cells, as they are in the forms that offices use;
tables run over as many pages as they need, and cells break where the page ends. Space parts one table from the next.
"""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl
from openpyxl.styles import Alignment
from PIL.Image import Resampling

_MARKUP = re.compile(r"<br\s*/?>|</?(?:p|ol)(?:\s[^<>]*)?>|</?u>", re.IGNORECASE)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Spread:
    """A filled cell and how many rows and columns it covers."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal length."""

    rows: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        return len(self.rows[0])

    def spreads(self) -> tuple[Spread, ...]:
        """Every cell, merged over the empty ones that belong to it. What stays empty covers itself."""
        owner: dict[tuple[int, int], tuple[int, int]] = {}
        for r, row in enumerate(self.rows):
            first = next((c for c, text in enumerate(row) if text), len(row))
            filled = sum(1 for text in row if text)
            sparse = len(row) - first - filled >= filled
            for c, text in enumerate(row):
                above = owner.get((r - 1, c))
                if text:
                    owner[r, c] = (r, c)
                elif (
                    c < first and r and above is not None and self.rows[above[0]][above[1]] and above[1] == c and c < 2
                ):
                    owner[r, c] = above
                elif c > first and sparse and owner[r, c - 1][0] == r:
                    owner[r, c] = owner[r, c - 1]
                else:
                    owner[r, c] = (r, c)
        spreads = []
        for (r, c), home in owner.items():
            if (r, c) != home:
                continue
            columns = 1
            while owner.get((r, c + columns)) == home:
                columns += 1
            rows = 1
            while all(owner.get((r + rows, c + k)) == home for k in range(columns)):
                rows += 1
            spreads.append(Spread(r, c, rows, columns, self.rows[r][c]))
        return tuple(spreads)


Block = str | Table


def blocks_of(text: str) -> tuple[Block, ...]:
    """Paragraphs and tables of a form's text: tab-separated lines and Markdown rows are table rows."""
    blocks: list[Block] = []
    rows: list[tuple[str, ...]] = []

    def close() -> None:
        if rows:
            width = max(map(len, rows))
            blocks.append(Table(tuple((*row, *[""] * (width - len(row))) for row in rows)))
            rows.clear()

    for line in text.replace("\f", "\n").split("\n"):
        if re.fullmatch(r"\|(\s*:?-+:?\s*\|)+\s*", line):
            continue
        if line.startswith("|"):
            rows.append(tuple(map(_plain, line.strip().strip("|").split("|"))))
        elif "\t" in line:
            rows.append(tuple(map(_plain, line.split("\t"))))
        else:
            close()
            if line.strip():
                blocks.append(_plain(line))
    close()
    return tuple(blocks)


def _plain(cell: str) -> str:
    return re.sub(r"\n{2,}", "\n", _ILLEGAL.sub("", html.unescape(_MARKUP.sub("\n", cell)))).strip()


def as_docx(blocks: tuple[Block, ...]) -> bytes:
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block.rows), block.width, style="Table Grid")
        grid = [row.cells for row in table.rows]  # asked once: each `table.cell` walks the whole table
        for spread in block.spreads():
            cell = grid[spread.row][spread.column]
            if spread.rows > 1 or spread.columns > 1:
                cell = cell.merge(grid[spread.row + spread.rows - 1][spread.column + spread.columns - 1])
            cell.text = spread.text
        document.add_paragraph("")
    return _saved(document.save)


def as_xlsx(blocks: tuple[Block, ...]) -> bytes:
    """Figures go in as numbers with the format that prints them the same."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    at = 1
    for block in blocks:
        if isinstance(block, str):
            sheet.cell(at, 1, block)
            at += 1
            continue
        for spread in block.spreads():
            cell = sheet.cell(at + spread.row, 1 + spread.column)
            _fill(cell, spread.text)
            cell.alignment = Alignment(wrap_text=True)
            if spread.rows > 1 or spread.columns > 1:
                bottom, right = at + spread.row + spread.rows - 1, spread.column + spread.columns
                sheet.merge_cells(
                    start_row=at + spread.row, start_column=1 + spread.column, end_row=bottom, end_column=right
                )
        at += len(block.rows) + 1
    return _saved(book.save)


def _fill(cell: object, text: str) -> None:
    number = re.fullmatch(r"-?(\d{1,3}(?:,\d{3})+|\d{1,12})(\.\d{1,6})?(%?)", text)
    if number is None or (text.startswith("0") and len(text) > 1 and text[1].isdigit()):
        cell.value = text or None
        cell.data_type = "s" if text else "n"
        return
    places = "." + "0" * (len(number[2]) - 1) if number[2] else ""
    value = float(text.replace(",", "").rstrip("%"))
    cell.value = round(value / 100, 10) if number[3] else (value if number[2] else int(value))
    cell.number_format = ("#,##0" if "," in text else "0") + places + number[3]


def as_html(blocks: tuple[Block, ...], *, encoding: str = "utf-8") -> bytes:
    lines = [
        f'<!DOCTYPE html><html><head><meta charset="{encoding}"><title>表</title><style>',
        _STYLE,
        "</style></head><body>",
    ]
    for block in blocks:
        if isinstance(block, str):
            lines.append(f"<p>{_escaped(block)}</p>")
            continue
        lines.append("<table>")
        spreads = block.spreads()
        for r in range(len(block.rows)):
            lines.append("<tr>")
            for spread in sorted((s for s in spreads if s.row == r), key=lambda s: s.column):
                about = f' rowspan="{spread.rows}"' * (spread.rows > 1) + f' colspan="{spread.columns}"' * (
                    spread.columns > 1
                )
                lines.append(f"<td{about}>{_escaped(spread.text)}</td>")
            lines.append("</tr>")
        lines.append("</table>")
    lines.append("</body></html>")
    return "\n".join(lines).encode(encoding)


_STYLE = (
    "table{border-collapse:collapse;width:100%;table-layout:auto;margin:10px 0}"
    "td{border:1px solid #000;font-size:12px;padding:3px}"
)


def _escaped(text: str) -> str:
    return "<br>".join(html.escape(line) for line in text.split("\n"))


def as_pdf(blocks: tuple[Block, ...], *, upright: bool = False) -> bytes:
    """By ReportLab, A4 across or upright; rows break over pages within their cells."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, TableStyle
    from reportlab.platypus import Table as PdfTable

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("body", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK")
    size = A4 if upright else landscape(A4)
    width = size[0] - 100
    story = []
    for block in blocks:
        if isinstance(block, str):
            story.append(Paragraph(_escaped(block).replace("<br>", "<br/>"), style))
            continue
        cells = [["" for _ in row] for row in block.rows]
        look = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("FONTNAME", (0, 0), (-1, -1), "STSong-Light")]
        for s in block.spreads():
            first, last = (s.column, s.row), (s.column + s.columns - 1, s.row + s.rows - 1)
            look.append(("BOX", first, last, 0.5, "black"))  # no rule inside: what a merged cell looks like
            for r in range(s.row, s.row + s.rows):
                if s.columns > 1:
                    look.append(("SPAN", (s.column, r), (s.column + s.columns - 1, r)))
            cells[s.row][s.column] = Paragraph(_escaped(s.text).replace("<br>", "<br/>"), style) if s.text else ""
        weights = _weights(block)
        table = PdfTable(cells, [width * w / sum(weights) for w in weights], style=TableStyle(look), splitInRow=1)
        story += [table, Spacer(1, 10)]
    target = io.BytesIO()
    margins = {"leftMargin": 44, "rightMargin": 44, "topMargin": 50, "bottomMargin": 50}
    SimpleDocTemplate(target, pagesize=size, **margins).build(story, onLaterPages=_number, onFirstPage=_number)
    return target.getvalue()


def _number(canvas: object, template: object) -> None:
    canvas.setFont("Helvetica", 9)
    canvas.drawCentredString(template.pagesize[0] / 2, 20, f"- {canvas.getPageNumber()} -")


def _weights(table: Table) -> list[float]:
    """Widths of columns by what stands in them alone."""
    weights = [2.0] * table.width
    for spread in table.spreads():
        for column in range(spread.column, spread.column + spread.columns):
            share = len(spread.text) / spread.columns
            weights[column] = max(weights[column], min(12.0, share**0.6))
    return weights


def as_picture(pdf: bytes, *, page: int = 0, dots: int = 200, turn: float = 0.0) -> bytes:
    """One page of a PDF as a scanner would give it, laid in `turn` degrees askew."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    target = io.BytesIO()
    picture = document[page].render(scale=dots / 72).to_pil().convert("L")
    picture.rotate(turn, resample=Resampling.BICUBIC, fillcolor=255).save(target, "PNG")
    document.close()
    return target.getvalue()


def as_scan(blocks: tuple[Block, ...]) -> bytes:
    """A PDF whose pages are pictures of the form's pages."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(printed := as_pdf(blocks))
    count = len(document)
    document.close()
    pages = [Image.open(io.BytesIO(as_picture(printed, page=page))) for page in range(count)]
    return _saved(lambda target: pages[0].save(target, "PDF", resolution=200, save_all=True, append_images=pages[1:]))


def printed_by_libreoffice(data: bytes, *, suffix: str, to: str = "pdf") -> bytes:
    """`data` opened by LibreOffice and saved as `to`."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"form.{suffix}"
        source.write_bytes(data)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", to]
        subprocess.run([*command, "--outdir", folder, str(source)], check=True, capture_output=True, timeout=120)
        return (Path(folder) / f"form.{to}").read_bytes()


def printed_by_chromium(page: bytes, *, chromium: str) -> bytes:
    """An HTML page printed to PDF."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "form.html", Path(folder) / "form.pdf"
        source.write_bytes(page)
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        command += [f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return target.read_bytes()


def installed(*names: str) -> str | None:
    """The first of the programs that is installed."""
    return next((path for name in names if (path := shutil.which(name))), None)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    target = io.BytesIO()
    save(target)
    return target.getvalue()


def renderings() -> Iterator[tuple[str, Callable[[tuple[Block, ...]], bytes]]]:
    """Every format that can be made here, by the name of its file."""
    yield "form.docx", as_docx
    yield "form.xlsx", as_xlsx
    yield "form.html", as_html
    yield "form.pdf", as_pdf
    yield "upright.pdf", lambda blocks: as_pdf(blocks, upright=True)
    if installed("soffice"):
        yield "libreoffice.pdf", lambda blocks: printed_by_libreoffice(as_docx(blocks), suffix="docx")
        yield "form.doc", lambda blocks: printed_by_libreoffice(as_docx(blocks), suffix="docx", to="doc")
        yield "form.xls", lambda blocks: printed_by_libreoffice(as_xlsx(blocks), suffix="xlsx", to="xls")
    if chromium := installed("chromium", "chromium-browser", "google-chrome"):
        yield "chromium.pdf", lambda blocks: printed_by_chromium(as_html(blocks), chromium=chromium)
