"""Document numbers that are not printed as the standard has them: idle zeros, serials of a length hardly ever met.

A doubt is only said; the number is neither mended nor refused.
"""

from __future__ import annotations

import re

from graph.model import Entity
from ingest.model import CitationKind

_ZERO = re.compile(r"[\]）)】〕﹞］〉]第?0+\d")
_LONGEST_SERIAL = 4  # digits; an office does not issue ten thousand documents under one code in a year


def find_idle_zeros(policy: Entity) -> tuple[str, ...]:
    """The printed forms of a 文号 whose serial begins with a zero.

    Source: GB/T 9704-2012, 7.2.5: 发文顺序号不编虚位.
    """
    variants = policy.properties.get("number_variants", ())
    if policy.properties.get("kind") != CitationKind.NUMBER or not isinstance(variants, tuple):
        return ()
    return tuple(variant for variant in variants if _ZERO.search(variant))


def has_long_serial(policy: Entity) -> bool:
    """Whether the serial of a 文号 has more digits than an office issues documents in a year."""
    serial = str(policy.properties.get("serial", ""))
    return policy.properties.get("kind") == CitationKind.NUMBER and len(serial) > _LONGEST_SERIAL


def say_doubts(policy: Entity) -> tuple[str, ...]:
    """What is odd about the document's number, as Chinese clauses that stand alone."""
    number = policy.properties.get("number")
    doubts = [
        f"文号印作“{variant}”，序号编了虚位（GB/T 9704 规定不编虚位），按“{number}”读"
        for variant in find_idle_zeros(policy)
    ]
    if has_long_serial(policy):
        serial = str(policy.properties.get("serial"))
        doubts.append(f"“{number}”的序号有{len(serial)}位数，与常例不符，原文疑有误印，请核对该文件原件")
    return tuple(doubts)
