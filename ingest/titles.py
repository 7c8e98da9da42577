"""Titles of documents: in book marks, wrapped (关于印发《…》的通知) and written without marks.

Works on cleaned text; returns spans into it. Numbers and pairing are not read here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ingest.issuers import HAN, one_of, read_organ
from ingest.wordlists import words_of

_MARKS = re.compile("[《》]")
_LONGEST = 260  # characters of a title with what is nested in it
_STOP = re.compile("[。；;！!？?\n]")
_HARD = "。；;！!？?：:》」』|，,\"'“”‘’\t\n{}*#>·"
_TRAILING = re.compile(r"(?:\s?[（(〔\[【][^（）()〔〕\[\]【】]{0,40}[）)〕\]】]|[\s\"”'’*])+$")


class Title(NamedTuple):
    """`start`..`end` covers the marks, `text_start`..`text_end` the title itself."""

    start: int
    end: int
    text_start: int
    text_end: int
    rule: str


class _Words(NamedTuple):
    policy: re.Pattern[str]
    mention: re.Pattern[str]
    mention_not: tuple[str, ...]
    short: frozenset[str]
    noun: re.Pattern[str]
    verb: re.Pattern[str]
    tail: re.Pattern[str]
    broken_tail: re.Pattern[str]
    leads: re.Pattern[str]
    whole: re.Pattern[str]


@cache
def _words() -> _Words:
    nouns = one_of(words_of("citations", "unmarked", "nouns"))
    wrappers = one_of(words_of("citations", "unmarked", "wrappers"))
    verbs = one_of(words_of("citations", "unmarked", "verbs"))
    more = r"(?:(?:、|和|及|以及|与|，|,)?(?:《[^《》]{2,120}》|〈[^〈〉]{2,120}〉))*"
    between = r"(?:[（(][^（）()]{0,40}[）)])?[^。；;，,：:《》（）()、]{0,24}?"
    return _Words(
        policy=re.compile(f"(?:{one_of(words_of('citations', 'titles', 'policy'))})$"),
        mention=re.compile(f"(?:{one_of(words_of('citations', 'titles', 'mention'))})$"),
        mention_not=words_of("citations", "titles", "mention_not"),
        short=frozenset(words_of("citations", "titles", "short_forms")),
        noun=re.compile(rf"(?:{nouns})(?:\s?[（(][^（）()]{{1,20}}[）)])?$"),
        verb=re.compile(f"(?:{verbs})$"),
        tail=re.compile(rf"{more}{between}的(?:{wrappers})"),
        broken_tail=re.compile(rf"{between}的?(?:{wrappers})"),
        leads=re.compile(rf"(?:{one_of(words_of('citations', 'unmarked', 'leads'))}|\d{{1,3}}[._、．)）\-]|[一二三四五六七八九十]{{1,3}}、|[:：\s_\-]|[（(][\d一二三四五六七八九十]{{1,3}}[）)])+"),
        whole=re.compile(rf"(?:[^。；;！？，,：:《》\"“”]|《[^《》]{{2,120}}》|“[^“”]{{1,20}}”){{4,140}}?(?:的|工作|征收|管理|实施|指导|若干|处理)(?:{nouns})(?=$|[。；;，,（(、\n*\"”'’\s]|和|及|要求|精神|规定|文件|等)"),
    )


def is_policy(title: str) -> bool:
    """Whether a title in book marks names a document that lays something down, not a newspaper, map, report or certificate."""
    words = _words()
    bare = _TRAILING.sub("", title)
    if bare in words.short:
        return False
    if bare.startswith("关于") or re.search("关于.{2,}的.{2,8}$", bare):
        return not words.mention.search(bare) or bare.endswith(words.mention_not) or words.policy.search(bare) is not None
    if bare.endswith(words.mention_not):
        return True
    hit, other = words.policy.search(bare), words.mention.search(bare)
    if hit is None:
        return False
    return other is None or hit.end() - hit.start() > other.end() - other.start()


def find_marked(text: str) -> list[Title]:
    """Titles in 《》, the outermost only, in order; also those that lost one of their marks."""
    titles: list[Title] = []
    marks = [(m.start(), m[0]) for m in _MARKS.finditer(text)]
    at = 0
    edge = 0  # end of the last title
    while at < len(marks):
        position, mark = marks[at]
        if mark == "》":
            title = _lost_opening(text, edge, position)
            at += 1
        else:
            title, at = _read_mark(text, marks, at)
        if title is not None:
            titles.append(title)
            edge = title.end
    return titles


def _read_mark(text: str, marks: list[tuple[int, str]], at: int) -> tuple[Title | None, int]:
    words = _words()
    start = marks[at][0]
    if at + 1 == len(marks):
        return _lost_closing(text, start, len(text)), at + 1
    position, mark = marks[at + 1]
    if position - start > _LONGEST:
        return _lost_closing(text, start, position), at + 1
    if mark == "》":
        return Title(start, position + 1, start + 1, position, "marked"), at + 2
    head = text[start + 1 : position]
    if len(head) > 1 and not words.verb.search(head) and not head.endswith(("关于", "<", "〈")):
        return _lost_closing(text, start, position), at + 1
    # nested: 《关于印发《A》和《B》的通知》
    depth, k = 1, at + 1
    while k < len(marks) and marks[k][0] - start <= _LONGEST:
        position, mark = marks[k]
        depth += 1 if mark == "《" else -1
        k += 1
        if depth == 0:
            if _STOP.search(text, start, position):
                break
            return Title(start, position + 1, start + 1, position, "nested"), k
        if depth == 1 and (tail := words.broken_tail.match(text, position + 1)) and (k == len(marks) or marks[k][0] > tail.end() or (marks[k][1] == "《" and text[tail.end() : tail.end() + 1] != "》")):
            if k < len(marks) and marks[k] == (tail.end(), "》"):
                return Title(start, tail.end() + 1, start + 1, tail.end(), "nested"), k + 1
            return Title(start, tail.end(), start + 1, tail.end(), "nested"), k
    return _lost_closing(text, start, marks[at + 1][0]), at + 1


def _lost_closing(text: str, start: int, limit: int) -> Title | None:
    """What can still be read of a title whose 》 is missing."""
    limit = min(limit, start + 80, len(text))
    stop = re.compile("[。；;，,！？：:（(]").search(text, start + 1, limit)
    end = stop.start() if stop else limit
    body = text[start + 1 : end]
    if len(body) < 4:
        return None
    if not _words().noun.search(body):
        return Title(start, end, start + 1, end, "cut")
    return Title(start, end, start + 1, end, "unclosed")


def _lost_opening(text: str, low: int, position: int) -> Title | None:
    """A title whose 《 is missing; None where what stands before 》 does not read as one."""
    low = max(low, position - 80)
    start = position
    while start > low and text[start - 1] not in _HARD + "、":
        start -= 1
    if lead := _words().leads.match(text, start, position):
        start = lead.end()
    body = text[start:position]
    if len(body) < 6 or not _words().policy.search(_TRAILING.sub("", body)):
        return None
    return Title(start, position + 1, start, position, "unopened")


def widen(text: str, titles: list[Title], at: int) -> tuple[Title, int] | None:
    """The wrapper without marks of its own around `titles[at]` (关于印发《…》的通知), and how many titles it holds."""
    words = _words()
    title = titles[at]
    low = max(titles[at - 1].end if at else 0, title.start - 60)
    head = text[low : title.start]
    cut = max(head.rfind(char) for char in "。；;，,：:|\n）)")
    about = head.rfind("关于")
    tail = words.tail.match(text, title.end)
    if tail is None:
        return None
    if about > cut and words.verb.search(head[about + 2 :]):
        begin = low + about
        organ = read_organ(text, begin)
        start = organ.start if organ and organ.start >= low else begin
    elif (plain := re.search("(?:转发|批转|印发)$", head)) and (organ := read_organ(text, low + plain.start())) and organ.start >= low:
        start = organ.start
    else:
        return None
    count = sum(1 for other in titles[at:] if other.start < tail.end())
    return Title(start, tail.end(), start, tail.end(), "wrapper"), count


def read_left(text: str, end: int, low: int, breaks: frozenset[int]) -> Title | None:
    """The title without marks that ends at `end` (before a number); None where the text there does not read as one."""
    words = _words()
    low = max(low, end - 160)
    noun = words.noun.search(text[low:end])
    if noun is None:
        return None
    start = low + noun.start()
    depth = 0
    while start > low:
        char = text[start - 1]
        if char in "）)":
            depth += 1
        elif char in "（(":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and (char in _HARD or start in breaks):
            if char == "》" or char == ">":
                opening = text.rfind("《" if char == "》" else "<", low, start)
                if opening >= 0:
                    start = opening
                    continue
            break
        start -= 1
    about = text.find("关于", start, end)
    if about >= 0:
        later = about
        while (later := text.find("关于", later + 2, end)) >= 0:
            organ = read_organ(text, later)
            head = organ.start if organ else later
            if head > about and text[head - 1] in "和及与、":
                about = later
        organ = read_organ(text, about)
        start = max(start, organ.start if organ else about)
    else:
        for lead in re.finditer("根据|依据|按照|依照|遵照|详见|参见|[0-9][.、．]", text[start:end]):
            start_after = start + lead.end()
            if end - start_after > 5:
                about = start_after
        start = max(start, about)
        if lead := words.leads.match(text, start, end):
            start = lead.end()
    if end - start < 6 or (about < 0 and end - start < 8):
        return None
    return Title(start, end, start, end, "unmarked")


def read_right(text: str, start: int, limit: int) -> Title | None:
    """The title without marks that fills the rest of the line after a number."""
    words = _words()
    end = min(limit, start + 80)
    body = text[start:end]
    if len(body) < 6 or re.search("[。；;，,：:（(《]", body):
        return None
    if words.noun.search(body) or (re.fullmatch(f"[{HAN}]+", body) and not body.startswith(("文", "的", "和", "及", "等"))):
        return Title(start, end, start, end, "unmarked")
    return None


def find_plain(text: str, breaks: frozenset[int], taken: list[tuple[int, int]]) -> list[Title]:
    """Titles without marks and without number: an organ, 关于 and a noun (财政部关于…的通知)."""
    words = _words()
    titles: list[Title] = []
    at = 0
    while (about := text.find("关于", at)) >= 0:
        at = about + 2
        if any(start <= about < end for start, end in taken):
            continue
        organ = read_organ(text, about)
        if organ is None:
            continue
        body = words.whole.match(text, at)
        if body is None or any(start < body.end() and organ.start < end for start, end in taken):
            continue
        titles.append(Title(organ.start, body.end(), organ.start, body.end(), "plain"))
        at = body.end()
    return titles
