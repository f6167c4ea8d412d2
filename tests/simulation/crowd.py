"""A crowd at the front door: askers and volunteers who do what people do, chosen by a seed."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.escalation import Status
from bot.domain.messages import Address, Button, ButtonPressed, CommandGiven, Event, Place
from bot.domain.people import Role
from tests.simulation.ledger import PLATFORMS, Ledger
from tests.world import DESK, Person, World

STATEMENTS = "I forgot to say that it is about my {word} visit in spring."
QUESTIONS = ("does the hospital have wifi {word}", "is there a lift near ward {word}", "who waters the plants {word}")
CRIES = ("i want to kill myself {word}",)
WHOLE_CHECK_EVERY = 200  # steps


@dataclass(frozen=True)
class Size:
    volunteers: int
    askers: int
    escalations: int


class Crowd:
    """People, and what they do next."""

    def __init__(self, world: World, size: Size, seed: int) -> None:
        self.world = world
        self.size = size
        self.ledger = Ledger(world)
        self.done: Counter[str] = Counter()
        self._random = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
        self._numbers = itertools.count(1)
        place = itertools.cycle(PLATFORMS)
        self.askers = [world.asker(f"asker{n}", next(place)) for n in range(size.askers)]
        self.leads = [world.lead(f"lead{n}", next(place)) for n in range(2)]
        self.volunteers = [world.volunteer(f"vol{n}", next(place)) for n in range(size.volunteers - 2)]
        self.away: set[str] = set()

    async def run(self) -> None:
        """Let everybody act until there have been as many escalations as wanted; then all are brought to an end."""
        while len(self.ledger.rows) < self.size.escalations:
            await self.step()
        await self.finish()

    async def step(self) -> None:
        actions: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (22, self.somebody_asks), (8, self.an_asker_adds), (3, self.an_asker_cancels), (2, self.an_asker_rates),
            (20, self.somebody_claims), (4, self.two_claim_at_once), (25, self.the_owner_replies),
            (3, self.another_replies), (4, self.a_note), (4, self.it_is_handed_back), (3, self.somebody_passes),
            (18, self.the_owner_closes), (2, self.a_lead_closes), (2, self.a_lead_reassigns), (2, self.rights_change),
            (2, self.somebody_vanishes), (2, self.hours_pass), (2, self.duty_changes), (1, self.somebody_is_in_danger),
        ]  # fmt: skip
        act = self._random.choices([one for _, one in actions], [weight for weight, _ in actions])[0]
        self.done[act.__name__] += 1
        self.world.clock.pass_(seconds=self._random.randrange(300))
        await act()
        await self.world.app.outbox.settle()
        await self.ledger.check(everything=self.ledger.checks % WHOLE_CHECK_EVERY == 0)

    async def finish(self) -> None:
        """Everybody who is left answers and closes what is open; nothing may be stuck."""
        for volunteer in self.volunteers:
            volunteer.role = Role.VOLUNTEER
        for number in self._in(Status.WAITING, Status.CLAIMED):
            lead = self._random.choice(self.leads)
            if number in self._in(Status.WAITING):
                await self._press(lead, number, "claim")
            await self._reply(lead, number)
            await self._press(lead, number, "close")
            await self.world.app.outbox.settle()
            await self.ledger.check()
        await self.ledger.check(everything=True)
        assert not self._in(Status.WAITING, Status.CLAIMED)

    # What the askers do

    async def somebody_asks(self) -> None:
        asker, word = self._random.choice(self.askers), self._word("ask")
        await self._asks(asker, self._random.choice(QUESTIONS).format(word=word), word)

    async def somebody_is_in_danger(self) -> None:
        asker, word = self._random.choice(self.askers), self._word("ask")
        await self._asks(asker, self._random.choice(CRIES).format(word=word), word)

    async def _asks(self, asker: Person, text: str, word: str) -> None:
        self.ledger.asks(word, str(asker.id))
        private = self._random.random() < 0.5
        address, place = (asker.dm, Place.PRIVATE) if private else (asker.group, Place.GROUP)
        await self._happens(self._command(asker, "person", text, address, place))

    async def an_asker_adds(self) -> None:
        """Write again, as a reply to what the bot or a volunteer said last about an escalation."""
        row = self._some_row()
        if row is None:
            return
        asker, word = self._asker_of(row), self._word("ask")
        adapter = self.world.adapter(asker.platform)
        about = [one for one in adapter.sent[-400:] if one.message.escalation_id == row.id and not one.message.on_desk]
        if not about:
            return
        self.ledger.asks(word, str(asker.id))
        last = about[-1]
        text = STATEMENTS.format(word=word)
        reply_to = adapter.ids[last.number]
        await self._happens(asker.message(text, private=last.message.to.is_private, reply_to=reply_to))

    async def an_asker_cancels(self) -> None:
        row = self._some_row(Status.WAITING, Status.CLAIMED)
        if row is not None:
            self.ledger.given_up.add(row.id)
            await self._asker_presses(self._asker_of(row), "cancel", row.id)

    async def an_asker_rates(self) -> None:
        row = self._some_row(Status.CLOSED)
        if row is not None:
            action = self._random.choice(["helped", "not_helped"])
            await self._asker_presses(self._asker_of(row), action, row.id)

    # What the volunteers do

    async def somebody_claims(self) -> None:
        number, volunteer = self._some(Status.WAITING), self._somebody()
        if number and volunteer:
            await self._press(volunteer, number, "claim")
            if self._random.random() < 0.3:
                await self._press(volunteer, number, "claim")  # a second press, out of impatience

    async def two_claim_at_once(self) -> None:
        number = self._some(Status.WAITING)
        if number:
            several = self._random.sample(self.volunteers, k=min(3, len(self.volunteers)))
            presses = [self._pressed(one, number, "claim") for one in several]
            await asyncio.gather(*(self.world.app.intake.accept(press) for press in presses))
            await self.world.learn_people()

    async def the_owner_replies(self) -> None:
        number = self._some(Status.CLAIMED)
        owner = self._owner_of(number)
        if number and owner and owner.name not in self.away:
            await self._reply(owner, number)

    async def another_replies(self) -> None:
        """Somebody writes in a thread that is not theirs: this must reach no asker, unless they are a lead."""
        number, volunteer = self._some(Status.WAITING, Status.CLAIMED), self._somebody()
        if number and volunteer:
            await self._reply(volunteer, number)

    async def _reply(self, volunteer: Person, number: int) -> None:
        word = self._word("rep")
        self.ledger.replied[word] = number
        is_theirs = self._owner_of(number) is volunteer and volunteer.role is not Role.ASKER
        if not is_theirs and volunteer not in self.leads:
            self.ledger.refused.add(word)
        await volunteer.at_desk(number, f"I was there in 2024 {word} and it was fine.")

    async def a_note(self) -> None:
        number, volunteer = self._some(Status.WAITING, Status.CLAIMED), self._somebody()
        if number and volunteer:
            await volunteer.at_desk(number, "// who knows more about this")

    async def it_is_handed_back(self) -> None:
        number = self._some(Status.CLAIMED)
        owner = self._owner_of(number)
        if number and owner:
            await self._press(owner, number, "hand_back")
            await owner.at_desk(number, "somebody from there should take it")

    async def somebody_passes(self) -> None:
        number, volunteer = self._some(Status.WAITING), self._somebody()
        if number and volunteer:
            await self._press(volunteer, number, "pass")

    async def the_owner_closes(self) -> None:
        number = self._some(Status.CLAIMED)
        owner = self._owner_of(number)
        if number and owner:
            if owner in self.leads:
                self.ledger.given_up.add(number)
            await self._press(owner, number, "close")

    async def a_lead_closes(self) -> None:
        number = self._some(Status.WAITING, Status.CLAIMED)
        if number:
            self.ledger.given_up.add(number)
            await self._press(self._random.choice(self.leads), number, "close")

    async def a_lead_reassigns(self) -> None:
        number, volunteer = self._some(Status.WAITING, Status.CLAIMED), self._random.choice(self.volunteers)
        if number:
            lead = self._random.choice(self.leads)
            words = f"{number} @{volunteer.name}"
            await self._happens(self._command(lead, "reassign", words, Address(lead.platform, DESK), Place.DESK))

    async def rights_change(self) -> None:
        """Somebody is no volunteer any more, or is one again; what they have meanwhile must not be stuck."""
        volunteer = self._random.choice(self.volunteers)
        volunteer.role = Role.ASKER if volunteer.role is Role.VOLUNTEER else Role.VOLUNTEER

    async def somebody_vanishes(self) -> None:
        volunteer = self._random.choice(self.volunteers)
        self.away ^= {volunteer.name}

    async def hours_pass(self) -> None:
        self.world.clock.pass_(hours=self._random.choice([1, 4, 13, 25]))
        await self.world.app.timers.look()

    async def duty_changes(self) -> None:
        volunteer = self._somebody()
        if volunteer:
            name, words = self._random.choice(
                [("duty", "on"), ("duty", "off"), ("duty", "add daily 9-17"), ("load", "3"), ("load", "usual"),
                 ("covers", "countries UK"), ("hardtopics", "off"), ("hardtopics", "on"), ("desk", "")]
            )  # fmt: skip
            at = Address(volunteer.platform, DESK)
            await self._happens(self._command(volunteer, name, words, at, Place.DESK))

    # How they do it

    async def _happens(self, event: Event) -> None:
        await self.world.happens(event)
        if self._random.random() < 0.05:
            await self.world.happens(event)  # platforms deliver twice now and then

    async def _press(self, person: Person, number: int, action: str) -> None:
        await self._happens(self._pressed(person, number, action))

    def _pressed(self, person: Person, number: int, action: str) -> ButtonPressed:
        at = Address(person.platform, DESK, f"thread-{number}")
        return ButtonPressed(
            event_id=self.world.next_id(), at=self.world.clock(), sender=person._sender(), address=at,
            place=Place.DESK, action=action, subject=str(number),
        )  # fmt: skip

    async def _asker_presses(self, asker: Person, action: str, number: int) -> None:
        button = Button(action, action, str(number))
        event = ButtonPressed(
            event_id=self.world.next_id(), at=self.world.clock(), sender=asker._sender(), address=asker.dm,
            place=Place.PRIVATE, action=button.action, subject=button.subject,
        )  # fmt: skip
        await self._happens(event)

    def _command(self, person: Person, name: str, argument: str, address: Address, place: Place) -> CommandGiven:
        return CommandGiven(
            event_id=self.world.next_id(), at=self.world.clock(), sender=person._sender(), address=address,
            place=place, name=name, argument=argument,
        )  # fmt: skip

    def _word(self, kind: str) -> str:
        return f"{kind}x{next(self._numbers):06}"

    def _in(self, *statuses: Status) -> list[int]:
        return [number for number, row in self.ledger.rows.items() if row.status in statuses]

    def _some(self, *statuses: Status) -> int | None:
        found = self._in(*statuses)
        return self._random.choice(found) if found else None

    def _some_row(self, *statuses: Status):  # type: ignore[no-untyped-def]  # noqa: ANN202
        number = self._some(*(statuses or tuple(Status)))
        return self.ledger.rows[number] if number else None

    def _somebody(self) -> Person | None:
        there = [one for one in (*self.volunteers, *self.leads) if one.name not in self.away]
        return self._random.choice(there) if there else None

    def _owner_of(self, number: int | None) -> Person | None:
        row = self.ledger.rows.get(number or 0)
        return next((one for one in (*self.volunteers, *self.leads) if row and one.name.title() == row.owner), None)

    def _asker_of(self, row) -> Person:  # type: ignore[no-untyped-def]  # noqa: ANN001
        return next(one for one in self.askers if (one.platform, one.name) == (row.platform, row.user))
