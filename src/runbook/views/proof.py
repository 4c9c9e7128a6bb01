"""What checks prove, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from runbook.core.check.proving import hint_of_vacuous
from runbook.core.record import events
from runbook.core.record.aheadevents import ChecksInOrder
from runbook.core.record.described import short, start_of
from runbook.core.record.events import Event
from runbook.core.record.stepevents import CheckProved
from runbook.core.text.counting import count
from runbook.core.text.lines import on_one_line
from runbook.core.text.printable import printable
from runbook.views.words import in_order, indent, seconds

_LINES = 6  # of the reasons for which a check failed

_WORDS = {
    "proves": ("proves", "green"),
    "guards": ("guards", "green"),
    "vacuous": ("vacuous", "bold red"),
    "guard": ("vacuous, or a guard", "yellow"),
    "invalid": ("invalid", "bold red"),
    "contradicts": ("no guard", "bold red"),
    "failing": ("fails", "bold red"),
    "untried": ("not tried", "yellow"),
}


def proof_lines(proved: CheckProved, *, indented: bool = False) -> Iterator[tuple[str, str]]:
    """What a check showed, each line with a style; `indented` under the check in a run."""
    kind = _kind(proved)
    word, style = _WORDS[kind]
    if indented:
        yield f"          {word}: {_meaning(proved)}", style
    else:
        yield f"{printable(proved.at)}: {word}: {printable(short(proved.command))}", style
        yield f"    {_meaning(proved)}", ""
    margin = " " * (12 if indented else 6)
    lines = proved.after if proved.kind in ("failing", "untried") else proved.before
    for line in lines[:_LINES]:
        yield indent(printable(line), margin), ""
    hint = _HINTS.get(kind)
    if kind == "vacuous":
        hint = hint_of_vacuous(proved.state, proved.tests)
    if hint:
        yield f"{margin[2:]}hint: {hint}", ""


def _kind(proved: CheckProved) -> str:
    """What a check showed; one that is vacuous may be meant as a guard, by its words."""
    return "guard" if proved.kind == "vacuous" and proved.guard else proved.kind


def _meaning(proved: CheckProved) -> str:
    there = start_of(proved.state)
    if proved.commit:
        there += f" ({proved.commit[:9]})"
    return {
        "proves": f"fails at {there}, as it must, and passes here:",
        "guards": f"passes at {there} and here, as it says",
        "vacuous": f"passes at {there} as well as here, and so does not tell one from the other",
        "invalid": f"at {there} it proves nothing:",
        "contradicts": f"is declared a guard, and fails at {there}:",
        "failing": "does not pass on what the phase makes:",
        "untried": "can't be held against anything:",
    }[proved.kind]


_HINTS = {
    "guard": "its words say that it is to pass before and after: say `guard: true`",
    "invalid": "see that its command can be run there",
    "contradicts": "say `fails-at: phase` instead, or mend what it guards first",
}


class ProofLines:
    """The events of proofs as lines, and at the end how many checks showed what."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._phase = ""

    def lines(self, event: Event) -> Iterator[tuple[str, str]]:
        """The lines of one event, each with a style."""
        match event:
            case events.PhaseBegan(phase, title, head):
                self._phase = phase
                self._kinds.clear()
                yield f"{phase}: {printable(title)}", "bold"
                yield f"  from {(head or '')[:9]}, in scratch worktrees", ""
            case events.ServiceReady(name, _, duration):
                yield f"  service {name} is ready ({seconds(duration)})", ""
            case ChecksInOrder(_, why):
                yield in_order(printable(why)), "yellow"
            case CheckProved():
                self._kinds[_kind(event)] += 1
                yield from proof_lines(event)
            case events.Stopped():
                yield from _stopped(event)
            case _:
                pass

    def summary(self) -> str:
        """How many checks of the phase showed what."""
        return f"{self._phase}: {_counts(self._kinds)}"


_PLURALS = {
    "proves": "prove",
    "guards": "guard",
    "fails": "fail",
    "vacuous, or a guard": "vacuous, or guards",
}


def _counts(kinds: Counter[str]) -> str:
    parts = []
    for kind, number in kinds.items():
        word = _WORDS[kind][0]
        parts.append(f"{number} {word if number == 1 else _PLURALS.get(word, word)}")
    return f"{count(sum(kinds.values()), 'check')}{': ' if parts else ''}{', '.join(parts)}"


def _stopped(stopped: events.Stopped) -> Iterator[tuple[str, str]]:
    yield f"{stopped.at}: could not go on: {printable(on_one_line(stopped.message))}", "bold red"
    if stopped.output:
        yield from ((f"    | {printable(line)}", "") for line in stopped.output.split("\n")[-20:])
    if stopped.hint:
        yield f"    hint: {printable(stopped.hint)}", ""
