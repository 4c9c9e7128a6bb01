"""yaml-language-server with our JSON Schema marks the lines that `check` marks.

It runs where node and npm are: RUNBOOK_YAML_LANGUAGE_SERVER names a folder with its
`node_modules`, or RUNBOOK_NPM=1 lets the test install it into a temporary folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.format.yamltree import Source, compose
from runbook.phasefile.loader import SERIES_FILE, load_series
from runbook.phasefile.schema import phase_schema, series_schema

ROOT = Path(__file__).parents[2]
ROWS = Path(__file__).with_name("mistakes")
FENCE = re.compile(r"^```yaml ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVER = Path("node_modules/yaml-language-server/bin/yaml-language-server")


def installed(folder: Path) -> Path:
    """The server's program; the test is skipped where it can't be had."""
    node = shutil.which("node")
    named = os.environ.get("RUNBOOK_YAML_LANGUAGE_SERVER")
    if node and named and (Path(named) / SERVER).exists():
        return Path(named) / SERVER
    npm = shutil.which("npm")
    if not (node and npm and os.environ.get("RUNBOOK_NPM")):
        pytest.skip("yaml-language-server is not there, and RUNBOOK_NPM does not allow to fetch it")
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "yaml-language-server@1"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode != 0:
        pytest.skip(f"npm could not install yaml-language-server: {done.stderr[-300:]}")
    return folder / SERVER


class Editor:
    """A client that opens files and hears which lines are marked."""

    def __init__(self, program: Path) -> None:
        self._server = subprocess.Popen(
            ["node", str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._number = 0
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": {
            "workspace": {"configuration": True}}})  # fmt: skip
        self._tell("initialized", {})

    def marks(self, file: Path) -> dict[int, list[str]]:
        """The marked lines of a file, from 1, each with what is said there."""
        uri = file.as_uri()
        text = file.read_text(encoding="utf-8")
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self._hear()
            if message.get("method") != "textDocument/publishDiagnostics":
                continue
            if message["params"]["uri"] == uri:
                break
        found: dict[int, list[str]] = {}
        for each in message["params"]["diagnostics"]:
            found.setdefault(each["range"]["start"]["line"] + 1, []).append(each["message"])
        return found

    def close(self) -> None:
        self._server.kill()
        self._server.communicate()

    def _tell(self, method: str, parameters: Any, **more: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": parameters, **more})

    def _ask(self, method: str, parameters: Any) -> None:
        self._number += 1
        self._tell(method, parameters, id=self._number)
        while self._hear().get("id") != self._number:
            pass

    def _send(self, message: dict[str, Any]) -> None:
        assert self._server.stdin is not None
        data = json.dumps(message).encode()
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._server.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        """The next message; what the server asks for is answered at once."""
        assert self._server.stdout is not None
        length = 0
        while line := self._server.stdout.readline().strip():
            name, _, content = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(content)
        message: dict[str, Any] = json.loads(self._server.stdout.read(length))
        if "id" in message and "method" in message:
            items = message.get("params", {}).get("items", [])
            answers = [_settings(item.get("section", "")) for item in items]
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": answers or None})
        return message


def _settings(section: str) -> Any:
    # Nothing but what the file's first line names, and no catalogue from elsewhere.
    return {"validate": True, "schemaStore": {"enable": False}} if section == "yaml" else {}


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    opened = Editor(installed(tmp_path_factory.mktemp("npm")))
    yield opened
    opened.close()


def with_schema(folder: Path, name: str, text: str) -> Path:
    """A file whose first line names its schema, which stands beside it."""
    schemas = folder / ".schema"
    schemas.mkdir(parents=True, exist_ok=True)
    kind, schema = ("series", series_schema) if name == SERIES_FILE else ("phase", phase_schema)
    (schemas / f"{kind}.json").write_text(json.dumps(schema()))
    file = folder / name
    file.write_bytes(f"# yaml-language-server: $schema=.schema/{kind}.json\n{text}".encode())
    return file


def checked(folder: Path) -> dict[str, set[int]]:
    """The lines at which `check` tells mistakes, by file."""
    try:
        load_series(folder)
    except InvalidPhaseFiles as error:
        found: dict[str, set[int]] = {}
        for each in error.diagnostics:
            found.setdefault(Path(each.at.path).name, set()).add(each.at.line)
        return found
    return {}


def rows() -> Iterator[tuple[str, dict[str, str]]]:
    for page in sorted(ROWS.glob("*.md")):
        for section in page.read_text(encoding="utf-8").split("\n## ")[1:]:
            name, _, body = section.partition("\n")
            yield f"{page.stem}: {name}", {n or "phase-1.yaml": t for n, t in FENCE.findall(body)}


def test_an_editor_marks_the_lines_that_check_marks(editor: Editor, tmp_path: Path) -> None:
    """Of files that are YAML at all: what the YAML parser of an editor says is its own affair."""
    same = 0
    wrong = []
    for number, (name, files) in enumerate(rows()):
        folder = tmp_path / str(number)
        written = [with_schema(folder, n, t) for n, t in files.items() if n.endswith(".yaml")]
        told = checked(folder)
        for file in written:
            source = Source(file.name, file.read_text(encoding="utf-8"))
            if compose(source) is None or source.may_have_marks:
                continue
            marks = editor.marks(file)
            lines = told.get(file.name, set())
            same += bool(marks.keys() & lines)
            if not marks.keys() <= lines:
                wrong.append(f"{name}: check {sorted(lines)}, editor {marks}")
    sys.stderr.write(f"{same} files are marked on lines that check marks\n")
    assert wrong == []
    assert same >= 100


def test_an_editor_has_nothing_to_say_of_our_own_phases(editor: Editor, tmp_path: Path) -> None:
    for file in sorted((ROOT / "phases").glob("*.yaml")):
        assert editor.marks(with_schema(tmp_path, file.name, file.read_text())) == {}
