"""What widgets with a trained network share: where it comes from, and how it reaches the page when it is asked for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import anywidget
import traitlets

from speechbook import frontend, page_model

N_FRAMES = 100


class NetworkWidget(anywidget.AnyWidget):
    """Widget whose page asks for a network: from the kernel where one runs, else from the site's files.

    Parameters
    ----------
    network : keras.Model, path or bytes, optional
        A trained model, or the file of one. By default what was last published under `name` on this machine, looked for
        when it is needed.
    name : str
        Name under which a chapter publishes its network.
    labels : sequence of str, optional
        What the outputs of a Keras model stand for; default are their numbers.
    threshold : float, optional
        Probability below which a Keras model's answer is "I do not know"; see `page_model.choose_threshold`.
    **traits
        Further traits.

    Raises
    ------
    ValueError
        If the network cannot be computed in a page.
    FileNotFoundError
        If a path leads nowhere.
    """

    name = traitlets.Unicode("digits").tag(sync=True)

    def __init__(
        self,
        network: object | None = None,
        *,
        name: str = "digits",
        labels: Sequence[str] | None = None,
        threshold: float | None = None,
        **traits: object,
    ) -> None:
        content = None if network is None else _content(network, labels=labels, threshold=threshold)
        super().__init__(name="" if content else name, **traits)
        self._content = content
        self.on_msg(self._answer_page)

    def _answer_page(self, widget: object, message: dict, buffers: list) -> None:
        """Send the network's file when the page asks for it, or say why not."""
        if message.get("kind") != "load":
            return
        try:
            content = self._content or page_model.find(self.name).read_bytes()
            page_model.read_page_model(io.BytesIO(content))
        except (OSError, ValueError) as error:
            self.send({"kind": "error", "message": str(error)})
        else:
            self.send({"kind": "network"}, buffers=[content])


def _content(network: object, *, labels: Sequence[str] | None, threshold: float | None) -> bytes:
    """Give a network's file, whatever stands for it."""
    if isinstance(network, str | Path):
        network = Path(network).read_bytes()
    if isinstance(network, bytes):
        page_model.read_page_model(io.BytesIO(network))
        return network
    if not hasattr(network, "output_shape"):
        raise ValueError(f"network must be a Keras model, or the path or content of its file; got {network!r:.80}")
    settings = {**frontend.SETTINGS, "n_frames": network.input_shape[1] or N_FRAMES}
    labels = [str(number) for number in range(network.output_shape[-1])] if labels is None else labels
    return page_model.write_page_model(network, labels=labels, threshold=threshold, front_end=settings)
