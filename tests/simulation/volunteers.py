"""What the volunteers of a crowd do."""

from __future__ import annotations

from bot.domain.escalation import Status
from bot.domain.people import Role
from tests.simulation.believed import Note, Reply
from tests.simulation.ground import Actor
from tests.simulation.scene import OPEN, Acts, Party


class Volunteering(Party):
    """Volunteers: they claim, answer, note, correct, hand back, pass, close, and say when they are there."""

    def acts(self) -> Acts:
        return [
            (20, self.somebody_claims, False), (4, self.several_claim, False), (25, self.the_owner_replies, False),
            (3, self.another_replies, False), (4, self.a_reply_is_corrected, False), (4, self.a_note, False),
            (4, self.it_is_handed_back, False), (3, self.somebody_passes, False), (18, self.the_owner_closes, False),
            (3, self.a_lead_is_asked_to_check, False), (2, self.somebody_reopens, False),
            (2, self.duty_changes, True), (1, self.a_volunteer_is_forgotten, True),
        ]  # fmt: skip

    async def somebody_claims(self) -> None:
        number, volunteer = self._scene.some(Status.WAITING), self._scene.somebody()
        if number and volunteer:
            await self._ground.press(volunteer, number, "claim")
            if self._scene.chance.random() < 0.3:
                await self._ground.press(volunteer, number, "claim")  # a second press, out of impatience

    async def several_claim(self) -> None:
        number = self._scene.some(Status.WAITING)
        if number:
            several = self._scene.chance.sample(self._scene.volunteers, k=min(3, len(self._scene.volunteers)))
            await self._ground.press_together(several, number, "claim")

    async def the_owner_replies(self) -> None:
        number = self._scene.some(Status.CLAIMED)
        owner = self._scene.owner_of(number)
        if number and owner and owner not in self._scene.away:
            await self._replies(owner, number)

    async def another_replies(self) -> None:
        """Somebody writes in a thread that is not theirs: this must reach no asker."""
        number, volunteer = self._scene.some(*OPEN), self._scene.somebody()
        if number and volunteer:
            await self._replies(volunteer, number)

    async def _replies(self, volunteer: Actor, number: int) -> None:
        is_theirs = self._scene.owner_of(number) is volunteer and volunteer.role is not Role.ASKER
        text = self._scene.words_for(Reply(number, volunteer, goes_out=is_theirs, in_thread=True))
        await self._ground.writes(volunteer, number, text)

    async def a_reply_is_corrected(self) -> None:
        """Edit what was written in a thread, whatever became of it: a reply that went out, or talk at the desk."""
        before = self._scene.chance.choice(list(self._ledger.replied) or [""])
        reply = self._ledger.replied.get(before)
        if reply is None or reply.writer.role is Role.ASKER or self._scene.one_of([reply.number]) is None:
            return
        word = self._scene.word("rep")
        if reply.number in self._ledger.rows and reply.in_thread:
            await self._ground.edits(reply.writer, before, f"I was there in 2023 {word} and it was fine.")
            self._ledger.corrects(before, word)

    async def a_note(self) -> None:
        number, volunteer = self._scene.some(*OPEN), self._scene.somebody()
        if number and volunteer:
            word = self._scene.word("not")
            self._ledger.notes(word, Note(number, volunteer, kept=volunteer.role is not Role.ASKER))
            await self._ground.writes(volunteer, number, f"// who knows more about this {word}")

    async def it_is_handed_back(self) -> None:
        number = self._scene.some(Status.CLAIMED)
        owner = self._scene.owner_of(number)
        if number and owner:
            await self._ground.press(owner, number, "hand_back", note="somebody from there should take it")

    async def somebody_passes(self) -> None:
        number, volunteer = self._scene.some(Status.WAITING), self._scene.somebody()
        if number and volunteer:
            await self._ground.press(volunteer, number, "pass")

    async def the_owner_closes(self) -> None:
        number = self._scene.some(Status.CLAIMED)
        owner = self._scene.owner_of(number)
        if number and owner:
            if owner in self._scene.leads:
                self._ledger.given_up.add(number)
            await self._ground.press(owner, number, "close")

    async def somebody_reopens(self) -> None:
        number, volunteer = self._scene.some(Status.CLOSED), self._scene.somebody()
        if number and volunteer:
            await self._ground.press(volunteer, number, "reopen")

    async def a_lead_is_asked_to_check(self) -> None:
        """Write a reply that a lead reads first: it must not go out before."""
        number = self._scene.some(Status.CLAIMED)
        owner = self._scene.owner_of(number)
        if number and owner and owner.role is Role.VOLUNTEER and owner not in self._scene.away:
            text = self._scene.words_for(Reply(number, owner, goes_out=False, is_draft=True))
            await self._ground.commands(owner, "check", text, number)

    async def duty_changes(self) -> None:
        volunteer = self._scene.somebody()
        if volunteer:
            name, words = self._scene.chance.choice(
                [("duty", "on"), ("duty", "off"), ("duty", "add daily 9-17"), ("load", "3"), ("load", "usual"),
                 ("covers", "countries UK"), ("hardtopics", "off"), ("hardtopics", "on"), ("desk", "")]
            )  # fmt: skip
            await self._ground.commands(volunteer, name, words)

    async def a_volunteer_is_forgotten(self) -> None:
        volunteer = self._scene.chance.choice(self._scene.volunteers)
        self._ledger.leaves(volunteer)
        await self._ground.is_forgotten(volunteer)
