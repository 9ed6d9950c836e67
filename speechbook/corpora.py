"""Where audio comes from: two corpora of spoken digits behind one loader, other languages, a few sounds to listen to.

*FSDD* is real people (see `speechbook.fsdd`); *voices* is synthetic speech that comes with the book. `load_digits`
takes FSDD where it is at hand, else the voices, and never goes to the network; `fetch_fsdd` does. `load_languages` has
digits of ten languages, synthetic as well.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile as sf

from speechbook.clip import Clip
from speechbook.digits import Digits
from speechbook.fsdd import WHAT_ELSE, fetch_fsdd, fsdd_checksums, fsdd_path, verify_fsdd
from speechbook.manifests import data_folder, read_checked, read_manifest
from speechbook.multilingual import Multilingual, Word

__all__ = [
    "Clip",
    "Digits",
    "Multilingual",
    "clip_names",
    "fetch_fsdd",
    "fsdd_path",
    "load_clip",
    "load_digits",
    "load_languages",
    "load_tones",
    "verify_fsdd",
]

CORPORA = ("fsdd", "voices")


def load_digits(corpus: str | None = None) -> Digits:
    """Load a corpus of spoken digits, and say in one line which.

    Every file is checked against its SHA-256 on the way. The network is never used.

    Parameters
    ----------
    corpus : str, optional
        ``"fsdd"`` or ``"voices"``; by default what the environment variable ``SPEECHBOOK_CORPUS`` says, else FSDD if
        it is at hand (in the folder that ``SPEECHBOOK_FSDD`` names, or fetched earlier), else the voices.

    Returns
    -------
    Digits
        Clips at 8 kHz, sorted by digit, speaker and take.

    Raises
    ------
    ValueError
        If there is no such corpus, or files are missing or damaged.
    FileNotFoundError
        If FSDD is asked for and not at hand, or ``SPEECHBOOK_FSDD`` names no folder.

    Examples
    --------
    >>> digits = load_digits("voices")
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> digits.speakers[:2]
    ('espeak-carib-m2', 'espeak-gb-f1')
    """
    named = corpus if corpus is not None else os.environ.get("SPEECHBOOK_CORPUS") or None
    if named not in (None, *CORPORA):
        source = "corpus" if corpus is not None else "SPEECHBOOK_CORPUS"
        raise ValueError(f"{source} is {named!r}, but must be 'fsdd' or 'voices', or be left out to take what is there")
    folder = fsdd_path() if named != "voices" else None
    if named == "fsdd" and folder is None:
        raise FileNotFoundError(f"FSDD is not at hand: run `make fsdd` or corpora.fetch_fsdd(). {WHAT_ELSE}")
    digits, note = (load_voices(), "synthetic, part of the book") if folder is None else load_fsdd(folder)
    print(f"{digits.name}: {digits} ({note})")
    return digits


def load_voices() -> Digits:
    """Load the embedded corpus."""
    rows = [row for row in read_manifest() if row["digit"]]
    files = read_checked(data_folder(), {row["file"]: row["sha256"] for row in rows})
    return from_files("voices", files, **divisions(rows), test_takes=(0,))


def divisions(rows: Sequence[Mapping[str, str]]) -> dict[str, object]:
    """Collect from a manifest which speakers form a fold, and which are held out."""
    groups: dict[str, tuple[str, ...]] = {}
    for row in rows:
        members = groups.setdefault(f"fold {row['fold']}", ())
        if row["speaker"] not in members:
            groups[f"fold {row['fold']}"] = (*members, row["speaker"])
    return {"groups": groups, "unseen": tuple(sorted({row["speaker"] for row in rows if row["split"] == "test"}))}


def load_languages() -> Multilingual:
    """Load the digits of ten languages, and say so in one line; every file is checked against its SHA-256.

    All voices say all words of all languages, once each.

    Returns
    -------
    Multilingual
        Clips at 8 kHz, sorted by language, digit and speaker.

    Raises
    ------
    ValueError
        If files are missing or damaged.

    Examples
    --------
    >>> spoken = load_languages()
    languages: 1,400 clips, 14 speakers, 556 s at 8,000 Hz, 10 languages (synthetic, part of the book)
    >>> spoken.where(language="sw", digit=7)[0].transcript
    'saba'
    """
    rows = [row for row in read_manifest("languages.csv") if row["digit"]]
    rows.sort(key=lambda row: (row["language"], int(row["digit"]), row["speaker"]))
    words = {(row["language"], int(row["digit"])): word(row) for row in rows}
    spoken = Multilingual(
        name="languages",
        sample_rate=8000,
        clips=decoded(rows),
        digit=[int(row["digit"]) for row in rows],
        speaker=[row["speaker"] for row in rows],
        take=[0] * len(rows),
        language=[row["language"] for row in rows],
        words=words,
        test_takes=(),
        **divisions(rows),
    )
    print(f"{spoken.name}: {spoken} (synthetic, part of the book)")
    return spoken


def load_tones() -> tuple[Clip, ...]:
    """Load the Mandarin syllable *ma* in its four tones, by four voices.

    Returns
    -------
    tuple of Clip
        At 8 kHz, sorted by voice and tone; `transcript` is the character, `description` the syllable in Latin letters.

    Raises
    ------
    ValueError
        If files are missing or damaged.

    Examples
    --------
    >>> [clip.transcript for clip in load_tones()[:4]]
    ['妈', '麻', '马', '骂']
    """
    rows = [row for row in read_manifest("languages.csv") if not row["digit"]]
    rows.sort(key=lambda row: (row["speaker"], row["tone"]))
    return tuple(
        Clip(y, 8000, None, row["speaker"], None, row["transcript"], row["romanised"])
        for row, y in zip(rows, decoded(rows), strict=True)
    )


def word(row: Mapping[str, str]) -> Word:
    """Read a word from the table of languages."""
    tone = int(row["tone"]) if row["tone"] else None
    return Word(row["transcript"], row["romanised"], tuple(row["phones"].split()), tone)


def decoded(rows: Sequence[Mapping[str, str]]) -> list[np.ndarray]:
    """Read and check the files of a manifest's rows."""
    files = read_checked(data_folder(), {row["file"]: row["sha256"] for row in rows})
    return [sf.read(BytesIO(content), dtype="float32")[0] for content in files.values()]


def load_fsdd(folder: Path) -> tuple[Digits, str]:
    """Load FSDD from a folder; say also where it came from."""
    named = bool(os.environ.get("SPEECHBOOK_FSDD"))
    try:
        files = read_checked(folder, fsdd_checksums())
    except ValueError as error:
        repair = "correct or unset SPEECHBOOK_FSDD" if named else "corpora.fetch_fsdd() repairs them"
        raise ValueError(f"{error}; {repair}") from None
    groups = {name: (name,) for name in sorted({Path(file).stem.split("_")[1] for file in files})}
    digits = from_files("fsdd", files, groups=groups, unseen=("theo", "yweweler"), test_takes=range(5))
    return digits, "real speakers, " + ("from SPEECHBOOK_FSDD" if named else "fetched earlier")


def from_files(name: str, files: Mapping[str, bytes], **facts: object) -> Digits:
    """Decode files named ``{digit}_{speaker}_{take}`` and put them in order."""
    decoded = []
    for file, content in files.items():
        digit, speaker, take = Path(file).stem.split("_")
        y, sample_rate = sf.read(BytesIO(content), dtype="float32")
        decoded.append((int(digit), speaker, int(take), y))
    decoded.sort(key=lambda clip: clip[:3])
    digit, speaker, take, clips = zip(*decoded, strict=True)
    return Digits(name=name, sample_rate=sample_rate, clips=clips, digit=digit, speaker=speaker, take=take, **facts)


def clip_names() -> tuple[str, ...]:
    """List the listening clips that come with the book.

    Returns
    -------
    tuple of str
        Names for `load_clip`.

    Examples
    --------
    >>> "whistle" in clip_names()
    True
    """
    return tuple(Path(row["file"]).stem for row in read_manifest() if not row["digit"])


def load_clip(name: str) -> Clip:
    """Load one of the listening clips.

    Parameters
    ----------
    name : str
        One of `clip_names`.

    Returns
    -------
    Clip
        At 16 kHz; ``digit`` and ``take`` are None, ``description`` says what it is.

    Raises
    ------
    ValueError
        If there is no such clip, or its file is damaged.

    Examples
    --------
    >>> load_clip("whistle").description
    'a sine rising steadily from 200 Hz to 7,600 Hz'
    """
    rows = {Path(row["file"]).stem: row for row in read_manifest() if not row["digit"]}
    if name not in rows:
        raise ValueError(f"there is no listening clip {name!r}; there are {', '.join(rows)}")
    row = rows[name]
    content = read_checked(data_folder(), {row["file"]: row["sha256"]})[row["file"]]
    y, sample_rate = sf.read(BytesIO(content), dtype="float32")
    return Clip(y, sample_rate, None, row["speaker"], None, row["transcript"], row["settings"])
