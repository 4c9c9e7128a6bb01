"""The whole sweep: every kind at every call of every variant, double kills, and all mutants.

    .venv/bin/python tests/sweep/full.py [--seed N] [--doubles N] [--only KIND,…] [VARIANT…]

Writes a table in Markdown as it goes, and every bad outcome; the exit status says whether there
was one, or a mutant that was not caught. `--only` takes kinds, `doubles` and `mutants`. It needs a
C compiler, and is meant for a folder in memory (/dev/shm).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sweep.kinds import KINDS, WORDS, doubles, hunt, points
from sweep.mutants import MUTANTS
from sweep.preload import compiled
from sweep.sweeper import Disturbance, Server, Sweeper
from sweep.variants import VARIANTS


def swept(variant: str, kind: str, seed: int, count: int, step: int, library: Path) -> str:
    """One line of the table, and what was bad below it."""
    began = time.monotonic()
    bad: list[str] = []
    number = 0
    with Server(library) as server:
        sweeper = Sweeper(variant, server)
        wanted: Iterable[Disturbance]
        if kind == "doubles":
            wanted = doubles(sweeper, count, seed)
        else:
            wanted = islice(points(sweeper, kind), seed % step, None, step)
        for number, disturbance in enumerate(wanted, 1):  # noqa: B007
            try:
                problems = sweeper.disturb(disturbance)
            except Exception as error:
                problems = [f"the comparison failed: {error!r}"]
            if problems:
                bad.append(f"BAD {variant}, {disturbance}:\n  " + "\n  ".join(problems))
    took = time.monotonic() - began
    line = f"| {variant} | {kind} | {number} | {len(bad)} | {took:.0f} s |"
    return "\n".join([line, *bad])


def hunted(name: str, seed: int, library: Path) -> str:
    """One line of the table of mutants."""
    mutant = MUTANTS[name]
    with Server(library) as server:
        number, how = hunt(Sweeper(mutant.variant, server, name), seed)
    caught = f"caught at run {number}" if how else f"BAD not caught in {number} runs"
    return f"| {name} | {mutant.variant}, {mutant.kind} | {caught} |"


def _all(options: argparse.Namespace, library: Path) -> Iterator[tuple[str, tuple[object, ...]]]:
    variants = options.variants or list(VARIANTS)
    each = -(-options.doubles // len(variants))
    for variant in variants:
        for kind in (*KINDS, "doubles"):
            if kind in options.only:
                yield "sweep", (variant, kind, options.seed, each, options.step, library)
    if "mutants" in options.only:
        for name in MUTANTS:
            if MUTANTS[name].variant in variants:
                yield "hunt", (name, options.seed, library)


def main() -> int:
    """Carry it out on two processes."""
    everything = [*KINDS, "doubles", "mutants"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variants", nargs="*", choices=[*VARIANTS, []], default=[])
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--doubles", type=int, default=210)
    parser.add_argument("--step", type=int, default=1, help="every so manieth call only")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=lambda text: text.split(","), default=everything)
    options = parser.parse_args()
    print(f"seed {options.seed}\n")
    for kind in KINDS:
        print(f"- {kind}: {WORDS[kind]}")
    bad = False
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(options.workers) as pool:
        library = compiled(Path(folder))
        work = list(_all(options, library))
        results = [
            pool.submit(swept if what == "sweep" else hunted, *arguments)  # type: ignore[arg-type]
            for what, arguments in work
        ]
        print("\n| variant | kind | runs | bad | took |\n|---|---|---|---|---|")
        for result in results:
            text = result.result()
            bad = bad or "BAD" in text
            print(text, flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
