"""The safety texts, the stages, the topics' titles and the published criteria: they keep the rules of the answers.

No red flag forgets a country.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.links import misleading
from bot.knowledge.checks.promises import banned
from bot.knowledge.checks.reading_level import HIGHEST_GRADE, grade, hardest
from bot.knowledge.checks.remark import Remark
from bot.knowledge.checks.screen import garbled, marked_up
from bot.knowledge.reviews import SAFETY, STAGES

TOPICS = "topics.yaml"
FEWEST_WORDS = 10  # below, a grade says nothing: "relapsing-remitting MS" is one of 13


Rules = Callable[[str], Iterator[tuple[str, str]]]  # a text -> what is wrong and what to do, and the words


def forbidden(text: str) -> Iterator[tuple[str, str]]:
    """Give what no text may ever say."""
    for what, words in banned(text):
        yield f"it holds {what} ('{words}'). Say what is known, and leave the rest to the team or the help line.", words


def unfit(text: str) -> Iterator[tuple[str, str]]:
    """Give all that the rules of the answers have against a text."""
    yield from forbidden(text)
    for says, words in (*marked_up(text), *misleading(text)):
        yield f"it has {says}", words
    for words, what, do in garbled(text):
        yield f"it has {what} ('{words}'). {do}", words
    if len(text.split()) >= FEWEST_WORDS and (found := grade(text)) > HIGHEST_GRADE:
        much = f"it reads at US grade {found:.1f}; {HIGHEST_GRADE:g} is the most"
        yield f"{much}. Break up or put more simply: '{hardest(text)}'", hardest(text)


def safety(base: KnowledgeBase, rules: Rules = unfit) -> Iterator[Remark]:
    """Find red flags whose text or lines say too much or are hard to read."""
    for text, names in _safety_texts(base).items():
        for says, words in rules(text):
            yield Remark(f"{names}: {says}", file=SAFETY, words=words)


def countries(base: KnowledgeBase) -> Iterator[Remark]:
    """Find red flags whose lines miss a country."""
    known = {country for flag in base.safety.flags for country in flag.lines}
    for flag in base.safety.flags:
        for country in sorted(known - set(flag.lines)):
            says = f"red flag '{flag.id}': its lines lack {country}, which others have. Add that country's line."
            yield Remark(says, file=SAFETY, words=f"id: {flag.id}")


def stages(base: KnowledgeBase, rules: Rules = unfit) -> Iterator[Remark]:
    """Find stages that say what no answer may say, or are hard to read."""
    for stage in base.stages:
        for says, words in rules(f"{stage.name}. {stage.takes}.\n{stage.summary}"):
            yield Remark(f"stage '{stage.id}': {says}", file=STAGES, words=words)


def titles(base: KnowledgeBase, rules: Rules = unfit) -> Iterator[Remark]:
    """Find titles of topics, which stand on buttons, that say what no answer may say, or cannot be read."""
    for topic in base.topics:
        for says, words in rules(topic.title):
            yield Remark(f"topic '{topic.id}': {says}", file=TOPICS, words=words)


def _safety_texts(base: KnowledgeBase) -> dict[str, str]:
    """Give each text that is said to somebody in danger once, with the first red flag and country that say it."""
    found: dict[str, str] = {}
    for flag in base.safety.flags:
        found.setdefault(flag.text.replace("{line}", ""), f"red flag '{flag.id}'")
        for country, line in flag.lines.items():
            found.setdefault(line, f"red flag '{flag.id}', {country}")
    return found
