"""The package as somebody else gets it: built, installed into a fresh environment, used without the checkout."""

import os
import subprocess
import sys
import time
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, ROOT]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = target.glob("*.whl")
    return file


def test_the_wheel_carries_data_widgets_and_quizzes(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ("speechbook/_data/manifest.csv", "speechbook/_data/fsdd.sha256"):
        assert wanted in names
    for folder, ending in [
        ("_data/voices", ".flac"),
        ("_data/clips", ".flac"),
        ("_data/languages", ".flac"),
        ("widgets/static", ".js"),
        ("quizzes", ".yml"),
    ]:
        assert any(name.startswith(f"speechbook/{folder}/") and name.endswith(ending) for name in names), folder
    assert not any("__pycache__" in name or name.startswith("tests/") for name in names)


def test_an_installed_wheel_finds_its_data_and_hears_a_digit(wheel, tmp_path):
    environment = tmp_path / "fresh"
    venv.create(environment, with_pip=False)
    site = next((environment / "lib").glob("python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    outer = next(path for path in map(Path, sys.path) if (path / "numpy").is_dir())
    (site / "outer.pth").write_text(f"{outer}\n")
    script = (
        "import speechbook; from speechbook import corpora, features;"
        "d = corpora.load_digits('voices');"
        "x = features.batch(d.clips[:5], sample_rate=d.sample_rate, **features.SPEECH_8K);"
        "print(speechbook.__file__); print(len(d), x.shape)"
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SPEECHBOOK"))}
    done = subprocess.run(
        [environment / "bin" / "python", "-P", "-c", script], capture_output=True, text=True, cwd=tmp_path, env=plain
    )
    assert done.returncode == 0, done.stderr
    assert str(environment) in done.stdout
    assert "(5, 100, 13)" in done.stdout


def test_importing_the_package_is_quick_and_leaves_tensorflow_alone():
    script = "import speechbook, sys; sys.exit('tensorflow' in sys.modules)"
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], check=True)
    assert time.perf_counter() - started < 3


def test_every_dependency_is_pinned_exactly_and_declared_loosely():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    loose = [line for group in (project["dependencies"], *extras.values()) for line in group]
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]
    assert all(pin.count("==") == 1 for pin in pins)
    pinned = {pin.split("==")[0].lower().replace("_", "-") for pin in pins}
    assert len(pinned) == len(pins)
    for requirement in loose:
        name = requirement.split(">=")[0].lower()
        assert ">=" in requirement
        assert name in pinned, f"{requirement} has no exact pin in requirements.txt"


def test_the_commit_hooks_run_the_pinned_versions():
    pins = (ROOT / "requirements.txt").read_text()
    configuration = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = {repo["repo"].rsplit("/", 1)[1]: repo["rev"] for repo in configuration["repos"]}
    assert f"ruff=={hooks['ruff-pre-commit'].removeprefix('v')} " in pins
    assert f"nbstripout=={hooks['nbstripout']} " in pins
