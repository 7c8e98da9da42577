"""The tab 详情: choose a project, policy document, unit or indicator name; read its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

import gradio as gr

from graph.model import EdgeType, Entity, EntityId, EntityType
from ui.markup import Html, element
from ui.overview import project_budget, responsible_unit
from ui.rendering import Column, Table, TableCell, TableRow, money_cell, number_cell, text_cell, to_int
from ui.rendering_entity import render_indicator_page, render_page, render_proof
from ui.service import Knowledge, Workspace
from ui.web_boundary import guarded
from ui.web_network import NetworkFunctions, read_id
from ui.web_parts import build_panel, build_table

KINDS = ("项目", "政策文件", "单位", "绩效指标", "子项目")
MAX_LISTED = 3_000
INDICATOR_KEY = "name:"  # key of a row that stands for an indicator's name across projects


def list_table(knowledge: Knowledge, kind: str) -> Table:
    """All entities of one kind, to choose from."""
    match kind:
        case "政策文件":
            return _policies(knowledge)
        case "单位":
            return _units(knowledge)
        case "绩效指标":
            return _indicators(knowledge)
        case "子项目":
            rows = [TableRow(cells=(text_cell(x.label),), key=x.id) for x in knowledge.of_type(EntityType.TASK)]
            return Table(caption="全部子项目", columns=(Column(label="子项目", wide=True),), rows=tuple(rows))
        case _:
            return _projects(knowledge)


def list_value(knowledge: Knowledge, kind: str) -> dict[str, object]:
    """Value of the list's table component; a very long list is cut, and says so."""
    table = list_table(knowledge, kind)
    left = len(table.rows) - MAX_LISTED
    if left <= 0:
        return table.to_json()
    cut = Table(caption=table.caption, columns=table.columns, rows=table.rows[:MAX_LISTED])
    return {**cut.to_json(), "note": f"只列出前 {MAX_LISTED} 项，其余 {left} 项请在“图谱”页按名称查找。"}


def _projects(knowledge: Knowledge) -> Table:
    found = sorted(
        knowledge.of_type(EntityType.PROJECT), key=lambda p: (-(to_int(p.properties.get("year")) or 0), p.label)
    )
    rows = [
        TableRow(
            cells=(text_cell(p.label), _year_cell(p), _unit_cell(knowledge, p), money_cell(project_budget(p))), key=p.id
        )
        for p in found
    ]
    columns = (
        Column(label="项目", wide=True),
        Column(label="年度", numeric=True),
        Column(label="单位"),
        Column(label="预算（万元）", numeric=True),
    )
    return Table(caption="全部项目", columns=columns, rows=tuple(rows))


def _policies(knowledge: Knowledge) -> Table:
    found = [
        (sum(e.type is EdgeType.CITES for e in knowledge.edges(p.id)), p) for p in knowledge.of_type(EntityType.POLICY)
    ]
    found.sort(key=lambda pair: (-pair[0], pair[1].label))
    rows = [
        TableRow(
            cells=(
                text_cell(str(p.properties.get("title", p.label))),
                text_cell(str(p.properties.get("number", ""))),
                number_cell(Decimal(count)),
            ),
            key=p.id,
        )
        for count, p in found
    ]
    columns = (Column(label="政策文件", wide=True), Column(label="文号"), Column(label="引用数", numeric=True))
    return Table(caption="全部政策文件", columns=columns, rows=tuple(rows))


def _units(knowledge: Knowledge) -> Table:
    rows = [
        TableRow(cells=(text_cell(u.label), number_cell(Decimal(len(knowledge.edges(u.id))))), key=u.id)
        for u in knowledge.of_type(EntityType.UNIT)
    ]
    columns = (Column(label="单位", wide=True), Column(label="关系数", numeric=True))
    return Table(caption="全部单位", columns=columns, rows=tuple(rows))


def _indicators(knowledge: Knowledge) -> Table:
    names = Counter(str(x.properties.get("level3", x.label)) for x in knowledge.of_type(EntityType.INDICATOR))
    rows = [
        TableRow(cells=(text_cell(name), number_cell(Decimal(count))), key=INDICATOR_KEY + name)
        for name, count in sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    columns = (Column(label="指标名称", wide=True), Column(label="出现次数", numeric=True))
    return Table(caption="全部绩效指标名称", columns=columns, rows=tuple(rows))


def _year_cell(entity: Entity) -> TableCell:
    year = to_int(entity.properties.get("year"))
    return number_cell(Decimal(year) if year else None, str(year or ""))


def _unit_cell(knowledge: Knowledge, project: Entity) -> TableCell:
    unit = responsible_unit(knowledge, project)
    return text_cell(unit.label if unit else "")


def render_key(knowledge: Knowledge, key: str) -> Html:
    """The page that a row of the list or a link stands for."""
    if key.startswith(INDICATOR_KEY):
        return render_indicator_page(knowledge, key.removeprefix(INDICATOR_KEY))
    entity = knowledge.entity(EntityId(key))
    return render_page(knowledge, entity) if entity else render_absent()


def render_absent() -> Html:
    return element("p", {"class": "jx-empty"}, "从左边的列表中选一项，这里显示它的全部内容与出处。")


def proof(knowledge: Knowledge, data: Mapping[str, object], functions: NetworkFunctions) -> Html:
    """Evidence of a property (`id` and `name`) or of a relation (`id` of the edge)."""
    key = read_id(data)
    entity = knowledge.entity(key)
    if entity is not None:
        return render_proof(knowledge, entity, str(data.get("name", "")))
    edge = knowledge.edge(key)
    return functions.render_edge(knowledge, edge) if edge else element("p", {}, "图谱中已没有这一项。")


def build_entity_tab(workspace: Workspace, functions: NetworkFunctions) -> tuple[gr.HTML, gr.HTML, gr.Radio]:
    """Lay out the tab; returns the page, the list and the choice of kind."""
    knowledge = workspace.current()

    def call_proof(data: dict[str, object]) -> object:
        return guarded(lambda card: card)(proof)(workspace.current(), data, functions)

    call_proof.__name__ = "proof"
    with gr.Row(elem_classes="jx-columns"):
        with gr.Column(scale=4, min_width=380):
            kind = gr.Radio(
                list(KINDS), value=KINDS[0], label="类别", show_label=False, elem_id="jx-kind", container=False
            )
            table = build_table("jx-list", value=list_value(knowledge, KINDS[0]))
        with gr.Column(scale=7, min_width=460):
            page = build_panel(
                "jx-page",
                value=render_absent(),
                label="详情",
                functions=[functions.context, call_proof, *functions.changes],
            )
    quiet = {"api_visibility": "private", "show_progress": "hidden"}

    def on_kind(chosen: str) -> dict[str, object]:
        return list_value(workspace.current(), chosen)

    def on_pick(event: gr.EventData) -> Html:
        return guarded(lambda card: card)(render_key)(workspace.current(), str(event._data.get("key", "")))

    kind.change(on_kind, [kind], [table], **quiet)
    table.pick(on_pick, None, [page], **quiet)
    return page, table, kind
