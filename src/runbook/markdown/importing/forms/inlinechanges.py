"""Changes said in a line: "Change `old` to `new`", one or a list of them."""

from __future__ import annotations

import re

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.operations import Delete, Replace
from runbook.core.value import replace, value
from runbook.markdown.importing.places.files import Scope, named
from runbook.markdown.importing.words.conditions import conditional
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.prose import may_order, only_reasons
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_ITEM = anycase(
    r"\s*([-*+—–] |\d+[.)] )?(\*\*)?(((in|at|edit|open|modify|update) "
    r"(the )?`(?P<path>[^`\n]+)`\s*[,:]?|`(?P<path3>[^`\n]+)`\s*[:：—–])\s*)?((?P<where>in "
    r"(the )?([\w'\u2019-]+ ){0,5}[\w'\u2019-]+)\s*[:,]\s*)?((on )?lines? "
    r"~?(?P<line>\d+)\s*[:,]?\s*)?(\*\*)?((?P<verb>change|replace|update|rename|bump) (the "
    r"((\w+ )?(line|"
    r"text|label|string|message)|top-level) |(the |its )?((?!(all|both|each|every|any|other|"
    r"calls?|uses?|callers?)\b)"
    r"[a-z-]+ ){1,3}(in `(?P<path4>[^`\n]+)` )?from )?)?"
    r"`(?P<old>[^`\n]+)`\s*(\(?(on|at) line (?P<line3>\d+)\)?\s*)?"
    r"(?P<spot>in the ([\w'\u2019-]+ ){0,4}[\w'\u2019-]+\s+)?(?P<arrow>→|->|⇒|=>|becomes|to|with|"
    r"by)\s*`(?P<new>[^`\n]+)`\s*(in `(?P<path2>[^`\n]+)`\s*)?(\(?(on|at|in)?\s*lines? "
    r"(?P<line2>\d+)\)?)?\s*[.。;,]?\s*"
)
_LEAD = anycase(
    r"\W*(\d+[.)]\s*)?(in `[^`\n]+`|(update|change) `\w+\(\)`|(apply|make) (these|the following) "
    r"(\w+ ){0,3}?(replacements?|changes?|substitutions?|edits?)|"
    r"(change|replace|update|rename|renumber)\s*|"
    # Only the places that are listed, of which each is looked up.
    r"(find and )?replace (all|the) \w+ (occurrences|places|uses|calls) in `\w+(\(\))?`)"
    r"[^`.]*(\bfrom `[^`\n]+` to `[^`\n]+`\s*)?[:：]\W*"
)
_IN_FUNCTION = anycase(r"\b(in|update|change) `\w+\(\)`[^`]*$")
# "In the tests: `a` → `b`" is of files that nobody names.
_OTHER_FILES = anycase(
    r"\b(tests?|specs?|files?|modules?|callers?|docs?|documentation|readme|fixtures?|scripts?|"
    r"config\w*)\b"
)
_FILE_HEAD = anycase(r"\W*(in )?`[^`\n]+`\**\s*[:：]\W*")
# What the list under it does in full.
_EVERY_ONE = anycase(
    r"\b(update|change|fix) (every|all|each)( of)?( the(se)?)? (references?|mentions?|"
    r"occurrences?|places?)\."
)

# "- Replace: `a`" and "- With: `b`", a line each.
_TWO_LINES = anycase(
    r"(?m)^[^\S\n]*([-*+] )?\**(replace|find|change|from|old|before|"
    r"current)[\s:：*]*(?P<old>`[^`\n]+`)[^\S\n]*\n\s*([-*+] )?\**((replace |change )?(with|to)|"
    r"new|after|replacement)[\s:：*]*(?P<new>`[^`\n]+`)\s*$"
)
# "Update `ship.json`'s `version` field from `1.0` to `1.1`", "bump its version to 1.1".
_KEY = anycase(
    r"\W*((in|edit|open) `(?P<path>[^`\n]+)`\s*[,:]\s*)?(update|bump|change|set) "
    r"(`(?P<of>[^`\n]+)`(['\u2019]s)? )?(the )?(top-level )?([`\"]+(?P<key>[\w-]+)[`\"]+|"
    r"(?P<bare>version))\s*(field|key|value|setting|constant|number)?\s*((in|of) (the )?"
    r"`(?P<in>[^`\n]+)`\s*)?((from )?[`\"]*(?P<old>(?<=[`\"])[^`\"\n]+|\d+(\.\d+)+)[`\"]*\s*)?"
    r"(to|→|->) [`\"]*(?P<new>(?<=[`\"])[^`\"\n]+|\d+(\.\d+)+)[`\"]*( in "
    r"`(?P<there>[^`\n]+)`)?\s*\.?\s*(?P<rest>[^\n]*)"
)
_OF_DATA = (".json", ".toml", ".yaml", ".yml")  # a key has its value behind it, and nothing else
# "`ship.json`: `version` `1.0` → `1.1`", and such items under the file's name.
_KEY_ITEM = anycase(
    r"\s*([-*+] |\d+[.)] )?\**(`(?P<path>[^`\n]+)`\**\s*[:：—–]\s*)?\**`\"?(?P<key>[\w-]+)\"?`\**"
    r"\s*[:：]?\s*(from )?`\"?(?P<old>[^`\"\n]+)\"?`\s*(→|->|⇒|=>|"
    r"becomes)\s*`\"?(?P<new>[^`\"\n]+)\"?`\s*[.;,]?\s*"
)
_STAYS = anycase(
    r"([^.]*\b(does|do|is|are) \W*not\W* chang[^.]*\.|[^.]*\b(stays?|unchanged|remains?)\b[^.]*\.)?"
)
_TITLED = anycase(r"\W*(apply|replace|update|rename|change|make|swap|substitute|bump|fix)\b")
# A sentence that goes on in the next line: "change `a` to⏎`b`".
_WRAPPED = spelled(r"(?<=\b(to|by|in|on|at))\n\s*|(?<=\bwith)\n\s*|\n\s*(?=(to|with|by) `)")
_DELETES = anycase(
    r"\W*(\d+[.)]\W*)?(delete|remove) (the )?(file )?`(?P<path>[^`\n]+)`\**( file\b)?( (entirely|"
    r"completely)\b)?\**(?P<more>([.:。]\**\s+|\s*\(|\s+[—–-]+\s+)\S.*|[.。]?\W*)",
    re.DOTALL,
)
_REASON = re.compile(r"[(—–:-]\s*")  # and no sentence behind it
# A change that is called a note, and why it is made behind a dash.
_NOTED = anycase(
    r"[\s*_]*((implementer|implementation)('s)? )?note[\s*_]*[:：][\s*_]*"
    r"(?=(change|replace|update|rename)\b)"
)
_BECAUSE = re.compile(r"(?P<change>[^\n]*`)\s+[—–]\s+(?P<why>(?:[^`\n]|`[^`\n]*`)+)")


_VALUE = r"(\"[^\"\n]*\"|'[^'\n]*'|-?\d[\d._]*|true|false|True|False|None|null)"
_NAMED_VALUE = spelled(rf"(?P<name>[\"']?[\w.-]+[\"']?\s*[:=]\s*)(?P<value>{_VALUE})(?P<end>[;,]?)")
_ALONE_VALUE = spelled(_VALUE)


@value
class LineChange:
    """One change of a line in its file, or of all of the file: it goes."""

    path: str
    change: Replace | Delete
    note: str = ""  # where in the file it is said to be, in words


def line_changes(words: str, scope: Scope, path: str | None = None) -> list[LineChange]:
    """The changes that words are made of; none if they say anything else, or leave it open.

    `path` is the file that words before them have named.
    """
    alone = _key_changed(words.strip(), scope) or _deleted(words.strip(), scope)
    if alone is not None:
        return [alone]
    if listed := _keys_listed(words, scope, path):
        return listed
    if (bare := _without_reason(words.strip())) != words.strip():
        one = line_changes(bare, scope, path)
        return [replace(one[0], note=words)] if len(one) == 1 else []
    words = _TWO_LINES.sub(r"- Change \g<old> to \g<new>", _WRAPPED.sub(" ", words))
    # Without words for it, the step's title says that a list is one of changes.
    titled = _TITLED.match(scope.title) is not None
    found: list[LineChange] = []
    named_before = path
    again: dict[tuple[str, str, str], int] = {}
    for number, line in enumerate(line for line in words.split("\n") if line.strip()):
        item = _ITEM.fullmatch(line)
        if item is None:
            if number or not _leads(line.strip()):
                return []
            paths = named(line, scope)
            if len(paths) > 1 or (not paths and "`" in _IN_FUNCTION.sub("", line)):
                return []
            named_before = paths[0] if paths else None
            continue
        arrow = item["arrow"].lower() not in ("to", "with", "by")
        if not item["verb"] and not (arrow and (number or titled)):
            return []
        made = _change(item, scope, named_before)
        if made is None:
            return []
        key = (made.path, item["old"], item["new"])
        again[key] = again.get(key, 0) + 1
        if again[key] == 1:
            found.append(made)
    return _counted(found, again, scope)


def _without_reason(words: str) -> str:
    """One change of a line without a label of it as a note, and without why it is made."""
    bare = _NOTED.sub("", words, count=1)
    said = _BECAUSE.fullmatch(bare)
    why = said is not None and only_reasons(f"it: {said['why']}") and not conditional(words)
    return words if "\n" in bare else said["change"] if said and why else bare


def _counted(
    found: list[LineChange], times: dict[tuple[str, str, str], int], scope: Scope
) -> list[LineChange]:
    """The changes, one for all places of a text that is listed as often as its file has it.

    None where it is listed as often as that by no means, or is to become this and that: which is
    which can't be told.
    """
    made = []
    for each, ((path, old, _), count) in zip(found, times.items(), strict=True):
        if sum((path, old) == key[:2] for key in times) > 1:
            return []
        if count > 1:
            assert isinstance(each.change, Replace)
            text = (scope.text(path) if scope.text else None) or ""
            if (
                len(re.findall(rf"(?<!\w){re.escape(old)}", text)) != count
                or text.count(old) != count
            ):
                return []
            each = replace(each, change=replace(each.change, count="all", lines=None))
        made.append(each)
    return made


def _leads(line: str) -> bool:
    """Whether a line leads to a list of changes, and what it says before that orders nothing."""
    before, _, last = line.rpartition(". ")
    if _LEAD.fullmatch(last) is None:
        return False
    return not before or not may_order(_EVERY_ONE.sub("", f"{before}."))


def _key_changed(words: str, scope: Scope) -> LineChange | None:
    """The new value of a key that has the old one in a single line of its file."""
    said = _KEY.fullmatch(words)
    if said is None or scope.text is None or not _STAYS.fullmatch(said["rest"]):
        return None
    paths = [each for each in (said["path"], said["of"], said["in"], said["there"]) if each]
    found = named(f"`{paths[0]}`", scope) if len(paths) == 1 else []
    if not paths:
        found = named(scope.title, scope) or _changed(scope)
    return _of_key(found, said["key"] or said["bare"], said["old"], said["new"], scope)


def _of_key(
    found: list[str], name: str, before: str | None, new: str, scope: Scope
) -> LineChange | None:
    """A key's new value, in the only line of the only file of `found` in which it has the old.

    Of a file of data the key alone tells the line.
    """
    text = scope.text(found[0]) if scope.text and len(found) == 1 else None
    if text is None or (before is None and not found[0].endswith(_OF_DATA)):
        return None
    # All of a value that is not quoted ends with its line, or before a comma or a bracket.
    whole = r"[^\s\"',{}\[\]]+(?=[\"']?[ \t]*(?:[,}\]#\r\n]|$))"
    old, key = whole if before is None else re.escape(before), re.escape(name)
    shown = list(
        re.finditer(
            rf"(?<![\w-])[\"']?{key}[\"']?\s*[:=]\s*([\"']?)(?P<old>{old})\1(?![\w.-])", text
        )
    )
    if len(shown) != 1 or text.count(shown[0][0]) != 1 or shown[0]["old"] == new:
        return None
    line, begin = shown[0][0], shown[0].start()
    made = line[: shown[0].start("old") - begin] + new + line[shown[0].end("old") - begin :]
    return LineChange(found[0], Replace(Text(line, False), Text(made, False)))


def _keys_listed(words: str, scope: Scope, path: str | None) -> list[LineChange]:
    """The new values of keys that are listed, each with its old one; none if words say more."""
    titled = path is not None or _TITLED.match(scope.title) is not None
    found: list[LineChange] = []
    for number, line in enumerate(each for each in words.split("\n") if each.strip()):
        item = _KEY_ITEM.fullmatch(line)
        head = None if item or number else _FILE_HEAD.fullmatch(line)
        if head is None and item is None and (number or not _leads(line.strip())):
            return []
        if not titled and (head or (item and not number)):
            return []  # nothing says that it is to be changed
        if item is None:
            paths = named(line, scope)
            if len(paths) > 1:
                return []
            path = paths[0] if paths else path
            continue
        stated = named(f"`{item['path']}`", scope) if item["path"] else [path] if path else []
        change = _of_key(stated, item["key"], item["old"], item["new"], scope)
        if change is None or item["old"] == item["new"]:
            return []
        found.append(change)
    return found


def _deleted(words: str, scope: Scope) -> LineChange | None:
    """A file that words only order to delete, and say why: one of the task's, or that is there."""
    found = _DELETES.fullmatch(words)
    paths = named(f"`{found['path']}`", scope) if found else []
    if found is None or not paths:
        return None
    roles, (path,) = scope.roles(paths[0]), paths
    in_full = "/" in found["path"] and scope.has(path)  # and not what another file has
    if roles != {"delete"} and not (in_full and roles <= {"modify", "test"}):
        return None
    more = (found["more"] or "").strip(".。* \n")
    if more and (conditional(words) or not only_reasons(_REASON.sub("it: ", more, count=1))):
        return None
    return LineChange(path, Delete(), words if more else "")


def _change(item: re.Match[str], scope: Scope, before: str | None) -> LineChange | None:
    old, new = item["old"], item["new"]
    valued = _NAMED_VALUE.fullmatch(old)
    if valued and _ALONE_VALUE.fullmatch(new):
        # "`LIMIT = 1` to `2`": what it is called stays.
        if (valued["value"][0] in "\"'") != (new[0] in "\"'"):
            return None
        new = f"{valued['name']}{new}{valued['end']}"
    where = item["where"] or (item["spot"] or "").strip()
    if where and _OTHER_FILES.search(where):
        return None
    if old == new or any("…" in each or "..." in each for each in (old, new)):
        return None
    path = before
    stated = [each for each in (item[f"path{n}"] for n in ("", 2, 3, 4)) if each]
    if len(stated) > 1:
        return None
    if stated:
        paths = named(f"`{stated[0]}`", scope)
        path = paths[0] if len(paths) == 1 else None
    elif path is None:
        # What is changed is there: no file that the task makes, and no test beside it.
        changed, titled = _changed(scope), named(scope.title, scope)
        path = changed[0] if len(changed) == 1 else _only_with(old, changed, scope)
        path = titled[0] if len(titled) == 1 else path
    if path is None or not (_tells(old) or _alone(old, path, scope)):
        return None
    line = item["line"] or item["line2"] or item["line3"]
    hint = LineRange(int(line), int(line)) if line and int(line) else None
    return LineChange(path, Replace(Text(old, False), Text(new, False), lines=hint), where)


def _changed(scope: Scope) -> list[str]:
    """The files that a task changes."""
    return list(dict.fromkeys(each.path for each in scope.mentions if each.role == "modify"))


def _only_with(old: str, paths: list[str], scope: Scope) -> str | None:
    """The only one of some files in which a text stands, where it does so once."""
    texts = {path: (scope.text(path) or "") for path in paths} if scope.text else {}
    found = [path for path, text in texts.items() if old in text]
    return found[0] if len(found) == 1 and texts[found[0]].count(old) == 1 else None


def _alone(old: str, path: str, scope: Scope) -> bool:
    """Whether a text that is no mere name stands once in a file, and there by itself."""
    text = (scope.text(path) if scope.text else None) or ""
    named = re.fullmatch(r"\w+(?:\(\))?", old) is not None or parse_path(old) is not None
    bounded = re.findall(rf"(?<![\w.-]){re.escape(old)}(?![\w-])", text)
    return len(old) > 3 and not named and len(bounded) == 1 == text.count(old)


def _tells(old: str) -> bool:
    """Whether a text is long enough to be itself, and no name or path that stands anywhere."""
    return len(old) >= 8 and bool(re.search(r"[\s(=.\"'\[{]", old)) and parse_path(old) is None
