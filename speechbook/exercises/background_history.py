"""Checkers for *What deep learning changed* in the part *background*."""

from __future__ import annotations

import numpy as np

from speechbook import hmm
from speechbook.exercises.checking import Hint, describe, exercise, expect_number
from speechbook.exercises.functions import expect_same_function

NOT_REQUIRED = {"pronunciation lexicon", "forced alignment", "hidden markov model"}
STILL_THERE = {
    "features or samples": "Something must carry the sound into the network: features or samples stay.",
    "decoder": "CTC gives scores for every frame; a decoder, greedy or with a beam, still turns them into text.",
}


@exercise("history-relative")
def _relative(answer: object) -> str:
    expect_number(
        answer,
        (27.4 - 18.5) / 27.4,
        hints={
            8.9: "That is the difference in percentage points; divide it by the rate before.",
            0.089: "That is the difference in percentage points; divide it by the rate before.",
            8.9 / 18.5: "You divided by the new rate; what disappeared is a share of the OLD errors.",
            18.5 / 27.4: "That is the share that remained.",
            100 * 8.9 / 27.4: "Give the share as a number between 0 and 1, not in per cent.",
        },
        hint="Divide the difference of the two rates by the rate before.",
        tolerance=0.01,
    )
    return "About a third of the errors, in one step: that is why the field changed its mind."


@exercise("history-paths")
def _paths(answer: object) -> str:
    expect_number(
        answer,
        10,
        hints={
            3**6: "That lets a path jump anywhere; it may only stay or move on by one state.",
            2**5: "Five steps of two kinds, but exactly two of them move: the path has to end in the third state.",
            20: "Between six frames there are five steps, not six: choose two of five.",
            15: "Between six frames there are five steps, not six: choose two of five.",
        },
        hint="Between six frames lie five steps. On which two of them does the path move on?",
    )
    return "And 50 frames with 8 states have 85,900,584: hence the forward algorithm."


@exercise("history-stay")
def _stay(answer: object) -> str:
    expect_number(
        answer,
        0.8,
        hints={
            0.2: "That is the probability of leaving.",
            5 / 6: "The first frame in the state counts among the five.",
            4: "A probability lies between 0 and 1.",
        },
        hint="A state that is left with probability q at every frame lasts 1/q frames on average.",
    )
    return "So the training sets it to 1 - visits/frames."


def _best_score(observed: np.ndarray, stay: np.ndarray) -> float:
    return float(hmm.viterbi(observed, hmm.left_to_right(stay))[1])


def _anywhere(observed: np.ndarray, stay: np.ndarray) -> float:
    topology = hmm.left_to_right(stay)
    return float(hmm.viterbi(observed, topology._replace(end=np.zeros(len(stay))))[1])


@exercise("history-best-score")
def _best_score_checker(answer: object) -> str:
    rng = np.random.default_rng(0)
    shapes = (5, 3), (4, 4), (6, 1), (9, 2)
    calls = [((rng.normal(size=shape), rng.uniform(0.2, 0.9, size=shape[1])), {}) for shape in shapes]
    expect_same_function(
        answer,
        _best_score,
        name="best_score",
        calls=calls,
        mistakes=[
            (
                lambda observed, stay: float(hmm.log_likelihood(observed, hmm.left_to_right(stay))),
                "That is the sum over all paths (forward); take the maximum where you add.",
            ),
            (
                lambda observed, stay: _best_score(observed, stay) - np.log1p(-stay[-1]),
                "The last step is missing: after the last frame the path leaves the chain, with 1 - stay[-1].",
            ),
            (_anywhere, "The path must end in the LAST state, not in the best one, and then leave the chain."),
            (
                lambda observed, stay: float(observed.max(axis=1).sum()),
                "You chose the best state of each frame; a path may only stay or move on by one state.",
            ),
        ],
    )
    return "The whole decoder is this loop, on a larger model."


@exercise("history-scaled")
def _scaled(answer: object) -> str:
    rng = np.random.default_rng(1)
    counts = [np.array([50.0, 30.0, 20.0]), np.array([900.0, 100.0])]
    calls = [((rng.dirichlet(np.ones(len(count)), size=4), count), {}) for count in counts]

    def centred(function):
        def compare(posteriors, count):
            scores = np.asarray(function(posteriors, count), float)
            return scores - scores[..., :1] if scores.shape == posteriors.shape else scores

        return compare

    def right(posteriors, count):
        return np.log(posteriors) - np.log(count / count.sum())

    answered = centred(answer) if callable(answer) and _gives_array(answer, calls[0]) else answer
    expect_same_function(
        answered,
        centred(right),
        name="scaled_scores",
        calls=calls,
        mistakes=[
            (centred(lambda p, c: np.log(p)), "These are posteriors still: divide by the prior of each state."),
            (
                centred(lambda p, c: np.log(p) + np.log(c / c.sum())),
                "You multiplied by the prior; the chain needs the posterior DIVIDED by it.",
            ),
            (centred(lambda p, c: p / (c / c.sum())), "The ratio is right; give its logarithm."),
        ],
    )
    return "Rare states get their voice back."


def _gives_array(answer, call) -> bool:
    """Tell whether an answer gives an array at all; what it gives otherwise, the usual check explains."""
    try:
        return np.asarray(answer(*call[0])).dtype.kind in "iuf"
    except Exception:
        return False


@exercise("history-numbers")
def _numbers(answer: object) -> str:
    expect_number(
        answer,
        80 * (2 * 26 * 2 + 2 + 1),
        hints={
            80 * 2 * 26: "You counted means only; every Gaussian has 26 variances, too.",
            80 * 2 * 26 * 2: "Weights of the Gaussians and staying probabilities are missing: three numbers a state.",
            80 * (2 * 26 * 2 + 2): "The staying probabilities are missing, one a state.",
            8 * (2 * 26 * 2 + 2 + 1): "That is one word; there are ten.",
            80 * (26 * 2 + 2 + 1): "That is one Gaussian a state; there are two.",
        },
        hint="80 states; each has 2 Gaussians of 26 means and 26 variances, 2 weights and 1 staying probability.",
    )
    return "A quarter of what our small network has."


@exercise("history-choose")
def _choose(answer: object) -> str:
    calls = [(([-41.0, -40.5], [-9.2, -16.4], weight), {}) for weight in (0, 0.05, 1, 6)] + [
        (([-3.0, -1.0, -2.0], [-1.0, -9.0, -1.5], 0.5), {}),
        (([-3.0, -1.0, -2.0], [-1.0, -1.2, -1.5], 2.0), {}),
    ]
    expect_same_function(
        answer,
        lambda a, b, weight: int(np.argmax(np.asarray(a) + weight * np.asarray(b))),
        name="choose",
        calls=calls,
        mistakes=[
            (lambda a, b, weight: int(np.argmax(a)), "You asked the sound alone."),
            (lambda a, b, weight: int(np.argmax(b)), "You asked the language model alone."),
            (lambda a, b, weight: int(np.argmax(np.add(a, b))), "The weight has no effect in your function."),
            (
                lambda a, b, weight: float(np.max(np.asarray(a) + weight * np.asarray(b))),
                "That is the best score; its index is asked for (np.argmax).",
            ),
            (
                lambda a, b, weight: int(np.argmin(np.asarray(a) + weight * np.asarray(b))),
                "That is the worst candidate: log-scores are negative, and the LARGEST is best.",
            ),
        ],
    )
    return "With weight 0 the sound decides, with a large weight the expectation."


@exercise("history-not-required")
def _not_required(answer: object) -> str:
    known = sorted([*NOT_REQUIRED, *STILL_THERE])
    if isinstance(answer, str) or not isinstance(answer, set | frozenset | list | tuple) or not answer:
        raise Hint(f"Give a set of names such as {{'decoder'}}; you gave {describe(answer)}.")
    given = {" ".join(str(name).lower().split()) for name in answer}
    for name in sorted(given - set(known)):
        raise Hint(f"{name!r} is none of the five: {', '.join(known)}.")
    for name, why in STILL_THERE.items():
        if name in given:
            raise Hint(why)
    if given != NOT_REQUIRED:
        raise Hint(f"{len(NOT_REQUIRED - given)} more may go: CTC sums over all alignments, and can write letters.")
    return "A language model is optional, too, and often still worth its while."
