"""What the leads of a crowd do."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.domain.escalation import Status
from bot.storage.drafts import Verdict
from bot.storage.tables import drafts
from tests.simulation.believed import Note
from tests.simulation.ground import words_in
from tests.simulation.scene import OPEN, Acts, Party


class Leading(Party):
    """Leads: they close, reassign, read drafts, and pause askers."""

    def acts(self) -> Acts:
        return [
            (2, self.a_lead_closes, False), (2, self.a_lead_reassigns, False), (3, self.leads_read_a_draft, False),
            (2, self.a_lead_pauses_an_asker, True), (1, self.a_lead_ends_a_pause, True),
        ]  # fmt: skip

    async def a_lead_closes(self) -> None:
        number = self._scene.some(*OPEN)
        if number:
            self._ledger.given_up.add(number)
            await self._ground.press(self._scene.chance.choice(self._scene.leads), number, "close")

    async def a_lead_reassigns(self) -> None:
        number, volunteer = self._scene.some(*OPEN), self._scene.chance.choice(self._scene.volunteers)
        if number:
            lead = self._scene.chance.choice(self._scene.leads)
            self._ledger.may_change.add(number)
            await self._ground.commands(lead, "reassign", f"@{volunteer.name}", number)

    async def leads_read_a_draft(self) -> None:
        """Both approve it at the same moment, or one sends it back; it goes out if its writer still has the question."""
        waiting = await self._drafts()
        number = self._scene.one_of(list(waiting))
        if not number:
            return
        draft, word = waiting[number]
        reply, row = self._ledger.replied[word], self._scene.row(number)
        if self._scene.chance.random() < 0.7:
            reply.goes_out = row.status != Status.CLOSED and row.owner in (None, reply.writer.name)
            await self._ground.press_together(self._scene.leads, number, "approve", subject=draft)
        else:
            lead, note = self._scene.chance.choice(self._scene.leads), self._scene.word("not")
            self._ledger.noted[note] = Note(number, lead, kept=True)
            await self._ground.press(lead, number, "send_back", subject=draft, note=f"say it more kindly {note}")

    async def _drafts(self) -> dict[int, tuple[int, str]]:
        """Give the drafts that wait for a lead, with their words, by escalation."""
        query = select(drafts.c.escalation_id, drafts.c.id, drafts.c.text).where(drafts.c.status == Verdict.WAITING)
        async with self._ground.app.store.transaction() as tx:
            rows = (await tx.connection.execute(query)).all()
        return {row.escalation_id: (row.id, words_in(row.text)[0]) for row in rows}

    async def a_lead_pauses_an_asker(self) -> None:
        number = self._scene.some(*Status)
        if number:
            kind, hours = self._scene.chance.choice(["mute", "block"]), self._scene.chance.choice([3, 24, 72])
            lead, asker = self._scene.chance.choice(self._scene.leads), self._scene.asker_of(number)
            await self._ground.commands(lead, kind, f"{hours}h writes too much", number)
            self._ledger.paused.setdefault(asker, {})[kind] = self._ground.clock() + timedelta(hours=hours)
            self._ledger.paused_unknown -= {asker} if kind == "block" else set()

    async def a_lead_ends_a_pause(self) -> None:
        """End it by a question of the asker; what outlived their being forgotten, a lead does not find by that."""
        known = [number for asker in self._ledger.paused for number in self._ledger.numbers_of(asker)]
        number = self._scene.one_of(known)
        if number and (asker := self._scene.asker_of(number)) not in self._ledger.paused_unknown:
            await self._ground.commands(self._scene.chance.choice(self._scene.leads), "unblock", "", number)
            self._ledger.paused.pop(asker)
