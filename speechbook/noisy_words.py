"""Words in noise, and two small networks for them: one that recognises, one that masks the noise.

Everything that the study `in_noise` and the chapter *Noise* share: noises to train and to test with, noisy versions of
words, pictures, masks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from speechbook import acoustics, corpora, enhancement, frontend, training
from speechbook._keras import keras
from speechbook.noise import coloured_noise
from speechbook.scenes import Scene, babble, kitchen, put_in

layers = keras.layers

RATE = frontend.SETTINGS["sample_rate"]
N_FRAMES = 72
SECONDS = 60.0
HEARD = ("white", "babble")
"""Noises that the mixed training brings; pink noise and the kitchen are kept for the test."""
NOISES = ("white", "pink", "babble", "kitchen")
SNR_DB = (20.0, 10.0, 5.0, 0.0)
FAR_DB = -5.0
"""Energy of the direct sound by that of the echoes in the rooms of the test, in dB."""
TRAINING_SNR_DB = (0.0, 20.0)
TRAINING_RT60 = (0.2, 0.9)
TRAINING_FAR_DB = (-6.0, 6.0)
ROOM_SHARE = 1 / 3
MASK_FLOOR = 0.01
EPOCHS = 5
MASK_EPOCHS = 6
BATCH_SIZE = 64


def words(digits: corpora.Digits) -> list[np.ndarray]:
    """Cut clips to the word and bring them to one peak, as the front end does."""
    return [frontend.prepare(y, sample_rate=digits.sample_rate) for y in digits.clips]


def recordings(
    talkers: Sequence[np.ndarray], *, rng: np.random.Generator, seconds: float | None = None
) -> dict[str, np.ndarray]:
    """Make a minute of each noise; the babble is made of the clips of `talkers`.

    Examples
    --------
    >>> made = recordings([np.sin(np.arange(900.0))], rng=np.random.default_rng(0), seconds=1.0)
    >>> {name: noise.shape for name, noise in made.items()}
    {'white': (8000,), 'pink': (8000,), 'babble': (8000,), 'kitchen': (8000,)}
    """
    n = round((SECONDS if seconds is None else seconds) * RATE)
    return {
        "white": coloured_noise(n, kind="white", rng=rng),
        "pink": coloured_noise(n, kind="pink", rng=rng),
        "babble": babble(talkers, n_samples=n, rng=rng),
        "kitchen": kitchen(n_samples=n, sample_rate=RATE, rng=rng),
    }


def scenes(
    said: Sequence[np.ndarray], recording: np.ndarray, *, snr_db: float | Sequence[float], rng: np.random.Generator
) -> list[Scene]:
    """Put every word into the noise, at one ratio or at one each."""
    ratios = np.broadcast_to(snr_db, len(said))
    return [
        put_in(y, recording, snr_db=float(ratio), sample_rate=RATE, rng=rng)
        for y, ratio in zip(said, ratios, strict=True)
    ]


def pictures(said: Sequence[np.ndarray]) -> np.ndarray:
    """Turn words into what the networks see [shape=(words, 72, 40)], without another search for their ends."""
    return frontend.batch(said, sample_rate=RATE, n_frames=N_FRAMES, trimmed=False)


def versions(
    said: Sequence[np.ndarray], noises: Mapping[str, np.ndarray], *, kinds: Sequence[str], rng: np.random.Generator
) -> list[np.ndarray]:
    """Make one noisy version of every word: two of three in a noise at 0 to 20 dB, one of three in a room.

    Parameters
    ----------
    said : sequence of np.ndarray [shape=(samples,)]
        Clean words at 8 kHz.
    noises : mapping of str to np.ndarray
        As `recordings` makes them.
    kinds : sequence of str
        Which of them to use.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    list of np.ndarray
        As long as the words.

    Examples
    --------
    >>> noises = {"white": np.random.default_rng(0).standard_normal(16000)}
    >>> made = versions([np.ones(800), np.ones(900)], noises, kinds=["white"], rng=np.random.default_rng(0))
    >>> [y.shape for y in made]
    [(800,), (900,)]
    """
    made = []
    for y in said:
        if rng.random() < ROOM_SHARE:
            far = rng.uniform(*TRAINING_FAR_DB)
            room = {"rt60": rng.uniform(*TRAINING_RT60), "direct_to_reverberant_db": far}
            made.append(acoustics.room(y, sample_rate=RATE, rng=rng, **room))
        else:
            noise = noises[kinds[rng.integers(len(kinds))]]
            made.append(put_in(y, noise, snr_db=rng.uniform(*TRAINING_SNR_DB), sample_rate=RATE, rng=rng).noisy)
    return made


def recogniser() -> keras.Model:
    """Build the small network that recognises words: four convolutions, the strongest and the mean response.

    Returns
    -------
    keras.Model
        Input float32 [shape=(words, frames, 40)] as `pictures` gives; output [shape=(words, 10)], probabilities.

    Examples
    --------
    >>> recogniser().count_params()
    41414
    """
    inputs = keras.Input((None, 40))
    x = layers.Reshape((-1, 40, 1))(inputs)
    for filters, kernel, strides in ((12, (5, 5), (2, 2)), (16, (3, 3), (2, 2)), (24, (3, 3), (1, 1))):
        x = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
    x = layers.Conv2D(48, (3, 10), use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
    x = layers.Concatenate()([layers.GlobalMaxPooling2D()(x), layers.GlobalAveragePooling2D()(x)])
    outputs = layers.Dense(10, activation="softmax")(layers.Dropout(0.3)(x))
    model = keras.Model(inputs, outputs, name="small_recogniser")
    model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def mask_network() -> keras.Model:
    """Build the network that looks at a noisy picture and says how much of each point is speech.

    Returns
    -------
    keras.Model
        Input as for `recogniser`; output [shape=(words, frames, 40)], shares from 0 to 1.

    Examples
    --------
    >>> mask_network().count_params()
    46632
    """
    inputs = x = keras.Input((None, 40))
    for dilation in (1, 2):
        x = layers.Conv1D(64, 5, padding="same", dilation_rate=dilation, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
    outputs = layers.Conv1D(40, 5, padding="same", activation="sigmoid")(x)
    model = keras.Model(inputs, outputs, name="mask_network")
    model.compile(keras.optimizers.Adam(2e-3), "binary_crossentropy")
    return model


def masks(met: Sequence[Scene]) -> np.ndarray:
    """Give the ideal masks of scenes [shape=(scenes, 72, 40)]; 0 after a word's end."""
    made = np.zeros((len(met), N_FRAMES, frontend.SETTINGS["n_mels"]), np.float32)
    for row, scene in zip(made, met, strict=True):
        mask = enhancement.ideal_mask(scene.clean, scene.noisy - scene.clean)[:N_FRAMES]
        row[: len(mask)] = mask
    return made


def masked_pictures(met: Sequence[Scene], shares: np.ndarray) -> np.ndarray:
    """Multiply the mel powers of noisy words by masks [shape=(scenes, 72, 40)], and make pictures of them."""
    powers = frontend.mel_powers([scene.noisy for scene in met], sample_rate=RATE, trimmed=False)
    x = np.full(shares.shape, frontend.FLOOR, np.float32)
    for row, power, share in zip(x, powers, shares, strict=True):
        kept = power[:N_FRAMES]
        row[: len(kept)] = frontend.scale(kept * np.maximum(share[: len(kept)], MASK_FLOOR))
    return x


def enhance(scene: Scene, *, remedy: str) -> np.ndarray:
    """Clean the word of a scene by what was heard before it: ``"subtraction"`` or ``"wiener"``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> scene = put_in(np.sin(np.arange(4000.0)), rng.standard_normal(9000), snr_db=0, sample_rate=8000, rng=rng)
    >>> enhance(scene, remedy="wiener").shape
    (4000,)
    """
    gains = {"subtraction": enhancement.subtraction_gain, "wiener": enhancement.wiener_gain}
    if remedy not in gains:
        raise ValueError(f"remedy must be one of {', '.join(gains)}; got {remedy!r}.")
    power = np.abs(enhancement.analyse(scene.noisy)) ** 2
    return enhancement.apply_gain(scene.noisy, gains[remedy](power, enhancement.noise_power(scene.before)))


def learn_masks(
    said: Sequence[np.ndarray], noises: Mapping[str, np.ndarray], *, rng: np.random.Generator, seed: int = 0
) -> keras.Model:
    """Train a mask network on words in the noises of `HEARD`."""
    ratios = rng.uniform(*TRAINING_SNR_DB, len(said))
    met = [
        scene
        for k, kind in enumerate(HEARD)
        for scene in scenes(said[k :: len(HEARD)], noises[kind], snr_db=ratios[k :: len(HEARD)], rng=rng)
    ]
    keras.utils.set_random_seed(seed)
    model = mask_network()
    x = pictures([scene.noisy for scene in met])
    model.fit(x, masks(met), epochs=MASK_EPOCHS, batch_size=BATCH_SIZE, verbose=0)
    return model


def learn_words(x: np.ndarray, digit: np.ndarray, *, seed: int = 0, progress: bool = False) -> keras.Model:
    """Train a recogniser on pictures."""
    keras.utils.set_random_seed(seed)
    model = recogniser()
    training.fit(model, x, digit, epochs=EPOCHS, batch_size=BATCH_SIZE, seed=seed, progress=progress)
    return model


def conditions(said: Sequence[np.ndarray], noises: Mapping[str, np.ndarray], *, rng: np.random.Generator) -> dict:
    """Make all scenes of the test, by noise and SNR."""
    return {(kind, ratio): scenes(said, noises[kind], snr_db=ratio, rng=rng) for kind in NOISES for ratio in SNR_DB}


def in_rooms(said: Sequence[np.ndarray], *, rt60: float, rng: np.random.Generator) -> list[np.ndarray]:
    """Let every word sound in a room of its own, far from the microphone."""
    how = {"sample_rate": RATE, "rt60": rt60, "direct_to_reverberant_db": FAR_DB}
    return [acoustics.room(y, rng=rng, **how) for y in said]
