"""What the tests of the recogniser share: a network that knows ten clips by heart, and pages that listen with it."""

from __future__ import annotations

import functools
import io

import numpy as np
import soundfile

from speechbook import corpora, frontend, page_model
from speechbook._keras import keras
from speechbook.publish import networks

RATE = 8000
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@functools.cache
def sounds() -> dict[str, tuple[np.ndarray, int]]:
    """One clip of each digit, by a label that says it."""
    digits = corpora.load_digits("voices")
    spoken = digits.where(speaker=digits.speakers[0])
    return {f"{WORDS[d]}, known voice": (spoken.clips[int(np.argmax(spoken.digit == d))], RATE) for d in range(10)}


@functools.cache
def network() -> keras.Model:
    """Random features of a convolution, and one layer on top that is fitted by least squares."""
    keras.utils.set_random_seed(0)
    layers = keras.layers
    body = [layers.Conv1D(64, 9, activation="relu"), layers.AveragePooling1D(12), layers.Flatten()]
    model = keras.Sequential([keras.Input((100, 40)), *body, layers.Dense(10, activation="softmax")])
    rng = np.random.default_rng(0)
    clips, y = [], []
    for digit, (clip, _) in enumerate(sounds().values()):
        for _ in range(12):
            parts = [np.zeros(rng.integers(0, 1600)), clip, np.zeros(rng.integers(0, 1600))]
            clips.append(np.concatenate(parts) * rng.uniform(0.3, 1))
            clips[-1] = clips[-1] + 10 ** rng.uniform(-4, -2.5) * rng.normal(size=len(clips[-1]))
            y.append(digit)
    clips += [0.1 * rng.normal(size=rng.integers(1000, 9000)) for _ in range(12)]
    wanted = np.vstack([np.eye(10)[y], np.full((12, 10), 0.1)]) - 0.1
    x = frontend.batch(clips, sample_rate=RATE)
    features = np.asarray(keras.Sequential(model.layers[:-1])(x), np.float64)
    kernel = features.T @ np.linalg.solve(features @ features.T + 0.1 * np.eye(len(x)), wanted)
    model.layers[-1].set_weights([10 * kernel, np.linspace(0, 1e-3, 10)])
    return model


@functools.cache
def content() -> bytes:
    """The network's file."""
    settings = {**frontend.SETTINGS, "n_frames": 100}
    return page_model.write_page_model(network(), labels=WORDS, name="digits", front_end=settings, threshold=0.6)


def publish(folder, content: bytes) -> None:
    """Put a network where a page looks for it."""
    networks.write({"digits": content}, folder / "_static" / "models")


def answer(page) -> str:
    return page.locator(".sbw-word").inner_text()


def recognise(page, label: str) -> str:
    page.get_by_label("Or a recording").select_option(label)
    page.get_by_role("button", name="Hear and recognise").click()
    page.locator(".sbw-note").filter(has_text=f"From {label}").wait_for()
    return answer(page)


def requests_of(page) -> list[str]:
    found = []
    page.on("request", lambda request: found.append(request.url))
    return found


def wav(*parts: np.ndarray, rate: int = RATE) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.concatenate(parts), rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def silence(seconds: float) -> np.ndarray:
    return 1e-4 * np.random.default_rng(0).normal(size=round(seconds * RATE))
