"""Which mentions of policy documents are one document: by number, by title, by a number one letter off with the same title.

Works on mentions, gives clusters and judgements; `policies` makes entities of them. Where two documents fit equally
well none is taken: one candidate or none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from graph.claims import ISSUER, Mention
from graph.folding import merge_sources, source_order
from graph.model import Ruling, Source
from graph.organisations import official_name
from graph.titles import Title, fold, nearly_same_title, parse_title, same_title, shares_document, similar_title
from ingest.model import CitationKind

_LEAST_SUSPECT = 4  # letters of a 机关代字 below which one letter's difference means nothing (国发, 国办发)
_LEAST_TITLE = 8  # letters of a title that can outweigh a differing year or serial


@dataclass(frozen=True, slots=True, order=True)
class NumberKey:
    """Identity of a numbered document. `issuer` is the 机关代字, or the official name of the body behind an order.

    `year` is 0 for orders: their numbers run on over the years. A standard keeps everything in `serial`.
    """

    kind: str
    issuer: str
    year: int
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyMention:
    """One place where a document cites another, ready to be compared."""

    mention: Mention
    project: str | None  # mention key of the project that cites it
    number: NumberKey | None
    title: Title | None
    year: int | None
    apart: str = ""  # a correction keeps mentions with different marks apart

    @property
    def key(self) -> str:
        return self.mention.key

    @property
    def place(self) -> tuple[str, int, int]:
        """Where it stands, for order."""
        return source_order(self.mention.sources[0])


@dataclass(slots=True)
class Cluster:
    """Mentions of one document; `number` is its true number, `misprinted` the numbers read as slips of it."""

    members: list[PolicyMention] = field(default_factory=list)
    number: NumberKey | None = None
    misprinted: set[NumberKey] = field(default_factory=set)
    rulings: list[ProtoJudgement] = field(default_factory=list)
    qualifier: str = ""  # tells orders of one number and different titles apart

    @property
    def titles(self) -> list[Title]:
        """Different titles, in document order."""
        ordered = sorted(self.members, key=lambda m: m.place)
        return list(dict.fromkeys(m.title for m in ordered if m.title is not None))

    @property
    def apart(self) -> str:
        return self.members[0].apart

    @property
    def sources(self) -> tuple[Source, ...]:
        return merge_sources(source for m in self.members for source in m.mention.sources)


@dataclass(frozen=True, slots=True)
class ProtoJudgement:
    """A judgement before its entities have ids: it concerns the clusters that hold `keys` (mention keys)."""

    ruling: Ruling
    keys: tuple[str, ...]
    writings: tuple[str, ...]
    reason: str
    confidence: float
    rule: str
    sources: tuple[Source, ...]


def read_mention(mention: Mention, *, project: str | None, province: str | None, apart: str = "") -> PolicyMention:
    """The mention made comparable: number key, title taken apart. `province` turns 市政府 into 上海市人民政府."""
    title = mention.text("title")
    year = mention.first("year")
    return PolicyMention(
        mention=mention,
        project=project,
        number=_number_key(mention, province),
        title=parse_title(title) if title else None,
        year=year.value if year is not None and isinstance(year.value, int) else None,
        apart=apart,
    )


def _number_key(mention: Mention, province: str | None) -> NumberKey | None:
    canonical, kind = mention.text("number"), mention.text("kind")
    if canonical is None or kind is None:
        return None
    code, serial = mention.text("issuer_code") or "", mention.text("serial") or ""
    year = mention.first("year")
    number = year.value if year is not None and isinstance(year.value, int) else 0
    match kind:
        case CitationKind.STANDARD:
            letters = "".join(sign for sign in fold(canonical) if sign.isalnum())
            return NumberKey(kind, "", 0, letters)
        case CitationKind.ORDER:
            body = code.removesuffix("令") or mention.text(ISSUER) or ""
            return NumberKey(kind, official_name(body, province) if body else "", 0, serial)
        case CitationKind.ANNOUNCEMENT:
            return NumberKey(kind, official_name(code, province) if code else "", number, serial)
        case _:
            return NumberKey(CitationKind.NUMBER, fold(code), number, serial)


def cluster_mentions(mentions: Iterable[PolicyMention]) -> tuple[list[Cluster], list[ProtoJudgement]]:
    """Clusters of mentions, one per document, and the judgements on pairs that were not joined."""
    ordered = sorted(mentions, key=lambda m: m.place)
    numbered = _by_number(m for m in ordered if m.number is not None and (m.number.issuer or m.number.kind == "标准"))
    suspects: list[ProtoJudgement] = []
    numbered = _join_misprints(numbered, suspects)
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


# --- numbers -------------------------------------------------------------------------------------------------------


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
    """An order number runs anew in some bodies: titles that have nothing in common, or years that differ, are two orders."""
    parts: list[Cluster] = []
    for m in [m for m in members if m.title is not None] + [m for m in members if m.title is None]:
        fitting = [part for part in parts if _same_order(m, part)]
        if len(fitting) == 1:
            fitting[0].members.append(m)
        else:
            parts.append(Cluster(members=[m], number=number))
    if len(parts) > 1:
        for part in parts:
            part.qualifier = part.titles[0].core if part.titles else str(part.members[0].year or "")
    return parts


def _same_order(m: PolicyMention, part: Cluster) -> bool:
    years = {other.year for other in part.members if other.year is not None}
    if m.year is not None and years and m.year not in years:
        return False
    return m.title is None or not part.titles or any(shares_document(m.title, title) for title in part.titles)


def _join_misprints(clusters: list[Cluster], suspects: list[ProtoJudgement]) -> list[Cluster]:
    """Numbers one letter off with the same title are one document; without a title they are suspects."""
    weight = _attestation(clusters)
    pairs = sorted(
        _near_pairs(clusters), key=lambda pair: (clusters[pair[0]].number or _NONE, clusters[pair[1]].number or _NONE)
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
        right, wrong = sorted((a, b), key=lambda n: (weight(clusters[n]), clusters[n].number or _NONE))
        true, slip = clusters[right], clusters[wrong]
        ruling = ProtoJudgement(
            Ruling.MERGED if confidence >= _SURE else Ruling.SUSPECTED,
            (true.members[0].key, slip.members[0].key),
            (_printed(true), _printed(slip)),
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


_NONE = NumberKey("", "", 0, "")
_SURE = 0.8


def _near_pairs(clusters: Sequence[Cluster]) -> Iterator[tuple[int, int]]:
    """Pairs of 文号 clusters whose numbers differ in one letter: of the code, the year or the serial."""
    by_shape: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for n, cluster in enumerate(clusters):
        number = cluster.number
        if number is not None and number.kind == CitationKind.NUMBER:
            by_shape["", number.year, number.serial].append(n)
            by_shape[number.issuer, number.year, ""].append(n)
            by_shape[number.issuer, 0, number.serial].append(n)
    seen = set()
    for (code, year, serial), bucket in by_shape.items():
        for a, b in combinations(bucket, 2):
            one, two = clusters[a].number or _NONE, clusters[b].number or _NONE
            if not code:
                near = Levenshtein.distance(one.issuer, two.issuer, score_cutoff=1) == 1
            elif not serial:
                near = Levenshtein.distance(one.serial, two.serial, score_cutoff=1) == 1
            else:
                near = Levenshtein.distance(str(one.year), str(two.year), score_cutoff=1) == 1
            if near and (a, b) not in seen:
                seen.add((a, b))
                yield a, b


def _misprint_reason(a: Cluster, b: Cluster) -> tuple[float, str] | None:
    """Confidence and reason for reading two numbers as one; None where they are plainly two documents."""
    one, two = a.number or _NONE, b.number or _NONE
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


def _attestation(clusters: Sequence[Cluster]) -> Callable[[Cluster], tuple[int, int, int]]:
    """How well a number is attested, smallest best: documents that cite it, mentions of it, numbers with its code."""
    codes: dict[str, int] = defaultdict(int)
    for cluster in clusters:
        if cluster.number is not None:
            codes[cluster.number.issuer] += 1

    def weight(cluster: Cluster) -> tuple[int, int, int]:
        documents = {m.mention.document for m in cluster.members}
        code = cluster.number.issuer if cluster.number is not None else ""
        return -len(documents), -len(cluster.members), -codes[code]

    return weight


def _root(merged: dict[int, int], n: int) -> int:
    while n in merged:
        n = merged[n]
    return n


def _printed(cluster: Cluster) -> str:
    number = cluster.members[0].mention.first("number")
    if number is not None:
        return number.raw
    return cluster.titles[0].printed if cluster.titles else ""


# --- titles --------------------------------------------------------------------------------------------------------


def _attach_issuerless(mentions: list[PolicyMention], numbered: list[Cluster]) -> list[Cluster]:
    """第25号令 without an issuer goes to the order with that number and title; without a title, to the only one near."""
    fresh: dict[tuple[NumberKey, str, str], Cluster] = {}
    for m in mentions:
        number = m.number or _NONE
        alike = [c for c in numbered if c.number is not None and _same_serial(c.number, m) and c.apart == m.apart]
        if m.title is not None:
            title = m.title
            alike = [c for c in alike if any(shares_document(title, other) for other in c.titles)]
        else:
            alike = _nearest(m, alike)
        if len(alike) == 1:
            alike[0].members.append(m)
            reason = f"{_printed(Cluster(members=[m]))}未写发文机关，序号{'和标题' if m.title else ''}与此文件一致"
            alike[0].rulings.append(_joined(m, alike[0], reason, 0.9 if m.title else 0.8, "resolve.order"))
        else:
            name = m.title.core if m.title else ""
            fresh.setdefault((number, name, m.apart), Cluster(number=number, qualifier=name)).members.append(m)
    return list(fresh.values())


def _same_serial(number: NumberKey, m: PolicyMention) -> bool:
    other = m.number or _NONE
    return (
        number.kind == other.kind
        and number.serial == other.serial
        and (not number.year or not other.year or number.year == other.year)
    )


def _nearest(m: PolicyMention, clusters: list[Cluster]) -> list[Cluster]:
    """Those of `clusters` cited by the same project, else by the same document, else all."""
    for near in (
        [c for c in clusters if m.project is not None and any(o.project == m.project for o in c.members)],
        [c for c in clusters if any(o.mention.document == m.mention.document for o in c.members)],
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
            numbers = tuple(_printed(cluster) for cluster in chosen)
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
        if not exact and m.title is not None:
            reason = f"《{m.title.printed}》与《{_model(m.title, cluster).printed}》只差可省略的字词，判为同一文件"
            cluster.rulings.append(_joined(m, cluster, reason, 0.9, rule))
    return left


def _by_title(mentions: Iterable[PolicyMention]) -> list[Cluster]:
    """Title-only mentions by title. A bare title joins the one fuller writing (with an issuer, with years) that it fits."""
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
    writings = (_printed(Cluster(members=[m])), _printed(cluster))
    sources = merge_sources((*m.mention.sources, *cluster.members[0].mention.sources))
    return ProtoJudgement(Ruling.MERGED, (m.key, cluster.members[0].key), writings, reason, confidence, rule, sources)
