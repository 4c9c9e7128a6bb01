"""Regular expressions that are compiled when they are first asked for something."""

from __future__ import annotations

import datetime
import re

import pytest

from runbook.core.patterns import regex, uncompiled
from runbook.format.libyaml import yaml


def test_it_does_what_the_compiled_one_does() -> None:
    pattern = regex(r"^(?P<key>\w+)=(\d+)$", re.MULTILINE)
    found = pattern.search("x\na=1\nb=2")
    assert found is not None
    assert (found["key"], found[2], found.re.groups) == ("a", "1", pattern.groups)
    assert pattern.findall("a=1\nb=2") == [("a", "1"), ("b", "2")]
    assert pattern.sub(r"\2", "a=1") == "1"
    assert (pattern.pattern, pattern.flags & re.MULTILINE) == (found.re.pattern, re.MULTILINE)
    assert regex(rb"\d").findall(b"a1b2") == [b"1", b"2"]


def test_it_is_compiled_when_it_is_asked_for_something() -> None:
    pattern = regex("(")
    with pytest.raises(re.error):
        pattern.match("")


def test_what_it_was_asked_for_is_at_hand() -> None:
    pattern = regex("a")
    assert pattern.match is pattern.match


def test_those_of_a_module_of_others_are_left_uncompiled() -> None:
    with uncompiled():
        pattern = re.compile("(")
        assert regex("a").match("a")
    assert isinstance(re.compile("a"), re.Pattern)
    with pytest.raises(re.error):
        pattern.match("")


def test_pyyaml_reads_as_ever() -> None:
    assert yaml.safe_load("[2024-01-02, 0x1f, 1.5, no, 12:30]") == [
        datetime.date(2024, 1, 2), 31, 1.5, False, 750,
    ]  # fmt: skip
    with pytest.raises(yaml.reader.ReaderError):
        yaml.safe_load("a: \x01")
