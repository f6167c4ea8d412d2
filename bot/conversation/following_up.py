"""The eligibility follow-up in a chat: asks for what is missing, then shows what published lists say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.conversation.asked import Asked
from bot.conversation.service import ConversationService
from bot.domain.conversation import Awaiting, Waiting
from bot.domain.messages import Block, Button, Handled, OutgoingMessage
from bot.domain.people import Profile
from bot.knowledge.eligibility import Eligibility
from bot.knowledge.published import published
from bot.storage.store import Transaction
from bot.triage.follow_up import Field, filled, merged, next_field, question
from bot.triage.profile import read_profile

COUNTRIES_SHOWN = 2  # groups of lists in the first message; the others are a press away


class FollowUps:
    """Asks one field at a time; what is told stays with the conversation, and is purged with it."""

    def __init__(self, service: ConversationService) -> None:
        self._service = service
        self._texts = service.texts

    async def start(self, tx: Transaction, asked: Asked, words: str, now: datetime) -> Handled:
        """Read what was told already, and ask for the rest."""
        known = await tx.conversations.profile(asked.person.number, asked.address)
        known = replace(known, country=known.country or asked.person.country, skipped=())
        profile = merged(known, read_profile(words, now.date()))
        return await self._go_on(tx, asked, profile, now, first=True)

    async def fill(self, tx: Transaction, asked: Asked, field: str, reply: str, now: datetime) -> Handled | None:
        """Take a reply, typed or pressed, and ask for the next thing; None if it is no reply to that."""
        known = await tx.conversations.profile(asked.person.number, asked.address)
        if field not in set(Field):
            return None
        profile = filled(known, Field(field), reply, self._table(), now.date())
        return await self._go_on(tx, asked, profile, now) if profile else None

    def _table(self) -> Eligibility:
        return self._service.live.knowledge.eligibility

    async def _go_on(
        self, tx: Transaction, asked: Asked, profile: Profile, now: datetime, *, first: bool = False
    ) -> Handled:
        await tx.conversations.remember(asked.person.number, asked.address, profile, now)
        field = next_field(profile, self._table())
        awaiting = Awaiting(Waiting.FOLLOW_UP, field) if field else None
        await tx.conversations.wait_for(asked.person.number, asked.address, awaiting, now)
        if field is None:
            return Handled("follow_up done", (self.lists(asked, profile, now),))
        return Handled(f"follow_up {field}", (self._question(asked, field, first=first),))

    def _question(self, asked: Asked, field: Field, *, first: bool) -> OutgoingMessage:
        asking = question(field, self._table(), self._texts)
        buttons = tuple(Button(choice.label, "fill", f"{field}:{choice.value}") for choice in asking.choices)
        opening = [Block(self._texts("follow_up.any_time"))] if first else []
        return asked.reply(*opening, Block(asking.text), buttons=buttons)

    def lists(self, asked: Asked, profile: Profile, now: datetime, *, every: bool = False) -> OutgoingMessage:
        """Show what published lists say: those nearest to the asker, or every one."""
        table = self._table()
        countries = table.countries(profile.country)
        shown = countries if every else countries[:COUNTRIES_SHOWN]
        buttons = [Button(self._texts("button.person"), "person", "")]
        if len(shown) < len(countries):
            buttons.insert(0, Button(self._texts("button.all_lists"), "all_lists", ""))
        return asked.reply(*published(profile, table, self._texts, now.date(), shown), buttons=tuple(buttons))

    async def all_lists(self, tx: Transaction, asked: Asked, now: datetime) -> Handled:
        """Show the lists of every country."""
        profile = await tx.conversations.profile(asked.person.number, asked.address)
        return Handled("follow_up all", (self.lists(asked, profile, now, every=True),))
