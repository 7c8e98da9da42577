"""Keeping what is dear to make once for each snapshot, no longer than the snapshot itself serves."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from ui.service import Knowledge

T = TypeVar("T")


def kept_with_knowledge(make: Callable[[Knowledge], T]) -> Callable[[Knowledge], T]:
    """`make`, called once for each Knowledge; what it made goes when the Knowledge goes and must not refer to it."""
    made: WeakKeyDictionary[Knowledge, tuple[T]] = WeakKeyDictionary()

    @wraps(make)
    def find(knowledge: Knowledge) -> T:
        if (kept := made.get(knowledge)) is None:
            made[knowledge] = kept = (make(knowledge),)
        return kept[0]

    return find
