"""What the askers of a crowd do."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.escalation import Status
from bot.domain.people import Role
from bot.escalation.desk import REOPEN_WITHIN
from tests.simulation.believed import Kind, Reply
from tests.simulation.ground import Actor
from tests.simulation.scene import OPEN, Acts, Party

QUESTIONS = ("does the hospital have wifi {word}", "is there a lift near ward {word}", "who waters the plants {word}")
CRIES = ("i want to kill myself {word}",)
STATEMENTS = "I forgot to say that it is about my {word} visit in spring."
THANKS = "thank you so much {word}"


class Asking(Party):
    """Askers: they ask, add, thank, correct, cancel, rate, choose, and want to be forgotten."""

    def acts(self) -> Acts:
        return [
            (22, self.somebody_asks, False), (1, self.somebody_is_in_danger, False), (8, self.an_asker_adds, False),
            (2, self.an_asker_presses_add, False), (3, self.an_asker_writes_in_private, False),
            (3, self.an_asker_thanks, False), (4, self.an_asker_corrects, False), (3, self.an_asker_cancels, False),
            (3, self.an_asker_rates, False), (3, self.an_asker_chooses_the_place, False),
            (2, self.an_asker_shows_or_hides_their_name, False), (1, self.an_asker_is_forgotten, False),
        ]  # fmt: skip

    async def somebody_asks(self) -> None:
        if asker := self._scene.some_asker():
            await self._asks(asker, Kind.QUESTION, self._scene.chance.choice(QUESTIONS))

    async def somebody_is_in_danger(self) -> None:
        """Cry for help; it goes to an urgent question of theirs, if one is open."""
        asker = self._scene.some_asker()
        if asker and self._scene.touches_all_of(asker):
            await self._asks(asker, Kind.CRY, self._scene.chance.choice(CRIES))

    async def _asks(self, asker: Actor, kind: Kind, template: str) -> None:
        word, private = self._scene.word("ask"), self._scene.chance.random() < 0.5
        self._ledger.asks(word, asker, kind, private=private)
        await self._ground.asks(asker, template.format(word=word), private=private)

    async def an_asker_adds(self) -> None:
        """Write again, as a reply to what the bot or a volunteer said last about an escalation."""
        await self._replies(Kind.MORE, STATEMENTS)

    async def an_asker_thanks(self) -> None:
        await self._replies(Kind.THANKS, THANKS)

    async def _replies(self, kind: Kind, template: str) -> None:
        chosen = self._scene.theirs(*Status)
        if chosen and not self._is_over(chosen[0]):
            number, asker = chosen
            word = self._scene.word("ask")
            if await self._ground.adds(asker, number, template.format(word=word)):
                self._ledger.asks(word, asker, kind)

    def _is_over(self, number: int) -> bool:
        """Tell whether it was closed so long ago that a reply is a message like any other."""
        closed_at = self._scene.row(number).closed_at
        return closed_at is not None and self._ground.clock() - closed_at > REOPEN_WITHIN - timedelta(days=1)

    async def an_asker_presses_add(self) -> None:
        """Press Add, and write what belongs to that question, however many are open."""
        chosen = self._scene.theirs(*OPEN)
        if chosen and await self._ground.presses_add(chosen[1], chosen[0]):
            await self._ground.settle()
            word = self._scene.word("ask")
            self._ledger.asks(word, chosen[1], Kind.MORE)
            await self._ground.says(chosen[1], STATEMENTS.format(word=word))

    async def an_asker_writes_in_private(self) -> None:
        """Write without a reply: it is for one of the questions that are open."""
        chosen = self._scene.theirs(*OPEN)
        if chosen and self._scene.touches_all_of(chosen[1], but=chosen[0]):
            word = self._scene.word("ask")
            self._ledger.asks(word, chosen[1], Kind.MORE)
            await self._ground.says(chosen[1], STATEMENTS.format(word=word))

    async def an_asker_corrects(self) -> None:
        """Edit a question, or what was added to it."""
        before = self._scene.chance.choice(list(self._ledger.asked) or [""])
        asked = self._ledger.asked.get(before)
        if asked is None or asked.kind not in (Kind.QUESTION, Kind.MORE) or not self._scene.begins(asked.asker):
            return
        if self._ledger.is_paused(asked.asker) or not self._scene.touches_all_of(asked.asker):
            return
        word, template = self._scene.word("ask"), QUESTIONS[0] if asked.kind is Kind.QUESTION else STATEMENTS
        if await self._ground.edits(asked.asker, before, template.format(word=word)):
            self._ledger.corrects(before, word)

    async def an_asker_cancels(self) -> None:
        number = self._scene.some(*OPEN)
        if number and self._scene.begins(self._scene.asker_of(number)):
            self._ledger.given_up.add(number)
            await self._ground.asker_presses(self._scene.asker_of(number), number, "cancel")

    async def an_asker_rates(self) -> None:
        """Say whether it helped, of one that is closed, or open again by now; who was not helped waits for words."""
        if chosen := self._scene.theirs(*Status):
            number, asker = chosen
            action = self._scene.chance.choice(["helped", "not_helped"])
            if await self._ground.asker_presses(asker, number, action) and action == "not_helped":
                self._ledger.cases[number].owes(self._ground.clock())

    async def an_asker_chooses_the_place(self) -> None:
        """Have answers in private from now on, or in the group again, if that is where it was asked."""
        if chosen := self._scene.theirs(*OPEN):
            case = self._ledger.cases[chosen[0]]
            action = self._scene.chance.choice(["in_private", "in_group"])
            if await self._ground.asker_presses(chosen[1], chosen[0], action):
                case.private = action == "in_private" or case.asked_in_private

    async def an_asker_shows_or_hides_their_name(self) -> None:
        if chosen := self._scene.theirs(*OPEN):
            case = self._ledger.cases[chosen[0]]
            action = "hide_name" if case.named else "show_name"
            if await self._ground.asker_presses(chosen[1], chosen[0], action):
                case.named = not case.named
                case.was_named |= case.named

    async def an_asker_is_forgotten(self) -> None:
        """Have everything deleted; now and then a volunteer replies at that moment."""
        asker = self._scene.some_asker()
        if asker is None or not self._scene.touches_all_of(asker):
            return
        owned = [(number, self._scene.owner_of(number)) for number in self._ledger.numbers_of(asker)]
        at_work = [(number, owner) for number, owner in owned if owner and owner.role is not Role.ASKER]
        await self._ground.is_forgotten(asker)
        if at_work and self._scene.chance.random() < 0.5:
            number, owner = self._scene.chance.choice(at_work)
            text = self._scene.words_for(Reply(number, owner, goes_out=True, in_thread=True))
            await self._ground.writes(owner, number, text)
        self._ledger.forgets(asker)
