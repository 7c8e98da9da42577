"""A form says the same in every format: files made from the seeds are read like the seeds themselves.

How the seeds are read is held to `tests/golden`; all seeds by all formats: `tests/bench/score_formats.py`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ingest import document_from_bytes, extract, read_document
from ingest.model import Extraction, IndicatorField
from ingest.readers_image import recogniser_missing
from tests.documents_from_forms import as_pdf, as_picture, blocks_of, renderings

ALL = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
SEEDS = [seed for seed in ALL if not seed.name.startswith("001")]  # its cells are broken: no real file ever held them
FORM = """项目支出绩效目标申报表
（2021年度）
项目名称\t道路养护\t\t项目类别\t经常性项目\t
主管部门\t甲区建设局\t\t实施单位\t甲区市政管理所\t
计划开始日期\t2021-01-01\t\t计划完成日期\t2021-12-31\t
项目资金（元）\t项目资金总额\t1,200,500.00\t年度资金申请总额\t1,200,500.00\t
一级指标\t二级指标\t三级指标\t\t年度指标值\t
产出指标\t数量指标\t养护道路里程\t\t≥35.50(公里)\t
\t质量指标\t路面完好率\t\t≥95.00(%)\t
\t时效指标\t养护及时率\t\t=100.00(%)\t
效益指标\t社会效益指标\t道路通行状况\t\t改善\t
满意度指标\t服务对象满意度指标\t市民满意度\t\t≥90.00(%)\t
"""
CHEAP = ("docx", "xlsx", "html", "pdf")  # the others start a program for each file: two seeds must do
FIELDS, INDICATORS, CITATIONS = range(3)


def facts(extraction: Extraction) -> tuple[Counter[object], Counter[object], Counter[object]]:
    """What was read of fields and units, of indicator cells, and of citations; white space apart."""
    fields: Counter[object] = Counter()
    indicators: Counter[object] = Counter()
    citations: Counter[object] = Counter()
    for number, project in enumerate(extraction.projects):
        fields.update((number, reading.name, _bare(reading.value)) for reading in project.readings)
        fields.update((number, unit.role, _bare(unit.name)) for unit in project.units)
        for indicator in project.indicators:
            indicators.update(
                (number, _bare(indicator.value(IndicatorField.LEVEL3)), reading.name, _bare(reading.value))
                for reading in indicator.readings
            )
        citations.update(
            (
                number,
                cited.section,
                _bare(cited.citation.title),
                cited.citation.number and cited.citation.number.canonical,
            )
            for cited in project.citations
        )
    return fields, indicators, citations


def _bare(value: object) -> str:
    return "".join(str(value).split())


def f1(wanted: Counter[object], got: Counter[object]) -> float:
    total = wanted.total() + got.total()
    return 2 * (wanted & got).total() / total if total else 1.0


@pytest.mark.parametrize(("name", "render"), [pytest.param(*made, id=made[0]) for made in renderings()])
def test_forms_read_alike_in_every_format(name: str, render) -> None:
    wanted, got = (tuple(Counter() for _ in range(3)) for _ in range(2))
    seeds = SEEDS if name.startswith("form.") and name.removeprefix("form.") in CHEAP else SEEDS[2:]
    for number, seed in enumerate(seeds):
        made = render(blocks_of(seed.read_text(encoding="utf-8")))
        for sums, doc in ((wanted, read_document(seed)), (got, document_from_bytes(made, name=name))):
            for total, part in zip(sums, facts(extract(doc)), strict=True):
                total.update({(number, *fact): count for fact, count in part.items()})
    scores = [f1(a, b) for a, b in zip(wanted, got, strict=True)]
    assert min(scores) >= 0.97, dict(zip(("fields", "indicators", "citations"), scores, strict=True))


def test_quotes_stand_in_the_page_and_cell_that_they_name() -> None:
    doc = document_from_bytes(as_pdf(blocks_of(SEEDS[2].read_text(encoding="utf-8"))), name="表.pdf")
    placed = 0
    for project in extract(doc).projects:
        for indicator in project.indicators:
            for reading in indicator.readings:
                for span in reading.spans:
                    assert doc.page_of(span) is not None
                    placed += doc.cell_of(span) is not None
    assert placed > 100


@pytest.mark.skipif(recogniser_missing(), reason="needs pip install 'jixiao[ocr]'")
@pytest.mark.parametrize("turn", [0.0, 2.0], ids=["straight", "askew"])
def test_a_scanned_form_reads_like_its_text(turn: float) -> None:
    wanted = facts(extract(document_from_bytes(FORM.encode(), name="表.txt")))
    scan = as_picture(as_pdf(blocks_of(FORM)), turn=turn)
    got = facts(extract(document_from_bytes(scan, name="扫描.png")))
    assert wanted[FIELDS].total() >= 6 and wanted[INDICATORS].total() >= 20
    assert f1(wanted[FIELDS], got[FIELDS]) >= 0.9
