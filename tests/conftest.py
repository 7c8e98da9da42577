"""Fixtures of the interface's tests: an invented graph, a stand-in that answers, the page served, a real Chromium."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings

from graph.kg import KnowledgeGraph
from graph.model import Edge, EdgeId, EdgeType, Entity, EntityId, EntityType, Source, Value
from graph.store import EmbeddedStore
from search.engine import SearchEngine
from search.errors import QuestionRejected
from search.model import Answer, Item, Option, Status
from ui.knowledge import GraphKnowledge
from ui.offline import go_offline
from ui.service import BuildStage, BuildState, Doubt, Knowledge, SnapshotInfo, Workspace

go_offline()  # some tests import gradio before the server would
settings.register_profile("steady", deadline=None)  # a busy machine is not a failure
settings.load_profile("steady")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OWN = re.compile(r"http://127\.0\.0\.1:\d+/|data:|blob:|file:///")  # what a browser may ask for in a test
FILE = "甲区绩效目标表.txt"
TEXT = """项目支出绩效目标表
（2021年度）
项目名称：\t道路养护\t项目类别：\t经常性项目
项目当年预算（元）：\t1,200,500.00\t项目总预算（元）：\t1,200,500.00
立项依据：\t根据《城市道路管理条例》（甲府发〔2019〕7号）和《养护定额》的规定，确保道路完好。
项目名称：\t绿化补种\t项目类别：\t一次性项目
项目当年预算（元）：\t86,000.00
立项依据：\t<p>根据甲府法〔2019〕7号的要求补种行道树。</p>
道路完好率\t≥95%
"""


def place(quote: str, *, nth: int = 0, text: str = TEXT, file: str = FILE) -> Source:
    """Where `quote` stands for the nth time."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(quote, start + 1)
    return Source(document=file, start=start, end=start + len(quote), quote=quote)


def make_entity(kind: EntityType, key: str, label: str, *sources: Source, **properties: Value) -> Entity:
    """An entity; each property is proven by the first source."""
    return Entity(
        id=EntityId(f"{kind.value.lower()}:{key}"),
        type=kind,
        label=label,
        properties=properties,
        sources=sources,
        evidence=dict.fromkeys(properties, sources[:1]),
    )


def make_edge(kind: EdgeType, source: Entity, target: Entity, *sources: Source, **properties: Value) -> Edge:
    return Edge(
        id=EdgeId(f"edge:{kind.value}:{source.id}:{target.id}"),
        type=kind,
        source=source.id,
        target=target.id,
        properties=properties,
        sources=sources,
    )


ROAD = make_entity(
    EntityType.PROJECT, "road", "道路养护", place("道路养护"), name="道路养护", year=2021, budget_year="1200500"
)
TREES = make_entity(
    EntityType.PROJECT, "trees", "绿化补种", place("绿化补种"), name="绿化补种", year=2022, budget_year="86000"
)
RULE = make_entity(
    EntityType.POLICY,
    "rule",
    "城市道路管理条例",
    place("《城市道路管理条例》（甲府发〔2019〕7号）"),
    title="城市道路管理条例",
    number="甲府发〔2019〕7号",
)
QUOTA = make_entity(EntityType.POLICY, "quota", "养护定额", place("《养护定额》"), title="养护定额")
OFFICE = make_entity(EntityType.UNIT, "office", "甲区市政管理所", name="甲区市政管理所")
WHOLE = make_entity(
    EntityType.INDICATOR,
    "whole",
    "道路完好率",
    place("道路完好率\t≥95%"),
    level3="道路完好率",
    target_text="≥95%",
    target_value="95",
)
PAPER = make_entity(EntityType.SOURCE, "paper", FILE, file=FILE, media_type="text/plain", sha256="ab" * 32, year=2021)
EDGES = (
    make_edge(EdgeType.CITES, ROAD, RULE, place("《城市道路管理条例》（甲府发〔2019〕7号）"), section=("basis",)),
    make_edge(EdgeType.CITES, ROAD, QUOTA, place("《养护定额》"), section=("basis",)),
    make_edge(
        EdgeType.CITES,
        TREES,
        RULE,
        place("甲府法〔2019〕7号"),
        section=("basis",),
        surface=("甲府法〔2019〕7号",),
        suspected_typo=True,
        typo_note="原文印作“甲府法〔2019〕7号”，疑为“甲府发〔2019〕7号”之误",
    ),
    make_edge(EdgeType.DECLARES, OFFICE, ROAD, place("道路养护")),
    make_edge(EdgeType.DECLARES, OFFICE, TREES, place("绿化补种")),
    make_edge(EdgeType.HAS_INDICATOR, ROAD, WHOLE, place("道路完好率\t≥95%")),
    make_edge(EdgeType.DESCRIBED_IN, ROAD, PAPER, place("道路养护")),
    make_edge(EdgeType.DESCRIBED_IN, TREES, PAPER, place("绿化补种")),
)
FILTERED = {
    "steps": [
        {"do": "select", "kind": "Project"},
        {
            "do": "keep",
            "condition": {
                "is": "and",
                "parts": [
                    {"is": "compare", "column": "project.year", "op": "eq", "value": "2021"},
                    {"is": "compare", "column": "project.budget_year", "op": "gt", "value": "1000000"},
                    {"is": "has", "relation": "cites", "ids": [RULE.id]},
                ],
            },
        },
        {"do": "show"},
    ]
}
DOUBT = Doubt(document=FILE, code="lost_cell", message="绿化补种缺少项目总预算一格", sources=(place("绿化补种"),))


@dataclass
class StandInAsker:
    """Answers by a word in the question, plans by the real engine; remembers what it was asked."""

    asked: list[tuple[str, str | None]] = field(default_factory=list)
    plans: list[object] = field(default_factory=list)

    def ask(self, question: str, *, previous: Answer | None = None) -> Answer:
        self.asked.append((question, previous.question if previous else None))
        if not question.strip() or len(question) > 500:
            raise QuestionRejected("问题太长", "请缩短到 500 字以内")
        if "坏" in question:
            raise ZeroDivisionError("a bug of ours")
        if "诗" in question:
            return Answer(
                question=question,
                status=Status.UNANSWERABLE,
                interpretation="超出图谱的范围",
                text="图谱只知道绩效文件里的内容。",
            )
        if "哪个" in question:
            return Answer(
                question=question,
                status=Status.AMBIGUOUS,
                interpretation="有两种理解",
                text="请选择：",
                options=(
                    Option(label="城市道路管理条例", question="谁引用了条例"),
                    Option(label="预算合计", question="预算合计"),
                ),
            )
        if "条件" in question:
            return replace(self.ask_plan(FILTERED, question=question), caveats=())
        if "预算" in question:
            return total_answer(question)
        return citing_answer(question)

    def ask_plan(self, plan: object, *, question: str) -> Answer:
        self.plans.append(plan)
        kg = KnowledgeGraph((ROAD, TREES, RULE, QUOTA, OFFICE, WHOLE, PAPER), EDGES)
        return SearchEngine(EmbeddedStore(kg)).ask_plan(plan, question=question)


def citing_answer(question: str) -> Answer:
    items = (
        Item(id=ROAD.id, type="Project", label="道路养护", name="道路养护", year=2021, sources=EDGES[0].sources),
        Item(id=TREES.id, type="Project", label="绿化补种", name="绿化补种", year=2022, sources=EDGES[2].sources),
    )
    return Answer(
        question=question,
        status=Status.ANSWERED,
        interpretation="理解为：引用了 甲府发〔2019〕7号 的项目",
        text="共 2 个项目引用了《城市道路管理条例》，已全部列出。",
        items=items,
        total=2,
        caveats=("有 1 处原文写作“甲府法〔2019〕7号”，疑似笔误。",),
        plan={"steps": [{"op": "reverse", "target": RULE.id}]},
    )


def total_answer(question: str) -> Answer:
    items = tuple(
        Item(
            id=project.id,
            type="Project",
            label=project.label,
            name=project.label,
            year=int(str(project.properties["year"])),
            value=Decimal(str(project.properties["budget_year"])),
            unit="元",
            sources=(place(printed),),
        )
        for project, printed in ((ROAD, "1,200,500.00"), (TREES, "86,000.00"))
    )
    return Answer(
        question=question,
        status=Status.ANSWERED,
        interpretation="理解为：当年预算的合计",
        text="两个项目当年预算合计 128.65 万元。",
        items=items,
        total=2,
        value=Decimal(1_286_500),
        unit="元",
    )


class StandInWorkspace:
    """One fixed snapshot."""

    def __init__(self, knowledge: Knowledge, *, read_only: bool = False) -> None:
        self._knowledge = knowledge
        self._read_only = read_only

    @property
    def read_only(self) -> bool:
        return self._read_only

    def current(self) -> Knowledge:
        return self._knowledge

    def add(self, name: str, data: bytes) -> str:
        return f"已收到 {name}"

    def remove(self, name: str) -> str:
        return f"已移出 {name}"

    def deny(self, edge_id: str) -> str:
        return "已记入更正文件"

    def state(self) -> BuildState:
        return BuildState(stage=BuildStage.IDLE)

    def dates(self) -> dict[str, date]:
        return {FILE: date(2026, 4, 30)}


def make_knowledge(
    entities: tuple[Entity, ...] = (ROAD, TREES, RULE, QUOTA, OFFICE, WHOLE, PAPER),
    edges: tuple[Edge, ...] = EDGES,
    *,
    asker: StandInAsker | None = None,
    doubts: tuple[Doubt, ...] = (DOUBT,),
    text: str = TEXT,
    folder: Path | None = None,
    documents: dict[str, str] | None = None,
) -> GraphKnowledge:
    kg = KnowledgeGraph(entities, edges)
    info = SnapshotInfo(
        version="20260501", built_at=datetime(2026, 5, 1, 9, 30, tzinfo=UTC), model="m3e-small", counts=kg.counts()
    )
    return GraphKnowledge(
        kg, documents=documents or {FILE: text}, asker=asker or StandInAsker(), info=info, doubts=doubts, folder=folder
    )


@pytest.fixture
def knowledge() -> GraphKnowledge:
    return make_knowledge()


@dataclass
class Served:
    """A running interface: its address, who answers, and every host name that the process asked for."""

    url: str
    asker: StandInAsker
    resolved: list[str]


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[..., Served]]:
    """Start the page over a workspace on a free port of this machine; stopped after the module."""
    import uvicorn

    from ui.server import ServerOptions, build_app, guard

    running: list[tuple[uvicorn.Server, threading.Thread]] = []
    resolved: list[str] = []
    real = socket.getaddrinfo

    def listen(host: object, *args: object, **kwargs: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in (None, "", "127.0.0.1", "localhost", "::1", "0.0.0.0"):
            resolved.append(str(name))
        return real(host, *args, **kwargs)  # type: ignore[arg-type]

    def start(
        knowledge: Knowledge | None = None,
        *,
        workspace: Workspace | None = None,
        read_only: bool = False,
        front: Callable[..., object] = lambda app: app,
        **options: object,
    ) -> Served:
        asker = StandInAsker()
        workspace = workspace or StandInWorkspace(knowledge or make_knowledge(asker=asker), read_only=read_only)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        chosen = ServerOptions(port=port, **options)  # type: ignore[arg-type]
        app = guard(build_app(workspace, chosen), chosen)
        server = uvicorn.Server(uvicorn.Config(front(app), host="127.0.0.1", port=port, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until = time.monotonic() + 60
        while not server.started:
            if time.monotonic() > until or not thread.is_alive():
                raise RuntimeError("the interface did not start")
            time.sleep(0.05)
        running.append((server, thread))
        return Served(url=f"http://127.0.0.1:{port}", asker=asker, resolved=resolved)

    socket.getaddrinfo = listen  # type: ignore[assignment]
    try:
        yield start
    finally:
        socket.getaddrinfo = real
        for server, thread in running:
            server.should_exit = True
            thread.join(timeout=10)
    assert resolved == []  # whatever a module's tests made the server do


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A real browser; skips with a reason where there is none (CI demands one)."""
    if CHROMIUM is None:
        if os.environ.get("JIXIAO_REQUIRE_BROWSER"):
            pytest.fail("JIXIAO_REQUIRE_BROWSER is set, but no Chromium was found")
        pytest.skip("no Chromium on this machine (apt install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        asked: list[str] = []  # of the whole run, every context
        make = browser.new_context

        def new_context(**options: object) -> object:
            context = make(**options)
            context.on("request", lambda request: asked.append(request.url))
            return context

        browser.new_context = new_context
        yield browser
        browser.close()
        assert [url for url in asked if not OWN.match(url)] == []
        if folder := os.environ.get("JIXIAO_SCREENSHOTS"):
            (Path(folder) / "requests.txt").write_text("\n".join(asked), encoding="utf-8")


@pytest.fixture
def visit(chromium) -> Iterator[Callable[..., object]]:
    """Open a served page in a fresh profile of an English browser; script errors and foreign requests fail the test."""
    contexts = []
    errors: list[str] = []
    foreign: list[str] = []

    def go(served: Served, query: str = "", *, width: int = 1360, height: int = 900) -> object:
        context = chromium.new_context(
            locale="en-US", viewport={"width": width, "height": height}, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)  # a busy machine is not a failure
        page.on("pageerror", lambda err: errors.append(str(err)))
        page.on(
            "request",
            lambda r: None if r.url.startswith((served.url, "data:", "blob:", "file:")) else foreign.append(r.url),
        )
        page.goto(served.url + query)
        page.wait_for_selector('.jx-ask[data-ready="1"]')
        return page

    yield go
    for context in contexts:
        context.close()
    assert errors == []
    assert foreign == []


@pytest.fixture(scope="session")
def sample() -> SimpleNamespace:
    """The factories and nouns above, for tests (a test module cannot import this file)."""
    names = (make_entity, make_edge, make_knowledge, place, citing_answer, total_answer)
    return SimpleNamespace(
        **{made.__name__: made for made in names},
        asker=StandInAsker,
        workspace=StandInWorkspace,
        text=TEXT,
        file=FILE,
        road=ROAD,
        trees=TREES,
        rule=RULE,
        quota=QUOTA,
        office=OFFICE,
        whole=WHOLE,
        edges=EDGES,
        entities=(ROAD, TREES, RULE, QUOTA, OFFICE, WHOLE, PAPER),
    )


@pytest.fixture(scope="session")
def embedder() -> object:
    """The real m3e-small, loaded once for all tests."""
    from search.embedding import SentenceTransformerEmbedder
    from search.model_store import default_sources, obtain_model

    return SentenceTransformerEmbedder(obtain_model("m3e-small", default_sources()))


@pytest.fixture(scope="session")
def seeds_snapshot(tmp_path_factory: pytest.TempPathFactory, embedder: object) -> Path:
    """The snapshot directory of the five seeds, built once with the real model; tests must leave it as it is."""
    from search.pipeline import build

    directory = tmp_path_factory.mktemp("seeds") / ".jixiao"
    build([Path(__file__).parent.parent / "seeds"], directory, embedder=embedder)  # type: ignore[arg-type]
    return directory
