"""Command line of the publisher: ``python -m speechbook.publish build | check | serve | repoint``."""

from __future__ import annotations

import argparse
import functools
import http.server
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from speechbook.publish.project import Project, PublishError, repoint


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words of the command line; by default those that the process was given.

    Returns
    -------
    int
        Exit code: 0 if all went well, 1 if something is wrong with the book, 130 if interrupted.
    """
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        options.command(Project.find(options.root), options)
    except PublishError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted; what had been finished is kept", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """Describe the command line.

    Returns
    -------
    argparse.ArgumentParser
        One sub-command each for building, checking, showing and re-pointing the book.
    """
    top = argparse.ArgumentParser(
        prog="python -m speechbook.publish", description="Execute, check and publish the book."
    )
    top.add_argument("--root", type=Path, default=Path.cwd(), help="a folder inside the checkout (default: here)")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    corpus = argparse.ArgumentParser(add_help=False)
    corpus.add_argument("--corpus", choices=("fsdd", "voices"), help="run on it (default: FSDD where it is at hand)")

    build = commands.add_parser("build", parents=[corpus], help="execute each chapter once and make the site")
    build.add_argument("--draft", action="store_true", help="make the pages despite faults, in _build/draft")
    build.set_defaults(command=build_command)

    check = commands.add_parser("check", parents=[corpus], help="execute chapters and check their numbers, no pages")
    check.add_argument("chapters", nargs="*", metavar="CHAPTER", help="only these (default: all)")
    check.set_defaults(command=check_command)

    serve = commands.add_parser("serve", help="show the site on this machine")
    serve.add_argument("--port", type=int, default=8000, help="default: 8000")
    serve.add_argument("--draft", action="store_true", help="show _build/draft")
    serve.set_defaults(command=serve_command)

    address = commands.add_parser("repoint", help="rewrite the address of the repository for a fork")
    address.add_argument("--url", required=True, help="such as https://github.com/you/your-fork")
    address.set_defaults(command=repoint_command)
    return top


def build_command(project: Project, options: argparse.Namespace) -> None:
    """Make the site and say where it is."""
    from speechbook.publish import run

    with run.alone(project):
        folder = run.build(project, corpus=run.choose_corpus(options.corpus), draft=options.draft)
    print(f"\nThe site is in {folder}\nOpen {(folder / 'index.html').as_uri()}, or run `make serve`.")


def check_command(project: Project, options: argparse.Namespace) -> None:
    """Execute chapters and check their numbers."""
    from speechbook.publish import run

    with run.alone(project):
        run.check(project, corpus=run.choose_corpus(options.corpus), chapters=options.chapters)


def serve_command(project: Project, options: argparse.Namespace) -> None:
    """Serve the built site until interrupted."""
    folder = project.build / "draft" if options.draft else project.site
    if not (folder / "index.html").is_file():
        raise PublishError(f"there is no site in {folder} yet: run `make book` first")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), handler)
    except OSError as error:
        raise PublishError(f"port {options.port} cannot be used ({error.strerror}); try --port 8001") from None
    with server:
        print(f"http://127.0.0.1:{server.server_port}/ shows {folder}; stop with Ctrl-C", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nstopped")


def repoint_command(project: Project, options: argparse.Namespace) -> None:
    """Rewrite the address of the repository."""
    changed = repoint(project, options.url)
    for path in changed:
        print(f"rewrote {path.relative_to(project.root)}")
    print(f"the book lives at {project.address}" + ("" if changed else " already"))


if __name__ == "__main__":
    sys.exit(main())
