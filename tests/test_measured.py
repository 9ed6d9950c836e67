from typing import NamedTuple

import pytest

from speechbook import few_shot, in_noise
from speechbook._measured import Table, command_line, word_error_rate


class Row(NamedTuple):
    speaker: str
    right: int
    seconds: float
    heard: bool


ROWS = [Row("ann, the first", 3, 0.1, True), Row('"bob"', 0, 1e-9, False)]


def test_rows_come_back_as_they_were(tmp_path):
    table, file = Table("rows.csv", Row), tmp_path / "new" / "rows.csv"
    assert table.read(file) == []
    table.write(ROWS, file)
    assert table.read(file) == ROWS
    assert [path.name for path in file.parent.iterdir()] == ["rows.csv"]


def test_an_interruption_leaves_the_old_table(tmp_path):
    def interrupted():
        yield ROWS[0]
        raise KeyboardInterrupt

    table, file = Table("rows.csv", Row), tmp_path / "rows.csv"
    table.write(ROWS, file)
    with pytest.raises(KeyboardInterrupt):
        table.write(interrupted(), file)
    assert table.read(file) == ROWS


@pytest.mark.parametrize("study", [few_shot, in_noise])
def test_the_tables_of_the_book_survive_a_round_trip(study, tmp_path):
    study.write(study.read(), tmp_path / "copy.csv")
    assert (tmp_path / "copy.csv").read_bytes() == study.TABLE.file.read_bytes()


def test_a_rate_pools_words_not_rows():
    class Counts(NamedTuple):
        words: int
        word_errors: int

    assert word_error_rate([Counts(10, 5), Counts(90, 5)]) == pytest.approx(0.1)
    with pytest.raises(ValueError, match="no rows, no word error rate"):
        word_error_rate(())


def test_a_study_s_command_says_what_it_measures_and_completes_its_table(capsys):
    table = Table("rows.csv", Row)
    parser = command_line("ablation", "What each part buys.\n\nAnd more.", table)
    assert parser.parse_args([]).file == table.file
    assert parser.parse_args(["--file", "other.csv"]).file.name == "other.csv"
    with pytest.raises(SystemExit):
        parser.parse_args(["--help"])
    shown = capsys.readouterr().out
    assert shown.startswith("usage: python -m speechbook.bench ablation")
    assert "What each part buys." in shown
    assert "And more." not in shown
