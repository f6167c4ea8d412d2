"""What is done with proposals: begun, written, given to the leads, approved, published, taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import process

from bot.curating import fields, judge
from bot.curating.cards import Judged
from bot.curating.rule import RuleOf
from bot.curating.strip import stripped
from bot.domain.curating import Kind, Proposal, Published, State, mark_of
from bot.domain.escalation import Escalation, Voice
from bot.domain.people import Role
from bot.errors import BotError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import EDITORS, Entry
from bot.knowledge.overlay import PLACE, fields_of
from bot.storage.store import Transaction
from bot.triage.live import LiveTriage

# Whoever may publish waits for whoever does. Two edits of one entry would each be found in order, and the second hide
# the words of the first; and a process that asks for the newest number would overlook a lower one stored after it.
PUBLISHING = "publishing"
IN_FILES = frozenset({"help", "helplines", "safety", "stages", "criteria"})  # first words of what `kb due` names


class Refused(BotError):
    """Something that may not or cannot be done; `key` names the text that says why."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something at the desk, and when."""

    person: int
    role: Role
    now: datetime

    @property
    def leads(self) -> bool:
        """Tell whether it is a lead."""
        return self.role is Role.LEAD


class CuratingWork:
    """Every change of a proposal; the database settles who was first."""

    def __init__(self, live: LiveTriage, rule: RuleOf) -> None:
        self._live = live
        self.rule = rule

    @property
    def base(self) -> KnowledgeBase:
        """Give the knowledge in use."""
        return self._live.knowledge

    async def judged(
        self, tx: Transaction, proposal: Proposal, now: datetime, taken_out: tuple[str, ...] = ()
    ) -> Judged:
        """Look at a proposal with the checks and the matcher; that takes a moment, so not on the event loop."""
        problems = await asyncio.to_thread(judge.problems, proposal, self.base, now.date())
        collisions = await asyncio.to_thread(judge.collisions, proposal, self._live.triage)
        rule = await self.rule(tx)
        personal = judge.personal(proposal, self.base)
        names = await asyncio.to_thread(judge.unknown_names, proposal, self.base)
        return Judged(proposal, problems, collisions, taken_out, personal, names, rule.needed(proposal), rule.approvals)

    async def find(self, tx: Transaction, number: int) -> Proposal:
        """Give a proposal.

        Raises:
            Refused: there is none of that number.
        """
        found = await tx.curating.get(number)
        if found is None:
            raise Refused("curating.no_such", number=number)
        return found

    def entry(self, name: str, *, withheld: bool = False) -> Entry:
        """Give the entry of a short name; one whose own words are withheld only where that is said.

        Raises:
            Refused: there is none (the nearest ones are named), or its own words are withheld.
        """
        found = self.base.entries.get(name)
        if found is None:
            if name in IN_FILES:
                raise Refused("curating.in_files")
            near = [one for one, _, _ in process.extract(name, list(self.base.entries), limit=3, score_cutoff=50)]
            raise Refused("curating.no_entry", entry=name[:60], near=near)
        if name in self.base.withheld and not withheld:
            in_chat = self.base.files.get(name) == PLACE
            raise Refused("curating.withheld_published" if in_chat else "curating.withheld", entry=name)
        return found

    # Begun.

    async def from_reply(
        self, tx: Transaction, escalation: Escalation, actor: Actor
    ) -> tuple[Proposal, tuple[str, ...]]:
        """Begin an entry with a question and its last reply, without personal details; tell what was taken out.

        Raises:
            Refused: nobody has replied.
        """
        said = await tx.said.all(escalation.id)
        replies = [one for one in said if one.voice is Voice.VOLUNTEER]
        if not replies:
            raise Refused("curating.no_reply", number=escalation.id)
        names = [*await tx.people.names(escalation.asker), *(one.name for one in said)]
        question = stripped(escalation.question, names)
        answer = stripped(replies[-1].text, names)
        begun = self._blank(question.text, actor.now) | {"phrasings": [question.text], "short": answer.text}
        known = [one.entry for one in escalation.considered if one.entry in self.base.entries]
        topics = [self.base.entries[one].topic for one in known]
        begun |= {"topic": topics[0]} if topics else {}
        proposal = await self._begin(tx, Kind.NEW, begun, actor, asker=escalation.asker)
        return proposal, tuple(dict.fromkeys((*question.kinds, *answer.kinds)))

    async def begin_new(self, tx: Transaction, question: str, actor: Actor) -> tuple[Proposal, tuple[str, ...]]:
        """Begin an entry with nothing but its question, without personal details; tell what was taken out."""
        left = stripped(question)
        return await self._begin(tx, Kind.NEW, self._blank(left.text, actor.now), actor), left.kinds

    async def begin_with(self, tx: Transaction, kind: Kind, entry: Entry, actor: Actor) -> Proposal:
        """Begin a change of an entry as it is now."""
        return await self._begin(tx, kind, fields_of(entry), actor)

    def _blank(self, question: str, now: datetime) -> dict[str, Any]:
        line = " ".join(question.split())
        begun = {"id": fields.id_for(line, self.base), "question": line}
        return fields.read_on(begun, now.date(), EDITORS)

    async def _begin(
        self, tx: Transaction, kind: Kind, begun: Mapping[str, Any], actor: Actor, asker: int | None = None
    ) -> Proposal:
        entry_id = str(begun["id"])
        basis = judge.basis_of(entry_id, self.base)
        number = await tx.curating.add(
            kind, entry_id, begun, actor.person, actor.now, basis=basis, leads=actor.leads, asker=asker
        )
        return await self.find(tx, number)

    # Written.

    async def write(
        self, tx: Transaction, number: int, part: str, text: str, actor: Actor, *, began: str | None = None
    ) -> Proposal:
        """Put other words into a part; whoever wrote last is the author, as nobody approves their own words.

        `began` is the mark of the words that their form began with.

        Raises:
            Refused: it is not theirs, is decided, only retires an entry, or was changed by somebody at the same moment,
                or since the form was opened.
            fields.Unusable: the words cannot be used.
        """
        one = await self._theirs(tx, number, actor)
        if one.kind is Kind.RETIRE:
            raise Refused("curating.only_retires", number=number, entry=one.entry_id)
        stands = fields.replaceable(one.fields, part)
        if began is not None and began != mark_of(stands):
            raise Refused("curating.overtaken", number=number, words=stands)
        new = fields.changed(one.fields, part, text, self.base)
        if part == "question" and one.kind is Kind.NEW:
            new["id"] = fields.id_for(str(new["question"]), self.base)
        new = self._dated(one.kind, new, actor.now)
        author = (actor.person, actor.leads)
        if not await tx.curating.change(one, str(new["id"]), new, author, actor.now):
            raise Refused("curating.moved_on", number=number)
        return await self.find(tx, number)

    async def propose(self, tx: Transaction, number: int, actor: Actor) -> Judged:
        """Give a draft to the leads, if the checks have nothing against it."""
        one = await self._theirs(tx, number, actor)
        judged = await self.judged(tx, one, actor.now)
        if not judged.problems and not await tx.curating.propose(one, actor.now):
            raise Refused("curating.moved_on", number=number)
        return judged if judged.problems else await self.judged(tx, await self.find(tx, number), actor.now)

    async def withdraw(self, tx: Transaction, number: int, actor: Actor) -> None:
        """End an own one."""
        one = await self._theirs(tx, number, actor)
        if not await tx.curating.drop(one, State.WITHDRAWN, actor.now):
            raise Refused("curating.moved_on", number=number)

    async def decline(self, tx: Transaction, number: int, actor: Actor) -> Proposal:
        """End one as a lead."""
        one = self._by_lead(await self.find(tx, number), actor)
        if not await tx.curating.drop(one, State.DECLINED, actor.now):
            raise Refused("curating.moved_on", number=number)
        return one

    async def _theirs(self, tx: Transaction, number: int, actor: Actor) -> Proposal:
        one = await self.find(tx, number)
        if one.state not in (State.DRAFT, State.OPEN):
            raise Refused("curating.decided", number=number)
        if one.author != actor.person and not actor.leads:
            raise Refused("curating.not_yours")
        return one

    def _by_lead(self, one: Proposal, actor: Actor) -> Proposal:
        if not actor.leads:
            raise Refused("curating.leads_only")
        if one.state not in (State.DRAFT, State.OPEN):
            raise Refused("curating.decided", number=one.id)
        return one

    # Published.

    async def approve(
        self, tx: Transaction, number: int, revision: int | None, actor: Actor
    ) -> tuple[Judged, int | None]:
        """Count a lead's yes to a revision; with enough of them it is published, and the number of the change given.

        Raises:
            Refused: not a lead, one's own, not with the leads, changed meanwhile, or no longer in order.
        """
        await tx.alone_at(PUBLISHING)
        one = self._by_lead(await self.find(tx, number), actor)
        rule = await self.rule(tx)
        if one.state is not State.OPEN:
            raise Refused("curating.not_proposed", number=number)
        if revision not in (None, one.revision):
            raise Refused("curating.moved_on", number=number)
        if not rule.may_approve(one, actor.person):
            raise Refused("curating.own")
        if judge.is_behind(self.base, one.entry_id, await tx.curating.live()):
            raise Refused("curating.behind", number=number)
        judged = await self.judged(tx, one, actor.now)
        if judged.problems:
            return judged, None
        approvals = await tx.curating.approve(one, rule.counted(actor.person), actor.now)
        if approvals is None:
            raise Refused("curating.moved_on", number=number)
        if approvals >= judged.needed:
            return judged, await self._publish(tx, one, actor)
        return Judged(await self.find(tx, number), needed=judged.needed), None

    def _dated(self, kind: Kind, words: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Give the fields with their dates: an edit is no review, whoever writes a new entry has read its sources."""
        if kind is Kind.EDIT:
            return fields.edited(words, now.date())
        by = str(words.get("reviewed_by", EDITORS)) if kind is Kind.REVIEWED else EDITORS
        return fields.read_on(words, now.date(), by)

    async def _publish(self, tx: Transaction, one: Proposal, actor: Actor) -> int:
        published = None if one.kind is Kind.RETIRE else self._dated(one.kind, one.fields, actor.now)
        change = await tx.curating.publish(one, published, actor.now)
        if change is None:
            raise Refused("curating.moved_on", number=one.id)
        return change

    async def reviewed(self, tx: Transaction, entry: Entry, by: str, actor: Actor) -> int:
        """Publish that a lead has read an entry against its sources: no word changes, so one lead is enough.

        Raises:
            Refused: not a lead, or its words were changed a moment ago and would be lost under those known here.
        """
        if not actor.leads:
            raise Refused("curating.leads_only")
        await tx.alone_at(PUBLISHING)
        if judge.is_behind(self.base, entry.id, await tx.curating.live()):
            raise Refused("curating.behind_entry", entry=entry.id)
        kept = fields.read_on(fields_of(entry), actor.now.date(), by or entry.reviewed_by)
        one = await self._begin(tx, Kind.REVIEWED, kept, actor)
        await tx.curating.propose(one, actor.now)
        return await self._publish(tx, one, actor)

    async def undo(self, tx: Transaction, number: int, actor: Actor) -> Published:
        """Take a published change back, as a lead: the change before it counts again, or the file.

        Raises:
            Refused: not a lead, there is none, or a newer one holds its words too, so that they would go on being said.
        """
        if not actor.leads:
            raise Refused("curating.leads_only")
        await tx.alone_at(PUBLISHING)
        change = await tx.curating.change_of(number)
        if change and await tx.curating.undo(number, actor.now):
            return change
        counts = await tx.curating.live() if change and not change.undone else []
        newer = next((one.number for one in counts if change and one.entry_id == change.entry_id), None)
        if newer is not None:
            raise Refused("curating.newer_counts", number=number, newer=newer)
        raise Refused("curating.no_change", number=number)
