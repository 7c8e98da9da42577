"""Failures of the graph layer.

GraphError                  carries the file or id and, in Chinese, what to do
├── SnapshotError           a snapshot cannot be opened
│   ├── SnapshotMissing     there is none
│   ├── SnapshotDamaged     a file's hash or an invariant does not hold; the file is named
│   ├── SnapshotVersion     written by another format version
│   └── SnapshotUnwritable  could not be written; the one before still serves
├── SnapshotLocked          another build holds the lock; says who
├── CorrectionsError        corrections.toml cannot be applied; names the entry
├── UnknownId               no such entity, edge or claim
├── ImportRejected          a foreign or damaged dump
└── LexiconDamaged          a word list of our own is malformed: our bug, never the user's
"""

from __future__ import annotations


class GraphError(Exception):
    """`reason` and `advice` are Chinese sentences for people; `source` names the file or id."""

    def __init__(self, source: str, reason: str, advice: str = "") -> None:
        super().__init__(f"{source}：{reason}{'。' + advice if advice else ''}")
        self.source = source
        self.reason = reason
        self.advice = advice


class SnapshotError(GraphError):
    pass


class SnapshotMissing(SnapshotError):
    pass


class SnapshotDamaged(SnapshotError):
    pass


class SnapshotVersion(SnapshotError):
    pass


class SnapshotUnwritable(SnapshotError):
    pass


class SnapshotLocked(GraphError):
    pass


class CorrectionsError(GraphError):
    pass


class UnknownId(GraphError):
    pass


class ImportRejected(GraphError):
    pass


class LexiconDamaged(GraphError):
    pass
