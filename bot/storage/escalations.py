"""Escalations: races between volunteers are settled here, by `UPDATE … WHERE status = …`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.conversation import Turn
from bot.domain.escalation import Escalation, Reason, Status, Voice
from bot.domain.messages import Address
from bot.storage.claims import OWNER_WORKS_HERE
from bot.storage.considered import as_json, considered_in
from bot.storage.conversations import address_key
from bot.storage.drafts import Verdict
from bot.storage.sql import insert_new
from bot.storage.tables import desk_threads, drafts, escalations, passes, people, said, turns
from bot.storage.traces import DeskThread, shown_in_private, threads_of

_askers = people.alias("askers")
_owners = people.alias("owners")
_draft_at = select(func.max(drafts.c.at)).where(
    drafts.c.escalation_id == escalations.c.id, drafts.c.status == Verdict.WAITING
)


def _query() -> Select[Any]:
    return (
        select(
            escalations,
            case((escalations.c.shows_name, _askers.c.name), else_=_askers.c.pseudonym).label("asker_name"),
            _askers.c.country.label("country"),
            _askers.c.language.label("language"),
            _owners.c.name.label("owner_name"),
            _draft_at.correlate(escalations).scalar_subquery().label("draft_at"),
            func.coalesce(_owners.c.shown_as, _owners.c.name).label("owner_shown"),
        )
        .join(_askers, _askers.c.id == escalations.c.asker_id)
        .outerjoin(_owners, _owners.c.id == escalations.c.owner_id)
    )


def _escalation(row: Row[Any]) -> Escalation:
    return Escalation(
        id=row.id,
        asker=row.asker_id,
        asker_name=row.asker_name,
        question=row.question,
        reason=Reason(row.reason),
        status=Status(row.status),
        reply_to=Address(row.platform, row.chat, row.thread),
        private=row.private,
        message_id=row.message_id,
        considered=considered_in(row.considered),
        owner=row.owner_id,
        owner_name=row.owner_name,
        owner_shown=row.owner_shown,
        country=row.country,
        language=row.language,
        opened_at=row.opened_at,
        claimed_at=row.claimed_at,
        waiting_since=row.waiting_since or row.opened_at,
        owed_since=row.owed_since,
        held_at=row.held_at,
        draft_since=row.draft_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
    )


_GET = _query().where(escalations.c.id == bindparam("number"))
_WAITS = (
    select(escalations.c.opened_at, escalations.c.answered_at)
    .where(escalations.c.answered_at.is_not(None))
    .order_by(escalations.c.id.desc())
    .limit(bindparam("last"))
)
_OF_ASKER = (
    _query()
    .where(
        escalations.c.asker_id == bindparam("asker"),
        or_(escalations.c.status != Status.CLOSED, escalations.c.closed_at > bindparam("after")),
    )
    .order_by(escalations.c.id.desc())
)


class Escalations:
    """Rows of `escalations`, `passes`, and the threads they have on desks."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, turn: Turn, reason: Reason, now: datetime) -> Escalation:
        """Open an escalation for a question, with the next number."""
        place = turn.address
        statement = insert(escalations).values(
            asker_id=turn.person,
            question=turn.question,
            reason=reason,
            urgent=reason.urgent,
            status=Status.WAITING,
            platform=place.platform,
            chat=place.chat,
            thread=place.thread,
            private=turn.private,
            message_id=turn.message_id,
            turn_id=turn.id,
            considered=as_json(turn.considered),
            opened_at=now,
            active_at=now,
            waiting_since=now,
            owed_since=None if reason is Reason.SPAM else now,
        )
        result = await self._connection.execute(statement.returning(escalations.c.id))
        opened = await self.get(int(result.scalar_one()))
        if opened is None:
            raise LookupError("an escalation just stored is not there")
        return opened

    async def of_turn(self, turn: int, *, even_closed: bool = False) -> Escalation | None:
        """Give the open escalation of a question, if it has been handed over already."""
        query = _query().where(escalations.c.turn_id == turn)
        if not even_closed:
            query = query.where(escalations.c.status != Status.CLOSED)
        row = (await self._connection.execute(query.order_by(escalations.c.id))).first()
        return _escalation(row) if row else None

    async def get(self, number: int) -> Escalation | None:
        """Give an escalation, unless it has been purged."""
        row = (await self._connection.execute(_GET, {"number": number})).first()
        return _escalation(row) if row else None

    async def open_ones(self) -> list[Escalation]:
        """Give the queue: urgent ones first, then oldest first."""
        query = _query().where(escalations.c.status != Status.CLOSED)
        query = query.order_by(escalations.c.urgent.desc(), escalations.c.id)
        return [_escalation(row) for row in (await self._connection.execute(query)).all()]

    async def of_asker(self, person: int, *, closed_after: datetime) -> list[Escalation]:
        """Give an asker's open escalations and those closed since a time, newest first."""
        rows = (await self._connection.execute(_OF_ASKER, {"asker": person, "after": closed_after})).all()
        return [_escalation(row) for row in rows]

    async def is_urgent(self, asker: int) -> bool:
        """Tell whether an urgent escalation of an asker is open."""
        query = select(escalations.c.id).where(escalations.c.asker_id == asker, escalations.c.urgent)
        return (await self._connection.execute(query.where(escalations.c.status != Status.CLOSED))).first() is not None

    async def asked_in(self, person: int, address: Address, message_id: str) -> int | None:
        """Give the escalation that a person's message opened, wherever its answers go by now.

        One that was asked elsewhere and is answered here keeps its message's number, which names another here.
        """
        answered_here = select(escalations.c.id, turns.c.address).outerjoin(turns, turns.c.id == escalations.c.turn_id)
        here = answered_here.where(
            escalations.c.asker_id == person,
            escalations.c.platform == address.platform,
            escalations.c.chat == address.chat,
            escalations.c.message_id == message_id,
        )
        asked_here = (
            turns.c.person_id == person,
            turns.c.address == address_key(address),
            turns.c.message_id == message_id,
        )
        for row in (await self._connection.execute(here.order_by(escalations.c.id.desc()))).all():
            asked_at = Address.parse(row.address) if row.address else address
            if (asked_at.platform, asked_at.chat) == (address.platform, address.chat):
                return int(row.id)
        moved = select(escalations.c.id).join(turns, turns.c.id == escalations.c.turn_id).where(*asked_here)
        found: int | None = (await self._connection.execute(moved.order_by(escalations.c.id.desc()))).scalar()
        return found

    async def in_thread(self, address: Address) -> int | None:
        """Give the escalation that a thread of a desk belongs to; none where there is no thread."""
        if address.thread is None:
            return None
        query = select(desk_threads.c.escalation_id).where(
            desk_threads.c.platform == address.platform,
            desk_threads.c.chat == address.chat,
            desk_threads.c.thread == address.thread,
        )
        found: int | None = (await self._connection.execute(query)).scalar()
        return found

    async def _change(self, number: int, condition: Any, **values: object) -> bool:  # noqa: ANN401
        statement = update(escalations).where(escalations.c.id == number, condition).values(**values)
        return (await self._connection.execute(statement)).rowcount == 1

    async def claim(self, number: int, owner: int, now: datetime) -> bool:
        """Give it to a volunteer if nobody has it; False: somebody was first."""
        values = {"status": Status.CLAIMED, "owner_id": owner, "claimed_at": now, "active_at": now, "held_at": now}
        return await self._change(number, escalations.c.status == Status.WAITING, **values)

    async def hand_back(self, number: int, owner: int, now: datetime) -> bool:
        """Put it back into the queue if this volunteer still has it."""
        values = {
            "status": Status.WAITING,
            "owner_id": None,
            "claimed_at": None,
            "active_at": now,
            "waiting_since": now,
        }
        claimed_by = (escalations.c.owner_id == owner) & (escalations.c.status == Status.CLAIMED)
        return await self._change(number, claimed_by, **values)

    async def close(self, number: int, now: datetime, *, answered: bool = False) -> bool:
        """Close it; False: it was closed already, or with `answered` its asker has begun to wait for words since."""
        values = {"status": Status.CLOSED, "closed_at": now, "active_at": now}
        still = escalations.c.status != Status.CLOSED
        return await self._change(number, still & escalations.c.owed_since.is_(None) if answered else still, **values)

    async def reopen(self, number: int, now: datetime) -> bool:
        """Open a closed one again: to its last volunteer if they still work at the desks, else to the queue."""
        values = {"closed_at": None, "active_at": now, "waiting_since": now, "owed_since": now}
        closed = escalations.c.status == Status.CLOSED
        owned = await self._change(number, closed & OWNER_WORKS_HERE, status=Status.CLAIMED, **values)
        queued = {"status": Status.WAITING, "owner_id": None, "claimed_at": None, **values}
        return owned or await self._change(number, closed, **queued)

    async def answered(self, number: int, now: datetime) -> None:
        """Note that the asker has been answered, and when first."""
        await self._change(number, escalations.c.answered_at.is_(None), answered_at=now)
        await self._change(number, escalations.c.id == number, active_at=now, owed_since=None)

    async def owes(self, number: int, now: datetime) -> None:
        """Note that the asker of an open one waits for words, though they wrote none."""
        owed = func.coalesce(escalations.c.owed_since, now)
        await self._change(number, escalations.c.status != Status.CLOSED, active_at=now, owed_since=owed)

    async def unanswered(self, number: int, *, never: bool) -> None:
        """Note that words did not reach the asker, who has waited since their own last ones; `never`: nor did any."""
        asked = select(func.max(said.c.at)).where(said.c.escalation_id == number, said.c.by == Voice.ASKER)
        waits = func.coalesce(escalations.c.owed_since, asked.scalar_subquery(), escalations.c.opened_at)
        values: dict[str, Any] = {"owed_since": waits} | ({"answered_at": None} if never else {})
        await self._change(number, escalations.c.status != Status.CLOSED, **values)

    async def move(self, number: int, reply_to: Address, *, private: bool) -> None:
        """Send answers to another place from now on."""
        values = {"platform": reply_to.platform, "chat": reply_to.chat, "thread": reply_to.thread, "private": private}
        await self._change(number, escalations.c.id == number, **values)

    async def turn(self, number: int, reason: Reason) -> None:
        """Note that something else than at first is the reason by now; how urgent it is stays."""
        await self._change(number, escalations.c.id == number, reason=reason)

    async def reword(self, number: int, question: str) -> None:
        """Keep a question as its asker has corrected it, wherever it is kept."""
        await self._change(number, escalations.c.id == number, question=question)
        asked = select(escalations.c.turn_id).where(escalations.c.id == number).scalar_subquery()
        await self._connection.execute(update(turns).where(turns.c.id == asked).values(question=question))

    async def show_name(self, number: int, *, shown: bool = True) -> None:
        """Let volunteers see the asker's name instead of the pseudonym, or the pseudonym again."""
        await self._change(number, escalations.c.id == number, shows_name=shown)

    async def asked_at(self, number: int) -> Address | None:
        """Give where the question was asked, wherever its answer goes by now."""
        query = select(turns.c.address).join(escalations, escalations.c.turn_id == turns.c.id)
        found: str | None = (await self._connection.execute(query.where(escalations.c.id == number))).scalar()
        return Address.parse(found) if found else None

    async def pass_on(self, number: int, person: int) -> None:
        """Hide an unclaimed one from a volunteer."""
        await insert_new(self._connection, passes, {"escalation_id": number, "person_id": person})

    async def passed_by(self, person: int) -> set[int]:
        """Give what a volunteer has passed."""
        query = select(passes.c.escalation_id).where(passes.c.person_id == person)
        return set((await self._connection.execute(query)).scalars())

    async def waits(self, last: int) -> list[timedelta]:
        """Give how long the last answered ones waited for their first answer."""
        rows = (await self._connection.execute(_WAITS, {"last": last})).all()
        return [row.answered_at - row.opened_at for row in rows]

    async def closed_before(self, time: datetime, most: int) -> list[int]:
        """Give the first ones that were closed before a time; what is being opened again at this moment is left out."""
        old = (escalations.c.status == Status.CLOSED, escalations.c.closed_at < time)
        query = select(escalations.c.id).where(*old).order_by(escalations.c.id).limit(most)
        return list((await self._connection.execute(query.with_for_update(skip_locked=True))).scalars())

    async def threads(self, numbers: Sequence[int]) -> list[DeskThread]:
        """Give the desk threads of escalations."""
        return await threads_of(self._connection, escalations.c.id.in_(numbers))

    async def shown_in_private(self, numbers: Sequence[int]) -> list[tuple[Address, str]]:
        """Give what volunteers were sent in private about escalations."""
        return await shown_in_private(self._connection, escalations.c.id.in_(numbers))

    async def delete(self, numbers: Sequence[int]) -> int:
        """Delete escalations with all that was said in them."""
        return (await self._connection.execute(delete(escalations).where(escalations.c.id.in_(numbers)))).rowcount
