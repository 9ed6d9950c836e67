import dataclasses
import re

import numpy as np
import pytest
from scipy import stats

from speechbook import corpora, unseen_speakers
from speechbook.recipe import Recipe
from speechbook.unseen_speakers import Outcome, Row


def rows_of(stage, *correct, seed=0, corpus="fsdd"):
    return [Row(corpus, stage, seed, f"s{k}", n, 50, 1000, 60.0, "steps=9", "Python-3") for k, n in enumerate(correct)]


def test_rows_survive_the_file(tmp_path):
    rows = rows_of("article", 30, 40) + rows_of("average", 45, 46, seed=2, corpus="voices")
    file = tmp_path / "measured" / "table.csv"
    unseen_speakers.write(rows, file)
    assert unseen_speakers.read(file) == rows
    assert [path.name for path in file.parent.iterdir()] == ["table.csv"]


def test_seeds_are_averaged_within_a_speaker():
    rows = rows_of("average", 40, 50) + rows_of("average", 44, 48, seed=1) + rows_of("article", 1, 2)
    assert unseen_speakers.accuracy(rows, corpus="fsdd", stage="average") == pytest.approx({"s0": 0.84, "s1": 0.98})
    assert unseen_speakers.accuracy(rows, corpus="fsdd", stage="warps") == {}


def test_the_table_follows_the_road_and_leaves_what_is_missing_empty():
    rows = rows_of("average", 40, 50) + rows_of("article", 30)
    head, first, second = unseen_speakers.table(rows, corpus="fsdd").splitlines()
    assert head.split()[:4] == ["stage", "mean", "s0", "s1"]
    assert first.split() == ["article", "60.0", "1,000", "60", "1"]
    assert second.split()[:4] == ["average", "90.0", "80.0", "100.0"]


def test_steps_compare_each_speaker_with_himself_over_all_seeds():
    rows = rows_of("article", 20, 30) + rows_of("pictures", 30, 42) + rows_of("pictures", 34, 44, seed=1)
    _, first, second = unseen_speakers.steps(rows, corpus="fsdd").splitlines()
    assert first.split()[:2] == ["article", "50.0"]
    gains = [(30 + 34) / 2 - 20, (42 + 44) / 2 - 30]
    low, high = stats.t.interval(0.95, 1, loc=2 * np.mean(gains), scale=2 * stats.sem(gains))
    assert f"{2 * np.mean(gains):+.1f} [{low:+.1f}, {high:+.1f}]" in second
    assert second.split()[-2:] == ["72.0", "78.0"]


def test_steps_leave_out_stages_that_lack_a_fold():
    rows = rows_of("article", 20, 30) + rows_of("pictures", 30)
    assert len(unseen_speakers.steps(rows, corpus="fsdd").splitlines()) == 2


@pytest.fixture
def tiny(monkeypatch):
    small = Recipe(steps=2, batch_size=4)
    monkeypatch.setattr(unseen_speakers, "EPOCHS", 1)
    plain = dataclasses.replace(small, variation=None, average=0.0, synthetic_share=0.0)
    road = {"network": plain, "first": small}
    monkeypatch.setattr(unseen_speakers, "ROAD", road)
    build = unseen_speakers.models.digit_recogniser
    monkeypatch.setattr(
        unseen_speakers.models, "digit_recogniser", lambda: build(filters=(4, 4), band_filters=8, units=4)
    )


def test_stages_are_trained_and_counted(tiny):
    voices = corpora.load_digits("voices")
    train_on, test = voices.where(take=0)[::5].leave_speakers_out("flite-slt", "festival-kal")
    one = unseen_speakers.measure("network", train_on, test)
    three = unseen_speakers.measure("first", train_on, test, synthetic=voices[:40])
    first = unseen_speakers.measure("pictures", train_on, test)
    outcomes = [*one, *three, *first]
    stages = ["network", "voices", "average", "warps", "pictures"]
    assert [outcome.stage for outcome in outcomes] == stages
    assert all(0 <= outcome.correct <= len(test) and outcome.processor_seconds > 0 for outcome in outcomes)
    assert "variation=None" in one[0].settings
    assert "tract=0.14" in three[0].settings
    with pytest.raises(ValueError, match="no stage 'magic'"):
        unseen_speakers.measure("magic", train_on, test)


def test_one_training_gives_all_its_stages(monkeypatch):
    monkeypatch.setattr(unseen_speakers, "by_recipe", lambda stages, *clips, recipe, **how: [*stages, recipe.blend])
    assert unseen_speakers.measure("best", None, None) == ["blend", "lead", 0.5]
    assert unseen_speakers.measure("voices-best", None, None) == ["voices-blend", "voices-lead", 0.5]
    assert unseen_speakers.measure("lifted", None, None) == ["emphasis", 0.5]
    assert unseen_speakers.measure("variation", None, None) == ["variation", 0.0]


def test_voices_only_is_tested_on_all_of_fsdd_and_not_at_all_without_it():
    voices = corpora.load_digits("voices")
    assert list(unseen_speakers.divisions(voices, "voices-only")) == []
    assert len(list(unseen_speakers.divisions(voices, "best"))) == 6


def test_the_command_measures_what_is_missing_and_prints_the_table(tmp_path, monkeypatch, capsys):
    ran = []

    def measure(stage, train_on, test, *, synthetic, seed):
        ran.append((stage, seed, len(test)))
        names = unseen_speakers.GIVES.get(stage, (stage,))
        return [Outcome(name, len(test) // 2, 1000, 1.0, "steps=1") for name in names]

    monkeypatch.setenv("SPEECHBOOK_CORPUS", "voices")
    monkeypatch.setattr(unseen_speakers, "measure", measure)
    monkeypatch.setattr(unseen_speakers.keras.backend, "clear_session", lambda: ran.append("cleared"))
    file = tmp_path / "table.csv"
    how = ["--stages", "article", "first", "--file", str(file)]
    unseen_speakers.main([*how, "--seeds", "1"])
    assert ran.count("cleared") == 12  # slow where many networks are in memory, so here it is only counted
    assert len(ran) == 24
    unseen_speakers.main([*how, "--seeds", "2"])
    assert len(ran) == 48
    assert {call[1] for call in ran[24:] if call != "cleared"} == {1}
    stages = [row.stage for row in unseen_speakers.read(file)]
    assert {stage: stages.count(stage) for stage in stages} == dict.fromkeys(
        ("article", "voices", "average", "warps"), 12
    )
    assert "average" in capsys.readouterr().out


def test_the_measured_file_of_the_book_can_be_read():
    rows = unseen_speakers.read()
    stages = {row.stage for row in rows}
    assert stages <= {*unseen_speakers.STAGES, *unseen_speakers.ELSEWHERE}
    assert all(0 < row.correct <= row.clips and row.settings and row.versions for row in rows)
    keys = [(row.corpus, row.stage, row.seed, row.fold) for row in rows]
    assert len(keys) == len(set(keys))
    assert np.all([row.parameters <= 250_000 for row in rows])


def test_what_was_tried_is_laid_out_in_columns():
    head, *lines = unseen_speakers.tried().splitlines()
    assert lines
    for line in lines:
        percent, steps, *_ = line.split()
        assert 10 <= float(percent) <= 100
        assert int(steps) >= 100
        assert line[head.index("tested on") - 1] == " "
        assert re.fullmatch(r"[a-z]+(\+[a-z]+)*|each speaker in turn|all of FSDD", line[head.index("tested on") :])
