"""Body temperatures in a sentence, in Celsius or Fahrenheit, as digits or words -> one mark each."""

from __future__ import annotations

import re

HIGH = "hightemperature"  # stands in a sentence where a fever was given as a number
LOW = "lowtemperature"

# Degrees. 38.0 C (100.4 F) is the usual alarm, some units use 37.5; below 36 C can be sepsis (knowledge/safety.yaml).
_FEVER_C, _FEVER_F = (37.5, 43.0), (99.5, 109.0)
_SURE_FEVER_C, _SURE_FEVER_F = (38.0, 42.0), (100.4, 106.0)  # taken for one without any word around it
_COLD_C, _COLD_F = (31.0, 35.9), (88.0, 96.6)

_TOPIC = frozenset(
    """temp temps temperature temperatures temprature tempature fever fevers feverish thermometer febrile shivering
    shivers chills rigors fieber fiebre fievre febbre koorts feber""".split()
)
_DEGREES = frozenset({"degrees", "degree", "deg", "degs", "celsius", "celcius", "centigrade", "c"})
_FAHRENHEIT = frozenset({"f", "fahrenheit", "farenheit", "fahrenheight"})
_NOT_AFTER = frozenset(
    """percent kg kgs k lb lbs pounds dollars euros usd gbp years year yrs yr yo months weeks days old
    thousand million miles mile km kms mg ml g mm cm inches minutes mins hours people patients units steps""".split()
)
_NOT_BEFORE = frozenset("money aged age day edss page room number step".split())
_OTHER_NUMBER = frozenset("bmi weight weigh weighs vitamin ferritin alt ast crp level levels haemoglobin".split())
_REACH = 4  # words back to what a number measures: "vitamin d level is 38.5"
_NEAR = 4  # words between a bare whole number and the word temperature
_LAST_BEFORE = 3  # words of a sentence short enough to be read together with the one before

_UNITS = {word: number for number, word in enumerate("zero one two three four five six seven eight nine".split())}
_DIGIT = "|".join((*_UNITS, "oh"))
_IN_WORDS = re.compile(
    rf"\b(?:(thirty|forty)(?: ({_DIGIT}))?|(?:(?:a|one) )?(hundred)(?: and)?(?: ({_DIGIT}))?)(?: point ({_DIGIT}))?\b"
)


def mark(sentence: str, before: str = "") -> str:
    """Put `HIGH` or `LOW` in the place of each number that is a body temperature out of range."""
    tokens = _IN_WORDS.sub(_to_digits, sentence).split()
    topics = [place for place, token in enumerate(tokens) if token in _TOPIC]
    carried = len(tokens) <= _LAST_BEFORE and not _TOPIC.isdisjoint(before.split())
    return " ".join(_read(tokens, place, topics, carried) for place in range(len(tokens)))


def _read(tokens: list[str], place: int, topics: list[int], carried: bool) -> str:
    token = tokens[place]
    if not token[0].isdigit():
        return token
    after = tokens[place + 1] if place + 1 < len(tokens) else ""
    if after in _NOT_AFTER or (place and tokens[place - 1] in _NOT_BEFORE):
        return token
    if not _OTHER_NUMBER.isdisjoint(tokens[max(0, place - _REACH) : place]):
        return token
    degrees = float(token)
    near = carried or any(abs(topic - place) <= _NEAR for topic in topics)
    if near or after in _DEGREES or after in _FAHRENHEIT:
        return _out_of_range(degrees) or token
    sure = "." in token and (_within(degrees, _SURE_FEVER_C) or _within(degrees, _SURE_FEVER_F))
    return HIGH if sure else token


def _out_of_range(degrees: float) -> str | None:
    if _within(degrees, _FEVER_C) or _within(degrees, _FEVER_F):
        return HIGH
    return LOW if _within(degrees, _COLD_C) or _within(degrees, _COLD_F) else None


def _within(degrees: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= degrees <= bounds[1]


def _to_digits(found: re.Match[str]) -> str:
    tens, ones, hundred, above, fraction = found.groups()
    whole = 100 + _digit(above) if hundred else {"thirty": 30, "forty": 40}[tens] + _digit(ones)
    return f"{whole}.{_digit(fraction)}" if fraction else str(whole)


def _digit(word: str | None) -> int:
    return _UNITS.get(word or "", 0)
