"""Who may do what at the desk: every action, for every role, on every platform, through the front door.

The table names every action and command there is; one that is new fails here until it has a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import pytest
from sqlalchemy import insert, select

from bot.domain.messages import Address, ButtonPressed, CommandGiven, Event, Place, Sender
from bot.domain.people import PersonId, Role
from bot.escalation.rules import DESK_ACTIONS
from bot.storage.outbox import Fate
from bot.storage.tables import inbox, outbox
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

ACTIONS: Mapping[str, frozenset[Who]] = {
    "claim": frozenset({Who.OWNER}),  # the others hear who has it
    "pass": EVERY_VOLUNTEER,
    "note": EVERY_VOLUNTEER,
    "queue": EVERY_VOLUNTEER,
    "reopen": EVERY_VOLUNTEER,
    "reply": OWNER_AND_LEAD,
    "hand_back": OWNER_AND_LEAD,
    "send_entry": OWNER_AND_LEAD,
    "close": OWNER_AND_LEAD,
    "resend": OWNER_AND_LEAD,
    "lift": LEADS,
}
COMMANDS: Mapping[str, frozenset[Who]] = {
    "desk": EVERY_VOLUNTEER,
    "claim": frozenset({Who.OWNER}),
    "handback": OWNER_AND_LEAD,
    "close": OWNER_AND_LEAD,
    "pass": EVERY_VOLUNTEER,
    "note": EVERY_VOLUNTEER,
    "reply": OWNER_AND_LEAD,
    "canned": OWNER_AND_LEAD,
    "reopen": EVERY_VOLUNTEER,
    "duty": EVERY_VOLUNTEER,
    "mute": LEADS,
    "block": LEADS,
    "unblock": LEADS,
    "audit": LEADS,
}


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

    async def happens(
        self, who: Who, action: str | None, command: str | None, words: str, place: Place = Place.DESK
    ) -> str:
        """Let somebody press or command; give the outcome."""
        event_id = self.world.next_id()
        by, at, where = sender(who, self.platform), self.world.clock(), self.thread
        if place is not Place.DESK:
            where = Address.private_with(by.id) if place is Place.PRIVATE else Address(self.platform, "group")
        event: Event
        if action:
            event = ButtonPressed(
                event_id=event_id, at=at, sender=by, address=where, place=place, action=action, subject=words
            )
        else:
            event = CommandGiven(
                event_id=event_id, at=at, sender=by, address=where, place=place, name=command or "", argument=words
            )
        await self.world.app.intake.accept(event)
        async with self.world.app.store.transaction() as tx:
            query = select(inbox.c.outcome).where(inbox.c.event_id == event_id)
            return str((await tx.connection.execute(query)).scalar_one())


def test_every_action_and_every_command_has_a_row(world: World) -> None:
    room = world.app.intake._room
    assert set(ACTIONS) == room.actions
    assert set(COMMANDS) == room.commands
    assert set(ACTIONS) >= DESK_ACTIONS


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("who", list(Who))
@pytest.mark.parametrize("action", ACTIONS)
async def test_a_press_is_for_those_who_may(world: World, action: str, who: Who, platform: str) -> None:
    setting = Setting(world, platform)
    await setting.begin()
    outcome = await setting.happens(who, action, None, str(setting.failed) if action == "resend" else "1")
    assert outcome.startswith("refused") == (who not in ACTIONS[action]), outcome


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("who", list(Who))
@pytest.mark.parametrize("command", COMMANDS)
async def test_a_command_is_for_those_who_may(world: World, command: str, who: Who, platform: str) -> None:
    setting = Setting(world, platform)
    await setting.begin()
    outcome = await setting.happens(who, None, command, "1 some words")
    assert outcome.startswith("refused") == (who not in COMMANDS[command]), outcome


@pytest.mark.parametrize("place", [Place.GROUP, Place.PRIVATE])
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_stranger_gets_nowhere_outside_the_desk_either(world: World, platform: str, place: Place) -> None:
    setting = Setting(world, platform)
    await setting.begin()
    for action in ACTIONS:
        assert (await setting.happens(Who.STRANGER, action, None, "1", place)).startswith("refused"), action
    for command in COMMANDS:
        assert (await setting.happens(Who.STRANGER, None, command, "1 words", place)).startswith("refused"), command


async def test_a_message_that_is_about_nothing_cannot_be_sent_again(world: World) -> None:
    setting = Setting(world, "discord")
    await setting.begin()
    for number in ("999999", "", "-1", "1; DROP TABLE outbox"):
        assert (await setting.happens(Who.LEAD, "resend", None, number)).startswith("refused")
