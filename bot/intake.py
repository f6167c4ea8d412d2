"""The front door: each event once, one at a time per address, routed, its messages stored with what it changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from weakref import WeakValueDictionary

import structlog

from bot.domain.limits import bounded
from bot.domain.messages import Address, Addressed, ChatMoved, Event, Handled, MessageReceived, Place
from bot.domain.people import Person
from bot.escalation.desk import EscalationDesk
from bot.meter import Meter
from bot.routing.routing import Routing
from bot.storage.clashes import is_away, through_clashes
from bot.storage.store import Store, Transaction

Clock = Callable[[], datetime]
Route = Callable[[Transaction, Event, Person, datetime], Awaitable[Handled]]
log = structlog.get_logger()


class Intake:
    """Takes events from every adapter; `stored` is called when messages wait in the outbox."""

    def __init__(
        self,
        store: Store,
        routing: Routing,
        desk: EscalationDesk,
        clock: Clock,
        stored: Callable[[], None],
        meter: Meter | None = None,
    ) -> None:
        self._store = store
        self._routing = routing
        self._desk = desk
        self._clock = clock
        self._stored = stored
        self._meter = meter or Meter()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def accept(self, event: Event | ChatMoved) -> None:
        """Handle an event, unless it was handled before or is none of the bot's business.

        Raises:
            Exception: the database could not store it; the adapter has the platform deliver it again.
        """
        if isinstance(event, ChatMoved):
            await self._moved(event)
            return
        if isinstance(event, MessageReceived) and event.addressed is Addressed.NO and event.place is not Place.DESK:
            return  # people talking to each other: nothing is kept
        event = bounded(event)
        async with self._one_at_a_time(str(event.address)):
            arrived = time.perf_counter()
            try:
                outcome = await through_clashes(partial(self._handle, event, self._routing.route))
            except Exception as error:
                if is_away(error):
                    raise  # no mistake of ours: it is answered, rather than handed over, when it comes again
                log.exception("event.failed", platform=event.address.platform, kind=type(event).__name__)
                outcome = await through_clashes(partial(self._handle, event, self._routing.last_resort))
            seconds = time.perf_counter() - arrived
            self._meter.handled(event, outcome, seconds)
            log.debug("event.handled", platform=event.address.platform, outcome=outcome, ms=round(seconds * 1000))
        self._stored()

    async def _moved(self, event: ChatMoved) -> None:
        """Let everything kept follow a group to its new number; a desk is shown its open escalations again."""
        now = self._clock()
        async with self._store.transaction() as tx:
            if not await tx.inbox.record(event.event_id, now):
                return
            await tx.moves.chat(event.platform, event.old, event.new)
            for message in await self._desk.shown_again(tx, Address(event.platform, event.new)):
                await tx.outbox.add(message, now)
            await tx.inbox.decided(event.event_id, "moved")
        self._stored()

    @asynccontextmanager
    async def _one_at_a_time(self, address: str) -> AsyncIterator[None]:
        lock = self._locks.get(address)
        if lock is None:
            lock = self._locks[address] = asyncio.Lock()
        async with lock:
            yield

    async def _handle(self, event: Event, route: Route) -> str | None:
        """Handle an event in one transaction; give the outcome, None if it was handled before."""
        now = self._clock()
        async with self._store.transaction() as tx:
            await tx.alone_at(str(event.address))
            if not await tx.inbox.record(event.event_id, now):
                return None
            person = await tx.people.known(event.sender, now)
            if event.place is Place.DESK or event.sender.role.works_the_desk:
                await tx.roster.seen(person.number, event.sender.role, now)
            handled = await route(tx, event, person, now)
            for message in handled.messages:
                await tx.outbox.add(message, now, event_id=event.event_id)
            await tx.inbox.decided(event.event_id, handled.outcome)
        return handled.outcome
