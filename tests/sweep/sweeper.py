"""One variant's runs, each disturbed at a chosen call and then simply started again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sweep.outcomes import differences, kept, outcome, settled
from sweep.powerloss import Loss, lose, take_stock
from sweep.preload import Action, Order, Who
from sweep.variants import VARIANTS, environment, prepare

SOURCES = Path(__file__).parents[2] / "src"
_BY_HAND = "# by hand\n"


def fast_folder() -> str | None:
    """A folder in memory, where syncing costs nothing and no inode is used twice."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and os.access(memory, os.W_OK) else None


@dataclass(frozen=True)
class Disturbance:
    """What happens to a run: an action at one of somebody's calls."""

    action: Action
    at: int
    who: Who = Who.RUNNER
    loss: Loss | None = None
    again: int = 0  # a second kill, at this call of the run after it
    meddle: bool = False  # whether somebody edits a file in between

    def __str__(self) -> str:
        loss = f", {self.loss}" if self.loss else ""
        again = f", then killed at call {self.again}" if self.again else ""
        again += ", and a file edited by hand" if self.meddle else ""
        what, who = self.action.name.lower(), self.who.name.lower()
        return f"{what} at call {self.at} of {who}{loss}{again}"


_ENDS = (b'"event":"UndoEnded"', b'"event":"TaskSkipped"', b'"event":"TaskRestored"')
"""Records of what a verb ends with."""


class Server:
    """A process that starts runs under the library, one after the other, and a folder for them."""

    def __init__(self, library: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="runbook-sweep-", dir=fast_folder())).resolve()
        self.store = self.folder / "store"
        self.work = self.folder / "work"
        self.order = Order(self.folder / "order")
        self._preload = {
            "LD_PRELOAD": str(library),
            "SWEEP_STATE": str(self.order.path),
            "SWEEP_ROOTS": str(self.work),
            "SWEEP_STORE": str(self.store),
        }
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("server.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**environment(self.work), **self._preload, "PYTHONPATH": str(SOURCES)},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()
        self.order.close()
        shutil.rmtree(self.folder)

    def run(self, arguments: tuple[str, ...], folder: Path, mutant: str) -> tuple[int, str]:
        """Carry a run out in the project of a folder; its exit status, and what it said."""
        output = self.folder / "output"
        order = {
            "folder": str(folder / "project"),
            "arguments": arguments,
            "environment": {**environment(folder), **self._preload},
            "output": str(output),
            "state": str(self.order.path),
            "mutant": mutant,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        return status, output.read_text(errors="replace")


class Sweeper:
    """The golden run of a variant, and disturbed ones compared with it."""

    def __init__(self, name: str, server: Server, mutant: str = "") -> None:
        self.name = name
        self.variant = VARIANTS[name]
        self.mutant = mutant
        self._server = server
        self._order, self._work, self._store = server.order, server.work, server.store
        self._template = server.folder / "template"
        for folder in (self._work, self._store, self._template):
            if folder.exists():
                shutil.rmtree(folder)
        prepare(self.variant, self._template)
        self._begin()
        self.calls = self._count()
        self.golden = outcome(self.variant, self._work)

    def disturb(self, disturbance: Disturbance) -> list[str]:
        """Carry it out, run again, and say what is wrong then."""
        self._fresh()
        stock = take_stock(self._work) if disturbance.loss else None
        status, said = self._disturbed(
            self.variant.arguments,
            disturbance.at,
            disturbance.action,
            disturbance.who,
            disturbance.loss is not None,
        )
        problems = self._after(disturbance, status, said)
        if not settled(self._work):
            problems.append("processes of the killed run are left")
        if stock is not None and disturbance.loss is not None:
            lose(self._work, stock, self._store, disturbance.loss)
        if disturbance.meddle:
            return problems + self._meddle()
        if disturbance.again:
            self._disturbed(self.variant.after[0], disturbance.again, Action.KILL, disturbance.who)
            settled(self._work)
        recorded = self._end_is_recorded(killed_twice=bool(disturbance.again))
        for number, arguments in enumerate(self.variant.after):
            status, again = self._run(arguments, self._work)
            # A verb whose end is recorded has nothing to do, and says so; a retry before that, too.
            complete = self.variant.before and (recorded or arguments == ("retry",))
            if status != 0 and not (complete and number == 0 and status == 1):
                problems.append(
                    f"run again it ended with {status}:\n{again}\nthe first said:\n{said}"
                )
        differing = differences(outcome(self.variant, self._work), self.golden)
        if "has no note of its evidence" in said:
            # A note that git did not take stops nothing; the next run of the phase adds it.
            differing = [each for each in differing if not each.startswith("notes: ")]
        return problems + differing

    def _after(self, disturbance: Disturbance, status: int, said: str) -> list[str]:
        kills = disturbance.action in (Action.KILL, Action.TEAR, Action.STOP)
        if kills and disturbance.who in (Who.RUNNER, Who.EVERYBODY):
            return [] if status in (-9, 0) else [f"killed, it ended with {status}:\n{said}"]
        if status not in (0, 1):
            return [f"it ended with {status}:\n{said}"]
        if status == 1 and not any(
            words in said for words in ("stopped at", "error: ", " refused: ")
        ):
            return [f"it did not say why it stopped:\n{said}"]
        return []

    def _end_is_recorded(self, *, killed_twice: bool) -> bool:
        """Whether the run, or what a verb does, had come to its end.

        Killed twice, the run that was to say so again may have been killed over that.
        """
        journals = (self._work / "project/.git/runbook").glob("*/journal.jsonl")
        records = [each.read_bytes().splitlines() for each in journals]
        if any(b'"event":"RunEnded","exit":0' in line for lines in records for line in lines[-1:]):
            return True
        return killed_twice and any(
            end in line for lines in records for line in lines for end in _ENDS
        )

    def _meddle(self) -> list[str]:
        """Edit a file as a person would, and see that this is never lost."""
        edited = self._work / "project" / "app.py"
        with edited.open("a") as file:
            file.write(_BY_HAND)
        for arguments in self.variant.after * 2:
            self._run(arguments, self._work)
            # In the file, wherever the phase has moved it, or kept aside.
            if not any(_BY_HAND in text for text in kept(self._work / "project")):
                return ["what was edited by hand is lost"]
        return []

    def _count(self) -> dict[Who, int]:
        """How many calls of each a run makes that nothing disturbs."""
        self._fresh()
        self._order.count()
        first, *more = (self.variant.arguments, *self.variant.after[1:])
        status, said = self._server.run(first, self._work, "")
        calls = self._order.calls
        self._order.nothing()
        assert status == 0, said
        for arguments in more:
            status, said = self._server.run(arguments, self._work, "")
            assert status == 0, said
        return calls

    def _begin(self) -> None:
        """Bring the template to where the disturbed run begins."""
        for each in self.variant.before:
            if callable(each):
                each(self._template)
            else:
                self._run(each, self._template)

    def _fresh(self) -> None:
        for folder in (self._work, self._store):
            if folder.exists():
                shutil.rmtree(folder)
        shutil.copytree(self._template, self._work, symlinks=True)
        root = self._work / "project"
        # What git has of linked worktrees are whole paths.
        for file in (*root.glob(".git/worktrees/*/gitdir"), *root.glob(".worktrees/*/.git")):
            text = file.read_text()
            file.write_text(text.replace(str(self._template), str(self._work)))
        self._store.mkdir()

    def _disturbed(
        self,
        arguments: tuple[str, ...],
        at: int,
        action: Action,
        who: Who,
        record: bool = False,
    ) -> tuple[int, str]:
        self._order.give(at, action, who, record=record)
        done = self._run(arguments, self._work)
        self._order.nothing()
        return done

    def _run(self, arguments: tuple[str, ...], folder: Path) -> tuple[int, str]:
        return self._server.run(arguments, folder, self.mutant)
