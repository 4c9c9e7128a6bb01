"""What is added at the top of a file goes behind what must stay first there."""

from __future__ import annotations

import pytest
from planning import block, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual, Step

LANGUAGES = {
    "md": "markdown", "py": "python", "sh": "bash", "rb": "ruby", "rs": "rust", "yml": "yaml",
    "bin/ship": "bash", "Dockerfile": "dockerfile", "txt": "text",
}  # fmt: skip


def step(path: str, added: str, text: str | None) -> Step:
    """The only step of a plan that adds something at the top of a file with this text."""
    ending = path.rpartition(".")[2]
    language = LANGUAGES.get(ending, ending)
    body = f"**Files:**\n- Modify: `{path}`\n\n**Step 1: Mark it**\n\n"
    body += f"Add at the top of `{path}`:{block(added, language)}"
    (found,) = steps(body, None if text is None else {path: text})
    return found


NOTE = "> Draft.\n"


def test_a_section_goes_above_no_title() -> None:
    log, entry = "# Changes\n\n## 1.0\n\nWind.\n", "## 1.1\n\nRope.\n"
    made = step("CHANGELOG.md", entry, log)
    assert isinstance(made, Edit)
    (change,) = made.changes
    result = apply(log, change)
    assert isinstance(result, Applied)
    assert result.text == f"# Changes\n\n{entry}\n## 1.0\n\nWind.\n"
    assert isinstance(step("CHANGELOG.md", entry, log.replace("1.0", "Unreleased")), Manual)


@pytest.mark.parametrize(
    ("path", "added", "text", "made"),
    [
        ("a.txt", "x\n", "one\n", "x\none\n"),
        ("ship.sh", "# a\n", "#!/bin/sh\nset -e\n", "#!/bin/sh\n# a\nset -e\n"),
        ("ship.sh", "# a\n", "set -e\n", "# a\nset -e\n"),
        (
            "bin/ship",
            "# a\n",
            "#!/usr/bin/env python\nx = 1\n",
            "#!/usr/bin/env python\n# a\nx = 1\n",
        ),
        (
            "a.xml",
            "<!-- a -->\n",
            '<?xml version="1.0"?>\n<a/>\n',
            '<?xml version="1.0"?>\n<!-- a -->\n<a/>\n',
        ),
        (
            "a.html",
            "<!-- a -->\n",
            "<!DOCTYPE html>\n<html>\n",
            "<!DOCTYPE html>\n<!-- a -->\n<html>\n",
        ),
        ("a.php", "// a\n", "<?php\necho 1;\n", "<?php\n// a\necho 1;\n"),
        ("a.css", "/* a */\n", '@charset "utf-8";\na {}\n', '@charset "utf-8";\n/* a */\na {}\n'),
        (
            "a.rb",
            "# a\n",
            "# frozen_string_literal: true\nx\n",
            "# frozen_string_literal: true\n# a\nx\n",
        ),
        ("a.tsx", "// a\n", '"use client";\nx\n', '"use client";\n// a\nx\n'),
        (
            "a.go",
            "// a\n",
            "//go:build linux\n\npackage a\n",
            "//go:build linux\n\n// a\npackage a\n",
        ),
        ("a.rs", "// a\n", "#![no_std]\nuse x;\n", "#![no_std]\n// a\nuse x;\n"),
        ("a.md", NOTE, "---\ntitle: a\n---\n\n# A\n", "---\ntitle: a\n---\n\n> Draft.\n\n# A\n"),
        ("a.md", NOTE, "---\ntitle: a\n---\n# A\n", "---\ntitle: a\n---\n\n> Draft.\n\n# A\n"),
        ("a.md", NOTE, "+++\ntitle = 1\n+++\n", "+++\ntitle = 1\n+++\n\n> Draft.\n"),
        ("a.md", NOTE, "# A\n\n---\n\nx\n", "> Draft.\n# A\n\n---\n\nx\n"),
        ("a.yml", "# a\n", "---\nx: 1\n---\ny: 1\n", "# a\n---\nx: 1\n---\ny: 1\n"),
        (
            "a.py",
            "# a\n",
            "# -*- coding: utf-8 -*-\nx = 1\n",
            "# -*- coding: utf-8 -*-\n# a\nx = 1\n",
        ),
        ("a.py", "# a\n", '"""A."""\nx = 1\n', '# a\n"""A."""\nx = 1\n'),
        (
            "a.py",
            "A = 1\n",
            '"""A."""\n\nfrom __future__ import annotations\n\nx = 1\n',
            '"""A."""\n\nfrom __future__ import annotations\n\nA = 1\n\nx = 1\n',
        ),
    ],
)
def test_what_must_stay_first_stays_first(path: str, added: str, text: str, made: str) -> None:
    found = step(path, added, text)
    assert isinstance(found, Edit)
    result = apply(text, found.changes[0])
    assert isinstance(result, Applied)
    assert result.text == made


@pytest.mark.parametrize("path", ["ship.sh", "a.xml", "a.html", "docs/a.md", "Dockerfile"])
def test_where_it_is_not_known_what_stays_first_it_is_a_persons(path: str) -> None:
    assert isinstance(step(path, "# a\n", None), Manual)


@pytest.mark.parametrize("path", ["a.txt", "CHANGELOG.md", "a.ini"])
def test_other_files_mostly_begin_with_nothing_of_the_kind(path: str) -> None:
    assert isinstance(step(path, "a\n", None), Edit)
