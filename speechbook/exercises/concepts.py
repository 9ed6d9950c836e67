"""Checkers for the part *concepts*."""

from __future__ import annotations

import numpy as np

from speechbook.exercises.checking import exercise, expect_number, expect_text
from speechbook.exercises.functions import expect_same_function


@exercise("features-highest-frequency")
def _highest_frequency(answer: object) -> str:
    expect_number(
        answer,
        4000,
        hints={
            8000: "8,000 Hz is the sampling rate itself. How many samples does one cycle need at the least?",
            16000: "You doubled the rate; the limit lies the other way.",
        },
        hint="A cycle needs at least two samples: one for the crest, one for the trough.",
    )
    return "Half the sampling rate: the Nyquist frequency."


def _fold(frequency: float, *, sample_rate: float) -> float:
    return abs(frequency - sample_rate * round(frequency / sample_rate))


@exercise("features-alias")
def _alias(answer: object) -> str:
    tones = [(1000, 8000), (5000, 8000), (7999, 8000), (9000, 8000), (14_500, 8000), (16_000, 8000), (9000, 16_000)]
    expect_same_function(
        answer,
        _fold,
        name="alias",
        calls=[((frequency,), {"sample_rate": rate}) for frequency, rate in tones],
        mistakes=[
            (
                lambda f, *, sample_rate: f,
                "You give back what came in, but above half the sampling rate a tone folds down.",
            ),
            (
                lambda f, *, sample_rate: min(f, sample_rate / 2),
                "A tone that is too high does not stop at half the sampling rate: it comes down again.",
            ),
            (
                lambda f, *, sample_rate: f % sample_rate,
                "The remainder is a good start, but what it leaves above half the sampling rate still folds down.",
            ),
            (
                lambda f, *, sample_rate: f % (sample_rate / 2),
                "Your tone jumps back to 0 Hz at half the sampling rate. It turns round like a ball at a wall: "
                "at 8,000 Hz, 5,000 Hz gives 3,000 Hz.",
            ),
            (
                lambda f, *, sample_rate: f if f <= sample_rate / 2 else abs(sample_rate - f),
                "That is right up to 1.5 times the sampling rate. Beyond it the folding goes on: take the distance to "
                "the nearest multiple of the sampling rate.",
            ),
        ],
    )
    return "The distance to the nearest multiple of the sampling rate."


@exercise("features-bin-width")
def _bin_width(answer: object) -> str:
    expect_number(
        answer,
        31.25,
        hints={
            40: "That is 8,000 / 200: the window is 200 samples long, but the transform has 256 points.",
            62.5: "You spread 8,000 Hz over the 128 steps of the half spectrum; they span 4,000 Hz.",
            15.625: "Half of it. The 129 bins end at 4,000 Hz; how many steps are there between them?",
            32: "That is the length of the transform in milliseconds; the distance of the bins is one over it.",
        },
        hint="Bin k stands for k cycles in the length of the transform: how many hertz is one cycle in 256 samples?",
    )
    return "8,000 / 256: one cycle in the length of the transform."


def _count_frames(n_samples: int, *, frame_length: int, hop_length: int, center: bool) -> int:
    if center:
        return 1 + n_samples // hop_length
    return max(0, 1 + (n_samples - frame_length) // hop_length)


@exercise("features-frame-count")
def _frame_count(answer: object) -> str:
    sizes = [(8000, 200, 80), (2384, 256, 80), (1000, 256, 64), (4000, 400, 160), (256, 256, 100), (100, 256, 64)]
    expect_same_function(
        answer,
        _count_frames,
        name="count_frames",
        calls=[
            ((samples,), {"frame_length": length, "hop_length": hop, "center": center})
            for samples, length, hop in sizes
            for center in (True, False)
        ],
        mistakes=[
            (
                lambda n, *, frame_length, hop_length, center: (n if center else n - frame_length) // hop_length,
                "Always one short: the first frame is there before the first hop is made.",
            ),
            (
                lambda n, *, frame_length, hop_length, center: 1 + n // hop_length,
                "Right for center=True. Without padding the last frame must still fit into the signal.",
            ),
            (
                lambda n, *, frame_length, hop_length, center: max(0, 1 + (n - frame_length) // hop_length),
                "Right for center=False. With center=True half a frame of zeros is added on either side.",
            ),
            (
                lambda n, *, frame_length, hop_length, center: 1 + (n if center else n - frame_length) // hop_length,
                "Nearly. A signal shorter than a frame, without padding, has no frame at all: the count is 0, "
                "never negative.",
            ),
            (
                lambda n, *, frame_length, hop_length, center: 1 + (n if center else n - frame_length) / hop_length,
                "A count is a whole number: frames that fit only in part are left out (//).",
            ),
        ],
    )
    return "One frame to begin with, and one more for every hop that fits."


def _power_share(y: np.ndarray, *, sample_rate: int, low: float, high: float) -> float:
    power = np.abs(np.fft.rfft(y)) ** 2
    frequency = np.fft.rfftfreq(len(y), 1 / sample_rate)
    return float(power[(low <= frequency) & (frequency < high)].sum() / power.sum())


def _magnitude_share(y: np.ndarray, *, sample_rate: int, low: float, high: float) -> float:
    magnitude = np.abs(np.fft.rfft(y))
    frequency = np.fft.rfftfreq(len(y), 1 / sample_rate)
    return float(magnitude[(low <= frequency) & (frequency < high)].sum() / magnitude.sum())


def _tones(n_samples: int, sample_rate: int, amplitudes: dict[float, float]) -> np.ndarray:
    time = np.arange(n_samples) / sample_rate
    return sum(amplitude * np.cos(2 * np.pi * f * time + 0.3) for f, amplitude in amplitudes.items())


@exercise("features-band-share")
def _band_share(answer: object) -> str:
    signals = [
        (_tones(800, 8000, {500: 3.0, 2500: 4.0}), 8000, 1000, 3000),
        (_tones(1600, 16_000, {500: 3.0, 2500: 4.0, 6000: 12.0}), 16_000, 4000, 8000),
        (_tones(400, 8000, {200: 1.0, 1000: 2.0, 3000: 2.0}), 8000, 700, 3700),
        (_tones(800, 8000, {440: 0.01}), 8000, 1000, 4000),
    ]
    expect_same_function(
        answer,
        _power_share,
        name="band_share",
        calls=[((y,), {"sample_rate": rate, "low": low, "high": high}) for y, rate, low, high in signals],
        tolerance=1e-3,
        mistakes=[
            (_magnitude_share, "You add up magnitudes. Power is the square of the magnitude."),
            (lambda y, **band: 100 * _power_share(y, **band), "You give per cent; a share lies between 0 and 1."),
            (
                lambda y, **band: _power_share(y, **band) / 2,
                "Half of the right share: np.fft.fft also gives the mirrored negative frequencies; take np.fft.rfft.",
            ),
            (
                lambda y, **band: _power_share(y, **{**band, "sample_rate": 8000}),
                "Right at 8,000 Hz only: work with the sample_rate that is passed in.",
            ),
        ],
    )
    return "Squared magnitudes in the band over all squared magnitudes."


@exercise("features-mel-to-hz")
def _mel_to_hz(answer: object) -> str:
    expect_same_function(
        answer,
        lambda mel: 700 * (10 ** (mel / 2595) - 1),
        name="mel_to_hz",
        calls=[((1000.0,), {}), ((0.0,), {}), ((np.array([50.0, 781.2, 1500.0, 2146.1]),), {})],
        mistakes=[
            (lambda mel: 2595 * np.log10(1 + mel / 700), "That is the way there, from hertz to mel. Solve it for f."),
            (lambda mel: 700 * (np.exp(mel / 2595) - 1), "The opposite of log10 is 10 ** x, not np.exp(x)."),
            (lambda mel: 700 * 10 ** (mel / 2595), "The 1 is missing: 0 mel must give 0 Hz."),
            (lambda mel: 700 * 10 ** (mel / 2595) - 1, "Mind the brackets: the 1 comes off before the factor 700."),
            (
                lambda mel: 700 * (10 ** (mel / 2595 - 1)),
                "Mind the brackets: the 1 comes off the power, not the exponent.",
            ),
            (
                _slaney,
                "That is Slaney's scale, which librosa takes by default. Here f in 2595·log10(1 + f/700) is asked.",
            ),
        ],
    )
    return "And 1,000 mel come out as 1,000 Hz, to within 0.03."


def _slaney(mel: np.ndarray) -> np.ndarray:
    return np.where(
        np.less(mel, 15), 200 / 3 * np.asarray(mel), 1000 * np.exp(np.log(6.4) / 27 * (np.minimum(mel, 3e3) - 15))
    )


@exercise("features-quefrency")
def _quefrency(answer: object) -> str:
    expect_number(
        answer,
        125,
        hints={
            8: "8 ms is the period. The pitch is how many such periods fit into a second.",
            0.125: "You took one over 8, but 8 ms is 0.008 s.",
            1000: "That is 8,000 / 8, but 8 counts milliseconds, not samples.",
        },
        hint="A quefrency is a time: here, the length of one cycle of the voice.",
        tolerance=1e-3,
    )
    return "1 / 0.008 s."


@exercise("features-domain")
def _domain(answer: object) -> str:
    expect_text(
        answer,
        ("cepstral", "cepstrum", "cepstral domain", "the cepstral domain", "quefrency", "quefrency domain"),
        hints={
            "time": "So says the article. But two transforms lie behind them: what is the axis of the second?",
            "frequency": "Before the last step it was. What does the cosine transform make of the frequency axis?",
            "mel": "The mel bands are what goes into the last step, the cosine transform. What comes out?",
            "time-frequency": "That is the spectrogram's. One more transform follows, along the frequency axis.",
        },
        hint="One of: time, frequency, time-frequency, cepstral. Which transform comes last, and along which axis?",
    )
    return "Its axis is quefrency: how fast the log spectrum ripples."


@exercise("features-gain")
def _gain(answer: object) -> str:
    each_band = 20 * np.log10(2)
    expect_number(
        answer,
        each_band * np.sqrt(26),
        hints={
            round(each_band, 2): "That is how much each band falls. The coefficient c0 gathers 26 of them.",
            round(each_band * 26, 1): "That is the plain sum. The orthonormal transform divides the sum by √26.",
            round(
                each_band * np.sqrt(26) / 2, 2
            ): "Power goes with the square of the amplitude: halving it costs 6.02 dB.",
            round(-each_band * np.sqrt(26), 1): "The right size. Asked is by how much c0 falls: leave the sign out.",
            round(each_band * np.sqrt(40), 1): "That is the chapter's number, for 40 bands. Here there are 26.",
            0: "The others do not change. But c0 is the sum of all bands over √26, and every band falls by 6.02 dB.",
        },
        hint="Every band falls by the same number of dB. What does the transform's first row make of 26 equal numbers?",
        tolerance=3e-3,
    )
    return "6.02 dB times √26; the other rows of the transform sum to 0."


def _pre_emphasise(y: np.ndarray, *, factor: float) -> np.ndarray:
    return np.concatenate([y[:1], y[1:] - factor * y[:-1]])


@exercise("features-pre-emphasis")
def _pre_emphasis(answer: object) -> str:
    wiggle = np.random.default_rng(5).normal(size=9)
    inputs = [(np.full(6, 2.0), 0.97), (np.eye(5)[2], 0.97), (wiggle, 0.97), (wiggle, 0.5), (wiggle, 0.0)]
    expect_same_function(
        answer,
        _pre_emphasise,
        name="pre_emphasis",
        calls=[((y,), {"factor": factor}) for y, factor in inputs],
        mistakes=[
            (
                lambda y, *, factor: y[1:] - factor * y[:-1],
                "The differences are right, but the first sample is missing: it has none before it, and is kept.",
            ),
            (
                lambda y, *, factor: y - factor * np.roll(y, 1),
                "np.roll brings the last sample to the front; the first sample has none before it and is kept.",
            ),
            (
                lambda y, *, factor: _pre_emphasise(y, factor=-factor),
                "The sign is turned round: adding neighbours damps high frequencies, subtracting them lifts them.",
            ),
            (
                lambda y, *, factor: np.concatenate([y[:-1] - factor * y[1:], y[-1:]]),
                "You take off the next sample; take off the one before.",
            ),
        ],
    )
    return "A filter of two weights: slow swings nearly cancel, fast ones do not."


def _normalise_padded(x: np.ndarray, *, n_real: int, ddof: int = 0) -> np.ndarray:
    out, real = np.zeros_like(x), x[:, :n_real]
    deviation = real.std(axis=1, keepdims=True, ddof=ddof)
    out[:, :n_real] = (real - real.mean(axis=1, keepdims=True)) / np.where(deviation > 1e-9, deviation, 1)
    return out


def _normalise_all(x: np.ndarray, *, n_real: int) -> np.ndarray:
    return _normalise_padded(x, n_real=x.shape[1])


def _normalise_and_keep(x: np.ndarray, *, n_real: int) -> np.ndarray:
    deviation = x[:, :n_real].std(axis=1, keepdims=True)
    return (x - x[:, :n_real].mean(axis=1, keepdims=True)) / np.where(deviation > 1e-9, deviation, 1)


@exercise("features-normalise-padded")
def _padded_clips(answer: object) -> str:
    rng = np.random.default_rng(7)
    clips = [(rng.normal(-20, 6, size=(3, 8)), 5), (rng.normal(3, 0.5, size=(2, 30)), 21), (rng.normal(size=(4, 6)), 6)]
    for x, n_real in clips:
        x[:, n_real:] = 0
    still = clips[0][0].copy()
    still[1, :5] = -35.0
    expect_same_function(
        answer,
        _normalise_padded,
        name="normalise_padded",
        calls=[((x,), {"n_real": n_real}) for x, n_real in [*clips, (still, 5)]],
        mistakes=[
            (
                _normalise_all,
                "The padding is in your mean and standard deviation. Measure both on the real frames, x[:, :n_real].",
            ),
            (
                lambda x, *, n_real: np.where(np.arange(x.shape[1]) < n_real, _normalise_all(x, n_real=n_real), 0),
                "The padding is 0 again, good, but it was still in your mean and standard deviation.",
            ),
            (
                _normalise_and_keep,
                "The real frames are right, but the padding went through the same formula: it must be 0 in the end.",
            ),
            (
                lambda x, *, n_real: _normalise_padded(x, n_real=n_real)[:, :n_real],
                "The real frames are right, but the padding is gone: the result has the shape of x.",
            ),
            (
                lambda x, *, n_real: _normalise_padded(x, n_real=n_real, ddof=1),
                "You divide by the sample standard deviation (ddof=1); here it is the plain one, np.std's default.",
            ),
            (
                lambda x, *, n_real: _normalise_padded(x.T, n_real=x.shape[0]).T,
                "You normalise every frame over its features; normalise every feature over its frames (axis 1).",
            ),
        ],
    )
    return "Statistics from the real frames only, zeros after the end: now a 0 means 'as on average'."
