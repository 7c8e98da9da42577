"""The conditions of an answer in a real Chromium: seen, taken away, changed in place, by mouse, keyboard and link."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, quote, urlsplit

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

QUESTION = "按条件找项目"
HOSTILE = '"><img src=x onerror="window.__xss=1">'


@pytest.fixture(scope="module")
def served(serve):
    return serve()


@pytest.fixture
def page(visit, served):
    page = visit(served)
    page.fill("#jx-question", QUESTION)
    page.press("#jx-question", "Enter")
    page.wait_for_selector(".jx-conditions")
    return page


def labels(page):
    return [text.strip() for text in page.locator(".jx-condition-text, .jx-change > summary").all_inner_texts()]


def wait_for_reading(page, text):
    page.wait_for_function("t => document.querySelector('.jx-read')?.textContent.startsWith(t)", arg=text)


def test_conditions_stand_under_the_reading(page):
    assert labels(page) == ["2021年度", "项目当年预算超过100万元（1,000,000元）", "引用了城市道路管理条例"]
    assert page.locator("#jx-items tbody tr").count() == 1
    assert page.locator(".jx-away").count() == 3
    box = page.locator(".jx-conditions").bounding_box()
    assert box["y"] > page.locator(".jx-read").bounding_box()["y"]


def test_taking_conditions_away_asks_again_and_there_is_a_way_back(page, served):
    page.click('.jx-away[aria-label="去掉条件：2021年度"]')
    wait_for_reading(page, "理解为：项目当年预算超过100万元")
    page.click('.jx-away[aria-label^="去掉条件：项目当年预算"]')
    wait_for_reading(page, "理解为：引用了")
    page.wait_for_function("() => document.querySelectorAll('#jx-items tbody tr').length === 2")
    page.wait_for_selector('#jx-small .jx-net[data-nodes="3"]')
    assert served.asker.plans[-1]["steps"][1]["condition"]["is"] == "has"
    assert "手工改动" in page.inner_text(".jx-answer")
    page.click(".jx-conditions button:has-text('恢复原来的条件')")
    wait_for_reading(page, "理解为：2021年度")
    assert len(labels(page)) == 3
    assert page.locator(".jx-conditions button:has-text('恢复')").count() == 0


def test_a_value_is_changed_in_place(page, served):
    page.click(".jx-change summary:has-text('当年预算')")
    assert page.input_value(".jx-change[open] input") == "100"
    assert page.inner_text(".jx-change[open] .jx-change-box span") == "万元"
    page.fill(".jx-change[open] input", "150")
    page.click(".jx-change[open] button")
    wait_for_reading(page, "理解为：2021年度、项目当年预算超过150万元")
    page.wait_for_selector('.jx-answer[data-status="no_match"]')
    assert served.asker.plans[-1]["steps"][1]["condition"]["parts"][1]["value"] == "1500000"


def test_everything_by_keyboard(page):
    page.focus(".jx-change summary")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('.jx-change[open] input')")
    page.keyboard.press("Escape")
    assert page.locator(".jx-change[open]").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('.jx-change[open] input')")
    page.keyboard.type("2022")
    page.keyboard.press("Enter")
    wait_for_reading(page, "理解为：2022年度")
    assert page.evaluate("() => document.activeElement.closest('.jx-conditions') !== null")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait_for_reading(page, "理解为：项目当年预算")


def test_a_value_that_is_none_is_refused_and_the_answer_stays(page):
    page.click(".jx-change summary:has-text('2021年度')")
    page.fill(".jx-change[open] input", HOSTILE[:30])
    page.keyboard.press("Enter")
    page.wait_for_selector(".jx-conditions [role=alert]")
    assert "不是可用的数" in page.inner_text(".jx-conditions")
    assert page.locator("#jx-items tbody tr").count() == 1
    page.click('.jx-away[aria-label="去掉条件：2021年度"]')
    wait_for_reading(page, "理解为：项目当年预算")
    assert page.evaluate("() => window.__xss === undefined")


def test_address_and_download_lead_to_the_changed_conditions(page, visit, served):
    page.click('.jx-away[aria-label^="去掉条件：项目当年预算"]')
    wait_for_reading(page, "理解为：2021年度、引用了")
    page.wait_for_function("() => new URL(location.href).searchParams.has('plan')")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["q"] == [QUESTION]
    assert len(json.loads(asked["plan"][0])["steps"][1]["condition"]["parts"]) == 2
    other = visit(served, "?" + urlsplit(page.url).query)
    wait_for_reading(other, "理解为：2021年度、引用了")
    assert len(labels(other)) == 2
    csv = page.context.request.get(f"{served.url}/kgdata/answer.csv?{urlsplit(page.url).query}").text()
    assert "理解为：2021年度、引用了城市道路管理条例的项目" in csv
    page.fill("#jx-question", "谁引用了条例")
    page.press("#jx-question", "Enter")
    page.wait_for_function("() => !new URL(location.href).searchParams.has('plan')")


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param("{", id="no-json"),
        pytest.param("[" * 2000, id="deep"),
        pytest.param('{"steps":[{"do":"drop"}]}', id="unknown-step"),
        pytest.param('{"steps":[{"do":"pick","kind":"Project","ids":["project:nobody"]}]}', id="unknown-id"),
        pytest.param("x" * 5000, id="long"),
    ],
)
def test_odd_plans_in_a_link_are_refused_in_chinese(visit, served, plan):
    page = visit(served, f"?q={quote(QUESTION)}&plan={quote(plan)}")
    page.wait_for_selector('.jx-answer[data-status="error"]')
    assert "请" in page.inner_text(".jx-answer")
    assert "程序内部出错" not in page.inner_text(".jx-answer")


def test_hostile_words_in_a_plan_stay_words(visit, served):
    steps = [
        {"do": "select", "kind": "Project"},
        {"do": "keep", "condition": {"is": "compare", "column": "project.name", "op": "contains", "value": HOSTILE}},
    ]
    page = visit(served, f"?q={quote(QUESTION)}&plan={quote(json.dumps({'steps': steps}))}")
    page.wait_for_selector(".jx-conditions")
    assert HOSTILE in page.inner_text(".jx-conditions")
    assert HOSTILE in page.get_attribute(".jx-away", "aria-label")
    assert page.evaluate("() => window.__xss === undefined")
