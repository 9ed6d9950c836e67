import numpy as np
import pytest

from speechbook import corpora, frontend, in_noise, noisy_words
from speechbook.noise import measure_snr

ROW = in_noise.Row("fsdd", 0, "clean", "none", "white", 5.0, 200, 100)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def said():
    return noisy_words.words(corpora.load_digits("voices")[::150])


@pytest.fixture(scope="module")
def noises(said):
    return noisy_words.recordings(said, rng=rng(), seconds=4.0)


def test_versions_are_in_the_noises_asked_for_or_in_rooms(said, noises):
    made = noisy_words.versions(said * 10, noises, kinds=["kitchen"], rng=rng(1))
    ratios = np.array([measure_snr(y, noisy) for y, noisy in zip(said * 10, made, strict=True)])
    assert all(len(y) == len(noisy) for y, noisy in zip(said * 10, made, strict=True))
    assert not any(np.array_equal(y, noisy) for y, noisy in zip(said * 10, made, strict=True))
    in_the_kitchen = [
        noisy - y for y, noisy, ratio in zip(said * 10, made, ratios, strict=True) if ratio > noisy_words.FAR_DB
    ]
    assert 0.4 < len(in_the_kitchen) / len(made) <= 1


def test_ideal_masks_turn_noisy_pictures_back(said, noises):
    met = noisy_words.scenes(said, noises["babble"], snr_db=0, rng=rng(2))
    clean = noisy_words.pictures([scene.clean for scene in met])
    noisy = noisy_words.pictures([scene.noisy for scene in met])
    shares = noisy_words.masks(met)
    masked = noisy_words.masked_pictures(met, shares)
    assert shares.min() >= 0
    assert shares.max() <= 1
    assert np.abs(masked - clean).mean() < 0.5 * np.abs(noisy - clean).mean()


def test_a_mask_of_one_changes_nothing(said, noises):
    met = noisy_words.scenes(said, noises["pink"], snr_db=5, rng=rng(3))
    noisy = noisy_words.pictures([scene.noisy for scene in met])
    np.testing.assert_allclose(noisy_words.masked_pictures(met, np.ones(noisy.shape)), noisy, atol=1e-6)
    quiet = noisy_words.masked_pictures(met, np.zeros(noisy.shape))
    np.testing.assert_allclose(quiet, noisy, atol=1e-4)  # a clip that is softer as a whole looks the same


def test_unknown_remedies_are_refused(said, noises):
    with pytest.raises(ValueError, match="subtraction, wiener"):
        noisy_words.enhance(noisy_words.scenes(said[:1], noises["white"], snr_db=5, rng=rng())[0], remedy="prayer")


def test_networks_take_words_of_any_length():
    for n in (16, 72, 100):
        x = np.zeros((2, n, 40), np.float32)
        assert noisy_words.recogniser()(x).shape == (2, 10)
        assert noisy_words.mask_network()(x).shape == (2, n, 40)


def test_the_mask_network_learns(said, noises):
    network = noisy_words.learn_masks(said * 8, noises, rng=rng(4))
    met = noisy_words.scenes(said, noises["white"], snr_db=5, rng=rng(5))
    guessed = network.predict(noisy_words.pictures([scene.noisy for scene in met]), verbose=0)
    inside = np.arange(noisy_words.N_FRAMES) < np.array([[frontend.n_frames(len(y))] for y in said])
    ideal = noisy_words.masks(met)
    assert np.corrcoef(guessed[inside].ravel(), ideal[inside].ravel())[0, 1] > 0.4


def test_the_study_fills_every_cell_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SPEECHBOOK_CORPUS", "voices")
    monkeypatch.setattr(noisy_words, "SECONDS", 4.0)
    monkeypatch.setattr(noisy_words, "EPOCHS", 1)
    monkeypatch.setattr(noisy_words, "MASK_EPOCHS", 1)
    monkeypatch.setattr(noisy_words, "SNR_DB", (5.0,))
    monkeypatch.setattr(in_noise, "SEEDS", (0,))
    monkeypatch.setattr(in_noise, "KINDS_OF_TRAINING", {"clean": ()})
    file = tmp_path / "measured.csv"
    in_noise.write([ROW], file)
    in_noise.main(["--file", str(file), "--every", "100"])
    rows = in_noise.read(file)
    assert rows[0] == ROW  # the other corpus is kept
    keys = [row[:6] for row in rows]
    assert len(set(keys)) == len(keys) == 1 + 4 * 5 + 1 + 3
    assert "kitchen" in capsys.readouterr().out


def test_shares_are_per_seed():
    rows = [ROW, ROW._replace(noise="pink", correct=200), ROW._replace(seed=1, correct=50)]
    assert in_noise.shares(rows).tolist() == [0.75, 0.25]
    assert in_noise.shares(rows, noise="white").tolist() == [0.5, 0.25]
    assert in_noise.shares(rows, noise="babble").size == 0


def test_the_table_of_the_book_is_complete():
    rows = in_noise.read()
    for corpus in ("fsdd", "voices"):
        own = [row for row in rows if row.corpus == corpus]
        assert {row.seed for row in own} == set(in_noise.SEEDS)
        assert len(own) == 3 * 3 * (4 * 4 * 5 + 1 + 3)
        assert len({row.clips for row in own}) == 1
