"""Deliberate faults in the protocol, each of which a sweep must find.

A mutant is a text of a module that is replaced by another one. A text that is not there any more
is an error, so that no mutant loses its meaning unnoticed.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType


@dataclass(frozen=True)
class Mutant:
    """What is replaced, and where it is looked for: a variant, and a kind of disturbance."""

    module: str
    old: str
    new: str
    variant: str
    kind: str


KILL, ALL, TEAR, LOSS, MEDDLE = "kill", "kill-all", "tear", "loss", "meddle"
SOME = "loss-some"

MUTANTS: dict[str, Mutant] = {
    "the journal is not synced": Mutant(
        "runbook.world.files.journal",
        "            write_all(self._file, line)\n            os.fsync(self._file)\n",
        "            write_all(self._file, line)\n",
        "plain",
        LOSS,
    ),
    "the journal's folder is not synced": Mutant(
        "runbook.world.files.durable",
        "        new.mkdir(exist_ok=True, mode=0o700)\n        sync_folder(new.parent)\n",
        "        new.mkdir(exist_ok=True, mode=0o700)\n",
        "plain",
        LOSS,
    ),
    "a torn record is not cut off": Mutant(
        "runbook.world.files.journal", "os.ftruncate(self._file, length)", "pass", "plain", TEAR
    ),
    "a torn record is refused": Mutant(
        "runbook.world.files.journalrecords",
        "if last and not _holds_more(line):",
        "if False:",
        "plain",
        TEAR,
    ),
    "each record is written one too late": Mutant(
        "runbook.world.files.journal",
        "            write_all(self._file, line)\n",
        "            line, self.late = getattr(self, 'late', b''), line\n"
        "            write_all(self._file, line)\n            line = self.late\n",
        "plain",
        KILL,
    ),
    "images are not synced": Mutant(
        "runbook.world.files.durable",
        "        write_all(descriptor, data)\n        os.fsync(descriptor)\n"
        "    except OSError as error:\n        raise named(error, path) from None\n"
        "    finally:\n        os.close(descriptor)\n\n\ndef replace",
        "        write_all(descriptor, data)\n"
        "    except OSError as error:\n        raise named(error, path) from None\n"
        "    finally:\n        os.close(descriptor)\n\n\ndef replace",
        "plain",
        LOSS,
    ),
    "the names of images are not synced": Mutant(
        "runbook.world.files.journal",
        "before this.\n        sync_folder(folder)\n",
        "before this.\n",
        "plain",
        LOSS,
    ),
    "the plan of an edit is recorded after it": Mutant(
        "runbook.engine.steps.edit",
        "    yield stepevents.EditPlanned(where, images)\n"
        "    with reaching(where, step):\n"
        "        putting.write(context.workspace, context.journal, changes)\n",
        "    with reaching(where, step):\n"
        "        putting.write(context.workspace, context.journal, changes)\n"
        "    yield stepevents.EditPlanned(where, images)\n",
        "plain",
        KILL,
    ),
    "files are written in their place": Mutant(
        "runbook.world.files.workspace",
        "    temporary = temporary_name(name)\n",
        "    temporary, before = name, None\n",
        "plain",
        KILL,
    ),
    "files are not synced": Mutant(
        "runbook.world.files.workspace",
        "                _look_newer(file, folder, name)\n            os.fsync(file)\n",
        "                _look_newer(file, folder, name)\n",
        "plain",
        LOSS,
    ),
    "the names of files are not synced": Mutant(
        "runbook.world.files.workspace",
        "            os.unlink(temporary, dir_fd=folder)\n        raise\n    os.fsync(folder)\n",
        "            os.unlink(temporary, dir_fd=folder)\n        raise\n",
        "move",
        LOSS,
    ),
    "new folders are not synced": Mutant(
        "runbook.world.files.workspace",
        "        os.mkdir(component, dir_fd=folder)\n        os.fsync(folder)\n",
        "        os.mkdir(component, dir_fd=folder)\n",
        "plain",
        LOSS,
    ),
    "deletions are not synced": Mutant(
        "runbook.world.files.workspace",
        "                os.unlink(name, dir_fd=folder)\n                os.fsync(folder)\n",
        "                os.unlink(name, dir_fd=folder)\n",
        "move",
        LOSS,
    ),
    "temporary files are left": Mutant(
        "runbook.engine.running.takeup",
        "    tidy(context, phase)\n",
        "",
        "plain",
        KILL,
    ),
    "a half written edit is planned anew": Mutant(
        "runbook.engine.resume.resume",
        "    return known.planned\n",
        "    return None\n",
        "plain",
        KILL,
    ),
    "a half written edit is not assumed": Mutant(
        "runbook.engine.outlook.outlook",
        "        simulation.assume(assumed(ground, half))\n",
        "        half = None\n",
        "plain",
        KILL,
    ),
    "a written file of a half written edit is refused": Mutant(
        "runbook.engine.ground.putting",
        "        return not (holds(now, self.before) or holds(now, self.after))\n",
        "        return not holds(now, self.before)\n",
        "plain",
        KILL,
    ),
    "the image before an edit is not compared": Mutant(
        "runbook.engine.ground.putting",
        "        return not (holds(now, self.before) or holds(now, self.after))\n",
        "        return False\n",
        "plain",
        MEDDLE,
    ),
    "a check is taken as done when it begins": Mutant(
        "runbook.core.record.stepfold",
        "                steps[step] = StepState(digest)\n",
        "                steps[step] = StepState(digest, event.kind == 'verify')\n",
        "plain",
        KILL,
    ),
    "the intent is recorded after the commit": Mutant(
        "runbook.engine.steps.commit",
        "    yield intent\n",
        "    context.journal.progress.intent = None\n",
        "plain",
        ALL,
    ),
    "a commit is not looked for": Mutant(
        "runbook.engine.resume.recovery",
        "    made = made_commit(context.repository, phase, intent, where)\n",
        "    made = None\n",
        "plain",
        ALL,
    ),
    "locks of a killed git are left": Mutant(
        "runbook.engine.resume.recovery",
        "    commits.clear_locks(context.repository, intent)\n",
        "",
        "hooks",
        ALL,
    ),
    "what a killed hook changed is committed": Mutant(
        "runbook.engine.resume.recovery",
        "        done = putting.put_back(workspace, context.journal, changes)\n",
        "        done = putting.PutBack((), '')\n",
        "formatter",
        ALL,
    ),
    "what is committed is given as a checkout would": Mutant(
        "runbook.world.git.contents",
        "        if unchanged(repository, path, data):\n            return data\n",
        "        pass\n",
        "filtered",
        KILL,
    ),
    "a commit's objects and branch are not synced": Mutant(
        "runbook.world.git.commits",
        "        sync_commit(repository.objects, place, commit, intent.ref, repository.git_dir)\n",
        "        pass\n",
        "plain",
        LOSS,
    ),
    "new objects are not synced": Mutant(
        "runbook.world.git.looseobjects",
        "            os.fsync(descriptor)\n",
        "            pass\n",
        "plain",
        LOSS,
    ),
    "the names of new objects are not synced": Mutant(
        "runbook.world.git.looseobjects",
        "        sync_folder(folder)\n",
        "        pass\n",
        "plain",
        LOSS,
    ),
    "what git's locks hold is not synced": Mutant(
        "runbook.world.git.refupdate",
        "        os.fsync(self._descriptor)\n",
        "",
        "plain",
        LOSS,
    ),
    "what a hook made of committed files is not synced": Mutant(
        "runbook.world.git.commits",
        "        workspace.sync([path])\n",
        "        pass\n",
        "formatter",
        LOSS,
    ),
    "the index is left behind what a hook staged": Mutant(
        "runbook.world.git.commits",
        "        repository.unstage(intent.paths)\n",
        "        pass\n",
        "formatter",
        ALL,
    ),
    "a half made worktree is left": Mutant(
        "runbook.engine.ground.worktree",
        "        _tidy(checkout, folder, planned)\n",
        "        pass\n",
        "linked",
        ALL,
    ),
    "a new worktree is not synced": Mutant(
        "runbook.world.git.repository", "        os.sync()\n", "", "linked", "loss-some"
    ),
    "a scratch worktree is noted after it is made": Mutant(
        "runbook.world.files.temporary",
        "        append_private(self._noted, json.dumps([str(folder), known]).encode())\n"
        "        folder.mkdir(mode=0o700)\n",
        "        folder.mkdir(mode=0o700)\n"
        "        append_private(self._noted, json.dumps([str(folder), known]).encode())\n",
        "linked",
        KILL,
    ),
    "scratch worktrees of a killed run are left": Mutant(
        "runbook.world.git.scratch",
        "        self._folders.remove(self._removed)\n",
        "        if self._roots:\n            self._folders.remove(self._removed)\n",
        "linked",
        KILL,
    ),
    "an interrupted command runs again on what it left": Mutant(
        "runbook.engine.steps.runstep",
        "    if left is not None and left.step == where:\n",
        "    if False:\n",
        "run",
        ALL,
    ),
    "what a command made is not synced": Mutant(
        "runbook.engine.steps.runstep",
        "        context.workspace.sync(path for path in changed if path not in now)\n",
        "        pass\n",
        "run",
        LOSS,
    ),
    "the exclude file is appended to": Mutant(
        "runbook.world.git.repository",
        'replace(file, before + gap + os.fsencode(f"/{pattern}/") + b"\\n")',
        'file.open("ab", 0).write(gap + os.fsencode(f"/{pattern}/") + b"\\n")',
        "linked",
        TEAR,
    ),
    "what a power loss left of a worktree stays": Mutant(
        "runbook.engine.ground.worktree",
        "        yield from _set_aside(checkout, folder, planned, journal)\n",
        "        yield from ()\n",
        "linked",
        "loss-some",
    ),
    "folders of patches are left": Mutant(
        "runbook.world.files.temporary",
        "                _remove_abandoned(place / name)\n",
        "                pass\n",
        "patch",
        KILL,
    ),
    "what a put-back takes away is not kept": Mutant(
        "runbook.engine.ground.putting",
        "            rescued = str(journal.rescue(change.path, now.data).parent)\n",
        "            pass\n",
        "retry",
        KILL,
    ),
    "temporary files of a put-back are left": Mutant(
        "runbook.engine.resume.recovery",
        "progress.open_attempt, progress.restoring):\n",
        "progress.open_attempt):\n",
        "abort",
        KILL,
    ),
    "locks of a killed put-back are left": Mutant(
        "runbook.engine.resume.restore",
        "        context.repository.clear_locks(planned.since)\n",
        "",
        "skip",
        ALL,
    ),
    "a revert that was made is not looked for": Mutant(
        "runbook.engine.resume.recovery",
        "    made = made_commit(context.repository, phase, intent, where)\n",
        "    made = None\n",
        "undo",
        ALL,
    ),
    "what a killed hook changed is in the way of an undo": Mutant(
        "runbook.engine.verbs.undo",
        "        yield without_hooks(context, phase, intent)\n",
        "        pass\n",
        "undo with a formatter",
        ALL,
    ),
    "temporary files of an undo are left": Mutant(
        "runbook.engine.verbs.undo",
        "    if undo.planned is not None:\n        Workspace",
        "    if False:\n        Workspace",
        "undo given up",
        KILL,
    ),
    "what a proof commits is not synced": Mutant(
        "runbook.engine.review.prove", "[*SETTINGS, *(part", "[*(part", "proof", SOME
    ),
}  # fmt: skip


def mutated(name: str) -> str:
    """The source of a mutant's module.

    Raises:
        ValueError: the text it replaces is not in the module, or more than once.

    """
    mutant = MUTANTS[name]
    found = importlib.util.find_spec(mutant.module)
    assert found is not None
    assert found.origin is not None
    source = Path(found.origin).read_text(encoding="utf-8")
    if source.count(mutant.old) != 1:
        raise ValueError(f"{name}: its text is {source.count(mutant.old)} times in {mutant.module}")
    return source.replace(mutant.old, mutant.new)


def apply(name: str) -> None:
    """Make this process's program the mutant."""
    module = importlib.import_module(MUTANTS[name].module)
    before = dict(vars(module))
    exec(compile(mutated(name), module.__file__ or "", "exec"), vars(module))
    _rebind(module, before)


def _rebind(module: ModuleType, before: dict[str, object]) -> None:
    """Let every module that imported something of the old one have the new."""
    renewed = {
        id(old): vars(module)[name]
        for name, old in before.items()
        if getattr(old, "__module__", None) == module.__name__ and vars(module)[name] is not old
    }
    for each in list(sys.modules.values()):
        if each is not module and getattr(each, "__name__", "").startswith("runbook"):
            for name, value in list(vars(each).items()):
                if id(value) in renewed:
                    setattr(each, name, renewed[id(value)])
