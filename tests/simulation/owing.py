"""Who is owed an answer, as people know it, compared with what is stored; and that nobody waits in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.escalation import Status
from bot.escalation.reminders import APART, Times
from tests.simulation.believed import Case

if TYPE_CHECKING:
    from tests.simulation.ledger import Ledger

A_STEP = timedelta(minutes=30)  # longer than the things that happen before all settles
TIMES = Times()


def owed_as_believed(rows: Mapping[int, Any], cases: Mapping[int, Case]) -> None:
    """Who waits for words counts as waiting, and nobody else does; of a closed one nobody waits."""
    for number, row in rows.items():
        if row.status != Status.CLOSED:
            owed = cases[number].owed_since
            assert (row.owed_since is not None) == (owed is not None), (
                f"the asker of #{number} waits since {owed}, and is taken to wait since {row.owed_since}"
            )


def loads_as_believed(rows: Mapping[int, Any], cases: Mapping[int, Case], loads: Mapping[int, int]) -> None:
    """A volunteer has as many on their hands as there are askers who wait for words of theirs."""
    claimed = [number for number, row in rows.items() if row.status == Status.CLAIMED]
    waiting = Counter(rows[number].owner_id for number in claimed if cases[number].owed_since)
    assert dict(loads) == dict(waiting), f"loads are {dict(loads)}, and {dict(waiting)} wait"


def nobody_waits_in_silence(ledger: Ledger, now: datetime) -> None:
    """Whoever waits has heard of it by each of the promised times; an urgent one that nobody takes pages each hour."""
    for number, row in ledger.rows.items():
        case = ledger.cases[number]
        if row.status == Status.CLOSED or case.owed_since is None or ledger.is_paused(case.asker):
            continue
        for promised in TIMES.still_waiting:
            heard_by = case.owed_since + promised - APART - A_STEP
            heard = case.heard_at is not None and case.heard_at >= heard_by
            assert heard or now - case.owed_since < promised, (
                f"the asker of #{number} waits since {case.owed_since} and heard last at {case.heard_at}"
            )
        if row.urgent and row.status == Status.WAITING:
            _is_paged(number, case, max(filter(None, (row.waiting_since, case.cried_at))), now)


def _is_paged(number: int, case: Case, since: datetime, now: datetime) -> None:
    paged = case.paged_at is not None and now - case.paged_at <= TIMES.page_at_most + A_STEP
    assert paged or now - since <= TIMES.page_at_most + A_STEP, f"nobody is paged for #{number} since {case.paged_at}"
