"""How well real files are read: forms made from known text as PDF, DOCX, XLSX, HTML, DOC and XLS, scored by gold.

Run from the repository: python tests/bench/score_formats.py [--kit FOLDER] [--only form.pdf] [--misses]
Each line: F1 of fields with units, of indicator rows, and of citations. Gold is `tests/golden`, which was checked
against the seeds by eye; for citations, what the seed's own text gives. `--kit` scores by another gold as well: a
folder with `score.py`, `gold/gold_NNN.json` of seeds, and `forms_dev/`, texts beside their gold.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from graph import export_graph, open_snapshot  # noqa: E402
from ingest import document_from_bytes, extract, read_document  # noqa: E402
from ingest.model import Document, Extraction  # noqa: E402
from ingest.readers_image import recogniser_missing  # noqa: E402
from search.pipeline import build  # noqa: E402
from tests.documents_from_forms import Block, as_scan, blocks_of, renderings  # noqa: E402
from tests.golden_readings import GOLDEN, SEEDS, readings_of  # noqa: E402

Render = Callable[[tuple[Block, ...]], bytes]
Facts = tuple[Counter[object], Counter[object], Counter[object]]
NAMES = ("fields", "indicators", "citations")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kit", type=Path)
    parser.add_argument("--only", action="append", default=[], help="names of formats, such as form.pdf")
    parser.add_argument("--misses", action="store_true", help="what was missed or read otherwise")
    chosen = parser.parse_args()
    formats: list[tuple[str, Render | None]] = [("text", None), *renderings()]
    if not recogniser_missing():
        formats.append(("scan.pdf", as_scan))
    for name, render in formats:
        if chosen.only and name not in chosen.only:
            continue
        report_golden(name, render, misses=chosen.misses)
        if chosen.kit:
            report_kit(name, render, chosen.kit, misses=chosen.misses)


def report_golden(name: str, render: Render | None, *, misses: bool) -> None:
    """One line of F1 over all seeds, by the golden files."""
    wanted, got = (tuple(Counter[object]() for _ in NAMES) for _ in range(2))
    for seed in seeds_for(render):
        text = read_document(seed)
        gold = json.loads((GOLDEN / f"{seed.stem}.json").read_text(encoding="utf-8"))
        made = extract(made_of(text, name, render))
        for sums, facts in (
            (wanted, (*golden_facts(gold), citations(extract(text)))),
            (got, (*golden_facts(readings_of(made)), citations(made))),
        ):
            for total, part in zip(sums, facts, strict=True):
                total.update({(seed.stem[:3], *fact): count for fact, count in part.items()})
    scores = "  ".join(f"{what} {f1(a, b):.4f}" for what, a, b in zip(NAMES, wanted, got, strict=True))
    print(f"{name:18} seeds by tests/golden: {scores}", flush=True)
    for a, b in zip(wanted, got, strict=True) if misses else ():
        print(*(f"  - {fact}" for fact in (a - b).elements()), sep="\n")
        print(*(f"  + {fact}" for fact in (b - a).elements()), sep="\n")


def seeds_for(render: Render | None) -> Sequence[Path]:
    """All seeds; of pictures the two that are soonest recognised."""
    return SEEDS[2::2] if render is as_scan else SEEDS


def made_of(text: Document, name: str, render: Render | None) -> Document:
    return text if render is None else document_from_bytes(render(blocks_of(text.text)), name=name)


def golden_facts(gold: dict[str, object]) -> tuple[Counter[object], Counter[object]]:
    """Fields with units, and rows of indicators, by the project's place; white space apart."""
    fields: Counter[object] = Counter()
    rows: Counter[object] = Counter()
    for number, project in enumerate(gold["projects"]):
        fields.update((number, key, _bare(value)) for key, value in project["fields"].items())
        fields.update((number, role, _bare(unit), damaged) for role, unit, damaged in project["units"])
        rows.update((number, _bare(row)) for row in project["indicators"])
    return fields, rows


def citations(extraction: Extraction) -> Counter[object]:
    return Counter(
        (
            number,
            cited.section,
            _bare(cited.citation.title),
            _bare(cited.citation.number and cited.citation.number.canonical),
        )
        for number, project in enumerate(extraction.projects)
        for cited in project.citations
    )


def _bare(value: object) -> str:
    return "".join(str(value).split())


def f1(wanted: Counter[object], got: Counter[object]) -> float:
    total = wanted.total() + got.total()
    return 2 * (wanted & got).total() / total if total else 1.0


def report_kit(name: str, render: Render | None, kit: Path, *, misses: bool) -> None:
    """The kit's own lines for a graph that was built of all its documents in this format."""
    with tempfile.TemporaryDirectory() as folder:
        inputs, snapshots, dump = (Path(folder) / part for part in ("inputs", "snapshots", "graph.jsonl"))
        inputs.mkdir()
        golds = []
        for source, gold in kit_documents(kit, seeds_for(render)):
            data = source.read_bytes()
            if render is not None:
                data = render(blocks_of(data.decode("utf-8")))
            suffix = Path(name).suffix if render is not None else source.suffix
            (inputs / source.name).with_suffix(suffix).write_bytes(data)
            golds.append(str(gold))
        build([inputs], snapshots, embedder=None)
        export_graph(open_snapshot(snapshots).kg, format="jsonl", path=dump)
        command = [sys.executable, str(kit / "score.py"), "export", str(dump), "-", *golds]
        said = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
        for line in said.splitlines():
            if misses or not line.startswith("MISS"):
                print(f"{'':18} {line}", flush=True)


def kit_documents(kit: Path, seeds: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    """Every text of the kit beside its gold."""
    for seed in seeds:
        if (gold := kit / "gold" / f"gold_{seed.name[:3]}.json").exists():
            yield seed, gold
    for text in sorted((kit / "forms_dev").glob("*.txt")):
        yield text, text.with_suffix(".json")


if __name__ == "__main__":
    main()
