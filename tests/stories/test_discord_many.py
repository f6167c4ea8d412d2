"""Thirty askers in two channels and in private, two volunteers, and a Discord that fails at random and hangs up."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from unittest.mock import patch

import pytest

from bot.storage.outbox import Fate
from bot.triage.triage import Triage
from tests.platforms.chaos import Chaos
from tests.platforms.discord.model import Channel, Interaction, Json
from tests.platforms.discord.people import Human, until
from tests.platforms.discord.wire import Place, Wire, a_place, bot_running

ASKERS, MESSAGES = 30, 200
PATIENCE = 90.0  # seconds
KNOWN = ["what is hsct?", "how much does it cost in mexico?", "how long does the whole treatment take?"]
CHATTER = ["Good morning everybody!", "what is hsct? anybody?", "I had a good day", "thanks for the kind words"]


@dataclass
class Question:
    """What an asker gave to the bot, and with which mark it is found again."""

    asker: Human
    place: Channel  # where the answer is to come
    message: Json | None = None  # None: it was a command
    command: Interaction | None = None
    mark: str = ""  # only in what is for a person

    def answers(self) -> Sequence[Json]:
        """What the bot said to it."""
        if self.command:
            return self.command.answers
        number = self.message["id"] if self.message else ""
        seen = self.asker.sees(self.place)
        return [one for one in seen if one.get("message_reference", {}).get("message_id") == number]


async def ask(place: Place, dice: random.Random, askers: list[Human], number: int) -> Question | None:
    """One of the two hundred: to the bot, or of people among themselves (then None)."""
    asker, kind = dice.choice(askers), dice.random()
    if kind < 0.2:
        await asker.says(place.lounge, dice.choice(CHATTER))
        return None
    mark = f"(q{number})" if kind > 0.7 else ""
    channel = dice.choice([place.lounge, place.ask] if mark else [place.lounge, place.ask, asker.dm])
    words = f"Does the clinic in Riga {mark} have a swimming pool?" if mark else dice.choice(KNOWN)
    if dice.random() < 0.3:
        command = await asker.slash(channel, "person" if mark else "ask", question=words)
        return Question(asker, asker.dm, command=command, mark=mark)
    start = f"<@{place.server.bot.id}> " if channel is place.lounge else ""
    return Question(asker, channel, await asker.says(channel, start + words), mark=mark)


async def is_quiet(wire: Wire) -> bool:
    async with wire.app.store.transaction() as tx:
        counts = await tx.outbox.count()
    return not counts.get(Fate.PENDING) and not counts.get(Fate.SENDING)


async def settles(wire: Wire) -> None:
    """Wait until everything is sent, and stays so."""
    quiet, left = 0, PATIENCE
    while quiet < 3:
        quiet = quiet + 1 if await is_quiet(wire) else 0
        left -= 0.1
        assert left > 0, "the bot did not come to rest"
        await asyncio.sleep(0.1)


def posts_with(place: Place, mark: str) -> list[Channel]:
    """The posts whose title or card is the question with a mark; other cards may name it as asked before."""
    return [one for one in place.server.posts_of(place.desk) if mark in one.name]


def owner_of(place: Place, post: Channel, volunteers: list[Human]) -> Human | None:
    """Who has it, by its card."""
    card = place.card(post)["content"]
    return next((one for one in volunteers if f"with {one.user.name}" in card), None)


async def work(wire: Wire, volunteers: list[Human], questions: list[Question]) -> dict[str, str]:
    """Both press Claim on one after the other, as nobody holds many at once; who got it replies. Gives the replies."""
    place, replies = wire.place, {}
    for question in questions:
        [post] = posts_with(place, question.mark)
        await asyncio.gather(*(one.presses(post, place.card(post), "Claim") for one in volunteers))
        owner = await until(partial(owner_of, place, post, volunteers), f"an owner of {question.mark}", PATIENCE)
        replies[question.mark] = f"My answer to {question.mark}."
        await owner.says(post, replies[question.mark])
    await settles(wire)
    return replies


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _self: 0.05)


async def test_every_question_is_answered_or_in_exactly_one_post(triage: Triage) -> None:
    dice = random.Random(20261123)  # noqa: S311
    async with a_place() as place:
        askers = [place.human(f"Asker {number}") for number in range(ASKERS)]
        volunteers = [place.volunteer("Ben"), place.volunteer("Lou")]
        with patch("bot.outbox.FIRST_WAIT", 0.05):
            async with bot_running(place, triage) as wire:
                place.server.at_rest = lambda: True
                chaos = place.server.chaos = Chaos(random.Random(7), 0.24, 0.1, ("429", "503", "before", "after"))  # noqa: S311
                questions = await everybody_asks(place, dice, askers)
                await until(lambda: all(one.answers() for one in questions), "answers to all", PATIENCE)
                await settles(wire)
                for_people = [one for one in questions if one.mark]
                assert len(for_people) > 40
                replies = await work(wire, volunteers, for_people)
                everything_is_answered(place, questions)
                every_reply_is_where_it_belongs(place, for_people, replies)
                nothing_came_twice(place, chaos)
                assert not place.server.pings
                assert place.server.resumes >= 2


async def everybody_asks(place: Place, dice: random.Random, askers: list[Human]) -> list[Question]:
    """Two hundred messages; now and then the connection is lost, and the library resumes."""
    questions: list[Question] = []
    for number in range(MESSAGES):
        asked = await ask(place, dice, askers, number)
        questions += [asked] if asked else []
        if number in (60, 140):
            await loses_its_connection(place)
    return questions


async def loses_its_connection(place: Place) -> None:
    before = place.server.resumes
    await place.server.drop()
    await until(lambda: place.server.resumes > before, "the connection again")


def everything_is_answered(place: Place, questions: list[Question]) -> None:
    for question in questions:
        if question.mark:
            assert len(posts_with(place, question.mark)) == 1, question.mark
        assert question.answers(), question


def every_reply_is_where_it_belongs(place: Place, questions: list[Question], replies: dict[str, str]) -> None:
    for question in questions:
        elsewhere = [one for one in place.server.channels.values() if one.parent != place.desk.id]
        found = [
            (channel.id, message.get("message_reference", {}).get("message_id"))
            for channel in elsewhere
            for message in channel.messages.values()
            if replies[question.mark] in message["content"]
        ]
        assert found == [(question.place.id, question.message["id"] if question.message else None)], question.mark


def nothing_came_twice(place: Place, chaos: Chaos) -> None:
    """In channels and private chats the nonce sees to it; only interactions may be answered twice, as they have none."""
    for channel in place.server.channels.values():
        written = [
            (one["content"], one.get("message_reference", {}).get("message_id"))
            for one in channel.messages.values()
            if int(one["author"]["id"]) == place.server.bot.id
        ]
        for key, times in Counter(written).items():
            assert times == 1 or not key[1], key
    for opened in place.server.interactions.values():
        lost = sum(int(one["id"]) in chaos.lost_answers for one in opened.answers)
        for words, times in Counter(one["content"] for one in opened.answers).items():
            assert times <= 1 + lost, words
    assert chaos.lost_answers, "the story had its faults"
