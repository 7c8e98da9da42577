"""The tab 文件: sources with what was read and doubted, upload and removal; building goes on behind the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import gradio as gr

from ui.markup import NOTHING, Html, element
from ui.rendering import Column, Table, TableCell, TableRow, number_cell, render_date, render_size, text_cell, visible
from ui.rendering_answer import button
from ui.rendering_evidence import render_source
from ui.service import Knowledge, SourceRow, Workspace
from ui.web_boundary import guarded
from ui.web_parts import ServerFunction, build_files, build_panel, build_table
from ui.wording import say

MAX_DOUBTS = 60


def sources_table(knowledge: Knowledge, dates: Mapping[str, date]) -> Table:
    """One line per source; `dates` are the days of their files."""
    rows = [
        TableRow(
            cells=(
                text_cell(row.name),
                text_cell(row.document_type or ""),
                number_cell(Decimal(row.year) if row.year else None, str(row.year or "")),
                text_cell(say("media", row.media_type)),
                _date_cell(dates.get(row.name)),
                TableCell(text=render_size(row.size), order=str(row.size)),
                number_cell(Decimal(row.projects)),
                number_cell(Decimal(row.citations)),
                number_cell(Decimal(row.doubts)),
            ),
            key=row.name,
        )
        for row in knowledge.sources()
    ]
    columns = (
        Column(label="文件", wide=True),
        Column(label="类型"),
        Column(label="年度", numeric=True),
        Column(label="格式"),
        Column(label="日期", numeric=True),
        Column(label="大小", numeric=True),
        Column(label="项目", numeric=True),
        Column(label="引用", numeric=True),
        Column(label="疑点", numeric=True),
    )
    return Table(caption="来源文件", columns=columns, rows=tuple(rows))


def _date_cell(day: date | None) -> TableCell:
    if day is None:
        return TableCell(text="")
    return TableCell(text=day.isoformat(), order=str(day.toordinal()), hint=render_date(day.isoformat()))


def render_report(knowledge: Knowledge, name: str, *, read_only: bool) -> Html:
    """What was read of one source and what is doubtful."""
    row = next((row for row in knowledge.sources() if row.name == name), None)
    if row is None:
        return element("p", {"class": "jx-empty"}, "点击一份文件，这里显示读到了什么、哪里有疑点。")
    doubts = knowledge.doubts(name)
    blocks = []
    for doubt in doubts[:MAX_DOUBTS]:
        word = element("span", {"class": "jx-badge jx-doubt"}, say("warnings", doubt.code))
        note = element("p", {"class": "jx-note"}, visible(doubt.message), word)
        places = [render_source(s, knowledge.document_text(s.document), radius=80) for s in doubt.sources[:1]]
        blocks.append(element("div", {}, note, *places))
    rest = len(doubts) - len(blocks)
    more = element("p", {"class": "jx-quiet"}, f"其余 {rest} 条未列出。") if rest > 0 else NOTHING
    remove = NOTHING if read_only else button("移出这份文件", "remove", {"name": name})
    return element(
        "section",
        {},
        element("h3", {}, visible(name)),
        element("p", {}, describe_row(row)),
        element("p", {"class": "jx-quiet"}, f"SHA-256：{row.sha256}"),
        element("div", {"class": "jx-acts"}, remove),
        element("h4", {"style": "margin-top:12px"}, f"读取疑点（{len(doubts)} 条）"),
        *blocks,
        more,
        element("p", {"class": "jx-quiet"}, "没有疑点。") if not doubts else NOTHING,
    )


def describe_row(row: SourceRow) -> str:
    """A sentence about what was read."""
    kind = f"{row.year} 年" if row.year else ""
    kind += row.document_type or "未识别出表格"
    read = f"读出 {row.projects} 个项目、{row.citations} 处引用关系，有 {row.doubts} 条疑点"
    return f"{kind}，{render_size(row.size)}，{read}。"


def build_files_tab(workspace: Workspace, context: ServerFunction) -> tuple[gr.HTML, gr.HTML | None]:
    """Lay out the tab; returns the list of sources and, where files may be changed, the part that reports changes."""
    knowledge = workspace.current()

    def remove(data: dict[str, object]) -> object:
        return guarded(lambda card: card)(lambda: element("p", {}, workspace.remove(str(data.get("name", "")))))()

    def state(_: dict[str, object]) -> object:
        now = workspace.state()
        return {
            "stage": now.stage.value,
            "done": now.done,
            "total": now.total,
            "lines": [visible(x) for x in now.lines],
        }

    upload = None
    with gr.Row(elem_classes="jx-columns"):
        with gr.Column(scale=7, min_width=480):
            if not workspace.read_only:
                upload = build_files(functions=[state])
            table = build_table("jx-sources", value=sources_table(knowledge, workspace.dates()).to_json())
        with gr.Column(scale=5, min_width=400):
            functions = [context] if workspace.read_only else [context, remove]
            empty = render_report(knowledge, "", read_only=True)
            report = build_panel("jx-report", value=empty, label="读取报告", functions=functions)

    def on_pick(event: gr.EventData) -> Html:
        name = str(event._data.get("key", ""))
        show = guarded(lambda card: card)(render_report)
        return show(workspace.current(), name, read_only=workspace.read_only)

    table.pick(on_pick, None, [report], api_visibility="private", show_progress="hidden")
    return table, upload
