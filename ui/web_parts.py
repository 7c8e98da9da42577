"""The page's own components on gr.HTML: question box, table, panel, graph; drawn by ui/assets/src/*.js.

A template never holds a value (Gradio would render it anew and evaluate it); values arrive through `watch`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256

import gradio as gr

from ui.bundling import ASSETS, MENDING, is_complete
from ui.errors import AssetsMissing
from ui.markup import Html, element

STATIC = "kgstatic"
SCRIPTS = (
    "src/page.js",
    "src/ask.js",
    "src/table.js",
    "src/network_style.js",
    "src/network_labels.js",
    "src/network_tools.js",
    "src/network_export.js",
    "src/network.js",
    "src/files.js",
)
ServerFunction = Callable[[dict[str, object]], object]


@cache
def asset_version() -> str:
    """Short hash of everything the page loads, so that a browser never mixes two releases.

    Raises AssetsMissing.
    """
    if not is_complete():
        raise AssetsMissing("网页所需的脚本没有安装", f"请执行：{MENDING}")
    names = sorted([*(ASSETS / "src").iterdir(), *(ASSETS / "dist").iterdir()])
    return sha256(b"".join(path.read_bytes() for path in names)).hexdigest()[:12]


def head_html() -> Html:
    """Scripts and style of ours, by addresses relative to the page (so that a sub-path works)."""
    version = asset_version()
    sources = ("dist/cytoscape.min.js", *SCRIPTS)
    links = [element("link", {"rel": "stylesheet", "href": f"{STATIC}/src/style.css?v={version}"})]
    return Html("".join([*links, *(element("script", {"src": f"{STATIC}/{name}?v={version}"}) for name in sources)]))


def build_ask(*, value: dict[str, object]) -> gr.HTML:
    """Question box; its event `ask` carries `question` and `follow`."""
    template = """
<form class="jx jx-ask" role="search" aria-label="提问">
  <div class="jx-line">
    <textarea rows="1" id="jx-question" aria-label="问题" autocomplete="off" spellcheck="false"
      placeholder="用中文提问，例如：哪些项目引用了某份文件？按回车提问"></textarea>
    <button type="submit">提问</button>
  </div>
  <div class="jx-under">
    <span>回车提问，Shift＋回车换行</span>
    <button type="button" class="jx-link jx-more-examples">示例问题</button>
    <label hidden><input type="checkbox" class="jx-follow">接着上一个回答追问</label>
    <details class="jx-recent-box" hidden><summary>最近的问题</summary><div class="jx-recent"></div></details>
  </div>
  <div class="jx-chips" role="group" aria-label="示例问题"></div>
</form>"""
    return _part(
        template, "jixiao.ask(element, props, watch, (data) => trigger('ask', data));", value=value, name="jx-ask"
    )


def build_table(name: str, *, value: dict[str, object] | None = None, summary: str = "") -> gr.HTML:
    """A table, folded under `summary` where given; its event `pick` carries the `key` of the chosen row."""
    template = '<div class="jx jx-table"></div>'
    if summary:
        template = f'<details class="jx jx-fold"><summary>{summary}</summary>{template}</details>'
    script = "jixiao.table(element, props, watch, (data) => trigger('pick', data));"
    return _part(template, script, value=value, name=name)


def build_panel(
    name: str, *, value: str = "", height: str = "", label: str = "", functions: list[ServerFunction] | None = None
) -> gr.HTML:
    """A panel of markup made by ui/markup.py; its events carry the data of the pressed element.

    `chip` is a condition pressed, `act` anything else.
    """
    style = {"style": f"max-height: {height}"} if height else {}
    role = {"role": "region", "aria-label": label, "tabindex": "0"} if label else {}
    template = element("div", {"class": "jx jx-panel", **style, **role})
    script = (
        "jixiao.panel(element, props, watch, "
        "(data) => data.act === 'chip' ? trigger('chip', data) : trigger('act', data), server);"
    )
    return _part(template, script, value=value, name=name, functions=functions)


def build_files(*, functions: list[ServerFunction]) -> gr.HTML:
    """Upload with progress; its event `changed` says that a build has ended."""
    template = """
<section class="jx jx-files" data-ready="0" aria-label="添加文件">
  <div class="jx-drop">
    <label><input type="file" multiple><span class="jx-button jx-strong">选择文件</span></label>
    <p class="jx-quiet">或把文件拖到这里。可一次选多份；读完之前，现有图谱照常使用。</p>
  </div>
  <ul class="jx-sent" aria-live="polite"></ul>
  <progress hidden></progress>
  <div class="jx-build" role="status"></div>
</section>"""
    script = "jixiao.files(element, props, watch, (data) => trigger('changed', data), server);"
    return _part(template, script, value=None, name="jx-upload", functions=functions)


def build_network(
    name: str, *, compact: bool, functions: list[ServerFunction], value: dict[str, object] | None = None
) -> gr.HTML:
    """The graph; events `node`, `edge` and `entity` carry an `id`."""
    side = '<aside class="jx-net-side" aria-live="polite" aria-label="所选内容"></aside>'
    bar = '<div class="jx-net-bar" role="toolbar" aria-label="图谱工具"></div>'
    rest = (
        '<details class="jx-net-list"><summary>以表格查看图中内容</summary><div class="jx-net-tables"></div></details>'
    )
    template = f"""
<div class="jx jx-net" data-compact="{int(compact)}" data-ready="0" data-nodes="0" data-edges="0">
  {"" if compact else bar}
  <div class="jx-net-body">
    <div class="jx-net-canvas" tabindex="0" role="application" aria-label="关系图" aria-describedby="{name}-keys"></div>
    {"" if compact else side}
  </div>
  <p class="jx-keys" id="{name}-keys">方向键在节点间移动，回车展开，Delete 隐藏，P 固定，加减号缩放，0 适应窗口。</p>
  <div class="jx-net-note" role="status" hidden></div>
  <div class="jx-net-foot">
    <span class="jx-net-status" role="status"></span>
    <div class="jx-net-legend" role="group" aria-label="图例"></div>
  </div>
  {"" if compact else rest}
</div>"""
    script = (
        "jixiao.network(element, props, watch, (kind, data) => "
        "kind === 'node' ? trigger('node', data) : kind === 'edge' ? trigger('edge', data) : trigger('entity', data), "
        "server);"
    )
    return _part(template, script, value=value, name=name, functions=functions)


def _part(
    template: str, script: str, *, value: object, name: str, functions: list[ServerFunction] | None = None
) -> gr.HTML:
    return gr.HTML(
        value=value,
        html_template=template,
        css_template="",
        js_on_load=f"const jixiao = window.jixiao; {script}",
        apply_default_css=False,
        elem_id=name,
        head=head_html(),
        server_functions=functions or None,
    )
