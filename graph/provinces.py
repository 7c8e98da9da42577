"""From which province a document speaks: what 市政府 and 市发改委 mean in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from graph.claims import Mention
from graph.model import EntityType
from graph.places import province_of
from ingest.model import Extraction


def find_provinces(mentions: Iterable[Mention], documents: Iterable[Extraction]) -> dict[str, str | None]:
    """The province of each document by its name: the one that its units name, else None."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        if mention.type is EntityType.UNIT and (province := province_of(mention.text("name") or "")):
            votes[mention.document][province] += 1
    found: dict[str, str | None] = {}
    for extraction in documents:
        counts = votes[extraction.document.name]
        found[extraction.document.name] = min(counts, key=lambda name: (-counts[name], name)) if counts else None
    return found
