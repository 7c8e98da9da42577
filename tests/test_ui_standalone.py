"""The page that opens offline: what it holds, that it asks for nothing, and that labels stay labels."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from graph.model import EdgeType, Entity, EntityType
from graph.selection import Selection, select
from ui import standalone
from ui.bundling import is_complete
from ui.errors import AssetsMissing
from ui.formats import FORMATS, ending_of, write_selection
from ui.standalone import selection_to_page

pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(not is_complete(), reason="the scripts are not fetched (python -m ui.bundling)"),
]

ALARM = "window.__xss=1"
HOSTILE = (
    f"</script><script>{ALARM}</script>",
    f"<!--<script>{ALARM}",
    f'<img src=x onerror="{ALARM}">',
    f'"><svg onload="{ALARM}">',
    "\u2028" + ALARM + "\u2029",
    "/*LIBRARY*/ /*VIEWER*/",
    "${" + ALARM + "}",
    "\\u003c/script>",
    '<img src="http://evil.example/x.png">',
    "__proto__",
)


def data_of(page: bytes) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.decode(), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


@pytest.fixture
def selection(sample) -> Selection:
    return select("整个图谱", sample.entities, sample.edges, version="20260501")


@pytest.fixture
def hostile(sample) -> Selection:
    projects = [sample.make_entity(EntityType.PROJECT, f"p{i}", bad, name=bad) for i, bad in enumerate(HOSTILE)]
    rule = sample.make_entity(EntityType.POLICY, "r", HOSTILE[0], title=HOSTILE[0], number=HOSTILE[1])
    edges = [sample.make_edge(EdgeType.CITES, project, rule) for project in projects]
    return select(HOSTILE[0], [*projects, rule], edges, version=HOSTILE[2])


def test_holds_every_node_and_edge_with_a_place_of_its_own(selection: Selection) -> None:
    data = data_of(selection_to_page(selection, date="2026-11-20"))
    assert {node["id"] for node in data["nodes"]} == {entity.id for entity in selection.entities}
    assert {edge["id"] for edge in data["edges"]} == {edge.id for edge in selection.edges}
    assert len({(node["x"], node["y"]) for node in data["nodes"]}) == len(selection.entities)
    assert (data["made"], data["version"], data["leftOut"]) == ("2026年11月20日", "20260501", 0)


def test_same_selection_gives_the_same_bytes(selection: Selection) -> None:
    assert selection_to_page(selection, date="2026-11-20") == selection_to_page(selection, date="2026-11-20")


def test_names_no_other_place_to_load_from(selection: Selection) -> None:
    page = selection_to_page(selection).decode()
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=", page)
    assert "default-src 'none'" in page


def test_beyond_the_cap_the_best_connected_are_drawn_and_the_rest_counted(
    selection: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standalone, "HARD_LIMIT", 3)
    data = data_of(selection_to_page(selection))
    kept = {node["id"] for node in data["nodes"]}
    assert len(kept) == 3
    assert data["leftOut"] == len(selection.entities) - 3
    assert "project:road" in kept
    assert all({edge["source"], edge["target"]} <= kept for edge in data["edges"])


def test_hostile_labels_come_back_as_they_are_and_end_no_script(hostile: Selection) -> None:
    page = selection_to_page(hostile)
    assert len(re.findall(r"</script", page.decode(), re.IGNORECASE)) == 4
    assert {node["full"] for node in data_of(page)["nodes"]} >= set(HOSTILE[:4])


def test_missing_scripts_are_said_with_what_to_do(selection: Selection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standalone, "is_complete", lambda: False)
    with pytest.raises(AssetsMissing) as caught:
        selection_to_page(selection)
    assert "python -m ui.bundling" in caught.value.advice


def test_every_format_is_written_and_has_an_ending(selection: Selection) -> None:
    for form in FORMATS:
        assert write_selection(selection, form, date="2026-11-20")
        assert ending_of(form)
    assert ending_of("html") == "html"


@pytest.mark.browser
def test_opens_from_the_disk_without_a_request_and_executes_no_label(chromium, tmp_path: Path, hostile) -> None:
    file = tmp_path / "图谱.html"
    file.write_bytes(selection_to_page(hostile, date="2026-11-20"))
    context = chromium.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda err: errors.append(str(err)))
    page.goto(file.as_uri())
    page.wait_for_selector(f'body[data-nodes="{len(hostile.entities)}"]')
    assert HOSTILE[0] in page.inner_text("h1")
    assert "导出于 2026年11月20日" in page.inner_text("#about")
    page.fill("#find", "onerror")
    page.wait_for_selector("#side h2")
    assert page.inner_text("#side h2") == HOSTILE[2]
    assert "引用：" in page.inner_text("#side li")
    page.wait_for_timeout(400)
    assert asked == [file.as_uri()]
    assert errors == []
    assert page.evaluate("() => window.__xss === undefined")
    assert page.locator("img, iframe, script:not(:nth-of-type(-n+4))").count() == 0
    context.close()


def test_entities_without_relations_are_drawn_too(sample) -> None:
    alone: tuple[Entity, ...] = (sample.road, sample.trees)
    assert len(data_of(selection_to_page(select("两项", alone, ())))["nodes"]) == 2
