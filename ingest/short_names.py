"""Short names of offices (`区文旅局`) written out with the place and the usual name of the office.

The place must stand in the same text; nothing is known here of any one office.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingest.wordlists import table_of, words_of


def write_out(text: str, name: str) -> str | None:
    """A short name (`区文旅局`) in full: the place as `text` writes it most fully, the office by its usual name.

    None where `text` names no such place.
    """
    if name[:1] not in ("区", "县", "市") or len(name) < 3:
        return None
    place = _place(text, name[0])
    office = table_of("units", "short_names").get(name[1:], (name[1:],))[0]
    return place + office if place else None


@lru_cache(maxsize=8)
def _place(text: str, rank: str) -> str | None:
    """The one district, county or city (`rank`) that `text` names most, with what stands before it every time."""
    above = "市州盟" if rank == "区" else "省市州盟" if rank == "县" else "省区"
    cores: dict[str, list[str]] = {}
    for hit in re.finditer(rf"((?:(?!{rank})[\u4e00-\u9fff]){{0,10}}[{above}])([\u4e00-\u9fff]{{1,4}}?{rank})", text):
        if not hit[2].endswith(words_of("narratives", "no_places", "words")):
            cores.setdefault(hit[2], []).append(hit[1])
    if not cores:
        return None
    most = max(map(len, cores.values()))
    leading = [core for core, before in cores.items() if len(before) == most]
    if len(leading) != 1:
        return None
    return _common_end(cores[leading[0]]) + leading[0]


def _common_end(texts: Sequence[str]) -> str:
    """The name at the end of all of `texts`, without the words of the sentence before it."""
    size = min(map(len, texts))
    while size and len({text[-size:] for text in texts}) > 1:
        size -= 1
    end = texts[0][-size:] if size else ""
    if len(set(texts)) > 1 and size <= 7:
        return end
    return re.split("|".join(words_of("narratives", "before_places", "words")), end)[-1]
