"""Entity as markup: a summary beside the graph, a page each for project, policy document, unit and indicator name."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from graph.model import EdgeType, Entity, EntityId, EntityType, Source
from ingest.model import SECTIONS
from ui.markup import NOTHING, Html, element, join
from ui.overview import project_budget
from ui.rendering import property_rows, render_money, render_value, to_decimal, visible
from ui.rendering_answer import blocks_of, button, doubts_at
from ui.rendering_evidence import render_evidence
from ui.rendering_sections import (
    INDICATOR_COLUMNS,
    NUMERIC,
    link_to,
    number_of,
    printed_forms,
    render_citations,
    render_citing,
    render_doubts,
    render_fact,
    render_facts,
    render_grid,
    render_indicators,
    render_neighbours,
    render_other_years,
    render_proof_button,
    render_proven,
    render_quiet,
    render_titled,
    wan_of,
    with_year,
    year_of,
)
from ui.service import Knowledge
from ui.wording import kind_word, property_word, relation_word

SUMMARY = (
    "year",
    "document_type",
    "category",
    "budget_year",
    "budget_total",
    "budget_adjusted",
    "executed",
    "execution_rate",
    "total_score",
    "grade",
    "number",
    "title",
    "kind",
    "aliases",
    "number_variants",
    "level1",
    "level2",
    "level3",
    "target_text",
    "actual_text",
    "score",
    "start_date",
    "end_date",
    "media_type",
)
PROJECT_FACTS = (
    "year",
    "document_type",
    "category",
    "performance_type",
    "project_nature",
    "start_date",
    "end_date",
    "government_procurement",
)
MONEY_FACTS = (
    "budget_total",
    "budget_year",
    "previous_budget",
    "previous_executed",
    "budget_initial",
    "budget_adjusted",
    "executed",
    "execution_rate",
    "execution_weight",
    "execution_score",
    "total_score",
    "grade",
)


def render_summary(knowledge: Knowledge, entity: Entity) -> Html:
    """What stands beside the graph for the chosen node."""
    facts = [(heading, visible(value)) for _, heading, value in property_rows(entity, SUMMARY)]
    counts: dict[str, int] = {}
    for edge in knowledge.edges(entity.id):
        name = relation_word(edge.type)
        counts[name] = counts.get(name, 0) + 1
    relations = [element("li", {}, f"{name}：{count}") for name, count in sorted(counts.items(), key=lambda kv: -kv[1])]
    badge = element("span", {"class": "jx-badge"}, kind_word(entity.type))
    return join(
        [
            element("h3", {}, visible(entity.label), badge),
            render_facts([render_fact(name, value) for name, value in facts]) if facts else NOTHING,
            element("h4", {"style": "margin-top:10px"}, "关系"),
            element("ul", {"class": "jx-list"}, *relations) if relations else render_quiet("没有关系。"),
        ]
    )


def render_page(knowledge: Knowledge, entity: Entity) -> Html:
    """The page of an entity, by its kind."""
    match entity.type:
        case EntityType.PROJECT:
            body = _project(knowledge, entity)
        case EntityType.POLICY:
            body = _policy(knowledge, entity)
        case EntityType.UNIT:
            body = _unit(knowledge, entity)
        case EntityType.INDICATOR:
            name = str(entity.properties.get("level3", entity.label))
            return render_indicator_page(knowledge, name)
        case EntityType.TASK | EntityType.SOURCE:
            body = _other(knowledge, entity)
    doubts = doubts_at(knowledge, [*entity.sources, *(s for places in entity.evidence.values() for s in places)])
    return element("article", {"class": "jx-page"}, _head(entity), *body, render_doubts(doubts))


def _head(entity: Entity) -> Html:
    return join(
        [
            element("h2", {}, visible(entity.label), element("span", {"class": "jx-badge"}, kind_word(entity.type))),
            element(
                "p",
                {"class": "jx-acts"},
                button("在图谱中查看", "network", {"id": entity.id, "tab": "图谱"}, strong=True),
                button("复制链接", "link", {"key": "id", "value": entity.id}),
                button("打印", "print"),
            ),
        ]
    )


def _project(knowledge: Knowledge, project: Entity) -> list[Html]:
    edges = knowledge.edges(project.id)
    units = [
        (relation_word(edge.type) + "单位", unit)
        for edge in edges
        if edge.target == project.id and (unit := knowledge.entity(edge.source)) and unit.type is EntityType.UNIT
    ]
    facts = [render_proven(project, name) for name in PROJECT_FACTS if name in project.properties]
    facts += [render_fact(role, link_to(unit)) for role, unit in units]
    return [
        render_titled("基本信息", render_facts(facts)),
        render_titled(
            "资金与得分",
            render_facts([render_proven(project, n) for n in MONEY_FACTS if n in project.properties]),
        )
        if any(name in project.properties for name in MONEY_FACTS)
        else NOTHING,
        *[
            render_titled(
                property_word(name),
                element("div", {"class": "jx-prose"}, visible(str(project.properties[name]))),
                proof=(project, name),
            )
            for name in SECTIONS
            if name in project.properties
        ],
        render_indicators(knowledge, edges),
        render_citations(knowledge, [e for e in edges if e.type is EdgeType.CITES]),
        render_neighbours(knowledge, project, EdgeType.HAS_TASK, "子项目"),
        render_other_years(knowledge, project, edges),
        render_neighbours(knowledge, project, EdgeType.MENTIONS, "文中提及的单位"),
        render_neighbours(knowledge, project, EdgeType.DESCRIBED_IN, "来源文件"),
    ]


def _policy(knowledge: Knowledge, policy: Entity) -> list[Html]:
    edges = knowledge.edges(policy.id)
    names = ("number", "title", "issuer_code", "year", "serial", "kind", "aliases", "number_variants")
    cites = [edge for edge in edges if edge.type is EdgeType.CITES and edge.target == policy.id]
    projects = {e.source: p for e in cites if (p := knowledge.entity(e.source)) is not None}
    budgets = [amount for p in projects.values() if (amount := project_budget(p)) is not None]
    rests = f"以它为依据的项目 {len(projects)} 个"
    if budgets:
        rests += f"，其中 {len(budgets)} 个有预算数，合计 {render_money(sum(budgets, Decimal(0)))}"
    spellings = sorted({form for e in cites for form in (*printed_forms(e), *(s.quote for s in e.sources))})
    return [
        render_titled(
            "文件信息",
            render_facts([render_proven(policy, n) for n in names if n in policy.properties]),
        ),
        render_titled("引用情况", element("p", {}, f"{rests}。"), render_citing(knowledge, cites)),
        render_titled(
            "原文中的各种写法", element("ul", {"class": "jx-list"}, *[element("li", {}, visible(s)) for s in spellings])
        )
        if spellings
        else NOTHING,
        render_neighbours(knowledge, policy, EdgeType.ISSUED_BY, "发文单位"),
    ]


def _unit(knowledge: Knowledge, unit: Entity) -> list[Html]:
    edges = knowledge.edges(unit.id)
    roles: dict[EntityId, list[str]] = {}
    for edge in edges:
        if edge.source == unit.id and edge.type in (EdgeType.DECLARES, EdgeType.SUPERVISES, EdgeType.IMPLEMENTS):
            roles.setdefault(edge.target, []).append(relation_word(edge.type))
    projects = [(p, words) for i, words in roles.items() if (p := knowledge.entity(i)) is not None]
    projects.sort(key=lambda pair: (-(year_of(pair[0]) or 0), pair[0].label))
    rows = [
        [
            link_to(project),
            str(year_of(project) or ""),
            "、".join(words),
            wan_of(project_budget(project)),
            wan_of(to_decimal(project.properties.get("executed"))),
            number_of(to_decimal(project.properties.get("execution_rate"))),
        ]
        for project, words in projects
    ]
    heads = ("项目", "年度", "角色", "预算（万元）", "执行（万元）", "执行率（%）")
    aliases = [render_proven(unit, name) for name in ("name", "aliases") if name in unit.properties]
    return [
        render_titled("名称", render_facts(aliases)) if aliases else NOTHING,
        render_titled(f"项目（{len(rows)} 个）", render_grid(heads, rows, numeric=(1, 3, 4, 5))),
        render_neighbours(knowledge, unit, EdgeType.RENAMED_TO, "疑似更名"),
        render_neighbours(knowledge, unit, EdgeType.ISSUED_BY, "发布的文件"),
        render_neighbours(knowledge, unit, EdgeType.MENTIONS, "提及它的项目"),
    ]


def _other(knowledge: Knowledge, entity: Entity) -> list[Html]:
    facts = [render_fact(heading, visible(value)) for _, heading, value in property_rows(entity, entity.properties)]
    is_task = entity.type is EntityType.TASK
    owner = EdgeType.HAS_TASK if is_task else EdgeType.DESCRIBED_IN
    return [
        render_facts(facts),
        render_neighbours(knowledge, entity, owner, "所属项目" if is_task else "文中的项目"),
        render_titled("原文", *blocks_of(knowledge, entity.id, entity.sources[:5])) if entity.sources else NOTHING,
    ]


def render_indicator_page(knowledge: Knowledge, name: str) -> Html:
    """An indicator's name across projects: targets and actuals side by side."""
    found = [
        (with_year(project), project, indicator)
        for indicator in knowledge.of_type(EntityType.INDICATOR)
        if str(indicator.properties.get("level3", indicator.label)) == name
        for edge in knowledge.edges(indicator.id)
        if edge.type is EdgeType.HAS_INDICATOR and (project := knowledge.entity(edge.source)) is not None
    ]
    found.sort(key=lambda row: (row[0], row[2].id))
    columns = [c for c in INDICATOR_COLUMNS if c != "level3" and any(c in x.properties for _, _, x in found)]
    rows = [
        [
            link_to(project, words),
            *(visible(str(indicator.properties.get(column, ""))) for column in columns),
            render_proof_button(indicator, "level3"),
        ]
        for words, project, indicator in found
    ]
    heads = ["项目", *map(property_word, columns), "出处"]
    numeric = [at for at, column in enumerate(columns, start=1) if column in NUMERIC]
    acts = element(
        "p",
        {"class": "jx-acts"},
        button("复制链接", "link", {"key": "indicator", "value": name}),
        button("打印", "print"),
    )
    badge = element("span", {"class": "jx-badge"}, "绩效指标")
    return element(
        "article",
        {"class": "jx-page"},
        element("h2", {}, visible(name), badge),
        acts,
        render_titled(f"在各项目中的目标与完成（{len(rows)} 条）", render_grid(heads, rows, numeric)),
    )


def render_proof(knowledge: Knowledge, entity: Entity, name: str) -> Html:
    """Where one property of an entity stands; the entity's own places where the property has none of its own."""
    places: Sequence[Source] = entity.evidence.get(name) or entity.sources
    title = (
        f"{property_word(name)}：{render_value(name, entity.properties[name])}"
        if name in entity.properties
        else entity.label
    )
    short = title if len(title) <= 60 else property_word(name)
    return render_evidence(short, blocks_of(knowledge, entity.id, places), total=len(places))
