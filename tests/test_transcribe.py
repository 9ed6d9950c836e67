"""``python -m speechbook transcribe``: strings glued from held-out clips, every kind of bad input, and signals."""

import contextlib
import io
import json
import signal
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from speechbook import audio, corpora, frontend, page_model
from speechbook.__main__ import main
from speechbook._page_arithmetic import STEPS, compute
from speechbook._page_format import PageModelError, read_page_model
from speechbook.connected import utterances
from speechbook.digits import DIGIT_NAMES
from speechbook.transcriber_training import ready, train, word_errors
from speechbook.transcription import Transcriber, default_file

MOST_ERRORS = 0.15
STRINGS = [(9, 5, 2), (1, 1, 2, 0), (7,)]
COMMAND = [sys.executable, "-m", "speechbook", "transcribe"]


@pytest.fixture(scope="module", autouse=True)
def trained():
    """The network of this machine, which another test or a chapter may have trained already."""
    return Transcriber.load(ready(progress=False))


@pytest.fixture(scope="module")
def spoken(trained):
    """Three strings of a voice that the network knows and reads right, with pauses of two seconds."""
    known = corpora.load_digits("voices").default_unseen()[0]
    for name in known.speakers:
        said = utterances(known.where(speaker=name), STRINGS, snr_db=None, rng=np.random.default_rng(3))
        y = np.concatenate([part for one in said for part in (one.y, np.zeros(16000, np.float32))])
        if [segment.digits for segment in trained.listen([y], sample_rate=8000)] == ["952", "1120", "7"]:
            return y
    return pytest.fail("not one of the known voices is read without an error")


@pytest.fixture
def wav(spoken, tmp_path):
    path = tmp_path / "strings.wav"
    audio.write_wav(path, spoken, sample_rate=8000)
    return path


def run(capsys, *arguments):
    code = main(["transcribe", *map(str, arguments)])
    done = capsys.readouterr()
    assert "Traceback" not in done.err
    return code, done.out, done.err


@pytest.mark.parametrize("corpus", ["voices", "fsdd"])
def test_strangers_are_understood(corpus):
    if corpus == "fsdd" and corpora.fsdd_path() is None:
        pytest.skip("FSDD is not at hand")
    strangers = corpora.load_digits(corpus).default_unseen()[1]
    assert word_errors(Transcriber.load(), strangers, n_strings=120) < MOST_ERRORS


def test_the_network_knows_neither_strangers_nor_another_front_end():
    header = read_page_model(ready()).header
    assert {name: header["front_end"][name] for name in frontend.SETTINGS} == frontend.SETTINGS
    assert "unseen speakers" in header["measured"]


def test_numpy_computes_what_keras_computes():
    model, rebuilt = read_page_model(ready()), page_model.load_model(ready())
    x = np.random.default_rng(0).uniform(-1, 1, (93, 40)).astype("float32")
    np.testing.assert_allclose(compute(model, x), rebuilt(x[None]).numpy()[0], atol=2e-4)


@pytest.mark.parametrize(
    "settings",
    [
        {"padding": "same", "strides": 1},
        {"padding": "same", "strides": 3},
        {"padding": "valid", "strides": 2},
        {"padding": "causal", "strides": 1, "activation": "tanh"},
    ],
)
@pytest.mark.parametrize("kind", ["last", "all", "both"])
def test_every_step_agrees_with_keras_on_every_length(settings, kind):
    from speechbook._keras import keras

    layers = keras.layers
    keras.utils.set_random_seed(1)
    gru = layers.GRU(5, return_sequences=kind != "last", recurrent_activation="sigmoid")
    parts = [keras.Input((None, 3)), layers.Conv1D(4, 4, **settings), layers.BatchNormalization()]
    parts += [layers.Bidirectional(gru) if kind == "both" else gru, layers.Dense(2, activation="softmax")]
    network = keras.Sequential(parts)
    file = io.BytesIO(page_model.write_page_model(network, labels="ab", weights="float32"))
    for length in (5, 8, 13):
        x = np.random.default_rng(length).standard_normal((length, 3)).astype("float32")
        file.seek(0)
        np.testing.assert_allclose(compute(read_page_model(file), x), network(x[None]).numpy()[0], atol=1e-5)


def test_arithmetic_refuses_what_it_does_not_know():
    from speechbook._keras import keras

    network = keras.Sequential([keras.Input((8, 3)), keras.layers.MaxPooling1D(2)])
    model = read_page_model(io.BytesIO(page_model.write_page_model(network, labels="abc")))
    with pytest.raises(PageModelError, match="MaxPooling1D"):
        compute(model, np.zeros((8, 3)))
    with pytest.raises(ValueError, match=r"\[8, 3\]; got \(9, 3\)"):
        compute(model, np.zeros((9, 3)))
    assert "MaxPooling1D" not in STEPS


@pytest.mark.parametrize(
    ("rate", "ending", "channels"), [(8000, "wav", 1), (44100, "flac", 2), (16000, "ogg", 1), (22050, "mp3", 1)]
)
def test_formats_rates_and_channels_make_no_difference(spoken, tmp_path, capsys, rate, ending, channels):
    y = audio.resample(spoken, orig_sr=8000, target_sr=rate)
    path = tmp_path / f"strings.{ending}"
    soundfile.write(path, np.repeat(y[:, None], channels, axis=1), rate)
    code, out, err = run(capsys, "--digits", path)
    assert (code, out.split(), err) == (0, ["952", "1120", "7"], "")


def test_text_segments_and_json_agree(wav, capsys):
    assert run(capsys, wav) == (0, "nine five two\none one two zero\nseven\n", "")
    lines = [line.split("\t") for line in run(capsys, "--segments", "--digits", wav)[1].splitlines()]
    (facts,) = map(json.loads, run(capsys, "--json", wav)[1].splitlines())
    assert facts["file"] == str(wav)
    assert facts["text"] == "nine five two one one two zero seven"
    for (start, end, digits), segment in zip(lines, facts["segments"], strict=True):
        assert digits == segment["digits"] == "".join(map(str, _numbers(segment["text"])))
        assert abs(float(start) - segment["start"]) < 0.006
        assert abs(float(end) - segment["end"]) < 0.006
        times = [segment["start"], *(word["start"] for word in segment["words"]), segment["end"]]
        assert times == sorted(times)
        assert all(0 < word["probability"] <= 1 for word in segment["words"])


def _numbers(text):
    return [DIGIT_NAMES.index(word) for word in text.split()]


BAD = {
    "missing": (None, "There is no file"),
    "empty": (b"", "is empty"),
    "text": (b"nine five two, said Ann", "not a sound file"),
    "video": (b"\x00\x00\x00\x18ftypisom" + bytes(100), "MP4 or QuickTime video"),
    "header only": (b"RIFF\x24\x00\x00\x00WAVEfmt ", "damaged"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_files_are_named_and_the_others_are_read(kind, wav, tmp_path, capsys):
    content, message = BAD[kind]
    path = tmp_path / "bad.wav"
    if content is not None:
        path.write_bytes(content)
    code, out, err = run(capsys, path, wav)
    assert code == 1
    assert out.splitlines()[0] == f"{wav}: nine five two"
    assert str(path) in err
    assert message in err
    assert len(err.splitlines()) == 1


def test_truncated_folder_and_nan(wav, tmp_path, capsys):
    whole = wav.read_bytes()
    wav.write_bytes(whole[: len(whole) // 2])
    assert run(capsys, wav)[0] == 1
    assert "cut short" in run(capsys, wav)[2]
    assert "is a folder" in run(capsys, tmp_path)[2]
    soundfile.write(tmp_path / "nan.wav", np.array([0.1, np.nan] * 8000), 8000, subtype="FLOAT")
    assert "NaN" in run(capsys, tmp_path / "nan.wav")[2]


@pytest.mark.parametrize("level", [0.0, 1e-3, 0.1])
def test_silence_and_steady_noise_say_nothing_and_are_no_error(level, tmp_path, capsys):
    y = level * np.random.default_rng(0).standard_normal(64000)
    audio.write_wav(tmp_path / "noise.wav", y, sample_rate=16000)
    code, out, err = run(capsys, tmp_path / "noise.wav")
    assert (code, out) == (0, "")
    assert "no digits heard" in err
    assert json.loads(run(capsys, "--json", tmp_path / "noise.wav")[1])["segments"] == []


def test_models_that_cannot_be_used_are_refused(wav, tmp_path, capsys):
    model = bytearray(ready().read_bytes())
    other = tmp_path / "other.sbmodel"
    model[-100] ^= 1
    for content, message in [(bytes(model), "damaged"), (b"RIFF", "no network"), (b"", "no network")]:
        other.write_bytes(content)
        code, out, err = run(capsys, "--model", other, wav)
        assert (code, out) == (1, "")
        assert message in err
    assert "There is no network" in run(capsys, "--model", tmp_path / "none", wav)[2]
    assert "is a folder" in run(capsys, "--model", tmp_path, wav)[2]


@pytest.mark.parametrize(
    ("change", "message"),
    [({"labels": [*"0123456789", "?"]}, "labels"), ({"front_end": {"sample_rate": 16000}}, "sample_rate=16000")],
)
def test_a_network_for_something_else_is_refused(change, message):
    model = read_page_model(ready())
    model.header.update(change)
    with pytest.raises(PageModelError, match=message):
        Transcriber(model)


def test_the_first_call_trains_and_later_ones_do_not(wav, tmp_path, monkeypatch, capsys):
    calls, network = [], ready().read_bytes()

    def quick_training(path, *, progress):
        calls.append(path)
        path.write_bytes(network)
        print("measured")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("speechbook.transcriber_training.train", quick_training)
    with pytest.raises(FileNotFoundError, match="python -m speechbook train"):
        Transcriber.load()
    code, out, err = run(capsys, "--digits", wav)
    assert (code, out.split()) == (0, ["952", "1120", "7"])
    assert err.splitlines() == ["speechbook: training the network first, about a minute, once", "measured"]
    assert run(capsys, "--digits", wav)[2] == ""
    assert calls == [default_file()]
    assert tmp_path in default_file().parents


def test_wrong_commands_exit_with_2():
    for words in ([], ["transcribe"], ["transcribe", "--json", "--segments", "x"], ["sing"]):
        with pytest.raises(SystemExit) as left, contextlib.redirect_stderr(io.StringIO()):
            main(words)
        assert left.value.code == 2


def test_standard_input_works_without_tensorflow(wav):
    script = (
        "import sys; from speechbook.__main__ import main;"
        "code = main(['transcribe', '-']); sys.exit(code or 'tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=wav.read_bytes(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == b"nine five two"
    empty = subprocess.run([*COMMAND, "-"], input=b"", capture_output=True, check=False, text=False)
    assert (empty.returncode, empty.stderr) == (
        1,
        b"speechbook: standard input is empty (0 bytes). Record or download it again.\n",
    )


def test_an_interrupt_ends_it_without_a_traceback():
    heeds = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}  # a job in the background does not
    with subprocess.Popen([*COMMAND, "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, **heeds) as process:
        process.stdin.write(bytes(1 << 20))  # more than a pipe holds: now it reads
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stderr.read() == b"interrupted\n"


def test_a_reader_that_goes_away_is_no_traceback(wav):
    with subprocess.Popen([*COMMAND, *[wav] * 3], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.wait(timeout=20) == 1
        assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory of a process")
def test_three_hours_need_little_memory(spoken, tmp_path):
    path, quiet = tmp_path / "long.flac", np.zeros(8000 * 600, np.int16)
    with soundfile.SoundFile(path, "w", 8000, 1, "PCM_16") as file:
        for _ in range(18):
            file.write(quiet)
        file.write(np.rint(spoken * 32767).astype(np.int16))
    script = (
        "import sys; from speechbook.__main__ import main; main(['transcribe', '--segments', sys.argv[1]]);"
        "print(*(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    *lines, kilobytes = done.stdout.splitlines()
    assert [line.split("\t")[2] for line in lines] == ["nine five two", "one one two zero", "seven"]
    assert 10799.8 <= float(lines[0].split("\t")[0]) < 10801
    assert int(kilobytes) < 400_000  # the samples alone are 345,600 kB


def test_a_training_that_is_stopped_leaves_the_old_network(tmp_path, monkeypatch):
    file = tmp_path / "strings.sbmodel"
    file.write_bytes(b"old")
    monkeypatch.setattr("speechbook.transcriber_training.learn", lambda *a, **k: (None, {"words": [1.0] * 3}))
    with pytest.raises(ValueError, match="stopped after 3 of 10 steps"):
        train(file, steps=10)
    assert file.read_bytes() == b"old"
    assert main(["train", str(tmp_path / "no" / "strings.sbmodel")]) == 1
