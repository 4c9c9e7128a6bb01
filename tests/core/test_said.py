"""What a delegate says of itself, in lines and in the JSON of agents."""

from __future__ import annotations

import pytest

from runbook.core.handover.said import blocked, cost, last_words, session


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("BLOCKED: no such file\n", "no such file"),
        ("I looked.\n**BLOCKED:** no such file\n", "no such file"),
        ("BLOCKED: one\nBLOCKED: two\nbye\n", "two"),
        ("BLOCKED:\n", "no reason was given"),
        ('{"type":"result","result":"I looked.\\nBLOCKED: no \\"x\\"\\nBye."}\n', 'no "x"'),
        ('{\n  "response": "BLOCKED: no such file",\n  "stats": {}\n}\n', "no such file"),
        ('{"item":{"type":"agent_message","text":"BLOCKED: it"}}\n{"type":"turn"}\n', "it"),
        ('{"text":"BLOCKED: once"}\n{"text":"BLOCKED: twice"}\n', "twice"),
        # The end of a long line, which was cut.
        ('… and so on"}],"result":"BLOCKED: it", "x": 1}\n', "it"),
        ("print a line that begins with `BLOCKED:` and says why\n", None),
        ("UNBLOCKED: it goes on\nblocked: no\n", None),
        ('{"result":"It says `BLOCKED: x` there."}\n', None),
        # What an agent has read in a file.
        ('{"type":"tool_result","content":"BLOCKED: x"}\n', None),
        ('{"result":"\\x BLOCKED: x"}\n', None),
        ("", None),
    ],
)
def test_a_reason_is_read_of_lines_and_of_texts_in_json(output: str, why: str | None) -> None:
    assert blocked(output) == why


def test_a_reason_without_end_is_cut() -> None:
    assert len(blocked("BLOCKED: " + "x" * 60_000) or "") == 500


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ('{"total_cost_usd": 0.125}\n', "$0.12"),
        ('{"total_cost_usd":1,"x":2}', "$1.00"),
        ('{"total_cost_usd": 1}\n{"total_cost_usd": 2.5}\n', "$2.50"),
        # As small numbers are written.
        ('{"total_cost_usd": 5.2e-05}\n', "$0.00"),
        ('{"total_cost_usd": 1.2.3}\n', ""),
        ('{"total_cost_usd": .}\n', ""),
        ('{"total_cost_usd": null}\n', ""),
        (f'{{"total_cost_usd": {"9" * 400}}}\n', ""),
        ("", ""),
    ],
)
def test_a_cost_is_a_number_of_json(output: str, told: str) -> None:
    assert cost(output) == told


def test_a_conversation_is_named_by_its_first_mention() -> None:
    assert session('{"session_id":"talk-7"}\n{"session_id":"other"}') == "talk-7"
    assert session('{"session_id": "$(rm -r x)"}') == ""


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("I looked.\nShall I change f, or g?\n\n  \n", "Shall I change f, or g?"),
        ('{"type":"result","result":"I looked.\\nShall I?\\n","x":1}\n', "Shall I?"),
        ('{\n  "response": "Shall I?",\n  "stats": {}\n}\n', "Shall I?"),
        ('{"text":"Shall I?"}\n{"type":"turn.completed"}\n', "Shall I?"),
        ('{"text":"Shall I?"}\nbash: no-such-agent\n', "bash: no-such-agent"),
        ('{"type":"turn.completed"}\n', '{"type":"turn.completed"}'),
        ("x" * 300, "x" * 200),
        ("\n", ""),
    ],
)  # fmt: skip
def test_the_last_line_for_people_is_in_a_text_where_the_output_is_json(
    output: str, told: str
) -> None:
    assert last_words(output) == told
