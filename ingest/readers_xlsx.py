"""XLSX: each row a line, values as the sheet shows them, every cell with its address. Formulas give their kept results.

Macros are never run and formulas never computed. Merged cells hold their value once, at the first place.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from ingest.contents import Content, Draft
from ingest.errors import DamagedSource
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.model import Span, WarningCode
from ingest.packages import open_package, read_part, refuse_declarations

_DAMAGE = (  # what the library raises on damaged workbooks; XML errors are syntax errors
    SyntaxError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    EOFError,
    OSError,
    zipfile.BadZipFile,
    zlib.error,
)
_UNKEPT = re.compile(rb"</f>\s*(?:(?:<v\s*/>|<v></v>)\s*)?</c>|<f[^<>]{0,200}/>\s*</c>")
_FAR = re.compile(rb'<c r="([A-X]?[A-Z]{2})\d')
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DECIMALS = re.compile(r"\.(0+)")
_MOST_DECIMALS = 10


def read_xlsx(data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Content:
    """Rows of every visible sheet, sheets parted by a blank line. Raises DamagedSource or OversizedSource."""
    draft = Draft(source=name, limit=limits.text)
    with open_package(data, name=name, limits=limits) as package:
        refuse_declarations(package, name=name)
        names = package.namelist()
        macros = any(part.lower().endswith("vbaproject.bin") for part in names)
        sheets = [part for part in names if part.startswith("xl/worksheets/") and part.endswith(".xml")]
        raw = [read_part(package, part, name=name) for part in sheets]
        unkept = any(_UNKEPT.search(part) for part in raw)
        wide = any(_is_beyond(match[1], limits.columns) for part in raw for match in _FAR.finditer(part))
        del raw
    try:
        _write_sheets(data, draft, limits)
    except _DAMAGE as err:
        reason = f"工作簿的内容已损坏，无法解析（{type(err).__name__}）"
        raise DamagedSource(name, reason, "请用 Excel 或 WPS 打开并另存后再导入") from err
    if macros:
        draft.warn(WarningCode.DOUBTFUL_VALUE, "工作簿带有宏，宏没有运行；由宏算出的值以文件中保存的为准")
    if unkept:
        draft.warn(
            WarningCode.DOUBTFUL_VALUE, "部分公式没有保存计算结果，这些单元格按空白读入；请用 Excel 打开后重新保存"
        )
    if wide:
        draft.warn(WarningCode.TRUNCATED, f"工作表超过 {limits.columns} 列，其余各列没有读入")
    return draft.finish()


def _write_sheets(data: bytes, draft: Draft, limits: Limits) -> None:
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in workbook.worksheets:
            if sheet.sheet_state == "visible":
                _write_sheet(sheet, draft, limits)
            else:
                draft.warn(WarningCode.TRUNCATED, f"工作表“{sheet.title}”是隐藏的，没有读入")
    finally:
        workbook.close()


def _is_beyond(letters: bytes, columns: int) -> bool:
    return int(column_index_from_string(letters.decode("ascii"))) > columns


def _write_sheet(sheet: Any, draft: Draft, limits: Limits) -> None:
    sheet.reset_dimensions()  # what the file claims about its size is not to be believed
    blank = True
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > limits.rows:
            message = f"工作表“{sheet.title}”超过 {limits.rows} 行，其余没有读入"
            draft.warn(WarningCode.TRUNCATED, message, Span(start=draft.size, end=draft.size))
            break
        cells = [
            shown(cell.value, cell.number_format) if cell.value is not None else "" for cell in row[: limits.columns]
        ]
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells and blank:
            continue
        blank = not cells
        addresses = [f"{sheet.title}!{get_column_letter(at)}{number}" for at in range(1, len(cells) + 1)]
        draft.add_row(cells, addresses=addresses)
    if not blank:
        draft.add_line("")


def shown(value: object, number_format: str) -> str:
    """A cell's value as the sheet shows it, by its number format; a plain number keeps every digit that matters.

    >>> shown(0.9921, "0.00%"), shown(10308000, "#,##0.00"), shown(0.1 + 0.2, "General")
    ('99.21%', '10,308,000.00', '0.3')
    """
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case int() | float() | Decimal():
            return _shown_number(value, number_format)
        case datetime.datetime() | datetime.date():
            return _shown_date(value, number_format)
        case datetime.time():
            return value.strftime("%H:%M")
        case _:
            return str(value)


def _shown_number(value: float | Decimal, number_format: str) -> str:
    sections = _QUOTED.sub("", number_format or "General").split(";")
    pattern = sections[0]
    if "%" not in pattern and "0" not in pattern and "#" not in pattern:
        return plain(value)
    decimals = _DECIMALS.search(pattern)
    places = min(len(decimals[1]), _MOST_DECIMALS) if decimals else 0
    if "E" in pattern.upper() or "?" in pattern or "/" in pattern:
        return plain(value)
    number = Decimal(plain(value))
    sign = "%" if "%" in pattern else ""
    number = (number * 100 if sign else number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{number:,f}{sign}" if "," in pattern else f"{number:f}{sign}"


def plain(value: float | Decimal) -> str:
    """A number without exponent and without the noise of binary fractions.

    >>> plain(208.0), plain(1e15), plain(0.1 + 0.2)
    ('208', '1000000000000000', '0.3')
    """
    number = Decimal(format(value, ".15g"))
    if not number.is_finite():
        return str(value)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown_date(value: datetime.date, number_format: str) -> str:
    pattern = _QUOTED.sub(lambda m: m[0].strip('"\\') if "[" not in m[0] else "", number_format or "").lower()
    if "y" not in pattern and isinstance(value, datetime.datetime):
        return value.strftime("%H:%M") if "h" in pattern else value.date().isoformat()
    day = "d" in pattern or "日" in pattern or not pattern
    if "年" in pattern:
        return f"{value.year}年" + (f"{value.month}月" if "m" in pattern else "") + (f"{value.day}日" if day else "")
    return f"{value.year:04}-{value.month:02}" + (f"-{value.day:02}" if day else "")
