"""When the desks are told that a part does not work (pure): once for an outage, not once for a failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.link import Down, Trouble
from bot.domain.waits import is_over

AFTER = {
    Trouble.STARTING: timedelta(minutes=10),
    Trouble.UNREACHABLE: timedelta(minutes=10),  # shorter outages heal by themselves, and lose nothing
    Trouble.REVOKED: timedelta(minutes=1),
    Trouble.UNUSABLE: timedelta(minutes=2),
    Trouble.FULL: timedelta(0),
    Trouble.WRONG: timedelta(0),
    Trouble.BEHIND: timedelta(0),  # who notes it has waited an hour
    Trouble.UNSERVED: timedelta(minutes=1),  # a process that is started again takes less
}
AGAIN_AFTER = timedelta(hours=24)  # a reminder, while it lasts
QUIET = timedelta(hours=1)  # between alerts about one part that comes and goes
KEY, OVER, MINUTE = "alert:", "over", "%Y%m%d%H%M"  # of the messages that tell: alert:PART:TROUBLE:SINCE


@dataclass(frozen=True, slots=True)
class Alert:
    """What the desks are to be told of a part; `trouble` is None when it works again."""

    part: str
    trouble: Trouble | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """The last alert about a part, and whether the outage it told of is still going on."""

    down: Down
    at: datetime
    over: bool = False


def due(parts: Mapping[str, Down | None], told: Mapping[str, Told], now: datetime) -> list[Alert]:
    """Give the alerts that are due."""
    alerts = (_due(part, down, told.get(part), now) for part, down in parts.items())
    return [alert for alert in alerts if alert]


def _due(part: str, down: Down | None, last: Told | None, now: datetime) -> Alert | None:
    if down is None:
        open_one = last is not None and not last.over
        return Alert(part, None, last.down.since) if last and open_one else None
    if not is_over(down.since, AFTER[down.trouble], now) or (last and not _worth_telling(down, last, now)):
        return None
    return Alert(part, down.trouble, down.since)


def _worth_telling(down: Down, last: Told, now: datetime) -> bool:
    if last.over:
        return is_over(last.at, QUIET, now)
    if down.trouble is not last.down.trouble:
        return is_over(last.at, QUIET, now)
    return is_over(last.at, AGAIN_AFTER, now)


def noted(alert: Alert, last: Told | None, now: datetime) -> Told:
    """Give what is remembered once an alert has been told."""
    if alert.trouble is None and last:
        return Told(last.down, last.at, over=True)
    return Told(Down(alert.trouble or Trouble.UNREACHABLE, alert.since), now)


def key_of(alert: Alert) -> str:
    """Give the key of the message that tells; what is told again of the same outage changes that message."""
    return f"{KEY}{alert.part}:{alert.trouble or OVER}:{alert.since.astimezone(UTC):{MINUTE}}"


def learnt(keys: Sequence[tuple[str, datetime]]) -> dict[str, Told]:
    """Give what has been told, by whichever process, from the keys of its messages and their times, oldest first."""
    found: dict[str, Told] = {}
    for key, at in keys:
        part, trouble, since = key.removeprefix(KEY).split(":")
        begun = datetime.strptime(since, MINUTE).replace(tzinfo=UTC)
        last = found.get(part)
        found[part] = noted(Alert(part, None if trouble == OVER else Trouble(trouble), begun), last, at)
    return found
