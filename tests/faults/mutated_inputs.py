"""Damaged and hostile variants of real files, and what reading makes of them.

By hand: `python -m tests.faults.mutated_inputs 10000` prints the figures and names every failure; `10000 1 reading`
leaves the extraction out (the second figure makes other variants).
A variant is read, or it is rejected with a reason; nothing else may happen.
"""

from __future__ import annotations

import io
import random
import resource
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest import document_from_bytes, extract
from ingest.errors import IngestError, LexiconError
from tests.documents_from_forms import as_docx, as_html, as_pdf, as_xlsx, blocks_of, installed, printed_by_libreoffice

SEEDS = Path(__file__).parent.parent.parent / "seeds"
WORDS = (  # spliced in: what parsers trip over
    b"\0",
    b"\xff\xfe",
    b"%%EOF",
    b"endobj",
    b"1 0 R",
    b"/Length -1",
    b"/Count 99999999",
    b"/Filter/FlateDecode",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;",
    b"]]>",
    b"<![CDATA[",
    b"<table><tr><td rowspan=99999 colspan=99999>",
    b'w:val="-1"',
    b'w:val="99999999"',
    b'r="XFD1048576"',
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    "〔2018〕".encode(),
    "项目名称".encode(),
    "（".encode() * 50,
    b"9" * 400,
    b"\xf0\x9f\x98\x80",
    b"\xed\xa0\x80",
)


@dataclass
class Report:
    """What became of the variants."""

    total: int = 0
    read: int = 0
    doubtful: int = 0  # read, with a warning
    rejected: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_name: str = ""

    def __str__(self) -> str:
        reasons = "、".join(f"{kind} {count}" for kind, count in self.rejected.most_common())
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
        return (
            f"{self.total} inputs: {self.read} read ({self.doubtful} with warnings), {self.rejected.total()} rejected "
            f"({reasons}), {len(self.failures)} failures; slowest {self.slowest:.1f} s ({self.slowest_name}), "
            f"largest reading process {peak} MB"
        )


def originals() -> dict[str, bytes]:
    """Sound files of every format, small enough to be read quickly."""
    text = (SEEDS / "004_8f41715890d7cb50.txt").read_text(encoding="utf-8")
    blocks = blocks_of(text)
    files = {
        "form.txt": text.encode(),
        "form-gb18030.txt": text.encode("gb18030"),
        "form-utf16.txt": text.encode("utf-16"),
        "form.html": as_html(blocks, encoding="gb18030"),
        "form.docx": as_docx(blocks),
        "form.xlsx": as_xlsx(blocks),
        "form.pdf": as_pdf(blocks),
    }
    if installed("soffice"):
        files["libreoffice.pdf"] = printed_by_libreoffice(files["form.docx"], suffix="docx")
    return files


def mutate(data: bytes, rng: random.Random) -> bytes:
    """One to eight random changes."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        if not changed:
            break
        rng.choice(CHANGES)(changed, rng)
    return bytes(changed)


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 3, 20))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _overwrite(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    data[at : at + rng.randrange(1, 200)] = rng.randbytes(rng.randrange(1, 200))


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def _drop(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    del data[at : at + rng.randrange(1, 2000)]


def _repeat(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    data[at:at] = data[at : at + rng.randrange(1, 500)] * rng.choice((1, 2, 30))


def _swap(data: bytearray, rng: random.Random) -> None:
    a, b, size = rng.randrange(len(data)), rng.randrange(len(data)), rng.randrange(1, 500)
    data[a : a + size], data[b : b + size] = data[b : b + size], data[a : a + size]


def _splice(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    data[at:at] = rng.choice(WORDS) * rng.choice((1, 1, 40))


def _zero(data: bytearray, rng: random.Random) -> None:
    at, size = rng.randrange(len(data)), rng.randrange(1, 300)
    data[at : at + size] = bytes(min(size, len(data) - at))


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _overwrite,
    _cut,
    _drop,
    _repeat,
    _swap,
    _splice,
    _zero,
)


def mutate_part(data: bytes, rng: random.Random) -> bytes:
    """Changes inside one part of a package, which stays a sound archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        parts = [info for info in old.infolist() if info.filename.endswith(("document.xml", ".xml", ".rels"))]
        chosen = rng.choice(parts).filename
        for info in old.infolist():
            content = old.read(info)
            if info.filename == chosen:
                if rng.random() < 0.1:
                    continue
                content = mutate(content, rng)
            new.writestr(info.filename, content)
    return target.getvalue()


def variants(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` variants, each with a name that tells how to make it again."""
    files = sorted(originals().items())
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        name, data = files[number % len(files)]
        packed = data.startswith(b"PK") and rng.random() < 0.7
        yield f"{seed}-{number}-{name}", (mutate_part if packed else mutate)(data, rng)


def try_variants(count: int, *, seed: int = 1, limit: float = 90.0, extracting: bool = True) -> Report:
    """Read every variant, and extract from what was read."""
    report = Report()
    for name, data in variants(count, seed):
        report.total += 1
        start = time.monotonic()
        try:
            doc = document_from_bytes(data, name=name)
            projects = extract(doc).projects if extracting else ()
        except IngestError as err:
            if isinstance(err, LexiconError) or not err.reason or err.source != name:
                report.failures.append(f"{name}: no reason given ({err!r})")
            report.rejected[type(err).__name__] += 1
        except BaseException:  # noqa: BLE001 what this looks for: anything that is no IngestError
            report.failures.append(f"{name}: {traceback.format_exc(limit=-3)}")
        else:
            report.read += 1
            report.doubtful += bool(doc.warnings)
            report.failures += [
                f"{name}: quote of {reading.name} is empty"
                for project in projects
                for reading in project.readings
                for span in reading.spans
                if span.end > len(doc.text)
            ]
        took = time.monotonic() - start
        if took > report.slowest:
            report.slowest, report.slowest_name = took, name
        if took > limit:
            report.failures.append(f"{name}: {took:.0f} s")
    return report


def main() -> None:
    words = sys.argv[1:]
    count, seed = (int(word) for word in (words + ["10000", "1"][len(words) :])[:2])
    report = try_variants(count, seed=seed, extracting="reading" not in words)
    for failure in report.failures:
        print(failure)
    print(report)
    sys.exit(bool(report.failures))


if __name__ == "__main__":
    main()
