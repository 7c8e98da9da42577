"""概览, 详情, 文件, 导出 in a real Chromium, and the ways from one tab to another."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def served(serve):
    return serve()


@pytest.fixture
def page(visit, served):
    return visit(served)


def open_tab(page, name):
    page.click(f'button[role=tab]:text-is("{name}")')
    page.wait_for_timeout(300)


def ask(page, question):
    """Ask and wait until everything that the answer changes has changed."""
    page.fill("#jx-question", question)
    page.press("#jx-question", "Enter")
    page.wait_for_selector('.jx-ask[data-busy="0"][data-asked="1"]')
    page.wait_for_selector(".jx-answer")


def read_download(page, press):
    with page.expect_download() as caught:
        press()
    return caught.value.suggested_filename, Path(caught.value.path()).read_bytes()


def test_overview_counts_and_charts_with_their_tables(page):
    open_tab(page, "概览")
    page.wait_for_selector("#jx-figures .jx-figures")
    figures = page.inner_text("#jx-figures")
    assert "项目" in figures
    assert page.locator(".jx-chart svg[role=img]").count() == 4  # no execution rates in the sample
    assert "没有可画的数据" in page.inner_text("#jx-chart-execution-rates")
    label = page.get_attribute("#jx-chart-budgets-by-year svg", "aria-label")
    assert "2021 年 120.05" in label
    page.click("#jx-data-budgets-by-year summary")
    assert page.locator("#jx-data-budgets-by-year tbody tr").count() == 2
    name, data = read_download(page, lambda: page.click("#jx-data-budgets-by-year a:has-text('下载表格')"))
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert name == "各年度预算与执行.csv"
    assert rows[1] == ["2021 年", "1", "1", "120.05", ""]


def test_bars_begin_at_zero_and_are_told_apart_without_colour(page):
    open_tab(page, "概览")
    bars = page.locator("#jx-chart-budgets-by-year svg rect[stroke-width='0.8']")
    widths = [float(bars.nth(i).get_attribute("width")) for i in range(bars.count())]
    assert widths[1] / widths[0] == pytest.approx(86_000 / 1_200_500, rel=0.02)
    assert {bars.nth(i).get_attribute("x") for i in range(bars.count())} == {"210"}


def test_row_of_a_chart_leads_to_its_page(page):
    open_tab(page, "概览")
    page.click("#jx-data-most-cited summary")
    page.click("#jx-data-most-cited tbody tr:has-text('城市道路管理条例')")
    page.wait_for_selector("#jx-page h2:has-text('城市道路管理条例')")
    assert "以它为依据的项目 2 个，其中 2 个有预算数，合计 128.65 万元" in page.inner_text("#jx-page")


def test_project_page_shows_everything_with_its_proof(page):
    open_tab(page, "详情")
    page.click("#jx-list tbody tr:has-text('道路养护')")
    page.wait_for_selector("#jx-page h2:has-text('道路养护')")
    text = page.inner_text("#jx-page")
    for part in (
        "项目当年预算",
        "120.05 万元（1,200,500 元）",
        "道路完好率",
        "≥95%",
        "甲府发〔2019〕7号",
        "甲区市政管理所",
    ):
        assert part in text
    page.click("#jx-page .jx-where >> nth=0")
    page.wait_for_selector("#jx-page .jx-proof mark")
    page.click("#jx-page .jx-where >> nth=0")
    page.wait_for_selector("#jx-page .jx-proof", state="detached")


def test_pages_of_policy_unit_and_indicator_name(page):
    open_tab(page, "详情")
    page.click("#jx-kind label:has-text('政策文件')")
    page.click("#jx-list tbody tr:has-text('城市道路管理条例')")
    page.wait_for_selector("#jx-page h2:has-text('城市道路管理条例')")
    assert "甲府法〔2019〕7号" in page.inner_text("#jx-page")
    assert "疑似笔误" in page.inner_text("#jx-page")
    page.click("#jx-kind label:has-text('单位')")
    page.click("#jx-list tbody tr:has-text('甲区市政管理所')")
    page.wait_for_selector("#jx-page h2:has-text('甲区市政管理所')")
    assert "项目（2 个）" in page.inner_text("#jx-page")
    page.click("#jx-kind label:has-text('绩效指标')")
    page.click("#jx-list tbody tr:has-text('道路完好率')")
    page.wait_for_selector("#jx-page h2:has-text('道路完好率')")
    assert "道路养护（2021 年）" in page.inner_text("#jx-page")


def test_page_links_and_graph_of_an_entity(page, served):
    page.goto(f"{served.url}/?id=project:trees")
    page.wait_for_selector('.jx-ask[data-ready="1"]')
    open_tab(page, "详情")
    page.wait_for_selector("#jx-page h2:has-text('绿化补种')")
    assert "绿化补种缺少项目总预算一格" in page.inner_text("#jx-page")
    page.click("#jx-page button:has-text('在图谱中查看')")
    page.wait_for_selector('#jx-large .jx-net[data-nodes="4"]')
    assert page.locator('button[role=tab][aria-selected="true"]').inner_text() == "图谱"


def test_evidence_leads_to_the_page_and_answer_to_the_graph(page):
    ask(page, "谁引用了它")
    page.click("#jx-evidence button:has-text('打开详情页')")
    page.wait_for_selector("#jx-page h2:has-text('道路养护')")
    assert "id=project" in page.url
    open_tab(page, "问答")
    page.click(".jx-answer button:has-text('在图谱中查看')")
    page.wait_for_selector("#jx-large .jx-net-note:has-text('谁引用了它')")


def test_files_report_doubts_and_removal_asks_twice(page):
    open_tab(page, "文件")
    page.click("#jx-sources tbody tr")
    page.wait_for_selector("#jx-report h3")
    report = page.inner_text("#jx-report")
    assert "绿化补种缺少项目总预算一格" in report
    assert "单元格缺失" in report
    page.click("#jx-report button:has-text('移出这份文件')")
    page.click("#jx-report button:has-text('再点一次')")
    page.wait_for_selector("#jx-report:has-text('已移出')")


def test_several_files_are_sent_and_each_is_answered(page, tmp_path):
    open_tab(page, "文件")
    for name in ("甲.txt", "乙.txt"):
        (tmp_path / name).write_text("内容", encoding="utf-8")
    page.set_input_files("#jx-upload input[type=file]", [tmp_path / "甲.txt", tmp_path / "乙.txt"])
    page.wait_for_selector("#jx-upload .jx-sent li:has-text('乙.txt：已收到')")
    assert page.locator('#jx-upload .jx-sent li[data-ok="1"]').count() == 2


def test_more_files_than_the_limit_of_a_minute_wait_their_turn(page, tmp_path):
    open_tab(page, "文件")
    files = [tmp_path / f"第{at:02}份.txt" for at in range(32)]
    for file in files:
        file.write_text("内容", encoding="utf-8")
    page.set_input_files("#jx-upload input[type=file]", files)
    page.wait_for_function("() => document.querySelectorAll('#jx-upload .jx-sent li').length === 32")
    page.wait_for_selector("#jx-upload .jx-sent li:has-text('稍等片刻再传')")
    page.wait_for_function("() => document.querySelectorAll('#jx-upload .jx-sent li[data-ok=\"1\"]').length === 32")
    lines = page.locator("#jx-upload .jx-sent li").all_inner_texts()
    assert lines == [f"{file.name}：已收到 {file.name}" for file in files]


def test_two_sessions_at_once_keep_their_own_state(visit, served):
    one, other = visit(served), visit(served)
    for page, question in ((one, "谁引用了它"), (other, "预算合计")):
        page.fill("#jx-question", question)
        page.press("#jx-question", "Enter")
    one.wait_for_selector("#jx-evidence h3:has-text('道路养护')")
    other.wait_for_selector(".jx-figure")
    assert one.locator(".jx-figure").count() == 0
    assert [parse_qs(urlsplit(page.url).query)["q"] for page in (one, other)] == [["谁引用了它"], ["预算合计"]]
    for page, question in ((other, "按条件找项目"), (one, "预算合计")):
        page.check(".jx-follow")
        page.fill("#jx-question", question)
        page.press("#jx-question", "Enter")
    other.wait_for_selector(".jx-conditions")
    one.wait_for_selector(".jx-figure")
    assert set(served.asker.asked[-2:]) == {("按条件找项目", "预算合计"), ("预算合计", "谁引用了它")}
    one.click("#jx-items tbody tr:nth-child(2)")
    one.wait_for_selector("#jx-evidence h3:has-text('绿化补种')")
    assert "道路养护" in other.inner_text("#jx-evidence h3")
    other.click(".jx-away >> nth=0")
    other.wait_for_selector(".jx-conditions button:has-text('恢复原来的条件')")
    assert one.locator(".jx-conditions").count() == 0
    assert "128.65 万元" in one.inner_text(".jx-figure")


def test_wrong_relation_is_reported_after_asking_twice(page):
    ask(page, "谁引用了它")
    page.wait_for_selector("#jx-evidence h3:has-text('道路养护')")  # of the answer: what comes later is of the relation
    page.evaluate(
        "() => { const net = document.querySelector('#jx-small .jx-net').jixiaoNet;"
        " net.select(net.cy.edges().first()); }"
    )
    page.wait_for_selector("#jx-evidence h3:has-text('— 引用 →')")
    page.click("#jx-evidence button:has-text('此处有误')")
    page.click("#jx-evidence button:has-text('再点一次')")
    page.wait_for_selector("#jx-evidence .jx-note:has-text('已记入更正文件')")


def test_read_only_service_offers_no_change(serve, visit, sample):
    page = visit(serve(sample.make_knowledge(), read_only=True))
    open_tab(page, "文件")
    assert page.locator("#jx-upload").count() == 0
    page.click("#jx-sources tbody tr")
    page.wait_for_selector("#jx-report h3")
    assert page.locator("#jx-report button:has-text('移出')").count() == 0
    open_tab(page, "图谱")
    page.wait_for_selector('#jx-large .jx-net[data-ready="1"]')
    page.evaluate(
        "() => { const net = document.querySelector('#jx-large .jx-net').jixiaoNet;"
        " net.select(net.cy.edges().first()); }"
    )
    page.wait_for_selector("#jx-large .jx-net-side mark")
    assert page.locator("#jx-large .jx-net-side button:has-text('此处有误')").count() == 0


def test_export_by_scope(page):
    ask(page, "预算合计")
    page.wait_for_selector(".jx-figure")
    open_tab(page, "导出")
    card = "#jx-export .jx-formats > div:has(h4:text-is('JSON Lines')) button"
    name, everything = read_download(page, lambda: page.click(card))
    page.check("#jx-export input[value=answer]")
    _, part = read_download(page, lambda: page.click(card))
    nodes = [sum(json.loads(line)["kind"] == "node" for line in data.splitlines()) for data in (everything, part)]
    assert name == "绩效图谱.jsonl"
    assert nodes == [7, 5]
    page.check("#jx-export input[value=entity]")
    page.click(card)
    page.wait_for_selector(".jx-toast:has-text('请先在“详情”页打开一项')")


def test_answer_table_as_csv(page):
    ask(page, "预算合计")
    page.wait_for_selector(".jx-figure")
    name, data = read_download(page, lambda: page.click("#jx-items a:has-text('下载表格')"))
    assert name == "查询结果.csv"
    assert "128.65" in data.decode("utf-8-sig")


@pytest.mark.parametrize("cut", [True, False], ids=["prefix-cut-off", "prefix-kept"])
def test_page_works_under_a_sub_path(serve, visit, cut):
    """Behind a proxy: every address of the page is relative."""

    def behind(app):
        async def front(scope, receive, send):
            if scope["type"] == "http":
                assert scope["path"].startswith("/kg/")
                scope = dict(scope, path=scope["path"][3:], raw_path=scope["raw_path"][3:]) if cut else scope
            await app(scope, receive, send)

        return front

    served = serve(root_path="/kg", front=behind)
    page = visit(served, "/kg/")
    ask(page, "预算合计")
    page.wait_for_selector(".jx-figure")
    page.wait_for_selector('#jx-small .jx-net[data-ready="1"]')
    assert "128.65" in read_download(page, lambda: page.click("#jx-items a:has-text('下载表格')"))[1].decode()


def test_login_stands_before_everything(serve, chromium):
    served = serve(username="张三", password="道路-7")
    context = chromium.new_context()
    page = context.new_page()
    page.goto(served.url)
    page.fill("input[name=username]", "张三")
    page.fill("input[name=password]", "不对")
    page.click("button[type=submit]")
    page.wait_for_selector("p:has-text('用户名或密码不对')")
    page.fill("input[name=username]", "张三")
    page.fill("input[name=password]", "道路-7")
    page.click("button[type=submit]")
    page.wait_for_selector('.jx-ask[data-ready="1"]')
    ask(page, "预算合计")
    page.wait_for_selector(".jx-figure")
    context.close()
