"""The study of small devices: its table, and that it goes on where it stopped."""

from functools import cache

import numpy as np
import pytest
from scipy.stats import binomtest

from speechbook import bench, corpora, small_devices
from speechbook.small_devices import Row


@cache
def few_voices(name="voices"):
    return corpora.load_digits("voices")[::30]


def row(network="full", remedy="none", setting=0.0, *, seed=0, correct=90, corpus="voices"):
    return Row(corpus, network, remedy, setting, seed, correct, 100, 1000, 4000, 50_000, 1.5)


def test_rows_survive_the_file(tmp_path):
    rows = [row(), row("tiny", "teacher", seed=1), row(remedy="pruned", setting=0.3)]
    file = tmp_path / "measured" / "table.csv"
    small_devices.write(rows, file)
    assert small_devices.read(file) == rows
    assert [path.name for path in file.parent.iterdir()] == ["table.csv"]


def test_seeds_come_in_order():
    rows = [row(seed=1, correct=80), row(seed=0, correct=90), row("tiny", correct=10)]
    assert small_devices.accuracies(rows, network="full").tolist() == [0.9, 0.8]
    with pytest.raises(ValueError, match=r"nothing was measured with .*huge"):
        small_devices.accuracies(rows, network="huge")


def test_points_pool_seeds_and_keep_settings_apart():
    rows = [
        row(),
        row(seed=1, correct=70),
        row(remedy="pruned", setting=0.3, correct=50),
        row(corpus="fsdd", correct=1),
    ]
    both, pruned = small_devices.points(rows, corpus="voices")
    assert (both.right, both.seeds, both.kilobytes) == (0.8, 2, 4)
    assert (both.low, both.high) == pytest.approx(tuple(binomtest(160, 200).proportion_ci(method="wilson")))
    assert (pruned.right, pruned.seeds) == (0.5, 1)


def test_the_table_averages_seeds():
    text = small_devices.table([row(seed=1, correct=80), row(seed=0), row(corpus="fsdd")], corpus="voices")
    assert text.splitlines()[1].split() == ["full", "none", "0", "85.0", "80.0", "-", "90.0", "4", "0.05"]


def test_the_command_measures_what_is_missing(tmp_path, monkeypatch, capsys):
    """Trainings are left out: the networks stay as they were drawn, and the full one is a tiny one."""
    tiny = small_devices.SMALLER["tiny"]
    monkeypatch.setattr(small_devices, "FULL", tiny)
    monkeypatch.setattr(small_devices, "SMALLER", {"tiny": tiny})
    for name, value in {"BITS": (8, 2), "PRUNED": (1.0,), "RANKS": (0.5,), "RETRAINED": (0.5,)}.items():
        monkeypatch.setattr(small_devices, name, value)
    trained = []

    def train(self, model, recipe, *, seed, teacher=None):
        held = [int((model.weights[place].numpy() == 0).sum()) for place in small_devices.compress.kernel_places(model)]
        trained.append((seed, teacher is not None, sum(held) > 1000))
        return 1.0

    monkeypatch.setattr(small_devices.Study, "_train", train)
    few_voices()
    monkeypatch.setattr(small_devices.corpora, "load_digits", few_voices)
    monkeypatch.setattr(small_devices.costs, "compiled", lambda model: lambda x: np.eye(10)[np.arange(len(x)) % 10])
    file = tmp_path / "table.csv"
    bench.main(["small-devices", "--seeds", "0", "1", "--file", str(file)])
    full = [(0, False, False), (100, False, True), (1, False, False), (101, False, True)]
    students = [(0, False, False), (0, True, False), (1, False, False), (1, True, False)]
    assert trained == [*full, *students]
    rows = small_devices.read(file)
    assert len(rows) == 2 * (1 + 4 + 1 + 1 + 1) + 4 == len({r[:5] for r in rows})
    sizes = {(r.remedy, r.setting): r.bytes for r in rows if r.network == "full"}
    assert sizes["bits a channel", 2] < sizes["bits a channel", 8] < sizes["low rank", 0.5] < sizes["none", 0]
    _, test = few_voices().default_unseen()
    assert {(r.correct, r.clips) for r in rows} == {(int((test.digit == np.arange(len(test)) % 10).sum()), len(test))}
    assert "low rank" in capsys.readouterr().out
    for missing, again in {-1: [(0, False, False), (1, True, False)], 8: [(1, False, False)]}.items():
        small_devices.write([r for r in rows if r != rows[missing]], file)
        trained.clear()
        bench.main(["small-devices", "--seeds", "0", "1", "--file", str(file)])
        assert trained == again
        assert sorted(small_devices.read(file)) == sorted(rows)


def test_the_table_in_the_repository_is_complete():
    rows = small_devices.read()
    assert {r.corpus for r in rows} == set(corpora.CORPORA)
    for corpus in corpora.CORPORA:
        own = small_devices.select(rows, corpus=corpus)
        assert len(own) == len({r[:5] for r in own})
        for remedy, setting in small_devices._remedies():
            found = small_devices.select(own, network="full", remedy=remedy, setting=setting)
            assert sorted(r.seed for r in found) == list(small_devices.SEEDS)
        for name in small_devices.TAUGHT:
            alone, taught = (small_devices.select(own, network=name, remedy=r) for r in ("none", "teacher"))
            assert [r.seed for r in alone] == [r.seed for r in taught]
        assert len({r.clips for r in own}) == 1
        assert np.all([r.correct <= r.clips for r in own])
