"""Conditions that names and set phrases of a question put: documents cited, units, indicators, values, grades, years."""

from __future__ import annotations

from collections.abc import Iterable

from graph.model import EntityType
from search.parse_draft import Draft, Found
from search.plan import (
    Both,
    Column,
    Compare,
    Condition,
    Either,
    Except,
    Has,
    Known,
    Number,
    Op,
    Outcome,
    Reached,
    Relation,
)
from search.query import Kind, Mention, kind_of
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
        ids = mention.ids or tuple(i for rival in mention.rivals for i in rival.ids)
        draft.subjects.append((index, mention))
        first, last = _with_relation_words(draft, index)
        negated = _negated_later(draft, last)
        condition: Condition = Has(relation=relation, ids=ids)
        if negated is not None:
            draft.use(negated)
            condition = Except(part=condition)
        draft.add(condition, first, last)


def _asks_basis(draft: Draft) -> bool:
    return any("project.basis" in token.values(Kind.FIELD) for token in draft.tokens)


def _with_relation_words(draft: Draft, index: int) -> tuple[int, int]:
    first, last = index, index
    while draft.is_at(last + 1, Kind.TITLE_WORDS) and not draft.is_at(last + 1, Kind.WHICH):
        last += 1
    while draft.is_at(last + 1, Kind.POLICY) and draft.tokens[last + 1].mention(Kind.POLICY) is None:
        last += 1
    return first, last


def _negated_later(draft: Draft, last: int) -> int | None:
    """《…》没有被引用: 没有 behind the document and before the verb."""
    index = draft.after(last)
    if draft.is_at(index, Kind.NOT) and not draft.is_at(index, Kind.EXIST):
        verb = draft.after(index)
        if draft.is_at(verb, Kind.CITE, Kind.CITED_OFTEN):
            return index
    return None


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
        issued = (
            _issued_after(draft, index) if asked is not EntityType.POLICY and draft.has(Kind.CITE, Kind.BASIS) else None
        )
        if issued is not None:
            where: Condition = Has(relation=Relation.ISSUED_BY, ids=ids)
            if word := draft.tokens[issued].value(Kind.GENRE):
                column = Column.NUMBER if word == "令" else Column.TITLE
                where = Both(parts=(where, Compare(column=column, op=Op.CONTAINS, value=word)))
            draft.add(Has(relation=Relation.CITES, where=where), index, issued)
            continue
        relation, role = _role_of(draft, index)
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
    after = draft.after(index, Kind.YEAR, Kind.LAST_YEAR)
    for at in (before, after):
        token = draft.at(at)
        if token is None or not token.has(Kind.ROLE) or at in draft.used:
            continue
        if at == before and not _only_links(draft, at, index):
            continue
        if token.has(Kind.WHICH, Kind.NOUN, Kind.UNIT) and at == after:
            continue
        if at == after and token.text.endswith(("单位", "部门", "主体", "机构")):
            continue
        return _ROLE_RELATIONS[token.value(Kind.ROLE)], at
    return Relation.BY_UNIT, None


def _only_links(draft: Draft, first: int, last: int) -> bool:
    return all(draft.quiet(i) or draft.is_at(i, Kind.BE, Kind.NOT) for i in range(first + 1, last))


def _near(draft: Draft, index: int, kind: Kind) -> int | None:
    after = draft.after(index, Kind.YEAR)
    return after if draft.is_at(after, kind) else None


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
        if not draft.is_at(linked, Kind.WHICH, Kind.HOW_MANY, Kind.CITE) and not draft.is_at(index + 1, Kind.WHICH):
            continue
        if draft.tokens[index].has(Kind.NOUN) and not draft.is_at(linked, Kind.WHICH, Kind.HOW_MANY):
            continue
        word = draft.tokens[index].value(Kind.GENRE)
        column = Column.NUMBER if word == "令" else Column.TITLE
        condition: Condition = Compare(column=column, op=Op.CONTAINS, value=word)
        if asked is not EntityType.POLICY:
            condition = Has(relation=Relation.CITES, where=condition)
        draft.add(condition, index, index)


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
        same: Condition = _any_of([Compare(column=Column.LEVEL3, op=Op.EQ, value=name) for name in names])
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
        if not columns and len(token.text) < 4 and not any(Column(m.key).kind is EntityType.INDICATOR for m in chosen):
            continue
        if not columns and token.has(Kind.OTHER, Kind.FIELD):
            continue
        condition = _any_of([_equals(m) for m in chosen])
        first = field_at if columns and any(Column(m.key) in columns for m in chosen) else index
        last = index
        while draft.is_at(last + 1, Kind.NOUN) and "Indicator" in draft.tokens[last + 1].values(Kind.NOUN):
            if Column(chosen[0].key).kind is not EntityType.INDICATOR:
                break
            last += 1
        draft.add(condition, first, index)


def _equals(mention: Mention) -> Condition:
    values = mention.ids or tuple(i for rival in mention.rivals for i in rival.ids)
    return _any_of([Compare(column=Column(mention.key), op=Op.EQ, value=value) for value in values])


def _follows_text_column(draft: Draft, index: int) -> bool:
    return bool(_text_columns(draft, draft.before(index, Kind.BE)))


def _text_columns(draft: Draft, index: int) -> list[Column]:
    token = draft.at(index)
    if token is None:
        return []
    return [c for c in map(Column, token.values(Kind.FIELD)) if spec_of(c).type is ColumnType.TEXT]


def read_phrases(draft: Draft) -> None:
    """Set phrases: 政府购买服务, grades, kinds of forms, 达标, 扣分."""
    for index in list(draft.indexes(Kind.BOOLEAN)):
        if draft.has(Kind.EXIST) and not draft.has(Kind.WHICH, Kind.HOW_MANY) and _has_subject(draft):
            continue  # 是否含有政府购买服务 of a named project is a column asked for
        last = index
        truth = draft.after(index, Kind.BE)
        if draft.is_at(truth, Kind.TRUTH) and draft.tokens[truth].text in {"否", "没有", "无"}:
            draft.use(truth)
            draft.add(Compare(column=Column.GOVERNMENT_PROCUREMENT, op=Op.EQ, value="false"), index, last)
        else:
            positive = Compare(column=Column.GOVERNMENT_PROCUREMENT, op=Op.EQ, value="true")
            draft.add(positive, index, last)
            if isinstance(draft.found[-1].condition, Except):
                negative = Compare(column=Column.GOVERNMENT_PROCUREMENT, op=Op.EQ, value="false")
                draft.found[-1] = Found(condition=negative, first=draft.found[-1].first, last=last)
    for index in list(draft.indexes(Kind.GRADE)):
        lead = index - 1
        while draft.is_at(lead, Kind.FILLER):
            lead -= 1
        graded = draft.is_at(lead, Kind.FIELD) and "project.grade" in draft.tokens[lead].values(Kind.FIELD)
        linked = draft.is_at(lead, Kind.GRADE_LEAD, Kind.NOT) or draft.is_at(lead, Kind.OR, Kind.AND)
        if draft.is_at(lead, Kind.GRADE_LEAD) and draft.tokens[lead].text in {"是", "为"}:
            field_at = draft.before(lead)
            graded = draft.is_at(field_at, Kind.FIELD) and "project.grade" in draft.tokens[field_at].values(Kind.FIELD)
            linked = graded
            lead = field_at if graded else lead
        if graded or linked:
            value = draft.tokens[index].value(Kind.GRADE)
            first = lead if draft.is_at(lead, Kind.GRADE_LEAD, Kind.FIELD) else index
            draft.add(Compare(column=Column.GRADE, op=Op.EQ, value=value), first, index)
    for index in list(draft.indexes(Kind.FORM)):
        draft.add(
            Compare(column=Column.DOCUMENT_TYPE, op=Op.EQ, value=draft.tokens[index].value(Kind.FORM)), index, index
        )


def read_outcomes(draft: Draft) -> None:
    """达标, 未完成, 扣分, 满分: conditions on indicators."""
    for index in list(draft.indexes(Kind.OUTCOME)):
        draft.add(Reached(outcome=Outcome(draft.tokens[index].value(Kind.OUTCOME))), index, index)
    for index in list(draft.indexes(Kind.POINTS)):
        if draft.is_at(index, Kind.FIELD) and draft.has(Kind.HOW_MANY, Kind.SUPERLATIVE):
            continue
        lost = draft.tokens[index].value(Kind.POINTS) == "lost"
        about_indicators = any("Indicator" in t.values(Kind.NOUN) for t in draft.tokens)
        if not lost and not about_indicators and not draft.has(Kind.INDICATOR):
            draft.add(Compare(column=Column.TOTAL_SCORE, op=Op.EQ, value="100"), index, index)
            continue
        op = Op.LT if lost else Op.EQ
        draft.add(Compare(column=Column.SCORE, op=op, other=Column.WEIGHT), index, index)


def read_plain_relations(draft: Draft, asked: EntityType) -> None:
    """没有引用文件的项目, 有偏差原因的指标: a noun or column that is merely there or not."""
    for index in list(draft.indexes(Kind.NOUN)):
        if not any(value == "PolicyDocument" for value in draft.tokens[index].values(Kind.NOUN)):
            continue
        verb = draft.before(index)
        negation = draft.before(verb) if draft.is_at(verb, Kind.CITE) else -1
        if draft.is_at(negation, Kind.NOT) and asked is EntityType.PROJECT and not draft.is_at(index - 1, Kind.WHICH):
            draft.use(verb, index)
            draft.add(Number(relation=Relation.CITES, op=Op.GE, count=1), verb, index)
    for index in list(draft.indexes(Kind.FIELD)):
        have = draft.before(index)
        if not draft.is_at(have, Kind.HAVE, Kind.NOT) or draft.has(Kind.HOW_MANY):
            continue
        if draft.is_at(have, Kind.WHICH, Kind.LIST) or draft.tokens[have].text not in {
            "有",
            "填了",
            "填写了",
            "没有",
            "无",
            "写了",
            "没",
        }:
            continue
        columns = [Column(v) for v in draft.tokens[index].values(Kind.FIELD)]
        column = next((c for c in columns if spec_of(c).type is ColumnType.SECTION), None)
        if column is not None and draft.is_at(draft.after(index), Kind.NOUN):
            first = index if draft.is_at(have, Kind.NOT) else have
            draft.add(Known(column=column), first, index)


def read_years(draft: Draft) -> None:
    """Years named; what they are years of is decided when the rest is known."""
    for index in list(draft.indexes(Kind.YEAR)):
        draft.years.append((index, draft.tokens[index].value(Kind.YEAR)))
        draft.use(index)
    for index in list(draft.indexes(Kind.RECENT)):
        count = int(draft.tokens[index].value(Kind.RECENT))
        if draft.names.years:
            latest = draft.names.years[-1]
            first = latest - count + 1
            draft.years.append((index, f"{first}-{latest}" if first < latest else str(latest)))
            draft.notes.append(f"“{draft.tokens[index].text}”按图谱中最新的 {latest} 年往前算")
        draft.use(index)


def year_condition(draft: Draft, column: Column, years: Iterable[tuple[int, str]]) -> Condition | None:
    """Any of the years; 以后 and 以前 behind a year make it a bound, that year included."""
    parts: list[Condition] = []
    for index, value in years:
        after = draft.at(index + 1)
        if after is not None and after.has(Kind.AFTER) and after.value(Kind.AFTER) in ("ge", "le"):
            draft.use(index + 1)
            parts.append(Compare(column=column, op=Op(after.value(Kind.AFTER)), value=value))
            continue
        before = draft.at(draft.before(index, Kind.BE))
        if before is not None and before.has(Kind.COMPARE) and column is Column.POLICY_YEAR:
            draft.use(draft.before(index, Kind.BE))
            parts.append(Compare(column=column, op=Op(before.value(Kind.COMPARE)), value=value))
            continue
        low, _, high = value.partition("-")
        if high:
            parts.append(
                Both(parts=(Compare(column=column, op=Op.GE, value=low), Compare(column=column, op=Op.LE, value=high)))
            )
        else:
            parts.append(Compare(column=column, op=Op.EQ, value=low))
    return _any_of(parts) if parts else None


def join_indicator_conditions(conditions: list[Condition]) -> list[Condition]:
    """有预算执行率指标且目标为100%: what is said of indicators holds for the indicator named."""
    bare = [c for c in conditions if kind_of(c) is EntityType.INDICATOR]
    at = next(
        (i for i, c in enumerate(conditions) if isinstance(c, Has) and c.relation is Relation.HAS_INDICATOR), None
    )
    if not bare or at is None:
        return conditions
    named = conditions[at]
    if not isinstance(named, Has) or named.where is None:
        return conditions
    joined = Has(relation=named.relation, where=Both(parts=(named.where, *bare)))
    return [joined if i == at else c for i, c in enumerate(conditions) if c not in bare]


def on_indicators(condition: Condition) -> Condition:
    """The condition on the indicator itself, where the question turned out to ask for indicators."""
    match condition:
        case Has(relation=Relation.HAS_INDICATOR, where=where) if where is not None:
            return where
        case Either(parts=parts):
            return Either(parts=tuple(on_indicators(part) for part in parts))
        case Except(part=part):
            return Except(part=on_indicators(part))
        case _:
            return condition


def combine(draft: Draft, found: list[Found]) -> tuple[Condition, ...]:
    """Conditions in reading order; those joined by 或 become one, all others hold together."""
    ordered = sorted(found, key=lambda f: (f.first, f.last))
    groups: list[list[Found]] = []
    for one in ordered:
        if groups and _joined_by_or(draft, groups[-1][-1], one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return tuple(_any_of([f.condition for f in group]) for group in groups)


def _joined_by_or(draft: Draft, left: Found, right: Found) -> bool:
    between = range(left.last + 1, right.first)
    if kind_of(left.condition) is not kind_of(right.condition):
        return False
    if any(draft.is_at(i, Kind.OR) for i in between):
        return True
    if isinstance(left.condition, Has) and isinstance(right.condition, Has):
        relation = left.condition.relation
        if relation is not right.condition.relation:
            return False
        if relation.ends is EntityType.POLICY and draft.has(Kind.SEPARATELY):
            return True
        same = relation.ends is EntityType.UNIT
        listed = [i for i in between if not draft.quiet(i)]
        return (
            same
            and bool(listed)
            and all(draft.tokens[i].text in {"和", "与", "及", "以及", "、", "跟"} for i in listed)
        )
    same_column = (
        isinstance(left.condition, Compare)
        and isinstance(right.condition, Compare)
        and left.condition.column is right.condition.column
        and left.condition.op is Op.EQ
        and right.condition.op is Op.EQ
    )
    return same_column  # 优和良: one project cannot be both


def _any_of(parts: list[Condition]) -> Condition:
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else Either(parts=tuple(unique))


def _has_subject(draft: Draft) -> bool:
    return any(draft.tokens[i].has(Kind.PROJECT) for i in range(len(draft)))
