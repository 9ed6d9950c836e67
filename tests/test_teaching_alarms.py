"""Alarm tuner: what Python takes and refuses, and that the page's alarms equal those of `speechbook.wake_word`."""

import numpy as np
import pytest

from speechbook import intervals, wake_word
from speechbook.long_recording import Spoken
from speechbook.widgets import AlarmTuner
from tests.teaching import in_javascript
from tests.teaching_pages import alarm_tuner


def tuners() -> list[AlarmTuner]:
    """Random recordings with words that lie close together, and random settings."""
    rng = np.random.default_rng(9)
    made = []
    for _ in range(60):
        n = int(rng.integers(100, 1500))
        times = rng.uniform(0, 0.1) + 0.04 * np.arange(n)
        starts = np.sort(rng.uniform(0, times[-1], int(rng.integers(1, n // 25))))
        words = [
            Spoken(str(rng.choice(["five", "nine"])), start, start + rng.uniform(0.1, 0.9), "x") for start in starts
        ]
        words.append(Spoken("five", 0.5, 0.9, "x"))
        settings = {
            "threshold": rng.uniform(0.05, 0.95),
            "width": int(rng.integers(1, 6)),
            "rest": int(rng.integers(30)),
        }
        made.append(AlarmTuner(rng.beta(0.3, 1, n), times, words, wake_word="five", seconds=times[-1] + 1, **settings))
    return made


def test_alarms_and_their_judgement_equal_speechbook():
    made = tuners()
    names = ["first_second", "step_seconds", "seconds", "words", "wake_word"]
    orders = []
    for tuner in made:
        settings = {name: getattr(tuner, name) for name in ("threshold", "width", "rest")}
        values = np.float32(tuner.probability).tolist()
        orders.append(["alarms", values, settings, {name: getattr(tuner, name) for name in names}])
    hits = misses = mistaken = 0
    for tuner, page in zip(made, in_javascript(orders), strict=True):
        outcome = tuner.outcome
        answered = [answer for answer in page["answers"] if answer["moment"] is not None]
        assert (len(page["answers"]), page["misses"]) == (outcome.words, outcome.misses)
        latencies = [answer["moment"] - answer["word"]["end"] for answer in answered]
        np.testing.assert_allclose(latencies, outcome.latencies, atol=2e-6)
        np.testing.assert_allclose(page["false"], outcome.false, atol=1e-9)
        assert page["per_hour"] == pytest.approx(outcome.per_hour)
        if latencies:
            assert page["latency"] == pytest.approx(np.median(outcome.latencies), abs=2e-6)
        hits, misses, mistaken = hits + len(answered), misses + outcome.misses, mistaken + len(outcome.false)
    assert min(hits, misses, mistaken) > 50


def test_causes_equal_speechbook():
    rng = np.random.default_rng(10)
    said = [Spoken(str(n), start, start + 0.5, "x") for n, start in enumerate(np.sort(rng.uniform(0, 60, 40)))]
    moments = rng.uniform(0, 61, 200)
    words = [word._asdict() for word in said]
    found = in_javascript([["cause", moment, words] for moment in moments])
    expected = [wake_word.cause(moment, said) for moment in moments]
    assert [label or "no word" for label in found] == expected
    assert 0 < expected.count("no word") < 200


def test_intervals_of_rates_equal_speechbook():
    cases = [(count, exposure) for count in (0, 1, 2, 7, 60, 900) for exposure in (0.11, 3.0)]
    for case, page in zip(cases, in_javascript([["rateInterval", *case] for case in cases]), strict=True):
        np.testing.assert_allclose(page, intervals.rate_interval(*case), rtol=1e-6)


def test_what_is_worth_hearing_is_cut_out():
    tuner = alarm_tuner()
    assert tuner.places == pytest.approx([1.5, 3.5, 20.0, 62.5, 75.5], abs=0.3)
    assert [clip["length"] for clip in tuner.clips] == [4500] * 5
    assert len(tuner.samples) == 2 * 5 * 4500
    assert tuner.places[tuner.place] == pytest.approx(3.5, abs=0.3), "what is most like the wake word comes first"
    silent = AlarmTuner(tuner.probability, np.arange(2000) / 25, tuner._spoken, wake_word="seven", seconds=80)
    assert (silent.places, silent.samples) == ([], b"")


def test_it_follows_its_settings():
    tuner = alarm_tuner()
    assert repr(tuner) == "AlarmTuner(80 s, threshold 0.6: 1 of 3 'seven' missed, 1 false alarms)"
    tuner.set_state({"threshold": 0.2, "width": 2, "rest": 10, "place": 4})
    assert tuner.outcome.misses == 0
    assert len(tuner.outcome.false) > 1
    assert [word["label"] for word in tuner.words] == ["seven", "nine", "seven", "seven"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"probability": [0.5, 1.5]}, "probability must lie between 0 and 1, but goes from 0.5 to 1.5"),
        ({"probability": [0.5]}, r"one entry for each of at least 2 outputs, but have the shapes \(1,\) and \(2,\)"),
        ({"times": [0.4, 0.0]}, "times must rise by the same number of seconds"),
        ({"probability": [0, 1, 0], "times": [0, 1, 3]}, "times must rise by the same number of seconds"),
        ({"wake_word": "two"}, "words must hold the wake word 'two' at least once"),
        ({"seconds": 1000}, "seconds must be more than 0 and at most 900, but is 1000"),
        ({"threshold": 1.2}, "threshold must lie between 0 and 1, but is 1.2"),
        ({"width": 0}, "width must lie between 1 and 12, but is 0"),
        ({"rest": 51}, "rest must lie between 0 and 50, but is 51"),
        ({"y": np.zeros(8000)}, "needs its sample_rate in Hz"),
    ],
)
def test_it_refuses_in_words(arguments, message):
    plain = {"probability": [0.0, 0.9], "times": [0.0, 0.4], "words": [Spoken("one", 0.0, 0.3, "x")]}
    with pytest.raises(ValueError, match=message):
        AlarmTuner(**{**plain, "wake_word": "one", "seconds": 1.0, **arguments})
