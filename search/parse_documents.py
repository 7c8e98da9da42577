"""Questions about a document itself or about the documents that a project rests on."""

from __future__ import annotations

from graph.model import EntityType
from search.parse_draft import Draft
from search.parse_kind import noun_kind
from search.plan_terms import Column, Relation
from search.query import Asked, Kind
from search.vocabulary import ColumnType, spec_of


def read_sections(draft: Draft, columns: list[Column]) -> list[Column]:
    """立项依据部分引用的文件: the section of the form where documents are cited; plans tell that of 立项依据 only."""
    sections = [c for c in columns if spec_of(c).type is ColumnType.SECTION and c.kind is EntityType.PROJECT]
    for section in sections:
        if section is Column.BASIS:
            draft.role = Relation.RESTS_ON
        else:
            draft.unknown.append(spec_of(section).label)
    return [c for c in columns if c not in sections]


def asks_basis(draft: Draft, named: set[Kind], columns: list[Column]) -> bool:
    """…的依据有哪些: the documents that the project named rests on."""
    if Kind.PROJECT not in named or Kind.POLICY in named or columns or draft.has(Kind.NOUN):
        return False
    for index in draft.indexes(Kind.BASIS):
        after = draft.after(index, Kind.HAVE, Kind.BE, Kind.BOTH)
        if draft.is_at(after, Kind.WHICH) or after >= len(draft):
            draft.asked, draft.kind = Asked.ITEMS, EntityType.POLICY
            return True
    return False


_OF_DOCUMENT = {Column.NAME: Column.TITLE, Column.YEAR: Column.POLICY_YEAR, Column.TITLE: Column.TITLE}


def asks_of_document(draft: Draft, columns: list[Column], named: set[Kind]) -> bool:
    """沪财绩〔2019〕19号的全称是什么, …是什么文件: the document itself is asked about."""
    if _asks_what_it_is(draft) and named <= {Kind.POLICY, Kind.PROJECT}:  # 某项目中“…号”是什么文件
        draft.subjects = [pair for pair in draft.subjects if pair[1].kind is Kind.POLICY]
        named = {Kind.POLICY}
    if named != {Kind.POLICY} or draft.has(Kind.CITED_OFTEN, Kind.EVIDENCE, Kind.EXIST, Kind.SUPERLATIVE):
        return False
    if any("Project" in t.values(Kind.NOUN) or "Unit" in t.values(Kind.NOUN) for t in draft.tokens):
        return False
    if any(t.has(Kind.FIELD) and t.text.startswith("项目") for t in draft.tokens):  # …立项的项目叫什么
        return False
    described = columns == [Column.OVERVIEW]  # …是干什么的
    columns = [] if described else columns
    asked = [_OF_DOCUMENT.get(c, c) for c in columns]
    asked = [c for c in asked if c.kind is EntityType.POLICY and c is not Column.CITED_COUNT]
    if not asked and (
        columns or draft.has(Kind.CITE, Kind.BASIS, Kind.WHO) or not (described or draft.has(Kind.WHICH, Kind.HOW))
    ):
        return False
    if draft.has(Kind.CITE, Kind.BASIS) and not asked:
        return False
    draft.asked, draft.kind = Asked.VALUES, EntityType.POLICY
    draft.columns = asked or [Column.TITLE, Column.NUMBER, Column.ISSUER_CODE, Column.POLICY_YEAR, Column.POLICY_KIND]
    draft.found = []
    return True


def _asks_what_it_is(draft: Draft) -> bool:
    """《…》是什么文件."""
    for index, token in enumerate(draft.tokens):
        asked = draft.after(index, Kind.BE, Kind.TITLE_WORDS)
        if token.has(Kind.POLICY) and draft.is_at(asked, Kind.WHICH) and draft.is_at(asked - 1, Kind.BE):
            return noun_kind(draft, draft.after(asked, Kind.MEASURE_WORD)) is EntityType.POLICY
    return False
