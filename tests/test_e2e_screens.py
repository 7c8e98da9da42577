"""Each tab at two sizes: nothing wider than the window, no button cut, no word of English that a user reads.

With JIXIAO_SCREENSHOTS=FOLDER the pictures are kept there, to be looked at.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

# keys, formats and programs that have no Chinese name, and the model's name
FOREIGN = {
    *("Shift", "Delete", "PNG", "SVG", "CSV", "Excel", "Word", "JSON", "Lines", "RDF", "Turtle", "GraphML", "GEXF"),
    *("Quads", "GraphDB", "Cytoscape", "Gephi", "WPS", "yEd", "SHA", "txt", "small", "jixiao", "serve", "snapshot"),
    *("cytoscape", "Prot", "Neo"),
}
TABS = ("问答", "图谱", "概览", "详情", "文件", "导出")


@pytest.fixture(scope="module")
def served(serve):
    return serve()


def prepare(page, tab):
    if tab != "问答":
        page.click(f'button[role=tab]:text-is("{tab}")')
    match tab:
        case "问答":
            page.fill("#jx-question", "谁引用了甲府发〔2019〕7号？")
            page.press("#jx-question", "Enter")
            page.click("#jx-items tbody tr:nth-child(2)")
            page.wait_for_selector("#jx-evidence .jx-reading:has-text('甲府法')")
        case "图谱":
            page.wait_for_selector('#jx-large .jx-net[data-ready="1"]')
            page.evaluate("() => document.querySelector('#jx-large .jx-net').jixiaoNet.locate('project:road')")
            page.wait_for_selector("#jx-large .jx-net-side h3")
        case "详情":
            page.click("#jx-list tbody tr")
            page.wait_for_selector("#jx-page h2")
        case "文件":
            page.click("#jx-sources tbody tr")
            page.wait_for_selector("#jx-report .jx-note")
    page.wait_for_timeout(600)


@pytest.mark.parametrize(("width", "height"), [(1360, 900), (1024, 768)])
@pytest.mark.parametrize("tab", TABS)
def test_tab_fits_and_speaks_chinese(visit, served, tmp_path, tab, width, height):
    page = visit(served, width=width, height=height)
    prepare(page, tab)
    kept = os.environ.get("JIXIAO_SCREENSHOTS")
    folder = Path(kept) if kept else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"{tab}-{width}x{height}.png"
    page.screenshot(path=picture, full_page=True)
    assert picture.stat().st_size > 20_000
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.jx button, .jx a, .jx th, button[role=tab]')]
        .filter((e) => e.offsetParent && !e.closest('.jx-chips') && e.scrollWidth > e.clientWidth + 1
        && getComputedStyle(e).display !== 'inline')
        .map((e) => e.textContent)"""
    )
    assert cut == []
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.jx *')]
        .filter((e) => e.offsetParent && e.getBoundingClientRect().right > innerWidth + 1
        && !e.closest('svg, .jx-table-scroll, .jx-stretch, .jx-scroll, .jx-keys, .jx-net-canvas, .jx-panel-body'))
        .map((e) => e.className || e.tagName)"""
    )
    assert outside == []
    hidden = page.evaluate(
        """() => [...document.querySelectorAll('.jx-table-scroll')]
        .filter((e) => e.offsetParent && e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent.slice(0, 80))"""
    )
    assert hidden == []  # no column beyond the edge of a table
    text = re.sub("[0-9a-f]{64}", "", page.inner_text("body"))
    assert set(re.findall(r"[A-Za-z]{3,}", text)) <= FOREIGN
    hints = page.evaluate(
        """() => [...document.querySelectorAll('[placeholder], [aria-label], [title]')].filter((e) => e.offsetParent)
        .flatMap((e) => ['placeholder', 'aria-label', 'title'].map((k) => e.getAttribute(k) || ''))"""
    )
    assert {w for hint in hints for w in re.findall(r"[A-Za-z]{3,}", hint)} <= FOREIGN


def test_controls_have_names_and_tabs_are_reached_by_keyboard(visit, served):
    page = visit(served)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, textarea, select, a[href]')]
        .filter((e) => e.offsetParent
        && !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length || e.title))
        .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    page.focus('button[role=tab]:text-is("问答")')
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector('button[role=tab][aria-selected="true"]:text-is("图谱")')
