"""Several pieces of work carried on in turns by one thread, each told in the order it was added.

What a piece of work does takes its time in processes of its own; it is a generator, which gives
control back each time that it has waited for a moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from runbook.core.value import field, mutable

Item = TypeVar("Item")
Begin = Callable[[int], Iterator[Item]]
"""Begins a piece of work in the lane with that number."""


@mutable
class _Work(Generic[Item]):
    begin: Begin[Item]
    first_lane: bool
    kept: list[Item] = field(default_factory=list)
    latest: Item | None = None
    begun: bool = False
    beside: bool = False
    ended: bool = False
    error: Exception | None = None


class Turns(Generic[Item]):
    """Lanes in which work is done, so many at once, and what it has to tell."""

    def __init__(self, lanes: int, passing: Callable[[Item], bool]) -> None:
        """`passing` says of an item that it means nothing later, when the work is told."""
        self._passing = passing
        self._works: dict[object, _Work[Item]] = {}
        self._lanes: dict[int, tuple[_Work[Item], Iterator[Item]] | None] = dict.fromkeys(
            range(lanes)
        )
        self._told: _Work[Item] | None = None

    @property
    def beside(self) -> bool:
        """Whether what was told last was done beside other work."""
        return self._told is not None and self._told.beside

    def __contains__(self, name: object) -> bool:
        return name in self._works

    def add(self, name: object, begin: Begin[Item], *, first_lane: bool = False) -> None:
        """Add a piece of work, which begins when a lane is free; the first lane, where it must."""
        self._works[name] = _Work(begin, first_lane)

    def told(self, name: object) -> Iterator[Item]:
        """What a piece of work has to tell, as it happens; meanwhile the others go on.

        What it raises is raised here, after all else.
        """
        self._told = work = self._works.pop(name)
        # It may wait for a lane that others wait for, too.
        self._works = {name: work, **self._works}
        while True:
            yield from self._taken(work)
            if work.ended:
                break
            self._turn()
        del self._works[name]
        if work.error is not None:
            raise work.error

    def rest(self, resting: Callable[[Item], bool]) -> None:
        """Have all work that was begun go on to where it rests, which its latest item tells."""
        for lane in list(self._lanes):
            while (doing := self._lanes.get(lane)) is not None:
                latest = doing[0].latest
                if latest is not None and resting(latest):
                    break
                self._step(lane)

    def drop(self) -> None:
        """Forget what was added, and leave what is being done as it is: unfinished."""
        for lane, doing in self._lanes.items():
            self._lanes[lane] = None
            close = None if doing is None else getattr(doing[1], "close", None)
            if close is not None:
                close()
        self._works.clear()

    def _taken(self, work: _Work[Item]) -> Iterator[Item]:
        while work.kept:
            yield work.kept.pop(0)

    def _turn(self) -> None:
        """Let each lane go on by one item; those that are free begin what waits."""
        for lane, doing in list(self._lanes.items()):
            if doing is None:
                work = next((each for each in self._works.values() if _waits(each, lane)), None)
                if work is None:
                    continue
                work.begun = True
                self._lanes[lane] = work, work.begin(lane)
            self._step(lane)
        busy = [doing[0] for doing in self._lanes.values() if doing is not None]
        for each in busy if len(busy) > 1 else ():
            each.beside = True

    def _step(self, lane: int) -> None:
        doing = self._lanes[lane]
        assert doing is not None
        work, items = doing
        try:
            item = next(items)
        except StopIteration:
            work.ended, self._lanes[lane] = True, None
        except Exception as error:  # it is raised again where it is told
            work.ended, work.error, self._lanes[lane] = True, error, None
            if lane:
                # Something is there only once, or not for this lane: it takes nothing any more.
                del self._lanes[lane]
        else:
            work.latest = item
            if work is self._told or not self._passing(item):
                work.kept.append(item)


def _waits(work: _Work[Item], lane: int) -> bool:
    return not work.begun and not (work.first_lane and lane)
