"""What must hold after every step, checked from outside: from what was sent, and from what is stored."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from bot.domain.escalation import Status, Voice, card_key
from bot.domain.messages import Address, OutgoingMessage
from bot.storage.tables import escalations, people, said
from tests.world import World

PLATFORMS = ("telegram", "discord")


@dataclass
class Ledger:
    """Keeps what people did, and compares it with what came of it.

    Every message of an asker and every reply of a volunteer carries a word of its own, so that it is found again
    wherever it turns up.
    """

    world: World
    asked: dict[str, str] = field(default_factory=dict)  # an asker's word -> the asker's account
    replied: dict[str, int] = field(default_factory=dict)  # a volunteer's word -> the escalation it was meant for
    refused: set[str] = field(default_factory=set)  # words of those who may not reply there
    given_up: set[int] = field(default_factory=set)  # closed by their asker or a lead
    cards: dict[str, dict[int, OutgoingMessage]] = field(default_factory=lambda: {one: {} for one in PLATFORMS})
    shown: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # an asker's word -> threads
    rows: dict[int, Any] = field(default_factory=dict)
    checks: int = 0
    _read: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PLATFORMS, 0))
    _new: list[str] = field(default_factory=list)

    def asks(self, word: str, account: str) -> None:
        self.asked[word] = account
        self._new.append(word)

    async def check(self, *, everything: bool = False) -> None:
        """Check what this step can have changed; with `everything`, all that was ever said."""
        self.checks += 1
        await self._read_rows()
        for platform in PLATFORMS:
            self._read_sent(platform)
        self._one_owner_and_every_open_one_visible()
        self._nothing_closed_unanswered()
        await self._each_word_in_one_place(list(self.asked) if everything else self._new)
        self._new.clear()

    async def _read_rows(self) -> None:
        owners, askers = people.alias(), people.alias()
        query = (
            select(escalations.c.id, escalations.c.status, escalations.c.owner_id, escalations.c.answered_at,
                   owners.c.name.label("owner"), askers.c.platform, askers.c.user)
            .join(askers, askers.c.id == escalations.c.asker_id)
            .outerjoin(owners, owners.c.id == escalations.c.owner_id)
        )  # fmt: skip
        async with self.world.app.store.transaction() as tx:
            self.rows = {row.id: row for row in (await tx.connection.execute(query)).all()}

    def _read_sent(self, platform: str) -> None:
        """Read what was sent since the last check: cards, what desks were shown, and what askers got."""
        sent = self.world.adapter(platform).sent
        for delivery in sent[self._read[platform] :]:
            message = delivery.message
            if message.key and message.escalation_id and message.key == card_key(message.escalation_id):
                self.cards[platform][message.escalation_id] = message
            elif message.on_desk and message.escalation_id:
                for word in _words(message.text(), "ask"):
                    self.shown[word].add(message.escalation_id)
            elif not message.on_desk and message.to.chat != "desk":
                self._only_to_its_asker(message, platform)
        self._read[platform] = len(sent)

    def _only_to_its_asker(self, message: OutgoingMessage, platform: str) -> None:
        for word in _words(message.text(), "rep"):
            row = self.rows[self.replied[word]]
            assert word not in self.refused, f"{word} went out, and its writer may not reply there"
            assert message.escalation_id == row.id, f"{word} went out as part of another escalation"
            assert platform == row.platform, f"{word} went to another platform"
            mine = Address(row.platform, f"dm:{row.user}")
            to_asker = message.to == mine or message.person == self.world.people[self._id_of(row)]
            assert to_asker, f"{word} reached somebody else"

    def _id_of(self, row: Any) -> Any:  # noqa: ANN401
        return next(one for one in self.world.people if (one.platform, one.user) == (row.platform, row.user))

    def _one_owner_and_every_open_one_visible(self) -> None:
        for number, row in self.rows.items():
            assert (row.status == Status.CLAIMED) <= (row.owner_id is not None), f"#{number} is claimed by nobody"
            assert (row.status == Status.WAITING) <= (row.owner_id is None), f"#{number} waits and has an owner"
            for platform in PLATFORMS:
                card = self.cards[platform].get(number)
                assert card is not None, f"#{number} is not to be seen on {platform}"
                first = card.buttons[0].action
                expected = {Status.WAITING: "claim", Status.CLAIMED: "reply", Status.CLOSED: "reopen"}[row.status]
                assert first == expected, f"#{number} is {row.status}, and its card on {platform} offers {first}"
                if row.status == Status.CLAIMED:
                    assert f"with {row.owner}" in card.body[0].text, f"the card of #{number} names another owner"

    def _nothing_closed_unanswered(self) -> None:
        for number, row in self.rows.items():
            if row.status == Status.CLOSED and row.answered_at is None:
                assert number in self.given_up, f"#{number} was closed without an answer"

    async def _each_word_in_one_place(self, words: list[str]) -> None:
        """Every message of an asker is in exactly one escalation of theirs, and is shown in no thread of another."""
        async with self.world.app.store.transaction() as tx:
            for word in words:
                asked = select(escalations.c.id).where(escalations.c.question.contains(word))
                told = select(said.c.escalation_id).where(said.c.by == Voice.ASKER, said.c.text.contains(word))
                places = [
                    *(await tx.connection.execute(asked)).scalars(),
                    *(await tx.connection.execute(told)).scalars(),
                ]
                assert len(places) == 1, f"{word} is in {places}"
                row = self.rows[places[0]]
                assert f"{row.platform}:{row.user}" == self.asked[word], f"{word} is with somebody else's question"
                assert self.shown[word] <= {places[0]}, f"{word} was shown in {self.shown[word]}"

    async def replies_kept(self) -> int:
        """Count the replies that were stored."""
        async with self.world.app.store.transaction() as tx:
            query = select(func.count()).select_from(said).where(said.c.by == Voice.VOLUNTEER)
            return int((await tx.connection.execute(query)).scalar_one())


def _words(text: str, kind: str) -> list[str]:
    return [word for word in text.replace("\n", " ").split() if word.startswith(f"{kind}x") and word[4:].isdecimal()]
