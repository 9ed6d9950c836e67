import keras
import librosa
import numpy as np
import pytest
import tensorflow as tf
from scipy.signal import lfilter
from sklearn.linear_model import LogisticRegression

from speechbook import (
    adaptation,
    bench,
    corpora,
    frontend,
    gradient_reversal,
    noisy_words,
    picture_gan,
    speakers,
    voices,
)
from speechbook import voice_trials as trials
from speechbook.gradients import numerical_gradient, relative_error


def rng(seed=0):
    return np.random.default_rng(seed)


def vowel(pitch, formants, *, seconds=0.5):
    """Send pulses through resonators."""
    y = np.diff(np.floor(pitch * np.arange(round(8000 * seconds) + 1) / 8000))
    for hertz in formants:
        radius = np.exp(-np.pi * 80 / 8000)
        y = lfilter([1], [1, -2 * radius * np.cos(2 * np.pi * hertz / 8000), radius**2], y)
    return 0.3 * y / np.abs(y).max()


@pytest.fixture(scope="module")
def digits():
    return corpora.load_digits("voices")


@pytest.fixture(scope="module")
def some(digits):
    return trials.words(digits[::60])


@pytest.mark.parametrize("pitch", [80, 117.3, 230])
def test_pitch_and_resonances_of_a_made_up_vowel_are_found(pitch):
    y = vowel(pitch, (600, 1500, 2600))
    heard = speakers.pitch(y, sample_rate=8000)
    assert np.nanmedian(heard) == pytest.approx(pitch, rel=0.01)
    by_librosa = librosa.yin(y, fmin=60, fmax=400, sr=8000, frame_length=512)
    assert np.nanmedian(heard) == pytest.approx(np.median(by_librosa), rel=0.02)
    found = np.median(speakers.formants(y, sample_rate=8000), axis=0)
    np.testing.assert_allclose(found[1:], (1500, 2600), rtol=0.03)  # the first is drawn to the next harmonic


def test_noise_and_silence_have_no_pitch():
    noise = rng().standard_normal(8000)
    assert np.isfinite(speakers.pitch(noise, sample_rate=8000)).mean() < 0.1
    silent = speakers.measure(np.zeros(4000), sample_rate=8000)
    assert np.isnan(silent.pitch)
    assert np.isnan(silent.tract)


def test_pitch_agrees_with_librosa_on_the_voices(digits):
    clips = digits[(digits.take == 0) & (digits.digit == 1)].clips[::3]
    ours = [np.nanmedian(speakers.pitch(y, sample_rate=8000)) for y in clips]
    theirs = [np.nanmedian(librosa.pyin(y, fmin=60, fmax=400, sr=8000, frame_length=512)[0]) for y in clips]
    assert np.median(np.abs(np.log(ours) - np.log(theirs))) < 0.03


def test_variance_lies_between_groups_or_within():
    values, names = rng().standard_normal(60), np.arange(60) % 3
    between = sum(np.sum(names == k) * (values[names == k].mean() - values.mean()) ** 2 for k in range(3))
    within = sum(np.sum((values[names == k] - values[names == k].mean()) ** 2) for k in range(3))
    assert speakers.share_explained(values, names) == pytest.approx(between / (between + within))
    with pytest.raises(ValueError, match="equally long"):
        speakers.share_explained(values, names[:5])
    with pytest.raises(ValueError, match="do not differ"):
        speakers.share_explained(np.ones(4), [0, 0, 1, 1])


def test_matching_moves_the_average_and_leaves_the_floor():
    x = np.clip(rng().normal(-0.4, 0.1, (6, 20, 40)), -0.9, 0.1).astype(np.float32)
    x[:, 15:] = frontend.FLOOR
    own, reference = adaptation.mean_spectrum(x), np.linspace(-0.3, 0.3, 40)
    moved = adaptation.match_spectrum(x, own=own, reference=reference)
    np.testing.assert_allclose(adaptation.mean_spectrum(moved), reference, atol=1e-5)
    assert (moved[:, 15:] == frontend.FLOOR).all()
    with pytest.raises(ValueError, match="no sound"):
        adaptation.mean_spectrum(np.full((1, 3, 40), frontend.FLOOR))


def test_tuning_from_nothing_is_logistic_regression():
    x, y = rng().standard_normal((60, 4)), np.arange(60) % 3
    kernel, bias = adaptation.tune_last_layer(np.zeros((4, 3)), np.zeros(3), x, y, pull=2.0)
    columns = np.column_stack([x, np.ones(60)])  # so that scikit-learn's penalty holds for the bias, too
    peer = LogisticRegression(C=1 / 2.0, fit_intercept=False, tol=1e-8, max_iter=1000).fit(columns, y)
    np.testing.assert_allclose(np.vstack([kernel, bias]), peer.coef_.T, atol=1e-3)


def test_tuning_stays_near_the_old_layer_where_examples_are_silent():
    old = rng(1).standard_normal((4, 3)), rng(2).standard_normal(3)
    x = np.zeros((3, 4))
    x[:, 0] = 1
    kernel, _ = adaptation.tune_last_layer(*old, x, [1, 1, 1])
    np.testing.assert_allclose(kernel[1:], old[0][1:], atol=1e-6)
    assert kernel[0, 1] - old[0][0, 1] > 0.1
    with pytest.raises(ValueError, match="do not fit"):
        adaptation.tune_last_layer(*old, x, [1, 1])
    with pytest.raises(ValueError, match="positive"):
        adaptation.tune_last_layer(*old, x, [1, 1, 1], pull=0)


@pytest.mark.parametrize("strength", [0.0, 0.3, 1.0, -1.0])
def test_the_gradient_below_the_reversal_is_that_of_the_difference(strength):
    x, lower, digit, speaker = (
        rng(k).standard_normal(shape) for k, shape in enumerate([(6, 4), (4, 3), (3, 2), (3, 2)])
    )

    def cost(lower, speaker, weight):
        h = np.tanh(x @ lower)
        return np.mean((h @ digit) ** 2) + weight * np.mean((h @ speaker) ** 2)

    a, b = tf.Variable(lower), tf.Variable(speaker)
    with tf.GradientTape() as tape:
        h = tf.tanh(x @ a)
        side = gradient_reversal.reverse_gradient(h, strength)
        total = tf.reduce_mean((h @ digit) ** 2) + tf.reduce_mean((side @ b) ** 2)
    below, branch = tape.gradient(total, [a, b])
    assert relative_error(below, numerical_gradient(lambda w: cost(w, speaker, -strength), lower)) < 1e-7
    assert relative_error(branch, numerical_gradient(lambda w: cost(lower, w, 1.0), speaker)) < 1e-7


def test_the_branch_shares_the_layers_of_the_recogniser():
    model = noisy_words.recogniser()
    both = gradient_reversal.with_speaker_branch(model, n_speakers=3)
    x = rng().uniform(-1, 1, (2, 72, 40)).astype(np.float32)
    np.testing.assert_allclose(both(x)[0], model(x), atol=1e-6)
    with pytest.raises(ValueError, match="at least 2"):
        gradient_reversal.with_speaker_branch(model, n_speakers=1)


def test_losses_are_cross_entropies():
    real, drawn = rng().standard_normal((2, 5, 1))
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    of_discriminator, of_generator = picture_gan.losses(real, drawn)
    expected = entropy(np.ones((5, 1)), real) + entropy(np.zeros((5, 1)), drawn)
    np.testing.assert_allclose(of_discriminator, expected, rtol=1e-5)
    np.testing.assert_allclose(of_generator, entropy(np.ones((5, 1)), drawn), rtol=1e-5)


def test_both_networks_learn_and_draw_what_is_asked(some):
    gan = picture_gan.train(some.x, some.digit, steps=2, seed=1)
    assert gan.losses.shape == (2, 2)
    untrained = picture_gan.generator()
    assert not np.allclose(gan.draws.get_weights()[0], untrained.get_weights()[0])
    one, other = (picture_gan.draw(gan.draws, [digit], rng=rng()) for digit in (1, 8))
    assert np.abs(one).max() <= 1
    assert np.abs(one - other).max() > 1e-4
    np.testing.assert_array_equal(one, picture_gan.draw(gan.draws, [1], rng=rng()))


@pytest.mark.parametrize(
    ("x", "digit", "message"),
    [(np.zeros((2, 70, 40)), [1, 2], "shape"), (np.zeros((2, 72, 40)), [1], "whole numbers"),
     (np.zeros((2, 72, 40)), [1, 12], "0 to 9")],
)  # fmt: skip
def test_what_does_not_fit_is_refused(x, digit, message):
    with pytest.raises(ValueError, match=message):
        picture_gan.train(x, digit, steps=1)


def test_copies_are_known_by_their_distance(some):
    known = some.x[:20]
    assert picture_gan.nearest(known[5:6], known) == pytest.approx(0)
    assert picture_gan.nearest(known[5:6] + 0.1, known) == pytest.approx(0.1, abs=1e-3)


def test_a_picture_that_was_made_a_sound_looks_the_same(digits):
    picture = frontend.mel_picture(digits.where(digit=3)[0].y, sample_rate=8000)
    y = picture_gan.to_sound(picture.T)
    again = frontend.mel_picture(y, sample_rate=8000, trimmed=False)
    n = min(again.shape[1], picture.shape[1])
    shift = min(range(-3, 4), key=lambda k: np.abs(np.roll(again, k, axis=1)[:, :n] - picture[:, :n]).mean())
    moved = np.roll(again, shift, axis=1)[:, :n]
    assert np.corrcoef(moved.ravel(), picture[:, :n].ravel())[0, 1] > 0.9
    with pytest.raises(ValueError, match="one picture"):
        picture_gan.to_sound(np.zeros((2, 3, 40)))


@pytest.mark.parametrize("n_speakers", trials.FEW["voices"])
def test_few_and_many_speakers_have_equally_many_clips(digits, n_speakers):
    held = trials.divide(digits, 1)
    known = digits[~held & ~np.isin(digits.take, digits.test_takes)]
    empty = np.zeros(len(known))
    columns = trials.Words(empty, empty, empty, known.digit, known.speaker, known.take)
    few = trials.spread(columns, corpus="voices", n_speakers=n_speakers, turn=1)
    assert len(few.digit) == 280
    assert len(set(few.speaker)) == n_speakers
    assert np.bincount(few.digit).tolist() == [28] * 10


def test_batches_hold_the_clips_or_versions_of_them(some):
    x, digit, who = next(trials.batches(some, rng=rng()))
    place = int(np.flatnonzero((some.x == x[0]).all(axis=(1, 2)))[0])
    assert (some.digit[place], np.unique(some.speaker)[who[0]]) == (digit[0], some.speaker[place])
    varied, *_ = next(trials.batches(some, rng=rng(), variation=trials.TRACT))
    assert varied.shape == x.shape
    assert 0.01 < np.abs(varied - x).mean() < 0.3


def test_gains_run_over_speakers():
    row = voices.Row("fsdd", 0, "none", "unseen", "theo", 50, 40)
    rows = [row, row._replace(speaker="lucas", correct=30)]
    rows += [row._replace(remedy="more", correct=45), row._replace(remedy="more", speaker="lucas", correct=30)]
    np.testing.assert_allclose(voices.gains(rows, remedy="more", corpus="fsdd"), [0, 0.1])


def test_the_command_measures_each_division_once(tmp_path, monkeypatch, capsys):
    asked = []

    def study(digits, division, *, steps, gan_steps, every):
        asked.append((digits.name, division, steps, gan_steps, every))
        return [voices.Row(digits.name, division, "none", "unseen", name, 50, 40) for name in digits.speakers[:2]]

    monkeypatch.setattr(voices, "study", study)
    monkeypatch.setenv("SPEECHBOOK_CORPUS", "voices")
    file = tmp_path / "table.csv"
    command = ["voices", "--steps", "7", "--gan-steps", "5", "--every", "2", "--file", str(file), "--divisions"]
    bench.main([*command, "1"])
    bench.main([*command, "0", "1"])
    assert asked == [("voices", 1, 7, 5, 2), ("voices", 0, 7, 5, 2)]
    assert [row.division for row in voices.read(file)] == [1, 1, 0, 0]
    assert "80.0" in capsys.readouterr().out


@pytest.mark.parametrize("corpus", corpora.CORPORA)
def test_the_table_in_the_repository_makes_everybody_a_stranger_once(corpus):
    rows = [row for row in voices.read() if row.corpus == corpus]
    assert len(rows) == len({row[:5] for row in rows})
    few = [f"{n} speakers" for n in trials.FEW[corpus]]
    unseen = {
        *("none", "mean of clip", "mean of speaker", "mean of 10 clips", *voices.VARIED, "speed", *voices.STRENGTHS),
        *("gan alone", "gan and clips", "vtlp once and clips", *few),
    }
    late = {f"{n} clips" for n in (0, *voices.EXAMPLES)} | {"all layers"}
    for split, remedies in (("unseen", unseen), ("late", late)):
        assert {row.remedy for row in rows if row.split == split} == remedies
        for remedy in remedies:
            own = [row for row in rows if (row.split, row.remedy) == (split, remedy)]
            assert len(own) == len({row.speaker for row in own}) == {"fsdd": 6, "voices": 42}[corpus]
            assert {row.division for row in own} == set(voices.DIVISIONS)
    checks = {(row.remedy, row.split) for row in rows if row.speaker == "all"}
    named = {(name, "probe") for name in ("none", *voices.STRENGTHS)}
    assert checks == named | {("gan", "read"), ("gan", "nearer")}
    assert all(0 <= row.correct <= row.clips for row in rows)
