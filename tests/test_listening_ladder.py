"""The listening ladder: its sounds and its statistics equal Python's, and the widget checks what it takes."""

import itertools

import numpy as np
import pytest

from speechbook import corpora, frontend
from speechbook.audio import peak_normalise
from speechbook.augment import measure_snr, telephone
from speechbook.intervals import mcnemar_test, wilson_interval
from speechbook.mel import hz_to_mel, mel_to_hz
from speechbook.widgets import ListeningLadder
from tests.test_voice_teacher import in_javascript

RATE = 8000
EDGE = 1200  # samples of noise before and after the word


@pytest.fixture(scope="module")
def voices():
    return corpora.load_digits("voices")


@pytest.fixture(scope="module")
def word(voices):
    return frontend.prepare(voices.clips[0], sample_rate=RATE)


def power_in(y: np.ndarray, low: float, high: float) -> float:
    """Power between two frequencies in Hz, by the discrete Fourier transform."""
    spectrum, hz = np.abs(np.fft.rfft(y)) ** 2, np.fft.rfftfreq(len(y), 1 / RATE)
    return float(spectrum[(hz >= low) & (hz < high)].sum() / len(y) ** 2)


@pytest.mark.parametrize("snr_db", [6, 0, -18])
def test_noise_has_the_ratio_that_it_says(word, snr_db):
    (mixed,) = in_javascript({"name": "noise", "y": word.tolist(), "snr_db": snr_db, "sample_rate": RATE, "seed": 5})
    mixed = np.array(mixed)
    assert len(mixed) == len(word) + 2 * EDGE
    assert measure_snr(word, mixed[EDGE:-EDGE]) == pytest.approx(snr_db, abs=0.01)
    around = np.concatenate([mixed[:EDGE], mixed[-EDGE:]])
    during = mixed[EDGE:-EDGE] - word
    assert 10 * np.log10(np.mean(around**2) / np.mean(during**2)) == pytest.approx(0, abs=4)


def test_noise_is_the_same_for_the_same_seed_only(word):
    order = {"name": "noise", "y": word.tolist(), "snr_db": 0, "sample_rate": RATE}
    one, same, other = in_javascript(*({**order, "seed": seed} for seed in (1, 1, 2)))
    assert one == same
    assert np.abs(np.corrcoef(np.array(one)[:EDGE], np.array(other)[:EDGE])[0, 1]) < 0.2


@pytest.mark.parametrize("count", [1, 4, 16])
def test_few_bands_keep_the_power_of_each_band_and_nothing_else(word, count):
    (heard,) = in_javascript({"name": "vocode", "y": word.tolist(), "count": count, "sample_rate": RATE, "seed": 1})
    edges = mel_to_hz(np.linspace(*hz_to_mel([100.0, 3800.0]), count + 1))
    for low, high in itertools.pairwise(edges):
        assert 10 * np.log10(power_in(heard, low, high) / power_in(word, low, high)) == pytest.approx(0, abs=3)
    assert power_in(heard, 0, 40) < 1e-3 * power_in(heard, 100, 3800)
    assert np.corrcoef(word, heard)[0, 1] == pytest.approx(0, abs=0.35)  # the fine structure is gone


def test_few_bands_keep_the_envelope(word):
    (heard,) = in_javascript({"name": "vocode", "y": word.tolist(), "count": 16, "sample_rate": RATE, "seed": 1})

    def loudness(y):
        return np.sqrt([np.mean(np.square(part)) for part in np.array_split(np.asarray(y), 20)])

    assert np.corrcoef(loudness(word), loudness(heard))[0, 1] > 0.9


def test_the_telephone_is_that_of_the_book(word):
    heard, loud = in_javascript(
        {"name": "hearable", "y": word.tolist(), "test": "filter", "rung": 0, "sample_rate": RATE, "seed": 1},
        {"name": "loud", "y": telephone(word, sample_rate=RATE).tolist(), "sample_rate": RATE},
    )
    np.testing.assert_allclose(heard, loud, atol=1e-5)


def test_low_pass_leaves_only_what_it_says(word):
    order = {"name": "hearable", "y": word.tolist(), "test": "filter", "rung": 3, "sample_rate": RATE, "seed": 1}
    (heard,) = in_javascript(order)
    assert power_in(heard, 600, 4000) < 1e-3 * power_in(heard, 0, 500)


def test_all_are_equally_loud(word):
    quiet, loud = in_javascript(
        *({"name": "loud", "y": peak_normalise(word, peak=peak).tolist(), "sample_rate": RATE} for peak in (0.01, 0.9))
    )
    np.testing.assert_allclose(quiet, loud, atol=1e-5)
    assert np.sqrt(np.mean(np.square(loud))) == pytest.approx(0.05, rel=0.02)


def test_intervals_and_chance_are_those_of_the_book():
    pairs = [[right, n] for n in (5, 10, 20, 40) for right in range(n + 1)]
    disagreements = [[0, 0], [1, 0], [7, 6], [2, 20], [30, 5], [10, 10]]
    shares, chances = in_javascript({"name": "wilson", "pairs": pairs}, {"name": "chance", "pairs": disagreements})
    np.testing.assert_allclose(shares, [wilson_interval(*pair) for pair in pairs], atol=1e-9)
    expected = [
        mcnemar_test([1] * one + [0] * other + [1], [0] * one + [1] * other + [1]).p_value
        for one, other in disagreements
    ]
    np.testing.assert_allclose(chances, expected, atol=1e-12)


def test_labels_do_not_tell_what_is_said(voices):
    some = voices.where(speaker=voices.speakers[1])
    widget = ListeningLadder(some)
    assert [clip["label"] for clip in widget.clips] == [str(number) for number in range(len(some))]
    assert widget.digits == some.digit.tolist()


@pytest.mark.parametrize(
    ("choose", "message"),
    [
        (lambda voices: voices.where(digit=[1, 2, 3, 4, 5, 6, 7, 8, 9]), r"all ten digits, but \[0\] are missing"),
        (lambda voices: list(voices.clips[:3]), "clips must be Digits.*got list"),
    ],
)
def test_wrong_clips_are_refused(voices, choose, message):
    with pytest.raises(ValueError, match=message):
        ListeningLadder(choose(voices))
