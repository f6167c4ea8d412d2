"""What askers write to the volunteers who have their question: which one it is for, and what they read first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.conversation.asked import Asked
from bot.conversation.service import ConversationService
from bot.domain.escalation import Escalation, Reason, Status
from bot.domain.messages import Block, Handled, OutgoingMessage, Style, Words
from bot.storage.store import Transaction
from bot.triage.decision import Clarify, Decision, Distress, HandOff, Silent
from bot.triage.thanks import only_thanks
from bot.triage.triage import Triaged


class Relaying:
    """Passes askers' words on to an escalation of theirs."""

    def __init__(self, service: ConversationService) -> None:
        self._service = service

    async def partner(self, tx: Transaction, person: int, now: datetime) -> Escalation | None:
        """Give the open escalation that words in private are for.

        A cry for help that has no answer yet comes first, then the one whose volunteer wrote last, then the newest
        that somebody has, then the newest.
        """
        recent = await tx.escalations.of_asker(person, closed_after=now)
        ours = [one for one in recent if one.is_open and one.reason is not Reason.SPAM]
        heard = await tx.said.last_heard([one.id for one in ours]) if len(ours) > 1 else None

        def nearness(one: Escalation) -> tuple[bool, bool, bool, int]:
            return one.urgent and one.answered_at is None, one.id == heard, one.status is Status.CLAIMED, one.id

        return max(ours, key=nearness, default=None)

    async def pass_on(
        self, tx: Transaction, asked: Asked, escalation: Escalation, words: Words, triaged: Triaged, now: datetime
    ) -> Handled:
        """Pass words on; despair gets a warm line with somebody to call first, and makes the escalation a hard one."""
        in_crisis = escalation.reason is Reason.CRISIS  # its asker has read whom to call, and talks with somebody
        call = () if in_crisis else self._service.somebody_to_call(asked, triaged)
        first: tuple[OutgoingMessage, ...] = (replace(asked.reply(*call), escalation_id=escalation.id),) if call else ()
        if isinstance(triaged.decision, Distress):
            first = self._comfort(asked, escalation, triaged.decision, now)
            first = (*first, *await self._service.desk.turned_hard(tx, escalation))
        wants_words = bool(words.attachments) or not only_thanks(words.text)
        said = await self._service.desk.asker_said(tx, escalation, words, now, wants_words=wants_words)
        return Handled(f"said #{escalation.id}", (*first, *said))

    async def ask(
        self, tx: Transaction, asked: Asked, escalation: Escalation, words: Words, triaged: Triaged, now: datetime
    ) -> Handled:
        """Pass on a question that `takes` lets through, after what its asker would read at a hand-over."""
        handled = await self.pass_on(tx, asked, escalation, words, triaged, now)
        if not isinstance(triaged.decision, HandOff):
            return handled
        first = self._service.before_relaying(asked, triaged.decision, now)
        return replace(handled, messages=(*first, *handled.messages))

    def _comfort(
        self, asked: Asked, escalation: Escalation, decision: Distress, now: datetime
    ) -> tuple[OutgoingMessage, ...]:
        flag = self._service.live.knowledge.safety.flag(decision.flag)
        warm = asked.reply(Block(flag.advice_for(asked.person.country), Style.CURATED))
        warm = replace(warm, escalation_id=escalation.id)
        return (warm, *self._service.beside_distress(asked, None, decision, now))

    @staticmethod
    def takes(escalation: Escalation, decision: Decision) -> bool:
        """Tell whether a question goes to the volunteer at work, because the bot would only hand it over as well.

        While a cry for help is open, nothing but a sure answer comes between the two.
        """
        if isinstance(decision, Distress):
            return True
        if escalation.urgent:
            return isinstance(decision, HandOff | Clarify | Silent)
        return escalation.status is Status.CLAIMED and isinstance(decision, HandOff)
