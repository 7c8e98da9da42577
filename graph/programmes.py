"""The same programme over budget years: links with reason and confidence between projects of one body, no merges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
class _Likeness:
    confidence: float
    reason: str


def link_programmes(
    forms: Iterable[ProjectForm],
    projects: Mapping[str, EntityId],
    units: Iterable[Entity],
    lineage: Mapping[EntityId, EntityId],
) -> Programmes:
    """Links between projects of different years of one body (renamings followed) whose names agree.

    Names that are only alike are linked where each is the other's best match in its year.
    """
    result = Programmes()
    names = {unit.id: unit.label for unit in units}
    linked: set[tuple[EntityId, EntityId]] = set()
    for body, group in sorted(group_lives(lineage, forms).items()):
        own = {proper_name(name) for unit, name in names.items() if unit == body or lineage.get(unit) == body}
        usable = [form for form in group if form.name and form.year.isdigit()]
        cores = {form.mention.key: core_name(form.name, own) for form in usable}
        for earlier, later in _pairs(usable):
            pair = projects[earlier.mention.key], projects[later.mention.key]
            likeness = _compare(earlier, later, cores, usable)
            if likeness is None or pair in linked:
                continue
            linked.add(pair)
            sources = merge_sources((*earlier.mention.sources, *later.mention.sources))
            result.claims.append(
                make_claim(
                    earlier.mention.key,
                    EdgeType.SAME_PROGRAMME.value,
                    later.mention.key,
                    sources,
                    raw=f"{earlier.mention.text('name')}（{earlier.year}、{later.year}）",
                    rule="programmes.name",
                    qualifiers={"reason": likeness.reason, "confidence": str(likeness.confidence)},
                )
            )
            result.judgements.append(
                Judgement(
                    ruling=Ruling.CONTINUED,
                    entities=pair,
                    writings=tuple(f"{f.mention.text('name')}（{f.year}）" for f in (earlier, later)),
                    reason=likeness.reason,
                    confidence=likeness.confidence,
                    rule="programmes.name",
                    sources=sources,
                )
            )
    return result


def core_name(name: str, own: Iterable[str] = ()) -> str:
    """What tells a programme from another: its name without year, province, its unit's own name and generic endings.

    >>> core_name("2023年虹桥商务区公共服务工作专项", ["虹桥商务区"])
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


def _pairs(forms: list[ProjectForm]) -> Iterable[tuple[ProjectForm, ProjectForm]]:
    ordered = sorted(forms, key=lambda form: (form.year, form.mention.key))
    return ((a, b) for a, b in combinations(ordered, 2) if a.year < b.year)


def _compare(
    earlier: ProjectForm, later: ProjectForm, cores: Mapping[str, str], forms: list[ProjectForm]
) -> _Likeness | None:
    if earlier.name == later.name:
        return _Likeness(0.98, "同一单位，项目名称相同，年度不同")
    a, b = cores[earlier.mention.key], cores[later.mention.key]
    if len(a) > 1 and a == b:
        return _Likeness(0.9, f"同一单位，项目名称去掉年度、单位和通用词后同为“{a}”")
    if min(len(a), len(b)) < _LEAST_CORE or figures(a) != figures(b):
        return None
    alike = Indel.normalized_similarity(a, b)
    if alike < _ALIKE:
        return None
    for form in forms:
        core = cores[form.mention.key]
        rivals_later = form.year == later.year and form is not later
        rivals_earlier = form.year == earlier.year and form is not earlier
        if rivals_later and Indel.normalized_similarity(a, core) >= alike:
            return None
        if rivals_earlier and Indel.normalized_similarity(core, b) >= alike:
            return None
    return _Likeness(round(alike * 0.9, 2), f"同一单位，项目名称相近（“{a}”与“{b}”），且互为最接近者")
