"""The safety texts and the stages: they keep the rules of the answers, and no red flag forgets a country."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.promises import banned
from bot.knowledge.checks.reading_level import HIGHEST_GRADE, grade
from bot.knowledge.checks.remark import Remark
from bot.knowledge.safety import RedFlag

SAFETY, STAGES = "safety.yaml", "stages.yaml"


def safety(base: KnowledgeBase) -> Iterator[Remark]:
    """Find red flags whose text says too much or is hard to read, or whose lines miss a country."""
    countries = {country for flag in base.safety.flags for country in flag.lines}
    for flag in base.safety.flags:
        yield from _text(flag)
        for country in sorted(countries - set(flag.lines)):
            says = f"red flag '{flag.id}': its lines lack {country}, which others have. Add that country's line."
            yield Remark(says, file=SAFETY, words=f"id: {flag.id}")


def stages(base: KnowledgeBase) -> Iterator[Remark]:
    """Find stages that say what no answer may say."""
    for stage in base.stages:
        for text in (stage.name, stage.takes, stage.summary):
            for what, words in banned(text):
                says = f"stage '{stage.id}' holds {what} ('{words}'). Say what is known."
                yield Remark(says, file=STAGES, words=words)


def _text(flag: RedFlag) -> Iterator[Remark]:
    for text in {flag.text, *flag.lines.values()}:
        for what, words in banned(text):
            says = f"red flag '{flag.id}' holds {what} ('{words}'). Say whom to call, and leave the rest to them."
            yield Remark(says, file=SAFETY, words=words)
    if (found := grade(flag.text)) > HIGHEST_GRADE:
        much = f"`text` reads at US grade {found:.1f}; {HIGHEST_GRADE:g} is the most. Use short words."
        says = f"red flag '{flag.id}': {much}"
        yield Remark(says, file=SAFETY, words=f"id: {flag.id}")
