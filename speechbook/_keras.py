"""Import Keras without TensorFlow's start-up log. This is the one place where that log is silenced.

Some of its lines are written before TensorFlow looks at ``TF_CPP_MIN_LOG_LEVEL``, straight to file descriptor 2; so the
descriptor is turned away while TensorFlow starts. Set ``TF_CPP_MIN_LOG_LEVEL=0`` yourself to read everything.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _closed_stderr() -> Iterator[None]:
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Look for no garbage meanwhile, nor ever after in what is there by then.

    Modules stay to the end. To look for garbage in them takes a tenth of the time of the import, a fifth of a second
    whenever all is looked through, and a second more when the process ends.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


with _nothing_collected():
    if os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2") != "0":
        with _closed_stderr():
            import tensorflow

            tensorflow.config.list_physical_devices()

    import keras

__all__ = ["keras"]
