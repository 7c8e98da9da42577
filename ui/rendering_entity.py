"""Entity as markup: a summary beside the graph, a page each for project, policy document, unit and indicator name."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from graph.model import Edge, EdgeType, Entity, EntityId, EntityType, Source
from ingest.model import SECTIONS
from ui.markup import NOTHING, Html, element, join
from ui.overview import project_budget
from ui.rendering import property_rows, render_money, render_number, render_value, to_decimal, visible
from ui.rendering_answer import blocks_of, button, doubts_at
from ui.rendering_evidence import render_evidence
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
INDICATOR_COLUMNS = ("level1", "level2", "level3", "target_text", "actual_text", "weight", "score", "deviation_reason")
NUMERIC = frozenset({"weight", "score"})
MAX_DOUBTS = 40


def link_to(entity: Entity, text: str = "") -> Html:
    """The entity's name, leading to its page."""
    attributes = {"type": "button", "class": "jx-link", "data-act": "entity", "data-id": entity.id}
    return element("button", attributes, visible(text or entity.label))


def with_year(project: Entity) -> str:
    """Name and year of a project."""
    year = project.properties.get("year")
    return f"{project.label}（{year} 年）" if year and str(year) not in project.label else project.label


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
            element("dl", {"class": "jx-facts"}, *[_fact(name, value) for name, value in facts]) if facts else NOTHING,
            element("h4", {"style": "margin-top:10px"}, "关系"),
            element("ul", {"class": "jx-list"}, *relations) if relations else _quiet("没有关系。"),
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
    return element("article", {"class": "jx-page"}, _head(entity), *body, _doubt_list(doubts))


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
    facts = [_proven(project, name) for name in PROJECT_FACTS if name in project.properties]
    facts += [_fact(role, link_to(unit)) for role, unit in units]
    return [
        _titled("基本信息", element("dl", {"class": "jx-facts"}, *facts)),
        _titled(
            "资金与得分",
            element(
                "dl", {"class": "jx-facts"}, *[_proven(project, n) for n in MONEY_FACTS if n in project.properties]
            ),
        )
        if any(name in project.properties for name in MONEY_FACTS)
        else NOTHING,
        *[
            _titled(
                property_word(name),
                element("div", {"class": "jx-prose"}, visible(str(project.properties[name]))),
                proof=(project, name),
            )
            for name in SECTIONS
            if name in project.properties
        ],
        _indicators(knowledge, edges),
        _citations(knowledge, [e for e in edges if e.type is EdgeType.CITES]),
        _neighbours(knowledge, project, edges, EdgeType.HAS_TASK, "子项目"),
        _other_years(knowledge, project, edges),
        _neighbours(knowledge, project, edges, EdgeType.MENTIONS, "文中提及的单位"),
        _neighbours(knowledge, project, edges, EdgeType.DESCRIBED_IN, "来源文件"),
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
    spellings = sorted(
        {s.quote for e in cites for s in e.sources} | {str(e.properties.get("surface", "")) for e in cites} - {""}
    )
    return [
        _titled(
            "文件信息",
            element("dl", {"class": "jx-facts"}, *[_proven(policy, n) for n in names if n in policy.properties]),
        ),
        _titled("引用情况", element("p", {}, f"{rests}。"), _citing(knowledge, cites)),
        _titled(
            "原文中的各种写法", element("ul", {"class": "jx-list"}, *[element("li", {}, visible(s)) for s in spellings])
        )
        if spellings
        else NOTHING,
        _neighbours(knowledge, policy, edges, EdgeType.ISSUED_BY, "发文单位"),
    ]


def _unit(knowledge: Knowledge, unit: Entity) -> list[Html]:
    edges = knowledge.edges(unit.id)
    roles: dict[EntityId, list[str]] = {}
    for edge in edges:
        if edge.source == unit.id and edge.type in (EdgeType.DECLARES, EdgeType.SUPERVISES, EdgeType.IMPLEMENTS):
            roles.setdefault(edge.target, []).append(relation_word(edge.type))
    projects = [(p, words) for i, words in roles.items() if (p := knowledge.entity(i)) is not None]
    projects.sort(key=lambda pair: (-(_year(pair[0]) or 0), pair[0].label))
    rows = [
        [
            link_to(project),
            str(_year(project) or ""),
            "、".join(words),
            _money(project_budget(project)),
            _money(to_decimal(project.properties.get("executed"))),
            _plain(to_decimal(project.properties.get("execution_rate"))),
        ]
        for project, words in projects
    ]
    heads = ("项目", "年度", "角色", "预算（万元）", "执行（万元）", "执行率（%）")
    aliases = [_proven(unit, name) for name in ("name", "aliases") if name in unit.properties]
    return [
        _titled("名称", element("dl", {"class": "jx-facts"}, *aliases)) if aliases else NOTHING,
        _titled(f"项目（{len(rows)} 个）", _grid(heads, rows, numeric=(3, 4, 5))),
        _neighbours(knowledge, unit, edges, EdgeType.RENAMED_TO, "更名"),
        _neighbours(knowledge, unit, edges, EdgeType.ISSUED_BY, "发布的文件"),
        _neighbours(knowledge, unit, edges, EdgeType.MENTIONS, "提及它的项目"),
    ]


def _other(knowledge: Knowledge, entity: Entity) -> list[Html]:
    facts = [_fact(heading, visible(value)) for _, heading, value in property_rows(entity, entity.properties)]
    edges = knowledge.edges(entity.id)
    owner = EdgeType.HAS_TASK if entity.type is EntityType.TASK else EdgeType.DESCRIBED_IN
    return [
        element("dl", {"class": "jx-facts"}, *facts),
        _neighbours(knowledge, entity, edges, owner, "所属项目" if entity.type is EntityType.TASK else "文中的项目"),
        _titled("原文", *blocks_of(knowledge, entity.id, entity.sources[:5])) if entity.sources else NOTHING,
    ]


def render_indicator_page(knowledge: Knowledge, name: str) -> Html:
    """An indicator's name across projects: targets and actuals side by side."""
    rows = []
    for indicator in knowledge.of_type(EntityType.INDICATOR):
        if str(indicator.properties.get("level3", indicator.label)) != name:
            continue
        owners = [e.source for e in knowledge.edges(indicator.id) if e.type is EdgeType.HAS_INDICATOR]
        for project in filter(None, map(knowledge.entity, owners)):
            texts = [
                visible(render_value("", v)) if (v := indicator.properties.get(c)) is not None else ""
                for c in INDICATOR_COLUMNS
                if c != "level3"
            ]
            rows.append(
                (with_year(project), [link_to(project, with_year(project)), *texts, _proof_button(indicator, "level3")])
            )
    rows.sort(key=lambda row: row[0])
    heads = ["项目", *(property_word(c) for c in INDICATOR_COLUMNS if c != "level3"), "出处"]
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
        _titled(f"在各项目中的目标与完成（{len(rows)} 条）", _grid(heads, [cells for _, cells in rows])),
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


# pieces


def _year(entity: Entity) -> int | None:
    year = entity.properties.get("year")
    return year if isinstance(year, int) and not isinstance(year, bool) else None


def _money(amount: Decimal | None) -> str:
    return render_money(amount).partition(" 万元")[0] if amount is not None else ""


def _plain(number: Decimal | None) -> str:
    return render_number(number) if number is not None else ""


def _quiet(text: str) -> Html:
    return element("p", {"class": "jx-quiet"}, text)


def _fact(name: str, *value: str) -> Html:
    return element("div", {}, element("dt", {}, name), element("dd", {}, *value))


def _proof_button(entity: Entity, name: str) -> Html:
    attributes = {
        "type": "button",
        "class": "jx-link jx-where",
        "data-act": "proof",
        "data-id": entity.id,
        "data-name": name,
    }
    return element("button", attributes, "出处")


def _proven(entity: Entity, name: str) -> Html:
    value = visible(render_value(name, entity.properties[name]))
    where = _proof_button(entity, name) if entity.evidence.get(name) else NOTHING
    return _fact(property_word(name), value, where)


def _titled(title: str, *body: str, proof: tuple[Entity, str] | None = None) -> Html:
    where = _proof_button(*proof) if proof and proof[0].evidence.get(proof[1]) else NOTHING
    return element("section", {}, element("h3", {}, title, element("small", {}, where) if where else NOTHING), *body)


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int] = ()) -> Html:
    if not rows:
        return _quiet("没有。")
    head = element("tr", {}, *[element("th", {"scope": "col"}, h) for h in heads])
    body = [
        element(
            "tr", {}, *[element("td", {"class": "jx-num"} if i in numeric else {}, cell) for i, cell in enumerate(row)]
        )
        for row in rows
    ]
    table = element("table", {"class": "jx-plain"}, element("thead", {}, head), element("tbody", {}, *body))
    return element("div", {"class": "jx-scroll"}, table)


def _indicators(knowledge: Knowledge, edges: Sequence[Edge]) -> Html:
    found = [x for e in edges if e.type is EdgeType.HAS_INDICATOR and (x := knowledge.entity(e.target)) is not None]
    if not found:
        return NOTHING
    found.sort(key=lambda x: (x.sources[0].document, x.sources[0].start) if x.sources else ("", 0))
    columns = [c for c in INDICATOR_COLUMNS if any(c in x.properties for x in found)]
    rows = [
        [
            *[
                link_to(x, str(x.properties["level3"]))
                if c == "level3" and c in x.properties
                else visible(str(x.properties.get(c, "")))
                for c in columns
            ],
            _proof_button(x, "level3"),
        ]
        for x in found
    ]
    numeric = [i for i, c in enumerate(columns) if c in NUMERIC]
    return _titled(f"绩效指标（{len(rows)} 条）", _grid([*map(property_word, columns), "出处"], rows, numeric))


def _citations(knowledge: Knowledge, cites: Sequence[Edge]) -> Html:
    rows = []
    for edge in cites:
        policy = knowledge.entity(edge.target)
        if policy is None:
            continue
        doubt = (
            element("span", {"class": "jx-badge jx-doubt"}, "疑似笔误")
            if edge.properties.get("suspected_typo") is True
            else NOTHING
        )
        printed = str(edge.properties.get("surface") or (edge.sources[0].quote if edge.sources else ""))
        rows.append(
            [
                link_to(policy, str(policy.properties.get("title", policy.label))),
                visible(str(policy.properties.get("number", ""))),
                property_word(str(edge.properties.get("section", ""))),
                join([visible(printed), doubt]),
                _edge_button(edge),
            ]
        )
    if not rows:
        return NOTHING
    return _titled(f"引用的政策文件（{len(rows)} 份）", _grid(("文件", "文号", "所在栏目", "原文写法", "出处"), rows))


def _citing(knowledge: Knowledge, cites: Sequence[Edge]) -> Html:
    rows = []
    for edge in cites:
        project = knowledge.entity(edge.source)
        if project is None:
            continue
        doubt = (
            element("span", {"class": "jx-badge jx-doubt"}, "疑似笔误")
            if edge.properties.get("suspected_typo") is True
            else NOTHING
        )
        printed = str(edge.properties.get("surface") or (edge.sources[0].quote if edge.sources else ""))
        cells = [
            link_to(project),
            str(_year(project) or ""),
            property_word(str(edge.properties.get("section", ""))),
            join([visible(printed), doubt]),
            _money(project_budget(project)),
            _edge_button(edge),
        ]
        rows.append((-(_year(project) or 0), project.label, cells))
    rows.sort(key=lambda row: row[:2])
    heads = ("项目", "年度", "所在栏目", "原文写法", "预算（万元）", "出处")
    return _grid(heads, [cells for _, _, cells in rows], numeric=(4,))


def _edge_button(edge: Edge) -> Html:
    attributes = {"type": "button", "class": "jx-link jx-where", "data-act": "proof", "data-id": edge.id}
    return element("button", attributes, f"{len(edge.sources)} 处")


def _neighbours(knowledge: Knowledge, entity: Entity, edges: Sequence[Edge], relation: EdgeType, title: str) -> Html:
    ends = [e.target if e.source == entity.id else e.source for e in edges if e.type is relation]
    found = [x for i in dict.fromkeys(ends) if (x := knowledge.entity(i)) is not None]
    if not found:
        return NOTHING
    items = [element("li", {}, link_to(x, with_year(x) if x.type is EntityType.PROJECT else "")) for x in found]
    return _titled(f"{title}（{len(found)}）", element("ul", {"class": "jx-list"}, *items))


def _other_years(knowledge: Knowledge, project: Entity, edges: Sequence[Edge]) -> Html:
    rows = []
    for edge in edges:
        if edge.type is not EdgeType.SAME_PROGRAMME:
            continue
        other = knowledge.entity(edge.target if edge.source == project.id else edge.source)
        if other is not None:
            rows.append(
                [
                    link_to(other, with_year(other)),
                    _money(project_budget(other)),
                    visible(str(edge.properties.get("reason", ""))),
                    visible(str(edge.properties.get("confidence", ""))),
                ]
            )
    if not rows:
        return NOTHING
    return _titled("其他年度的同一项目", _grid(("项目", "预算（万元）", "理由", "可信度"), rows, numeric=(1,)))


def _doubt_list(doubts: Sequence[str]) -> Html:
    if not doubts:
        return NOTHING
    notes = [element("p", {"class": "jx-note"}, visible(doubt)) for doubt in doubts[:MAX_DOUBTS]]
    return _titled(f"读取疑点（{len(doubts)} 条）", *notes)
