"""`jixiao check`: arithmetic that forms must keep, what is missing or damaged in them, names to look at.

A figure that follows from others may differ by half a unit of its last printed digit; nothing is mended here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from graph.claims import find_sources
from graph.findings import Code, Finding, Severity, find_on, order_findings, render_findings
from graph.headings import property_heading
from graph.kg import KnowledgeGraph
from graph.model import EdgeType, Entity, EntityType, Ruling, Source
from graph.odd_numbers import find_idle_zeros, say_doubts
from graph.snapshot import Snapshot
from graph.store import as_decimal
from ingest.model import Extraction, Field, FormKind, ReadingWarning, WarningCode

__all__ = ["check_graph", "check_readings", "find_findings", "render_findings"]

_ROUNDING = Decimal("0.011")  # what sums and quotients of figures printed to two places may be off by
_HALF = Decimal("0.501")  # of a unit, and what rounding on the way adds
_PRINTED = re.compile(r"\d+(?:\.\d+)?")
_FULL = Decimal(100)
# Source: 财政部《项目支出绩效评价管理办法》（财预〔2020〕10号）第二十条: 90 优, 80 良, 60 中, below 差.
_GRADES = ((Decimal(90), "优"), (Decimal(80), "良"), (Decimal(60), "中"), (Decimal(0), "差"))
_SAME_GRADE = {"优秀": "优", "良好": "良", "合格": "中", "一般": "中", "中等": "中", "不合格": "差", "较差": "差"}


def find_findings(snapshot: Snapshot) -> tuple[Finding, ...]:
    """Everything found in a snapshot, gravest first."""
    return order_findings((*check_graph(snapshot.kg), *check_readings(snapshot.extractions)))


def check_graph(kg: KnowledgeGraph) -> Iterator[Finding]:
    """Findings on the graph itself."""
    for project in kg.of_type(EntityType.PROJECT):
        rows = kg.targets(project.id, EdgeType.HAS_INDICATOR)
        yield from _scores(project, rows)
        yield from _money(project)
        yield from _missing(kg, project, rows)
        yield from _cited(kg, project)
        for row in rows:
            yield from _target(project, row)
    for policy in kg.of_type(EntityType.POLICY):
        yield from _odd_number(policy)
    yield from _judged(kg)


def check_readings(extractions: Iterable[Extraction]) -> Iterator[Finding]:
    """The warnings of reading, as findings on their documents."""
    for extraction in extractions:
        doc = extraction.document
        for warning in (*doc.warnings, *extraction.warnings):
            yield _reading(extraction, doc.name, warning)
        for project in extraction.projects:
            for warning in project.warnings:
                yield _reading(extraction, str(project.value(Field.NAME) or doc.name), warning)


def _reading(extraction: Extraction, label: str, warning: ReadingWarning) -> Finding:
    return Finding(
        code=Code.READING,
        severity=Severity.NOTICE if warning.code in _HARMLESS else Severity.WARNING,
        message=warning.message,
        label=label,
        sources=find_sources(extraction.document, warning.spans),
        detail=warning.code.value,
    )


_HARMLESS = frozenset({WarningCode.MENDED_CELL, WarningCode.GHOST_ROW, WarningCode.SHIFTED_ROW, WarningCode.OCR})


def _figure(entity: Entity, name: str) -> Decimal | None:
    return as_decimal(entity.properties.get(name))


def _proof(entity: Entity, *names: str) -> tuple[Source, ...]:
    return tuple(source for name in names for source in entity.evidence.get(name, ()))


def _is_off(entity: Entity, name: str, figure: Decimal, due: Decimal) -> bool:
    """Whether a figure is another than what is due, by more than half a unit of its last printed digit."""
    printed = "".join(source.quote for source in entity.evidence.get(name, ())[:1])
    shown = _PRINTED.search(unicodedata.normalize("NFKC", printed).replace(",", ""))
    if shown is not None and Decimal(shown[0]) == figure:
        figure = Decimal(shown[0])  # with the noughts that the value as read lacks
    exponent = figure.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return abs(due - figure) > max(_ROUNDING, _HALF.scaleb(-places))


def _plain(number: Decimal, places: int | None = None) -> str:
    """A figure without exponent and trailing zeros, rounded to so many places."""
    text = f"{number:f}" if places is None else f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scores(project: Entity, rows: tuple[Entity, ...]) -> Iterator[Finding]:
    for row in rows:
        weight, score = _figure(row, "weight"), _figure(row, "score")
        if weight is not None and score is not None and score > weight:
            message = f"指标“{row.label}”得分 {_plain(score)} 高于分值 {_plain(weight)}"
            yield find_on(project, Code.SCORE_OVER_WEIGHT, Severity.ERROR, message, _proof(row, "weight", "score"))
    weighed = [row for row in rows if _figure(row, "weight") is not None]
    if not weighed:
        return
    execution_weight = _figure(project, "execution_weight") or Decimal(0)
    weights = sum((_figure(row, "weight") or Decimal(0) for row in weighed), execution_weight)
    if len(weighed) == len(rows) and abs(weights - _FULL) > _ROUNDING:
        message = f"各项分值之和为 {_plain(weights)}，不是 100"
        proof = (_proof(project, "execution_weight"), *(_proof(row, "weight") for row in rows))
        yield find_on(project, Code.WEIGHTS, Severity.WARNING, message, *proof)
    total = _figure(project, "total_score")
    scored = [row for row in rows if _figure(row, "score") is not None]
    if total is None:
        return
    execution_score = _figure(project, "execution_score")
    lost = len(rows) - len(scored) + (execution_score is None and execution_weight > 0)
    summed = sum((_figure(row, "score") or Decimal(0) for row in scored), execution_score or Decimal(0))
    proof = (_proof(project, "total_score", "execution_score"), *(_proof(row, "score") for row in scored))
    if lost:
        message = f"总分 {_plain(total)}，有 {lost} 项得分没有读出，其余合计 {_plain(summed)}，无法核对"
        yield find_on(project, Code.TOTAL_SCORE, Severity.NOTICE, message, *proof)
    elif _is_off(project, "total_score", total, summed):
        message = f"总分 {_plain(total)} 与各项得分之和 {_plain(summed)} 不符，相差 {_plain(abs(summed - total))}"
        yield find_on(project, Code.TOTAL_SCORE, Severity.ERROR, message, *proof)
    yield from _grade(project, total)


def _grade(project: Entity, total: Decimal) -> Iterator[Finding]:
    printed = str(project.properties.get("grade") or "")
    grade = _SAME_GRADE.get(printed, printed)
    due = next((name for least, name in _GRADES if total >= least), "差")
    if grade and grade in {name for _, name in _GRADES} and grade != due:
        message = f"总分 {_plain(total)} 应评“{due}”，表中评“{printed}”"
        yield find_on(project, Code.GRADE, Severity.WARNING, message, _proof(project, "total_score", "grade"))


def _money(project: Entity) -> Iterator[Finding]:
    budget = _figure(project, "budget_adjusted")
    executed, rate = _figure(project, "executed"), _figure(project, "execution_rate")
    if budget and executed is not None:
        due = executed / budget * 100
        if rate is not None and _is_off(project, "execution_rate", rate, due):
            message = f"执行率 {_plain(rate)}% 与 执行数÷全年预算数＝{_plain(due, 2)}% 不符"
            proof = _proof(project, "execution_rate", "executed", "budget_adjusted")
            yield find_on(project, Code.EXECUTION_RATE, Severity.ERROR, message, proof)
        if executed > budget:
            message = f"执行数 {_plain(executed)} 元超过全年预算数 {_plain(budget)} 元"
            yield find_on(
                project, Code.OVERSPENT, Severity.WARNING, message, _proof(project, "executed", "budget_adjusted")
            )
    weight, score = _figure(project, "execution_weight"), _figure(project, "execution_score")
    if weight is not None and score is not None:
        if score > weight:
            message = f"预算执行得分 {_plain(score)} 高于分值 {_plain(weight)}"
            proof = _proof(project, "execution_score", "execution_weight")
            yield find_on(project, Code.SCORE_OVER_WEIGHT, Severity.ERROR, message, proof)
        elif rate is not None and _is_off(project, "execution_score", score, due := min(weight, weight * rate / 100)):
            message = f"预算执行得分 {_plain(score)} 与 分值×执行率＝{_plain(due, 2)} 不符"
            proof = _proof(project, "execution_score", "execution_weight", "execution_rate")
            yield find_on(project, Code.EXECUTION_SCORE, Severity.WARNING, message, proof)
    for part, whole, code, text in (
        ("budget_year", "budget_total", Code.BUDGET_OVER_TOTAL, "当年预算 {} 元超过项目总预算 {} 元"),
        ("previous_executed", "previous_budget", Code.PREVIOUS_OVERSPENT, "上年执行数 {} 元超过上年预算 {} 元"),
    ):
        a, b = _figure(project, part), _figure(project, whole)
        if a is not None and b is not None and a > b:
            message = text.format(_plain(a), _plain(b))
            yield find_on(project, code, Severity.WARNING, message, _proof(project, part, whole))
    start, end = project.properties.get("start_date"), project.properties.get("end_date")
    if isinstance(start, str) and isinstance(end, str) and start[: len(end)] > end[: len(start)]:
        message = f"开始日期 {start} 晚于完成日期 {end}"
        yield find_on(project, Code.DATES, Severity.ERROR, message, _proof(project, "start_date", "end_date"))


_WANTED: dict[str, tuple[str, ...]] = {
    FormKind.TARGET: ("name", "year", "budget_year"),
    FormKind.SELF_EVALUATION: ("name", "year", "budget_adjusted", "executed", "total_score", "grade"),
    FormKind.NARRATIVE: ("name", "year"),
}
_TABLED = (FormKind.TARGET.value, FormKind.SELF_EVALUATION.value)


def _missing(kg: KnowledgeGraph, project: Entity, rows: tuple[Entity, ...]) -> Iterator[Finding]:
    form = str(project.properties.get("document_type", ""))
    lost = [property_heading(name) for name in _WANTED.get(form, ("name", "year")) if name not in project.properties]
    if not any(kg.edges_to(project.id, role) for role in _ROLES):
        lost.append("单位")
    if form in _TABLED and not rows:
        lost.append("绩效指标")
    if lost:
        yield find_on(project, Code.MISSING, Severity.WARNING, f"没有读出{'、'.join(lost)}")


_ROLES = (EdgeType.DECLARES, EdgeType.SUPERVISES, EdgeType.IMPLEMENTS)


def _cited(kg: KnowledgeGraph, project: Entity) -> Iterator[Finding]:
    for edge in kg.edges_from(project.id, EdgeType.CITES):
        policy = kg.entity(edge.target)
        if edge.properties.get("suspected_typo"):
            note = str(edge.properties.get("typo_note", "文号疑有误印"))
            yield find_on(project, Code.MISPRINT, Severity.WARNING, note, edge.sources)
        year, issued = project.properties.get("year"), policy.properties.get("year")
        if isinstance(year, int) and isinstance(issued, int) and issued > year:
            message = f"引用的{policy.label}晚于项目年度"
            yield find_on(project, Code.LATER_DOCUMENT, Severity.WARNING, message, edge.sources)


def _target(project: Entity, row: Entity) -> Iterator[Finding]:
    target, actual = _figure(row, "target_value"), _figure(row, "actual_value")
    weight, score = _figure(row, "weight"), _figure(row, "score")
    missed = _is_missed(str(row.properties.get("target_operator", "")), target, actual)
    if missed and weight is not None and score is not None and score >= weight:
        said = row.properties.get("target_text"), row.properties.get("actual_text")
        message = f"指标“{row.label}”目标 {said[0]}，完成 {said[1]}，没有达到而得满分"
        yield find_on(
            project, Code.TARGET_MISSED, Severity.WARNING, message, _proof(row, "target_text", "actual_text", "score")
        )


def _is_missed(operator: str, target: Decimal | None, actual: Decimal | None) -> bool:
    if target is None or actual is None:
        return False
    match operator:
        case "≥" | ">=" | ">" | "＞":
            return actual < target
        case "≤" | "<=" | "<" | "＜":
            return actual > target
        case _:
            return False


def _odd_number(policy: Entity) -> Iterator[Finding]:
    zeros = bool(find_idle_zeros(policy))
    for doubt in say_doubts(policy):
        code = Code.LEADING_ZERO if zeros and "虚位" in doubt else Code.LONG_SERIAL
        yield find_on(policy, code, Severity.NOTICE, doubt, _proof(policy, "number_variants"))


_JUDGED = {
    Ruling.SUSPECTED: (Code.SUSPECT, Severity.NOTICE),
    Ruling.DISPUTED: (Code.DISPUTE, Severity.WARNING),
}


def _judged(kg: KnowledgeGraph) -> Iterator[Finding]:
    for judgement in kg.judgements:
        named = kg.entities.get(judgement.entities[0]) if judgement.entities else None
        label = named.label if named is not None else "更正"
        code, severity = _JUDGED.get(judgement.ruling, (None, Severity.NOTICE))
        if judgement.ruling is Ruling.CORRECTED and not judgement.entities:
            code, severity = Code.CORRECTION, Severity.WARNING
        elif judgement.rule == "resolve.one_number":
            code = Code.ONE_NUMBER
        if code is not None:
            yield Finding(
                code=code,
                severity=severity,
                message=judgement.reason,
                label=label,
                entity=named.id if named is not None else None,
                sources=judgement.sources,
            )
