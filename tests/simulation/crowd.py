"""A crowd: askers and volunteers who do what people do, chosen by a seed, on whatever ground they are."""

from __future__ import annotations

from collections import Counter

from bot.domain.escalation import Status
from bot.domain.people import Role
from tests.simulation.askers import Asking
from tests.simulation.believed import Reply
from tests.simulation.ground import Ground
from tests.simulation.leads import Leading
from tests.simulation.scene import OPEN, Act, Acts, Scene, Size
from tests.simulation.volunteers import Volunteering

WHOLE_CHECK_EVERY = 200  # steps


class Crowd:
    """People, and what they do next."""

    def __init__(self, ground: Ground, size: Size, seed: int) -> None:
        self.ground = ground
        self.size = size
        self.scene = Scene(ground, size, seed)
        self.ledger = self.scene.ledger
        self.done: Counter[str] = Counter()
        self._chance = self.scene.chance
        self._put_off: tuple[Act, bool] | None = None  # what is to happen alone, when more had begun
        parts = (Asking(self.scene), Volunteering(self.scene), Leading(self.scene))
        self._acts = [*self._acts_of_time(), *(act for part in parts for act in part.acts())]

    def _acts_of_time(self) -> Acts:
        return [(2, self.hours_pass, True), (2, self.rights_change, True), (2, self.somebody_vanishes, False)]

    async def run(self) -> None:
        """Let everybody act until there have been as many escalations as wanted; then all are brought to an end."""
        for lead in self.scene.leads:
            await self.ground.commands(lead, "desk", "")  # so that there is somebody to page
        while self.ledger.opened < self.size.escalations:
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
            self.ground.clock.pass_(seconds=self._chance.randrange(300))
            await act()
            if alone:
                break
        await self._settled(everything=self.ledger.checks % WHOLE_CHECK_EVERY == 0)

    def _next(self) -> tuple[Act, bool]:
        """Choose what happens next, and tell whether it concerns every escalation."""
        _, act, alone = self._chance.choices(self._acts, [weight for weight, _, _ in self._acts])[0]
        return act, alone

    async def _settled(self, *, everything: bool = False) -> None:
        await self.ground.settle()
        self.scene.is_settled()
        await self.ledger.check(everything=everything)

    async def hours_pass(self) -> None:
        self.ground.clock.pass_(hours=self._chance.choice([1, 4, 13, 25]))
        await self.ground.app.timers.look()
        self.ledger.timers_looked = True

    async def rights_change(self) -> None:
        """Somebody is no volunteer any more, or is one again; what they have meanwhile must not be stuck."""
        volunteer = self._chance.choice(self.scene.volunteers)
        becomes = Role.ASKER if volunteer.role is Role.VOLUNTEER else Role.VOLUNTEER
        await self.ground.role_becomes(volunteer, becomes)

    async def somebody_vanishes(self) -> None:
        """Stop to answer and to claim, without a word; or come back."""
        self.scene.away ^= {self._chance.choice(self.scene.volunteers)}

    async def finish(self) -> None:
        """Everybody who is left answers and closes what is open; nothing may be stuck."""
        for volunteer in self.scene.volunteers:
            await self.ground.role_becomes(volunteer, Role.VOLUNTEER)
        while left := self.scene.numbers(*OPEN):
            for act in (self._lead_claims, self._lead_replies, self._lead_closes):
                for number in left[: self.ground.at_once]:
                    await act(number)
                await self._settled()
        await self.ledger.check(everything=True)
        self.ledger.all_replies_arrived()

    async def _lead_claims(self, number: int) -> None:
        if self.ledger.rows[number].status == Status.WAITING:
            await self.ground.press(self._chance.choice(self.scene.leads), number, "claim")

    async def _lead_replies(self, number: int) -> None:
        """Leads reply by command where a question is another one's: their plain words there are talk."""
        lead = self._chance.choice(self.scene.leads)
        text = self.scene.words_for(Reply(number, lead, goes_out=True))
        await self.ground.commands(lead, "reply", text, number)

    async def _lead_closes(self, number: int) -> None:
        await self.ground.press(self._chance.choice(self.scene.leads), number, "close")
