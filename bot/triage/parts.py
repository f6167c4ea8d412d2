"""Several questions in one message -> parts that can be matched on their own.

Greetings and the story around are dropped; what a part needs of the story (country, MS type) is added to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.domain.people import Profile
from bot.triage.profile import read_profile
from bot.triage.speech import Speech, kind_of_sentence
from bot.triage.wording import raw_sentences, regex, words

MOST_PARTS = 6
_SHORTEST_PART = 3  # words; a shorter question ("and Russia?") needs the one before it
_LONGEST_SENTENCE = 600  # characters; anything longer is not looked into for joined questions
_STANDS_ALONE = 4  # words of a single question that is understood without its story

_QUESTION_WORD = r"""
    how (?:much|many|long|old|often|soon|do|does|is|are|can|to|likely|safe|well)|what(?:s|'s)?|where|when|which|who|why
    |(?:is|are|does|do|can|could|will|would|should|did|has|have)
    \ (?:i|you|u|it|there|they|we|he|she|this|that|the|my|hsct|anyone|any)
    |am i|(?:any )?info(?:rmation)? (?:on|about)|any|if (?:there|it|they|i)|whether
"""
# "how much is it and how long does it take": a new question begins behind the "and".
_JOINED = regex(
    rf"(?:\s*[,;]\s*|\s+)(?:and|also|plus|&)\s+(?:also\s+|then\s+)?(?=(?:{_QUESTION_WORD})\b)", re.IGNORECASE
)
# "how much is it how long does it take": without any "and", only behind a question of its own. Not where the second is
# what the first is about ("I want to know how long").
_RUN_ON = regex(r"""
    (?<!\bknow)(?<!\bask)(?<!\babout)(?<!\band)(?<!\bor)(?<!\bme)(?<!\bsure)(?<!\bon)(?<!\bof)(?<!\bto)(?<!\bsee)
    (?<!\bfrom)(?<!\bwonder)(?<!\bmatter)\s+
    (?=(?:how (?:much|many|long|old|often|soon)|what (?:is|are|happens)|where (?:can|do|is)|do i|can i|am i|will i
    |is there)\b)
""", re.IGNORECASE)  # fmt: skip
_OPENING = re.compile(r"^(?:and|also|plus|but|so|or)\s+(?!so\b)", re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|are|am|was|do|does|did|can|could|will|would|should|has|have|its|costs?|takes?)\b")
_QUESTION_OPENS = regex(rf"^(?:{_QUESTION_WORD})\b")
# Words around a question that ask for nothing themselves.
_NO_QUESTION = regex(r"""
    ^(?:hi|hello|hey|so|and|just|well|also|,| )*
    (?:(?:i )?(?:have|had|got) (?:a |one |two |some |another )?(?:small |quick |silly )?questions?
    |(?:can|could|would|will|does) (?:anyone|anybody|someone|somebody|you|u|any of you)(?: please)?
    \ (?:help|advise|answer)(?: me| us| please| with this)*
    |any (?:help|advice|info|information|thoughts|ideas?)(?: at all)?
    (?: (?:is|would be|will be|much|greatly|really|very))* ?(?:appreciated|welcome|great|please|helpful)?
    |please (?:help|advise|answer|let me know|reply)(?: me| asap| soon)*|(?:please )?let me know
    |just wondering|just curious|hope (?:someone|you) can help
    |(?:i )?(?:cant|couldnt|havent) (?:find|found) (?:any|much|it|anything).*
    |help|advice please|need (?:some )?(?:help|advice)|what do you think|thoughts
    |(?:is|are|was) (?:that|this|it|they) (?:right|true|correct|normal|so|ok|okay|enough|possible)
    |is (?:anyone|anybody) (?:there|here)|are you there|can i ask (?:you )?(?:a question|something)
    |sorry for .*|i (?:was|am) (?:just )?wondering)$
""")
# Told, not asked, and yet a wish to know something.
_NEED = regex(r"""
    \b(?:financially (?:challenged|strapped|struggling|limited)|(?:cant|couldnt|can not|not able to|unable to
    |could never) (?:possibly |really )?afford|(?:have|got) (?:no|little|not much|not enough) (?:money|savings
    |funds)|no money|low income|on benefits|on disability|cost is (?:a problem|too)|too expensive for|(?:might
    |may|could|must|probably|think|am|im|afraid|worried) (?:[a-z]+ ){0,3}(?:be )?too (?:late|old|far gone
    |disabled|young)|interested in (?:joining|knowing|learning|hearing)|would love to (?:join|learn|hear|know)
    |worried about [a-z]+|concerned about [a-z]+)\b
""")
_OPENS_AS_QUESTION = regex(
    rf"^(?:(?:and|but|so|also|or|please|then|hi|hello|hey|all|everyone|,) )*(?:{_QUESTION_WORD})\b"
)
_WISH = regex(r"""
    \b(?:(?:would )?(?:like|love|want|need) to (?:[a-z]+ )?(?:know|ask|hear|find out|understand|learn)
    |wondering (?:if|about|what|how|whether)|curious (?:as|about|if|whether|how)|(?:info|information
    |details) (?:on|about)|tell me|looking for (?:[a-z]+ ){0,2}(?:info|information|advice|details)
    |please (?:send|tell|explain|give|help me)|(?:can|could) (?:you|u|anyone|someone) (?:please )?(?:tell|send
    |give|explain|share|point))\b
""")
_REFERS_BACK = regex(r"""
    ^(?:and |so |but |also |or )?(?:is|are|does|do|did|can|could|will|would|was|has|what about|how about)? ?(?:it
    |this|that|they|these|those|them|he|she|the same)\b
""")  # fmt: skip
_ABOUT_PLACE = regex(r"""
    \b(?:where|hospitals?|clinics?|centres?|centers?|referr\w+|available|offer\w*|trials?|groups?|nhs|insurance
    |access|approved|near me|here|get it|get hsct|join|who (?:does|can))\b
""")
_ABOUT_FIT = regex(r"""
    \b(?:eligib\w+|candidates?|qualify|suitable|accept\w*|too (?:late|old|far|long)|can i (?:have|get|still)
    |work for me|help me|benefi\w+|would it (?:work|help)|for me|an option)\b
""")


def split(text: str) -> tuple[str, ...]:
    """Give the questions of a message, at most six; the whole message where it holds only one thing."""
    parts = _found(text)
    return _joined_to_story(text, parts) if len(parts) > 1 else _alone(text, parts)


def several(text: str) -> tuple[str, ...]:
    """Give the questions of a message that holds more than one, at most six; else nothing."""
    parts = _found(text)
    return _joined_to_story(text, parts) if len(parts) > 1 else ()


def _found(text: str) -> list[str]:
    asking = [sentence for sentence in _sentences(text) if _asks(sentence)]
    clear = [sentence for sentence in asking if _asks_clearly(sentence)]
    found = [part for sentence in (clear or asking) for part in _questions_in(sentence)]
    return _attach_short_ones(found)


def _joined_to_story(text: str, parts: Sequence[str]) -> tuple[str, ...]:
    profile = read_profile(text)
    return tuple(_with_context(part, profile) for part in parts[:MOST_PARTS])


def _sentences(text: str) -> Iterator[str]:
    yield from raw_sentences(re.sub(r"\.{2,}|…", ". ", text))


def _questions_in(sentence: str) -> Iterator[str]:
    """Give the questions of a sentence that asks."""
    begun = ""
    for piece in _pieces(sentence):
        begun = f"{begun} and {piece}" if begun else _OPENING.sub("", piece)
        if len(words(begun).split()) >= _SHORTEST_PART:
            yield begun
            begun = ""
    if begun:
        yield f"and {begun}" if begun != sentence else begun


def _asks(sentence: str) -> bool:
    said = words(sentence).strip(" ,")
    if _NO_QUESTION.match(said):
        return False
    return kind_of_sentence(sentence) is Speech.QUESTION or bool(_NEED.search(said))


def _asks_clearly(sentence: str) -> bool:
    """Tell whether a sentence is a question or a wish beyond doubt; beside one, a doubtful sentence is story."""
    said = words(sentence).strip(" ,")
    return sentence.rstrip(" )").endswith("?") or any(
        pattern.search(said) for pattern in (_OPENS_AS_QUESTION, _WISH, _NEED)
    )


def _pieces(sentence: str) -> Iterator[str]:
    if len(sentence) > _LONGEST_SENTENCE:
        yield sentence
        return
    for joined in _JOINED.split(sentence):
        if not _QUESTION_OPENS.match(joined.strip().casefold()):
            yield joined.strip()
            continue
        yield from _run_on(joined.strip())


def _run_on(question: str) -> Iterator[str]:
    """Give the questions of a run; "how many months | do I have" is one, for its first half has no verb."""
    for found in _RUN_ON.finditer(question):
        before = question[: found.start()]
        if len(before.split()) >= _SHORTEST_PART and _VERB.search(words(before)):
            yield before
            yield from _run_on(question[found.end() :])
            return
    yield question


def _attach_short_ones(found: list[str]) -> list[str]:
    """Put a question of one or two words ("And Russia?") behind the one before, where it is understood."""
    parts: list[str] = []
    for part in found:
        if parts and len(words(part).replace(",", "").removeprefix("and ").split()) < _SHORTEST_PART:
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    return parts


def _alone(text: str, parts: list[str]) -> tuple[str, ...]:
    """Give the one question by itself if it says all, else the message without its greetings and thanks."""
    if parts and _is_clear(parts[0]):
        return (_with_context(parts[0], read_profile(text)),)
    kept = [sentence for sentence in raw_sentences(text) if kind_of_sentence(sentence) is not Speech.CHATTER]
    whole = " ".join(kept) or text.strip()
    return (whole,) if whole else ()


def _is_clear(part: str) -> bool:
    said = words(part).strip(" ,")
    return len(said.split()) >= _STANDS_ALONE and not _REFERS_BACK.match(said)


def _with_context(part: str, profile: Profile) -> str:
    """Add the country to a question about a place, and the MS type to one about suitability, if it names none."""
    said = words(part)
    own = read_profile(part)
    added = []
    if profile.country and not own.country and _ABOUT_PLACE.search(said) and profile.country.casefold() not in said:
        added.append(profile.country)
    if profile.ms_type and _ABOUT_FIT.search(said) and not re.search(r"\b(?:rr|sp|pp) ?ms", said):
        added.append(profile.ms_type)
    return f"{part} ({', '.join(added)})" if added else part
