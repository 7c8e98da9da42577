"""The tab 问答 in a real Chromium: ask, read, sort, click a row, see the proof, click a node, see it grow."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

QUESTION = "哪些项目引用了甲府发〔2019〕7号？"


@pytest.fixture(scope="module")
def served(serve):
    return serve()


@pytest.fixture
def page(visit, served):
    return visit(served)


def ask(page, question=QUESTION):
    page.fill("#jx-question", question)
    page.press("#jx-question", "Enter")
    page.wait_for_selector('.jx-ask[data-busy="0"][data-asked="1"]')
    page.wait_for_selector(".jx-answer")


def test_enter_asks_and_shows_reading_text_table_and_first_proof(page):
    ask(page)
    assert "理解为：引用了 甲府发〔2019〕7号 的项目" in page.inner_text(".jx-read")
    assert page.locator("#jx-items tbody tr").count() == 2
    assert page.locator("#jx-evidence mark").first.inner_text() == "《城市道路管理条例》（甲府发〔2019〕7号）"


def test_click_on_row_shows_its_sentence_and_the_misprint_beside_the_canonical_form(page):
    ask(page)
    page.click("#jx-items tbody tr:nth-child(2)")
    page.wait_for_selector("#jx-evidence .jx-reading:has-text('甲府法〔2019〕7号')")
    reading = page.inner_text("#jx-evidence .jx-reading")
    assert "甲府法〔2019〕7号" in reading
    assert "《城市道路管理条例》（甲府发〔2019〕7号）" in reading
    assert "疑似笔误" in reading
    assert page.inner_text("#jx-evidence mark") == "甲府法〔2019〕7号"
    assert "<p>" not in page.inner_text("#jx-evidence")


def test_row_is_reached_and_chosen_by_keyboard(page):
    ask(page)
    page.focus("#jx-items tbody tr:nth-child(1)")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#jx-evidence h3:has-text('绿化补种')")


def test_click_on_node_grows_the_graph(page):
    ask(page)
    page.wait_for_selector('#jx-small .jx-net[data-nodes="3"]')
    before = int(page.get_attribute("#jx-small .jx-net", "data-nodes"))
    at = page.evaluate(
        """() => { const net = document.querySelector('#jx-small .jx-net').jixiaoNet;
        const node = net.cy.nodes('[kind="Project"]').first();
        const box = document.querySelector('#jx-small .jx-net-canvas').getBoundingClientRect();
        const spot = node.renderedPosition(); return [box.x + spot.x, box.y + spot.y]; }"""
    )
    page.mouse.click(*at)
    page.wait_for_function("n => Number(document.querySelector('#jx-small .jx-net').dataset.nodes) > n", arg=before)
    assert "共 7 个节点" in page.inner_text("#jx-small .jx-net-status")


def test_enter_during_pinyin_composition_does_not_ask(page, served):
    before = len(served.asker.asked)
    page.focus("#jx-question")
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "yu'suan", "selectionStart": 7, "selectionEnd": 7})
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    assert len(served.asker.asked) == before
    client.send("Input.insertText", {"text": "预算合计"})
    page.keyboard.press("Enter")
    page.wait_for_selector(".jx-figure")
    assert served.asker.asked[-1][0].endswith("预算合计")


def test_money_is_shown_in_wan_and_sorted_by_value(page):
    ask(page, "预算合计")
    assert "128.65 万元" in page.inner_text(".jx-figure")
    cells = page.locator("#jx-items tbody td.jx-num", has_text=re.compile(r"\.")).all_inner_texts()
    assert cells == ["120.05", "8.60"]
    page.click("#jx-items th:has-text('金额（万元）') button")
    assert page.locator("#jx-items tbody tr:first-child").inner_text().find("8.60") > 0
    assert page.locator("#jx-items tbody td[title='1,200,500 元']").count() == 1


def test_table_finds_and_fills_the_screen(page):
    ask(page)
    page.fill("#jx-items input[type=search]", "绿化")
    assert page.locator("#jx-items tbody tr").count() == 1
    page.click("#jx-items button:has-text('全屏')")
    box = page.locator("#jx-items .jx-table").bounding_box()
    assert (box["width"], box["height"]) == (1360, 900)
    page.keyboard.press("Escape")
    assert page.locator("#jx-items .jx-full").count() == 0


def test_ambiguous_answer_offers_options_that_ask(page, served):
    ask(page, "哪个")
    page.click(".jx-options button:has-text('预算合计')")
    page.wait_for_selector(".jx-figure")
    assert served.asker.asked[-1] == ("预算合计", None)


def test_failure_and_refusal_are_said_in_chinese(page):
    ask(page, "写一首诗")
    assert "无法回答" in page.inner_text(".jx-read")
    ask(page, "坏问题")
    assert re.search("程序内部出错（编号 [0-9a-f]{6}）", page.inner_text(".jx-answer"))
    assert "division" not in page.inner_text("body")
    ask(page, "长" * 600)
    assert "请缩短到 500 字以内" in page.inner_text(".jx-answer")


def test_link_with_question_answers_it_and_follow_up_keeps_the_chain(page, served):
    page.goto(f"{served.url}/?q={quote(QUESTION)}")
    page.wait_for_selector("#jx-items tbody tr")
    page.check(".jx-follow")
    page.fill("#jx-question", "预算合计")
    page.press("#jx-question", "Enter")
    page.wait_for_selector(".jx-figure")
    assert served.asker.asked[-1] == ("预算合计", QUESTION)
    page.wait_for_function("() => new URL(location.href).searchParams.getAll('q').length === 2")
    page.reload()
    page.wait_for_selector(".jx-figure")
    assert served.asker.asked[-2:] == [(QUESTION, None), ("预算合计", QUESTION)]


def test_recent_questions_survive_reload(page, served):
    ask(page, "预算合计")
    page.goto(served.url)
    page.wait_for_selector('.jx-ask[data-ready="1"]')
    page.click(".jx-recent-box summary")
    assert page.locator(".jx-recent button").first.inner_text() == "预算合计"


def test_wider_context_opens_and_closes(page):
    ask(page, "预算合计")
    button = page.locator("#jx-evidence button:has-text('展开上下文')").first
    button.click()
    page.wait_for_selector("#jx-evidence button:has-text('收起上下文')")
    assert "绿化补种" in page.inner_text("#jx-evidence .jx-stretch")


def test_page_says_chinese_to_an_english_browser(page):
    assert page.get_attribute("html", "lang") == "zh-CN"
    words = set(re.findall(r"[A-Za-z]{3,}", page.inner_text("body")))
    assert words <= {"Shift", "Delete"}  # keys of the keyboard


def test_state_of_waiting_is_told_in_chinese(page):
    told = page.evaluate(
        """async () => {
            const frame = () => new Promise((done) => requestAnimationFrame(done));
            const line = document.createElement("div");
            line.textContent = "queue: 3/12 |";
            document.body.append(line);
            await frame();
            const waiting = line.textContent;
            line.firstChild.data = "processing |";
            await frame();
            return [waiting, line.textContent];
        }"""
    )
    assert told == ["排队第3位 |", "处理中 |"]


def test_server_resolved_no_host_name(page, served):
    ask(page)
    assert served.resolved == []
