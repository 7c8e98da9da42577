"""Two columns of text that recognition has woven into one: expected goals and actual completion taken apart.

Numbers of list items and unfinished sentences decide; nothing is dropped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ingest.cleaning import is_cjk
from ingest.dictionary import dictionary
from ingest.model import Document, Span
from ingest.prose import is_sentence_end, join_prose
from ingest.wordlists import words_of

_ITEM = re.compile(r"(?:^|(?<=[。；;.!？\n ]))\s*(?:[-•]\s*)?(\d{1,2})\s?(?:[、．\\)）]|\.(?!\d)| (?=[\u4e00-\u9fff]))")
_ACTUAL_HEAD = re.compile(r"\s*(?:[-•]\s*)?(?:实际|目标)?完成情况\s*")
_WORD_SHARE = 0.42  # of the letters of sound text, at least half stand in words of two letters or more
_OFTEN, _OFTEN_SHARE = 4, 0.13  # no pair of letters makes up an eighth of a sound paragraph


def unweave(doc: Document, lines: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """`lines` of woven text as (expected goals, actual completion), each in reading order."""
    strands: tuple[list[Span], list[Span]] = ([], [])
    numbers = [0, 0]  # the last item of each strand
    strand = 0
    for span in (part for line in lines for part in _cut(doc, line, numbers_seen=strands)):
        text = doc.quote(span)
        if _ACTUAL_HEAD.fullmatch(text):
            strand, numbers = 1, [numbers[0], 0]
            continue
        number = _number(text)
        if number is not None:
            strand = _strand_of(number, numbers, strand, strands)
            numbers[strand] = max(_numbers(text))
        else:
            strand = _strand_of_prose(doc, text, strands, strand)
            later = _numbers(text)
            if later:
                numbers[strand] = max(later)
        strands[strand].append(span)
    return strands


def _cut(doc: Document, line: Span, *, numbers_seen: tuple[list[Span], list[Span]]) -> list[Span]:
    """`line`, cut where a list begins anew at 1 behind a finished sentence."""
    text = doc.quote(line)
    hits = [hit for hit in _ITEM.finditer(text) if int(hit[1]) == 1 and hit.start(1) > 0]
    before = bool(numbers_seen[0]) or bool(text[: hits[0].start()].strip()) if hits else False
    if not hits or not before or not is_sentence_end(text[: hits[0].start()].strip()):
        return [line]
    at = line.start + hits[0].start(1)
    return [Span(start=line.start, end=at), Span(start=at, end=line.end)]


def _number(text: str) -> int | None:
    hit = _ITEM.match(text)
    return int(hit[1]) if hit else None


def _numbers(text: str) -> list[int]:
    numbers: list[int] = []
    for hit in _ITEM.finditer(text):
        if not numbers or int(hit[1]) == numbers[-1] + 1:
            numbers.append(int(hit[1]))
    return numbers


def _strand_of(number: int, last: Sequence[int], strand: int, strands: tuple[list[Span], list[Span]]) -> int:
    following = [at for at in (0, 1) if last[at] + 1 == number]
    if len(following) == 1 and (number > 1 or strands[0] or following[0] == 0):
        return following[0]
    if number == 1:
        return 1 if strands[0] else 0
    return strand if strand in following else following[0] if following else strand


def _strand_of_prose(doc: Document, text: str, strands: tuple[list[Span], list[Span]], strand: int) -> int:
    """A paragraph without number finishes the sentence that is open, or tells what was done."""
    if strands[0] and any(word in text[:12] for word in words_of("forms", "tone", "begun")):
        return 1
    open_ended = [at for at in (0, 1) if strands[at] and not _is_finished(doc, strands[at][-1])]
    if open_ended:
        return strand if strand in open_ended and len(open_ended) > 1 else open_ended[-1 if strand in open_ended else 0]
    if strands[0] and any(word in text[:80] for word in words_of("forms", "tone", "done")):
        return 1
    return strand


def _is_finished(doc: Document, span: Span) -> bool:
    return join_prose(doc, [span]).text.rstrip("”’\"' ").endswith(("。", "！", "？"))


def is_garbled(text: str) -> bool:
    """Whether a longer stretch of Chinese holds hardly any words, or the same few letters over and over.

    So recognition leaves letters that it has read across lines. Short texts never are.
    """
    letters = [char for char in text if is_cjk(char) and char.isalpha()]
    if len(letters) < 12:
        return False
    often = Counter(pairwise(letters)).most_common(1)[0][1]
    if often >= _OFTEN and often > len(letters) * _OFTEN_SHARE:
        return True
    words = [word for word in dictionary().cut(text, HMM=False) if len(word) > 1 and is_cjk(word[0])]
    return sum(map(len, words)) < len(letters) * _WORD_SHARE
