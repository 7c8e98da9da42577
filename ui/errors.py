"""Failures of the interface layer; each sentence is Chinese and meant for people.

UiError
├── SettingsError    a settings file or variable cannot be read
├── AssetsMissing    the JavaScript that the build step installs is not there
├── AddressInUse     the port is taken
├── SourcesElsewhere the files of the snapshot are not where the page could add or remove one
├── SourceUnknown    no such file or relation in the graph
├── ReadOnly         this service takes no changes
└── WordingError     a word list of our own is malformed: our bug
"""

from __future__ import annotations


class UiError(Exception):
    """`reason` says what is wrong, `advice` what to do."""

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(f"{reason}{'。' + advice if advice else ''}")
        self.reason = reason
        self.advice = advice


class SettingsError(UiError):
    pass


class AssetsMissing(UiError):
    pass


class AddressInUse(UiError):
    pass


class WordingError(UiError):
    pass


class SourcesElsewhere(UiError):
    pass


class SourceUnknown(UiError):
    pass


class ReadOnly(UiError):
    pass
