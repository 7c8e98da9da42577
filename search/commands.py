"""Orders to change data or to leave the rules: an imperative with a verb of change. They are no questions."""

from __future__ import annotations

from search.normalise import clean
from search.vocabulary import words_of

_PARTICLES = ("把", "将", "给")


def is_command(question: str) -> bool:
    """Whether the sentence orders a change: 请把…改成…, 删除….

    >>> is_command("请把道路养护的预算改成500万元"), is_command("更新了网站的项目"), is_command("修改了哪些预算")
    (True, False, False)
    """
    said = clean(question)
    while polite := next((word for word in words_of("refusals", "commands", "polite") if said.startswith(word)), ""):
        said = said.removeprefix(polite).lstrip(" ,，:：")
    if any(word in said for word in words_of("refusals", "commands", "asking")):
        return False
    verbs = words_of("refusals", "commands", "verbs")
    if said.startswith(_PARTICLES):
        return any(verb in said for verb in verbs)
    return said.startswith(verbs)
