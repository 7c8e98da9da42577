"""Failures of searching.

SearchError                 carries what was asked and, in Chinese, what to do
├── QuestionRejected        empty, too long or without any readable sign
├── ModelUnavailable        no embedding model could be had
├── ModelMismatch           the snapshot was built with another model
├── IndexDamaged            the vectors or the lexical index do not fit the snapshot
├── PlanRejected            a plan from outside does not fit the schema
├── NothingReadable         a build found no document that could be read; each refusal is named
└── QuestionFileRejected    a line of a question file has no gold that can be read
"""

from __future__ import annotations


class SearchError(Exception):
    """`reason` and `advice` are Chinese sentences for people."""

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(f"{reason}{'。' + advice if advice else ''}")
        self.reason = reason
        self.advice = advice


class QuestionRejected(SearchError):
    pass


class ModelUnavailable(SearchError):
    pass


class ModelMismatch(SearchError):
    pass


class IndexDamaged(SearchError):
    pass


class PlanRejected(SearchError):
    pass


class NothingReadable(SearchError):
    pass


class QuestionFileRejected(SearchError):
    pass
