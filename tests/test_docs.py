"""The documents tell the truth: examples give what is printed, every noun is explained, every link leads somewhere."""

from __future__ import annotations

import ast
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from graph.exports_jsonl import dump_lines
from graph.model import Edge, EdgeId, EdgeType, Entity, EntityId, EntityType, Source
from search.answering import answer_to_json
from search.model import Answer, Item, Status
from ui.cli import cli, main
from ui.formats import FORMATS

ROOT = Path(__file__).parent.parent
GAP = "……"
EXAMPLES = [
    pytest.param(command, shown, id=command[:40])
    for page in ("README.md", "docs/cli.md")
    for command, shown in re.findall(
        r"```console\n\$ (jixiao [^\n]+)\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL
    )
]


@pytest.mark.model
@pytest.mark.parametrize(("command", "shown"), EXAMPLES)
def test_examples_print_what_the_page_shows(
    command: str, shown: str, seeds_snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = shlex.split(command)[1:]
    takes_snapshot = any(p.name == "snapshot" for p in cli.commands[words[0]].params)
    capsys.readouterr()
    main([*words, *(["--snapshot", str(seeds_snapshot)] if takes_snapshot else [])])
    printed = capsys.readouterr().out.splitlines()
    at, anywhere = 0, False
    for line in shown.splitlines():
        if line == GAP:
            anywhere = True
            continue
        rest = printed[at:]
        assert line in (rest if anywhere else rest[:1]), f"not printed: {line}\n" + "\n".join(printed)
        at, anywhere = at + rest.index(line) + 1, False


def test_every_example_shows_something() -> None:
    assert len(EXAMPLES) >= 4
    assert [p.id for p in EXAMPLES if not set(str(p.values[1]).splitlines()) - {GAP}] == []


def test_pages_name_every_format_of_an_export() -> None:
    readme = next(line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if "jixiao export" in line)
    table = re.findall(r"^\| (`[^|]+) \|", (ROOT / "docs" / "cli.md").read_text("utf-8"), re.M)
    assert [form for form in FORMATS if not re.search(rf"\b{form}\b", readme)] == []
    assert sorted(re.findall(r"`(\w+)`", "".join(table))) == sorted(FORMATS)


def test_command_page_shows_the_fields_of_answers_and_dumps() -> None:
    source = Source(document="甲.txt", start=15, end=23, quote="(2020年度)")
    item = Item(label="道路养护", sources=(source,))
    answer = answer_to_json(Answer(question="", status=Status.ANSWERED, interpretation="", text="", items=(item,)))
    unit = Entity(id=EntityId("unit:a"), type=EntityType.UNIT, label="", properties={}, sources=())
    cites = Edge(id=EdgeId("edge:a"), type=EdgeType.CITES, source=unit.id, target=unit.id, properties={}, sources=())
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    shown, dump = (block for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL))
    assert fields_of(json.loads(shown)) == fields_of(answer)
    assert [fields_of(json.loads(line)) for line in dump.splitlines()] == [
        fields_of(json.loads(line)) for line in dump_lines([unit], [cites])
    ]


def fields_of(thing: Any) -> object:
    """Names of an object's fields, those of the objects in its lists too."""
    return {key: fields_of(value[0]) if isinstance(value, list) and value else None for key, value in thing.items()}


def nouns() -> list[str]:
    return [
        node.name
        for layer in ("ingest", "graph", "search")
        for node in ast.parse((ROOT / layer / "model.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]


@pytest.mark.parametrize("noun", nouns())
def test_glossary_explains_every_noun_of_the_models(noun: str) -> None:
    assert re.search(rf"\b{noun}\b", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md")))
def test_links_of_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), target


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target


def test_readme_and_command_page_name_every_verb() -> None:
    for page in ("README.md", "docs/cli.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert [verb for verb in cli.commands if not re.search(rf"`(?:jixiao )?{verb}\b", text)] == []


def test_exit_codes_of_the_command_page_are_those_of_the_program() -> None:
    from ui.cli import EXIT_FAILED, EXIT_USAGE
    from ui.verbs_build import EXIT_DONE, EXIT_PARTLY

    rows = dict(re.findall(r"^\| (\d) \| ([^|]+) \|$", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), re.M))
    assert {str(c) for c in (EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_PARTLY)} == set(rows)
