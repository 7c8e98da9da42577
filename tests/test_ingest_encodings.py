"""The same text in any encoding is the same text, or a doubt is stated; never other characters in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import document_from_bytes, extract
from ingest.encodings import declared_encoding, decode, score
from ingest.model import WarningCode

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
FORM = (
    "项目支出绩效目标表\n（2021年度）\n项目名称：\t道路养护\t当年预算（元）：\t1,200,500.00\n"
    "依据《条例》（甲府发〔2019〕7号）。\n"
)
TRADITIONAL = (
    "預算績效目標表\n（2021年度）\n項目名稱：\t道路養護\t當年預算（元）：\t1,200,500.00\n依據《條例》辦理，應予檢討。\n"
)
SIMPLIFIED_ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "gb18030",
    "gbk",
    "gb2312",
    "hz",
)
TRADITIONAL_ENCODINGS = ("big5", "cp950", "big5hkscs", "gb18030", "utf-16-le", "utf-8")


@pytest.mark.parametrize("encoding", SIMPLIFIED_ENCODINGS)
@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_decode_gives_the_text_of_a_seed_from_any_encoding(seed: Path, encoding: str) -> None:
    raw = seed.read_text(encoding="utf-8").encode(encoding, errors="ignore")
    decoded = decode(raw)
    assert decoded.text == raw.decode(encoding).removeprefix("\ufeff")
    assert decoded.warnings == ()


@pytest.mark.parametrize("encoding", SIMPLIFIED_ENCODINGS)
def test_decode_gives_the_text_of_a_short_form(encoding: str) -> None:
    assert decode(FORM.encode(encoding)).text == FORM


def test_at_least_fourteen_encodings_are_known() -> None:
    assert len({*SIMPLIFIED_ENCODINGS, *TRADITIONAL_ENCODINGS}) >= 14


@pytest.mark.parametrize("encoding", SIMPLIFIED_ENCODINGS)
def test_a_form_says_the_same_in_every_encoding(encoding: str) -> None:
    text = SEEDS[2].read_text(encoding="utf-8").encode("gb2312", errors="ignore").decode("gb2312")
    wanted = extract(document_from_bytes(text.encode(), name="表.txt"))
    found = extract(document_from_bytes(text.encode(encoding), name="表.txt"))
    assert len(wanted.projects) == 3 and found.projects == wanted.projects
    assert found.document.text == wanted.document.text and found.document.warnings == ()


@pytest.mark.parametrize("encoding", TRADITIONAL_ENCODINGS)
def test_decode_reads_traditional_characters(encoding: str) -> None:
    decoded = decode(TRADITIONAL.encode(encoding))
    assert decoded.text == TRADITIONAL
    assert decoded.warnings == ()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("联通".encode("gbk"), "联通", id="valid-utf8-by-chance"),
        pytest.param("6400元".encode("gbk"), "6400元", id="one-character-among-digits"),
        pytest.param("面积344m²".encode(), "面积344m²", id="latin-sign-in-utf8"),
        pytest.param("café".encode(), "café", id="latin-word-in-utf8"),
        pytest.param(b"plain ascii ~{ with a tilde", "plain ascii ~{ with a tilde", id="ascii-is-no-hz"),
        pytest.param(b"", "", id="empty"),
        pytest.param("一\r\n二\r三".encode(), "一\n二\n三", id="line-ends"),
    ],
)
def test_decode_knows_hard_cases(raw: bytes, text: str) -> None:
    assert decode(raw).text == text


def test_decode_marks_bytes_that_are_lost() -> None:
    raw = bytearray(FORM.encode("utf-8"))
    at = raw.index("道".encode())
    del raw[at + 1]
    decoded = decode(bytes(raw))
    assert "路养护" in decoded.text and "\ufffd" in decoded.text
    (warning,) = decoded.warnings
    assert warning.code is WarningCode.UNDECODABLE
    assert all(set(decoded.text[span.start : span.end]) == {"\ufffd"} for span in warning.spans)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "gb18030"])
def test_decode_notices_text_that_a_missing_byte_has_shifted(encoding: str) -> None:
    text = "预算绩效目标表应予检讨办理各项业务计划执行情形" * 40
    raw = text.encode(encoding)
    decoded = decode(raw[: len(raw) // 2 + 1] + raw[len(raw) // 2 + 2 :])
    assert decoded.text.startswith(text[:300])
    assert {warning.code for warning in decoded.warnings} == {WarningCode.UNDECODABLE}
    assert any(span.start > 300 for warning in decoded.warnings for span in warning.spans)


def test_decode_reads_lines_of_two_encodings() -> None:
    decoded = decode(FORM.encode("utf-8") * 3 + FORM.encode("gbk"))
    assert decoded.text == FORM * 4
    assert [warning.code for warning in decoded.warnings] == [WarningCode.UNDECODABLE]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param((FORM[:40] + "\0" + FORM[40:]).encode(), id="nul-in-utf8"),
        pytest.param(
            (FORM[:40] + "\ud800" + FORM[40:]).encode("utf-16-le", "surrogatepass"), id="lone-surrogate-utf16"
        ),
        pytest.param((FORM[:40] + "\udc00" + FORM[40:]).encode("utf-8", "surrogatepass"), id="lone-surrogate-utf8"),
        pytest.param((FORM[:40] + "\x01\x02" + FORM[40:]).encode(), id="control-characters"),
    ],
)
def test_decode_marks_what_is_no_character(raw: bytes) -> None:
    decoded = decode(raw)
    assert decoded.text.replace("\ufffd", "") == FORM
    assert decoded.warnings[0].code is WarningCode.UNDECODABLE


@pytest.mark.parametrize("encoding", ["shift_jis", "euc_kr", "cp1251", "cp1252"])
def test_decode_states_a_doubt_where_it_guesses(encoding: str) -> None:
    text = {
        "shift_jis": "ひらがなとカタカナの文書です。",
        "euc_kr": "한국어로 쓴 문서입니다.",
        "cp1251": "Отчёт о расходах",
        "cp1252": "Société générale – été",
    }
    decoded = decode(text[encoding].encode(encoding) * 4)
    assert decoded.text == text[encoding] * 4 or decoded.warnings


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        pytest.param(b'<meta charset="gb2312">', "gb2312", id="meta"),
        pytest.param(b'<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gbk", id="http-equiv"),
        pytest.param(b'<?xml version="1.0" encoding="Big5"?>', "big5", id="xml"),
        pytest.param(b'<meta charset="none-such">', None, id="unknown"),
        pytest.param(b"<p>charset</p>", None, id="none"),
    ],
)
def test_declared_encoding_reads_the_head(head: bytes, encoding: str | None) -> None:
    assert declared_encoding(head) == encoding


@pytest.mark.parametrize("declared", ["utf-8", "big5", "cp1252", "gb18030"])
def test_decode_does_not_believe_a_wrong_declaration(declared: str) -> None:
    assert decode(FORM.encode("gb18030"), declared=declared).text == FORM


def test_score_tells_writing_from_noise() -> None:
    assert score(FORM) > 0.8
    assert score(FORM.encode("utf-8")[: len(FORM.encode()) // 3 * 3].decode("gb18030", errors="replace")) < 0.5


@given(st.text(alphabet=st.characters(codec="gb18030", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=80))
def test_decode_loses_nothing_of_utf8(text: str) -> None:
    decoded = decode(b"\xef\xbb\xbf" + text.encode())
    assert decoded.text.replace("\n", "") == "".join(
        text.replace("\u2028", "").replace("\u2029", "").split("\n")
    ).removeprefix("\ufeff")


@given(st.binary(max_size=400))
def test_decode_takes_any_bytes(raw: bytes) -> None:
    decoded = decode(raw)
    assert not any("\ud800" <= char <= "\udfff" or char == "\0" for char in decoded.text)
