"""The whole way on the real seeds, with the real engine: ask, see the proof, grow the graph, add a file, remove it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

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
        page.evaluate("() => document.querySelector('#jx-large .jx-net').jixiaoNet.fit(false)")
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


def test_server_resolved_no_host_name(served):
    assert served.resolved == []
