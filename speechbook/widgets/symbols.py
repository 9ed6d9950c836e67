"""How the classes of a small lattice are written, and what was said in them."""

from __future__ import annotations

from collections.abc import Sequence


def known_symbols(symbols: Sequence[str], *, most: int, blank: int) -> list[str]:
    """Return the symbols of all classes as strings, if they can be told apart.

    Parameters
    ----------
    symbols : sequence of str
        One for each class, the blank among them.
    most : int
        How many there may be.
    blank : int
        Class of the blank.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If there are too few or too many, two are equal, one is empty, or the blank is none of them.

    Examples
    --------
    >>> known_symbols("-ab", most=6, blank=0)
    ['-', 'a', 'b']
    """
    symbols = [str(symbol) for symbol in symbols]
    if not 2 <= len(symbols) <= most or len(set(symbols)) < len(symbols) or not all(map(str.strip, symbols)):
        raise ValueError(f"symbols must be 2 to {most} different signs, none empty, but are {symbols}")
    if blank not in range(len(symbols)):
        raise ValueError(f"blank must be one of the {len(symbols)} classes, counted from 0, but is {blank!r}")
    return symbols


def classes_of(target: str | Sequence[str | int], symbols: Sequence[str]) -> list[int]:
    """Turn a target in symbols into classes; classes stay as they are.

    Parameters
    ----------
    target : str, or sequence of str or int
        Symbols, or classes. A string is cut into single characters, or at its spaces if a symbol has several.
    symbols : sequence of str
        One for each class.

    Returns
    -------
    list of int

    Raises
    ------
    ValueError
        If the target holds what is not a symbol.

    Examples
    --------
    >>> classes_of("two one", ["-", "one", "two"])
    [2, 1]
    """
    if isinstance(target, str):
        target = list(target) if all(len(symbol) == 1 for symbol in symbols) else target.split()
    unknown = [part for part in target if isinstance(part, str) and part not in symbols]
    if unknown:
        raise ValueError(f"target must be made of the symbols {' '.join(symbols)}, but holds {unknown[0]!r}")
    return [list(symbols).index(part) if isinstance(part, str) else int(part) for part in target]


def without_blank(target: Sequence[int], symbols: Sequence[str], blank: int) -> Sequence[int]:
    """Return classes that are all labels, or raise ValueError.

    Parameters
    ----------
    target : sequence of int
        Classes.
    symbols : sequence of str
        One for each class.
    blank : int
        Class of the blank.

    Returns
    -------
    sequence of int
        The target.

    Raises
    ------
    ValueError
        If it holds the blank, or what is not a class.

    Examples
    --------
    >>> without_blank([1, 1], "-a", 0)
    [1, 1]
    """
    known = [k for k in range(len(symbols)) if k != blank]
    if not set(target) <= set(known):
        raise ValueError(f"target must hold classes out of {known}, without the blank, but is {target}")
    return target


def spelt(target: Sequence[int], symbols: Sequence[str]) -> str:
    """Write classes as `classes_of` reads them.

    Parameters
    ----------
    target : sequence of int
        Classes.
    symbols : sequence of str
        One for each class.

    Returns
    -------
    str

    Examples
    --------
    >>> spelt([1, 2], "-no"), spelt([1, 2], ["-", "n", "oh"])
    ('no', 'n oh')
    """
    return ("" if all(len(symbol) == 1 for symbol in symbols) else " ").join(symbols[k] for k in target)
