"""Why a question gets no answer, with what is near. Words for it live in `answering`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search.model import Option, Status


class Reason(StrEnum):
    OUTSIDE = "outside"  # not about what the graph holds
    NOT_UNDERSTOOD = "not_understood"  # some words mean nothing here
    UNKEPT = "unkept"  # each word is known, and what could be asked of the graph leaves some of them out
    MISSING = "missing"  # a document, project or unit that the graph does not hold
    AMBIGUOUS = "ambiguous"
    UNRESOLVED_YEAR = "unresolved_year"  # 去年 of which year?
    NO_PREVIOUS = "no_previous"  # speaks of an answer before, and there is none
    NO_TOPIC = "no_topic"  # topic search is not at hand
    READ_ONLY = "read_only"  # an order to change something
    NO_PLAN = "no_plan"  # understood in its parts, but not as a question


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """`words` are the parts concerned, as typed; `near` names of the graph that are close to them.

    `askable` is the question without what was not understood, where that can be answered.
    """

    status: Status
    reason: Reason
    words: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    askable: str | None = None
