"""Sections of an entity's page: facts with their proof, indicators, citations, neighbours, doubts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from graph.model import Edge, EdgeType, Entity, EntityType
from ui.markup import NOTHING, Html, element, join
from ui.overview import project_budget
from ui.rendering import render_number, render_value, render_wan, to_int, visible
from ui.service import Knowledge
from ui.wording import property_word

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


def year_of(entity: Entity) -> int | None:
    """The year, None where there is none."""
    return to_int(entity.properties.get("year"))


def wan_of(amount: Decimal | None) -> str:
    """An amount in 万元, "" for None."""
    return render_wan(amount) if amount is not None else ""


def number_of(number: Decimal | None) -> str:
    """A number, "" for None."""
    return render_number(number) if number is not None else ""


def render_quiet(text: str) -> Html:
    """A line in the soft colour."""
    return element("p", {"class": "jx-quiet"}, text)


def render_fact(name: str, *value: str) -> Html:
    """Heading and value of one cell of the facts."""
    return element("div", {}, element("dt", {}, name), element("dd", {}, *value))


def render_facts(facts: Sequence[Html]) -> Html:
    """Cells made by `render_fact` and `render_proven`."""
    return element("dl", {"class": "jx-facts"}, *facts)


def render_proof_button(entity: Entity, name: str) -> Html:
    """Shows where a property stands, when pressed."""
    attributes = {
        "type": "button",
        "class": "jx-link jx-where",
        "data-act": "proof",
        "data-id": entity.id,
        "data-name": name,
    }
    return element("button", attributes, "出处")


def render_proven(entity: Entity, name: str) -> Html:
    """A property with its button."""
    value = visible(render_value(name, entity.properties[name]))
    where = render_proof_button(entity, name) if entity.evidence.get(name) else NOTHING
    return render_fact(property_word(name, entity.type), value, where)


def render_titled(title: str, *body: str, proof: tuple[Entity, str] | None = None) -> Html:
    """A section of a page; `proof` puts a button beside its title."""
    where = render_proof_button(*proof) if proof and proof[0].evidence.get(proof[1]) else NOTHING
    return element("section", {}, element("h3", {}, title, element("small", {}, where) if where else NOTHING), *body)


def render_grid(heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int] = ()) -> Html:
    if not rows:
        return render_quiet("没有。")
    head = element("tr", {}, *[element("th", {"scope": "col"}, h) for h in heads])
    body = [
        element(
            "tr", {}, *[element("td", {"class": "jx-num"} if i in numeric else {}, cell) for i, cell in enumerate(row)]
        )
        for row in rows
    ]
    table = element("table", {"class": "jx-plain"}, element("thead", {}, head), element("tbody", {}, *body))
    return element("div", {"class": "jx-scroll"}, table)


def render_indicators(knowledge: Knowledge, edges: Sequence[Edge]) -> Html:
    """The indicator table of a project, in the order of its document."""
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
            render_proof_button(x, "level3"),
        ]
        for x in found
    ]
    numeric = [i for i, c in enumerate(columns) if c in NUMERIC]
    return render_titled(
        f"绩效指标（{len(rows)} 条）", render_grid([*map(property_word, columns), "出处"], rows, numeric)
    )


def render_citations(knowledge: Knowledge, cites: Sequence[Edge]) -> Html:
    """What a project cites, as read and as printed."""
    rows = []
    for edge in cites:
        policy = knowledge.entity(edge.target)
        if policy is None:
            continue
        rows.append(
            [
                link_to(policy, str(policy.properties.get("title", policy.label))),
                visible(str(policy.properties.get("number", ""))),
                section_of(edge),
                render_printed(edge),
                render_edge_button(edge),
            ]
        )
    if not rows:
        return NOTHING
    return render_titled(
        f"引用的政策文件（{len(rows)} 份）", render_grid(("文件", "文号", "所在栏目", "原文写法", "出处"), rows)
    )


def render_citing(knowledge: Knowledge, cites: Sequence[Edge]) -> Html:
    """Who cites a policy document, where and how printed."""
    rows = []
    for edge in cites:
        project = knowledge.entity(edge.source)
        if project is None:
            continue
        cells = [
            link_to(project),
            str(year_of(project) or ""),
            section_of(edge),
            render_printed(edge),
            wan_of(project_budget(project)),
            render_edge_button(edge),
        ]
        rows.append((-(year_of(project) or 0), project.label, cells))
    rows.sort(key=lambda row: row[:2])
    heads = ("项目", "年度", "所在栏目", "原文写法", "预算（万元）", "出处")
    return render_grid(heads, [cells for _, _, cells in rows], numeric=(1, 4))


def section_of(edge: Edge) -> str:
    """The sections that a citation stands in, by their Chinese headings."""
    return render_value("section", edge.properties["section"]) if "section" in edge.properties else ""


def printed_forms(edge: Edge) -> tuple[str, ...]:
    """How a citation is printed, each writing once; its quotes where the graph names none."""
    surface = edge.properties.get("surface") or tuple(source.quote for source in edge.sources)
    return tuple(dict.fromkeys(surface if isinstance(surface, tuple) else (str(surface),)))


def render_printed(edge: Edge) -> Html:
    """The printed forms of a citation, with the doubt whether they are misprints."""
    doubted = edge.properties.get("suspected_typo") is True
    note = visible(str(edge.properties.get("typo_note", "")))
    badge = element("span", {"class": "jx-badge jx-doubt", "title": note}, "疑似笔误") if doubted else NOTHING
    return join(["；".join(map(visible, printed_forms(edge))), badge])


def render_edge_button(edge: Edge) -> Html:
    """Shows where a relation stands, when pressed."""
    attributes = {"type": "button", "class": "jx-link jx-where", "data-act": "proof", "data-id": edge.id}
    return element("button", attributes, f"{len(edge.sources)} 处")


def render_neighbours(knowledge: Knowledge, entity: Entity, relation: EdgeType, title: str) -> Html:
    """Entities at the other end of one relation."""
    edges = knowledge.edges(entity.id)
    ends = [e.target if e.source == entity.id else e.source for e in edges if e.type is relation]
    found = [x for i in dict.fromkeys(ends) if (x := knowledge.entity(i)) is not None]
    if not found:
        return NOTHING
    items = [element("li", {}, link_to(x, with_year(x) if x.type is EntityType.PROJECT else "")) for x in found]
    return render_titled(f"{title}（{len(found)}）", element("ul", {"class": "jx-list"}, *items))


def render_other_years(knowledge: Knowledge, project: Entity, edges: Sequence[Edge]) -> Html:
    """The same programme in other years, with the reason why it is taken for the same."""
    rows = []
    for edge in edges:
        if edge.type is not EdgeType.SAME_PROGRAMME:
            continue
        other = knowledge.entity(edge.target if edge.source == project.id else edge.source)
        if other is not None:
            rows.append(
                [
                    link_to(other, with_year(other)),
                    wan_of(project_budget(other)),
                    visible(str(edge.properties.get("reason", ""))),
                    visible(str(edge.properties.get("confidence", ""))),
                ]
            )
    if not rows:
        return NOTHING
    return render_titled(
        "其他年度的同一项目", render_grid(("项目", "预算（万元）", "理由", "可信度"), rows, numeric=(1,))
    )


def render_doubts(doubts: Sequence[str]) -> Html:
    """Warnings of reading."""
    if not doubts:
        return NOTHING
    notes = [element("p", {"class": "jx-note"}, visible(doubt)) for doubt in doubts[:MAX_DOUBTS]]
    return render_titled(f"读取疑点（{len(doubts)} 条）", *notes)
