"""The sound lab in a real browser: recording, what goes wrong with microphones, and that nothing leaves the page."""

import io

import numpy as np
import pytest
import soundfile

from tests.sound_lab_pages import (  # noqa: F401  (fixtures)
    browser,
    drag,
    heap,
    lab,
    label,
    message,
    record,
    saved,
    selection,
    spoken,
)


def likeness(part: np.ndarray, whole: np.ndarray) -> float:
    """Return the highest correlation coefficient of a piece with any piece of a sound that is as long."""
    matched = np.correlate(whole, part, "valid")
    power = np.convolve(whole**2, np.ones(len(part)), "valid")
    return (matched / np.sqrt(np.maximum(power, 1e-3) * np.sum(part**2))).max()


def test_a_recording_is_what_was_said_and_leaves_nothing(show, spoken):  # noqa: F811
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
