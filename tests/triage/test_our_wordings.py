"""The wordings that curators gave an entry, said to the bot itself: none is taken for small talk or for a swindler."""

from __future__ import annotations

from bot.domain.messages import Addressed
from bot.knowledge.base import KnowledgeBase
from bot.triage.decision import Silent, Spam
from bot.triage.triage import Triage


def test_no_question_or_phrasing_of_an_entry_meets_silence(triage: Triage, knowledge: KnowledgeBase) -> None:
    texts = [text for entry in knowledge.entries.values() for text in (entry.question, *entry.phrasings)]
    decided = triage.decide_many([(text, Addressed.DIRECT) for text in texts])
    unheard = [text for text, one in zip(texts, decided, strict=True) if isinstance(one.decision, Silent | Spam)]
    assert unheard == []
