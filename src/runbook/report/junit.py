"""A story as JUnit XML, which systems of CI read: steps as test cases, and the tests themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as xml

from runbook.core.patterns import regex
from runbook.core.record.described import short
from runbook.core.record.detailevents import TestSeen
from runbook.core.record.events import Stopped
from runbook.core.text.printable import printable
from runbook.report import telling
from runbook.report.ours import JUNIT_HEAD
from runbook.report.story import CommandStory, PhaseStory, StepStory, Story, TaskStory


def junit(story: Story) -> str:
    """A suite for each task with its steps, and one for each check with the tests that it ran.

    Tests that fail as a check expects are skipped ones here: nothing is to be mended.
    """
    root = xml.Element("testsuites", name=_clean(telling.heading(story)))
    for phase in story.phases.values():
        for task in phase.tasks.values():
            _task(root, phase, task)
        stopped = phase.stopped
        if stopped and not any(stopped.where in task.steps for task in phase.tasks.values()):
            _failed_outside(root, stopped)
    _sum_up(root)
    xml.indent(root)
    return JUNIT_HEAD + xml.tostring(root, "unicode") + "\n"


def _task(root: xml.Element, phase: PhaseStory, task: TaskStory) -> None:
    suite = xml.SubElement(root, "testsuite", name=_clean(f"{task.task}: {task.title}"))
    for step in task.steps.values():
        _step(suite, phase, task, step)
    if not task.steps or task.mark == "skipped":
        case = _case(suite, task.task, task.title or task.name)
        if task.mark != "done":
            xml.SubElement(case, "skipped", message=_clean(task.reason or task.mark))
    for step in task.steps.values():
        command = step.last_command
        if command is not None and command.tests:
            _tests(root, step, command)


def _step(suite: xml.Element, phase: PhaseStory, task: TaskStory, step: StepStory) -> None:
    command = step.last_command
    name = f"{step.name} {step.kind} {short(step.subject)}"
    case = _case(suite, task.task, name, 0.0 if command is None else command.duration)
    path, _, rest = step.at.partition(":")
    if path:
        case.set("file", _clean(path))
        case.set("line", rest.partition(":")[0])
    stopped = phase.stopped
    if stopped is not None and stopped.where == step.step:
        _failure(case, stopped)
    elif step.mark != "done":
        xml.SubElement(case, "skipped", message=step.mark)
    if step.flaky:
        xml.SubElement(case, "system-out").text = f"flaky: {step.flaky} tries failed before"


def _failure(case: xml.Element, stopped: Stopped) -> None:
    lines = [stopped.message]
    for mismatch in stopped.mismatches:
        lines += [f"- {mismatch.message}", *(f"    {detail}" for detail in mismatch.details)]
    if stopped.output:
        lines += ["", stopped.output]
    failed = xml.SubElement(case, "failure", message=_clean(stopped.message), type=stopped.kind)
    failed.text = _clean("\n".join(lines))


def _failed_outside(root: xml.Element, stopped: Stopped) -> None:
    """A stop that is at none of the steps: of a service, of a phase that may not begin."""
    suite = xml.SubElement(root, "testsuite", name=_clean(stopped.where))
    _failure(_case(suite, stopped.where, stopped.where), stopped)


def _tests(root: xml.Element, step: StepStory, command: CommandStory) -> None:
    suite = xml.SubElement(root, "testsuite", name=_clean(f"{step.step}: {short(step.subject)}"))
    if command.began is not None:
        began = datetime.fromtimestamp(command.began, UTC)
        suite.set("timestamp", began.strftime("%Y-%m-%dT%H:%M:%S"))
    for test in command.tests:
        path, _, name = test.test.partition("::")
        case = _case(suite, path.removesuffix(".py").replace("/", "."), name or path, test.duration)
        case.set("file", _clean(path))
        if test.at:
            case.set("line", test.at.rpartition(":")[2])
        _outcome(case, test, command.accepted is True)


def _outcome(case: xml.Element, test: TestSeen, accepted: bool) -> None:
    message = _clean(test.message)
    first = message.partition("\n")[0]
    if test.outcome in ("failed", "error") and not accepted:
        kind = "failure" if test.outcome == "failed" else "error"
        xml.SubElement(case, kind, message=first).text = message
    elif test.outcome in ("failed", "error"):
        xml.SubElement(case, "skipped", message=f"failed, as the plan expects: {first}")
    elif test.outcome in ("skipped", "xfailed"):
        xml.SubElement(case, "skipped", message=first)


def _case(suite: xml.Element, classname: str, name: str, duration: float = 0.0) -> xml.Element:
    return xml.SubElement(
        suite, "testcase", classname=_clean(classname), name=_clean(name), time=f"{duration:.3f}"
    )


def _sum_up(root: xml.Element) -> None:
    """Write the sums that readers expect, in the suites and over them."""
    sums = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in root:
        cases = suite.findall("testcase")
        own = {
            "tests": len(cases),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
            "skipped": len(suite.findall("testcase/skipped")),
        }
        for name, number in own.items():
            suite.set(name, str(number))
            sums[name] += number
        suite.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")
    for name, number in sums.items():
        root.set(name, str(number))


_NO_XML = regex("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _clean(text: str) -> str:
    """A text without what XML can't have in it."""
    return _NO_XML.sub("\ufffd", printable(text))
