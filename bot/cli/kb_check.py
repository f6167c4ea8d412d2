"""`kb check`: the checks of every entry, and whether each phrasing finds its own entry with itself left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import Placed, Places, Remark, check
from bot.knowledge.checks.fix import fixed
from bot.knowledge.loader import load
from bot.matching.left_out import LeftOut, left_out
from bot.triage.red_flags import untrue_examples

AIM = 0.85  # of the phrasings find their own entry with themselves left out
SHADOWED = 0.5  # of an entry's phrasings that find one other entry: then the two cannot be told apart
CROSSING = 3  # phrasings from which two entries that draw each other's are worth a look


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found: remarks must be mended, lost phrasings looked at."""

    base: KnowledgeBase
    remarks: Sequence[Placed]
    asked: Sequence[LeftOut]

    @property
    def lost(self) -> list[LeftOut]:
        """Give the phrasings that find another entry first."""
        return [one for one in self.asked if one.place > 1]

    def lines(self, *, lost: bool) -> Iterator[str]:
        """Give what to print."""
        yield from (str(remark) for remark in self.remarks)
        if lost:
            yield from self._each_lost()
        yield from self._own_entry()
        phrasings = sum(len(entry.phrasings) for entry in self.base.entries.values())
        counted = f"{len(self.base.entries)} entries, {phrasings} phrasings, {len(self.base.stages)} stages"
        yield f"{counted}: {len(self.remarks)} remarks"

    def _own_entry(self) -> Iterator[str]:
        by_person = {entry.id for entry in self.base.entries.values() if entry.by_person}
        answers = [one for one in self.asked if one.entry_id not in by_person]
        handed = [one for one in self.asked if one.entry_id in by_person]
        first, three = (sum(one.place <= place for one in answers) for place in (1, 3))
        yield (
            f"With itself left out, a phrasing of an answer finds its own entry first in {_share(first, answers)}, "
            f"among the first three in {_share(three, answers)}. List the others: --lost"
        )
        left_to_people = sum(one.found in by_person for one in handed)
        share = _share(left_to_people, handed)
        exactly = _share(sum(one.place == 1 for one in handed), handed)
        yield f"One for a person finds its own subject in {exactly}, or another that a person answers, in {share}."
        whole = _share(len(self.asked) - len(self.lost), self.asked)
        yield f"Answers and subjects for a person together: {whole} find exactly their own (aim {AIM:.0%})."
        for (entry, other), number in Counter(_pair(one) for one in self.lost).most_common():
            if number >= 2 * CROSSING:
                yield f"  look at '{entry}' and '{other}': {number} phrasings of one find the other"

    def _each_lost(self) -> Iterator[str]:
        places = Places(self.base)
        for one in self.lost:
            says = f"'{one.phrasing}' finds '{one.found}' first and its own entry as number {one.place}."
            yield str(places.placed(Remark(says, one.entry_id, "phrasings", one.phrasing)))


def full_check(base: KnowledgeBase, today: date, cache: Path | None = None) -> CheckReport:
    """Ask every check, and every phrasing without itself."""
    asked = left_out(list(base.entries.values()), base.synonyms, cache)
    places = Places(base)
    shadows = [places.placed(remark) for remark in _shadows(asked)]
    flags = [Placed(Remark(says, file="safety.yaml"), "safety.yaml") for says in untrue_examples(base.safety)]
    return CheckReport(base, [*check(base, today), *flags, *shadows], asked)


def _shadows(asked: Sequence[LeftOut]) -> Iterator[Remark]:
    """Find entries most of whose phrasings find one other entry."""
    own = Counter(one.entry_id for one in asked)
    for (entry, other), number in Counter((one.entry_id, one.found) for one in asked if one.place > 1).items():
        if number > max(SHADOWED * own[entry], 1):
            says = (
                f"is shadowed by '{other}': {number} of its {own[entry]} phrasings find that one when left out. "
                "Say in the phrasings what only this entry answers, or make one entry of the two."
            )
            yield Remark(says, entry, "phrasings")


def _share(count: int, of: Sequence[LeftOut]) -> str:
    return f"{count} of {len(of)} cases ({count / (len(of) or 1):.0%})"


def _pair(one: LeftOut) -> tuple[str, str]:
    first, second = sorted((one.entry_id, one.found))
    return first, second


def mend(folder: Path) -> list[str]:
    """Mend the files of a knowledge folder where that is mechanical; give a line for each change.

    Raises:
        KnowledgeError: the files cannot be loaded before or after it; then they are as they were.
    """
    load(folder)
    said: list[str] = []
    before: dict[Path, str] = {}
    for path in sorted((folder / "entries").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        mended, done = fixed(text)
        said += [f"{path}:{fix.line}: mended ({fix.rule})" for fix in done]
        if mended != text:
            before[path] = text
            path.write_text(mended, encoding="utf-8")
    try:
        load(folder)
    except KnowledgeError:
        for path, text in before.items():
            path.write_text(text, encoding="utf-8")
        raise
    return said
