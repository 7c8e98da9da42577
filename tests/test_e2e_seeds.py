"""The whole way on the real seeds, with the real engine: ask, see the proof, grow the graph, add a file, remove it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import networkx as nx
import pytest
from openpyxl import load_workbook

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

SEEDS = Path(__file__).parent.parent / "seeds"
LATE = "004_8f41715890d7cb50.txt"  # the file that is added later


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    from search.engine import SearchEngine
    from search.pipeline import build
    from ui.workspace import SnapshotWorkspace

    folder = tmp_path_factory.mktemp("seeds")
    inputs, directory = folder / "inputs", folder / "snapshot"
    inputs.mkdir()
    for seed in SEEDS.glob("*.txt"):
        if seed.name != LATE:
            shutil.copyfile(seed, inputs / seed.name)
    build([inputs], directory, embedder=None)

    def no_model(name):
        raise AssertionError("exact questions load no model")

    return SnapshotWorkspace(
        directory,
        inputs=inputs,
        corrections=folder / "corrections.toml",
        engine=lambda snapshot: SearchEngine.open(snapshot, embedder_factory=no_model),
        builder=lambda sources, progress: build([sources], directory, embedder=None, progress=progress),
    )


@pytest.fixture(scope="module")
def served(serve, workspace):
    return serve(workspace=workspace)


def ask(page, question):
    page.fill("#jx-question", question)
    page.press("#jx-question", "Enter")
    page.wait_for_selector('.jx-ask[data-busy="0"][data-asked="1"]')


def test_question_the_product_exists_for(visit, served):
    page = visit(served)
    ask(page, "哪些项目引用了沪发改财金〔2018〕18号？")
    page.wait_for_selector("#jx-items tbody tr:nth-child(3)")
    rows = page.locator("#jx-items tbody tr")
    assert rows.count() == 3
    assert all("2020" in text for text in rows.all_inner_texts())
    assert "沪发改改金" in page.inner_text("#jx-card")
    page.click("#jx-items tbody tr:has-text('企业指导')")
    page.wait_for_selector("#jx-evidence .jx-reading:has-text('沪发改改金')")
    assert any("沪发改改金〔2018〕18号" in mark for mark in page.locator("#jx-evidence mark").all_inner_texts())
    assert "疑似笔误" in page.inner_text("#jx-evidence")
    page.wait_for_selector('#jx-small .jx-net[data-nodes="4"]')
    page.evaluate(
        """async () => { const net = document.querySelector('#jx-small .jx-net').jixiaoNet;
        await net.select(net.cy.nodes('[kind="Project"]').first(), { grow: true }); }"""
    )
    page.wait_for_function("() => Number(document.querySelector('#jx-small .jx-net').dataset.nodes) > 4")
    if folder := os.environ.get("JIXIAO_SCREENSHOTS"):
        ask(page, "哪些项目引用了沪发改财金〔2018〕18号？")
        page.click("#jx-items tbody tr:has-text('企业指导')")
        page.wait_for_timeout(4000)  # the note on the screen has gone
        page.screenshot(path=Path(folder) / "ask.png", full_page=True)
        page.click(".jx-answer button:has-text('在图谱中查看')")
        page.wait_for_timeout(1500)
        page.evaluate("""() => { const net = document.querySelector('#jx-large .jx-net').jixiaoNet;
            net.locate(net.cy.nodes('[kind="PolicyDocument"].focus').first().id()); }""")
        page.wait_for_timeout(1500)
        page.evaluate("""async () => { const net = document.querySelector('#jx-large .jx-net').jixiaoNet;
            await net.expand(net.cy.nodes('[kind="Project"]').first().id()); net.fit(false); }""")
        page.wait_for_timeout(4000)
        page.screenshot(path=Path(folder) / "network.png")


def test_every_example_on_the_chips_is_answered(visit, served):
    page = visit(served)
    questions = [chip.get_attribute("title") for chip in page.locator(".jx-chips button").all()]
    assert len(questions) >= 9
    for question in questions:
        ask(page, question)
        page.wait_for_selector('.jx-answer[data-status="answered"]')


def test_added_file_is_asked_about_and_removed_again(visit, served):
    page = visit(served)
    page.click('button[role=tab]:text-is("文件")')
    page.set_input_files("#jx-upload input[type=file]", SEEDS / LATE)
    page.wait_for_selector('#jx-upload .jx-files[data-stage="done"]')
    page.wait_for_selector(f"#jx-upload .jx-build:has-text('{LATE}')")
    page.wait_for_selector(f"#jx-sources tbody tr:has-text('{LATE}')")
    page.click(f"#jx-sources tbody tr:has-text('{LATE}')")
    page.click("#jx-report button:has-text('移出这份文件')")
    page.click("#jx-report button:has-text('再点一次')")
    page.wait_for_selector(f"#jx-sources tbody:not(:has-text('{LATE}'))")
    assert page.locator("#jx-sources tbody tr").count() == 4


def read_download(page, press, folder):
    with page.expect_download() as caught:
        press()
    file = folder / caught.value.suggested_filename
    caught.value.save_as(file)
    return file


def test_who_cites_a_law_is_asked_drawn_and_exported(visit, served, tmp_path, chromium):
    """The way of the acceptance: find who cites it, draw it, take it along for Excel and for Gephi."""
    page = visit(served)
    ask(page, "谁引用了《中华人民共和国预算法》？")
    page.wait_for_selector("#jx-items tbody tr:nth-child(3)")
    page.click(".jx-answer button:has-text('在图谱中查看')")
    page.wait_for_selector('#jx-large .jx-net[data-nodes="4"]')
    drawn = page.evaluate(
        """() => { const cy = document.querySelector('#jx-large .jx-net').jixiaoNet.cy; return {
        nodes: cy.nodes().map((n) => [n.id(), n.data("full")]),
        edges: cy.edges().map((e) => [e.source().id(), e.data("kind"), e.target().id()]) }; }"""
    )
    page.click('button[role=tab]:text-is("导出")')
    page.check("#jx-export input[value=answer]")
    assert page.inner_text("#jx-export .jx-scope-said") == "问题：谁引用了《中华人民共和国预算法》？"

    def export(title):
        card = f"#jx-export .jx-formats > div:has(h4:text-is('{title}')) button"
        return read_download(page, lambda: page.click(card), tmp_path)

    kg = nx.read_gexf(export("GEXF"))
    assert dict(kg.nodes(data="label")) == dict(drawn["nodes"])
    assert sorted([u, d["relation"], v] for u, v, d in kg.edges(data=True)) == sorted(drawn["edges"])
    book = load_workbook(export("Excel 工作簿"))
    kept = [row[:2] for name in ("项目", "政策文件") for row in book[name].iter_rows(min_row=2, values_only=True)]
    assert dict(kept) == dict(drawn["nodes"])
    labels = dict(drawn["nodes"])
    cited = [row[:3] for row in book["引用"].iter_rows(min_row=2, values_only=True)]
    assert sorted(cited) == sorted((labels[a], "引用", labels[b]) for a, _, b in drawn["edges"])
    heads, *rows = book["项目"].iter_rows(values_only=True)
    assert all(isinstance(row[heads.index("项目当年预算（元）")], (int, float)) for row in rows)
    alone = chromium.new_context(offline=True).new_page()
    asked = []
    alone.on("request", lambda request: asked.append(request.url))
    file = export("离线网页")
    alone.goto(file.as_uri())
    alone.wait_for_selector('body[data-nodes="4"]')
    assert "项目 3" in alone.inner_text("#legend")
    assert asked == [file.as_uri()]
    alone.context.close()


@pytest.mark.parametrize("width", [1360, 1024])
def test_long_pages_of_the_seeds_fit_and_print(visit, served, width):
    """Tables of real documents: no word broken into a column of single signs, nothing beside the window."""
    page = visit(served, width=width, height=768)
    page.click('button[role=tab]:text-is("详情")')
    for kind in ("绩效指标", "政策文件", "项目", "单位"):
        page.click(f"#jx-kind label:has-text('{kind}')")
        page.wait_for_selector(f"#jx-list caption:has-text('全部{kind}')", state="attached")
        page.click("#jx-list tbody tr >> nth=1")
        page.wait_for_selector(f"#jx-page h2:has(.jx-badge:text-is('{kind}'))")
        narrow = page.evaluate(
            """() => [...document.querySelectorAll('#jx-page td, #jx-list td')].filter((cell) => cell.offsetParent
            && cell.innerText.trim().length > 4 && cell.clientWidth < 50).map((cell) => cell.innerText)"""
        )
        assert narrow == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        assert "('" not in page.inner_text("#jx-page")
    page.emulate_media(media="print")
    for selector in ("#jx-list", ".jx-ask", "button[role=tab]", "#jx-page .jx-acts"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator("#jx-page h2").is_visible()
    hidden = page.evaluate(
        """() => [...document.querySelectorAll('#jx-page *')].filter((e) => e.offsetParent
        && getComputedStyle(e).overflowY !== 'visible' && e.scrollHeight > e.clientHeight + 2).length"""
    )
    assert hidden == 0


def test_server_resolved_no_host_name(served):
    assert served.resolved == []
