"""Fixtures that several test modules use."""

import pytest

from tests.browser import CHROMIUM_ARGUMENTS, find_chromium


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium for the tests of one module, skipped where there is none.

    Not for the whole session: while it is open, other tests could not run an event loop of their own.
    """
    playwright = pytest.importorskip("playwright.sync_api")
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()
