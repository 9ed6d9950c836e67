"""Alarms, what they are worth, and the assistant's loop, on probabilities and words that are known."""

import numpy as np
import pytest
from scipy import stats

from speechbook import assistant, corpora, dialogues, intervals, keyword_spotting, long_recording, wake_word
from speechbook.digits import DIGIT_NAMES
from speechbook.long_recording import Spoken


def by_loop(p, *, threshold, width, rest):
    """Say the rule in the plainest way."""
    found, until = [], 0
    for n in range(len(p)):
        mean = sum(p[max(0, n - width + 1) : n + 1]) / width
        if mean >= threshold and n >= until:
            found.append(n)
            until = n + 1 + rest
    return found


@pytest.mark.parametrize(("width", "rest"), [(1, 0), (3, 5), (2, 1)])
def test_trigger_follows_the_rule_for_any_chunks(width, rest):
    rng = np.random.default_rng(width)
    p = rng.random(200)
    trigger = wake_word.Trigger(0.6, width=width, rest=rest)
    parts = np.split(p, np.sort(rng.integers(0, 200, 30)))
    assert [n for part in parts for n in trigger.push(part)] == by_loop(p, threshold=0.6, width=width, rest=rest)


def test_judge_counts_each_word_once():
    words = [Spoken("zero", 1, 1.5, "a"), Spoken("one", 2, 2.4, "a"), Spoken("zero", 3, 3.4, "a")]
    done = wake_word.judge([1.6, 1.9, 2.5, 9.0], words, wake_word="zero", seconds=1800)
    assert (done.misses, done.false, done.per_hour) == (1, (1.9, 2.5, 9.0), 6.0)
    assert wake_word.cause(2.5, words) == "one"


def test_rate_interval_is_the_exact_one():
    low, high = intervals.rate_interval(6, 0.5)
    assert stats.poisson.sf(5, low * 0.5) == pytest.approx(0.025)
    assert stats.poisson.cdf(6, high * 0.5) == pytest.approx(0.025)
    assert intervals.rate_interval(0, 1.0, confidence=0.9)[1] == pytest.approx(-np.log(0.05))
    with pytest.raises(ValueError, match="positive exposure"):
        intervals.rate_interval(1, 0)


class Scripted:
    """A listener that hears what a script says, an output for each 320 samples."""

    def __init__(self, said):
        self.rows = np.zeros((400, 9))
        for output, word in said.items():
            self.rows[output : output + 4, 1 + word] = 0.9
        self.heard = self.samples = 0

    def push(self, chunk):
        """Give the outputs that the chunk completes."""
        self.samples += len(chunk)
        start, self.heard = self.heard, self.samples // 320
        return self.rows[start : self.heard]

    def times(self, n):
        """Give seconds."""
        return 0.025 + 0.04 * np.arange(n)


def answers(said, *, chunk=800):
    made = assistant.Assistant(Scripted(said), words=range(8), wake_word=0, threshold=0.5)
    sound = np.zeros(320 * 300)
    events = assistant.converse(made, (sound[i : i + chunk] for i in range(0, len(sound), chunk)))
    return [event.text for event in events if event.kind == "answer"], [event.kind for event in events]


@pytest.mark.parametrize("chunk", [100, 801, 96000])
def test_the_assistant_goes_through_its_states(chunk):
    assert answers({20: 0, 40: 1, 60: 5}, chunk=chunk)[0] == ["The light in room 5 is on."]
    assert answers({40: 1, 60: 5}, chunk=chunk)[0] == []
    assert answers({20: 0}, chunk=chunk)[0] == [assistant.NOTHING]
    assert answers({20: 0, 40: 7}, chunk=chunk)[0] == [assistant.SORRY]
    assert answers({20: 0, 40: 1}, chunk=chunk)[0] == [assistant.SORRY]
    again, kinds = answers({20: 0, 40: 3, 60: 0, 80: 3, 100: 2, 120: 6}, chunk=chunk)
    assert again == ["2 and 6 make 8."]
    assert kinds.count("again") == 1


def test_the_assistant_keeps_one_second():
    made = assistant.Assistant(Scripted({}), words=range(8), wake_word=0, threshold=0.5)
    assistant.converse(made, [np.arange(7000.0), np.arange(7000.0, 9000.0)])
    np.testing.assert_array_equal(made.kept, np.arange(1000.0, 9000.0))
    with pytest.raises(ValueError, match="wake word"):
        assistant.Assistant(Scripted({}), words=range(8), wake_word=1, threshold=0.5)


def test_recordings_hold_every_clip_where_they_say():
    voices = corpora.load_digits("voices")
    few = voices.where(speaker=voices.speakers[:2])
    built = long_recording.build(few, snr_db=None, rng=np.random.default_rng(0))
    assert sorted(word.label for word in built.words) == sorted(DIGIT_NAMES[d] for d in few.digit)
    inside = np.zeros(len(built.y), bool)
    for word in built.words:
        inside[int(8000 * word.start) : int(8000 * (word.end + long_recording.MARGIN)) + 2] = True
    assert np.abs(built.y[~inside]).max() == 0
    assert np.abs(built.y).max() <= long_recording.PEAK
    assert all(a.end < b.start for a, b in zip(built.words, built.words[1:], strict=False))
    with pytest.raises(ValueError, match="talk"):
        long_recording.room_noise(800, snr_db=5, noises=["babble"], sample_rate=8000, rng=np.random.default_rng(0))


def test_scripts_are_answered_as_the_grammar_says():
    rng = np.random.default_rng(4)
    for kind in dialogues.KINDS:
        for _ in range(20):
            said, expected = dialogues.script(kind, wake_word=7, words=range(8), rng=rng)
            last = said[len(said) - said[::-1].index(7) :] if 7 in said else []
            answer = assistant.understand(last) or (assistant.NOTHING if 7 in said else None)
            assert expected == ((answer,) if answer else ())
    with pytest.raises(ValueError, match="no kind"):
        dialogues.script("song", wake_word=7, words=range(8), rng=rng)


def test_thresholds_keep_to_the_false_alarms():
    outcomes = {t: wake_word.Alarms(9, (), (0.0,) * n, 3600.0) for t, n in ((0.3, 40), (0.5, 12), (0.9, 0))}
    assert keyword_spotting.choose(outcomes) == 0.5
    assert keyword_spotting.choose(outcomes, per_hour=-1) == 0.9


def test_the_book_has_three_seeds_of_both_corpora_which_are_asked_the_same():
    tables = (keyword_spotting.TABLE, keyword_spotting.CAUSES, keyword_spotting.TALKS)
    for corpus in ("fsdd", "voices"):
        rows, causes, talks = (keyword_spotting.select(each.read(), corpus=corpus) for each in tables)
        kept = keyword_spotting.select(rows, people="test", noise="mixed", chosen=True)
        asked = {(row.detector, row.word, row.words, row.seconds) for row in kept}
        assert sorted((row.detector, row.seed) for row in kept) == sorted(
            (one[0], s) for one in asked for s in range(3)
        )
        held = {(talk.kind, talk.dialogues) for talk in talks}
        assert len(talks) == 3 * len(dialogues.KINDS) == 3 * len(held)
        for seed in range(3):
            (row,) = keyword_spotting.select(kept, detector="streams", seed=seed)
            assert sum(cause.alarms for cause in keyword_spotting.select(causes, seed=seed)) == row.false_alarms
            assert row.missed * row.words == pytest.approx(row.misses)
            assert row.per_hour * row.seconds == pytest.approx(3600 * row.false_alarms)
