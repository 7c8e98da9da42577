"""Set phrases that are conditions: procurement, grades, kinds of forms, targets reached, points lost."""

from __future__ import annotations

from dataclasses import replace

from graph.model import EntityType
from search.parse_draft import Draft, Found
from search.plan import Compare, Except, Has, Known, Number, Reached, Typo
from search.plan_terms import Column, Op, Outcome, Relation
from search.query import Kind, Sense
from search.vocabulary import ColumnType, spec_of, words_of


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
        named = draft.is_at(index + 1, Kind.FIELD) and "project.grade" in draft.tokens[index + 1].values(Kind.FIELD)
        noun = draft.after(index)
        if not graded and len(draft.tokens[index].text) > 1 and draft.is_at(noun, Kind.NOUN):  # 优秀项目
            linked = linked or "Project" in draft.tokens[noun].values(Kind.NOUN)
        if named and not graded:  # 优秀等级的项目
            draft.use(index + 1)
            linked, lead = True, index
        if graded or linked:
            value = draft.tokens[index].value(Kind.GRADE)
            first = lead if draft.is_at(lead, Kind.GRADE_LEAD, Kind.FIELD) else index
            draft.add(Compare(column=Column.GRADE, op=Op.EQ, value=value), first, index)
    for index in list(draft.indexes(Kind.ADJUSTED)):
        _read_adjusted(draft, index)
    for index in list(draft.indexes(Kind.FORM)):
        draft.add(
            Compare(column=Column.DOCUMENT_TYPE, op=Op.EQ, value=draft.tokens[index].value(Kind.FORM)), index, index
        )


_ADJUSTED = {"down": Op.LT, "up": Op.GT, "words": Op.NE}


def _read_adjusted(draft: Draft, index: int) -> None:
    """年中调减了预算的, 调整过预算的: what was adjusted against what was first granted. 调减了多少 asks for the sum."""
    near = (draft.before(index, Kind.FIELD), draft.after(index, Kind.FIELD))
    op = _ADJUSTED[draft.tokens[index].value(Kind.ADJUSTED)]
    if draft.is_at(index + 1, Kind.HOW_MANY):
        _ask_adjustment(draft, index, op)
        return
    if draft.is_at(index, Kind.FIELD) and any(
        draft.is_at(i, Kind.HOW_MANY, Kind.SUPERLATIVE, Kind.SORT, Kind.PLACE) for i in near
    ):
        return
    draft.add(Compare(column=Column.BUDGET_ADJUSTED, op=op, other=Column.BUDGET_INITIAL), index, index)
    if isinstance(draft.found[-1].condition, Except):
        denied = {Op.LT: Op.GE, Op.GT: Op.LE}.get(op, Op.EQ)
        same = Compare(column=Column.BUDGET_ADJUSTED, op=denied, other=Column.BUDGET_INITIAL)
        draft.found[-1] = Found(condition=same, first=draft.found[-1].first, last=index)
    for at in (draft.before(index), draft.after(index)):
        if draft.is_at(at, Kind.FIELD) and "project.budget" in draft.tokens[at].values(Kind.FIELD):
            draft.use(at)


def _ask_adjustment(draft: Draft, index: int, op: Op) -> None:
    """预算调增了多少: the figure of the one project named, or the sum over those that were adjusted so."""
    sense = Sense(kind=Kind.FIELD, value=Column.ADJUSTMENT.value)
    draft.tokens[index] = replace(draft.tokens[index], senses=(sense,))
    draft.signed = -1 if op is Op.LT else 1 if op is Op.GT else 0
    if draft.signed and not _has_subject(draft):
        adjusted = Compare(column=Column.BUDGET_ADJUSTED, op=op, other=Column.BUDGET_INITIAL)
        draft.found.append(Found(condition=adjusted, first=index, last=index))


def read_misprints(draft: Draft, asked: EntityType) -> None:
    """引用中有误印的文件. Which project wrote it wrong, or in what year, no condition tells."""
    if asked is not EntityType.POLICY or draft.years:
        return
    for index in list(draft.indexes(Kind.TYPO)):
        draft.add(Typo(), index, index)
        draft.use(*(i for i in draft.indexes(Kind.FIELD) if "policy.number" in draft.tokens[i].values(Kind.FIELD)))


def read_outcomes(draft: Draft) -> None:
    """达标, 未完成, 扣分, 满分: conditions on indicators."""
    for index in list(draft.indexes(Kind.OUTCOME)):
        draft.add(Reached(outcome=Outcome(draft.tokens[index].value(Kind.OUTCOME))), index, index)
    for index in list(draft.indexes(Kind.POINTS)):
        if draft.is_at(index, Kind.FIELD) and draft.has(Kind.HOW_MANY, Kind.SUPERLATIVE) and not _counts(draft, index):
            continue
        lost = draft.tokens[index].value(Kind.POINTS) == "lost"
        about_indicators = any("Indicator" in t.values(Kind.NOUN) for t in draft.tokens)
        if not lost and not about_indicators and not draft.has(Kind.INDICATOR):
            draft.add(Compare(column=Column.TOTAL_SCORE, op=Op.EQ, value="100"), index, index)
            continue
        op = Op.LT if lost else Op.EQ
        draft.add(Compare(column=Column.SCORE, op=op, other=Column.WEIGHT), index, index)


def _counts(draft: Draft, index: int) -> bool:
    """扣分的指标一共有几个: indicators are counted, no points asked for."""
    noun = draft.after(index)
    of_indicators = draft.is_at(noun, Kind.NOUN) and "Indicator" in draft.tokens[noun].values(Kind.NOUN)
    asked = draft.after(noun, Kind.SUM, Kind.HAVE, Kind.BE)
    return of_indicators and draft.is_at(asked, Kind.HOW_MANY) and not draft.has(Kind.SUPERLATIVE)


def read_plain_relations(draft: Draft, asked: EntityType) -> None:
    """没有引用文件的项目, 有偏差原因的指标: a noun or column that is merely there or not."""
    for index in list(draft.indexes(Kind.NOUN)):
        if not any(value == "PolicyDocument" for value in draft.tokens[index].values(Kind.NOUN)):
            continue
        verb = draft.before(index)
        negation = draft.before(verb) if draft.is_at(verb, Kind.CITE) else -1
        denied = draft.is_at(negation, Kind.NOT) and not draft.is_at(index - 1, Kind.WHICH)
        if asked is EntityType.PROJECT and (denied or _cites_any(draft, verb, index)):
            draft.use(verb, index)
            draft.add(Number(relation=Relation.CITES, op=Op.GE, count=1), verb, index)
    _read_owned(draft, asked)
    for index in list(draft.indexes(Kind.FIELD)):
        have = draft.before(index)
        if not draft.is_at(have, Kind.HAVE, Kind.NOT):
            continue
        if draft.is_at(have, Kind.WHICH, Kind.LIST) or draft.tokens[have].text not in _STANDING:
            continue
        columns = [Column(v) for v in draft.tokens[index].values(Kind.FIELD)]
        denied = draft.is_at(have, Kind.NOT) and not draft.is_at(have, Kind.EXIST)
        column = next((c for c in columns if spec_of(c).type in _PLAIN and c not in _DERIVED), None)
        if column is None or not _merely_there(draft, have, index, denied=denied):
            continue
        condition = Known(column=column)
        if column.kind is EntityType.INDICATOR and asked is EntityType.PROJECT:
            draft.add(Has(relation=Relation.HAS_INDICATOR, where=condition), index if denied else have, index)
        else:
            draft.add(condition, index if denied else have, index)


_STANDING = frozenset(words_of("phrases", "plain", "standing"))
_PLAIN = frozenset(t for t in ColumnType if t not in (ColumnType.BOOLEAN, ColumnType.COUNT, ColumnType.NAME))
_DERIVED = frozenset({Column.ADJUSTMENT, Column.CHANGE, Column.CHANGE_RATE, Column.BALANCE, Column.LOST_SCORE})


_ANY_DOCUMENT = frozenset({"文件", "政策文件", "政策", "依据文件", "公文", "制度文件", "政策依据"})
_OWNED = {"Task": Relation.HAS_TASK, "Indicator": Relation.HAS_INDICATOR}


def _read_owned(draft: Draft, asked: EntityType) -> None:
    """有子项目的项目, 没有绩效指标的项目."""
    for index in list(draft.indexes(Kind.NOUN)):
        relation = next((_OWNED[v] for v in draft.tokens[index].values(Kind.NOUN) if v in _OWNED), None)
        have = draft.before(index)
        behind = draft.after(index, Kind.YEAR)
        of_projects = draft.is_at(behind, Kind.NOUN) and "Project" in draft.tokens[behind].values(Kind.NOUN)
        if relation is None or asked is not EntityType.PROJECT or not of_projects or have != index - 1:
            continue
        if draft.is_at(have, Kind.NOT, Kind.HAVE) and not draft.is_at(have, Kind.EXIST, Kind.LIST):
            first = index if draft.is_at(have, Kind.NOT) else have
            draft.add(Number(relation=relation, op=Op.GE, count=1), first, index)


def _cites_any(draft: Draft, verb: int, index: int) -> bool:
    """引用了文件的项目: citing at all, where no document, issuer or number of them is named."""
    if draft.tokens[index].text not in _ANY_DOCUMENT:
        return False
    if not draft.is_at(verb, Kind.CITE) or draft.has(Kind.POLICY, Kind.MISSING, Kind.SUPERLATIVE, Kind.RELATION):
        return False
    follows = draft.is_at(index + 1, Kind.DE) or (
        index + 1 >= len(draft) and any("Project" in t.values(Kind.NOUN) for t in draft.tokens[:verb])
    )
    asked_behind = any(draft.is_at(i, Kind.WHICH, Kind.HOW_MANY, Kind.NUMBER) for i in range(verb + 1, index + 1))
    return follows and not asked_behind and not draft.has(Kind.PROJECT)


def _merely_there(draft: Draft, have: int, index: int, *, denied: bool) -> bool:
    """没有自评总分(的项目), 哪些项目写了偏差原因: nothing is asked of the column, and nothing said of its value."""
    behind = draft.after(index, Kind.YEAR)
    if draft.is_at(behind, Kind.NOUN):
        return True
    owner = draft.before(have, Kind.BOTH)
    asked = draft.is_at(draft.before(owner, Kind.MEASURE_WORD, Kind.YEAR), Kind.WHICH, Kind.HOW_MANY)
    return (denied or asked) and draft.is_at(owner, Kind.NOUN) and behind >= len(draft)


def _has_subject(draft: Draft) -> bool:
    return any(draft.tokens[i].has(Kind.PROJECT) for i in range(len(draft)))
