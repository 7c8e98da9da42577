"""What the golden files hold: an extraction as plain data, and how they are written anew.

`python tests/golden_readings.py` rewrites `tests/golden`; read the difference against the source before keeping it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ingest import extract, read_document
from ingest.model import Extraction, IndicatorField, ProjectReading

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
_OF_HEAD = re.compile(
    r"^(?:单位名称|项目名称|“项目名称”|“主管部门”|表中|表头|年度资金总额|总分|“总分”|评分等级|预期目标|文字到此中断)|跨页|任何一栏|已略去|碎片"
)
COLUMNS = (
    IndicatorField.LEVEL1,
    IndicatorField.LEVEL2,
    IndicatorField.LEVEL3,
    IndicatorField.TARGET_TEXT,
    IndicatorField.ACTUAL_TEXT,
    IndicatorField.WEIGHT,
    IndicatorField.SCORE,
    IndicatorField.DEVIATION_REASON,
)


def readings_of(extraction: Extraction) -> dict[str, Any]:
    """Everything in `extraction` that a reader can check against the source."""
    return {
        "document_type": extraction.document_type,
        "year": extraction.year,
        "projects": [_project(project) for project in extraction.projects],
    }


def _project(project: ProjectReading) -> dict[str, Any]:
    return {
        "kind": project.kind.value,
        "fields": {reading.name.value: reading.value for reading in project.readings},
        "units": [[unit.role.value, unit.name, "残缺" if unit.damaged else ""] for unit in project.units],
        "tasks": [[task.number, task.name] for task in project.tasks],
        "indicators": [" | ".join(row.value(name) or "" for name in COLUMNS) for row in project.indicators],
        "doubts": [
            f"{warning.code.value}: {warning.message}"
            for warning in project.warnings
            if _OF_HEAD.search(warning.message)
        ],
    }


def main() -> None:
    for seed in SEEDS:
        text = json.dumps(readings_of(extract(read_document(seed))), ensure_ascii=False, indent=1) + "\n"
        (GOLDEN / f"{seed.stem}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
