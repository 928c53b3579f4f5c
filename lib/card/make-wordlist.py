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
allege allergic anarchy anguish annoy anxious apathy appalled arrogant ashamed
assault atheism atheist atrocity awful awkward bankrupt bastard bible biblical
bigotry bishop bizarre blatant bless bloody breed brethren brutal cancer
catholic censor chaotic church clash clumsy coarse colony conceal condemn
condom condone confess conflict confront corpse corrupt crisis cruel cruelty
culprit cumming cums cunning cynical damage damn deadline decay defeat defect
deletion delusion demented demolish depress deprive despair despise destine
destroy devious devoid dictate dictator dirty disable disagree disaster disease
disguise disgust dislike dismal dismiss disorder disrupt divine divorce dogma
dominant doom doubtful drank dreary drunk drunken duff dummy elitist ethnic
exempt faint fallacy fascist faulty fear federal feminist fierce filthy fiscal
flesh foolish frighten funeral furry fussy futile gang gasp gender genocide
ghastly ghost gospel greed grief gullible hang hangover harsh hassle hasty
hatred havoc headache hideous horde horrible horrid horrific horrify hospital
hostile husband ideology idiom idiot idiotic ignorant immature immoral immortal
immune impend imprison incur indulge inferior inflict injure injury invasion
ironic irritate kidnap kidney knife landlord lavatory lesbian libel liberal
limb lust mania mankind manpower military minority misery misguide mislead
misuse monopoly morality moron murder naked nasty native naughty neglect
nervous nonsense nuclear obscene obscure obsess obsolete oriental orthodox
outcry pathetic peasant pedant pedantic penalty pended perverse pitfall poison
pompous pregnant prohibit prophet punish pupil racial rampant repent resent
revolt risky rubbish sabotage sacred sarcasm scream scum selfish servant sexual
sexy sinful skeleton skull smelly sneaky snobbery sordid strain stress strike
stroke struggle suffer suicidal suicide surgery symptom syndrome taxation
tedious teenage terrible terribly terrify theology therapy thief thieve thirst
threat threaten thrust tiresome tobacco tragedy tragic trashcan trigger trinity
unfair unhappy unwise urban useless vicar vicious victim weird worship wreck
"""

# Said while rows are read aloud, or easily taken for such: numbers, answers.
SPOKEN = """
absence absent actual addition after albeit already also although always amount
answer anybody anyhow anyplace anything anyway anywhere argue because become
before begun behind beside between beware billion capital check confuse correct
default despite differ digit discard doubt dozen eighteen eighth else encode
enough enter escape even everyday everyone exact extra fifteen fifty finish
forgot fourteen fourth going goodbye hereby herself himself hitherto however
hundred identify ignore illegal indeed index input insofar instead integer
invalid item itself know language least likewise little maximum meantime
message million mine minimum minus misplace misprint misread mistaken mistook
moreover most myself nameless nearby negative nobody nothing notice nowadays
nowhere numeric often omission oneself other output parity perhaps phrase
precede printout proceed prompt question readable rename repeat replace reply
request reread respond response restart return review rewrite seldom sentence
separate sequel sequence seven seventh should sixteen sixth sixty somehow
someone symbol thank thereby therein thereof thirty though thousand thus
together toward twelve typical unaware unclear undone unknown unless unlike
unsafe unseen unsound unsure update value verify versus whereas whereby whether
which whoever whole within without write young
"""

# Sounds like another word, or is spelt in two ways, or is hard to spell.
SOUND = """
adapt advice advise affect alter anorak axes birth border borrow brake break
breath caught ceiling clause clique concur cough cousin cruise desert eminent
ensure eyesight faculty farthest forum forward freeze genre halve honorary hour
imminent install jeans kernel liaison license mandate mask medium mist mnemonic
muscle noun patience patient pedantry personal phase phoenix physic piece
pigeon plea please practice praise prince prize profit program pronoun pseudo
putt quibble rhyme rhythm rough scheme series sheet sigh straight straw sweet
symmetry synonym syntax taught taxi through throw thrown trek weigh wheel
"""

# Forms of other words, parts of names, jargon.
FORMS = """
advisory amateur ancestor arguable arguably ashcan axiom baroque baud became
billfold biscuit bitmap blew blown blurb boggle bought bred broken burnt caveat
clothe datum debug dominate driven eaten emulator envisage esoteric feel
forbade forcibly forgave fought frequent frozen given goody gorgeous guinea
hash hidden horribly humbly mailbox megabyte misled miss mummy notably offhand
ought proven python ridden self sensibly shaken simply slept sneak sought
sprang spur stolen stuff subtly suitably swept tangent theorem thought threw
truncate twist typeset undid unused verbose whoop
"""

# Things to see, eat and play with: taken before the others.
WELCOME = """
acorn acrobat airline airport almanac almond anchovy antelope apple apricot
apron aviator avocado badge bagel bakery balcony ballet balloon ballot bamboo
banjo barley basil basket bassoon bathtub beacon beaver beehive beetle bicycle
blanket blizzard blossom bobsled bonfire bonnet botany bracelet bridge broccoli
bronze bucket buffalo butcher cabin cactus camel canal canary candle canoe
canyon caramel caravan cardigan caribou carnival carpet celery cello chalet
chapter cherry chimney chisel chrome cinnamon circus clarinet cloud cobweb
coconut comet compass coral costume cottage cotton cowboy coyote crayon cricket
crimson croquet crystal cucumber curtain cushion daffodil daisy denim diamond
dolphin donkey dragon drizzle dumpling eagle ebony echo eclipse elbow elephant
embassy emerald engine eyebrow fabric falcon feather ferret festival fiddle
finger flamingo flannel flute fossil fountain frosty gadget galaxy galley
gallop garden garlic garnish gazelle gerbil ginger giraffe glacier glitter
globe glove goblet golden gondola granite grape gravel grocery guitar gymnast
habitat hammock hamster harvest hazel hedgehog helmet hexagon hobby hollow
honey hornet hyacinth iceberg icicle igloo iguana insect island ivory jacket
jaguar jelly jersey jigsaw jockey jubilee jungle kangaroo kayak ketchup kettle
kimono kiosk kitten koala ladybug lagoon lantern laurel lavender lemon lemonade
leopard lettuce lilac lizard llama lobster locket lollipop lotus lullaby lunar
magnet magpie mallard mammoth mango maple marble marigold mascot mattress
meadow melon mermaid meteor mirror mitten monkey mosaic mosquito muffin
mushroom mustang napkin necklace nectar nickel noodle nugget nutmeg oasis
oatmeal ocean octagon octopus olive opal orbit orchard orchid ostrich otter
oxygen oyster paddle palace pancake panda panel pansy panther papaya paprika
parcel parrot parsley pasture peach peacock pearl pebble pelican penguin petal
piano pickle picnic pigment pillow pilot planet plaza pocket polar pony popcorn
poppy porridge pottery pretzel pulley pumpkin puppet puppy puzzle pyramid quilt
rabbit raccoon radish rainbow raisin raven rhubarb ribbon river rocket rowboat
ruby saddle saffron sailor salad salmon sandal sapphire sardine satin sauna
sausage scarf seaweed shampoo shelter shovel shrimp shrub silver sketch snorkel
soccer sofa sparrow spatula spider spinach sponge spoon spruce squirrel stable
stallion studio summit sunny sunset swan syrup tadpole tailor tapestry tavern
teacup teaspoon temple tent thimble thistle thunder tiger tomato tornado
tortoise tractor tricycle tripod trombone trout trumpet tulip tunnel turkey
turnip turtle umbrella unicorn valley vanilla velvet village vinegar violin
volcano waffle wagon walnut walrus wardrobe whistle willow windmill window
winter wizard zebra zigzag
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


def apart(a, b, letters={}):
    """At least NEAREST changes; unequal letters alone often prove it."""
    for word in (a, b):
        if word not in letters:
            letters[word] = Counter(word)
    ca, cb = letters[a], letters[b]
    if max((ca - cb).total(), (cb - ca).total()) >= NEAREST:
        return True
    return distance(a, b) >= NEAREST


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
