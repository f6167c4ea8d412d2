"""What must hold after every step, checked from outside: from what is to be seen, and from what is stored.

The ledger keeps what people did and compares it with what came of it. Every message of an asker and of a volunteer
carries a word of its own, so that it is found again wherever it turns up.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.escalation import Status
from tests.simulation import owing, stored
from tests.simulation.believed import Asked, Case, Kind, Note, Reply
from tests.simulation.ground import PLATFORMS, Actor, Ground, Sight, words_in

FIRST_OFFERED = {Status.WAITING: "claim", Status.CLAIMED: "reply", Status.CLOSED: "reopen"}
_NUMBER = re.compile(r"#(\d+)")
_TAKEN = re.compile(r"(?P<name>\w+) has #\d+\.")  # as it is told to the desks
_PAGED = re.compile(r"Nobody has taken #(\d+) yet")
_ASKER = re.compile(r"\bAsker\d+\b")  # an asker's own name


@dataclass
class Ledger:
    """What people did, what has been seen, and what must follow from it."""

    ground: Ground
    staff: dict[tuple[str, str], Actor] = field(default_factory=dict)  # by platform and account
    asked: dict[str, Asked] = field(default_factory=dict)  # by the asker's word
    replied: dict[str, Reply] = field(default_factory=dict)  # by the volunteer's word
    noted: dict[str, Note] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)  # closed by their asker or a lead
    may_change: set[int] = field(default_factory=set)  # escalations that may be taken from their owner in this step
    paused: dict[Actor, dict[str, datetime]] = field(default_factory=dict)  # askers: kind -> until when
    paused_unknown: set[Actor] = field(default_factory=set)  # whose block is older than their being forgotten
    cases: dict[int, Case] = field(default_factory=dict)
    rows: dict[int, Any] = field(default_factory=dict)
    cards: dict[str, dict[int, Sight]] = field(default_factory=lambda: {one: {} for one in PLATFORMS})
    # platform, word -> thread -> the messages it stands in
    shown: dict[tuple[str, str], dict[int, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    taken: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # by whom since the last check
    opened: int = 0  # escalations, forgotten ones among them
    checks: int = 0
    timers_looked: bool = False  # in this step: what is due with time has to be said by now
    gone: set[str] = field(default_factory=set)  # words that must not be anywhere
    _new: list[str] = field(default_factory=list)  # words of askers in this step
    _came: list[str] = field(default_factory=list)  # words of volunteers that have arrived in this step
    _new_notes: list[str] = field(default_factory=list)
    _leaving: set[int] = field(default_factory=set)  # escalations of those who are forgotten in this step
    _forgotten: list[Actor] = field(default_factory=list)
    _named: list[tuple[int, str]] = field(default_factory=list)  # thread, an asker's name that was shown there
    _fresh_cards: set[int] = field(default_factory=set)
    _is_more_gone: bool = False

    # What people do

    def asks(self, word: str, asker: Actor, kind: Kind, *, private: bool = False) -> None:
        """Note what an asker writes; while leads have paused them, it must be nowhere."""
        if kind is not Kind.CRY and self.is_paused(asker):
            self.loses({word})
            return
        self.asked[word] = Asked(asker, kind, private)
        self._new.append(word)

    def is_paused(self, asker: Actor) -> bool:
        """Tell whether leads have paused an asker; while a cry of theirs is open, everything passes."""
        now = self.ground.clock()
        if not any(until > now for until in self.paused.get(asker, {}).values()):
            return False
        return not any(self.rows[number].urgent and self.is_open(number) for number in self.numbers_of(asker))

    def corrects(self, before: str, word: str) -> None:
        """Note that somebody has changed a message of theirs; of a reply that went out, the change goes out as well."""
        if before in self.asked:
            self.asks(word, self.asked.pop(before).asker, Kind.CORRECTION)
        else:
            reply = self.replied[before]
            self.replied[word] = Reply(reply.number, reply.writer, reply.goes_out, in_thread=True, corrects=True)

    def notes(self, word: str, note: Note) -> None:
        self.noted[word] = note
        self._new_notes.append(word)

    def loses(self, words: set[str]) -> None:
        """Note words that must not be anywhere."""
        self.gone |= words
        self._is_more_gone = True

    def forgets(self, asker: Actor) -> None:
        """Note that an asker wants everything deleted: their words, and what was said to them, must be nowhere."""
        self._leaving |= set(self.numbers_of(asker))
        self._forgotten.append(asker)
        self.paused.get(asker, {}).pop("mute", None)
        self.paused_unknown |= {asker} if self.paused.get(asker) else set()
        theirs = {word for word, asked in self.asked.items() if asked.asker is asker}
        answers = {word for word, reply in self.replied.items() if reply.number in self._leaving}
        notes = {word for word, note in self.noted.items() if note.number in self._leaving}
        self.asked = {word: asked for word, asked in self.asked.items() if word not in theirs}
        for word in answers:
            self.replied[word].may_be_lost = True
        self.loses(theirs | answers | notes)

    def leaves(self, volunteer: Actor) -> None:
        """Note that a volunteer wants everything deleted: what they had waits for another one."""
        self._forgotten.append(volunteer)
        self.may_change |= {number for number, row in self.rows.items() if row.owner == volunteer.name}
        for reply in self.replied.values():
            reply.in_thread &= reply.writer is not volunteer  # whose it was is not known any more

    # What is looked up

    def is_open(self, number: int) -> bool:
        return bool(self.rows[number].status != Status.CLOSED)

    def numbers_of(self, asker: Actor) -> list[int]:
        """Give the escalations of an asker."""
        return [number for number, case in self.cases.items() if case.asker is asker]

    @property
    def arrived(self) -> list[str]:
        return [word for word, reply in self.replied.items() if reply.arrived]

    # What must hold

    async def check(self, *, everything: bool = False) -> None:
        """Check what this step can have changed; with `everything`, all that was ever said."""
        self.checks += 1
        before, now = self.rows, self.ground.clock()
        async with self.ground.app.store.transaction() as tx:
            self.rows = await stored.rows(tx.connection)
            self._numbers_stay(before)
            new = await stored.places_of(tx.connection, self._new)
            places = await stored.all_places(tx.connection) if everything else new
            loads = await tx.claims.loads()
        self._opened_again(before, now)
        for word in self._new:
            self._in_one_place(word, new)
            self._heard_from_asker(word, *new[word][0], before, now)
        for sight in self.ground.look():
            self._seen(sight, now)
        for word in self.asked if everything else self._new:
            self._in_one_place(word, places)
            self._shown_once(word, *places[word][0])
        self._nobody_was_robbed(before)
        self._one_owner_and_every_open_one_visible()
        self._nothing_closed_unanswered()
        self._names_only_where_wanted(everything=everything)
        self._volunteers_see_it_once()
        owing.owed_as_believed(self.rows, self.cases)
        owing.loads_as_believed(self.rows, self.cases, loads)
        if self.timers_looked:
            owing.nobody_waits_in_silence(self, now)
        if self._is_more_gone or everything:
            await self._gone_words_are_nowhere()
        self._forget_the_step()

    def _forget_the_step(self) -> None:
        for kept in (self._new, self._came, self._new_notes, self._leaving, self._forgotten, self._named):
            kept.clear()
        for changed in (self._fresh_cards, self.taken, self.may_change):
            changed.clear()
        self.timers_looked = self._is_more_gone = False

    def _numbers_stay(self, before: dict[int, Any]) -> None:
        """Only what its asker wants forgotten goes, and all of that."""
        vanished = before.keys() - self.rows.keys()
        assert vanished == self._leaving, f"{vanished} are gone, and {self._leaving} should be"
        self.opened += len(self.rows.keys() - before.keys())
        for number in vanished:
            del self.cases[number]
            for cards in self.cards.values():
                cards.pop(number, None)

    def _opened_again(self, before: dict[int, Any], now: datetime) -> None:
        for number, row in self.rows.items():
            if number in before and before[number].status == Status.CLOSED != row.status:
                self.cases[number].owed_since = now

    def _in_one_place(self, word: str, places: stored.Places) -> None:
        """Every message of an asker is in exactly one escalation, and it is theirs."""
        found = places.get(word, [])
        assert len(found) == 1, f"{word} is in {found}"
        row, asker = self.rows[found[0][0]], self.asked[word].asker
        is_theirs = (row.platform, row.user) == (asker.platform, asker.account)
        assert is_theirs, f"{word} is with somebody else's question"

    def _heard_from_asker(
        self,
        word: str,
        number: int,
        is_question: bool,
        before: dict[int, Any],
        now: datetime,
    ) -> None:
        """Note who waits for words since an asker wrote."""
        asked = self.asked[word]
        if number not in self.cases:
            self.cases[number] = Case(asked.asker, asked.private, asked.private, now)
        case, is_over = self.cases[number], not self.is_open(number)
        if asked.kind is Kind.CRY:
            case.cried_at = now
        if asked.kind is Kind.THANKS:
            assert is_over or before[number].status != Status.CLOSED, f"thanks have opened #{number} again"
        elif asked.kind is not Kind.CORRECTION and not is_over:
            case.owes(now)

    def _seen(self, sight: Sight, now: datetime) -> None:
        if sight.thread is None:
            self._read_by_somebody(sight, now)
            return
        for name in _ASKER.findall(sight.text):
            self._named.append((sight.thread, name))
        if sight.offers:
            self.cards[sight.platform][sight.thread] = sight
            self._fresh_cards.add(sight.thread)
            return
        self.taken[sight.thread] |= {found["name"] for found in _TAKEN.finditer(sight.text)}
        if sight.thread in self.cases and _PAGED.search(sight.text):
            self.cases[sight.thread].paged_at = now
        for word in words_in(sight.text):
            self.shown[sight.platform, word][sight.thread].add(sight.id)

    def _read_by_somebody(self, sight: Sight, now: datetime) -> None:
        works_here = self.staff.get((sight.platform, sight.reader or ""))
        for word in words_in(sight.text):
            if word in self.noted:
                raise AssertionError(f"the note {word} was sent to {sight.reader}")
            if word in self.replied and not (works_here and self.replied[word].is_draft):
                self._arrived(word, sight)
        for number in map(int, _NUMBER.findall(sight.text)):
            case = self.cases.get(number)
            if case and (case.asker.platform, case.asker.account) == (sight.platform, sight.reader):
                case.heard_at = now

    def _arrived(self, word: str, sight: Sight) -> None:
        """A reply reaches its asker, once, as part of their question, where they want it, and from who may reply."""
        reply = self.replied[word]
        if reply.number in self._leaving:
            return
        assert reply.number in self.rows, f"{word} went to somebody who was forgotten"
        row, case = self.rows[reply.number], self.cases[reply.number]
        assert reply.goes_out, f"{word} went out, and should not"
        assert str(row.id) in _NUMBER.findall(sight.text), f"{word} went out as part of another escalation"
        assert sight.platform == row.platform, f"{word} went to another platform"
        assert sight.reader == row.user, f"{word} reached somebody else"
        where = "private" if case.private else "the group"
        assert sight.private == case.private, f"{word} was to come in {where}"
        reply.arrived.add(sight.id)
        assert len(reply.arrived) == 1, f"{word} came {len(reply.arrived)} times"
        if not reply.corrects:
            case.owed_since = None
        self._came.append(word)

    def _shown_once(self, word: str, number: int, is_question: bool) -> None:
        """Each desk shows an asker's words, there and only there, and what was added in one message."""
        for platform in PLATFORMS:
            threads = self.shown[platform, word]
            if is_question:
                assert word in self.cards[platform][number].text, f"{word} is not on its card on {platform}"
                assert threads.keys() <= {number}, f"{word} was shown in {threads} on {platform}"
            else:
                right = threads.keys() == {number} and len(threads[number]) == 1
                assert right, f"{word} was shown in {dict(threads)} on {platform}, and belongs to #{number}"

    def _volunteers_see_it_once(self) -> None:
        """What a volunteer says to an asker or to the others stands in its thread on each desk, once."""
        for word in self._came:
            reply = self.replied[word]
            if not reply.is_draft:
                self._stands_in(word, reply.number, reply.writer, in_thread=reply.in_thread)
        for word in self._new_notes:
            note = self.noted[word]
            if note.kept:
                self._stands_in(word, note.number, note.writer, in_thread=True)
            else:
                assert not any(self.shown[one, word] for one in PLATFORMS), f"{word} is of somebody without rights"

    def _stands_in(self, word: str, number: int, writer: Actor, *, in_thread: bool) -> None:
        for platform in PLATFORMS:
            wanted = 0 if in_thread and platform == writer.platform else 1
            found = self.shown[platform, word]
            right = len(found[number]) == wanted and not found.keys() - {number}
            assert right, f"{word} for #{number} stands in {dict(found)} on {platform}, not {wanted} times"

    def _nobody_was_robbed(self, before: dict[int, Any]) -> None:
        """Of those who claim at once one gets it, and it stays theirs until they, a lead or time takes it from them."""
        for number, names in self.taken.items():
            assert len(names) <= 1, f"{names} were told that they have #{number}"
        for number, row in self.rows.items():
            owner = before[number].owner if number in before and before[number].status == Status.CLAIMED else None
            stays = row.status != Status.CLAIMED or row.owner == owner or number in self.may_change
            assert owner is None or stays, f"#{number} was taken from {owner}"

    def _one_owner_and_every_open_one_visible(self) -> None:
        for number, row in self.rows.items():
            assert (row.status == Status.CLAIMED) <= (row.owner_id is not None), f"#{number} is claimed by nobody"
            assert (row.status == Status.WAITING) <= (row.owner_id is None), f"#{number} waits and has an owner"
            assert row.private == self.cases[number].private, f"answers to #{number} go to the wrong place"
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

    def _names_only_where_wanted(self, *, everything: bool) -> None:
        """Volunteers see the name of an asker who shows it, on that question, and nobody else's."""
        for number, name in self._named:
            case = self.cases.get(number)
            assert case is None or (case.was_named and name == case.asker.name), f"{name} was named in #{number}"
        for number in self.rows if everything else self._fresh_cards & self.rows.keys():
            case = self.cases[number]
            for platform in PLATFORMS:
                named = case.asker.name in _ASKER.findall(self.cards[platform][number].text)
                assert named == case.named, f"the card of #{number} on {platform} names its asker, or should"

    async def _gone_words_are_nowhere(self) -> None:
        """Of who wants to be forgotten, and of what was not to be heard, nothing is left in any table or on any desk."""
        async with self.ground.app.store.transaction() as tx:
            left: dict[str, Any] = dict(await stored.tables_with(tx.connection, self.gone))
            known = [one.name for one in self._forgotten if await stored.knows(tx.connection, one)]
        assert not left, f"these words are still kept: {left}"
        assert not known, f"{known} should be forgotten"
        seen = Counter(word for text in self.ground.standing() for word in words_in(text) if word in self.gone)
        assert not seen, f"these words still stand on a desk: {dict(seen)}"

    def all_replies_arrived(self) -> None:
        """Check that each reply of somebody who may reply there got to its asker."""
        due = {word for word, reply in self.replied.items() if reply.goes_out and not reply.may_be_lost}
        lost = {word for word in due if not self.replied[word].arrived}
        assert not lost, f"these replies reached nobody: {sorted(lost)}"
