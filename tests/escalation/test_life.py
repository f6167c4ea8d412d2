"""The life of an escalation as a state machine: whatever people do in whatever order, its rules hold.

A model says in a few lines what should be so; the application, through its front door, has to agree after every step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.domain.escalation import Status
from bot.domain.messages import Button, ButtonPressed, Place
from bot.domain.people import Role
from bot.triage.triage import Triage
from tests.postgres import Server
from tests.world import MEMORY, Person, World, a_world

CLAIM, WARNING = timedelta(hours=24), timedelta(hours=1)  # the defaults of the settings
OWNER = "owner"  # whoever has it at that moment; ben where nobody has
who = st.sampled_from([OWNER, OWNER, "ben", "cara", "lou"])  # lou is a lead


@dataclass
class Model:
    """Where the escalation should stand."""

    status: Status = Status.WAITING
    owner: str | None = None
    answered: bool = False
    owed_since: datetime | None = None
    held_at: datetime | None = None
    taken_at: datetime | None = None
    warned: tuple[datetime, datetime] | None = None  # about the wait since, and when

    def opens_again(self, now: datetime) -> None:
        if self.status is Status.CLOSED:
            self.status = Status.CLAIMED if self.owner else Status.WAITING
            self.owed_since = self.held_at = now

    def is_taken(self, by: str, now: datetime) -> None:
        self.status, self.owner, self.held_at, self.taken_at = Status.CLAIMED, by, now, now

    def is_free(self) -> None:
        self.status, self.owner = Status.WAITING, None

    def time_has_passed(self, now: datetime) -> None:
        """Warn a silent owner, and at the next look that is late enough let it go."""
        if self.status is not Status.CLAIMED or self.owed_since is None or self.held_at is None:
            return
        last = max(self.owed_since, self.taken_at or self.owed_since) + 2 * CLAIM
        since = max(self.owed_since, min(self.held_at, last))
        if self.warned is None or self.warned[0] != since:
            if now - since >= CLAIM - WARNING:
                self.warned = (since, now)
        elif now - self.warned[1] >= WARNING:
            self.is_free()


class Life(RuleBasedStateMachine):
    triage: Triage
    fresh: Callable[[], str]  # gives the address of a database without rows

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.world: World = self.run(self.stack.enter_async_context(a_world(self.triage, type(self).fresh())))
        self.anna = self.world.asker("anna")
        self.staff = {"ben": self.world.volunteer("ben"), "cara": self.world.volunteer("cara", "telegram"),
                      "lou": self.world.lead("lou")}  # fmt: skip
        self.model = Model()
        for person in self.staff.values():
            self.run(person.commands_desk("desk"))
        self.run(self.anna.commands("person", "does the hospital in Puebla have wifi", private=True))
        self.model.owed_since = self.world.clock()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()

    def _named(self, name: str) -> str:
        return (self.model.owner or "ben") if name == OWNER else name

    def _may(self, name: str) -> bool:
        """Leads may at any time, volunteers with what is theirs."""
        return name == "lou" or (self.model.owner == name and self.model.status is not Status.WAITING)

    def _press(self, name: str, action: str) -> None:
        self.run(self.staff[name].at_desk(1, button=Button(action, action, "1")))

    @rule(name=who, twice=st.booleans())
    def claim(self, name: str, twice: bool) -> None:
        name = self._named(name)
        if self.model.status is Status.WAITING:
            self.model.is_taken(name, self.world.clock())
        for _ in range(1 + twice):
            self._press(name, "claim")

    @rule(name=who)
    def reply(self, name: str) -> None:
        name = self._named(name)
        before = len(self.anna.got())
        self.run(self.staff[name].at_desk(1, "I was there in 2024."))
        got = [message.text() for message in self.anna.got()[before:]]
        goes_out = self.model.owner == name and self.model.status is Status.CLAIMED
        assert any("I was there in 2024." in text for text in got) == goes_out
        if goes_out:
            self.model.answered, self.model.owed_since = True, None
            self.model.held_at = self.world.clock() if self.model.owner == name else self.model.held_at

    @rule(name=who)
    def note(self, name: str) -> None:
        name = self._named(name)
        before = len(self.anna.got())
        self.run(self.staff[name].at_desk(1, "// who was there"))
        assert len(self.anna.got()) == before, "notes stay inside"
        if self.model.owner == name:
            self.model.held_at = self.world.clock()

    @rule(name=who)
    def hand_back(self, name: str) -> None:
        name = self._named(name)
        if self._may(name) and self.model.status is Status.CLAIMED:
            self.model.is_free()
        self.run(self.staff[name].at_desk(1, command="handback", argument="1 -"))

    @rule(name=who)
    def pass_on(self, name: str) -> None:
        name = self._named(name)
        self._press(name, "pass")

    @rule(name=who)
    def close(self, name: str) -> None:
        name = self._named(name)
        if self._may(name) and (self.model.answered or name == "lou"):
            self.model.status = Status.CLOSED
        self._press(name, "close")

    @rule(name=who)
    def reopen(self, name: str) -> None:
        name = self._named(name)
        self.model.opens_again(self.world.clock())
        self._press(name, "reopen")

    @rule(to=who)
    def reassign(self, to: str) -> None:
        to = self._named(to)
        if self.model.status is not Status.CLOSED and self.model.owner != to:
            self.model.is_taken(to, self.world.clock())
        self.run(self.staff["lou"].commands_desk("reassign", f"1 @{to}"))

    @rule(name=who)
    def loses_the_role_for_a_while(self, name: str) -> None:
        name = self._named(name)
        person, role = self.staff[name], self.staff[name].role
        person.becomes(Role.ASKER)
        self.run(self.world.app.roll_call.look())
        if self.model.owner == name and self.model.status is Status.CLAIMED:
            self.model.is_free()
        self.model.time_has_passed(self.world.clock())
        self.run(self.world.time_passes(hours=0))
        person.becomes(role)
        self.run(person.commands_desk("desk"))

    @rule()
    def the_asker_writes(self) -> None:
        now = self.world.clock()
        self.model.opens_again(now)
        self.model.owed_since = self.model.owed_since or now
        last = [one for one in self.world.telegram.sent if one.message.to == self.anna.dm and one.message.escalation_id]
        reply_to = self.world.telegram.ids[last[-1].number]
        self.run(self.anna.asks("I forgot to say that I go there in spring.", private=True, reply_to=reply_to))

    @rule(action=st.sampled_from(["cancel", "helped", "not_helped"]))
    def the_asker_presses(self, action: str) -> None:
        if action == "cancel":
            self.model.status = Status.CLOSED
        elif action == "not_helped":
            self.model.opens_again(self.world.clock())
            self.model.owed_since = self.model.owed_since or self.world.clock()  # also of one that is open by now
        self.run(self.world.happens(self._pressed(self.anna, action)))

    def _pressed(self, person: Person, action: str) -> ButtonPressed:
        return ButtonPressed(
            event_id=self.world.next_id(), at=self.world.clock(), sender=person._sender(), address=person.dm,
            place=Place.PRIVATE, action=action, subject="1",
        )  # fmt: skip

    @rule(hours=st.sampled_from([0.5, 1, 5, 23, 24]))
    def hours_pass(self, hours: float) -> None:
        self.world.clock.pass_(hours=hours)
        self.model.time_has_passed(self.world.clock())
        self.run(self.world.time_passes(hours=0))

    @rule()
    def a_minute_passes(self) -> None:
        self.world.clock.pass_(minutes=1)

    @invariant()
    def application_and_model_agree(self) -> None:
        escalation = self.run(self._stored())
        assert escalation.status == self.model.status
        assert escalation.owner_name == (self.model.owner.title() if self.model.owner else None)
        assert (escalation.answered_at is not None) == self.model.answered
        assert escalation.owed_since == self.model.owed_since

    async def _stored(self) -> Any:  # noqa: ANN401
        async with self.world.app.store.transaction() as tx:
            return await tx.escalations.get(1)

    @invariant()
    def both_desks_show_where_it_stands(self) -> None:
        first = {Status.WAITING: "Claim", Status.CLAIMED: "Reply", Status.CLOSED: "Reopen"}[self.model.status]
        assert {self.world.card(1, one).buttons[0].label for one in ("telegram", "discord")} == {first}


def lives(triage: Triage, fresh: Callable[[], str], examples: int) -> None:
    machine = type("LifeOfOne", (Life,), {"triage": triage, "fresh": staticmethod(fresh)})
    quick = settings(
        max_examples=examples, stateful_step_count=30, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=quick)


@pytest.mark.no_cover
def test_whatever_people_do_its_rules_hold(triage: Triage) -> None:
    lives(triage, lambda: MEMORY, examples=20)


@pytest.mark.no_cover
def test_whatever_people_do_its_rules_hold_on_postgres(triage: Triage, postgres: Server) -> None:
    lives(triage, postgres.emptied, examples=5)
