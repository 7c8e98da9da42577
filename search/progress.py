"""Progress of long work, told to whoever watches; nothing here prints."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with a stage's Chinese name and how much of it is done; `total` is 0 where it is not known."""

    def __call__(self, stage: str, done: int, total: int, /) -> None: ...


def unwatched(stage: str, done: int, total: int, /) -> None:
    """A Progress that nobody watches."""
