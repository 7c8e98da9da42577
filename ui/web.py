"""The page: head, tabs, foot, and what leads from one tab to another."""

from __future__ import annotations

import gradio as gr

from search.model import Answer
from ui.drawing import draw_answer, render_drawing
from ui.markup import Html, element
from ui.rendering import render_date
from ui.service import SnapshotInfo, Workspace
from ui.web_ask import Asked, ask, build_ask_tab, empty_page, render_welcome
from ui.web_boundary import guarded
from ui.web_network import build_network_tab
from ui.web_parts import build_panel
from ui.wording import say

TITLE = "绩效图谱"
QUIET = {"api_visibility": "private", "show_progress": "hidden"}
MAX_LINKED = 500

# Gradio picks its own words by the browser's language; the page is Chinese in every browser.
HEAD = """<script>
document.documentElement.lang = "zh-CN";
Object.defineProperty(navigator, "language", { get: () => "zh-CN" });
Object.defineProperty(navigator, "languages", { get: () => ["zh-CN", "zh"] });
</script>"""


def build_page(workspace: Workspace) -> gr.Blocks:
    """The whole interface over `workspace`; mount it with ui/server.py."""
    knowledge = workspace.current()
    with gr.Blocks(analytics_enabled=False, title=TITLE, delete_cache=(3600, 3600), fill_width=True) as page:
        head = build_panel("jx-head", value=render_head(knowledge.info()))
        with gr.Tabs(elem_id="jx-tabs"):
            with gr.Tab("问答", id="ask"):
                ask_tab = build_ask_tab(workspace)
            with gr.Tab("图谱", id="network", render_children=True):
                network = build_network_tab(workspace)
        foot = build_panel("jx-foot", value=render_foot(knowledge.info()))

        def on_load(request: gr.Request) -> tuple[object, ...]:
            now = workspace.current()
            questions = [q[: MAX_LINKED + 1] for q in request.query_params.getlist("q")][:5]
            info = now.info()
            shown = (
                guarded(lambda card: empty_page(now, card, questions[-1]))(_ask_chain)(workspace, questions)
                if questions
                else empty_page(now, render_welcome(now))
            )
            return *shown.outputs(), render_head(info), render_foot(info)

        page.load(on_load, None, [*ask_tab.outputs(), head, foot], **QUIET)

        def on_act(asked: Asked | None, event: gr.EventData) -> object:
            if event._data.get("act") != "network" or asked is None:
                return gr.skip()
            return draw_large(workspace, asked.answer)

        ask_tab.card.act(on_act, [ask_tab.asked], [network], **QUIET)
    return page


def _ask_chain(workspace: Workspace, questions: list[str]):
    now = workspace.current()
    shown = ask(now, questions[0])
    for question in questions[1:]:
        shown = ask(now, question, asked=shown.asked)
    return shown


def draw_large(workspace: Workspace, answer: Answer) -> dict[str, object]:
    """The answer's part of the graph for the large picture."""
    now = workspace.current()
    return render_drawing(now, draw_answer(now, answer), note=f"问题“{answer.question[:60]}”的关系图。")


def render_head(info: SnapshotInfo) -> Html:
    """Name of the program and what the data stand for."""
    return element(
        "header",
        {"class": "jx-head", "data-version": info.version},
        element("h1", {}, TITLE),
        element("p", {}, "财政绩效文件的知识图谱与问答，每个答案都有原文为证"),
        element("span", {"class": "jx-asof"}, f"数据版本 {info.version}{_built(info)}"),
    )


def _built(info: SnapshotInfo) -> str:
    if info.built_at is None:
        return ""
    local = info.built_at.astimezone()
    return f"，{render_date(local.date().isoformat())} {local:%H:%M} 建成"


def render_foot(info: SnapshotInfo) -> Html:
    """Counts, model, and the promise."""
    counts = info.counts
    return element(
        "footer",
        {"class": "jx-foot"},
        element("span", {}, f"数据版本 {info.version}{_built(info)}"),
        element(
            "span",
            {},
            "，".join(
                f"{say('kinds', kind)} {counts.get(kind, 0)}"
                for kind in ("SourceDocument", "Project", "PolicyDocument")
            ),
        ),
        element("span", {}, f"向量模型 {info.model}"),
        element("span", {}, "回答只依据已读入的文件；以原文为准。"),
    )
