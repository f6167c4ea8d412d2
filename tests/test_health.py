"""/healthz, /readyz and /metrics, asked over HTTP while stories go on."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import event

from bot.app import _health, _metrics, application
from bot.config import HealthSettings, Settings
from bot.domain.link import Trouble
from bot.errors import ConfigError
from bot.knowledge.reviews import reviews
from bot.metrics import Metrics
from bot.triage.triage import Triage
from tests.world import MEMORY, ROOT, World, a_world

KNOWN, UNKNOWN = "how much is it in mexico?", "does the hospital shop sell gluten free bread?"


@dataclass
class Asked:
    """What the server answers."""

    status: int
    text: str
    json: Any = None


async def asked(url: str) -> Asked:
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        as_json = await answer.json() if "json" in answer.content_type else None
        return Asked(answer.status, await answer.text(), as_json)


class Watched:
    """A world whose health can be asked for."""

    def __init__(self, world: World, url: str) -> None:
        self.world = world
        self._url = url

    async def ask(self, path: str) -> Asked:
        return await asked(self._url + path)

    async def samples(self) -> Mapping[str, float]:
        found = re.findall(r"^(hsctbot_\S+(?:\{.*\})?) (\S+)$", (await self.ask("/metrics")).text, re.MULTILINE)
        return {name: float(value) for name, value in found}


@pytest.fixture
async def watched(triage: Triage, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    monkeypatch.setattr("bot.health.MEASURED_FOR", 0.0)
    health = HealthSettings(port=unused_tcp_port)
    async with a_world(triage, health=health) as world:
        for name in ("telegram", "discord"):
            world.app.watch.platform(name).up()
        yield Watched(world, f"http://127.0.0.1:{unused_tcp_port}")


async def test_ready_until_a_part_is_not_and_then_it_is_named(watched: Watched) -> None:
    assert (await watched.ask("/healthz")).status == 200
    assert (await watched.ask("/readyz")).status == 200
    watched.world.app.watch.platform("telegram").down(Trouble.REVOKED)
    answer = await watched.ask("/readyz")
    assert answer.status == 503
    assert answer.json["ready"] is False
    assert answer.json["parts"]["telegram"].startswith("revoked since ")
    others = [answer.json["parts"][name] for name in ("discord", "database", "knowledge", "clock")]
    assert others == ["ok"] * 4
    assert (await watched.ask("/healthz")).status == 200, "starting it again would mend nothing"
    assert (await watched.samples())['hsctbot_part_up{part="telegram"}'] == 0


async def test_a_platform_can_be_left_out_so_that_its_outage_keeps_no_webhook_from_a_process(watched: Watched) -> None:
    watched.world.app.watch.platform("discord").down(Trouble.UNREACHABLE)
    watched.world.app.watch.platform("discord_reading").down(Trouble.BEHIND)
    assert (await watched.ask("/readyz")).status == 503
    answer = await watched.ask("/readyz?without=discord")
    assert answer.status == 200
    assert not any(name.startswith("discord") for name in answer.json["parts"])
    watched.world.app.watch.platform("telegram").down(Trouble.UNREACHABLE)
    assert (await watched.ask("/readyz?without=discord")).status == 503


async def test_what_happened_is_counted_by_kind_and_outcome(watched: Watched) -> None:
    anna = watched.world.asker("anna")
    await anna.asks(KNOWN)
    await anna.presses("More")
    await anna.commands("help")
    await anna.commands("person", UNKNOWN)
    samples = await watched.samples()

    def events(kind: str, outcome: str) -> float:
        return samples[f'hsctbot_events_total{{kind="{kind}",outcome="{outcome}",platform="telegram"}}']

    assert events("message", "answer") == events("button", "more") == events("command", "help") == 1
    assert samples['hsctbot_decisions_total{decision="answer",reason=""}'] == 1
    assert samples['hsctbot_decisions_total{decision="handoff",reason="asked_for"}'] == 1
    assert samples['hsctbot_handling_seconds_count{platform="telegram"}'] == 4
    assert samples['hsctbot_escalations_open{status="waiting",urgent="false"}'] == 1
    watched.world.clock.pass_(minutes=5)
    oldest = 'hsctbot_escalations_oldest_seconds{status="waiting",urgent="false"}'
    assert (await watched.samples())[oldest] == 300


async def test_deliveries_are_counted_by_what_became_of_them(watched: Watched) -> None:
    anna = watched.world.asker("anna")
    watched.world.telegram.goes_down()
    await anna.asks(KNOWN)
    samples = await watched.samples()
    assert samples['hsctbot_deliveries_total{platform="telegram",result="retried"}'] == 1
    assert samples['hsctbot_outbox_messages{fate="pending"}'] == 1
    watched.world.clock.pass_(seconds=40)
    assert (await watched.samples())['hsctbot_outbox_oldest_seconds{fate="pending"}'] == 40
    watched.world.telegram.comes_back()
    await watched.world.app.outbox.settle()
    samples = await watched.samples()
    assert samples['hsctbot_deliveries_total{platform="telegram",result="sent"}'] == 1
    assert samples['hsctbot_delivery_wait_seconds_sum{platform="telegram"}'] == 40
    assert samples['hsctbot_outbox_messages{fate="pending"}'] == 0


async def test_the_knowledge_in_use_is_told(watched: Watched) -> None:
    knowledge = watched.world.app.live.knowledge
    samples = await watched.samples()
    assert samples["hsctbot_knowledge_entries"] == len(knowledge.entries)
    assert samples[f'hsctbot_knowledge_info{{version="{knowledge.version}"}}'] == 1
    assert samples["hsctbot_knowledge_overdue_reviews"] == 0
    watched.world.clock.now = datetime(2100, 1, 1, tzinfo=UTC)
    assert (await watched.samples())["hsctbot_knowledge_overdue_reviews"] == len(reviews(knowledge))


async def test_metrics_hold_no_text_name_or_chat(watched: Watched) -> None:
    anna = watched.world.asker("zephyrine")
    await anna.asks("does the hydrotherapy basin take mauve caps?")
    await anna.commands("gooseberries", "marmalade")
    shown = (await watched.ask("/metrics")).text.lower()
    for words in ("zephyrine", "hydrotherapy", "mauve", "gooseberries", "marmalade", "group"):
        assert words not in shown


async def test_an_event_that_comes_twice_is_counted_as_a_duplicate(watched: Watched) -> None:
    message = watched.world.asker("anna").message(KNOWN)
    await watched.world.happens(message)
    await watched.world.happens(message)
    samples = await watched.samples()
    assert samples['hsctbot_events_total{kind="message",outcome="duplicate",platform="telegram"}'] == 1


async def test_a_database_that_is_away_leaves_the_counters(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    await watched.world.asker("anna").asks(KNOWN)

    def refuses(_: object) -> None:
        raise OSError("away")

    monkeypatch.setattr("bot.storage.store.Store.transaction", refuses)
    samples = await watched.samples()
    assert samples['hsctbot_decisions_total{decision="answer",reason=""}'] == 1


async def test_a_port_that_is_taken_says_so(watched: Watched) -> None:
    with pytest.raises(ConfigError, match=r"health\.port"):
        async with application(watched.world.app.settings, triage=watched.world.app.live.triage):
            pass


async def test_without_a_port_nothing_listens_and_nothing_is_counted(world: World) -> None:
    assert _health(world.app.settings, _metrics(world.app.settings), {}, world.clock) is None
    assert not isinstance(world.app.intake._meter, Metrics)


async def test_while_the_knowledge_is_loaded_it_says_so_and_is_alive(
    triage: Triage, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(*_: object) -> Triage:
        begun.set()
        assert go_on.wait(10), "the process was asked in vain"
        return triage

    monkeypatch.setattr("bot.app.build_triage", slowly)
    settings, url = Settings(health=HealthSettings(port=unused_tcp_port)), f"http://127.0.0.1:{unused_tcp_port}"
    settings = settings.model_copy(update={"database_url": SecretStr(MEMORY), "knowledge": ROOT / "knowledge"})

    async def starts() -> None:
        async with application(settings):
            answer = await asked(f"{url}/readyz")
            assert (answer.status, answer.json["parts"]["knowledge"]) == (200, "ok")

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(starts())
        assert await asyncio.to_thread(begun.wait, 10)
        assert (await asked(f"{url}/healthz")).status == 200
        answer = await asked(f"{url}/readyz")
        assert (answer.status, answer.json["ready"]) == (503, False)
        assert answer.json["parts"]["knowledge"].startswith("starting since ")
        assert answer.json["parts"]["database"] == "ok"
        assert 'hsctbot_part_up{part="knowledge"} 0.0' in (await asked(f"{url}/metrics")).text
        go_on.set()


async def test_counting_asks_the_database_nothing(watched: Watched, triage: Triage) -> None:
    """The same message takes as many statements with metrics as without."""
    async with a_world(triage) as unwatched:
        assert await statements_of(watched.world) == await statements_of(unwatched) > 0


async def statements_of(world: World) -> int:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(world.app.store.engine.sync_engine, "before_cursor_execute", note)
    await world.asker("anna").asks(KNOWN)
    return len(seen)
