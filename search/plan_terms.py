"""The closed sets that plans are written in: columns, relations, comparisons, aggregates."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from graph.model import EdgeType, EntityType


class Column(StrEnum):
    """What a row can be asked for; stored properties and figures derived from them (`lexicon/fields.toml`)."""

    NAME = "project.name"
    YEAR = "project.year"
    DOCUMENT_TYPE = "project.document_type"
    CATEGORY = "project.category"
    PERFORMANCE_TYPE = "project.performance_type"
    PROJECT_NATURE = "project.project_nature"
    START_DATE = "project.start_date"
    END_DATE = "project.end_date"
    DURATION = "project.duration"
    GOVERNMENT_PROCUREMENT = "project.government_procurement"
    BUDGET = "project.budget"
    BUDGET_FIRST = "project.budget_first"  # as BUDGET, but as first granted where a form has both
    BUDGET_TOTAL = "project.budget_total"
    BUDGET_YEAR = "project.budget_year"
    PREVIOUS_BUDGET = "project.previous_budget"
    PREVIOUS_EXECUTED = "project.previous_executed"
    PREVIOUS_RATE = "project.previous_rate"
    BUDGET_INITIAL = "project.budget_initial"
    BUDGET_ADJUSTED = "project.budget_adjusted"
    EXECUTED = "project.executed"
    EXECUTION_RATE = "project.execution_rate"
    BALANCE = "project.balance"
    ADJUSTMENT = "project.adjustment"
    CHANGE = "project.change"
    CHANGE_RATE = "project.change_rate"
    EXECUTION_WEIGHT = "project.execution_weight"
    EXECUTION_SCORE = "project.execution_score"
    TOTAL_SCORE = "project.total_score"
    GRADE = "project.grade"
    OVERVIEW = "project.overview"
    BASIS = "project.basis"
    NECESSITY = "project.necessity"
    MEASURES = "project.measures"
    SCHEDULE = "project.schedule"
    GOALS = "project.goals"
    EXPECTED_GOALS = "project.expected_goals"
    ACTUAL_COMPLETION = "project.actual_completion"
    DECLARING_UNIT = "project.declaring_unit"
    SUPERVISING_UNIT = "project.supervising_unit"
    IMPLEMENTING_UNIT = "project.implementing_unit"
    INDICATOR_COUNT = "project.indicator_count"
    CITATION_COUNT = "project.citation_count"
    TASK_COUNT = "project.task_count"
    LEVEL1 = "indicator.level1"
    LEVEL2 = "indicator.level2"
    LEVEL3 = "indicator.level3"
    TARGET_TEXT = "indicator.target_text"
    TARGET_VALUE = "indicator.target_value"
    ACTUAL_TEXT = "indicator.actual_text"
    ACTUAL_VALUE = "indicator.actual_value"
    WEIGHT = "indicator.weight"
    SCORE = "indicator.score"
    LOST_SCORE = "indicator.lost_score"
    DEVIATION_REASON = "indicator.deviation_reason"
    TITLE = "policy.title"
    NUMBER = "policy.number"
    ISSUER_CODE = "policy.issuer_code"
    POLICY_YEAR = "policy.year"
    POLICY_KIND = "policy.kind"
    CITED_COUNT = "policy.cited_count"
    UNIT_NAME = "unit.name"
    PROJECT_COUNT = "unit.project_count"
    TASK_NAME = "task.name"
    SOURCE_FILE = "source.file"

    @property
    def kind(self) -> EntityType:
        """The kind of rows that have this column."""
        return _KINDS[self.value.partition(".")[0]]

    @property
    def key(self) -> str:
        """The property's name in the graph (for derived columns a name that no entity has)."""
        return self.value.partition(".")[2]


_KINDS = {
    "project": EntityType.PROJECT,
    "indicator": EntityType.INDICATOR,
    "policy": EntityType.POLICY,
    "unit": EntityType.UNIT,
    "task": EntityType.TASK,
    "source": EntityType.SOURCE,
}


class Relation(StrEnum):
    """A step from rows of one kind to rows of another; named from where it starts."""

    CITES = "cites"
    CITED_BY = "cited_by"
    RESTS_ON = "rests_on"  # cites in the section 立项依据
    BASIS_OF = "basis_of"
    BY_UNIT = "by_unit"  # any of the three roles
    DECLARED_BY = "declared_by"
    SUPERVISED_BY = "supervised_by"
    IMPLEMENTED_BY = "implemented_by"
    BY_BEARER = "by_bearer"  # declared or implemented by: who does the work
    RUNS = "runs"
    DECLARES = "declares"
    SUPERVISES = "supervises"
    IMPLEMENTS = "implements"
    HAS_INDICATOR = "has_indicator"
    INDICATOR_OF = "indicator_of"
    HAS_TASK = "has_task"
    TASK_OF = "task_of"
    DESCRIBED_IN = "described_in"
    DESCRIBES = "describes"
    ISSUED_BY = "issued_by"
    ISSUES = "issues"
    SAME_PROGRAMME = "same_programme"
    MENTIONS = "mentions"  # a unit that only the text of the project names

    @property
    def starts(self) -> EntityType:
        return _RELATIONS[self][0]

    @property
    def ends(self) -> EntityType:
        return _RELATIONS[self][1]

    @property
    def edges(self) -> tuple[EdgeType, ...]:
        return _RELATIONS[self][2]

    @property
    def outward(self) -> bool:
        """True where the edge runs from the row, False where it runs to it."""
        return _RELATIONS[self][3]

    @property
    def section(self) -> str | None:
        """The section of the form in which the edge must stand, None for any."""
        return "basis" if self in (Relation.RESTS_ON, Relation.BASIS_OF) else None


_P, _D, _U, _I, _T, _S = (
    EntityType.PROJECT,
    EntityType.POLICY,
    EntityType.UNIT,
    EntityType.INDICATOR,
    EntityType.TASK,
    EntityType.SOURCE,
)


_ROLES = (EdgeType.DECLARES, EdgeType.SUPERVISES, EdgeType.IMPLEMENTS)


_BEARERS = (EdgeType.DECLARES, EdgeType.IMPLEMENTS)


_RELATIONS: Mapping[Relation, tuple[EntityType, EntityType, tuple[EdgeType, ...], bool]] = {
    Relation.CITES: (_P, _D, (EdgeType.CITES,), True),
    Relation.CITED_BY: (_D, _P, (EdgeType.CITES,), False),
    Relation.RESTS_ON: (_P, _D, (EdgeType.CITES,), True),
    Relation.BASIS_OF: (_D, _P, (EdgeType.CITES,), False),
    Relation.BY_UNIT: (_P, _U, _ROLES, False),
    Relation.DECLARED_BY: (_P, _U, (EdgeType.DECLARES,), False),
    Relation.SUPERVISED_BY: (_P, _U, (EdgeType.SUPERVISES,), False),
    Relation.IMPLEMENTED_BY: (_P, _U, (EdgeType.IMPLEMENTS,), False),
    Relation.BY_BEARER: (_P, _U, _BEARERS, False),
    Relation.RUNS: (_U, _P, _ROLES, True),
    Relation.DECLARES: (_U, _P, (EdgeType.DECLARES,), True),
    Relation.SUPERVISES: (_U, _P, (EdgeType.SUPERVISES,), True),
    Relation.IMPLEMENTS: (_U, _P, (EdgeType.IMPLEMENTS,), True),
    Relation.HAS_INDICATOR: (_P, _I, (EdgeType.HAS_INDICATOR,), True),
    Relation.INDICATOR_OF: (_I, _P, (EdgeType.HAS_INDICATOR,), False),
    Relation.HAS_TASK: (_P, _T, (EdgeType.HAS_TASK,), True),
    Relation.TASK_OF: (_T, _P, (EdgeType.HAS_TASK,), False),
    Relation.DESCRIBED_IN: (_P, _S, (EdgeType.DESCRIBED_IN,), True),
    Relation.DESCRIBES: (_S, _P, (EdgeType.DESCRIBED_IN,), False),
    Relation.ISSUED_BY: (_D, _U, (EdgeType.ISSUED_BY,), True),
    Relation.ISSUES: (_U, _D, (EdgeType.ISSUED_BY,), False),
    Relation.SAME_PROGRAMME: (_P, _P, (EdgeType.SAME_PROGRAMME,), True),
    Relation.MENTIONS: (_P, _U, (EdgeType.MENTIONS,), True),
}


class Op(StrEnum):
    EQ = "eq"
    NE = "ne"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    CONTAINS = "contains"
    ENDS = "ends"  # text only: 《…法》 ends in 法

    @property
    def mirrored(self) -> Op:
        """The operator where both sides are negated: more than 5 is less than -5."""
        return _MIRRORED.get(self, self)


_MIRRORED = {Op.GT: Op.LT, Op.GE: Op.LE, Op.LT: Op.GT, Op.LE: Op.GE}


class Match(StrEnum):
    ANY = "any"
    ALL = "all"


class Outcome(StrEnum):
    """An indicator's target against what was done."""

    REACHED = "reached"
    PARTLY = "partly"
    MISSED = "missed"
    UNREACHED = "unreached"  # missed or partly


class Aggregate(StrEnum):
    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    MAX = "max"
    MIN = "min"
    MEDIAN = "median"
    SHARE = "share"  # of groups: their part of the sum of all, percent


class Contrasting(StrEnum):
    DIFFERENCE = "difference"  # first less second
    GROWTH = "growth"  # (first - second) / second, percent
    SHARE = "share"  # first / second, percent
    RATIO = "ratio"  # first / second
