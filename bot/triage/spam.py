"""Does a message sell, lure or flatter like spam: it gets no answer and a quiet note goes to the desk.

Somebody who asks whether an offer is a scam is not a spammer; that is a red flag of route `scam`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.triage.wording import plain, regex

# Read on plain text: small letters, "money 5000" for "$5000", "20 percent" for "20%".


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return regex("|".join(f"(?:{pattern})" for pattern in patterns))


_CONTACT = _any_of((
    r"\b(?:whats ?app|wa\.me|t\.me|telegram|viber|signal|wechat|instagram|snapchat|cash ?tag|cash ?app|paypal\.me)\b",
    r"[\w.+-]+ ?(?:@|\(at\)) ?[\w-]+(?:\.| dot )\w{2,}",
    r"\w+ at \w+ dot \w+",
    r"https?://|www\.|\b[\w-]+\.[a-z]{2,10}/\w+",
    r"\b[\w-]+\.(?:com|net|org|info|ru|shop|xyz|online|site|biz|me)\b",
    r"\+?\d[\d\s().-]{8,}\d",
    r"(?:\b(?:plus|zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred)\b[ ,-]*){6,}",
))  # fmt: skip
_CONTACT_ME = _any_of((
    r"""
        \b(?:dm|pm|inbox|text|message|call|email|contact|reach|write|hit|add|hmu)(?: out)?(?: to)? (?:me|him|her|us
        |them|up|dr|doctor|the doctor|now|today|only)\b
    """,
    r"\b(?:dm|pm|inbox) for\b|\b(?:dm|pm|inbox)$|\bonly inbox\b|\bask me how\b|\breply with\b",
    r"\bcheck (?:out )?(?:my|the) (?:bio|profile|page|link)\b",
    r"""
        \b(?:visit|click|see|follow)(?: on)? (?:my|our|this|the|here|below)\b.{0,20}\b(?:site|website|link|page|blog
        |channel)\b
    """,
    r"\bclick (?:here|now|below|on|the|bit)\b|\buse (?:the )?code\b|\bbook your (?:seat|slot|place)\b",
))  # fmt: skip
_CURE = _any_of((
    r"\b(?:cured?|heal(?:ed|s|ing)?|got rid of|gone forever|miracle|testimon\w+)\b",
    r"\bpermanent(?:ly)? (?:cure|solution|heal\w*)|\b(?:totally|completely) (?:free|healed|cured)\b",
    r"\breversed? (?:my|her|his|ms|multiple)\b|\b(?:100|hundred|99) percent\b|\bguarantee\w*",
    r"\bsymptoms? (?:free|gone|disappeared)\b|\bwheelchair\b.{0,140}\b(?:now|until|running|walking|walk)\b",
))  # fmt: skip
_HERBS = re.compile(r"\bherb\w*\b|\bspell ?caster\b|\bnatural (?:remed\w+|herbs?|formula|medicine|cure|product)s?\b")
_HEALER = _any_of((
    r"\btraditional (?:doctor|healer|medicine)\b|\b(?:dr|doctor|priest|prophet|mallam|chief)\.? [a-z]+\b",
    r"\b(?:native|root) doctor\b|\bbaba [a-z]+\b|\bju ?ju\b|\bconcoctions?\b|\bpotions?\b",
    r"\bhealth ?care (?:centre|center|clinic|formula)\b|\bformula\b|\bsupplements?\b|\bpatch(?:es)?\b",
))  # fmt: skip
_OWN_CURE = _any_of((
    r"""
        \b(?:cured|healed|helped|saved) me\b|\bi (?:was|am|got
        |have been) (?:totally |completely |finally |now )?(?:cured|healed|free)\b
    """,
    r"\bmy (?:testimony|herpes|hiv|diabetes)\b|\buntil i (?:met|found|tried|contacted)\b",
))  # fmt: skip

_AMOUNT = r"(?:money ?\d|\d[\d,.]* ?(?:k|usd|dollars?|euros?|pounds))"
_UNTRACED = r"western union|money ?gram|(?:gift|steam|itunes|apple|google play) cards?|usdt|cash ?app|zelle"
_PERIOD = r"(?:day|dai|week|month|home|online|hour)\w*"
# Each is a trade that nobody here has: one sign is enough.
_TRADES = (
    ("offers a way to make money", _any_of((
        r"""
            \b(?:invest\w*|forex|binary options?|crypto\w*|bitcoin|btc|trading|trader|mining)\b.*\b(?:profits?
            |returns?|earn\w*|income|weekly|account manager|expert|platform|signals?|doubl\w+|withdraw\w*
            |\d+ percent)\b
        """,
        rf"\b(?:earn|make|made|receive|received)\b.{{0,30}}{_AMOUNT}.{{0,40}}\b{_PERIOD}\b",
        r"\bpassive income\b|\bfinancial freedom\b|\bwork from home\b.{0,60}\b(?:earn|job|income)",
        r"""
            \b(?:victims?|lost)\b.{0,60}\brecover\w*\b.{0,60}\b(?:money|funds|expert|hacker|contact)
            |\brecovery ?(?:expert|hacker|agent)s?\b
        """,
    ))),
    ("offers a loan or a prize", _any_of((
        r"""
            \bloans? offers?\b|\b(?:offer|offering|give
            |giving)(?: out)? (?:an? )?(?:urgent |personal |business |quick |instant )*loans?\b
        """,
        r"""
            \bloans?\b.{0,80}\b(?:\d+ ?percent|interest rate|no credit check|no collateral|low rate|lender|apply now
            |guaranteed approval)\b
        """,
        r"""
            \b(?:(?:won|win|winner|winning|facebook|online) (?:the )?(?:a )?lottery|lottery (?:winner|agent|win
            |draw)|jackpot|giveaway)\b|\byou (?:have been|are|were) (?:selected|chosen|a winner)\b
            |\bclaim your (?:prize|reward|slot|free|gift)\b
        """,
    ))),
    ("asks for bank or account details", _any_of((
        r"""
            \b(?:confirm|verify|update|validate|provide|send)\b.{0,30}\b(?:bank|card|account|passport|login|password
            |wallet)(?: (?:details?|number|info|copy|data))
        """,
        r"""
            \byour account (?:will be|has been|is) (?:removed|suspended|closed|blocked|limited|restricted)\b
            |\b(?:verify|verification) with your\b
        """,
    ))),
    ("advertises something", _any_of((
        r"""
            \b(?:seo|backlinks?|followers|casino|betting|viagra|cialis|replica|escorts?|onlyfans|dating site|hacker
            |hacking service|web ?site design|hot (?:singles|girls|pics|photos)|sexy)\b
        """,
        r"""
            \b(?:no|without) prescriptions?\b.{0,80}\b(?:shipping|deliver\w*|discreet|dm|order|price)|\b(?:worldwide
            |discreet|free) (?:shipping|delivery)\b
        """,
        r"""
            \blimited (?:stock|offer|time|slots|places|seats)\b|\btoday only\b|\b\d+ ?percent off\b
            |\bmoney ?\d+ off\b|\bpromo code\b
            |\b(?:last|only) \d+ (?:spots?|slots?|places?|seats?)\b.{0,80}\b(?:deposit|pay|price|prices|discount|book)\b
        """,
        r"""
            \bonly (?:money )?\d+ (?:dollars|usd|euros|pounds)\b.{0,40}\b(?:stock|order|buy|each|today)
            |\bagent for the\b|\bi can get you (?:in|a slot|a place)\b
        """,
    ))),
    ("asks for money", _any_of((
        r"""
            \b(?:send|donate|give) any amount\b|\bcash ?tag\b|\bgod (?:will|bless\w*|shall) (?:reward|repay
            |you for (?:donating|your donation))\b
        """,
        rf"""
            \b(?:send|transfer|wire|help|pay|payment|donat\w+)\b.{{0,60}}\b(?:{_UNTRACED})\b
            |\b(?:{_UNTRACED})\b.{{0,30}}\b(?:only|donations?|any amount)\b
        """,
        r"\b0x[0-9a-f]{6,}\b|\bbc1[a-z0-9]{10,}\b|\bshare (?:to|in|with) all\b.{0,20}\bgroups?\b",
    ))),
    ("approaches people in private", _any_of((
        r"""
            \b(?:saw|seen|came across|like|love) your (?:beautiful |nice |lovely |amazing )?(?:profile|picture|photo
            |smile)\b
        """,
        r"\b(?:can|could) we be (?:friends|friend)\b|\badd me (?:up )?(?:on|as)\b|\bsend me a friend request\b",
    ))),
)  # fmt: skip
_SHOP = re.compile(
    r"\b(?:buy|order|discount|coupon|best price|cheap|sale)\b.{0,60}\b(?:here|now|online|link|shop|store|dm)\b"
)

# What comments under web pages praise; members praise too, but not the layout and the mission.
_PRAISE = tuple(regex(sign) for sign in (
    r"""
        \b(?:excellent|great|wonderful|fantastic|amazing|superb|magnificent|awesome|good|nice|informative|helpful
        |brilliant|outstanding|impressive) (?:info\w*|article|post|blog|content|topic|write ?up|piece|web ?site|site
        |work|read|points?)\b
    """,
    r"\b(?:this|your) (?:web ?site|blog|web ?page|article|post|weblog|page|piece of writing|content|info\w*)\b",
    r"\b(?:on the look ?out|in search of|was looking|searching) for (?:this|such|these)\b",
    r"\bfor my (?:mission|project|task|assignment|blog)\b",
    r"""
        \b(?:bookmark\w*|rss|subscribe\w*|writing style|web ?master|loading|layout|theme|visitors?|readers?
        |google search|stumbled (?:upon|across))\b
    """,
    r"""
        \bspend(?:ing)? (?:a while|some time|more time)\b|\blearning (?:much )?more\b|\bno longer (?:sure|certain
        |positive)\b
    """,
    r"\bwhere (?:you are|youre|you're) getting your\b",
    r"""
        \bkeep (?:up|on) (?:the )?(?:good|great|excellent|writing|posting|sharing|it up)\b|\bthank(?:s
        | you) for (?:sharing|magnificent|excellent|the (?:auspicious|good|great))\b|\bi(?:'m
        | am) (?:really )?(?:impressed|inspired)\b
    """,
))  # fmt: skip
_PRAISE_SIGNS = 3  # of these
_ABOUT_US = re.compile(
    r"\b(?:hsct|stem ?cells?|transplant|multiple sclerosis|ms|chemo\w*|relaps\w*|neurolog\w*|lesions?|rrms|spms|ppms)\b"
)

# Asking about an offer, or warning of one, is not making it.
_ASKS_ABOUT = _any_of((
    r"""
        \b(?:is|are|was|were|be|sounds?|looks?|if
        |whether) (?:it |this |that |they |he |she |the |these )*(?:\w+ ){0,4}(?:scams?|scammers?|fraud\w*|legit\w*
        |fake|genuine|trustworthy|real|true|dodgy|suspicious)\b
    """,
    r"""
        \b(?:beware|warning|scammed|should i (?:trust|pay|believe|send)|can i trust|is that (?:normal|right|ok))\b
        |\bscam\b
    """,
    r"""
        \b(?:they|he|she|someone|somebody|an? agent|the agent|clinic|doctor|man|woman|company|guy|lady
        |people) (?:is |are |keeps? |has |have |just )?(?:wants?|asks?|asked|asking|offers?|offered|offering|tells?
        |told|says?|said|messaged|contacted|wrote|claim\w*|promis\w+|sent)\b
    """,
    r"""
        \bi (?:was|am|got|have been|received) (?:being )?(?:contacted|offered|asked|told|messaged|approached
        |an? (?:message|email|offer))\b
    """,
    r"""
        \b(?:should|can|could|do|would|must|may) i (?:get|take|need|have)\b|\bhow (?:do|can|to|should) (?:i|we)\b
        |\bdoes (?:it|anyone|any|the)\b
    """,
))  # fmt: skip


def looks_like_spam(text: str) -> str | None:
    """Give in a few words why a message looks like spam, or None."""
    said = _with_links(text)
    if _ASKS_ABOUT.search(said) and not _OWN_CURE.search(said):
        return None
    for reason, pattern in _TRADES:
        if pattern.search(said):
            return reason
    reaches_out = _reaches_out(said)
    if _SHOP.search(said) and reaches_out:
        return "advertises something"
    return _healer(said, reaches_out) or _flattery(said)


def gives_contact(text: str) -> bool:
    """Tell whether a message gives an address, a number or a link, or wants to be written to."""
    return _reaches_out(_with_links(text))


def _reaches_out(said: str) -> bool:
    return bool(_CONTACT.search(said) or _CONTACT_ME.search(said))


def _with_links(text: str) -> str:
    """Give plain text that still has its addresses, which `plain` takes out."""
    links = re.findall(r"(?:https?://|www\.)\S+", text.casefold())
    return " ".join(" ".join([plain(text), *links]).split())


def _healer(said: str, reaches_out: bool) -> str | None:
    cure, herbs = bool(_CURE.search(said)), bool(_HERBS.search(said))
    healer = herbs or bool(_HEALER.search(said))
    if reaches_out and (herbs or (cure and (healer or _CONTACT.search(said)))):
        return "praises a cure and gives a contact"
    if healer and cure and _OWN_CURE.search(said) and not re.search(r"\b(?:hsct|transplant|stem ?cells?)\b", said):
        return "tells of a cure by a healer"
    return None


def _flattery(said: str) -> str | None:
    signs = sum(bool(pattern.search(said)) for pattern in _PRAISE)
    return "general praise, as spam comments have it" if signs >= _PRAISE_SIGNS and not _ABOUT_US.search(said) else None
