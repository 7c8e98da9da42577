"""The same programme over budget years: links with reason and confidence between projects of one body, no merges."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from rapidfuzz.distance import Indel

from graph.claims import make_claim
from graph.folding import merge_sources
from graph.lexicon import words_of
from graph.model import Claim, EdgeType, Entity, EntityId, Judgement, Ruling
from graph.places import fold_place
from graph.projects import ProjectForm
from graph.renaming import group_lives, proper_name
from graph.titles import figures, fold

_YEAR = re.compile(r"(?:19|20)\d{2}(?:年度|年)?")
_ALIKE = 0.85  # share of common letters of two cores from which they may be one programme
_LEAST_CORE = 4  # letters of a core that may be compared by likeness; shorter ones must be equal


@dataclass(slots=True)
class Programmes:
    """Links between projects as claims, with their judgements."""

    claims: list[Claim] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Link:
    earlier: ProjectForm
    later: ProjectForm
    confidence: float
    reason: str


def link_programmes(
    forms: Iterable[ProjectForm],
    projects: Mapping[str, EntityId],
    units: Iterable[Entity],
    lineage: Mapping[EntityId, EntityId],
) -> Programmes:
    """Links between projects of different years of one body (renamings followed) whose names agree.

    Names that are only alike are linked where each is the other's best match in its year. Work that two different units
    do is two programmes, even under one body.
    """
    result = Programmes()
    names = {unit.id: unit.label for unit in units}
    linked: set[tuple[EntityId, EntityId]] = set()
    for body, group in sorted(group_lives(lineage, forms).items()):
        own = {proper_name(name) for unit, name in names.items() if unit == body or lineage.get(unit) == body}
        by_year: dict[str, dict[EntityId, ProjectForm]] = defaultdict(dict)
        for form in group:
            if form.name and form.year.isdigit():
                by_year[form.year].setdefault(projects[form.mention.key], form)
        cores = {form.name: core_name(form.name, own) for year in by_year.values() for form in year.values()}
        for first, second in combinations(sorted(by_year), 2):
            for link in _links(list(by_year[first].values()), list(by_year[second].values()), cores, lineage):
                pair = projects[link.earlier.mention.key], projects[link.later.mention.key]
                if pair not in linked:
                    linked.add(pair)
                    _tell(link, pair, result)
    return result


def _tell(link: _Link, pair: tuple[EntityId, EntityId], result: Programmes) -> None:
    forms = (link.earlier, link.later)
    sources = merge_sources(source for form in forms for source in form.mention.sources)
    result.claims.append(
        make_claim(
            link.earlier.mention.key,
            EdgeType.SAME_PROGRAMME.value,
            link.later.mention.key,
            sources,
            raw=f"{link.earlier.mention.text('name')}（{link.earlier.year}、{link.later.year}）",
            rule="programmes.name",
            qualifiers={"reason": link.reason, "confidence": str(link.confidence)},
        )
    )
    result.judgements.append(
        Judgement(
            ruling=Ruling.CONTINUED,
            entities=pair,
            writings=tuple(f"{form.mention.text('name')}（{form.year}）" for form in forms),
            reason=link.reason,
            confidence=link.confidence,
            rule="programmes.name",
            sources=sources,
        )
    )


def core_name(name: str, own: Iterable[str] = ()) -> str:
    """What tells a programme from another: its name without year, province, its unit's own name and generic endings.

    >>> core_name("2023年甲桥商务区公共服务工作专项", ["甲桥商务区"])
    '公共服务'
    """
    text = fold_place(_YEAR.sub("", fold(name)))
    for proper in sorted(own, key=len, reverse=True):
        if len(text) > len(proper):
            text = text.removeprefix(proper)
    for ending in words_of("programmes", "generic_endings"):
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text[: -len(ending)]
    return text


def _links(
    earlier: list[ProjectForm],
    later: list[ProjectForm],
    cores: Mapping[str, str],
    lineage: Mapping[EntityId, EntityId],
) -> Iterator[_Link]:
    """Links between the projects of two years of one body: equal names, equal cores, then mutual best likeness."""
    named: dict[str, list[ProjectForm]] = defaultdict(list)
    cored: dict[str, list[ProjectForm]] = defaultdict(list)
    for form in later:
        named[form.name].append(form)
        cored[cores[form.name]].append(form)
    open_earlier, met = [], set()
    for form in earlier:
        core = cores[form.name]
        same = [other for other in named[form.name] if _one_doer(form, other, lineage)]
        alike = [other for other in cored[core] if len(core) > 1 and _one_doer(form, other, lineage)]
        for other in same or alike:
            met.add(other.mention.key)
            if same:
                yield _Link(form, other, 0.98, "同一单位，项目名称相同，年度不同")
            else:
                yield _Link(form, other, 0.9, f"同一单位，项目名称去掉年度、单位和通用词后同为“{core}”")
        if not (same or alike):
            open_earlier.append(form)
    open_later = [form for form in later if form.mention.key not in met]
    yield from _alike(open_earlier, open_later, cores, lineage)


def _alike(
    earlier: list[ProjectForm],
    later: list[ProjectForm],
    cores: Mapping[str, str],
    lineage: Mapping[EntityId, EntityId],
) -> Iterator[_Link]:
    def best(form: ProjectForm, others: list[ProjectForm]) -> tuple[float, ProjectForm | None]:
        scored = [
            (Indel.normalized_similarity(cores[form.name], cores[o.name], score_cutoff=_ALIKE), o) for o in others
        ]
        top = max((score for score, _ in scored), default=0.0)
        leading = [other for score, other in scored if score == top]
        return top, leading[0] if top >= _ALIKE and len(leading) == 1 else None

    for form in earlier:
        likeness, other = best(form, later)
        if other is None or best(other, earlier)[1] is not form:
            continue
        a, b = cores[form.name], cores[other.name]
        comparable = min(len(a), len(b)) >= _LEAST_CORE and figures(a) == figures(b)
        if comparable and _one_doer(form, other, lineage):
            reason = f"同一单位，项目名称相近（“{a}”与“{b}”），且互为最接近者"
            yield _Link(form, other, round(likeness * 0.9, 2), reason)


def _one_doer(a: ProjectForm, b: ProjectForm, lineage: Mapping[EntityId, EntityId]) -> bool:
    """Whether one body does the work of both forms, as far as they say."""
    one, two = (lineage.get(EntityId(form.doer), form.doer) for form in (a, b))
    return not one or not two or one == two
