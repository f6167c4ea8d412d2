"""Red flags: who may be in danger, what they are told first, and the cues that show it (`safety.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.errors import KnowledgeError
from bot.knowledge.entry import Reading, Source
from bot.knowledge.helplines import Helplines, HelplinesForm
from bot.knowledge.safety_form import Form, Problems
from bot.knowledge.schema import COUNTRIES, ReviewForm, SourceForm

UNKNOWN = "unknown"  # the key of the line for somebody whose country is not known
KEY_WORD_LETTERS = 5
TAGS = (
    "fever temperature",
    "low temperature",
    "number",
    "ten or more",
    "year",
)  # in angle brackets: what code finds by itself

_IN_BRACKETS = re.compile(r"<([a-z ]+)>", re.IGNORECASE)


class Route(StrEnum):
    """What a red flag leads to; listed from the most urgent on."""

    CRISIS = "crisis"  # danger to oneself: safety text, urgent escalation
    EMERGENCY = "emergency"  # urgent symptoms of the body: safety text, urgent escalation
    DISTRESS = "distress"  # pain or despair without such danger: a warm line, then the entry and a person
    WORRY = "worry"  # perhaps a cry for help, perhaps nothing: somebody to call, below whatever else is said
    SCAM = "scam"  # pushed to pay: the general entry and a person
    ADVICE = "advice"  # only a clinician may answer: the general entry and a person


@dataclass(frozen=True, slots=True)
class Cue:
    """Phrases that show a red flag: one of `any`, one of `with_` anywhere in the message, none of `unless` near it."""

    any: tuple[str, ...]
    with_: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    excuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excuse:
    """What makes a cue harmless: words in its sentence or just before it, unless one of the `but`s is there too."""

    name: str
    any: tuple[str, ...] = ()
    just_before: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    but_just_before: tuple[str, ...] = ()
    but_in_message: tuple[str, ...] = ()
    same_clause: bool = False  # `any` counts only in the cue's own clause, or as the opening words of the sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """One group of danger signs; `trips` and `spares` are messages that must, and must not, show it."""

    id: str
    route: Route
    title: str
    text: str
    lines: Mapping[str, str]
    cues: tuple[Cue, ...]
    sources: tuple[Source, ...] = ()  # none: from general medical knowledge
    trips: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()

    def advice_for(self, country: str | None = None) -> str:
        """Give the safety text with the numbers of a country, or the main numbers where it is not known."""
        return self.text.replace("{line}", self.lines.get(country or UNKNOWN, self.lines[UNKNOWN]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Safety:
    """The whole of `safety.yaml`; compared by identity, because what is compiled from it is kept per object."""

    flags: tuple[RedFlag, ...]
    helplines: tuple[Helplines, ...] = ()
    read: Reading | None = None  # when the texts of the flags and the lines of the countries were
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    small_words: tuple[str, ...] = ()
    key_words: frozenset[str] = frozenset()
    not_typos: frozenset[str] = frozenset()
    excuses: Mapping[str, Excuse] = field(default_factory=dict)

    @property
    def worry(self) -> RedFlag | None:
        """Give what is said where a message may be a cry for help; None where the file has nothing for it."""
        return next((flag for flag in self.flags if flag.route is Route.WORRY), None)

    def flag(self, flag_id: str) -> RedFlag:
        """Give the red flag of that id; raises KeyError for one that is no longer there."""
        for flag in self.flags:
            if flag.id == flag_id:
                return flag
        raise KeyError(flag_id)


def parse_safety(data: object, where: str, text: str = "") -> Safety:
    """Check and build what `safety.yaml` says; problems name the file by `where` and, with its `text`, the line.

    Raises:
        KnowledgeError: with every problem found, one line each.
    """
    file = Form(data, Problems(where, text))
    words = dict(file.form("words").phrase_lists())
    excuses = {name: _excuse(name, form) for name, form in file.form("excuses").forms()}
    lines = _lines(file)
    flags = tuple(_flag(form, excuses, lines) for form in file.items("red_flags"))
    review = file.model("review", ReviewForm)
    safety = Safety(
        flags=flags,
        helplines=tuple(one.to_helplines() for one in file.models("helplines", HelplinesForm)),
        read=review.to_reading() if review else None,
        words=words,
        small_words=file.texts("small_words"),
        key_words=frozenset(file.texts("key_words")),
        not_typos=frozenset(file.texts("not_typos")),
        excuses=excuses,
    )
    file.only_known_keys()
    for near, problem in _problems_across(safety):
        file.problems.near(near, problem)
    if file.problems.found:
        raise KnowledgeError(file.problems.found)
    return safety


def _flag(form: Form, excuses: Mapping[str, Excuse], lines: Mapping[str, Mapping[str, str]]) -> RedFlag:
    usual = form.names("excuses", excuses)
    flag = RedFlag(
        id=form.text("id"),
        route=_route(form),
        title=form.text("title"),
        text=form.text("text"),
        lines=form.choice("line", lines, {UNKNOWN: ""}),
        cues=tuple(_cue(cue, usual, excuses) for cue in form.items("cues", plain_text_as="any")),
        sources=tuple(one.to_source() for one in form.models("sources", SourceForm)),
        trips=form.texts("trips", needed=True),
        spares=form.texts("not"),
    )
    if "{line}" not in flag.text:
        form.problem("`text` has no {line}. Put {line} where the country's numbers belong.", "text")
    form.only_known_keys()
    return flag


def _route(form: Form) -> Route:
    name = form.text("route")
    if name and name not in set(Route):
        form.problem(f"`route` cannot be '{name}'. Use one of: {', '.join(Route)}.", "route")
    return Route(name) if name in set(Route) else Route.ADVICE


def _cue(form: Form, usual: tuple[str, ...], excuses: Mapping[str, Excuse]) -> Cue:
    own = form.names("excuses", excuses) if form.has("excuses") else usual
    cue = Cue(form.phrases("any", needed=True), form.phrases("with"), form.phrases("unless"), own)
    form.only_known_keys()
    return cue


def _excuse(name: str, form: Form) -> Excuse:
    excuse = Excuse(
        name,
        any=form.phrases("any"),
        just_before=form.phrases("just_before"),
        but=form.phrases("but"),
        but_just_before=form.phrases("but_just_before"),
        but_in_message=form.phrases("but_in_message"),
        same_clause=form.switch("same_clause"),
    )
    if not (excuse.any or excuse.just_before):
        form.problem("it excuses nothing. Give it `any` or `just_before`.")
    form.only_known_keys()
    return excuse


def _lines(file: Form) -> dict[str, dict[str, str]]:
    """Give each set of country lines, with the countries that share another one's line filled in."""
    shared = file.form("same_line_as").pairs()
    sets: dict[str, dict[str, str]] = {}
    for name, form in file.form("lines").forms():
        lines = form.pairs()
        for country in lines.keys() - {*COUNTRIES, UNKNOWN}:
            form.problem(
                f"'{country}' is none of the countries. Write one of: {', '.join(COUNTRIES)}.{_switch(country)}",
                country,
            )
        if UNKNOWN not in lines:
            form.problem(f"`{UNKNOWN}` is missing. Add the line for people whose country is not known.")
        filled = {country: lines[other] for country, other in shared.items() if other in lines}
        sets[name] = {UNKNOWN: "", **filled, **lines}
    return sets


def _switch(country: str) -> str:
    return " NO, YES, ON and OFF without quotation marks are no words in YAML." if country in ("True", "False") else ""


def _problems_across(safety: Safety) -> Iterator[tuple[str, str]]:
    """Give what is wrong between the parts, each with the words by which its line is found."""
    for word in sorted(word for word in safety.key_words if len(word) < KEY_WORD_LETTERS):
        says = f"key_words: '{word}' is too short, too many words look like it. Use {KEY_WORD_LETTERS} letters or more."
        yield "key_words:", says
    seen: set[str] = set()
    for flag in safety.flags:
        if flag.id in seen:
            yield f"id: {flag.id}", f"red flag '{flag.id}' is there twice. Rename one of them."
        seen.add(flag.id)
    named = {name for phrase in _all_phrases(safety) for name in _IN_BRACKETS.findall(phrase)}
    for name in sorted(named - set(safety.words) - set(TAGS)):
        yield f"<{name}>", f"<{name}> is not a list of `words`. Add that list, or mend the name."
    above: set[str] = set()
    for name, phrases in safety.words.items():
        inner = {used for phrase in phrases for used in _IN_BRACKETS.findall(phrase)} & set(safety.words)
        if not inner <= above:
            used = min(inner - above)
            yield f"  {name}:", f"words '{name}': uses <{used}>, which is not above it. Move that list up."
        above.add(name)


def _all_phrases(safety: Safety) -> Iterator[str]:
    for phrases in safety.words.values():
        yield from phrases
    for excuse in safety.excuses.values():
        yield from (*excuse.any, *excuse.just_before)
        yield from (*excuse.but, *excuse.but_just_before, *excuse.but_in_message)
    for flag in safety.flags:
        for cue in flag.cues:
            yield from (*cue.any, *cue.with_, *cue.unless)
