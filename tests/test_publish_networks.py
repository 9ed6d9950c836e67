"""Networks on their way from an executed chapter to the site."""

import base64

import nbformat
import numpy as np
import pytest

from speechbook import page_model
from speechbook._keras import keras
from speechbook.publish import networks
from speechbook.publish.project import PublishError
from tests.test_network import in_javascript


def network(units: int = 3) -> keras.Model:
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(units)])


def outputs_of(monkeypatch, tmp_path, name: str, model: keras.Model, **options) -> dict:
    """What `publish` leaves in a cell's output."""
    shown = []
    monkeypatch.setattr("speechbook._page_publish.display", shown.append)
    labels = map(str, range(model.output_shape[-1]))
    page_model.publish(name, model, labels=labels, front_end={}, cache=tmp_path / "cache", **options)
    (published,) = shown
    return published._repr_mimebundle_()


def executed(tmp_path, chapter: str, *bundles: dict):
    cells = [
        nbformat.v4.new_code_cell("…", outputs=[nbformat.v4.new_output("display_data", data=data)]) for data in bundles
    ]
    path = tmp_path / f"{chapter}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A"), *cells]), path)
    return path


def test_a_chapters_network_becomes_files_of_the_site(monkeypatch, tmp_path):
    bundle = outputs_of(monkeypatch, tmp_path, "coin", network(), weights="float32")
    found = networks.collect({"a": executed(tmp_path, "a", {"text/plain": "1"}, bundle)})
    networks.write(found, tmp_path / "site" / "models")
    path = tmp_path / "site" / "models" / "coin.sbmodel"
    assert path.read_bytes() == page_model.find("coin", cache=tmp_path / "cache").read_bytes()
    assert np.size(in_javascript(model=str(path), inputs=[[1, 2, 3, 4]])["outputs"]) == 3
    script = (path.parent / "coin.sbmodel.js").read_text()
    assert base64.b64decode(script.split('"')[3]) == path.read_bytes()


def test_without_networks_there_is_no_folder(tmp_path):
    networks.write(networks.collect({"a": executed(tmp_path, "a")}), tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_a_name_stands_for_one_network(monkeypatch, tmp_path):
    bundle = outputs_of(monkeypatch, tmp_path, "coin", network())
    chapters = {name: executed(tmp_path, name, bundle) for name in ("a", "b")}
    with pytest.raises(PublishError, match="b publishes a second network called 'coin'"):
        networks.collect(chapters)


def test_a_damaged_network_is_not_published(monkeypatch, tmp_path):
    bundle = outputs_of(monkeypatch, tmp_path, "coin", network())
    facts = bundle[page_model.MIME_TYPE]
    facts["content"] = base64.b64encode(base64.b64decode(facts["content"])[:-1]).decode()
    with pytest.raises(PublishError, match="damaged"):
        networks.collect({"a": executed(tmp_path, "a", bundle)})


def test_a_heavy_network_is_not_published(monkeypatch, tmp_path):
    model = keras.Sequential([keras.Input((400,)), keras.layers.Dense(400)])
    heavy = outputs_of(monkeypatch, tmp_path, "coin", model, weights="float32")
    with pytest.raises(PublishError, match="weights='int8'"):
        networks.collect({"a": executed(tmp_path, "a", heavy)})
    light = outputs_of(monkeypatch, tmp_path, "coin", model, weights="int8")
    assert "coin" in networks.collect({"a": executed(tmp_path, "a", light)})
