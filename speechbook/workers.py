"""Training by several processes of one machine: each computes on its share of a batch, and all add up their gradients.

The processes are TensorFlow's workers (`tf.distribute.MultiWorkerMirroredStrategy`), as they would be on several
machines; here they talk over the loopback device. They are started from a server process that has imported Keras once,
so that a start takes a second, and are ended whatever happens. A script that calls `train` needs the usual guard
``if __name__ == "__main__":``. Taught in the chapter *Growing past one machine*.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import queue
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from speechbook._checks import positive_int

NORMALISATIONS = ("none", "own", "common")
LONGEST_SECONDS = 180.0
CHECKPOINT = "checkpoint.npz"


class WorkerError(RuntimeError):
    """A worker process has ended before its work was done."""


class Outcome(NamedTuple):
    """What a training by several processes gives.

    Attributes
    ----------
    weights : list of np.ndarray
        After the last step.
    gradients : list of np.ndarray
        Of the first step, added up over all workers.
    losses : list of float
        One a step, over the whole batch, in nats.
    seconds : float
        Of one step, the median, on the clock.
    """

    weights: list[np.ndarray]
    gradients: list[np.ndarray]
    losses: list[float]
    seconds: float


def share(n: int, *, rank: int, n_workers: int) -> np.ndarray:
    """Tell which rows of a batch a worker takes: every n-th, from its own number on.

    Parameters
    ----------
    n : int
        Rows.
    rank : int
        Number of the worker, from 0.
    n_workers : int
        How many there are.

    Returns
    -------
    np.ndarray of int

    Raises
    ------
    ValueError
        If there is no such worker.

    Examples
    --------
    >>> share(7, rank=1, n_workers=3)
    array([1, 4])
    """
    if not 0 <= rank < positive_int(n_workers=n_workers):
        raise ValueError(f"rank must be from 0 to {n_workers - 1}, but is {rank}")
    return np.arange(rank, positive_int(n=n), n_workers)


def train(
    x: ArrayLike,
    labels: ArrayLike,
    *,
    n_workers: int,
    steps: int,
    batch_size: int = 64,
    normalisation: str = "none",
    folder: str | os.PathLike | None = None,
    checkpoint_every: int = 5,
    kill_at: int | None = None,
    seed: int = 0,
) -> Outcome:
    """Train a small convolutional network, each step's batch divided among processes.

    Parameters
    ----------
    x : array_like [shape=(clips, frames, bands)]
        Pictures.
    labels : array_like of int [shape=(clips,)]
        Classes from 0.
    n_workers : int
        Processes; with one there is no strategy, just Keras.
    steps : int
        Updates.
    batch_size : int
        Clips of a step, of all workers together.
    normalisation : {"none", "own", "common"}
        Batch normalisation: without, over each worker's own clips, or over those of all.
    folder : path, optional
        Where weights, optimiser and step are kept; if there are any, training goes on from there.
    checkpoint_every : int
        Steps between two such files.
    kill_at : int, optional
        Step before which the last worker is killed, as if its machine had failed.
    seed : int
        Of weights and batches.

    Returns
    -------
    Outcome

    Raises
    ------
    WorkerError
        If a worker ends early; all others are ended too.
    ValueError
        If a setting is wrong.

    Examples
    --------
    >>> x, labels = np.zeros((8, 20, 4)), np.arange(8)
    >>> len(train(x, labels, n_workers=1, steps=2, batch_size=8).losses)
    2
    """
    if normalisation not in NORMALISATIONS:
        raise ValueError(f"normalisation must be one of {NORMALISATIONS}, but is {normalisation!r}")
    x, labels = np.asarray(x, np.float32), np.asarray(labels, np.int64)
    if x.ndim != 3 or labels.shape != x.shape[:1] or not 0 < batch_size <= len(x):
        raise ValueError(
            f"x (clips, frames, bands), labels (clips,), batch_size do not fit: {x.shape}, {labels.shape}, {batch_size}"
        )
    if batch_size < positive_int(n_workers=n_workers):
        raise ValueError(f"a batch of {batch_size} cannot be divided among {n_workers} workers")
    settings = {
        "steps": positive_int(steps=steps),
        "batch_size": batch_size,
        "normalisation": normalisation,
        "folder": None if folder is None else str(folder),
        "checkpoint_every": positive_int(checkpoint_every=checkpoint_every),
        "kill_at": kill_at,
        "seed": seed,
    }
    return _run(n_workers, (x, labels, settings))


def _run(n_workers: int, arguments: tuple) -> Outcome:
    """Start the workers, wait for the first one's result, and leave none behind."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["speechbook._worker"])
    addresses, answer = _free_addresses(n_workers), context.Queue()
    processes = [
        context.Process(target=_start, args=(rank, addresses, answer, *arguments), daemon=True)
        for rank in range(n_workers)
    ]
    try:
        for process in processes:
            process.start()
        return _wait(processes, answer)
    finally:
        for process in processes:
            with suppress(ValueError, AttributeError):
                process.kill()
                process.join()
        answer.close()


def _wait(processes: Sequence[multiprocessing.Process], answer) -> Outcome:
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        with suppress(queue.Empty):
            return Outcome(*answer.get(timeout=0.2))
        if ended := [(each.exitcode, rank) for rank, each in enumerate(processes) if each.exitcode not in (None, 0)]:
            code, rank = min(ended)  # one that was killed comes before those that it pulled down
            how = signal.Signals(-code).name if code < 0 else f"code {code}"
            raise WorkerError(f"worker {rank} of {len(processes)} has ended with {how}; the others were ended too")
    raise WorkerError(f"the workers have not finished within {LONGEST_SECONDS:.0f} s and were ended")


def _start(rank: int, addresses: list[str], answer, *arguments) -> None:
    """Run in a worker process."""
    os.environ["TF_CONFIG"] = json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": rank}})
    from speechbook import _worker

    outcome = _worker.work(rank, len(addresses), *arguments)
    if rank == 0:
        answer.put(outcome)


def _free_addresses(n: int) -> list[str]:
    sockets = [socket.socket() for _ in range(n)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
    finally:
        for each in sockets:
            each.close()


def all_reduce_bytes(n_bytes: int, *, n_workers: int) -> float:
    """Count the bytes that each worker sends to add up one array over a ring of workers.

    Parameters
    ----------
    n_bytes : int
        Of the array.
    n_workers : int
        In the ring.

    Returns
    -------
    float
        Never more than twice the array, however many workers there are.

    References
    ----------
    Patarasuk & Yuan (2009), Bandwidth optimal all-reduce algorithms for clusters of workstations, Journal of Parallel
    and Distributed Computing 69(2), 117–124.

    Examples
    --------
    >>> [all_reduce_bytes(1000, n_workers=n) for n in (1, 2, 4, 1000)]
    [0.0, 1000.0, 1500.0, 1998.0]
    """
    return 2 * positive_int(n_bytes=n_bytes) * (positive_int(n_workers=n_workers) - 1) / n_workers


def newest_checkpoint(folder: str | os.PathLike) -> int:
    """Tell the step after which the last checkpoint in a folder was written; 0 without one.

    Examples
    --------
    >>> newest_checkpoint("no/such/folder")
    0
    """
    path = Path(folder) / CHECKPOINT
    if not path.exists():
        return 0
    with np.load(path) as kept:
        return int(kept["step"])
