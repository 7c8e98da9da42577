"""Progress of long work, told to whoever watches, and how long it may still take; nothing here prints."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

_SOONEST = 3.0  # seconds of a stage before anything is foretold


class Progress(Protocol):
    """Called with a stage's Chinese name and how much of it is done; `total` is 0 where it is not known."""

    def __call__(self, stage: str, done: int, total: int, /) -> None: ...


class Pace:
    """How long a stage still takes, going on as it went so far."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stage = ""
        self._begun = (0.0, 0)  # when, and what was done already

    def seconds_left(self, stage: str, done: int, total: int) -> float | None:
        """Seconds until all of `stage` is done; None where too little is done to tell."""
        now = self._clock()
        if stage != self._stage:
            self._stage, self._begun = stage, (now, done)
        since, before = self._begun
        if now - since < _SOONEST or done <= before or done >= total:
            return None
        return (now - since) / (done - before) * (total - done)


def render_wait(seconds: float) -> str:
    """A length of time in round words.

    >>> [render_wait(seconds) for seconds in (4, 100, 5400)]
    ['不到 1 分钟', '约 2 分钟', '约 1.5 小时']
    """
    if seconds < 60:
        return "不到 1 分钟"
    return f"约 {round(seconds / 60)} 分钟" if seconds < 3600 else f"约 {seconds / 3600:.1f} 小时"


def unwatched(stage: str, done: int, total: int, /) -> None:
    """A Progress that nobody watches."""
