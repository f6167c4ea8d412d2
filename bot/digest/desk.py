"""`/digest`, and the digest of every week: numbers for leads, in private."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.digest import words
from bot.digest.numbers import Digest, digest_of
from bot.digest.pictures import Pictures
from bot.domain.escalation import number_in
from bot.domain.messages import (
    Address,
    Attachment,
    Block,
    Button,
    ButtonPressed,
    CommandGiven,
    Event,
    Handled,
    MessageReceived,
    OutgoingMessage,
    Place,
)
from bot.domain.people import Person, Role
from bot.escalation.features import DeskFeature, answer, for_them_only
from bot.storage.digests import Digests
from bot.storage.store import Transaction
from bot.texts import Texts
from bot.triage.live import LiveTriage

USUAL, MOST = 7, 90  # days of a digest
CHORE = "digest"
CSV = "csv"  # the word that asks for a table
FILE = "digest_file"  # the button that does


@dataclass(frozen=True, slots=True)
class Weekly:
    """When the digest of the week is sent: a weekday (0: Monday; None: never) and an hour, UTC."""

    weekday: int | None = 0
    hour: int = 8

    def slot(self, now: datetime) -> datetime | None:
        """Give the last time at which it was due."""
        if self.weekday is None:
            return None
        today = now.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        slot = today - timedelta(days=(now.weekday() - self.weekday) % 7)
        return slot if slot <= now else slot - timedelta(days=7)


class DigestDesk:
    """Counts, writes the numbers down, and has them drawn."""

    def __init__(self, texts: Texts, live: LiveTriage, pictures: Pictures, weekly: Weekly, kept_days: int) -> None:
        self._texts = texts
        self._live = live
        self._pictures = pictures
        self._weekly = weekly
        self._most = min(MOST, kept_days)  # of what was purged there is nothing to count

    def feature(self) -> DeskFeature:
        """Give its command and its button, for leads, and what is due with time."""
        commands, presses = {"digest": self._given}, {FILE: self._pressed}
        for_leads = frozenset({*commands, *presses})
        return DeskFeature("digest", commands=commands, presses=presses, for_leads=for_leads, due=self._due)

    async def _given(self, tx: Transaction, event: CommandGiven, lead: Person, now: datetime) -> Handled:
        """Give the numbers of `/digest` or `/digest 30`, or with `csv` among its words the table of them."""
        given = event.argument.casefold().split()
        days = next((number for word in given if (number := number_in(word))), USUAL)
        if CSV in given:
            return await self._file(tx, event, days, lead, now)
        digest = await count(tx, self._live, min(days, self._most), now)
        shown = for_them_only(event, lead, *words.blocks(self._texts, digest), buttons=self._buttons(digest))
        self._draw(digest, [Address.private_with(lead.id)], [lead.number])
        return Handled("digest", (shown, *self._told(event)))

    async def _pressed(
        self, tx: Transaction, event: ButtonPressed | MessageReceived, subject: str, lead: Person, now: datetime
    ) -> Handled:
        return await self._file(tx, event, number_in(subject) or USUAL, lead, now)

    async def _file(self, tx: Transaction, event: Event, days: int, lead: Person, now: datetime) -> Handled:
        digest = await count(tx, self._live, min(days, self._most), now)
        table = Attachment.written(f"digest-{digest.until:%Y-%m-%d}-{digest.days}-days.csv", digest.csv())
        shown = for_them_only(event, lead, Block(self._texts("digest.file", days=digest.days)))
        return Handled("digest csv", (replace(shown, attachments=(table,)), *self._told(event)))

    def _buttons(self, digest: Digest) -> tuple[Button, ...]:
        return (Button(self._texts("button.digest_file"), FILE, str(digest.days)),)

    def _told(self, event: Event) -> tuple[OutgoingMessage, ...]:
        """Say where it goes, to somebody who asked for it elsewhere."""
        elsewhere = event.place is not Place.PRIVATE
        return (answer(event, Block(self._texts("privacy.in_private"))),) if elsewhere else ()

    async def _due(self, tx: Transaction, now: datetime) -> Sequence[OutgoingMessage]:
        slot = self._weekly.slot(now)
        leads = await tx.roster.leads() if slot else []
        if slot is None or not leads or not await Digests(tx.connection).claim(CHORE, slot, now):
            return ()
        digest = await count(tx, self._live, USUAL, now)
        to, numbers = [Address.private_with(lead.id) for lead in leads], [lead.number for lead in leads]
        self._draw(digest, to, numbers)
        blocks, buttons = words.blocks(self._texts, digest), self._buttons(digest)
        shown = [OutgoingMessage(one, blocks, buttons, person=number) for one, number in zip(to, numbers, strict=True)]
        return [replace(one, only_for=Role.LEAD) for one in shown]

    def _draw(self, digest: Digest, to: Sequence[Address], numbers: Sequence[int]) -> None:
        title = Block(self._texts("digest.drawn", days=digest.days))
        messages = [
            OutgoingMessage(one, (title,), person=number, only_for=Role.LEAD)
            for one, number in zip(to, numbers, strict=True)
        ]
        self._pictures.send(words.drawn(self._texts, digest), words.alt(self._texts, digest), messages)


async def count(tx: Transaction, live: LiveTriage, days: int, now: datetime) -> Digest:
    """Give the digest of the last days."""
    counted = await Digests(tx.connection).count(now - timedelta(days=days), now)
    gaps = await tx.gaps.count((now - timedelta(days=days)).date())
    return digest_of(counted, gaps, live.knowledge, days, now.date())
