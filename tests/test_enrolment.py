"""A register of voices keeps what it promises: directions only, whole files only, clear refusals."""

import json
import os

import numpy as np
import pytest

from speechbook.enrolment import Register


def tone(hertz, seconds=0.6):
    return np.sin(2 * np.pi * hertz * np.arange(round(8000 * seconds)) / 8000)


def embed(clips):
    return np.array([np.abs(np.fft.rfft(y, 64)) for y in clips])


@pytest.fixture
def how():
    return {"embed": embed, "network": "fft 64", "sample_rate": 8000, "threshold": 0.9}


@pytest.fixture
def register(tmp_path, how):
    kept = Register(tmp_path / "voices.json", **how)
    kept.enrol("Ann", [tone(500)] * 3)
    kept.enrol("Bob", [tone(1500)] * 3)
    return kept


def test_it_verifies_identifies_and_refuses(register):
    assert register.verify("Ann", [tone(500)]).name == "Ann"
    assert register.verify("Ann", [tone(1500)]).name is None
    assert register.identify([tone(1500)]).name == "Bob"
    assert register.identify([tone(3000)]).name is None


def test_it_is_the_same_after_a_restart_and_holds_no_sound(register, how):
    again = Register(register.file, **how)
    assert again.names == ("Ann", "Bob")
    assert again.verify("Bob", [tone(1500)]).score == pytest.approx(
        register.verify("Bob", [tone(1500)]).score, abs=1e-4
    )
    people = json.loads(register.file.read_text())["people"]
    assert all(len(row) == 33 and np.linalg.norm(row) == pytest.approx(1, abs=1e-4) for row in people.values())


def test_a_deleted_person_is_gone_from_the_file(register, how):
    register.delete("Ann")
    assert "Ann" not in register.file.read_text()
    assert Register(register.file, **how).names == ("Bob",)
    with pytest.raises(ValueError, match=r"nobody called 'Ann' is enrolled; there are: Bob"):
        register.verify("Ann", [tone(500)])


def test_an_interruption_leaves_the_old_register(register, how, monkeypatch):
    before = register.file.read_bytes()

    def power_cut(descriptor):
        raise OSError("no power")

    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError, match="no power"):
        register.enrol("Cid", [tone(2500)] * 3)
    assert register.file.read_bytes() == before
    assert register.names == ("Ann", "Bob")
    monkeypatch.undo()
    register.enrol("Cid", [tone(2500)] * 3)
    assert Register(register.file, **how).names == ("Ann", "Bob", "Cid")


@pytest.mark.parametrize(
    ("name", "clips", "complaint"),
    [
        ("Ann", [tone(500)] * 3, "enrolled already"),
        ("  ", [tone(500)] * 3, "from 1 to 60 characters"),
        (7, [tone(500)] * 3, "from 1 to 60 characters"),
        ("Cid", [tone(500)] * 2, "at least 3 clips, got 2"),
        ("Cid", [tone(500, 0.1)] * 3, r"0\.3 s of speech, but 1\.0 s"),
        ("Cid", [np.zeros(8000)] * 3, "clip 0 is silent"),
        ("Cid", [np.full(8000, np.nan)] * 3, "finite"),
        ("Cid", [np.ones((2, 8000))] * 3, "not mono"),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(register, name, clips, complaint):
    before = register.file.read_bytes()
    with pytest.raises(ValueError, match=complaint):
        register.enrol(name, clips)
    assert register.file.read_bytes() == before


@pytest.mark.parametrize("text", ["", "[1, 2]", '{"format": "x"}', '{"format": "speechbook voice register 1"'])
def test_a_file_that_is_no_register_is_refused(tmp_path, how, text):
    file = tmp_path / "voices.json"
    file.write_text(text)
    with pytest.raises(ValueError, match="no voice register, or damaged"):
        Register(file, **how)


def test_a_register_of_another_network_or_format_is_refused(register, how, tmp_path):
    with pytest.raises(ValueError, match="Enrol everybody anew"):
        Register(register.file, **{**how, "network": "fft 128"})
    kept = json.loads(register.file.read_text())
    register.file.write_text(json.dumps({**kept, "format": "other"}))
    with pytest.raises(ValueError, match="has the format 'other'"):
        Register(register.file, **how)
    register.file.write_text(json.dumps({**kept, "people": {"Ann": [3.0, 4.0]}}))
    with pytest.raises(ValueError, match="has not length 1"):
        Register(register.file, **how)


def test_an_empty_register_and_a_wrong_threshold_say_what_to_do(tmp_path, how):
    with pytest.raises(ValueError, match="nobody is enrolled yet"):
        Register(tmp_path / "voices.json", **how).identify([tone(500)])
    with pytest.raises(ValueError, match="threshold is a cosine"):
        Register(tmp_path / "voices.json", **{**how, "threshold": 90})
