import numpy as np
import pytest
from scipy import stats

from speechbook import ablation, bench, corpora
from speechbook.ablation import Row


def rows_of(variant, *shares, seed=0, corpus="fsdd"):
    return [Row(corpus, variant, seed, f"speaker {k}", n, 50, 1000, 1.5) for k, n in enumerate(shares)]


def test_rows_survive_the_file(tmp_path):
    rows = rows_of("lstm", 40, 30) + rows_of("gru", 20, 10, seed=1, corpus="voices")
    file = tmp_path / "measured" / "table.csv"
    ablation.write(rows, file)
    assert ablation.read(file) == rows
    assert [path.name for path in file.parent.iterdir()] == ["table.csv"]


def test_the_interval_is_that_of_a_t_test():
    values = [0.61, 0.72, 0.55, 0.80, 0.66, 0.70]
    oracle = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert ablation.over_speakers(values)[1:] == pytest.approx(tuple(oracle), abs=6e-4)
    with pytest.raises(ValueError, match="at least two speakers, but got 1"):
        ablation.over_speakers([0.5])


def test_seeds_are_averaged_before_speakers_are_compared():
    rows = rows_of("gru", 30, 40, seed=0) + rows_of("gru", 34, 44, seed=1) + rows_of("lstm", 31, 37)
    averaged = ablation.shares(rows, corpus="fsdd", variant="gru")
    assert averaged == pytest.approx({"speaker 0": 0.64, "speaker 1": 0.84})
    gained = ablation.difference(rows, corpus="fsdd", variant="gru", reference="lstm")
    oracle = stats.ttest_rel([0.64, 0.84], [0.62, 0.74]).confidence_interval(0.95)
    assert gained == pytest.approx((0.06, *oracle), abs=6e-4)


def test_each_seed_is_averaged_over_speakers():
    rows = rows_of("gru", 30, 40, seed=1) + rows_of("gru", 34, 44, 0, seed=0) + rows_of("lstm", 31, 37)
    seeds = ablation.by_seed(rows, corpus="fsdd", variant="gru")
    assert list(seeds.items()) == [(0, pytest.approx(78 / 150)), (1, pytest.approx(0.7))]
    line = ablation.table(rows_of("gru", 30, 40, seed=1) + rows, corpus="fsdd").splitlines()[-1]
    assert "52.0 70.0" in line


def test_a_variant_that_was_not_measured_is_named():
    with pytest.raises(ValueError, match="no rows of 'gru' on 'fsdd'"):
        ablation.shares(rows_of("lstm", 1, 2), corpus="fsdd", variant="gru")


def test_zeros_stand_behind_the_clip_or_before_it():
    clips = corpora.load_digits("voices")[:3]
    behind, before = (ablation.inputs(variant, clips) for variant in ("lstm-padded", "lstm-front"))
    for a, b in zip(behind, before, strict=True):
        n_real = int(np.any(a != 0, axis=1).sum())
        np.testing.assert_array_equal(a[:n_real], b[-n_real:])
        assert not a[n_real:].any()
        assert not b[:-n_real].any()


def test_the_command_runs_what_is_missing_and_prints_the_table(tmp_path, monkeypatch, capsys):
    ran = []

    def study(variant, digits, *, seed, folds):
        ran.append((variant, seed, *folds))
        return [row for row in rows_of(variant, 40 + seed, 41, seed=seed, corpus=digits.name) if row.fold in folds]

    monkeypatch.setattr(ablation, "study", study)
    monkeypatch.setattr(corpora.Digits, "folds", lambda digits: [(f"speaker {k}", digits, digits) for k in range(2)])
    monkeypatch.setenv("SPEECHBOOK_CORPUS", "voices")
    file = tmp_path / "table.csv"
    ablation.write(rows_of("lstm", 44, 45, corpus="voices"), file)
    bench.main(["ablation", "--seeds", "2", "--variants", "lstm", "gru", "--file", str(file)])
    everybody = ("speaker 0", "speaker 1")
    assert ran == [(*one, name) for one in [("gru", 0), ("lstm", 1), ("gru", 1)] for name in everybody]
    assert "gru" in capsys.readouterr().out
    rows = ablation.read(file)
    assert len(rows) == 8
    ablation.write(rows[:-1], file)
    bench.main(["ablation", "--seeds", "2", "--variants", "lstm", "gru", "--file", str(file)])
    assert (ran[6:], ablation.read(file)) == ([("gru", 1, "speaker 1")], rows)


def test_the_table_in_the_repository_is_complete():
    rows = ablation.read()
    done = {(row.variant, row.seed) for row in rows if row.corpus == "fsdd"}
    assert {variant for variant, _ in done} == set(ablation.VARIANTS)
    for variant, seed in done:
        own = [row for row in rows if (row.corpus, row.variant, row.seed) == ("fsdd", variant, seed)]
        assert len({row.fold for row in own}) == len(own) == 6
        assert sum(row.clips for row in own) == 3000
