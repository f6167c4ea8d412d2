"""Looks now and then whether every part works, and tells the desks that can still be reached when one does not.

Every process looks, for its own health report. Of a platform that one process is connected to, that one tells; of
everything else the one that leads. What others have told it reads in the outbox, so that it goes on where they stopped.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog

from bot.alerts import KEY, Alert, Told, due, key_of, learnt, noted
from bot.domain.link import Link, Trouble
from bot.domain.messages import Address, Block, Delivery, OutgoingMessage, Receipt
from bot.errors import DeliveryError
from bot.progress import Progress, is_any_stuck
from bot.storage.outbox import lane_of
from bot.storage.reading import Reading
from bot.storage.store import Store
from bot.texts import Texts

LOOK_EVERY = 15.0  # seconds
ANSWER_WITHIN = 10.0  # seconds, of the database
LEAST_FREE = 200 * 1024 * 1024  # bytes on the disk of the database
DATABASE, DISK, CLOCK, KNOWLEDGE = "database", "disk", "clock", "knowledge"
SHARDS, READING = "_shards", "_reading"  # after a platform's name: whether each shard is served, and all read
log = structlog.get_logger()


def platform_of(part: str) -> str:
    """Give the platform that a part belongs to; of any other part, its name."""
    return part.removesuffix(READING).removesuffix(SHARDS)


class Sends(Protocol):
    """The adapters: for what cannot be stored, and what other processes are connected to."""

    standing_by: set[str]  # platforms that another process is connected to
    connected: set[str]  # platforms that only this one is connected to

    async def send(self, delivery: Delivery) -> Receipt:
        """Send one message; raises DeliveryError."""


class Watch:
    """Holds the state of every part: `parts` begins with those of the start, platforms, disk and clock come to them."""

    def __init__(
        self,
        store: Store,
        sends: Sends,
        desks: Sequence[Address],
        texts: Texts,
        clock: Callable[[], datetime],
        stored: Callable[[], None],
        parts: dict[str, Link],
    ) -> None:
        self.parts = parts
        self.parts[CLOCK] = Link(clock)
        self.parts[CLOCK].up()  # until a platform says another time
        self._store = store
        self._sends = sends
        self._desks = tuple(desks)
        self._texts = texts
        self._clock = clock
        self._stored = stored
        self._told: dict[str, Told] = {}
        self._known: set[str] = (
            set()
        )  # parts of which what others have told was read, since they are this one's to tell
        self._past: set[str] = set()  # parts of which it told past the outbox, where no other process can read it
        self._shards: dict[str, Sequence[str]] = {}  # parts that several processes share: the jobs of each
        self._read: dict[str, dict[str, Progress]] = {}  # platforms: how what is kept of each part moves on
        self._leads = self._tells = not store.peers.several
        if store.file:
            self.parts[DISK] = Link(clock)
            self._look_at_disk(store.file)

    def platform(self, name: str) -> Link:
        """Give the link of a platform, to be kept by its adapter."""
        return self.parts.setdefault(name, Link(self._clock))

    def reading(self, platform: str, parts: Sequence[str]) -> None:
        """Look from now on whether it is noted that all is handled, of a platform or each part of it, ever later."""
        self._read[platform] = {part: Progress(LOOK_EVERY) for part in parts}

    def shared(self, platform: str, jobs: Sequence[str]) -> None:
        """Look from now on whether some process does each of these, which together receive from a platform."""
        part = platform + SHARDS
        self._shards[part] = jobs
        self.platform(part).up()

    async def lead(self) -> None:
        """Be the process that tells, until cancelled."""
        self._leads = True
        try:
            await asyncio.Event().wait()
        finally:
            self._leads = False

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("watch.failed")
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Look once, and tell what is due to be told."""
        await self._look_at_database()
        if self._store.file:
            self._look_at_disk(self._store.file)
        if self.parts[DATABASE].state is None:
            self._tells = self._leads  # while it is away nobody can be chosen: who led last goes on telling
            await self._look_at_shards()
            await self._look_at_reading()
            await self._learn()
        now = self._clock()
        for alert in due({name: link.state for name, link in self.parts.items() if self._mine(name)}, self._told, now):
            log.error("alert", part=alert.part, trouble=alert.trouble, since=alert.since.isoformat())
            if await self._tell(alert, now):
                self._told[alert.part] = noted(alert, self._told.get(alert.part), now)

    def _mine(self, part: str) -> bool:
        """Tell whether it is this process that tells of a part."""
        if part in self._past:
            return True
        return part not in self._sends.standing_by and (self._tells or part in self._sends.connected)

    async def _learn(self) -> None:
        """Read what was told of parts that are this one's to tell only now, by another process or before a restart."""
        mine = {part for part in self.parts if self._mine(part)}
        new, self._known = mine - self._known, mine
        if not new:
            return
        lanes = [lane_of(OutgoingMessage(desk, ())) for desk in self._desks]
        async with self._store.transaction() as tx:
            told = learnt(await tx.outbox.keyed(lanes, KEY))
        for part in new & set(told):
            if part not in self._told or self._told[part].at < told[part].at:
                self._told[part] = told[part]

    async def _look_at_database(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._store.answers()
        except Exception as error:  # noqa: BLE001  # whatever it is, the database cannot be used
            log.warning("database.unusable", error=type(error).__name__)
            self.parts[DATABASE].down(Trouble.UNUSABLE)
        else:
            self.parts[DATABASE].up()

    def _look_at_disk(self, file: Path) -> None:
        try:
            enough = shutil.disk_usage(file.parent).free >= LEAST_FREE
        except OSError:
            return  # then the database says so as well
        self.parts[DISK].up() if enough else self.parts[DISK].down(Trouble.FULL)

    async def _look_at_shards(self) -> None:
        """Look, as the process that tells of it, whether each has somebody; none has while another one takes over."""
        for part, jobs in self._shards.items():
            undone = await self._store.peers.undone(jobs) if self._tells else []
            self.parts[part].down(Trouble.UNSERVED) if undone else self.parts[part].up()

    async def _look_at_reading(self) -> None:
        """Look, as the process that tells of it, whether what others have read as well moves on.

        Until that can be said nothing is: one that has just begun to look would take back what was told before.
        """
        for platform, parts in self._read.items():
            if not self._tells:
                self.parts.pop(platform + READING, None)
                self.reading(platform, list(parts))
                continue
            async with self._store.transaction() as tx:
                kept = {part: await Reading(tx.connection).own(platform, part) for part in parts}
            needed = [link for name in (platform, platform + SHARDS) if (link := self.parts.get(name))]
            reached = all(link.state is None for link in needed)
            stuck = is_any_stuck([progress.is_stuck(kept[part], reached=reached) for part, progress in parts.items()])
            if stuck is not None:
                link = self.platform(platform + READING)
                link.down(Trouble.BEHIND) if stuck else link.up()

    def _reachable(self) -> list[Address]:
        return [desk for desk in self._desks if not (link := self.parts.get(desk.platform)) or link.state is None]

    async def _tell(self, alert: Alert, now: datetime) -> bool:
        """Tell the desks that can be reached; False if there is none, so that it is tried again."""
        desks = self._reachable()
        if self.parts[DATABASE].state is None and await self._by_the_outbox(alert, desks, now):
            return bool(desks)
        self._past.add(alert.part)
        return any([await self._past_the_outbox(self._message(desk, alert)) for desk in desks])

    async def _by_the_outbox(self, alert: Alert, desks: Sequence[Address], now: datetime) -> bool:
        try:
            async with self._store.transaction() as tx:
                for desk in desks:
                    await tx.outbox.add(self._message(desk, alert), now)
        except Exception as error:  # noqa: BLE001  # whatever it is, the alert cannot be stored
            log.warning("database.unusable", error=type(error).__name__)
            self.parts[DATABASE].down(Trouble.UNUSABLE)
            return False
        self._stored()
        self._past.discard(alert.part)
        return True

    async def _past_the_outbox(self, message: OutgoingMessage) -> bool:
        """Send what cannot be stored; its number is none that the outbox has."""
        try:
            await self._sends.send(Delivery(-time.time_ns() // 1_000_000, message))
        except DeliveryError as error:
            log.warning("alert.not_sent", platform=message.to.platform, reason=error.reason)
            return False
        return True

    def _message(self, desk: Address, alert: Alert) -> OutgoingMessage:
        """Give the words."""
        part = self._texts(f"alert.part.{alert.part}")
        since = f"{alert.since:%d %b %H:%M} UTC"
        text = self._texts(f"alert.{alert.trouble or 'over'}", part=part, since=since)
        return OutgoingMessage(desk, (Block(text),), key=key_of(alert))


def parts_at_start(clock: Callable[[], datetime]) -> dict[str, Link]:
    """Give what a start waits for, before anything else is there."""
    return {KNOWLEDGE: Link(clock), DATABASE: Link(clock)}


def states(parts: Mapping[str, Link]) -> dict[str, str]:
    """Give each part with `ok`, or with what is wrong and since when."""
    downs = ((name, link.state) for name, link in parts.items())
    return {name: f"{down.trouble} since {down.since:%Y-%m-%d %H:%M} UTC" if down else "ok" for name, down in downs}
