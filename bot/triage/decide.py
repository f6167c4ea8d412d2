"""decide(): the whole policy on one screen."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.escalation import Reason
from bot.domain.messages import Addressed
from bot.matching.match import Candidate, Zone
from bot.triage.decision import Answer, Clarify, Decision, Distress, HandOff, Safety, Several, Silent, Spam
from bot.triage.personal_advice import FITS_ME
from bot.triage.reading import Reading
from bot.triage.speech import Speech

One = Answer | Clarify | HandOff | Silent
MOST_CHOICES = 3  # in a "did you mean"
LEAST = 0.02  # probability of a choice beside the first: below, on the tune half, 1 of 404 was the right one
LIKELY = 0.2  # probability from which an entry counts as what a message may be about
TOLD_FROM = 0.8  # probability from which what is told gets choices or a person, where the bot itself is spoken to
MOST_ANSWERS = 3  # in reply to one message; the rest goes to a person


def decide(reading: Reading) -> Decision:
    """Decide what to do with a message, in the order of the product rules: danger first, silence last."""
    if reading.addressed is Addressed.NO:
        return Silent("not addressed")
    if reading.flag and reading.flag.route in ("emergency", "crisis"):
        return Safety(reading.flag.id, Reason(reading.flag.route))
    if reading.flag and reading.flag.route == "distress":
        return Distress(reading.flag.id, _sure(reading))
    if reading.spam:
        return Spam(reading.spam)
    if reading.flag:
        return HandOff(_reason_of(reading.flag.route), _sure(reading), flag=reading.flag.id)
    if reading.speech is Speech.CHATTER:
        return _unanswered(reading, "chatter")
    if reading.advice:
        if reading.advice == FITS_ME and _about_eligibility(reading):
            return _one(reading) if reading.match.zone is Zone.ANSWER else _clarify(reading, reading.match.candidates)
        return HandOff(Reason.PERSONAL, _sure(reading), by_person=_by_person(reading))
    if len(reading.parts) > 1:
        return _several(reading)
    return _one(reading)


def _one(reading: Reading) -> One:
    """Decide a single question, or a statement."""
    if reading.speech is Speech.STATEMENT and reading.addressed is Addressed.ASK_CHANNEL:
        return _unanswered(reading, "a statement, told to nobody in particular")
    best = reading.match.best
    if best and reading.match.zone is Zone.ANSWER:
        if best.entry_id in reading.by_person:
            return HandOff(Reason.BY_DESIGN, by_person=best.entry_id)
        return Answer(best.entry_id, follow_up=best.entry_id in reading.eligibility)
    if reading.speech is Speech.STATEMENT and not (best and best.probability >= TOLD_FROM):
        return _unanswered(reading, "a statement, and no entry is sure")
    if reading.match.zone is Zone.CLARIFY:
        return _clarify(reading, reading.match.candidates)
    return HandOff(Reason.UNKNOWN)


def _unanswered(reading: Reading, why: str) -> One:
    """Keep silent, unless it may be a cry for help: then a person has a look."""
    return HandOff(Reason.WORRY) if reading.worry else Silent(why)


def _clarify(reading: Reading, candidates: Iterable[Candidate]) -> Clarify:
    """Offer the best three; a person is offered anyway, so of the entries that hand over only a leading one."""
    best, *others = _each_once(candidates)
    likely = (one for one in others if one.entry_id not in reading.by_person and one.probability >= LEAST)
    choices = (best, *likely)[:MOST_CHOICES]
    return Clarify(choices, follow_up=_any_eligibility(reading, choices))


def _several(reading: Reading) -> Decision:
    """Decide each part on its own: up to three answers, then what needs a choice or a person."""
    decisions = tuple(_one(part) for part in reading.parts)
    answers = tuple(dict.fromkeys(one for one in decisions if isinstance(one, Answer)))
    unsure = [one for decision in decisions if isinstance(decision, Clarify) for one in decision.candidates]
    if not answers:
        whole = _one(reading)
        candidates = [*(whole.candidates if isinstance(whole, Clarify) else ()), *unsure]
        sure = isinstance(whole, Answer) or (isinstance(whole, HandOff) and whole.by_person)
        return whole if sure or not candidates else _clarify(reading, candidates)
    if len(answers) > MOST_ANSWERS or any(isinstance(one, HandOff) for one in decisions):
        return Several(answers[:MOST_ANSWERS], HandOff(Reason.UNKNOWN), decisions)
    told = {answer.entry_id for answer in answers}
    untold = [one for one in unsure if one.entry_id not in told]
    if untold:
        return Several(answers, _clarify(reading, untold), decisions)
    return Several(answers, None, decisions) if len(answers) > 1 else answers[0]


def _each_once(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Give each entry once, likeliest first (ties by id)."""
    best: dict[str, Candidate] = {}
    for one in candidates:
        if one.entry_id not in best or one.probability > best[one.entry_id].probability:
            best[one.entry_id] = one
    return sorted(best.values(), key=lambda one: (-one.probability, one.entry_id))


def _about_eligibility(reading: Reading) -> bool:
    """Tell whether it asks who HSCT is for: published lists are shown for that, not an opinion on one person."""
    return _any_eligibility(reading, reading.match.candidates[:2])


def _any_eligibility(reading: Reading, candidates: Iterable[Candidate]) -> bool:
    return any(one.entry_id in reading.eligibility and one.probability >= LIKELY for one in candidates)


def _sure(reading: Reading) -> str | None:
    """Give the entry to show beside a hand-over: only a sure one, and never one that is itself a hand-over."""
    for one in (reading, *reading.parts):
        best = one.match.best
        if best and one.match.zone is Zone.ANSWER and best.entry_id not in reading.by_person:
            return best.entry_id
    return None


def _by_person(reading: Reading) -> str | None:
    best = reading.match.best
    sure = best and reading.match.zone is Zone.ANSWER and best.entry_id in reading.by_person
    return best.entry_id if best and sure else None


def _reason_of(route: str) -> Reason:
    return Reason.SCAM if route == "scam" else Reason.PERSONAL
