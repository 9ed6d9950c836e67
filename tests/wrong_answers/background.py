"""Wrong answers to the exercises of the part *background*, each with a part of the hint that must come back."""

import numpy as np
from scipy import stats

from speechbook import metrics

SCENES = {
    "a": "keyword spotting",
    "b": "diarisation",
    "c": "isolated words",
    "d": "speaker recognition",
    "e": "dictation",
}


def swapped_masks(speaker, held_out):
    test = np.isin(speaker, held_out)
    return test, ~test


def last_speaker_only(speaker, held_out):
    test = speaker == held_out[-1]
    return ~test, test


def overlapping_masks(speaker, held_out):
    return np.ones(len(speaker), bool), np.isin(speaker, held_out)


def indices(speaker, held_out):
    return np.flatnonzero(~np.isin(speaker, held_out)), np.flatnonzero(np.isin(speaker, held_out))


def wald(successes, n):
    share = successes / n
    half = 1.96 * np.sqrt(share * (1 - share) / n)
    return share - half, share + half


def clip_bootstrap(right, speaker):
    return metrics.bootstrap_interval(right, rng=np.random.default_rng(0))


def without_replacement(right, speaker):
    means = [right[speaker == name].mean() for name in np.unique(speaker)]
    return np.mean(means), np.mean(means)


def one_sided(right_a, right_b):
    only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    return float(stats.binom.cdf(min(only_a, only_b), only_a + only_b, 0.5))


WRONG = {
    "sound-to-text-duration": [(298, "milliseconds"), (8000 / 2384, "divided the rate"), (19_072_000, "divide by the")],
    "sound-to-text-bit-rate": [(128_000, "rate of the sound"), (90.9, "rate of the text"), (176, "bytes"), (1, "0.44")],
    "sound-to-text-stages": [
        (["features", "framing", "acoustic model", "decoder"], "cut first"),
        (["framing", "acoustic model", "features", "decoder"], "does not read samples"),
        (["framing", "features", "decoder", "acoustic model"], "weighs scores"),
        (["framing", "features", "decoder"], "each of these four"),
        ("framing, features, acoustic model, decoder", "list of four"),
    ],
    "sound-to-text-tasks": [
        (SCENES | {"a": "isolated words"}, "endless stream"),
        (SCENES | {"d": "diarisation"}, "whose voice"),
        (SCENES | {"e": "translation"}, "use one of"),
        ({"a": "keyword spotting"}, "Scene b"),
    ],
    "sound-to-text-reversal": [
        ("turn the light on", "is 0.00"),
        ("turn off the light", "is 0.50"),
        ("turn the lamp on", "reversed"),
    ],
    "sound-to-text-wer": [
        (metrics.cer, "split into words"),
        (lambda r, h: metrics.edit_distance(r.split(), h.split()), "number of errors"),
        (lambda r, h: min(1.0, metrics.wer(r, h)), "stop at 1"),
        (lambda r, h: metrics.edit_distance(r.split(), h.split()) / len(h.split()), "ZeroDivisionError"),
        (lambda r, h: metrics.edit_distance(r.split(), h.split()) / max(1, len(h.split())), "words of the hypothesis"),
        (lambda r, h: sum(a != b for a, b in zip(r.split(), h.split(), strict=False)) / len(r.split()), "should give"),
        (metrics.wer("one", "two"), "function itself"),
    ],
    "sound-to-text-corpus-wer": [
        (lambda pairs: float(np.mean([metrics.wer(r, h) for r, h in pairs])), "one-word sentence"),
        (lambda pairs: metrics.wer(*pairs[0]), "should give 0.25"),
    ],
    "sound-to-text-normalise": [
        (str.lower, "punctuation"),
        (lambda text: text, "Capitals"),
        (lambda text: " ".join("".join(c for c in text.lower() if c.isalpha() or c in " '").split()), "parts two"),
        (lambda text: " ".join("".join(c if c.isalpha() else " " for c in text.lower()).split()), "apostrophe"),
    ],
    "sound-to-text-reject": [
        (lambda distances, words, threshold: words[int(np.argmin(distances))], "too far away"),
        (lambda distances, words, threshold: words[int(np.argmax(distances))], "near enough"),
        (
            lambda distances, words, threshold: (
                words[int(np.argmin(distances))] if min(distances) < threshold else None
            ),
            "equal to the threshold",
        ),
    ],
    "splits-shared-speakers": [(0, "EVERY one"), (300, "people behind")],
    "splits-pairs": [(30, "same people"), (36, "with himself"), (20, "ordered choices")],
    "splits-leave-out": [
        (swapped_masks, "swapped"),
        (overlapping_masks, "both masks"),
        (last_speaker_only, "ALL held-out"),
        (indices, "True or False"),
        (lambda speaker, held_out: np.isin(speaker, held_out), "two masks"),
    ],
    "splits-wilson": [
        (wald, "no width at all"),
        (lambda s, n: metrics.wilson_interval(s, n)[::-1], "lower end"),
        (lambda s, n: s / n, "single number"),
        (lambda s, n: np.clip(wald(s, n), 0, 1), "Cutting"),
    ],
    "splits-clips-needed": [(9604, "worst case"), (864, "two points wide"), (900, "1.96²"), (34.6, "±0.1")],
    "splits-strings": [(0.97, "one digit"), (0.7, "multiply"), (0.263, "at least one error")],
    "splits-balanced-accuracy": [
        (metrics.accuracy, "plain accuracy"),
        (lambda t, p: float(np.mean([(t[p == c] == c).mean() for c in np.unique(p)])), "precision"),
    ],
    "splits-speaker-bootstrap": [
        (clip_bootstrap, "single clips"),
        (without_replacement, "WITH replacement"),
        (lambda right, speaker: right.mean(), "two numbers"),
    ],
    "splits-mcnemar": [
        (one_sided, "double it"),
        (lambda a, b: 2 * one_sided(a, b), "cannot exceed 1"),
        (lambda a, b: abs(a.mean() - b.mean()), "difference of the accuracies"),
    ],
}
