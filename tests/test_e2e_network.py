"""The tab 图谱 in a real Chromium: expand, collapse, pin, hide, filter, find, path, evidence, exports, keys, table."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from graph.model import EdgeType, EntityType

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

NET = "document.querySelector('#jx-large .jx-net').jixiaoNet"


# Names and bodies on the canvas: how many overlap, how many names there are, how large, and how many leave the window.
READ_LABELS = f"""async () => {{
    {NET}.labels.now();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); // drawn once, so measured
    const cy = {NET}.cy, shown = cy.nodes().filter((n) => n.data("said"));
    const off = (without) => ({{ [without]: false, includeOverlays: false }});
    const box = (n, without) => ({{ id: n.id(), ...n.renderedBoundingBox(off(without)) }});
    const labels = shown.map((n) => box(n, "includeNodes")), bodies = cy.nodes().map((n) => box(n, "includeLabels"));
    const meet = (a, b) => a.id !== b.id && a.x1 < b.x2 - 2 && b.x1 < a.x2 - 2 && a.y1 < b.y2 - 2 && b.y1 < a.y2 - 2;
    const count = (others) => labels.reduce((sum, a) => sum + others.filter((b) => meet(a, b)).length, 0);
    return {{ labels: labels.length, overlapping_labels: count(labels), overlapping: count(labels) + count(bodies),
        cut: labels.filter((a) => a.x1 < -2 || a.y1 < -2 || a.x2 > cy.width() + 2 || a.y2 > cy.height() + 2).length,
        pixels: Math.min(...shown.map((n) => n.data("size") * cy.zoom())) }};
}}"""


@pytest.fixture(scope="module")
def served(serve):
    return serve()


@pytest.fixture
def page(visit, served):
    page = visit(served)
    open_tab(page)
    return page


def open_tab(page):
    page.click('button[role=tab]:text-is("图谱")')
    page.wait_for_selector('#jx-large .jx-net[data-ready="1"]')
    page.wait_for_function(f"() => {NET}.cy.width() > 300")


def count(page, what="shown"):
    return int(page.get_attribute("#jx-large .jx-net", f"data-{what}"))


def spot(page, selector):
    """Where the first node or edge that matches stands on the screen."""
    return page.evaluate(
        f"""s => {{ const net = {NET}; net.cy.stop(); const x = net.cy.$(s).filter(window.jixiao.isShown).first();
        const box = document.querySelector('#jx-large .jx-net-canvas').getBoundingClientRect();
        const p = x.isNode() ? x.renderedPosition() : x.renderedMidpoint(); return [box.x + p.x, box.y + p.y]; }}""",
        selector,
    )


def click(page, selector):
    page.evaluate(f"() => {NET}.fit(false)")
    page.wait_for_timeout(100)
    page.mouse.click(*spot(page, selector))


def act(page, name):
    page.click(f"#jx-large .jx-net-acts button:text-is('{name}')")


def test_first_picture_shows_the_best_connected_document(page):
    assert count(page) == 3
    assert page.inner_text("#jx-large .jx-net-status") == "显示 3 / 共 7 个节点，2 条关系"


def test_click_expands_and_collapse_folds_in_again(page):
    click(page, "#project\\:road")
    page.wait_for_function("() => Number(document.querySelector('#jx-large .jx-net').dataset.shown) === 7")
    page.wait_for_selector("#jx-large .jx-net-side h3:has-text('道路养护')")
    assert "120.05 万元" in page.inner_text("#jx-large .jx-net-side")
    act(page, "收起")
    assert count(page) == 3


def test_pinned_nodes_stay_and_hidden_nodes_come_back(page):
    click(page, "#project\\:road")
    page.wait_for_selector("#jx-large .jx-net-acts button:text-is('固定')")
    act(page, "固定")
    assert page.evaluate(f"() => {NET}.cy.getElementById('project:road').locked()")
    act(page, "隐藏")
    assert not page.evaluate(f"() => window.jixiao.isShown({NET}.cy.getElementById('project:road'))")
    page.click("#jx-large button:text-is('全部显示')")
    assert page.evaluate(f"() => window.jixiao.isShown({NET}.cy.getElementById('project:road'))")


def test_edge_shows_its_evidence(page):
    click(page, 'edge[source="project:trees"]')
    page.wait_for_selector("#jx-large .jx-net-side mark")
    assert page.inner_text("#jx-large .jx-net-side mark") == "甲府法〔2019〕7号"
    assert "疑似笔误" in page.inner_text("#jx-large .jx-net-side")


def test_legend_year_and_relation_filter(page):
    click(page, "#project\\:road")
    page.wait_for_function("() => Number(document.querySelector('#jx-large .jx-net').dataset.shown) === 7")
    page.click("#jx-large .jx-net-legend button:has-text('绩效指标')")
    assert count(page) == 6
    page.click("#jx-large .jx-net-legend button:has-text('绩效指标')")
    page.click("#jx-large summary:has-text('筛选')")
    page.click("#jx-large .jx-checks label:has-text('2022 年')")
    assert count(page) == 6
    page.click("#jx-large .jx-checks label:has-text('申报')")
    assert not page.evaluate(f"() => window.jixiao.isShown({NET}.cy.getElementById('unit:office'))")
    page.keyboard.press("Escape")
    page.click("#jx-large button:text-is('全部显示')")
    assert count(page) == 7


def test_find_locates_what_is_shown_and_opens_what_is_not(page):
    page.fill("#jx-large .jx-net-search input", "甲府发[2019]7")
    page.click("#jx-large .jx-net-found button:has-text('城市道路管理条例')")
    page.wait_for_selector("#jx-large .jx-net-side h3:has-text('城市道路管理条例')")
    page.fill("#jx-large .jx-net-search input", "完好率")
    page.click("#jx-large .jx-net-found button:has-text('道路完好率')")
    page.wait_for_function(f"() => {NET}.cy.getElementById('indicator:whole').length === 1")
    assert count(page) == 2
    page.fill("#jx-large .jx-net-search input", "没有这个名字")
    page.wait_for_selector("#jx-large .jx-net-found:has-text('没有找到')")


def test_shortest_path_between_two_chosen_nodes(page):
    click(page, "#project\\:trees")
    page.wait_for_selector("#jx-large .jx-net-acts")
    act(page, "路径起点")
    page.fill("#jx-large .jx-net-search input", "养护定额")
    page.wait_for_selector("#jx-large .jx-net-found button")
    page.evaluate(f"async () => {{ await {NET}.expand('project:road'); }}")
    page.click("#jx-large .jx-net-found button:has-text('养护定额')")
    page.wait_for_selector("#jx-large .jx-net-side h3:has-text('养护定额')")
    act(page, "路径终点")
    page.wait_for_selector("#jx-large .jx-net-note:has-text('最短路径')")
    note = page.inner_text("#jx-large .jx-net-note")
    assert note.startswith("最短路径（3 步）：绿化补种")
    assert "—引用→ 养护定额" in note
    assert page.evaluate(f"() => {NET}.cy.$('node.path').length") == 4


def test_keyboard_walks_expands_and_hides(page):
    page.focus("#jx-large .jx-net-canvas")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => {NET}.cy.$('node:selected').length === 1")
    before = count(page)
    page.keyboard.press("Delete")
    assert count(page) == before - 1
    for key in ("+", "-", "0"):
        page.keyboard.press(key)


def test_the_same_content_stands_in_tables(page):
    page.click("#jx-large .jx-net-list summary")
    rows = page.locator("#jx-large .jx-net-tables .jx-table").nth(0).locator("tbody tr")
    rows.nth(2).wait_for()
    assert rows.count() == 3
    edges = page.locator("#jx-large .jx-net-tables .jx-table").nth(1)
    edges.locator("tbody tr", has_text="疑似笔误").first.click()
    page.wait_for_selector("#jx-large .jx-net-side mark")


@pytest.mark.parametrize(
    ("name", "suffix"), [("图片（PNG）", ".png"), ("矢量图（SVG）", ".svg"), ("网页（可离线打开）", ".html")]
)
def test_exports(page, chromium, tmp_path, name, suffix):
    page.click("#jx-large summary:has-text('导出')")
    with page.expect_download() as caught:
        page.click(f"#jx-large .jx-menu button:text-is('{name}')")
    file = Path(tmp_path / caught.value.suggested_filename)
    caught.value.save_as(file)
    assert file.name.startswith("绩效图谱-")
    assert file.suffix == suffix
    data = file.read_bytes()
    if suffix == ".png":
        assert data.startswith(b"\x89PNG")
    if suffix == ".svg":
        from lxml import etree

        svg = etree.fromstring(data)
        texts = "".join(svg.itertext())
        assert "城市道路管理条例" in texts
        assert len(svg.findall(".//{http://www.w3.org/2000/svg}line")) == 2
    if suffix == ".html":
        context = chromium.new_context(offline=True)
        alone = context.new_page()
        asked = []
        alone.on("request", lambda r: asked.append(r.url))
        alone.goto(file.as_uri())
        alone.wait_for_selector('body[data-nodes="3"]')
        alone.fill("#find", "绿化")
        alone.wait_for_selector("#side h2:has-text('绿化补种')")
        assert asked == [file.as_uri()]
        context.close()


def test_two_thousand_nodes_come_quickly_and_the_rest_is_named(serve, visit, sample):
    """First picture under 3 s and panning usable, without a GPU; what is beyond the cap is said."""
    office = sample.office
    projects = [
        sample.make_entity(EntityType.PROJECT, f"p{i}", f"第{i}号项目", name=f"第{i}号项目", year=2020 + i % 4)
        for i in range(1600)
    ]
    rules = [sample.make_entity(EntityType.POLICY, f"r{i}", f"第{i}号规定", title=f"第{i}号规定") for i in range(600)]
    edges = [
        sample.make_edge(EdgeType.CITES, p, rules[(i * 7 + k * 13) % 600])
        for i, p in enumerate(projects)
        for k in range(2)
    ]
    edges += [sample.make_edge(EdgeType.DECLARES, office, p) for p in projects[:300]]
    page = visit(serve(sample.make_knowledge((office, *projects, *rules), tuple(edges), doubts=())))
    open_tab(page)
    started = time.monotonic()
    page.click("#jx-large button:text-is('全图')")
    page.wait_for_selector('#jx-large .jx-net[data-nodes="2000"]')
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    took = time.monotonic() - started
    assert "只画出关系最多的 2,000 个，另有 201 个没有画" in page.inner_text("#jx-large .jx-net-note")
    assert "GEXF" in page.inner_text("#jx-large .jx-net-note")
    page.evaluate(
        """() => { window.frames_drawn = 0;
        const step = () => { window.frames_drawn += 1; requestAnimationFrame(step); };
        requestAnimationFrame(step); }"""
    )
    box = page.locator("#jx-large .jx-net-canvas").bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    before, started = page.evaluate("() => window.frames_drawn"), time.monotonic()
    for at in range(40):
        page.mouse.move(box["x"] + 8 + 5 * at, box["y"] + 8 + 3 * at)
    page.mouse.up()
    frames = (page.evaluate("() => window.frames_drawn") - before) / (time.monotonic() - started)
    print(f"\n2,000 nodes: first picture {took:.1f} s, {frames:.0f} frames a second while panning")
    assert took < 15  # 2 s measured; a shared machine is no place for a tight bound
    assert frames > 5


def test_labels_of_sixty_nodes_do_not_overlap(serve, visit, sample):
    rule = sample.make_entity(
        EntityType.POLICY, "centre", "关于进一步加强道路交通安全设施养护管理工作的通知", title="养护管理通知"
    )
    projects = [
        sample.make_entity(
            EntityType.PROJECT,
            f"p{i}",
            f"道路交通安全设施养护与维修更新改造工程第{i:02}标段工作专项经费项目",
            year=2021,
        )
        for i in range(59)
    ]
    edges = tuple(sample.make_edge(EdgeType.CITES, project, rule) for project in projects)
    page = visit(serve(sample.make_knowledge((rule, *projects), edges, doubts=())))
    open_tab(page)
    page.wait_for_selector('#jx-large .jx-net[data-nodes="60"]')
    seen = page.evaluate(READ_LABELS)
    print(f"\n60 nodes: {seen['labels']} names of {seen['pixels']:.1f} pixels, cut at the edge: {seen['cut']}")
    assert seen["overlapping"] == 0
    assert seen["cut"] == 0
    assert seen["labels"] >= 50
    assert seen["pixels"] >= 11


def test_names_can_be_read_at_every_zoom_and_each_stands_under_the_pointer(serve, visit, sample):
    """200 nodes: the best connected are named at once, the others when one comes nearer or points at them."""
    rules = [sample.make_entity(EntityType.POLICY, f"r{i}", f"第{i}号办法") for i in range(10)]
    projects = [
        sample.make_entity(EntityType.PROJECT, f"p{i}", f"道路养护与维修第{i:03}标段", year=2021) for i in range(190)
    ]
    edges = tuple(sample.make_edge(EdgeType.CITES, p, rules[i * i % 10]) for i, p in enumerate(projects))
    page = visit(serve(sample.make_knowledge((*rules, *projects), edges, doubts=())))
    open_tab(page)
    page.click("#jx-large button:text-is('全图')")
    page.wait_for_selector('#jx-large .jx-net[data-nodes="200"]')
    far = page.evaluate(READ_LABELS)
    assert far["overlapping_labels"] == 0
    assert far["pixels"] >= 11
    named = page.evaluate(f"() => {NET}.cy.nodes('[kind=\"PolicyDocument\"][?said]').length")
    assert named >= 5
    silent = page.evaluate(f"() => {NET}.cy.nodes('[kind=\"Project\"]').filter((n) => !n.data('said')).first().id()")
    page.mouse.move(*spot(page, f"#{silent}".replace(":", "\\:")))
    page.wait_for_function(f"id => Boolean({NET}.cy.getElementById(id).data('said'))", arg=silent)
    page.evaluate(
        f"() => {NET}.cy.zoom({{ level: 1, position: {NET}.cy.nodes('[kind=\"Project\"]').first().position() }})"
    )
    near = page.evaluate(READ_LABELS)
    assert near["overlapping_labels"] == 0
    assert near["pixels"] == pytest.approx(12, abs=0.1)
