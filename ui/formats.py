"""Every format an export can have: those of `graph.exports`, and the page that opens offline."""

from __future__ import annotations

from graph.selection import Selection

PAGE = "html"
FORMATS = ("jsonl", "turtle", "jsonld", "nquads", "graphml", "gexf", "cytoscape", "csv", "neo4j", "xlsx", PAGE, "zip")


def ending_of(form: str) -> str:
    """File name ending of a format, without the dot."""
    from graph.exports import ExportFormat, suffix_of  # noqa: PLC0415 (rdflib; --help stays fast)

    return PAGE if form == PAGE else suffix_of(ExportFormat(form))


def write_selection(selection: Selection, form: str, *, date: str = "") -> bytes:
    """The selection in one of FORMATS; `date` is the ISO date of the export. Raises AssetsMissing for the page."""
    from graph.exports import ExportFormat, export_selection  # noqa: PLC0415 (rdflib; --help stays fast)

    if form == PAGE:
        from ui.standalone import selection_to_page  # noqa: PLC0415 (rustworkx)

        return selection_to_page(selection, date=date)
    return export_selection(selection, ExportFormat(form), date=date)
