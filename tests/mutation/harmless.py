"""Mutants that no test can notice, or that none should, and why."""

_ROW = "a row of words of other programs: a test would be the same row again"

HARMLESS: dict[str, str] = {
    "core/shell/writing.py module: \"poetry\" -> 'poetryX'": _ROW,
    "core/edit/syntax.py module: \"lua\" -> 'luaX'": _ROW,
    "core/shell/launching.py module: \"ionice\" -> 'ioniceX'": _ROW,
    "core/shell/writing.py writes: \"go\" -> 'goX'": _ROW,
    "core/shell/walking.py _assign: len(command.words) > 3 -> (len(command.words) >= 3)": (
        "a loop over nothing does not run its body"
    ),
    "format/emit.py _after: \"\\n\" -> '\\nX'": (
        "it takes away one letter more that none of the drawn texts ends with"
    ),
    "format/texts.py folds: \">\" -> '>X'": (
        "a folded block ends on another line than it begins on, which counts already"
    ),
    "core/value.py value: \"__weakref__\" -> '__weakref__X'": ("of a class that is thrown away"),
    "core/edit/syntax.py module: \"java\" -> 'javaX'": _ROW,
}
