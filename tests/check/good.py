"""Good phases over a small project, which the corpus of broken ones is made from."""

from __future__ import annotations

FILES = {
    "shop/price.py": """\
RATE = 0.19


def net(price):
    return price / (1 + RATE)


def gross(price):
    return price * (1 + RATE)


def total(prices):
    result = 0
    for price in prices:
        result += gross(price)
    return result
""",
    "shop/basket.py": """\
from shop.price import total


class Basket:
    def __init__(self):
        self.prices = []

    def add(self, price):
        self.prices.append(price)

    def total(self):
        return total(self.prices)
""",
    "shop/old.py": "def legacy():\n    return None\n",
    "tests/test_price.py": "from shop.price import gross\n\n\n"
    "def test_gross():\n    assert gross(100) == 119\n",
    "setup.cfg": "[metadata]\nname = shop\nversion = 1.4\n",
    "README.md": "# Shop\n\n## Use\n\nAdd prices.\n\n## License\n\nMIT\n",
    "uv.lock": 'version = 1\n\n[[package]]\nname = "pytest"\nversion = "8.4.2"\n\n'
    '[[package]]\nname = "pytest-xdist"\nversion = "3.8.0"\n',
}

SERIES = """\
title: A better shop
of: 2
co-authored-by: Ada Lovelace <ada@example.org>
timeout: 10m
env: {APP_ENV: test}
services:
  - name: database
    run: python -m shop.database --port 5433
    ready: 'listening on (?P<PORT>\\d+)'
"""

PHASE = """\
phase: 1
of: 2
goal: Prices are rounded to cents.
verified: 2026-02-04
tasks:
  - title: Round the gross price
    steps:
      - edit: shop/price.py
        title: Round
        lines: 8-9
        replace: |
          def gross(price):
              return price * (1 + RATE)
        with: |
          def gross(price):
              return round(price * (1 + RATE), 2)
      - edit: shop/price.py
        from: |
          def total(prices):
        through: |2
              return result
        with: |
          def total(prices):
              return round(sum(map(gross, prices)), 2)
      - verify: pytest -q tests/test_price.py
        title: See it pass
        fails-at: phase
        expect:
          prose: All 3 tests pass
          tests: {passed: 3}
      - commit: |
          fix: round prices to cents

          Nobody pays a tenth of a cent.

          Reviewed-by: Bo Berg <bo@example.org>
  - title: Say so
    steps:
      - edit: README.md
        before: "## License"
        insert: |
          ## Rounding

          To cents.
      - edit: docs/rounding.md
        create: |
          # Rounding
      - edit: shop/old.py
        move-to: shop/new.py
      - edit: {glob: "shop/*.py"}
        regex: "\\\\bprices\\\\b"
        rewrite: amounts
        count: all
      - verify: pytest -q -n 4 tests
        guard: true
        expect:
          prose: Tests pass on several workers, no "DeprecationWarning"
          tests: {workers: ">=2"}
          absent: DeprecationWarning
      - commit: "docs: say how prices are rounded"
verification:
  - verify: python -m shop.price && echo "Phase 1 complete"
    expect:
      prose: Prints "Phase 1 complete"
      contains: Phase 1 complete
"""

SECOND = """\
phase: 2
of: 2
goal: The version says so.
requires: [phase-1]
tasks:
  - title: Raise the version
    steps:
      - run: uvx bump-my-version@1.2.3 bump minor
        files: [setup.cfg]
        timeout: 2m
      - edit: docs/rounding.md
        append: |
          Since version 1.5.
      - manual: Write the announcement.
        files: [NEWS.md]
      - edit: NEWS.md
        prepend: |
          Shop 1.5
      - verify: python -c "import shop" && grep -c rounding README.md
        expect: {output: "1"}
      - commit: "feat: version 1.5"
        trailers: ["Refs: 42"]
"""
