"""What stands beside the entries: the table of published criteria, and the pictures of the stages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.promises import banned
from bot.knowledge.checks.remark import Remark
from bot.knowledge.eligibility import Programme
from bot.knowledge.pictures import NAMES

TABLE = "eligibility.yaml"
PICTURES = "pictures/alt.yaml"
LONGEST_REVIEW = 366  # days, as for an entry
_TO_THE_READER = re.compile(
    r"\b(?:will be accepted|this person|you|your|yours|eligible|ineligible|qualif\w+|guarantee\w*|cures?|promise\w*)\b",
    re.IGNORECASE,
)


def criteria(base: KnowledgeBase, today: date) -> Iterator[Remark]:
    """Find lists that are due to be read again, and words in them that speak to the reader."""
    for programme in base.eligibility.programmes:
        if today > programme.review_after:
            due = f"its review was due on {programme.review_after}. Read its sources again and set new dates."
            yield _remark(programme, due, f"id: {programme.id}")
        if (programme.review_after - programme.reviewed_on).days > LONGEST_REVIEW:
            late = f"`review_after` is more than {LONGEST_REVIEW} days after `reviewed_on`. Bring it nearer."
            yield _remark(programme, late, f"id: {programme.id}")
        for name, text in _texts(programme):
            if found := _TO_THE_READER.search(text):
                says = f"`{name}` has '{found.group()}'. Repeat what the list says, without a word about the reader."
                yield _remark(programme, says, text)
                continue
            for what, words in banned(text):
                yield _remark(programme, f"`{name}` holds {what} ('{words}'). Repeat what the list says.", text)


def pictures(base: KnowledgeBase) -> Iterator[Remark]:
    """Find pictures that are missing, or no longer show the stages as they are."""
    for name in NAMES if base.stages else ():
        if name not in base.pictures:
            says = f"the picture '{name}' is missing or older than stages.yaml. Run tools/pictures.py."
            yield Remark(says, file=PICTURES, words=name)


def _remark(programme: Programme, says: str, words: str) -> Remark:
    return Remark(f"programme '{programme.id}': {says}", file=TABLE, words=words)


def _texts(programme: Programme) -> Iterator[tuple[str, str]]:
    yield "status", programme.status
    yield "note", programme.note
    for criterion in programme.criteria:
        yield f"{criterion.about}: says", criterion.says
