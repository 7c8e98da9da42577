"""Documents by the thousand, made from the real forms of `seeds/`: the same seed and number give the same bytes.

Each takes one to three real forms and changes what differs between real documents: names, units, years, amounts,
citations, indicator rows, the sentences of every section, and the layout of the tables. No test itself; where a value
stands in a real form is asked of the reader, so these documents measure speed and growth, never how well it reads.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate
from pathlib import Path

import ingest
from ingest.model import SECTIONS, Field, IndicatorField, ProjectReading, Span
from tests.documents_from_forms import as_docx, as_html, as_pdf, as_xlsx, blocks_of

SEEDS = Path(__file__).parent.parent / "seeds"

WORDS = tomllib.loads((Path(__file__).parent / "data" / "generated_documents.toml").read_text(encoding="utf-8"))
POLICIES = 600  # documents that are cited at all; few are cited often, most hardly ever

_SENTENCE = re.compile(r"[^。；\n\t]+[。；]?")
_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_AMOUNTS = frozenset(
    (
        Field.BUDGET_TOTAL,
        Field.BUDGET_YEAR,
        Field.PREVIOUS_BUDGET,
        Field.PREVIOUS_EXECUTED,
        Field.BUDGET_INITIAL,
        Field.BUDGET_ADJUSTED,
        Field.EXECUTED,
    )
)
_ROW_CELLS = (IndicatorField.LEVEL3, IndicatorField.TARGET_TEXT, IndicatorField.ACTUAL_TEXT)


class Layout(StrEnum):
    """How the rows of a table are written."""

    TABS = "tabs"
    PIPES = "pipes"
    COLUMNS = "columns"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a real form that differs from document to document; `kind` says what stands there."""

    start: int
    end: int
    kind: Field | IndicatorField | str


@dataclass(frozen=True, slots=True)
class RealForm:
    """A form as it stands in a seed, and what may be changed in it."""

    text: str
    kind: str
    slots: tuple[Slot, ...]


@cache
def real_forms() -> tuple[RealForm, ...]:
    """Forms of all seeds that have a whole name and units, in their order."""
    return tuple(form for form, _ in _read_seeds())


@cache
def _pools() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Sentences by section and cells by column, over all real forms."""
    sentences: dict[str, list[str]] = defaultdict(list)
    cells: dict[str, list[str]] = defaultdict(list)
    for form, _ in _read_seeds():
        for slot in form.slots:
            said = form.text[slot.start : slot.end]
            if slot.kind in SECTIONS:
                sentences[slot.kind] += [found.group() for found in _SENTENCE.finditer(said) if len(found.group()) > 8]
            elif slot.kind in _ROW_CELLS:
                cells[slot.kind].append(said)
    return {k: tuple(v) for k, v in sentences.items()}, {k: tuple(v) for k, v in cells.items()}


@cache
def _read_seeds() -> tuple[tuple[RealForm, ProjectReading], ...]:
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        doc = ingest.read_document(path)
        for project in ingest.extract(doc).projects:
            form = RealForm(doc.quote(project.span), project.kind.value, _slots(project))
            if any(slot.kind is Field.NAME for slot in form.slots) and project.units:
                found.append((form, project))
    return tuple(found)


def _slots(project: ProjectReading) -> tuple[Slot, ...]:
    """Where values stand in the form, counted from its start, without overlaps."""
    placed: list[tuple[Span, Field | IndicatorField | str]] = []
    for reading in project.readings:
        wanted = reading.name in _AMOUNTS or reading.name in (Field.NAME, Field.YEAR) or reading.name in SECTIONS
        if wanted and len(reading.spans) == 1:
            placed.append((reading.spans[0], reading.name))
    placed += [(unit.spans[0], f"unit:{unit.role}") for unit in project.units if len(unit.spans) == 1]
    for row in project.indicators:
        placed += [(r.spans[0], r.name) for r in row.readings if r.name in _ROW_CELLS and len(r.spans) == 1]
    slots, end = [], project.span.start
    for span, kind in sorted(placed, key=lambda pair: (pair[0], str(pair[1]))):
        if span.start >= end and span.end <= project.span.end:
            slots.append(Slot(span.start - project.span.start, span.end - project.span.start, kind))
            end = span.end
    return tuple(slots)


class _Pen:
    """Writes one document; everything that it chooses follows from `seed` and `number`."""

    def __init__(self, seed: int, number: int) -> None:
        self.pick = random.Random(f"{seed}:{number}")
        self.seed = seed
        self.year = self.pick.randint(2018, 2025)
        self.district = self.pick.choice(WORDS["districts"])
        self.office = self.pick.choice(WORDS["offices"])

    def document(self) -> str:
        kind = self.pick.choice(("绩效目标表", "绩效自评表"))
        forms = [form for form in real_forms() if form.kind == kind]
        return "\n\n".join(self.form(self.pick.choice(forms)) for _ in range(self.pick.choice((1, 1, 1, 2, 3))))

    def form(self, form: RealForm) -> str:
        name, scale = self.name(), self.pick.uniform(0.2, 6.0)
        old = next(form.text[slot.start : slot.end] for slot in form.slots if slot.kind is Field.NAME)
        pieces, at = [], 0
        for slot in form.slots:
            pieces += [form.text[at : slot.start], self.fill(slot, form.text[slot.start : slot.end], name, scale)]
            at = slot.end
        return "".join([*pieces, form.text[at:]]).replace(old, name)

    def fill(self, slot: Slot, said: str, name: str, scale: float) -> str:
        kind = slot.kind
        if kind is Field.NAME:
            return name
        if kind is Field.YEAR:
            return re.sub(r"\d{4}", str(self.year), said)
        if kind in _AMOUNTS:
            return _scaled(said, scale)
        if kind in SECTIONS:
            return self.section(str(kind), said, name)
        if str(kind).startswith("unit:"):
            return self.unit(str(kind))
        return self.cell(str(kind), said)

    def name(self) -> str:
        part = self.pick.choice(WORDS["parts"]) if self.pick.random() < 0.6 else ""
        subject, work = self.pick.choice(WORDS["subjects"]), self.pick.choice(WORDS["works"])
        return f"{self.district.removesuffix('区')}{subject}{part}{work}"

    def unit(self, role: str) -> str:
        office = f"上海市{self.district}{self.office}"
        return office + self.pick.choice(WORDS["stations"]) if role.endswith("implements") else office

    def section(self, kind: str, said: str, name: str) -> str:
        """As many sentences as before, out of all that real forms say in such a section; figures and citations new."""
        pool = _pools()[0].get(kind, ())
        if not pool:
            return said
        count = max(1, len(_SENTENCE.findall(said)))
        chosen = [self.cited(self.varied(self.pick.choice(pool))) for _ in range(count)]
        return name + "：" + "".join(chosen)

    def varied(self, sentence: str) -> str:
        return _FIGURE.sub(lambda found: _figure(found.group(), self.pick), sentence)

    def cited(self, sentence: str) -> str:
        """The sentence with other documents cited in the places of those that it cites."""
        pieces, at = [], 0
        for citation in ingest.find_citations(sentence):
            pieces += [sentence[at : citation.span.start], self.policy(bare=citation.number is None)]
            at = citation.span.end
        return "".join([*pieces, sentence[at:]])

    def policy(self, *, bare: bool) -> str:
        """One of the documents that are cited, often cited ones more often, in one of the ways it is written."""
        number = self.pick.choices(range(POLICIES), cum_weights=_weights())[0]
        made = random.Random(f"{self.seed}:policy:{number}")
        title = f"《上海市{made.choice(WORDS['subjects'])}{made.choice(WORDS['parts'])}{made.choice(WORDS['rules'])}》"
        bracket = self.pick.choice(WORDS["brackets"]).format(made.randint(2008, 2025))
        return title if bare else f"{title}（{made.choice(WORDS['codes'])}{bracket}{made.randint(1, 400)}号）"

    def cell(self, kind: str, said: str) -> str:
        pool = _pools()[1].get(kind, ())
        chosen = self.pick.choice(pool) if pool and self.pick.random() < 0.7 else said
        return self.varied(chosen)


@cache
def _weights() -> tuple[float, ...]:
    return tuple(accumulate(1 / (rank + 5) for rank in range(POLICIES)))


def _figure(said: str, pick: random.Random) -> str:
    if len(said) == 4 and said.startswith("20"):
        return str(pick.randint(2016, 2026))
    return re.sub(r"\d", lambda _: str(pick.randint(1, 9)), said) if pick.random() < 0.6 else said


def _scaled(said: str, scale: float) -> str:
    def times(found: re.Match[str]) -> str:
        figure = found.group()
        places = len(figure.rpartition(".")[2]) if "." in figure else 0
        value = float(figure.replace(",", "")) * scale
        return f"{value:,.{places}f}" if "," in figure else f"{value:.{places}f}"

    return _FIGURE.sub(times, said)


def generate(number: int, *, seed: int = 0) -> str:
    """The text of document `number` of the collection `seed`; tables are tab lines."""
    return _Pen(seed, number).document()


def laid_out(text: str, layout: Layout) -> bytes:
    """The text with its tables written another way."""
    match layout:
        case Layout.TABS:
            return text.encode()
        case Layout.HTML:
            return as_html(blocks_of(text))
        case Layout.PIPES | Layout.COLUMNS:
            return "\n".join(_lines(text, layout)).encode()


def _lines(text: str, layout: Layout) -> Iterator[str]:
    within = False
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) == 1:
            within = False
            yield line
        elif layout is Layout.COLUMNS:
            yield "    ".join(cell.strip() or "  " for cell in cells)
        else:
            yield "| " + " | ".join(cell.strip() for cell in cells) + " |"
            if not within:
                yield "|" + " --- |" * len(cells)
            within = True


def write_documents(folder: Path, count: int, *, seed: int = 0, packages: bool = False) -> tuple[Path, ...]:
    """Write documents 0 … count - 1 as text in four layouts; with `packages` two in five are DOCX, XLSX or PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    layouts = (Layout.TABS, Layout.TABS, Layout.PIPES, Layout.COLUMNS, Layout.HTML)
    for number in range(count):
        text, layout = generate(number, seed=seed), layouts[number % len(layouts)]
        suffix, data = {Layout.PIPES: "md", Layout.HTML: "html"}.get(layout, "txt"), b""
        if packages and number % 5 == 1:
            suffix, data = "docx", as_docx(blocks_of(text))
        elif packages and number % 10 == 3:
            suffix, data = "xlsx", as_xlsx(blocks_of(text))
        elif packages and number % 10 == 8:
            suffix, data = "pdf", as_pdf(blocks_of(text))
        path = folder / f"{number:05d}.{suffix}"
        path.write_bytes(data or laid_out(text, layout))
        paths.append(path)
    return tuple(paths)
