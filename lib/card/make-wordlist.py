#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make lib/card/wordlist.txt: 1024 words to be read aloud and typed.

usage: make-wordlist.py [DIR] > wordlist.txt
       make-wordlist.py --check FILE

DIR holds english-words.10, .20 and .35 of SCOWL, as Debian's package scowl
(2020.12.07-2 was used) puts them into /usr/share/dict/scowl.

Their words come, by SCOWL's README, from lists in the public domain: the
Moby lexicon (Grady Ward), the UK English Wordlist With Frequency
Classification (Brian Kelk) and 12dicts (Alan Beale). SCOWL's inflected forms
were added with a database that rests on WordNet; forms of another word are
left out here where the spelling tells. SCOWL as a collection is

  Copyright 2000-2011 by Kevin Atkinson

  Permission to use, copy, modify, distribute and sell these word
  lists, the associated scripts, the output created from the scripts,
  and its documentation for any purpose is hereby granted without fee,
  provided that the above copyright notice appears in all copies and
  that both that copyright notice and this permission notice appear in
  supporting documentation. Kevin Atkinson makes no representations
  about the suitability of this array for any purpose. It is provided
  "as is" without express or implied warranty.

The list is part of card format 1 and never changes once a card is printed:
this script says where it came from, and --check proves what it promises.
"""
import re
import sys
from collections import Counter

COUNT, NEAREST = 1024, 3

# Unkind or grim, or about faith, sex, politics, illness, alcohol.
UNKIND = """
abandon abnormal abolish abusive abysmal accuse addict affair afraid alcohol
allege allergic anarchy anguish anxious apathy appalled arrogant ashamed
assault atheism atheist atrocity awful awkward bankrupt bible biblical bigotry
bishop bizarre blatant bloody breed brethren brutal cancer censor chaotic
church clash clumsy coarse colony conceal condemn condom condone confess
conflict confront corpse corrupt crisis cruel cruelty culprit cumming cunning
cynical damage damn deadline decay defeat defect deletion delusion demented
demolish depress deprive despair despise destine destroy devious devoid dictate
dictator dirty disable disagree disaster disease disguise disgust dislike
dismal dismiss disrupt divine divorce doubtful drank drunken dummy elitist
ethnic exempt faint fallacy fascist faulty federal feminist fierce filthy
fiscal flesh foolish funeral furry fussy futile gender genocide ghastly ghost
gospel grief hangover harsh hassle hatred headache hideous horde horrible
horrific horrify hospital hostile husband idiom idiot idiotic ignorant immature
immoral immortal immune impend imprison incur indulge inferior inflict injure
injury invasion ironic irritate kidnap kidney knife landlord lavatory lesbian
libel liberal mania mankind manpower military minority misguide mislead misuse
monopoly moron naked naughty neglect nervous nonsense nuclear obscene obscure
obsolete oriental orthodox outcry pathetic peasant pedant pedantic perverse
pitfall poison pompous pregnant prohibit prophet punish pupil rampant repent
resent revolt risky sabotage sacred sarcasm scream scum selfish servant sexual
sexy shock sinful skeleton skull smelly sneaky snobbery sordid strain stress
strike suffer suicide symptom tedious teenage terrify therapy thief thieve
thirst thrust tobacco tragedy tragic trigger trinity unfair unhappy unwise
urban useless vicar vicious victim weird
"""

# Said while rows are read aloud, or easily taken for such: numbers, answers.
SPOKEN = """
absence absent actual after albeit already although always amount answer
anybody anyhow anyplace anything anyway anywhere argue because become before
begun behind beside between beware billion capital check confuse correct
default despite differ digit discard doubt dozen eighteen eighth encode enough
escape everyday everyone exact extra fifteen fifty finish forgot fourteen
fourth fully going goodbye hereby herself himself hitherto however hundred
identify ignore illegal indeed index input insofar instead integer invalid item
itself language least likewise little maximum meantime message million minimum
minus misplace misprint misread mistaken mistook moreover myself nameless
nearby negative nobody nothing notice nowadays nowhere numeric often omission
oneself other parity perhaps phrase precede printout proceed prompt question
readable rename repeat replace reply request reread respond response restart
return review rewrite seldom sentence separate sequel sequence should singular
sixteen sixth sixty skip somehow someone spell symbol thirty though toward
twelve typical unaware unclear undone unknown unless unlike unsafe unseen
unsound unsure update value verify versus whereas whereby which whoever whole
within write young
"""

# Sounds like another word, or is spelt in two ways, or is hard to spell.
SOUND = """
adapt advice advise affect alter anorak axes birth border borrow break breath
caught ceiling clique concur cough cousin cruise desert eminent ensure eyesight
faculty flew forward freeze honorary imminent install jeans liaison license
mandate medium mnemonic muscle patience patient pedantry personal phase phoenix
physic piece pigeon please practice praise prince prize profit program pronoun
pseudo quibble rhyme rhythm rough scheme series shake straw sweet synonym
syntax taught through throw thrown weigh
"""

# Forms of other words, parts of names, jargon.
FORMS = """
advisory amateur ancestor arguable arguably ashcan axiom baroque baud became
billfold biscuit bitmap blew block blown blurb boggle bought broken burnt
caveat clothe datum debug driven eaten embed emulator envisage esoteric forbade
forcibly forgave fought frequent frozen given goody gorgeous guinea hash hidden
horribly humbly knee megabyte misled mummy notably offhand ought outside patent
proven python reaction restrain ridden sensibly shaken shaky shook simply slept
smallish smell sought spoken spoof sprang stolen stuff subtly swept tense
theorem thought threw tying typeset undid unused usage verbose whoop
"""

# Things to see, eat and play with: taken before the others.
WELCOME = """
acorn acrobat airline airport almanac almond anchovy antelope apple apricot
apron aviator avocado badge bagel bakery balcony ballet balloon ballot bamboo
banjo barley basil basket bassoon bathtub beacon beaver beehive beetle bicycle
biplane blanket blizzard blossom blouse bobsled bonfire bonnet botany boxcar
bracelet bridge broccoli bronze bucket buffalo butcher cabin cactus camel canal
canary candle canoe canyon caramel caravan cardigan caribou carnival carpet
celery cello ceramic chalet chapter cherry chimney chisel chrome cinnamon
circus clarinet cloud cobweb coconut comet compass compost coral cosmos costume
cottage cotton cowboy coyote crayfish crayon cricket crimson croquet crystal
cucumber cupful curtain cushion cutlet daffodil daisy daylight denim diamond
dolphin donkey doorman dragon drapery drizzle dugout dumpling eagle easel ebony
echo eclipse elbow elephant embassy emerald engine envoy eyeball eyebrow
eyelash fabric falcon feather ferret festival fiddle finger firefly fishery
flagpole flamingo flannel flute flyover foliage fossil fountain freckle frosty
furnace gadget galaxy galley gallop garden garlic garnish gazelle gerbil ginger
giraffe glacier glimmer glisten glitter globe glove goblet golden gondola
granite grape gravel gravy gremlin grocery guitar gymnast habitat hacksaw
hammock hamster handbag harvest haystack hazel hedgehog helmet hermit hexagon
hobby hollow honey hornet hyacinth hydrant iceberg icicle igloo iguana insect
island ivory jackal jacket jackpot jaguar jelly jersey jigsaw jockey jubilee
jungle kangaroo kayak kennel ketchup kettle keynote kimono kiosk kitten koala
ladybug lagoon lantern lark laurel lavender lemon lemonade leopard lettuce
lilac lioness lizard llama lobby lobster locket lollipop lotus lullaby lumber
lunar macaroni magnet magpie mailman mallard mammoth mango maple marble
marigold mascot mattress meadow medley melon menthol meringue mermaid meteor
mirror mitten monkey mosaic mosquito muffin mural murmur museum mushroom
mustang napkin necklace nectar nickel noodle nugget nursery nutmeg oasis
oatmeal oboe ocean octagon octopus olive opal orbit orchard orchid ostrich
otter outlet overcoat oxygen oyster paddle palace pancake panda panel pansy
panther papaya paprika parasol parcel parrot parsley pasta pasture peach
peacock pearl pebble pelican pendulum penguin petal piano pickle picnic pigment
pillow pilot planet plaza plywood pocket polar pollen pony popcorn poppy porch
porridge pottery pretzel pulley pumpkin puppet puppy puzzle pyramid quilt
quiver rabbit raccoon radish rainbow raisin raven rhino rhubarb ribbon river
rocket rodeo rowboat ruby saddle saffron sailor salad salmon sandal sapphire
sardine satin sauna sausage sawdust scarf seaweed shampoo shelter sherbet
shoelace shovel shrimp shrub silver sketch skylight slope snorkel snowball
soccer sofa sparrow spatula spider spinach sponge spoon spruce squirrel stable
stallion starfish studio suitcase summit sunny sunset swan syrup tadpole tailor
tapestry tavern teacup teaspoon temple tent textile thimble thistle thunder
tiger tomato tornado tortoise tractor treasury tricycle tripod trombone trout
trumpet tulip tunnel turkey turnip turtle tweezers typhoon umbrella unicorn
urchin utensil vacation valley vanilla velvet viaduct village vinegar vineyard
viola violet violin volcano volley vortex voyage waffle wagon walnut walrus
waltz wardrobe weasel wheat whistle willow windmill window winter wizard
woodland workshop wrench zebra zigzag zucchini
"""

ENDINGS = "s es ed d ing ly ness er ers r est st ier iest".split()


def stems(word, ending):
    """What word may have been before it got that ending."""
    base = word[:-len(ending)]
    yield from (base, base + "e", base + "y")
    if base.endswith("i"):
        yield base[:-1] + "y"
    if len(base) > 2 and base[-1] == base[-2]:
        yield base[:-1]


def is_form(word, known):
    return any(len(stem) >= 3 and stem != word and stem in known
               for ending in ENDINGS if word.endswith(ending)
               for stem in stems(word, ending))


def distance(a, b):
    """Damerau-Levenshtein, unrestricted (Lowrance and Wagner, 1975)."""
    far = len(a) + len(b)
    d = [[far] * (len(b) + 2) for _ in range(len(a) + 2)]
    for i in range(len(a) + 1):
        d[i + 1][1] = i
    for j in range(len(b) + 1):
        d[1][j + 1] = j
    last = {}
    for i in range(1, len(a) + 1):
        same = 0
        for j in range(1, len(b) + 1):
            k, m = last.get(b[j - 1], 0), same
            if a[i - 1] == b[j - 1]:
                same = j
            d[i + 1][j + 1] = min(
                d[i][j] + (a[i - 1] != b[j - 1]),
                d[i + 1][j] + 1, d[i][j + 1] + 1,
                d[k][m] + (i - k - 1) + 1 + (j - m - 1))
        last[a[i - 1]] = i
    return d[-1][-1]


def is_slip(a, b):
    """Whether one change of a gives a beginning of b, 4 letters or more."""
    return any(abs(len(a) - k) <= 1 and distance(a, b[:k]) < 2
               for k in range(4, len(b)))


def apart(a, b, letters={}):
    """NEAREST changes or more; and no slip in one abbreviates the other."""
    for word in (a, b):
        if word not in letters:
            letters[word] = Counter(word)
    ca, cb = letters[a], letters[b]
    # Unequal letters alone often prove the distance.
    if (max((ca - cb).total(), (cb - ca).total()) < NEAREST
            and distance(a, b) < NEAREST):
        return False
    # Of two words that begin unlike, even shifted or swapped, neither can.
    if (a[0] != b[0] and a[1] != b[1] and a[:2] != b[1::-1]
            and a[1:3] != b[:2] and b[1:3] != a[:2]):
        return True
    return not is_slip(a, b) and not is_slip(b, a)


def candidates(folder):
    rank = {}
    for level in (10, 20, 35):
        path = f"{folder}/english-words.{level}"
        with open(path, encoding="latin-1") as lines:
            for word in lines.read().split():
                rank.setdefault(word, max(level, 20))
    out = set(f"{UNKIND} {SPOKEN} {SOUND} {FORMS}".split())
    words = [w for w in rank if re.fullmatch("[a-z]{4,8}", w)
             and w not in out and not is_form(w, rank)]
    for word in WELCOME.split():
        rank[word] = 0
    # Common before rare, six letters before shorter and longer ones.
    return sorted(words, key=lambda w: (rank[w], abs(len(w) - 6), w))


def choose(words):
    chosen, heads = [], set()
    for word in words:
        if word[:4] in heads or not all(apart(word, c) for c in chosen):
            continue
        chosen.append(word)
        heads.add(word[:4])
        if len(chosen) == COUNT:
            return sorted(chosen)
    sys.exit(f"make-wordlist.py: only {len(chosen)} words")


def check(words):
    """The first promise that the list breaks, or None."""
    if len(words) != COUNT:
        return f"{len(words)} words"
    if words != sorted(words):
        return "not in alphabetical order"
    for word in words:
        if not re.fullmatch("[a-z]{4,8}", word):
            return f"{word}: not 4 to 8 letters"
    if len({word[:4] for word in words}) != COUNT:
        return "first four letters are not unique"
    for i, a in enumerate(words):
        for b in words[:i]:
            if not apart(a, b):
                return f"{b}, {a}: too near"
    return None


def main():
    if sys.argv[1:2] == ["--check"]:
        with open(sys.argv[2], encoding="ascii") as lines:
            wrong = check(lines.read().splitlines())
        sys.exit(wrong and f"{sys.argv[2]}: {wrong}")
    folder = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/dict/scowl"
    print("\n".join(choose(candidates(folder))))


main()
