"""The recogniser on Python's side: what it takes, what it refuses, and what it tells."""

import numpy as np
import pytest

from speechbook import page_model
from speechbook._keras import keras
from speechbook.widgets import Recogniser
from tests.recogniser_pages import content, network, sounds


def test_without_arguments_nothing_is_loaded():
    widget = Recogniser()
    assert widget.name == "digits"
    assert (widget.answer, widget.probabilities, widget.history) == ("", [], [])
    assert "_content" not in widget.get_state()


@pytest.mark.parametrize("how", ["model", "bytes", "path"])
def test_a_network_comes_as_model_bytes_or_path(how, tmp_path):
    path = tmp_path / "digits.sbmodel"
    path.write_bytes(content())
    widget = Recogniser({"model": network(), "bytes": content(), "path": path}[how])
    assert widget.name == ""
    found = page_model.read_page_model(path)
    assert found.header["front_end"]["n_frames"] == 100
    assert len(widget._content) > 10_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"network": 3}, "Keras model, or the path or content"),
        ({"network": b"RIFF"}, "does not begin with SBMODEL"),
        ({"network": keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: x)])}, "is a Lambda"),
        ({"margin": 40}, "margin must lie between 4 and 30"),
        ({"clips": {}}, "clips is empty"),
        ({"clips": {"two": (np.zeros((2, 9)), 8000)}}, "must be mono"),
    ],
)
def test_what_cannot_be_used_says_why(arguments, message):
    with pytest.raises(ValueError, match=message):
        Recogniser(**arguments)


def test_a_path_that_leads_nowhere_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.sbmodel"):
        Recogniser(tmp_path / "none.sbmodel")


def test_clips_cross_as_they_are():
    widget = Recogniser(clips=sounds())
    assert [clip["label"].split(",")[0] for clip in widget.clips][:3] == ["zero", "one", "two"]
    assert len(widget.samples) == 2 * sum(len(y) for y, _ in sounds().values())
