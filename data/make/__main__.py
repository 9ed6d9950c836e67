"""Make the embedded sounds and their manifests: ``python data/make`` (or ``make corpus``).

``python data/make --check`` makes them again in memory and compares them with the manifests. The same versions of the
engines, NumPy, librosa and soxr give the same samples; the FLAC files may differ in their bytes with another libFLAC.
"""

from __future__ import annotations

import csv
import hashlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import clips
import engines
import languages
import numpy as np
import soundfile as sf
import voices

DATA = Path(__file__).resolve().parent.parent
COLUMNS = [
    "file",
    "sha256",
    "pcm_sha256",
    "transcript",
    "digit",
    "speaker",
    "take",
    "engine",
    "engine_version",
    "base",
    "accent",
    "register",
    "settings",
    "fold",
    "split",
    "seconds",
    "licence",
]
LICENCE = "CC0-1.0"


def main(arguments: list[str]) -> int:
    """Run the command."""
    faults = 0
    for corpus in CORPORA:
        started = time.monotonic()
        rows, contents = corpus.make()
        print(f"made {len(rows)} clips in {time.monotonic() - started:.0f} s")
        faults += corpus.compare(rows) if "--check" in arguments else corpus.write(rows, contents)
    return min(faults, 1)


@dataclass(frozen=True)
class Corpus:
    """Some folders of clips with their manifest.

    Attributes
    ----------
    manifest : str
        File name below ``data``.
    columns : list of str
        Of the manifest.
    folders : tuple of str
        Below ``data``; only they are written to.
    make : callable
        Makes every clip; gives the manifest's rows and the FLAC files' contents.
    """

    manifest: str
    columns: list[str]
    folders: tuple[str, ...]
    make: Callable[[], tuple[list[dict], list[bytes]]]

    def write(self, rows: list[dict], contents: list[bytes]) -> int:
        """Replace the files and the manifest."""
        for folder in self.folders:
            (DATA / folder).mkdir(exist_ok=True)
            for old in (DATA / folder).glob("*.flac"):
                old.unlink()
        for row, flac in zip(rows, contents, strict=True):
            (DATA / row["file"]).write_bytes(flac)
        with open(DATA / self.manifest, "w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, self.columns, lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
        for folder in self.folders:
            chosen = [i for i, row in enumerate(rows) if row["file"].startswith(folder)]
            size = sum(len(contents[i]) for i in chosen)
            total = sum(float(rows[i]["seconds"]) for i in chosen)
            print(f"data/{folder}: {len(chosen)} clips, {total:.1f} s, {size / 1e6:.2f} MB")
        return 0

    def compare(self, rows: list[dict]) -> int:
        """Say which clips differ in their samples from the manifest."""
        with open(DATA / self.manifest, newline="", encoding="utf-8") as file:
            kept = {row["file"]: row["pcm_sha256"] for row in csv.DictReader(file)}
        differing = [row["file"] for row in rows if kept.get(row["file"]) != row["pcm_sha256"]]
        print(f"{len(rows) - len(differing)} of {len(rows)} clips have the samples of the manifest")
        print(*(f"differs: {name}" for name in differing[:5]), sep="\n")
        return len(differing)


def measured(samples: np.ndarray, sample_rate: int, flac: bytes) -> dict[str, str]:
    """Give the columns that follow from the sound itself."""
    return {
        "sha256": hashlib.sha256(flac).hexdigest(),
        "pcm_sha256": hashlib.sha256(samples.astype("<i2").tobytes()).hexdigest(),
        "seconds": f"{len(samples) / sample_rate:.4f}",
        "licence": LICENCE,
    }


def make_english() -> tuple[list[dict], list[bytes]]:
    """Make the English digits and the listening clips."""
    found = engines.versions()
    rows, contents = [], []

    def add(samples: np.ndarray, sample_rate: int, voice: engines.Voice | None, **facts: object) -> None:
        flac = encode(samples, sample_rate)
        made_by = {name: getattr(voice, name) for name in ("engine", "base", "accent", "register")} if voice else {}
        made_by["engine_version"] = found.get(made_by.get("engine"), "")
        rows.append(dict.fromkeys(COLUMNS, "") | made_by | measured(samples, sample_rate, flac) | facts)
        contents.append(flac)

    for (voice, fold, digit, take), samples in zip(voices.all_clips(), voices.record_all(), strict=True):
        chosen = voices.settings(voice, digit, take)
        add(
            samples,
            voices.SAMPLE_RATE,
            voice,
            file=f"voices/{digit}_{voice.name}_{take}.flac",
            transcript=voices.DIGITS[digit],
            digit=digit,
            speaker=voice.name,
            take=take,
            settings=" ".join(f"{name}={value}" for name, value in chosen.items()),
            fold=fold,
            split="test" if fold in voices.TEST_FOLDS else "train",
        )
    for name, sound in clips.SOUNDS.items():
        add(
            clips.make(sound),
            clips.SAMPLE_RATE,
            sound.voice,
            file=f"clips/{name}.flac",
            transcript=sound.transcript,
            speaker=sound.voice.name if sound.voice else "",
            settings=sound.description,
        )
    return rows, contents


def make_languages() -> tuple[list[dict], list[bytes]]:
    """Make the digits in ten languages."""
    version = engines.versions()["espeak-ng"]
    rows, contents, spoken = [], [], {}
    for word, samples in zip(languages.all_words(), languages.record_all(), strict=True):
        flac = encode(samples, voices.SAMPLE_RATE)
        row = languages.facts(word) | measured(samples, voices.SAMPLE_RATE, flac) | {"engine_version": version}
        key = row["language"], row["transcript"]
        if key not in spoken:
            spoken[key] = languages.phones(languages.LANGUAGES[word.language], row["transcript"])
        rows.append(row | {"phones": spoken[key]})
        contents.append(flac)
    return rows, contents


def encode(samples: np.ndarray, sample_rate: int) -> bytes:
    """Compress samples as FLAC."""
    buffer = BytesIO()
    sf.write(buffer, samples, sample_rate, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


CORPORA = (
    Corpus("manifest.csv", COLUMNS, ("voices", "clips"), make_english),
    Corpus("languages.csv", languages.COLUMNS, ("languages",), make_languages),
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
