"""Planted wrong answers for *Privacy, compliance and misuse*, each with a piece of the hint that it must get."""

import numpy as np

WRONG = {
    "privacy-angle": [
        (400, "not the product"),
        (500**0.8, "in radians"),
        (0.4735, "new angle"),
        (500, "1,273"),
        (1, "and back"),
    ],
    "privacy-average": [(2, "counts for more"), (1.5, "300 clips"), (1000, "Divide"), (4, "Weigh")],
    "privacy-recover": [
        (lambda gradient: gradient[:-1].sum(1), "add up to 0"),
        (lambda gradient: gradient[:, 1] / gradient[-1, 1], "leave the last row out"),
        (lambda gradient: gradient[:-1, np.abs(gradient[-1]).argmax()], "Divide"),
    ],
    "privacy-auc": [
        (lambda members, others: np.mean(members[:, None] > others), "one half"),
        (lambda members, others: np.mean(members[:, None] >= others), "only one half"),
        (lambda members, others: members.mean() - others.mean(), "each with each"),
    ],
    "privacy-clip": [
        (lambda gradients, limit: np.clip(gradients, -limit, limit), "each number"),
        (lambda gradients, limit: gradients * min(1, limit / np.linalg.norm(gradients)), "by itself"),
    ],
    "privacy-steps": [(4, "square root"), (0.5, "more noise"), (1, "Each look"), (16, "What keeps")],
    "privacy-ceiling": [(0.5, "guessing"), (0.6915, "two draws"), (0.3536, "norm.cdf"), (0.9, "√steps")],
    "privacy-snr": [(13.01, "20 times"), (20, "In dB"), (-26.02, "not noise by signal"), (40, "RMS")],
    "privacy-retention": [(3, "Count from"), (2026, "time limit"), (2031, "Not five"), (2028, "Within how many")],
}
