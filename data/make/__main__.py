"""Make the embedded sounds and their manifest: ``python data/make`` (or ``make corpus``).

``python data/make --check`` makes them again in memory and compares them with the manifest. The same versions of the
engines, NumPy, librosa and soxr give the same samples; the FLAC files may differ in their bytes with another libFLAC.
"""

from __future__ import annotations

import csv
import hashlib
import sys
import time
from io import BytesIO
from pathlib import Path

import clips
import engines
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
    started = time.monotonic()
    rows, contents = make_everything()
    print(f"made {len(rows)} clips in {time.monotonic() - started:.0f} s")
    return compare(rows) if "--check" in arguments else write(rows, contents)


def make_everything() -> tuple[list[dict], list[bytes]]:
    """Make every clip; return the manifest's rows and the FLAC files' contents."""
    found = engines.versions()
    rows, contents = [], []

    def add(samples: np.ndarray, sample_rate: int, voice: engines.Voice | None, **facts: object) -> None:
        flac = encode(samples, sample_rate)
        made_by = {name: getattr(voice, name) for name in ("engine", "base", "accent", "register")} if voice else {}
        measured = {
            "sha256": hashlib.sha256(flac).hexdigest(),
            "pcm_sha256": hashlib.sha256(samples.astype("<i2").tobytes()).hexdigest(),
            "seconds": f"{len(samples) / sample_rate:.4f}",
            "engine_version": found.get(made_by.get("engine"), ""),
            "licence": LICENCE,
        }
        rows.append(dict.fromkeys(COLUMNS, "") | made_by | measured | facts)
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


def encode(samples: np.ndarray, sample_rate: int) -> bytes:
    """Compress samples as FLAC."""
    buffer = BytesIO()
    sf.write(buffer, samples, sample_rate, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


def write(rows: list[dict], contents: list[bytes]) -> int:
    """Replace the files and the manifest."""
    for folder in ("voices", "clips"):
        (DATA / folder).mkdir(exist_ok=True)
        for old in (DATA / folder).glob("*.flac"):
            old.unlink()
    for row, flac in zip(rows, contents, strict=True):
        (DATA / row["file"]).write_bytes(flac)
    with open(DATA / "manifest.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    for folder in ("voices", "clips"):
        chosen = [i for i, row in enumerate(rows) if row["file"].startswith(folder)]
        size = sum(len(contents[i]) for i in chosen)
        total = sum(float(rows[i]["seconds"]) for i in chosen)
        print(f"data/{folder}: {len(chosen)} clips, {total:.1f} s, {size / 1e6:.2f} MB")
    return 0


def compare(rows: list[dict]) -> int:
    """Say which clips differ in their samples from the manifest."""
    with open(DATA / "manifest.csv", newline="", encoding="utf-8") as file:
        kept = {row["file"]: row["pcm_sha256"] for row in csv.DictReader(file)}
    differing = [row["file"] for row in rows if kept.get(row["file"]) != row["pcm_sha256"]]
    print(f"{len(rows) - len(differing)} of {len(rows)} clips have the samples of the manifest")
    print(*(f"differs: {name}" for name in differing[:5]), sep="\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
