"""Documents that a project makes itself (编制《…》): titles that name its product and cite nothing.

Works on cleaned text. Only a clause that begins with the making counts: who draws up what elsewhere may be its issuer.
"""

from __future__ import annotations

import re
from functools import cache

from ingest.breaks import Breaks
from ingest.organs import one_of
from ingest.titles import Title
from ingest.wordlists import words_of

_REACH = 20  # characters before a title in which the clause that makes it begins
_MOST_LISTED = 8
_LISTED = re.compile(r"《([^《》]{2,80})》\s?(?:[、，,]|和|及|以及|与)?\s?$")


def is_product(text: str, title: Title, breaks: Breaks) -> bool:
    """Whether a task of the project is to draw up what the title names, alone or in a list of titles."""
    start = title.start
    for _ in range(_MOST_LISTED):
        if made := _making().search(text, max(0, start - _REACH), start):
            return made.start("clause") == 0 or made["edge"] != "" or breaks.begins(made.start("clause"))
        listed = _LISTED.search(text, max(0, start - 90), start)
        if listed is None:
            return False
        start = listed.start()
    return False


@cache
def _making() -> re.Pattern[str]:
    leads, verbs = (one_of(words_of("titles", "products", key)) for key in ("leads", "verbs"))
    edge = r"(?P<edge>[\s。；;，,、：:）)】\]\d.．①-⑳]|)"
    return re.compile(rf"{edge}(?P<clause>(?:{leads}){{0,3}}(?:{verbs}))$")
