"""Escape sequences of terminals (ECMA-48), as regular expressions."""

# A body longer than this is taken for text: an OSC that is never ended must not swallow the output.
_BODY = 4096

# Control sequences; control strings, ended by ST (OSC also by BEL); other escapes.
CSI = r"\x1b\[[0-?]{0,128}[ -/]{0,16}[@-~]"
STRING = rf"\x1b[\]PX^_][^\x00-\x1f]{{0,{_BODY}}}(?:\x07|\x1b\\)"
OTHER = r"\x1b[ -/]{0,16}[0-~]"
SEQUENCE = f"{CSI}|{STRING}|{OTHER}"

# What a chunk may end with and the next one may finish.
UNFINISHED = (
    rf"\x1b(?:\[[0-?]{{0,128}}[ -/]{{0,16}}|[\]PX^_][^\x00-\x1f]{{0,{_BODY}}}\x1b?"
    r"|[ -/]{0,16})\Z"
)
