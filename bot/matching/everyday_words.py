"""Everyday English words that the speller must not take for misspelt words of the knowledge base.

The knowledge base has some thousand words of its own; "door", "rice" and "nine" are not among them and are one slip
from "donor", "rise" and "none". The whole words that the sentence encoder knows are everyday as well, names and all.
"""

from __future__ import annotations

import json
from functools import cache

from bot.matching.encoder import FOLDER, TOKENIZER

COMMONEST = 20_000  # of the encoder's tokens, which stand in the order of how common they are
FEW_LETTERS = 3  # a word of so many is everyday only if it is one of the commonest, one of fewer never: "ned", "hs"

_ENDINGS = ("s", "es", "ies", "d", "ed", "ied", "ing", "er", "ers", "est", "ly", "y", "ful", "less", "ness")


def is_everyday(word: str) -> bool:
    """Tell whether a word is one that people use, in its plain form or with a regular ending."""
    if word in EVERYDAY_WORDS or word in _known_to_the_encoder():
        return True
    stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return any(form in EVERYDAY_WORDS for stem in stems for form in _plain_forms(stem, word))


def _plain_forms(stem: str, word: str) -> tuple[str, ...]:
    """Give what a word may be the form of; "sayss" and "endd" are none."""
    if stem[-1:] == word[len(stem) :][:1]:
        return ()
    doubled = stem[:-1] if len(stem) > 1 and stem[-1] == stem[-2] and stem[-1] not in "aeiou" else ""
    return stem, f"{stem}e", f"{stem}y", doubled


@cache
def _known_to_the_encoder() -> frozenset[str]:
    file = FOLDER / TOKENIZER
    if not file.exists():  # the light mode needs no model, and finds fewer words everyday without one
        return frozenset()
    tokens = json.loads(file.read_bytes())["model"]["vocab"]
    words = ((word, place) for word, place in tokens.items() if word.isalpha() and len(word) >= FEW_LETTERS)
    return frozenset(word for word, place in words if place < COMMONEST or len(word) > FEW_LETTERS)


EVERYDAY_WORDS = frozenset(
    """
able about above accident account across action actor actual address admire admit adopt adult advance adventure
advert advice afford afraid after again against agency agenda agree ahead alarm album alert alike alive allow
almost alone along aloud already also alter although always amaze amount amuse ancient anger angle angry animal
ankle announce annoy another answer anxious anybody anyhow anyone anything anyway anywhere apart apology appear
apple apply argue army arrange arrest arrive arrow article artist ashamed aside asleep assume attach attack
attempt attend attic attract audience aunt author autumn avenue average avoid awake award aware away awful
awkward baby back bacon badly bake balance balcony ball balloon banana band bang bank banner barber bare barely
bargain bark barn base basement basic basket bath bathroom battery battle beach bean bear beard beast beat
beautiful beauty because become bedroom beef been beer before began begin behave behind being believe bell
belong below belt bench bend beneath berry beside best better between beyond bicycle bike bill bird birth
birthday biscuit bite bitter black blade blame blank blanket blast bless blind block blonde bloom blow blue
board boast boat boil bold bolt bomb book boot border bored born borrow boss both bother bottle bottom bought
bounce bowl boyfriend brain brake branch brass brave bread break breakfast breath breathe breeze brick bride
bridge brief bright brilliant bring broad broke brother brought brown brush bucket budget build bull bump bunch
burn burst bury business busy butcher butter button buzz cabin cable cafe cage cake call calm camera camp canal
cancel candle candy cannot canteen captain card care career careful carpet carrot carry cart cartoon case cash
cast castle casual catch cater cattle caught cause cave ceiling celebrate cellar central cereal certain chain
chair chalk chance change channel chaos chapter character charge charm chase chat cheap cheat check cheek cheer
cheese chef cherry chess chest chew chicken chief child chill chilli chin chip chocolate choice choir choose
christmas church cigarette cinema circle circus city claim clap class classic clause clean clear clerk clever
click cliff climb cloak clock close cloth cloud clown club clue coach coal coast coat code coffee coin cold
collapse collar colleague collect college colour comb come comedy comfort comic common company complain complete
compute concert confess confirm confuse connect consider contact contain contest control convince cook cool cope
copper copy corn corner correct cottage cotton couch cough could council count country couple courage course
court cousin cover crack craft crash crawl crazy cream create creature credit crew crime crisp cross crowd crown
cruel cruise crumb crush crust cupboard curb cure curious curl current curry curse curtain curve cushion custom
cute cycle daily dairy damage damp dance danger dare dark darling dash date daughter dawn deaf deal dear debate
debt decade decent decide deck declare deep deer defeat defend definite degree delay delight deliver demand deny
depart depend deposit depth describe desert deserve design desire desk despite dessert destroy detail develop
devil diamond diary dice differ digital dine dinner direct dirt dirty disagree disappear disappoint discover
discuss dish dislike distance distant disturb ditch dive divide divorce diy dizzy does doll done donkey door dose
double doubt dough down dozen draft drag drain drama drank draw drawer dread dream dress drew drift drill drink
drive drop drove drown drum drunk duck dull dumb during dust duty each eager eagle early earn earth ease east
easter easy edge edit editor effort eight eighteen eighty either elbow elder elect electric elephant eleven else
email embarrass emotion employ empty encourage endless enemy engine enjoy enormous enough enter entire envelope
envy equal error escape especially essay even evening event ever every evil exact exam example excellent except
excite excuse exist exit expect expensive expert explain explode explore extra extreme face fact factory fade
fail faint fair fairy faith fall false fame family famous fancy farm fashion fast father fault favour favourite
fear feast feather feed feel feet fell fellow felt female fence festival fetch fever field fierce fifteen fifth
fifty fight figure file fill film final find fine finger finish fire firm first fish fist five fixed flag flame
flash flat flavour fleet flesh flew float flock flood floor flour flow flower fluid fold folk follow fond food
fool foot football forbid force forecast forehead foreign forest forever forget forgive forgot fork form former
fort forth fortune forty forward fought found fountain four fourteen fourth frame frank free freedom freeze
fresh friday fridge friend fright frog front frost fruit frustrate full funeral funny furniture further future
gain gale gallery game gang garage garden garlic gate gather gave gentle gentleman genuine ghost giant gift girl
give glad glance glass glove glow glue goal goat goes gold golf gone good gossip grab grace grade gradual grain
grand granny grant grape grass grateful grave gravy gray great greed green greet grew grey grief grill grim grin
grip groan grocery ground group grow guard guess guest guide guilt guilty guitar habit hail hair half hall
hammer hand handle handsome hang happen happy harbour hard hardly harm harsh haste hate have head headache
headline heal health heap hear heard heart heat heaven heavy hedge heel height held hell hello help hence herb
herd here hero herself hide high hill himself hint hire history hobby hold hole holiday holy home honest honey
honour hook hope horn horrible horror horse host hotel hour house huge human humble humour hundred hung hunger
hungry hunt hurry hurt husband idea ideal identify idiot ignore image imagine impress improve inch include
income increase indeed indoor info inform insect inside insist inspire instead insult intend interest into
invent invite iron island issue item itself jacket jail jealous jeans jelly jewel join joint joke journal joy
judge juice jump jungle junior jury just keen keep kept kettle keyboard kick kill kind king kingdom kiss kitchen
kite knee knew knife knit knock knot know labour lace lack ladder lady laid lake lamb lamp land landlord lane
language large last late later laugh launch laundry lawn lawyer lazy lead leaf league leak lean leap learn least
leather leave lecture left legal lemon lend length less lesson letter level liar liberty library license life
lift light like limb limit line link lion list listen litter little live load loaf loan lobby local lock lonely
long look loose lord lorry lose loss lost loud lounge love low loyal luck lucky lunch luxury machine made
magazine magic mail main major make male manage manner many march mark market marriage marry mask mass massive
master match mate material matter maybe mayor meal mean measure meat media medium meet melt member memory mental
mention menu mercy mere merry mess message metal middle might mile milk mind mine minister minor minute mirror
miserable miss mistake mixture mobile mode model modern modest moment monday money monkey month mood moon moral
more morning most mostly mother motor mount mountain mouse mouth move movie much muddle murder muscle museum
music must mutual myself mystery nail naked name narrow nasty nation native nature near nearly neat neck need
needle neighbour neither nephew nerve nest never news next nice niece night nine nineteen ninety nobody noise
none noon normal north nose note nothing notice novel nowhere number nurse oath obey object obtain obvious ocean
offence offer office officer often once onion only onto open opera operate opinion oppose option orange order
origin other otherwise ought ourselves outdated outdoor outfit outside oven over owner oxygen pace pack package
page pain paint pair palace pale panel panic pants paper parade parcel pardon parent park parrot part party pass
passage past paste path patience pattern pause pave peace peach pear pearl pencil penny people pepper perfect
perform perhaps period permit person persuade petrol phone photo phrase piano pick picnic picture piece pierce
pile pill pillow pilot pinch pine pink pint pipe pitch pity pizza place plain plan planet plant plastic plate
play please pleasure plenty plot plug pocket poem poet point poison pole police polite pond pool poor popular
porch pork port pose possess possible post potato pound pour powder power praise pray prayer preach prefer
prepare present preserve press pretend pretty prevent pride priest prince print prison private prize probable
problem process produce professor profit program promise promote proof proper proud prove provide public publish
pull pump punch puncture punish pupil pure purple purpose purse push puzzle quality quarrel quarter queen queer
question quick quiet quit quite rabbit race radio rage rail rain raise ranch random rang range rank rapid rare
rate rather razor reach react read ready real realise really reason receipt receive recent recipe recognise
record recover refuse regard region regret regular reject relate relax relief relieve rely remain remark
remember remind remote remove rent repair repeat replace reply report request rescue resent resign resist resort
respect rest result retire return reveal reverse review reward rhyme rhythm rice rich ride right ring rise risk
rival river road roar roast robber robot rock rode role roll roof room root rope rose rotten rough round route
routine royal rubber rubbish rude ruin rule rumour rush rusty sack sacred saddle safe said sail saint salad
salary sale salt same sand sandwich sang satisfy saturday sauce sausage save scale scar scarce scare scarf
scatter scene scent school science scold score scout scrap scratch scream screen screw search season seat second
secret section secure seed seek seem seen seize seldom select self selfish sell send senior sense sensible sent
sentence separate serious serve service settle seven seventeen seventy several severe shade shadow shake shall
shallow shame shape share shark sharp shave shed sheep sheet shelf shell shelter shift shine ship shirt shock
shoe shook shoot shop shore short shot should shoulder shout shove show shower shrink shut shy side sight sign
signal silence silent silk silly silver similar simple since sing single sink sister site situation sixteen
sixth sixty size skill skin skip skirt slave sleep sleeve slept slice slide slight slim slip slope slow small
smart smash smell smile smoke smooth snack snake snow soap social sock soft soil sold soldier solid solve some
somehow someone something sometime somewhat somewhere song soon sore sorrow sorry sort soul sound soup sour
source south space spade spare speak special speech speed spell spend spice spider spill spin spirit spit spite
split spoil spoke spoon sport spot spread spring square squash squeeze stable stadium staff stage stain stair
stamp stand standard star stare start starve state station stay steady steak steal steam steel steep steer step
stick stiff still sting stir stock stole stomach stone stood stool stop store storm story stove straight strain
strange stranger straw stream street strength stress stretch strict strike string strip stroke strong struck
student study stuff stupid style subject succeed success such sudden suffer sugar suggest suit summer sunday
sunny sunshine supper supply support suppose sure surface surprise surround suspect swallow swear sweat sweep
sweet swell swept swift swim swing switch sword table tail take tale talent talk tall tank tape target task
taste taught taxi teach teacher team tear tease telephone tell temper temple tempt tend tender tennis tense tent
term terrible terrify test text than thank that thats theatre their theirs them theme themselves then theory
there these theyre thick thief thin thing think third thirst thirteen thirty this those though thought thousand
thread threat three threw throat through throw thrown thumb thunder thursday ticket tide tidy tight till time
tiny tired title toast today together toilet told tomato tomorrow tone tongue tonight tool tooth topic torch
tore total touch tough tour toward towel tower town trace track trade tradition traffic train translate trap
travel tray treasure treat tree tremble trick trip troop trouble trousers truck true trumpet trunk trust truth
tube tuesday tune tunnel turkey turn twelve twenty twice twin twist type ugly umbrella uncle under understand
undo unexpected uniform union unit unite universe unkind unless until unusual upon upper upset upstairs upward
urge urgent usual vague valley value vanish variety various vast vegetable vehicle verse very vest victim
victory video view village violent virtue visit voice vote voyage wade wage wait wake walk wall wallet wander
want warm warn warning wash waste watch water wave weak wealth weapon wear weary weather wedding wednesday weed
week weekend weep weigh weight welcome well went were west whale what wheat wheel when where whether which while
whip whisper whistle white whole whom whose wicked wide widow width wife wild will willing wind window wine wing
winner winter wipe wire wise wish with within without witness woke woman women wonder wonderful wood wooden wool
word wore work world worm worry worse worst worth would wound wrap wreck wrist write writer wrong wrote yard
yawn year yell yellow yesterday young yours yourself youth zero zone
arent cant couldnt didnt doesnt dont hadnt hasnt havent hell hers isnt itll ours shell shes shouldnt theres
theyd theyll theyve wasnt werent weve whats wheres whos wont wouldnt youd youll youre youve
""".split()
)
