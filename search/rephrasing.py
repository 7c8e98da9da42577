"""A question that can be answered, near one that could not be read: without the words that nothing explained.

Only offered, never asked in the reader's place: what the words left out meant is for the reader to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

_LONGEST = 2  # signs of a word that may be left out
_WEIGHTY = frozenset("几多少不没无未非最差高低增减")  # signs of words that change what is asked
_LEAST_LEFT = 6  # signs of a question that are left


def find_rephrasing(question: str, words: Iterable[str], is_askable: Callable[[str], bool]) -> str | None:
    """The question without these words, where that can be answered; None where it cannot."""
    left = question
    for word in words:
        if any(sign in _WEIGHTY or sign.isdigit() for sign in word):
            return None
        if len(word) > _LONGEST or word not in left or f"的{word}" in left:  # …的吉祥物: what is asked about
            return None
        left = left.replace(word, "", 1)
    left = left.strip(" ，,、；;")
    return left if left != question and len(left) >= _LEAST_LEFT and is_askable(left) else None
