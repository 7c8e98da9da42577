"""What must be said of the documents in an answer: printed without their number, oddly numbered, several under one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.model import EdgeType, Entity, EntityId, EntityType, Value
from graph.odd_numbers import say_doubts
from graph.store import Store
from search.answering_texts import count_titles, titles_of
from search.columns import edges_of
from search.phrasing import join_names, name_project
from search.plan import Condition, Contrast, Except, Follow, Has, Keep, Pick, Plan
from search.plan_terms import Column, Relation
from search.rows import Result, Row

_CITING = (Relation.CITES, Relation.RESTS_ON)
_MOST_NAMED = 6
_UNDERSCORED = "依据"


def citation_notes(plan: Plan, result: Result, store: Store, question: str) -> tuple[str, ...]:
    """Everything to be said of the documents that the answer shows or rests on."""
    asked = tuple(store.nodes(EntityId(i) for i in dict.fromkeys(cited_in(plan))))
    shown = [row.entity for row in result.rows if row.entity and row.entity.type is EntityType.POLICY]
    notes = [note for policy in asked for note in _by_title_only(policy, result, store)]
    notes += [doubt for policy in dict.fromkeys(e.id for e in (*asked, *shown)) for doubt in _doubts(policy, store)]
    notes += _several_under_one(result, store)
    notes += _outside_basis(plan, result, store, question)
    return tuple(notes)


def cited_in(plan: Plan) -> tuple[str, ...]:
    """The documents that conditions of the plan name."""
    found: list[str] = []
    for step in plan.steps:
        match step:
            case Keep(condition=condition):
                found += documents_in(condition)
            case Pick(kind=EntityType.POLICY, ids=ids):
                found += ids
            case Contrast(parts=parts):
                found += [i for part in parts for i in cited_in(Plan(steps=part.steps))]
            case _:
                pass
    return tuple(found)


def documents_in(condition: Condition, *relations: Relation) -> tuple[str, ...]:
    """The documents that rows must cite by the condition."""
    match condition:
        case Has(relation=relation, ids=ids) if relation in (relations or _CITING):
            return ids
        case Except():
            return ()
        case _:
            parts = getattr(condition, "parts", ())
            return tuple(i for part in parts for i in documents_in(part, *relations))


def _doubts(policy: EntityId, store: Store) -> Iterable[str]:
    return (doubt for entity in store.nodes([policy]) for doubt in say_doubts(entity))


def _by_title_only(policy: Entity, result: Result, store: Store) -> list[str]:
    """Projects of the answer that print the document's title and not its number."""
    number = policy.properties.get("number")
    rows = [row.entity for row in result.rows if row.entity and row.entity.type is EntityType.PROJECT]
    projects = {entity.id: entity for entity in rows}
    if number is None or not policy.properties.get("title") or not projects:
        return []
    edges = [e for e in store.expand(list(projects), EdgeType.CITES, direction="out") if e.target == policy.id]
    bare = {e.source: surfaces_of(e.properties) for e in edges if not prints_number(policy, e.properties)}
    if not bare:
        return []
    printed = {i: "”“".join(bare[i]) for i in [i for i in projects if i in bare][:_MOST_NAMED]}
    named = "；".join(f"{name_project(projects[i])}（原文“{surface}”）" for i, surface in printed.items())
    more = f"等{len(bare)}个" if len(bare) > _MOST_NAMED else ""
    of_all = "均" if len(bare) == len(projects) else f"其中{len(bare)}个项目"
    whole = of_all if len(projects) > 1 else "该项目"
    return [f"{whole}只写标题，没有写“{number}”，按标题认定为同一文件：{named}{more}。"]


def surfaces_of(properties: Mapping[str, Value]) -> tuple[str, ...]:
    """The forms in which a citation is printed."""
    found = properties.get("surface", ())
    return found if isinstance(found, tuple) else (str(found),)


def prints_number(policy: Entity, properties: Mapping[str, Value]) -> bool:
    """Whether one of the printed forms of a citation holds the document's number."""
    variants = policy.properties.get("number_variants", ())
    known = (*(variants if isinstance(variants, tuple) else (str(variants),)), str(policy.properties.get("number")))
    printed = ["".join(surface.split()) for surface in surfaces_of(properties)]
    return any("".join(form.split()) in surface for form in known for surface in printed)


def _several_under_one(result: Result, store: Store) -> list[str]:
    """Both counts, where the number of documents of a project counts several titles as one."""
    counted = [row for row in result.rows if row.entity and row.cell(Column.CITATION_COUNT) is not None]
    joined = edges_of(store, [row.entity.id for row in counted if row.entity], Relation.CITES)
    notes = []
    for row in counted:
        ids = [there for there, _ in joined.get(row.entity.id, ())] if row.entity else []
        rows = tuple(Row(label=e.label, entity=e) for e in store.nodes(ids))
        several = [r.entity for r in rows if r.entity and titles_of(r.entity)]
        if several and row.entity:
            numbers = "、".join(f"{e.properties.get('number')}一号{len(titles_of(e))}件" for e in several)
            notes.append(f"{name_project(row.entity)}：{numbers}按1个文件计；按标题计共{count_titles(rows)}件。")
    return notes


def _outside_basis(plan: Plan, result: Result, store: Store, question: str) -> list[str]:
    """Documents of the list that stand in other sections only, where a question asks for what a project rests on."""
    follows = [step.relation for step in plan.steps if isinstance(step, Follow)]
    projects = {edge.source for row in result.rows for edge in row.edges if edge.type is EdgeType.CITES}
    if not follows or follows[-1] not in _CITING or _UNDERSCORED not in question or not projects:
        return []
    basis = {there for pairs in edges_of(store, projects, Relation.RESTS_ON).values() for there, _ in pairs}
    if follows[-1] is Relation.RESTS_ON:
        cited = edges_of(store, projects, Relation.CITES)
        elsewhere = {there for pairs in cited.values() for there, _ in pairs} - basis
        names = join_names(e.label for e in store.nodes(sorted(elsewhere)))
        return [f"只列立项依据一栏写明的文件；其他栏目另提到：{names}。"] if names else []
    others = [row.label for row in result.rows if row.entity and row.entity.id not in basis]
    if not others or not basis:
        return []
    return [f"其中不在立项依据一栏、只在其他栏目提到的：{join_names(others)}。"]
