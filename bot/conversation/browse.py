"""/faq and /stages: finding an answer by looking instead of asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.asked import Asked
from bot.conversation.service import ConversationService
from bot.domain.labels import plain
from bot.domain.messages import Block, Button, OutgoingMessage, Style
from bot.knowledge.entry import Entry, Stage, Topic
from bot.matching.match import Zone
from bot.texts import Texts

MOST_FOUND = 5  # entries shown for a search


class Browse:
    """Topic groups, their questions, and the stages in order."""

    def __init__(self, service: ConversationService) -> None:
        self._service = service
        self._texts = service.texts

    def faq(self, asked: Asked, words: str, now: datetime) -> OutgoingMessage:
        """Show the topic groups; with words, what they find."""
        if not words.strip():
            return self.topics(asked)
        topic = self._topic_named(words)
        if topic:
            return self.topic(asked, topic, now)
        return self._found(asked, words, now)

    def topics(self, asked: Asked) -> OutgoingMessage:
        """Show the topic groups."""
        blocks, buttons = topics_shown(self._texts, self._service.live.knowledge.listed_topics())
        return asked.answer(*blocks, buttons=buttons)

    def topic(self, asked: Asked, topic_id: str, now: datetime) -> OutgoingMessage:
        """Show the questions of a group."""
        knowledge = self._service.live.knowledge
        title = next((topic.title for topic in knowledge.topics if topic.id == topic_id), topic_id)
        lines, buttons = self._service.replies(now).listed(list(knowledge.of_topic(topic_id)))
        return asked.answer(Block(self._texts("faq.questions", title=title), Style.TITLE), lines, buttons=buttons)

    def _topic_named(self, words: str) -> str | None:
        topics = self._service.live.knowledge.listed_topics()
        return next((topic.id for topic in topics if plain(words) in (plain(topic.title), plain(topic.id))), None)

    def _found(self, asked: Asked, words: str, now: datetime) -> OutgoingMessage:
        found = self.search(words)
        if not found:
            person = Button(self._texts("button.person"), "person", "")
            return asked.reply(Block(self._texts("faq.nothing")), buttons=(person,))
        lines, buttons = self._service.replies(now).listed(found)
        found_for = Block(self._texts("faq.found", words=words[:100]))
        return asked.answer(found_for, lines, buttons=buttons, shareable=False)

    def search(self, words: str) -> Sequence[Entry]:
        """Give the entries that words find, best first; those that hand over by design are left out."""
        knowledge = self._service.live.knowledge
        if words.strip() in knowledge.entries:
            return [knowledge.entries[words.strip()]]
        match = self._service.live.triage.matcher.match(words)
        entries = [knowledge.entries[candidate.entry_id] for candidate in match.candidates]
        if match.zone is Zone.HAND_OVER and match.best and match.best.probability < 0.02:
            return []
        return [entry for entry in entries if not entry.by_person][:MOST_FOUND]

    def stages(self, asked: Asked, words: str) -> OutgoingMessage:
        """Show the stages in order; with a name or number, that one."""
        stages = self._service.live.knowledge.stages
        if words.strip():
            place = stage_named(words, stages)
            if place is not None:
                return self.stage(asked, place)
        first = [Block(self._texts("stages.nothing"))] if words.strip() and stages else []
        blocks, buttons = stages_shown(self._texts, stages)
        shown = asked.answer(*first, *blocks, buttons=buttons)
        return replace(shown, picture=self._service.live.knowledge.pictures.get("stages"))

    def stage(self, asked: Asked, number: int) -> OutgoingMessage:
        """Show one stage (from 1), with the way back and on."""
        blocks, buttons = stage_shown(self._texts, self._service.live.knowledge.stages, number)
        return asked.answer(*blocks, buttons=buttons)


Shown = tuple[tuple[Block, ...], tuple[Button, ...]]


def topics_shown(texts: Texts, topics: Sequence[Topic]) -> Shown:
    """Give the list of topic groups."""
    lines = "\n".join(f"{number}. {topic.title}" for number, topic in enumerate(topics, 1))
    return (Block(texts("faq.topics")), Block(lines)), tuple(Button(topic.title, "topic", topic.id) for topic in topics)


def stages_shown(texts: Texts, stages: Sequence[Stage]) -> Shown:
    """Give the list of stages; a base may have none."""
    if not stages:
        return (Block(texts("stages.none")),), ()
    lines = "\n".join(
        texts("stages.line", number=number, name=stage.name, takes=stage.takes, summary=stage.summary)
        for number, stage in enumerate(stages, 1)
    )
    buttons = tuple(Button(stage.name, "stage", str(number)) for number, stage in enumerate(stages, 1))
    return (Block(texts("stages.title"), Style.TITLE), Block(lines)), buttons


def stage_shown(texts: Texts, stages: Sequence[Stage], number: int) -> Shown:
    """Give one stage (from 1) with the way back and on; an old button may ask for one that is gone."""
    if not stages:
        return stages_shown(texts, stages)
    number = min(max(number, 1), len(stages))
    stage = stages[number - 1]
    title = texts("stages.one", number=number, count=len(stages), name=stage.name)
    buttons = [Button(texts("button.back"), "step", str(number - 1))] if number > 1 else []
    if number < len(stages):
        buttons.append(Button(texts("button.next"), "step", str(number + 1)))
    buttons.append(Button(texts("button.more_on_stage"), "show", stage.entry))
    buttons.append(Button(texts("button.all_stages"), "stages", ""))
    takes = Block(texts("stages.takes", takes=stage.takes))
    return (Block(title, Style.TITLE), takes, Block(stage.summary)), tuple(buttons)


def stage_named(words: str, stages: Sequence[Stage]) -> int | None:
    """Give the place (from 1) of the stage that words name: `engraftment`, `6`, `stage 6`."""
    wanted = plain(words).removeprefix("stage").strip()
    if wanted.isdecimal():
        return int(wanted) if 1 <= int(wanted[:4]) <= len(stages) else None
    for number, stage in enumerate(stages, 1):
        if wanted in {plain(name) for name in (stage.id, stage.name, stage.entry, *stage.also)}:
            return number
    for number, stage in enumerate(stages, 1):
        if wanted and any(plain(name).startswith(wanted) for name in (stage.id, stage.name, *stage.also)):
            return number
    return None
