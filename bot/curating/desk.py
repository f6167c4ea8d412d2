"""Curating at the desk: `/kb`, the buttons of a proposal, and what is typed after one of them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.curating.cards import Cards, Judged
from bot.curating.fields import PARTS, Unusable, reviewer
from bot.curating.telling import Telling, card_key
from bot.curating.work import Actor, CuratingWork, Refused
from bot.domain.conversation import Awaiting, Waiting
from bot.domain.curating import Kind, Proposal
from bot.domain.escalation import number_in
from bot.domain.messages import (
    Address,
    Block,
    ButtonPressed,
    CommandGiven,
    Handled,
    MessageReceived,
    OutgoingMessage,
)
from bot.domain.people import Person
from bot.escalation.features import DeskFeature, answer
from bot.knowledge.entry import Entry
from bot.knowledge.provenance import month_of
from bot.storage.store import Transaction
from bot.texts import Texts

HISTORY = 15  # changes that are listed
Event = MessageReceived | ButtonPressed | CommandGiven
# What a form hands in: the button's subject, with the mark of the words that the form began with; then the words.
_MODAL = re.compile(r"^(\w+):(\d+(?::[0-9a-f]{8})?)(?=\s|$)")
_NUMBERED = re.compile(r"\s*#?(?P<number>\S*?)(?::(?P<began>[0-9a-f]{8}))?(?:\s+(?P<words>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing asked of the curating desk."""

    verb: str
    rest: str
    event: Event
    actor: Actor

    def number(self) -> tuple[int, str]:
        """Give the number and the words after it.

        Raises:
            Refused: there is no number.
        """
        found = _NUMBERED.fullmatch(self.rest)
        number = number_in(found["number"]) if found else None
        if found is None or number is None:
            raise Refused("curating.which", verb=self.verb)
        return number, (found["words"] or "").strip()

    @property
    def began(self) -> str | None:
        """Give the mark of the words that a form began with; None where it was typed, or they could not be read."""
        found = _NUMBERED.fullmatch(self.rest)
        return found["began"] if found else None


class CuratingDesk:
    """A feature of the desk; everything can be done by command, most of it by button as well."""

    def __init__(self, work: CuratingWork, texts: Texts, desks: Sequence[Address]) -> None:
        self._work = work
        self._texts = texts
        self._telling = Telling(texts, desks)
        self._verbs: Mapping[str, Callable[[Transaction, _Asked], Awaitable[Sequence[OutgoingMessage]]]] = {
            "proposals": self._proposals, "history": self._history, "suggest": self._suggest, "new": self._new,
            "edit": self._edit, "retire": self._retire, "reviewed": self._reviewed, "undo": self._undo,
            "show": self._show, "change": self._show_parts, "propose": self._propose, "withdraw": self._withdraw,
            "approve": self._approve, "decline": self._decline, **dict.fromkeys(PARTS, self._write),
        }  # fmt: skip

    def feature(self) -> DeskFeature:
        """Give what the desk room hands in here."""
        buttons = ("change", "propose", "withdraw", "approve", "decline")
        return DeskFeature(
            name="curating",
            commands={"kb": self._command},
            presses={
                "suggest": self._pressed("suggest"),
                "kb_part": self._part,
                **{f"kb_{name}": self._pressed(name) for name in buttons},
            },
            writes={Waiting.CURATE: self._written},
        )

    async def _command(self, tx: Transaction, event: CommandGiven, person: Person, now: datetime) -> Handled:
        words = _MODAL.sub(r"\1 \2", event.argument.strip())
        verb, _, rest = words.partition(" ")
        return await self._handle(tx, verb.casefold(), rest, event, person, now)

    def _pressed(self, verb: str) -> Callable[..., Awaitable[Handled]]:
        async def press(
            tx: Transaction, event: ButtonPressed | MessageReceived, subject: str, person: Person, now: datetime
        ) -> Handled:
            return await self._handle(tx, verb, subject.replace(":", " "), event, person, now)

        return press

    async def _part(
        self, tx: Transaction, event: ButtonPressed | MessageReceived, subject: str, person: Person, now: datetime
    ) -> Handled:
        """Ask for the words of a part; the next message holds them."""
        part, _, number = subject.partition(":")
        if part not in PARTS:
            return Handled("stale", (answer(event, Block(self._texts("error.stale"))),))
        await tx.conversations.wait_for(person.number, event.address, Awaiting(Waiting.CURATE, subject), now)
        return Handled("kb ask", (answer(event, self._cards().part(part, number)),))

    async def _written(
        self, tx: Transaction, event: MessageReceived, subject: str, person: Person, now: datetime
    ) -> Handled:
        if not event.text.strip():
            return await self._part(tx, event, subject, person, now)
        part, _, number = subject.partition(":")
        return await self._handle(tx, part, f"{number} {event.text}", event, person, now)

    async def _handle(
        self, tx: Transaction, verb: str, rest: str, event: Event, person: Person, now: datetime
    ) -> Handled:
        act = self._verbs.get(verb)
        if act is None:
            return Handled("kb help", (answer(event, Block(self._texts("curating.help"))),))
        try:
            messages = await act(tx, _Asked(verb, rest, event, Actor(person.number, event.sender.role, now)))
        except Refused as refused:
            return Handled(f"refused kb {verb}", (answer(event, Block(self._refusal(refused))),))
        except Unusable as unusable:
            return Handled(
                f"refused kb {verb}", (answer(event, Block(self._texts("curating.unusable", why=unusable))),)
            )
        return Handled(f"kb {verb}", tuple(messages))

    def _refusal(self, refused: Refused) -> str:
        values = dict(refused.values)
        near = values.get("near")
        if isinstance(near, list):
            values["near"] = self._texts("curating.near", entries=" / ".join(near)) if near else ""
        return self._texts(refused.key, **values).strip()

    # Looking.

    async def _proposals(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        cards, lines = self._cards(), []
        for one in await tx.curating.undecided():
            needed = (await self._work.rule(tx)).needed(one)
            lines.append(cards.line(one, needed))
        return self._list(asked, "curating.open", lines, "curating.none_open")

    async def _history(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        cards = self._cards()
        lines = [cards.change(change) for change in await tx.curating.history(HISTORY)]
        return self._list(asked, "curating.history", lines, "curating.no_history")

    def _list(self, asked: _Asked, title: str, lines: Sequence[str], none: str) -> Sequence[OutgoingMessage]:
        blocks = (Block(self._texts(title)), Block("\n".join(lines))) if lines else (Block(self._texts(none)),)
        return (answer(asked.event, *blocks),)

    async def _show(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        number, _ = asked.number()
        return await self._card(
            tx, asked, await self._work.judged(tx, await self._work.find(tx, number), asked.actor.now)
        )

    async def _show_parts(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        """Show an open one with the buttons of a draft: whoever changes it makes it a draft again."""
        number, _ = asked.number()
        judged = await self._work.judged(tx, await self._work.find(tx, number), asked.actor.now)
        cards = self._cards()
        return (answer(asked.event, *cards.card(judged), buttons=cards.parts(judged.proposal)),)

    async def _card(self, _tx: Transaction, asked: _Asked, judged: Judged, *before: Block) -> Sequence[OutgoingMessage]:
        cards = self._cards()
        return (answer(asked.event, *before, *cards.card(judged), buttons=cards.buttons(judged)),)

    # Beginning and writing.

    async def _suggest(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        number, _ = asked.number()
        escalation = await tx.escalations.get(number)
        if escalation is None:
            raise Refused("desk.no_such", number=number)
        proposal, taken_out = await self._work.from_reply(tx, escalation, asked.actor)
        return await self._card(tx, asked, await self._work.judged(tx, proposal, asked.actor.now, taken_out))

    async def _new(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        proposal, taken_out = await self._work.begin_new(tx, asked.rest, asked.actor)
        return await self._card(tx, asked, await self._work.judged(tx, proposal, asked.actor.now, taken_out))

    async def _edit(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        proposal = await self._work.begin_with(tx, Kind.EDIT, self._entry(asked), asked.actor)
        return await self._card(tx, asked, await self._work.judged(tx, proposal, asked.actor.now))

    async def _retire(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        proposal = await self._work.begin_with(tx, Kind.RETIRE, self._entry(asked, withheld=True), asked.actor)
        return await self._card(tx, asked, await self._work.judged(tx, proposal, asked.actor.now))

    def _entry(self, asked: _Asked, *, withheld: bool = False) -> Entry:
        name = next(iter(asked.rest.split()), "").casefold()
        if not name:
            raise Refused("curating.which_entry", verb=asked.verb)
        return self._work.entry(name, withheld=withheld)

    async def _write(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        number, words = asked.number()
        if not words:
            raise Refused("curating.which", verb=asked.verb)
        before = await self._work.find(tx, number)
        proposal = await self._work.write(tx, number, asked.verb, words, asked.actor, began=asked.began)
        card = await self._card(tx, asked, await self._work.judged(tx, proposal, asked.actor.now))
        return (
            *card,
            *self._telling.no_longer(
                before, self._cards().title(proposal), Block(self._texts("curating.changed_again"))
            ),
        )

    async def _propose(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        number, _ = asked.number()
        judged = await self._work.propose(tx, number, asked.actor)
        if judged.problems:
            return await self._card(tx, asked, judged, Block(self._texts("curating.not_ready")))
        cards = self._cards()
        told = answer(asked.event, Block(self._texts("curating.proposed", number=number)))
        shown, key = cards.card(judged), card_key(judged.proposal)
        return (told, *self._telling.to_desks(*shown, buttons=cards.buttons(judged), key=key))

    async def _withdraw(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        number, _ = asked.number()
        before = await self._work.find(tx, number)
        await self._work.withdraw(tx, number, asked.actor)
        withdrawn = Block(self._texts("curating.withdrawn", number=number))
        after = await self._work.find(tx, number)
        return (answer(asked.event, withdrawn), *self._telling.no_longer(before, self._cards().title(after), withdrawn))

    # Deciding.

    async def _approve(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        number, words = asked.number()
        judged, change = await self._work.approve(tx, number, number_in(words), asked.actor)
        if judged.problems:
            return await self._card(tx, asked, judged, Block(self._texts("curating.not_ready")))
        if change is not None:
            one = judged.proposal
            published = self._telling.words(asked.event, "curating.published", one.kind, one.entry_id, change=change)
            card = self._telling.no_longer(one, self._cards().title(await self._work.find(tx, number)), published)
            return (
                *card,
                *self._telling.told(asked.event, published, f"change {change}"),
                *self._no_review(asked, one),
                *self._why_fewer(asked, judged),
            )
        counted = judged.proposal.approvals
        so_far = self._texts("curating.counted", number=number, approvals=counted, needed=judged.needed)
        return (answer(asked.event, Block(so_far)),)

    def _no_review(self, asked: _Asked, one: Proposal) -> Sequence[OutgoingMessage]:
        """Say that the date of the review stays, as other words are no reading of the sources."""
        if one.kind is not Kind.EDIT:
            return ()
        when = month_of(date.fromisoformat(str(one.fields["reviewed_on"])))
        return (answer(asked.event, Block(self._texts("curating.no_review", when=when, entry=one.entry_id))),)

    def _why_fewer(self, asked: _Asked, judged: Judged) -> Sequence[OutgoingMessage]:
        """Tell whoever approved why fewer leads were enough than the setting says."""
        if judged.needed >= judged.wanted:
            return ()
        why = self._texts("curating.fewer", needed=judged.needed, wanted=judged.wanted)
        return (answer(asked.event, Block(why)),)

    async def _decline(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        number, why = asked.number()
        one = await self._work.decline(tx, number, asked.actor)
        words = self._telling.words(asked.event, "curating.declined", one.kind, one.entry_id, number=number, why=why)
        card = self._telling.no_longer(one, self._cards().title(await self._work.find(tx, number)), words)
        return (*card, *self._telling.told(asked.event, words, f"declined {number}"))

    async def _reviewed(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        entry = self._entry(asked)
        said = asked.rest.split(maxsplit=1)[1:]
        change = await self._work.reviewed(tx, entry, reviewer(said[0]) if said else "", asked.actor)
        words = self._telling.words(asked.event, "curating.published", Kind.REVIEWED, entry.id, change=change)
        return self._telling.told(asked.event, words, f"change {change}")

    async def _undo(self, tx: Transaction, asked: _Asked) -> Sequence[OutgoingMessage]:
        number, _ = asked.number()
        change = await self._work.undo(tx, number, asked.actor)
        words = self._telling.words(asked.event, "curating.undone", change.kind, change.entry_id, change=number)
        return self._telling.told(asked.event, words, f"undone {number}")

    def _cards(self) -> Cards:
        return Cards(self._texts, self._work.base)
