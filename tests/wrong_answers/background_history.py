"""Wrong answers to the exercises of *What deep learning changed*, each with a part of the hint that must come back."""

import numpy as np

from speechbook import hmm


def best(observed, stay):
    return hmm.viterbi(observed, hmm.left_to_right(stay))[1]


def anywhere(observed, stay):
    topology = hmm.left_to_right(stay)
    return hmm.viterbi(observed, topology._replace(end=np.zeros(len(stay))))[1]


WRONG = {
    "history-relative": [
        (8.9, "percentage points"),
        (8.9 / 18.5, "OLD errors"),
        (18.5 / 27.4, "remained"),
        (32.48, "between 0 and 1"),
    ],
    "history-paths": [(32, "exactly two"), (729, "jump anywhere"), (15, "five steps")],
    "history-stay": [(0.2, "leaving"), (5 / 6, "first frame"), (4, "between 0 and 1")],
    "history-best-score": [
        (lambda observed, stay: hmm.log_likelihood(observed, hmm.left_to_right(stay)), "forward"),
        (lambda observed, stay: best(observed, stay) - np.log1p(-stay[-1]), "last step"),
        (anywhere, "LAST state"),
        (lambda observed, stay: observed.max(axis=1).sum(), "best state of each frame"),
        (lambda observed, stay: 0.0, "should give"),
    ],
    "history-scaled": [
        (lambda posteriors, counts: np.log(posteriors), "divide by the prior"),
        (lambda posteriors, counts: np.log(posteriors) + np.log(counts / counts.sum()), "multiplied"),
        (lambda posteriors, counts: posteriors / (counts / counts.sum()), "logarithm"),
        (lambda posteriors, counts: 1.0, "should give"),
    ],
    "history-numbers": [(4160, "means only"), (8320, "three numbers"), (8480, "one a state"), (856, "one word")],
    "history-choose": [
        (lambda acoustic, language, weight: int(np.argmax(acoustic)), "sound alone"),
        (lambda acoustic, language, weight: int(np.argmax(language)), "language model alone"),
        (lambda acoustic, language, weight: int(np.argmax(np.add(acoustic, language))), "no effect"),
        (lambda acoustic, language, weight: np.max(np.add(acoustic, weight * np.array(language))), "index"),
        (lambda acoustic, language, weight: int(np.argmin(np.add(acoustic, weight * np.array(language)))), "worst"),
    ],
    "history-not-required": [
        ({"decoder"}, "greedy or with a beam"),
        ({"features or samples", "forced alignment"}, "carry the sound"),
        ({"forced alignment"}, "2 more"),
        ({"microphone"}, "none of the five"),
        ("forced alignment", "set of names"),
    ],
}
