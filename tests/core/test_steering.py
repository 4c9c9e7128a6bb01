"""Which files say what a check does, by their paths."""

from __future__ import annotations

import pytest

from runbook.core.handover.steering import is_test


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_ship.py",
        "src/ship/ship_test.go",
        "web/ship.spec.ts",
        "src/test/java/ShipTest.java",
        "Tests/ShipCoreTests/Fixtures.swift",
        "ShipUITests/Launch.swift",
        "Ship.Tests/Hull.cs",
        "hull/HullTests.cs",
        "lib/ShipSpec.scala",
        "spec/ship_spec.rb",
    ],
)
def test_what_a_test_is_called_or_lies_in(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize(
    "path",
    ["src/ship.py", "Sources/Contest.swift", "src/latest/ship.go", "Attests/a.py", "spectrum/b.ts"],
)
def test_what_only_sounds_like_a_test(path: str) -> None:
    assert not is_test(path)
