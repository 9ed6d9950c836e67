"""Pages with widgets, as Sphinx makes them, for the tests in a browser. The fixture ``show`` is in ``conftest.py``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ipywidgets.embed import dependency_state, embed_data

from tests.browser import ROOT

POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self' blob:"
)


def script(kind: str, content: object) -> str:
    text = json.dumps(content).replace("</", "<\\/")
    return f'<script type="application/vnd.jupyter.widget-{kind}+json">{text}</script>'


def write_page(folder: Path, widgets: list, *, theme: str = "light", extra: str = "", edit=lambda state: None) -> Path:
    """Page as Sphinx makes it: view scripts where the cells are, the state and the host at the end."""
    data = embed_data(views=widgets, state=dependency_state(widgets, drop_defaults=False))
    state = data["manager_state"]
    edit(state["state"])
    background = {"light": "#fff", "dark": "#14181e"}[theme]
    views = "".join(script("view", spec) for spec in data["view_specs"])
    page = f"""<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8"><title>Widgets</title>
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ margin: 8px; background: {background}; font-family: sans-serif; }}</style></head>
<body><main><h1 style="color: gray">Widgets</h1>{views}{extra}</main>{script("state", state)}
<script src="_static/widget-host.js"></script></body></html>"""
    (folder / "page.html").write_text(page, encoding="utf-8")
    shutil.copytree(ROOT / "book" / "assets", folder / "_static", dirs_exist_ok=True)
    return folder / "page.html"
