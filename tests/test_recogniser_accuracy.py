"""The published network in the page, on every clip of speakers that it has not heard, and through a microphone."""

import io

import numpy as np
import pytest

from speechbook import corpora, page_model, recipe
from speechbook.publish import ledger, networks, run
from speechbook.widgets import Recogniser
from tests.site import PROJECT
from tests.test_network import in_javascript
from tests.test_recogniser_microphone import chromium, speak  # noqa: F401  (fixtures)

CHAPTER = "book/code/unseen_speakers"
MOST_LOST = 0.01  # of accuracy, between Keras and the page
THROUGH_MICROPHONE = 36
CLIPS_AT_ONCE = 100


@pytest.fixture(scope="module", params=["voices", "fsdd"])
def trained(request):
    """Corpus, the network's file, and the accuracy that the chapter recorded for it in Keras."""
    if request.param == "fsdd" and corpora.fsdd_path() is None:
        pytest.skip("FSDD is not at hand: `make fsdd` fetches it")
    with run.alone(PROJECT):
        executed, failures = run.bring_up_to_date(PROJECT, [CHAPTER], corpus=request.param)
    assert not failures, failures
    records, _ = ledger.collect(executed)
    return request.param, networks.collect(executed)["digits"], records["unseen-best"].value


def strangers(corpus: str):
    return corpora.load_digits(corpus).default_unseen()[1]


def test_the_page_is_as_accurate_as_python(trained, tmp_path):
    corpus, content, in_keras = trained
    clips = strangers(corpus)
    path = tmp_path / "digits.sbmodel"
    path.write_bytes(content)
    outputs = []
    for start in range(0, len(clips), CLIPS_AT_ONCE):
        sounds = [np.round(y * 32768) / 32768 for y in clips.clips[start : start + CLIPS_AT_ONCE]]
        outputs += in_javascript(model=str(path), clips=[y.tolist() for y in sounds], frames=100)["outputs"]
    in_page = np.mean(np.argmax(outputs, axis=1) == clips.digit)
    rounded = recipe.predict(page_model.load_model(io.BytesIO(content)), clips.clips, sample_rate=clips.sample_rate)
    print(f"{corpus}: {len(clips)} clips of unseen speakers: Keras {in_keras:.1%}, page {in_page:.1%}")
    assert in_page >= in_keras - MOST_LOST
    np.testing.assert_allclose(outputs, rounded, atol=1e-3)


def test_a_microphone_costs_at_most_one_word(trained, speak):  # noqa: F811
    corpus, content, _ = trained
    clips = strangers(corpus)
    rng = np.random.default_rng(0)
    chosen = clips[rng.choice(len(clips), THROUGH_MICROPHONE, replace=False)]
    room = [1e-4 * rng.normal(size=size) for size in [12000, *[7200] * THROUGH_MICROPHONE]]
    spoken = [0.5 * y / np.abs(y).max() for y in chosen.clips]
    model = page_model.load_model(io.BytesIO(content))
    surrounded = [np.concatenate([room[1][:1200], y, room[1][:960]]) for y in spoken]
    in_python = recipe.predict(model, surrounded, sample_rate=chosen.sample_rate)
    parts = [room[0], *(part for pair in zip(spoken, room[1:], strict=True) for part in pair)]
    found = speak(*parts, network=content, widget=Recogniser())
    enough = "count => performance.getEntriesByName('speechbook-answer').length >= count"
    found.page.wait_for_function(enough, arg=THROUGH_MICROPHONE, timeout=120_000)
    answers = found.page.evaluate("performance.getEntriesByName('speechbook-answer').map(({detail}) => detail)")
    assert len(answers) == THROUGH_MICROPHONE, "every word was found, and nothing else"
    assert np.sum(np.equal(answers, chosen.digit)) >= np.sum(in_python.argmax(axis=1) == chosen.digit) - 1
    assert found.problems() == []
