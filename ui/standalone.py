"""A selection as one page that opens offline: cytoscape, style, viewer and data in a single HTML file.

The same page that the browser's export makes; positions are computed here, so that it opens without a layout.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable

from graph.model import Edge, Entity
from graph.selection import Selection
from ui.bundling import ASSETS, MENDING, is_complete
from ui.drawing import HARD_LIMIT, render_edge, render_node
from ui.errors import AssetsMissing
from ui.layouting import lay_out
from ui.rendering import render_date, visible

MAX_TITLE = 60
_PLACES = re.compile(r"/\*(DATA|LIBRARY|STYLE|VIEWER)\*/")
_UNSAFE = re.compile("[<>&\u2028\u2029]")


def selection_to_page(selection: Selection, *, date: str = "") -> bytes:
    """The page, in UTF-8. `date` is the ISO date of the export.

    Beyond HARD_LIMIT entities the best connected are drawn, and the page says how many it leaves out. Raises
    AssetsMissing.
    """
    if not is_complete():
        raise AssetsMissing("网页所需的脚本没有安装", f"请执行：{MENDING}")
    parts = {
        "DATA": _script_json(_page_data(selection, date)),
        "LIBRARY": _read("dist/cytoscape.min.js"),
        "STYLE": _read("src/network_style.js") + _read("src/network_labels.js"),
        "VIEWER": _read("src/standalone.js"),
    }
    return _PLACES.sub(lambda found: parts[found[1]], _read("src/standalone.html")).encode()


def _page_data(selection: Selection, date: str) -> dict[str, object]:
    degrees: Counter[str] = Counter(end for edge in selection.edges for end in (edge.source, edge.target))
    entities = _best_connected(selection.entities, degrees)
    kept = {entity.id for entity in entities}
    edges = [edge for edge in selection.edges if edge.source in kept and edge.target in kept]
    points = lay_out([entity.id for entity in entities], _pairs(edges))
    return {
        "title": f"绩效图谱：{visible(selection.title)[:MAX_TITLE]}",
        "made": render_date(date) if date else "",
        "version": selection.version,
        "leftOut": len(selection.entities) - len(entities),
        "nodes": [render_node(entity, points[entity.id], degrees[entity.id]) for entity in entities],
        "edges": [render_edge(edge) for edge in edges],
    }


def _best_connected(entities: Iterable[Entity], degrees: Counter[str]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (-degrees[entity.id], entity.id))[:HARD_LIMIT]


def _pairs(edges: Iterable[Edge]) -> list[tuple[str, str]]:
    return [(str(edge.source), str(edge.target)) for edge in edges]


def _script_json(value: object) -> str:
    """JSON that may stand inside a script element: no sign of it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
