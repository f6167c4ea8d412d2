"""Does a message ask what only a clinician who knows the person may answer.

The reason is given in a few words, for the volunteer. "Am I eligible" is not one of them: published criteria answer
that in general, and the follow-up asks for what they depend on.
"""

from __future__ import annotations

import re
from itertools import chain

from bot.triage.names import DRUGS
from bot.triage.wording import regex, sentences

DOSE = "asks for a dose"
MEDICINE = "asks whether to stop, start or change a medicine"
RESULTS = "asks what own results or scans mean"
SYMPTOM = "asks what an own symptom means"
DECISION = "asks whether to have the treatment"
FITS_ME = "asks whether it is safe or right for this person"

_OTHER_MEDICINES = r"""
        meds?|medicines?|medications?|tablets?|pills?|drugs?|dmts?|dmds?|injections?|infusions?|supplements?
        |vitamins?(?: [a-z])?|baclofen|tizanidine|gabapentin|pregabalin|lyrica|amitriptyline|duloxetine|sertraline
        |antidepressants?|steroids?|prednisone|prednisolone|dexamethasone|methylprednisolone|aciclovir|acyclovir
        |valaciclovir|antivirals?|antibiotics?|antifungals?|fluconazole|septrin|bactrim|ibuprofen|paracetamol
        |acetaminophen|tylenol|aspirin|painkillers?|codeine|tramadol|morphine|cyclophosphamide|cytoxan|melphalan|atg
        |g ?csf|filgrastim|neupogen|clemastine|cannabis|cbd|ldn|biotin|melatonin|omeprazole|ondansetron|modafinil
        |blood thinners?|thyroxine|antihistamines?
    """
# What stands in angle brackets in the patterns below; sentences come as plain words ("i am", "dont", "2.5").
_PARTS = {
    "MEDICINE": rf"(?:{'|'.join(chain.from_iterable(DRUGS.values()))}|{_OTHER_MEDICINES})",
    "ONE": r"(?:i|we|he|she|my (?:husband|wife|mother|father|son|daughter|partner|brother|sister|friend))",
    "ME": r"""
        (?:me|him|her|us|my (?:ms|husband|wife|mother|father|son|daughter|partner|brother|sister|case|situation|age
        |condition))
    """,
    "MY": r"(?:my|our|his|her|this|these|the following)",
    "FEW": r"(?: [a-z0-9.]+){0,5}?",
    "TWO": r"(?: [a-z0-9]+){0,2}",
    "CHANGE": r"""
        (?:stop|quit|skip|come off|go off|leave off|pause|delay|postpone|switch|change|wean|taper|start|restart
        |begin|go on|stay on|continue|keep taking|take|use|drop|miss|have|try|mix|combine|halve)
    """,
    "LIGHT": r"(?: (?:now|just|really|even|still|rather|also|better|not|be|think about|think of|consider))*",
    "TIME": r"(?:now|yet|again|already|first|straight away|immediately|soon|today|this year|instead|a bit|longer)",
    "CHANGE_TO": r"""
        (?:stop|quit|switch|change|come off|go on|stay on|start|restart|wait|delay|postpone|continue|carry on|escalate
        |hold off|stopping|quitting|switching|changing|starting|restarting|waiting|delaying|continuing|escalating)
    """,
    "TESTS": r"""
        (?:results?|bloods?|blood tests?|blood counts?|mris?|scans?|lesions?|counts?|neutrophils?|platelets?|wbc
        |lymphocytes?|haemoglobin|hemoglobin|liver (?:function|enzymes)|report|lab|lumbar puncture|titres?|levels?
        |numbers)
    """,
    "VALUE": r"""
        (?:wbc|neutrophils?|platelets?|lymphocytes?|haemoglobin|hemoglobin|hb|alt|igg|tsh|ferritin|creatinine|index
        |jc virus)
    """,
    "JUDGED": r"""
        (?:ok|okay|normal|bad|good|means?|worry|worried|worrying|high|low|dangerous|interpret|explain|fine
        |concern\w*|serious)
    """,
    "IT": r"""
        (?:hsct|ahsct|a? ?transplant|stem cells?|it|this|chemo|the treatment|this treatment|the procedure|sct
        |the trial)
    """,
}  # fmt: skip

_ASKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (DOSE, (
        r"""
            (?:what|which|whats|right|correct|safe|best|usual|normal|recommended|maximum|max|high
            |low)(?: [a-z]+){0,3} (?:dose|dosage|dosing|strength)(?! of radiation)
        """,
        r"(?:dose|dosage|dosing)<TWO> (?:of|for) <MEDICINE>",
        r"<MEDICINE> (?:dose|dosage|dosing)",
        r"posology",
        r"(?:correct|right|safe|recommended|usual|exact) (?:amount|quantity|schedule) (?:of|for)",
        r"""
            how (?:much|many)(?: (?:mg|milligrams?|ml|grams?|units?|of|the|my))* <MEDICINE>(?!.*\b(?:costs?|price
            |insurance|pay|are there|failed?|tried|try|need|must|before)\b)
        """,
        r"how (?:much|many mg|many milligrams|often)\b.*\b(?:should|can|do|must) (?:i|he|she|we) (?:take|inject|use)",
        r"""
            how (?:much|many|often)(?: [a-z]+){0,4} (?:per|a|each|every|twice) (?:day|daily|week)(?!.*\b(?:costs?
            |visit|scan|physio|hours?)\b)
        """,
        r"<MEDICINE>(?: [a-z0-9]+){0,6} (?:too much|too little|too many|double|twice|half|mg|enough or)",
        r"(?:missed|forgot|skipped)(?: [a-z]+){0,4} <MEDICINE>",
        r"(?:double|halve|increase|reduce|lower|raise|up) (?:my|the|his|her) (?:dose|dosage|<MEDICINE>)",
    )),
    (MEDICINE, (
        r"(?:should|shall|can|could|may|must|ought) <ONE><FEW> <CHANGE><FEW> <MEDICINE>(?!.* and go to)",
        r"""
            (?:ok|okay|safe|alright|fine|wise|bad|dangerous|better|advisable)(?: (?:for me|if i|to|just|for him
            |for her))+<FEW> <CHANGE>\w*<FEW> <MEDICINE>
        """,
        r"""
            (?:thinking of|thinking about|want to|going to|plan to|planning to|decided to|tempted to
            |considering)(?: just)? (?:stop|quit|skip|com|leav|paus|delay|switch|chang|drop)\w*<FEW> <MEDICINE>
        """,
        r"when (?:should|do|can|must) (?:i|we) <CHANGE> (?:my |the )?<MEDICINE>",
        # no medicine is named: "should I switch", "do I stop now or stay", but not "should I stop working"
        r"""
            (?<!how long )(?<!when )(?<!what )(?<!where )(?:should|shall|do|must|ought) <ONE><LIGHT>
            \ <CHANGE_TO>(?: (?:<TIME>|treatments?|therapy|therapies|them|it|this|that))*
            (?=$| ,| or\b| and\b| if\b| because\b| since\b| given\b| before hsct\b| to <MEDICINE>)
        """,
        r"is it (?:really )?time (?:for me )?to (?:stop|quit|switch|change|start|escalate)(?! (?:eating|work|think))",
        r"(?:switch|stay|stop|start|wait|change|carry on|continue) or (?:switch|stay|stop|start|wait|change|not)$",
        r"""
            (?:which|what)(?: [a-z]+)? (?:drug|dmt|medicine|medication|antibiotic|painkiller)s? (?:should|would
            |do you think|is best for me|is allowed)
        """,
        r"(?:which|what)(?: one)? <MEDICINE>\b.*\b(?:allowed|safe|for me|can i|should i)",
        r"(?:interact\w*|clash|contraindicated|concomitant)",
        r"<MEDICINE>\b.*\b(?:allowed|permitted|safe with|ok with|wise|the right choice|should (?:i|he|she))",
        r"(?:still|really) need(?: to take| to keep| to stay on)?(?: taking)? (?:my |the |these )?<MEDICINE>",
        r"(?:skip|quit|drop|stop|halve) (?:taking )?<MY> (?:next |last )?(?:dose|<MEDICINE>)",
        r"(?:begin|start|stop) treatment (?:now|yet|already)",
        r"<MEDICINE> (?:or|versus|vs) <MEDICINE>\b.*\b(?:i choose|should i|for me|do i|would you)",
    )),
    (RESULTS, (
        r"<MY>(?: [a-z]+){0,3} <TESTS>\b.*\b<JUDGED>",
        r"""
            (?:are|is|were|do|does|could|can|what|whats|explain|interpret|read|look at|check|understand
            |tell me about)\b.*\b<MY>(?: [a-z]+){0,3} (?:results?|bloods|blood tests?|mri|scans?|lesions|neutrophils
            |platelets|lab results?)
        """,
        r"<VALUE>(?: [a-z]+){0,3} (?:is |are |was |of |at )?\d+(?:\.\d+)?",
        r"""
            (?:interpret|read|look at|explain|understand)\b.*\b(?:findings|images|pictures|letter|attached
            |attachment|results|upload\w*|scans?)
        """,
        r"(?:upload|attach|attached|posted|send|sent)\w*\b.*\b(?:images|pictures|scans?|results|mri|findings)",
        r"""
            (?:mri|scan|bloods|blood test|results?|test|lumbar puncture|biopsy)(?: [a-z]+){0,2} (?:came back|shows?
            |showed|says?|said|revealed)\b.*\b(?:means?|normal|bad|say about|worry|good|now what|what now)
        """,
        # results of one's own, and what to do about them
        r"""
            <MY>(?: [a-z]+){0,3} (?:<TESTS>|edss|index)\b.*\b
            (?:should <ONE>|shall <ONE>|is it time|what (?:do|would|should|can) <ONE> do|what next)
        """,
    )),
    (SYMPTOM, (
        r"""
            (?:is|could|can|might|would) (?:this|it|these|that)(?: [a-z]+){0,3} (?:a |an |another )?(?:relapse
            |pseudo|flare|infection|side effect of my|from the)
        """,
        r"am i (?:having|in|relapsing|progressing)",
        r"""
            (?:should i (?:be )?(?:worry|worried|concerned)|do i need to worry|do i have (?:ms|pml|an infection)
            |whats wrong with me)
        """,
        r"why (?:do i|does my|is my|are my|am i) (?:leg|legs|arm|arms|hand|hands|head|heart|feet|foot|skin|eyes?)",
    )),
    (DECISION, (
        r"""
            (?<!how long )(?:should|shall) <ONE>(?: (?:really|even|just|rather|still|not))*
            \ (?:(?:have|do|get|try|risk|undergo
            |choose|consider|wait for|go for) <IT>|go ahead|go through with|go to (?!the (?:local|press
            |paper))[a-z]+|go with|wait|do it)
        """,
        r"""
            (?:do|d|did) (?:you|u|ya) (?:think|reckon|believe|feel)(?: that| its)*(?: [a-z]+){0,3} <ONE> (?:should
            |ought|need|could|would)
        """,
        r"what would (?:you|u) (?:do|advise|recommend|choose|suggest)",
        r"would (?:you|u) (?:do it|have it|choose|go for|risk it|recommend it|advise)",
        r"(?:if you were me|in my (?:shoes|place|position|case|situation)|help me decide)",
        r"(?:you|u) (?:advise|recommend) (?:me|that i|i)",
        r"what should (?:i|he|she) (?:do|choose|pick)$",
        r"worth (?:it|the risk|while) (?:for|in) <ME>",
        r"worth (?:me|him|her|us|my (?:husband|wife|mother|father|son|daughter|partner)|my while)\b",
        r"worth (?:it|the risk|having|doing)<TWO> (?:at|with|given|considering|because of) (?:my|his|her|our)\b",
    )),
    (FITS_ME, (
        r"""
            (?:is|are|would|will|could|can|was)(?: [a-z]+){0,6} (?:safe|right|good|suitable|ok|okay|better|best
            |beneficial|useful|worthwhile|dangerous|risky|an option|of benefit|helpful)<TWO> (?:for|to|in) <ME>
        """,
        r"""
            (?:would|will|could|can|might|do you think|do u think)(?: [a-z]+){0,3} <IT><TWO> (?:help|work for
            |benefit|cure|fix|save|suit|stop|harm|hurt|kill)(?: for)?(?: [a-z]+)? (?:<ME>|my (?:symptoms|legs
            |progression|decline))
        """,
        r"""
            (?:what are|whats|how high are) my (?:own |personal )?(?:chances?|risks?|odds|prognosis
            |outlook)(?! that)(?! of not)
        """,
        r"""
            (?:is|would)<TWO> <IT> (?:be )?(?:safe|dangerous|risky|ok) (?:with|if i have|given|considering
            |because of) my
        """,
    )),
)  # fmt: skip

# Asked of people in general: the general entry is the answer.
_GENERAL = regex(r"""
    \b(?:do|did|does|have|has|can|should|would|are|were) (?:people|patients|most|others|everyone|anyone|they
    |doctors|other people)\b|\bin general\b
""")


def _compiled(pattern: str) -> re.Pattern[str]:
    for name, part in _PARTS.items():
        pattern = pattern.replace(f"<{name}>", part)
    return regex(rf"\b(?:{pattern})(?![a-z])")


_PATTERNS = tuple((reason, _compiled(pattern)) for reason, patterns in _ASKS for pattern in patterns)


def asks_for_personal_advice(text: str) -> str | None:
    """Give the reason in a few words why only a clinician may answer, or None."""
    for sentence in sentences(text):
        if _GENERAL.search(sentence):
            continue
        for reason, pattern in _PATTERNS:
            if pattern.search(sentence):
                return reason
    return None
