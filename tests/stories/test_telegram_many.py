"""Thirty askers in two groups, two volunteers, and a platform that fails at random: nothing lost, nothing astray."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass

from bot.storage.outbox import Fate
from bot.triage.triage import Triage
from tests.platforms.chaos import Chaos
from tests.platforms.telegram.people import Chat, Json, User
from tests.platforms.telegram.server import TelegramServer, telegram_server
from tests.platforms.telegram.stage import DESK, GROUP, Stage, a_stage, populate

ASKERS, MESSAGES = 30, 200
SECOND_GROUP = -1003
MOST_AT_ONCE = 5  # questions that a volunteer holds, `desk.load` in the settings
KNOWN = {  # a question, and what its own answer says
    "what is hsct?": "stem cells",
    "how much does it cost in mexico?": "puebla",
    "how long does the whole treatment take?": "how long",
}
CHATTER = ["Good morning everybody!", "what is hsct? anybody?", "I had a good day", "thanks for the kind words"]


@dataclass
class Question:
    """What an asker wrote to the bot, and with which mark it is found again."""

    asker: User
    chat: Chat | None  # None: in private
    message: Json
    mark: str = ""  # only in what is for a person


def ask(server: TelegramServer, dice: random.Random, askers: list[User], number: int) -> Question | None:
    """One message of the two hundred: to the bot, or of people among themselves (then None)."""
    asker = dice.choice(askers)
    chat = dice.choice([server.chats[GROUP], server.chats[SECOND_GROUP], None])
    kind = dice.random()
    if kind < 0.2 and chat:
        server.says(asker, dice.choice(CHATTER), chat)
        return None
    if kind < 0.8:
        start = dice.choice(["@HsctHelpBot ", "/ask "]) if chat else ""
        return Question(asker, chat, server.says(asker, start + dice.choice(list(KNOWN)), chat))
    mark = f"[q{number}]"
    return Question(asker, chat, server.says(asker, f"/person Who can drive me to Ruiz {mark} next week?", chat), mark)


def crowd(server: TelegramServer) -> list[User]:
    populate(server)
    askers = [server.user(100 + number, f"Asker {number}") for number in range(ASKERS)]
    server.group(SECOND_GROUP, "HSCT for MS, too", *askers)
    return askers


def topics_with(server: TelegramServer, mark: str) -> set[int]:
    return {
        message["message_thread_id"]
        for message in server.seen(server.chats[DESK])
        if mark in message["text"] and "Asked before that" not in message["text"].split(mark)[0]
    }


async def work(stage: Stage, questions: list[Question]) -> dict[str, str]:
    """Both volunteers press Claim on one after the other, as nobody holds many at once; now one first, now the other.

    Who got it replies, who did not is told. Gives the reply to each mark.
    """
    replies: dict[str, str] = {}
    owners: Counter[str] = Counter()
    for place, question in enumerate(questions):
        card = card_of(stage, question.mark)
        for volunteer in (stage.ben, stage.lou) if place % 2 else (stage.lou, stage.ben):
            stage.server.presses(volunteer, card, "Claim")
        await stage.settles()
        owner = owner_of(stage, question.mark)
        owners[owner.first_name] += 1
        replies[question.mark] = f"My answer to {question.mark}."
        stage.server.says(owner, replies[question.mark], stage.desk, topic=card["message_thread_id"])
    await stage.settles()
    told = stage.server.words(stage.desk)
    for name in ("Ben", "Lou"):
        assert owners[name] > MOST_AT_ONCE, "who answers may take the next"
        assert any(f"{name} has #" in words and "already" in words for words in told)
    return replies


def owner_of(stage: Stage, mark: str) -> User:
    text = card_of(stage, mark)["text"]
    [owner] = [one for one in (stage.ben, stage.lou) if f"with {one.first_name}" in text]
    return owner


def card_of(stage: Stage, mark: str) -> Json:
    """The card as it is kept up to date: the last one, should it have been sent twice."""
    pattern = re.compile(r"asks \(.*\n\n[^\n]*" + re.escape(mark))
    cards = [one for one in stage.server.seen(stage.desk) if "reply_markup" in one and pattern.search(one["text"])]
    return cards[-1]


async def test_every_question_is_answered_or_in_exactly_one_topic(triage: Triage) -> None:
    dice = random.Random(20261123)  # noqa: S311
    async with telegram_server() as server:
        askers = crowd(server)
        async with a_stage(server, triage) as stage:
            server.chaos = Chaos(random.Random(7), rate=0.12, duplicates=0.1)  # noqa: S311
            asked = [ask(server, dice, askers, number) for number in range(MESSAGES)]
            await stage.settles()
            questions = [question for question in asked if question]
            for_people = [question for question in questions if question.mark]
            replies = await work(stage, for_people)
            assert len(for_people) > 30
            everything_is_answered(server, questions)
            every_reply_is_where_it_belongs(server, for_people, replies)
            nothing_came_twice(server, server.chaos)
            assert server.alerts == []
            async with stage.app.store.transaction() as tx:
                assert set(await tx.outbox.count()) <= {Fate.SENT, Fate.SUPERSEDED}, "nothing was given up"


def everything_is_answered(server: TelegramServer, questions: list[Question]) -> None:
    for question in questions:
        place = question.chat or server.chats[question.asker.id]
        number = question.message["message_id"]
        answers = [one for one in server.seen(place) if one.get("reply_to_message", {}).get("message_id") == number]
        if question.mark:
            assert len(topics_with(server, question.mark)) == 1, question.mark
        else:
            assert answers, question.message["text"]
            says = next(words for known, words in KNOWN.items() if known in question.message["text"])
            assert all(says in one["text"].lower() for one in answers), "each gets the answer to their own question"


def every_reply_is_where_it_belongs(server: TelegramServer, questions: list[Question], replies: dict[str, str]) -> None:
    for question in questions:
        place = question.chat or server.chats[question.asker.id]
        found = [one for one in server.sent if replies[question.mark] in one.get("text", "")]
        assert found, f"the reply to {question.mark} was lost"
        assert {one["chat"]["id"] for one in found} == {place.id}
        if question.chat:
            assert {one["reply_to_message"]["message_id"] for one in found} == {question.message["message_id"]}


def nothing_came_twice(server: TelegramServer, chaos: Chaos) -> None:
    """A repeated message is one whose answer was lost: it had left, and its receipt was not stored."""
    keys = [
        (
            one["chat"]["id"],
            one.get("message_thread_id"),
            one.get("reply_to_message", {}).get("message_id"),
            one["text"],
        )
        for one in server.sent
    ]
    allowed = Counter(keys[place] for place in chaos.lost_answers)
    for key, times in Counter(keys).items():
        assert times <= 1 + allowed[key], key
    assert chaos.lost_answers, "the story had its faults"
