"""Word from a reader that a long page is done, for whoever watches its time. Does nothing where nobody listens."""

from __future__ import annotations

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def listen(listener: Callable[[], None]) -> None:
    """Call `listener`, and no other, from now on whenever a page is done."""
    _listeners[:] = [listener]


def report_page() -> None:
    """Tell who listens that a page is done and the next one begins."""
    for listener in _listeners:
        listener()
