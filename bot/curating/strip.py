"""Personal details taken out of somebody's words before they may become knowledge (pure).

It is the first of three readings: the volunteer rewords what is left in brackets, and leads read all of it. It would
rather take out too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAME, CONTACT, AGE, DATE, PLACE = "[name]", "[contact]", "[age]", "[date]", "[place]"
PLACEHOLDERS = (NAME, CONTACT, AGE, DATE, PLACE)

_SELF = r"\b(?:i|i'm|i\u2019m|im|my|me|mine|we|we're|our|(?-i:us)|myself)\b"  # the US is a country
_COUNTRIES = (
    "uk", "u.k.", "united kingdom", "england", "scotland", "wales", "northern ireland", "ireland", "us", "u.s.", "usa",
    "u.s.a.", "united states", "america", "canada", "australia", "new zealand", "eu", "europe", "germany", "france",
    "italy", "sweden", "norway", "denmark", "finland", "netherlands", "belgium", "austria", "poland", "switzerland",
    "spain", "mexico", "russia", "india", "israel", "turkey", "south africa",
)  # fmt: skip
_COUNTRY = rf"(?:the )?(?:{'|'.join(map(re.escape, _COUNTRIES))})\b"  # says what rules hold, not who somebody is
_UPPER = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u017f\u0386-\u03ab\u0400-\u042f"  # Latin, Greek and Cyrillic
_TITLE = r"(?-i:Dr|Doctor|Prof|Professor|Nurse|Mr|Mrs|Ms|Miss|Sister|Sir|Dame)\b\.?"
_CAPITAL = rf"(?-i:[{_UPPER}][\w'\u2019-]+)"
_TOWN = rf"(?!{_COUNTRY}|{_TITLE}){_CAPITAL}(?: (?:upon|on|de|la|le|of|the)(?= (?-i:[A-Z])))?(?: {_CAPITAL})*"

_HELLO = r"(?i:hi|hello|hey|dear|good (?:morning|evening|afternoon))"
_GREETING = re.compile(
    rf"^\s*{_HELLO}(?: (?:there|all|everyone)|,? (?!I\b){_CAPITAL}(?: {_CAPITAL}){{0,2}}(?: \d+)?| \w+(?=[,!]))?"
    r"\s*[,.!:\n-]+\s*"
)
_GOODBYE = r"(?i:(?:(?:best|kind|warm) )?(?:wishes|regards)|best|cheers|love|hugs|thanks|take care|yours)"
_ENDS = r"(?:\s*\n|(?<=[.!?])(?<!\b(?:Dr|Mr|Ms)\.)(?<!\bMrs\.)(?<!\bProf\.)\s)\s*"  # where a closing line begins
_SIGNED = re.compile(
    rf"{_ENDS}{_GOODBYE}?[,.!]*\s*(?:[-\u2013\u2014~]\s?|\n\s*){_CAPITAL}(?: {_CAPITAL}){{0,2}}(?: x+)?\s*$"
)
_THANKED = re.compile(rf"{_ENDS}{_GOODBYE}[,.!]*\s+{_CAPITAL}(?: {_CAPITAL}){{0,2}}[.! x]*$")
_SIGNED_WITH_NAME = re.compile(rf"{_ENDS}(?:{_GOODBYE},?\s)?\s*\[name\][\sx.]*$")
_OF_PEOPLE = (
    r"facebook\.com|fb\.com|fb\.me|instagram\.com|linkedin\.com|x\.com|twitter\.com|tiktok\.com|t\.me|telegram\.me|wa\.me|"
    r"chat\.whatsapp\.com|discord\.gg|gofundme\.com|gofund\.me|justgiving\.com|crowdfunder\.co\.uk|paypal\.me|venmo\.com|"
    r"caringbridge\.org|ko-fi\.com"
)  # where an address is somebody's page, group or collection, and no source
_BLOGS = r"wordpress\.com|blogspot\.com|tumblr\.com|substack\.com|wixsite\.com|weebly\.com"  # a name goes before them
_MAIL = "gmail|googlemail|hotmail|yahoo|outlook|icloud|aol|proton|protonmail|live"
_NETWORKS = (
    "discord|telegram|instagram|insta|ig|facebook|fb|whatsapp|signal|twitter|tiktok|reddit|snapchat|snap|youtube"
)
_CALLED = r"(?:user ?name|handle|account|profile|page|channel|name|id)"
_NUMBERED = (
    "mrn|nhs|chi|hospital|patient|passport|medicare|medicaid|policy|member|membership|insurance|account|booking|"
    "case|file|ref|reference|social security|ssn|licen[cs]e"
)  # what is numbered in somebody's papers
_NOT_A_NAME = r"(?:a|an|the|not|no|one|where|how|what|full|there|here|very|good|run|only|also|that|this|free|for|of)\b"
_YEAR = r"(?:19|20)\d\d"
_CONTACTS = (
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"),
    re.compile(
        r"[\w.+-]{1,64}\s?[(\[]\s?at\s?[)\]]\s?[\w-]{1,64}(?:\s?(?:\.|[(\[]?\s?dot\s?[)\]]?)\s?[\w-]{1,64})+", re.I
    ),
    re.compile(rf"(?:\w{{1,64}} dot ){{0,3}}[\w.+-]{{1,64}} at (?:{_MAIL})(?:\.| dot )\w+(?:(?:\.| dot )\w+)?", re.I),
    re.compile(rf"(?:https?://)?(?:[\w-]{{1,64}}\.){{0,4}}(?:{_OF_PEOPLE})/[^\s)]+", re.I),
    re.compile(rf"(?:https?://)?[\w-]{{1,64}}\.(?:{_BLOGS})\b[^\s)]*", re.I),
    re.compile(r"<@[!&]?\d+>|(?<![\w/])@[A-Za-z]\w{2,}|\b[\w.]{2,32}#\d{4}\b"),
    re.compile(rf"(?<![\w/])(?=\w*[\d_.])\w[\w.]{{2,31}}(?= on (?:{_NETWORKS})\b)", re.I),
    re.compile(
        rf"(\b(?:{_NETWORKS})(?: {_CALLED})?(?:\s?:| is|['\u2019]s|(?= @))\s?)"
        rf"(?:@\w+|(?!{_NOT_A_NAME})\w[\w.]{{2,31}}(?: {_CAPITAL})?)(?<!\.)",
        re.I,
    ),
    re.compile(rf"(\b(?:{_NETWORKS}) )(?=\w*[\d_])[a-z_][\w.]{{2,31}}(?<!\.)", re.I),
    re.compile(
        rf"(\b(?:{_NUMBERED})(?: (?:card|no\.?|number|id|ref))?(?: is)?[:#]? ?)(?!{_YEAR}\b)"
        r"(?=[\w-]*\d[\w-]*\d)(?-i:[A-Z\d][A-Z\d-]{3,})(?![\w%])",
        re.I,
    ),
    re.compile(r"()(?<![\w./-])[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]\b"),  # a British National Insurance number
    re.compile(r"()(?<![\w./-])[A-Z]{2}\d\d [A-Z]{3}\b"),  # a British number plate
    re.compile(r"()(?<![\w./,-])\d{7,}(?![\w/%]|[.,]\d)"),  # no study counts that many
    re.compile(r"(\bext(?:ension|n)?\.?:? )\d{2,6}\b", re.I),
    re.compile(
        r"(\b(?:phone|tel|telephone|mobile|cell|fax)\.?(?: number)?(?: is)?:? )\d(?:[ ().-]{0,2}\d){5,}(?![\w/-])", re.I
    ),
    re.compile(r"(?<![\w./-])[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?(?![\w/-])"),
    re.compile(r"(?<![\w./-])(?<!EudraCT )\+?\(?\d(?:[ ().-]{0,2}\d){8,21}(?![\w/-])"),
    re.compile(r"(?<![\w./-])\+\d(?:[ ().-]{0,2}\d){6,14}(?![\w/-])"),
    re.compile(r"(?<=\b(?:call|ring|text) )\d(?:[ ().-]{0,2}\d){6,7}(?![\w/-])", re.I),
    re.compile(r"(?<=\w )(?:number|no\.?|id):?(?: is)? (?-i:[A-Z]{0,4})[ -]?\d[\w-]{3,}(?![\w/])", re.I),
)
_KIN = (
    "husband|wife|partner|son|daughter|mum|mom|mother|father|dad|brother|sister|friend|cousin|carer|girlfriend|"
    "boyfriend|nurse|doctor|neurologist|consultant"
)
_IS = r"(?: is|['\u2019]s)"
_TOLD = (
    rf"my name{_IS}|my names|i am called|i['\u2019]?m called|call me|this is|me llamo|mi nombre es|"
    r"ich hei(?:\u00dfe|sse)|"
    rf"mein name ist|je m['\u2019]appelle|\u043c\u0435\u043d\u044f \u0437\u043e\u0432\u0443\u0442|"
    rf"my (?:{_KIN})(?:['\u2019]?s)?(?: name)?(?: is| was)?(?: called|,)?"
)
_CLOSE = "husband|wife|daughter|son|sister|brother|boy|girl|boyfriend|girlfriend|mate|cousin|aunt|uncle"
_NAMED = re.compile(
    rf"((?:^|(?<=[\n.;])|(?<=[.;] ))Name:|\b(?:(?i:{_TOLD})|(?i:my|your|our|his|her|their) (?:{_CLOSE})))"
    rf" (?!{_TITLE}){_CAPITAL}(?: {_CAPITAL})?"
)
_OWNER = re.compile(
    rf"\b(?!Somebody|Someone|Anybody|Anyone|Everybody|Everyone|Nobody){_CAPITAL}(?=['\u2019]s (?:{_KIN})\b)"
)
_I_AM = re.compile(
    rf"\b((?:I am|I['\u2019]?m|Im|i['\u2019]?m|im)) {_CAPITAL}(?: {_CAPITAL})?(?= (?:from|here|and I|in)\b|[,.!]|\s*$)"
)
_SPOKEN_TO = re.compile(
    r"\b((?i:thanks|thank you(?: so much| very much)?|you(?:['\u2019]| a)?re right|right|good luck|sorry|welcome|"
    rf"agreed?),?) (?!{_TITLE})"
    rf"{_CAPITAL}(?=[,.!?]|\s*$)"
)
_SMALL = re.compile(r"\b((?i:my name(?:['\u2019]s|s| is))) (?!not\b|on\b|in\b)[a-z][\w'\u2019-]+")
_APPOSED = re.compile(rf"{_CAPITAL}(?: {_CAPITAL})?(?=, my (?:{_KIN})\b)")
_TITLED = re.compile(rf"\b({_TITLE}(?: {_TITLE})*)(?: (?-i:[{_UPPER}])\.?(?= ))*(?: {_CAPITAL}){{1,2}}")
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty"
_AGE_IN_WORDS = rf"(?:{_TENS})(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
_NO_SPAN = r"(?! ?(?:to|-|\u2013|or|and (?:over|under|older|younger|above|below))(?: |\d))"  # "age 18 to 45" is a rule
_OTHER_NUMBER = r"(?!\.\d| ?(?:%|per|mile|month|week|day|hour|times|points?|year))"  # "I walked 40 miles" tells no age
_AGES = (
    re.compile(
        rf"({_SELF}(?: am| was| turned| will be|m)? (?:(?:only|just|now|nearly|almost) )?)"
        rf"(?:\d{{1,2}}|{_AGE_IN_WORDS})\b{_OTHER_NUMBER}",
        re.I,
    ),
    re.compile(
        rf"((?:\b(?:he|she)|\[name\])(?:,| is| was|['\u2019]s| turned) (?:(?:only|just|now|nearly|almost) )?)"
        rf"\d{{1,2}}\b{_OTHER_NUMBER}",
        re.I,
    ),
    re.compile(r"(\bdiagnosed (?:when |at )(?:i was |he was |she was )?)\d{1,2}\b", re.I),
    re.compile(r"()\b\d{1,2}[ -]?(?:years?[ -]old|yrs?[ -]old|y/?o)\b", re.I),
    re.compile(r"((?:^|\b(?:i am|i'm|im|i'm a|i am a|as a) |\())\d{2} ?[mf]\b", re.I),
    re.compile(rf"(\baged? )\d{{1,2}}\b{_NO_SPAN}", re.I),
    re.compile(r"(\[name\], )\d{1,2}(?=,|\.| and\b)"),
    re.compile(
        r"(\bborn (?:in |on )?)(?!(?:19|20)\d\d-)(?:\d{1,2}(?:st|nd|rd|th)? )?(?:of )?(?:\w+ )?(?:19|20)\d\d\b", re.I
    ),
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATES = (
    rf"{_DAY}(?: of)? {_MONTH}(?: {_YEAR})?", rf"{_MONTH}(?: {_DAY},?)? {_YEAR}", rf"{_MONTH} {_DAY}",
    r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d", rf"{_YEAR}-\d\d-\d\d", _YEAR,
)  # fmt: skip
_ANY_DAY = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d-\d\d-\d\d)\b")
_OWN_EVENTS = "dob|date of birth|birthday|diagnosed|admitted|discharged|transplanted|transplant was|relapsed"
_OWN_STORY = re.compile(rf"{_SELF}|\b(?:{_OWN_EVENTS})\b", re.I)
_DATE = re.compile(rf"\b(?:{'|'.join(_DATES)})\b", re.I)
_LIVES = (
    "live|lives|lived|living|based|from|come from|came from|moved to|grew up|born|stay|staying|"
    "treated|seen|work|teach|study"
)
_MY_PLACE = "hospital|clinic|centre|center|gp|neurologist|neuro|consultant|doctor|team|nurse|town|home"
_ROADS = "Street|St|Avenue|Ave|Road|Rd|Lane|Drive|Close|Court|Way|Crescent|Terrace|Gardens|Square|Grove|Boulevard"
_PLACES = (
    re.compile(r"()\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"),  # a British postcode
    re.compile(rf"()\b\d{{1,4}}[a-z]? (?:{_CAPITAL} ){{1,3}}(?:{_ROADS})\b(?:,? {_CAPITAL})?"),
    re.compile(rf"(\b(?:at|to|is|address:?) )\d{{1,4}}[a-z]? {_CAPITAL} {_CAPITAL}(?:, {_CAPITAL})?"),  # a house number
    re.compile(rf"()\b(?:{_CAPITAL},? )?(?:[A-Z]{{2}} \d{{5}}(?:-\d{{4}})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)\b"),  # US, Canada
    re.compile(
        r"()\b[\w-]{1,40}(?:stra(?:\u00dfe|sse)|weg|platz|gasse|allee|straat) \d+[a-z]?\b(?:,? \d{4,5})?"
        rf"(?: {_CAPITAL})?"
    ),
    re.compile(
        r"()\b\d{1,4}(?: bis)?,? (?:rue|avenue|boulevard|chemin|place) (?:(?:de|du|des|la|le|l['\u2019]) ?)*"
        rf"{_TOWN}(?:, {_CAPITAL})?"
    ),
    re.compile(rf"()\b(?:calle|avenida|via|viale|ul\.|ulica) {_TOWN},? \d+\b", re.I),
    re.compile(r"()\b(?:P\.?O\.?) box \d+\b", re.I),
    re.compile(
        r"(\b(?:ich (?:wohne|lebe|komme) (?:in|aus)|j['\u2019]habite (?:\u00e0|en)|vivo en|soy de|"
        rf"\u0436\u0438\u0432\u0443 \u0432) )(?!{_COUNTRY})\w{{3,}}",
        re.I,
    ),
    re.compile(r"()(?<![\d.])-?\d{1,3}\.\d{3,}, ?-?\d{1,3}\.\d{3,}\b"),  # where somebody stands on the map
    re.compile(
        rf"(\b(?:i|we|i'm|i\u2019m|im|she|he)(?: am| are| was| were)? (?:{_LIVES})"
        rf"(?: (?:in|near|at|from|to))? ){_TOWN}",
        re.I,
    ),
    re.compile(
        rf"(\b(?:my|our|her|his) (?:\w+ )?(?:{_MY_PLACE})(?: is| are| was)?(?: in| at| near| of)? ){_TOWN}", re.I
    ),
    re.compile(rf"(\b(?:writing|greetings|hello|hi) from ){_TOWN}", re.I),
    re.compile(rf"((?:^|[,;.] |\band )(?:live|living|lives|based) in ){_TOWN}", re.I),
    re.compile(
        rf"(\b(?:i|we|he|she)(?: was| were| am|'m| went| had \w+(?: \w+)?)(?: seen| treated)? (?:at|to|under) )"
        rf"(?:the )?{_TOWN}(?: in (?:{_TOWN}|(?!{_COUNTRY})\w+))?",
        re.I,
    ),
    re.compile(rf"((?:^|\bwas |\bbeen |\bbeing )seen (?:at|in) ){_TOWN}(?: in (?!{_COUNTRY})\w+)?", re.I | re.M),
    re.compile(
        rf"(\b(?:i|we) (?:live|lived|grew up) in |\b(?:i am|i['\u2019]?m|we are|we['\u2019]?re) (?:from|based in) )"
        rf"(?!{_COUNTRY}|(?:a|an|the|my|our|fear|hope|pain|constant|rural|different|countries)\b)\w{{3,}}",
        re.I,
    ),
    re.compile(rf"()\[place\](?: in|,) {_TOWN}"),  # the town of a hospital that was taken out
    re.compile(
        rf"(\b(?:did|done|had|happened|scanned|transplanted)(?: \w+){{0,2}} at )(?:the )?(?-i:St\.? ){_TOWN}"
        rf"(?: in {_TOWN})?",
        re.I,
    ),
)
_SENTENCE = re.compile(r"(?<=[.!?\n])(?=\s)")


@dataclass(frozen=True, slots=True)
class Stripped:
    """What is left, and what kinds of details were taken out."""

    text: str
    kinds: tuple[str, ...] = ()


def stripped(text: str, names: Iterable[str] = ()) -> Stripped:
    """Take personal details out; `names` are those of the people who spoke, pseudonyms among them.

    What is said in passing ("Hi Anna,") goes; what a sentence needs is replaced by a word in brackets.
    """
    text = _in_lines(text)
    left = _THANKED.sub("", _SIGNED.sub("", _GREETING.sub("", text, count=1)))
    for pattern in _CONTACTS:
        left = pattern.sub(rf"\g<1>{CONTACT}" if pattern.groups else CONTACT, left)
    named = _without_names(left, names)
    left = _SIGNED_WITH_NAME.sub("", named)
    in_passing = left != named or _GREETING.match(text) or _SIGNED.search(text) or _THANKED.search(text)
    for pattern in _AGES:
        left = pattern.sub(rf"\g<1>{AGE}", left)
    for pattern in _PLACES:
        left = pattern.sub(rf"\g<1>{PLACE}", left)
    left = "".join(_without_own_dates(sentence) for sentence in _SENTENCE.split(left)).strip()
    found = [mark.strip("[]") for mark in PLACEHOLDERS if mark in left]
    kinds = dict.fromkeys((["name"] if in_passing else []) + found)
    return Stripped(left[:1].upper() + left[1:], tuple(kinds))


def _in_lines(text: str) -> str:
    """Give a text with single spaces and single empty lines; over long blanks the patterns would search for minutes."""
    lines = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def _without_names(text: str, names: Iterable[str]) -> str:
    for pattern in (_TITLED, _NAMED, _SMALL, _I_AM, _SPOKEN_TO):
        text = pattern.sub(rf"\g<1> {NAME}", text)
    text = _OWNER.sub(NAME, _APPOSED.sub(NAME, text))
    for name in sorted(names, key=len, reverse=True):
        parts = [name, *(part for part in name.split() if len(part) > 2 and part.isalpha())]
        for part in parts:
            text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", NAME, text)
    return text


def _without_own_dates(sentence: str) -> str:
    """Take days out, and in a sentence with somebody's own story every date; the year of a study stays."""
    sentence = _ANY_DAY.sub(DATE, sentence)
    return _DATE.sub(DATE, sentence) if _OWN_STORY.search(sentence) else sentence


def placeholders_in(text: str) -> tuple[str, ...]:
    """Give the words in brackets that still have to be replaced by something general."""
    return tuple(mark for mark in PLACEHOLDERS if mark in text)
