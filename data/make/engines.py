"""Speech from three free synthesisers, each called as a program: espeak-ng, flite and festival."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile as sf
import soxr

VERSION_COMMANDS = {
    "espeak-ng": (["espeak-ng", "--version"], r"text-to-speech: (\S+)"),
    "flite": (["flite", "--version"], r"version: flite-(\S+)"),
    "festival": (["festival", "--version"], r"System: ([^:]+)"),
}


@dataclass(frozen=True)
class Voice:
    """One synthetic speaker.

    Attributes
    ----------
    name : str
        As in the file names; no underscore.
    engine : str
        ``"espeak-ng"``, ``"flite"`` or ``"festival"``.
    base : str
        The engine's own name of the voice that this one is made from.
    accent : str
        Accent of English, in words.
    register : str
        ``"low"`` or ``"high"``: median pitch below or above 150 Hz.
    pitch : float or None
        Median pitch to ask for in Hz, before `tract` is applied; None leaves the engine's own.
    tract : float
        All resonances (and the pitch) are multiplied by this: 1.15 is a shorter vocal tract, 0.9 a longer one.
    """

    name: str
    engine: str
    base: str
    accent: str
    register: str
    pitch: float | None = None
    tract: float = 1.0


def say(voice: Voice, text: str, *, rate: float = 1.0, semitones: float = 0.0, sample_rate: int) -> np.ndarray:
    """Speak a text.

    Parameters
    ----------
    voice : Voice
        Who speaks.
    text : str
        What is spoken; the final mark (``.``, ``?``, ``!``, ``,`` or nothing) shapes the intonation in most voices.
    rate : float
        Speed relative to the voice's own; 1.2 is faster.
    semitones : float
        Pitch above the voice's own.
    sample_rate : int
        Of the result, in hertz.

    Returns
    -------
    ndarray of float64, shape (samples,)
        Between -1 and 1.
    """
    command = {"espeak-ng": espeak, "flite": flite, "festival": festival}[voice.engine]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "speech.wav"
        # Resampling by `tract` below makes the clip shorter, so the engine speaks slower by as much.
        command(voice, text, rate=rate / voice.tract, ratio=2 ** (semitones / 12), file=file)
        y, engine_rate = sf.read(file)
    return soxr.resample(y, engine_rate * voice.tract, sample_rate, quality="VHQ")


def espeak(voice: Voice, text: str, *, rate: float, ratio: float, file: Path) -> None:
    """Run espeak-ng at half amplitude, so that no variant clips."""
    pitch = round(50 * ratio**2)
    options = {"-v": voice.base, "-s": round(165 * rate), "-p": pitch, "-a": 50, "-w": file}
    run(["espeak-ng", *[str(part) for pair in options.items() for part in pair], text])


def flite(voice: Voice, text: str, *, rate: float, ratio: float, file: Path) -> None:
    """Run flite; its voice rms keeps its own pitch whatever is asked."""
    settings = {"duration_stretch": 1 / rate}
    if voice.pitch is not None:
        settings["int_f0_target_mean"] = voice.pitch * ratio
    options = [part for name, value in settings.items() for part in ("--setf", f"{name}={value:.4f}")]
    run(["flite", "-voice", voice.base, *options, "-t", text, "-o", str(file)])


def festival(voice: Voice, text: str, *, rate: float, ratio: float, file: Path) -> None:
    """Run festival; its HTS voice takes a rate but no pitch."""
    pitch = (voice.pitch or 105) * ratio
    tune = f"(target_f0_mean {pitch:.1f}) (target_f0_std {pitch / 7:.1f}) (model_f0_mean 170) (model_f0_std 34)"
    script = f"""
        (voice_{voice.base})
        (Parameter.set 'Duration_Stretch {1 / rate:.4f})
        (if (string-matches "{voice.base}" ".*_hts")
            (set! hts_engine_params (append '(("-r" {rate:.4f})) hts_engine_params))
            (set! int_lr_params '({tune})))
        (utt.save.wave (SynthText "{text}") "{file}" 'riff)
    """
    run(["festival", "--pipe"], script)


def run(command: list[str], script: str | None = None) -> None:
    """Run a program."""
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(f"{command[0]} is not installed; data/README.md lists the Debian packages")
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.strip()}")


def versions() -> dict[str, str]:
    """Ask every engine which version it is."""
    found = {}
    for engine, (command, pattern) in VERSION_COMMANDS.items():
        printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        found[engine] = re.search(pattern, printed).group(1)
    return found
