"""Conditions that names in a question put: documents cited, units, issuers, indicators, values of columns."""

from __future__ import annotations

from dataclasses import replace

from graph.model import EntityType
from search.linking_forms import is_subsequence
from search.normalise import key_of
from search.parse_combining import any_of
from search.parse_draft import NAMES, Draft
from search.plan import Both, Compare, Condition, Either, Except, Has
from search.plan_terms import Column, Op, Relation
from search.query import How, Kind, Mention, Sense
from search.vocabulary import ColumnType, spec_of

_ROLE_RELATIONS = {
    "declared_by": Relation.DECLARED_BY,
    "supervised_by": Relation.SUPERVISED_BY,
    "implemented_by": Relation.IMPLEMENTED_BY,
    "by_unit": Relation.BY_UNIT,
    "by_bearer": Relation.BY_BEARER,
}


def read_policies(draft: Draft) -> None:
    """引用了…, 以…为依据, …被…引用: each document is a condition on projects."""
    relation = Relation.RESTS_ON if _asks_basis(draft) else Relation.CITES
    for index in list(draft.indexes(Kind.POLICY)):
        mention = draft.tokens[index].mention(Kind.POLICY)
        if mention is None:
            continue
        _join_title(draft, index, mention)
        ids = mention.ids or tuple(i for rival in mention.rivals for i in rival.ids)
        draft.subjects.append((index, mention))
        first, last = _with_relation_words(draft, index)
        _read_edition(draft, index, mention)
        _read_making(draft)
        negated = _negated_later(draft, last)
        condition: Condition = Has(relation=relation, ids=ids)
        if negated is not None:
            draft.use(negated)
            condition = Except(part=condition)
        draft.add(condition, first, last)


def _join_title(draft: Draft, index: int, mention: Mention) -> None:
    """《a title written otherwise》（its number）: the number says which document it is."""
    title = index - 2
    if mention.how is How.NUMBER and draft.is_at(index - 1, Kind.STOP) and draft.is_at(title, Kind.MISSING):
        draft.use(title, index - 1)
        draft.notes.append(f"标题“{draft.tokens[title].text}”与图谱所记不同，按文号理解为{mention.label}")
    elif mention.how is How.NUMBER and mention.ids and draft.is_at(index - 1, Kind.STOP):
        _use_short_title(draft, index - 2, mention)


def _use_short_title(draft: Draft, last: int, mention: Mention) -> None:
    """“十三五”规划（its number）: the words before the bracket shorten the title of the document so numbered."""
    title, first = key_of(mention.label), last + 1
    while first > 0 and draft.tokens[first - 1].has(Kind.UNKNOWN, Kind.NUMBER, Kind.GENRE, Kind.AND, *NAMES):
        text = draft.question.folded[draft.tokens[first - 1].start : draft.tokens[last].end]
        if not is_subsequence(text, title):
            break
        first -= 1
    draft.use_range(first, last + 1)


def _asks_basis(draft: Draft) -> bool:
    return any("project.basis" in token.values(Kind.FIELD) for token in draft.tokens)


def _with_relation_words(draft: Draft, index: int) -> tuple[int, int]:
    first, last = index, index
    while draft.is_at(last + 1, Kind.TITLE_WORDS) and not draft.is_at(last + 1, Kind.WHICH):
        last += 1
    while draft.is_at(last + 1, Kind.POLICY) and draft.tokens[last + 1].mention(Kind.POLICY) is None:
        last += 1
    kind = draft.after(last)
    pointing = [t.text for t in draft.tokens[last + 1 : kind]]
    if pointing and all(text in _POINTING for text in pointing) and draft.is_at(kind, Kind.GENRE):
        last = kind  # DA/T 22-2015这个标准
    return first, last


_POINTING = frozenset({"这个", "那个", "这", "那", "该", "这一", "此", "份", "部", "项"})


def _read_making(draft: Draft) -> None:
    """导则由哪个项目编制: the graph does not tell a document made by a project from one that it cites; that is said."""
    made = list(draft.indexes(Kind.MAKE))
    if made:
        draft.use(*made)
        draft.notes.append("图谱不区分项目编制的文件和引用的文件，所列为文中写到该文件的项目，请看原文")


def _read_edition(draft: Draft, index: int, mention: Mention) -> None:
    """预算法（2018年修正）: a document is one, whatever its edition; that is said."""
    for at in (draft.before(index), draft.after(index, Kind.TITLE_WORDS)):
        token = draft.at(at)
        if token is not None and token.has(Kind.EDITION):
            draft.use(at)
            if token.value(Kind.EDITION) not in mention.label:
                draft.notes.append(f"图谱中的{mention.label}没有分版本，按同一文件理解")


def _negated_later(draft: Draft, last: int) -> int | None:
    """《…》没有被引用: 没有 behind the document and before the verb."""
    index = draft.after(last)
    if draft.is_at(index, Kind.NOT) and not draft.is_at(index, Kind.EXIST):
        verb = draft.after(index)
        next_one = draft.is_at(draft.after(verb), Kind.POLICY, Kind.MISSING)  # …也没有引用《another》
        if draft.is_at(verb, Kind.CITE, Kind.CITED_OFTEN) and not next_one:
            return index
    return None


def read_except(draft: Draft) -> None:
    """除了…以外: the second half says nothing more."""
    opened = next((i for i, t in enumerate(draft.tokens) if t.text in {"除了", "除", "除去", "除开"}), None)
    for index, token in enumerate(draft.tokens):
        if opened is not None and index > opened and token.text in {"以外", "之外", "外"}:
            draft.tokens[index] = replace(token, senses=(Sense(kind=Kind.FILLER),))
            return


_NAMING = (Kind.CITE, Kind.CITED_OFTEN, Kind.TOPIC_CLOSE, Kind.RELATION, Kind.EVIDENCE)


def read_units(draft: Draft, asked: EntityType) -> None:
    """A unit is who declares, supervises or implements the project, by the word beside it; any of these without one."""
    for index in list(draft.indexes(Kind.UNIT)):
        mention = draft.tokens[index].mention(Kind.UNIT)
        if mention is None:
            continue
        draft.subjects.append((index, mention))
        ids = draft.names.family(mention.ids or tuple(i for rival in mention.rivals for i in rival.ids))
        if asked is EntityType.POLICY and (issue := _near(draft, index, Kind.ISSUE)) is not None:
            draft.add(Has(relation=Relation.ISSUED_BY, ids=ids), index, index)
            draft.use(issue)
            continue
        if asked is EntityType.POLICY and any(t.has(Kind.PROJECT) for t in draft.tokens[:index]):
            draft.add(Has(relation=Relation.ISSUED_BY, ids=ids), index, index)  # …引用的文件里有几份是国务院的
            continue
        issued = (
            _issued_after(draft, index) if asked is not EntityType.POLICY and draft.has(Kind.CITE, Kind.BASIS) else None
        )
        if issued is not None:
            where: Condition = Has(relation=Relation.ISSUED_BY, ids=ids)
            if word := draft.tokens[issued].value(Kind.GENRE):
                where = Both(parts=(where, _of_genre(word)))
            draft.add(Has(relation=Relation.CITES, where=where), index, issued)
            continue
        relation, role = _role_of(draft, index)
        named = asked is EntityType.POLICY or draft.has(*_NAMING)  # 市政府有哪些项目 asks for its own
        bare = role is None and not draft.names.bears_projects(mention.ids) and (mention.ids or mention.rivals)
        if bare and named:
            elsewhere = Relation.ISSUED_BY if asked is EntityType.POLICY else Relation.MENTIONS
            draft.add(Has(relation=elsewhere, ids=ids), index, index)  # 财政部的文件, 提到市教委的项目
            continue
        first = role if role is not None and role < index and _only_links(draft, role, index) else index
        draft.add(Has(relation=relation, ids=ids), first, index)
        if role is not None:
            draft.use(role)


def _issued_after(draft: Draft, index: int) -> int | None:
    """国务院的文件, 市政府发布的办法: a document by its issuer, where projects that cite it are asked for."""
    at = draft.after(index, Kind.ISSUE)
    token = draft.at(at)
    if token is None or draft.is_at(at - 1, Kind.WHICH) or draft.is_at(at + 1, Kind.WHICH):
        return None
    return at if token.has(Kind.GENRE) or "PolicyDocument" in token.values(Kind.NOUN) else None


def _role_of(draft: Draft, index: int) -> tuple[Relation, int | None]:
    before = draft.before(index, Kind.BE)
    after = draft.after(index, Kind.YEAR, Kind.LAST_YEAR, Kind.SUM, Kind.BOTH, Kind.EXIST)
    for at in (before, after):
        token = draft.at(at)
        if token is None or not token.has(Kind.ROLE) or at in draft.used:
            continue
        if at == before and not _only_links(draft, at, index):
            continue
        if token.has(Kind.WHICH, Kind.NOUN, Kind.UNIT) and at == after:
            continue
        between = {t.text for t in draft.tokens[index + 1 : at]}
        if at == after and token.text.endswith(("单位", "部门", "主体", "机构")) and between.isdisjoint(_SERVING_AS):
            continue
        return _ROLE_RELATIONS[token.value(Kind.ROLE)], at
    return Relation.BY_UNIT, None


_SERVING_AS = frozenset({"作为", "当作", "担任", "充当"})


def _only_links(draft: Draft, first: int, last: int) -> bool:
    return all(draft.quiet(i) or draft.is_at(i, Kind.BE, Kind.NOT) for i in range(first + 1, last))


def _near(draft: Draft, index: int, kind: Kind) -> int | None:
    after = draft.after(index, Kind.YEAR)
    return after if draft.is_at(after, kind) else None


def read_about(draft: Draft) -> None:
    """与沪府发〔2014〕81号有关的: a document or unit that is named needs no search by topic."""
    for index in list(draft.indexes(Kind.TOPIC_CLOSE)):
        named = draft.before(index, Kind.TITLE_WORDS)
        if named in draft.used and draft.is_at(named, Kind.POLICY, Kind.UNIT):
            draft.use(index)
            opening = draft.before(named)
            if draft.is_at(opening, Kind.TOPIC_OPEN):
                draft.use(opening)


def read_issuers(draft: Draft, asked: EntityType) -> None:
    """沪府发文件, 国办发的文件: documents by the letters of their number."""
    for index in list(draft.indexes(Kind.ISSUER)):
        token = draft.tokens[index]
        if token.has(*(k for k in Kind if k in (Kind.POLICY, Kind.UNIT, Kind.PROJECT, Kind.INDICATOR))):
            continue
        named = draft.after(index)
        if not draft.is_at(named, Kind.NOUN, Kind.TITLE_WORDS) and not token.text.endswith(("文", "字")):
            continue
        code = token.value(Kind.ISSUER)
        condition: Condition = Compare(column=Column.ISSUER_CODE, op=Op.EQ, value=code)
        if asked is not EntityType.POLICY:
            condition = Has(relation=Relation.CITES, where=condition)
            draft.use(named)
        draft.add(condition, index, index)


def read_genres(draft: Draft, asked: EntityType) -> None:
    """哪些规划, 什么条例: documents by a word of their title."""
    for index in list(draft.indexes(Kind.GENRE)):
        linked = draft.before(index)
        if draft.is_at(linked, Kind.HAVE) and draft.is_at(draft.before(linked), Kind.CITE, Kind.BASIS):
            draft.use(linked)
            linked = draft.before(linked)  # 依据里有国务院令的
        if not draft.is_at(linked, Kind.WHICH, Kind.HOW_MANY, Kind.CITE, Kind.SUPERLATIVE) and not draft.is_at(
            index + 1, Kind.WHICH
        ):
            continue
        if draft.tokens[index].has(Kind.NOUN) and not draft.is_at(linked, Kind.WHICH, Kind.HOW_MANY):
            continue
        beside = draft.after(index)
        if draft.is_at(index + 1, Kind.AND) and draft.is_at(index + 2, Kind.NOUN, Kind.GENRE) and beside < len(draft):
            draft.use(index)
            continue  # 规划和法规: documents of any kind
        word = draft.tokens[index].value(Kind.GENRE)
        condition: Condition = _of_genre(word)
        if asked is not EntityType.POLICY:
            condition = Has(relation=Relation.CITES, where=condition)
        draft.add(condition, index, index)


def _of_genre(word: str) -> Condition:
    """What tells documents of this kind: a word of the title, a number, or 《…法》 that is no 办法."""
    match word:
        case "令" | "国务院令" | "政府令" | "部令":
            return Compare(column=Column.NUMBER, op=Op.CONTAINS, value=word)
        case "法":
            law = Compare(column=Column.TITLE, op=Op.ENDS, value="法")
            return Both(parts=(law, Except(part=Compare(column=Column.TITLE, op=Op.ENDS, value="办法"))))
        case "标准":
            titled = Compare(column=Column.TITLE, op=Op.CONTAINS, value=word)
            return Either(parts=(titled, Compare(column=Column.POLICY_KIND, op=Op.EQ, value=word)))
        case _:
            return Compare(column=Column.TITLE, op=Op.CONTAINS, value=word)


def read_indicators(draft: Draft, asked: EntityType) -> None:
    """A named indicator: of the project asked for, or itself what is asked about."""
    for index in list(draft.indexes(Kind.INDICATOR)):
        mention = draft.tokens[index].mention(Kind.INDICATOR)
        if mention is None:
            continue
        draft.subjects.append((index, mention))
        last = index
        if draft.is_at(index + 1, Kind.NOUN) and "Indicator" in draft.tokens[index + 1].values(Kind.NOUN):
            last = index + 1
        names = [mention.key] if mention.key and mention.ids else [rival.label for rival in mention.rivals]
        same: Condition = any_of([Compare(column=Column.LEVEL3, op=Op.EQ, value=name) for name in names])
        on_project = asked is not EntityType.INDICATOR
        draft.add(Has(relation=Relation.HAS_INDICATOR, where=same) if on_project else same, index, last)


def read_values(draft: Draft) -> None:
    """Categories, types and levels by their values."""
    for index in list(draft.indexes(Kind.VALUE)):
        token = draft.tokens[index]
        if token.has(*(Kind.PROJECT, Kind.POLICY, Kind.INDICATOR)) and not _follows_text_column(draft, index):
            continue
        mentions = [s.mention for s in token.senses if s.kind is Kind.VALUE and s.mention]
        field_at = draft.before(index, Kind.BE)
        columns = _text_columns(draft, field_at)
        chosen = [m for m in mentions if Column(m.key) in columns] or mentions
        said_so = draft.is_at(field_at, Kind.BE) or draft.tokens[field_at + 1].has(Kind.BE)  # 属于其他类的
        short = len(token.text) < (3 if said_so and token.text.endswith("类") else 4)
        if not columns and short and not any(Column(m.key).kind is EntityType.INDICATOR for m in chosen):
            continue
        if not columns and token.has(Kind.OTHER, Kind.FIELD) and not said_so:
            continue
        condition = any_of([_equals(m) for m in chosen])
        first = field_at if columns and any(Column(m.key) in columns for m in chosen) else index
        last = index
        behind = draft.at(draft.after(index))
        if behind is not None and any(m.key in behind.values(Kind.FIELD) for m in chosen):
            draft.use(draft.after(index))  # 资产管理这个二级目标
        while draft.is_at(last + 1, Kind.NOUN) and "Indicator" in draft.tokens[last + 1].values(Kind.NOUN):
            if Column(chosen[0].key).kind is not EntityType.INDICATOR:
                break
            last += 1
        draft.add(condition, first, index)


def _equals(mention: Mention) -> Condition:
    values = mention.ids or tuple(i for rival in mention.rivals for i in rival.ids)
    return any_of([Compare(column=Column(mention.key), op=Op.EQ, value=value) for value in values])


def _follows_text_column(draft: Draft, index: int) -> bool:
    return bool(_text_columns(draft, draft.before(index, Kind.BE)))


def _text_columns(draft: Draft, index: int) -> list[Column]:
    token = draft.at(index)
    if token is None:
        return []
    return [c for c in map(Column, token.values(Kind.FIELD)) if spec_of(c).type is ColumnType.TEXT]
