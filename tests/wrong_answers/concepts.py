"""Planted wrong answers for the part *concepts*, each with a piece of the hint that it must get."""

import numpy as np


def share(y, *, sample_rate, low, high, spectrum=np.fft.rfft, power=2.0):
    values = np.abs(spectrum(y)) ** power
    frequency = (
        np.fft.rfftfreq(len(y), 1 / sample_rate) if spectrum is np.fft.rfft else np.fft.fftfreq(len(y), 1 / sample_rate)
    )
    return values[(low <= frequency) & (frequency < high)].sum() / values.sum()


def fed_back(y, *, factor):
    out = [y[0]]
    for sample in y[1:]:
        out.append(sample - factor * out[-1])
    return out


def pre_emphasised(y, *, factor):
    return np.append(y[0], y[1:] - factor * y[:-1])


def normalised(x, *, n_real, ddof=0):
    out = np.zeros_like(x)
    deviation = x[:, :n_real].std(axis=1, keepdims=True, ddof=ddof)
    out[:, :n_real] = (x[:, :n_real] - x[:, :n_real].mean(axis=1, keepdims=True)) / np.maximum(deviation, 1e-9)
    return out


def over_everything(x, *, n_real):
    return (x - x.mean(axis=1, keepdims=True)) / np.maximum(x.std(axis=1, keepdims=True), 1e-9)


def padding_transformed_too(x, *, n_real):
    deviation = x[:, :n_real].std(axis=1, keepdims=True)
    return (x - x[:, :n_real].mean(axis=1, keepdims=True)) / np.where(deviation > 0, deviation, 1)


def no_guard_against_zero(x, *, n_real):
    out = np.zeros_like(x)
    with np.errstate(invalid="ignore"):
        out[:, :n_real] = (x[:, :n_real] - x[:, :n_real].mean(axis=1, keepdims=True)) / x[:, :n_real].std(
            axis=1, keepdims=True
        )
    return out


def spoils_its_input(x, *, n_real):
    x -= x.mean()
    return x


WRONG = {
    "features-highest-frequency": [(8000, "sampling rate itself"), (16_000, "other way"), ("4 kHz", "single number")],
    "features-alias": [
        (lambda f, *, sample_rate: f, "folds down"),
        (lambda f, *, sample_rate: min(f, sample_rate / 2), "comes down again"),
        (lambda f, *, sample_rate: f % sample_rate, "remainder is a good start"),
        (lambda f, *, sample_rate: f % (sample_rate / 2), "ball at a wall"),
        (lambda f, *, sample_rate: abs(sample_rate - f), "should give 1000, but gives 7000"),
        (lambda f, *, sample_rate: f if f <= sample_rate / 2 else abs(sample_rate - f), "1.5 times"),
        (lambda f, *, sample_rate: abs(f - 8000 * round(f / 8000)), "sample_rate=16000) should give 7000"),
        (lambda f, rate: f, "unexpected keyword argument"),
        (lambda f, *, sample_rate: None, "return"),
        (lambda f, *, sample_rate: f"{f} Hz", "should give numbers"),
        (3000, "pass the function itself"),
    ],
    "features-bin-width": [(40, "8,000 / 200"), (32, "milliseconds"), (62.5, "half spectrum"), (1, "256 samples")],
    "features-frame-count": [
        (lambda n, *, frame_length, hop_length, center: (n if center else n - frame_length) // hop_length, "one short"),
        (lambda n, *, frame_length, hop_length, center: 1 + n // hop_length, "still fit"),
        (lambda n, *, frame_length, hop_length, center: max(0, 1 + (n - frame_length) // hop_length), "half a frame"),
        (
            lambda n, *, frame_length, hop_length, center: 1 + (n if center else n - frame_length) // hop_length,
            "never negative",
        ),
        (
            lambda n, *, frame_length, hop_length, center: 1 + (n if center else n - frame_length) / hop_length,
            "whole number",
        ),
        (lambda n, *, frame_length, hop_length, center: 101, "should give"),
        (lambda n, *, frame_length, hop_length, center: n / 0, "ZeroDivisionError"),
    ],
    "features-band-share": [
        (lambda y, **band: share(y, **band, power=1.0), "square of the magnitude"),
        (lambda y, **band: 100 * share(y, **band), "per cent"),
        (lambda y, **band: share(y, **band, spectrum=np.fft.fft), "np.fft.rfft"),
        (lambda y, *, sample_rate, low, high: share(y, sample_rate=8000, low=low, high=high), "8,000 Hz only"),
        (lambda y, **band: 1 - share(y, **band), "should give 0.64"),
        (lambda y, **band: 0.64, "should give 0.85"),
    ],
    "features-mel-to-hz": [
        (lambda m: 2595 * np.log10(1 + m / 700), "way there"),
        (lambda m: 700 * (np.exp(m / 2595) - 1), "np.exp"),
        (lambda m: 700 * 10 ** (m / 2595), "0 mel must give 0 Hz"),
        (lambda m: 700 * 10 ** (m / 2595) - 1, "before the factor 700"),
        (lambda m: 700 * 10 ** (m / 2595 - 1), "not the exponent"),
        (lambda m: np.where(np.less(m, 15), m * 200 / 3, 1000 * 6.4 ** ((m - 15) / 27)), "Slaney"),
        (lambda m: 1000.0 * np.sign(m), "should give"),
        (lambda m: 700 * (10 ** (float(m) / 2595) - 1), "TypeError"),
    ],
    "features-quefrency": [(8, "period"), (0.125, "0.008 s"), (1000, "milliseconds, not samples"), (100, "one cycle")],
    "features-domain": [
        ("time", "So says the article"),
        ("Frequency", "cosine transform"),
        ("mel ", "mel bands"),
        (3, "quotes"),
    ],
    "features-gain": [
        (6.02, "gathers 26"),
        (156.5, "plain sum"),
        (15.35, "square of the amplitude"),
        (-30.7, "leave the sign"),
        (38.08, "for 40 bands"),
        (0, "over √26"),
        (3.01, "26 equal numbers"),
    ],
    "features-pre-emphasis": [
        (lambda y, *, factor: y[1:] - factor * y[:-1], "first sample is missing"),
        (lambda y, *, factor: y - factor * np.roll(y, 1), "np.roll"),
        (lambda y, *, factor: pre_emphasised(y, factor=-factor), "sign"),
        (lambda y, *, factor: np.append(y[:-1] - factor * y[1:], y[-1]), "next sample"),
        (lambda y, *, factor: pre_emphasised(y, factor=0.97), "factor=0.5) should give"),
        (fed_back, "at index 2, but gives"),
        (lambda y, *, factor: y, "should give"),
        (lambda y, *, factor: [y, 1], "stopped with"),
        (lambda y: y, "unexpected keyword"),
    ],
    "features-normalise-padded": [
        (over_everything, "measure both on the real frames"),
        (lambda x, *, n_real: over_everything(x, n_real=n_real) * (np.arange(x.shape[1]) < n_real), "0 again"),
        (lambda x, *, n_real: normalised(x, n_real=n_real)[:, :n_real], "padding is gone"),
        (lambda x, *, n_real: normalised(x, n_real=n_real, ddof=1), "ddof=1"),
        (lambda x, *, n_real: normalised(x.T, n_real=x.shape[0]).T, "axis 1"),
        (padding_transformed_too, "must be 0 in the end"),
        (no_guard_against_zero, "division by zero"),
        (spoils_its_input, "should give"),
    ],
}
