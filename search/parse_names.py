"""Which names a question holds: unknown stretches linked to names, senses chosen by what stands around.

First part of parsing; conditions and questions are read afterwards.
"""

from __future__ import annotations

from dataclasses import replace

from search.linking import Names
from search.parse_draft import NAMES, Draft
from search.query import How, Kind, Mention, Sense, Token
from search.vocabulary import words_of

_FIRM = (How.EXACT, How.NUMBER, How.SHORT)


def mend_names(draft: Draft) -> None:
    """Link stretches with unknown words to names by abbreviation and edit distance; pieces beside them give way."""
    index = 0
    while index < len(draft):
        _prefer_unit(draft, index)
        last = _run_end(draft, index)
        if last is None:
            index += 1
            continue
        if _is_head_of_damaged_name(draft, index, last):
            index += 1
            continue
        mended = _mend(draft, index, last)
        if all(token.has(Kind.UNKNOWN) for token in mended) and (whole := _mend_with_word_before(draft, index, last)):
            index, mended = index - 1, [whole]
        draft.tokens[index : last + 1] = mended
        index += len(mended)


def _is_head_of_damaged_name(draft: Draft, first: int, last: int) -> bool:
    """The name in full where the source has lost its beginning: the whole is that project."""
    following = draft.at(last + 1)
    mention = following.mention(Kind.PROJECT) if following is not None else None
    unknown = any(draft.tokens[i].has(Kind.UNKNOWN) for i in range(first, last + 1))
    if following is None or mention is None or mention.how is not How.EXACT or not unknown or len(following.text) < 8:
        return False
    text = "".join(draft.tokens[i].text for i in range(first, last + 1)) + following.text
    whole = replace(mention, text=text, note=f"“{text}”按“{mention.label}”（原文名称残缺）理解")
    start = draft.tokens[first].start
    joined = Token(text=text, start=start, end=following.end, senses=(Sense(kind=Kind.PROJECT, mention=whole),))
    draft.tokens[first : last + 2] = [joined]
    return True


def _prefer_unit(draft: Draft, index: int) -> None:
    """A piece of some name that ends like a unit and abbreviates one is the unit."""
    token = draft.tokens[index]
    if is_piece(token) and not token.has(Kind.UNIT) and token.text.endswith(words_of("names", "units", "endings")):
        unit = draft.names.abbreviated_unit(token.text)
        if unit is not None:
            draft.tokens[index] = replace(token, senses=(Sense(kind=Kind.UNIT, mention=unit),))


def _run_end(draft: Draft, first: int) -> int | None:
    """The last token of a stretch of pieces and unknown words with at least one unknown word or pieces side by side."""
    last, pieces, unknown = first, 0, 0
    index = first
    while index < len(draft) and _belongs(draft.tokens[index], inside=index > first):
        token = draft.tokens[index]
        if token.has(Kind.UNKNOWN):
            unknown += 1
            last = index
        elif is_piece(token):
            pieces += 1
            last = index
        index += 1
    if not unknown and pieces < 2:
        return None
    return last if draft.tokens[first].has(Kind.UNKNOWN) or is_piece(draft.tokens[first]) else None


def _belongs(token: Token, *, inside: bool) -> bool:
    if token.has(Kind.UNKNOWN) or is_piece(token):
        return True
    return inside and (token.text in {"和", "与", "及", "、", "(", ")", "-"} or _is_loose_word(token))


def _is_loose_word(token: Token) -> bool:
    """A word of the list that also occurs inside names: 管理, 服务, 实施, 内容."""
    return token.has(Kind.ROLE, Kind.TOPIC_NOUN, Kind.END_HINT, Kind.START_HINT) and not token.has(
        Kind.WHICH, Kind.COMPARE, Kind.DE
    )


def is_piece(token: Token) -> bool:
    mention = _mention(token)
    return mention is not None and mention.how not in _FIRM


def _mention(token: Token) -> Mention | None:
    return next((sense.mention for sense in token.senses if sense.mention), None)


def _mend(draft: Draft, first: int, last: int) -> list[Token]:
    tokens = draft.tokens[first : last + 1]
    joined = "".join(token.text for token in tokens)
    noun = draft.at(last + 1)
    tail = noun.text if noun is not None and noun.has(Kind.NOUN) and "Project" in noun.values(Kind.NOUN) else ""
    found = link_loosely(draft.names, joined, tail)
    start, end = tokens[0].start, tokens[-1].end
    if found is not None:
        return [Token(text=joined, start=start, end=end, senses=(Sense(kind=found.kind, mention=found),))]
    for cut in range(1, len(tokens)):  # a known piece at one end, a name at the other
        head = "".join(token.text for token in tokens[:cut])
        rest = "".join(token.text for token in tokens[cut:])
        for text, tail_text, others in ((rest, tail, tokens[:cut]), (head, "", tokens[cut:])):
            if any(t.has(Kind.UNKNOWN) for t in others):
                continue
            if (found := link_loosely(draft.names, text, tail_text)) is not None:
                at = tokens[cut].start if text is rest else start
                named = Token(text=text, start=at, end=at + len(text), senses=(Sense(kind=found.kind, mention=found),))
                return [*others, named] if text is rest else [named, *others]
    if not any(token.has(Kind.UNKNOWN) for token in tokens):
        return tokens
    part = _part_of_name(draft, joined, last)
    if part is not None:
        return [Token(text=joined, start=start, end=end, senses=(Sense(kind=part.kind, mention=part),))]
    return [Token(text=joined, start=start, end=end, senses=(Sense(kind=Kind.UNKNOWN),))]


def _mend_with_word_before(draft: Draft, first: int, last: int) -> Token | None:
    """政策作专项: a name that begins with a word of the lexicon and goes on in unknown signs."""
    word = draft.at(first - 1)
    if word is None or not word.has(Kind.NOUN, Kind.GENRE, Kind.ROLE, Kind.TOPIC_NOUN):
        return None
    noun = draft.at(last + 1)
    tail = noun.text if noun is not None and "Project" in noun.values(Kind.NOUN) else ""
    text = "".join(draft.tokens[i].text for i in range(first - 1, last + 1))
    found = draft.names.containing(text + tail, Kind.PROJECT) if tail and len(text + tail) >= 4 else None
    if found is None or found.rivals:
        return None
    return Token(
        text=text, start=word.start, end=draft.tokens[last].end, senses=(Sense(kind=found.kind, mention=found),)
    )


def _part_of_name(draft: Draft, text: str, last: int) -> Mention | None:
    """应急项目的预算: a word of a project's name before 项目; a place that is part of a unit's name."""
    noun = draft.at(last + 1)
    if noun is not None and "Project" in noun.values(Kind.NOUN) and len(text) >= 2:
        behind = draft.at(last + 2)
        if behind is not None and not behind.has(Kind.HAVE, Kind.BE, Kind.STOP, Kind.WHICH, Kind.BOTH):
            return draft.names.containing(text + noun.text, Kind.PROJECT) or draft.names.containing(text, Kind.PROJECT)
    if len(text) >= 3 and draft.is_at(last + 1, Kind.YEAR, Kind.DE, Kind.HAVE, Kind.FIELD, Kind.NOUN, Kind.CITE):
        return draft.names.containing(text, Kind.UNIT)
    return None


def link_to_project(draft: Draft) -> None:
    """要修缮多大面积 of a project: unknown words that together are the name of one of its indicators."""
    projects = [m for t in draft.tokens if (m := t.mention(Kind.PROJECT)) and not m.rivals]
    unknown = [i for i, t in enumerate(draft.tokens) if t.has(Kind.UNKNOWN)]
    if len(projects) != 1 or not unknown:
        return
    text = "".join(draft.tokens[i].text.strip("要会能应该需") for i in unknown)
    mention = draft.names.indicator_of(projects[0].ids, text) if len(text) >= 4 else None
    if mention is not None:
        first = draft.tokens[unknown[0]]
        draft.tokens[unknown[0]] = replace(first, senses=(Sense(kind=Kind.INDICATOR, mention=mention),))
        for index in unknown[1:]:
            draft.tokens[index] = replace(draft.tokens[index], senses=(Sense(kind=Kind.FILLER),))


def link_loosely(names: Names, text: str, tail: str = "") -> Mention | None:
    """The unit that the text abbreviates, or the project or other name that it is a slip or a shortening of."""
    if text.endswith(words_of("names", "units", "endings")) and (unit := names.abbreviated_unit(text)):
        return unit
    if len(text) >= 4 and (shortened := names.shortened_project(text)):
        return shortened
    if len(text) >= 4:
        return names.nearest(text + tail, NAMES) or (names.nearest(text, NAMES) if tail else None)
    return None


# senses ----------------------------------------------------------------------------------------------------


def choose_senses(draft: Draft) -> None:
    """Where a stretch can be several things, keep what its neighbours ask for."""
    for index, token in enumerate(draft.tokens):
        if token.has(Kind.INDICATOR) and token.has(Kind.FIELD):
            kept = Kind.INDICATOR if _wants_indicator(draft, index) else Kind.FIELD
            dropped = Kind.FIELD if kept is Kind.INDICATOR else Kind.INDICATOR
            draft.tokens[index] = _without(token, dropped)
        if token.has(Kind.INDICATOR) and token.has(Kind.VALUE) and _is_level(draft, index):
            draft.tokens[index] = _without(draft.tokens[index], Kind.INDICATOR)
        draft.tokens[index] = _best_names(draft, index)


def _is_level(draft: Draft, index: int) -> bool:
    """资产管理这个二级目标: the column named behind says that it is a value of it."""
    behind = draft.at(draft.after(index))
    columns = behind.values(Kind.FIELD) if behind is not None else ()
    return any(value in columns for value in draft.tokens[index].values(Kind.VALUE))


def _wants_indicator(draft: Draft, index: int) -> bool:
    later = draft.after(index, Kind.HAVE, Kind.BE)
    token = draft.at(later)
    if token is not None and (
        (token.has(Kind.NOUN) and "Indicator" in token.values(Kind.NOUN))
        or any(value.startswith("indicator.") for value in token.values(Kind.FIELD))
    ):
        return True
    if draft.has(Kind.WHY) and not draft.has(Kind.WHICH):
        return True  # reasons are given for indicators
    earlier = draft.at(draft.before(index))
    if earlier is not None and earlier.text.startswith(("设置", "设有", "设了", "考核", "设定")):
        return True
    return any(
        token.has(Kind.NOUN) and "Indicator" in token.values(Kind.NOUN)
        for token in draft.tokens[index + 1 : index + 8]
        if draft.has(Kind.WHICH)
    )


_KIND_OF = {"Project": Kind.PROJECT, "PolicyDocument": Kind.POLICY, "Unit": Kind.UNIT, "Indicator": Kind.INDICATOR}


def _best_names(draft: Draft, index: int) -> Token:
    """Of several names keep the best linked; beside 引用 a document, beside 指标 an indicator."""
    token = draft.tokens[index]
    named = [sense for sense in token.senses if sense.mention and sense.kind in NAMES]
    if len(named) < 2:
        return token
    order = list(How)
    if token.text.endswith(words_of("names", "units", "endings")) and any(s.kind is Kind.UNIT for s in named):
        units = tuple(s for s in named if s.kind is Kind.UNIT)
        return replace(token, senses=(units[0], *(s for s in token.senses if s not in named)))
    best = min(order.index(s.mention.how) for s in named if s.mention)
    kept = [s for s in named if s.mention and order.index(s.mention.how) == best]
    if len(kept) > 1:
        near = {kind for kind in (Kind.CITE, Kind.NOUN) for i in (index - 1, index + 1) if draft.is_at(i, kind)}
        behind = draft.at(index + 1)
        of_noun = [_KIND_OF[v] for v in behind.values(Kind.NOUN) if v in _KIND_OF] if behind is not None else []
        wanted = (
            of_noun[0]
            if of_noun and any(s.kind is of_noun[0] for s in kept)
            else Kind.POLICY
            if Kind.CITE in near
            else Kind.INDICATOR
            if Kind.NOUN in near
            else kept[0].kind
        )
        kept = [s for s in kept if s.kind is wanted] or kept[:1]
    others = tuple(s for s in token.senses if s not in named)
    return replace(token, senses=(kept[0], *others))


def settle_rivals(draft: Draft) -> None:
    """Of several things that a name may be keep those that the years and projects named leave possible."""
    years = {int(y) for t in draft.tokens for y in t.values(Kind.YEAR) if len(y) == 4}
    projects = [m for t in draft.tokens if (m := t.mention(Kind.PROJECT)) and not m.rivals]
    for index, token in enumerate(draft.tokens):
        _prefer_own_indicator(draft, index, projects)
        token = draft.tokens[index]
        for sense in token.senses:
            if sense.mention is not None and sense.mention.rivals and sense.kind in NAMES:
                settled = draft.names.settle(sense.mention, years=years, projects=projects)
                senses = tuple(replace(s, mention=settled) if s is sense else s for s in token.senses)
                draft.tokens[index] = replace(token, senses=senses)


def take_damaged_names(draft: Draft) -> None:
    """A project of a year asked for whose name the form of that year prints with letters lost."""
    years = {int(y) for t in draft.tokens for y in t.values(Kind.YEAR) if len(y) == 4}
    for index, token in enumerate(draft.tokens):
        mention = token.mention(Kind.PROJECT)
        if mention is None or mention.rivals:
            continue
        lacking = sorted(years - {draft.names.year_of(i) or 0 for i in mention.ids})
        found = [(year, thing) for year in lacking if (thing := draft.names.damaged_form(mention.label, year))]
        if not found:
            continue
        ids = (*mention.ids, *(i for _, thing in found for i in thing.ids))
        notes = [f"{year}年的“{mention.label}”按“{t.label}”（原表名称残缺）理解" for year, t in found]
        linked = replace(mention, ids=tuple(dict.fromkeys(ids)), note="；".join(notes))
        senses = tuple(replace(s, mention=linked) if s.mention is mention else s for s in token.senses)
        draft.tokens[index] = replace(token, senses=senses)


def _prefer_own_indicator(draft: Draft, index: int, projects: list[Mention]) -> None:
    """对接部门数量 of the one project named: its own 对接长三角部门数量, not the one of another project."""
    token = draft.tokens[index]
    mention = token.mention(Kind.INDICATOR)
    if mention is None or len(projects) != 1 or draft.names.owns_any(projects[0].ids, mention):
        return
    own = draft.names.indicator_of(projects[0].ids, mention.text)
    if own is not None:
        kept = tuple(replace(s, mention=own) if s.kind is Kind.INDICATOR else s for s in token.senses)
        draft.tokens[index] = replace(token, senses=kept)


def _without(token: Token, kind: Kind) -> Token:
    return replace(token, senses=tuple(sense for sense in token.senses if sense.kind is not kind))
