"""Which questions are for whom (pure): an order and a reason to be told, never a way to hide one from the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.escalation import Escalation
from bot.domain.people import NOT_SAID
from bot.domain.roster import Covers, Volunteer


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about, as far as the bot can tell."""

    topics: frozenset[str] = frozenset()
    country: str | None = None
    language: str | None = None
    hard: bool = False


def fits(covers: Covers, subject: Subject) -> int:
    """Count what of a question a volunteer has named; what they named only others of counts against it."""
    score = 0
    if covers.topics and subject.topics:
        score += 1 if subject.topics & set(covers.topics) else -1
    if covers.countries and subject.country:
        score += 1 if subject.country in covers.countries else -1
    if covers.languages and subject.language:
        score += 1 if subject.language in covers.languages else -1
    return score


def covers(volunteer: Volunteer, subject: Subject) -> bool:
    """Tell whether somebody has said that they cover a question, and nothing that speaks against it."""
    named = volunteer.covers
    topic = not named.topics or bool(subject.topics & set(named.topics))
    country = not named.countries or subject.country in named.countries
    speaks = (subject.language or NOT_SAID) in named.languages
    language = not named.languages or subject.language is None or speaks
    return bool(named.topics or named.countries or speaks) and topic and country and language


def has_room(volunteer: Volunteer, load: int, usual: int) -> bool:
    """Tell whether somebody may take one more."""
    most = usual if volunteer.most_at_once is None else volunteer.most_at_once
    return load < most


def order(
    volunteer: Volunteer, waiting: Sequence[Escalation], subject_of: Callable[[Escalation], Subject]
) -> list[Escalation]:
    """Give the whole queue as it suits a volunteer: urgent first, hard ones last if so wished, then what fits best."""

    def place(escalation: Escalation) -> tuple[bool, bool, int, int]:
        subject = subject_of(escalation)
        unwanted = escalation.reason.hard and not volunteer.hard_topics
        return (not escalation.urgent, unwanted, -fits(volunteer.covers, subject), escalation.id)

    return sorted(waiting, key=place)
