"""Running what `app.py` has wired: every part until one ends or the process is told to stop, and then in order."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.adapters.base import Adapter, KnowsRoles, Sharded, name_of
from bot.config import Settings
from bot.digest.pictures import Pictures
from bot.domain.messages import OWN_FILES, Attachment, Delivery, Receipt
from bot.domain.people import PersonId, Role
from bot.errors import BotError, DeliveryError
from bot.escalation.desk import EscalationDesk
from bot.escalation.roll_call import RollCall
from bot.intake import Intake
from bot.knowledge.live import LiveReload
from bot.outbox import Outbox
from bot.privacy import Privacy
from bot.purging import DailyPurge
from bot.storage.deliveries import Served
from bot.storage.store import Store
from bot.timers import Timers
from bot.triage.live import LiveTriage
from bot.triage.triage import Triage
from bot.watch import Watch

FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0  # seconds before a failed platform is started again; doubled each time
SPREAD = 0.2  # of such a wait, at the most, by which chance shortens it
CLOSE_WITHIN = 2.0  # seconds for the platforms' connections, after `outbox.STOP_WITHIN` seconds for the last sends
log = structlog.get_logger()


class Adapters(list[Adapter]):
    """The platforms in use, as the outbox sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.standing_by: set[str] = set()  # platforms that another process is connected to
        self.connected: set[str] = set()  # platforms that only this one is connected to

    def served(self) -> list[Served]:
        """Give what this process delivers to."""
        found: list[Served] = []
        for adapter in self:
            if adapter.platform in self.standing_by:
                continue
            chats = adapter.chats()
            found += [Served(adapter.platform)] if chats is None else [Served(adapter.platform, chat) for chat in chats]
        return found

    async def send(self, delivery: Delivery) -> Receipt:
        """Send by the adapter of the message's platform; what is for volunteers or leads only, to those who still are.

        Raises:
            DeliveryError: the platform did not take it, or its reader has lost the right to read it.
        """
        adapter = next(adapter for adapter in self if adapter.platform == delivery.message.to.platform)
        if delivery.message.only_for and delivery.user and isinstance(adapter, KnowsRoles):
            _check_right(delivery.message.only_for, await adapter.role_of(delivery.user))
        return await adapter.send(delivery)

    async def role_of(self, person: PersonId) -> Role | None:
        """Ask the person's platform what they may do there; None: this process cannot ask it, or it cannot say."""
        connected = [one for one in self if one.platform not in self.standing_by]
        adapter = next((one for one in connected if one.platform == person.platform), None)
        return await adapter.role_of(person.user) if isinstance(adapter, KnowsRoles) else None

    async def fetch(self, attachment: Attachment) -> bytes:
        """Fetch a file from the platform it was sent on, to pass it on to another one; our own are at hand."""
        if attachment.platform == OWN_FILES:
            return attachment.ref.encode()
        adapter = next(adapter for adapter in self if adapter.platform == attachment.platform)
        return await adapter.fetch(attachment)


def _check_right(needed: Role, role: Role | None) -> None:
    """Refuse to send what somebody may not read any more; while nobody can say, it waits."""
    if role is None:
        raise DeliveryError("nobody can say at this moment whether they still work at the desk")
    if not role.includes(needed):
        raise DeliveryError(f"they are no {needed} any more", permanent=True)


@dataclass(slots=True)
class App:
    """Every part, wired; `adapters` may be filled after building, before `run`."""

    settings: Settings
    store: Store
    live: LiveTriage
    desk: EscalationDesk
    intake: Intake
    outbox: Outbox
    purge: DailyPurge
    privacy: Privacy
    adapters: Adapters
    reload: LiveReload[Triage]
    timers: Timers
    roll_call: RollCall
    watch: Watch
    pictures: Pictures
    clock: Callable[[], datetime]

    async def run(self) -> None:
        """Run until an adapter ends by itself (the console does at /quit) or the task is cancelled."""
        presence = asyncio.create_task(self.store.peers.run(self.outbox.wake))
        try:
            await self._run_all()
        finally:
            await self._stop()
            presence.cancel()  # last: the other processes take over what this one still sends otherwise
            await asyncio.wait([presence])

    async def _run_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            peers = self.store.peers
            running = [self.outbox.run(), self.reload.run(), self.watch.run(), self.roll_call.run()]
            running += [peers.as_leader("timers", self.timers.run), peers.as_leader("watch", self._watch)]
            background = [group.create_task(one) for one in running]
            receiving = [group.create_task(self._receive_in_turn(adapter)) for adapter in self.adapters]
            await asyncio.wait(receiving, return_when=asyncio.FIRST_COMPLETED)
            for task in (*receiving, *background):
                task.cancel()

    async def _watch(self) -> None:
        """Purge where alerts are told, as a clock that is wrong is one."""
        await asyncio.gather(self.watch.lead(), self.purge.run())

    async def _stop(self) -> None:
        """Let sends that are under way end, then let go of the platforms; a slow one is not waited for."""
        await self.outbox.stop()
        closing = [asyncio.ensure_future(adapter.close()) for adapter in self.adapters]
        if closing:
            _, slow = await asyncio.wait(closing, timeout=CLOSE_WITHIN)
            for task in slow:
                task.cancel()

    async def _receive_in_turn(self, adapter: Adapter) -> None:
        """Receive, with the other processes or, where a platform talks to one only, once this one is chosen."""
        if several_receive(self.settings, adapter.platform):
            return await self._receive(adapter)

        async def connected(place: int) -> None:
            if len(jobs) > 1 and isinstance(adapter, Sharded):
                adapter.takes(place)
            self.adapters.standing_by.discard(adapter.platform)
            self.adapters.connected.add(adapter.platform)
            self.outbox.wake()
            await self._receive(adapter)

        def stands_by() -> None:
            self.watch.platform(adapter.platform).up()  # another process has the connection
            self.adapters.connected.discard(adapter.platform)
            self.adapters.standing_by.add(adapter.platform)

        jobs = self._receiving(adapter)
        if len(jobs) > 1:
            self.watch.shared(adapter.platform, jobs)
        if isinstance(adapter, Sharded):
            parts = [name_of(shard, len(jobs)) for shard in range(len(jobs))]
            self.watch.reading(adapter.platform, parts if len(jobs) > 1 else [""])
        return await self.store.peers.as_one_of(jobs, connected, waits=stands_by)

    def _receiving(self, adapter: Adapter) -> list[str]:
        """Name what one process at a time may be connected to: a platform, or a shard of it."""
        shards = self.settings.discord.shards if self.store.peers.several and isinstance(adapter, Sharded) else 1
        whole = f"receive {adapter.platform}"
        return [f"{whole} {shard} of {shards}" for shard in range(shards)] if shards > 1 else [whole]

    async def _receive(self, adapter: Adapter) -> None:
        """Keep a platform running: its failure is logged and tried again, and stops no other one."""
        wait = FIRST_WAIT
        while True:
            begun, pause = time.monotonic(), wait * (1 - SPREAD * random.random())  # noqa: S311 - no secret
            try:
                return await adapter.run(self.intake.accept)
            except BotError as error:
                if len(self.adapters) == 1 and not self.watch.platform(adapter.platform).worked:
                    raise  # a token that was never taken: nothing but a change of the settings mends it
                log.error("platform.refused", platform=adapter.platform, says=str(error), again_in=pause)
            except Exception:
                log.exception("platform.failed", platform=adapter.platform, again_in=pause)
            await asyncio.sleep(pause)
            wait = FIRST_WAIT if time.monotonic() - begun > 2 * LONGEST_WAIT else min(2 * wait, LONGEST_WAIT)


def several_receive(settings: Settings, platform: str) -> bool:
    """Tell whether several processes may receive from a platform at a time: by Telegram's webhook they may."""
    return platform == "telegram" and settings.telegram.webhook.url is not None


async def until_told(app: App) -> None:
    """Run until SIGTERM asks the process to stop (a container or systemd sends it); that is no failure."""
    running, told = asyncio.ensure_future(app.run()), asyncio.Event()

    def stop() -> None:
        told.set()
        running.cancel()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop)
    try:
        await running
    except asyncio.CancelledError:
        if not told.is_set():
            running.cancel()
            await asyncio.wait([running])
            raise
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
