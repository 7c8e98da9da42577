"""Nouns of understanding: Mention, Sense, Token, and the Query made of them. No verbs live here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from graph.model import EntityType
from search.plan import Condition
from search.plan_terms import Aggregate, Column, Contrasting, Op, Relation


class Kind(StrEnum):
    """What a token can be. The first block is spelt as the tables of `lexicon/words.toml`."""

    FILLER = "filler"
    DE = "de"
    WHICH = "which"
    WHO = "who"
    HOW_MANY = "how_many"
    HOW = "how"
    WHY = "why"
    EXIST = "exist"
    HAVE = "have"
    BE = "be"
    LIST = "list"
    CITE = "cite"
    BASIS = "basis"
    CITED_OFTEN = "cited_often"
    NOT = "not"
    AND = "and"
    OR = "or"
    BOTH = "both"
    SAME = "same"
    OTHER = "other"
    SUM = "sum"
    AVERAGE = "average"
    MEDIAN = "median"
    SHARE = "share"
    DIFFERENCE = "difference"
    INCREASE = "increase"
    DECREASE = "decrease"
    CHANGE = "change"
    THAN = "than"
    EACH = "each"
    EACH_YEAR = "each_year"
    GROUPED = "grouped"
    SEPARATELY = "separately"
    SORT = "sort"
    PRONOUN = "pronoun"
    LAST_YEAR = "last_year"
    THIS_YEAR = "this_year"
    TOPIC_OPEN = "topic_open"
    TOPIC_CLOSE = "topic_close"
    TOPIC_NOUN = "topic_noun"
    EVIDENCE = "evidence"
    MEANING = "meaning"
    RELATION = "relation"
    TITLE_WORDS = "title_words"
    ABOUT_NAME = "about_name"
    CONTAIN = "contain"
    WORDING = "wording"
    OUTSIDE = "outside"
    UNIT_WORDS = "unit_words"
    ISSUE = "issue"
    MANY = "many"
    ANY = "any"
    ONLY = "only"
    SHARED = "shared"
    TIMES = "times"
    TYPO = "typo"
    DONE = "done"
    DEDUCTED = "deducted"
    MAKE = "make"
    START_HINT = "start_hint"
    END_HINT = "end_hint"
    # tables with values
    NOUN = "nouns"
    FORM = "forms"
    GENRE = "genres"
    ROLE = "roles"
    COMPARE = "compare"
    AFTER = "after"
    BETWEEN = "between"
    SUPERLATIVE = "superlative"
    PLACE = "places"
    SORTS = "sorts"
    OUTCOME = "outcome"
    POINTS = "points"
    COMPOSITE = "composites"
    ADJUSTED = "adjusted"
    BOOLEAN = "boolean"
    TRUTH = "truth"
    MEASURE_WORD = "measure_words"
    GRADE = "grades"
    GRADE_LEAD = "grade_lead"
    # not from the word list
    FIELD = "field"
    MONEY = "money"  # value: yuan
    PERCENT = "percent"
    POINTS_VALUE = "points_value"  # value: 分
    DAYS = "days"
    NUMBER = "number"
    YEAR = "year"  # value: "2020" or "2020-2024"
    EDITION = "edition"  # of a document: 2018年修正
    RECENT = "recent"  # value: how many years
    DATE = "date"  # value: ISO day or month
    MONTH = "month"  # value: month without a year
    PART_OF_YEAR = "part_of_year"  # value: year (or nothing)/first month/last month
    PROJECT = "project"
    POLICY = "policy"
    UNIT = "unit"
    INDICATOR = "indicator"
    TASK = "task"
    VALUE = "value"  # a value that some text column has; value: column
    ISSUER = "issuer"
    MISSING = "missing"  # a document number or title that the graph does not hold
    QUOTED = "quoted"
    LITERAL = "literal"  # what a column must say or hold; value: column and comparison
    STOP = "stop"  # punctuation
    UNKNOWN = "unknown"


class How(StrEnum):
    """How a name was linked, best first."""

    EXACT = "exact"
    NUMBER = "number"
    SHORT = "short"
    PARTIAL = "partial"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in the question and what it stands for.

    `ids` are one thing in the user's eyes (one project over years, one indicator of many projects). `rivals` are the
    other things it could be, each with its label; a mention with rivals is doubtful. `note` says in Chinese how it was
    read where that is not plain. `key` is the graph's spelling (an indicator's name, a column's value).
    """

    kind: Kind
    text: str
    ids: tuple[str, ...] = ()
    label: str = ""
    key: str = ""
    how: How = How.EXACT
    note: str = ""
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    label: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """One thing that a token can be; `value` depends on the kind."""

    kind: Kind
    value: str = ""
    mention: Mention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A stretch of the folded question (half-open) and its possible senses."""

    text: str
    start: int
    end: int
    senses: tuple[Sense, ...]

    def has(self, *kinds: Kind) -> bool:
        return any(sense.kind in kinds for sense in self.senses)

    def only(self, *kinds: Kind) -> bool:
        """All of the token's senses are among `kinds`."""
        return all(sense.kind in kinds for sense in self.senses)

    def value(self, kind: Kind) -> str:
        """The value of the sense of this kind, empty where it has none."""
        return next((sense.value for sense in self.senses if sense.kind is kind), "")

    def values(self, kind: Kind) -> tuple[str, ...]:
        return tuple(sense.value for sense in self.senses if sense.kind is kind)

    def mention(self, kind: Kind) -> Mention | None:
        return next((sense.mention for sense in self.senses if sense.kind is kind and sense.mention), None)


class Asked(StrEnum):
    """What kind of answer is wanted."""

    ITEMS = "items"
    COUNT = "count"
    VALUES = "values"  # columns of the rows
    FIGURE = "figure"  # one figure over the rows
    GROUPS = "groups"
    CONTRAST = "contrast"
    PATH = "path"
    EVIDENCE = "evidence"
    MEANING = "meaning"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Order by a column, or by how many the relation leads to; places from..to, ties included."""

    column: Column | None = None
    descending: bool = True
    first: int = 1
    last: int | None = None
    both_ends: bool = False
    each: Column | None = None  # places counted anew for each of its values
    of: EntityType | None = None  # the noun that it stands before: 预算最大的项目


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """The key of groups: a column or the end of a relation."""

    column: Column | None = None
    relation: Relation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a contrast: what holds there beyond what holds for both."""

    label: str
    conditions: tuple[Condition, ...] = ()
    column: Column | None = None
    subjects: tuple[Mention, ...] = ()
    aggregate: Aggregate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a yes-or-no question holds to be so: `leads` stand first, `every` row meets these, there are so many.

    With both `leads` and `every` the one thing named is said to meet these. `count` is an operator and a number.
    """

    leads: tuple[Mention, ...] = ()
    every: tuple[Condition, ...] = ()
    count: tuple[Op, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a question was understood to ask.

    `conditions` are grouped by the kind of entity they hold for and all must be met. `subjects` are entities named as
    what the question is about. `unknown` are the parts that were not understood: a query with some is not executed.
    """

    asked: Asked = Asked.ITEMS
    kind: EntityType | None = None
    subjects: tuple[Mention, ...] = ()
    conditions: tuple[Condition, ...] = ()
    columns: tuple[Column, ...] = ()
    aggregate: Aggregate | None = None
    ranking: tuple[Ranking, ...] = ()
    within: Ranking | None = None  # narrows the things that lead to those asked for
    grouping: Grouping | None = None
    figures: tuple[tuple[str, str], ...] = ()  # (operator, number) on groups
    sides: tuple[Side, ...] = ()
    contrasting: Contrasting | None = None
    signed: int = 0  # +1 the question speaks of more, -1 of less, 0 of neither
    topic: str | None = None
    topic_literal: bool = False
    follows: bool = False  # speaks of the answer before
    yes_no: bool = False
    common: bool = False  # only what all subjects share
    neighbours: Relation | None = None  # other projects at the other end of what this leads to
    role: Relation | None = None
    fragment: bool = False  # 那2024年呢？: names only what differs from the question before
    each: bool = False  # a value for each row is wanted, not one figure over them
    idle: bool = False  # no word in it says what is asked
    unknown: tuple[str, ...] = ()
    missing: tuple[Mention, ...] = ()
    outside: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    said: tuple[Token, ...] = ()  # the question as read, and which of its tokens no rule took
    unread: frozenset[int] = frozenset()
    claim: Claim | None = None

    def conditions_on(self, kind: EntityType) -> tuple[Condition, ...]:
        """Those conditions that hold for entities of this kind."""
        return tuple(c for c in self.conditions if kind_of(c) is kind)


def kind_of(condition: Condition) -> EntityType:
    """The kind of entity that a condition speaks of."""
    return next(iter(_kinds_in(condition)))


def _kinds_in(condition: Condition) -> Iterable[EntityType]:
    from search.plan import Both, Compare, Either, Except, Has, Known, Number, Reached, Typo  # noqa: PLC0415

    match condition:
        case Compare(column=column) | Known(column=column):
            yield column.kind
        case Has(relation=relation) | Number(relation=relation):
            yield relation.starts
        case Reached():
            yield EntityType.INDICATOR
        case Typo():
            yield EntityType.POLICY
        case Both(parts=parts) | Either(parts=parts):
            yield from _kinds_in(parts[0])
        case Except(part=part):
            yield from _kinds_in(part)


def columns_within(condition: Condition) -> Iterable[Column]:
    """Every column that a condition speaks of, on whatever it is joined to."""
    from search.plan import Compare, Known, within  # noqa: PLC0415

    for part in within(condition):
        match part:
            case Compare(column=column, other=other):
                yield from (c for c in (column, other) if c is not None)
            case Known(column=column):
                yield column
