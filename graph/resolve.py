"""Which mentions of policy documents are one: by number, by title, by a number one letter off with the same title.

Works on mentions, gives clusters and judgements; `policies` makes entities of them. Where two documents fit equally
well none is taken: one candidate or none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from graph.clusters import NO_NUMBER, Cluster, NumberKey, PolicyMention, ProtoJudgement, printed_form
from graph.folding import merge_sources
from graph.misprints import join_misprints
from graph.model import Ruling
from graph.titles import Title, nearly_same_title, same_title, shares_document
from ingest.model import CitationKind


def cluster_mentions(mentions: Iterable[PolicyMention]) -> tuple[list[Cluster], list[ProtoJudgement]]:
    """Clusters of mentions, one per document, and the judgements on pairs that were not joined."""
    ordered = sorted(mentions, key=lambda m: m.place)
    numbered = _by_number(m for m in ordered if m.number is not None and (m.number.issuer or m.number.kind == "标准"))
    suspects: list[ProtoJudgement] = []
    numbered = join_misprints(numbered, suspects)
    issuerless = [m for m in ordered if m.number is not None and not m.number.issuer and m.number.kind != "标准"]
    numbered += _attach_issuerless(issuerless, numbered)
    titled = [m for m in ordered if m.number is None and m.title is not None]
    for same, rule in ((same_title, "resolve.title"), (nearly_same_title, "resolve.skeleton")):
        titled = _attach_titled(titled, numbered, same, rule, suspects)
    loose = _by_title(titled)
    loose = _join_loose(loose)
    nameless = [Cluster(members=[m]) for m in ordered if m.number is None and m.title is None]
    clusters = numbered + loose + nameless
    clusters.sort(key=lambda cluster: min(m.place for m in cluster.members))
    return clusters, suspects


def _by_number(mentions: Iterable[PolicyMention]) -> list[Cluster]:
    grouped: dict[tuple[NumberKey, str], list[PolicyMention]] = defaultdict(list)
    for m in mentions:
        if m.number is not None:
            grouped[m.number, m.apart].append(m)
    clusters: list[Cluster] = []
    for (number, _), members in grouped.items():
        if number.kind == CitationKind.ORDER:
            clusters.extend(_split_order(number, members))
        else:
            clusters.append(Cluster(members=members, number=number))
    return clusters


def _split_order(number: NumberKey, members: list[PolicyMention]) -> list[Cluster]:
    """Some bodies number orders anew: titles that have nothing in common, or years that differ, are two orders."""
    parts: list[Cluster] = []
    for m in [m for m in members if m.title is not None] + [m for m in members if m.title is None]:
        fitting = [part for part in parts if _same_order(m, part)]
        if len(fitting) == 1:
            fitting[0].members.append(m)
        else:
            parts.append(Cluster(members=[m], number=number))
    return _told_apart(parts) if len(parts) > 1 else parts


def _told_apart(parts: list[Cluster]) -> list[Cluster]:
    """Orders of one number, each with what tells it from the others: its title, its year where two bear one title.

    Mentions for which nothing does (a bare number that fits several) are one document of their own.
    """
    cores = Counter(part.titles[0].core for part in parts if part.titles)
    told: dict[str, Cluster] = {}
    for part in parts:
        core = part.titles[0].core if part.titles else ""
        year = next((str(m.year) for m in part.members if m.year is not None), "")
        part.qualifier = core if cores[core] == 1 else core + year
        first = told.setdefault(part.qualifier, part)
        if first is not part:
            first.members += part.members
    return list(told.values())


def _same_order(m: PolicyMention, part: Cluster) -> bool:
    years = {other.year for other in part.members if other.year is not None}
    if m.year is not None and years and m.year not in years:
        return False
    return m.title is None or not part.titles or any(shares_document(m.title, title) for title in part.titles)


def _attach_issuerless(mentions: list[PolicyMention], numbered: list[Cluster]) -> list[Cluster]:
    """第25号令 without issuer goes to the order with that number and title; without a title, to the only one near."""
    fresh: dict[tuple[NumberKey, str, str], Cluster] = {}
    for m in mentions:
        number = m.number or NO_NUMBER
        alike = [c for c in numbered if c.number is not None and _same_serial(c.number, m) and c.apart == m.apart]
        if m.title is not None:
            title = m.title
            alike = [c for c in alike if any(shares_document(title, other) for other in c.titles)]
        else:
            alike = _nearest(m, alike)
        if len(alike) == 1:
            alike[0].members.append(m)
            reason = f"{printed_form(Cluster(members=[m]))}未写发文机关，序号{'和标题' if m.title else ''}与此文件一致"
            alike[0].rulings.append(_joined(m, alike[0], reason, 0.9 if m.title else 0.8, "resolve.order"))
        else:
            name = m.title.core if m.title else ""
            fresh.setdefault((number, name, m.apart), Cluster(number=number, qualifier=name)).members.append(m)
    return list(fresh.values())


def _same_serial(number: NumberKey, m: PolicyMention) -> bool:
    other = m.number or NO_NUMBER
    return (
        number.kind == other.kind
        and number.serial == other.serial
        and (not number.year or not other.year or number.year == other.year)
    )


def _nearest(m: PolicyMention, clusters: list[Cluster]) -> list[Cluster]:
    """Those of `clusters` cited by the same project, else by the same document, else all."""
    for near in (
        [c for c in clusters if m.project in c.projects],
        [c for c in clusters if m.mention.document in c.documents],
    ):
        if near:
            return near
    return clusters


def _attach_titled(
    mentions: list[PolicyMention],
    numbered: list[Cluster],
    same: Callable[[Title, Title], bool],
    rule: str,
    suspects: list[ProtoJudgement],
) -> list[PolicyMention]:
    """Give each title-only mention to the numbered document with that title, where one fits; the others come back."""
    by_core: dict[str, list[Cluster]] = defaultdict(list)
    exact = same is same_title
    for cluster in numbered:
        for core in {title.core if exact else title.skeleton for title in cluster.titles}:
            by_core[core].append(cluster)
    left, joins = [], []
    for m in mentions:
        if m.title is None:
            continue
        title = m.title
        near = by_core.get(title.core if exact else title.skeleton, [])
        fitting = [c for c in near if c.apart == m.apart and any(same(title, other) for other in c.titles)]
        chosen = fitting if len(fitting) == 1 else _nearest(m, fitting)
        if len(chosen) == 1:
            joins.append((m, chosen[0]))
            continue
        left.append(m)
        if chosen:
            numbers = tuple(printed_form(cluster) for cluster in chosen)
            suspects.append(
                ProtoJudgement(
                    Ruling.SUSPECTED,
                    (m.key, *(cluster.members[0].key for cluster in chosen)),
                    (title.printed, *numbers),
                    f"《{title.printed}》只写标题，而{'、'.join(numbers)}都叫这个名字，无法断定是哪一份，未合并",
                    0.5,
                    rule,
                    m.mention.sources,
                )
            )
    for m, cluster in joins:
        cluster.members.append(m)
        if m.title is None:
            continue
        if exact:
            reason = f"只写标题《{m.title.printed}》，与{printed_form(cluster)}的标题一致"
            cluster.rulings.append(_joined(m, cluster, reason, 0.95, rule))
        else:
            reason = f"《{m.title.printed}》与《{_model(m.title, cluster).printed}》只差可省略的字词，判为同一文件"
            cluster.rulings.append(_joined(m, cluster, reason, 0.9, rule))
    return left


def _by_title(mentions: Iterable[PolicyMention]) -> list[Cluster]:
    """Title-only mentions by title. A bare title joins the one fuller writing (with issuer or years) that it fits."""
    grouped: dict[tuple[str, ...], Cluster] = {}
    for m in mentions:
        if m.title is not None:
            t = m.title
            identity = (t.core, t.edition, t.draft, str(t.forwarded), t.prefix, t.period, m.apart)
            grouped.setdefault(identity, Cluster()).members.append(m)
    return _settle(list(grouped.values()), same_title, lambda title: title.core)


def _join_loose(clusters: list[Cluster]) -> list[Cluster]:
    """Title-only documents whose titles differ in words that may be left out, where only one other fits."""
    return _settle(clusters, nearly_same_title, lambda title: title.skeleton, rule="resolve.skeleton")


def _settle(
    clusters: list[Cluster], same: Callable[[Title, Title], bool], core: Callable[[Title], str], rule: str = ""
) -> list[Cluster]:
    buckets: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        buckets[core(cluster.titles[0])].append(cluster)
    settled: list[Cluster] = []
    for bucket in buckets.values():
        kept: list[Cluster] = []
        bucket.sort(key=_fullness)
        for cluster in bucket:
            fitting = [
                other
                for other in kept
                if other.apart == cluster.apart and all(same(cluster.titles[0], title) for title in other.titles)
            ]
            if len(fitting) == 1:
                if rule:
                    a, b = cluster.titles[0].printed, fitting[0].titles[0].printed
                    reason = f"《{a}》与《{b}》只差可省略的字词，判为同一文件"
                    fitting[0].rulings.append(_joined(cluster.members[0], fitting[0], reason, 0.85, rule))
                fitting[0].members += cluster.members
                fitting[0].rulings += cluster.rulings
            else:
                kept.append(cluster)
        settled += kept
    return settled


def _fullness(cluster: Cluster) -> tuple[int, int, tuple[str, int, int]]:
    """Fuller writings first: with an issuer, with years; then those said more often; then by place."""
    title = cluster.titles[0]
    return -(bool(title.prefix) + bool(title.period)), -len(cluster.members), cluster.members[0].place


def _model(title: Title, cluster: Cluster) -> Title:
    return next((t for t in cluster.titles if t.skeleton == title.skeleton and t != title), title)


def _joined(m: PolicyMention, cluster: Cluster, reason: str, confidence: float, rule: str) -> ProtoJudgement:
    writings = (printed_form(Cluster(members=[m])), printed_form(cluster))
    sources = merge_sources((*m.mention.sources, *cluster.members[0].mention.sources))
    return ProtoJudgement(Ruling.MERGED, (m.key, cluster.members[0].key), writings, reason, confidence, rule, sources)
