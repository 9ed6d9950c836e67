"""The sound lab in a real browser: files of all kinds, and a memory that stays bounded."""

import io
import struct

import numpy as np
import pytest
import soundfile

from tests.sound_lab_pages import (  # noqa: F401  (fixtures)
    RATE,
    browser,
    choose_file,
    heap,
    lab,
    label,
    loudest_hz,
    message,
    open_bytes,
    saved,
    sound_file,
    spoken,
    tone,
)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("empty.wav", b"", "empty.wav is empty (0 bytes). Choose another file."),
        ("notes.txt", b"to whom it may concern", "notes.txt is not audio that this browser can decode"),
    ],
)
def test_files_that_are_no_sound_say_so(show, name, content, text):
    page = show([lab()])
    open_bytes(page, name, content)
    message(page, text).wait_for()
    assert "of a tone" in label(page)


def test_a_stereo_file_of_96_khz_becomes_mono_of_16_khz(show):
    page = show([lab()])
    y = np.stack([tone(500, rate=96000), tone(700, rate=96000)], axis=1)
    open_bytes(page, "studio.wav", sound_file(y, 96000))
    message(page, "2 channels were mixed to one; 96000 Hz became 16000 Hz.").wait_for()
    assert "of File: studio.wav: 0.00 to 1.00 s of 1.00 s, 0 to 8000 Hz" in label(page)


def test_of_a_recording_of_three_hours_the_beginning_is_read(show, tmp_path):
    page = show([lab()])
    rate, seconds = 44100, 3 * 3600
    size = 4 * rate * seconds
    with open(tmp_path / "meeting.wav", "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", size + 36) + b"WAVEfmt ")
        file.write(struct.pack("<IHHIIHH", 16, 1, 2, rate, 4 * rate, 4, 16) + b"data" + struct.pack("<I", size))
        stereo = np.repeat(tone(300, seconds=5, rate=rate)[:, None], 2, axis=1)
        file.write((32767 * stereo).astype("<i2").tobytes())
        file.truncate(size + 44)
    choose_file(page, tmp_path / "meeting.wav")
    message(page, "meeting.wav lasts 3 h 0 min; only its first 30 s are used.").wait_for(timeout=15000)
    assert "30.00 s" in label(page)
    assert heap(page) < 60e6


@pytest.mark.parametrize("kind", ["mp3", "ogg", "flac"])
def test_of_long_compressed_files_the_beginning_is_read(show, tmp_path, kind):
    page = show([lab()], expected=["^failed blob:"])  # how long it lasts is asked of a player that then stops loading
    rng = np.random.default_rng(0)
    y = np.tile(0.1 * rng.standard_normal(10 * RATE), 40)
    (tmp_path / f"talk.{kind}").write_bytes(sound_file(y, RATE, kind.upper()))
    choose_file(page, tmp_path / f"talk.{kind}")
    message(page, "lasts 7 min; only its first 30 s are used").wait_for(timeout=20000)
    assert "30.00 s" in label(page)
    assert heap(page) < 60e6


def test_a_video_gives_its_sound(show):
    page = show([lab()])
    video = page.evaluate(
        """async () => {
            const context = new AudioContext();
            const source = new OscillatorNode(context, { frequency: 800 });
            const target = context.createMediaStreamDestination();
            source.connect(target);
            source.start();
            const canvas = document.createElement("canvas");
            const drawing = canvas.getContext("2d");
            setInterval(() => drawing.fillRect(0, 0, 300 * Math.random(), 150), 30);
            const stream = new MediaStream([...canvas.captureStream(30).getTracks(), ...target.stream.getTracks()]);
            const recorder = new MediaRecorder(stream, { mimeType: "video/webm" });
            const parts = [];
            recorder.ondataavailable = ({ data }) => parts.push(data);
            const done = new Promise((resolve) => (recorder.onstop = resolve));
            recorder.start();
            await new Promise((resolve) => setTimeout(resolve, 1500));
            recorder.stop();
            await done;
            return Array.from(new Uint8Array(await new Blob(parts).arrayBuffer()));
        }"""
    )
    open_bytes(page, "clip.webm", bytes(video))
    page.get_by_role("img", name="of File: clip.webm").wait_for()
    y, rate = soundfile.read(io.BytesIO(saved(page, "WAV")))
    middle = y[len(y) // 4 : 3 * len(y) // 4]
    assert loudest_hz(middle, len(middle) / rate) == pytest.approx(800, abs=10)


def test_the_measure_of_memory_sees_typed_arrays(show):
    page = show([lab()])
    before = heap(page)
    page.evaluate("() => { window.large = new Float32Array(5e6).fill(1); }")
    assert heap(page) - before == pytest.approx(20e6, rel=0.2)


def test_memory_stays_bounded_whatever_is_opened(show):
    page = show([lab()])
    for number in range(6):
        open_bytes(page, f"{number}.wav", sound_file(tone(300, seconds=35), RATE))
        page.get_by_role("img", name=f"of File: {number}.wav").wait_for()
    page.get_by_text("Settings of the pictures").click()
    page.get_by_label("FFT size").select_option("2048")
    page.get_by_label("Compare with").select_option("File: 4.wav")
    page.get_by_role("img", name="of File: 4.wav").wait_for()
    assert page.locator("select").first.locator("option").count() == 4
    assert heap(page) < 100e6
