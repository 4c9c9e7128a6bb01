"""Blocks that are a whole part of a component: its script, its template or its style."""

from __future__ import annotations

from functools import partial

from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized
from runbook.markdown.importing.places.components import part_anew
from runbook.markdown.importing.words.phrases import told

_ANEW = (
    "replace|update|rewrite|change [the] [entire|whole|full] <part>"
    " [section|block|tag|part|element] [of|in <file> | <file>] [with|to]"
)


def _part(block: Block) -> Recognized | None:
    """A whole part of a component, given anew."""
    said = told(_ANEW, block.said.words)
    path = block.file() if said is not None and not block.said.more else None
    if said is None or path is None:
        return None
    find = partial(part_anew, path=path, code=block.code, name=said["part"].lower())
    return block.found(path, find, (f"<{said['part'].lower()}",))


_SHIP = (
    "<script setup>\nimport Sail from './Sail.vue'\n</script>\n\n"
    "<template>\n  <Sail />\n</template>\n"
)
PART_ANEW = Form(
    "a part of a component, given anew",
    _part,
    (
        Example(
            "Replace the script block with:",
            "<script setup>\nimport Oar from './Oar.vue'\n</script>\n",
            _SHIP,
            _SHIP.replace("Sail from './Sail", "Oar from './Oar"),
            "Ship.vue",
        ),
        Example(
            "Update the template section:",
            "<template>\n  <template #oars>\n    <Oar />\n  </template>\n</template>\n",
            _SHIP,
            _SHIP.replace("  <Sail />", "  <template #oars>\n    <Oar />\n  </template>"),
            "Ship.vue",
        ),
    ),
    (
        "Update the script section, for example:",
        "Add to the script section:",
        "Update a part of the script section:",
        "Update the script section and the styles:",
    ),
)
