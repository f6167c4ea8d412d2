"""ConversationService: a question -> a decision -> messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.conversation.asked import Asked
from bot.conversation.replies import Replies
from bot.domain.conversation import Considered, Turn
from bot.domain.escalation import Escalation, Reason
from bot.domain.messages import Addressed, Block, Button, Handled, OutgoingMessage, Style, Words
from bot.escalation.desk import EscalationDesk
from bot.storage.store import Transaction
from bot.texts import Texts
from bot.triage.decision import Answer, Clarify, Decision, Distress, HandOff, Safety, Several, Silent, Spam
from bot.triage.live import LiveTriage
from bot.triage.triage import Triaged

ALBUM_WITHIN = timedelta(seconds=10)  # for pictures that were sent together with a question


class ConversationService:
    """Answers askers; `now` is passed in."""

    def __init__(self, live: LiveTriage, desk: EscalationDesk, texts: Texts) -> None:
        self.live = live
        self.desk = desk
        self.texts = texts

    def replies(self, now: datetime) -> Replies:
        """Give the renderer of answers for the knowledge in use."""
        return Replies(self.live.knowledge, self.texts, now.date())

    async def handle(self, tx: Transaction, asked: Asked, now: datetime) -> Handled:
        """Decide a message and answer it."""
        return await self.act(tx, asked, self.live.triage.decide(asked.text, asked.addressed), now)

    async def act(self, tx: Transaction, asked: Asked, triaged: Triaged, now: datetime) -> Handled:
        """Do what was decided; where it may be a cry for help, name somebody to call below it."""
        handled = await self._act(tx, asked, triaged, now)
        if not (call := self.somebody_to_call(asked, triaged)):
            return handled
        first, *others = handled.messages
        return replace(handled, messages=(replace(first, body=(*first.body, *call)), *others))

    def somebody_to_call(self, asked: Asked, triaged: Triaged) -> tuple[Block, ...]:
        """Give what is said below the reply to a message that may be a cry for help."""
        worry = self.live.knowledge.safety.worry
        if worry is None or not triaged.names_somebody_to_call:
            return ()
        return (Block(worry.advice_for(asked.person.country), Style.CURATED),)

    async def _act(self, tx: Transaction, asked: Asked, triaged: Triaged, now: datetime) -> Handled:
        decision = triaged.decision
        if isinstance(decision, Silent):
            if asked.wordless and await self._came_along(tx, asked, now):
                return Handled("files of a question")
            return Handled(f"silent {decision.why}", self._hint(asked, decision, now))
        turn = await self._turn(tx, asked, triaged, now)
        match decision:
            case Safety():
                return await self._safety(tx, asked, turn, decision, now)
            case Distress():
                return await self._distress(tx, asked, turn, decision, now)
            case HandOff():
                return await self.hand_off(tx, asked, turn, decision, now)
            case Clarify():
                return self._clarify(asked, turn, decision, now)
            case Several():
                return await self._several(tx, asked, turn, decision, now)
            case Spam():
                _, cards = await self.desk.open(tx, turn, Reason.SPAM, now)
                return Handled(f"spam {decision.why}", cards)
            case Answer():
                return Handled(f"answer {decision.entry_id}", (self.answer(asked, turn.id, decision, now),))

    async def act_beside(
        self, tx: Transaction, asked: Asked, triaged: Triaged, open_one: Escalation, now: datetime
    ) -> Handled:
        """Do what was decided, and offer to send the question to the volunteer who is at work already."""
        handled = await self.act(tx, asked, triaged, now)
        if not isinstance(triaged.decision, Answer | Several | Clarify):
            return handled
        turns = await tx.conversations.recent_turns(asked.person.number, 1)
        button = Button(self.texts("button.to_volunteer"), "to_volunteer", f"{open_one.id}:{turns[-1].id}")
        first, *others = handled.messages
        return replace(handled, messages=(replace(first, buttons=(*first.buttons, button)), *others))

    async def hand_over_unread(self, tx: Transaction, asked: Asked, decision: HandOff, now: datetime) -> Handled:
        """Open an escalation for words that could not be read (our own mistake)."""
        turn = await self.keep_turn(tx, asked, f"handoff {decision.reason}", (), now)
        return await self.hand_off(tx, asked, turn, decision, now)

    async def keep_turn(
        self, tx: Transaction, asked: Asked, decision: str, considered: tuple[Considered, ...], now: datetime
    ) -> Turn:
        """Keep a question with what was decided; buttons refer to it."""
        number = await tx.conversations.add_turn(
            person=asked.person.number,
            address=asked.address,
            private=asked.private,
            message_id=asked.message_id,
            question=asked.text,
            decision=decision,
            considered=considered,
            files=asked.attachments,
            now=now,
        )
        place = (asked.address, asked.private, asked.message_id)
        return Turn(number, asked.person.number, *place, asked.text, decision, considered, now, asked.attachments)

    async def _turn(self, tx: Transaction, asked: Asked, triaged: Triaged, now: datetime) -> Turn:
        return await self.keep_turn(tx, asked, _name(triaged.decision), triaged.reading.considered(), now)

    async def _came_along(self, tx: Transaction, asked: Asked, now: datetime) -> bool:
        """Keep files with the question sent just before them: an album comes one by one, the first with words."""
        after = now - ALBUM_WITHIN
        return await tx.conversations.add_files(asked.person.number, asked.address, after, asked.attachments)

    def _hint(self, asked: Asked, decision: Silent, now: datetime) -> tuple[OutgoingMessage, ...]:
        """Say what to do where silence would look like a fault: to a statement in private, to a file without words.

        Of several files, sent together, the last hint takes the place of the ones before.
        """
        mute = asked.wordless and asked.addressed is Addressed.DIRECT
        if not mute and (not asked.private or decision.why in ("chatter", "not addressed")):
            return ()
        person = Button(self.texts("button.person"), "person", "")
        if mute:
            told = asked.reply(Block(self.texts("ask.no_words")), buttons=(person,))
            return (replace(told, key=f"no words:{asked.person.number}:{now:%Y%m%d%H%M}"),)
        return (asked.reply(Block(self.texts("ask.hint")), buttons=(person,)),)

    def answer(self, asked: Asked, turn: int | None, decision: Answer, now: datetime) -> OutgoingMessage:
        """Give the short answer of an entry."""
        entry = self.live.knowledge.entries[decision.entry_id]
        replies = self.replies(now)
        blocks, buttons = replies.short(entry, asked.person.country), replies.buttons(entry, turn)
        if decision.follow_up and self.live.knowledge.eligibility.programmes:
            blocks = (*blocks, Block(self.texts("answer.follow_up")))
            buttons = (*buttons, self._about_me(turn))
        return asked.answer(*blocks, buttons=buttons)

    def _about_me(self, turn: int | None) -> Button:
        return Button(self.texts("button.about_me"), "about_me", str(turn or ""))

    def _clarify(self, asked: Asked, turn: Turn, decision: Clarify, now: datetime) -> Handled:
        entries = [self.live.knowledge.entries[candidate.entry_id] for candidate in decision.candidates]
        blocks, buttons = self.replies(now).choices(entries, turn.id)
        if decision.follow_up and self.live.knowledge.eligibility.programmes:
            blocks, buttons = (*blocks, Block(self.texts("answer.follow_up"))), (*buttons, self._about_me(turn.id))
        outcome = f"clarify {' '.join(entry.id for entry in entries)}"
        return Handled(outcome, (asked.answer(*blocks, buttons=buttons, shareable=False),))

    async def hand_off(self, tx: Transaction, asked: Asked, turn: Turn, decision: HandOff, now: datetime) -> Handled:
        """Open an escalation; show the general entry beside it where there is a sure one."""
        escalation, cards = await self._open(tx, asked, turn, decision.reason, now)
        told = await self.desk.opened_for_asker(tx, escalation)
        first = [Block(text, Style.CURATED) for text in self._before_handing_off(decision, asked.person.country)]
        first.append(Block(self.texts(f"handoff.{decision.reason}")))
        told = replace(told, body=(*first, *told.body))
        general = self._general(asked, turn.id, decision, now)
        return Handled(f"handoff {decision.reason}", (*general, told, *cards))

    def before_relaying(self, asked: Asked, decision: HandOff, now: datetime) -> tuple[OutgoingMessage, ...]:
        """Give what is read before a hand-over, for a question that goes to the volunteer who is at work already."""
        texts = self._before_handing_off(decision, asked.person.country) if decision.flag else []
        blocks = [Block(text, Style.CURATED) for text in texts]
        advice = (asked.reply(*blocks),) if blocks else ()
        return (*self._general(asked, None, decision, now), *advice)

    async def _open(
        self, tx: Transaction, asked: Asked, turn: Turn, reason: Reason, now: datetime
    ) -> tuple[Escalation, tuple[OutgoingMessage, ...]]:
        """Open an escalation; only now is the language of somebody's app worth keeping."""
        if asked.language:
            await tx.people.set_language(asked.person.number, asked.language, said=False)
        return await self.desk.open(tx, turn, reason, now)

    def _before_handing_off(self, decision: HandOff, country: str | None) -> list[str]:
        """Give the curated words of an entry that hands over by design, or of an advice flag."""
        if decision.by_person:
            return [self.live.knowledge.entries[decision.by_person].short]
        if decision.flag:
            return [self.live.knowledge.safety.flag(decision.flag).advice_for(country)]
        return []

    def _general(self, asked: Asked, turn: int | None, decision: HandOff, now: datetime) -> tuple[OutgoingMessage, ...]:
        if decision.general is None:
            return ()
        shown = self.answer(asked, turn, Answer(decision.general), now)
        general = Block(self.texts("handoff.personal_general"))
        return (replace(shown, body=(*shown.body, general)),)

    async def _several(self, tx: Transaction, asked: Asked, turn: Turn, decision: Several, now: datetime) -> Handled:
        answers = tuple(self.answer(asked, turn.id, answer, now) for answer in decision.answers)
        outcome = f"answer {' '.join(answer.entry_id for answer in decision.answers)}"
        if decision.rest is None:
            return Handled(outcome, answers)
        if isinstance(decision.rest, Clarify):
            asked_back = self._clarify(asked, turn, decision.rest, now)
            return Handled(f"{outcome} {asked_back.outcome}", (*answers, *asked_back.messages))
        escalation, cards = await self._open(tx, asked, turn, decision.rest.reason, now)
        told = await self.desk.opened_for_asker(tx, escalation)
        rest = Block(self.texts("answer.rest", number=escalation.id))
        return Handled(f"{outcome} handoff", (*answers, replace(told, body=(rest, *told.body)), *cards))

    async def _safety(self, tx: Transaction, asked: Asked, turn: Turn, decision: Safety, now: datetime) -> Handled:
        flag = self.live.knowledge.safety.flag(decision.flag)
        safety = Block(flag.advice_for(asked.person.country), Style.CURATED)
        already = await self._urgent_one(tx, asked, now)
        if already is not None:
            added = await self.desk.asked_again(tx, already, Words(asked.text, asked.attachments), now)
            told = self._volunteers_told("safety.volunteers_told", already)
            again = replace(asked.reply(safety, told), escalation_id=already.id)
            return Handled(f"{decision.reason} {flag.id}", (again, *added))
        escalation, cards = await self._open(tx, asked, turn, decision.reason, now)
        told = self._volunteers_told("safety.volunteers_told", escalation)
        message = replace(asked.reply(safety, told), escalation_id=escalation.id)
        return Handled(f"{decision.reason} {flag.id}", (message, *cards))

    def _volunteers_told(self, key: str, escalation: Escalation) -> Block:
        """Say that volunteers know, where there is a desk on which they can."""
        return Block(self.texts(key if self.desk.desks else "safety.no_desk", number=escalation.id))

    async def _urgent_one(self, tx: Transaction, asked: Asked, now: datetime) -> Escalation | None:
        """Give the asker's urgent escalation that is open already: one is enough."""
        open_ones = await tx.escalations.of_asker(asked.person.number, closed_after=now)
        return next((one for one in open_ones if one.urgent and one.is_open), None)

    async def _distress(self, tx: Transaction, asked: Asked, turn: Turn, decision: Distress, now: datetime) -> Handled:
        flag = self.live.knowledge.safety.flag(decision.flag)
        escalation, cards = await self._open(tx, asked, turn, Reason.DISTRESS, now)
        told = await self.desk.opened_for_asker(tx, escalation)
        warm = Block(flag.advice_for(asked.person.country), Style.CURATED)
        person = self._volunteers_told("safety.distress_person", escalation)
        first = replace(told, body=(warm, person))
        then = self.beside_distress(asked, turn.id, decision, now)
        return Handled(" ".join(["distress", *filter(None, [decision.entry_id])]), (first, *then, *cards))

    def beside_distress(
        self, asked: Asked, turn: int | None, decision: Distress, now: datetime
    ) -> tuple[OutgoingMessage, ...]:
        """Give the entry that is sure, to be read after the warm line."""
        if decision.entry_id is None:
            return ()
        shown = self.answer(asked, turn, Answer(decision.entry_id), now)
        return (replace(shown, body=(Block(self.texts("safety.distress_then")), *shown.body)),)


def _name(decision: Decision) -> str:
    """Give the word under which a decision is kept."""
    match decision:
        case Answer(entry_id):
            return f"answer {entry_id}"
        case Several(answers):
            return f"answer {' '.join(answer.entry_id for answer in answers)}"
        case HandOff(reason):
            return f"handoff {reason}"
        case Safety(flag):
            return f"safety {flag}"
        case _:
            return type(decision).__name__.lower()
