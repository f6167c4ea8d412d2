"""Pieces of the patterns of what nobody may be told, and the words by which a text is known that may hold them."""

from __future__ import annotations

# Any helping verb, adverb or article may stand between "you" and the verdict.
_BETWEEN = (
    r"(?: (?:are|is|be|been|were|would|will|may|might|could|can|should|must|do|seem|sound|look|appear|remain|to|"
    r"(?:are|is|would|do|could|wo)n['\u2019]t|not|no|longer|like|\w+ly|almost|also|still|now|very|quite|just|too|"
    r"a|an|the|good|ideal|perfect|poor|bad|great|strong|right|fit))*"
)
YOU = rf"\b(?:you|(?:people|some(?:body|one)|any(?:body|one)|a person) like you)(?:['\u2019](?:re|d|ll|ve))?{_BETWEEN}"
HSCT = r"(?:hsct|(?:a|an|the) (?:hsct|(?:stem cell )?transplant))"
NUMBER = r"\b(?:\d+(?:[.,]\d+)*|one|two|three|four|five|six|seven|eight|nine|ten|half an?)"
UNIT = (
    r"(?:mg|mcg|[\u00b5\u03bcu]g|ml|iu|(?-i:g)|(?:milli|micro)?gram(?:me)?s?|millilit(?:er|re)s?|"
    r"(?:million |international )*units|tablets?|capsules?|pills?|puffs?)"
)
TIED = r"\b(?!/d?l\b| (?:per|a|in a) lit)(?:/(?:kg|m2|m\u00b2))?"  # grams in a litre of blood are a result, no dose
TIMES = r"(?:once|twice|(?:two|three|four|five|six|\d+) times) (?:a|each|per|every) (?:day|week)|every \w+ hours"
MEDICINE = (
    r"(?:\w+(?:mab|mod|fumarate|ribine|prine|antrone|phosphamide|ciclovir|cillin|cetamol|profen|solone)|tysabri|ocrevus|"
    r"lemtrada|gilenya|mavenclad|tecfidera|vumerity|aubagio|kesimpta|briumvi|copaxone|rebif|avonex|betaferon|plegridy|"
    r"zeposia|mayzent|ponvory|medicines?|medication|drugs?|tablets?|pills?|steroids?|antibiotics?|antivirals?|dm[td]s?)"
)
_CHANGE = (
    r"(?:stop|start|skip|double|halve|increase|reduce|quit|take|delay|miss|pause|drop|restart|swap|"
    r"(?:give|bring) up|leave out|put off|come off|go o(?:ff|n)|cut (?:down|back)(?: on)?|switch(?: to| from| off)?)"
)
_WHOSE = r"(?: (?:your|the|all|any|some|next|last|daily|ms))*"
_DOSES = r" (?:your|the)(?: (?:next|last|daily))? (?:infusions?|doses?)"  # "double doses were used" is no order
TAKING = rf"{_CHANGE}(?: taking| using)?(?:{_WHOSE} {MEDICINE}|{_DOSES})\b(?! (?:list|box|card|names?|with you))"
STOPPING = rf"(?:stopp|start|skipp|doubl|halv|switch|delay)ing(?: to| from)?{_WHOSE} {MEDICINE}\b"
ILL = (
    r"(?:(?:your |the )?ms|relapses?|progression|"
    r"(?:your|the|all|any|every) (?:\w+ )?(?:relapses?|disease|disability|symptoms?|lesions))"
)


OF_ILL = (
    rf"(?:{ILL}|(?:nerve |brain |old )?(?:disability|damage|lesions|attacks))\b"
    r"(?! (?:drug|medic|treat|therap|tablet)\w*)"
)
ENDS = ("stop", "halt", "end", "reverse", "heal", "defeat", "erase", "eliminate", "eradicate")


# The words by which a text is known that may hold one of several patterns.
ILL_WORDS = "ms|relapse|relapses|progression|disease|disability|symptom|symptoms|lesions|damage|attacks"
CHANGE_WORDS = (
    "stop|start|skip|double|halve|increase|reduce|quit|take|delay|miss|pause|drop|restart|swap|give|bring|leave|put|"
    "come|go|cut|switch"
)
UNIT_WORDS = "|".join(
    f"{number}{size}{unit}{s}"
    for number in ("", "a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    for size in ("", "milli", "micro")
    for unit in ("mg|mcg|\u03bcg|ug|ml|iu|g|gram|gramme|litre|liter|units|tablet|capsule|pill|puff".split("|"))
    for s in ("", "s")
)
