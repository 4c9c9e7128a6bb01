"""The short form of the sweep: some points of each kind, by a seed that is printed.

The whole of it is tests/sweep/full.py; docs/reliability.md has its results.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from sweep.kinds import KINDS, doubles, hunt, points
from sweep.mutants import MUTANTS, mutated
from sweep.powerloss import Loss, lose, take_stock
from sweep.preload import Who, compiled, compiler
from sweep.sweeper import Server, Sweeper
from sweep.variants import VARIANTS

SEED = int(os.environ.get("SWEEP_SEED", random.randrange(10**6)))

pytestmark = pytest.mark.skipif(
    compiler() is None, reason="no C compiler; tests/engine/test_stopped_anywhere.py stops instead"
)

# All kinds of the plainest run, and by turns a quarter of the others', which share most calls.
SAMPLES = dict.fromkeys(VARIANTS, 1) | {"plain": 2}
TWICE = random.Random(SEED).sample(list(VARIANTS), len(VARIANTS) // 2)
"""The variants that are disturbed twice as well."""

EASY = (
    "a check is taken as done when it begins",
    "the index is left behind what a hook staged",
    "what a command made is not synced",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(compiled(tmp_path_factory.mktemp("shim"))) as started:
        yield started


def kinds_of(name: str) -> list[str]:
    """The kinds of disturbances of a variant that are tried this time."""
    kinds = list(KINDS)
    if name == "plain":
        return kinds
    return random.Random(f"{SEED} {name}").sample(kinds, len(kinds) // 4)


@pytest.mark.parametrize("name", list(VARIANTS))
def test_rows_1_2_21_a_disturbed_run_ends_as_if_nothing_had_happened(
    name: str, server: Server
) -> None:
    print(f"SWEEP_SEED={SEED}")
    sweeper = Sweeper(name, server)
    assert sweeper.calls[Who.RUNNER] > 10
    chosen = [
        disturbance
        for kind in kinds_of(name)
        for disturbance in points(sweeper, kind, sample=SAMPLES[name], seed=SEED)
    ]
    bad = [
        f"{disturbance}: " + "\n".join(problems)
        for disturbance in (*chosen, *doubles(sweeper, int(name in TWICE), SEED))
        if (problems := sweeper.disturb(disturbance))
    ]
    assert not bad, f"SWEEP_SEED={SEED}\n" + "\n\n".join(bad)


@pytest.mark.parametrize("name", EASY)
def test_a_fault_in_the_protocol_is_caught(name: str, server: Server) -> None:
    print(f"SWEEP_SEED={SEED}")
    mutant = MUTANTS[name]
    _, how = hunt(Sweeper(mutant.variant, server, name), SEED, limit=60)
    assert how, f"SWEEP_SEED={SEED}"


@pytest.mark.parametrize("name", list(MUTANTS))
def test_every_mutant_still_fits(name: str) -> None:
    assert len(MUTANTS) >= 20
    compile(mutated(name), name, "exec")


class TestPowerLoss:
    """The model of what is lost, itself."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> tuple[Path, Path]:
        root, store = tmp_path / "root", tmp_path / "store"
        root.mkdir()
        store.mkdir()
        (root / "old.txt").write_text("old\n")
        return root, store

    def test_what_was_not_synced_is_gone(self, place: tuple[Path, Path]) -> None:
        root, store = place
        stock = take_stock(root)
        (root / "old.txt").write_text("new\n")
        (root / "made.txt").write_text("made\n")
        lose(root, stock, store, Loss("all"))
        assert {p.name: p.read_text() for p in root.iterdir()} == {"old.txt": "old\n"}

    def test_names_without_contents(self, place: tuple[Path, Path]) -> None:
        root, store = place
        stock = take_stock(root)
        (root / "made.txt").write_text("made\n")
        lose(root, stock, store, Loss("contents"))
        found = {p.name: p.read_text() for p in root.iterdir()}
        assert found == {"old.txt": "old\n", "made.txt": ""}
