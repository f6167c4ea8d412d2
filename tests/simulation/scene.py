"""Whom an act concerns: chosen by chance, and so that what happens at once concerns different people and escalations."""

from __future__ import annotations

import itertools
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.escalation import Status
from bot.domain.people import Role
from tests.simulation.believed import Reply
from tests.simulation.ground import PLATFORMS, Actor, Ground
from tests.simulation.ledger import Ledger

Act = Callable[[], Awaitable[None]]
Acts = Sequence[tuple[int, Act, bool]]  # how often, what, and whether it happens alone, as it concerns everybody
LEADS = 2  # of the volunteers
OPEN = (Status.WAITING, Status.CLAIMED)
NEARLY_OVER = timedelta(minutes=30)  # a pause that ends within these may end while something happens


@dataclass(frozen=True)
class Size:
    volunteers: int
    askers: int
    escalations: int


class Scene:
    """The people, what the ledger believes of them, and who and what is not yet in the middle of something."""

    def __init__(self, ground: Ground, size: Size, seed: int) -> None:
        self.ground = ground
        self.chance = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
        place = itertools.cycle(PLATFORMS)
        self.askers = [ground.join(f"asker{n}", next(place), Role.ASKER) for n in range(size.askers)]
        self.leads = [ground.join(f"lead{n}", next(place), Role.LEAD) for n in range(LEADS)]
        several = range(size.volunteers - LEADS)
        self.volunteers = [ground.join(f"vol{n}", next(place), Role.VOLUNTEER) for n in several]
        self.away: set[Actor] = set()
        self.ledger = Ledger(ground, {(one.platform, one.account): one for one in self.staff})
        self._numbers = itertools.count(1)
        self._touched: set[int] = set()  # escalations of which something was begun and not settled
        self._busy: set[Actor] = set()  # askers who have begun something

    @property
    def staff(self) -> list[Actor]:
        return [*self.volunteers, *self.leads]

    def is_settled(self) -> None:
        """Let everything and everybody be chosen again."""
        self._touched.clear()
        self._busy.clear()

    def word(self, kind: str) -> str:
        return f"{kind}x{next(self._numbers):06}"

    # Escalations

    def numbers(self, *statuses: Status) -> list[int]:
        return [number for number, row in self.ledger.rows.items() if row.status in statuses]

    def some(self, *statuses: Status) -> int | None:
        """Choose an escalation that nothing has been done with since all was settled; it counts as touched."""
        return self.one_of(self.numbers(*statuses))

    def one_of(self, numbers: Sequence[int]) -> int | None:
        """Choose one of some escalations that nothing has been done with since."""
        found = [number for number in numbers if number not in self._touched]
        if not found:
            return None
        number = self.chance.choice(found)
        self._touched.add(number)
        return number

    def theirs(self, *statuses: Status) -> tuple[int, Actor] | None:
        """Choose an escalation whose asker is listened to and has begun nothing else, for something they do."""
        number = self.some(*statuses)
        asker = self.asker_of(number) if number else None
        if not number or not asker or not self.begins(asker) or self._is_unsure(asker, number):
            return None
        return None if self.ledger.is_paused(asker) else (number, asker)

    def touches_all_of(self, asker: Actor, but: int | None = None) -> bool:
        """Let all of an asker's escalations count as touched; False if one does already, but for the one chosen."""
        numbers = set(self.ledger.numbers_of(asker)) - {but}
        if numbers & self._touched:
            return False
        self._touched |= numbers
        return True

    # People

    def begins(self, asker: Actor) -> bool:
        """Let an asker count as busy; False if they are already."""
        is_free = asker not in self._busy
        self._busy.add(asker)
        return is_free

    def some_asker(self) -> Actor | None:
        """Choose somebody who has begun nothing else, and of whom it is sure whether they are listened to."""
        asker = self.chance.choice(self.askers)
        return asker if self.begins(asker) and not self._is_unsure(asker) else None

    def _is_unsure(self, asker: Actor, but: int | None = None) -> bool:
        """Tell whether a pause of theirs ends about now, or what lets them be heard may be closed just now."""
        now, pauses = self.ground.clock(), self.ledger.paused.get(asker, {}).values()
        left = [until - now for until in pauses if until > now]
        others = set(self.ledger.numbers_of(asker)) - {but} if left else set()
        return any(one < NEARLY_OVER for one in left) or bool(others & self._touched)

    def somebody(self) -> Actor | None:
        there = [one for one in self.staff if one not in self.away]
        return self.chance.choice(there) if there else None

    def owner_of(self, number: int | None) -> Actor | None:
        row = self.ledger.rows.get(number or 0)
        return next((one for one in self.staff if row and one.name == row.owner), None)

    def asker_of(self, number: int) -> Actor:
        return self.ledger.cases[number].asker

    def row(self, number: int) -> Any:  # noqa: ANN401 - a row of SQLAlchemy
        return self.ledger.rows[number]

    # What volunteers write

    def words_for(self, reply: Reply) -> str:
        """Give the words of a reply; the ledger knows of it."""
        word = self.word("rep")
        self.ledger.replied[word] = reply
        return f"I was there in 2024 {word} and it was fine."


class Party:
    """Those who do the same kind of things in a scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._ground = scene.ground
        self._ledger = scene.ledger
