"""A curator saves a file with a mistake: the last good answers stay, and the desks are told what to mend."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import application
from bot.config import MatchingSettings, Settings
from bot.domain.messages import Address
from bot.escalation.desk import EscalationDesk
from bot.escalation.knowledge_news import MOST_SHOWN, KnowledgeNews
from bot.knowledge.live import News, Refused, TakenOver
from bot.matching import cache
from bot.matching.matcher import Considered
from bot.running import App
from bot.texts import texts_in
from tests.world import DESK, MEMORY, World


def told(world: World) -> list[str]:
    return [one.message.text() for one in world.discord.sent if one.message.to == Address("discord", DESK)]


async def test_the_desks_are_told_file_line_and_reason_and_when_it_is_mended(world: World) -> None:
    desks = [Address("telegram", DESK), Address("discord", DESK)]
    desk = EscalationDesk(desks, texts_in(), world.app.live)
    news = KnowledgeNews(world.app.store, desk, world.clock, world.app.outbox.wake)
    problems = tuple(f"costs.yaml:{line}: entry 'cost-mexico': `short` is empty." for line in range(MOST_SHOWN + 2))
    await news.tell(Refused(problems))
    await news.tell(TakenOver("v2", 113, mended=True))
    await news.tell(TakenOver("v3", 113))
    await world.app.outbox.settle()
    refused, mended = told(world)
    assert "costs.yaml:0: entry 'cost-mexico'" in refused
    assert "2 more" in refused
    assert "113 entries" in mended


async def test_of_several_processes_that_read_the_same_files_one_tells(world: World) -> None:
    desk = EscalationDesk([Address("telegram", DESK), Address("discord", DESK)], texts_in(), world.app.live)
    three = [KnowledgeNews(world.app.store, desk, world.clock, world.app.outbox.wake) for _ in range(3)]
    broken, mended = (
        Refused(("costs.yaml:3: entry 'cost-mexico': `short` is empty.",)),
        TakenOver("v2", 113, mended=True),
    )
    heard: list[News] = [broken, mended, broken]
    for times, news in enumerate(heard, start=1):
        await asyncio.gather(*(one.tell(news) for one in three))
        await world.app.outbox.settle()
        assert len(told(world)) == times
    world.clock.pass_(hours=1)
    await three[0].tell(broken)
    await world.app.outbox.settle()
    assert len(told(world)) == 4, "who starts later, or reads other files, is heard"


async def test_a_reload_fits_as_the_settings_say(
    small_knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HSCTBOT_CACHE", str(tmp_path / "cache"))
    folder = Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))
    settings = Settings(database_url=SecretStr(MEMORY), knowledge=folder, matching=MatchingSettings(encoder="none"))
    async with application(settings) as app:
        costs = folder / "entries" / "costs.yaml"
        costs.write_text(costs.read_text(encoding="utf-8").replace("phrasings:\n", "phrasings:\n      - wampum\n", 1))
        await app.reload.settle()
        first = seen(app, "wampum")
    assert len(first.by_view) == 1, "by words alone"
    assert len(list((tmp_path / "cache").glob("matcher-none-*"))) == 2, "the next start finds it there"


async def test_a_start_with_very_much_to_encode_answers_by_words_until_that_is_done(
    small_knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HSCTBOT_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "MANY", -1)
    question = "How much does HSCT cost in Mexico?"
    async with application(Settings(database_url=SecretStr(MEMORY), knowledge=small_knowledge)) as app:
        assert len(seen(app, question).by_view) == 1, "by words alone"
        assert seen(app, question).candidate.entry_id == "cost-mexico"
        await app.reload.settle()
        assert len(seen(app, question).by_view) == 2, "by meaning as well"
        assert seen(app, question).candidate.entry_id == "cost-mexico"


def seen(app: App, text: str) -> Considered:
    return app.live.triage.matcher.explain(text).considered[0]
