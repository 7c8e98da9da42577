"""Example questions for the chips, made of what the open snapshot holds: no name of any document is written here."""

from __future__ import annotations

from collections.abc import Iterable
from string import Formatter

from graph.model import EdgeType, Entity, EntityType
from ui.keeping import kept_with_knowledge
from ui.rendering import to_decimal
from ui.service import Knowledge
from ui.wording import examples

LONG = 24  # names beyond this make poor chips


@kept_with_knowledge
def example_questions(knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """(label, question) for each template whose places the snapshot can fill, in the order of the word list."""
    words = example_words(knowledge)
    return tuple(
        (label, template.format_map(words))
        for label, template in examples()
        if all(name in words for _, name, _, _ in Formatter().parse(template) if name)
    )


def example_words(knowledge: Knowledge) -> dict[str, str]:
    """What the templates may speak of: best connected first, ties by label."""
    words: dict[str, str] = {}
    policies = _by_degree(knowledge, knowledge.of_type(EntityType.POLICY), EdgeType.CITES)
    numbered = [str(p.properties["number"]) for p in policies if "number" in p.properties]
    titled = [str(p.properties["title"]) for p in policies if "title" in p.properties]
    words |= dict(zip(("number", "other_number"), numbered, strict=False))
    if short := next((title for title in titled if len(title) <= LONG and "《" not in title), None):
        words["title"] = short
    projects = knowledge.of_type(EntityType.PROJECT)
    if citing := next((p for p in _by_degree(knowledge, projects, EdgeType.CITES) if len(_name(p)) <= LONG), None):
        words["project"] = _name(citing)
    if unit := next(iter(_by_degree(knowledge, knowledge.of_type(EntityType.UNIT), EdgeType.DECLARES)), None):
        words["unit"] = unit.label
    years = sorted({year for p in projects if isinstance(year := p.properties.get("year"), int)})
    if years:
        words["year"] = str(years[-1])
    words |= _amount(projects)
    if rated := [
        y for p in projects if "execution_rate" in p.properties and isinstance(y := p.properties.get("year"), int)
    ]:
        words["evaluated_year"] = str(max(rated))
    words |= _indicator(knowledge, projects)
    return words


def _name(entity: Entity) -> str:
    return str(entity.properties.get("name", entity.label))


def _by_degree(knowledge: Knowledge, entities: Iterable[Entity], relation: EdgeType) -> list[Entity]:
    counted = [(sum(e.type is relation for e in knowledge.edges(x.id)), x) for x in entities]
    return [x for count, x in sorted(counted, key=lambda pair: (-pair[0], pair[1].label)) if count]


def _amount(projects: Iterable[Entity]) -> dict[str, str]:
    """A year with budgets and an amount in 万元 that about half of its projects exceed."""
    found = [
        (year, amount)
        for p in projects
        if isinstance(year := p.properties.get("year"), int)
        and (amount := to_decimal(p.properties.get("budget_year"))) is not None
    ]
    if not found:
        return {}
    latest = max(year for year, _ in found)
    amounts = sorted(amount for year, amount in found if year == latest)
    middle = int(amounts[len(amounts) // 2] / 10_000)
    rounded = max(1, middle // 10 * 10 if middle >= 20 else middle)
    return {"target_year": str(latest), "amount": str(rounded)}


def _indicator(knowledge: Knowledge, projects: Iterable[Entity]) -> dict[str, str]:
    for project in projects:
        if len(_name(project)) > LONG:
            continue
        for edge in knowledge.edges(project.id):
            indicator = knowledge.entity(edge.target) if edge.type is EdgeType.HAS_INDICATOR else None
            if indicator and "target_value" in indicator.properties and "level3" in indicator.properties:
                return {"indicator_project": _name(project), "indicator": str(indicator.properties["level3"])}
    return {}
