"""Entity as markup: a summary beside the graph, and one page each for project, policy document, unit, indicator."""

from __future__ import annotations

from graph.model import Entity
from ui.markup import NOTHING, Html, element, join
from ui.rendering import render_value, visible
from ui.service import Knowledge
from ui.wording import say

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


def render_facts(facts: list[tuple[str, str]]) -> Html:
    """Pairs of heading and value as a grid."""
    return element(
        "dl",
        {"class": "jx-facts"},
        *[element("div", {}, element("dt", {}, name), element("dd", {}, visible(value))) for name, value in facts],
    )


def render_summary(knowledge: Knowledge, entity: Entity) -> Html:
    """What stands beside the graph for the chosen node."""
    facts = [(say("properties", n), render_value(n, entity.properties[n])) for n in SUMMARY if n in entity.properties]
    counts: dict[str, int] = {}
    for edge in knowledge.edges(entity.id):
        name = say("relations", edge.type.value)
        counts[name] = counts.get(name, 0) + 1
    relations = [element("li", {}, f"{name}：{count}") for name, count in sorted(counts.items(), key=lambda kv: -kv[1])]
    return join(
        [
            element(
                "h3", {}, visible(entity.label), element("span", {"class": "jx-badge"}, say("kinds", entity.type.value))
            ),
            render_facts(facts) if facts else NOTHING,
            element("h4", {"style": "margin-top:10px"}, "关系"),
            element("ul", {"class": "jx-list"}, *relations)
            if relations
            else element("p", {"class": "jx-quiet"}, "没有关系。"),
        ]
    )
