"""Live reload: changed files are checked and taken over while the chat goes on; broken ones are refused.

What leads publish from chat lies over the files; every process asks for it as often as it looks at the files.

Words come first: what changed in an answer is shown as soon as its file is read, small ones in a thread (milliseconds),
large ones in another process. What messages are matched by is then fitted in another process, and looking goes on
meanwhile: until it is there, new wordings are matched by the old ones, and entries that are gone are found no more.

The folder is looked at twice a second. A watcher library (watchfiles) would save a few of these looks, and would
miss changes on network folders and bind mounts unless it polled as well; 25 files cost a fraction of a millisecond.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import structlog

from bot.errors import KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import doubtful, forbidden
from bot.knowledge.folder import KnowledgeFolder
from bot.knowledge.loader import Part, read_part
from bot.knowledge.overlay import Changes, combined, laid_over
from bot.knowledge.rebuild import Fit, Fitted, name_of
from bot.knowledge.withheld import looked_through, withheld
from bot.knowledge.wording import wording_of
from bot.knowledge.worker import Died, collector_held, frames, short_turns

LOOK_EVERY = 0.5  # seconds
READ_HERE = 256 * 1024  # bytes of a file: reading it holds the interpreter's lock for some 30 ms at most
Prepared = TypeVar("Prepared")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Refused:
    """Changed files have mistakes, each with file, line and what to do; the last good set stays live."""

    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is live leaves out what nobody may be told, each with file, line and what to do; it is so since a start."""

    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The words of changed files are live; `mended` tells that something before them had been refused or withheld."""

    version: str
    entries: int
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Doubtful:
    """What was just taken over looks like a slip: a number that is not listed, an answer that is gone; it is live."""

    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Learnt:
    """Messages are matched by the changed words too."""

    version: str


News = Refused | Withheld | TakenOver | Doubtful | Learnt


class Live(Protocol[Prepared]):
    """What holds the knowledge in use."""

    @property
    def knowledge(self) -> KnowledgeBase:
        """Give the knowledge in use."""
        ...

    def prepare(self, knowledge: KnowledgeBase, fitted: object | None = None) -> Prepared:
        """Make ready, in a thread, what `swap` takes; without something newly fitted, with what it has."""
        ...

    def swap(self, prepared: Prepared) -> None:
        """Use it from the next message on; called on the event loop, so between two messages."""
        ...


async def nothing_published() -> Changes:
    """Give no changes: the files alone count."""
    return Changes()


class LiveReload(Generic[Prepared]):
    """Keeps what is live equal to a folder with what was published over it; `report` is told what leads should know."""

    def __init__(
        self,
        folder: KnowledgeFolder,
        live: Live[Prepared],
        fit: Fit,
        report: Callable[[News], Awaitable[None]],
        published: Callable[[], Awaitable[Changes]] = nothing_published,
        *,
        whole: bool = True,
        withheld: tuple[str, ...] = (),
    ) -> None:
        """Begin with what is live, and what of it is withheld.

        Not `whole` means that it was made in a hurry, and is to be fitted at once.
        """
        self._folder = folder
        self._live = live
        self._fit = name_of(fit)
        self._report = report
        self._published = published
        self._changes = Changes()
        self._files: KnowledgeBase | None = None  # as they were read last, without what was published
        self._laid_over: Changes | None = None  # what of the published is shown
        self._settled: str | None = None  # the version that was dealt with: live, or refused
        self._doubted: str | None = None  # a version with mistakes that was seen once
        self._withheld = withheld  # what is left out of what is live, and why
        self._wrong: tuple[str, ...] = ()  # what leads were told last; empty when all was in order
        self._doubts: tuple[str, ...] = ()  # what looks like a slip in the files that were read last
        self._readable = True  # the files as they were seen last
        self._wording = "" if whole else "as at the start"  # of what is live; empty while that was there at the start
        self._fitted_to = ""  # the wording that messages are matched by
        self._fitting: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()  # of what is swapped in
        self._news: list[News] = []  # not told yet

    async def run(self) -> None:
        """Look for changes until cancelled; no mistake in a file, and none of ours, ends it."""
        try:
            while True:
                try:
                    await self.look()
                except Exception:
                    log.exception("knowledge.reload_failed")
                await asyncio.sleep(LOOK_EVERY)
        finally:
            await self.stop()

    async def look(self) -> None:
        """Look once: show or refuse what has changed, and have it fitted; the fitting is not waited for."""
        await self._tell()
        self._changes = await self._published()
        version = combined(await asyncio.to_thread(self._folder.look), self._changes)
        if version != self._settled:
            async with self._one_at_a_time:
                with short_turns():
                    await self._take_over(version)
        if self._fitting_is_due():
            self._fitting = asyncio.create_task(self._fit_again())
        await self._tell()

    async def settle(self) -> None:
        """Look until all there is has been dealt with, the fitting included."""
        await self.look()
        while not self._idle or self._doubted:
            if self._fitting:
                await asyncio.wait([self._fitting])
            await self.look()

    async def stop(self) -> None:
        """Give up a fitting that is under way."""
        if self._fitting:
            self._fitting.cancel()
            await asyncio.wait([self._fitting])

    @property
    def learnt(self) -> bool:
        """Tell whether messages are matched by the words that are shown."""
        return self._wording == self._fitted_to

    @property
    def _idle(self) -> bool:
        return self._fitting is None or self._fitting.done()

    def _fitting_is_due(self) -> bool:
        """Tell whether words are shown that are not matched by, no fitting is under way, and the files can be read."""
        return self._idle and self._readable and not self._doubted and not self.learnt

    async def _take_over(self, version: str) -> None:
        if version == self._live.knowledge.version:  # the start, or a mistake that was taken back
            await self._know_what_is_live()
            self._good(version)
            return
        problems = await self._read()
        if problems and self._files and self._changes != self._laid_over:
            await self._show()  # what leads publish or take back does not wait until a file is mended
        if not problems:
            await self._show()
            self._good(version, changed=True)
        elif version == self._doubted:
            self._refuse(version, problems)
        else:
            self._doubted = version  # somebody may still be writing: it is looked at once more

    async def _know_what_is_live(self) -> None:
        """Keep the last good files, so that what is published can be laid over them when one has been broken."""
        self._laid_over = self._changes
        if self._files is None and not self._folder.unread():
            self._files = await asyncio.to_thread(self._folder.base)

    async def _read(self) -> tuple[str, ...]:
        """Read what has changed; give the problems."""
        unread = self._folder.unread()
        large = [name for name, size in unread.items() if size > READ_HERE]
        try:
            with collector_held():
                made = await frames("read", str(self._folder.path), *large) if large else []
                for part in made:
                    if isinstance(part, Part):
                        self._folder.take(part)
                for name in unread.keys() - set(large):
                    self._folder.take(await asyncio.to_thread(read_part, self._folder.path, name))
                files = await asyncio.to_thread(self._folder.base)
            known = self._files or self._live.knowledge
            found = await asyncio.to_thread(forbidden, files, known)
            # No good set yet: `_show` leaves out what is found.
            beginning = self._files is None and bool(self._withheld)
            if found and not beginning:
                return tuple(map(str, found))
            self._doubts = tuple(map(str, await asyncio.to_thread(doubtful, files, known)))
            self._files = files
        except KnowledgeError as error:
            return error.problems
        except Died as died:
            return (f"{self._folder.path}: could not be read ({died}). The log says why; the last good set stays.",)
        return ()

    async def _show(self, fitted: Fitted | None = None) -> None:
        """Use the files with what was published over them from the next message on."""
        knowledge = self._live.knowledge
        if self._files:
            self._laid_over = self._changes
            knowledge = await asyncio.to_thread(laid_over, self._files, self._laid_over)
        if not self._wording:
            self._fitted_to = await asyncio.to_thread(wording_of, self._live.knowledge)
        self._wording = await asyncio.to_thread(wording_of, knowledge)
        if self._files:
            known = looked_through(self._live.knowledge)
            knowledge, self._withheld = await asyncio.to_thread(withheld, knowledge, known)
        self._live.swap(await asyncio.to_thread(self._live.prepare, knowledge, fitted and fitted.fitted))

    async def _fit_again(self) -> None:
        """Have the other process fit, and use it; it may have read newer words, or words with a mistake, by then."""
        try:
            for fitted in await frames("fit", str(self._folder.path), self._fit, given=self._changes.to_json()):
                if isinstance(fitted, Fitted):
                    await self._learn(fitted)
        except Exception as error:
            log.exception("knowledge.fitting_failed")
            why = str(error) if isinstance(error, Died) else "a fault of ours"
            says = f"{self._folder.path}: not fitted ({why}). The log says more; questions are matched as before."
            self._refuse(self._settled, (says,))  # not tried again until something changes

    async def _learn(self, fitted: Fitted) -> None:
        async with self._one_at_a_time:
            with short_turns():
                await self._show(fitted)
        self._fitted_to = fitted.wording
        self._news.append(Learnt(self._live.knowledge.version))

    def _good(self, version: str, *, changed: bool = False) -> None:
        """Note that the files are what is live; leads hear of what changed, was broken or is withheld."""
        knowledge, mended = self._live.knowledge, bool(self._wrong) and not self._withheld
        if changed or mended:
            self._news.append(TakenOver(knowledge.version, len(knowledge.entries), mended))
        if self._withheld and self._withheld != self._wrong:
            self._news.append(Withheld(self._withheld))
        if self._doubts:
            self._news.append(Doubtful(self._doubts))
            self._doubts = ()
        self._settled, self._doubted, self._wrong, self._readable = version, None, self._withheld, True

    def _refuse(self, version: str | None, problems: tuple[str, ...]) -> None:
        """Note that the files are broken; leads hear the same mistakes once, however often they are saved."""
        if problems != self._wrong:
            self._news.append(Refused(problems))
        self._settled, self._doubted, self._wrong, self._readable = version, None, problems, False

    async def _tell(self) -> None:
        """Tell the news; what fails is told at the next look."""
        while self._news:
            await self._report(self._news[0])
            del self._news[0]
