"""Figures of the whole graph for the tab 概览: each chart with the table that it is drawn from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from graph.model import EdgeType, Entity, EntityType
from ui.charting import Bar
from ui.rendering import (
    Column,
    Table,
    TableRow,
    money_cell,
    number_cell,
    render_number,
    render_wan,
    text_cell,
    to_decimal,
    to_int,
)
from ui.service import Knowledge
from ui.wording import kind_word, say

CHART_ROWS = 15
FIGURES = (
    EntityType.SOURCE,
    EntityType.PROJECT,
    EntityType.POLICY,
    EntityType.UNIT,
    EntityType.INDICATOR,
    EntityType.TASK,
)
RESPONSIBLE = (EdgeType.DECLARES, EdgeType.IMPLEMENTS, EdgeType.SUPERVISES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart, its table, and how many lines of the table the chart leaves out."""

    name: str
    title: str
    table: Table
    bars: tuple[Bar, ...]
    series: tuple[str, ...] = ()
    note: str = ""


def figures(knowledge: Knowledge) -> tuple[tuple[str, int], ...]:
    """What is counted at the head of the page."""
    counts = knowledge.info().counts
    found = [(kind_word(kind), counts.get(kind.value, 0)) for kind in FIGURES]
    return (*found, ("引用关系", counts.get(EdgeType.CITES.value, 0)), ("读取疑点", len(knowledge.doubts())))


def project_budget(project: Entity) -> Decimal | None:
    """The year's budget in yuan: 当年预算 of a target form, 全年预算 (else 年初预算) of a self-evaluation."""
    for name in ("budget_year", "budget_adjusted", "budget_initial"):
        if (amount := to_decimal(project.properties.get(name))) is not None:
            return amount
    return None


def _total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    found = [amount for amount in amounts if amount is not None]
    return sum(found, Decimal(0)) if found else None


def _year(project: Entity) -> int | None:
    return to_int(project.properties.get("year"))


def budgets_by_year(knowledge: Knowledge) -> Chart:
    """Budget and execution of each year."""
    grouped: dict[int | None, list[Entity]] = defaultdict(list)
    for project in knowledge.of_type(EntityType.PROJECT):
        grouped[_year(project)].append(project)
    rows, bars = [], []
    for year in sorted(grouped, key=lambda y: (y is None, y or 0)):
        projects = grouped[year]
        budget = _total(project_budget(p) for p in projects)
        executed = _total(to_decimal(p.properties.get("executed")) for p in projects)
        label = f"{year} 年" if year else "年度不详"
        counted = sum(project_budget(p) is not None for p in projects)
        rows.append(
            TableRow(
                cells=(
                    text_cell(label),
                    number_cell(Decimal(len(projects))),
                    number_cell(Decimal(counted)),
                    money_cell(budget),
                    money_cell(executed),
                ),
                key=str(year or ""),
            )
        )
        bars.append(_money_bar(label, budget, executed))
    columns = (
        Column(label="年度"),
        Column(label="项目数", numeric=True),
        Column(label="有预算数的项目", numeric=True),
        Column(label="预算（万元）", numeric=True),
        Column(label="执行（万元）", numeric=True),
    )
    table = Table(caption="各年度预算与执行", columns=columns, rows=tuple(rows))
    note = "预算取项目当年预算；自评表取全年预算数。绩效目标表没有执行数。"
    return Chart(
        name="budgets-by-year",
        title="各年度预算与执行（万元）",
        table=table,
        bars=tuple(bars),
        series=("预算", "执行"),
        note=note,
    )


def _money_bar(label: str, *amounts: Decimal | None) -> Bar:
    return Bar(label=label, values=amounts, texts=tuple(render_wan(a) if a is not None else "" for a in amounts))


def responsible_unit(knowledge: Knowledge, project: Entity) -> Entity | None:
    """Who carries a project: the declaring unit, else the implementing, else the supervising one."""
    edges = knowledge.edges(project.id)
    for role in RESPONSIBLE:
        for edge in edges:
            if edge.type is role and edge.target == project.id:
                return knowledge.entity(edge.source)
    return None


def budgets_by_unit(knowledge: Knowledge) -> Chart:
    """Budget of each unit, all years."""
    grouped: dict[str, list[Entity]] = defaultdict(list)
    names: dict[str, str] = {"": "单位不详"}
    for project in knowledge.of_type(EntityType.PROJECT):
        unit = responsible_unit(knowledge, project)
        key = unit.id if unit else ""
        names.setdefault(key, unit.label if unit else "")
        grouped[key].append(project)
    lines = [(names[key], key, projects, _total(map(project_budget, projects))) for key, projects in grouped.items()]
    lines.sort(key=lambda line: (-(line[3] or Decimal(-1)), line[0]))
    rows = tuple(
        TableRow(
            cells=(
                text_cell(name),
                number_cell(Decimal(len(projects))),
                text_cell("、".join(map(str, sorted({y for y in map(_year, projects) if y})))),
                money_cell(total),
            ),
            key=key,
        )
        for name, key, projects, total in lines
    )
    columns = (
        Column(label="单位", wide=True),
        Column(label="项目数", numeric=True),
        Column(label="年度"),
        Column(label="预算合计（万元）", numeric=True),
    )
    bars = tuple(_money_bar(name, total) for name, _, _, total in lines if total is not None)[:CHART_ROWS]
    note = "单位取申报单位；没有的取实施单位，再没有的取主管部门。"
    table = Table(caption="各单位预算合计", columns=columns, rows=rows)
    return Chart(name="budgets-by-unit", title="各单位预算合计（万元，全部年度）", table=table, bars=bars, note=note)


def execution_rates(knowledge: Knowledge) -> Chart:
    """Execution rate of each project, lowest first."""
    found = [
        (rate, project)
        for project in knowledge.of_type(EntityType.PROJECT)
        if (rate := to_decimal(project.properties.get("execution_rate"))) is not None
    ]
    found.sort(key=lambda pair: (pair[0], pair[1].label))
    rows = tuple(
        TableRow(
            cells=(
                text_cell(project.label),
                number_cell(Decimal(year) if (year := _year(project)) else None, str(year or "")),
                money_cell(project_budget(project)),
                money_cell(to_decimal(project.properties.get("executed"))),
                number_cell(rate),
            ),
            key=project.id,
        )
        for rate, project in found
    )
    columns = (
        Column(label="项目", wide=True),
        Column(label="年度", numeric=True),
        Column(label="预算（万元）", numeric=True),
        Column(label="执行（万元）", numeric=True),
        Column(label="执行率（%）", numeric=True),
    )
    bars = tuple(
        Bar(label=f"{project.label}", values=(rate,), texts=(f"{render_number(rate)}%（{_year(project)}）",))
        for rate, project in found[:CHART_ROWS]
    )
    left = len(found) - len(bars)
    note = (
        f"按执行率从低到高；图中为最低的 {len(bars)} 个，其余 {left} 个见数据表。" if left > 0 else "按执行率从低到高。"
    )
    table = Table(caption="项目执行率", columns=columns, rows=rows)
    return Chart(name="execution-rates", title="项目执行率（%）", table=table, bars=bars, note=note)


def most_cited(knowledge: Knowledge) -> Chart:
    """Policy documents by the number of projects that cite them."""
    found = []
    for policy in knowledge.of_type(EntityType.POLICY):
        citing = {edge.source for edge in knowledge.edges(policy.id) if edge.type is EdgeType.CITES}
        if citing:
            projects = [p for i in sorted(citing) if (p := knowledge.entity(i)) is not None]
            found.append((len(citing), policy, _total(map(project_budget, projects))))
    found.sort(key=lambda entry: (-entry[0], entry[1].label))
    rows = tuple(
        TableRow(
            cells=(
                text_cell(str(policy.properties.get("title", policy.label))),
                text_cell(str(policy.properties.get("number", ""))),
                number_cell(Decimal(count)),
                money_cell(total),
            ),
            key=policy.id,
        )
        for count, policy, total in found
    )
    columns = (
        Column(label="政策文件", wide=True),
        Column(label="文号"),
        Column(label="引用它的项目数", numeric=True),
        Column(label="这些项目的预算（万元）", numeric=True),
    )
    bars = tuple(
        Bar(
            label=str(policy.properties.get("title", policy.label)),
            values=(Decimal(count),),
            texts=(f"{count} 个项目",),
        )
        for count, policy, _ in found[:10]
    )
    table = Table(caption="被引用最多的政策文件", columns=columns, rows=rows)
    return Chart(name="most-cited", title="被引用最多的政策文件", table=table, bars=bars, note="图中为前 10 份。")


def doubts_by_document(knowledge: Knowledge) -> Chart:
    """Warnings of reading by source and kind."""
    counted = Counter((doubt.document, doubt.code) for doubt in knowledge.doubts())
    totals = Counter(doubt.document for doubt in knowledge.doubts())
    order = sorted(counted, key=lambda key: (-totals[key[0]], key[0], -counted[key], key[1]))
    rows = tuple(
        TableRow(
            cells=(
                text_cell(document),
                text_cell(say("warnings", code)),
                number_cell(Decimal(counted[document, code])),
            ),
            key=document,
        )
        for document, code in order
    )
    columns = (Column(label="来源文件", wide=True), Column(label="疑点种类"), Column(label="条数", numeric=True))
    bars = tuple(
        Bar(label=document, values=(Decimal(count),), texts=(f"{count} 条",))
        for document, count in sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:CHART_ROWS]
    )
    note = "读取时遇到的缺格、错列、笔误等，均未擅自补造；逐条说明见“文件”页。"
    table = Table(caption="各来源文件的读取疑点", columns=columns, rows=rows)
    return Chart(name="doubts-by-document", title="读取疑点（按来源文件）", table=table, bars=bars, note=note)


CHARTS: tuple[Callable[[Knowledge], Chart], ...] = (
    budgets_by_year,
    budgets_by_unit,
    execution_rates,
    most_cited,
    doubts_by_document,
)


def charts(knowledge: Knowledge) -> tuple[Chart, ...]:
    """All charts of the tab, in its order."""
    return tuple(make(knowledge) for make in CHARTS)
