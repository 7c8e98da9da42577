"""Whole builds that take a moment: small forms, a stub for the model. What the fault tests build, kill and verify.

python -m tests.faults.small_builds SOURCE DIRECTORY [KEEP]     prints "begun", then builds
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from graph import open_snapshot  # noqa: E402
from graph.verifying import verify_snapshot  # noqa: E402
from search.build_report import BuildReport  # noqa: E402
from search.embedding import HashingEmbedder  # noqa: E402
from search.pipeline import build  # noqa: E402
from search.topic_index import load_topic_index  # noqa: E402

FORM = """财政项目支出绩效目标表
({year}年度)
申报单位名称：东港市{office}
项目名称：\t{subject}第{number}期\t项目类别：\t经常性项目
计划开始日期：\t{year}-01-01\t计划完成日期：\t{year}-12-31
立项依据：
根据《东港市{subject}管理办法》（东财预〔2019〕{number}号）和东府发〔2018〕8号的规定。
项目总预算（元）：\t{amount},200\t项目当年预算（元）：\t{amount},200
"""
SUBJECTS = ("道路养护", "河道疏浚", "校舍修缮", "公园绿化")
OFFICES = ("建设局", "水务局", "教育局")


def small_form(number: int, *, year: int = 2020, amount: int = 300) -> str:
    """A target form; the number decides names and unit."""
    return FORM.format(
        year=year,
        number=number,
        amount=amount,
        subject=SUBJECTS[number % len(SUBJECTS)],
        office=OFFICES[number % len(OFFICES)],
    )


def write_set(folder: Path, which: int, *, files: int = 3) -> Path:
    """A folder of forms; sets that differ in `which` differ in every figure and make different graphs."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        form = small_form(number, year=2018 + which % 7, amount=100 + which)
        (folder / f"{number}.txt").write_text(form, encoding="utf-8")
    return folder


def build_small(source: Path, directory: Path, *, keep: int = 3) -> BuildReport:
    """A whole build with the stub."""
    return build([source], directory, embedder=HashingEmbedder(dimension=16), keep=keep)


def served(directory: Path) -> str:
    """The digest of the snapshot that serves, after everything in it was read and verified."""
    verify_snapshot(directory)
    snapshot = open_snapshot(directory)
    index = load_topic_index(snapshot)
    if index.vectors is None or len(index.vectors) != len(snapshot.passages):
        raise AssertionError("the index does not fit the passages")
    if len(snapshot.extractions) != len(snapshot.documents):
        raise AssertionError("extractions are missing")
    return snapshot.manifest.digest


def leftovers(directory: Path) -> list[str]:
    """What a dead build left beside the snapshots."""
    folder = directory / "snapshots"
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) if folder.is_dir() else []


def bytes_below(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by relative name."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main() -> int:
    source, directory = map(Path, sys.argv[1:3])
    os.write(1, b"begun\n")
    build_small(source, directory, keep=int(sys.argv[3]) if len(sys.argv) > 3 else 3)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
