"""Checked exercises: ``exercises.check("id", answer)`` says at once whether an answer is right, and hints if not.

One module a part of the book holds the checkers. A checker is an ordinary function that receives the answer, returns
when it is right, and raises `Hint` with a helpful sentence when it is not. `check` never raises because of an answer:
whatever goes wrong inside a reader's own function comes back as a hint too.
"""

from speechbook.exercises import (
    background,
    background_data,
    background_history,
    challenges_noise,
    challenges_privacy,
    code,
    code_conv2d,
    code_lengths,
    code_tools,
    code_unseen_speakers,
    concepts,
    concepts_attention,
    concepts_convolution,
    concepts_neuron,
    concepts_recurrence,
    faq_labels,
    faq_networks,
    faq_regularisation,
    faq_reinforcement,
    faq_words,
    maths_backpropagation,
    maths_cross_entropy,
    maths_network,
    maths_optimisers,
    maths_regularisation,
    maths_sequences_and_ctc,
)
from speechbook.exercises.checking import Hint, Verdict, check, exercise_ids

__all__ = [
    "Hint",
    "Verdict",
    "background",
    "background_data",
    "background_history",
    "challenges_noise",
    "challenges_privacy",
    "check",
    "code",
    "code_conv2d",
    "code_lengths",
    "code_tools",
    "code_unseen_speakers",
    "concepts",
    "concepts_attention",
    "concepts_convolution",
    "concepts_neuron",
    "concepts_recurrence",
    "exercise_ids",
    "faq_labels",
    "faq_networks",
    "faq_regularisation",
    "faq_reinforcement",
    "faq_words",
    "maths_backpropagation",
    "maths_cross_entropy",
    "maths_network",
    "maths_optimisers",
    "maths_regularisation",
    "maths_sequences_and_ctc",
]
