"""`kb check`: the checks of every entry, and whether each phrasing finds its own entry with itself left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.cli.kb_files import all_or_none
from bot.cli.kb_home import Home
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import Placed, Places, Remark, check
from bot.knowledge.checks.fix import fixed
from bot.knowledge.examples import QUESTION
from bot.knowledge.loader import load
from bot.matching.left_out import LeftOut, left_out
from bot.matching.tone import too_many
from bot.triage.red_flags import untrue_examples

SHADOWED = 0.5  # of an entry's phrasings that find one other entry: then the two cannot be told apart


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found: remarks must be mended, lost phrasings and warnings looked at."""

    base: KnowledgeBase
    remarks: Sequence[Placed]
    asked: Sequence[LeftOut]

    def lines(self, *, lost: bool) -> Iterator[str]:
        """Give what to print."""
        yield from (str(remark) for remark in self.remarks)
        home = Home(self.base, self.asked)
        if lost:
            yield from home.each_lost()
        yield from home.shares()
        yield from home.warnings()
        if lacking := unheard(self.base):
            do = "Copy two or three of each there, so that such a question is not taken for a cry."
            named = ", ".join(f"'{one}'" for one in lacking)
            yield f"warning: examples.yaml has no phrasing of {named} in its list `{QUESTION}`. {do}"
        if over := too_many(self.base.examples):
            do = "Take out lines that say what others say already."
            yield f"warning: about {over} examples too many: of those that raise no alarm as many are left out. {do}"
        phrasings = sum(len(entry.phrasings) for entry in self.base.entries.values())
        counted = f"{len(self.base.entries)} entries, {phrasings} phrasings, {len(self.base.stages)} stages"
        yield f"{counted}: {len(self.remarks)} remarks"


def unheard(base: KnowledgeBase) -> list[str]:
    """Give the entries whose questions are nowhere among those that a cry is told from."""
    heard = set(base.examples.get(QUESTION, ()))
    entries = base.entries.values() if heard else ()
    return [one.id for one in entries if heard.isdisjoint(one.asked_by)]


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


def mend(folder: Path) -> list[str]:
    """Mend the files of a knowledge folder where that is mechanical; give a line for each change.

    Raises:
        ConfigError: a file cannot be written.
        KnowledgeError: the files cannot be loaded before or after it. In both cases they are as they were.
    """
    load(folder)
    said: list[str] = []
    with all_or_none(folder) as pen:
        for path in sorted((folder / "entries").glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            mended, done = fixed(text)
            said += [f"{path}:{fix.line}: mended ({fix.rule})" for fix in done]
            if mended != text:
                pen.write(path, mended)
    return said
