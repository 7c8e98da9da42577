"""Units that bear another name later. Never a merge: an edge with its reason, so that both names find both.

The rule: one name is the other with words put in or taken out at one place, the ending of the body the same; the years
do not overlap; and something goes on, such as projects of the later unit that still carry the earlier unit's own name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import permutations

from rapidfuzz.distance import Postfix, Prefix

from graph.claims import make_claim
from graph.folding import merge_sources
from graph.model import Claim, EdgeType, Entity, EntityId, Judgement, Ruling, Source
from graph.organisations import words_in
from graph.places import without_province
from graph.projects import ProjectForm

_LEAST_PROPER = 3  # letters of a unit's own name, between place and ending
_MOST_CHANGED = 10  # letters put in or taken out
_LEADING = (EdgeType.DECLARES, EdgeType.SUPERVISES)


@dataclass(slots=True)
class Life:
    """The years in which a unit leads projects, and those projects."""

    unit: Entity
    key: str = ""
    years: set[int] = field(default_factory=set)
    forms: list[ProjectForm] = field(default_factory=list)


@dataclass(slots=True)
class Renamings:
    """Edges as claims, their judgements, and which units are one body over time (id to the earliest id)."""

    claims: list[Claim] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    lineage: dict[EntityId, EntityId] = field(default_factory=dict)


def find_renamings(
    units: Iterable[Entity], forms: Iterable[ProjectForm], mention_of: Mapping[EntityId, str]
) -> Renamings:
    """Renamings among the units that lead projects. `mention_of` gives a mention key for each unit."""
    result = Renamings()
    lives = _lives(units, forms, mention_of)
    pairs = [(a, b) for a, b in permutations(lives, 2) if max(a.years) < min(b.years) and _one_change(a.unit, b.unit)]
    for earlier, later in pairs:
        if any(
            other is not earlier and other.unit.id != later.unit.id and _between(earlier, other, later)
            for _, other in pairs
        ):
            continue
        _judge(earlier, later, result)
    return result


def proper_name(name: str) -> str:
    """A unit's own name, without province and ending.

    >>> proper_name("上海甲桥商务区管理委员会")
    '甲桥商务区'
    """
    rest = without_province(name)
    ending = _ending(rest)
    proper = rest[: -len(ending)] if ending else rest
    return proper.removesuffix("管理")


def _lives(units: Iterable[Entity], forms: Iterable[ProjectForm], mention_of: Mapping[EntityId, str]) -> list[Life]:
    known = {unit.id: unit for unit in units}
    lives: dict[EntityId, Life] = {}
    for form in forms:
        for role in _LEADING:
            unit = known.get(form.units.get(role, EntityId("")))
            if unit is not None and form.year.isdigit() and unit.id in mention_of:
                life = lives.setdefault(unit.id, Life(unit, mention_of[unit.id]))
                life.years.add(int(form.year))
                life.forms.append(form)
    return [lives[key] for key in sorted(lives)]


def _between(a: Life, b: Life, c: Life) -> bool:
    """Whether a was called b before it was called c."""
    return max(a.years) < min(b.years) and max(b.years) < min(c.years) and _one_change(a.unit, b.unit)


def _one_change(a: Entity, b: Entity) -> bool:
    """Whether one name becomes the other by words put in at one place, before the same ending."""
    short, long = sorted((a.label, b.label), key=len)
    ending = _ending(short)
    if len(short) == len(long) or not ending or _ending(long) != ending or len(proper_name(short)) < _LEAST_PROPER:
        return False
    head = Prefix.similarity(short, long)
    tail = Postfix.similarity(short, long)
    changed = len(long) - len(short)
    own = len(without_province(short)) - len(ending)
    kept_at_head = head - (len(short) - len(without_province(short)))
    return head + tail >= len(short) and changed <= _MOST_CHANGED and own > 0 and kept_at_head >= 1


def _ending(name: str) -> str:
    return max((ending for ending in words_in("closing") if name.endswith(ending)), key=len, default="")


def _judge(earlier: Life, later: Life, result: Renamings) -> None:
    old, new = earlier.unit, later.unit
    proper = proper_name(old.label)
    carrying = [f for f in later.forms if proper in f.name and proper not in new.label]
    known = {f.name for f in earlier.forms}
    continuing = [f for f in later.forms if f.name in known]
    years = f"前者见于{_span(earlier.years)}，后者见于{_span(later.years)}"
    evidence = {f.mention.key: f for f in (*continuing, *carrying)}
    sources = merge_sources(
        (*_first(old), *_first(new), *(s for f in list(evidence.values())[:3] for s in f.mention.sources))
    )
    writings = (old.label, new.label)
    if not evidence:
        reason = f"名称只差一处增字，{years}，但没有延续的项目可以佐证，未认定为更名"
        result.judgements.append(
            Judgement(
                ruling=Ruling.SUSPECTED,
                entities=(old.id, new.id),
                writings=writings,
                reason=reason,
                confidence=0.5,
                rule="renaming.insertion",
                sources=sources,
            )
        )
        return
    confidence = round(min(0.95, 0.75 + 0.05 * len(evidence)), 2)
    shown = f"后者有{len(carrying)}个项目名称仍带“{proper}”" if carrying else f"有{len(continuing)}个同名项目延续"
    reason = f"名称只差一处增字，{years}，没有重叠；{shown}"
    result.claims.append(
        make_claim(
            earlier.key,
            EdgeType.RENAMED_TO.value,
            later.key,
            sources,
            raw=f"{old.label}→{new.label}",
            rule="renaming.insertion",
            qualifiers={"reason": reason, "confidence": str(confidence)},
        )
    )
    result.judgements.append(
        Judgement(
            ruling=Ruling.RENAMED,
            entities=(old.id, new.id),
            writings=writings,
            reason=reason,
            confidence=confidence,
            rule="renaming.insertion",
            sources=sources,
        )
    )
    result.lineage[new.id] = result.lineage.get(old.id, old.id)


def _first(unit: Entity) -> tuple[Source, ...]:
    return unit.evidence.get("name", unit.sources)[:1]


def _span(years: set[int]) -> str:
    first, last = min(years), max(years)
    return f"{first}年" if first == last else f"{first}至{last}年"


def group_lives(lineage: Mapping[EntityId, EntityId], forms: Iterable[ProjectForm]) -> dict[str, list[ProjectForm]]:
    """Forms by each body over time that stands on them; a form stands under every unit it names."""
    grouped: dict[str, list[ProjectForm]] = defaultdict(list)
    for form in forms:
        for unit in dict.fromkeys(lineage.get(u, u) for u in form.units.values()):
            grouped[unit].append(form)
    return grouped
