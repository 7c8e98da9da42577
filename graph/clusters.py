"""Nouns of resolving policy documents: mentions made comparable, clusters of them, judgements before ids exist."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.claims import ISSUER, Mention
from graph.folding import merge_sources, source_order
from graph.model import Ruling, Source
from graph.organisations import official_name, province_of_code, split_bodies
from graph.places import province_of
from graph.titles import Title, fold, parse_title
from ingest.model import CitationKind


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
    province: str | None = None  # whose 市政府 the mention means
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
    _titles: list[Title] = field(default_factory=list)
    _first: dict[Title, tuple[str, int, int]] = field(default_factory=dict)
    _projects: set[str] = field(default_factory=set)
    _documents: set[str] = field(default_factory=set)
    _counted: int = 0

    @property
    def titles(self) -> list[Title]:
        """Different titles, in document order; where one wraps several, each of these too."""
        self._count()
        return self._titles

    @property
    def projects(self) -> set[str]:
        """Mention keys of the projects that cite it."""
        self._count()
        return self._projects

    @property
    def documents(self) -> set[str]:
        """Names of the documents that cite it."""
        self._count()
        return self._documents

    def _count(self) -> None:
        """Take in the members that have come since; they are only ever appended."""
        fresh, changed = self.members[self._counted :], False
        for m in fresh:
            if m.project is not None:
                self._projects.add(m.project)
            self._documents.add(m.mention.document)
            if m.title is not None and (m.title not in self._first or m.place < self._first[m.title]):
                self._first[m.title], changed = m.place, True
        if changed:
            ordered = sorted(self._first, key=lambda title: self._first[title])
            wrapped = [parse_title(inner) for title in ordered for inner in title.inner if len(title.inner) > 1]
            self._titles = list(dict.fromkeys((*ordered, *wrapped)))
        self._counted = len(self.members)

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


NO_NUMBER = NumberKey("", "", 0, "")


def read_mention(mention: Mention, *, project: str | None, province: str | None, apart: str = "") -> PolicyMention:
    """The mention made comparable: number key, title taken apart. `province` turns 市政府 into 上海市人民政府."""
    title = mention.text("title")
    province = province_of_code(mention.text("issuer_code") or "") or province or province_of(title or "")
    year = mention.first("year")
    return PolicyMention(
        mention=mention,
        project=project,
        number=_number_key(mention, province),
        title=parse_title(title) if title else None,
        year=year.value if year is not None and isinstance(year.value, int) else None,
        province=province,
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
            return NumberKey(kind, _joined(code.removesuffix("令") or mention.text(ISSUER) or "", province), 0, serial)
        case CitationKind.ANNOUNCEMENT:
            printed = canonical.partition("公告")[0] or code.removesuffix("公告")
            return NumberKey(kind, _joined(printed, province), number, serial)
        case _:
            return NumberKey(CitationKind.NUMBER, fold(code), number, serial)


def _joined(bodies: str, province: str | None) -> str:
    """Official names of the bodies, in order, with a space between."""
    return " ".join(official_name(part, province) for part in split_bodies(bodies))


def printed_form(cluster: Cluster) -> str:
    """How the cluster's first mention is printed: its number, else its title."""
    number = cluster.members[0].mention.first("number")
    if number is not None:
        return number.raw
    return cluster.titles[0].printed if cluster.titles else ""
