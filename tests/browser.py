"""What browser tests share: finding Chromium, a local server, pages that reach no other host, and axe.

The fixture ``browser`` is in ``conftest.py``.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOCAL_HOSTS = {"localhost", "127.0.0.1"}
SECONDS_TO_STOP = 0.02
"""How often a server looks whether it should stop; half a second by default, which hundreds of pages would wait."""
CHROMIUM_ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=user-gesture-required",
]


@dataclass
class Visit:
    """A page under test, and what went wrong in it."""

    page: object
    other_hosts: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        """Requests to other hosts, failed requests, console errors and warnings so far."""
        return [*self.other_hosts, *self.failed, *self.messages]

    def axe(self, selector: str = "html") -> list[str]:
        """Accessibility faults that axe finds below `selector`, one line each."""
        self.page.evaluate(axe_source())
        return self.breaches(selector, AXE_TAGS)

    def breaches(self, selector: str, rules: list[str]) -> list[str]:
        """Faults that axe, which must be in the page already, finds with some of its rules, given by names or tags.

        Only the faults leave the page: handing over what passed as well takes several times as long as finding it.
        """
        violations = self.page.evaluate(
            """([selector, rules]) => axe.run(selector, {runOnly: rules, resultTypes: ['violations']})
                .then(({violations}) => violations)""",
            [selector, rules],
        )
        return [
            f"{violation['id']} ({violation['impact']}): {node['html'][:160]} {node['failureSummary']}"
            for violation in violations
            for node in violation["nodes"]
        ]


def find_chromium() -> str | None:
    """Path of a Chromium on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


@functools.cache
def axe_source() -> str:
    """Source of axe-core as web/package-lock.json pins it; installed if it is not there."""
    if not AXE.is_file():
        subprocess.run([sys.executable, ROOT / "web" / "build.py", "--install"], check=True)
    return AXE.read_text(encoding="utf-8")


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free local port; gives the address without a slash at its end."""
    handler = functools.partial(_QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(SECONDS_TO_STOP,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@contextmanager
def visit(
    browser, url: str, *, width: int = 1280, height: int = 900, dark: bool = False, touch: bool = False, **options
):
    """Open `url` in a fresh context that reaches no other host, and collect what goes wrong.

    Further options go to Playwright's ``new_context``.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        has_touch=touch,
        **options,
    )
    found = Visit(context.new_page())
    context.route("**/*", functools.partial(_block_other_hosts, found))
    found.page.on(
        "response", lambda answer: answer.status >= 400 and found.failed.append(f"{answer.status} {answer.url}")
    )
    found.page.on("requestfailed", lambda request: found.failed.append(f"failed {request.url[:200]}"))
    found.page.on("pageerror", lambda error: found.messages.append(f"uncaught: {error}"))
    found.page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning") and found.messages.append(f"{message.type}: {message.text}")
        ),
    )
    try:
        found.page.goto(url, wait_until="load")
        yield found
    finally:
        context.close()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing about each request."""


def _block_other_hosts(found: Visit, route, request) -> None:
    address = urlsplit(request.url)
    if address.scheme in ("blob", "data", "file") or address.hostname in LOCAL_HOSTS:
        route.continue_()
        return
    found.other_hosts.append(request.url)
    route.abort()
