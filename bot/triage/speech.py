"""What kind of utterance a message is, so that the bot leaves chatter alone."""

from __future__ import annotations

import re
from enum import StrEnum

from bot.triage.wording import raw_sentences, regex, words


class Speech(StrEnum):
    """What a message is."""

    QUESTION = "question"  # something is wanted: asked, requested, or typed as key words
    STATEMENT = "statement"  # something is told
    CHATTER = "chatter"  # greetings, thanks, good wishes, a laugh


# All patterns are tried on plain words: small letters, no apostrophes, "i am" for "I'm", a lone comma for a pause.
_AUX = (
    "is|are|was|were|do|does|did|can|could|will|would|should|shall|am|isnt|arent|wasnt|dont|doesnt|didnt|cant|couldnt|"
    "wont|wouldnt|shouldnt|has|have|havent|hasnt|may|might|must"
)
_SOMEBODY = "i|you|he|she|it|we|they|there|this|that|these|those|anyone|anybody|someone|somebody|people|one"
_SUBJECT = (
    f"{_SOMEBODY}|the|a|an|my|your|his|her|our|their|any|patients|everyone|all|most|some|hsct|ahsct|ms|stem|insurance|"
    "nhs|nice|doctors|women|men|children|chemo"
)
_INFORMATION = (
    "list|link|links|names?|number|numbers|contacts?|address|addresses|email|phone|figures?|price|quote|copy|guide|"
    "leaflet|example|template|summary|comparison|timeline|idea|word|opinion"
)
_THING = "info|information|details|advice|help|tips|ideas?|experiences?|recommendations?|suggestions?|news|updates?"

_ASKED = regex(rf"""
    # a question word or a request that opens the sentence, or comes behind a pause
    (?:^|, )(?:(?:and|but|so|also|or|please|then|now|hi|hello|hey|well|ok|okay|all|everyone|,) )*
    (?:how (?!lovely|nice|cool|sweet|exciting|wonderful)[a-z]+
      |(?:what|who|whos|where|wheres|why|whose|whats) (?!an?\b|i\b|you\b|we\b|he\b|she\b|they\b|it\b|my\b|ever\b
      |lovely|knows)[a-z]+
      |which (?!was\b|has\b|made\b|helped\b|means\b|is (?:great|good|why|what|a\b|nice|so))[a-z]+
      |(?<!but )(?<!and )(?<!so )(?:is|are|does|do|can|should|was|will) (?!so\b|not\b|be\b|relate|pray|get\b
      |let\b|keep\b|you\b)[a-z]+ [a-z]+
      |(?:tell|show|send|give|explain|list|describe|compare|define|advise|help|invite|request|walk|delete|erase
      |put|connect|recommend|
        speak|talk)\b(?! (?:him|her|them)\b)
    )
    # or one in the middle of it
    |(?:^|, |\b(?:and|but|so|also|or|please|then|now|hi|hello|hey|well|ok|okay) )
    (?:how (?:{_AUX}|much|many|long|old|often|soon|far|big|safe|likely|bad|hard|to|come|about|good)\b
      |(?:what|which|who|where|why|when|whos|wheres|whens|hows) (?:{_AUX}|happens|happened|about|if|else|to|kind
      |sort|type|age|tests?|drugs?|
        hospitals?|clinics?|country|countries|centres?|centers?|trials?|pays|exactly|comes|values|more)\b
      |(?:{_AUX}) (?:not )?(?:{_SUBJECT})\b
      |any(?:one|body)? (?:gadgets?|idea|hope|chance|know|knows|had|been|have|has|here|else|tried|from|got|did
      |done|out|way|point|{_THING})\b
    )
    # or somebody is called upon at its beginning: "anyone recommend", but not "anyone who says that"
    |^(?:(?:hi|hello|hey|so|and|but|ok|all|everyone|guys|folks|please|,) )*(?:
      any ?(?:one|body|1)\b(?! (?:who|that|can|could|would|will|should|is|was|of|but)\b)(?= [a-z]+ [a-z]+)
      |some ?(?:one|body|1)\b(?= (?:recommend|advise|explain|help) [a-z]+))
    # or turned round in the middle of a sentence without a pause: "my periods stopped will they come back"
    |\b(?:{_AUX}) (?:i|you|he|she|we|they|anyone|anybody|everyone|everybody|my)\b
    |\b(?:is|are|does|did|can|could|will|would|should) (?:it|this|there|hsct)\b|\b(?:does|can|could|will|would
    |should) that\b
    |\b(?:is|was) that (?:normal|right|true|ok|okay|safe|enough|why|usual|common|expected|from|the|a|so|allowed
    |possible)\b
    |\b(?:how|why|what|which|where|whether|or not|what now|who pays|isnt it|true right)$
    |\b(?:does|can|should|would|will) (?:the|any|insurance|people|patients|hsct|nhs)\b
    |\bwhats\b|\bwhich (?:place|clinic|hospital|country|one|drug|centre|center)\b|\bexplained\b
    |\b(?:what|which) (?:is|are|comes|was|were) (?!great|good|why|nice|so\b|important|a\b)[a-z]+
""")
_WANTED = regex(rf"""
    \b(?:
      (?:would|want|wants|wanted|need|needs|like|(?:i|am|we|been) trying|hoping|wish|love|keen
      |looking) (?:really )?(?:like |love )?to (?:[a-z]+ )?
        (?:know|ask|find|learn|understand|hear|get|see|join|talk|speak|chat|contact|compare|check|clarify|figure
        |work out|write|have|make|complain|report|campaign|stop|change)
      |(?:i|we) (?:need|require|want)\b(?! to (?:say|thank|share|wish))
      (?<!\ball i want)(?<!\ball we want)(?<!\ball i need)(?<!\ball we need)
      |all (?:i|we) (?:need|want) (?:is |are )?(?:to|some|somebody|someone|info\w*|help|advice|an? answer|the)\b
      |(?:love|like|appreciate|welcome|want|need|after) (?:an?|any|some|more)
        (?: [a-z]+)?\ (?:{_INFORMATION}|{_THING})\b(?= (?:of|for|to|on|from|about|with|at|in|please|re)\b|$)
      |(?:{_THING}|{_INFORMATION}) (?:is |are |very |much )?(?:wanted|needed|required|sought|welcome|please|pls)\b
      |^(?:and |so |but )?any [a-z]+.*\b(?:i|we) (?:should|need to|must|have to|can|could)\b
      |(?:asks|asked|asking|ask|wonder|wonders|wondering|wondered|curious|unsure)\b
      |(?:tell|send|show|advise|let) (?:me|us)\b|explain\b
      |(?:looking|searching|waiting) (?:for|about|into|around) |interested (?:in (?:[a-z]+ing)|to (?:know|hear))
      |(?:any|more|some|further) (?:{_THING})\b|(?:{_THING}) (?:on|about|for|regarding|re|please)\b(?! (?:your|you)\b)
      |(?:grateful|thankful) for (?:an?|any|your|some)\b|appreciate (?:an?|any|some|your)\b
      |(?:my|a|one|another|quick|small|silly|two|second|main) questions?\b|question (?:is|about|for|on)
      |(?:not sure|dont know|dont understand|no idea|cant find|havent found|hard to (?:know|understand|find)
      |unclear|cant work out)\b
      |(?:where|when|why|how) (?:{_AUX}) (?!ever)[a-z]+|which one\b|any hope\b
      |how (?:much|many|long|old|often|soon|do|does|can|is|are|would|to)\b
      |what (?:are|does|do|happens|about|would|will|can|should)\b
      |cant (?:log in|login|open|access|find|get in|sign)\b|wrong password|(?:not|stopped|doesnt|isnt) (?:work
      |working)\b
      |please (?:send|tell|give|explain|share|help|advise|list|provide|let|contact|call|clarify|reply|answer|add
      |book|specify|delete|erase|review)
      |(?:link|page|tab|button|website|site|menu|video|pdf|form)s?\b.*(?:nothing|not work|doesnt|dont|wont
      |broken|error|cant|fails)
    )
""")
_SMALL_TALK = regex(r"""
    ^(?:and |so )?(?:how (?:are|is|r) (?:you|everyone|everybody|things|all|we|it going|your day)\b.{0,30}
      |hows (?:everyone|everybody|things|it going|life|you)\b.{0,20}|whats up.{0,10}|(?:are )?you (?:ok|okay
      |well|alright)
      |(?:sorry )?(?:no (?:idea|clue)|dunno)(?: (?:sorry|hun|hon|love|mate|pet|darling|dear|me|x+))*
      |(?:right|really|seriously|no|yes|ok|okay|huh|innit|isnt it|you know|know what i mean|who knew|why not)
    )$
""")
_WISHES = regex(r"""
    ^(?:many |so |a big |big |huge )?(?:thanks?|thankyou|ty|tysm|thx|cheers|ta|gracias|merci|danke|grazie
    |obrigad[oa]|tack|dank|spasibo|much appreciated|appreciate|grateful|bless|god bless
      |congrat\w*|well done|good (?:luck|job|for you|on you|stuff|post|to (?:know|hear)|morning|afternoon
      |evening|night|day)
      |best (?:of luck|wishes)|all the best|(?:so |very |really )?(?:happy|pleased|glad|sorry|proud) (?:for
      |to hear|birthday|new|of|stem|
        anniversary|\w+day)|happy|merry|fingers crossed|sending|thinking of (?:you|him|her|them)|(?:aw+ )?bless
        |amen|prayers?|praying|good ?night|safe (?:flight|journey|travels?)|chin up|thoughts and prayers
      |you (?:got|have got|can do|are (?:amazing|welcome|brave|so|an? inspiration|very welcome|not alone))
      |your welcome
      |stay (?:strong|safe|positive|well)|keep (?:going|fighting|it up|strong|smiling|us (?:posted|updated))
      |hope (?:you|all|it|everyone|everything|he|she|they|this (?:helps|finds))|wish(?:ing)? (?:you|him|her
      |me luck|us luck)|take care|get well
      |love (?:this|it|that|you|to you|your|and)|hugs?|x+|xo+|me too|same (?:here|for me)?|agreed?|i agree
      |totally|exactly|so true|true
      |yes+|yep|yeah|yay|nope?|ok(?:ay)?|sure|cool|great|awesome|amazing|brilliant|fantastic|wonderful|lovely
      |wow|omg|aww*|lol|lmao|haha\w*|hehe\w*
      |nice(?! (?:guid\w*|tech\w*|apprais\w*|approv\w*|nhs|hsct))|bye|goodbye|see you|cya|talk soon|no worries
      |no problem|np
      |hi|hello|hey|hiya|dear|greetings|welcome|morning|evening|gn|gm
      |that (?:is|was) (?:great|awesome|good|so|really|amazing|funny|lovely|very)
      |thats (?:great|awesome|good|so|really|amazing|funny|lovely|very|it|all|fine|ok|brilliant|fantastic
      |wonderful|helpful|interesting)
      |what an? |how (?:lovely|wonderful|exciting|sweet|nice|cool)|(?:v|very|really|so|most) (?:useful|helpful
      |interesting|kind|good|nice|
        informative|true|well said)|useful|helpful|interesting|i (?:appreciate|love (?:this|you|it|that))
    )\b
""")
_JOKE = re.compile(r"\bcross(?:ed)? the road\b|\bknock knock\b|\bwalks? into a bar\b|\bwhat do you call an?\b")
_LONGEST_WISH = 14  # words; a longer sentence tells something besides
_TELLS = regex(r"""
    \b(?:i|we|he|she|they|is|are|was|were|am|had|have|has|did|went|got|feels?|felt|think|hope|love|loved|its
    |thats|makes|made|said|says|will|started|finished|came|helped|gave|gives|must|told|wants?|refuses?|offers?
    |asks|denied|heard|saved|lives|works|takes|goes|knows|looks|seems|shows|feeling|celebrating|enjoying|blessed|grateful|proud)\b
""")
_LONGEST_GREETING = 4  # words that may stand beside key words
_MOST_KEY_WORDS = 14
_MOST_PAUSED_WORDS = 5  # of the same with a pause: "just landed, so tired, off to bed" is told
_MOST_BARE_WORDS = 9  # so short and impersonal, they are a search whatever they are about ("durability")
_PERSONAL = re.compile(r"\b(?:me|you|us|my|your|yours|our|him|her|them|mine|again|today|tomorrow|here|not|no)\b")
# What key words are about: without one of these a few words are a remark, not a question ("Safe flight!").
_TOPIC = regex(r"""
    \b(?:hsct|ahsct|ms|rr ?ms|sp ?ms|pp ?ms|cis|edss|stem ?cells?|transplants?\w*|bone marrow|chemo\w*
    |conditioning|isolation|engraftment|harvest\w*|mobili\w+|g ?csf|atg|beam|picc|hickman|line|neutropeni\w+
    |cost\w*|pric\w+|fees?|dollars?|pounds|euros?|fund\w*|grants?|charit\w+|crowdfund\w*|gofundme|insur\w+
    |medicare|medicaid|tax|benefits?|allowance|nhs|nice|fda|ema|approv\w+|guid\w+|trials?|stud(?:y|ies)|starms
    |beat ?ms|ram ?ms|net ?ms|mist|astims|halt|clinics?|hospitals?|cent(?:er|re)s?|referr?als?|refer|waiting
    |criteria|eligib\w+|candidates?|age|limits?|success|rates?|results?|outcomes?|evidence|cure|reverse
    |remission|progression|relapse\w*|lesions?|mri|risks?|mortality|death|side effects?|complications?|fertility
    |ivf|eggs?|sperm|pregnan\w+|menopause|periods?|infections?|cmv|ebv|cancer|thyroid|itp|hair|wig|nausea
    |fatigue|pain|diet|food|alcohol|wine|vitamins?|pets?|cats?|dogs?|mask\w*|vaccin\w+|jabs?|exercise|physio\w*
    |rehab|work|job|school|fly\w*|travel\w*|holiday|visa|carer|caregiver|companion|visitors?|recovery|monitoring
    |blood tests?|tysabri|ocrevus|kesimpta|lemtrada|mavenclad|gilenya|tecfidera|aubagio|copaxone|rituximab
    |briumvi|dmts?|drugs?|medicines?|tablets|pills|dose|clemastine|lingo|remyelination|car ?t|btk|tolebrutinib
    |siponimod|msc|mesenchymal|infusions?|mexico|puebla|monterrey|russia|moscow|india|uk|usa|us|canada|australia
    |germany|sweden|israel|turkey|england|scotland|wales|ireland|europe|poland|norway|italy|group|forum|privacy
    |data|volunteer\w*|neurologist|diagnos\w+|diagnosis|help ?line|steps?|stages?|timeline|schedule|how long
    |packing|list|brochure|leaflet|questions?|symptoms?|bladder|vision|walking|wheelchair|spasticity)\b
""")
# A want that opens a message needs no "I": "looking for", "in need of", "after a good".
_SEEKS = regex(r"""
    ^(?:(?:hi|hello|hey|so|and|but|ok|all|everyone|guys|folks|please|just|also|still|really|,|i am|we are|am|i was) )*
    (?:need|needing|want|wanting|require|requiring|seeking|requesting|searching|desperate (?:for|to)|hoping (?:for|to)
      |keen (?:on|to)|in (?:search|need) of|on the (?:hunt|lookout|look out) for|looking for|(?:trying|looking) to find
      |after (?:an?|any|some|advice|info)|(?:would|d) (?:love|like|welcome|appreciate)|could (?:do with|use))\b
      (?!\ (?:i|we|to (?:say|thank|share|wish|meet|see you))\b
      |\ (?:an? |my |the )?(?:coffee|tea|cuppa|hug|drink|holiday|nap|wine|pint)\b)
""")
_LAUGH = re.compile(r"\b(?:lol|lmao|rofl|haha\w*|hehe\w*|oops|sorry|xx+|yay|woohoo|hooray|amen|blimey|wow)\b|!\s*$")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def kind_of(text: str) -> Speech:
    """Give the kind of a message; a greeting or thanks in front of a question leaves it a question."""
    found = raw_sentences(text)
    if _JOKE.search(words(text)):
        return Speech.CHATTER
    kinds = {kind_of_sentence(sentence) for sentence in found}
    if Speech.QUESTION in kinds:
        return Speech.QUESTION
    told = [sentence for sentence in found if kind_of_sentence(sentence) is Speech.STATEMENT]
    beside = [sentence for sentence in found if sentence not in told and len(sentence.split()) > _LONGEST_GREETING]
    if len(told) == 1 and not beside and _is_key_words(told[0]):
        return Speech.QUESTION
    return Speech.STATEMENT if told else Speech.CHATTER


def asks_plainly(text: str) -> bool:
    """Tell whether a sentence asks or requests by its form; key words alone do not."""
    return any(kind_of_sentence(sentence) is Speech.QUESTION for sentence in raw_sentences(text))


def names_the_subject(text: str) -> bool:
    """Tell whether a message has a word of what the group is about."""
    return bool(_TOPIC.search(words(text)))


def kind_of_sentence(sentence: str) -> Speech:
    """Give the kind of one sentence; key words ("cost mexico") are told from a statement in `kind_of` only."""
    said = words(sentence).strip(" ,")
    if not _LETTERS.search(said):
        return Speech.STATEMENT if re.search(r"\d", said) else Speech.CHATTER
    if _SMALL_TALK.match(said):
        return Speech.CHATTER
    if sentence.rstrip(" )\"'").endswith("?") or _ASKED.search(said) or _WANTED.search(said):
        return Speech.QUESTION
    if _SEEKS.search(said) and not _laughs(sentence, said):
        return Speech.QUESTION
    short = len(said.split()) <= _LONGEST_WISH
    return Speech.CHATTER if short and _WISHES.match(said) else Speech.STATEMENT


def _laughs(sentence: str, said: str) -> bool:
    return bool(_LAUGH.search(said)) or sentence.rstrip().endswith("!")


def _is_key_words(sentence: str) -> bool:
    said = words(sentence).strip(" ,")
    if _laughs(sentence, said):
        return False
    if _TELLS.search(said) or len(said.split()) > _MOST_KEY_WORDS:
        return False
    most = _MOST_PAUSED_WORDS if "," in said else _MOST_BARE_WORDS
    bare = len(said.split()) <= most and not _PERSONAL.search(said) and bool(_LETTERS.search(said))
    return bare or bool(_TOPIC.search(said))
