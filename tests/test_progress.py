"""Whether a platform is read on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.progress import BEHIND, Progress, is_any_stuck

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
LOOKS = int(BEHIND / 15)  # of an hour


def after(progress: Progress, looks: int, kept: datetime | None, *, reached: bool = True) -> bool | None:
    """Give what the last of so many looks says."""
    return [progress.is_stuck(kept, reached=reached) for _ in range(looks)][-1]


def test_what_has_stood_for_an_hour_is_stuck_until_it_moves() -> None:
    """Before that nothing is said, as whoever looked before may have told that it is stuck."""
    progress = Progress(15.0)
    assert after(progress, LOOKS, NOON) is None
    assert after(progress, 1, NOON) is True
    assert after(progress, 1, NOON + timedelta(minutes=1)) is False


def test_nothing_is_known_of_a_platform_of_which_nothing_is_kept() -> None:
    assert after(Progress(15.0), 2 * LOOKS, None) is None


def test_the_time_in_which_the_platform_is_away_does_not_count() -> None:
    progress = Progress(15.0)
    progress.is_stuck(NOON - timedelta(minutes=1), reached=True)
    assert after(progress, LOOKS, NOON) is False
    assert after(progress, 5 * LOOKS, NOON, reached=False) is False
    assert after(progress, 1, NOON) is True


def test_a_platform_is_read_on_once_that_can_be_said_of_each_part() -> None:
    assert is_any_stuck([False, True, None]) is True
    assert is_any_stuck([False, None]) is None
    assert is_any_stuck([False, False]) is False
