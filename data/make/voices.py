"""The spoken digits: forty-two voices, ten digits, five takes."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import librosa
import numpy as np
from engines import Voice, say

SAMPLE_RATE = 8000
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TAKES = 5
MARKS = (".", "?", "!", ",", "")
US, GB, RP = "American", "British", "British, received pronunciation"
SCOTLAND, LANCASTER, MIDLANDS = "Scottish", "Lancaster", "West Midlands"
NEW_YORK, CARIBBEAN = "New York City", "Caribbean"


def espeak(name: str, language: str, variant: str, accent: str, register: str) -> Voice:
    """Shorten the table below."""
    return Voice(f"espeak-{name}", "espeak-ng", f"{language}+{variant}", accent, register)


# A fold holds all voices that were made from the same recorded person, so that a fold left out is a stranger.
FOLDS = (
    (
        Voice("flite-kal", "flite", "kal16", US, "low", 105),
        Voice("flite-kal-short", "flite", "kal16", US, "high", 165, 1.15),
        Voice("festival-kal", "festival", "kal_diphone", US, "low", 100),
        Voice("festival-kal-long", "festival", "kal_diphone", US, "low", 125, 0.92),
        espeak("gb-linda", "en", "linda", GB, "high"),
        espeak("scot-aunty", "en-gb-scotland", "aunty", SCOTLAND, "high"),
        espeak("rp-belinda", "en-gb-x-rp", "belinda", RP, "high"),
    ),
    (
        Voice("flite-slt", "flite", "slt", US, "high", 185),
        Voice("flite-slt-long", "flite", "slt", US, "low", 145, 0.87),
        Voice("festival-slt", "festival", "cmu_us_slt_arctic_hts", US, "high"),
        Voice("festival-slt-short", "festival", "cmu_us_slt_arctic_hts", US, "high", None, 1.1),
        espeak("us-m1", "en-us", "m1", US, "low"),
        espeak("gb-pablo", "en", "pablo", GB, "low"),
        espeak("lanc-m5", "en-gb-x-gbclan", "m5", LANCASTER, "low"),
    ),
    (
        Voice("flite-awb", "flite", "awb", SCOTLAND, "low", 110),
        Voice("flite-awb-short", "flite", "awb", SCOTLAND, "high", 170, 1.14),
        Voice("flite-awb-long", "flite", "awb", SCOTLAND, "low", 105, 0.91),
        espeak("us-annie", "en-us", "Annie", US, "high"),
        espeak("gb-f3", "en", "f3", GB, "high"),
        espeak("wmid-m3", "en-gb-x-gbcwmd", "m3", MIDLANDS, "low"),
        espeak("rp-m7", "en-gb-x-rp", "m7", RP, "low"),
    ),
    (
        Voice("flite-rms", "flite", "rms", US, "low"),
        Voice("flite-rms-short", "flite", "rms", US, "low", None, 1.17),
        Voice("flite-rms-long", "flite", "rms", US, "low", None, 0.9),
        espeak("us-f4", "en-us", "f4", US, "high"),
        espeak("gb-f1", "en", "f1", GB, "high"),
        espeak("scot-f2", "en-gb-scotland", "f2", SCOTLAND, "high"),
        espeak("nyc-anika", "en-us-nyc", "anika", NEW_YORK, "high"),
    ),
    (
        Voice("festival-ked", "festival", "ked_diphone", US, "low", 105),
        Voice("festival-ked-short", "festival", "ked_diphone", US, "high", 160, 1.15),
        Voice("festival-ked-long", "festival", "ked_diphone", US, "low", 110, 0.91),
        espeak("us-andrea", "en-us", "Andrea", US, "high"),
        espeak("rp-f5", "en-gb-x-rp", "f5", RP, "high"),
        espeak("lanc-steph", "en-gb-x-gbclan", "steph", LANCASTER, "high"),
        espeak("gb-max", "en", "max", GB, "low"),
    ),
    (
        espeak("us-klatt4", "en-us", "klatt4", US, "low"),
        espeak("gb-klatt2", "en", "klatt2", GB, "low"),
        espeak("scot-grandpa", "en-gb-scotland", "grandpa", SCOTLAND, "low"),
        espeak("carib-m2", "en-029", "m2", CARIBBEAN, "low"),
        espeak("us-shelby", "en-us", "shelby", US, "high"),
        espeak("gb-grandma", "en", "grandma", GB, "high"),
        espeak("nyc-rob", "en-us-nyc", "rob", NEW_YORK, "low"),
    ),
)
TEST_FOLDS = (4, 5)


def draw(*parts: object) -> np.random.Generator:
    """Give a random generator that depends on nothing but the parts, so that one clip can be made again alone."""
    digest = hashlib.sha256(" ".join(map(str, parts)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def settings(voice: Voice, digit: int, take: int) -> dict[str, object]:
    """Choose how a clip is spoken and recorded: the five takes of a digit have the five final marks, shuffled."""
    marks = draw(voice.name, digit).permutation(MARKS)
    rng = draw(voice.name, digit, take)
    distance = draw(voice.name).uniform(-32, -24)
    return {
        "mark": str(marks[take]),
        "rate": round(2 ** rng.uniform(-0.3, 0.3), 3),
        "semitones": round(rng.uniform(-2, 2), 2),
        "tract": round(voice.tract * 2 ** rng.uniform(-0.04, 0.04), 3),
        "level": round(distance + rng.uniform(-2, 2), 1),
    }


def record(voice: Voice, digit: int, take: int) -> np.ndarray:
    """Speak one clip and treat it like a telephone recording.

    Returns
    -------
    ndarray of int16, shape (samples,)
        At 8 kHz, silence trimmed (30 dB below the loudest frame, margins of 40 ms), at the level of `settings`
        (RMS in dB of full scale), over a faint steady noise. The resolution is 14 bits, that of a telephone
        converter, so all samples are multiples of 4.
    """
    chosen = settings(voice, digit, take)
    spoken = replace(voice, tract=chosen["tract"])
    text = DIGITS[digit] + chosen["mark"]
    y = say(spoken, text, rate=chosen["rate"], semitones=chosen["semitones"], sample_rate=SAMPLE_RATE)
    return treat(y, level=chosen["level"], rng=draw(voice.name, digit, take, "noise"))


def treat(
    y: np.ndarray, *, level: float, rng: np.random.Generator, bits: int = 14, steps: int = 2, margin: float = 0.04
) -> np.ndarray:
    """Trim and fade a word, set its level (RMS in dB of full scale), add noise of some steps, and round to `bits`."""
    y = fade(trim(y, margin))
    y *= 10 ** (level / 20) / np.sqrt(np.mean(y**2))
    noise = rng.uniform(-steps, steps, len(y))
    return np.round(2 ** (bits - 1) * y + noise).astype(np.int16) * 2 ** (16 - bits)


def trim(y: np.ndarray, margin: float = 0.04) -> np.ndarray:
    """Cut the silence before and after the word."""
    _, (start, end) = librosa.effects.trim(y, top_db=30, frame_length=200, hop_length=80)
    extra = round(margin * SAMPLE_RATE)
    return y[max(0, start - extra) : end + extra]


def fade(y: np.ndarray, seconds: float = 0.01) -> np.ndarray:
    """Let a clip begin and end without a click."""
    ramp = np.linspace(0, 1, round(seconds * SAMPLE_RATE), endpoint=False)
    return y * np.concatenate([ramp, np.ones(len(y) - 2 * len(ramp)), ramp[::-1]])


def all_clips() -> list[tuple[Voice, int, int, int]]:
    """List every clip as (voice, fold, digit, take)."""
    return [
        (voice, fold, digit, take)
        for fold, voices in enumerate(FOLDS)
        for voice in voices
        for digit in range(10)
        for take in range(TAKES)
    ]


def record_all() -> list[np.ndarray]:
    """Make every clip in the order of `all_clips`, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda clip: record(clip[0], *clip[2:]), all_clips()))
