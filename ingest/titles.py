"""Titles of documents in book marks, alone or wrapped (关于印发《…》的通知), and what kind of thing they name.

Works on cleaned text; positions are of that text. Numbers, pairing and titles without marks are not read here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from ingest.breaks import Breaks
from ingest.organs import HAN, one_of, read_organ
from ingest.wordlists import words_of

_LONGEST = 260  # characters of a title with all that is nested in it
_LONGEST_CUT = 80  # characters of a title that lost a mark
_MARKS = re.compile("[《》≪≫«»]")
_ANGLES = re.compile(f"[〈‹<＜]([{HAN}“”（）()、\\d—-]{{4,80}})[〉›>＞]")
# 转发市财政局《…》, 转发市教委等六部门制订的《…》
_SENT_ON = re.compile(f"(?:转发|批转|印发)(?=[{HAN}、]{{2,30}}$)")
_SENDS = re.compile("(?:转发|批转)$")
_SENTENCE = re.compile("[。；;！!？?]")
_OUTSIDE = "。；;！!？?：:，,、》」』|\"“”'‘’\t\n{}*#"
_TRAILING = re.compile(
    r"(?:\s?(?:[（(〔\[【][^（）()〔〕\[\]【】]{0,40}[）)〕\]】]|第[一二三四五六七八九十]{1,3}版|[12]\d{3}版?"
    r"|第\d{1,3}号(?:[—–-]{1,2}[^—–-]{1,30})?|v\d[\d.]*|修订版|试行|暂行|[\s\"”'’*_]))+$"
)


class Title(NamedTuple):
    """`start`..`end` covers the marks, `text_start`..`text_end` the title itself."""

    start: int
    end: int
    text_start: int
    text_end: int
    rule: str


class _Words(NamedTuple):
    policy: tuple[str, ...]
    mention: tuple[str, ...]
    reports: tuple[str, ...]
    short: frozenset[str]
    after: re.Pattern[str]
    before: tuple[str, ...]
    verb: tuple[str, ...]
    sender: re.Pattern[str]
    tail: re.Pattern[str]
    broken_tail: re.Pattern[str]
    leads: re.Pattern[str]


@cache
def _words() -> _Words:
    nouns = one_of(words_of("titles", "wrappers", "nouns"))
    more = r"(?:(?:、|和|及|以及|与|，|,)?(?:《[^《》]{2,160}》|〈[^〈〉]{2,160}〉|‹[^‹›]{2,160}›)){0,12}"
    between = r"(?:[（(][^（）()]{0,40}[）)])?[^。；;，,：:《》（）()、]{0,24}?"
    end = r"(?=$|[^\u4e00-\u9fff]|[和及与或中等第要文精规有相提明指执以已])"
    return _Words(
        policy=_longest_first(words_of("titles", "kinds", "policy")),
        mention=_longest_first(words_of("titles", "kinds", "mention")),
        reports=words_of("titles", "kinds", "reports"),
        short=frozenset(words_of("titles", "kinds", "short_forms")),
        after=re.compile(f'\\s?[”"]?(?:{one_of(words_of("titles", "kinds", "said_after"))})'),
        before=words_of("titles", "kinds", "said_before"),
        verb=words_of("titles", "wrappers", "verbs"),
        sender=re.compile(f"(?:{one_of(words_of('titles', 'wrappers', 'senders'))})$"),
        tail=re.compile(f"{more}{between}的(?:{one_of(words_of('titles', 'wrappers', 'modifiers'))})?(?:{nouns}){end}"),
        broken_tail=re.compile(f"{between}的?(?:{nouns})"),
        leads=re.compile(
            rf"(?:{one_of(words_of('titles', 'unmarked', 'leads'))}"
            r"|\d{1,3}[._、．)）\-]+|[一二三四五六七八九十]{1,3}、|[（(][\d一二三四五六七八九十]{1,3}[）)]|[\s_\-.、，,）)]|[①-⑳])+"
        ),
    )


def skip_leads(text: str, start: int, end: int) -> int:
    """Where a title begins in `text[start:end]` after list numbers and words that lead to it (根据, 详见, 2、)."""
    lead = _words().leads.match(text, start, end)
    return lead.end() if lead else start


def head_of(text: str, about: int) -> int:
    """Where a title begins whose 关于 or 印发 is at `about`: with its organ, or with the organ that sends it on."""
    organ = read_organ(text, about)
    if organ is None:
        return about
    sent = _SENDS.search(text, max(0, organ.start - 2), organ.start)
    sender = read_organ(text, sent.start()) if sent else None
    return sender.start if sender else organ.start


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def is_policy(text: str, title: Title) -> bool:
    """Whether the title names a document that lays something down, not a newspaper, map, report or certificate.

    What stands before and after the marks counts too: 《…》杂志, 签订《…》.
    """
    name = text[title.text_start : title.text_end]
    words = _words()
    verdict = _judge(name)
    if verdict and not name.startswith("关于"):
        return words.after.match(text, title.end) is None and not text.endswith(words.before, 0, title.start)
    return verdict


@lru_cache(maxsize=8192)
def _judge(name: str) -> bool:
    words = _words()
    bare = _TRAILING.sub("", name)
    if bare in words.short:
        return False
    if bare.endswith(words.reports):
        return True
    policy = next((len(word) for word in words.policy if bare.endswith(word)), 0)
    mention = next((len(word) for word in words.mention if bare.endswith(word)), 0)
    if "关于" in bare and bare.endswith(("的报告", "的说明", "的研究")):
        return bare.endswith(("的报告", "的说明"))
    return policy > mention


def find_titles(text: str, breaks: Breaks) -> list[Title]:
    """Titles in book marks, the outermost only, in order; wrappers without marks of their own are taken whole.

    A title that lost a mark does not reach over the cell or the paragraph that it stands in.
    """
    marked = _find_marked(text, breaks)
    titles: list[Title] = []
    at = 0
    while at < len(marked):
        wide = _widen(text, marked, at, breaks)
        titles.append(wide or marked[at])
        at += 1
        while at < len(marked) and marked[at].start < titles[-1].end:
            at += 1
    return titles


def _find_marked(text: str, breaks: Breaks) -> list[Title]:
    titles: list[Title] = []
    marks = [(mark.start(), "《" if mark[0] in "《≪«" else "》") for mark in _MARKS.finditer(text)]
    at = edge = 0
    while at < len(marks):
        position, mark = marks[at]
        if mark == "》":
            title, at = _lost_opening(text, edge, position, breaks), at + 1
        else:
            title, at = _read_mark(text, marks, at, breaks)
        if title is not None:
            titles.append(title)
            edge = title.end
    angles = [Title(m.start(), m.end(), m.start(1), m.end(1), "angle") for m in _ANGLES.finditer(text) if _judge(m[1])]
    if not angles:
        return titles
    ends = [title.end for title in titles]
    outside = [
        angle
        for angle in angles
        if (k := bisect_right(ends, angle.start)) == len(titles) or titles[k].start >= angle.end
    ]
    return sorted(titles + outside)


def _read_mark(text: str, marks: list[tuple[int, str]], at: int, breaks: Breaks) -> tuple[Title | None, int]:
    """The title that opens at `marks[at]`, and the mark to go on with."""
    words = _words()
    start = marks[at][0]
    position, mark = marks[at + 1] if at + 1 < len(marks) else (len(text), "")
    if not mark or position - start > _LONGEST:
        return _lost_closing(text, start, position, breaks), at + 1
    if mark == "》":
        blank = not text[start + 1 : position].strip(" *\"'")
        return None if blank else Title(start, position + 1, start + 1, position, "marked"), at + 2
    head = text[start + 1 : position]
    if len(head) > 1 and not head.endswith((*words.verb, "<", "〈", "“")):
        return _lost_closing(text, start, position, breaks), at + 1
    depth, k = 1, at + 1  # nested: 《关于印发《A》和《B》的通知》
    while k < len(marks) and marks[k][0] - start <= _LONGEST:
        position, mark = marks[k]
        depth += 1 if mark == "《" else -1
        k += 1
        if depth == 0:
            if _SENTENCE.search(text, start, position):
                break
            return Title(start, position + 1, start + 1, position, "nested"), k
        if depth == 1:
            following = marks[k] if k < len(marks) else (len(text), "")
            if following[1] != "》" or _SENTENCE.search(text, position, following[0]):
                tail = words.broken_tail.match(text, position + 1)
                if tail and tail.end() <= following[0]:
                    return Title(start, tail.end(), start + 1, tail.end(), "nested"), k
    return _lost_closing(text, start, marks[at + 1][0], breaks), at + 1


def _lost_closing(text: str, start: int, limit: int, breaks: Breaks) -> Title | None:
    """What can still be read of a title whose 》 is missing: rule `cut` where it has no last word, else `unclosed`."""
    limit = min(limit, start + _LONGEST_CUT, breaks.next(start + 1), len(text))
    end = start + 1
    while end < limit and text[end] not in "。；;，,！？：:（(《》":
        end += 1
    if (
        end < limit
        and text[end] in "（("
        and (close := text.find("）" if text[end] == "（" else ")", end, end + 12)) > 0
        and "号" not in text[end:close]
    ):
        end = close + 1
    body = text[start + 1 : end]
    if len(body) < 4:
        return None
    return Title(start, end, start + 1, end, "unclosed" if _judge(body) else "cut")


def _lost_opening(text: str, low: int, position: int, breaks: Breaks) -> Title | None:
    """A title whose 《 is missing; None where what stands before 》 does not read as one."""
    low = max(low, position - _LONGEST_CUT, breaks.last(position - 1))
    start = position
    while start > low and text[start - 1] not in _OUTSIDE:
        start -= 1
    start = skip_leads(text, start, position)
    if (about := text.find("关于", start, position)) > start:
        start = max(start, head_of(text, about))
    if position - start < 6 or not (_judge(text[start:position]) or text.startswith("关于", start)):
        return None
    return Title(start, position + 1, start, position, "unopened")


def _widen(text: str, titles: list[Title], at: int, breaks: Breaks) -> Title | None:
    """The wrapper without marks of its own that holds `titles[at]` (关于印发《…》的通知); None where there is none."""
    words = _words()
    title = titles[at]
    low = max(titles[at - 1].end if at else 0, title.start - 80)
    low = max(low, breaks.last(title.start))
    head = text[low : title.start]
    low += max(head.rfind(char) for char in "。；;：:|\n）)》") + 1
    head = text[low : title.start]
    about = head.rfind("关于")
    sender = words.sender.search(head)
    if about >= 0 and "，" not in head[about:] and (head.endswith(words.verb) or read_organ(text, title.start)):
        begin = low + about
    elif sender is not None and read_organ(text, low + sender.start()):
        begin = low + sender.start()
    elif (sent := _SENT_ON.search(head)) and read_organ(text, low + sent.start()):
        begin = low + sent.start()
    else:
        return None
    tail = next((hit for limit in breaks.limits(title.end) if (hit := words.tail.match(text, title.end, limit))), None)
    if tail is None:
        return None
    start = max(head_of(text, begin), low)
    return Title(start, tail.end(), start, tail.end(), "wrapper")
