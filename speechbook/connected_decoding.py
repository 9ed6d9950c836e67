"""Ways to read what a network with two heads heard, from the likeliest class of every output to both heads together.

Searches are those of `speechbook.decoding`; here they learn what words are made of and what heads there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from speechbook import decoding
from speechbook.connected import UNITS
from speechbook.language import NGramModel

BEAM_WIDTH = 8
N_BEST = 4

SPELLINGS = {number: UNITS["letters"].encode(name) for number, name in enumerate(UNITS["words"].symbols, start=1)}
"""The lexicon: the letters of every digit's name, by its class among the words."""


def greedy(rows: np.ndarray, *, head: str) -> str:
    """Read the likeliest class of every output.

    Parameters
    ----------
    rows : np.ndarray [shape=(outputs, classes)]
        Log-probabilities of one utterance.
    head : str
        ``"words"`` or ``"letters"``.

    Returns
    -------
    str
        Text with single spaces; letters may spell what is no word.

    Examples
    --------
    >>> greedy(np.log(np.eye(11)[[0, 6, 6, 0, 3]] + 1e-9), head="words")
    'five two'
    """
    return " ".join(UNITS[head].decode(decoding.ctc_greedy(rows)).split())


def beam(
    rows: np.ndarray,
    *,
    head: str,
    lexicon: bool = False,
    language_model: NGramModel | None = None,
    weight: float = 1.0,
    length_bonus: float = 0.0,
    beam_width: int = BEAM_WIDTH,
) -> dict[str, float]:
    """Search for the likeliest texts.

    Parameters
    ----------
    rows : np.ndarray [shape=(outputs, classes)]
        Log-probabilities of one utterance.
    head : str
        ``"words"`` or ``"letters"``.
    lexicon : bool
        Whether letters must spell the names of digits; words always do.
    language_model : NGramModel, optional
        Over digits, as class numbers of the words (1 for zero … 10 for nine). Letters need the lexicon for it.
    weight, length_bonus : float
        As for `decoding.ctc_beam_search`.
    beam_width : int
        Prefixes kept after every output.

    Returns
    -------
    dict of str to float
        Texts and their scores in nats, the best first.

    Raises
    ------
    ValueError
        If a language model over words is to score bare letters.

    Examples
    --------
    >>> list(beam(np.log(np.eye(11)[[0, 6, 6, 0, 3]] + 1e-9), head="words"))[0]
    'five two'
    """
    spelled = head == "letters" and lexicon
    if language_model is not None and head == "letters" and not lexicon:
        raise ValueError("the language model knows words, not letters: pass lexicon=True too")
    closed = {"vocabulary": SPELLINGS, "space": UNITS["letters"].space} if spelled else {}
    how = {"language_model": language_model, "weight": weight, "length_bonus": length_bonus, **closed}
    found = decoding.ctc_beam_search(rows, beam_width=beam_width, **how)
    write = UNITS["words"].decode if spelled else UNITS[head].decode
    texts = {}
    for one in found:
        texts.setdefault(" ".join(write(one.words if spelled else one.labels).split()), one.score)
    return texts


def both(words: np.ndarray, letters: np.ndarray, *, n_best: int = N_BEST, **how) -> dict[str, float]:
    """Let both heads judge the best texts of either, and add their log-probabilities.

    Parameters
    ----------
    words, letters : np.ndarray [shape=(outputs, classes)]
        Log-probabilities of the two heads for one utterance.
    n_best : int
        Texts that each head may propose.
    **how
        Language model, weight, bonus and width of the search, as for `beam`.

    Returns
    -------
    dict of str to float
        Texts and their scores in nats, the best first.

    Examples
    --------
    >>> said = "five two"
    >>> words, letters = (np.eye(len(units))[[0, *units.encode(said), 0]] for units in UNITS.values())
    >>> list(both(np.log(words + 1e-9), np.log(letters + 1e-9)))[0]
    'five two'
    """
    by_words, by_letters = beam(words, head="words", **how), beam(letters, head="letters", lexicon=True, **how)
    return _judge(words, letters, [*[*by_words][:n_best], *[*by_letters][:n_best]], **how)


def _judge(words: np.ndarray, letters: np.ndarray, proposed: Sequence[str], **how) -> dict[str, float]:
    scores = {text: _score(text, words, letters, **how) for text in dict.fromkeys(proposed)}
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def _score(text, words, letters, *, language_model=None, weight=1.0, length_bonus=0.0, beam_width=None) -> float:
    labels = UNITS["words"].encode(text)
    heard = decoding.ctc_log_likelihood(words, labels)
    heard += decoding.ctc_log_likelihood(letters, UNITS["letters"].encode(text))
    if language_model is not None:
        heard += weight * language_model.sentence_log_prob(labels)
    return heard + length_bonus * len(labels)


def readings(outputs: Mapping[str, Sequence[np.ndarray]], **how) -> dict[str, list[str]]:
    """Decode in all the ways that are compared.

    Parameters
    ----------
    outputs : mapping of str to sequence of np.ndarray [shape=(outputs, classes)]
        Of both heads, as from `sequence_models.log_probs`.
    **how
        Language model, weight, bonus and width of the search, as for `beam`. With a language model only the ways that
        use it are given.

    Returns
    -------
    dict of str to list of str
        Texts, by name of the way.
    """
    words, letters = outputs["words"], outputs["letters"]
    by_words = [[*beam(rows, head="words", **how)] for rows in words]
    by_letters = [[*beam(rows, head="letters", lexicon=True, **how)] for rows in letters]
    proposed = [[*one[:N_BEST], *other[:N_BEST]] for one, other in zip(by_words, by_letters, strict=True)]
    told = {
        "words, beam": [texts[0] for texts in by_words],
        "letters, beam and lexicon": [texts[0] for texts in by_letters],
        "both together": [next(iter(_judge(*rows, **how))) for rows in zip(words, letters, proposed, strict=True)],
    }
    if how.get("language_model") is not None:
        return told
    return {
        "words, greedy": [greedy(rows, head="words") for rows in words],
        "letters, greedy": [greedy(rows, head="letters") for rows in letters],
        "letters, beam": [next(iter(beam(rows, head="letters", **how))) for rows in letters],
        **told,
    }
