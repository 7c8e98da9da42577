"""A plan in Chinese: how the question was read. Every plan can be said, one from outside too."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import structs

from graph.model import EntityId, EntityType
from graph.store import Store
from search.normalise import echo
from search.phrasing import join_words, label_of, name_entity, say_number
from search.phrasing_compare import OPERATORS, say_compare, say_value
from search.plan import (
    Both,
    Calculate,
    Compare,
    Condition,
    Contrast,
    Decide,
    Define,
    Either,
    Except,
    Figures,
    Follow,
    Group,
    Has,
    Keep,
    Known,
    Number,
    Paths,
    Pick,
    Plan,
    Prove,
    Rank,
    Reached,
    Recall,
    Select,
    Show,
    Step,
    Tabulate,
    Topic,
    Typo,
    Without,
)
from search.plan_terms import Aggregate, Column, Contrasting, Match, Op, Outcome, Relation
from search.vocabulary import ColumnType, spec_of

KIND_WORDS = {
    EntityType.PROJECT: "项目",
    EntityType.POLICY: "文件",
    EntityType.UNIT: "单位",
    EntityType.INDICATOR: "绩效指标",
    EntityType.TASK: "子项目",
    EntityType.SOURCE: "来源文件",
}
_RELATIONS = {
    Relation.CITES: "引用了{}",
    Relation.RESTS_ON: "立项依据中引用了{}",
    Relation.CITED_BY: "被{}引用",
    Relation.BASIS_OF: "是{}的立项依据",
    Relation.BY_UNIT: "由{}申报、主管或实施",
    Relation.DECLARED_BY: "由{}申报",
    Relation.SUPERVISED_BY: "由{}主管",
    Relation.IMPLEMENTED_BY: "由{}实施",
    Relation.BY_BEARER: "由{}申报或实施",
    Relation.RUNS: "申报、主管或实施{}",
    Relation.DECLARES: "申报{}",
    Relation.SUPERVISES: "主管{}",
    Relation.IMPLEMENTS: "实施{}",
    Relation.HAS_INDICATOR: "设有{}",
    Relation.INDICATOR_OF: "属于{}",
    Relation.HAS_TASK: "含有子项目{}",
    Relation.TASK_OF: "属于{}",
    Relation.DESCRIBED_IN: "出自{}",
    Relation.DESCRIBES: "载有{}",
    Relation.ISSUED_BY: "由{}发布",
    Relation.ISSUES: "发布{}",
    Relation.SAME_PROGRAMME: "与{}为跨年度的同一项目",
    Relation.MENTIONS: "提到了{}",
}
_FOLLOWED = {
    Relation.CITES: "引用的文件",
    Relation.RESTS_ON: "立项依据中引用的文件",
    Relation.CITED_BY: "引用它的项目",
    Relation.BASIS_OF: "以它为立项依据的项目",
    Relation.BY_UNIT: "申报、主管和实施单位",
    Relation.DECLARED_BY: "申报单位",
    Relation.SUPERVISED_BY: "主管部门",
    Relation.IMPLEMENTED_BY: "实施单位",
    Relation.BY_BEARER: "申报或实施单位",
    Relation.HAS_INDICATOR: "绩效指标",
    Relation.HAS_TASK: "子项目",
    Relation.TASK_OF: "所属项目",
    Relation.INDICATOR_OF: "所属项目",
    Relation.RUNS: "项目",
    Relation.DESCRIBED_IN: "来源文件",
    Relation.SAME_PROGRAMME: "跨年度的同一项目",
    Relation.MENTIONS: "提到的单位",
}
_SHARED = {
    Relation.CITES: "引用同一文件",
    Relation.DESCRIBED_IN: "出自同一来源文件",
    Relation.BY_BEARER: "同一单位申报或实施",
}
_AGGREGATES = {
    Aggregate.COUNT: "个数",
    Aggregate.SUM: "合计",
    Aggregate.AVERAGE: "平均",
    Aggregate.MAX: "最大值",
    Aggregate.MIN: "最小值",
    Aggregate.MEDIAN: "中位数",
    Aggregate.SHARE: "合计占全部的比例",
}
_OUTCOMES = {
    Outcome.REACHED: "达到目标",
    Outcome.PARTLY: "部分达成",
    Outcome.MISSED: "没有达到目标",
    Outcome.UNREACHED: "没有达到或只部分达成目标",
}
_MOST_NAMES = 6


def say_plan(plan: Plan, store: Store) -> str:
    """What the plan asks of the graph, as a noun phrase.

    An ordinary list reads 2020年度、引用了《…》的项目.
    """
    return _Speaker(store).say(plan.steps)


class _Speaker:
    """Says steps one after another; `noun` is what the rows are by then."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def say(self, steps: Iterable[Step]) -> str:
        noun, tail, followed = "", "", False
        steps = list(steps)
        shared = _SHARED.get(next((s.relation for s in steps if isinstance(s, Follow)), Relation.CITES), "相关")
        for step in self.neighbours(steps):
            match step:
                case Select(kind=kind):
                    noun = KIND_WORDS[kind]
                case Pick(ids=ids):
                    noun = self.names(ids)
                case Recall(kind=kind, ids=ids):
                    noun = f"上一问所列的{say_number(Decimal(len(ids)))}个{KIND_WORDS[kind]}"
                case Topic(kind=kind, text=text, literal=True):
                    noun = f"原文写有“{echo(text)}”的{KIND_WORDS[kind]}"
                case Topic(kind=kind, text=text):
                    noun = f"与“{echo(text)}”有关的{KIND_WORDS[kind]}"
                case Keep(condition=condition):
                    phrase = self.condition(condition)
                    noun = f"{noun}中{phrase}的" if followed else f"{phrase}的{noun}"
                case Follow(relation=relation, match=match):
                    common, followed = "共同" if match is Match.ALL else "", True
                    if tail:  # 按预算取第1名的项目 leads on
                        noun, tail = f"{noun}（{tail.removeprefix('，').replace('（', '，').replace('）', '')}）", ""
                    noun = f"{noun}{'的' if not _FOLLOWED.get(relation, '').startswith(('引用', '立项')) else ''}"
                    noun = f"{noun}{common}{_FOLLOWED.get(relation, '相关条目')}"
                case Without(ids=ids):
                    noun = f"与{self.names(ids)}{shared}的其他项目"
                case Rank():
                    tail += self.rank(step)
                case Group():
                    tail += self.group(step)
                case Figures(op=op, value=value):
                    tail += f"，只留{OPERATORS[op]}{value}的"
                case Show(columns=columns) if columns and len(columns) <= _MOST_NAMES:
                    tail += f"，列出{join_words(label_of(c) for c in columns)}"
                case Calculate(aggregate=aggregate, column=column):
                    tail += self.figure(aggregate, column, single=_is_single(steps))
                    if noun.endswith("的"):  # …的绩效指标中没有达到目标的: those, and their number
                        noun = f"{noun[:-1]}者"
                case Tabulate(aggregate=aggregate, columns=columns):
                    tail += f"的{join_words(label_of(c) for c in columns)}，分别求{_AGGREGATES[aggregate]}"
                case Contrast(how=how, parts=parts):
                    sides = [self.say(part.steps) for part in parts]
                    noun = f"{sides[0]} 与 {sides[1]} {_HOW[how]}"
                case Paths(starts=starts, ends=ends):
                    noun = f"{self.names(starts)}与{self.names(ends)}之间的联系"
                case Prove(columns=columns):
                    about = f"的{join_words(label_of(c) for c in columns)}" if columns else ""
                    tail += f"{about}的原文出处"
                case Define(columns=columns):
                    noun = f"{join_words(label_of(c) for c in columns)}的含义"
                case Decide():
                    tail += "，有没有"
        return (noun + tail).replace("的项目的项目", "的项目的")

    def neighbours(self, steps: list[Step]) -> list[Step]:
        """Steps without those that `Without` says by itself."""
        at = next((i for i, step in enumerate(steps) if isinstance(step, Without)), None)
        return steps if at is None else steps[at:]

    def names(self, ids: Iterable[str]) -> str:
        listed = list(ids)
        entities = self._store.nodes(EntityId(i) for i in listed[:_MOST_NAMES])
        said = join_words(
            [e.label if e.type is EntityType.POLICY else f"“{name_entity(e)}”" for e in entities], last="、"
        )
        return f"{said}等{say_number(Decimal(len(listed)))}项" if len(listed) > _MOST_NAMES else said

    def alternatives(self, ids: Iterable[str]) -> str:
        entities = list(self._store.nodes(EntityId(i) for i in ids))
        if len(entities) > _MOST_NAMES:
            return self.names(ids)
        names = [e.label if e.type is not EntityType.PROJECT else f"“{name_entity(e)}”" for e in entities]
        return join_words(names, last="或")

    def rank(self, step: Rank) -> str:
        if step.each is not None:
            return f"，各{label_of(step.each)}分别" + self.rank(structs.replace(step, each=None)).removeprefix("，")
        column = label_of(step.column) if step.column else "数值"
        if step.column is not None and spec_of(step.column).type is ColumnType.DATE:
            order = "从晚到早" if step.descending else "从早到晚"
        else:
            order = "从高到低" if step.descending else "从低到高"
        if step.both_ends:
            return f"，按{column}取最高和最低{'' if step.last == 1 else f'各{step.last}名'}（并列都算）"
        if step.last is None:
            return f"，按{column}{order}排列"
        places = f"前{step.last}" if step.first == 1 else f"第{step.first}到第{step.last}"
        if step.first == step.last:
            places = f"第{step.first}"
        return f"，按{column}{order}取{places}名（并列都算）"

    def group(self, step: Group) -> str:
        key = label_of(step.column) if step.column else _FOLLOWED.get(step.relation or Relation.CITES, "")
        if step.measure is None:
            return f"，按{key}分组计数"
        if step.aggregate is Aggregate.AVERAGE:
            return f"，按{key}分组，求平均{label_of(step.measure)}{_weighted(step.measure)}"
        return f"，按{key}分组，求{label_of(step.measure)}的{_AGGREGATES[step.aggregate]}"

    def figure(self, aggregate: Aggregate, column: Column | None, *, single: bool = False) -> str:
        if column is None:
            return "的个数"
        if single and aggregate in (Aggregate.SUM, Aggregate.AVERAGE):  # one project has no sum
            return f"的{label_of(column)}"
        if aggregate is Aggregate.AVERAGE:
            return f"的平均{label_of(column)}{_weighted(column)}"
        return f"的{label_of(column)}{_AGGREGATES[aggregate]}"

    def condition(self, condition: Condition) -> str:
        match condition:
            case Compare():
                return say_compare(condition)
            case Has(relation=relation, ids=ids, match=match, where=where):
                if where is not None:
                    noun = KIND_WORDS[relation.ends]
                    return _RELATIONS[relation].format(f"{self.condition(where)}的{noun}")
                named = self.names(ids) if match is Match.ALL else self.alternatives(ids)
                return _RELATIONS[relation].format(named)
            case Number(relation=relation, op=Op.GE, count=1):
                return _RELATIONS[relation].format(KIND_WORDS[relation.ends]).replace("子项目子项目", "子项目")
            case Number(relation=relation, op=op, count=count):
                return _RELATIONS[relation].format(f"{_COUNTS[op]}{count}个{KIND_WORDS[relation.ends]}")
            case Known(column=column):
                return f"写明{label_of(column)}"
            case Reached(outcome=outcome):
                return _OUTCOMES[outcome]
            case Typo():
                return "文号或标题有误印"
            case Both(parts=parts):
                return self.both(parts)
            case Either(parts=parts):
                return f"（{' 或 '.join(self.condition(part) for part in parts)}）"
            case Except(part=Compare(column=Column.NAME, op=Op.EQ, value=name)):
                return f"除“{name}”外"
            case Except(part=Has() | Number() | Known() as part):
                return _denied(self.condition(part))
            case Except(part=Reached() as part):
                return f"并非{self.condition(part)}"
            case Except(part=part):
                return f"不满足“{self.condition(part)}”"

    def both(self, parts: tuple[Condition, ...]) -> str:
        match parts:
            case (Compare(column=c, op=Op.GE, value=low), Compare(column=d, op=Op.LE, value=high)) if (
                c is d and low and high
            ):
                return f"{label_of(c)}在{say_value(c, low)}到{say_value(c, high)}之间"
            case (Compare(op=Op.ENDS, value=ending), Except(part=Compare(op=Op.ENDS, value=other))):
                return f"标题末尾为“{ending}”（不计“{other}”）"
        linked = [part for part in parts if isinstance(part, Has) and part.where is None and len(part.ids) == 1]
        if len(linked) == len(parts) > 1 and len({part.relation for part in linked}) == 1:
            names = join_words(self.names(part.ids) for part in linked)
            return f"同时{_RELATIONS[linked[0].relation].format(names)}"
        return "、".join(self.condition(part) for part in parts)


def say_joined(relation: Relation, count: str) -> str:
    """What so many of the entities at the other end come to: 引用了5个文件, 被3个项目引用."""
    said = _RELATIONS[relation].format(f"{count}{KIND_WORDS[relation.ends]}")
    return said.replace("子项目子项目", "子项目")


def _weighted(column: Column) -> str:
    weight = spec_of(column).weight
    return f"（按{label_of(weight)}加权）" if weight else ""


def _is_single(steps: list[Step]) -> bool:
    """The steps speak of one named entity and lead nowhere else."""
    return (
        isinstance(steps[0], Pick) and len(steps[0].ids) == 1 and not any(isinstance(s, Follow | Group) for s in steps)
    )


_DENIALS = (("引用了", "没有引用"), ("提到了", "没有提到"), ("设有", "没有"), ("由", "不由"), ("被", "没有被"))


def _denied(phrase: str) -> str:
    """没有引用…, 没有…, 不由…申报."""
    for said, denied in _DENIALS:
        if phrase.startswith(said):
            return denied + phrase.removeprefix(said)
    return f"没有{phrase}"


_COUNTS = {
    Op.EQ: "恰好",
    Op.NE: "不为",
    Op.GT: "多于",
    Op.GE: "不少于",
    Op.LT: "少于",
    Op.LE: "不多于",
    Op.CONTAINS: "含",
    Op.ENDS: "末尾为",
}
_HOW = {
    Contrasting.DIFFERENCE: "相比的差额",
    Contrasting.GROWTH: "相比的增减率",
    Contrasting.SHARE: "之比（占比）",
    Contrasting.RATIO: "之比",
}
