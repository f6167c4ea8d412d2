"""What `kb check` says of phrasings that find another entry when they are left out themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import Places, Remark
from bot.matching.left_out import LeftOut

AIM = 0.85  # of the phrasings find their own entry with themselves left out; a test of our knowledge holds it
NARROW = 0.86  # below this one more entry may be enough to miss the aim
POOR = 0.6  # of a single entry's phrasings: below this it is worth a look
CROSSING = 6  # phrasings of two entries that find the other one, from which the two are worth a look
NAMED = 12  # phrasings in one warning
DO = (
    "A warning fails nothing. Look at the phrasings that are lost: move one to the entry it finds if it belongs there, "
    "take it out if two entries could be meant, or write a second one of the same meaning."
)


@dataclass(frozen=True)
class Home:
    """How many phrasings find home, and which do not."""

    base: KnowledgeBase
    asked: Sequence[LeftOut]

    @cached_property
    def _places(self) -> Places:
        return Places(self.base)

    @cached_property
    def lost(self) -> dict[str, list[LeftOut]]:
        """Give the phrasings that find another entry first, by their own entry; the entry that finds fewest first."""
        found: defaultdict[str, list[LeftOut]] = defaultdict(list)
        for one in self.asked:
            if one.place > 1:
                found[one.entry_id].append(one)
        return dict(sorted(found.items(), key=lambda pair: (self._share_of(pair[0], len(pair[1])), pair[0])))

    @cached_property
    def _own(self) -> Counter[str]:
        return Counter(one.entry_id for one in self.asked)

    @cached_property
    def _whole(self) -> float:
        return sum(one.place == 1 for one in self.asked) / len(self.asked) if self.asked else 1.0

    def _share_of(self, entry: str, lost: int) -> float:
        return 1 - lost / self._own[entry]

    def shares(self) -> Iterator[str]:
        """Say how many find home: of all, of entries that answer, of those that hand over."""
        if not self.asked:
            yield "Whether each phrasing finds its own entry with itself left out is not looked at: there are too many."
            return
        by_person = {entry.id for entry in self.base.entries.values() if entry.by_person}
        answer = [one for one in self.asked if one.entry_id not in by_person]
        handing_over = [one for one in self.asked if one.entry_id in by_person]
        yield f"With itself left out, a phrasing finds its own entry in {_first(self.asked)}; the aim is {AIM:.0%}."
        three = _share(sum(one.place <= 3 for one in answer), answer)
        yield f"  Of entries that answer: {_first(answer)}, among the first three {three}."
        same = _share(sum(one.found in by_person for one in handing_over), handing_over)
        yield f"  Of entries that hand over: {_first(handing_over)}, or another that hands over {same}."
        yield "List the others: --lost"

    def each_lost(self) -> Iterator[str]:
        """Name every phrasing that finds another entry."""
        for one in (one for one in self.asked if one.place > 1):
            says = f"'{one.phrasing}' finds '{one.found}' first and its own entry as number {one.place}."
            yield self._placed(one.entry_id, says, one.phrasing)

    def warnings(self) -> Iterator[str]:
        """Say where it is narrow, and what to do; nothing has to be mended for it."""
        found = [*self._narrow(), *self._poor(), *self._crossing()]
        yield from found
        yield from [DO] if found else []

    def _narrow(self) -> Iterator[str]:
        if self._whole < NARROW:
            near = (
                "under the aim" if self._whole < AIM else "so near the aim that one more entry may be enough to miss it"
            )
            most = sorted(self.lost.items(), key=lambda pair: -len(pair[1]))[:NAMED]
            named = (f"'{entry}' ({len(lost)} of {self._own[entry]})" for entry, lost in most)
            yield f"warning: {self._whole:.1%} is {near}. Most are lost in {', '.join(named)}."

    def _poor(self) -> Iterator[str]:
        for entry, lost in self.lost.items():
            if (share := self._share_of(entry, len(lost))) < POOR:
                named = ", ".join(f"'{one.phrasing}' ({one.found})" for one in lost[:NAMED])
                more = f" and {len(lost) - NAMED} more (--lost)" if len(lost) > NAMED else ""
                few = f"warning: found by only {share:.0%} of its {self._own[entry]} phrasings"
                yield self._placed(entry, f"{few}. Lost to others: {named}{more}.")

    def _crossing(self) -> Iterator[str]:
        for (entry, other), number in Counter(_pair(one) for one in self.asked if one.place > 1).most_common():
            if number >= CROSSING:
                yield f"warning: '{entry}' and '{other}': {number} phrasings of one find the other."

    def _placed(self, entry: str, says: str, words: str = "") -> str:
        return str(self._places.placed(Remark(says, entry, "phrasings", words)))


def _first(of: Sequence[LeftOut]) -> str:
    return _share(sum(one.place == 1 for one in of), of)


def _share(count: int, of: Sequence[LeftOut]) -> str:
    return f"{count} of {len(of)} cases ({count / (len(of) or 1):.1%})"


def _pair(one: LeftOut) -> tuple[str, str]:
    first, second = sorted((one.entry_id, one.found))
    return first, second
