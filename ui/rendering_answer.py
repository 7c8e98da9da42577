"""An answer as markup: how it was read, the figure, the text, doubts, options; and the evidence of one of its items."""

from __future__ import annotations

from collections.abc import Container, Sequence

from graph.model import Edge, EdgeType, Entity, EntityId, EntityType, Source
from ingest.model import SECTIONS
from search.model import Answer, Item, Status
from ui.markup import NOTHING, Html, element, join
from ui.rendering import fold_name, render_number, render_value, render_wan, visible
from ui.rendering_evidence import MAX_BLOCKS, Reading, render_evidence, render_source
from ui.service import Knowledge
from ui.wording import kind_word, property_word, relation_word, say

MAX_READING = 200  # longer texts are their own reading


def button(label: str, act: str, data: dict[str, str] | None = None, *, strong: bool = False) -> Html:
    """A button that the panel reports as an `act` event with its data."""
    attributes = {"type": "button", "class": "jx-button jx-strong" if strong else "jx-button", "data-act": act}
    attributes |= {f"data-{key}": value for key, value in (data or {}).items()}
    return element("button", attributes, label)


def render_answer(answer: Answer, *, conditions: Html = NOTHING) -> Html:
    """The card above the table; `conditions` are the chips under the reading."""
    figure = NOTHING
    if answer.value is not None:
        if answer.unit == "元":
            figure = element(
                "p",
                {"class": "jx-figure"},
                f"{render_wan(answer.value)} 万元",
                element("small", {}, f"{render_number(answer.value)} 元"),
            )
        else:
            figure = element("p", {"class": "jx-figure"}, f"{render_number(answer.value)} {answer.unit or ''}".strip())
    options = [
        element("button", {"type": "button", "data-act": "ask", "data-question": option.question}, option.label)
        for option in answer.options
    ]
    status = (
        NOTHING
        if answer.status is Status.ANSWERED
        else element("span", {"class": "jx-badge jx-doubt"}, say("statuses", answer.status.value))
    )
    acts = [button("复制答案", "copy", {"text": answer_as_text(answer)}), button("打印", "print")]
    if any(item.id for item in answer.items):
        acts.append(button("在图谱中查看", "network", {"tab": "图谱"}, strong=True))
    return element(
        "section",
        {"class": "jx-answer", "data-status": answer.status.value, "aria-live": "polite"},
        element("p", {"class": "jx-read"}, visible(answer.interpretation), status),
        conditions,
        figure,
        element("p", {"class": "jx-text"}, visible(answer.text)),
        *[element("p", {"class": "jx-note"}, visible(caveat)) for caveat in answer.caveats],
        element("div", {"class": "jx-options", "role": "group", "aria-label": "可选的理解"}, *options)
        if options
        else NOTHING,
        element("div", {"class": "jx-acts"}, *acts),
    )


def answer_as_text(answer: Answer) -> str:
    """The answer for a clipboard: question, reading, text, doubts."""
    lines = [f"问：{answer.question}", answer.interpretation, answer.text, *answer.caveats]
    return "\n".join(visible(line) for line in lines if line)


def render_failure(reason: str, advice: str = "") -> Html:
    """The card for a question that could not be taken."""
    return element(
        "section",
        {"class": "jx-answer", "data-status": "error", "role": "alert"},
        element("p", {"class": "jx-text"}, visible(reason)),
        element("p", {"class": "jx-read"}, visible(advice)) if advice else NOTHING,
    )


def overlaps(a: Source, b: Source) -> bool:
    """Whether both stand at (partly) the same place of the same file."""
    return a.document == b.document and a.start < b.end and b.start < a.end


def policy_name(entity: Entity) -> str:
    """Title and canonical number of a policy document, as far as it has them."""
    title, number = entity.properties.get("title"), entity.properties.get("number")
    if title and number:
        return f"《{title}》（{number}）"
    return f"《{title}》" if title else str(number or entity.label)


def readings_at(
    knowledge: Knowledge, entity_id: EntityId | None, source: Source, *, about: Container[str] = ()
) -> tuple[Reading, ...]:
    """What stands at `source` beside what it was read as: citations first, then a property of the entity.

    Where a citation there leads to something that `about` holds, the others are left out.
    """
    entity = knowledge.entity(entity_id) if entity_id else None
    if entity is None:
        return ()
    cites = [edge for edge in knowledge.edges(entity.id) if edge.type is EdgeType.CITES and edge.source == entity.id]
    here = [edge for edge in cites if any(overlaps(place, source) for place in edge.sources)]
    found: list[Reading] = []
    for edge in [edge for edge in here if edge.target in about] or here:
        policy = knowledge.entity(edge.target)
        if policy is not None:
            found += [_citation_reading(edge, policy, place) for place in edge.sources if overlaps(place, source)]
    if found:
        return tuple(dict.fromkeys(found))
    for name, places in entity.evidence.items():
        value = entity.properties.get(name)
        if value is None or name in SECTIONS or source not in places or len(source.quote) > MAX_READING:
            continue
        return (Reading(printed=source.quote, canonical=f"{property_word(name)}：{render_value(name, value)}"),)
    return ()


def _citation_reading(edge: Edge, policy: Entity, place: Source) -> Reading:
    """One place of a citation; the doubt stands where the number is printed otherwise than it is read."""
    number = policy.properties.get("number")
    doubted = edge.properties.get("suspected_typo") is True and isinstance(number, str)
    typo = doubted and fold_name(str(number)) not in fold_name(place.quote) and any(c.isdigit() for c in place.quote)
    return Reading(printed=place.quote, canonical=policy_name(policy), typo=typo, place=place)


def blocks_of(
    knowledge: Knowledge, entity_id: EntityId | None, sources: Sequence[Source], *, about: Container[str] = ()
) -> list[Html]:
    """Blocks of evidence, at most MAX_BLOCKS."""
    blocks = []
    for source in sources[:MAX_BLOCKS]:
        readings = readings_at(knowledge, entity_id, source, about=about)
        blocks.append(render_source(source, knowledge.document_text(source.document), readings))
    return blocks


def render_item_evidence(knowledge: Knowledge, item: Item, *, about: Container[str] = ()) -> Html:
    """The panel for one line of the table; `about` holds the ids of what the question named."""
    title = item.label if item.year is None or str(item.year) in item.label else f"{item.label}（{item.year} 年）"
    entity = knowledge.entity(item.id) if item.id else None
    doubts = doubts_at(knowledge, item.sources)
    blocks = blocks_of(knowledge, item.id, item.sources, about=about)
    link = (
        [element("p", {"class": "jx-acts"}, button("打开详情页", "entity", {"id": item.id, "tab": "详情"}))]
        if item.id and entity
        else []
    )
    return join([render_evidence(title, blocks, total=len(item.sources), notes=doubts), *link])


def render_answer_evidence(knowledge: Knowledge, answer: Answer) -> Html:
    """Proofs of the answer that belong to none of its lines."""
    shown = {source for item in answer.items for source in item.sources}
    own = [source for source in answer.sources if source not in shown]
    return render_evidence("回答的其他出处", blocks_of(knowledge, None, own), total=len(own)) if own else NOTHING


def render_edge_evidence(knowledge: Knowledge, edge: Edge) -> Html:
    """One relation: both ends, its properties, every place that proves it."""
    source, target = knowledge.entity(edge.source), knowledge.entity(edge.target)
    ends = [entity.label if entity else "" for entity in (source, target)]
    title = f"{ends[0]} — {relation_word(edge.type)} → {ends[1]}"
    notes = [
        f"{property_word(name)}：{render_value(name, value)}"
        for name, value in edge.properties.items()
        if name in ("reason", "confidence")
    ]
    if edge.properties.get("suspected_typo") is True:
        notes.append("原文写法与规范文号不一致，疑似笔误。")
    owner = edge.source if edge.type is EdgeType.CITES else None
    return render_evidence(title, blocks_of(knowledge, owner, edge.sources), total=len(edge.sources), notes=notes)


def doubts_at(knowledge: Knowledge, sources: Sequence[Source]) -> list[str]:
    """Warnings of reading that touch one of the places."""
    return list(
        dict.fromkeys(
            doubt.message
            for document in dict.fromkeys(source.document for source in sources)
            for doubt in knowledge.doubts(document)
            if any(overlaps(place, source) for place in doubt.sources for source in sources)
        )
    )


def render_entity_evidence(knowledge: Knowledge, entity: Entity) -> Html:
    """What a click on a node of the small graph shows."""
    kind = kind_word(entity.type)
    number = entity.properties.get("number") if entity.type is EntityType.POLICY else None
    notes = [f"文号：{number}"] if number else []
    panel = render_evidence(
        f"{kind}：{entity.label}",
        blocks_of(knowledge, entity.id, entity.sources),
        total=len(entity.sources),
        notes=notes,
    )
    return join(
        [panel, element("p", {"class": "jx-acts"}, button("打开详情页", "entity", {"id": entity.id, "tab": "详情"}))]
    )
