"""What the tests of the spectrogram explorer and of its hosts share."""

import numpy as np

from speechbook.widgets import SpectrogramExplorer

RATE = 8000


def tone(hz: float, *, seconds: float = 1.0, rate: int = RATE) -> np.ndarray:
    return 0.1 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def explorer() -> SpectrogramExplorer:
    clips = {"tone of 1 kHz": (tone(1000), RATE), "high tone": (tone(3000, rate=16000), 16000)}
    return SpectrogramExplorer(clips=clips, n_fft=256, win_length=200, hop_length=80)


def picture_label(page) -> str:
    page.wait_for_timeout(100)
    return page.get_by_role("img").get_attribute("aria-label")


def open_file(page, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file…").click()
    chooser.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
