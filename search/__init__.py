"""Search: question → Query → Plan → Answer. Imports graph and ingest, never ui.

The verbs are imported where they are first used, so that a command that needs one of them does not load the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.answering import answer_to_json
    from search.engine import SearchEngine
    from search.evaluation import evaluate_questions
    from search.pipeline import build

__all__ = ["SearchEngine", "answer_to_json", "build", "evaluate_questions"]

_HOMES = {
    "SearchEngine": "search.engine",
    "answer_to_json": "search.answering",
    "build": "search.pipeline",
    "evaluate_questions": "search.evaluation",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415 (only where a verb is asked for)

    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(name)
