"""Lines that say what is expected of a command, or are the message of a commit."""

from __future__ import annotations

from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import anycase, spelled

EXPECTED = anycase(
    r"([-*+] )?[*_]*(?P<label>(Expect(ed)?( (output|result|results|stdout|outcome|"
    r"behaviou?r)s?)?( (must|should|to)?\s*(include|contain|show|be)s?( (exactly|a line like|(the|"
    r"these|this) lines?|the following))?)?|Observed)"
    rf"(\s*\((?P<remark>[^)]*)\))?|{spoken('expected')})\s*[*_]*\s*[:：][*_]*\s*(?P<rest>.*)"
)
EXPECTED_STATUS = anycase(
    r"([-*+] )?[*_]*(Expected )?(exit|return|status) (code|status)[*_]*\s*[:：]\s*[*_`]*"
    r"(?P<status>\d+|non-?zero)[*_`.]*"
)
_VERDICT = (
    r"(FAIL|PASS|RED|GREEN|failures?|fails?|pass(es)?|success|"
    r"(an? )?(compile |compiler |build |type |import )?errors?)\b"
)
EXPECTED_IS = anycase(
    r"([-*+] )?[*_]*Expect(ed)? ((output|result)s?[*_]* (?P<rest>(includes?|contains?|shows?|is|"
    rf"are|should)\b[^:：]*([.。`]|$).*)|(to )?(?P<verdict>{_VERDICT}.*))"
)
REMARKED = anycase(rf"(should |must |will |still )*{_VERDICT}.*")
MESSAGE = anycase(rf"([-*+] )?\**(Commit( message)?|{spoken('commit')})\s*[:：]\**\s*(?P<rest>.*)")
# A sentence such as "Commit with `fix: mend the mast`."
COMMIT_WITH = anycase(
    r"([-*+] )?\W*((then|finally|now)\b,? )?commit( (it|this|that|these|them|everything|all|(all |"
    r"the |these |both )+(changes?|files?|work|result)))? (with|as|using)\b( the)?( "
    r"(commit )?message)?\s*[:：]?\s*[`\"“](?P<message>[^`\"”\n]*)[`\"”]\W*"
)
# A line that is nothing but a commit.
COMMIT_ALONE = spelled(
    r"([-*+] )?(?P<code>`)?(?P<command>git (add\s[^`\n&|;]*&&\s*git )?commit\s"
    r"(?(code)[^`\n]*|(-\S+\s+)*-\w*m (\"[^\"`\n]+\"|'[^'`\n]+')))(?(code)`\.?)"
)
