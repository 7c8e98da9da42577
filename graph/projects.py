"""Projects and what hangs on them: which forms speak of one project in one budget year, ids of its rows and tasks."""

from __future__ import annotations

from collections import Counter, defaultdict
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

    @property
    def doer(self) -> str:
        """The unit that does the work: the implementing, else the declaring one, else ""."""
        return self.units.get(EdgeType.IMPLEMENTS) or self.units.get(EdgeType.DECLARES) or ""


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

    Forms of one name and year are one project where the same unit does the work (it declares one form and implements
    the other), or where one unit leads and no two different units do the work. A form without a name is a project of
    its own.
    """
    ids: dict[str, EntityId] = {}
    grouped: dict[tuple[str, str], list[ProjectForm]] = defaultdict(list)
    leaders = corrections.leaders(EntityType.PROJECT)
    for form in forms:
        if form.name:
            grouped[leaders.get(form.name, form.name), form.year].append(form)
        else:
            ids[form.mention.key] = entity_id(EntityType.PROJECT, "表", form.mention.key)
    for (name, year), group in grouped.items():
        works = _join_works(group)
        leads = Counter(work.lead for work in works)
        for work in works:
            apart = (work.doer,) if leads[work.lead] > 1 and work.doer != work.lead else ()
            identifier = entity_id(EntityType.PROJECT, work.lead, name, year, *apart)
            ids.update((form.mention.key, identifier) for form in work.forms)
    return ids


@dataclass(slots=True)
class _Work:
    """Forms of one project. `doer` is the unit that does the work, "" where no form says."""

    doer: str
    forms: list[ProjectForm]

    @property
    def lead(self) -> str:
        """The declaring unit of any form, else the supervising, else the implementing one."""
        for role in _LEADING:
            named = sorted(form.units[role] for form in self.forms if role in form.units)
            if named:
                return named[0]
        return ""

    @property
    def overseers(self) -> set[str]:
        """Units that declare or supervise any of the forms."""
        roles = (EdgeType.DECLARES, EdgeType.SUPERVISES)
        return {form.units[role] for form in self.forms for role in roles if role in form.units}


def _join_works(forms: list[ProjectForm]) -> list[_Work]:
    by_doer: dict[str, list[ProjectForm]] = defaultdict(list)
    for form in forms:
        by_doer[form.doer].append(form)
    idle = by_doer.pop("", [])
    works = [_Work(doer, group) for doer, group in sorted(by_doer.items())]
    for overseer in sorted({unit for work in works for unit in work.overseers}):
        own = [work for work in works if work.doer == overseer]
        under = [work for work in works if work.doer != overseer and overseer in work.overseers]
        if len(own) == 1 and len(under) == 1:
            under[0].forms += own[0].forms
            works.remove(own[0])
    for form in idle:
        fitting = [work for work in works if form.lead and form.lead in work.overseers]
        if len(fitting) == 1:
            fitting[0].forms.append(form)
            continue
        same = next((work for work in works if not work.doer and work.lead == form.lead), None)
        if same is not None:
            same.forms.append(form)
        else:
            works.append(_Work("", [form]))
    return works


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
