"""Python's side of the widgets: what they take, what they refuse, what they send to the page."""

from types import SimpleNamespace

import numpy as np
import pytest

from speechbook.widgets import Quiz, SpectrogramExplorer, load_quiz
from speechbook.widgets.quiz import QUIZZES

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(4000) / 8000)


def explorer(**settings) -> SpectrogramExplorer:
    return SpectrogramExplorer(TONE, sample_rate=8000, **settings)


# --- spectrogram explorer: sounds ----------------------------------------------------------------------------------


def test_samples_cross_as_16_bit_integers_with_their_own_peak():
    loud, faint = np.array([0.0, 1.5, -0.75]), np.array([0.001, -0.002])
    widget = SpectrogramExplorer(clips={"loud": (loud, 8000), "faint": (faint, 16000)})
    integers = np.frombuffer(widget.samples, dtype="<i2")
    assert [clip["label"] for clip in widget.clips] == ["loud", "faint"]
    for clip, y in zip(widget.clips, (loud, faint), strict=True):
        part = integers[clip["offset"] : clip["offset"] + clip["length"]]
        np.testing.assert_allclose(part / 32767 * clip["peak"], y, atol=np.abs(y).max() / 32767)
    assert [clip["sample_rate"] for clip in widget.clips] == [8000, 16000]


def test_silence_is_shown_too():
    widget = SpectrogramExplorer(np.zeros(100), sample_rate=8000)
    assert not any(widget.samples)


def test_clips_of_a_corpus_get_labels_that_differ():
    def clip(**facts):
        return SimpleNamespace(y=TONE, sample_rate=8000, **facts)

    widget = SpectrogramExplorer(
        clips=[
            clip(transcript="seven", digit=7, speaker="theo", take=0),
            clip(transcript="seven", digit=7, speaker="theo", take=0),
            clip(transcript=None, digit=0, speaker="george", take=3),
            clip(),
        ]
    )
    labels = [entry["label"] for entry in widget.clips]
    assert labels == ["seven, theo, take 0", "seven, theo, take 0 (2)", "0, george, take 3", "sound"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "give either one signal"),
        ({"y": TONE, "sample_rate": 8000, "clips": {"a": (TONE, 8000)}}, "give either one signal"),
        ({"y": TONE}, "needs its sample_rate"),
        ({"y": TONE, "sample_rate": 50}, "between 3000 and 192000 Hz, but is 50"),
        ({"y": [], "sample_rate": 8000}, "is empty"),
        ({"y": np.zeros((2, 100)), "sample_rate": 8000}, r"must be mono.*\(2, 100\)"),
        ({"y": [0.0, np.nan], "sample_rate": 8000}, "not finite"),
        ({"y": "seven.wav", "sample_rate": 8000}, "must hold numbers, but its samples are str"),
        ({"y": np.zeros(8000 * 31), "sample_rate": 8000}, r"lasts 31\.0 s; pages hold at most 30 s"),
        ({"clips": {}}, "clips is empty"),
        ({"clips": []}, "clips is empty"),
        ({"clips": {"a": TONE}}, r"'a' must be a pair \(y, sample_rate\)"),
        ({"clips": [TONE]}, "clips must map labels"),
    ],
)
def test_bad_sounds_are_refused_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        SpectrogramExplorer(**arguments)


# --- spectrogram explorer: settings ----------------------------------------------------------------------------------


def test_lengths_follow_when_they_are_not_given():
    assert (explorer(n_fft=256).win_length, explorer(n_fft=256).hop_length) == (256, 64)
    assert explorer(n_fft=256, win_length=200).hop_length == 50


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_fft": 500}, "n_fft must be a power of two from 32 to 8192, but is 500"),
        ({"n_fft": 256, "win_length": 400}, r"win_length must be at most n_fft \(256\), but is 400"),
        ({"win_length": 0}, "win_length must lie between 1 and 8192"),
        ({"hop_length": 0}, "hop_length must lie between 1 and 8192"),
        ({"n_mels": 2}, "n_mels must lie between 8 and 128, but is 2"),
        ({"top_db": 500.0}, "top_db must lie between 20 and 100"),
        ({"scale": "bark"}, "scale must be one of 'linear', 'mel', but is 'bark'"),
    ],
)
def test_bad_settings_are_refused_in_words(settings, message):
    with pytest.raises(ValueError, match=message):
        explorer(**settings)


def test_setting_a_trait_keeps_window_and_fft_together():
    widget = explorer(n_fft=256, win_length=200)
    widget.win_length = 300
    assert widget.n_fft == 512
    widget.n_fft = 128
    assert widget.win_length == 128
    with pytest.raises(ValueError, match="clip must be one of"):
        widget.clip = "another"
    with pytest.raises(ValueError, match="color_map must be one of"):
        widget.color_map = "jet"
    assert widget.selection_time is None


def test_what_the_page_sends_arrives_together():
    widget = explorer(n_fft=256, win_length=200)
    widget.set_state({"n_fft": 128, "win_length": 96, "selection_time": 0.25, "selection_frequency": 440.0})
    assert (widget.n_fft, widget.win_length) == (128, 96)
    assert (widget.selection_time, widget.selection_frequency) == (0.25, 440.0)


def test_the_page_gets_program_and_style():
    state = explorer().get_state()
    assert "export{" in state["_esm"].replace(" ", "")
    assert ".sbw" in state["_css"]


# --- quiz ----------------------------------------------------------------------------------------------------------

GOOD = """
- question: What is $2 + 2$?
  code: print(2 + 2)
  options:
    - {text: "4", right: true, why: It is.}
    - {text: "5", right: false, why: It is not.}
"""


@pytest.fixture
def write(tmp_path):
    def write(text: str):
        (tmp_path / "test.yml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_good_quiz_is_read(write):
    quiz = Quiz("test", folder=write(GOOD))
    assert [option["right"] for option in quiz.questions[0]["options"]] == [True, False]
    assert repr(quiz) == "Quiz(1 questions)"


def test_an_unknown_quiz_names_those_that_exist(write):
    with pytest.raises(FileNotFoundError, match="no quiz 'tset'; quizzes: test"):
        load_quiz("tset", folder=write(GOOD))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must hold a list of questions"),
        ("question: x", "must hold a list of questions"),
        ("- [", "is not valid YAML"),
        ("- hello", "question 1: expected the keys options, question, but found 'hello'"),
        ("- question: x", "question 1: options is missing"),
        (GOOD + "  hint: no", "question 1: hint is not known"),
        (GOOD.replace("What is $2 + 2$?", "''"), "question 1, question: must be text"),
        (GOOD.replace('"4"', "4"), "option 1, text: must be text .* but is 4"),
        (GOOD.replace('"4"', "yes"), "option 1, text: must be text .* but is True"),
        (GOOD.replace("true", '"true"'), "option 1: right must be true or false, but is 'true'"),
        (GOOD.replace("true", "false"), "at least one right and one wrong"),
        (GOOD.replace("false", "true"), "at least one right and one wrong"),
        (GOOD.replace('"5"', '"4"'), "two options have the same text"),
        (GOOD.replace(", why: It is.", ""), "option 1: why is missing"),
        (GOOD.replace('    - {text: "5", right: false, why: It is not.}\n', ""), "list of at least two"),
    ],
)
def test_a_bad_quiz_says_where_and_what(write, text, message):
    with pytest.raises(ValueError, match=message):
        load_quiz("test", folder=write(text))


@pytest.mark.parametrize("path", sorted(QUIZZES.glob("*.yml")), ids=lambda path: path.stem)
def test_every_quiz_of_the_book_is_sound(path):
    assert load_quiz(path.stem)
