"""The sound lab in a real browser: mouse, touch, keys, a microphone, files of all kinds, nothing leaves the page."""

import io
import re
import struct
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile

from speechbook.widgets import SoundLab
from tests.browser import CHROMIUM_ARGUMENTS, find_chromium

ROOT = Path(__file__).resolve().parent.parent
RATE = 16000
LISTEN = """() => {
    const start = AudioBufferSourceNode.prototype.start;
    window.heard = [];
    AudioBufferSourceNode.prototype.start = function (...rest) {
        window.heard.push({ seconds: this.buffer.duration, samples: Array.from(this.buffer.getChannelData(0)) });
        return start.apply(this, rest);
    };
}"""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory) -> Path:
    """What the fake microphone hears: six digits."""
    y, sample_rate = soundfile.read(ROOT / "data" / "clips" / "digits.flac")
    path = tmp_path_factory.mktemp("microphone") / "digits.wav"
    soundfile.write(path, y, sample_rate)
    return path


@pytest.fixture(scope="module")
def browser(spoken):
    """Chromium whose microphone plays the file `spoken` over and over, and that never asks for leave to use it."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    microphone = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}",
    ]
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=path,
            headless=True,
            args=[*CHROMIUM_ARGUMENTS, "--js-flags=--expose-gc", "--enable-precise-memory-info", *microphone],
        )
        yield chromium
        chromium.close()


def tone(hz: float, *, seconds: float = 1.0, rate: int = RATE) -> np.ndarray:
    return 0.2 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def lab(**settings) -> SoundLab:
    """Return a lab with a tone of 1 kHz whose second half is silent, and another tone."""
    y = tone(1000, seconds=2)
    y[RATE:] = 0
    widget = SoundLab(clips={"a tone": (y, RATE), "high": (tone(3000), RATE)}, win_length=400, hop_length=160)
    for name, value in settings.items():
        setattr(widget, name, value)
    return widget


def picture(page, number: int = 0):
    return page.get_by_role("img").nth(number)


def label(page, number: int = 0) -> str:
    page.wait_for_timeout(150)
    return picture(page, number).get_attribute("aria-label")


def reading(page) -> str:
    page.wait_for_timeout(100)
    return page.locator(".sbw-lab > .sbw-reading").inner_text()


def selection(page) -> tuple[float, float]:
    return tuple(map(float, re.match(r"Selected: ([\d.]+) to ([\d.]+) s", reading(page)).groups()))


def view(page, number: int = 0) -> tuple[float, float]:
    return tuple(map(float, re.search(r": ([\d.]+) to ([\d.]+) s of", label(page, number)).groups()))


def surface(page, number: int = 0) -> dict:
    area = page.locator(".sbw-surface").nth(number)
    area.scroll_into_view_if_needed()
    return area.bounding_box()


def drag(page, start: float, end: float) -> None:
    box = surface(page)
    y = box["y"] + 120
    page.mouse.move(box["x"] + start * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + (start + end) / 2 * box["width"], y + 5)
    page.mouse.move(box["x"] + end * box["width"], y)
    page.mouse.up()


def message(page, text: str):
    return page.locator(".sbw-message").filter(has_text=text)


def choose_file(page, file) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file…").click()
    chooser.value.set_files(file)


def open_bytes(page, name: str, content: bytes) -> None:
    choose_file(page, {"name": name, "mimeType": "application/octet-stream", "buffer": content})


def sound_file(y: np.ndarray, rate: int, kind: str = "WAV") -> bytes:
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, 1 if y.ndim == 1 else y.shape[1], format=kind) as sound:
        for start in range(0, len(y), rate):  # libsndfile crashes when Vorbis gets too much at once
            sound.write(y[start : start + rate])
    return file.getvalue()


def saved(page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes()


def record(page, *, seconds: float) -> None:
    page.get_by_role("button", name="Record").click()
    page.locator(".sbw-level").wait_for()
    page.wait_for_timeout(1000 * seconds)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function("document.querySelector('select').value.startsWith('Recording')")


# --- seeing --------------------------------------------------------------------------------------------------------


def test_the_pictures_say_what_they_show(show):
    page = show([lab()])
    assert "Waveform, spectrogram, mel spectrogram and MFCC of a tone: 0.00 to 2.00 s of 2.00 s" in label(page)
    assert "40 mel bands, 13 coefficients" in label(page)
    colours = page.evaluate(
        """() => {
            const canvas = document.querySelector(".sbw-picture");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )
    assert colours > 100


def test_what_python_set_is_shown(show):
    page = show([lab(selection_start=0.5, selection_end=0.75, n_mels=20, effect="telephone", compare="changed")])
    assert selection(page) == (0.5, 0.75)
    assert "20 mel bands" in label(page)
    assert "Over the telephone: a tone" in label(page, 1)
    assert page.get_by_label("Hear it").input_value() == "telephone"


def test_settings_have_librosas_names_and_follow_each_other(show):
    page = show([lab()])
    page.get_by_text("Settings of the pictures").click()
    for name in ("n_fft", "win_length", "hop_length", "n_mels", "n_mfcc", "fmin", "fmax", "top_db"):
        assert page.locator(".sbw-panel code").get_by_text(name, exact=True).count() == 1
    page.get_by_label("FFT size").select_option("256")
    assert page.get_by_role("slider", name="Window").get_attribute("aria-valuetext") == "256 (16 ms)"
    assert "FFT of 256 points" in label(page)
    bands = page.get_by_role("slider", name="Mel bands n_mels")
    bands.focus()
    page.keyboard.press("Home")
    assert "8 mel bands, 8 coefficients" in label(page)


# --- selecting and zooming -------------------------------------------------------------------------------------------


def test_the_mouse_selects_and_zooms(show):
    page = show([lab()])
    drag(page, 0.25, 0.5)
    start, end = selection(page)
    assert (start, end) == (pytest.approx(0.5, abs=0.02), pytest.approx(1.0, abs=0.02))
    page.get_by_role("button", name="Zoom to selection").click()
    assert view(page) == (pytest.approx(0.49, abs=0.03), pytest.approx(1.01, abs=0.03))
    page.get_by_role("button", name="Show all").click()
    assert view(page) == (0, 2)
    box = surface(page)
    page.mouse.click(box["x"] + 10, box["y"] + 50)
    assert "Drag across" in reading(page)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 50)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    start, end = view(page)
    assert end - start < 1.5
    assert (start + end) / 2 == pytest.approx(1, abs=0.03)


def test_a_selection_dragged_backwards_is_the_same(show):
    page = show([lab()])
    drag(page, 0.8, 0.3)
    assert selection(page) == (pytest.approx(0.6, abs=0.02), pytest.approx(1.6, abs=0.02))


def test_the_keyboard_selects_zooms_moves_and_plays(show):
    page = show([lab()])
    page.evaluate(LISTEN)
    area = page.get_by_role("application").first
    area.focus()
    page.keyboard.press("Home")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    assert selection(page) == (0, pytest.approx(0.2, abs=0.001))
    page.keyboard.press("Enter")
    page.wait_for_function("heard.length === 1")
    assert page.evaluate("heard[0].seconds") == pytest.approx(0.2, abs=0.01)
    page.keyboard.press("Escape")
    assert "Drag across" in reading(page)
    page.keyboard.press("+")
    page.keyboard.press("+")
    start, end = view(page)
    assert end - start == pytest.approx(2 / 1.5**2, abs=0.02)
    page.keyboard.press("PageDown")
    assert view(page)[0] > start
    page.keyboard.press("0")
    assert view(page) == (0, 2)
    assert area.get_attribute("data-lm-suppress-shortcuts") == "true"


def test_fingers_select_and_pinch(show):
    page = show([lab()], width=360, height=800, touch=True)
    box = surface(page)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *shares: float) -> None:
        y = box["y"] + 60
        points = [{"x": box["x"] + share * box["width"], "y": y, "id": i} for i, share in enumerate(shares)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0.25)
    for share in (0.3, 0.4, 0.5):
        touch("touchMove", share)
    touch("touchEnd")
    assert selection(page) == (pytest.approx(0.5, abs=0.03), pytest.approx(1.0, abs=0.03))
    touch("touchStart", 0.4)
    touch("touchStart", 0.4, 0.6)
    for spread in (0.15, 0.2, 0.3):
        touch("touchMove", 0.5 - spread, 0.5 + spread)
    touch("touchEnd")
    start, end = view(page)
    assert end - start == pytest.approx(2 / 3, rel=0.1)
    assert (start + end) / 2 == pytest.approx(1, abs=0.1)


# --- hearing -------------------------------------------------------------------------------------------------------


def heard(page, settings: dict) -> tuple[float, np.ndarray]:
    page.evaluate("heard.length = 0")
    page.get_by_role("button", name="Play changed").click()
    page.wait_for_function("heard.length === 1")
    page.get_by_role("button", name="Stop").click()
    return page.evaluate("heard[0].seconds"), np.array(page.evaluate("heard[0].samples"))


def loudest_hz(y: np.ndarray, seconds: float) -> float:
    return np.abs(np.fft.rfft(y * np.hanning(len(y)))).argmax() / seconds


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


# --- taking away ---------------------------------------------------------------------------------------------------


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


def likeness(part: np.ndarray, whole: np.ndarray) -> float:
    """Return the highest correlation coefficient of a piece with any piece of a sound that is as long."""
    matched = np.correlate(whole, part, "valid")
    power = np.convolve(whole**2, np.ones(len(part)), "valid")
    return (matched / np.sqrt(np.maximum(power, 1e-3) * np.sum(part**2))).max()


# --- the microphone ------------------------------------------------------------------------------------------------


def test_a_recording_is_what_was_said_and_leaves_nothing(show, spoken):
    page = show([lab()], expected=["Content.Security", "Failed to fetch", "Refused to connect", "example.org"])
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("websocket", lambda socket: requests.append(socket.url))
    record(page, seconds=3)
    y, _ = soundfile.read(io.BytesIO(saved(page, "WAV")))
    truth, _ = soundfile.read(spoken)
    assert max(likeness(part, truth) for part in np.split(y[: 6 * 6400], 6)) > 0.98
    saved(page, "PNG")
    saved(page, "CSV")
    page.get_by_label("Hear it").select_option("noise")
    page.get_by_label("Compare with").select_option("changed")
    page.get_by_role("button", name="Play changed").click()
    assert [url for url in requests if not url.startswith("blob:")] == []
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    assert page.evaluate("indexedDB.databases()") == []
    refused = "fetch('https://example.org').then(() => 'sent', () => 'refused')"
    assert page.evaluate(refused) == "refused"


def test_pictures_scroll_while_recording(show):
    page = show([lab()])
    page.evaluate(
        """() => {
            const next = requestAnimationFrame.bind(window);
            window.work = [];
            window.requestAnimationFrame = (action) => next((time) => {
                const start = performance.now();
                action(time);
                work.push(performance.now() - start);
            });
        }"""
    )
    page.get_by_role("button", name="Record").click()
    page.locator(".sbw-level").wait_for()
    page.get_by_text("It stays in this page: nothing is sent or stored").wait_for()
    page.wait_for_timeout(600)
    pixels = "document.querySelector('.sbw-picture').toDataURL()"
    before = page.evaluate(pixels)
    page.evaluate("work.length = 0")
    page.wait_for_timeout(1200)
    assert page.evaluate(pixels) != before
    work = page.evaluate("work")
    print(
        "{} frames in 1.2 s; work: median {:.1f} ms, 95th percentile {:.1f} ms".format(
            len(work), *np.percentile(work, [50, 95])
        )
    )
    assert len(work) > 20
    assert np.median(work) < 16
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function("document.querySelector('select').value === 'Recording 1'")


def test_only_the_last_two_recordings_are_kept(show):
    page = show([lab()])
    for _ in range(3):
        record(page, seconds=0.3)
    assert page.locator("select").first.locator("option").all_inner_texts() == [
        "a tone",
        "high",
        "Recording 2",
        "Recording 3",
    ]


def test_a_recording_that_is_forgotten_ends_by_itself(show):
    page = show([lab()])
    page.evaluate(
        """() => {
            window.AudioWorkletNode = class extends GainNode {
                constructor(context) {
                    super(context);
                }
                port = {
                    postMessage() {},
                    set onmessage(listener) {
                        const hear = () => listener({ data: new Float32Array(512).fill(0.1) });
                        const blocks = (2 * 3600 * 48000) / 512;
                        let sent = 0;
                        const timer = setInterval(() => {
                            for (let i = 0; i < 200; i++) if (sent++ < blocks) hear();
                            if (document.querySelector("select").value === "Recording 1") clearInterval(timer);
                        });
                    },
                };
            };
        }"""
    )
    page.get_by_role("button", name="Record").click()
    message(page, "A recording lasts at most 30 s here; this one was stopped.").wait_for(timeout=20000)
    assert "of Recording 1: 0.00 to 30.00 s of 30.00 s" in label(page)
    assert heap(page) < 100e6


def test_an_unplugged_microphone_keeps_what_was_recorded(show):
    page = show([lab()])
    page.evaluate(
        """() => {
            const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = async (wish) => (window.stream = await open(wish));
        }"""
    )
    page.get_by_role("button", name="Record").click()
    page.locator(".sbw-level").wait_for()
    page.wait_for_timeout(500)
    page.evaluate("stream.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
    message(page, "was unplugged or switched off. What was recorded until then is kept").wait_for()
    assert "of Recording 1" in label(page)
    assert page.evaluate("stream.getAudioTracks()[0].readyState") == "ended"


@pytest.mark.parametrize(
    ("sabotage", "text"),
    [
        ("navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'))", "No mic"),
        (
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))",
            "may not use the microphone. Allow it",
        ),
        (
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotReadableError'))",
            "another program may hold it",
        ),
        ("delete window.AudioWorkletNode", "cannot record in a page (it has no AudioWorklet)"),
        ("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})", "open this page by HTTPS"),
    ],
    ids=["none", "refused", "busy", "no worklet", "insecure"],
)
def test_without_a_microphone_it_says_why_and_goes_on(show, sabotage, text):
    page = show([lab()])
    page.evaluate(f"() => {{ {sabotage} }}")
    page.get_by_role("button", name="Record").click()
    message(page, text).wait_for()
    assert page.get_by_role("button", name="Record").is_visible()
    drag(page, 0.2, 0.4)
    assert selection(page)[0] == pytest.approx(0.4, abs=0.02)


def test_a_question_that_is_not_answered_can_be_given_up(show):
    page = show([lab()])
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => new Promise(() => {}); }")
    page.get_by_role("button", name="Record").click()
    message(page, "the browser may ask").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Record").wait_for()
    assert "of a tone" in label(page)


# --- files ---------------------------------------------------------------------------------------------------------


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


def heap(page) -> int:
    """Bytes of JavaScript's memory, typed arrays among them."""
    return page.evaluate("() => { gc(); return performance.memory.usedJSHeapSize; }")


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


# --- everybody -----------------------------------------------------------------------------------------------------


def test_what_cannot_be_done_to_a_sound_says_so(show):
    slow = SoundLab(tone(300, rate=4000), sample_rate=4000, label="slow")
    slow.effect, slow.compare = "telephone", "changed"
    page = show([slow])
    message(page, "the band must satisfy 0 < low < high < 2000 Hz").wait_for()
    assert "MFCC of slow" in label(page)
    page.get_by_label("Hear it").select_option("speed")
    assert "Slower or faster, pitch too: slow" in label(page, 1)


def test_it_works_where_nothing_may_be_stored(show):
    page = show([lab()])
    forbid = "get() { throw new DOMException('', 'SecurityError') }"
    page.add_init_script(
        f"for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])"
        f" Object.defineProperty(window, name, {{ {forbid} }});"
    )
    page.reload()
    record(page, seconds=0.3)
    assert "of Recording 1" in label(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(show, theme):
    page = show([lab(effect="resample", compare="changed", selection_start=0.2, selection_end=0.9)], theme=theme)
    page.get_by_text("The same picture in Python").click()
    page.get_by_text("Settings of the pictures").click()
    page.wait_for_timeout(300)
    assert show.axe() == []


@pytest.mark.parametrize("width", [320, 360, 700, 1280])
def test_nothing_is_wider_than_the_screen(show, width):
    page = show([lab(effect="room", compare="changed")], width=width)
    page.get_by_text("The same picture in Python").click()
    page.get_by_text("Settings of the pictures").click()
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_controls_are_large_enough_for_fingers(show):
    page = show([lab(effect="resample")], width=360, touch=True)
    page.get_by_text("Settings of the pictures").click()
    small = page.evaluate(
        """() => ["button", "select", "input[type=range]", ".sbw-check", "summary"]
            .flatMap((kind) => [...document.querySelectorAll(`.sbw ${kind}`)])
            .filter((element) => element.offsetParent && element.getBoundingClientRect().height < 44)
            .map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert small == []
