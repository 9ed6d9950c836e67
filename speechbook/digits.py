"""Spoken digits that know who said them: selections, and splits that say what they test."""

from __future__ import annotations

import copy
import html
from collections.abc import Collection, Iterable, Iterator, Mapping

import numpy as np

from speechbook.clip import Clip

DIGIT_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Digits:
    """Spoken digits with who said them: a corpus or a part of one.

    ``digits[i]`` is one `Clip`; ``digits[rows]``, with a slice, an array of indices or a boolean mask, is a smaller
    `Digits`. Iteration gives the clips in turn. The arrays `digit`, `speaker` and `take` make masks easy:
    ``digits[(digits.digit == 7) & (digits.take < 5)]``.

    Parameters
    ----------
    name : str
        ``"fsdd"`` or ``"voices"``.
    sample_rate : int
        In hertz.
    clips : sequence of ndarray of float32, shape (samples,)
        Samples in [-1, 1].
    digit, speaker, take : array_like, shape (clips,)
        What is said, by whom, and the number of the recording.
    groups : mapping of str to tuple of str
        The speakers of each fold; together they are all speakers of the corpus.
    unseen : tuple of str
        The speakers that are held out where a chapter shows only one division.
    test_takes : iterable of int
        The takes that the official split keeps for the test.

    Examples
    --------
    >>> from speechbook.corpora import load_digits
    >>> digits = load_digits("voices")
    voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
    >>> digits[0]
    Clip(sample_rate=8000, digit=0, speaker='espeak-carib-m2', take=0, transcript='zero', description='')
    >>> digits[digits.digit == 7]
    Digits('voices': 210 clips, 42 speakers, 108 s at 8,000 Hz)
    """

    def __init__(
        self,
        *,
        name: str,
        sample_rate: int,
        clips: Iterable[np.ndarray],
        digit: Iterable[int],
        speaker: Iterable[str],
        take: Iterable[int],
        groups: Mapping[str, tuple[str, ...]],
        unseen: Iterable[str],
        test_takes: Iterable[int],
    ):
        self.name, self.sample_rate = name, sample_rate
        self.clips = list(clips)
        self.digit = np.asarray(digit, dtype=int)
        self.speaker = np.asarray(speaker, dtype=str)
        self.take = np.asarray(take, dtype=int)
        self.groups, self.unseen, self.test_takes = dict(groups), tuple(unseen), tuple(test_takes)
        lengths = {len(self.clips), len(self.digit), len(self.speaker), len(self.take)}
        if len(lengths) > 1:
            raise ValueError(f"clips, digit, speaker and take must be equally long, but have lengths {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.clips)

    def __iter__(self) -> Iterator[Clip]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, rows: int | slice | Iterable[int] | np.ndarray) -> Clip | Digits:
        if isinstance(rows, int | np.integer):
            return self._clip(int(rows))
        try:
            indices = np.arange(len(self))[rows if np.size(rows) else []]
        except (IndexError, ValueError):
            indices = None
        if indices is None or indices.ndim != 1:
            raise IndexError(
                "digits[…] takes a number, a slice, an array of indices or a boolean mask, "
                f"and there are {len(self)} clips here; to choose by what a clip is, use digits.where(…)"
            )
        return self._part(indices)

    def _clip(self, i: int) -> Clip:
        if not -len(self) <= i < len(self):
            raise IndexError(f"there is no clip {i}: these are {len(self)} clips, counted from 0")
        digit, take = int(self.digit[i]), int(self.take[i])
        return Clip(self.clips[i], self.sample_rate, digit, str(self.speaker[i]), take, DIGIT_NAMES[digit])

    def _part(self, indices: np.ndarray) -> Digits:
        part = copy.copy(self)
        part.clips = [self.clips[i] for i in indices]
        part.digit, part.speaker, part.take = self.digit[indices], self.speaker[indices], self.take[indices]
        return part

    @property
    def speakers(self) -> tuple[str, ...]:
        """Names of the speakers, sorted."""
        return tuple(str(name) for name in np.unique(self.speaker))

    @property
    def seconds(self) -> float:
        """Duration of all clips together in seconds."""
        return sum(len(y) for y in self.clips) / self.sample_rate

    def where(
        self,
        *,
        digit: int | Iterable[int] | None = None,
        speaker: str | Iterable[str] | None = None,
        take: int | Iterable[int] | None = None,
    ) -> Digits:
        """Choose clips by what they are.

        Parameters
        ----------
        digit, take : int or iterable of int, optional
            Keep these digits, these takes.
        speaker : str or iterable of str, optional
            Keep these speakers.

        Returns
        -------
        Digits
            Clips that fit all conditions, in the same order.

        Raises
        ------
        ValueError
            If a value occurs in no clip, or no clip fits all conditions.

        Examples
        --------
        >>> from speechbook.corpora import load_digits
        >>> digits = load_digits("voices")
        voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
        >>> digits.where(digit=(3, 5), speaker="flite-slt")
        Digits('voices': 10 clips, 1 speaker, 5 s at 8,000 Hz)
        """
        mask = np.ones(len(self), dtype=bool)
        for name, wanted in (("digit", digit), ("speaker", speaker), ("take", take)):
            if wanted is None:
                continue
            column = getattr(self, name)
            values = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)
            check_known(values, known=np.unique(column).tolist(), what=name)
            mask &= np.isin(column, values)
        if not mask.any():
            raise ValueError(f"no clip has digit={digit}, speaker={speaker} and take={take} at the same time")
        return self[mask]

    def official_split(self) -> tuple[Digits, Digits]:
        """Divide by take, as FSDD's authors do: new recordings, but of the SAME speakers.

        In FSDD takes 0 to 4 of every speaker are the test set (300 clips); among the voices it is take 0 (420 clips).

        Returns
        -------
        train, test : Digits
            Every speaker is in both, so the result says nothing about strangers.

        Examples
        --------
        >>> from speechbook.corpora import load_digits
        >>> train, test = load_digits("voices").official_split()
        voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
        >>> len(train), len(test), train.speakers == test.speakers
        (1680, 420, True)
        """
        return self._divide(np.isin(self.take, self.test_takes), f"takes {self.test_takes}")

    def leave_speakers_out(self, *speakers: str) -> tuple[Digits, Digits]:
        """Divide by speaker: whoever is in the test set is a stranger to the training set.

        Parameters
        ----------
        *speakers : str
            Who is held out.

        Returns
        -------
        train, test : Digits
            Everybody else, and the speakers held out.

        Raises
        ------
        ValueError
            If a name is unknown, none is given, or nobody is left to train on.

        Examples
        --------
        >>> from speechbook.corpora import load_digits
        >>> train, test = load_digits("voices").leave_speakers_out("flite-kal", "festival-kal")
        voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
        >>> len(train), test.speakers
        (2000, ('festival-kal', 'flite-kal'))
        """
        if not speakers:
            raise ValueError(f"name the speakers to leave out; there are {', '.join(self.speakers)}")
        check_known(speakers, known=self.speakers, what="speaker")
        return self._divide(np.isin(self.speaker, speakers), f"speakers {', '.join(speakers)}")

    def folds(self) -> Iterator[tuple[str, Digits, Digits]]:
        """Leave every group of speakers out in turn.

        A group is one speaker in FSDD. Among the voices it is seven of them, such that all voices made from one
        recorded person are in the same group.

        Yields
        ------
        name : str
            Name of the group.
        train, test : Digits
            Everybody else, and the group.

        Examples
        --------
        >>> from speechbook.corpora import load_digits
        >>> digits = load_digits("voices")
        voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
        >>> [(name, len(train), len(test)) for name, train, test in digits.folds()][:2]
        [('fold 0', 1750, 350), ('fold 1', 1750, 350)]
        """
        for name, members in self.groups.items():
            present = [speaker for speaker in members if speaker in self.speakers]
            if present:
                yield name, *self.leave_speakers_out(*present)

    def default_unseen(self) -> tuple[Digits, Digits]:
        """Hold out the speakers that chapters use when they show one division only.

        Theo and yweweler in FSDD; among the voices the fourteen whose `split` is ``test`` in the manifest.

        Returns
        -------
        train, test : Digits
            With disjoint speakers.

        Examples
        --------
        >>> from speechbook.corpora import load_digits
        >>> train, test = load_digits("voices").default_unseen()
        voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
        >>> len(train), len(test), set(train.speakers) & set(test.speakers)
        (1400, 700, set())
        """
        return self._divide(np.isin(self.speaker, self.unseen), f"speakers {', '.join(self.unseen)}")

    def _divide(self, is_test: np.ndarray, what: str) -> tuple[Digits, Digits]:
        if is_test.all() or not is_test.any():
            held = "all" if len(self) and is_test.all() else "none"
            raise ValueError(f"{held} of these {len(self)} clips are of {what}: one half of the split would be empty")
        return self[~is_test], self[is_test]

    def describe(self) -> dict[str, float]:
        """Give the numbers that describe the clips.

        Returns
        -------
        dict of str to float
            Counts (``clips``, ``speakers``, ``digits``), ``sample_rate`` in Hz, durations in seconds (``seconds`` in
            all, ``shortest``, ``mean``, ``longest``) and the mean RMS level in dB of full scale (``level_db``).

        Examples
        --------
        >>> from speechbook.corpora import load_digits
        >>> facts = load_digits("voices").describe()
        voices: 2,100 clips, 42 speakers, 924 s at 8,000 Hz (synthetic, part of the book)
        >>> facts["clips"], facts["shortest"] < facts["mean"] < facts["longest"]
        (2100, True)
        """
        if not len(self):
            raise ValueError("there is nothing to describe: this selection has no clips")
        durations = np.array([len(y) for y in self.clips]) / self.sample_rate
        levels = [20 * np.log10(np.sqrt(np.mean(y.astype(float) ** 2)) + 1e-10) for y in self.clips]
        return {
            "clips": len(self),
            "speakers": len(self.speakers),
            "digits": len(np.unique(self.digit)),
            "sample_rate": self.sample_rate,
            "seconds": float(durations.sum()),
            "shortest": float(durations.min()),
            "mean": float(durations.mean()),
            "longest": float(durations.max()),
            "level_db": float(np.mean(levels)),
        }

    def __str__(self) -> str:
        people = f"{len(self.speakers)} speaker{'s' if len(self.speakers) != 1 else ''}"
        clips = f"{len(self):,} clip{'s' if len(self) != 1 else ''}"
        return f"{clips}, {people}, {self.seconds:,.0f} s at {self.sample_rate:,} Hz"

    def __repr__(self) -> str:
        return f"Digits({self.name!r}: {self})"

    def _repr_html_(self) -> str:
        head, rows = ["group", "speakers", "clips", "seconds"], []
        for name, members in self.groups.items():
            part = self[np.isin(self.speaker, members)]
            if len(part):
                rows.append([name, ", ".join(part.speakers), f"{len(part):,}", f"{part.seconds:,.0f}"])
        if all(group == speakers for group, speakers, *_ in rows):
            head, rows = head[1:], [row[1:] for row in rows]
        titles = "".join(f'<th scope="col">{title}</th>' for title in head)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        caption = f"<caption>{html.escape(self.name)}: {html.escape(str(self))}</caption>"
        return f'<table class="sb-digits">{caption}<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>'


def check_known(values: Iterable, *, known: Collection, what: str) -> None:
    """Refuse values that are not among the known ones."""
    unknown = [value for value in values if value not in known]
    if unknown:
        numbers = list(known) == list(range(len(known))) and len(known) > 1
        listed = f"0 to {len(known) - 1}" if numbers else ", ".join(str(value) for value in known)
        raise ValueError(f"no clip has {what} {', '.join(map(repr, unknown))}; there are {listed}")
