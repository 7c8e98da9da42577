"""What a project did or is to do, counted: 对接几个部门, 出了几份研究报告. The figure is of one of its indicators."""

from __future__ import annotations

import re
from dataclasses import replace

from search.linking_pieces import Thing, make_mention
from search.normalise import key_of
from search.parse_draft import Draft
from search.plan_terms import Column
from search.query import How, Kind, Mention, Sense, Token
from search.vocabulary import words_of

_COUNTED = re.compile(
    r"(?P<verb>[一-鿿]{1,6}?)(?P<many>(?:几|多少)[个项家份条部笔名位次件种类场张所款篇期批轮处]?)(?P<thing>[一-鿿]{2,12})"
)
_TELLING = (Kind.FIELD, Kind.UNIT_WORDS, Kind.GENRE, Kind.TASK, Kind.POLICY)
_PASSED = (Kind.FILLER, Kind.DE, Kind.STOP, Kind.YEAR, Kind.SUM)
_PLANNED = "要会能应该需共"
_TO_BE = ("要", "应", "需", "计划")


def read_doings(draft: Draft) -> None:
    """Link what was done to the indicator that counts it; a verb before units that no indicator has is not dropped."""
    named = [i for i, token in enumerate(draft.tokens) if token.mention(Kind.PROJECT)]
    if len(named) != 1:
        return
    first = named[0] + 1
    while first < len(draft) and (draft.is_at(first, *_PASSED) or draft.tokens[first].text == "项目"):
        first += 1
    if first >= len(draft):
        return
    start = draft.tokens[first].start
    said = _COUNTED.fullmatch(draft.question.folded[start:].rstrip("?!。. "))
    if said is None or not _is_counted(draft, start + said.start("thing")):
        return
    of_units = any("Unit" in t.values(Kind.NOUN) for t in draft.tokens[first:])
    mention = _find_indicator(draft, named[0], said["verb"], said["thing"], of_units=of_units)
    if mention is not None:
        _rewrite(draft, first, said, mention)
    elif of_units and draft.is_at(first, Kind.CITE) and not draft.is_at(first, Kind.HAVE, Kind.TOPIC_OPEN):
        draft.unknown.append(draft.question.original(start, start + said.end()))


def _is_counted(draft: Draft, start: int) -> bool:
    """The thing counted is no column, document or kind of thing that the graph itself has; units may be either."""
    inside = [token for token in draft.tokens if token.end > start and not token.has(Kind.STOP)]
    nouns = {value for token in inside for value in token.values(Kind.NOUN)}
    return nouns <= {"Unit"} and not any(token.has(*_TELLING) for token in inside)


def _find_indicator(draft: Draft, project: int, verb: str, thing: str, *, of_units: bool) -> Mention | None:
    """The one indicator whose name ends with the thing, 数量 aside; of several, or of units, the one with the verb."""
    mention = draft.tokens[project].mention(Kind.PROJECT)
    if mention is None or mention.rivals:
        return None
    owned = [(_counted_name(key_of(t.label)), t) for t in draft.names.indicators_of(mention.ids)]
    fitting = [(name, t) for name, t in owned if name.endswith(thing)]
    stem = verb.strip(_PLANNED).rstrip("了过")
    if of_units or len(fitting) > 1:
        fitting = [(name, t) for name, t in fitting if stem and stem in name]
    return _mention(thing, fitting[0][1]) if len(fitting) == 1 else None


def _counted_name(name: str) -> str:
    ending = next((e for e in words_of("phrases", "plain", "counting") if name.endswith(e)), "")
    return name.removesuffix(ending)


def _mention(text: str, thing: Thing) -> Mention:
    made = make_mention(text, [thing], How.PARTIAL)
    return replace(made, note=f"“{text}”按指标“{made.label}”理解")


def _rewrite(draft: Draft, first: int, said: re.Match[str], mention: Mention) -> None:
    """The verb, the question and the indicator as a token each; 了 and 过 ask for what was done, 要 for the target."""
    start = draft.tokens[first].start
    passed = draft.tokens[first - 1].text
    verb = Sense(kind=Kind.COMPOSITE, value="目标和完成")
    if said["verb"].endswith(("了", "过")) or said["verb"].startswith("实际"):
        verb = Sense(kind=Kind.DONE)
    elif said["verb"].startswith(_TO_BE) or passed in _TO_BE:
        verb = Sense(kind=Kind.FIELD, value=Column.TARGET_TEXT.value)
    senses = {
        "verb": verb,
        "many": Sense(kind=Kind.HOW_MANY),
        "thing": Sense(kind=Kind.INDICATOR, mention=mention),
    }
    behind = [token for token in draft.tokens if token.start >= start + said.end()]
    draft.tokens[first:] = [
        Token(text=said[part], start=start + said.start(part), end=start + said.end(part), senses=(sense,))
        for part, sense in senses.items()
    ] + behind
