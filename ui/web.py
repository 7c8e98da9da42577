"""The page: head, tabs, foot, and what leads from one tab to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from threading import Thread

import gradio as gr

from graph.model import EntityId
from search.model import Answer
from ui.drawing import draw_answer, draw_neighbourhood, render_drawing
from ui.markup import Html, element
from ui.rendering import render_date
from ui.service import Knowledge, SnapshotInfo, Workspace
from ui.web_ask import CHAIN, Asked, Shown, ask_guarded, build_ask_tab, open_plan
from ui.web_boundary import guarded
from ui.web_entity import INDICATOR_KEY, KINDS, build_entity_tab, list_value, render_key
from ui.web_export import build_export_tab
from ui.web_files import build_files_tab, sources_table
from ui.web_network import build_functions, build_network_tab, render_everything, render_start
from ui.web_overview import PICKED, build_overview_tab, overview_values
from ui.web_parts import build_panel
from ui.wording import kind_word

TITLE = "绩效图谱"
QUIET = {"api_visibility": "private", "show_progress": "hidden"}
MAX_LINKED = 500  # signs of a question in a link
FOOT_KINDS = ("SourceDocument", "Project", "PolicyDocument")

# Gradio picks its own words by the browser's language; the page is Chinese in every browser.
HEAD = """<script>
document.documentElement.lang = "zh-CN";
Object.defineProperty(navigator, "language", { get: () => "zh-CN" });
Object.defineProperty(navigator, "languages", { get: () => ["zh-CN", "zh"] });
</script>"""


def build_page(workspace: Workspace) -> gr.Blocks:
    """The whole interface over `workspace`; ui/server.py mounts it."""
    knowledge = workspace.current()
    functions = build_functions(workspace)
    Thread(
        target=render_everything, args=(knowledge,), name="drawing", daemon=True
    ).start()  # ready when it is asked for
    with gr.Blocks(analytics_enabled=False, title=TITLE, delete_cache=(3600, 3600), fill_width=True) as page:
        head = build_panel("jx-head", value=render_head(knowledge.info()))
        with gr.Tabs(elem_id="jx-tabs"):
            with gr.Tab("问答"):
                asking = build_ask_tab(workspace)
            with gr.Tab("图谱", render_children=True):
                network = build_network_tab(workspace)
            with gr.Tab("概览", render_children=True):
                overview, charts = build_overview_tab(workspace)
            with gr.Tab("详情", render_children=True):
                entity_page, entity_list, kind = build_entity_tab(workspace, functions)
            with gr.Tab("文件", render_children=True):
                sources, upload = build_files_tab(workspace, functions.context)
            with gr.Tab("导出", render_children=True):
                build_export_tab()
        foot = build_panel("jx-foot", value=render_foot(knowledge.info()))

        first = knowledge.info().version  # what the page was laid out with

        def on_load(request: gr.Request) -> tuple[object, ...]:
            params = request.query_params
            questions = [q[: MAX_LINKED + 1] for q in params.getlist("q")][:CHAIN]
            key = params.get("id", "") or (INDICATOR_KEY + params["indicator"] if params.get("indicator") else "")
            return open_link(workspace.current(), questions, key, plan=params.get("plan", ""))

        def on_renew() -> tuple[object, ...]:
            now = workspace.current()
            return (
                renewed_values(now, workspace.dates())
                if now.info().version != first
                else tuple(gr.skip() for _ in renewed)
            )

        def on_changed() -> tuple[object, ...]:
            return renewed_values(workspace.current(), workspace.dates())

        def on_act(asked: Asked | None, event: gr.EventData) -> tuple[object, object]:
            return follow(workspace.current(), event._data, asked)

        def on_entity(event: gr.EventData) -> Html:
            key = str(event._data.get("id", "") or event._data.get("key", ""))
            return guarded(lambda card: card)(render_key)(workspace.current(), key)

        renewed = [*overview, network, entity_list, kind, sources, head, foot]
        page.load(on_load, None, [*asking.outputs(), entity_page], **QUIET)
        page.load(on_renew, None, renewed, **QUIET)
        for panel in (asking.card, asking.evidence, entity_page):
            panel.act(on_act, [asking.asked], [network, entity_page], **QUIET)
        network.entity(on_entity, None, [entity_page], **QUIET)
        for name in sorted(PICKED):
            charts[name].pick(on_entity, None, [entity_page], js=OPEN_DETAILS, **QUIET)
        if upload is not None:
            upload.changed(on_changed, None, renewed, **QUIET)
    return page


OPEN_DETAILS = "() => { window.jixiao.openTab('详情'); return []; }"


def open_link(knowledge: Knowledge, questions: Sequence[str], key: str, *, plan: str = "") -> tuple[object, ...]:
    """What an address asks for: values for the tab 问答, then the entity's page.

    Without a question the tab is left alone: somebody may have asked one before this answer arrives.
    """
    opened = guarded(lambda card: card)(render_key)(knowledge, key) if key else gr.skip()
    if not questions:
        return *(gr.skip() for _ in fields(Shown)), opened
    if plan:
        return *open_plan(knowledge, questions[-1], plan).outputs(), opened
    shown = ask_guarded(knowledge, questions[0])
    for question in questions[1:]:
        shown = ask_guarded(knowledge, question, asked=shown.asked)
    return *shown.outputs(), opened


def renewed_values(knowledge: Knowledge, dates: Mapping[str, date]) -> tuple[object, ...]:
    """What a new snapshot redraws, in the order of `renewed`."""
    info = knowledge.info()
    lists = [list_value(knowledge, KINDS[0]), KINDS[0], sources_table(knowledge, dates).to_json()]
    return *overview_values(knowledge), render_start(knowledge), *lists, render_head(info), render_foot(info)


def follow(knowledge: Knowledge, data: dict[str, object], asked: Asked | None) -> tuple[object, object]:
    """What a pressed element of a panel changes: (the large graph, the entity's page)."""
    key = str(data.get("id", ""))
    match data.get("act"):
        case "entity":
            return gr.skip(), guarded(lambda card: card)(render_key)(knowledge, key)
        case "network" if key:
            return render_drawing(knowledge, draw_neighbourhood(knowledge, EntityId(key))), gr.skip()
        case "network" if asked is not None:
            return draw_large(knowledge, asked.answer), gr.skip()
        case _:
            return gr.skip(), gr.skip()


def draw_large(knowledge: Knowledge, answer: Answer) -> dict[str, object]:
    """The answer's part of the graph for the large picture."""
    return render_drawing(knowledge, draw_answer(knowledge, answer), note=f"问题“{answer.question[:60]}”的关系图。")


def render_head(info: SnapshotInfo) -> Html:
    """Name of the program and what the data stand for."""
    return element(
        "header",
        {"class": "jx-head", "data-version": info.version},
        element("h1", {}, TITLE),
        element("p", {}, "财政绩效文件的知识图谱与问答，每个答案都有原文为证"),
        element("span", {"class": "jx-asof"}, describe_version(info)),
    )


def describe_version(info: SnapshotInfo) -> str:
    """Version of the data and when they were built."""
    if info.built_at is None:
        return f"数据版本 {info.version}"
    local = info.built_at.astimezone()
    return f"数据版本 {info.version}，{render_date(local.date().isoformat())} {local:%H:%M} 建成"


def render_foot(info: SnapshotInfo) -> Html:
    """Counts, model, and the promise."""
    counts = "，".join(f"{kind_word(kind)} {info.counts.get(kind, 0):,}" for kind in FOOT_KINDS)
    return element(
        "footer",
        {"class": "jx-foot"},
        element("span", {}, describe_version(info)),
        element("span", {}, counts),
        element("span", {}, f"向量模型 {info.model}"),
        element("span", {}, "回答只依据已读入的文件；以原文为准。"),
    )
