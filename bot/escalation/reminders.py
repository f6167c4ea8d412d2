"""Who is due a nudge at this moment (pure): decided from what is stored, so it can be asked again at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.escalation import Escalation, Reason, Status
from bot.domain.waits import Kind, Nudge, Said, is_over
from bot.duty.zones import is_night

APART = timedelta(hours=1)  # between other news for an asker and a note that it is not forgotten
LEADS_AGAIN = timedelta(hours=24)  # between two calls of the leads for the same one
# Times as long as a claim lasts: notes and "I still have it" prolong it no further, words to the asker do.
KEPT_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Times:
    """How long things may wait; from the settings."""

    page_again: timedelta = timedelta(minutes=10)
    page_at_most: timedelta = timedelta(minutes=60)
    leads_after: timedelta = timedelta(hours=12)
    still_waiting: tuple[timedelta, ...] = (timedelta(hours=4), timedelta(hours=24))
    claim: timedelta = timedelta(hours=24)
    claim_urgent: timedelta = timedelta(minutes=60)
    warning: timedelta = timedelta(minutes=60)

    def claim_of(self, escalation: Escalation) -> timedelta:
        """Give how long an owner may stay silent while the asker waits for words."""
        return self.claim_urgent if escalation.urgent else self.claim

    def warning_of(self, escalation: Escalation) -> timedelta:
        """Give how long before the end of that the owner is warned."""
        return min(self.warning, self.claim_of(escalation) / 2)


def due(escalation: Escalation, said: Said, now: datetime, times: Times) -> list[Nudge]:
    """Give what is to be said about one escalation now."""
    if escalation.reason is Reason.SPAM:
        return []
    claimed = escalation.status is Status.CLAIMED
    found = (
        _page(escalation, said, now, times) if escalation.urgent else None,
        _leads(escalation, said, now, times) if claimed or not escalation.urgent else None,
        _draft(escalation, said, now, times),
        _expiry(escalation, said, now, times) if claimed else None,
        _back(escalation, said, now) or _still_waiting(escalation, said, now, times),
    )
    return [nudge for nudge in found if nudge] if escalation.is_open else []


def _page(escalation: Escalation, said: Said, now: datetime, times: Times) -> Nudge | None:
    """Page at once, then again and again until somebody takes it: after 10, 20, 40 minutes, then each hour.

    A cry for help begins that anew; to one that somebody has already, until they give a sign of life.
    """
    since = _pages_since(escalation, said)
    if since is None:
        return None
    before = said.times(Kind.PAGE, since)
    if before:
        place = max(before) + 1
        wait = min(times.page_again * 2 ** min(place - 1, 20), times.page_at_most)
        if not is_over(before[place - 1], wait, now):
            return None
        return Nudge(escalation.id, Kind.PAGE, since, place)
    return Nudge(escalation.id, Kind.PAGE, since)


def _pages_since(escalation: Escalation, said: Said) -> datetime | None:
    """Give the cry, or the beginning of the wait, from which pages are counted; None: nobody is to be paged."""
    cry = said.latest(Kind.PAGE)
    if escalation.status is Status.CLAIMED:
        sign_of_life = escalation.held_at or escalation.claimed_at
        unheard = cry and escalation.owed_since and (sign_of_life is None or cry > sign_of_life)
        return cry if unheard else None
    return max(filter(None, (cry, escalation.waiting_since)))


def _leads(escalation: Escalation, said: Said, now: datetime, times: Times) -> Nudge | None:
    """Call the leads for one that waits too long, and again on the next day.

    It counts since its asker waits for words, whoever took it meanwhile; an owner's time to answer comes on top.
    """
    claimed = escalation.status is Status.CLAIMED
    if claimed and escalation.owed_since is None:
        return None
    since = escalation.owed_since or escalation.waiting_since
    too_long = times.leads_after + (times.claim_of(escalation) if claimed else timedelta())
    return _again(escalation, Kind.LEADS, said, since, too_long, LEADS_AGAIN, now)


def _draft(escalation: Escalation, said: Said, now: datetime, times: Times) -> Nudge | None:
    """Call the leads for a reply that nobody reads: soon for an urgent one, later and daily for the others."""
    if escalation.draft_since is None:
        return None
    soon, late = (times.page_again, times.page_at_most), (times.warning, LEADS_AGAIN)
    first, again = soon if escalation.urgent else late
    return _again(escalation, Kind.DRAFT, said, escalation.draft_since, first, again, now)


def _again(
    escalation: Escalation, kind: Kind, said: Said, since: datetime, first: timedelta, again: timedelta, now: datetime
) -> Nudge | None:
    before = said.times(kind, since)
    last, wait = (before[max(before)], again) if before else (since, first)
    return Nudge(escalation.id, kind, since, len(before)) if is_over(last, wait, now) else None


def _still_waiting(escalation: Escalation, said: Said, now: datetime, times: Times) -> Nudge | None:
    """Tell an asker who waits for words that it is not forgotten, by day; after a gap only once for all that passed."""
    since = escalation.owed_since
    if since is None or is_night(escalation.country, now) or _has_just_heard(escalation, said, since, now):
        return None
    passed = [place for place, wait in enumerate(sorted(times.still_waiting)) if is_over(since, wait, now)]
    before = said.times(Kind.STILL_WAITING, since)
    if not passed or passed[-1] <= max(before, default=-1):
        return None
    return Nudge(escalation.id, Kind.STILL_WAITING, since, passed[-1])


def _back(escalation: Escalation, said: Said, now: datetime) -> Nudge | None:
    """Tell an asker by day that it came back to the queue in the night, if it is still there."""
    since = escalation.waiting_since
    owed = escalation.status is Status.WAITING and said.times(Kind.BACK, since).keys() == {0}
    return Nudge(escalation.id, Kind.BACK, since, 1) if owed and not is_night(escalation.country, now) else None


def _has_just_heard(escalation: Escalation, said: Said, since: datetime, now: datetime) -> bool:
    """Tell whether the asker was told a moment ago that somebody took it, or that it is in the queue again."""
    back = said.times(Kind.BACK, escalation.waiting_since).get(1)
    told = [at for at in (escalation.claimed_at, escalation.waiting_since, back) if at and at > since]
    return bool(told) and not is_over(max(told), APART, now)


def _expiry(escalation: Escalation, said: Said, now: datetime, times: Times) -> Nudge | None:
    """Warn the owner of one whose asker waits for words, and let it go if there is no sign of life after that."""
    if escalation.owed_since is None:
        return None
    last = _kept_until(escalation, escalation.owed_since, times)
    since = max(escalation.owed_since, min(escalation.held_at or escalation.owed_since, last))
    warning = times.warning_of(escalation)
    warned = said.times(Kind.WARNING, since)
    if not warned:
        warn_after = times.claim_of(escalation) - warning
        return Nudge(escalation.id, Kind.WARNING, since) if is_over(since, warn_after, now) else None
    return Nudge(escalation.id, Kind.EXPIRY, since) if is_over(warned[0], warning, now) else None


def may_keep(escalation: Escalation, now: datetime, times: Times) -> bool:
    """Tell whether a sign of life of the owner starts their time anew, without a word to the asker."""
    return escalation.owed_since is None or now < _kept_until(escalation, escalation.owed_since, times)


def _kept_until(escalation: Escalation, owed_since: datetime, times: Times) -> datetime:
    """Give the time of the last sign of life that counts; it counts from when this owner's asker began to wait."""
    begun = max(owed_since, escalation.claimed_at or owed_since)
    return begun + (KEPT_AT_MOST - 1) * times.claim_of(escalation)
