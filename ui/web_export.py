"""The tab 导出: what to take along (whole graph, last answer, one entity) and in which format."""

from __future__ import annotations

import gradio as gr

from ui.markup import Html, element
from ui.rendering_answer import button
from ui.web_parts import build_panel
from ui.wording import formats

SCOPES = (("all", "整个图谱"), ("answer", "最近一个回答"), ("entity", "“详情”页打开的一项及其邻居"))


def render_export() -> Html:
    """Scope, then one card per format."""
    scopes = [
        element(
            "label",
            {},
            element(
                "input",
                {"type": "radio", "name": "jx-scope", "value": value, **({"checked": ""} if value == "all" else {})},
            ),
            word,
        )
        for value, word in SCOPES
    ]
    cards = [
        element("div", {}, element("h4", {}, title), element("p", {}, use), button("下载", "export", {"format": key}))
        for key, title, use in formats()
    ]
    snapshot = element("a", {"class": "jx-button", "href": "kgdata/snapshot.zip", "download": ""}, "下载快照")
    return element(
        "section",
        {},
        element("h3", {}, "范围"),
        element("div", {"class": "jx-scopes", "role": "radiogroup", "aria-label": "导出范围"}, *scopes),
        element("p", {"class": "jx-quiet jx-scope-said", "role": "status"}, ""),
        element("h3", {}, "格式"),
        element("div", {"class": "jx-formats"}, *cards),
        element("h3", {"style": "margin-top:16px"}, "快照"),
        element(
            "p", {}, "整份快照（图谱、原文、索引、清单与校验值），解压后可用 jixiao serve --snapshot 打开。 ", snapshot
        ),
    )


def build_export_tab() -> gr.HTML:
    """Lay out the tab."""
    return build_panel("jx-export", value=render_export(), label="导出")
