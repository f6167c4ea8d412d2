"""The back door: due messages sent in order, retried, given up on with a reason."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Protocol

import structlog

from bot.domain.messages import Delivery, OutgoingMessage, Receipt
from bot.errors import DeliveryError, ThreadGone
from bot.meter import Meter, Result
from bot.storage.deliveries import LEASE, Served
from bot.storage.store import Store, Transaction

MOST_UNDER_WAY = 50  # messages being sent at a time, each of another lane
STOP_WITHIN = 6.0  # seconds for sends under way when the process is asked to stop
RECOVER_EVERY = 2.0  # seconds between looks for what a process left behind that died
STALE_AFTER = 30.0  # seconds from taking a message to sending it: this process was frozen, and another one may have it
SHORTEST_PAUSE = 0.02  # seconds: what is due and not taken is being taken by another process
KEEP_LONGEST_WAIT = 30.0  # seconds between tries to store a receipt, however long the database is away
POLL = 1.0  # seconds between looks when nothing wakes the loop (another process may have stored something)
MOST_ATTEMPTS = 225  # with the waits below: about a day and a half
FIRST_WAIT = 1.0  # seconds before the second attempt; doubled each time
LONGEST_WAIT = 600.0  # seconds: after an outage of hours everything is out within ten minutes
SPREAD = 0.2  # of a wait, at the most, by which it is shortened: what failed together does not come back together
GOLDEN = 0.618034  # its multiples leave fractions that lie far apart for numbers that follow each other

log = structlog.get_logger()


class Carrier(Protocol):
    """The adapters, as the outbox sees them."""

    def served(self) -> Sequence[Served]:
        """Give what this process delivers to."""

    async def send(self, delivery: Delivery) -> Receipt:
        """Send one message; raises DeliveryError."""


class Witness(Protocol):
    """Who is told what became of messages; what it answers is stored together with that."""

    async def delivered(
        self, tx: Transaction, number: int, message: OutgoingMessage, now: datetime
    ) -> Sequence[OutgoingMessage]:
        """Hear that a message was taken by the platform."""

    async def thread_lost(self, tx: Transaction, message: OutgoingMessage, now: datetime) -> Sequence[OutgoingMessage]:
        """Hear that an escalation's thread on a desk is gone and will be made again."""

    async def gave_up(
        self, tx: Transaction, number: int, message: OutgoingMessage, reason: str, now: datetime
    ) -> Sequence[OutgoingMessage]:
        """Hear that a message was given up."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after this long."""

    after: timedelta


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Stop trying; the reason is shown to those who wait for it."""

    reason: str


def next_attempt(attempt: int, error: DeliveryError, fraction: float = 0.0) -> Retry | GiveUp:
    """Decide what follows a failed attempt (the first is 1): wait twice as long each time, or as the platform says.

    `fraction`, from 0 to 1, says how much of `SPREAD` a wait of ours is shortened by.
    """
    if error.permanent:
        return GiveUp(error.reason)
    if error.retry_after is not None:
        return Retry(timedelta(seconds=error.retry_after))
    if attempt >= MOST_ATTEMPTS:
        return GiveUp(f"{error.reason} ({attempt} attempts)")
    wait = min(FIRST_WAIT * 2.0 ** min(attempt - 1, 20), LONGEST_WAIT)
    return Retry(timedelta(seconds=wait * (1 - SPREAD * fraction)))


def fraction_of(number: int) -> float:
    """Give a fraction from 0 to 1 for a message, far from those of its neighbours."""
    return number * GOLDEN % 1


class Outbox:
    """Sends what is stored, each lane in order, lanes side by side."""

    def __init__(
        self,
        store: Store,
        carrier: Carrier,
        clock: Callable[[], datetime],
        witness: Witness,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Meter()
        self._store = store
        self._carrier = carrier
        self._clock = clock
        self._witness = witness
        self._wake = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], int] = {}  # what is being sent: its number
        self._taking = asyncio.Lock()  # what is being taken is not under way yet
        self._next_due: datetime | None = None
        self._recover_at = 0.0  # by the monotonic clock

    def wake(self) -> None:
        """Say that something may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver for ever; nothing while the other processes on the database cannot see this one."""
        while True:
            self._wake.clear()
            try:
                pause = await self._deliver_some() if self._store.peers.present else POLL
            except Exception:
                log.exception("outbox.failed")  # the database is away: what is stored stays stored
                pause = POLL
            if pause:
                await self._sleep(pause)

    async def _deliver_some(self) -> float:
        """Start to send what is due; give the seconds until the next look."""
        if time.monotonic() > self._recover_at:
            await self.recover()
            self._recover_at = time.monotonic() + RECOVER_EVERY
        return 0.0 if await self.start_due() else self._pause()

    async def settle(self) -> None:
        """Wait until nothing is due any more."""
        while await self.start_due() or self._under_way:
            if self._under_way:
                await asyncio.wait(self._under_way)

    async def stop(self) -> None:
        """Let the sends that are under way end, so that none is repeated after the next start."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=STOP_WITHIN)

    async def recover(self) -> None:
        """Send again what was being sent when a process died."""
        served = self._carrier.served()
        async with self._taking, self._store.transaction() as tx:
            under_way = tuple(self._under_way.values())
            dead = self._store.peers.dead(await tx.deliveries.missing(served))
            repeated = await tx.deliveries.recover(self._clock(), served, under_way, dead)
        if repeated:
            log.warning("outbox.repeated", messages=repeated)

    def _pause(self) -> float:
        if self._next_due is None:
            return POLL
        return min(POLL, max(SHORTEST_PAUSE, (self._next_due - self._clock()).total_seconds()))

    async def _sleep(self, seconds: float) -> None:
        """Wait until woken, or so long.

        Not with `wait_for`: on Python 3.11 it swallows a cancellation that comes in the moment of waking.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def start_due(self) -> int:
        """Start to send what is due, the first message of each lane; a slow lane holds up no other. Tell how many."""
        async with self._taking:
            room = MOST_UNDER_WAY - len(self._under_way)
            if room <= 0:
                return 0
            begun = time.monotonic()
            async with self._store.transaction() as tx:
                deliveries = await tx.deliveries.take_due(self._clock(), room, self._carrier.served())
                self._next_due = None if deliveries else await tx.deliveries.next_due(self._carrier.served())
            for delivery in deliveries:
                task = asyncio.create_task(self._deliver(delivery, begun))
                self._under_way[task] = delivery.number
                task.add_done_callback(self._ended)
            return len(deliveries)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task, None)
        self._wake.set()  # the next one of its lane may be due
        if not task.cancelled() and task.exception():
            log.error("outbox.receipt_not_stored", error=type(task.exception()).__name__)

    async def _deliver(self, delivery: Delivery, taken: float) -> None:
        if time.monotonic() - taken > STALE_AFTER:
            return  # it is put back at the next look, unless another process has it
        try:
            async with asyncio.timeout(LEASE.total_seconds()):
                receipt = await self._carrier.send(delivery)
        except DeliveryError as error:
            await self._keep(delivery, partial(self._failed, delivery, error))
        except Exception as error:
            log.exception("outbox.adapter_failed", platform=delivery.message.to.platform)
            reason = f"the adapter failed ({type(error).__name__})"
            await self._keep(delivery, partial(self._failed, delivery, DeliveryError(reason)))
        else:
            await self._keep(delivery, partial(self._sent, delivery, receipt))

    async def _keep(self, delivery: Delivery, store: Callable[[], Awaitable[None]]) -> None:
        """Store what became of a message, however long the database is away: the platform may have taken it.

        It is bounded by `MOST_UNDER_WAY`, and stays this process's message: nobody sends it meanwhile.
        """
        for attempt in count():
            try:
                await store()
            except Exception:
                log.exception("outbox.receipt_not_stored", attempt=attempt)
            else:
                return
            wait = min(FIRST_WAIT * 2.0 ** min(attempt, 10), KEEP_LONGEST_WAIT)
            await asyncio.sleep(wait * (1 - SPREAD * fraction_of(delivery.number)))

    async def _sent(self, delivery: Delivery, receipt: Receipt) -> None:
        now = self._clock()
        async with self._store.transaction() as tx:
            await tx.deliveries.sent(delivery, receipt, now)
            if delivery.message.traceless:
                await tx.deliveries.drop(delivery.number)
            for message in await self._witness.delivered(tx, delivery.number, delivery.message, now):
                await tx.outbox.add(message, now)
        self._meter.delivered(delivery, Result.SENT, now)
        log.debug("outbox.sent", platform=delivery.message.to.platform, number=delivery.number)

    async def _failed(self, delivery: Delivery, error: DeliveryError) -> None:
        now = self._clock()
        decision = next_attempt(delivery.attempt, error, fraction_of(delivery.number))
        self._meter.delivered(delivery, _result(decision, error), now)
        log.warning(
            "outbox.not_sent", platform=delivery.message.to.platform, attempt=delivery.attempt, reason=error.reason
        )
        async with self._store.transaction() as tx:
            if isinstance(error, ThreadGone):
                await tx.deliveries.forget_thread(delivery.message)
                for message in await self._witness.thread_lost(tx, delivery.message, now):
                    await tx.outbox.add(message, now)
            if isinstance(decision, Retry):
                counts = error.retry_after is None  # being asked to wait is no failure
                await tx.deliveries.retry(delivery, now + decision.after, error.reason, counts=counts)
                return
            if not await tx.deliveries.failed(delivery, decision.reason):
                return
            if delivery.message.traceless:
                await tx.deliveries.drop(delivery.number)
            for message in await self._witness.gave_up(tx, delivery.number, delivery.message, decision.reason, now):
                await tx.outbox.add(message, now)


def _result(decision: Retry | GiveUp, error: DeliveryError) -> Result:
    if isinstance(decision, GiveUp):
        return Result.GAVE_UP
    return Result.RETRIED if error.retry_after is None else Result.WAITED
