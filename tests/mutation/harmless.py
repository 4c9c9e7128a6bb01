"""Mutants that no test can notice, or that none should, and why."""

_ROW = "a row of words of other programs: a test would be the same row again"
_TIME = "a length of time that nothing goes by: a test would have to wait for it"

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
    (
        "engine/ahead/lookahead.py LookAhead._why_not: outcome.exit is None or outcome.duration"
        " > command.timeout"
        " -> (outcome.exit is None and outcome.duration > command.timeout)"
    ): ("what took too long is not as expected either: only the reason that is told is another"),
    "engine/verbs/adopt.py _rewritten: raise NotRewritable(str(error)) from None -> pass": (
        "a guard against mistakes of ours: what we have written can be read"
    ),
    "core/handover/testimony.py module: 4 -> 5": (
        "of a test that fails in one run and breaks in another, only the words are others"
    ),
    "world/git/boundedgit.py _follow: 0 -> 1": "what is kept of the beginning is not looked at",
    (
        "engine/ahead/lookahead.py LookAhead._plan: context.evidence.repeats(self._phase) if co"
        "ntext.request.reuse else None"
        " -> (context.evidence.repeats(self._phase))"
    ): ("what is begun ahead is others: what they come to is the same"),
    "world/git/showing.py _read: \"\\n\" -> '\\nX' (4)": "no difference begins with that letter",
    "engine/verbs/clean.py clean: journal.close() -> pass": (
        "the command ends right after, and its lock with it"
    ),
    "core/matching/nearest.py _lines_with: break -> pass": (
        "it looks on for what is counted already"
    ),
    "engine/review/prove.py Prover._start: \"HEAD\" -> 'HEADX'": (
        "what names no commit is HEAD, as that line says"
    ),
    "world/processes/environment.py module: \"GIT_SSL_CAINFO\" -> 'GIT_SSL_CAINFOX'": _ROW,
    "world/processes/process.py _changed: 0.0 -> 1.0": (
        "the first second of 1970 is as long ago as the one after it"
    ),
    "engine/running/series.py Runner._context: stack.callback(views.close) -> pass": (
        "the look-ahead has closed them already; the next run would, too"
    ),
    "world/overlay/views.py View.launcher: \"-I\" -> '-IX'": (
        "Python takes it for `-I -X -S`: `site` is loaded as well"
    ),
    "world/git/gitlocks.py module: 10.0 -> 11.0": _TIME,
    "world/processes/background.py module: 3.0 -> 4.0": _TIME,
    "core/value.py _equal: return NotImplemented -> return None": (
        "it is as false, and nothing compares our values with what compares itself with them"
    ),
    "world/git/gitlocks.py _since: continue -> raise": "a lock that goes between two looks at it",
    "world/processes/supervision.py _kill_session: os.killpg(session, signal.SIGSTOP) -> pass": (
        "they are stopped one by one right after"
    ),
    "world/git/boundedgit.py module: 32 -> 33": "a little more of what git says is kept",
    (
        "world/git/commits.py finish: not (sound or directly) and repository.attempt(*qui"
        "et, *named)[0]"
        " -> (not (sound or directly) or repository.attempt(*quiet, *named)[0])"
    ): ("git is asked, and the index made what it is, where that is known"),
    "world/git/checkoutform.py checkout_form: \"set\" -> 'setX'": (
        "git itself refuses a file with that attribute and no encoding"
    ),
    "engine/ahead/lookahead.py LookAhead._waited_for: True -> False": (
        "nobody attends to it any more, and nobody asks"
    ),
}
