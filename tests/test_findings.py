"""The table of findings: what it makes of a file, and that its entries fit the files of the book."""

import numpy as np
import pytest
import yaml
from scipy import stats

from speechbook.catalogue import CatalogueError
from speechbook.catalogue.findings import FOLDER, VERDICTS, Finding, load_findings, outcomes
from tests.site import PROJECT

ENTRY = {
    "problem": "strangers",
    "remedy": "more of them",
    "chapter": "book/challenges/fairness",
    "file": "table.csv",
    "right": "correct",
    "of": "clips",
    "over": "seed",
    "rows": {"noise": ["white", "pink"]},
    "before": {"way": "none"},
    "after": {"way": "more"},
}


def table(folder, before, after, *, head="corpus,way,noise,seed,clips,correct"):
    """Write a file whose shares are those given, one a seed, half of the clips in each of two noises."""
    lines = [head]
    for way, shares in (("none", before), ("more", after)):
        for seed, share in enumerate(shares):
            lines += [f"fsdd,{way},white,{seed},100,{share + 5}", f"fsdd,{way},pink,{seed},100,{share - 5}"]
            lines.append(f"fsdd,{way},babble,{seed},100,0")
    (folder / "table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_gain_and_interval_are_those_of_a_paired_test(tmp_path):
    before, after = [50, 60, 55, 70], [61, 66, 70, 75]
    table(tmp_path, before, after)
    (found,) = outcomes(Finding(**ENTRY), folder=tmp_path)
    expected = stats.ttest_rel(after, before).confidence_interval(0.95)
    np.testing.assert_allclose(100 * np.array(found.interval), expected)
    assert (found.corpus, found.verdict) == ("fsdd", "helped")
    assert found.before == pytest.approx(np.mean(before) / 100)
    assert found.after == pytest.approx(np.mean(after) / 100)


@pytest.mark.parametrize(
    ("after", "verdict"),
    [([40, 41, 39], "hurt"), ([60, 61, 59], "helped"), ([40, 61, 52], "not shown"), ([60, 61], "too few")],
)
def test_verdicts(tmp_path, after, verdict):
    table(tmp_path, [50, 50, 51], after)
    (found,) = outcomes(Finding(**ENTRY), folder=tmp_path)
    assert found.verdict == verdict in VERDICTS


def test_errors_count_downwards(tmp_path):
    table(tmp_path, [50, 50, 51], [40, 41, 39])
    entry = {key: value for key, value in ENTRY.items() if key != "right"}
    (found,) = outcomes(Finding(**entry, wrong="correct"), folder=tmp_path)
    assert found.verdict == "helped"
    assert found.after == pytest.approx(0.6)


def test_what_is_not_there_is_passed_over(tmp_path):
    assert outcomes(Finding(**ENTRY), folder=tmp_path) == []
    table(tmp_path, [50, 50, 51], [])
    assert outcomes(Finding(**ENTRY), folder=tmp_path) == []


def test_a_column_that_is_not_there_is_named(tmp_path):
    table(tmp_path, [50], [60], head="corpus,way,noise,seed,clips,right")
    with pytest.raises(CatalogueError, match=r"strangers, more of them: table\.csv has no column correct"):
        outcomes(Finding(**ENTRY), folder=tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"right": None}, "right must be str"),
        ({"wrong": "errors"}, "either right or wrong"),
        ({"file": " "}, "file is empty"),
        ({"gain": 3}, "gain is not known"),
    ],
)
def test_entries_that_do_not_fit_are_refused(tmp_path, change, message):
    file = tmp_path / "findings.yml"
    file.write_text(yaml.safe_dump({"findings": [ENTRY | change]}), encoding="utf-8")
    with pytest.raises(CatalogueError, match=f"finding 1: .*{message}"):
        load_findings(file)


@pytest.mark.parametrize("finding", load_findings(), ids=lambda finding: f"{finding.problem}: {finding.remedy}")
def test_every_entry_is_measured_and_shown(finding):
    assert finding.chapter in PROJECT.pages()
    headings = PROJECT.source(finding.chapter).read_text(encoding="utf-8")
    assert not finding.section or f'"## {finding.section}' in headings
    assert (FOLDER.parent.parent / "data" / "measured" / finding.file).exists()
    found = outcomes(finding)
    assert found
    for outcome in found:
        assert np.isfinite(outcome.gains).all()
        assert outcome.after <= 1
        assert outcome.before <= 1


def test_no_remedy_stands_there_twice():
    keys = [(finding.problem, finding.remedy, finding.chapter) for finding in load_findings()]
    assert len(set(keys)) == len(keys)
