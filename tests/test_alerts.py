"""When an alert is due: once for an outage, not once for a failure."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.alerts import AFTER, AGAIN_AFTER, QUIET, Alert, Told, due, noted
from bot.domain.link import Down, Trouble
from tests.clock import START

LOOK = timedelta(seconds=15)


class Desk:
    """Looks every 15 seconds, as the watch does, and hears every alert."""

    def __init__(self) -> None:
        self.now = START
        self.told: dict[str, Told] = {}
        self.heard: list[tuple[datetime, Alert]] = []

    def watches(self, state: Down | None, span: timedelta) -> list[Trouble | None]:
        """Look for a while at one part; give what was heard."""
        before, until = len(self.heard), self.now + span
        while self.now < until:
            self.now += LOOK
            for alert in due({"telegram": state}, self.told, self.now):
                self.heard.append((self.now, alert))
                self.told[alert.part] = noted(alert, self.told.get(alert.part), self.now)
        return [alert.trouble for _, alert in self.heard[before:]]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def down(desk: Desk, trouble: Trouble = Trouble.UNREACHABLE) -> Down:
    return Down(trouble, desk.now)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_an_outage_of_a_day_is_told_once(desk: Desk, trouble: Trouble) -> None:
    assert desk.watches(down(desk, trouble), AGAIN_AFTER) == [trouble]
    assert desk.heard[0][0] - START <= AFTER[trouble] + LOOK
    assert desk.watches(None, timedelta(hours=1)) == [None]


def test_one_that_lasts_is_told_again_each_day(desk: Desk) -> None:
    assert len(desk.watches(down(desk), 7 * AGAIN_AFTER)) == 7


def test_a_short_outage_is_not_told_at_all(desk: Desk) -> None:
    assert desk.watches(down(desk), AFTER[Trouble.UNREACHABLE] - LOOK) == []
    assert desk.watches(None, timedelta(hours=1)) == []


def test_a_part_that_comes_and_goes_all_day_is_told_at_most_twice_an_hour(desk: Desk) -> None:
    for _ in range(24):
        for _ in range(5):
            desk.watches(down(desk), timedelta(minutes=11))
            desk.watches(None, timedelta(minutes=1))
    assert len(desk.heard) <= 2 * 24 + 2
    for (one, _), (other, _) in zip(desk.heard[::2], desk.heard[2::2], strict=False):
        assert other - one >= QUIET


def test_a_token_that_turns_out_to_be_revoked_is_told_although_the_outage_was(desk: Desk) -> None:
    since = desk.now
    assert desk.watches(Down(Trouble.UNREACHABLE, since), QUIET * 2) == [Trouble.UNREACHABLE]
    assert desk.watches(Down(Trouble.REVOKED, since), QUIET) == [Trouble.REVOKED]


def test_parts_do_not_silence_each_other(desk: Desk) -> None:
    parts = {name: Down(Trouble.REVOKED, START) for name in ("telegram", "discord", "database")}
    assert {alert.part for alert in due(parts, {}, START + timedelta(hours=1))} == set(parts)
