"""The tab 图谱 and the functions that every graph on the page calls: expand, describe, explain, find, route …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import gradio as gr

from graph.model import Edge, EntityId, EntityType, Source
from ui.drawing import (
    EMPTY_DRAWING,
    HARD_LIMIT,
    SEQUENCE,
    Drawing,
    draw_everything,
    draw_expansion,
    draw_neighbourhood,
    other_end,
    render_drawing,
    render_expansion,
)
from ui.keeping import kept_with_knowledge
from ui.layouting import Point, lay_out
from ui.markup import Html, element, join
from ui.rendering import visible
from ui.rendering_answer import button, render_edge_evidence
from ui.rendering_entity import render_summary
from ui.rendering_evidence import CONTEXT, WIDER, render_context
from ui.service import Knowledge, Workspace
from ui.web_boundary import guarded
from ui.web_parts import ServerFunction, build_network
from ui.wording import kind_word, relation_word

FOUND = 12
BIG_KINDS = (EntityType.PROJECT, EntityType.POLICY, EntityType.UNIT, EntityType.TASK)
MAX_TEXT = 200
EXPANSION = 24
FARTHEST = 1e9  # pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFunctions:
    """What the page may call without the queue; each takes one JSON object and trusts nothing in it."""

    expand: ServerFunction
    open: ServerFunction
    everything: ServerFunction
    describe: ServerFunction
    explain: ServerFunction
    find: ServerFunction
    route: ServerFunction
    arrange: ServerFunction
    context: ServerFunction
    changes: tuple[ServerFunction, ...]  # () where the service is read only

    def render_edge(self, knowledge: Knowledge, edge: Edge) -> Html:
        """Evidence of a relation and, where that may be said, the button that it does not hold."""
        evidence = render_edge_evidence(knowledge, edge)
        if not self.changes:
            return evidence
        wrong = element("p", {"class": "jx-acts"}, button("此处有误", "deny", {"id": edge.id}))
        return join([evidence, wrong])

    def all(self) -> list[ServerFunction]:
        """Every function that a graph calls."""
        return [
            *self.changes,
            self.expand,
            self.open,
            self.everything,
            self.describe,
            self.explain,
            self.find,
            self.route,
            self.arrange,
            self.context,
        ]


def read_id(data: Mapping[str, object], key: str = "id") -> EntityId:
    """The id at `key`; "" where the browser sent something else."""
    value = data.get(key)
    return EntityId(value if isinstance(value, str) and len(value) <= MAX_TEXT else "")


def read_points(data: Mapping[str, object]) -> dict[EntityId, Point]:
    """Positions of the nodes on the page, those that are well formed."""
    taken = data.get("taken")
    points: dict[EntityId, Point] = {}
    for key, value in taken.items() if isinstance(taken, dict) else ():
        match value:
            case [int() | float() as x, int() | float() as y] if (
                len(points) < HARD_LIMIT and abs(x) <= FARTHEST and abs(y) <= FARTHEST  # infinite and NaN are not
            ):
                points[EntityId(str(key))] = (float(x), float(y))
    return points


def read_place(knowledge: Knowledge, data: Mapping[str, object]) -> Source | None:
    """The place in a source that the page asks for, None where there is no such place."""
    document, start, end = data.get("document"), data.get("start"), data.get("end")
    if not (isinstance(document, str) and isinstance(start, int) and isinstance(end, int)):
        return None
    text = knowledge.document_text(document)
    if text is None or not 0 <= start < end <= len(text):
        return None
    return Source(document=document, start=start, end=end, quote=text[start:end])


def expand(knowledge: Knowledge, data: Mapping[str, object]) -> dict[str, object]:
    """What a click on a node adds to the picture."""
    entity_id, taken = read_id(data), read_points(data)
    drawing = draw_expansion(knowledge, entity_id, taken, limit=EXPANSION)
    center = taken.get(entity_id, (0.0, 0.0))
    return render_expansion(knowledge, drawing, center, {str(key): point for key, point in taken.items()})


def find(knowledge: Knowledge, data: Mapping[str, object]) -> list[dict[str, str]]:
    """Entities by part of a name or number."""
    text = str(data.get("text", ""))[:MAX_TEXT].strip()
    if not text:
        return []
    return [
        {
            "id": entity.id,
            "kindName": kind_word(entity.type),
            "label": visible(entity.label)[:80]
            + (
                f"（{entity.properties['year']} 年）"
                if entity.type is EntityType.PROJECT and "year" in entity.properties
                else ""
            ),
        }
        for entity in knowledge.find_names(text, limit=FOUND)
    ]


def route(knowledge: Knowledge, data: Mapping[str, object]) -> dict[str, object]:
    """A shortest path between two nodes of the whole graph, drawn and said."""
    start, goal = read_id(data, "from"), read_id(data, "to")
    if knowledge.entity(start) is None or knowledge.entity(goal) is None or start == goal:
        return {"text": "请选两个不同的节点作为起点和终点。", "ids": [], "command": None}
    edges = knowledge.path_between(start, goal)
    if not edges:
        return {"text": "这两个节点之间没有路径。", "ids": [], "command": None}
    steps = path_steps(edges, start)
    entities = [entity for step in steps if (entity := knowledge.entity(step)) is not None]
    taken = read_points(data)
    fresh = [entity for entity in entities if entity.id not in taken]
    drawing = Drawing(entities=tuple(fresh), edges=edges)
    command = render_expansion(knowledge, drawing, taken.get(start, (0.0, 0.0)), {str(k): p for k, p in taken.items()})
    return {
        "text": describe_path(knowledge, edges, steps),
        "ids": [*(entity.id for entity in entities), *(edge.id for edge in edges)],
        "command": command,
    }


def path_steps(edges: tuple[Edge, ...], start: EntityId) -> list[EntityId]:
    """The nodes along a path, from `start` on."""
    steps = [start]
    for edge in edges:
        steps.append(other_end(edge, steps[-1]))
    return steps


def describe_path(knowledge: Knowledge, edges: tuple[Edge, ...], steps: list[EntityId]) -> str:
    """The path as a sentence: A —引用→ B ←申报— C."""
    first = knowledge.entity(steps[0])
    parts = [visible(first.label) if first else ""]
    for edge, step in zip(edges, steps[1:], strict=True):
        name = relation_word(edge.type)
        arrow = f" —{name}→ " if edge.target == step else f" ←{name}— "
        entity = knowledge.entity(step)
        parts += [arrow, visible(entity.label) if entity else ""]
    return f"最短路径（{len(edges)} 步）：{''.join(parts)}"


def arrange(data: Mapping[str, object]) -> dict[str, list[float]]:
    """New positions for what the page shows."""
    given, joined = data.get("nodes"), data.get("edges")
    nodes = [node for node in given if isinstance(node, str)][:HARD_LIMIT] if isinstance(given, list) else []
    pairs: list[tuple[str, str]] = []
    for pair in joined if isinstance(joined, list) else ():
        match pair:
            case [str() as a, str() as b]:
                pairs.append((a, b))
    return {node: list(point) for node, point in lay_out(list(dict.fromkeys(nodes)), pairs).items()}


def build_functions(workspace: Workspace) -> NetworkFunctions:
    """The functions bound to whatever snapshot is current when they are called."""

    def markup(name: str, make: Callable[[Knowledge, dict[str, object]], Html]) -> ServerFunction:
        def call(data: dict[str, object]) -> object:
            return guarded(lambda card: card)(make)(workspace.current(), data)

        call.__name__ = name
        return call

    def command(name: str, make: Callable[[Knowledge, dict[str, object]], object]) -> ServerFunction:
        def call(data: dict[str, object]) -> object:
            return make(workspace.current(), data if isinstance(data, dict) else {})

        call.__name__ = name
        return call

    def deny(data: dict[str, object]) -> object:
        said = guarded(lambda card: card)(lambda: element("p", {"class": "jx-note"}, workspace.deny(read_id(data))))
        return said()

    def explain(data: dict[str, object]) -> object:
        return guarded(lambda card: card)(render_explanation)(workspace.current(), data, functions)

    functions = NetworkFunctions(
        expand=command("expand", expand),
        open=command("open", lambda kg, data: render_drawing(kg, draw_neighbourhood(kg, read_id(data)))),
        everything=command("everything", lambda kg, _: render_everything(kg)),
        describe=markup("describe", render_description),
        explain=explain,
        find=command("find", find),
        route=command("route", route),
        arrange=command("arrange", lambda _, data: arrange(data)),
        context=markup("context", render_wider),
        changes=() if workspace.read_only else (deny,),
    )
    return functions


def render_everything(knowledge: Knowledge) -> dict[str, object]:
    """The whole graph without indicators, up to the cap; says what it leaves out."""
    return {**_everything(knowledge), "seq": next(SEQUENCE)}


@kept_with_knowledge
def _everything(knowledge: Knowledge) -> dict[str, object]:
    """Made once for each snapshot: the springs of thousands of nodes take a second."""
    drawing = draw_everything(knowledge, BIG_KINDS)
    note = "全图不含绩效指标与来源文件。"
    if drawing.left_out:
        note += f"节点过多，只画出关系最多的 {len(drawing.entities):,} 个，另有 {drawing.left_out:,} 个没有画；"
        note += "完整图谱可在“导出”页下载 GEXF，用 Gephi 打开。"
    return render_drawing(knowledge, Drawing(entities=drawing.entities, edges=drawing.edges), note=note)


def render_description(knowledge: Knowledge, data: Mapping[str, object]) -> Html:
    entity = knowledge.entity(read_id(data))
    return render_summary(knowledge, entity) if entity else element("p", {}, "图谱中已没有这个节点。")


def render_explanation(knowledge: Knowledge, data: Mapping[str, object], functions: NetworkFunctions) -> Html:
    edge = knowledge.edge(read_id(data))
    return functions.render_edge(knowledge, edge) if edge else element("p", {}, "图谱中已没有这条关系。")


def render_wider(knowledge: Knowledge, data: Mapping[str, object]) -> Html:
    place = read_place(knowledge, data)
    if place is None:
        return element("p", {}, "来源文件中已没有这个位置。")
    radius = WIDER if data.get("wide") is True else CONTEXT
    return render_context(place, knowledge.document_text(place.document), radius=radius)


def build_network_tab(workspace: Workspace) -> gr.HTML:
    """The tab: one large graph with its tools. Starts with the units and their projects."""
    functions = build_functions(workspace)
    return build_network("jx-large", compact=False, functions=functions.all(), value=render_start(workspace.current()))


def draw_start(knowledge: Knowledge) -> Drawing:
    """The best connected policy document and who rests on it; empty where the graph is."""
    policies = knowledge.of_type(EntityType.POLICY) or knowledge.of_type(EntityType.PROJECT)
    if not policies:
        return EMPTY_DRAWING
    best = max(policies, key=lambda entity: (len(knowledge.edges(entity.id)), entity.id))
    return draw_neighbourhood(knowledge, best.id)


def render_start(knowledge: Knowledge) -> dict[str, object]:
    """The first picture of the tab."""
    drawing = draw_start(knowledge)
    note = "先画出被引用最多的文件；点击节点展开，或在左上角查找。"
    return render_drawing(
        knowledge, drawing, note=note if drawing.entities else "图谱还是空的，请先在“文件”页添加文件。"
    )
