"""Planted wrong answers for *Tools*, each with a piece of the hint that it must get."""

KINDS = {
    "Python": "language",
    "PyTorch": "framework",
    "Keras": "interface",
    "ESPnet": "toolkit",
    "Whisper": "model",
    "LibriSpeech": "corpus",
}

WRONG = {
    "tools-kinds": [
        ("framework", "dictionary"),
        ({"Python": "language"}, "Still to be filled in: PyTorch"),
        ({**KINDS, "Keras": "framework"}, "5 of 6 are right. Keras differentiates nothing"),
        ({**KINDS, "Whisper": "toolkit"}, "comes with its weights"),
    ],
    "tools-last-old-keras": [
        ("2.4", "One before it"),
        (3.0, "six years before"),
        ("Theano", "Filter the table"),
        ([2], "quotes"),
    ],
    "tools-engines": [
        ("tensorflow", "set of names"),
        ({"tensorflow", "theano", "jax"}, "2017"),
        (["tensorflow", "jax", "pytorch", "openvino"], "predicts only"),
        ({"tensorflow", "torch"}, "1 of three"),
        ({"tensorflow", "torch", "jax", "mxnet"}, "Not an engine: mxnet"),
    ],
    "tools-theano-year": [
        (2020, "small release"),
        (2018, "kept running"),
        (2007, "Filter the table"),
        ("2017", "single number"),
    ],
    "tools-running": [
        (lambda tools, year: len([t for t in tools if t["since"] <= year]), "must not count"),
        (lambda tools, year: len([t for t in tools if not t["until"]]), "lives today"),
        (lambda tools, year: len([t for t in tools if t["since"] <= year < (t["until"] or 9999)]), "last year counts"),
        (lambda tools, year: len([t for t in tools if t["since"] < year <= (t["until"] or 9999)]), "first year counts"),
        (lambda tools, year: 3, "should give"),
    ],
    "tools-newest": [
        (lambda versions: versions.index(max(versions)), "As text"),
        (lambda versions: versions.index(max(versions, key=lambda v: float(".".join(v.split(".")[:2])))), "no decimal"),
        (lambda versions: versions.index(min(versions, key=lambda v: [int(n) for n in v.split(".")])), "oldest"),
        (lambda versions: max(versions), "should give numbers"),
    ],
    "tools-commercial": [
        ("LibriSpeech", "set of names"),
        ({"LibriSpeech", "Common Voice", "TED-LIUM 3"}, "non-commercial"),
        ({"LibriSpeech", "GigaSpeech"}, "do not own"),
        ({"LibriSpeech"}, "1 of three"),
    ],
    "tools-how-many-fsdd": [
        (1000 / 21.9, "Hours over minutes"),
        (2500, "rounded"),
        (1000, "in minutes"),
        ("many", "single number"),
    ],
}
