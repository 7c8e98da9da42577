"""60 hostile strings as file name, title, project, label, unit, indicator, question and answer: none is executed."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from urllib.parse import quote

import pytest

from graph.model import EdgeType, EntityType, Source
from search.model import Answer, Item, Option, Status

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

ALARM = "window.__xss=(window.__xss||0)+1"
HOSTILE = (
    f"<script>{ALARM}</script>",
    f'<img src=x onerror="{ALARM}">',
    f'<svg onload="{ALARM}">',
    f"<svg/onload={ALARM}//",
    f'"><script>{ALARM}</script>',
    f"'><img src=x onerror={ALARM}>",
    f"</script><script>{ALARM}</script>",
    f"</textarea><script>{ALARM}</script>",
    f"</title><script>{ALARM}</script>",
    f"</style><script>{ALARM}</script>",
    f"--><script>{ALARM}</script>",
    f"]]><script>{ALARM}</script>",
    f'<iframe src="javascript:parent.{ALARM}"></iframe>',
    f'<iframe srcdoc="<script>parent.{ALARM}</script>"></iframe>',
    f'<a href="javascript:{ALARM}">点我</a>',
    f"[点我](javascript:{ALARM})",
    f"<details open ontoggle={ALARM}>",
    f"<body onload={ALARM}>",
    f"<input autofocus onfocus={ALARM}>",
    f'<video><source onerror="{ALARM}"></video>',
    f"<audio src=x onerror={ALARM}>",
    f'<object data="javascript:{ALARM}"></object>',
    f'<embed src="javascript:{ALARM}">',
    f"<math><mtext><table><mglyph><style><img src=x onerror={ALARM}>",
    f'<noscript><p title="</noscript><img src=x onerror={ALARM}>">',
    f'<p onmouseover={ALARM} style="position:fixed;inset:0">段</p>',
    f"<td onclick={ALARM}>格</td>",
    f"<b/onpointerenter={ALARM}>粗</b>",
    "${" + ALARM + "}",
    "${(()=>{" + ALARM + "})()}",
    "`;" + ALARM + ";`",
    "\\`${" + ALARM + "}",
    "{{" + ALARM + "}}",
    '{{#with this}}{{constructor.constructor "' + ALARM + '"}}{{/with}}',
    "{{{this}}}",
    "<%= " + ALARM + " %>",
    "#{" + ALARM + "}",
    "javascript:" + ALARM,
    "data:text/html,<script>" + ALARM + "</script>",
    "\u2028" + ALARM + "\u2029",
    "\\u003cscript\\u003e" + ALARM + "\\u003c/script\\u003e",
    "&lt;script&gt;" + ALARM + "&lt;/script&gt;",
    "&#60;img src=x onerror=" + ALARM + "&#62;",
    "＜script＞" + ALARM + "＜/script＞",
    "<ſcript>" + ALARM + "</ſcript>",
    "<scr\x00ipt>" + ALARM + "</scr\x00ipt>",
    "\u202e>tpircs/<" + ALARM,
    "<img src=http://evil.example/x.png>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    '<meta http-equiv=refresh content="0;url=http://evil.example">',
    "<base href=http://evil.example/>",
    "<form action=http://evil.example><button>提交</button></form>",
    '=HYPERLINK("http://evil.example","点我")',
    "=cmd|' /C calc'!A0",
    "+SUM(1,1)",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "__proto__",
    "constructor",
    "'; DROP TABLE 项目; --",
    "%3Cscript%3E" + ALARM + "%3C/script%3E",
)

FORMULA = re.compile(r"[=+@\t\r＝＋＠]|-(?!\d+(?:\.\d+)?$)")


@pytest.fixture(scope="module")
def knowledge(sample):
    """Every hostile string as text, file, project, policy document, unit, indicator, printed form and warning."""
    text = "\n".join(f"{i}\t{bad}\t尾" for i, bad in enumerate(HOSTILE))
    entities, edges, at = [], [], 0
    file = HOSTILE[0] + ".txt"
    paper = sample.make_entity(EntityType.SOURCE, "paper", file, file=file, media_type="text/plain", sha256="0" * 64)
    for i, bad in enumerate(HOSTILE):
        at = text.index(f"{i}\t{bad}", at) + len(f"{i}\t")
        where = Source(document=file, start=at, end=at + len(bad), quote=bad, cell=bad)
        project = sample.make_entity(
            EntityType.PROJECT,
            f"p{i}",
            bad,
            where,
            name=bad,
            year=2020,
            budget_year=str(i * 10_000),
            category=bad,
            basis=bad,
        )
        rule = sample.make_entity(EntityType.POLICY, f"r{i}", bad, where, title=bad, number=bad, aliases=(bad,))
        unit = sample.make_entity(EntityType.UNIT, f"u{i}", bad, where, name=bad)
        row = sample.make_entity(EntityType.INDICATOR, f"i{i}", bad, where, level3=bad, target_text=bad)
        entities += [project, rule, unit, row]
        edges += [
            sample.make_edge(EdgeType.CITES, project, rule, where, surface=bad, section=bad, suspected_typo=True),
            sample.make_edge(EdgeType.DECLARES, unit, project, where),
            sample.make_edge(EdgeType.HAS_INDICATOR, project, row, where),
            sample.make_edge(EdgeType.DESCRIBED_IN, project, paper, where),
        ]

    class Echo:
        def ask(self, question, *, previous=None):
            items = tuple(
                Item(
                    id=e.id,
                    type="Project",
                    label=e.label,
                    name=e.label,
                    year=2020,
                    number=e.label,
                    unit=e.label,
                    value=e.label,
                    properties={e.label: e.label},
                    sources=e.sources,
                )
                for e in entities
                if e.type is EntityType.PROJECT
            )
            return Answer(
                question=question,
                status=Status.AMBIGUOUS,
                interpretation=question,
                text=question,
                items=items,
                total=len(items),
                caveats=HOSTILE,
                options=tuple(Option(label=bad, question=bad) for bad in HOSTILE),
                plan={bad: bad for bad in HOSTILE},
            )

    from ui.service import Doubt

    doubts = tuple(
        Doubt(document=file, code="lost_cell", message=bad, sources=(e.sources[0],))
        for bad, e in zip(HOSTILE, entities, strict=False)
    )
    return sample.make_knowledge((paper, *entities), tuple(edges), asker=Echo(), doubts=doubts, documents={file: text})


@pytest.fixture(scope="module")
def served(serve, knowledge):
    return serve(knowledge)


@pytest.fixture
def page(visit, served):
    page = visit(served)
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield page
    page.mouse.move(400, 400)
    page.wait_for_timeout(300)
    assert page.evaluate("() => window.__xss === undefined")
    assert (
        page.evaluate("() => document.querySelectorAll('iframe, object, embed, form:not(.jx-ask), base + base').length")
        == 0
    )
    assert dialogs == []


def open_tab(page, name):
    page.click(f'button[role=tab]:text-is("{name}")')
    page.wait_for_timeout(500)


def test_question_answer_table_evidence_and_options(page):
    for bad in HOSTILE[::6]:
        page.fill("#jx-question", bad.replace("\n", " "))
        page.press("#jx-question", "Enter")
        page.wait_for_selector('.jx-ask[data-busy="0"][data-asked="1"]')
        page.wait_for_selector("#jx-items tbody tr")
    rows = page.locator("#jx-items tbody tr")
    assert rows.count() == len(HOSTILE)
    for at in range(0, len(HOSTILE), 7):
        rows.nth(at).click()
        page.wait_for_timeout(150)
    page.click(".jx-recent-box summary")
    assert HOSTILE[1] in page.inner_text("#jx-items")


def test_question_in_a_link(page, served):
    for bad in (HOSTILE[0], HOSTILE[4], HOSTILE[28]):
        page.goto(f"{served.url}/?q={quote(bad)}&id={quote(bad)}&indicator={quote(bad)}")
        page.wait_for_selector("#jx-items tbody tr")


def test_graph_side_panel_search_and_tables(page):
    open_tab(page, "图谱")
    page.wait_for_selector('#jx-large .jx-net[data-ready="1"]')
    page.click("#jx-large button:text-is('全图')")
    page.wait_for_function(
        f"() => Number(document.querySelector('#jx-large .jx-net').dataset.nodes) === {3 * len(HOSTILE)}"
    )
    page.click("#jx-large .jx-net-list summary")
    for key in ("project:p0", "policydocument:r1", "unit:u28", "project:p33"):
        page.evaluate("k => document.querySelector('#jx-large .jx-net').jixiaoNet.locate(k)", key)
        page.wait_for_timeout(400)
    page.evaluate(
        "() => { const net = document.querySelector('#jx-large .jx-net').jixiaoNet;"
        " net.select(net.cy.edges().first()); }"
    )
    page.fill("#jx-large .jx-net-search input", "script")
    page.wait_for_selector("#jx-large .jx-net-found button")


def test_overview_pages_files_and_exports(page):
    open_tab(page, "概览")
    page.click("#jx-data-most-cited summary")
    open_tab(page, "详情")
    for kind in ("项目", "政策文件", "单位", "绩效指标"):
        page.click(f"#jx-kind label:has-text('{kind}')")
        page.wait_for_selector(f"#jx-list caption:has-text('全部{kind}')", state="attached")
        for at in (0, 17, 40):
            page.locator("#jx-list tbody tr").nth(at).click()
            page.wait_for_timeout(250)
            if page.locator("#jx-page .jx-where").count():
                page.locator("#jx-page .jx-where").first.click()
                page.wait_for_selector("#jx-page .jx-proof article")
    open_tab(page, "文件")
    page.click("#jx-sources tbody tr")
    page.wait_for_selector("#jx-report .jx-note")
    open_tab(page, "导出")


def test_upload_with_a_hostile_name(page, tmp_path):
    open_tab(page, "文件")
    names = [bad.replace("/", "").replace("\x00", "")[:80] + ".txt" for bad in HOSTILE[:5]]
    files = []
    for name in names:
        (tmp_path / name).write_text("x", encoding="utf-8")
        files.append(tmp_path / name)
    page.set_input_files("#jx-upload input[type=file]", files)
    page.wait_for_function("() => document.querySelectorAll('#jx-upload .jx-sent li[data-ok]').length === 5")


def test_exported_page_and_svg_execute_nothing(page, chromium, tmp_path):
    open_tab(page, "图谱")
    page.wait_for_selector('#jx-large .jx-net[data-ready="1"]')
    page.click("#jx-large button:text-is('全图')")
    page.wait_for_function("() => Number(document.querySelector('#jx-large .jx-net').dataset.nodes) > 100")
    context = chromium.new_context()
    alone = context.new_page()
    asked = []
    alone.on("request", lambda r: asked.append(r.url))
    for name in ("矢量图（SVG）", "网页（可离线打开）"):
        page.click("#jx-large summary:has-text('导出')")
        with page.expect_download() as caught:
            page.click(f"#jx-large .jx-menu button:text-is('{name}')")
        file = tmp_path / caught.value.suggested_filename
        caught.value.save_as(file)
        asked.clear()
        alone.goto(file.as_uri())
        alone.wait_for_timeout(800)
        assert alone.evaluate("() => window.__xss === undefined")
        assert asked == [file.as_uri()]
    assert alone.get_attribute("body", "data-nodes") == str(3 * len(HOSTILE))
    alone.fill("#find", "script")
    alone.wait_for_selector("#side h2")
    assert alone.evaluate("() => window.__xss === undefined")
    context.close()


def cells_of(data):
    return [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in row]


def test_downloads_hold_no_formula(page, served):
    request = page.context.request
    tables = [request.get(f"{served.url}/kgdata/answer.csv?q={quote(bad)}").body() for bad in HOSTILE[52:58]]
    tables += [request.get(f"{served.url}/kgdata/overview/{n}.csv").body() for n in ("most-cited", "budgets-by-unit")]
    with zipfile.ZipFile(io.BytesIO(request.get(f"{served.url}/kgdata/export/csv").body())) as archive:
        tables += [archive.read(name) for name in archive.namelist() if name.endswith(".csv")]
    for data in tables:
        assert [cell for cell in cells_of(data) if FORMULA.match(cell)] == []
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(request.get(f"{served.url}/kgdata/export/xlsx").body()))
    assert [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"] == []


def test_word_report_holds_every_string_as_text(page, served):
    """Opened again by python-docx: words stay words, no field, no link, no picture comes of them."""
    from docx import Document

    for bad in HOSTILE[::9]:
        data = page.context.request.get(f"{served.url}/kgdata/export/docx?q={quote(bad)}").body()
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            body = packed.read("word/document.xml").decode()
            links = "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".rels"))
        assert "evil.example" not in links
        assert not re.search(r"<w:(?:fldSimple|instrText|hyperlink|object|drawing)\b", body)
        book = Document(io.BytesIO(data))
        cells = "".join(cell.text for table in book.tables for row in table.rows for cell in row.cells)
        assert HOSTILE[1] in cells
        assert '=HYPERLINK("http://evil.example","点我")' in cells


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_graph_files_are_well_formed_and_hold_every_string(page, served, form):
    from lxml import etree

    data = page.context.request.get(f"{served.url}/kgdata/export/{form}").body()
    tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    texts = {value for node in tree.iter() for value in (*node.attrib.values(), node.text or "")}
    legal = {re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", bad) for bad in HOSTILE}
    assert {bad.strip() for bad in legal} <= {text.strip() for text in texts}
    assert not tree.xpath("//*[local-name()='script' or local-name()='img' or local-name()='iframe']")


def test_every_refusal_is_plain_text(page, served):
    for path in ("kgdata/export/", "kgdata/overview/", "assets/", ""):
        got = page.context.request.get(f"{served.url}/{path}{quote(HOSTILE[0], safe='')}")
        assert "<script" not in got.text()
        assert "text/html" not in got.headers.get("content-type", "")


def test_json_lines_keep_every_string_as_it_is(page, served):
    lines = page.context.request.get(f"{served.url}/kgdata/export/jsonl").text().rstrip("\n").split("\n")
    labels = {json.loads(line).get("label") for line in lines}
    assert set(HOSTILE) <= labels


def test_there_are_sixty_strings():
    assert len(set(HOSTILE)) >= 60
