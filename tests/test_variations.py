import dataclasses

import numpy as np
import pytest

from speechbook import augment, frontend, variations
from speechbook.variations import Variation

AMOUNTS = {"delay": 3, "channel_db": 4.0, "calm_db": 20.0, "trim_db": (3.0, 6.0), "each_end": True}
NONE = Variation(**dict.fromkeys(Variation.__dataclass_fields__.keys() - {"trim_db"}, 0))


def powers(n=6, seed=0):
    """Pictures that look like speech: smooth bumps in bands and time, and the ripple of harmonics."""
    rng = np.random.default_rng(seed)
    made = []
    for frames in rng.integers(25, 50, n):
        bands, times = np.arange(40), np.arange(frames)
        shape = np.cos(np.outer(rng.uniform(0, 2, 4), bands / 6)).T @ np.cos(np.outer(rng.uniform(0, 2, 4), times / 8))
        ripple = np.cos(bands * rng.uniform(1.5, 2.5))
        fade = 2.5 * np.cos(np.pi * times / (frames - 1))[:, None] ** 8
        made.append((10 ** ((shape.T + ripple) / 2 - fade - 3)).astype(np.float32))
    return made


def stored(n=6, seed=0):
    return variations.levels(powers(n, seed), n_frames=60)


def vary(variation, *, n=6, seed=0, n_frames=72):
    return variations.vary(*stored(n), variation=variation, n_frames=n_frames, rng=np.random.default_rng(seed))


def test_no_variation_gives_the_front_ends_pictures():
    x = vary(NONE)
    for row, power in zip(x, powers(), strict=True):
        np.testing.assert_allclose(row[: len(power)], frontend.scale(power), atol=3e-3)
        assert (row[len(power) :] == -1).all()


def test_levels_count_from_the_loudest_point():
    db, counts = stored()
    assert db.dtype == np.float16
    assert (db.max(axis=(1, 2)) == 0).all()
    for row, count, power in zip(db, counts, powers(), strict=True):
        assert count == len(power)
        np.testing.assert_allclose(row[:count], 10 * np.log10(power / power.max()), atol=0.05)
        assert (row[count:] == -90).all()


@pytest.mark.parametrize("field", list(Variation.__dataclass_fields__))
def test_every_setting_changes_the_pictures(field):
    base = dataclasses.replace(NONE, noise=float(field == "calm_db"), trim=float(field in ("trim_db", "each_end")))
    changed = dataclasses.replace(base, **{field: AMOUNTS.get(field, 0.3)})
    x = vary(changed, n=40)
    assert np.isfinite(x).all()
    assert x.min() >= -1
    assert x.max() <= 1
    assert np.abs(x - vary(base, n=40)).max() > 0.1


def test_the_seed_decides_and_nothing_else():
    np.testing.assert_array_equal(vary(Variation()), vary(Variation()))
    assert not np.array_equal(vary(Variation()), vary(Variation(), seed=1))


def test_tract_and_pitch_moved_alike_are_one_warp(monkeypatch):
    x = np.swapaxes(stored()[0], 1, 2).astype(np.float32)
    monkeypatch.setattr(variations, "_factors", lambda span, n, rng: np.full(n, 1 + span))
    voice = variations._another_voice(x, dataclasses.replace(NONE, tract=0.1, pitch=0.1), np.random.default_rng(0))
    whole = augment.warp_frequency(x, factor=1.1, frequencies=frontend.band_centres())
    np.testing.assert_allclose(voice, whole, atol=1e-3)


def test_echoes_are_the_sum_that_the_decay_says():
    power = np.zeros((1, 2, 30))
    power[0, 0, 4] = 1.0
    heard = variations._in_a_room(power, 1.0, np.random.default_rng(0))[0]
    assert heard[0, 4] == 1
    tail = heard[0, 5:]
    np.testing.assert_allclose(tail[1:] / tail[:-1], tail[1] / tail[0], rtol=1e-9)
    assert (heard[0, :4] == 0).all()
    assert (heard[1] == 0).all()
    rt60 = -6 * 0.01 / np.log10(tail[1] / tail[0])
    assert variations.RT60_SECONDS[0] <= rt60 <= variations.RT60_SECONDS[1]
    echoes = tail[0] / (1 - tail[1] / tail[0])
    assert 10 ** (variations.ECHO_DB[0] / 10) <= echoes <= 10 ** (variations.ECHO_DB[1] / 10)


def test_noise_lies_as_far_below_speech_as_it_should():
    power = np.zeros((400, 40, 20))
    power[:, 0, 0] = 1.0
    noisy = variations._with_noise(power, dataclasses.replace(NONE, noise=1), np.random.default_rng(0))
    level = 10 * np.log10(noisy[:, 1:, 1:]).mean(axis=(1, 2))
    low, high = variations.NOISE_DB
    assert abs(np.median(level) - (low + high) / 2) < 5
    assert level.std() > 10
    calm = variations._with_noise(power, dataclasses.replace(NONE, noise=1, calm_db=30), np.random.default_rng(0))
    assert abs(np.median(10 * np.log10(calm[:, 1:, 1:]).mean(axis=(1, 2))) - (low + high - 30) / 2) < 5


def test_quiet_ends_are_cut_where_their_level_says():
    level_db = np.array([-50.0, -35, -25, -5, 0, -5, -25, -35, -50])
    power = np.tile(10 ** (level_db / 10), (500, 2, 1))
    cut, first = variations._trimmed(power, Variation(trim=0.5), np.random.default_rng(0))
    heard = cut[:, 0] > 0
    whole = heard.all(axis=1)
    assert 0.4 < whole.mean() < 0.9
    assert heard[:, 3:6].all()
    np.testing.assert_array_equal(first[:, 0], heard.argmax(axis=1))
    assert heard[~whole, 2].mean() > heard[~whole, 1].mean() > heard[~whole, 0].mean()
    np.testing.assert_array_equal(heard, heard[:, ::-1])
    uncut, first = variations._trimmed(power, Variation(trim=0.0), np.random.default_rng(0))
    np.testing.assert_array_equal(uncut, power)
    assert not first.any()


def test_a_slow_clip_still_fits():
    db, counts = variations.levels([np.ones((60, 40), np.float32)] * 20, n_frames=60)
    x = variations.vary(
        db, counts, variation=dataclasses.replace(NONE, tempo=0.5), n_frames=62, rng=np.random.default_rng(0)
    )
    assert (x[:, -1] == -1).all(axis=1).mean() > 0.3
    assert (x[:, 40] == 1).all(axis=1).mean() > 0.5


@pytest.mark.parametrize(
    "wrong",
    [
        {"tract": -0.1},
        {"tempo": 0.9},
        {"room": 1.5},
        {"noise": -1},
        {"delay": -1},
        {"calm_db": 99},
        {"trim_db": (9, 3)},
    ],
)
def test_impossible_variations_are_refused(wrong):
    with pytest.raises(ValueError, match=r"must (lie|not|be)"):
        Variation(**wrong)


@pytest.mark.parametrize(
    ("db", "counts", "message"),
    [
        (np.zeros((2, 10, 13)), [5, 5], r"\(clips, frames, 40\)"),
        (np.zeros((2, 10, 40)), [5], "2 numbers of frames"),
        (np.zeros((2, 10, 40)), [5, 11], "from 1 to 10"),
    ],
)
def test_impossible_batches_are_refused(db, counts, message):
    with pytest.raises(ValueError, match=message):
        variations.vary(db, counts, variation=NONE, n_frames=20, rng=np.random.default_rng(0))
