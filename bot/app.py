"""The one place where everything is wired: builds every part from Settings; `running.py` runs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import structlog

from bot.adapters.base import Adapter, Bookmark, Standing, Watched
from bot.adapters.console.adapter import ConsoleAdapter
from bot.adapters.console.sides import DESK, PLATFORM, Side
from bot.config import Settings, Weekday, addresses_of
from bot.conversation.browse import Browse
from bot.conversation.catalogue import LiveCatalogue
from bot.conversation.commands import Commands
from bot.conversation.following_up import FollowUps
from bot.conversation.mine import Mine
from bot.conversation.presses import Presses
from bot.conversation.relaying import Relaying
from bot.conversation.service import ConversationService
from bot.curating.desk import CuratingDesk
from bot.curating.fields import replaceable
from bot.curating.published import PublishedChanges
from bot.curating.rule import rule_of
from bot.curating.work import CuratingWork
from bot.digest.desk import DigestDesk, Weekly
from bot.digest.pictures import Pictures
from bot.domain.escalation import number_in
from bot.domain.link import Link
from bot.domain.messages import Address
from bot.domain.people import PersonId
from bot.escalation.after_care import AfterCare
from bot.escalation.canned import Canned
from bot.escalation.desk import REOPEN_WITHIN, EscalationDesk
from bot.escalation.expiry import Expiry
from bot.escalation.fates import Fates
from bot.escalation.features import DeskFeature, Features
from bot.escalation.knowledge_news import KnowledgeNews
from bot.escalation.leaving import Leaving
from bot.escalation.paging import Paging
from bot.escalation.promises import Promises
from bot.escalation.queue import Queue
from bot.escalation.reassign import Reassign
from bot.escalation.reminders import Times
from bot.escalation.roll_call import RollCall
from bot.escalation.room import DeskRoom
from bot.escalation.roster import RosterDesk
from bot.escalation.second_look import SecondLook
from bot.escalation.showing import Showing
from bot.escalation.signature import Signature
from bot.intake import Intake
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.folder import KnowledgeFolder
from bot.knowledge.live import LiveReload
from bot.knowledge.overlay import laid_over
from bot.knowledge.rebuild import Fit
from bot.knowledge.schema import COUNTRIES
from bot.knowledge.withheld import withheld_at_start
from bot.knowledge.worker import collector_held, give_back
from bot.matching.cache import load_or_fit, takes_minutes
from bot.matching.calibrate import EncoderName
from bot.meter import Meter
from bot.moderation.gate import Gate, Limits
from bot.moderation.log import AuditLog
from bot.moderation.restrict import Moderation
from bot.outbox import Outbox
from bot.privacy import Privacy
from bot.purging import DailyPurge, Theirs
from bot.routing.buttons import Buttons
from bot.routing.hearing import Hearing
from bot.routing.routing import Routing
from bot.running import Adapters, App, until_told
from bot.storage.reading import Reading
from bot.storage.store import Store
from bot.texts import texts_in
from bot.timers import Timers
from bot.triage.live import WARM_UP, LiveTriage, fit_matcher
from bot.triage.triage import Triage
from bot.watch import CLOCK, DATABASE, KNOWLEDGE, Watch, parts_at_start

if TYPE_CHECKING:
    from bot.health import Health
    from bot.metrics import Metrics

log = structlog.get_logger()


def utc_now() -> datetime:
    """Give the time; everything else is handed this as its clock."""
    return datetime.now(UTC)


def build_triage(knowledge: KnowledgeBase, cache: Path | None = None, encoder: EncoderName = "minilm") -> Triage:
    """Give the triage for a knowledge base, its matcher from the cache folder where it is there."""
    triage = Triage(knowledge, load_or_fit(knowledge, cache, encoder))
    triage.decide(WARM_UP)
    return triage


def desks_of(settings: Settings) -> list[Address]:
    """Give the desks that the settings name; the console's where no platform has a token.

    A platform without a desk runs (its setting up begins that way), and says at every hand-over that nobody reads it.
    """
    desks: list[Address] = []
    if settings.telegram.token and settings.telegram.desk_chat:
        desks.append(Address("telegram", str(settings.telegram.desk_chat)))
    if settings.discord.token and settings.discord.desk_channel:
        desks.append(Address("discord", str(settings.discord.desk_channel)))
    if not desks and (settings.telegram.token or settings.discord.token):
        log.error("desk.missing", do="set telegram.desk_chat or discord.desk_channel: nobody can answer yet")
        return []
    return desks or [Address(PLATFORM, DESK)]


def desk_features(desk: EscalationDesk, live: LiveTriage, settings: Settings, pictures: Pictures) -> list[DeskFeature]:
    """Build what the desk offers beside an escalation's own life, in the order in which their timers are asked."""
    named = [PersonId("telegram", str(lead)) for lead in settings.telegram.leads if settings.telegram.token]
    same = [[PersonId(*one.split(":", 1)) for one in accounts] for accounts in settings.curating.same_person]
    rule = rule_of(settings.curating.approvals, named, same)
    curating = CuratingDesk(CuratingWork(live, rule), desk.texts, desk.desks)
    times = times_of(settings)
    return [
        Queue(desk).feature(),
        Showing(desk).feature(),
        RosterDesk(desk, COUNTRIES).feature(),
        Reassign(desk).feature(),
        Leaving(desk).feature(),
        Expiry(desk, times).feature(),
        Paging(desk, times).feature(),
        Promises(desk, times).feature(),
        Moderation(desk).feature(),
        AuditLog(desk.texts).feature(),
        curating.feature(),
        SecondLook(desk, times).feature(),
        Signature(desk.texts).feature(),
        AfterCare(desk.texts).feature(),
        DigestDesk(desk.texts, live, pictures, weekly_of(settings), settings.retention_days).feature(),
    ]


def weekly_of(settings: Settings) -> Weekly:
    """Give when the digest of the week is due."""
    days = {name: place for place, name in enumerate(get_args(Weekday))}
    return Weekly(days.get(settings.digest.weekday), settings.digest.hour)


def times_of(settings: Settings) -> Times:
    """Give how long things may wait at the desk."""
    desk = settings.desk
    return Times(
        page_again=timedelta(minutes=desk.page_again_minutes),
        page_at_most=timedelta(minutes=desk.page_at_most_minutes),
        leads_after=timedelta(hours=desk.leads_after_hours),
        still_waiting=tuple(timedelta(hours=hours) for hours in desk.still_waiting_hours),
        claim=timedelta(hours=desk.claim_hours),
        claim_urgent=timedelta(minutes=desk.claim_urgent_minutes),
        warning=timedelta(minutes=desk.claim_warning_minutes),
    )


def limits_of(settings: Settings) -> Limits:
    """Give how much may be asked at once."""
    limits = settings.limits
    return Limits(limits.per_asker, limits.per_group, timedelta(minutes=limits.minutes))


def _metrics(settings: Settings) -> Metrics | None:
    """Give what counts, if anybody can ask for the counts; its library is imported only then."""
    if settings.health.port is None:
        return None
    from bot.metrics import Metrics

    return Metrics()


def _health(
    settings: Settings, metrics: Metrics | None, parts: dict[str, Link], clock: Callable[[], datetime]
) -> Health | None:
    """Give what answers whoever watches the process, where the settings say so."""
    if metrics is None:
        return None
    from bot.health import Health

    return Health(settings.health, metrics, parts, clock)


Begun = tuple[Triage, bool, tuple[str, ...]]  # with whether it is whole, and what is withheld


async def _triage(settings: Settings, folder: KnowledgeFolder, published: PublishedChanges) -> Begun:
    """Build the triage of a folder with what was published over it, without what nobody may be told.

    Where encoding would take minutes it is by words alone, and the reload fits to the meaning while the chat goes on.
    Looking for garbage meanwhile would take a sixth of the time to start.
    """
    changes = await published()

    def build() -> Begun:
        knowledge, cache = laid_over(folder.load(), changes), settings.cache
        hurried = takes_minutes(knowledge, cache, settings.matching.encoder)
        triage = build_triage(knowledge, cache, "none" if hurried else settings.matching.encoder)
        shown, withheld = withheld_at_start(knowledge, cache)
        return LiveTriage(triage).prepare(shown) if withheld else triage, not hurried, withheld

    with collector_held():
        begun = await asyncio.to_thread(build)  # whoever asks meanwhile how the process is gets an answer
    give_back()
    return begun


def theirs_of(settings: Settings) -> Theirs | None:
    """Give what asks the platforms for the time; None where there is none, as on the console."""
    addresses = addresses_of(settings)
    if not addresses:
        return None
    from bot.machine import their_time

    return partial(their_time, addresses)


def fit_of(settings: Settings) -> Fit:
    """Give how a reload fits: as the start does, with the settings' encoder and cache."""
    return partial(fit_matcher, folder=str(settings.cache), encoder=settings.matching.encoder)


@asynccontextmanager
async def application(
    settings: Settings,
    *,
    triage: Triage | None = None,
    desks: Sequence[Address] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> AsyncIterator[App]:
    """Build every part; close the database at the end. A triage that is built already can be handed in."""
    metrics, parts = _metrics(settings), parts_at_start(clock)
    health = _health(settings, metrics, parts, clock)
    async with AsyncExitStack() as opened:
        if health:
            await opened.enter_async_context(health.listening())
        store = await Store.open(settings.database_url.get_secret_value())
        opened.push_async_callback(store.close)
        parts[DATABASE].up()
        published, folder = PublishedChanges(store), KnowledgeFolder(settings.knowledge)
        begun, whole, withheld = (triage, True, ()) if triage else await _triage(settings, folder, published)
        live = LiveTriage(begun)
        parts[KNOWLEDGE].up()
        if health:
            health.loaded(store, live)
        texts = texts_in()
        desk = EscalationDesk(
            desks_of(settings) if desks is None else desks,
            texts,
            live,
            settings.desk.check_reasons,
            settings.desk.load,
        )
        service = ConversationService(live, desk, texts)
        relaying = Relaying(service)
        browse, follow_ups, mine = Browse(service), FollowUps(service), Mine(service, relaying)
        privacy = Privacy(texts, settings.retention_days, settings.audit_days)
        canned = Canned(desk, browse.search)
        adapters, meter = Adapters(), metrics or Meter()
        outbox = Outbox(store, adapters, clock, Fates(desk), meter)

        def stored() -> None:
            outbox.wake()
            store.peers.tell()

        pictures = Pictures(store, settings.cache, clock, stored)
        opened.push_async_callback(pictures.close)
        features = Features([*desk_features(desk, live, settings, pictures), canned.feature()])
        commands, room = Commands(service, browse, privacy, mine), DeskRoom(desk, canned, features)
        gate = Gate(texts, live, limits_of(settings))
        buttons = Buttons(service, Presses(service, browse, follow_ups, privacy, mine), room)
        hearing = Hearing(service, commands, follow_ups, mine, relaying, room, gate, buttons)
        intake = Intake(store, Routing(service, commands, room, gate, buttons, hearing), desk, clock, stored, meter)
        watch = Watch(store, adapters, desk.desks, texts, clock, stored, parts)
        news = KnowledgeNews(store, desk, clock, stored)
        reload = LiveReload(folder, live, fit_of(settings), news.tell, published, whole=whole, withheld=withheld)
        timers, roll_call = Timers(store, features, clock, stored), RollCall(store, adapters)
        purge = DailyPurge(store, privacy, clock, theirs_of(settings), watch.parts[CLOCK])
        yield App(
            settings, store, live, desk, intake, outbox, purge, privacy, adapters, reload, timers, roll_call, watch,
            pictures, clock,
        )  # fmt: skip


async def run_console(settings: Settings, side: Side, *, plain: bool) -> None:
    """Run the console on its own: a group chat and a desk in one terminal."""
    async with application(settings, desks=[Address(PLATFORM, DESK)]) as app:
        app.adapters.append(ConsoleAdapter(side, plain=plain, settle=app.outbox.settle))
        await app.run()


async def run_platforms(settings: Settings) -> None:
    """Run every platform that has a token, until the process is asked to stop."""
    async with application(settings) as app:
        app.adapters.extend(_platforms(app))
        await until_told(app)


def watched(app: App) -> Watched:
    """Give what tells an adapter in which chats to look for what it missed."""

    async def chats(platform: str) -> Sequence[Address]:
        async with app.store.transaction() as tx:
            return await Reading(tx.connection).watched(platform, app.clock() - REOPEN_WITHIN)

    return chats


def bookmark(app: App) -> Bookmark:
    """Give what keeps how far an adapter has handled what was said."""

    class InStore:
        async def kept(self, platform: str, part: str) -> datetime | None:
            async with app.store.transaction() as tx:
                return await Reading(tx.connection).kept(platform, part)

        async def keep(self, platform: str, part: str, until: datetime) -> None:
            async with app.store.transaction() as tx:
                await Reading(tx.connection).keep(platform, part, until)

    return InStore()


def standing(app: App) -> Standing:
    """Give what tells an adapter which words of a proposal somebody is about to replace."""

    async def words(_action: str, subject: str) -> str:
        part, _, number = subject.partition(":")
        async with app.store.transaction() as tx:
            proposal = await tx.curating.get(number_in(number) or 0)
        return replaceable(proposal.fields, part) if proposal else ""

    return words


def _platforms(app: App) -> list[Adapter]:
    """Build the adapter of each platform that has a token; its library is imported only then."""
    settings, catalogue, fetch = app.settings, LiveCatalogue(app.live), app.adapters.fetch
    adapters: list[Adapter] = []
    if settings.telegram.token:
        from bot.adapters.telegram.adapter import TelegramAdapter

        link = app.watch.platform(TelegramAdapter.platform)
        adapters.append(TelegramAdapter(settings.telegram, catalogue, fetch, texts_in(), link))
    if settings.discord.token:
        from bot.adapters.discord.adapter import DiscordAdapter

        link, texts, words, kept = app.watch.platform(DiscordAdapter.platform), texts_in(), standing(app), bookmark(app)
        adapters.append(DiscordAdapter(settings.discord, catalogue, fetch, texts, watched(app), link, words, kept))
    return adapters
