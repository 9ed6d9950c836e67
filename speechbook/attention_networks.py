"""Encoders that turn a picture of any length into a row of steps: convolutions, GRU, Transformer and Conformer.

All of them shorten time by four, know where a recording ends, and give the same for it however much silence follows in
the batch. Taught in the chapter *Listen, look and write*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from speechbook import frontend
from speechbook._checks import positive_int
from speechbook._keras import keras
from speechbook.sequence_models import Head

layers, ops = keras.layers, keras.ops

N_BANDS = 40
DROPOUT = 0.1
HEADS = 4
KERNEL = 15
"""Steps of 40 ms that a Conformer's convolution sees."""


def position_codes(n_steps: int, width: int) -> np.ndarray:
    """Say where each step stands, by sines and cosines from fast to slow.

    Parameters
    ----------
    n_steps : int
        Steps.
    width : int
        Numbers of a code, even: the first half are sines, the second half cosines.

    Returns
    -------
    np.ndarray [shape=(n_steps, width), dtype=float32]

    Raises
    ------
    ValueError
        If `width` is odd, or one of the two is not a positive whole number.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, NeurIPS, who take sines and cosines in turns.

    Examples
    --------
    >>> position_codes(2, 4).round(2)
    array([[0.  , 0.  , 1.  , 1.  ],
           [0.84, 0.01, 0.54, 1.  ]], dtype=float32)
    """
    n_steps = positive_int(n_steps=n_steps)
    angles = np.arange(n_steps)[:, None] * _rates(width)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


def _rates(width: int) -> np.ndarray:
    if positive_int(width=width) % 2:
        raise ValueError(f"width must be even, because every rate has a sine and a cosine, but is {width}")
    return 10_000.0 ** (-np.arange(0, width, 2) / width)


@keras.saving.register_keras_serializable("speechbook")
class Positions(layers.Layer):
    """Add `position_codes` to steps [shape=(clips, steps, width)] of any number.

    Examples
    --------
    >>> codes = Positions()(np.zeros((1, 7, 4), np.float32))
    >>> bool(np.allclose(codes[0], position_codes(7, 4), atol=1e-6))
    True
    """

    def call(self, x):
        """Give the steps with their codes added."""
        rates = ops.convert_to_tensor(_rates(x.shape[-1]), x.dtype)
        angles = ops.cast(ops.arange(ops.shape(x)[1]), x.dtype)[:, None] * rates
        return x + ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=1)


def real_frames(frames):
    """Mark every frame up to the last that can be heard; what follows is filling.

    Parameters
    ----------
    frames : array or tensor [shape=(clips, frames, bands)]
        Pictures, as `sequence_models.pad` lays them into a batch.

    Returns
    -------
    tensor of bool [shape=(clips, frames)]

    Examples
    --------
    >>> picture = np.full((1, 6, 40), frontend.FLOOR)
    >>> picture[0, [1, 3], 7] = 0
    >>> np.array(real_frames(picture)).astype(int)
    array([[1, 1, 1, 1, 0, 0]])
    """
    audible = ops.cast(ops.any(ops.greater(frames, frontend.FLOOR), axis=-1), "int32")
    return ops.greater(ops.flip(ops.cumsum(ops.flip(audible, axis=1), axis=1), axis=1), 0)


def shorten(frames, real, channels):
    """Convolve over time with all bands at once; the first two convolutions halve the time.

    What lies after the recording is set to zero before every convolution, which is what the convolution itself puts
    beyond the end of a batch: so the filling cannot be heard.

    Parameters
    ----------
    frames : tensor [shape=(clips, frames, bands)]
        Pictures.
    real : tensor of bool [shape=(clips, frames)]
        As from `real_frames`.
    channels : sequence of int
        Of the convolutions, at least two.

    Returns
    -------
    x : tensor [shape=(clips, ceil(frames / 4), channels)]
    real : tensor of bool [shape=(clips, ceil(frames / 4))]
    """
    x = _only(frames - frontend.FLOOR, real)
    for number, n_channels in enumerate(channels):
        strides = 2 if number < 2 else 1
        x = layers.Conv1D(n_channels, 5, strides=strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
        real = real[:, ::strides]
        x = _only(x, real)
    return x, real


def _only(x, real):
    return x * ops.cast(real, x.dtype)[..., None]


def bigru(frames, real, *, channels=(48, 64, 80), units: int = 48):
    """Read the steps in both directions: what an encoder was before attention took its place."""
    x, real = shorten(frames, real, channels)
    x = layers.Bidirectional(layers.GRU(units, return_sequences=True))(x, mask=real)
    return layers.Dropout(2 * DROPOUT)(x), real


def local(frames, real, *, channels=(48, 64, 64)):
    """Hear a third of a second at a time, and say where: whoever wants to know more must look at several steps."""
    x, real = shorten(frames, real, channels)
    return layers.Dropout(DROPOUT)(Positions()(x)), real


def transformer(frames, real, *, width: int = 72, n_blocks: int = 3):
    """Let every step look at every other, block upon block; position codes say where each stands."""
    x, real = shorten(frames, real, (64, width))
    x = layers.Dropout(DROPOUT)(Positions()(x))
    for _ in range(n_blocks):
        x = x + attend(x, real)
        x = x + feed_forward(x, activation="relu")
    return layers.LayerNormalization()(x), real


def conformer(frames, real, *, width: int = 64, n_blocks: int = 2):
    """Stack Conformer blocks. They get no position codes: their convolutions know what lies left and right."""
    x, real = shorten(frames, real, (64, width))
    for _ in range(n_blocks):
        x = conformer_block(x, real)
    return x, real


def conformer_block(x, real):
    """Put attention and convolution between two half steps of feed-forward (Gulati et al., 2020).

    Parameters
    ----------
    x : tensor [shape=(clips, steps, width)]
        Steps.
    real : tensor of bool [shape=(clips, steps)]
        Which of them hold a recording.

    Returns
    -------
    tensor [shape=(clips, steps, width)]
    """
    x = x + 0.5 * feed_forward(x)
    x = x + attend(x, real)
    x = x + convolve(x, real)
    x = x + 0.5 * feed_forward(x)
    return layers.LayerNormalization()(x)


def feed_forward(x, *, activation: str = "silu"):
    """Change each step by itself; twice as many features between."""
    width = x.shape[-1]
    x = layers.Dense(2 * width, activation=activation)(layers.LayerNormalization()(x))
    return layers.Dropout(DROPOUT)(layers.Dense(width)(x))


def attend(x, real):
    """Let every step look at all real steps."""
    heads = {"num_heads": HEADS, "key_dim": x.shape[-1] // HEADS}
    x = layers.LayerNormalization()(x)
    return layers.Dropout(DROPOUT)(layers.MultiHeadAttention(**heads)(x, x, attention_mask=real[:, None]))


def convolve(x, real):
    """Let every step look at its neighbours, each feature by itself, behind a gate."""
    width = x.shape[-1]
    x = layers.Dense(2 * width)(layers.LayerNormalization()(x))
    x = _only(x[..., :width] * ops.sigmoid(x[..., width:]), real)
    x = layers.DepthwiseConv1D(KERNEL, padding="same")(x)
    x = layers.Activation("silu")(layers.BatchNormalization(momentum=0.95)(x))
    return layers.Dropout(DROPOUT)(layers.Dense(width)(x))


ENCODERS: Mapping[str, Callable] = {
    "local": local,
    "bigru": bigru,
    "transformer": transformer,
    "conformer": conformer,
}


def encoder(kind: str, *, n_bands: int = N_BANDS, **sizes) -> keras.Model:
    """Build an encoder.

    Parameters
    ----------
    kind : str
        One of `ENCODERS`.
    n_bands : int
        Bands of a picture.
    **sizes
        What that function takes beside frames, such as ``units`` or ``n_blocks``.

    Returns
    -------
    keras.Model
        Input float32 [shape=(clips, frames, n_bands)]; output a dict of ``"heard"`` [shape=(clips, ceil(frames / 4),
        width)] and ``"real"``, bool [shape=(clips, ceil(frames / 4))].

    Raises
    ------
    ValueError
        If there is no such encoder.

    Examples
    --------
    >>> for kind in ENCODERS:
    ...     network = encoder(kind)
    ...     print(f"{kind:11} {network(np.zeros((1, 98, 40)))['heard'].shape} {network.count_params():,} parameters")
    local       (1, 25, 64) 46,144 parameters
    bigru       (1, 25, 96) 88,768 parameters
    transformer (1, 25, 72) 163,320 parameters
    conformer   (1, 25, 64) 162,176 parameters
    """
    if kind not in ENCODERS:
        raise ValueError(f"kind must be one of {', '.join(ENCODERS)}, but is {kind!r}")
    frames = keras.Input((None, positive_int(n_bands=n_bands)))
    heard, real = ENCODERS[kind](frames, real_frames(frames), **sizes)
    return keras.Model(frames, {"heard": heard, "real": real}, name=kind)


def ctc_reader(listener: keras.Model, heads: Mapping[str, Head]) -> keras.Model:
    """Put CTC heads upon an encoder.

    Parameters
    ----------
    listener : keras.Model
        Such as `encoder` builds.
    heads : mapping of str to Head
        As for `ctc_networks.ctc_network`; one output a step.

    Returns
    -------
    keras.Model
        From pictures to a dict of scores, as `sequence_models.train` and `sequence_models.log_probs` take it.

    Examples
    --------
    >>> network = ctc_reader(encoder("conformer"), {"words": Head(11)})
    >>> network(np.zeros((1, 98, 40)))["words"].shape
    TensorShape([1, 25, 11])
    """
    several = [name for name, head in heads.items() if head.outputs_per_step != 1]
    if several or not heads:
        raise ValueError(f"ctc_reader needs heads with one output a step, but {several or 'none'} was given")
    heard = listener(listener.input)["heard"]
    return keras.Model(
        listener.input, {name: layers.Dense(head.n_classes, name=name)(heard) for name, head in heads.items()}
    )
