"""The outbox: order, retries, giving up, and what a crash leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from bot.domain.messages import Address, Block, Delivery, OutgoingMessage, Receipt
from bot.errors import DeliveryError, ThreadGone
from bot.outbox import (
    KEEP_LONGEST_WAIT,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    SPREAD,
    GiveUp,
    Outbox,
    Retry,
    fraction_of,
    next_attempt,
)
from bot.storage.deliveries import Deliveries, Served
from bot.storage.outbox import Fate
from bot.storage.store import Store, Transaction
from bot.storage.tables import outbox
from tests.clock import Clock
from tests.processes import until
from tests.world import World

ANNA, BEN = Address("telegram", "dm:anna"), Address("telegram", "dm:ben")


@dataclass
class Carrier:
    """Takes what is sent, or fails by a list of errors for a chat."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    errors: dict[str, list[DeliveryError]] = field(default_factory=dict)
    replaced: list[str | None] = field(default_factory=list)

    def served(self) -> Sequence[Served]:
        return [Served("telegram")]

    async def send(self, delivery: Delivery) -> Receipt:
        waiting = self.errors.get(delivery.message.to.chat)
        if waiting:
            raise waiting.pop(0)
        self.sent.append((delivery.message.to.chat, delivery.message.text()))
        self.replaced.append(delivery.replaces)
        return Receipt(f"m{len(self.sent)}", "t1" if delivery.message.on_desk else None)


@dataclass
class Witness:
    """Writes down what is given up."""

    given_up: list[str]

    async def delivered(self, _tx: Transaction, _n: int, _m: OutgoingMessage, _now: datetime) -> list[OutgoingMessage]:
        return []

    async def thread_lost(self, _tx: Transaction, _m: OutgoingMessage, _now: datetime) -> list[OutgoingMessage]:
        return []

    async def gave_up(
        self, _tx: Transaction, _n: int, _m: OutgoingMessage, reason: str, _now: datetime
    ) -> list[OutgoingMessage]:
        self.given_up.append(reason)
        return []


@dataclass
class Setting:
    store: Store
    clock: Clock
    carrier: Carrier
    outbox: Outbox
    given_up: list[str]

    async def stores(self, *messages: OutgoingMessage) -> None:
        async with self.store.transaction() as tx:
            for message in messages:
                await tx.outbox.add(message, self.clock())

    async def fates(self) -> dict[Fate, int]:
        async with self.store.transaction() as tx:
            return await tx.outbox.count()


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    store, clock, carrier = await Store.open(database_url), Clock(), Carrier()
    given_up: list[str] = []

    yield Setting(store, clock, carrier, Outbox(store, carrier, clock, Witness(given_up)), given_up)
    await store.close()


def to(address: Address, text: str, key: str | None = None) -> OutgoingMessage:
    return OutgoingMessage(address, (Block(text),), key=key)


async def test_messages_to_one_address_arrive_in_order(setting: Setting) -> None:
    await setting.stores(*(to(ANNA, str(number)) for number in range(20)))
    await setting.outbox.settle()
    assert [text for _, text in setting.carrier.sent] == [str(number) for number in range(20)]


async def test_a_blocked_address_holds_up_itself_and_nobody_else(setting: Setting) -> None:
    setting.carrier.errors[ANNA.chat] = [DeliveryError("rate limited", retry_after=30)]
    await setting.stores(to(ANNA, "first"), to(ANNA, "second"), to(BEN, "other"))
    await setting.outbox.settle()
    assert setting.carrier.sent == [(BEN.chat, "other")]
    setting.clock.pass_(seconds=29)
    await setting.outbox.settle()
    assert len(setting.carrier.sent) == 1
    setting.clock.pass_(seconds=1)
    await setting.outbox.settle()
    assert [text for chat, text in setting.carrier.sent if chat == ANNA.chat] == ["first", "second"]


async def test_a_permanent_failure_is_given_up_visibly_and_the_next_message_goes_out(setting: Setting) -> None:
    setting.carrier.errors[ANNA.chat] = [DeliveryError("blocked the bot", permanent=True)]
    await setting.stores(to(ANNA, "lost"), to(ANNA, "next"))
    await setting.outbox.settle()
    assert setting.given_up == ["blocked the bot"]
    assert [text for _, text in setting.carrier.sent] == ["next"]
    assert await setting.fates() == {Fate.FAILED: 1, Fate.SENT: 1}


async def test_a_failed_message_can_be_sent_again(setting: Setting) -> None:
    setting.carrier.errors[ANNA.chat] = [DeliveryError("blocked the bot", permanent=True)]
    await setting.stores(to(ANNA, "again"))
    await setting.outbox.settle()
    async with setting.store.transaction() as tx:
        kept = await tx.outbox.kept(1)
        assert kept
        assert await tx.outbox.resend(1, kept, setting.clock())
        assert not await tx.outbox.resend(1, kept, setting.clock()), "a second press does nothing"
    await setting.outbox.settle()
    assert [text for _, text in setting.carrier.sent] == ["again"]


@pytest.fixture
async def seeing_all(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """This process has been there for long enough to have seen every other one."""
    monkeypatch.setattr("bot.storage.peers.RETURN_WITHIN", 0.0)
    presence = asyncio.create_task(setting.store.peers.run(lambda: None))
    await until(lambda: setting.store.peers.present, "the other processes")
    yield
    presence.cancel()
    await asyncio.gather(presence, return_exceptions=True)


@pytest.mark.usefixtures("seeing_all")
async def test_what_was_being_sent_at_a_crash_is_sent_again_after_it(setting: Setting) -> None:
    await setting.stores(to(ANNA, "hello"))
    async with setting.store.transaction() as tx:
        dead = Deliveries(tx.connection, process=1)
        assert len(await dead.take_due(setting.clock(), 10, [Served("telegram")])) == 1
    await setting.outbox.settle()
    assert setting.carrier.sent == [], "it looks as if it were on its way"
    setting.clock.pass_(seconds=6)
    await setting.outbox.recover()
    await setting.outbox.settle()
    assert [text for _, text in setting.carrier.sent] == ["hello"]


@pytest.mark.usefixtures("seeing_all")
async def test_what_was_being_sent_at_a_crash_does_not_wait_for_all_that_came_since(setting: Setting) -> None:
    await setting.stores(to(ANNA, "hello"))
    async with setting.store.transaction() as tx:
        await Deliveries(tx.connection, process=1).take_due(setting.clock(), 10, [Served("telegram")])
    setting.clock.pass_(seconds=6)
    await setting.stores(*(to(Address("telegram", f"dm:{number}"), "later") for number in range(1000, 1100)))
    await setting.outbox.recover()
    await setting.outbox.settle()
    assert len(setting.carrier.sent) == 101
    assert setting.carrier.sent[0] == (ANNA.chat, "hello")


async def test_one_that_was_taken_over_by_another_process_is_not_said_to_have_failed(setting: Setting) -> None:
    await setting.stores(to(ANNA, "hello"))
    send = setting.carrier.send

    async def fails_late(delivery: Delivery) -> Receipt:
        async with setting.store.transaction() as tx:
            await tx.deliveries.recover(setting.clock(), [Served("telegram")])
            await Deliveries(tx.connection, process=1).take_due(setting.clock(), 10, [Served("telegram")])
        setting.carrier.errors[ANNA.chat] = [DeliveryError("blocked the bot", permanent=True)]
        return await send(delivery)

    setting.carrier.send = fails_late  # type: ignore[method-assign]
    await setting.outbox.settle()
    assert setting.given_up == []
    assert await setting.fates() == {Fate.SENDING: 1}, "the other one says what became of it"


async def test_what_a_newer_version_stored_waits_for_it_and_holds_up_nothing_else(setting: Setting) -> None:
    await setting.stores(to(ANNA, "hello"), to(ANNA, "after it"), to(BEN, "other"))
    readable = select(outbox.c.content).where(outbox.c.id == 1)
    async with setting.store.transaction() as tx:
        content = (await tx.connection.execute(readable)).scalar_one()
        newer = update(outbox).where(outbox.c.id == 1)
        await tx.connection.execute(newer.values(content=content | {"only_for": "somebody new"}))
    await setting.outbox.settle()
    assert setting.carrier.sent == [(BEN.chat, "other")]
    async with setting.store.transaction() as tx:
        await tx.connection.execute(newer.values(content=content))
    setting.clock.pass_(minutes=5)
    await setting.outbox.settle()
    assert [text for chat, text in setting.carrier.sent if chat == ANNA.chat] == ["hello", "after it"]


async def test_what_a_process_stores_whose_clock_is_ahead_is_sent_at_once(setting: Setting) -> None:
    async with setting.store.transaction() as tx:
        await tx.outbox.add(to(ANNA, "hello"), setting.clock() + timedelta(minutes=4))
    await setting.outbox.settle()
    assert [text for _, text in setting.carrier.sent] == ["hello"]


@pytest.mark.usefixtures("seeing_all")
async def test_what_another_process_stored_is_sent_although_its_word_was_lost(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.POLL", 0.05)
    running = asyncio.create_task(setting.outbox.run())
    await until(lambda: setting.outbox._next_due is None and not setting.outbox._wake.is_set(), "it to wait")
    await setting.stores(to(ANNA, "hello"))
    await until(lambda: setting.carrier.sent, "the message")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_it_took_without_hearing_so_is_sent_at_the_next_look(setting: Setting) -> None:
    """The database stored it, and its answer was lost."""
    await setting.stores(to(ANNA, "hello"))
    async with setting.store.transaction() as tx:
        assert len(await tx.deliveries.take_due(setting.clock(), 10, [Served("telegram")])) == 1
    await setting.outbox.settle()
    assert setting.carrier.sent == []
    await setting.outbox.recover()
    await setting.outbox.settle()
    assert [text for _, text in setting.carrier.sent] == ["hello"]


async def test_a_receipt_waits_for_the_database_however_long_it_is_away(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    sent = Deliveries.sent

    async def away(_: Deliveries, *_more: object) -> None:
        raise ConnectionRefusedError

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        setting.clock.pass_(seconds=seconds)
        await setting.outbox.recover()
        assert await setting.outbox.start_due() == 0, "it is sent once"
        if len(waits) == 100:
            monkeypatch.setattr(Deliveries, "sent", sent)

    monkeypatch.setattr(Deliveries, "sent", away)
    monkeypatch.setattr("bot.outbox.asyncio.sleep", sleep)
    await setting.stores(to(ANNA, "hello"))
    await setting.outbox.settle()
    assert [text for _, text in setting.carrier.sent] == ["hello"]
    assert await setting.fates() == {Fate.SENT: 1}
    assert sum(waits) > 2400, "longer than any message is under way"
    assert waits[:5] == sorted(waits[:5])
    assert max(waits) <= KEEP_LONGEST_WAIT


async def test_a_message_with_a_key_replaces_the_one_before_it(setting: Setting) -> None:
    await setting.stores(to(ANNA, "waiting", key="card:1"))
    await setting.outbox.settle()
    await setting.stores(to(ANNA, "claimed", key="card:1"))
    await setting.outbox.settle()
    assert setting.carrier.replaced == [None, "m1"]


async def test_of_two_unsent_messages_with_one_key_only_the_newer_goes_out_in_the_older_ones_place(
    setting: Setting,
) -> None:
    await setting.stores(to(ANNA, "waiting", key="card:1"), to(ANNA, "after it"), to(ANNA, "claimed", key="card:1"))
    await setting.outbox.settle()
    assert [text for _, text in setting.carrier.sent] == ["claimed", "after it"]


async def test_a_lost_thread_is_forgotten_and_made_again(setting: Setting) -> None:
    on_desk = OutgoingMessage(Address("telegram", "desk"), (Block("card"),), on_desk=True, thread_title="#1")
    await setting.stores(on_desk)
    setting.carrier.errors["desk"] = [ThreadGone("message thread not found")]
    await setting.outbox.settle()
    setting.clock.pass_(seconds=1)
    await setting.outbox.settle()
    assert setting.carrier.sent == [("desk", "card")]


async def test_what_waits_for_another_one_of_its_lane_does_not_make_the_loop_look_again_and_again(
    setting: Setting,
) -> None:
    await setting.stores(to(ANNA, "first"), to(ANNA, "second"))
    async with setting.store.transaction() as tx:
        assert len(await tx.deliveries.take_due(setting.clock(), 10, [Served("telegram")])) == 1
        assert await tx.deliveries.next_due([Served("telegram")]) is None


async def test_messages_for_places_this_process_does_not_serve_wait(setting: Setting) -> None:
    await setting.stores(to(Address("console", "desk"), "for another terminal"))
    await setting.outbox.settle()
    assert await setting.fates() == {Fate.PENDING: 1}


@pytest.mark.parametrize(
    ("attempt", "error", "expected"),
    [
        (1, DeliveryError("x"), Retry(timedelta(seconds=1))),
        (4, DeliveryError("x"), Retry(timedelta(seconds=8))),
        (MOST_ATTEMPTS - 1, DeliveryError("x"), Retry(timedelta(seconds=600))),
        (MOST_ATTEMPTS, DeliveryError("x"), GiveUp(f"x ({MOST_ATTEMPTS} attempts)")),
        (1, DeliveryError("gone", permanent=True), GiveUp("gone")),
        (99, DeliveryError("slow down", retry_after=7), Retry(timedelta(seconds=7))),
    ],
)
def test_waits_double_until_it_is_given_up(attempt: int, error: DeliveryError, expected: Retry | GiveUp) -> None:
    assert next_attempt(attempt, error) == expected


@pytest.mark.parametrize("fraction", [0.0, 1.0])
def test_an_outage_of_a_whole_day_loses_nothing(fraction: float) -> None:
    waits = [next_attempt(attempt, DeliveryError("down"), fraction) for attempt in range(1, MOST_ATTEMPTS)]
    total = sum((wait.after for wait in waits if isinstance(wait, Retry)), timedelta())
    assert timedelta(hours=28) < total < timedelta(hours=48)


def test_what_failed_together_does_not_come_back_together() -> None:
    def wait(number: int) -> float:
        decision = next_attempt(99, DeliveryError("down"), fraction_of(number))
        assert isinstance(decision, Retry)
        return decision.after.total_seconds()

    waits = sorted(wait(number) for number in range(1, 101))
    assert waits[0] >= LONGEST_WAIT * (1 - SPREAD)
    assert waits[-1] <= LONGEST_WAIT
    assert max(later - sooner for sooner, later in pairwise(waits)) < LONGEST_WAIT * SPREAD / 30


def test_a_time_that_the_platform_names_is_not_shortened() -> None:
    asked = next_attempt(1, DeliveryError("slow down", retry_after=7), 0.9)
    assert asked == Retry(timedelta(seconds=7))


async def test_it_stops_when_asked_even_if_it_is_woken_at_that_moment(world: World) -> None:
    running = asyncio.create_task(world.app.outbox.run())
    await asyncio.sleep(0.1)
    world.app.outbox.wake()
    running.cancel()
    await asyncio.wait({running}, timeout=2)
    assert running.cancelled()
