"""Projects and what hangs on them: which forms speak of one project in one budget year, ids of its rows and tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.claims import Mention
from graph.corrections import Corrections
from graph.folding import source_order
from graph.ids import entity_id
from graph.model import Claim, EdgeType, EntityId, EntityType
from graph.titles import fold

_LEADING = (EdgeType.DECLARES, EdgeType.SUPERVISES, EdgeType.IMPLEMENTS)


@dataclass(frozen=True, slots=True)
class ProjectForm:
    """One form: the mention, its name as compared, its year and the units on it (entity ids by relation)."""

    mention: Mention
    name: str
    year: str
    units: Mapping[EdgeType, EntityId]

    @property
    def lead(self) -> str:
        """The declaring unit, else the supervising, else the implementing one, else ""."""
        return next((self.units[role] for role in _LEADING if role in self.units), "")


def read_forms(
    mentions: Mapping[str, Mention], claims: Iterable[Claim], unit_ids: Mapping[str, EntityId]
) -> list[ProjectForm]:
    """The forms among the mentions, in document order."""
    roles: dict[str, dict[EdgeType, EntityId]] = defaultdict(dict)
    leading = {role.value: role for role in _LEADING}
    for claim in claims:
        if claim.predicate in leading and claim.subject in unit_ids:
            roles[str(claim.value)].setdefault(leading[claim.predicate], unit_ids[claim.subject])
    forms = []
    for key, mention in mentions.items():
        if mention.type is EntityType.PROJECT:
            name = fold(mention.text("name") or "")
            forms.append(ProjectForm(mention, name, mention.text("year") or "", roles.get(key, {})))
    return sorted(forms, key=lambda form: (source_order(form.mention.sources[0]), form.mention.key))


def identify_projects(forms: Iterable[ProjectForm], *, corrections: Corrections) -> dict[str, EntityId]:
    """Project ids by mention key. Key: leading unit, name, year; the implementing unit where it alone tells two apart.

    A form without a name is a project of its own.
    """
    ids: dict[str, EntityId] = {}
    grouped: dict[tuple[str, str, str], list[ProjectForm]] = defaultdict(list)
    leaders = corrections.leaders(EntityType.PROJECT)
    for form in forms:
        if form.name:
            grouped[form.lead, leaders.get(form.name, form.name), form.year].append(form)
        else:
            ids[form.mention.key] = entity_id(EntityType.PROJECT, "表", form.mention.key)
    for (lead, name, year), group in grouped.items():
        doers = {form.units.get(EdgeType.IMPLEMENTS, "") or lead for form in group}
        for form in group:
            doer = form.units.get(EdgeType.IMPLEMENTS, "") or lead
            apart = (doer,) if len(doers) > 1 and doer != lead else ()
            ids[form.mention.key] = entity_id(EntityType.PROJECT, lead, name, year, *apart)
    return ids


def identify_parts(
    mentions: Mapping[str, Mention], claims: Iterable[Claim], projects: Mapping[str, EntityId]
) -> dict[str, EntityId]:
    """Ids of indicators, tasks and source documents by mention key.

    Rows of two forms of one project that agree in levels and target are one indicator; so are tasks of one name.
    Equal rows within one form stay apart.
    """
    ids: dict[str, EntityId] = {}
    taken: dict[tuple[str, EntityId], set[str]] = defaultdict(set)
    for claim in claims:
        part = mentions.get(str(claim.value))
        project = projects.get(claim.subject)
        if part is None or project is None:
            continue
        if claim.predicate == EdgeType.HAS_INDICATOR:
            fields = (part.text(name) or "" for name in ("level1", "level2", "level3", "target_text"))
            key = "/".join(fold(text) for text in fields)
            kind = EntityType.INDICATOR
        elif claim.predicate == EdgeType.HAS_TASK:
            key, kind = fold(part.text("name") or ""), EntityType.TASK
        else:
            continue
        form = claim.subject
        unique, again = key, 1
        while unique in taken[form, project] and kind is EntityType.INDICATOR:
            again += 1
            unique = f"{key}~{again}"
        taken[form, project].add(unique)
        ids[part.key] = entity_id(kind, project, unique)
    for key, mention in mentions.items():
        if mention.type is EntityType.SOURCE:
            ids[key] = entity_id(EntityType.SOURCE, mention.text("sha256") or "")
    return ids
