"""Lines that say to run something: which commands, in which folder, and what is expected."""

from __future__ import annotations

import re
from itertools import takewhile

from runbook.core.shell.cutting import words
from runbook.core.value import replace, value
from runbook.markdown.importing.commands.byhand import is_no_command
from runbook.markdown.importing.words.filelist import names_a_folder
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.prose import asks_for_more, instructs, orders_a_commit
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_RUN = anycase(
    r"([-*+] )?\**(?P<label>(Then |Now |Next,? )?"
    rf"(Re-?run|Run|Execute|Commands?|{spoken('run')})"
    r"(?P<words>(\s[^`:：\n]{0,70})?)(?P<colon>[:：]?)\**[:：]?)\s*(?P<rest>.*)"
)
# "全部通过" behind a command; letters that are spaced are read by the words of English.
_PASSES_ALONE = rf"[^\x00-\x7f]{{0,6}}(?=[^\x00-\x7f]){spoken('passes')}[。.]?$"
_DOES = anycase(
    r"(→|->|=>|⇒|—|–|:)\s*(expect(ed|s)?[:：]?\s*)?(?P<rest>\S.*)$"
    r"|(returns?|prints?|shows?|outputs?|gives?) (?P<rest2>\S.*)$"
    r"|(?P<rest3>(should|must|passes|fails|succeeds|is clean)\b.*)$"
    rf"|(?P<rest4>{_PASSES_ALONE})"
)
_VERDICT = anycase(
    r"(→|->|=>|⇒)\s*\**(expect(ed|s)?[:：]?\s*)?\**(PASS|FAIL|all (tests )?(pass|green)|pass(es|"
    r"ed)?\b|fails?\b|green\b|clean\b|OK\b|exits?\s*(code\s*)?\d|success|no (output|match(es)?|"
    r"errors?|results?|hits?)\b|\d+ (tests? )?pass|`?\w*(Error|Exception)\b)"
    rf"|{_PASSES_ALONE}"
)
_IN = r"(from|in|inside|within|under|dans|depuis|aus|im) (the |le |la |dem )?"
_FOLDER_WORD = r"(?:directory|folder|package|workspace|dossier|r[ée]pertoire|Verzeichnis|Ordner)"
_PLACE_BEFORE = anycase(rf"[\s(]*{_IN}$")
_AFTER_PLACE = anycase(rf"\s*{_FOLDER_WORD}?\s*\)?\s*([:：,]|\bwith\b)?\s*(?P<rest>.*)")
_PLACE_AFTER = anycase(
    rf"[\s(,]*{_IN}`(?P<folder>[^`\s]+)`( {_FOLDER_WORD})?\)?[.,]?\s*(?P<rest>.*)"
)
_LEADS = anycase(
    rf"(^|\s|\()(run )?{_IN}`(?P<folder>[^`\s]+)`( {_FOLDER_WORD})?\)?"
    r"(,?\s*(run|execute))?\W*[:：]\W*$"
)
_IN_THEN_RUN = anycase(
    rf"([-*+] )?\W*{_IN}`(?P<folder>[^`\s]+)`( {_FOLDER_WORD})?\s*[,:：]?\s*"
    r"(?P<rest>(re-?)?(run|execute) `(?!.*`[^`]*\b(if|unless|when\w*|once|only|or|either|"
    r"until)\b).*)"
)
# A program by itself: "Run `make test` and `ls`."
_PROGRAM = re.compile(r"[a-z][a-z\d-]*")
_BY_MEANS_OF = anycase(r"\b(with|using|via|by|command|script)$")
_NO_FOLDER = {"main", "master", "develop", "HEAD", "bash", "zsh", "sh", "tmux"}
_TITLED = re.compile(
    r"(?:(?:Re-?run|Run|Execute)(?:(?:\s[^`:]{0,40})?[:：])?|Verify(?: with)?:?)\s+`([^`]+)`"
)
_TITLED_ALONE = anycase(
    r"`(?P<command>[^`\n]+)`\W*(expect(ed|s|ing)?\W+)?(?P<said>((should|must|still|now|the|all|full|whole|"
    r"entire|complete|existing|new|unit|tests?|suites?|build|checks?|is|are|be|to|\d+)\b\s*)*"
    r"(pass(es|ed)?|succeeds?|success|fails?|green|clean|red|ok|exits? (code )?\d|"
    r"no (errors?|output|matches|warnings)|\d+ (errors?|pass(ed)?|fail(ed|ures?)?))\b"
    r"(\W*$|\W*[.,;:(—–].*| (with|without|in|on|for|again|now|cleanly|because|due) .*))?\W*"
)
_GOES_TO = re.compile(r"cd (\S+) && ")
_INLINE = re.compile(r"`([^`\n]+)`|``\s?(.+?)\s?``")
_EXPECTS = anycase(
    r"[\s.,;:—–(→-]*(expect(ed|s|ing)?\b|→|=>|(?=should\b|must\b))[:：]?\s*(?P<rest>.+?)[)]?$"
)
_ARROW = re.compile(r"\s*(?:→|—|–|->|=>)\s*(?P<rest>.+)$")
_IT = (
    r"(it|this|that|they|these|both|all|everything|nothing|there|((the|this|that|these|all|both|"
    r"your|new|old|existing|whole|full|entire|unit|type|\w+ing|\d+) )*(tests?|checks?|command|"
    r"build|suite|script|output|run|search|grep|linter|compilation|cases?|errors?)) "
)
# Of a command, right behind it: "It should fail with `x`", "You should see 3 lines".
_OUTCOME = anycase(
    rf"{_IT}((now|still) )*(fails?|pass(es)?|succeeds?|errors out)\b(?!-)"
    rf"|({_IT})?(should|must|will|may|might|is expected to|are expected to|has to|have to) "
    r"((now|still|all|both|likely|probably|also|only|not|no longer|never) )*(fail|pass|succeed|"
    r"error|show|print|output|list|display|return|find|locate|exit|end|report|compile|build|work|"
    r"see|produce|give|yield|say|contain|include|complete|finish|be (no\b|none|empty|nothing|"
    r"clean|green|red|silent|zero|one\b|identical|at least|exactly|`|\d))"
    r"|you('ll| will| should| must)( now)? (see|get)\b"
    r"|(-> |=> |→ |⇒ )?(?-i:(FAIL|PASS)(ED|ES|S|ING)?)\b(?!-)"
    r"|(fails|passes|prints|returns) ?[:,—–-]"
    r"|(output|result|outcome|prints|shows|returns)[*_]*[:：]"
    rf"|(?!{spoken('condition')}){_PASSES_ALONE}"
    rf"|(?!{spoken('condition')})[^.。:：`\n]{{0,40}}?{spoken('fails')}\w{{0,12}}\W*$"
)
_SEEN = anycase(
    r"\W*((and|then|to) )*(confirm|verify|see|check|watch|ensure|expect|make sure|"
    r"observe)\b:?\s*(that )?(?P<rest>[^\n]+)"
)
_REMARKED = spelled(r"[\s*_.,;:—–(-]*((?i:note|nb|remark)\b[\s*_:：.,—–-]*)?")
_NEXT = anycase(
    r"\s*(?P<remark>\([^()`]*(`[^`]*`[^()`]*)*\))?\s*(,|;|and|then|&|、|和|\+|plus)( (and|"
    r"then))*\s*`(?P<code>[^`\n]+)`"
)


@value
class Said:
    """One command of a line, what stands behind it, and what is expected of it."""

    command: str
    after: str = ""
    expected: str | None = None


@value
class RunLine:
    """What a line says to run; without commands these follow in a block."""

    commands: tuple[Said, ...] = ()
    folder: str = ""
    words: str = ""  # of the label, where it says more than "Run"


def run_line(line: str, *, listed: bool = False) -> RunLine | None:
    """What a line says to run, or `None` where it says something else; `listed` in a list."""
    first = _IN_THEN_RUN.fullmatch(line)
    if first and _is_folder(first["folder"], line):
        then = run_line(first["rest"], listed=listed)
        return then and replace(then, folder=then.folder or first["folder"])
    found = _RUN.match(line)
    if found is None:
        return None
    rest = found["rest"].strip()
    label = found["words"].strip()
    place = _PLACE_BEFORE.fullmatch(found["words"]) and _folder_before(rest)
    if place:
        folder, rest = place
        if not rest:
            return RunLine((), folder)
        code = _code(rest)
        return RunLine(_commands(rest, *code), folder) if code else None
    code = _code(rest)
    if code is None:
        return _without_code(found, rest)
    if (not found["colon"] and (listed or len(label) > 30)) or is_no_command(code[0]):
        return None
    if label and not (found["colon"] or _BY_MEANS_OF.search(label) or command_like(code[0])):
        return None  # "Run the `login` task", "Run the full `tests/unit` suite"
    commands = _commands(rest, *code)
    last = commands[-1]
    behind = _PLACE_AFTER.match(last.after)
    if behind and _is_folder(behind["folder"], last.after):
        return RunLine((*commands[:-1], _said(last.command, behind["rest"])), behind["folder"])
    return RunLine(commands)


def titled_run(title: str) -> Said | None:
    """The command that a title says to run: "Run: `make test`", "Verify `make a`", "`make` passes".

    One that is nothing but a command, with or without how it ends, can be meant as nothing else.
    """
    found = _TITLED.match(title)
    if found is not None:
        named = title.startswith("Verify") and not command_like(found[1])
        return None if named else Said(found[1])
    alone = _TITLED_ALONE.fullmatch(title)
    if alone is None or not command_like(alone["command"]):
        return None
    said = alone["said"]
    return Said(alone["command"], "", said if said is None or "(" in said else said.rstrip(")"))


def judged_line(line: str, *, verdict: bool = False) -> Said | None:
    """A command with what it does: "`make` → PASS", "`x` returns nothing".

    With `verdict` only where that is a verdict behind an arrow: then it is a command anywhere.
    """
    code = re.match(r"(?:[-*+]\s+)?[\s—–:-]*`([^`\n]+)`\s*", line)
    if code is None or not command_like(code[1]):
        return None
    said = _DOES.match(line[code.end() :])
    if said is None or (verdict and not _VERDICT.match(line[code.end() :])):
        return None
    return Said(code[1], "", next(filter(None, said.groups())).strip())


def folder_of(lead: str) -> str:
    """The folder in which a line says that the block under it is run, or nothing."""
    found = _LEADS.search(lead)
    return found["folder"] if found and _is_folder(found["folder"], lead) else ""


def says_run(line: str) -> bool:
    """Whether a line begins with a label such as "Run:" or "Run `x`"."""
    found = _RUN.match(line)
    return bool(found and (found["colon"] or found["rest"].startswith("`")))


def in_folder(command: str, folder: str) -> str:
    """A script as it is run in a folder, which it may go to itself."""
    if not folder or re.match(r"(?:#[^\n]*\n|\s)*(?:cd|pushd)\s", command):
        return command
    folder = folder.rstrip("/") or folder
    between = "\n" if "\n" in command.strip() else " && "
    return f"cd {folder}{between}{command}"


def _without_code(found: re.Match[str], rest: str) -> RunLine | None:
    words = found["words"].strip()
    if found["colon"] and not rest:
        return RunLine((), "", found[0].strip() if len(words) > 12 else "")
    # "Run: Always (even by night)" is a sentence.
    sentence = re.match(r"[^\x00-\x7f]|[A-Z][a-z]+\s+(\(|[a-z]+(\s|$))", rest)
    plain = re.match(r"[\w./~-]+\s", rest + " ") and not sentence
    if found["colon"] and not words and plain and "`" not in rest:
        return RunLine((Said(rest),))
    return None


def _code(rest: str) -> tuple[str, int] | None:
    """The code that a text begins with, and where it ends.

    A command may hold the mark that ends the code: it goes on to where its quotes are closed.
    """
    found = _INLINE.search(rest)
    if found is None or rest[: found.start()].strip(" *"):
        return None
    code, end = found[1] or found[2], found.end()
    if found[1] and not words(code):
        for closing in re.finditer("`", rest[end:]):
            longer = rest[found.start() + 1 : end + closing.start()]
            if words(longer):
                return longer, end + closing.end()
    return code, end


def _folder_before(rest: str) -> tuple[str, str] | None:
    code = _INLINE.match(rest)
    if code is None or not code[1]:
        return None
    after = _AFTER_PLACE.fullmatch(rest[code.end() :])
    if after is None or not _is_folder(code[1], rest):
        return None
    return code[1], after["rest"].strip(" *")


def _is_folder(code: str, words: str) -> bool:
    """Whether a piece of code is a folder, by its form or because it is called one."""
    if code in _NO_FOLDER or not re.fullmatch(r"(?:\.{0,2}/|~/)?[\w.@/+-]+", code):
        return False
    called = re.search(rf"`{re.escape(code)}`\s+{_FOLDER_WORD}", words, re.IGNORECASE)
    return bool(called) or names_a_folder(code)


def _commands(rest: str, code: str, end: int) -> tuple[Said, ...]:
    """The commands of a text such as "`a` (expect 0), and then `b`", with what they are to do."""
    made: list[Said] = []
    while following := _NEXT.match(rest[end:]):
        alone = not rest[end + following.end() :].strip(" .")
        program = alone and _PROGRAM.fullmatch(following["code"])
        if not (program or command_like(following["code"])):
            break
        remark, gone = following["remark"] or "", code
        place = _PLACE_AFTER.fullmatch(remark)
        if place and not place["rest"] and _is_folder(place["folder"], remark):
            code, remark = in_folder(code, place["folder"]), ""
        made.append(_said(code, remark))
        code = _in_the_same(following["code"], gone)
        end += following.end()
    made.append(_said(code, rest[end:].strip()))
    return tuple(made)


def _in_the_same(command: str, before: str) -> str:
    """A command in the folder that the one before it in its sentence goes to.

    What is git's is the same in any, and a path that begins with the folder is none in there.
    """
    folder = _GOES_TO.match(before)
    if folder is None or command.startswith("git ") or f"{folder[1].rstrip('/')}/" in command:
        return command
    return in_folder(command, folder[1])


def _said(command: str, after: str) -> Said:
    expected = _EXPECTS.match(after) or _ARROW.match(after)
    if expected:
        return Said(command.strip(), "", expected["rest"].strip())
    told, rest = outcome(after)
    if told:
        return Said(command.strip(), "", f"{told} {rest}".strip())
    return Said(command.strip(), after.strip())


def outcome(line: str) -> tuple[str, str]:
    """What a line right behind a command says to come of it, and what else it says.

    Of "It should fail. Then add `sail`." that is what stands before the order.
    """
    remark = _REMARKED.match(line)
    said = line[remark.end() :] if remark else line
    said = says_what_is_seen(said) or said
    first, *others = re.split(r"(?<=[.!。])\s+", said)
    if _OUTCOME.match(said) is None or orders_a_commit(first) or asks_for_more(first):
        return "", line
    told = [first, *takewhile(lambda each: not instructs(each), others)]
    return " ".join(told), " ".join(others[len(told) - 1 :])


def says_what_is_seen(words: str) -> str:
    """What words such as "and confirm that it fails" expect, or nothing."""
    found = _SEEN.fullmatch(words.strip())
    return found["rest"].strip() if found else ""


def command_like(code: str) -> bool:
    """Whether a piece of code has the form of a command with arguments."""
    return bool(re.match(r"(?:[A-Z_]+=\S*\s+)*[\w./-]+\s+\S", code)) and not is_no_command(code)


# Lines that call what builds and tests, and are no words: "make sure that it sails".
_CALLS = spelled(
    r"((cd [\w./-]+ && )?([A-Z][A-Z0-9_]*=\S* )*((go|cargo) (-C \S+ )?(bench|build|check|clippy|"
    r"doc|fmt|nextest|run|test|tree|vet)\b|make (-C \S+ )?\S+$|swift (build|test|run)\b|"
    r"(deno|mix) (check|lint|test)\b|mvn -?\w|gradle \w|"
    r"(npm|pnpm|yarn|bun) (run |test\b)|(npx|uv run|python3? -m|poetry run|bundle exec|xcodebuild|"
    r"pytest|ruff|mypy|tsc|eslint|vitest|jest|dotnet (build|test)|(\./)?(gradlew|mvnw)|"
    r"(bash|sh|node|python3?) \S+\.(sh|[cm]?js|py)\b|(grep|rg|ls|wc|curl) -|"
    r"git (status|diff|log|show|grep)) ?)[^\n]*(\n|$))+",
    re.MULTILINE,
)


def only_calls(text: str) -> bool:
    """Whether each line of a text calls what builds, tests or looks, whatever is said of it."""
    return _CALLS.fullmatch(text.strip()) is not None
