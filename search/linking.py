"""Names in questions → entities: exact names by automaton, then pieces of names, then writing errors by edit distance.

Works on folded text; finds candidates and says how good they are. Which of them a question means is decided while
parsing. Linking by meaning comes in through a callback only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import ahocorasick_rs
from rapidfuzz import fuzz, process

from graph.model import EdgeType, Entity, EntityId, EntityType
from graph.store import Store
from search.linking_forms import (
    is_subsequence,
    level_stem,
    lost_stretch,
    number_forms,
    policy_forms,
    policy_names,
    project_forms,
    texts_of,
    unit_forms,
    unit_pairs,
    value_forms,
)
from search.linking_numbers import Numbers
from search.linking_pieces import (
    LEAST_PIECE,
    MOST_RIVALS,
    Hit,
    Pieces,
    Thing,
    holds_closely,
    make_mention,
    splits_number,
)
from search.normalise import key_of
from search.plan_terms import Column
from search.query import How, Kind, Mention
from search.vocabulary import load_lexicon, words_of

_FUZZY_CUTOFF = 84.0  # rapidfuzz ratio, 0..100, from which a writing error is believed
_FUZZY_MARGIN = 6.0  # by which the best must lead the next
_VALUE_COLUMNS = (Column.CATEGORY, Column.PERFORMANCE_TYPE, Column.PROJECT_NATURE)
_LEVEL_COLUMNS = (Column.LEVEL1, Column.LEVEL2)


class Names:
    """All names of a graph, ready to be found in questions."""

    def __init__(self, store: Store) -> None:
        self._forms: dict[str, dict[Thing, How]] = defaultdict(dict)
        self._full: dict[Kind, dict[str, list[Thing]]] = defaultdict(lambda: defaultdict(list))
        self._read_named(store.of_type(EntityType.PROJECT), Kind.PROJECT, project_forms, "name")
        self._read_named(store.of_type(EntityType.INDICATOR), Kind.INDICATOR, value_forms, "level3")
        self._read_named(store.of_type(EntityType.TASK), Kind.TASK, value_forms, "name")
        units = store.of_type(EntityType.UNIT)
        self._read_single(units, Kind.UNIT, unit_forms, lambda unit: texts_of(unit, "name", "aliases"))
        policies = store.of_type(EntityType.POLICY)
        self._read_single(policies, Kind.POLICY, policy_forms, policy_names)
        self._read_single(policies, Kind.POLICY, number_forms, lambda one: texts_of(one, "number", "number_variants"))
        self._read_values(store.of_type(EntityType.PROJECT), _VALUE_COLUMNS)
        self._read_levels(store.of_type(EntityType.INDICATOR))
        self._read_issuers(policies)
        self._texts: dict[tuple[Column, str], set[str]] = defaultdict(set)
        for indicator in store.of_type(EntityType.INDICATOR):
            for column in (Column.TARGET_TEXT, Column.ACTUAL_TEXT):
                for said in texts_of(indicator, column.key):
                    if not any(sign.isdigit() for sign in said):
                        self._texts[column, key_of(said)].add(said)
        self._patterns = sorted(form for form in self._forms if len(form) > 1)
        self._automaton = ahocorasick_rs.AhoCorasick(self._patterns)
        self._numbers = Numbers(policies)
        self._pieces = {kind: Pieces(names) for kind, names in self._full.items()}
        self._project_years = {
            e.id: int(str(e.properties["year"])) for e in store.of_type(EntityType.PROJECT) if "year" in e.properties
        }
        self.dated_years = tuple(
            sorted(
                {
                    int(text[:4])
                    for e in store.of_type(EntityType.PROJECT)
                    for text in texts_of(e, "start_date", "end_date")
                    if text[:4].isdigit()
                }
            )
        )
        self._damaged = tuple(
            (key_of(name), Thing(kind=Kind.PROJECT, label=name, ids=(e.id,), key=name))
            for e in store.of_type(EntityType.PROJECT)
            if e.properties.get("damaged") is True
            for name in texts_of(e, "name")[:1]
        )
        self._families = _families(store)
        self._unit_years = self._years_of_units(store)
        self._indicator_owners = {
            edge.target: edge.source
            for edge in store.expand(
                [e.id for e in store.of_type(EntityType.PROJECT)], EdgeType.HAS_INDICATOR, direction="out"
            )
        }
        self.years = tuple(
            sorted(
                {int(str(e.properties["year"])) for e in store.of_type(EntityType.PROJECT) if "year" in e.properties}
            )
        )

    def find(self, text: str) -> Iterator[Hit]:
        """Names and numbers that stand in the folded text exactly; ranges may overlap."""
        for at, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if splits_number(text, start, end):
                continue
            by_kind: dict[tuple[Kind, str], list[tuple[How, Thing]]] = defaultdict(list)
            for thing, how in self._forms[self._patterns[at]].items():
                group = thing.key if thing.kind is Kind.VALUE else ""
                by_kind[thing.kind, group].append((how, thing))
            for found in by_kind.values():
                best = min(how for how, _ in found) if any(how is How.EXACT for how, _ in found) else found[0][0]
                things = [thing for how, thing in found if how is best or best is not How.EXACT]
                yield Hit(start=start, end=end, mention=make_mention(text[start:end], things, best))
        for hit in self._numbers.find(text):
            yield Hit(start=hit.start, end=hit.end, mention=hit.mention)

    def find_pieces(self, text: str, kinds: Iterable[Kind]) -> Iterator[Hit]:
        """Stretches of the text that are pieces of names, the longest at each place; full names are left to `find`."""
        for kind in kinds:
            if kind in self._pieces:
                yield from self._pieces[kind].find(text, kind)

    def nearest(self, text: str, kinds: Iterable[Kind]) -> Mention | None:
        """The one name of these kinds that the text is a slip of; with rivals where two are equally near."""
        scored: list[tuple[float, Thing]] = []
        for kind in kinds:
            names = self._full[kind]
            for form, score, _ in process.extract(
                text, list(names), scorer=fuzz.ratio, limit=4, score_cutoff=_FUZZY_CUTOFF
            ):
                scored.extend((score, thing) for thing in names[form])
        if not scored:
            return None
        scored.sort(key=lambda pair: (-pair[0], pair[1].label))
        best = [thing for score, thing in scored if score > scored[0][0] - _FUZZY_MARGIN]
        found = make_mention(text, list(dict.fromkeys(best)), How.FUZZY)
        return found if found.rivals else replace(found, note=f"“{text}”按“{found.label}”理解")

    def suggest(self, text: str, kind: Kind, *, limit: int = 3) -> tuple[Thing, ...]:
        """Names of this kind near the text, for people to choose from; () where none is near."""
        names = self._full[kind]
        found = process.extract(text, list(names), scorer=fuzz.WRatio, limit=limit, score_cutoff=60)
        things = dict.fromkeys(thing for form, _, _ in found for thing in names[form])
        return tuple(things)[:limit]

    def similar_numbers(self, number: str, *, limit: int = 3) -> tuple[str, ...]:
        """Labels of documents whose number is near the one given; () where none is."""
        return self._numbers.similar(key_of(number), limit=limit)

    def abbreviated_unit(self, text: str) -> Mention | None:
        """The unit whose name holds the signs of `text` in this order; rivals where several do."""
        if len(text) < 2:
            return None
        long = text
        for full, brief in unit_pairs():
            if brief and len(brief) > 1:
                long = long.replace(brief, full)
        things: dict[Thing, None] = {}
        for written in dict.fromkeys((text, long)):
            for form, found in self._full[Kind.UNIT].items():
                if is_subsequence(written, form) and form[-1] == written[-1]:
                    things.update(dict.fromkeys(found))
        return make_mention(text, list(things), How.PARTIAL) if 0 < len(things) <= MOST_RIVALS else None

    def shortened_project(self, text: str) -> Mention | None:
        """The project whose name holds the signs of `text` in this order, close together; rivals where several do."""
        things = {
            thing: None
            for form, found in self._full[Kind.PROJECT].items()
            for thing in found
            if text[0] in form and holds_closely(text, form)
        }
        whole = {t for form, found in self._full[Kind.PROJECT].items() if text in form for t in found}
        if len(whole) == 1:  # the name that holds it unbroken
            things = dict.fromkeys(whole)
        if not 0 < len(things) <= MOST_RIVALS:
            return None
        found_mention = make_mention(text, list(things), How.PARTIAL)
        return (
            found_mention
            if found_mention.rivals
            else replace(found_mention, note=f"“{text}”按“{found_mention.label}”理解")
        )

    def containing(self, text: str, kind: Kind) -> Mention | None:
        """What the name of this kind is that holds the text as it stands; rivals where a few do."""
        things = {thing: None for form, found in self._full[kind].items() if text in form for thing in found}
        if not 0 < len(things) <= MOST_RIVALS:
            return None
        found_mention = make_mention(text, list(things), How.PARTIAL)
        return (
            found_mention
            if found_mention.rivals
            else replace(found_mention, note=f"“{text}”按“{found_mention.label}”理解")
        )

    def things(self, kind: Kind) -> tuple[Thing, ...]:
        """All things of a kind that have a name."""
        return tuple(dict.fromkeys(thing for found in self._full[kind].values() for thing in found))

    def texts_like(self, column: Column, text: str) -> tuple[str, ...]:
        """What indicators have printed in this column that folds to the text, numbers aside."""
        return tuple(sorted(self._texts.get((column, text), ())))

    def year_of(self, project: str) -> int | None:
        """The budget year of the project with this id."""
        return self._project_years.get(EntityId(project))

    def damaged_form(self, name: str, year: int) -> Thing | None:
        """The one project of the year whose damaged name is this name with a stretch lost."""
        full = key_of(name)
        found = [t for form, t in self._damaged if lost_stretch(form, full) and self.year_of(t.ids[0]) == year]
        return found[0] if len(found) == 1 else None

    def bears_projects(self, units: Iterable[str]) -> bool:
        """Some project is declared, supervised or implemented by one of the units, under any of their names."""
        return any(self._unit_years.get(i) for i in self.family(units))

    def indicator_of(self, projects: Iterable[str], text: str) -> Mention | None:
        """The one indicator of these projects whose name and the text hold each other's signs in order."""
        owned = set(projects)
        found = [
            thing
            for form, things in self._full[Kind.INDICATOR].items()
            for thing in things
            if any(self._indicator_owners.get(EntityId(i)) in owned for i in thing.ids)
            and (is_subsequence(text, form) or is_subsequence(form, text))
        ]
        if len(found) != 1:
            return None
        made = make_mention(text, found, How.PARTIAL)
        return replace(made, note=f"“{text}”按指标“{made.label}”理解")

    def indicators_of(self, projects: Iterable[str]) -> tuple[Thing, ...]:
        """The indicators of these projects, one thing for each name."""
        owned = set(projects)
        found = (thing for things in self._full[Kind.INDICATOR].values() for thing in things)
        mine = (t for t in found if any(self._indicator_owners.get(EntityId(i)) in owned for i in t.ids))
        return tuple(dict.fromkeys(mine))

    def owns_any(self, projects: Iterable[str], indicator: Mention) -> bool:
        """Whether one of the projects has the indicator, or one of the things it may be."""
        owned = set(projects)
        ids = (*indicator.ids, *(i for rival in indicator.rivals for i in rival.ids))
        return any(self._indicator_owners.get(EntityId(i)) in owned for i in ids)

    def family(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The units with every name that they bore before or after."""
        return tuple(dict.fromkeys(i for start in ids for i in self._families.get(start, (start,))))

    def settle(self, mention: Mention, *, years: Iterable[int], projects: Iterable[Mention]) -> Mention:
        """The mention with those rivals that belong to the years and projects named; none where one is left."""
        rivals = list(mention.rivals)
        wanted = set(years)
        if mention.kind is Kind.PROJECT and wanted:
            rivals = [r for r in rivals if any(self._project_years.get(EntityId(i)) in wanted for i in r.ids)] or rivals
        if mention.kind is Kind.UNIT:
            rivals = [r for r in rivals if any(self._unit_years.get(i) for i in r.ids)] or rivals
            if wanted:
                rivals = [r for r in rivals if any(self._unit_years.get(i, set()) & wanted for i in r.ids)] or rivals
            families = {frozenset(self.family(r.ids)) for r in rivals}
            if len(families) == 1:
                newest = max(rivals, key=lambda r: max(self._unit_years.get(r.ids[0], {0})))
                note = f"“{mention.text}”按“{newest.label}”理解"
                return replace(mention, ids=self.family(newest.ids), label=newest.label, rivals=(), note=note)
        if mention.kind is Kind.INDICATOR and (owned := {i for p in projects for i in p.ids}):
            rivals = [
                r for r in rivals if any(self._indicator_owners.get(EntityId(i)) in owned for i in r.ids)
            ] or rivals
        if len(rivals) == 1:
            only = rivals[0]
            note = f"“{mention.text}”按“{only.label}”理解"
            return replace(mention, ids=only.ids, label=only.label, key=only.label, rivals=(), note=note)
        return replace(mention, rivals=tuple(rivals))

    # reading the graph ---------------------------------------------------------------------------------

    def _years_of_units(self, store: Store) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        units = [entity.id for entity in store.of_type(EntityType.UNIT)]
        for role in (EdgeType.DECLARES, EdgeType.SUPERVISES, EdgeType.IMPLEMENTS):
            for edge in store.expand(units, role, direction="out"):
                if edge.target in self._project_years:
                    found[edge.source].add(self._project_years[edge.target])
        return dict(found)

    def _read_named(
        self,
        entities: Iterable[Entity],
        kind: Kind,
        forms: Callable[[str], Iterator[tuple[str, How]]],
        property_name: str,
    ) -> None:
        """Entities that share a name are one thing."""
        same: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for entity in entities:
            for name in texts_of(entity, property_name):
                same[key_of(name)].append((name, entity.id))
        for key, found in same.items():
            if not key:
                continue
            thing = Thing(kind=kind, label=found[0][0], ids=tuple(i for _, i in found), key=found[0][0])
            self._register(thing, forms(found[0][0]))

    def _read_single(
        self,
        entities: Iterable[Entity],
        kind: Kind,
        forms: Callable[[str], Iterator[tuple[str, How]]],
        names: Callable[[Entity], Iterable[str]],
    ) -> None:
        for entity in entities:
            thing = Thing(kind=kind, label=entity.label, ids=(entity.id,), key=entity.label)
            for name in names(entity):
                self._register(thing, forms(name))

    def _read_values(self, projects: Iterable[Entity], columns: Iterable[Column]) -> None:
        for entity in projects:
            for column in columns:
                for value in texts_of(entity, column.key):
                    thing = Thing(kind=Kind.VALUE, label=value, ids=(value,), key=column.value)
                    for form, how in value_forms(value):
                        self._add(form, thing, how)

    def _read_levels(self, indicators: Iterable[Entity]) -> None:
        values: dict[Column, dict[str, set[str]]] = {column: defaultdict(set) for column in _LEVEL_COLUMNS}
        for entity in indicators:
            for column in _LEVEL_COLUMNS:
                for value in texts_of(entity, column.key):
                    values[column][level_stem(value)].add(value)
        alike = {word: tuple(group) for group in load_lexicon("names")["levels"]["alike"] for word in group}
        for column, stems in values.items():
            for stem in {*stems, *(w for s in stems for w in alike.get(s, ()))}:
                printed = sorted({v for s in {stem, *alike.get(stem, ())} for v in stems.get(s, ())})
                if not stem or not printed:
                    continue
                thing = Thing(kind=Kind.VALUE, label=f"{stem}指标", ids=tuple(printed), key=column.value)
                for ending in words_of("names", "levels", "endings"):
                    self._add(stem + ending, thing, How.EXACT)
                if len(stem) >= LEAST_PIECE + 1:
                    self._add(stem, thing, How.SHORT)

    def _read_issuers(self, policies: Iterable[Entity]) -> None:
        codes: dict[str, str] = {}
        for entity in policies:
            if str(entity.properties.get("kind")) == "文号":
                for code in texts_of(entity, "issuer_code"):
                    codes[key_of(code)] = code
        for key, code in codes.items():
            thing = Thing(kind=Kind.ISSUER, label=code, ids=(code,), key=code)
            for ending in ("", "字", "号", "文"):
                self._add(key + ending, thing, How.EXACT)

    def _register(self, thing: Thing, forms: Iterable[tuple[str, How]]) -> None:
        for form, how in forms:
            if how is How.EXACT and form and thing not in self._full[thing.kind][form]:
                self._full[thing.kind][form].append(thing)
            self._add(form, thing, how)

    def _add(self, form: str, thing: Thing, how: How) -> None:
        known = self._forms[form].get(thing)
        if known is None or how is How.EXACT:
            self._forms[form][thing] = how


def _families(store: Store) -> dict[str, tuple[str, ...]]:
    """Units that were renamed into one another, by each of their ids."""
    units = [entity.id for entity in store.of_type(EntityType.UNIT)]
    joined: dict[str, set[str]] = {}
    for edge in store.expand(units, EdgeType.RENAMED_TO, direction="out"):
        one = joined.get(edge.source, {edge.source}) | joined.get(edge.target, {edge.target})
        for member in one:
            joined[member] = one
    return {member: tuple(sorted(group)) for member, group in joined.items()}
