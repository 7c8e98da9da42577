"""Questions without an answer, in Chinese: why, what is near, what the graph does know."""

from __future__ import annotations

from graph.model import EntityType
from graph.store import Store
from search.model import Answer, Option, Status
from search.normalise import echo
from search.refusals import Reason, Refusal
from search.vocabulary import words_of


def refuse(question: str, refusal: Refusal, store: Store) -> Answer:
    """The answer that says why there is none."""
    said = {word: _whole_name(question, word, store) for word in refusal.words}
    if refusal.reason is not Reason.NOT_UNDERSTOOD:
        said = {word: (word, "") for word in refusal.words}
    words = "、".join(f"“{echo(name)}”{note}" for name, note in dict.fromkeys(said.values()))
    return Answer(
        question=question,
        status=refusal.status,
        interpretation=f"理解为：{_READINGS[refusal.reason].format(words=words)}",
        text=_text(refusal, words, store),
        options=refusal.options,
    )


_REACH = 8  # signs after an unread word in which its name may end
_NAMED = {EntityType.UNIT: "单位", EntityType.PROJECT: "项目"}


def _whole_name(question: str, word: str, store: Store) -> tuple[str, str]:
    """The name that the word begins, and that nothing here bears it; the word alone where no name ends after it."""
    at = question.find(word)
    tail = question[at + len(word) : at + len(word) + _REACH] if at >= 0 else ""
    ends = [
        (found + len(ending), kind)
        for kind in _NAMED
        for ending in words_of("refusals", "endings", kind.value)
        if (found := tail.find(ending)) >= 0 and _is_plain(tail[:found])
    ]
    if not ends:
        return word, ""
    end, kind = min(ends, key=lambda pair: pair[0])
    name = word + tail[:end]
    known = any(name in entity.label for entity in store.of_type(kind))
    return name, "" if known else f"（图谱中没有这个名称的{_NAMED[kind]}）"


def _is_plain(text: str) -> bool:
    return all("\u4e00" <= sign <= "\u9fff" and sign not in "的了是在和与" for sign in text)


_READINGS = {
    Reason.OUTSIDE: "图谱以外的问题（{words}）",
    Reason.NOT_UNDERSTOOD: "没有完全读懂的问题（{words}）",
    Reason.UNKEPT: "没有完全读懂的问题（{words}）",
    Reason.MISSING: "关于{words}的问题",
    Reason.AMBIGUOUS: "{words}有几种可能",
    Reason.UNRESOLVED_YEAR: "{words}指哪一年没有写明",
    Reason.NO_PREVIOUS: "承接上一问的追问",
    Reason.NO_TOPIC: "按内容查找{words}",
    Reason.NO_PLAN: "没有读懂的问题",
    Reason.READ_ONLY: "要求改动数据或设置的指令",
}


_READ_ONLY = (
    "本系统只读：只按已读入的文件回答问题，不能修改、新增或删除数据，也不执行其他指令。"
    "数据有误的，请更正原文件后重新构建。"
)


def _text(refusal: Refusal, words: str, store: Store) -> str:
    near = f"相近的有：{'；'.join(refusal.near)}。" if refusal.near else ""
    match refusal.reason:
        case Reason.OUTSIDE:
            return f"这不是图谱能回答的问题（{words}）。{what_is_known(store)}"
        case Reason.NOT_UNDERSTOOD:
            if refusal.askable is not None:
                return f"没有读懂{words}，为免答错不作回答。去掉它可以回答：“{echo(refusal.askable)}”。{near}"
            return f"没有读懂{words}，为免答错不作回答。{near}{what_is_known(store)}"
        case Reason.UNKEPT:
            return f"问题里的{words}无法查询或统计，去掉它就不是所问的了，为免答错不作回答。{what_is_known(store)}"
        case Reason.MISSING:
            return f"图谱中没有{words}。{near}" if near else f"图谱中没有{words}，{_where_to_look(store)}"
        case Reason.AMBIGUOUS:
            options = "；".join(option.label for option in refusal.options)
            return f"{words}可能指{len(refusal.options)}个不同的对象，请选一个：{options}。"
        case Reason.UNRESOLVED_YEAR:
            return f"没有写明{words}是哪一年，请写出年份。{known_years(store)}"
        case Reason.NO_PREVIOUS:
            return "这像是追问，但没有上一问的结果可用。请把要问的对象写全。"
        case Reason.NO_TOPIC:
            return "当前没有可用的主题索引，不能按内容查找。请改用项目、文件、单位或指标的名称提问。"
        case Reason.READ_ONLY:
            return _READ_ONLY
        case Reason.NO_PLAN:
            return f"没有读懂这个问题。{what_is_known(store)}"


def _where_to_look(store: Store) -> str:
    """What to ask instead where nothing is near."""
    projects, policies = (len(store.of_type(kind)) for kind in (EntityType.PROJECT, EntityType.POLICY))
    counts = f"图谱中有{projects}个项目、{policies}个政策文件"
    return f"也没有名称相近的。{counts}，可问“有哪些项目”“有哪些政策文件”查看清单。{known_years(store)}"


def what_is_known(store: Store) -> str:
    """What can be asked at all."""
    kinds = (
        (EntityType.PROJECT, "个项目"),
        (EntityType.POLICY, "个政策文件"),
        (EntityType.UNIT, "个单位"),
        (EntityType.INDICATOR, "个绩效指标"),
    )
    counts = "、".join(f"{len(store.of_type(kind))}{word}" for kind, word in kinds)
    return (
        f"图谱中有{counts}，可以问：项目引用了哪些文件、文件被哪些项目引用、预算与执行、自评得分、绩效指标的目标与完成、申报和实施单位。"
        f"{known_years(store)}"
    )


def known_years(store: Store) -> str:
    """The years that the graph has projects of."""
    years = sorted({str(e.properties["year"]) for e in store.of_type(EntityType.PROJECT) if "year" in e.properties})
    return f"有数据的年度：{'、'.join(f'{y}年' for y in years)}。" if years else ""


def choose(question: str, text: str, options: tuple[tuple[str, str], ...]) -> tuple[Option, ...]:
    """Options that ask the same question with each full name in the place of the doubtful one."""
    return tuple(Option(label=label, question=question.replace(text, asked, 1)) for label, asked in options)


def rejected(question: str, reason: str, advice: str) -> Answer:
    """The answer to what is no question at all."""
    return Answer(
        question=question[:200],
        status=Status.UNANSWERABLE,
        interpretation="理解为：不是可以回答的问题",
        text=f"{reason}。{advice}" if advice else f"{reason}。",
    )
