"""The tab 概览: figures, and each chart with its table and download."""

from __future__ import annotations

import gradio as gr

from ui.charting import render_bars
from ui.markup import Html, element
from ui.overview import Chart, charts, figures
from ui.service import Knowledge, Workspace
from ui.web_parts import build_panel, build_table


def render_figures(knowledge: Knowledge) -> Html:
    """The row of counts."""
    cells = [
        element("div", {}, element("b", {}, f"{count:,}"), element("span", {}, word))
        for word, count in figures(knowledge)
    ]
    return element("section", {"class": "jx-figures", "aria-label": "总数"}, *cells)


def render_chart(chart: Chart) -> Html:
    """Title, picture, remark."""
    picture = render_bars(chart.title, chart.bars, series=chart.series, name=f"jx-{chart.name}")
    note = element("p", {"class": "jx-quiet"}, chart.note)
    return element("section", {"class": "jx-chart"}, element("h3", {}, chart.title), picture, note)


def chart_table(chart: Chart, *, picks: bool) -> dict[str, object]:
    """Value of the chart's table component."""
    return {**chart.table.to_json(), "download": f"kgdata/overview/{chart.name}.csv", "picks": picks}


PICKED = frozenset({"budgets-by-unit", "execution-rates", "most-cited"})  # their rows lead to a page of their own


def build_overview_tab(workspace: Workspace) -> tuple[list[gr.HTML], dict[str, gr.HTML]]:
    """Lay out the tab; returns what a new snapshot redraws, and the tables whose rows lead to an entity's page."""
    knowledge = workspace.current()
    panels = [build_panel("jx-figures", value=render_figures(knowledge))]
    tables: dict[str, gr.HTML] = {}
    made = charts(knowledge)
    for pair in (made[:2], made[2:4], made[4:]):
        with gr.Row(elem_classes="jx-columns"):
            for chart in pair:
                with gr.Column(min_width=560, elem_classes="jx-charted"):
                    panels.append(build_panel(f"jx-chart-{chart.name}", value=render_chart(chart)))
                    value = chart_table(chart, picks=chart.name in PICKED)
                    tables[chart.name] = build_table(f"jx-data-{chart.name}", value=value, summary="数据表与下载")
    return [*panels, *tables.values()], tables


def overview_values(knowledge: Knowledge) -> list[object]:
    """New values for what `build_overview_tab` returned first."""
    made = charts(knowledge)
    return [
        render_figures(knowledge),
        *[render_chart(chart) for chart in made],
        *[chart_table(chart, picks=chart.name in PICKED) for chart in made],
    ]
