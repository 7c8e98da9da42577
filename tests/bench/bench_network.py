"""The graph tab with very many nodes in a headless Chromium without a GPU: first picture, panning, zooming, naming.

    python tests/bench/bench_network.py [NODES ...]      (default 300 2000; needs chromium and the fetched scripts)

The graph is invented: projects that cite documents, units that declare them. Times are of this machine and moment.
"""

from __future__ import annotations

import random
import shutil
import socket
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from statistics import median, quantiles

from graph.ids import edge_id
from graph.kg import KnowledgeGraph
from graph.model import Edge, EdgeType, Entity, EntityId, EntityType
from graph.store import EmbeddedStore
from search.engine import SearchEngine
from ui.knowledge import GraphKnowledge
from ui.offline import go_offline
from ui.service import BuildStage, BuildState, Knowledge, SnapshotInfo

SEED = 20261120
SECONDS = 3.0  # of panning and of zooming
NET = "document.querySelector('#jx-large .jx-net').jixiaoNet"
WATCH = f"""() => {{
    window.bench = {{ frames: [], drawn: 0 }};
    {NET}.cy.on("render", () => {{ window.bench.drawn += 1; }});
    const step = (at) => {{ window.bench.frames.push(at); requestAnimationFrame(step); }};
    requestAnimationFrame(step);
}}"""


class Still:
    """A workspace with one graph that never changes."""

    read_only = True

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def current(self) -> Knowledge:
        return self._knowledge

    def add(self, name: str, data: bytes) -> str:
        raise NotImplementedError

    def remove(self, name: str) -> str:
        raise NotImplementedError

    def deny(self, edge_id: str) -> str:
        raise NotImplementedError

    def state(self) -> BuildState:
        return BuildState(stage=BuildStage.IDLE)

    def dates(self) -> Mapping[str, date]:
        return {}


def entity(kind: EntityType, at: int, label: str) -> Entity:
    name = {EntityType.POLICY: "title"}.get(kind, "name")
    return Entity(
        id=EntityId(f"{kind.value.lower()}:{at:06}"), type=kind, label=label, properties={name: label}, sources=()
    )


def edge(kind: EdgeType, source: Entity, target: Entity) -> Edge:
    return Edge(
        id=edge_id(kind, source.id, target.id), type=kind, source=source.id, target=target.id, properties={}, sources=()
    )


def invent(nodes: int) -> KnowledgeGraph:
    """A graph of `nodes`: two in three are projects, each cites one to four documents and has a unit."""
    chance = random.Random(SEED)
    projects = [entity(EntityType.PROJECT, i, f"第{i}批道路养护与设施更新专项") for i in range(nodes * 2 // 3)]
    units = [entity(EntityType.UNIT, i, f"第{i}市政管理所") for i in range(max(1, nodes // 60))]
    rest = nodes - len(projects) - len(units)
    rules = [entity(EntityType.POLICY, i, f"市政设施养护管理办法之{i}") for i in range(rest)]
    edges = {}
    for project in projects:
        cited = chance.sample(rules, k=min(len(rules), chance.randint(1, 4)))
        for made in (*(edge(EdgeType.CITES, project, rule) for rule in cited),):
            edges[made.id] = made
        made = edge(EdgeType.DECLARES, chance.choice(units), project)
        edges[made.id] = made
    return KnowledgeGraph((*projects, *units, *rules), edges.values())


def serve(kg: KnowledgeGraph) -> str:
    """Serve a graph on a free port of this machine, for as long as this process lives; its address."""
    import uvicorn

    from ui.server import ServerOptions, build_app, guard

    info = SnapshotInfo(version="bench", built_at=datetime.now(tz=UTC), model="none", counts=kg.counts())
    knowledge = GraphKnowledge(kg, documents={}, asker=SearchEngine(EmbeddedStore(kg)), info=info)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ServerOptions(port=port)
    app = guard(build_app(Still(knowledge), options), options)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return f"http://127.0.0.1:{port}"


def measure(page, nodes: int) -> None:
    """Open the whole graph, pan and zoom it, and print what that took."""
    page.click('button[role=tab]:text-is("图谱")')
    page.wait_for_selector('#jx-large .jx-net[data-ready="1"]')
    page.wait_for_function(f"() => {NET}.cy.width() > 300")
    clock = page.context.browser.new_browser_cdp_session()
    busy, first, own = worked(clock), time.monotonic(), time.process_time()
    page.click("#jx-large button:text-is('全图')")
    page.wait_for_selector(f'#jx-large .jx-net[data-nodes="{nodes}"]')
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    first, busy, own = time.monotonic() - first, worked(clock) - busy, time.process_time() - own
    page.wait_for_timeout(500)
    page.evaluate(WATCH)
    box = page.locator("#jx-large .jx-net-canvas").bounding_box()
    corner = (box["x"] + 10, box["y"] + 10)

    def pan(at: int) -> None:
        page.mouse.move(corner[0] + 3 * (at % 100), corner[1] + 2 * (at % 100))

    page.mouse.move(*corner)
    page.mouse.down()
    panned = watch(page, pan)
    page.mouse.up()
    zoomed = watch(page, lambda at: page.mouse.wheel(0, 60 if at % 40 < 20 else -60))
    named = page.evaluate(
        f"() => {{ const from = performance.now(); window.jixiao.placeLabels({NET}.cy);"
        " return performance.now() - from; }"
    )
    print(f"{nodes:>6} nodes, {page.get_attribute('#jx-large .jx-net', 'data-edges')} edges")
    print(f"       first picture {first:.2f} s after the click on 全图")
    print(f"       processor time until then: browser {busy:.2f} s, server {own:.2f} s")
    for what, (frames, drawn) in (("panning", panned), ("zooming", zoomed)):
        slow = quantiles(frames, n=20)[-1]
        times = f"a frame takes {median(frames):.0f} ms, 95 in 100 at most {slow:.0f} ms"
        print(f"       {what}: {drawn:.0f} pictures a second; {times}")
    print(f"       choosing the names: {named:.0f} ms")


def worked(clock) -> float:
    """Seconds of processor time that all processes of the browser have used: other programs do not count."""
    return sum(process["cpuTime"] for process in clock.send("SystemInfo.getProcessInfo")["processInfo"])


def watch(page, move) -> tuple[list[float], float]:
    """Milliseconds of each frame, and pictures drawn a second, while `move` is called again and again."""
    page.evaluate("() => { window.bench.frames.length = 0; window.bench.drawn = 0; }")
    since = time.monotonic()
    at = 0
    while time.monotonic() - since < SECONDS:
        move(at)
        at += 1
    took = time.monotonic() - since
    seen = page.evaluate("() => window.bench")
    return [b - a for a, b in zip(seen["frames"], seen["frames"][1:], strict=False)], seen["drawn"] / took


def main(sizes: list[int]) -> None:
    """Measure each size in a fresh browser."""
    from playwright.sync_api import sync_playwright

    go_offline()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        for nodes in sizes:
            url = serve(invent(nodes))
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1360, "height": 900})
            page.set_default_timeout(120_000)
            page.goto(url)
            page.wait_for_selector('.jx-ask[data-ready="1"]')
            measure(page, nodes)
            browser.close()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [300, 2000])
