"""Everybody who stands in the league table of single words: what each hears, how it learns, and what it stores.

A competitor is a function from the clips of known speakers to a `Trained`; `COMPETITORS` names them all. To add one,
write such a function and enter it there. `speechbook.league` measures them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from speechbook import costs, features, hmm, mixtures, models, recipe, training, word_pictures
from speechbook._keras import keras
from speechbook.digits import Digits
from speechbook.peer_features import (
    Clips,
    cepstra,
    cepstra_and_slopes,
    front_end,
    magnitudes,
    pieces,
    spectrum_pictures,
)
from speechbook.unseen_speakers import EPOCHS

STATES, GAUSSIANS, ROUNDS = 8, 2, 3
OURS = recipe.Recipe(steps=700)
"""The recipe of *Unseen speakers* with which the book's own recogniser was measured there, and SHORT: the same in fewer
steps, as that chapter runs it itself, for the divisions that it did not measure."""
SHORT = dataclasses.replace(OURS, steps=400)


class Trained(NamedTuple):
    """A competitor that has learnt.

    Attributes
    ----------
    answer : callable
        From clips at 8 kHz to digits [shape=(clips,)].
    parameters : int
        Numbers that it stores.
    bytes : int
        In which they are stored.
    """

    answer: Callable[[Clips], np.ndarray]
    parameters: int
    bytes: int


class Competitor(NamedTuple):
    """One line of the table.

    Attributes
    ----------
    title : str
        What the table calls it.
    hears : str
        Its features.
    settings : str
        Where its settings come from, and what they are.
    by_chance : bool
        Whether another seed may give another result.
    learn : callable
        ``learn(train, seed=…, synthetic=…)`` gives a `Trained`; only the book's own takes the second corpus.
    """

    title: str
    hears: str
    settings: str
    by_chance: bool
    learn: Callable[..., Trained]


def _scikit(pipeline: Pipeline, hear: Callable[[Clips], np.ndarray], train: Digits) -> Trained:
    """Fit a classifier of scikit-learn, and count the arrays that it keeps."""
    pipeline.fit(hear(train.clips), train.digit)
    arrays = [array for _, step in pipeline.steps for array in _arrays(step)]
    size, stored = sum(array.size for array in arrays), sum(array.nbytes for array in arrays)
    return Trained(lambda clips: pipeline.predict(hear(clips)), size, stored)


def _arrays(step: object) -> list[np.ndarray]:
    """Name what prediction needs of a fitted step."""
    if isinstance(step, StandardScaler):
        return [step.mean_, step.scale_]
    if isinstance(step, SVC):
        return [step.support_vectors_, step.dual_coef_, step.intercept_]
    if isinstance(step, KNeighborsClassifier):
        return [step._fit_X, step._y]
    if isinstance(step, RandomForestClassifier):
        trees = [one.tree_ for one in step.estimators_]
        return [getattr(tree, name) for tree in trees for name in TREE]
    return [step.class_prior_]


TREE = ("children_left", "children_right", "feature", "threshold", "value")


def most_frequent(train: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Trained:
    """Give the digit that the training clips hold most often, whatever is said."""
    return _scikit(
        make_pipeline(DummyClassifier(strategy="most_frequent")), lambda clips: np.zeros((len(clips), 1)), train
    )


def nearest(train: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Trained:
    """Let the five nearest clips vote."""
    return _scikit(make_pipeline(StandardScaler(), KNeighborsClassifier(5)), pieces, train)


def support_vectors(train: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Trained:
    """Train a support vector machine on stretched cepstra."""
    return _scikit(make_pipeline(StandardScaler(), SVC(C=10)), pieces, train)


def support_vectors_front_end(train: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Trained:
    """Train the same machine on what the book's recogniser hears, in twelve parts."""

    def hear(clips: Clips) -> np.ndarray:
        return word_pictures.pictures(clips, sample_rate=8000)

    return _scikit(make_pipeline(StandardScaler(), SVC(C=10)), hear, train)


def forest(train: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Trained:
    """Let three hundred decision trees vote."""
    return _scikit(make_pipeline(RandomForestClassifier(300, random_state=seed)), pieces, train)


def markov(train: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Trained:
    """Fit one hidden Markov model with Gaussian mixtures a word."""
    chains = [list(range(STATES * digit, STATES * (digit + 1))) for digit in range(10)]
    heard = cepstra_and_slopes(train.clips)
    model = mixtures.train(heard, [chains[d] for d in train.digit], n_components=GAUSSIANS, n_rounds=ROUNDS)

    def answer(clips: Clips) -> np.ndarray:
        frames = cepstra_and_slopes(clips)
        counts = np.array([len(x) for x in frames])
        scores = np.zeros((len(frames), counts.max(), 10 * STATES))
        scores[np.arange(counts.max()) < counts[:, None]] = model.log_density(np.concatenate(frames))
        words = [hmm.viterbi(scores[..., c], hmm.left_to_right(model.stay[c]), lengths=counts)[1] for c in chains]
        return np.argmax(words, axis=0)

    return Trained(answer, model.n_parameters, 8 * model.n_parameters)


def _network(
    model: keras.Model, hear: Callable[[Clips], np.ndarray], train: Digits, *, epochs: int, batch_size: int, seed: int
) -> Trained:
    """Train a network on the clips as they are."""
    x = hear(train.clips)
    if any(layer.name == "normalise" for layer in model.layers):
        model.get_layer("normalise").adapt(x)
    training.fit(model, x, train.digit, epochs=epochs, batch_size=batch_size, seed=seed, progress=False)
    return answering(model, hear)


def answering(model: keras.Model, hear: Callable[[Clips], np.ndarray]) -> Trained:
    """Wrap a network, compiled, as somebody who answers; it may be untrained where only its speed is asked for.

    Examples
    --------
    >>> answering(models.article_b(), spectrum_pictures).parameters
    1199882
    """
    outputs = costs.compiled(model)
    size = model.count_params()
    return Trained(lambda clips: outputs(hear(clips)).argmax(axis=1), size, costs.size_in_bytes(model))


def article_a(train: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Trained:
    """Train article A's network on the mean cepstrum, its last layer and its loss repaired."""

    def hear(clips: Clips) -> np.ndarray:
        means = [features.mfcc(y, sample_rate=8000, **features.SPEECH_8K).mean(axis=1) for y in clips]
        return np.array(means, np.float32)[..., None]

    keras.utils.set_random_seed(seed)
    model = models.article_a_frames(n_frames=13, n_features=1)
    return _network(model, hear, train, epochs=10, batch_size=32, seed=seed)


def article_a_frames(train: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Trained:
    """Train article A's layers on one cepstrum a frame."""
    keras.utils.set_random_seed(seed)
    model = models.article_a_frames(n_frames=100, n_features=13)
    return _network(model, cepstra, train, epochs=EPOCHS, batch_size=32, seed=seed)


def article_b(train: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Trained:
    """Train article B's network on pictures of sound, its loss repaired."""
    keras.utils.set_random_seed(seed)
    return _network(models.article_b(), spectrum_pictures, train, epochs=10, batch_size=128, seed=seed)


def tutorial(train: Digits, *, seed: int = 0, synthetic: Digits | None = None) -> Trained:
    """Train the network of TensorFlow's tutorial for its ten epochs."""
    keras.utils.set_random_seed(seed)
    model = models.simple_audio(n_bins=129, n_frames=63)
    return _network(model, magnitudes, train, epochs=10, batch_size=64, seed=seed)


def ours(train: Digits, *, seed: int = 0, synthetic: Digits | None = None, settings: recipe.Recipe = SHORT) -> Trained:
    """Train the book's recogniser by its recipe, with the synthetic voices where the corpus is another."""
    keras.utils.set_random_seed(seed)
    model = models.digit_recogniser()
    recipe.train(model, train, recipe=settings, synthetic=synthetic, seed=seed, progress=False)
    return answering(model, front_end)


STRETCHED = "13 MFCC, stretched to 20 frames"
COMPETITORS = {
    "most-frequent": Competitor("Always the same digit", "nothing", "none to choose", False, most_frequent),
    "nearest": Competitor("Nearest neighbours (k-NN)", STRETCHED, "textbook: k = 5", False, nearest),
    "svm": Competitor("Support vector machine", STRETCHED, "textbook: RBF, C = 10", False, support_vectors),
    "svm-front-end": Competitor(
        "Support vector machine, our features", "our front end in 12 parts", "RBF, C = 10", False,
        support_vectors_front_end,
    ),
    "forest": Competitor("Random forest", STRETCHED, "textbook: 300 trees", True, forest),
    "markov": Competitor(
        "GMM-HMM, whole words", "13 MFCC and slopes a frame", "of the chapter: 8 states, 2 Gaussians", False, markov
    ),
    "article-a": Competitor(
        "Article A, as printed, repaired", "mean of 13 MFCC", "of the article: 10 epochs of 32", True, article_a
    ),
    "article-a-frames": Competitor(
        "Article A's layers on frames", "13 MFCC a frame", "of Unseen speakers: 20 epochs of 32", True, article_a_frames
    ),
    "article-b": Competitor(
        "Article B on pictures of sound", "28 x 28 log-mel", "of the article: 10 epochs of 128", True, article_b
    ),
    "tutorial": Competitor(
        "TensorFlow's tutorial", "spectrogram, 32 x 32", "of the tutorial: 10 epochs of 64", True, tutorial
    ),
    "ours": Competitor("Ours", "our front end", "tuned for days, see the text", True, ours),
}  # fmt: skip


def competitor(name: str) -> Competitor:
    """Find a competitor.

    Parameters
    ----------
    name : str
        A key of `COMPETITORS`.

    Returns
    -------
    Competitor

    Raises
    ------
    ValueError
        If there is none of that name.

    Examples
    --------
    >>> competitor("nearest").by_chance
    False
    """
    if name not in COMPETITORS:
        raise ValueError(f"there is no competitor {name!r}; there are {', '.join(COMPETITORS)}")
    return COMPETITORS[name]
