"""A mutation run: random small changes of the program, each of which a test ought to notice.

    nice .venv/bin/python tests/mutation/run.py FOLDER [--seed N] [--count N] [--rooms core,world]
    nice .venv/bin/python tests/mutation/run.py FOLDER --record tests/end_to_end/test_names.py
    nice .venv/bin/python tests/mutation/run.py FOLDER --seed N --again --seconds 60

FOLDER, best in memory, takes a copy of the checkout, which is mutated; what each test of the quick
tier reaches, which is recorded once, and of more tests with `--record`; and the results as they
come. A run goes on where it was; with `--again` it tries those that survived once more, wherever
they stand now. Of each mutant the tests are made that reach its line: first those that noticed
most, then the fastest of every file, and no more than take `--seconds`. Mutants that no test can
notice are named in `harmless.py`.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mutation.copying import changed, copied, tried
from mutation.drawing import ROOMS, Mutant, all_of, drawn
from mutation.harmless import HARMLESS
from mutation.reach import SECONDS, Reach, recorded


def verdict(copy: Path, reach: Reach, mutant: Mutant) -> tuple[str, str]:
    """Whether a test notices it, and which."""
    if mutant.name in HARMLESS:
        return "harmless", HARMLESS[mutant.name]
    file = copy / "src/runbook" / mutant.path
    while chosen := reach.of(mutant):
        with changed(file, mutant.mutated):
            how, by = tried(copy, chosen, reach.limit(chosen))
        # A test that fails alone without the mutant has nothing to say.
        if how == "failed" and by not in reach.kills and tried(copy, [by], 60)[0] != "passed":
            reach.drop(by)
            continue
        if how == "failed":
            reach.kills[by] += 1
        if how == "endless" and tried(copy, chosen, reach.limit(chosen))[0] != "passed":
            return "survived", "its tests take too long here"
        return ("survived" if how == "passed" else "caught"), (by or how)
    return "survived", "no test reaches it"


def main() -> int:
    """Make one run; the exit status says whether a mutant survived."""
    given = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    given.add_argument("folder", type=lambda text: Path(text).resolve())
    given.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    given.add_argument("--count", type=int, default=300)
    given.add_argument("--rooms", default=",".join(ROOMS))
    given.add_argument("--seconds", type=float, default=SECONDS)
    given.add_argument("--record", nargs="+", metavar="PATH")
    given.add_argument("--again", action="store_true")
    asked = given.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    copy = copied(asked.folder / "copy")
    if asked.record or not list(asked.folder.glob("reach/seconds-*")):
        recorded(copy, asked.record or ["-m", "not slow", "tests"])
    if asked.record:
        return 0
    reach = Reach(copy, asked.seconds)
    file = asked.folder / f"results-{asked.seed}.tsv"
    known = _results(file)
    source, rooms = copy / "src/runbook", tuple(asked.rooms.split(","))
    if asked.again:
        left = {name for name, how in known.items() if how != "caught"}
        mutants = list(
            {each.name: each for each in all_of(source, rooms) if each.name in left}.values()
        )
    else:
        mutants = [
            each for each in drawn(source, asked.count, asked.seed, rooms) if each.name not in known
        ]
    print(f"seed {asked.seed}: {len(mutants)} mutants to try", flush=True)
    with file.open("a", encoding="utf-8") as results:
        for mutant in mutants:
            how, why = verdict(copy, reach, mutant)
            print(how, mutant.name, f"line {mutant.line}", why, sep="\t", file=results, flush=True)
            if how == "survived":
                print(f"{mutant.path}:{mutant.line}: {mutant.name}: {why}", flush=True)
    return _told(_results(file))


def _results(file: Path) -> dict[str, str]:
    """What became of each mutant, the last time that it was tried."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {name: how for how, name, *_ in (line.split("\t") for line in lines)}


def _told(results: dict[str, str]) -> int:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, how in results.items():
        for part in (name.partition("/")[0], "all"):
            counts[part][how] += 1
    for part, count in sorted(counts.items()):
        matter = count["caught"] + count["survived"]
        share = f"{100 * count['caught'] / matter:.0f}%" if matter else "-"
        print(
            f"{part}: {count['caught']} of {matter} caught ({share}); {count['harmless']} harmless"
        )
    return int(counts["all"]["survived"] > 0)


if __name__ == "__main__":
    sys.exit(main())
