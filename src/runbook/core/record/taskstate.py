"""What is known of a task and its steps, as the events of all runs so far tell."""

from __future__ import annotations

from runbook.core.record import proofs, stepevents
from runbook.core.record.handwork import Handmade
from runbook.core.record.stepevents import Special
from runbook.core.value import field, mutable


@mutable
class StepState:
    """What is known of one step: the digest it was begun with, and whether it is done."""

    digest: str
    done: bool = False
    ran: bool = False  # whether a run step's command has succeeded
    planned: tuple[stepevents.FileImage, ...] | None = None  # of an edit step, before it is written
    made: tuple[stepevents.FileImage, ...] = ()  # by the command of a run step
    moved: tuple[str, str] | None = None  # HEAD by that command: from one commit to another
    check: proofs.Check | None = None  # its command, as it ended last
    offered: dict[str, str | None] | None = None  # what a person was given, path → digest
    later: dict[str, str | None] = field(default_factory=dict)  # likewise, files of steps after it
    modes: dict[str, int | None] = field(default_factory=dict)  # bits of those he was given
    links: dict[str, str] = field(default_factory=dict)  # and were links or submodules
    beside: tuple[str, ...] = ()  # what was there of which git knows nothing
    told: bool = False  # a run ended to wait for the person
    said: proofs.Word | None = None  # that it is done, by a person
    doubts: tuple[str, ...] = ()  # what work by hand did to tests, to be looked at
    commit: str | None = None  # that it made
    noted_as: str = ""  # by the note of its commit, where that is another name or task than now
    undone_checks: tuple[str, ...] = ()  # made before its hooks changed the files
    attempts: int = 0  # of a delegate
    delegated: proofs.Delegated | None = None
    left: tuple[stepevents.FileImage, ...] | None = None  # by its delegate, whose work is accepted


@mutable
class TaskState:
    """What is known of one task, or of a phase's verification."""

    title: str = ""
    digest: str = ""
    head: str | None = None
    ref: str | None = None
    done: bool = False
    dirty: tuple[str, ...] = ()
    steps: dict[str, StepState] = field(default_factory=dict)
    commits: list[str] = field(default_factory=list)
    images: dict[str, str | None] = field(default_factory=dict)  # path → digest last planned
    by_hand: tuple[str, ...] = ()  # paths that a person changed meanwhile
    touched: dict[str, stepevents.FileImage] = field(default_factory=dict)  # first, since a commit
    special: dict[str, str | None] = field(default_factory=dict)  # links and submodules, likewise
    committed: set[str] = field(default_factory=set)  # steps done when the last commit was made
    since: str | None = None  # that commit, or the one on which the task began
    text: str = ""
    resumed: bool = False
    skipped: str | None = None  # the reason
    undone: bool = False
    reverts: list[str] = field(default_factory=list)  # commits that took its own back
    handmade: Handmade = field(default_factory=Handmade)
    hooked: set[str] = field(default_factory=set)  # paths that hooks changed, as git names them
    beside: set[str] = field(default_factory=set)  # those of them that are in no commit

    def touch(self, files: tuple[stepevents.FileImage, ...]) -> None:
        """Remember what files held before the uncommitted part of the task changed them."""
        for image in files:
            self.touched.setdefault(image.path, image)

    def touch_special(self, special: tuple[Special, ...]) -> None:
        """Remember likewise what links and submodules were."""
        for each in special:
            self.special.setdefault(each.path, each.before)

    def hold(self, files: tuple[stepevents.FileImage, ...]) -> None:
        """Remember what files hold now."""
        for image in files:
            self.images[image.path] = image.after

    def uncommitted(self) -> set[str | None]:
        """The digests of what files held before and after each step that no commit followed."""
        return {
            digest
            for name, step in self.steps.items()
            if name not in self.committed
            for file in (*(step.planned or ()), *step.made)
            for digest in (file.before, file.after)
        }

    def adopt(self, paths: tuple[str, ...]) -> None:
        """Remember what a person changed."""
        self.by_hand = tuple(dict.fromkeys((*self.by_hand, *paths)))

    def settle(self, step: str, commit: str | None) -> None:
        """Take all up to a step as in a commit."""
        self.since = commit
        self.touched.clear()
        self.special.clear()
        self.handmade.land()
        self.committed = {step, *(name for name, known in self.steps.items() if known.done)}

    def forget_uncommitted(self) -> None:
        """Take the uncommitted part of the task as never begun."""
        self.steps = {name: step for name, step in self.steps.items() if name in self.committed}
        for path in self.touched:
            self.images.pop(path, None)
        self.touched.clear()
        self.special.clear()
        self.handmade.forget_uncommitted()
