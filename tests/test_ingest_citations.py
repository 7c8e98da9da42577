"""Citations in sentences of our own and from public facts, in the seeds, and in hostile text."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import breaks, hits, numbers, orders, standards, titles, unmarked, windows
from ingest.citations import citation_to_json, find_citations
from ingest.model import Citation, CitationKind

HERE = Path(__file__).parent
SEEDS = sorted((HERE.parent / "seeds").glob("*.txt"))
SENTENCES = [
    json.loads(line) for line in (HERE / "data" / "citations_own.jsonl").read_text(encoding="utf-8").splitlines()
]


def fold(text: str | None) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or ""))


def named(citations: tuple[Citation, ...]) -> list[tuple[str, str]]:
    return sorted(
        (fold(c.title), fold(c.number.canonical if c.number else None)) for c in citations if not c.mention_only
    )


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence["tag"])
def test_find_citations_in_sentences(sentence: dict[str, list[dict[str, str]]]) -> None:
    citations = find_citations(str(sentence["text"]))
    assert named(citations) == sorted((fold(gold["title"]), fold(gold["number"])) for gold in sentence["gold"])
    mentions = sorted(fold(str(name)) for name in sentence.get("mentions", []))
    assert sorted(fold(c.title) for c in citations if c.mention_only) == mentions


def test_sentences_are_many_and_distinct() -> None:
    assert len({sentence["text"] for sentence in SENTENCES}) == len(SENTENCES) >= 150


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_spans_in_seeds_quote_what_they_claim(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    for citation in find_citations(text):
        assert citation.title or citation.number
        if citation.number:
            assert text[citation.number.span.start : citation.number.span.end] == citation.number.raw
            assert citation.span.start <= citation.number.span.start < citation.number.span.end <= citation.span.end
        if citation.title_span:
            assert text[citation.title_span.start : citation.title_span.end] == citation.raw_title


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_every_bracketed_number_of_the_seeds_is_read(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    printed = {match.start(1) for match in re.finditer(r"[〔\[【](?:19|20)\d\d[〕\]】](\d+)号", text)}
    read = {c.number.span.end for c in find_citations(text) if c.number and c.number.kind is CitationKind.NUMBER}
    assert len(printed) == len(read)
    assert all(any(start < end <= start + 8 for end in read) for start in printed)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_every_title_of_the_seeds_is_kept(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    covered = [(c.span.start, c.span.end) for c in find_citations(text)]
    for mark in re.finditer("《", text):
        assert any(start <= mark.start() < end for start, end in covered), text[mark.start() : mark.start() + 30]


def test_citations_far_apart_are_read_as_if_alone() -> None:
    gap = "\n" + "经费保障到位，执行情况良好。" * 60 + "\n"
    texts = [str(sentence["text"]) for sentence in SENTENCES]
    alone = sorted(pair for text in texts for pair in named(find_citations(text + "\n")))
    assert named(find_citations(gap.join(texts) + "\n")) == alone


def test_number_in_brackets_is_completed_from_its_title() -> None:
    (citation,) = find_citations("《市场监管总局关于认证机构名录的公告》（2019年第16号）")
    assert citation.number is not None
    assert citation.number.canonical == "市场监管总局公告2019年第16号"
    assert citation.number.raw == "2019年第16号"
    assert citation.issuer == "市场监管总局"


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("《外商投资产业指导目录》（2015年修订）、《某办法》", "2015年修订"),
        ("《产业结构调整指导目录》 (2019 年本)", "2019年本"),
        ("《国民经济行业分类》（2017年版），", "2017年版"),
        ("《城乡规划条例》（2019修正）", "2019修正"),
        ("《资金管理办法》（2021年修订）（沪财发〔2021〕8号）", "2021年修订"),
        ("《资金管理办法》（沪财发〔2021〕8号，2021年修订）", None),
        ("《工作计划》（2022年）", None),
        ("《关于节假日安排的通知》（2025年11月4日发布）", None),
        ("《资金管理办法》（试行）", None),
        ("《资金管理办法（2019年修订）》", None),
        ("《某办法》。（2015年修订）", None),
    ],
)
def test_edition_behind_the_marks_is_read(text: str, edition: str | None) -> None:
    citation = find_citations(text)[0]
    assert citation.edition == edition
    if edition is not None:
        assert citation.edition_span is not None
        printed = text[citation.edition_span.start : citation.edition_span.end]
        assert printed.replace(" ", "") == edition
        assert citation.span.end > citation.edition_span.end
        assert citation.title is not None and edition not in citation.title


def test_organ_before_the_marks_is_the_issuer() -> None:
    (citation,) = find_citations("财政部、民政部《关于政府购买社会工作服务的指导意见》（民发〔2012〕196号）")
    assert citation.issuer == "财政部 民政部"


def test_citation_to_json_prints_what_the_command_line_promises() -> None:
    text = "依据《预算绩效办法》（沪财绩[2019]019号）"
    (citation,) = find_citations(text)
    assert citation_to_json(citation) == {
        "title": "预算绩效办法",
        "number": "沪财绩〔2019〕19号",
        "issuer_code": "沪财绩",
        "year": 2019,
        "serial": "19",
        "start": 2,
        "end": text.index("）"),
    }


@given(
    st.text(
        alphabet="《》〈〉<>〔〕（）[]沪财发国令公告第号年关于印的通知办法局部0123456789 \n\t、，。和GBp/&;\u200b",
        max_size=120,
    )
)
def test_spans_quote_what_they_claim(text: str) -> None:
    found = find_citations(text)
    spans = sorted((c.number.span.start, c.number.span.end) for c in found if c.number)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for citation in found:
        assert 0 <= citation.span.start < citation.span.end <= len(text)
        assert citation.title is None or citation.title.strip()
        if citation.number:
            span = citation.number.span
            assert text[span.start : span.end] == citation.number.raw != ""
        if citation.title_span:
            assert text[citation.title_span.start : citation.title_span.end] == citation.raw_title


HOSTILE = [
    "第",
    "(",
    "《",
    "》",
    "〔",
    "号",
    "1号",
    "第1号",
    "令第1号",
    "关于",
    "局关于",
    "财政部关于的通知",
    "GB1-",
    "〔2018〕",
    "〔2018〕1、1",
]
HOSTILE += [
    "沪府发〔2018〕1号、",
    "《办法》",
    "《关于印发《",
    "《管理办法》、",
    "<p",
    "&",
    "\t1号",
    "中华人民共和国",
    "法第一条",
    "2号公告",
    "（《",
    "和财",
    "\n〔",
]


@pytest.mark.parametrize("unit", HOSTILE, ids=repr)
def test_hostile_text_costs_in_proportion_to_its_length(unit: str) -> None:
    def cost(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        times = []
        for _ in range(3):
            start = time.process_time()
            find_citations(text)
            times.append(time.process_time() - start)
        return min(times)

    # ten times the text: quadratic work would take a hundred times as long
    assert cost(40_000) < 40 * max(cost(4_000), 0.001)


WHOLE_TEXT = {  # patterns that run over whole texts; the others see slices of bounded length only
    f"{module.__name__}.{name}": pattern
    for module in (breaks, hits, numbers, orders, standards, titles, unmarked, windows)
    for name, pattern in vars(module).items()
    if isinstance(pattern, re.Pattern)
}
UNITS = [
    *HOSTILE,
    "〈办",
    "法第一",
    "规范（某",
    "<p ",
    "A1-",
    "GB/T 1.1.",
    "\t",
    " ",
    "“",
    "，",
    "(81)财",
    "令第一",
    "1、",
]


@pytest.mark.parametrize("name", sorted(WHOLE_TEXT))
def test_patterns_are_linear(name: str) -> None:
    def cost(unit: str, size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        times = []
        for _ in range(3):
            start = time.process_time()
            for _ in WHOLE_TEXT[name].finditer(text):
                pass
            times.append(time.process_time() - start)
        return min(times)

    for unit in UNITS:
        assert cost(unit, 30_000) < 40 * max(cost(unit, 3_000), 0.0005), unit
