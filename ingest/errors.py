"""Failures of reading.

IngestError                 a source could not be read; carries the file's name and what to do
├── UnreadableSource        missing, no permission, not a regular file
├── EmptySource             no text in it
├── UnsupportedSource       a format without a reader (or whose reader is not installed)
├── DamagedSource           corrupt, truncated, undecodable
├── EncryptedSource         needs a password
├── OversizedSource         past a limit of size, pages, time, memory or inflation
└── LexiconError            a word list of our own is malformed: our bug, never the user's
"""

from __future__ import annotations


class IngestError(Exception):
    """A source that could not be read. `reason` and `advice` are Chinese sentences for people."""

    def __init__(self, source: str, reason: str, advice: str = "") -> None:
        super().__init__(f"{source}：{reason}{'。' + advice if advice else ''}")
        self.source = source
        self.reason = reason
        self.advice = advice


class UnreadableSource(IngestError):
    pass


class EmptySource(IngestError):
    pass


class UnsupportedSource(IngestError):
    pass


class DamagedSource(IngestError):
    pass


class EncryptedSource(IngestError):
    pass


class OversizedSource(IngestError):
    pass


class LexiconError(IngestError):
    pass
