"""Digits in ten languages, said by the same fourteen voices of one engine, and one syllable in the four tones."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from engines import Voice, say
from voices import SAMPLE_RATE, draw, treat

COLUMNS = [
    "file",
    "sha256",
    "pcm_sha256",
    "language",
    "digit",
    "transcript",
    "romanised",
    "phones",
    "tone",
    "speaker",
    "register",
    "engine",
    "engine_version",
    "base",
    "settings",
    "fold",
    "split",
    "seconds",
    "licence",
]
TREATMENT = {"bits": 12, "steps": 1, "margin": 0.03}


@dataclass(frozen=True)
class Language:
    """One language: what espeak-ng calls it, and its words.

    Attributes
    ----------
    engine_name : str
        Name for the option ``-v``. Mandarin's plain ``cmn`` spells Chinese characters in English; this one reads them.
    words : tuple of str
        Zero to nine in the language's own script; in Mandarin the syllable *ma* in four tones follows.
    romanised : tuple of str
        The same in Latin letters, where the script has others.
    tones : str
        Number of each word's tone, in Mandarin.
    """

    engine_name: str
    words: tuple[str, ...]
    romanised: tuple[str, ...] = ()
    tones: str = ""


def language(engine_name: str, words: str, romanised: str = "", tones: str = "") -> Language:
    """Shorten the table below."""
    parts = (tuple(unicodedata.normalize("NFC", text).split()) for text in (words, romanised))
    return Language(engine_name, *parts, tones)


LANGUAGES = {
    "cmn": language(
        "cmn-latn-pinyin",
        "零 一 二 三 四 五 六 七 八 九 妈 麻 马 骂",
        "líng yī èr sān sì wǔ liù qī bā jiǔ mā má mǎ mà",
        "21414341131234",
    ),
    "de": language("de", "null eins zwei drei vier fünf sechs sieben acht neun"),
    "en": language("en-us", "zero one two three four five six seven eight nine"),
    "es": language("es", "cero uno dos tres cuatro cinco seis siete ocho nueve"),
    "fr": language("fr-fr", "zéro un deux trois quatre cinq six sept huit neuf"),
    "hi": language("hi", "शून्य एक दो तीन चार पाँच छह सात आठ नौ", "śūnya ek do tīn cār pā̃c chah sāt āṭh nau"),
    "it": language("it", "zero uno due tre quattro cinque sei sette otto nove"),
    "ru": language(
        "ru",
        "ноль один два три четыре пять шесть семь восемь девять",
        "nol’ odin dva tri četyre pjat’ šest’ sem’ vosem’ devjat’",
    ),
    "sw": language("sw", "sifuri moja mbili tatu nne tano sita saba nane tisa"),
    "tr": language("tr", "sıfır bir iki üç dört beş altı yedi sekiz dokuz"),
}

# Each fold holds a low and a high voice. All voices say all words of all languages: neither gives the other away.
FOLDS = (
    (("m1", "low", 1.0), ("f2", "high", 1.0)),
    (("m3", "low", 0.95), ("Annie", "high", 1.0)),
    (("m7", "low", 1.0), ("f4", "high", 1.06)),
    (("pablo", "low", 1.0), ("linda", "high", 1.0)),
    (("klatt2", "low", 1.0), ("Andrea", "high", 1.0)),
    (("max", "low", 1.0), ("f5", "high", 1.0)),
    (("m5", "low", 1.04), ("steph", "high", 1.0)),
)
TEST_FOLDS = (5, 6)
TONE_VOICES = ("m3", "f2", "f5", "max")


@dataclass(frozen=True)
class Word:
    """One clip to be made: whose number it is among its language's words, and who says it."""

    language: str
    number: int
    variant: str
    register: str
    tract: float
    fold: int

    @property
    def file(self) -> str:
        """Path below ``data``: the digit, or the syllable with its tone."""
        spoken = LANGUAGES[self.language]
        name = self.number if self.number < 10 else f"ma{spoken.tones[self.number]}"
        return f"languages/{self.language}_{name}_{self.variant.lower()}.flac"

    @property
    def voice(self) -> Voice:
        """Who speaks, in this language."""
        base = f"{LANGUAGES[self.language].engine_name}+{self.variant}"
        return Voice(self.variant.lower(), "espeak-ng", base, "", self.register, None, self.tract)


def all_words() -> list[Word]:
    """List every clip of the corpus."""
    return [
        Word(name, number, *speaker, fold)
        for name, spoken in LANGUAGES.items()
        for fold, speakers in enumerate(FOLDS)
        for speaker in speakers
        for number in range(len(spoken.words))
        if number < 10 or speaker[0] in TONE_VOICES
    ]


def settings(word: Word) -> dict[str, object]:
    """Choose how a clip is spoken and recorded; no final mark, which would bend the tune and with it the tones."""
    rng = draw(word.file)
    distance = draw("languages", word.variant).uniform(-32, -26)
    return {
        "rate": round(2 ** rng.uniform(-0.2, 0.3), 3),
        "semitones": round(rng.uniform(-2, 2), 2),
        "tract": round(word.tract * 2 ** rng.uniform(-0.04, 0.04), 3),
        "level": round(distance + rng.uniform(-2, 2), 1),
    }


def record(word: Word) -> np.ndarray:
    """Speak one clip and treat it like a telephone recording, at 12 bits.

    Returns
    -------
    ndarray of int16, shape (samples,)
        At 8 kHz; all samples are multiples of 16.
    """
    chosen = settings(word)
    text = LANGUAGES[word.language].words[word.number]
    voice = replace(word.voice, tract=chosen["tract"])
    y = say(voice, text, rate=chosen["rate"], semitones=chosen["semitones"], sample_rate=SAMPLE_RATE)
    return treat(y, level=chosen["level"], rng=draw(word.file, "noise"), **TREATMENT)


def record_all() -> list[np.ndarray]:
    """Make every clip in the order of `all_words`, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(record, all_words()))


def phones(spoken: Language, text: str) -> str:
    """Ask espeak-ng which phones it says, in IPA, without stress and tone, and with spaces between."""
    command = ["espeak-ng", "-q", "-v", spoken.engine_name, "--ipa", "--sep=_", text]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    tone = "[0-9]|(?<=i)ɜ|(?<=ɑ)ɜ" if spoken.tones else "$^"
    return " ".join(re.sub(f"[ˈˌ]|{tone}", "", printed).replace("_", " ").split())


def facts(word: Word) -> dict[str, object]:
    """Say what the manifest should hold about a clip."""
    spoken = LANGUAGES[word.language]
    return {
        "file": word.file,
        "language": word.language,
        "digit": word.number if word.number < 10 else "",
        "transcript": spoken.words[word.number],
        "romanised": spoken.romanised[word.number] if spoken.romanised else "",
        "tone": spoken.tones[word.number] if spoken.tones else "",
        "speaker": word.voice.name,
        "register": word.register,
        "engine": word.voice.engine,
        "base": word.voice.base,
        "settings": " ".join(f"{name}={value}" for name, value in settings(word).items()),
        "fold": word.fold,
        "split": "test" if word.fold in TEST_FOLDS else "train",
    }
