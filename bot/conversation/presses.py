"""What askers' buttons do; pressing and typing come to the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.conversation.asked import Asked
from bot.conversation.browse import Browse
from bot.conversation.following_up import FollowUps
from bot.conversation.mine import Mine
from bot.conversation.service import ConversationService
from bot.conversation.sharing import Sharing
from bot.domain.conversation import Awaiting, Turn, Waiting
from bot.domain.escalation import Escalation, Reason, number_in
from bot.domain.messages import Block, Button, Handled, OutgoingMessage, Words
from bot.escalation import notices
from bot.privacy import Privacy
from bot.storage.store import Transaction
from bot.triage.decision import Answer, HandOff
from bot.triage.reading import ELIGIBILITY

Press = Callable[[Transaction, Asked, str, datetime], Awaitable[Handled]]


class Presses:
    """Handles the buttons under what askers get."""

    def __init__(
        self, service: ConversationService, browse: Browse, follow_ups: FollowUps, privacy: Privacy, mine: Mine
    ) -> None:
        self._service = service
        self._browse = browse
        self._follow_ups = follow_ups
        self._privacy = privacy
        self._texts = service.texts
        self._sharing = Sharing(service.texts)
        self._by_action: dict[str, Press] = {
            "more": self._more,
            "not_meant": self._not_meant,
            "person": self._person,
            "none": self._none,
            "show": self._show,
            "choose": self._show,
            "topic": self._topic,
            "about_me": self._about_me,
            "fill": self._fill,
            "all_lists": self._all_lists,
            "stage": self._stage,
            "step": self._step,
            "stages": self._stages,
            "cancel": self._cancel,
            "in_private": self._in_private,
            "to_volunteer": self._to_volunteer,
            "share": self._share,
            "copy": self._copy,
            "forget_yes": self._forget,
            "forget_no": self._keep,
            **mine.presses(),
        }

    def knows(self, action: str) -> bool:
        """Tell whether this is an asker's button."""
        return action in self._by_action

    async def handle(self, tx: Transaction, asked: Asked, button: Button, now: datetime) -> Handled:
        """Do what the button says."""
        return await self._by_action[button.action](tx, asked, button.subject, now)

    def _stale(self, asked: Asked) -> Handled:
        return Handled("stale", (asked.reply(Block(self._texts("error.stale"))),))

    async def _more(self, _tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        entry_id, _, turn = subject.partition(":")
        entry = self._service.live.knowledge.entries.get(entry_id)
        if entry is None:
            return self._stale(asked)
        replies = self._service.replies(now)
        buttons = replies.buttons(entry, number_in(turn), more=False)
        blocks = replies.full(entry, asked.person.country)
        shown = asked.answer(*blocks, buttons=buttons)
        picture = self._service.live.knowledge.pictures.get(entry.picture or "")
        return Handled(f"more {entry_id}", (replace(shown, picture=picture),))

    async def _show(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        entry_id, _, turn = subject.partition(":")
        entry = self._service.live.knowledge.entries.get(entry_id)
        if entry is None:
            return self._stale(asked)
        number = number_in(turn)
        chosen = await self._turn(tx, asked, turn)
        if entry.by_person and chosen:
            return await self._hand_over(tx, asked, chosen, HandOff(Reason.BY_DESIGN, by_person=entry_id), now)
        answer = self._service.answer(asked, number, Answer(entry_id, follow_up=entry.topic == ELIGIBILITY), now)
        return Handled(f"answer {entry_id}", (answer,))

    async def _turn(self, tx: Transaction, asked: Asked, subject: str) -> Turn | None:
        """Give the question a button belongs to; somebody else's question stays theirs."""
        turn = await tx.conversations.turn(number) if (number := number_in(subject)) else None
        return turn if turn and turn.person == asked.person.number else None

    async def _not_meant(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        turn = await self._turn(tx, asked, subject)
        if turn is None:
            return self._stale(asked)
        knowledge = self._service.live.knowledge
        shown = set(turn.decision.split()[1:])
        thought_of = (one.entry for one in turn.considered if one.entry not in shown)
        others = [knowledge.entries[one] for one in thought_of if one in knowledge.entries]
        others = [entry for entry in others if not entry.by_person][:3]
        if not others:
            return await self._hand_over(tx, asked, turn, HandOff(Reason.NONE_FITS), now)
        blocks, buttons = self._service.replies(now).choices(others, turn.id)
        answer = asked.answer(*blocks, buttons=buttons, shareable=False)
        return Handled(f"not_meant {' '.join(shown)}", (answer,))

    async def _person(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        turn = await self._turn(tx, asked, subject)
        if turn is not None:
            return await self._hand_over(tx, asked, turn, HandOff(Reason.ASKED_FOR), now)
        if subject:
            return self._stale(asked)
        await tx.conversations.wait_for(asked.person.number, asked.address, Awaiting(Waiting.QUESTION, "person"), now)
        return Handled("person asks", (asked.reply(Block(self._texts("ask.person"))),))

    async def _none(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        turn = await self._turn(tx, asked, subject)
        if turn is None:
            return self._stale(asked)
        return await self._hand_over(tx, asked, turn, HandOff(Reason.NONE_FITS), now)

    async def _hand_over(self, tx: Transaction, asked: Asked, turn: Turn, decision: HandOff, now: datetime) -> Handled:
        """Hand a question over once, however often the button is pressed."""
        already = await tx.escalations.of_turn(turn.id)
        if already is not None:
            status = self._texts("mine.line", number=already.id, status=self._status(already), question="")
            return Handled("handoff again", (asked.reply(Block(status)),))
        if asked.room:  # pressed where the group saw nothing: it shall not see an escalation either
            turn = replace(turn, address=asked.address, private=True, message_id=None)
        return await self._service.hand_off(tx, asked, turn, decision, now)

    def _status(self, escalation: Escalation) -> str:
        return notices.status_for_asker(self._texts, escalation)

    async def _about_me(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        turn = await self._turn(tx, asked, subject)
        return await self._follow_ups.start(tx, asked, turn.question if turn else "", now)

    async def _fill(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        field, _, value = subject.partition(":")
        return await self._follow_ups.fill(tx, asked, field, value, now) or self._stale(asked)

    async def _all_lists(self, tx: Transaction, asked: Asked, _subject: str, now: datetime) -> Handled:
        return await self._follow_ups.all_lists(tx, asked, now)

    async def _topic(self, _tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        return Handled(f"topic {subject}", (self._browse.topic(asked, subject, now),))

    async def _stage(self, _tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        return Handled("stage", (self._browse.stage(asked, number_in(subject) or 1),))

    async def _step(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        """Show the stage before or after, in the place of the one shown; somebody else's message is left as it is."""
        shown = self._browse.stage(asked, number_in(subject) or 1)
        on = await tx.outbox.shown_in(asked.address, asked.message_id) if asked.pressed and asked.message_id else None
        if on and on.person == asked.person.number:
            shown = replace(shown, in_place_of=asked.message_id)
        return Handled("stage", (shown,))

    async def _share(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        return await self._sharing.share(tx, asked, subject)

    async def _copy(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        return await self._sharing.copy(tx, asked, subject)

    async def _stages(self, _tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        return Handled("stages", (self._browse.stages(asked, ""),))

    async def _own(self, tx: Transaction, asked: Asked, subject: str) -> Escalation | None:
        """Give the asker's own escalation."""
        escalation = await tx.escalations.get(number) if (number := number_in(subject)) else None
        return escalation if escalation and escalation.asker == asked.person.number else None

    async def _with_own(
        self,
        tx: Transaction,
        asked: Asked,
        subject: str,
        act: Callable[[Escalation], Awaitable[tuple[OutgoingMessage, ...]]],
        outcome: str,
    ) -> Handled:
        escalation = await self._own(tx, asked, subject)
        if escalation is None:
            return self._stale(asked)
        return Handled(f"{outcome} #{escalation.id}", await act(escalation))

    async def _cancel(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        return await self._with_own(tx, asked, subject, lambda one: self._service.desk.cancel(tx, one, now), "cancel")

    async def _in_private(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        async def act(one: Escalation) -> tuple[OutgoingMessage, ...]:
            return (await self._service.desk.answer_in_private(tx, one, asked.person, now),)

        return await self._with_own(tx, asked, subject, act, "in_private")

    async def _to_volunteer(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        """Send a question, answered by the bot, to the volunteer who has an open escalation of this asker."""
        number, _, turn_number = subject.partition(":")
        turn = await self._turn(tx, asked, turn_number)
        if turn is None:
            return self._stale(asked)
        desk = self._service.desk
        return await self._with_own(
            tx,
            asked,
            number,
            lambda one: desk.asker_said(tx, one, Words(turn.question, turn.attachments), now),
            "to_volunteer",
        )

    async def _forget(self, tx: Transaction, asked: Asked, _subject: str, now: datetime) -> Handled:
        forgotten = await self._privacy.forget(tx, asked.person.number)
        left = (forgotten.threads, forgotten.handed_back, forgotten.private)
        told = await self._service.desk.forgotten(tx, *left, now)
        done = replace(asked.reply(Block(self._texts("privacy.forgotten"))), person=None, reply_to=None, traceless=True)
        return Handled("forgotten", (done, *told))

    async def _keep(self, _tx: Transaction, asked: Asked, _subject: str, now: datetime) -> Handled:
        return Handled("kept", (asked.reply(Block(self._texts("privacy.kept"))),))
