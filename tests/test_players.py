import base64
import io
import re

import html5lib
import numpy as np
import pytest
from bs4 import BeautifulSoup
from IPython.core.formatters import DisplayFormatter

from speechbook import audio, players

RATE = 8000
TONE = 0.1 * np.sin(2 * np.pi * 440 * np.arange(3520) / RATE)


def sound_in(shown):
    """The samples that a browser would play."""
    source = BeautifulSoup(shown._repr_html_(), "html.parser").audio["src"]
    kind, _, data = source.partition(",")
    assert kind == "data:audio/wav;base64"
    return audio.read_audio(io.BytesIO(base64.b64decode(data, validate=True)), mono=False, allow_silent=True)


def test_the_sound_in_the_page_is_the_sound():
    y, rate = sound_in(players.player(TONE, sample_rate=RATE, label="A tone", normalised=False))
    assert rate == RATE
    np.testing.assert_allclose(y[0], TONE, atol=1 / 2**15)


def test_quiet_sound_is_raised_to_the_peak():
    y, _ = sound_in(players.player(0.001 * TONE, sample_rate=RATE, label="A tone"))
    np.testing.assert_allclose(y[0], TONE * 0.8 / np.abs(TONE).max(), atol=1 / 2**15)


def test_stereo_is_scaled_as_a_whole():
    y, _ = sound_in(players.player(np.stack([TONE, TONE / 4]), sample_rate=RATE, label="Left and right"))
    np.testing.assert_allclose(np.abs(y).max(axis=-1), [0.8, 0.2], atol=1e-3)


def test_too_loud_is_clipped_where_levels_are_the_point():
    y, _ = sound_in(players.player(30 * TONE, sample_rate=RATE, label="Clipped", normalised=False))
    np.testing.assert_allclose(y[0], np.clip(30 * TONE, -1, 1), atol=1 / 2**14)


def test_silence_stays_silence():
    assert not sound_in(players.player(np.zeros(80), sample_rate=RATE, label="Silence"))[0].any()


def test_jupyter_gets_html_and_a_line_of_text():
    bundle, _ = DisplayFormatter().format(players.player(TONE, sample_rate=RATE, label="A tone"))
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == "♪ A tone (0.44 s)"


def test_a_player_is_valid_html_with_a_name_and_a_transcript():
    shown = players.player(TONE, sample_rate=RATE, label="The digit seven", transcript="seven")
    html = shown._repr_html_()
    parser = html5lib.HTMLParser(strict=True)
    parser.parseFragment(html)
    figure = BeautifulSoup(html, "html.parser").figure
    assert figure["class"] == ["sb-player"]
    assert figure.audio.has_attr("controls")
    assert figure.audio["aria-label"] == "The digit seven, 0.44 seconds"
    assert figure.figcaption.get_text(" ") == "The digit seven “seven”"


def test_labels_and_transcripts_cannot_break_out():
    evil = '"><script>alert(1)</script>&amp;'
    html = players.player(TONE, sample_rate=RATE, label=evil, transcript=evil)._repr_html_()
    soup = BeautifulSoup(html, "html.parser")
    assert soup.script is None
    assert soup.audio["aria-label"].startswith(evil)
    assert evil in soup.figcaption.get_text()


def test_a_grid_holds_its_players_in_order():
    grid = players.players([players.player(TONE, sample_rate=RATE, label=f"Take {take}") for take in range(3)])
    soup = BeautifulSoup(grid._repr_html_(), "html.parser")
    assert soup.div["class"] == ["sb-player-grid"]
    assert [caption.get_text() for caption in soup.select("div > figure > figcaption")] == [
        "Take 0",
        "Take 1",
        "Take 2",
    ]
    assert repr(grid) == "\n".join(f"♪ Take {take} (0.44 s)" for take in range(3))


def test_nothing_is_asked_of_another_host():
    html = players.player(TONE, sample_rate=RATE, label="A tone")._repr_html_()
    assert not re.search(r"https?:|//|<script|<link", html.replace(BeautifulSoup(html, "html.parser").audio["src"], ""))


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ({"label": ""}, "label says"),
        ({"label": None}, "label says"),
        ({"label": 7}, "label says"),
        ({"transcript": 7}, "transcript"),
        ({"sample_rate": 0}, "sample_rate must be"),
        ({"y": []}, "at least one sample"),
        ({"y": [np.nan]}, "NaN"),
        ({"y": np.ones(5, np.int16)}, "int16"),
        ({"y": "sound"}, "floating-point"),
        ({"y": np.zeros((1, 2, 3))}, "channels"),
        ({"y": np.zeros((800, 2))}, "transposed"),
    ],
)
def test_wrong_arguments_are_explained(how, word):
    call = {"y": TONE, "sample_rate": RATE, "label": "A tone"} | how
    with pytest.raises(ValueError, match=word):
        players.player(call.pop("y"), **call)


@pytest.mark.parametrize("items", [["a"], [TONE], None, 3])
def test_a_grid_takes_players_only(items):
    with pytest.raises(ValueError, match=r"a list of what player\(…\) returned"):
        players.players(items)
