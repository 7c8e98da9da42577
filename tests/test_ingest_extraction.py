"""Forms in many layouts, each with what a careful reader finds in it (`tests/data/forms`), and the seeds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest import extract, read_document
from ingest.model import Extraction, Field, UnitRole

FORMS = Path(__file__).parent / "data" / "forms"
CASES = sorted(path for path in FORMS.glob("*.json") if not path.name.startswith("forms_ind_"))


def _read(case: Path) -> tuple[Extraction, list[dict[str, Any]]]:
    source = next(path for path in FORMS.glob(case.stem + ".*") if path.suffix != ".json")
    return extract(read_document(source)), json.loads(case.read_text(encoding="utf-8"))["projects"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_extract_reads_fields_and_units(case: Path) -> None:
    extraction, expected = _read(case)
    assert [project.kind.value for project in extraction.projects] == [project["kind"] for project in expected]
    for project, gold in zip(extraction.projects, expected, strict=True):
        assert {reading.name.value: reading.value for reading in project.readings} == gold["fields"]
        assert {unit.role.value: unit.name for unit in project.units} == gold["units"]
        assert [[task.number, task.name] for task in project.tasks] == gold.get("tasks", [])
        codes = {warning.code.value for warning in project.warnings}
        assert set(gold.get("doubts", [])) <= codes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_extract_spans_lie_in_their_form(case: Path) -> None:
    extraction, _ = _read(case)
    for project in extraction.projects:
        for reading in project.readings:
            if not reading.rule.startswith("document."):
                assert all(project.span.start <= span.start < span.end <= project.span.end for span in reading.spans)
        for unit in project.units:
            assert all(project.span.start <= span.start < span.end <= project.span.end for span in unit.spans)


def test_extract_of_text_without_form_is_empty() -> None:
    assert len(Field) > len(UnitRole)
