"""The sound lab in a real browser: hearing a selection changed, comparing, and taking it away."""

import io
import struct

import librosa
import numpy as np
import pytest
import soundfile

from speechbook.widgets import SoundLab
from tests.sound_lab_pages import (  # noqa: F401  (fixtures)
    LISTEN,
    RATE,
    browser,
    drag,
    lab,
    label,
    loudest_hz,
    message,
    saved,
    selection,
    spoken,
    surface,
    view,
)


def heard(page, settings: dict) -> tuple[float, np.ndarray]:
    page.evaluate("heard.length = 0")
    page.get_by_role("button", name="Play changed").click()
    page.wait_for_function("heard.length === 1")
    page.get_by_role("button", name="Stop").click()
    return page.evaluate("heard[0].seconds"), np.array(page.evaluate("heard[0].samples"))


@pytest.mark.parametrize(
    ("settings", "seconds", "hz"),
    [
        ({"effect": "stretch", "rate": 0.5}, 2.0, 1000),
        ({"effect": "speed", "rate": 0.5}, 2.0, 500),
        ({"effect": "pitch", "n_steps": 12.0}, 1.0, 2000),
        ({"effect": "band", "band_low": 500.0, "band_high": 1500.0}, 1.0, 1000),
        ({"effect": "noise", "snr_db": 20.0}, 1.0, 1000),
        ({"effect": "room", "rt60": 0.5}, 1.5, 1000),
        ({"effect": "telephone"}, 1.0, 1000),
    ],
    ids=lambda value: value.get("effect") if isinstance(value, dict) else None,
)
def test_the_selection_is_heard_changed(show, settings, seconds, hz):
    page = show([lab(selection_start=0.0, selection_end=1.0, **settings)])
    page.evaluate(LISTEN)
    duration, y = heard(page, settings)
    assert duration == pytest.approx(seconds, abs=0.01)
    assert loudest_hz(y, duration) == pytest.approx(hz, rel=0.02)


def test_aliasing_is_heard_without_a_filter_and_not_with_one(show):
    page = show([lab(clip="high", effect="resample", target_sr=4000.0)])
    page.evaluate(LISTEN)
    duration, folded = heard(page, {})
    assert loudest_hz(folded, duration) == pytest.approx(1000, abs=5)
    assert np.abs(folded).max() > 0.15
    page.get_by_role("checkbox", name="Filter first").check()
    _, kept = heard(page, {})
    assert np.abs(kept[2000:-2000]).max() < 0.02


def test_two_sounds_stand_side_by_side(show):
    page = show([lab()])
    page.get_by_label("Compare with").select_option("high")
    assert "MFCC of high" in label(page, 1)
    left, right = surface(page), surface(page, 1)
    assert right["x"] > left["x"] + left["width"]
    page.get_by_role("button", name="Play the other").click()
    page.get_by_role("button", name="Stop").wait_for()
    page.get_by_label("Hear it").select_option("speed")
    page.get_by_label("Compare with").select_option("changed")
    assert view(page, 1) == (0, 4)


def test_what_is_saved_equals_librosa_and_the_python_cell(show, tmp_path, monkeypatch):
    page = show([SoundLab(win_length=400, hop_length=160)])
    page.get_by_label("Sound", exact=True).select_option("Six digits in a row")
    drag(page, 0.2, 0.7)
    y, rate = soundfile.read(io.BytesIO(saved(page, "WAV")))
    start, end = selection(page)
    assert (rate, len(y)) == (RATE, pytest.approx((end - start) * RATE, abs=20))
    page.get_by_text("The same picture in Python").click()
    source = page.locator(".sbw-source code").inner_text()
    names = {}
    monkeypatch.setenv("MPLBACKEND", "agg")
    exec(source, names)
    np.testing.assert_allclose(names["y"], y, atol=1e-4)
    for kind in ("spectrogram", "mel", "mfcc"):
        page.get_by_label("Table of").select_option(kind)
        text = saved(page, "CSV").decode()
        table = np.genfromtxt(io.StringIO(text), delimiter=",", skip_header=1)
        assert text.startswith(f"time_s,{kind}_0,{kind}_1")
        np.testing.assert_allclose(table[:, 0], librosa.times_like(names[kind], sr=RATE, hop_length=160), atol=1e-6)
        difference = np.abs(table[:, 1:].T - names[kind])  # both sides round the samples to 16 bits in their own way
        assert np.median(difference) < 0.05
        assert difference.max() < 1
    png = saved(page, "PNG")
    assert png[:4] == b"\x89PNG"
    assert struct.unpack(">II", png[16:24]) == (2032, 2 * (574 + 46))


def test_the_python_cell_is_copied_or_selected(show):
    page = show([lab(effect="noise")], permissions=["clipboard-read", "clipboard-write"])
    page.get_by_text("The same picture in Python").click()
    page.get_by_role("button", name="Copy").click()
    message(page, "is copied").wait_for()
    assert "augment.add_noise(y, snr_db=10" in page.evaluate("navigator.clipboard.readText()")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    page.get_by_role("button", name="Copy").click()
    message(page, "press Ctrl+C").wait_for()
    assert page.evaluate("getSelection().toString()").startswith("import librosa")
