"""How long it may take (pure): from the last answers and from who is on duty, and never a promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from bot.domain.roster import Volunteer
from bot.duty.schedule import next_on, on_duty
from bot.duty.shown import at_clock
from bot.duty.zones import clock_of
from bot.escalation.notices import in_words
from bot.texts import Texts

ENOUGH_WAITS = 3  # answers needed before a wait is foretold


def wait_text(
    texts: Texts, waits: Sequence[timedelta], volunteers: Sequence[Volunteer], country: str | None, now: datetime
) -> str:
    """Give an honest word on how long it may take; where nobody is on duty, that comes first."""
    on_duty = on_duty_text(texts, volunteers, country, now)
    if len(waits) < ENOUGH_WAITS:
        return " ".join(filter(None, [on_duty, texts("escalation.wait_unknown")]))
    seconds = median(wait.total_seconds() for wait in waits)
    known = texts("escalation.wait_known", time=in_words(timedelta(seconds=seconds)))
    return " ".join(filter(None, [on_duty, known]))


def on_duty_text(texts: Texts, volunteers: Sequence[Volunteer], country: str | None, now: datetime) -> str:
    """Say who is on duty, or when somebody is; nothing where no volunteer has named any hours."""
    schedules = [one.schedule for one in volunteers if one.schedule.is_set]
    if any(on_duty(schedule, now) for schedule in schedules):
        return texts("expect.on_duty")
    begins = min((at for schedule in schedules if (at := next_on(schedule, now))), default=None)
    if begins is None:
        return ""
    clock, time = clock_of(country), in_words(begins - now)
    if clock is None:
        return texts("expect.nobody_for", time=time)
    return texts("expect.nobody_until", time=time, when=at_clock(begins, clock.key, now), country=country)
