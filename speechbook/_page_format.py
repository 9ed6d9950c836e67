"""The bytes of a network's file: packing weights, and reading and checking what was packed."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from speechbook._page_steps import Step

MAGIC = b"SBMODEL1"
WEIGHTS = ("float32", "int8")
CHECKSUM_BYTES = 32
FEWEST_VALUES = 256
"""Smaller arrays stay float32: rounding them would save nothing."""


class PageModelError(ValueError):
    """A file is no network that can be used; the message says what is wrong with it and what to do."""


@dataclass(frozen=True)
class PageModel:
    """What a file holds.

    Attributes
    ----------
    header : dict
        Steps, labels, settings, as the module's description says.
    arrays : list of numpy.ndarray
        Weights as float32, whatever they were written as.
    checksum : str
        SHA-256 in hexadecimal digits.
    size : int
        Bytes of the file.
    """

    header: dict
    arrays: list[np.ndarray]
    checksum: str
    size: int

    @property
    def n_parameters(self) -> int:
        """Number of weights."""
        return sum(array.size for array in self.arrays)

    def __str__(self) -> str:
        """Tell in one line what it is."""
        shape = " × ".join("any" if n is None else str(n) for n in self.header["input_shape"])
        return (
            f"{self.header['name']}: {shape} in, {len(self.header['labels'])} labels out, "
            f"{self.n_parameters:,} numbers as {self.header['weights']}, {self.size:,} bytes, "
            f"SHA-256 {self.checksum[:12]}…"
        )


def read_page_model(file: str | os.PathLike | BinaryIO) -> PageModel:
    """Read and check a file that `write_page_model` has written.

    Parameters
    ----------
    file : path or binary file object
        The file.

    Returns
    -------
    PageModel
        Header and weights.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    PageModelError
        If it is not such a file, is damaged, or was written by a newer version of the book.

    Examples
    --------
    >>> import io
    >>> read_page_model(io.BytesIO(b"RIFF and so on"))
    Traceback (most recent call last):
    speechbook._page_format.PageModelError: The file is no network for the page: it does not begin with SBMODEL.
    """
    content = file.read() if hasattr(file, "read") else Path(file).read_bytes()
    what = getattr(file, "name", "The file") if hasattr(file, "read") else str(file)
    if not content.startswith(MAGIC[:-1]):
        raise PageModelError(f"{what} is no network for the page: it does not begin with {MAGIC[:-1].decode()}.")
    if not content.startswith(MAGIC):
        raise PageModelError(
            f"{what} has version {chr(content[7])} of the format; this book reads version 1. Update it."
        )
    body, checksum = content[:-CHECKSUM_BYTES], content[-CHECKSUM_BYTES:]
    if hashlib.sha256(body).digest() != checksum:
        raise PageModelError(f"{what} is damaged: its checksum is not that of its content. Write or fetch it again.")
    (length,) = struct.unpack("<I", body[8:12])
    header = json.loads(body[12 : 12 + length])
    arrays = [_unpack(body, 12 + length, entry) for entry in header["arrays"]]
    return PageModel(header, arrays, checksum.hex(), len(content))


def round_weights(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Round an array to whole numbers from -127 to 127, with one factor for each of its last axis.

    Parameters
    ----------
    array : numpy.ndarray, shape (…, outputs)
        A kernel.

    Returns
    -------
    rounded : int8 numpy.ndarray, shape (…, outputs)
        The whole numbers.
    factors : float32 numpy.ndarray, shape (outputs,)
        ``rounded * factors`` is near `array`: within half a factor.

    References
    ----------
    Krishnamoorthi, R. (2018). Quantizing deep convolutional networks for efficient inference: A whitepaper.
    arXiv:1806.08342.

    Examples
    --------
    >>> rounded, factors = round_weights(np.array([[1.0, 20.0], [-0.5, 0.0]]))
    >>> rounded.tolist()
    [[127, 127], [-64, 0]]
    """
    largest = np.abs(array).reshape(-1, array.shape[-1]).max(axis=0)
    factors = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.rint(array / factors).astype(np.int8), factors


def pack(steps: Sequence[Step], weights: str) -> tuple[bytes, list[dict], list[dict]]:
    """Give the numbers of all weights, the steps as the header lists them, and the table that finds the weights."""
    numbers, described, table = bytearray(), [], []
    for step in steps:
        places = {}
        for key, array in step.weights.items():
            if not np.isfinite(array).all():
                raise ValueError(f"{key} of layer {step.name!r} holds NaN or infinity: the training went wrong")
            places[key] = len(table)
            small = array.ndim < 2 or array.size < FEWEST_VALUES or "kernel" not in key
            entry = {"type": "float32" if small else weights, "shape": list(array.shape), "offset": len(numbers)}
            if entry["type"] == "int8":
                rounded, factors = round_weights(array)
                numbers += rounded.tobytes() + bytes(-rounded.size % 4) + factors.astype("<f4").tobytes()
            else:
                numbers += array.astype("<f4").tobytes()
            table.append(entry)
        described.append(
            {"kind": step.kind, "name": step.name, "inputs": list(step.inputs), **step.settings, "weights": places}
        )
    return bytes(numbers), described, table


def assemble(header: Mapping, numbers: bytes) -> bytes:
    """Put header, numbers and checksum together."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    content = MAGIC + struct.pack("<I", len(text)) + text + numbers
    return content + hashlib.sha256(content).digest()


def _unpack(body: bytes, start: int, entry: Mapping) -> np.ndarray:
    size, offset = int(np.prod(entry["shape"], dtype=int)), start + entry["offset"]
    if entry["type"] == "float32":
        return np.frombuffer(body, "<f4", size, offset).reshape(entry["shape"])
    rounded = np.frombuffer(body, np.int8, size, offset).reshape(entry["shape"])
    factors = np.frombuffer(body, "<f4", entry["shape"][-1], offset + size + -size % 4)
    return rounded * factors
