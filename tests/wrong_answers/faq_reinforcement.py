"""Planted wrong answers for *Reinforcement learning around speech*, each with a piece of the hint that it must get."""

import numpy as np


def bill(lengths, cut, waited, resumed=0.0):
    return np.where(np.isinf(lengths), waited, np.where(cut, *resumed)).mean()


def update(q, reward, ahead, rate):
    return q + rate * (reward + ahead - q)


def best(q_next):
    return max(q_next, default=0.0)


WRONG = {
    "reinforcement-bill": [
        (lambda n, t, c: bill(n, n > t, -t, (-c, 0)), "use >="),
        (lambda n, t, c: bill(n, n < t, -t, (-c, 0)), "Turned round: those pauses"),
        (lambda n, t, c: np.where(n >= t, -c, 0).mean(), "is not cut"),
        (lambda n, t, c: bill(n, n >= t, -t, (-c, -n)), "nothing is to be paid"),
        (lambda n, t, c: bill(n, n >= t, 0, (-c, 0)), "each frame after the end"),
        (lambda n, t, c: bill(n, n >= t, t, (c, 0)), "negative reward"),
        (lambda n, t, c: -t, "should give"),
    ],
    "reinforcement-model": [
        ("Q-learning", "asks for no probability"),
        ("REINFORCE", "asks for no probability"),
        ("DQN", "only replaces the table"),
        ("PPO", "before a single game"),
        (2, "A word in quotes"),
    ],
    "reinforcement-update": [
        (lambda q, r, n, a: r + best(n), "part of the way"),
        (lambda q, r, n, a: q + a * (r + best(n)), "subtract q"),
        (lambda q, r, n, a: a * q + (1 - a) * (r + best(n)), "exchanged"),
        (lambda q, r, n, a: update(q, r, 0, a), "best value of the next state"),
        (lambda q, r, n, a: update(q, r, np.mean(n) if len(n) else 0, a), "not the mean"),
        (lambda q, r, n, a: update(q, r, max(n), a), "stopped with"),
    ],
    "reinforcement-double-target": [
        (lambda r, online, copy: r + copy.max(), "plain DQN"),
        (lambda r, online, copy: r + online.max(), "has no say"),
        (lambda r, online, copy: r + online[copy.argmax()], "Turned round"),
        (lambda r, online, copy: copy[online.argmax()], "reward of the step"),
        (lambda r, online, copy: r + np.minimum(online, copy).max(), "another method"),
    ],
    "reinforcement-dueling": [
        (np.array([[3, 1], [5, 3]]), "take off their mean"),
        (np.array([[2, 0], [2, 0]]), "take off the maximum"),
        (np.array([[1, -1], [3, 1]]), "value plus each advantage"),
        (np.array([3, 1]), "shape"),
    ],
    "reinforcement-atoms": [
        (10 / 51, "not 51 gaps"),
        (10 / 52, "fewer gaps"),
        (-0.2, "positive"),
        (2, "number of gaps"),
    ],
    "reinforcement-ppo": [
        ((1.5, -0.5), "without the clip"),
        ((1.2, -0.5), "first is right"),
        ((1.5, -0.8), "second is right"),
        ((-0.8, 1.2), "other order"),
        ((1.2, 0.8), "negative"),
        ((1, -1), "take the smaller"),
    ],
    "reinforcement-advantages": [
        (lambda e: e - (e.sum(1, keepdims=True) - e) / (e.shape[1] - 1), "sign is turned round"),
        (lambda e: e.mean(1, keepdims=True) - e, "OTHER ones"),
        (lambda e: (e.sum(1, keepdims=True) - e) / (e.shape[1] - 1), "baseline"),
        (lambda e: e.mean() - e, "along its row"),
        (lambda e: e.sum(1, keepdims=True) - 2 * e, "divided by how many"),
    ],
}
