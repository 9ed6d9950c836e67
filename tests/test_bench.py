import time

import numpy as np
import pytest

from speechbook import bench

CLIPS = [0.1 * np.random.default_rng(seed).standard_normal(1500 + 100 * seed).astype(np.float32) for seed in range(5)]


@pytest.mark.parametrize("comparison", bench.COMPARISONS)
def test_every_comparison_compares_the_same_thing(comparison):
    row = comparison(CLIPS, 8000)
    assert row.difference < 1e-3
    assert min(row.ours + row.theirs) > 0


def test_the_least_time_counts_and_sleep_is_no_work():
    calls = iter([0.03, 0.01])
    row = bench.compare(
        "nap",
        lambda: [time.sleep(0.002) or np.zeros(1)],
        lambda: [time.sleep(next(calls)) or np.full(1, 0.5)],
        peer="a sleeper",
        rounds=2,
    )
    assert 0.01 <= row.theirs.clock < 0.03
    assert row.theirs.processor < 0.01
    assert row.difference == 0.5
    assert f"{row.theirs.clock / row.ours.clock:.1f} x" in bench.table([row])


def test_results_that_do_not_correspond_are_an_error():
    with pytest.raises(ValueError, match="zip"):
        bench.compare("odd", lambda: [np.zeros(1)], lambda: [], peer="nobody")


def test_the_command_prints_a_table(capsys):
    bench.main(["--clips", "12"])
    out = capsys.readouterr().out
    assert "12 clips of" in out
    assert "MFCC" in out
    assert "log-mel" in out
