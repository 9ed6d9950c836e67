"""The widgets in JupyterLab: they show, and page and Python see each other's changes."""

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request

import nbformat
import numpy as np
import pytest

from tests.browser import visit
from tests.recogniser_pages import content, sounds

STARTS_WITHIN = 60  # seconds
SHOW = """import numpy as np
from speechbook import widgets
lab = widgets.SoundLab(clips=["digits", "whistle"])
recogniser = widgets.Recogniser("digits.sbmodel", clips={"five, known voice": (np.load("five.npy"), 8000)})
display(lab, recogniser)"""
READ = "print('Python reads', lab.clip, lab.effect, recogniser.margin, recogniser.answer, len(recogniser.history))"
WRITE = "lab.effect, recogniser.margin = 'telephone', 17.0"


@pytest.fixture
def notebook(tmp_path):
    """Address of a notebook in a JupyterLab of its own, with nothing of the user's settings."""
    pytest.importorskip("jupyterlab")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "digits.sbmodel").write_bytes(content())
    np.save(folder / "five.npy", sounds()["five, known voice"][0])
    cells = [nbformat.v4.new_code_cell(source) for source in (SHOW, READ, WRITE)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "widgets.ipynb")
    places = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    options = {"ServerApp.port": 0, "IdentityProvider.token": secrets.token_hex(), "ServerApp.root_dir": folder}
    options |= {"ServerApp.allow_root": True, "LabApp.news_url": "None"}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", *(f"--{key}={options[key]}" for key in options)]
    with open(tmp_path / "log.txt", "w") as log:
        server = subprocess.Popen(command, env={**os.environ, **places}, stdout=log, stderr=log)
    try:
        facts = wait_for_server(tmp_path / "RUNTIME", server)
        yield f"{facts['url']}lab/tree/widgets.ipynb?token={facts['token']}"
    finally:
        server.terminate()
        server.wait()


def wait_for_server(folder, server) -> dict:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        time.sleep(0.2)
        for path in folder.glob("jpserver-*.json"):
            try:
                facts = json.loads(path.read_text())
                urllib.request.urlopen(f"{facts['url']}api", timeout=2).close()
                return facts
            except (OSError, ValueError):
                continue
    pytest.fail("JupyterLab did not start")


def run_cell(page, number: int) -> None:
    """Run a cell and wait until it has run."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    cell.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")
    cell.locator(".jp-InputPrompt").get_by_text(f"[{number + 1}]:").wait_for()


def test_page_and_python_see_each_others_changes(browser, notebook):
    with visit(browser, notebook, height=1200) as found:
        page = found.page
        page.set_default_timeout(30_000)
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        page.get_by_text("| Idle").wait_for()
        run_cell(page, 0)
        page.get_by_label("Hear it").select_option("noise")
        page.get_by_role("button", name="Hear and recognise").click()
        page.locator(".sbw-note").filter(has_text="From five, known voice").wait_for()
        run_cell(page, 1)
        page.get_by_text("Python reads Six digits in a row noise 10.0 five 1").wait_for()
        run_cell(page, 2)
        page.wait_for_function("[...document.querySelectorAll('.sbw select')].some(({value}) => value === 'telephone')")
        page.wait_for_function(
            "[...document.querySelectorAll('.sbw input[type=range]')].some(({value}) => value === '17')"
        )
        assert found.problems() == []
