"""Verdicts: is an answer right by its gold? Gold says what must be there, in the forms of an expert's answer sheet.

Works on answers as `jixiao ask --json` prints them, so that any program's answers can be judged. Writings that a
careful reader would take as the same (width, brackets, quotes, spaces, dashes) are folded first.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import PurePath
from typing import Any

import msgspec

AnswerJson = Mapping[str, Any]

_FOLDS = str.maketrans(
    {
        **dict.fromkeys("〔【［[（(｛{", "("),
        **dict.fromkeys("〕】］]）)｝}", ")"),
        **dict.fromkeys("〈‹", "<"),
        **dict.fromkeys("〉›", ">"),
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("—–", "-"),
        **dict(zip("，；：。", ",;:.", strict=True)),
    }
)
_BLANKS = re.compile(r"[\s\u3000\u200b-\u200d\ufeff]+")
_TAGS = re.compile(r"\s+|<[^>]+>")
_TITLE_SIGNS = re.compile("[\"'<>《》]")
_LAST_BRACKET = re.compile(r"[（(][^（）()]*[）)]\s*$")
_LAST_NUMBER = re.compile(r"[（(]([^（）()]*(?:号|令)[^（）()]*)[）)]\s*$")
_TITLES = re.compile(r"《(.+)》")
_WAN = Decimal(10000)
_CLOSE = Decimal("0.01")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """An entity that the answer must name by any of `names`; `damaged` takes eight characters of one.

    `names` and `regex` are matched with the label, name, number and aliases of an item.
    """

    names: tuple[str, ...] = ()
    year: int | str | None = None
    damaged: bool = False
    regex: str = ""


class WantedIndicator(msgspec.Struct, frozen=True, kw_only=True):
    level3: str


class Gold(msgspec.Struct, frozen=True, kw_only=True):
    """One of: `status`; `table`; `value`; `items`; `indicator_items`; `any_of`; `evidence`; words of the text.

    `value` counts in yuan where `unit` is 元; `tolerance` 0.01 where none is given; `absolute` forgives the sign, and
    then `direction` must stand in the text. `or_contains` is another way to be right. `top` counts ranks.
    """

    status: tuple[str, ...] | None = None
    table: dict[str, Decimal] | None = None
    value: Decimal | None = None
    unit: str | None = None
    tolerance: Decimal = _CLOSE
    absolute: bool = False
    direction: str = ""
    or_contains: tuple[str, ...] = ()
    items: tuple[Wanted, ...] | None = None
    optional: tuple[Wanted, ...] = ()
    ordered: bool = False
    indicator_items: tuple[WantedIndicator, ...] | None = None
    any_of: tuple[Wanted, ...] | None = None
    top: int = 1
    evidence: tuple[str, ...] | None = None
    evidence_any: tuple[str, ...] = ()
    document: str = ""
    contains: tuple[str, ...] = ()
    contains_any: tuple[str, ...] = ()
    contains_all_any: tuple[tuple[str, ...], ...] = ()


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`why` says in Chinese what was found instead; empty where the answer is right."""

    right: bool
    why: str = ""


def judge(gold: Gold, answer: AnswerJson) -> Verdict:
    """Whether `answer` is right by `gold`."""
    items: Sequence[Mapping[str, Any]] = answer.get("items") or ()
    status = answer.get("status")
    if gold.status is not None:
        right = status in gold.status and not items
        return _verdict(right, f"状态为 {status}，列出 {len(items)} 项；应为 {'或'.join(gold.status)}，不列任何项")
    if status != "answered":
        return _verdict(False, f"状态为 {status}，没有回答")
    if gold.table is not None:
        return _judge_table(gold.table, items, answer)
    if gold.value is not None:
        return _judge_value(gold, gold.value, answer)
    if gold.items is not None:
        return _judge_items(gold.items, gold, items)
    if gold.indicator_items is not None:
        return _judge_indicators(gold.indicator_items, items)
    if gold.any_of is not None:
        best = items[: gold.top]
        right = any(_is_named(wanted, item) for wanted in gold.any_of for item in best)
        return _verdict(right, f"前 {gold.top} 项是 {_labels_of(best)}")
    if gold.evidence is not None or gold.evidence_any:
        return _judge_evidence(gold, items, answer)
    return _judge_words(gold, answer)


def has_evidence(answer: AnswerJson) -> bool:
    """Whether the answer, or each of its items, shows a source."""
    items = answer.get("items") or ()
    return bool(answer.get("sources")) or (bool(items) and all(item.get("sources") for item in items))


def fold_writing(text: object) -> str:
    """`text` without differences of width, brackets, quotes, dashes, spaces and case.

    >>> fold_writing("沪财绩［２０１９］ 19号") == fold_writing("沪财绩〔2019〕19号")
    True
    """
    folded = unicodedata.normalize("NFKC", str(text or "")).translate(_FOLDS)
    return _BLANKS.sub("", folded).lower()


def squeeze(text: object) -> str:
    """`text` without white space and markup."""
    return _TAGS.sub("", html.unescape(str(text or "")))


def _fold_title(text: object) -> str:
    return _TITLE_SIGNS.sub("", fold_writing(text))


def _verdict(right: bool, why: str) -> Verdict:
    return Verdict(right=right, why="" if right else why)


def _figure(value: object) -> Decimal | None:
    try:
        figure = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() else None


def _judge_table(table: Mapping[str, Decimal], items: Sequence[Mapping[str, Any]], answer: AnswerJson) -> Verdict:
    got = {_fold_title(item.get("label")): item for item in items}

    def agrees(key: str, want: Decimal) -> bool:
        for label, item in got.items():
            value = _figure(item.get("value"))
            if key in label and value is not None:
                in_yuan = _in_yuan(value, item.get("unit") or answer.get("unit"))
                if abs(value - want) < _CLOSE or abs(in_yuan - want) < _CLOSE:
                    return True
        return False

    wrong = [key for key, want in table.items() if not agrees(_fold_title(key), want)]
    shown = {label: item.get("value") for label, item in got.items()}
    return _verdict(not wrong and len(got) == len(table), f"得到 {shown}；不符的有 {wrong}，应有 {len(table)} 组")


def _judge_value(gold: Gold, want: Decimal, answer: AnswerJson) -> Verdict:
    value, text = _figure(answer.get("value")), str(answer.get("text") or "")
    why = "没有数值"
    if value is not None:
        value = _in_yuan(value, answer.get("unit")) if gold.unit == "元" else value
        near = abs(abs(value) - abs(want)) if gold.absolute else abs(value - want)
        if near <= gold.tolerance and (not gold.direction or gold.direction in text or value < 0):
            return Verdict(right=True)
        why = f"数值为 {value} {answer.get('unit') or ''}，应为 {want} {gold.unit or ''}{gold.direction}"
    return _verdict(any(_says(text, words) for words in gold.or_contains), why)


def _judge_items(wanted: Sequence[Wanted], gold: Gold, items: Sequence[Mapping[str, Any]]) -> Verdict:
    used: list[int] = []
    missing: list[str] = []
    for one in wanted:
        found = next((at for at, item in enumerate(items) if at not in used and _is_named(one, item)), None)
        if found is None:
            missing.append(_shown(one))
        else:
            used.append(found)
    rest = [item for at, item in enumerate(items) if at not in used]
    extra = [item for item in rest if not any(_is_named(one, item) for one in gold.optional)]
    parts = [f"缺 {'、'.join(missing)}"] if missing else []
    parts += [f"多 {_labels_of(extra)}"] if extra else []
    parts += ["顺序不对"] if gold.ordered and used != sorted(used) else []
    return _verdict(not parts, "；".join(parts))


def _judge_indicators(wanted: Sequence[WantedIndicator], items: Sequence[Mapping[str, Any]]) -> Verdict:
    pool = [_fold_title(item.get("label")) for item in items]
    missing = []
    for one in wanted:
        found = next((label for label in pool if _fold_title(one.level3) in label), None)
        if found is None:
            missing.append(one.level3)
        else:
            pool.remove(found)
    return _verdict(not missing and not pool, f"缺 {'、'.join(missing) or '无'}；多 {'、'.join(pool) or '无'}")


def _judge_evidence(gold: Gold, items: Sequence[Mapping[str, Any]], answer: AnswerJson) -> Verdict:
    sources = [source for item in items for source in item.get("sources") or ()] + list(answer.get("sources") or ())
    quotes = [
        squeeze(source.get("quote"))
        for source in sources
        if PurePath(str(source.get("document") or "")).name == gold.document
    ]
    missing = [words for words in gold.evidence or () if not any(squeeze(words) in quote for quote in quotes)]
    some = not gold.evidence_any or any(squeeze(words) in quote for words in gold.evidence_any for quote in quotes)
    return _verdict(
        not missing and some, f"{gold.document} 的 {len(quotes)} 处引文里没有 {missing or gold.evidence_any}"
    )


def _judge_words(gold: Gold, answer: AnswerJson) -> Verdict:
    text = str(answer.get("text") or "")
    missing = [words for words in gold.contains if not _says(text, words)]
    groups = [gold.contains_any] if gold.contains_any else []
    missing += [
        "或".join(group) for group in (*groups, *gold.contains_all_any) if not any(_says(text, w) for w in group)
    ]
    return _verdict(not missing, f"回答里没有 {'、'.join(missing)}：{text[:80]}")


def _says(text: str, words: str) -> bool:
    """`words` stand in `text`, and where they begin or end with a digit no further digit touches them."""
    said, wanted = fold_writing(text).replace(",", ""), fold_writing(words)
    at = said.find(wanted)
    while at >= 0:
        before, after = said[at - 1 : at], said[at + len(wanted) : at + len(wanted) + 1]
        touched = (wanted[:1].isdecimal() and (before.isdecimal() or before == ".")) or (
            wanted[-1:].isdecimal() and after.isdecimal()
        )
        if not touched:
            return True
        at = said.find(wanted, at + 1)
    return False


def _is_named(wanted: Wanted, item: Mapping[str, Any]) -> bool:
    """Whether the item is the one that is wanted; a project must bear its year."""
    names = [_fold_title(name) for name in wanted.names]
    labels = _names_of(item)
    named = (
        bool(labels & set(names))
        or (wanted.damaged and any(len(label) >= 8 and label in name for label in labels for name in names))
        or (bool(wanted.regex) and any(re.match(wanted.regex, label) for label in labels))
    )
    if not named or wanted.year is None:
        return named
    year = item.get("year")
    return str(year) == str(wanted.year) if year is not None or item.get("type") == "Project" else True


def _names_of(item: Mapping[str, Any]) -> set[str]:
    """Every way an item names itself; 《标题》（文号） counts as its title and as its number too."""
    names: set[str] = set()
    for raw in (item.get("label"), item.get("name"), item.get("number"), *(item.get("aliases") or ())):
        if raw:
            text = str(raw)
            parts = (text, _LAST_BRACKET.sub("", text), *_TITLES.findall(text), *_LAST_NUMBER.findall(text))
            names |= {_fold_title(part) for part in parts}
    return names - {""}


def _in_yuan(value: Decimal, unit: object) -> Decimal:
    return value * _WAN if unit == "万元" else value


def _labels_of(items: Iterable[Mapping[str, Any]]) -> str:
    return "、".join(str(item.get("label")) for item in items) or "无"


def _shown(wanted: Wanted) -> str:
    return (wanted.names[0] if wanted.names else wanted.regex) + (f"（{wanted.year}）" if wanted.year else "")
