"""What was made by hand while a task was carried out, as far as it is to be adopted by its plan."""

from __future__ import annotations

from runbook.core.record.stepevents import FileImage
from runbook.core.value import field, mutable, replace, value


@value
class Handwork:
    """Files as somebody left them before a step was carried out, or `instead` of one.

    It was made `by` a command, or by a person where that is empty.
    """

    step: str
    files: tuple[FileImage, ...]
    instead: bool = False
    by: str = ""


@mutable
class Handmade:
    """The handwork of a task, in order; the first `landed` of it are in a commit."""

    works: list[Handwork] = field(default_factory=list)
    landed: int = 0

    def add(self, work: Handwork) -> None:
        """Remember one more; what is known of it already is left out.

        Until an edit changes a file, what is changed of it is told from where the edit before
        left it.
        """
        if work.instead:
            # Done again, it is as it was done last.
            self.works = [w for w in self.works if not (w.instead and w.step == work.step)]
        files = []
        known = {file.path: file for each in self.works for file in each.files}
        for image in work.files:
            latest = known.get(image.path)
            if latest is not None and latest.before == image.before:
                if latest.after == image.after:
                    continue
                image = replace(image, before=latest.after, before_mode=latest.mode)
            files.append(image)
        if files:
            self.works.append(replace(work, files=tuple(files)))

    @property
    def repairs(self) -> bool:
        """Whether a person changed anything that no manual step asked for."""
        return any(not (work.instead or work.by) for work in self.works)

    def land(self) -> None:
        """All of it is in a commit."""
        self.landed = len(self.works)

    def forget_uncommitted(self) -> None:
        """What is in no commit was put back."""
        del self.works[self.landed :]

    def digests(self) -> set[str | None]:
        """The images that are needed to tell it."""
        return {d for work in self.works for file in work.files for d in (file.before, file.after)}
