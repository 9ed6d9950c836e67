"""Planted wrong answers for *Wake word and assistant*, each with a piece of the hint that it must get."""

import numpy as np

WRONG = {
    "wake-per-hour": [(6.6, "such stretches"), (1, "In 60"), (60, "60 minutes")],
    "wake-none": [(2.9957, "in an hour"), (0.4539, "a minute"), (0, "never will be"), (9.09, "Solve")],
    "wake-keep": [
        (lambda past, chunk, size: np.concatenate([past, chunk])[:size], "the newest"),
        (lambda past, chunk, size: np.concatenate([past, chunk]), "without end"),
        (lambda past, chunk, size: chunk[-size:], "wipe out"),
    ],
    "wake-reach": [
        (30, "itself"),
        (81, "do not multiply"),
        (9, "With the gaps"),
        (15, "gap of 8"),
        (5, "begin with 1"),
    ],
    "wake-moving": [
        (lambda energy, s: np.cumsum(energy) / np.arange(1, len(energy) + 1), "never forgets"),
        (lambda energy, s: np.array([(1 - s) ** n * energy[0] for n in range(len(energy))]), ""),
    ],
    "wake-fires": [
        (lambda p, threshold, rest: np.flatnonzero(p >= threshold), "let it rest"),
        (lambda p, threshold, rest: np.flatnonzero(p > threshold), ""),
    ],
    "wake-meant": [(0.9, "calls that it answers"), (9 / 21, "four hours"), (48 / 57, "not meant"), (0.5, "over all")],
    "wake-predict": [("earlier", "never higher"), ("equally soon", "still low"), ("soon", "Answer")],
    "wake-chain": [(0.85, "All four"), (0.4, "multiply"), (0.6, "every one")],
}
