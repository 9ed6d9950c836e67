"""Recordings of any length: the same samples as from `audio.read_audio`, and cuts where the pauses are."""

import numpy as np
import pytest
import soundfile

from speechbook import audio
from speechbook.recordings import blocks, stretches

RATE = 8000


def noise(seconds, level=0.2, seed=0):
    return level * np.random.default_rng(seed).standard_normal(round(RATE * seconds))


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44100, 2)])
def test_blocks_are_what_read_audio_reads(tmp_path, ending, rate, channels):
    path = tmp_path / f"sound.{ending}"
    soundfile.write(path, 0.1 * np.random.default_rng(1).standard_normal((3 * rate, channels)), rate)
    expected, _ = audio.read_audio(path, sample_rate=RATE)
    parts = list(blocks(path, sample_rate=RATE, block_seconds=0.7))
    assert len(parts) > 4
    y = np.concatenate(parts)
    assert abs(len(y) - len(expected)) <= 1
    np.testing.assert_allclose(y[: len(expected)], expected[: len(y)], atol=2e-4)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg"])
def test_what_read_audio_refuses_blocks_refuse(tmp_path, ending):
    path = tmp_path / f"sound.{ending}"
    soundfile.write(path, noise(20), RATE)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    messages = []
    for read in (lambda: audio.read_audio(path), lambda: list(blocks(path, sample_rate=RATE))):
        with pytest.raises(audio.AudioError) as error:
            read()
        messages.append(str(error.value))
    assert messages[0] == messages[1]


@pytest.mark.parametrize("size", [80, 333, 8000, 200_000])
def test_cuts_are_where_the_pauses_are_whatever_the_blocks(size):
    y = noise(12, level=1e-3, seed=1)
    for start, end in [(1, 2), (2.3, 3), (5, 5.5), (9, 10.2)]:
        y[round(RATE * start) : round(RATE * end)] += noise(end - start)
    found = list(stretches((y[i : i + size] for i in range(0, len(y), size)), sample_rate=RATE))
    ends = [(part.start, part.start + len(part.y) / RATE) for part in found]
    np.testing.assert_allclose(ends, [(0.8, 3.2), (4.8, 5.7), (8.8, 10.4)], atol=0.02)
    for part in found:
        np.testing.assert_allclose(part.y, y[round(RATE * part.start) :][: len(part.y)], atol=1e-6)


def test_endless_speech_is_cut_at_quiet_places_and_nothing_is_lost():
    y = noise(60) * np.repeat(np.tile([1.0, 0.05], 60), RATE // 2)
    found = list(stretches([y], sample_rate=RATE, longest_seconds=10))
    assert all(len(part.y) <= RATE * 10.5 for part in found)
    covered = np.zeros(len(y), bool)
    for part in found:
        covered[round(RATE * part.start) :][: len(part.y)] = True
        quiet = (round(100 * (part.start + len(part.y) / RATE - 0.2)) - 1) / 100
        assert quiet % 1 > 0.48
    assert covered[: RATE * 59 + RATE // 2].all()


@pytest.mark.parametrize("seconds", [0.3, 0.8, 1.5])
def test_a_short_clip_without_silence_is_taken_whole(seconds):
    y = noise(seconds)
    (part,) = stretches([y], sample_rate=RATE)
    assert part.start == 0
    assert len(part.y) >= len(y) - RATE // 100


@pytest.mark.parametrize("y", [np.zeros(80000), noise(10), np.zeros(0), np.zeros(3)])
def test_where_nothing_stands_out_there_is_nothing(y):
    assert list(stretches([y], sample_rate=RATE)) == []
