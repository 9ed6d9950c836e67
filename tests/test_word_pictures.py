import numpy as np
import pytest

from speechbook import augment, frontend
from speechbook.word_pictures import SEGMENTS, pictures, warp

BANDS = frontend.SETTINGS["n_mels"]


def test_a_picture_is_the_mean_spectrum_of_each_part():
    noise = np.random.default_rng(0).standard_normal(8000)
    shown = {n: frontend.mel_picture(noise[:n], sample_rate=8000) - frontend.FLOOR for n in range(4000, 8000, 80)}
    n, picture = next((n, picture) for n, picture in shown.items() if picture.shape[1] % SEGMENTS == 0)
    expected = picture.reshape(BANDS, SEGMENTS, -1).mean(axis=2).T
    np.testing.assert_allclose(pictures([noise[:n]], sample_rate=8000).reshape(SEGMENTS, BANDS), expected, atol=1e-6)


@pytest.mark.parametrize("factor", [1.14, np.array([1.14, 0.88])])
def test_warping_moves_the_bands_and_not_the_moments(factor):
    x = np.zeros((2, SEGMENTS, BANDS))
    x[:, 7, 20] = 1.0
    moved = warp(x.reshape(2, -1), factor=factor).reshape(x.shape)
    assert [np.unravel_index(one.argmax(), one.shape)[0] for one in moved] == [7, 7]
    band = moved[:, 7].argmax(axis=1)
    assert band[0] > 20
    assert (band[1] > 20) == (np.ndim(factor) == 0)


def test_warping_is_that_of_spectrograms():
    x = np.random.default_rng(1).random((3, SEGMENTS * BANDS))
    moved = warp(x, factor=1.1).reshape(3, SEGMENTS, BANDS)
    spectrograms = x.reshape(3, SEGMENTS, BANDS).transpose(0, 2, 1)
    peer = augment.warp_frequency(spectrograms, factor=1.1, frequencies=frontend.band_centres())
    np.testing.assert_allclose(moved, peer.transpose(0, 2, 1))
