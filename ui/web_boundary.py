"""The edge between people and callbacks: known failures become Chinese sentences, our bugs a number to report."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from graph.errors import GraphError
from ingest.errors import IngestError
from search.errors import SearchError
from ui.errors import UiError
from ui.markup import Html
from ui.rendering_answer import render_failure

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
KNOWN = (IngestError, GraphError, SearchError, UiError)


def report_bug(what: str) -> str:
    """Log the running exception under a number and return the sentence for the user."""
    number = secrets.token_hex(3)
    log.exception("callback failed number=%s what=%s", number, what)
    return f"程序内部出错（编号 {number}），请把编号和操作步骤告诉管理员"


def guarded(fallback: Callable[[Html], R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A callback that never fails: `fallback` makes its result out of the failure's card."""

    def decorate(callback: Callable[P, R]) -> Callable[P, R]:
        @wraps(callback)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return callback(*args, **kwargs)
            except KNOWN as err:
                return fallback(render_failure(err.reason, err.advice))
            except Exception:  # noqa: BLE001 (the last boundary: whatever else fails is our bug and must be said)
                return fallback(render_failure(report_bug(callback.__name__)))

        return run

    return decorate
