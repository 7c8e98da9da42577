"""Numbers of policy documents one letter off: one document, misprinted, where titles agree, else a suspect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise

from rapidfuzz.distance import Levenshtein

from graph.clusters import NO_NUMBER, Cluster, NumberKey, ProtoJudgement, printed_form
from graph.folding import merge_sources
from graph.model import Ruling
from graph.titles import same_title, similar_title
from ingest.model import CitationKind

_LEAST_SUSPECT = 4  # letters of a 机关代字 below which one letter's difference means nothing (国发, 国办发)
_LEAST_TITLE = 8  # letters of a title that can outweigh a differing year or serial
_SURE = 0.8  # confidence from which two numbers are joined


def join_misprints(clusters: list[Cluster], suspects: list[ProtoJudgement]) -> list[Cluster]:
    """Numbers one letter off with the same title are one document; without a title they are suspects."""
    weight = _attestation(clusters)
    near = _near_pairs(clusters)
    pairs = sorted(
        near,
        key=lambda pair: (clusters[pair[0]].number or NO_NUMBER, clusters[pair[1]].number or NO_NUMBER),
    )
    merged: dict[int, int] = {}
    for a, b in pairs:
        a, b = _root(merged, a), _root(merged, b)
        if a == b or clusters[a].apart != clusters[b].apart:
            continue
        reason = _misprint_reason(clusters[a], clusters[b])
        if reason is None:
            continue
        confidence, why = reason
        right, wrong = sorted((a, b), key=lambda n: (weight(clusters[n]), clusters[n].number or NO_NUMBER))
        true, slip = clusters[right], clusters[wrong]
        ruling = ProtoJudgement(
            Ruling.MERGED if confidence >= _SURE else Ruling.SUSPECTED,
            (true.members[0].key, slip.members[0].key),
            (printed_form(true), printed_form(slip)),
            why,
            confidence,
            "resolve.misprint",
            merge_sources((true.sources[0], *slip.sources)),
        )
        if confidence < _SURE:
            suspects.append(ruling)
            continue
        if slip.number is not None:
            true.misprinted |= {slip.number} | slip.misprinted
        true.members += slip.members
        true.rulings += [*slip.rulings, ruling]
        merged[wrong] = right
    return [cluster for n, cluster in enumerate(clusters) if n not in merged]


def _near_pairs(clusters: Sequence[Cluster]) -> Iterator[tuple[int, int]]:
    """Pairs of 文号 clusters whose numbers differ in one letter: of the code, or under one title of year or serial.

    Spellings one letter apart share one that has a letter left out, so that only those few are compared.
    """
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for n, cluster in enumerate(clusters):
        number = cluster.number
        if number is None or number.kind != CitationKind.NUMBER:
            continue
        for code in _shortened(number.issuer):
            alike["code", number.year, number.serial, code].append(n)
        for core in {title.core for title in cluster.titles if len(title.core) >= _LEAST_TITLE}:
            for year in _shortened(str(number.year)):
                alike["year", number.issuer, number.serial, core, year].append(n)
            for serial in _shortened(number.serial):
                alike["serial", number.issuer, number.year, core, serial].append(n)
    seen = set()
    for bucket in alike.values():
        for a, b in combinations(bucket, 2):
            if (a, b) not in seen:
                seen.add((a, b))
                if _distance(clusters[a].number or NO_NUMBER, clusters[b].number or NO_NUMBER) == 1:
                    yield a, b


def _shortened(text: str) -> set[str]:
    """The text, and what is left of it without one of its letters."""
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def _distance(one: NumberKey, two: NumberKey) -> int:
    """Letters exchanged, lost or added between two numbers."""
    parts = ((one.issuer, two.issuer), (str(one.year), str(two.year)), (one.serial, two.serial))
    return sum(Levenshtein.distance(a, b) for a, b in parts if a != b)


def _misprint_reason(a: Cluster, b: Cluster) -> tuple[float, str] | None:
    """Confidence and reason for reading two numbers as one; None where they are plainly two documents."""
    one, two = a.number or NO_NUMBER, b.number or NO_NUMBER
    code_differs = one.issuer != two.issuer
    pairs = [(x, y) for x in a.titles for y in b.titles]
    if code_differs:
        if any(similar_title(x, y) for x, y in pairs):
            return (
                0.95,
                f"文号只差机关代字中的一个字（{one.issuer}/{two.issuer}），年份、序号和标题相同，判为同一文件的误印",
            )
        if not (a.titles and b.titles) and min(len(one.issuer), len(two.issuer)) >= _LEAST_SUSPECT:
            return 0.5, f"文号只差机关代字中的一个字（{one.issuer}/{two.issuer}），但缺少标题，不能断定，未合并"
        return None
    together = {m.project for m in a.members if m.project} & {m.project for m in b.members if m.project}
    same = any(same_title(x, y) and len(x.core) >= _LEAST_TITLE for x, y in pairs)
    if same and not together:
        what = "年份" if one.year != two.year else "序号"
        return 0.85, f"标题完全相同，文号只差{what}中的一个数字，判为同一文件的误印"
    return None


def _attestation(clusters: Sequence[Cluster]) -> Callable[[Cluster], tuple[int, ...]]:
    """How well a number is attested, smallest best.

    Documents that cite it, mentions of it, other numbers with its code; where these agree, the one without a letter
    printed twice in a row in its code, then the one with the shorter serial, is taken for the true one.
    """
    codes: dict[str, int] = defaultdict(int)
    for cluster in clusters:
        codes[(cluster.number or NO_NUMBER).issuer] += 1

    def weight(cluster: Cluster) -> tuple[int, ...]:
        documents = {m.mention.document for m in cluster.members}
        number = cluster.number or NO_NUMBER
        doubled = sum(a == b for a, b in pairwise(number.issuer))
        return -len(documents), -len(cluster.members), -codes[number.issuer], doubled, len(number.serial)

    return weight


def _root(merged: dict[int, int], n: int) -> int:
    while n in merged:
        n = merged[n]
    return n
