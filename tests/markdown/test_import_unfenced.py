"""Words without the blocks that stand among them."""

import pytest

from runbook.markdown.importing.text.fences import unfenced


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("a\n```\nx\n```\nb", "a\nb"),
        ("a\n    ```python\n    x\n    ```\nb", "a\nb"),
        ("~~~\n```\n~~~\ny", "y"),
        ("````\n```\n````\nz", "z"),
        ("```a\n```b\n`````\nq", "q"),
        # Nothing closes these.
        ("a\n```\nx", "a\n```\nx"),
        ("````\nx\n```\n", "````\nx\n```\n"),
        ("```\nx\n~~~", "```\nx\n~~~"),
        ("````\nx\n```\ny\n```\nz", "````\nx\nz"),
    ],
)
def test_blocks_that_end_are_taken_out(text: str, rest: str) -> None:
    assert unfenced(text) == rest
