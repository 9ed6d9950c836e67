import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from scipy.special import log_softmax

from speechbook import decoding
from speechbook.language import END, NGramModel


def random_log_probs(seed, n_frames, n_classes, *, peaked=1.5):
    return log_softmax(peaked * np.random.default_rng(seed).normal(size=(n_frames, n_classes)), axis=-1)


def every_path(log_probs, blank):
    n_frames, n_classes = log_probs.shape
    for path in itertools.product(range(n_classes), repeat=n_frames):
        merged = [label for label, _ in itertools.groupby(path)]
        yield path, tuple(label for label in merged if label != blank), sum(log_probs[range(n_frames), path])


def label_distribution(log_probs, blank=0):
    total = {}
    for _, labels, log_prob in every_path(log_probs, blank):
        total[labels] = np.logaddexp(total.get(labels, -np.inf), log_prob)
    return total


CASES = [
    (seed, n_frames, n_classes, blank)
    for seed in range(3)
    for n_frames, n_classes, blank in [(1, 2, 0), (5, 3, 0), (6, 3, 2), (4, 4, 1)]
]


@pytest.mark.parametrize(("seed", "n_frames", "n_classes", "blank"), CASES)
def test_likelihood_of_every_labelling_equals_enumeration(seed, n_frames, n_classes, blank):
    log_probs = random_log_probs(seed, n_frames, n_classes)
    oracle = label_distribution(log_probs, blank)
    assert math.fsum(np.exp(list(oracle.values()))) == pytest.approx(1)
    for labels, log_prob in oracle.items():
        assert decoding.ctc_log_likelihood(log_probs, labels, blank=blank) == pytest.approx(log_prob)


@pytest.mark.parametrize(("seed", "n_frames", "n_classes", "blank"), CASES)
def test_posteriors_and_alignment_equal_enumeration(seed, n_frames, n_classes, blank):
    log_probs = random_log_probs(seed, n_frames, n_classes)
    paths = list(every_path(log_probs, blank))
    for labels in {labels for _, labels, _ in paths}:
        spelling = [(path, log_prob) for path, spelled, log_prob in paths if spelled == labels]
        weights = np.exp([log_prob for _, log_prob in spelling])
        occupancy = np.zeros_like(log_probs)
        for (path, _), weight in zip(spelling, weights / weights.sum(), strict=True):
            occupancy[range(n_frames), path] += weight
        np.testing.assert_allclose(decoding.ctc_posteriors(log_probs, labels, blank=blank), occupancy, atol=1e-12)

        found = decoding.ctc_align(log_probs, labels, blank=blank)
        assert found.log_prob == pytest.approx(max(log_prob for _, log_prob in spelling))
        assert log_probs[range(n_frames), found.path].sum() == pytest.approx(found.log_prob)
        assert decoding.ctc_collapse(found.path, blank=blank) == list(labels)
        covered = np.full(n_frames, blank)
        for label, (start, stop) in zip(labels, found.spans, strict=True):
            covered[start:stop] = label
        np.testing.assert_array_equal(covered, found.path)


def test_forward_and_backward_meet_in_every_frame():
    log_probs, labels = random_log_probs(4, 9, 4), [1, 1, 3]
    forward, backward = decoding.ctc_forward(log_probs, labels), decoding.ctc_backward(log_probs, labels)
    emissions = log_probs[:, [0, 1, 0, 1, 0, 3, 0]]
    totals = np.logaddexp.reduce(forward + backward - emissions, axis=1)
    np.testing.assert_allclose(totals, decoding.ctc_log_likelihood(log_probs, labels))


def test_gradient_equals_finite_differences():
    logits, labels, step = np.random.default_rng(5).normal(size=(7, 4)), [2, 2, 1], 1e-5
    gradient = decoding.ctc_gradient(log_softmax(logits, axis=-1), labels)
    for index in np.ndindex(logits.shape):
        moved = np.zeros_like(logits)
        moved[index] = step
        up, down = (
            decoding.ctc_log_likelihood(log_softmax(logits + sign * moved, axis=-1), labels) for sign in (1, -1)
        )
        assert gradient[index] == pytest.approx(-(up - down) / (2 * step), abs=1e-8)
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-12)


def test_certain_frames_leave_no_nan():
    with np.errstate(divide="ignore"):
        log_probs = np.log([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5]])
    np.testing.assert_allclose(decoding.ctc_posteriors(log_probs, [1, 1]), [[0, 1, 0], [1, 0, 0], [0, 1, 0]])
    assert decoding.ctc_log_likelihood(log_probs, [2, 1]) == -np.inf
    assert {answer.labels for answer in decoding.ctc_beam_search(log_probs, beam_width=99)} >= {(1, 1), (1, 2)}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_loss_gradient_and_greedy_equal_tensorflow_and_keras():
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(6)
    logits = (2 * rng.normal(size=(8, 50, 11))).astype(np.float32)
    lengths = rng.integers(1, 12, 8)
    labels = np.zeros((8, 12), np.int32)
    for row, length in zip(labels, lengths, strict=True):
        row[:length] = rng.integers(1, 11, length)
    log_probs = log_softmax(logits.astype(float), axis=-1)
    cut = [row[:length] for row, length in zip(labels, lengths, strict=True)]
    ours = [-decoding.ctc_log_likelihood(*pair) for pair in zip(log_probs, cut, strict=True)]

    frames = np.full(8, 50)
    np.testing.assert_allclose(ours, keras.ops.ctc_loss(labels, logits, lengths, frames, mask_index=0), rtol=1e-5)
    with tf.GradientTape() as tape:
        watched = tf.Variable(logits)
        loss = tf.nn.ctc_loss(labels, watched, lengths, frames, logits_time_major=False, blank_index=0)
    np.testing.assert_allclose(ours, loss, rtol=1e-5)
    gradient = [decoding.ctc_gradient(*pair) for pair in zip(log_probs, cut, strict=True)]
    np.testing.assert_allclose(gradient, tape.gradient(loss, watched), atol=1e-4)

    decoded, _ = keras.ops.ctc_decode(logits, frames, strategy="greedy", mask_index=0)
    for row, answer in zip(log_probs, np.array(decoded[0]), strict=True):
        assert decoding.ctc_greedy(row) == [label for label in answer.tolist() if label > 0]


@pytest.mark.parametrize(("seed", "n_frames", "n_classes", "blank"), CASES)
def test_wide_beam_ranks_all_labellings_exactly(seed, n_frames, n_classes, blank):
    log_probs = random_log_probs(seed, n_frames, n_classes)
    oracle = label_distribution(log_probs, blank)
    answers = decoding.ctc_beam_search(log_probs, beam_width=10**6, blank=blank)
    assert {answer.labels: pytest.approx(answer.log_prob) for answer in answers} == oracle
    assert [answer.score for answer in answers] == sorted((answer.score for answer in answers), reverse=True)


def test_narrow_beam_never_claims_more_than_the_truth_and_wider_is_right():
    right = {1: 0, 3: 0, 10: 0, 100: 0}
    for seed in range(40):
        log_probs = random_log_probs(seed, 5, 4, peaked=1.0)
        oracle = label_distribution(log_probs)
        best = max(oracle, key=oracle.get)
        for width in right:
            answer = decoding.ctc_beam_search(log_probs, beam_width=width)[0]
            assert answer.log_prob <= oracle[answer.labels] + 1e-9
            right[width] += answer.labels == best
    assert right[1] < right[3] < right[10] < right[100] == 40


def test_language_model_and_length_bonus_rank_like_exhaustive_search():
    model = NGramModel.train([[1, 2, 1], [1, 2], [2, 2]], order=3)
    for seed in range(6):
        log_probs = random_log_probs(seed, 6, 3)
        oracle = {
            labels: log_prob + 0.7 * model.sentence_log_prob(labels) + 0.4 * len(labels)
            for labels, log_prob in label_distribution(log_probs).items()
        }
        answers = decoding.ctc_beam_search(
            log_probs, beam_width=10**6, language_model=model, weight=0.7, length_bonus=0.4
        )
        assert {answer.labels: pytest.approx(answer.score) for answer in answers} == oracle
        assert answers[0].labels == max(oracle, key=oracle.get)


BLANK, A, B, SPACE = 0, 1, 2, 3
VOCABULARY = {"a": [A], "ab": [A, B], "baa": [B, A, A]}


def legal_words(labels):
    """Split labels at the spaces; None unless every piece spells a word."""
    spelled = {tuple(spelling): word for word, spelling in VOCABULARY.items()}
    pieces = [[]]
    for label in labels:
        if label == SPACE:
            pieces.append([])
        else:
            pieces[-1].append(label)
    words = tuple(spelled.get(tuple(piece)) for piece in pieces)
    return () if not labels else None if None in words else words


def test_closed_vocabulary_ranks_like_exhaustive_search():
    model = NGramModel.train([["a", "ab"], ["baa"], ["ab", "ab"]], order=2)
    for seed in range(4):
        log_probs = random_log_probs(seed, 6, 4)
        oracle = {}
        for labels, log_prob in label_distribution(log_probs).items():
            words = legal_words(labels)
            if words is not None:
                oracle[labels, words] = log_prob + 1.5 * model.sentence_log_prob(words) - 0.3 * len(words)
        answers = decoding.ctc_beam_search(
            log_probs,
            beam_width=10**6,
            language_model=model,
            weight=1.5,
            length_bonus=-0.3,
            vocabulary=VOCABULARY,
            space=SPACE,
        )
        assert {(answer.labels, answer.words): pytest.approx(answer.score) for answer in answers} == oracle


def test_a_word_without_its_end_is_cut_off_when_nothing_else_is_left():
    log_probs = np.log([[0.02, 0.9, 0.04, 0.04], [0.02, 0.04, 0.04, 0.9], [0.02, 0.04, 0.9, 0.04]])
    (answer,) = decoding.ctc_beam_search(log_probs, beam_width=1, vocabulary=VOCABULARY, space=SPACE)
    assert (answer.labels, answer.words) == ((A,), ("a",))
    assert answer.log_prob == pytest.approx(decoding.ctc_log_likelihood(log_probs, [A]))


def test_vocabulary_repairs_a_misspelt_word():
    letters = "_ efinoruvx"
    words = {word: [letters.index(letter) for letter in word] for word in ("one", "five", "nine", "four")}
    path = [letters.index(letter) for letter in "f_i_xe_ _n_i_n_e"]
    log_probs = np.log(np.full((len(path), len(letters)), 0.02))
    log_probs[range(len(path)), path] = np.log(1 - 0.02 * (len(letters) - 1))
    assert "".join(letters[label] for label in decoding.ctc_greedy(log_probs)) == "fixe nine"
    answer = decoding.ctc_beam_search(log_probs, beam_width=16, vocabulary=words, space=1)[0]
    assert answer.words == ("five", "nine")


UNIFORM = np.log(np.full((3, 4), 0.25))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: decoding.ctc_greedy([0.1, 0.9]), r"\(frames, classes\)"),
        (lambda: decoding.ctc_greedy(np.zeros((1, 3, 4))), "of one utterance"),
        (lambda: decoding.ctc_greedy(np.full((2, 2), np.nan)), "NaN"),
        (lambda: decoding.ctc_greedy(UNIFORM, blank=4), "one of the 4 classes"),
        (lambda: decoding.ctc_beam_search(np.full((3, 4), 0.25), beam_width=2), "np.log of a softmax"),
        (lambda: decoding.ctc_beam_search(UNIFORM, beam_width=0), "beam_width"),
        (lambda: decoding.ctc_log_likelihood(UNIFORM, [1, 0]), "cut off any padding"),
        (lambda: decoding.ctc_log_likelihood(UNIFORM, [4]), "from 0 to 3"),
        (lambda: decoding.ctc_log_likelihood(UNIFORM, [0.5]), "integers"),
        (lambda: decoding.ctc_align(UNIFORM, [1, 1, 1]), "2 repeats need 5 frames"),
        (lambda: decoding.ctc_posteriors(UNIFORM, [1, 1, 1]), "there are 3 frames"),
        (lambda: decoding.ctc_beam_search(UNIFORM, beam_width=2, vocabulary=VOCABULARY), "space=…"),
        (lambda: decoding.ctc_beam_search(UNIFORM, beam_width=2, vocabulary=["a"], space=3), "map every word"),
        (lambda: decoding.ctc_beam_search(UNIFORM, beam_width=2, vocabulary={"a": []}, space=3), "is empty"),
        (
            lambda: decoding.ctc_beam_search(UNIFORM, beam_width=2, vocabulary={"to": [1], "two": [1]}, space=3),
            "that of 'two' is that of 'to'",
        ),
        (
            lambda: decoding.ctc_beam_search(UNIFORM, beam_width=2, vocabulary={"a b": [1, 3]}, space=3),
            "holds the space",
        ),
        (
            lambda: decoding.ctc_beam_search(UNIFORM, beam_width=2, language_model=NGramModel.train([[1]])),
            "not among the 1 tokens",
        ),
        (lambda: NGramModel.train([]), "at least one sentence"),
        (lambda: NGramModel.train("one two"), "put it into a list"),
        (lambda: NGramModel.train([["a"]], order=0), "at least 1"),
        (lambda: NGramModel.train([["<s>", "a"]]), "added by the model itself"),
        (lambda: NGramModel.train([["a"]]).perplexity([]), "at least one sentence"),
    ],
)
def test_bad_input_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_witten_bell_by_hand():
    model = NGramModel.train([["a", "b"], ["a", "a"]], order=2)
    unigram = {"a": (3 + 3 / 3) / 9, "b": (1 + 3 / 3) / 9, END: (2 + 3 / 3) / 9}
    assert NGramModel.train([["a", "b"], ["a", "a"]], order=1).distribution() == pytest.approx(unigram)
    start = {"a": (2 + unigram["a"]) / 3, "b": unigram["b"] / 3, END: unigram[END] / 3}
    assert model.distribution() == pytest.approx(start)
    after_a = {token: (1 + 3 * unigram[token]) / 6 for token in unigram}
    assert model.distribution(["b", "a"]) == pytest.approx(after_a)
    after_b = {"a": unigram["a"] / 2, "b": unigram["b"] / 2, END: (1 + unigram[END]) / 2}
    by_hand = math.log(start["a"]) + math.log(after_a["b"]) + math.log(after_b[END])
    assert model.sentence_log_prob(["a", "b"]) == pytest.approx(by_hand)
    assert model.perplexity([["a", "b"]]) == pytest.approx(math.exp(-by_hand / 3))


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_every_distribution_sums_to_one_even_after_unseen_contexts(order):
    rng = np.random.default_rng(order)
    model = NGramModel.train(
        [rng.integers(0, 5, rng.integers(0, 8)).tolist() for _ in range(40)], order=order, vocabulary=range(8)
    )
    for context in [(), (7,), (0, 1), (4, 4, 4, 4), (7, 7, 7, 7, 7, 7)]:
        distribution = model.distribution(context)
        assert math.fsum(distribution.values()) == pytest.approx(1)
        assert min(distribution.values()) > 0
        assert math.exp(model.log_prob(3, context=context)) == pytest.approx(distribution[3])


def test_structure_lowers_perplexity_and_samples_follow_the_model():
    rng = np.random.default_rng(0)

    def up(n):
        return [[(start + i) % 10 for i in range(6)] for start in rng.integers(0, 10, n)]

    train, test = up(200), up(50)
    perplexity = [NGramModel.train(train, order=order, vocabulary=range(10)).perplexity(test) for order in (1, 2, 6)]
    assert perplexity[0] > 2 * perplexity[1] > 2 * perplexity[2]

    model = NGramModel.train(["ab", "a", "b"], order=2)
    samples = [tuple(model.sample(rng=rng)) for _ in range(4000)]
    for sentence in ["a", "ab", ""]:
        share = np.mean([sample == tuple(sentence) for sample in samples])
        assert share == pytest.approx(math.exp(model.sentence_log_prob(sentence)), abs=0.03)
    assert model.sample(rng=np.random.default_rng(3)) == model.sample(rng=np.random.default_rng(3))
    assert len(model.sample(rng=rng, max_length=1)) <= 1


def test_heavy_libraries_stay_out():
    code = (
        "import sys, speechbook.augment, speechbook.decoding, speechbook.metrics; "
        "print(*{'tensorflow', 'keras', 'librosa', 'sklearn'} & set(sys.modules))"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert outcome.stdout.split() == []
