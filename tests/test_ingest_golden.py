"""The seeds read as the golden files say, which were checked against the source by eye."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from ingest import extract, read_document

_spec = importlib.util.spec_from_file_location("golden_readings", Path(__file__).parent / "golden_readings.py")
assert _spec is not None and _spec.loader is not None
golden_readings = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(golden_readings)


@pytest.mark.parametrize("seed", golden_readings.SEEDS, ids=lambda seed: seed.stem[:3])
def test_seed_is_read_as_the_golden_file_says(seed: Path) -> None:
    golden = json.loads((golden_readings.GOLDEN / f"{seed.stem}.json").read_text(encoding="utf-8"))
    assert golden_readings.readings_of(extract(read_document(seed))) == golden
