"""Planted wrong answers for *Words as data*, each with a piece of the hint that it must get."""

import unicodedata
from collections import Counter
from itertools import pairwise

WRONG = {
    "words-bpe": [(10, "before any joint"), (9, "end mark"), (4, "alone"), (3, "one after the other")],
    "words-pair": [
        (lambda words: "".join(Counter(p for w in words for p in pairwise(w)).most_common(1)[0][0]), "not joined"),
        (lambda words: Counter(piece for word in words for piece in word).most_common(1)[0][0], "most frequent piece"),
        (lambda words: ["n", "e"], "tuple of two pieces"),
        (lambda words: max(pair for word in words for pair in pairwise(word)), "should give"),
    ],
    "words-stops": [
        ((0, 0.25), "other way round"),
        ((1 / 3, 0), "were *said*"),
        ((0.25, 0.5), "on both sides"),
        (0.25, "Two numbers"),
    ],
    "words-normal": [
        (lambda text: " ".join(unicodedata.normalize("NFC", text).lower().split()), "NFC leaves them alone"),
        (lambda text: " ".join(unicodedata.normalize("NFKD", text).lower().split()), "not NFKD"),
        (lambda text: text.lower(), "single spaces"),
        (lambda text: unicodedata.normalize("NFKC", text).lower().strip().replace("  ", " "), "Tabs"),
        (lambda text: 1, "A text is asked for"),
    ],
    "words-stem": [("study", "lemma"), ("studie", "first rule"), ("stud", "in its place"), ("turn", "fits first")],
    "words-overlap": [(2, "mark at the end"), (4, "has four"), (0.375, "not a share"), (7, "Write down")],
    "words-skipgram": [
        (0.1269 + 0.3133, "enters with"),
        (0.12693, "true neighbour alone"),
        (-1.44019, "negative"),
        (2.0778, "in bits"),
        (5, "products are 2 and 1"),
    ],
    "words-floor": [(1.5849, "40 letters"), (1.833, "spaces"), (10, "per digit"), (0.4797, "nats"), (3, "which root")],
}
