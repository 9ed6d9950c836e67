"""Planted wrong answers for *Regularisation and activations, question by question*, each with a piece of its hint."""

import numpy as np

JUDGED = {"LSTM": "true", "epoch": "empty", "C51": "false", "stop-word removal": "harmful"}

WRONG = {
    "judge-count": [
        ([71, 85], "Questions first"),
        ([85, 73], "three times"),
        ([85, 83], "literal"),
        ([85, 12], "each concept once"),
        ([85.5, 71], "Whole numbers"),
        ("85, 71", "Whole numbers"),
    ],
    "judge-repeats": [
        ([11, 21], "came again"),
        ([61, 62], "another name"),
        ([84, 78], "change the name"),
        ([1, 2], "groups printed"),
    ],
    "judge-cut-off": [(84, "complete"), (36, "asks the same"), (1, "very last")],
    "judge-category": [
        ({16, 17, 18, 35, 68, 69}, "abbreviation"),
        ({16, 17, 18, 49}, "thing itself"),
        ({16, 17, 18, 7}, "7 is not"),
        ({16, 17, 18}, "3 of six"),
        ([], "Whole numbers"),
    ],
    "judge-letters": [
        ({"GRU-D": "delayed", "DRQN": "recurrent"}, "article's word"),
        ({"GRU-D": "decay", "DRQN": "double"}, "DDQN"),
        ({"GRU-D": "decay", "DRQN": "recursive"}, "循环"),
        ({"GRU-D": "deep", "DRQN": "recurrent"}, "Look up"),
        ({"GRU-D": "decay"}, "no answer for"),
    ],
    "judge-rewrite": [
        ({"needs a model": True, "learns from": "differences"}, "only needs to try"),
        ({"needs a model": False, "learns from": "sweeps"}, "value iteration"),
        ({"needs a model": "no", "learns from": "differences"}, "use one of"),
    ],
    "judge-stock": [
        (JUDGED | {"epoch": "true"}, "anything is trained"),
        (JUDGED | {"epoch": "false"}, "not false"),
        (JUDGED | {"C51": "true"}, "games"),
        (JUDGED | {"stop-word removal": "true"}, "hides errors"),
        (JUDGED | {"stop-word removal": "false"}, "Worse"),
        (JUDGED | {"LSTM": "empty"}, "LSTM again"),
    ],
    "judge-floor": [
        (0, "Certainty"),
        (-np.log(0.91), "pay as well"),
        (0.7219, "bits"),
        (-(0.91 * np.log(0.91) + 0.01 * np.log(0.01)), "NINE"),
        (7, "entropy of the targets"),
    ],
}
