"""List numbers are written as Word prints them."""

from __future__ import annotations

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.numbering import Numbering, chinese

W = nsdecls("w")


def numbering(*levels: tuple[str, str]) -> Numbering:
    xml = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (style, text) in enumerate(levels)
    )
    root = parse_xml(
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{xml}</w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    return Numbering(root, None)


def paragraph(level: int, number: int = 3) -> object:
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return parse_xml(f"<w:p {W}><w:pPr>{place}</w:pPr><w:r><w:t>文</w:t></w:r></w:p>")


@pytest.mark.parametrize(
    ("style", "labels"),
    [
        pytest.param("decimal", ["1", "2", "3"], id="decimal"),
        pytest.param("chineseCounting", ["一", "二", "三"], id="chinese"),
        pytest.param("upperLetter", ["A", "B", "C"], id="letters"),
        pytest.param("lowerRoman", ["i", "ii", "iii"], id="roman"),
        pytest.param("decimalEnclosedCircle", ["①", "②", "③"], id="circled"),
        pytest.param("ideographTraditional", ["甲", "乙", "丙"], id="stems"),
        pytest.param("chineseLegalSimplified", ["壹", "贰", "叁"], id="formal"),
        pytest.param("bullet", ["", "", ""], id="bullet"),
        pytest.param("someFutureStyle", ["1", "2", "3"], id="unknown"),
    ],
)
def test_label_counts_in_the_style_of_the_list(style: str, labels: list[str]) -> None:
    count = numbering((style, "%1"))
    assert [count.label(paragraph(0)) for _ in labels] == labels


def test_label_starts_deeper_levels_again() -> None:
    count = numbering(("chineseCounting", "%1、"), ("decimal", "（%2）"), ("decimal", "%2.%3"))
    labels = [count.label(paragraph(level)) for level in (0, 1, 1, 2, 0, 1)]
    assert labels == ["一、", "（1）", "（2）", "2.1", "二、", "（1）"]


def test_label_is_empty_outside_lists() -> None:
    count = numbering(("decimal", "%1."))
    assert count.label(paragraph(0, number=9)) == ""
    assert count.label(parse_xml(f"<w:p {W}/>")) == ""


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (2020, "二千零二十"),
    ],
)
def test_chinese_counts(number: int, text: str) -> None:
    assert chinese(number) == text
