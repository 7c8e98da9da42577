"""Policy documents as entities: from clusters of mentions to titles, numbers, aliases, issuers, each with evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.claims import SHORT_TITLE, Mention
from graph.clusters import Cluster, NumberKey, PolicyMention, ProtoJudgement, read_mention
from graph.corrections import Corrections
from graph.folding import merge_sources, source_order
from graph.ids import entity_id
from graph.issuing import claim_issuers
from graph.listings import listed_documents
from graph.model import Claim, EdgeType, Entity, EntityId, EntityType, Judgement, Ruling, Source, Value
from graph.resolve import cluster_mentions
from graph.titles import fold, parse_title
from ingest.model import CitationKind

_FORWARDED = "转发"  # stands in the identity of a document that passes on one of the same name


@dataclass(slots=True)
class PolicyResolution:
    """Entities of policy documents, which mention is which, what to write on the citing edge, who issued what."""

    ids: dict[str, EntityId] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    marks: dict[str, Mapping[str, Value]] = field(default_factory=dict)
    issuers: list[Claim] = field(default_factory=list)


def read_policies(
    mentions: Mapping[str, Mention],
    said: Iterable[Claim],
    provinces: Mapping[str, str | None],
    corrections: Corrections,
) -> list[PolicyMention]:
    """The mentions of policy documents made comparable, with the project that cites each."""
    citing = {str(claim.value): claim.subject for claim in said if claim.predicate == EdgeType.CITES}
    found = []
    for key, mention in mentions.items():
        if mention.type is EntityType.POLICY:
            number = mention.first("number")
            writings = (mention.text("title"), mention.text("number"), number.raw if number is not None else None)
            apart = corrections.apart(EntityType.POLICY, writings)
            province = provinces.get(mention.document)
            found.append(read_mention(mention, project=citing.get(key), province=province, apart=apart))
    return found


def resolve_policies(
    mentions: Iterable[PolicyMention],
    *,
    corrections: Corrections,
) -> PolicyResolution:
    """One entity per document cited."""
    clusters, suspects = cluster_mentions(mentions)
    clusters = _with_own_ids(_join_by_hand(clusters, corrections))
    result = PolicyResolution()
    for cluster in clusters:
        entity = _portray(cluster)
        result.entities.append(entity)
        for m in cluster.members:
            result.ids[m.key] = entity.id
            if m.number is not None and m.number in cluster.misprinted:
                result.marks[m.key] = {"suspected_typo": True, "typo_note": _typo_note(m.mention, entity)}
        result.issuers.extend(claim_issuers(cluster))
    plain = [ruling for cluster in clusters for ruling in _plain_rulings(cluster)]
    for proto in [*plain, *(ruling for cluster in clusters for ruling in cluster.rulings), *suspects]:
        concerned = tuple(dict.fromkeys(result.ids[key] for key in proto.keys))
        result.judgements.append(
            Judgement(
                ruling=proto.ruling,
                entities=concerned,
                writings=tuple(dict.fromkeys(proto.writings)),
                reason=proto.reason,
                confidence=proto.confidence,
                rule=proto.rule,
                sources=proto.sources,
            )
        )
    return result


def _plain_rulings(cluster: Cluster) -> list[ProtoJudgement]:
    """Why mentions of one number are one document, where their print differs."""
    same = [m for m in cluster.members if m.number is not None and m.number == cluster.number]
    raws = sorted({_squeeze(claim.raw) for m in same if (claim := m.mention.first("number")) is not None})
    titles = list(dict.fromkeys(m.title.printed for m in sorted(same, key=lambda m: m.place) if m.title is not None))
    told = []
    if len(raws) > 1:
        told.append((f"文号的不同写法（{'、'.join(raws)}）机关代字、年份、序号相同", tuple(raws), "resolve.number"))
    if len({parse_title(title).core for title in titles}) > 1:
        listed = "、".join(f"《{title}》" for title in titles)
        told.append((f"同一文号下印有{len(titles)}个标题：{listed}", tuple(titles), "resolve.one_number"))
    sources = merge_sources(source for m in same for source in m.mention.sources)
    keys = tuple(m.key for m in same)
    return [ProtoJudgement(Ruling.MERGED, keys, writings, why, 1.0, rule, sources) for why, writings, rule in told]


def _join_by_hand(clusters: list[Cluster], corrections: Corrections) -> list[Cluster]:
    """Clusters that people declared to be one, joined; the first that has a number leads."""
    for names in corrections.joined(EntityType.POLICY):
        fitting = [cluster for cluster in clusters if _writings(cluster) & names]
        if len(fitting) < 2:
            continue
        leader = next((cluster for cluster in fitting if cluster.number is not None), fitting[0])
        for other in fitting:
            if other is not leader:
                leader.members += other.members
                leader.rulings += other.rulings
                leader.misprinted |= other.misprinted
                if other.number is not None and other.number != leader.number:
                    leader.misprinted.add(other.number)
        clusters = [cluster for cluster in clusters if cluster is leader or cluster not in fitting]
    return clusters


def _with_own_ids(clusters: list[Cluster]) -> list[Cluster]:
    """The clusters, no two of one identity: what passes a document on is told from it, equal ones are joined."""
    alike: dict[tuple[str, ...], list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        alike[_identity(cluster)].append(cluster)
    kept: dict[tuple[str, ...], Cluster] = {}
    for group in alike.values():
        for cluster in group:
            if len(group) > 1 and cluster.number is None and any(title.forwarded for title in cluster.titles):
                cluster.qualifier = _FORWARDED
            first = kept.setdefault(_identity(cluster), cluster)
            if first is not cluster:
                first.members += cluster.members
                first.rulings += cluster.rulings
                first.misprinted |= cluster.misprinted
    return list(kept.values())


def _writings(cluster: Cluster) -> frozenset[str]:
    found = {fold(title.printed) for title in cluster.titles}
    found |= {fold(inner) for title in cluster.titles for inner in title.inner}
    for m in cluster.members:
        number = m.mention.first("number")
        if number is not None:
            found |= {fold(number.raw), fold(str(number.value))}
    entity = _portray(cluster)
    return frozenset(found | {fold(entity.id), fold(entity.label)})


def policy_label(title: str | None, number: str | None, *, titles: int = 1) -> str:
    """How people name the document. titles: how many documents the number stands for.

    >>> policy_label("道路管理条例", "国务院令第9号"), policy_label(None, "国发〔2014〕21号")
    ('《道路管理条例》（国务院令第9号）', '国发〔2014〕21号')
    >>> policy_label("道路目录", "国发〔2014〕21号", titles=3)
    '《道路目录》等3件（国发〔2014〕21号）'
    """
    marked = f"《{title.replace('《', '〈').replace('》', '〉')}》" if title else ""
    marked += f"等{titles}件" if marked and titles > 1 else ""
    if marked and number:
        return f"{marked}（{number}）"
    return marked or number or "（未写明的文件）"


def _identity(cluster: Cluster) -> tuple[str, ...]:
    number = cluster.number
    apart = (cluster.apart,) if cluster.apart else ()
    if number is not None:
        return number.kind, number.issuer, str(number.year), number.serial, cluster.qualifier, *apart
    titles = cluster.titles
    if not titles:
        return "出处", *(str(part) for part in cluster.members[0].place), *apart
    full = max(titles, key=lambda t: (bool(t.prefix) + bool(t.period), len(t.core), t.core, t.prefix))
    passed_on = (cluster.qualifier,) if cluster.qualifier else ()
    return CitationKind.TITLE.value, full.core, full.edition, full.draft, full.prefix, full.period, *passed_on, *apart


def _portray(cluster: Cluster) -> Entity:
    members = sorted(cluster.members, key=lambda m: m.place)
    properties: dict[str, Value] = {}
    evidence: dict[str, tuple[Source, ...]] = {}

    titles = _ranked_titles(members)
    if titles:
        properties["title"], evidence["title"] = titles[0]
        others = tuple(title for title, _ in titles[1:])
        if others:
            properties["aliases"] = others
            evidence["aliases"] = merge_sources(source for _, sources in titles[1:] for source in sources)

    listed = listed_documents(cluster)
    if listed:
        properties["titles"] = tuple(m.title.printed for m in listed if m.title is not None)
        claims = [claim for m in listed if (claim := m.mention.first("title")) is not None]
        evidence["titles"] = merge_sources(source for claim in claims for source in claim.sources)

    number = cluster.number
    true = [m for m in members if m.number is not None and m.number not in cluster.misprinted]
    if number is not None and true:
        said = [claim for m in true if (claim := m.mention.first("number")) is not None]
        places = merge_sources(source for claim in said for source in claim.sources)
        written = _canonical(number, true)
        numeric: dict[str, Value] = {"number": written, "serial": str(true[0].mention.text("serial") or "")}
        if code := _code(number, true):
            numeric["issuer_code"] = code
        years = sorted({m.year for m in true if m.year is not None})
        if years:
            numeric["year"] = years[0]
        for name, value in numeric.items():
            if value != "":
                properties[name], evidence[name] = value, places
        printed = [claim for m in members if (claim := m.mention.first("number")) is not None]
        variants = tuple(sorted({_squeeze(claim.raw) for claim in printed}))
        properties["number_variants"] = variants
        evidence["number_variants"] = merge_sources(source for claim in printed for source in claim.sources)
    properties["kind"] = str(number.kind if number is not None else CitationKind.TITLE)
    evidence["kind"] = cluster.sources
    title, written_number = properties.get("title"), properties.get("number")
    return Entity(
        id=entity_id(EntityType.POLICY, *_identity(cluster)),
        type=EntityType.POLICY,
        label=policy_label(
            str(title) if title else None,
            str(written_number) if written_number else None,
            titles=len(listed),
        ),
        properties=dict(sorted(properties.items())),
        sources=cluster.sources,
        evidence=dict(sorted(evidence.items())),
    )


def _ranked_titles(members: Iterable[PolicyMention]) -> list[tuple[str, tuple[Source, ...]]]:
    """Every different title with its places, the document's own name first.

    A title that stands beside a number outranks one that stands alone, then the more frequent, then the earlier. Of a
    wrapper and the title in book marks inside it the inner one is the name; the other is an alias.
    """
    said: dict[str, list[Source]] = defaultdict(list)
    shown: dict[str, str] = {}
    rank: dict[str, tuple[int, int, int, tuple[str, int, int]]] = {}
    for m in members:
        claim = m.mention.first("title")
        if claim is None or m.title is None:
            continue
        short = m.mention.first(SHORT_TITLE)
        names = [(writing, claim.sources) for writing in m.title.names]
        names += [(str(short.value), short.sources)] if short is not None else []
        for wrapped, (writing, places) in enumerate(names):
            key = fold(writing)
            shown.setdefault(key, writing)
            said[key].extend(places)
            before = rank.get(key, (1, 1, 0, source_order(claim.sources[0])))
            beside = 0 if m.number is not None else 1
            rank[key] = (min(before[0], wrapped), min(before[1], beside), before[2] - 1, before[3])
    return [(shown[key], merge_sources(said[key])) for key in sorted(said, key=lambda key: rank[key])]


def _canonical(number: NumberKey, members: Iterable[PolicyMention]) -> str:
    """The number in its normal form; an order with the full name of its issuer, where it is known."""
    if number.kind == CitationKind.ORDER and number.issuer:
        return f"{number.issuer}令第{number.serial}号"
    forms: dict[str, int] = defaultdict(int)
    for m in members:
        forms[str(m.mention.text("number"))] += 1
    return min(forms, key=lambda form: (-forms[form], form))


def _code(number: NumberKey, members: Iterable[PolicyMention]) -> str:
    if number.kind == CitationKind.ORDER:
        return number.issuer
    return next((code for m in members if (code := m.mention.text("issuer_code"))), "")


def _squeeze(raw: str) -> str:
    return "".join(raw.split())


def _typo_note(mention: Mention, entity: Entity) -> str:
    number = mention.first("number")
    printed = _squeeze(number.raw) if number is not None else ""
    return f"原文印作“{printed}”，疑为“{entity.properties.get('number', entity.label)}”之误"
