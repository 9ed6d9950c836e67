"""Checkers for *Reinforcement learning around speech* in the part *FAQ*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from speechbook.exercises.checking import Hint, exercise, expect_array, expect_number, expect_text
from speechbook.exercises.functions import expect_same_function


def _bills(cuts: Callable, finished: Callable, resumed: float = 0.0) -> Callable:
    """Make a mean bill from a rule for what is cut and a price for what was over."""

    def mean_bill(lengths: np.ndarray, timeout: float, cut_in: float) -> float:
        unfinished = np.where(cuts(lengths, timeout), -cut_in, resumed * lengths)
        return np.where(np.isinf(lengths), finished(timeout), unfinished).mean()

    return mean_bill


def _waited(timeout: float) -> float:
    return -timeout


@exercise("reinforcement-bill")
def _bill(answer: object) -> str:
    pauses = np.array([3.0, 5.0, 8.0, np.inf])
    expect_same_function(
        answer,
        _bills(np.greater_equal, _waited),
        name="mean_bill",
        calls=[((pauses, 5, 100), {}), ((pauses, 2, 30), {}), ((np.array([np.inf, 7.0, np.inf]), 12, 50), {})],
        mistakes=[
            (_bills(np.greater, _waited), "Nearly. A pause exactly as long as the time-out is cut: use >=."),
            (_bills(np.less, _waited), "Turned round: those pauses are cut that last until the time-out or longer."),
            (
                lambda lengths, timeout, cut_in: np.where(lengths >= timeout, -cut_in, 0.0).mean(),
                "Whoever has finished (np.inf) is not cut: that costs the frames waited.",
            ),
            (
                _bills(np.greater_equal, _waited, resumed=-1.0),
                "If speech resumes before the time-out, nothing is to be paid.",
            ),
            (_bills(np.greater_equal, lambda timeout: 0.0), "Waiting costs one for each frame after the end."),
            (
                lambda *bill: -_bills(np.greater_equal, _waited)(*bill),
                "A bill is a negative reward here: turn the sign round.",
            ),
        ],
    )
    return "Forty calls of it are the whole search for the best time-out."


@exercise("reinforcement-model")
def _model(answer: object) -> str:
    plays = "It learns from steps that were played, and asks for no probability."
    expect_text(
        answer,
        "value iteration",
        hints={"q-learning": plays, "reinforce": plays, "dqn": plays + " The network only replaces the table."},
        hint="Which of the four reads how often a silence goes on, before a single game is played?",
    )
    return "It is dynamic programming; the other three learn by playing."


def _update(rule: Callable) -> Callable:
    def q_update(q: float, reward: float, q_next: np.ndarray, rate: float) -> float:
        return rule(q, reward, np.max(q_next) if len(q_next) else 0.0, rate)

    return q_update


@exercise("reinforcement-update")
def _q_update(answer: object) -> str:
    expect_same_function(
        answer,
        _update(lambda q, reward, ahead, rate: q + rate * (reward + ahead - q)),
        name="q_update",
        calls=[
            ((-4.0, 0.0, np.array([-2.0, -7.0]), 0.5), {}),
            ((1.0, -3.0, np.array([2.0, 4.0, 3.0]), 0.1), {}),
            ((-4.0, -100.0, np.array([]), 0.25), {}),
        ],
        mistakes=[
            (_update(lambda q, reward, ahead, rate: reward + ahead), "That is the target. Go only part of the way."),
            (
                _update(lambda q, reward, ahead, rate: q + rate * (reward + ahead)),
                "Move by the DIFFERENCE between the target and what the table says: subtract q.",
            ),
            (
                _update(lambda q, reward, ahead, rate: rate * q + (1 - rate) * (reward + ahead)),
                "The shares are exchanged: the rate belongs to the target.",
            ),
            (
                _update(lambda q, reward, ahead, rate: q + rate * (reward - q)),
                "What comes after counts as well: add the best value of the next state.",
            ),
            (
                lambda q, reward, q_next, rate: q + rate * (reward + (np.mean(q_next) if len(q_next) else 0.0) - q),
                "Q-learning supposes that the best action follows: the maximum, not the mean.",
            ),
        ],
    )
    return "No probability occurs in it: the world tells them, step by step."


@exercise("reinforcement-double-target")
def _double_target(answer: object) -> str:
    expect_same_function(
        answer,
        lambda reward, online, copy: reward + copy[np.argmax(online)],
        name="double_target",
        calls=[
            ((-1.0, np.array([3.0, 5.0, 1.0]), np.array([4.0, 2.0, 6.0])), {}),
            ((0.5, np.array([-3.0, -5.0]), np.array([-4.0, -2.0])), {}),
        ],
        mistakes=[
            (lambda reward, online, copy: reward + copy.max(), "That is plain DQN. Who chooses the action?"),
            (lambda reward, online, copy: reward + online.max(), "Then the copy has no say, and the noise stays in."),
            (
                lambda reward, online, copy: reward + online[np.argmax(copy)],
                "Turned round: the network in training chooses, the copy says what the choice is worth.",
            ),
            (lambda reward, online, copy: copy[np.argmax(online)], "The reward of the step itself is missing."),
            (
                lambda reward, online, copy: reward + np.minimum(online, copy).max(),
                "Taking the smaller one is another method. Choose with one, read off the other.",
            ),
        ],
    )
    return "One chooses, the other one judges, and the noise of both does not add up."


@exercise("reinforcement-dueling")
def _dueling(answer: object) -> str:
    for wrong, hint in (
        ([[3, 1], [5, 3]], "Before you add the advantages, take off their mean: it is 2 in the second state."),
        ([[2, 0], [2, 0]], "Some take off the maximum. The network as published and as written here takes the mean."),
    ):
        if np.shape(answer) == (2, 2) and np.array_equal(answer, wrong):
            raise Hint(hint)
    expect_array(
        answer, np.array([[3.0, 1.0], [3.0, 1.0]]), hint="Q is the value plus each advantage minus the mean of both."
    )
    return "The same Q: a constant in the advantages makes no difference."


@exercise("reinforcement-atoms")
def _atoms(answer: object) -> str:
    expect_number(
        answer,
        0.2,
        hints={
            10 / 51: "Between 51 atoms there are not 51 gaps.",
            10 / 52: "Both ends hold an atom, so there are fewer gaps than atoms.",
            -0.2: "A distance is positive.",
        },
        hint="The range divided by the number of gaps.",
    )
    return "Fifty gaps between fifty-one atoms."


@exercise("reinforcement-ppo")
def _ppo(answer: object) -> str:
    if np.shape(answer) == (2,):
        for wrong, hint in (
            ((1.5, -0.5), "That is without the clip."),
            ((1.2, -0.5), "The first is right. In the second the clipped term, −0.8, is the smaller one."),
            ((1.5, -0.8), "The second is right. In the first the clip ends the gain at 1 + ε."),
            ((-0.8, 1.2), "The right numbers in the other order."),
            ((1.2, 0.8), "The advantage of the second is negative, and so is the term."),
        ):
            if np.allclose(np.asarray(answer, float), wrong):
                raise Hint(hint)
    expect_array(
        answer, np.array([1.2, -0.8]), hint="Compute r·A with the ratio as it is and clipped; take the smaller."
    )
    return "In both cases the step has gone far enough: nothing more is to be earned."


@exercise("reinforcement-advantages")
def _advantages(answer: object) -> str:
    def others(errors: np.ndarray) -> np.ndarray:
        return (errors.sum(axis=1, keepdims=True) - errors) / (errors.shape[1] - 1)

    expect_same_function(
        answer,
        lambda errors: others(errors) - errors,
        name="advantages",
        calls=[((np.array([[0.0, 1.0, 2.0], [3.0, 3.0, 0.0]]),), {}), ((np.array([[1.0, 2.0]]),), {})],
        mistakes=[
            (lambda e: e - others(e), "The sign is turned round: fewer errors than the others is good, so positive."),
            (
                lambda e: e.mean(axis=1, keepdims=True) - e,
                "That mean holds the sample itself. Take the mean of the OTHER ones.",
            ),
            (lambda e: others(e), "That is the baseline. Subtract the sample's own errors."),
            (lambda e: e.mean() - e, "Each string has a baseline of its own: the mean along its row."),
            (
                lambda e: e.sum(axis=1, keepdims=True) - 2 * e,
                "The sum of the others has to be divided by how many they are.",
            ),
        ],
    )
    return "The advantages of each string sum to 0: some paths become likelier at the cost of others."
