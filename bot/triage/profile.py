"""What an asker says of themselves: MS type, age, years since diagnosis, walking, drugs tried, country.

Conservative: what is not said plainly, or is said of somebody else, stays None.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from bot.domain.people import Profile
from bot.triage.names import COUNTRIES, DRUGS, NOT_PLACES
from bot.triage.wording import regex, words

_TYPES = {
    "RRMS": r"rr ?ms|relapsing (?:and )?remitting|relapse remitting|relapsing ms",
    "SPMS": r"sp ?ms|secondary progressive",
    "PPMS": r"pp ?ms|primary progressive",
    "CIS": r"clinically isolated",
}
_TYPE = {name: re.compile(rf"\b(?:{pattern})(?:er|ers)?\b") for name, pattern in _TYPES.items()}
# "Is it RRMS or SPMS?" names two types and says nothing; "I was RRMS and am now SPMS" says which.
_OWN_TYPE = regex(rf"""
    \b(?:i (?:am|have|had|got|was diagnosed (?:with|as))|am now|now|became|turned (?:in)?to|progressed (?:in)?to
    |currently|diagnosed (?:with|as)) (?:[a-z]+ ){{0,2}}({"|".join(_TYPES.values())})\b
""")

_AGE = regex(r"""
    \b(?:i am|am|aged?|age is|turned|turning
    |im) (?:a |now |only |just |currently |nearly |almost |age |aged )?(\d{2})\b(?! (?:years? (?:in|post|after
    |since|with|into|on)|months?|weeks?|days?|minutes?|miles?|kg|percent|mg|lesions?|st|lb))
    |\b(\d{2}) ?(?:years?|yrs?|yr|y) ?(?:old|o|of age)\b|\b(\d{2}) ?yo\b|\b(\d{2}) (?:, )?(?:male|female|woman
    |man|m|f)\b|\b(?:male|female|woman|man) (?:, )?(\d{2})\b
""")
_YOUNGEST, _OLDEST = 16, 95  # years; outside it the number means something else

_DIAGNOSED_AGO = regex(r"""
    \b(?:diagnos\w*|dx|dxd|had (?:rr|sp|pp)? ?ms|have (?:rr|sp|pp)? ?ms|have had (?:\w+ )?ms
    |ms)\b[^.?!]{0,40}?\b(\d{1,2}|\w+) (?:years?|yrs?) ?(?:ago|now)?\b|\b(\d{1,2}|\w+) (?:years?|yrs?) (?:since
    |after|post|past|with|of|into) (?:my |the )?(?:diagnosis|ms)\b
""")
_DIAGNOSED_IN = regex(r"""
    \b(?:diagnos\w*|dx|dxd|have had (?:\w+ )?ms|had (?:\w+ )?ms|have (?:\w+ )?ms|ms)\b[^.?!]{0,30}?\b(?:in|since
    |from|back in)(?: [a-z]+)? ((?:19|20)\d\d)\b
""")
_SINCE_AGE = regex(r"""
    \b(?:had (?:\w+ )?ms|have (?:\w+ )?ms|diagnos\w*|ms)\b[^.?!]{0,30}?\b(?:since (?:i was |age |the age of )?
    |at (?:the )?age (?:of )?|at|when i was|aged?) ?(\d{2})\b(?! (?:years?|months?|weeks?))
""")
_COUNT = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30,
}  # fmt: skip
_LONGEST = 70  # years with MS

_OTHER_PERSON = regex(r"""
    \b(?:my|our|a) (?:husband|wife|mother|father|partner|son|daughter|brother|sister|friend|boyfriend|girlfriend
    |fiancee?|cousin|uncle|aunt|niece|nephew|patient|colleague|neighbour|neighbor|grandson|granddaughter
    |client)\b|\b(?:he|she|they) (?:is|has|was|had|are|have)\b
""")

# Worst first: somebody with a wheelchair outside and a rollator at home is described by the wheelchair.
_WALKING = (
    ("bedbound", r"bed ?bound|bedridden|cant get out of bed"),
    (
        "wheelchair",
        r"wheel ?chair|power ?chair|scooter|(?:cant|unable to) walk(?! (?:far|long|without|well|very|more|that|for))",
    ),
    ("two aids", r"rollator|zimmer|walker|walking (?:frame|poles)|crutches|(?:two|2) (?:sticks|canes)"),
    ("one aid", r"(?:a|one|with|walking|my|use) (?:walking )?(?:stick|cane)|crutch"),
    (
        "no aids",
        r"""
        no (?:walking )?aids?|without (?:any )?(?:aids?|help|assistance|a stick)|unaided|(?:still|fully) mobile
        |walk(?:ing)? (?:fine|normally|well|ok)|no mobility (?:problems|issues)|still run|i can run
    """,
    ),
)
_WALKING_PATTERNS = tuple((name, regex(rf"\b(?:{ways})\b")) for name, ways in _WALKING)
_NOT_YET = regex(r"""
    \b(?:no|not|without|dont (?:use|need|want)|never|before|avoid|end up in|ending up in|afraid of|scared of|if
    |out of|until|will|going to)\b(?: [a-z]+){0,4}$
""")

_DRUG = {name: re.compile(rf"\b(?:{'|'.join(spellings)})\b") for name, spellings in DRUGS.items()}
_TRIED = regex(r"""
    \b(?:on|taking|take|took|tried|used|using|had|have had|have been on|failed|stopped|started|was on|am on
    |been on|since|after|from|off|currently|now|then|switched to|moved to|put me on|prescribed|years of
    |doses? of|and|of)\b(?: [a-z]+| ,){0,5}$
""")
_CONSIDERED = regex(r"""
    \b(?:should|can|could|would|may|offered|offering|offers|suggested|suggests|recommends?|recommended|wants me
    |consider|considering|thinking|before|instead of|than|versus|vs|or|not|never|about|refuse|refused|against
    |stop|compared)\b(?: [a-z]+| ,){0,4}$
""")

_PLACES = {place: country for country, places in COUNTRIES.items() for place in places if place not in NOT_PLACES}
_PLACE = "|".join(sorted(_PLACES, key=len, reverse=True))
# Only where somebody says that they are: a question about treatment in Mexico says nothing of where they live.
_LIVES = regex(rf"""
    \b(?:i am|we are|am|im) (?:a \w+ )?(?:living |based |located |over |here )?(?:in
    |from) (?:the )?(?:\w+ , )?({_PLACE})\b|\b(?:i|we) (?:live|reside|come) (?:in|from
    |near)(?: the)? ({_PLACE})\b|\b(?:living|based|located|resident) in (?:the )?({_PLACE})\b
    |\bhere in (?:the )?({_PLACE})\b|\bover here in (?:the )?({_PLACE})\b
    |^(?:hi |hello |hey |greetings )?(?:all |everyone )?(?:, )?from (?:the )?({_PLACE})\b|\b(?:hi|hello
    |greetings) from (?:the )?({_PLACE})\b|\b(?:male|female|man|woman|years? old
    |yo) (?:, )?(?:from |in )?(?:the )?({_PLACE})\b|\bmy country (?:is |, )?({_PLACE})\b|\b(?:diagnosed
    |neurologist|hospital|doctor)(?: [a-z0-9]+){{0,6}} in (?:the )?({_PLACE})\b
""")
_COUNTRY_US = re.compile(r"\b(?:in|from|here in) the (?:US|U\.S\.|U\.S\.A\.)(?=\W|$)")


def read_profile(text: str, today: date | None = None) -> Profile:
    """Give what a message says of its writer; `today` turns "since 1988" into years."""
    today = today or datetime.now(UTC).date()
    said = words(text)
    if _about_another(said):
        return Profile(country=_country(text, said))
    age = _age(said)
    return Profile(
        ms_type=_ms_type(said),
        age=age,
        country=_country(text, said),
        years_since_diagnosis=_years(said, age, today),
        walking=_walking(said),
        drugs=_drugs(said),
    )


def _about_another(said: str) -> bool:
    """Tell whether a message is about somebody else: what it says of illness is then not the writer's."""
    mine = re.search(r"\b(?:i am|i have|i was|i use|my ms|myself)\b", said)
    return bool(_OTHER_PERSON.search(said)) and not mine


def _ms_type(said: str) -> str | None:
    named = {name for name, pattern in _TYPE.items() if pattern.search(said)}
    if len(named) == 1:
        return named.pop()
    own = _OWN_TYPE.findall(said)
    return next((name for name, pattern in _TYPE.items() if own and pattern.search(own[-1])), None)


def _age(said: str) -> int | None:
    ages = {int(number) for found in _AGE.findall(said) for number in found if number}
    ages = {age for age in ages if _YOUNGEST <= age <= _OLDEST}
    return ages.pop() if len(ages) == 1 else None


def _years(said: str, age: int | None, today: date) -> int | None:
    since = _DIAGNOSED_IN.search(said)
    if since:
        return _plausible(today.year - int(since[1]))
    at_age = _SINCE_AGE.search(said)
    if at_age and age:
        return _plausible(age - int(at_age[1]))
    ago = _DIAGNOSED_AGO.search(said)
    number = next((part for part in ago.groups() if part), "") if ago else ""
    return _plausible(int(number) if number.isdigit() else _COUNT.get(number, -1))


def _plausible(years: int) -> int | None:
    return years if 0 <= years <= _LONGEST else None


def _walking(said: str) -> str | None:
    for name, pattern in _WALKING_PATTERNS:
        if any(not _NOT_YET.search(said[: found.start()].rstrip()) for found in pattern.finditer(said)):
            return name
    return None


def _drugs(said: str) -> tuple[str, ...]:
    found = ((match.start(), name) for name, pattern in _DRUG.items() for match in pattern.finditer(said))
    before = ((said[:at].rstrip(" ,"), name) for at, name in sorted(found))
    tried = (name for told, name in before if _TRIED.search(told) and not _CONSIDERED.search(told))
    return tuple(dict.fromkeys(tried))


def _country(text: str, said: str) -> str | None:
    places = {_PLACES[place] for found in _LIVES.findall(said) for place in found if place}
    if _COUNTRY_US.search(text):
        places.add("US")
    return places.pop() if len(places) == 1 else None
