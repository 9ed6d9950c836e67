"""The study of voice networks: rates on embeddings whose answers are known, and a table that goes on."""

import numpy as np
import pytest
import scipy.signal

from speechbook import corpora, speaker_network, speaker_study, verification
from speechbook.speaker_study import MEASURES, Row, rates


@pytest.fixture(scope="module")
def sides():
    learnt, held_out = corpora.load_digits("voices").default_unseen()
    few = learnt.where(speaker=learnt.speakers[:10])
    return held_out, few, speaker_network.many_voices(few)


def knowing(people, learnt, taught, *, mistaken=False):
    """Embed by who speaks, and a little noise; clips that were sent through devices may be mistaken for another's."""
    rng = np.random.default_rng(0)
    number = np.searchsorted(people.speakers, people.speaker)
    tested = verification.sides(people)[1]
    sent = (number[tested] + mistaken) % len(people.speakers)
    voice = {len(people): number, len(sent): sent, len(learnt): np.searchsorted(learnt.speakers, learnt.speaker)}
    voice[len(taught.clips)] = taught.digit
    return lambda clips: np.eye(30)[voice[len(clips)]] + rng.normal(0, 0.05, (len(clips), 30))


def test_an_embedding_that_knows_everybody_never_errs(sides):
    found = speaker_study.measure(knowing(*sides), sides[0], learnt=sides[1], taught=sides[2])
    assert list(found) == list(MEASURES)
    assert max(found.values()) == pytest.approx(0, abs=0.01)


def test_devices_change_the_tests_alone(sides):
    found = speaker_study.measure(knowing(*sides, mistaken=True), sides[0], learnt=sides[1], taught=sides[2])
    changed = {"other devices", "and faint noise"}
    assert {name for name, rate in found.items() if rate > 0.01} == changed


def test_each_person_has_one_device_whose_response_is_as_drawn(sides):
    people = sides[0]
    sent = speaker_study.with_devices(people, seed=1)
    tested = np.flatnonzero(verification.sides(people)[1])
    clip = np.flatnonzero(people.speaker[tested] == people.speakers[0])[-1]
    rng = np.random.default_rng(1)
    response = speaker_study.another_device(rng)
    np.testing.assert_allclose(
        sent[clip], np.convolve(people.clips[tested[clip]], response)[: len(sent[clip])], atol=1e-9
    )
    rng = np.random.default_rng(1)
    drawn = rng.normal(0, 5, 9) + rng.uniform(-10, 10)  # dB at nine frequencies
    _, heard = scipy.signal.freqz(response, worN=np.arange(9) / 8, fs=2)
    assert np.median(np.abs(20 * np.log10(np.abs(heard)) - drawn)) < 1


def test_the_study_goes_on_where_it_stopped(tmp_path, monkeypatch, capsys):
    trained = []
    monkeypatch.setattr(speaker_study, "train", lambda taught, *, seed: trained.append(seed))
    monkeypatch.setattr(speaker_study, "measure", lambda embed, people, **_: dict.fromkeys(MEASURES, 0.25))
    monkeypatch.setattr(speaker_network, "many_voices", lambda digits: None)
    monkeypatch.setenv("SPEECHBOOK_CORPUS", "voices")
    file = tmp_path / "study.csv"
    for seeds in ("1", "2"), ("0", "1", "2"):
        speaker_study.main(["--file", str(file), "--seeds", *seeds])
    assert trained == [1, 2, 0]
    rows = speaker_study.read(file)
    assert len(rows) == 3 * len(MEASURES)
    assert rates(rows, corpus="voices", measure="misses").tolist() == [0.25] * 3
    assert "seed 0  seed 1  seed 2    mean" in capsys.readouterr().out


def test_rates_are_asked_of_what_was_measured():
    with pytest.raises(ValueError, match="other devices"):
        rates([Row("fsdd", 0, "network", 0.3)], measure="other devices")


def test_the_book_has_three_seeds_of_both_corpora():
    rows = speaker_study.read()
    for corpus in ("fsdd", "voices"):
        for name in MEASURES:
            found = rates(rows, corpus=corpus, measure=name)
            assert len(found) == 3
            assert ((found >= 0) & (found <= 1)).all()
        low, middle, high = (rates(rows, corpus=corpus, measure=name) for name in ("low", "network", "high"))
        assert ((low <= middle) & (middle <= high)).all()
