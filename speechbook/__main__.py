"""Command line of the book: ``python -m speechbook transcribe | train``."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

STANDARD_INPUT = "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words of the command line; by default those that the process was given.

    Returns
    -------
    int
        Exit code: 0 if all files could be heard (also if nobody said a digit), 1 if one could not be used, 2 if the
        command was wrong, 130 if interrupted.
    """
    options = parser().parse_args(arguments)
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = options.command(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read the output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def parser() -> argparse.ArgumentParser:
    """Describe the command line.

    Returns
    -------
    argparse.ArgumentParser
        One sub-command each for transcribing recordings and for training the network that does.
    """
    top = argparse.ArgumentParser(
        prog="python -m speechbook", description="Write down the digits in recordings: zero to nine, in English."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    text = commands.add_parser(
        "transcribe",
        help="write down the digits in sound files",
        description="Write down the digits (zero to nine, in English) in sound files, a line for each stretch between "
        "pauses. The first call trains the network, in about a minute; nothing leaves this machine.",
        epilog="Exit code: 0 if all files could be heard, 1 if one could not be used, 2 for a wrong command, 130 if "
        "interrupted.",
    )
    text.add_argument("files", nargs="+", metavar="FILE", help="WAV, FLAC, OGG, MP3 …; - for standard input")
    form = text.add_mutually_exclusive_group()
    form.add_argument("--segments", action="store_true", help="put start and end before each line, in seconds")
    form.add_argument("--json", action="store_true", help="one JSON object a file, with times and probabilities")
    text.add_argument("--digits", action="store_true", help="write 952 instead of nine five two")
    text.add_argument("--model", metavar="FILE", help="another network (default: the one that the first call trains)")
    text.set_defaults(command=transcribe_command)

    learn = commands.add_parser(
        "train",
        help="train the network for transcribe again",
        description="Train the network of `transcribe` on the known speakers of the embedded voices, and of FSDD where "
        "it is at hand, measure it on the others, and write it to a file in one step. It takes about a minute.",
    )
    learn.add_argument("output", nargs="?", type=Path, metavar="FILE", help="default: where transcribe looks for it")
    learn.add_argument("--steps", type=int, default=500, help="batches (default: 500)")
    learn.add_argument("--seed", type=int, default=0, help="default: 0")
    learn.set_defaults(command=train_command)
    return top


def transcribe_command(options: argparse.Namespace) -> int:
    """Write down what is said in each file."""
    from speechbook.transcription import Transcriber, default_file

    try:
        if options.model is None and not default_file().exists():
            _train_first()
        transcriber = Transcriber.load(options.model)
    except (OSError, ValueError) as error:
        return _complain(error)
    several, failed = len(options.files) > 1, 0
    for file in options.files:
        try:
            with _as_path(file) as path:
                segments = transcriber.listen_to(path)
                _write(segments, name=file, options=options, prefix=f"{file}: " if several else "")
        except (FileNotFoundError, ValueError) as error:
            failed += 1
            _complain(str(error).replace(str(path), "standard input") if file == STANDARD_INPUT else error)
    return int(failed > 0)


def _train_first() -> None:
    from speechbook.transcriber_training import ready

    print("speechbook: training the network first, about a minute, once", file=sys.stderr, flush=True)
    with contextlib.redirect_stdout(sys.stderr):
        ready()


def train_command(options: argparse.Namespace) -> int:
    """Train the network and keep it."""
    from speechbook import transcriber_training, transcription

    try:
        output = options.output or transcription.default_file()
        if options.output is None:
            output.parent.mkdir(parents=True, exist_ok=True)
        print(transcriber_training.train(output, steps=options.steps, seed=options.seed))
    except (OSError, ValueError) as error:
        return _complain(error)
    return 0


def _complain(error: object) -> int:
    print(f"speechbook: {error}", file=sys.stderr, flush=True)
    return 1


@contextlib.contextmanager
def _as_path(file: str) -> Iterator[Path]:
    """Give a path to read from; standard input is first put into a temporary file, for formats want to be searched."""
    if file != STANDARD_INPUT:
        yield Path(file)
        return
    with tempfile.NamedTemporaryFile(prefix="speechbook-") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield Path(kept.name)


def _write(segments: Iterator, *, name: str, options: argparse.Namespace, prefix: str) -> None:
    heard = []
    for segment in segments:
        heard.append(segment)
        if not options.json:
            sys.stdout.write(f"{prefix}{_line(segment, options)}\n")
            sys.stdout.flush()
    if options.json:
        print(json.dumps(_facts(name, heard)), flush=True)
    if not heard:
        print(f"speechbook: no digits heard in {name}", file=sys.stderr, flush=True)


def _line(segment, options: argparse.Namespace) -> str:
    said = segment.digits if options.digits else segment.text
    return f"{segment.start:.2f}\t{segment.end:.2f}\t{said}" if options.segments else said


def _facts(name: str, heard: Sequence) -> dict:
    return {
        "file": name,
        "text": " ".join(segment.text for segment in heard),
        "digits": "".join(segment.digits for segment in heard),
        "segments": [
            {
                "start": round(segment.start, 3),
                "end": round(segment.end, 3),
                "text": segment.text,
                "digits": segment.digits,
                "words": [
                    {
                        "word": word.text,
                        "start": round(word.start, 3),
                        "end": round(word.end, 3),
                        "probability": round(word.probability, 3),
                    }
                    for word in segment.words
                ],
            }
            for segment in heard
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
