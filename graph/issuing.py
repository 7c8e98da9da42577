"""Who issued a policy document: by its 机关代字, the body that an order names, or the body written beside it."""

from __future__ import annotations

from graph.claims import ISSUER, TYPE, make_claim
from graph.clusters import Cluster, NumberKey, PolicyMention
from graph.model import Claim, EdgeType, EntityType
from graph.organisations import fold_name, issuer_of_code, names_one_body, official_name, split_bodies
from ingest.model import CitationKind


def claim_issuers(cluster: Cluster) -> list[Claim]:
    """Claims that units issued the document: for each a unit mention beside the citation, and the edge to it.

    What the number says is believed before what is written beside a title. A joint issuer written out counts where it
    holds the body that the number names.
    """
    numbers = dict.fromkeys(m.number for m in cluster.members if m.number not in cluster.misprinted)
    coded = {name for number in numbers if number is not None for name, _ in _by_number(number, cluster)}
    claims: list[Claim] = []
    told: set[str] = set()
    for m in sorted(cluster.members, key=lambda m: m.place):
        for name, rule in _bodies(m, cluster, coded):
            if fold_name(name) not in told and names_one_body(name):
                told.add(fold_name(name))
                claims += _claims(m, name, rule)
    return claims


def _bodies(m: PolicyMention, cluster: Cluster, coded: set[str]) -> list[tuple[str, str]]:
    """Official names of the bodies that one mention names as issuer, each with the rule that found it."""
    by_number = [] if m.number is None or m.number in cluster.misprinted else _by_number(m.number, cluster)
    issuer = m.mention.text(ISSUER)
    written = [(official_name(part, m.province), "issuer.text") for part in split_bodies(issuer)] if issuer else []
    believed = not coded or coded <= {name for name, _ in written}
    return [*by_number, *(written if believed else [])]


def _by_number(number: NumberKey, cluster: Cluster) -> list[tuple[str, str]]:
    if number.kind == CitationKind.NUMBER:
        codes = (m.mention.text("issuer_code") for m in cluster.members if m.number == number)
        body = issuer_of_code(next((code for code in codes if code), ""))
        return [(body, "issuer.code")] if body else []
    return [(part, "issuer.number") for part in split_bodies(number.issuer)]


def _claims(m: PolicyMention, name: str, rule: str) -> list[Claim]:
    sources = m.mention.sources
    key = f"unit@{m.key}:{fold_name(name)}"
    digest = m.mention.claims[0].document_sha256
    return [
        make_claim(key, TYPE, EntityType.UNIT.value, sources, rule=rule, document_sha256=digest),
        make_claim(key, "name", name, sources, rule=rule, document_sha256=digest),
        make_claim(m.key, EdgeType.ISSUED_BY.value, key, sources, raw=name, rule=rule, document_sha256=digest),
    ]
