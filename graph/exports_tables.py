"""CSV for Excel and for Neo4j, and an Excel workbook. Numbers stay numbers; no text cell can become a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeAlias

from graph.headings import edge_heading, entity_heading, property_heading, property_order, section_headings
from graph.model import Edge, EdgeType, Entity, EntityType, Value
from graph.selection import Selection, as_number, as_text

Row: TypeAlias = Sequence[str | Decimal | None]
Table: TypeAlias = tuple[str, Sequence[str], Sequence[Row]]  # name, headings, rows

# OWASP, CSV injection: a cell that begins so is run as a formula by spreadsheets
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_SHEET_ROWS = 1_048_575  # of one worksheet, less its heading
_CELL_SIGNS = 32_767
_MEASURED = 200  # rows that decide how wide a column is
_WIDEST = 52
_SHEETS = (
    EntityType.PROJECT,
    EntityType.INDICATOR,
    EntityType.POLICY,
    EntityType.UNIT,
    EntityType.TASK,
    EntityType.SOURCE,
)
_UNDATED = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # xlsxwriter takes naive times


def neutral(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would run it as a formula.

    >>> neutral("=1+1"), neutral("规范")
    ("'=1+1", '规范')
    """
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def _quotes(thing: Entity | Edge) -> str:
    return as_text(tuple(dict.fromkeys(f"{s.document}：{s.quote}" for s in thing.sources)))


def _columns(things: Iterable[Entity | Edge]) -> list[str]:
    return sorted({name for thing in things for name in thing.properties}, key=property_order)


def _said(name: str, value: Value) -> str:
    """A value as people read it: sections by their headings."""
    return as_text(section_headings(value)) if name == "section" else as_text(value)


def _csv_cell(name: str, value: Value | None) -> str:
    if value is None:
        return ""
    number = as_number(name, value)
    return format(number, "f") if number is not None else neutral(_said(name, value))


def _csv_heads(names: Iterable[str]) -> list[str]:
    return [neutral(property_heading(name)) for name in names]  # a dump may bring names of its own


def _write_csv(rows: Iterable[Sequence[str]], *, bom: bool) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def to_csv(selection: Selection) -> bytes:
    """ZIP of 节点.csv and 关系.csv for Excel (UTF-8 with BOM, Chinese headings)."""
    names = _columns(selection.entities)
    nodes = [["编号", "类型", "标签", *_csv_heads(names), "出处"]]
    nodes += [
        [e.id, entity_heading(e.type), neutral(as_text(e.label))]
        + [_csv_cell(n, e.properties.get(n)) for n in names]
        + [neutral(_quotes(e))]
        for e in selection.entities
    ]
    edge_names = _columns(selection.edges)
    edges = [["编号", "起点", "关系", "终点", *_csv_heads(edge_names), "出处"]]
    edges += [
        [e.id, e.source, edge_heading(e.type), e.target]
        + [_csv_cell(n, e.properties.get(n)) for n in edge_names]
        + [neutral(_quotes(e))]
        for e in selection.edges
    ]
    return zip_bytes({"节点.csv": _write_csv(nodes, bom=True), "关系.csv": _write_csv(edges, bom=True)})


_NEO4J_TYPES = {"year": "int", "government_procurement": "boolean", "suspected_typo": "boolean"}


def to_neo4j(selection: Selection) -> bytes:
    """nodes.csv and relationships.csv for `neo4j-admin database import`, zipped; no BOM, lists joined by ；."""

    def head(name: str) -> str:
        return f"{name}:{_NEO4J_TYPES.get(name, 'string')}"

    def cell(value: Value | None) -> str:
        match value:
            case None:
                return ""
            case bool():
                return "true" if value else "false"
            case _:
                return as_text(value)

    names = _columns(selection.entities)
    nodes = [[":ID", ":LABEL", "label:string", *map(head, names)]]
    nodes += [
        [e.id, e.type.value, as_text(e.label), *(cell(e.properties.get(n)) for n in names)] for e in selection.entities
    ]
    edge_names = _columns(selection.edges)
    edges = [[":START_ID", ":END_ID", ":TYPE", "id:string", *map(head, edge_names)]]
    edges += [
        [e.source, e.target, e.type.value, e.id, *(cell(e.properties.get(n)) for n in edge_names)]
        for e in selection.edges
    ]
    return zip_bytes({"nodes.csv": _write_csv(nodes, bom=False), "relationships.csv": _write_csv(edges, bom=False)})


def zip_bytes(members: dict[str, bytes]) -> bytes:
    """A ZIP whose bytes depend on its members only: sorted, undated."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, members[name])
    return out.getvalue()


def _width(cells: Iterable[str | Decimal | None]) -> int:
    """Width of a column in Latin letters; a Chinese sign takes two."""
    signs = (sum(1 if sign.isascii() else 2 for sign in str(cell or "")[:_WIDEST]) for cell in cells)
    return min(_WIDEST, max(8, *signs) + 2)


def to_xlsx(selection: Selection) -> bytes:
    """Workbook: 说明, one sheet for each kind of entity, then 引用 and 其他关系; 绩效指标 name their project."""
    import xlsxwriter  # noqa: PLC0415 (only this export needs it)

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    # a fixed date, or the same graph would give other bytes every time
    book.set_properties({"title": as_text(selection.title), "created": _UNDATED})
    bold = book.add_format({"bold": True, "bg_color": "#EEF2F7", "border": 1})
    money = book.add_format({"num_format": "#,##0.00"})

    def sheet(name: str, heads: Sequence[str], rows: Sequence[Row]) -> None:
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for at, head in enumerate(heads):
            page.write_string(0, at, head, bold)
            page.set_column(at, at, _width([head, *(row[at] for row in rows[:_MEASURED])]))
        for row_at, row in enumerate(rows[:_SHEET_ROWS], start=1):
            for at, value in enumerate(row):
                if isinstance(value, Decimal):
                    page.write_number(row_at, at, float(value), money if "元" in heads[at] else None)
                elif value:
                    page.write_string(row_at, at, value[:_CELL_SIGNS])
        page.autofilter(0, 0, min(max(1, len(rows)), _SHEET_ROWS), len(heads) - 1)

    tables = [*_entity_tables(selection), *_edge_tables(selection)]
    notes: list[Row] = [
        ["内容", as_text(selection.title)],
        ["数据版本", selection.version],
        ["实体", Decimal(len(selection.entities))],
        ["关系", Decimal(len(selection.edges))],
        ["金额单位", "元"],
    ]
    notes += [
        ["略去", f"“{name}”超出一张工作表的行数，略去最后 {len(rows) - _SHEET_ROWS} 行；全部内容请导出 csv"]
        for name, _, rows in tables
        if len(rows) > _SHEET_ROWS
    ]
    sheet("说明", ["项", "内容"], notes)
    for name, heads, rows in tables:
        sheet(name, heads, rows)
    book.close()
    return out.getvalue()


def _cell(name: str, value: Value | None) -> str | Decimal | None:
    if value is None:
        return None
    number = as_number(name, value)
    return number if number is not None else _said(name, value)


def _entity_tables(selection: Selection) -> Iterator[Table]:
    labels = {e.id: e.label for e in selection.entities}
    projects = {e.target: e.source for e in selection.edges if e.type is EdgeType.HAS_INDICATOR}
    for kind in _SHEETS:
        things = [e for e in selection.entities if e.type is kind]
        names = _columns(things)
        owner = ["所属项目"] if kind is EntityType.INDICATOR else []
        yield (
            entity_heading(kind),
            ["编号", *owner, "标签", *(property_heading(n, kind) for n in names), "出处"],
            [
                [e.id]
                + ([labels.get(projects.get(e.id, e.id), "")] if owner else [])
                + [as_text(e.label), *(_cell(n, e.properties.get(n)) for n in names), _quotes(e)]
                for e in things
            ],
        )


def _edge_tables(selection: Selection) -> Iterator[Table]:
    labels = {e.id: e.label for e in selection.entities}
    for name, among in (
        ("引用", [e for e in selection.edges if e.type is EdgeType.CITES]),
        ("其他关系", [e for e in selection.edges if e.type not in (EdgeType.CITES, EdgeType.HAS_INDICATOR)]),
    ):
        names = _columns(among)
        yield (
            name,
            ["起点", "关系", "终点", *map(property_heading, names), "出处"],
            [
                [as_text(labels[e.source]), edge_heading(e.type), as_text(labels[e.target])]
                + [_cell(n, e.properties.get(n)) for n in names]
                + [_quotes(e)]
                for e in among
            ],
        )
