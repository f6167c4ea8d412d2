"""What must hold after every step, checked from outside: from what is to be seen, and from what is stored."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bot.domain.escalation import Status, Voice
from bot.storage.tables import escalations, people, said
from tests.simulation.ground import PLATFORMS, Actor, Ground, Sight

FIRST_OFFERED = {Status.WAITING: "claim", Status.CLAIMED: "reply", Status.CLOSED: "reopen"}
_NUMBER = re.compile(r"#(\d+)")
_TAKEN = re.compile(r"(?P<name>\w+) has #\d+\.")  # as it is told to the desks


@dataclass
class Ledger:
    """Keeps what people did, and compares it with what came of it.

    Every message of an asker and every reply of a volunteer carries a word of its own, so that it is found again
    wherever it turns up.
    """

    ground: Ground
    asked: dict[str, Actor] = field(default_factory=dict)  # an asker's word -> the asker
    replied: dict[str, int] = field(default_factory=dict)  # a volunteer's word -> the escalation it was meant for
    refused: set[str] = field(default_factory=set)  # words of those who may not reply there
    given_up: set[int] = field(default_factory=set)  # closed by their asker or a lead
    cards: dict[str, dict[int, Sight]] = field(default_factory=lambda: {one: {} for one in PLATFORMS})
    shown: dict[tuple[str, str], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )  # platform, word -> threads
    taken: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # by whom since the last check
    may_change: set[int] = field(default_factory=set)  # escalations that may have been taken from their owner meanwhile
    arrived: set[str] = field(default_factory=set)  # a volunteer's words that their asker has got
    rows: dict[int, Any] = field(default_factory=dict)
    checks: int = 0
    _new: list[str] = field(default_factory=list)

    def asks(self, word: str, asker: Actor) -> None:
        self.asked[word] = asker
        self._new.append(word)

    async def check(self, *, everything: bool = False) -> None:
        """Check what this step can have changed; with `everything`, all that was ever said."""
        self.checks += 1
        before = self.rows
        await self._read_rows()
        for sight in self.ground.look():
            self._seen(sight)
        self._nobody_was_robbed(before)
        self._one_owner_and_every_open_one_visible()
        self._nothing_closed_unanswered()
        await self._each_word_in_one_place(list(self.asked) if everything else self._new)
        self._new.clear()

    async def _read_rows(self) -> None:
        owners, askers = people.alias(), people.alias()
        query = (
            select(escalations.c.id, escalations.c.status, escalations.c.owner_id, escalations.c.answered_at,
                   escalations.c.closed_at, owners.c.name.label("owner"), askers.c.platform, askers.c.user)
            .join(askers, askers.c.id == escalations.c.asker_id)
            .outerjoin(owners, owners.c.id == escalations.c.owner_id)
        )  # fmt: skip
        async with self.ground.app.store.transaction() as tx:
            self.rows = {row.id: row for row in (await tx.connection.execute(query)).all()}

    def _seen(self, sight: Sight) -> None:
        if sight.thread is None:
            self._only_to_its_asker(sight)
        elif sight.offers:
            self.cards[sight.platform][sight.thread] = sight
        else:
            self.taken[sight.thread] |= {found["name"] for found in _TAKEN.finditer(sight.text)}
            for word in _words(sight.text, "ask"):
                self.shown[sight.platform, word].add(sight.thread)

    def _only_to_its_asker(self, sight: Sight) -> None:
        for word in _words(sight.text, "rep"):
            row = self.rows[self.replied[word]]
            assert word not in self.refused, f"{word} went out, and its writer may not reply there"
            assert str(row.id) in _NUMBER.findall(sight.text), f"{word} went out as part of another escalation"
            assert sight.platform == row.platform, f"{word} went to another platform"
            assert sight.reader == row.user, f"{word} reached somebody else"
            self.arrived.add(word)

    def _nobody_was_robbed(self, before: dict[int, Any]) -> None:
        """Of those who claim at once one gets it, and it stays theirs until they, a lead or time takes it from them."""
        for number, names in self.taken.items():
            assert len(names) <= 1, f"{names} were told that they have #{number}"
        for number, row in self.rows.items():
            owner = before[number].owner if number in before and before[number].status == Status.CLAIMED else None
            stays = row.status != Status.CLAIMED or row.owner == owner or number in self.may_change
            assert owner is None or stays, f"#{number} was taken from {owner}"
        self.taken.clear()
        self.may_change.clear()

    def _one_owner_and_every_open_one_visible(self) -> None:
        for number, row in self.rows.items():
            assert (row.status == Status.CLAIMED) <= (row.owner_id is not None), f"#{number} is claimed by nobody"
            assert (row.status == Status.WAITING) <= (row.owner_id is None), f"#{number} waits and has an owner"
            for platform in PLATFORMS:
                card = self.cards[platform].get(number)
                assert card is not None, f"#{number} is not to be seen on {platform}"
                right = card.offers == FIRST_OFFERED[row.status]
                assert right, f"#{number} is {row.status}, and its card on {platform} offers {card.offers}"
                if row.status == Status.CLAIMED:
                    assert f"with {row.owner}" in card.text, f"the card of #{number} names another owner"

    def _nothing_closed_unanswered(self) -> None:
        for number, row in self.rows.items():
            if row.status == Status.CLOSED and row.answered_at is None:
                assert number in self.given_up, f"#{number} was closed without an answer"

    async def _each_word_in_one_place(self, words: list[str]) -> None:
        """Every message of an asker is in exactly one escalation of theirs, and each desk shows it there and only there."""
        async with self.ground.app.store.transaction() as tx:
            for word in words:
                asked = select(escalations.c.id).where(escalations.c.question.contains(word))
                told = select(said.c.escalation_id).where(said.c.by == Voice.ASKER, said.c.text.contains(word))
                opened = (await tx.connection.execute(asked)).scalars().all()
                added = (await tx.connection.execute(told)).scalars().all()
                assert len(opened) + len(added) == 1, f"{word} is in {[*opened, *added]}"
                self._theirs_and_shown(word, [*opened, *added][0], is_question=bool(opened))

    def _theirs_and_shown(self, word: str, number: int, *, is_question: bool) -> None:
        row, asker = self.rows[number], self.asked[word]
        is_theirs = (row.platform, row.user) == (asker.platform, asker.account)
        assert is_theirs, f"{word} is with somebody else's question"
        for platform in PLATFORMS:
            threads = self.shown[platform, word]
            if is_question:
                assert word in self.cards[platform][number].text, f"{word} is not on its card on {platform}"
                assert threads <= {number}, f"{word} was shown in {threads} on {platform}"
            else:
                assert threads == {number}, f"{word} was shown in {threads} on {platform}, and belongs to #{number}"

    def all_replies_arrived(self) -> None:
        """Check that each reply of somebody who may reply there got to its asker."""
        lost = set(self.replied) - self.refused - self.arrived
        assert not lost, f"these replies reached nobody: {sorted(lost)}"


def _words(text: str, kind: str) -> list[str]:
    return [word for word in text.split() if word.startswith(f"{kind}x") and word[4:].isdecimal()]
