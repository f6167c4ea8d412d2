"""Who may do what at the desk: every action, every command and every word, for every role, on every platform, through the front door.

The table names every action and command there is; one that is new fails here until it has a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import pytest
from sqlalchemy import delete, insert

from bot.domain.messages import Address, ButtonPressed, CommandGiven, MessageReceived, Place, Sender
from bot.domain.people import PersonId, Role
from bot.escalation.rules import DESK_ACTIONS
from bot.storage.outbox import Fate
from bot.storage.tables import desk_threads, outbox
from tests.world import DESK, World

PLATFORMS = ("telegram", "discord", "console")


class Who(Enum):
    """Who tries it, on an escalation that another volunteer has and has answered."""

    STRANGER = Role.ASKER
    OWNER = "owner"
    VOLUNTEER = Role.VOLUNTEER
    LEAD = Role.LEAD


EVERY_VOLUNTEER = frozenset({Who.OWNER, Who.VOLUNTEER, Who.LEAD})
OWNER_AND_LEAD = frozenset({Who.OWNER, Who.LEAD})
LEADS = frozenset({Who.LEAD})
OWNER = frozenset({Who.OWNER})  # for a claim: the others hear who has it
BY_THE_THING = None  # a draft or proposal that is not there in this setting; who may is tested beside that feature

ACTIONS: Mapping[str, frozenset[Who] | None] = {
    **dict.fromkeys(("pass", "note", "reopen"), EVERY_VOLUNTEER),
    **dict.fromkeys(
        ("reply", "hand_back", "send_entry", "close", "resend", "ask_check", "other_canned"), OWNER_AND_LEAD
    ),
    **dict.fromkeys(("own_name", "no_name", "suggest", "keep"), EVERY_VOLUNTEER),
    **dict.fromkeys(("lift", "approve", "send_back", "digest_file", "reassign"), LEADS),
    **dict.fromkeys(("send_canned", "drop_canned", "give_to"), BY_THE_THING),
    **dict.fromkeys(("kb_approve", "kb_change", "kb_decline", "kb_part", "kb_propose", "kb_withdraw"), BY_THE_THING),
    "claim": OWNER,
}
COMMANDS: Mapping[str, frozenset[Who] | None] = {
    **dict.fromkeys(
        ("desk", "pass", "note", "reopen", "duty", "name", "kb", "covers", "load", "hardtopics"),
        EVERY_VOLUNTEER,
    ),
    **dict.fromkeys(("handback", "close", "reply", "canned", "check"), OWNER_AND_LEAD),
    **dict.fromkeys(("mute", "block", "unblock", "audit", "sendback", "digest"), LEADS),
    "reassign": BY_THE_THING,
    "claim": OWNER,
}
WORDS: Mapping[str, tuple[str, frozenset[Who]]] = {  # written in the escalation's thread, without a button or command
    "Yes, it does.": ("reply", OWNER),
    "// somebody should ring them": ("note", EVERY_VOLUNTEER),
}
AT_MOST = {
    "reassign": LEADS,
    "give_to": LEADS,
}  # others are refused; these may be, for want of a volunteer of that name


def is_as_said(outcome: str, who: Who, allowed: frozenset[Who] | None) -> bool:
    """Tell whether an outcome agrees with the table; a stranger is refused whatever it says."""
    refused = outcome.startswith("refused")
    if who is Who.STRANGER or allowed is not None:
        return refused == (who is Who.STRANGER or who not in (allowed or ()))
    return True


def may_not(name: str, who: Who, outcome: str) -> bool:
    """Tell whether somebody got further than the upper bound."""
    return name in AT_MOST and who not in AT_MOST[name] and not outcome.startswith("refused")


def sender(who: Who, platform: str) -> Sender:
    role = Role.VOLUNTEER if who is Who.OWNER else Role(who.value)
    return Sender(PersonId(platform, who.name.lower()), who.name.title(), role)


class Setting:
    """An escalation that its owner has answered, and a message of it that failed."""

    def __init__(self, world: World, platform: str) -> None:
        self.world = world
        self.platform = platform
        self.thread = Address(platform, DESK, "thread-1")

    async def begin(self) -> None:
        await self.world.asker("anna").asks("does the hospital shop sell gluten free bread?")
        await self.happens(Who.OWNER, "claim", None, "1")
        await self.happens(Who.OWNER, None, "reply", "1 Yes, it does.")
        row = {"lane": "x", "platform": "x", "chat": "x", "content": {}, "escalation_id": 1, "status": Fate.FAILED}
        now = self.world.clock()
        async with self.world.app.store.transaction() as tx:
            added = insert(outbox).values(**row, due_at=now, created_at=now).returning(outbox.c.id)
            self.failed = (await tx.connection.execute(added)).scalar_one()
            here = {"platform": self.platform, "chat": DESK, "thread": self.thread.thread, "escalation_id": 1}
            await tx.connection.execute(delete(desk_threads).where(desk_threads.c.platform == self.platform))
            await tx.connection.execute(insert(desk_threads).values(**here))

    async def happens(self, who: Who, action: str | None, command: str | None, words: str) -> None:
        """Let somebody press or command."""
        await self.world.app.intake.accept(self.event(who, action, command, words))

    def event(
        self, who: Who, action: str | None, command: str | None, words: str, place: Place = Place.DESK
    ) -> ButtonPressed | CommandGiven:
        by, at, where = sender(who, self.platform), self.world.clock(), self.thread
        if place is not Place.DESK:
            where = Address.private_with(by.id) if place is Place.PRIVATE else Address(self.platform, "group")
        if action:
            return ButtonPressed(
                event_id=self.world.next_id(),
                at=at,
                sender=by,
                address=where,
                place=place,
                action=action,
                subject=words,
            )
        return CommandGiven(
            event_id=self.world.next_id(),
            at=at,
            sender=by,
            address=where,
            place=place,
            name=command or "",
            argument=words,
        )

    async def writes(self, who: Who, words: str) -> str:
        """Let somebody write in the escalation's thread; give the outcome."""
        by, name = sender(who, self.platform), self.world.next_id()
        return await self.outcome(
            MessageReceived(
                event_id=name,
                at=self.world.clock(),
                sender=by,
                address=self.thread,
                place=Place.DESK,
                text=words,
                message_id=name,
            )
        )

    async def outcome(self, event: ButtonPressed | CommandGiven | MessageReceived) -> str:
        """Route an event as the front door does, and take back what it did."""
        now = self.world.clock()
        try:
            async with self.world.app.store.transaction() as tx:
                person = await tx.people.known(event.sender, now)
                handled = await self.world.app.intake._routing.route(tx, event, person, now)
                raise Undone(handled.outcome)
        except Undone as undone:
            return str(undone)

    async def tries(self, who: Who, name: str, *, press: bool, place: Place = Place.DESK) -> str:
        """Let somebody try an action or a command; give the outcome."""
        if press:
            subject = str(self.failed) if name == "resend" else "1"
            return await self.outcome(self.event(who, name, None, subject, place))
        return await self.outcome(self.event(who, None, name, "1 Owner", place))


class Undone(Exception):
    """Ends a try, with its outcome."""


def test_every_action_and_every_command_has_a_row(world: World) -> None:
    room = world.app.intake._routing._room
    assert set(ACTIONS) == room.actions
    assert set(COMMANDS) == room.commands
    assert set(ACTIONS) >= DESK_ACTIONS


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("press", [True, False], ids=["press", "command"])
async def test_each_is_for_those_who_may(world: World, platform: str, press: bool) -> None:
    setting = Setting(world, platform)
    await setting.begin()
    wrong = []
    for name, allowed in (ACTIONS if press else COMMANDS).items():
        for who in Who:
            outcome = await setting.tries(who, name, press=press)
            if not is_as_said(outcome, who, allowed) or may_not(name, who, outcome):
                wrong.append((name, who, outcome))
    assert wrong == []


@pytest.mark.parametrize("place", [Place.GROUP, Place.PRIVATE])
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_stranger_gets_nowhere_outside_the_desk_either(world: World, platform: str, place: Place) -> None:
    setting = Setting(world, platform)
    await setting.begin()
    tried = [(name, True) for name in ACTIONS] + [(name, False) for name in COMMANDS]
    outcomes = {
        (name, press): await setting.tries(Who.STRANGER, name, press=press, place=place) for name, press in tried
    }
    assert {one for one, outcome in outcomes.items() if not outcome.startswith("refused")} == set()


async def test_a_message_that_is_about_nothing_cannot_be_sent_again(world: World) -> None:
    setting = Setting(world, "discord")
    await setting.begin()
    for number in ("999999", "", "-1", "1; DROP TABLE outbox"):
        assert (await setting.outcome(setting.event(Who.LEAD, "resend", None, number))).startswith("refused")


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_words_in_a_thread_are_for_those_who_may(world: World, platform: str) -> None:
    setting = Setting(world, platform)
    await setting.begin()
    for words, (action, allowed) in WORDS.items():
        for who in Who:
            expected = f"{action} #1" if who in allowed else f"refused {action} #1"
            assert await setting.writes(who, words) == ("stranger at desk" if who is Who.STRANGER else expected), who
