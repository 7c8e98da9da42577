"""Bytes → text: which encoding a file is in, by looking at what each candidate makes of it.

Doubt becomes a ReadingWarning; characters that are lost become U+FFFD, never other characters. Must not know formats.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

import charset_normalizer

from ingest.contents import fold_line_ends, mark_unprintable
from ingest.errors import LexiconError
from ingest.model import ReadingWarning, Span, WarningCode
from ingest.wordlists import load_wordlist

_BOMS = (  # the longer first: the mark of UTF-32 LE begins with that of UTF-16 LE
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_MULTIBYTE = ("gb18030", "cp950", "big5hkscs")
_DAMAGED = (*_WIDE, "gb18030", "cp950")  # tried where no encoding fits to the last byte
_SAMPLE = 65_536  # bytes judged; even, and a multiple of four
_PLAUSIBLE = 0.55  # a score (-1..1) that real Chinese passes and a wrong decoding does not
_MARGIN = 0.2
_HIGH = bytes(range(0x80, 0x100))
_STRETCH = 100  # characters judged at once for damage within a file
_NOISE = 0.35
_SENSE = 0.25  # share of a damaged file that must still read like Chinese
_SPANS = 20  # places of damage named in a warning
_MULTIBYTE_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,30})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text of a file, the encoding that it was read in (`sure`: not merely guessed), and doubts."""

    text: str
    encoding: str
    sure: bool = True
    warnings: tuple[ReadingWarning, ...] = ()


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """`data` as text, line ends folded to "\\n", no byte order mark. `declared` is believed only between equals.

    >>> decode("沪财绩〔2019〕19号".encode("gb18030")).encoding
    'gb18030'
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], encoding)
    text = _strict(data, "utf-8")
    if b"~{" in data and text is not None and text.isascii() and _reads_as_hz(data):
        return _decoded(data, "hz")
    if text is not None and "\0" not in text and not _may_be_gbk(text, data):
        return _finished(text, "utf-8")
    if text is not None and "\0" not in text:
        return _finished(data.decode("gb18030"), "gb18030", doubt="文字很短，编码按 GB18030 判断，可能有误")
    ranked = _rank(data)
    if ranked and ranked[0][0] >= _PLAUSIBLE:
        return _choose(data, ranked, declared)
    if text is not None and score(text.replace("\0", "")) >= _PLAUSIBLE:  # UTF-8 but for the NUL characters in it
        return _finished(text, "utf-8")
    if text is None and (mixed := _decode_lines(data)) is not None:
        return mixed
    damaged = max((_sense_of(data[:_SAMPLE].decode(encoding, errors="replace")), encoding) for encoding in _DAMAGED)
    if damaged[0] >= _SENSE:
        return _decoded(data, damaged[1])
    if text is not None:
        return _finished(text, "utf-8")
    return _decode_otherwise(data, declared)


def declared_encoding(head: bytes) -> str | None:
    """The encoding that an HTML or XML head names, where it names one that exists.

    >>> declared_encoding(b'<meta charset="gb2312">')
    'gb2312'
    """
    if match := _DECLARED.search(head[:4096]):
        try:
            return codecs.lookup(match[1].decode("ascii")).name
        except LookupError:
            return None
    return None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decoded(data: bytes, encoding: str) -> Decoded:
    decoded = _finished(data.decode(encoding, errors="replace"), encoding)
    if encoding == "utf-8" or not (noise := _find_noise(decoded.text)):
        return decoded
    message = f"按 {encoding} 解码后有 {len(noise)} 段不像中文公文，可能因字节缺失而错位，请核对原文件"
    doubt = ReadingWarning(code=WarningCode.UNDECODABLE, message=message, spans=noise[:_SPANS])
    return replace(decoded, warnings=(*decoded.warnings, doubt))


def _sense_of(text: str) -> float:
    """Share of the stretches of `text` that read like Chinese."""
    stretches = [text[at : at + _STRETCH] for at in range(0, len(text), _STRETCH)]
    return sum(score(stretch) >= _PLAUSIBLE for stretch in stretches) / max(len(stretches), 1)


def _find_noise(text: str) -> tuple[Span, ...]:
    """Stretches that read like noise: what is left of text when a byte of a pair is missing."""
    stretches = (Span(start=at, end=min(at + _STRETCH, len(text))) for at in range(0, len(text), _STRETCH))
    return tuple(s for s in stretches if score(text[s.start : s.end]) < _NOISE)


def _finished(text: str, encoding: str, *, doubt: str = "") -> Decoded:
    text, unprintable = mark_unprintable(fold_line_ends(text.removeprefix("\ufeff")))
    warnings = [ReadingWarning(code=WarningCode.UNDECODABLE, message=doubt)] if doubt else []
    if lost := text.count("\ufffd"):
        spans = find_lost(text)
        what = "（含不可见的控制字符）" if unprintable else ""
        message = f"按 {encoding} 解码时有 {lost} 处字符无法识别{what}，已用 � 标出，请核对原文件"
        warnings.append(ReadingWarning(code=WarningCode.UNDECODABLE, message=message, spans=spans))
    return Decoded(text=text, encoding=encoding, warnings=tuple(warnings))


def find_lost(text: str) -> tuple[Span, ...]:
    """The first places where characters were lost."""
    return tuple(Span(start=m.start(), end=m.end()) for m in islice(re.finditer("\ufffd+", text), _SPANS))


def _may_be_gbk(text: str, data: bytes) -> bool:
    """Whether a short text of two-byte sequences is rather Chinese in GBK (the two words 联通 are the famous case)."""
    foreign = [c for c in text if c > "\x7f"]
    if not foreign or len(foreign) > 64 or any(c > "\u07ff" for c in foreign) or all(c <= "\xff" for c in foreign):
        return False
    other = _strict(data, "gb18030")
    return other is not None and score(other) > _PLAUSIBLE > score(text)


def _reads_as_hz(data: bytes) -> bool:
    text = _strict(data, "hz")
    return text is not None and score(text) >= _PLAUSIBLE


def _rank(data: bytes) -> list[tuple[float, str]]:
    """Candidates that decode a sample without error, best score first."""
    ranked = []
    for encoding in _MULTIBYTE + tuple(e for e in _WIDE if len(data) % (4 if "32" in e else 2) == 0):
        sample = data[:_SAMPLE]
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(sample, final=len(sample) == len(data))
        except UnicodeDecodeError:
            continue
        if encoding in _WIDE or len(data) <= _SAMPLE or _strict(data, encoding) is not None:
            ranked.append((score(text), encoding))
    return sorted(ranked, key=lambda pair: -pair[0])  # stable: cp950 stays before its superset


def _choose(data: bytes, ranked: list[tuple[float, str]], declared: str | None) -> Decoded:
    best, encoding = ranked[0]
    rivals = [e for value, e in ranked[1:] if best - value < _MARGIN and not _same_family(e, encoding)]
    if not rivals:
        return _decoded(data, encoding)
    named = next((e for e in (encoding, *rivals) if _same_family(e, declared)), None)
    if named is not None:
        return _decoded(data, named)
    doubt = f"编码按 {encoding} 判断，但按 {'、'.join(rivals)} 也读得通，请核对文字"
    return _finished(data.decode(encoding, errors="replace"), encoding, doubt=doubt)


def _same_family(encoding: str, declared: str | None) -> bool:
    families: tuple[set[str | None], ...] = ({"gb18030", "gbk", "gb2312"}, {"cp950", "big5", "big5hkscs"})
    return declared == encoding or any({encoding, declared} <= family for family in families)


def _decode_lines(data: bytes) -> Decoded | None:
    """A text whose lines are in UTF-8 or in GB18030, or UTF-8 with damage; None where it is neither."""
    valid = sum(len(m[0]) for m in _MULTIBYTE_UTF8.finditer(data))
    high = len(data) - len(data.translate(None, _HIGH))
    lines, used = [], set()
    for raw in data.split(b"\n"):
        text, encoding = _strict(raw, "utf-8"), "utf-8"
        if text is None:
            other = _strict(raw, "gb18030")
            if other is not None and score(other) >= _PLAUSIBLE:
                text, encoding = other, "gb18030"
            elif valid * 2 >= high:
                text = raw.decode("utf-8", errors="replace")
            else:
                text, encoding = raw.decode("gb18030", errors="replace"), "gb18030"
        used.add("" if raw.isascii() else encoding)
        lines.append(text)
    used.discard("")
    text = "\n".join(lines)
    if score(text) < _PLAUSIBLE:
        return None
    name = "+".join(sorted(used, reverse=True)) or "utf-8"
    return _finished(text, name, doubt="文件里混有 UTF-8 与 GB18030 两种编码，已逐行判断" if len(used) > 1 else "")


def _decode_otherwise(data: bytes, declared: str | None) -> Decoded:
    guess = None
    if declared is not None and (text := _strict(data, declared)) is not None:
        guess = declared
    elif best := charset_normalizer.from_bytes(data[:_SAMPLE]).best():
        guess = best.encoding
    if guess is None or (text := _strict(data, guess)) is None:
        return _finished(data.decode("utf-8", errors="replace"), "utf-8", doubt="无法判断文件的编码，按 UTF-8 读出")
    return replace(_finished(text, guess, doubt=f"无法确定文件的编码，按 {guess} 读出，请核对文字"), sure=False)


def score(text: str) -> float:
    """How much `text` looks like Chinese office writing: -1 (noise) to 1; 0 where there is nothing to judge."""
    frequent, common = _frequent(), _common()
    total = weight = 0.0
    for char in text[:20_000]:
        if char in "\n\r\t\f" or " " <= char <= "~":
            weight, total = weight + 0.1, total + 0.1
            continue
        weight += 1
        if char in frequent:
            total += 1
        elif char in common:
            total += 0.7
        elif "\u4e00" <= char <= "\u9fff":
            total -= 0.2
        else:
            total -= 1
    return total / weight if weight else 0.0


@cache
def _frequent() -> frozenset[str]:
    value = load_wordlist("encodings").get("frequent")
    if not isinstance(value, str) or len(value) < 200:
        raise LexiconError("encodings.toml", "frequent 应当是一串常用字", "请修正该词表")
    return frozenset("".join(value.split())) | frozenset("，。：；、（）“”《》〔〕％　．－／！？")


@cache
def _common() -> frozenset[str]:
    """First-level characters of GB 2312 and Big5, and the signs that office texts use."""
    simplified = (bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    traditional = (
        bytes((lead, trail)) for lead in range(0xA4, 0xC7) for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    )
    chars = {raw.decode("gb2312", errors="ignore") for raw in simplified}
    chars |= {raw.decode("big5", errors="ignore") for raw in traditional}
    signs = set("…—·「」『』【】①②③④⑤⑥⑦⑧⑨⑩²³℃±×÷≥≤≠≈∶﹒●■□★☆※→↑↓√°‰％＋＝＞＜＂＇～")
    wide = {chr(code) for code in range(0xFF10, 0xFF5B)}
    return frozenset(chars | signs | wide) - {""}
