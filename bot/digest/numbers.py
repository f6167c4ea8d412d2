"""What leads read: numbers only, and none so small that it points at somebody (pure)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.reviews import reviews
from bot.storage.digests import Counted
from bot.storage.gaps import GapCounts

FEW = 3  # fewer askers than this in a country could be recognised: they are counted under "other"
OTHER, UNKNOWN = "other", "not known"
AGES = (timedelta(hours=4), timedelta(days=1), timedelta(days=3))  # up to which open questions are counted together
MOST_LISTED = 6  # topics and countries; the rest is counted under "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The numbers of some days; times are None where nothing was answered. Mappings are in the order to show."""

    days: int
    until: date
    opened: int
    answered: int
    median: timedelta | None
    slowest_tenth: timedelta | None  # the 90th percentile of first answers
    ages: Mapping[str, int]  # "under 4 h", "4 h to 1 day", …
    topics: Mapping[str, int]
    countries: Mapping[str, int]
    gaps: Mapping[str, int]  # by topic: questions without a sure answer
    reviews_due: int
    helped: int
    not_helped: int

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Give group, name and value, as a table has them; times in minutes."""
        yield from (("days", "", str(self.days)), ("until", "", self.until.isoformat()))
        yield from (("opened", "", str(self.opened)), ("answered", "", str(self.answered)))
        yield ("first answer, minutes", "median", _minutes(self.median))
        yield ("first answer, minutes", "90th percentile", _minutes(self.slowest_tenth))
        groups = (("open now", self.ages), ("topic", self.topics), ("country", self.countries), ("gap", self.gaps))
        for group, counts in groups:
            yield from ((group, name, str(count)) for name, count in counts.items())
        yield from (("reviews due", "", str(self.reviews_due)), ("rating", "helped", str(self.helped)))
        yield ("rating", "did not help", str(self.not_helped))

    def csv(self) -> str:
        """Give the numbers as CSV."""
        made = StringIO()
        writer = csv.writer(made, lineterminator="\n")
        writer.writerow(("group", "name", "value"))
        writer.writerows(self.rows())
        return made.getvalue()


def digest_of(counted: Counted, gaps: GapCounts, knowledge: KnowledgeBase, days: int, today: date) -> Digest:
    """Make a digest of raw counts."""
    unanswered = gaps.unanswered + gaps.none_fitted
    return Digest(
        days=days,
        until=today,
        opened=counted.opened,
        answered=len(counted.waits),
        median=percentile(counted.waits, 50) if counted.waits else None,
        slowest_tenth=percentile(counted.waits, 90) if counted.waits else None,
        ages=_by_age(counted.ages),
        topics=_longest(_by_topic(counted.nearest, knowledge)),
        countries=_longest(_none_alone(counted.countries)),
        gaps=_longest(_by_topic(unanswered, knowledge)),
        reviews_due=sum(one.review_after <= today for one in reviews(knowledge)),
        helped=counted.helped,
        not_helped=counted.not_helped,
    )


def percentile(times: Sequence[timedelta], percent: int) -> timedelta:
    """Give the time within which so many percent lie: the nearest rank, so that it is one that was measured."""
    ranked = sorted(times)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)]


def _by_age(ages: Sequence[timedelta]) -> dict[str, int]:
    names = ("under 4 hours", "4 hours to 1 day", "1 to 3 days", "over 3 days")
    counts = Counter(sum(age >= limit for limit in AGES) for age in ages)
    return {name: counts[place] for place, name in enumerate(names)}


def _by_topic(nearest: Counter[str], knowledge: KnowledgeBase) -> Counter[str]:
    titles = {topic.id: topic.title for topic in knowledge.topics}
    found: Counter[str] = Counter()
    for entry_id, count in nearest.items():
        entry = knowledge.entries.get(entry_id)
        found[titles.get(entry.topic, entry.topic) if entry else UNKNOWN] += count
    return found


def _none_alone(countries: Counter[str]) -> Counter[str]:
    """Put countries with few askers together."""
    found: Counter[str] = Counter()
    for country, count in countries.items():
        found[(country or UNKNOWN) if count >= FEW or not country else OTHER] += count
    return found


def _longest(counts: Counter[str]) -> dict[str, int]:
    """Give the largest counts first, what is many small ones at the end."""
    named = [(name, count) for name, count in counts.most_common() if name != OTHER]
    rest = counts[OTHER] + sum(count for _, count in named[MOST_LISTED:])
    return dict(named[:MOST_LISTED]) | ({OTHER: rest} if rest else {})


def _minutes(time: timedelta | None) -> str:
    return "" if time is None else str(round(time.total_seconds() / 60))
