"""Years in questions, and what they are years of."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from graph.model import EntityType
from search.parse_combining import any_of
from search.parse_draft import Draft
from search.plan import Both, Compare, Condition, Has
from search.plan_terms import Column, Op, Relation
from search.query import Kind


def read_years(draft: Draft, asked: EntityType) -> None:
    """Years named; what they are years of is decided when the rest is known."""
    for index in list(draft.indexes(Kind.YEAR)):
        if _is_of_document(draft, index):
            draft.use(index)
            continue
        if _of_cited(draft, index, asked):
            continue
        draft.years.append((index, draft.tokens[index].value(Kind.YEAR)))
        draft.use(index)
    _read_all_years(draft)
    for index in list(draft.indexes(Kind.RECENT)):
        count = int(draft.tokens[index].value(Kind.RECENT))
        if draft.names.years:
            latest = draft.names.years[-1]
            first = latest - count + 1
            draft.years.append((index, f"{first}-{latest}" if first < latest else str(latest)))
            draft.notes.append(f"“{draft.tokens[index].text}”按图谱中最新的 {latest} 年往前算")
        draft.use(index)


def _read_all_years(draft: Draft) -> None:
    """三个年度里: as many years as the graph has forms of are all of them."""
    for index in list(draft.indexes(Kind.NUMBER)):
        years = draft.at(index + 2)
        counted = (
            draft.is_at(index + 1, Kind.MEASURE_WORD) and years is not None and years.text.startswith(("年度", "年份"))
        )
        if counted and Decimal(draft.tokens[index].value(Kind.NUMBER)) == len(draft.names.years):
            draft.use(index, index + 1, index + 2)


def _is_of_document(draft: Draft, index: int) -> bool:
    """沪发改财金18号文（2018年）: the year that the document named beside it has in its number."""
    year = draft.tokens[index].value(Kind.YEAR)
    if not year.isdigit() or int(year) in draft.names.years:
        return False
    beside = (draft.before(index, Kind.TITLE_WORDS), draft.after(index, Kind.TITLE_WORDS))
    mentions = [m for i in beside if (token := draft.at(i)) and (m := token.mention(Kind.POLICY))]
    return any(f"〔{year}〕" in m.label for m in mentions)


def _of_cited(draft: Draft, index: int, asked: EntityType) -> bool:
    """引用了2018年(以后发布)的文件的项目: the year of the documents, not of the projects."""
    last = index
    op = Op.EQ
    bound = draft.at(index + 1)
    if bound is not None and bound.has(Kind.AFTER) and bound.value(Kind.AFTER) in ("ge", "le"):
        op, last = Op(bound.value(Kind.AFTER)), index + 1
    noun = draft.after(last, Kind.ISSUE)
    document = draft.at(noun)
    low, _, high = draft.tokens[index].value(Kind.YEAR).partition("-")
    cites = draft.is_at(draft.before(index), Kind.CITE)
    if asked is not EntityType.PROJECT or not cites or document is None or high:
        return False
    if "PolicyDocument" not in document.values(Kind.NOUN):
        return False
    where = Compare(column=Column.POLICY_YEAR, op=op, value=low)
    draft.add(Has(relation=Relation.CITES, where=where), index, noun)
    return True


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
    return any_of(parts) if parts else None
