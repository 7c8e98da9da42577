"""Several documents under one number: a notice that issues them all, cited by each title in turn.

Only what one project prints side by side counts; what two projects call one number are spellings of its title.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from graph.clusters import Cluster, PolicyMention
from graph.titles import Title, parse_title

_SLIP = 2  # letters more or fewer that make no other title: one letter exchanged


def listed_documents(cluster: Cluster) -> tuple[PolicyMention, ...]:
    """The first mention of each different title, in document order; () where the number names one document."""
    by_project: dict[str, list[PolicyMention]] = defaultdict(list)
    for m in sorted(cluster.members, key=lambda m: m.place):
        if m.title is not None and m.number is not None and m.number == cluster.number:
            by_project[m.project or m.mention.document].append(m)
    listed: list[PolicyMention] = []
    for mentions in by_project.values():
        different = list(_different(mentions))
        if len(different) > 1:
            listed += different
    return tuple(_different(listed))


def _different(mentions: list[PolicyMention]) -> Iterator[PolicyMention]:
    seen: dict[Title, None] = {}
    for m in mentions:
        if m.title is not None and m.title not in seen and not any(_one_document(m.title, other) for other in seen):
            seen[m.title] = None
            yield m


def _one_document(a: Title, b: Title) -> bool:
    """Whether two titles beside one number are writings of one: one within the other, or the same but for a slip."""
    if a.core in b.core or b.core in a.core:
        return True
    if any(parse_title(inner).core == one.core for one, other in ((a, b), (b, a)) for inner in other.inner):
        return True
    ours, theirs = Counter(a.skeleton), Counter(b.skeleton)
    return ((ours - theirs) + (theirs - ours)).total() <= _SLIP
