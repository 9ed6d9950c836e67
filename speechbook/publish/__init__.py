"""From chapters to a site: execute each chapter once, check the ledger, publish exactly that run.

``python -m speechbook.publish build`` does it all; `project` says what the book consists of, `keys` when a chapter must
run again, `execute` runs it, `store` keeps what came out, `ledger` checks the numbers, `site` makes the pages, and
`sphinx_ext` with `refine` give them what Jupyter Book does not.
"""

__all__: list[str] = []
