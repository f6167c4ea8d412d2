"""A crowd: askers and volunteers who do what people do, chosen by a seed, on whatever ground they are."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.escalation import Status
from bot.domain.people import Role
from bot.escalation.desk import REOPEN_WITHIN
from tests.simulation.ground import PLATFORMS, Actor, Ground
from tests.simulation.ledger import Ledger

STATEMENTS = "I forgot to say that it is about my {word} visit in spring."
QUESTIONS = ("does the hospital have wifi {word}", "is there a lift near ward {word}", "who waters the plants {word}")
CRIES = ("i want to kill myself {word}",)
WHOLE_CHECK_EVERY = 200  # steps
LEADS = 2  # of the volunteers
Act = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Size:
    volunteers: int
    askers: int
    escalations: int


class Crowd:
    """People, and what they do next."""

    def __init__(self, ground: Ground, size: Size, seed: int) -> None:
        self.ground = ground
        self.size = size
        self.ledger = Ledger(ground)
        self.done: Counter[str] = Counter()
        self._random = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
        self._numbers = itertools.count(1)
        self._put_off: tuple[Act, bool] | None = None  # what is to happen alone, when more had begun
        self._touched: set[int] = set()  # escalations of which something was begun and not settled
        place = itertools.cycle(PLATFORMS)
        self.askers = [ground.join(f"asker{n}", next(place), Role.ASKER) for n in range(size.askers)]
        self.leads = [ground.join(f"lead{n}", next(place), Role.LEAD) for n in range(LEADS)]
        several = range(size.volunteers - LEADS)
        self.volunteers = [ground.join(f"vol{n}", next(place), Role.VOLUNTEER) for n in several]
        self.away: set[Actor] = set()

    async def run(self) -> None:
        """Let everybody act until there have been as many escalations as wanted; then all are brought to an end."""
        for lead in self.leads:
            await self.ground.commands(lead, "desk", "")  # so that there is somebody to page
        while len(self.ledger.rows) < self.size.escalations:
            await self.step()
        await self.finish()

    async def step(self) -> None:
        """Let several things happen at once, each to an escalation of its own; what concerns all happens alone."""
        for place in range(self.ground.at_once):
            act, alone = self._put_off or self._next()
            self._put_off = (act, alone) if alone and place else None
            if self._put_off:
                break  # it is the first of the next step
            self.done[act.__name__] += 1
            self.ground.clock.pass_(seconds=self._random.randrange(300))
            await act()
            if alone:
                break
        await self._settled(everything=self.ledger.checks % WHOLE_CHECK_EVERY == 0)

    def _next(self) -> tuple[Act, bool]:
        """Choose what happens next; the second of each: whether it concerns every escalation."""
        actions: list[tuple[int, Act, bool]] = [
            (22, self.somebody_asks, False), (8, self.an_asker_adds, False), (3, self.an_asker_cancels, False),
            (2, self.an_asker_rates, False), (20, self.somebody_claims, False), (4, self.several_claim, False),
            (25, self.the_owner_replies, False), (3, self.another_replies, False), (4, self.a_note, False),
            (4, self.it_is_handed_back, False), (3, self.somebody_passes, False), (18, self.the_owner_closes, False),
            (2, self.a_lead_closes, False), (2, self.a_lead_reassigns, False), (2, self.rights_change, True),
            (2, self.somebody_vanishes, False), (2, self.hours_pass, True), (2, self.duty_changes, True),
            (1, self.somebody_is_in_danger, False),
        ]  # fmt: skip
        _, act, alone = self._random.choices(actions, [weight for weight, _, _ in actions])[0]
        return act, alone

    async def _settled(self, *, everything: bool = False) -> None:
        await self.ground.settle()
        self._touched.clear()
        await self.ledger.check(everything=everything)

    async def finish(self) -> None:
        """Everybody who is left answers and closes what is open; nothing may be stuck."""
        for volunteer in self.volunteers:
            await self.ground.role_becomes(volunteer, Role.VOLUNTEER)
        while self._in(Status.WAITING, Status.CLAIMED):
            some = self._in(Status.WAITING, Status.CLAIMED)[: self.ground.at_once]
            for act in (self._lead_claims, self._lead_replies, self._lead_closes):
                for number in some:
                    await act(number)
                await self._settled()
        await self.ledger.check(everything=True)
        self.ledger.all_replies_arrived()

    async def _lead_claims(self, number: int) -> None:
        if self.ledger.rows[number].status == Status.WAITING:
            await self.ground.press(self._random.choice(self.leads), number, "claim")

    async def _lead_replies(self, number: int) -> None:
        """Leads reply by command where a question is another one's: their plain words there are talk."""
        word = self._word("rep")
        self.ledger.replied[word] = number
        words = f"I was there in 2024 {word} and it was fine."
        await self.ground.commands(self._random.choice(self.leads), "reply", words, number)

    async def _lead_closes(self, number: int) -> None:
        await self.ground.press(self._random.choice(self.leads), number, "close")

    # What the askers do

    async def somebody_asks(self) -> None:
        await self._asks(QUESTIONS)

    async def somebody_is_in_danger(self) -> None:
        await self._asks(CRIES)

    async def _asks(self, texts: tuple[str, ...]) -> None:
        asker, word = self._random.choice(self.askers), self._word("ask")
        self.ledger.asks(word, asker)
        text = self._random.choice(texts).format(word=word)
        await self.ground.asks(asker, text, private=self._random.random() < 0.5)

    async def an_asker_adds(self) -> None:
        """Write again, as a reply to what the bot or a volunteer said last about an escalation."""
        number = self._some(*Status)
        if number and not self._is_over(number):
            asker, word = self._asker_of(number), self._word("ask")
            if await self.ground.adds(asker, number, STATEMENTS.format(word=word)):
                self.ledger.asks(word, asker)

    def _is_over(self, number: int) -> bool:
        """Tell whether it was closed so long ago that a reply is a message like any other."""
        closed_at = self.ledger.rows[number].closed_at
        return closed_at is not None and self.ground.clock() - closed_at > REOPEN_WITHIN - timedelta(days=1)

    async def an_asker_cancels(self) -> None:
        number = self._some(Status.WAITING, Status.CLAIMED)
        if number:
            self.ledger.given_up.add(number)
            await self.ground.asker_presses(self._asker_of(number), number, "cancel")

    async def an_asker_rates(self) -> None:
        number = self._some(Status.CLOSED)
        if number:
            action = self._random.choice(["helped", "not_helped"])
            await self.ground.asker_presses(self._asker_of(number), number, action)

    # What the volunteers do

    async def somebody_claims(self) -> None:
        number, volunteer = self._some(Status.WAITING), self._somebody()
        if number and volunteer:
            await self.ground.press(volunteer, number, "claim")
            if self._random.random() < 0.3:
                await self.ground.press(volunteer, number, "claim")  # a second press, out of impatience

    async def several_claim(self) -> None:
        number = self._some(Status.WAITING)
        if number:
            several = self._random.sample(self.volunteers, k=min(3, len(self.volunteers)))
            await self.ground.press_together(several, number, "claim")

    async def the_owner_replies(self) -> None:
        number = self._some(Status.CLAIMED)
        owner = self._owner_of(number)
        if number and owner and owner not in self.away:
            await self._reply(owner, number)

    async def another_replies(self) -> None:
        """Somebody writes in a thread that is not theirs: this must reach no asker."""
        number, volunteer = self._some(Status.WAITING, Status.CLAIMED), self._somebody()
        if number and volunteer:
            await self._reply(volunteer, number)

    async def _reply(self, volunteer: Actor, number: int) -> None:
        word = self._word("rep")
        self.ledger.replied[word] = number
        is_theirs = self._owner_of(number) is volunteer and volunteer.role is not Role.ASKER
        if not is_theirs:
            self.ledger.refused.add(word)
        await self.ground.writes(volunteer, number, f"I was there in 2024 {word} and it was fine.")

    async def a_note(self) -> None:
        number, volunteer = self._some(Status.WAITING, Status.CLAIMED), self._somebody()
        if number and volunteer:
            await self.ground.writes(volunteer, number, "// who knows more about this")

    async def it_is_handed_back(self) -> None:
        number = self._some(Status.CLAIMED)
        owner = self._owner_of(number)
        if number and owner:
            await self.ground.hands_back(owner, number, "somebody from there should take it")

    async def somebody_passes(self) -> None:
        number, volunteer = self._some(Status.WAITING), self._somebody()
        if number and volunteer:
            await self.ground.press(volunteer, number, "pass")

    async def the_owner_closes(self) -> None:
        number = self._some(Status.CLAIMED)
        owner = self._owner_of(number)
        if number and owner:
            if owner in self.leads:
                self.ledger.given_up.add(number)
            await self.ground.press(owner, number, "close")

    async def a_lead_closes(self) -> None:
        number = self._some(Status.WAITING, Status.CLAIMED)
        if number:
            self.ledger.given_up.add(number)
            await self.ground.press(self._random.choice(self.leads), number, "close")

    async def a_lead_reassigns(self) -> None:
        number, volunteer = self._some(Status.WAITING, Status.CLAIMED), self._random.choice(self.volunteers)
        if number:
            lead = self._random.choice(self.leads)
            self.ledger.may_change.add(number)
            await self.ground.commands(lead, "reassign", f"@{volunteer.name}", number)

    async def rights_change(self) -> None:
        """Somebody is no volunteer any more, or is one again; what they have meanwhile must not be stuck."""
        volunteer = self._random.choice(self.volunteers)
        becomes = Role.ASKER if volunteer.role is Role.VOLUNTEER else Role.VOLUNTEER
        await self.ground.role_becomes(volunteer, becomes)

    async def somebody_vanishes(self) -> None:
        """Stop to answer and to claim, without a word; or come back."""
        self.away ^= {self._random.choice(self.volunteers)}

    async def hours_pass(self) -> None:
        self.ground.clock.pass_(hours=self._random.choice([1, 4, 13, 25]))
        await self.ground.app.timers.look()

    async def duty_changes(self) -> None:
        volunteer = self._somebody()
        if volunteer:
            name, words = self._random.choice(
                [("duty", "on"), ("duty", "off"), ("duty", "add daily 9-17"), ("load", "3"), ("load", "usual"),
                 ("covers", "countries UK"), ("hardtopics", "off"), ("hardtopics", "on"), ("desk", "")]
            )  # fmt: skip
            await self.ground.commands(volunteer, name, words)

    # Whom and what it concerns

    def _word(self, kind: str) -> str:
        return f"{kind}x{next(self._numbers):06}"

    def _in(self, *statuses: Status) -> list[int]:
        return [number for number, row in self.ledger.rows.items() if row.status in statuses]

    def _some(self, *statuses: Status) -> int | None:
        """Choose an escalation that nothing has been done with since all was settled; it counts as touched."""
        found = [number for number in self._in(*statuses) if number not in self._touched]
        if not found:
            return None
        number = self._random.choice(found)
        self._touched.add(number)
        return number

    def _somebody(self) -> Actor | None:
        there = [one for one in (*self.volunteers, *self.leads) if one not in self.away]
        return self._random.choice(there) if there else None

    def _owner_of(self, number: int | None) -> Actor | None:
        row = self.ledger.rows.get(number or 0)
        return next((one for one in (*self.volunteers, *self.leads) if row and one.name == row.owner), None)

    def _asker_of(self, number: int) -> Actor:
        row: Any = self.ledger.rows[number]
        return next(one for one in self.askers if (one.platform, one.account) == (row.platform, row.user))
