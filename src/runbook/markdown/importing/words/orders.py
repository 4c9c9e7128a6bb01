"""Lines before a block that order something in another language than English, said in English.

The forms read English only: what a line says in another language is a row here, and none there.
"""

from __future__ import annotations

import re

_CODE = r"`[^`\n]+`"
_OF_FILE = (
    rf"(?:Modify\s+(?P<modified>{_CODE})[.,]\s*)?"
    rf"(?:(?:Modify\s+)?(?P<file>{_CODE}|README(?:\.md)?)\s*の\s*)?"
)
# A remark in brackets that orders nothing itself, and places nothing elsewhere.
_REMARK = r"(?:（(?![^（）]*(?:削除|変更|修正|置|前|追加))[^（）]*）)?"
_ADDED = (
    r"に\s*(?:以下(?:の)?\s*(?:\d+\s*行)?\s*を?\s*)?(?:新(?:規|しい)?セクションを\s*)?"
    rf"(?:追加|追記|挿入)(?:する|します)?{_REMARK}\s*[:：。]?\s*"
)
_KIND = r"(?:(?:関数|クラス|メソッド|定数|定義)+)"
_SECTION = r"「?(?P<name>`#{1,6}\s[^`\n]+`|#{1,6}\s[^`」\n]+)」?\s*セクション\s*"

_ROWS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (rf"{_OF_FILE}(?:ファイル)?末尾{_REMARK}{_ADDED}", "Append to {file}:"),
        (
            rf"{_OF_FILE}(?:ファイル)?末尾（(?P<name>`[^`\n]*__name__[^`\n]*`)\s*の(?:直)?前）{_ADDED}",
            "Append to {file} before {name}:",
        ),
        (
            rf"{_OF_FILE}(?:既存の\s*)?(?P<name>{_CODE})\s*{_KIND}?\s*の(?:直)?[下後]{_REMARK}{_ADDED}",
            "In {file}, add it after the {name} definition:",
        ),
        (
            rf"{_OF_FILE}(?:既存の\s*)?(?P<name>{_CODE})\s*{_KIND}?\s*の(?:直)?[上前]{_REMARK}{_ADDED}",
            "In {file}, add it before the {name} definition:",
        ),
        (
            rf"{_OF_FILE}(?:既存の\s*)?(?P<name>{_CODE})\s*{_KIND}?(?:の(?:中身|本体|実装|定義))?(?:全体)?"
            r"を以下(?:の(?:内容|コード|実装))?[にで](?:置き?換え|差し替え)(?:る|ます)?\s*[:：。]?\s*",
            "In {file}, replace the entire {name} definition with:",
        ),
        (
            rf"{_OF_FILE}{_SECTION}(?:の)?末尾{_REMARK}{_ADDED}",
            "At the end of the {name} section in {file}, add:",
        ),
        (
            rf"{_OF_FILE}{_SECTION}の直?前{_REMARK}{_ADDED}",
            "Before the {name} section in {file}, add:",
        ),
        (
            rf"{_OF_FILE}{_SECTION}の直?後{_REMARK}{_ADDED}",
            "After the {name} section in {file}, add:",
        ),
        (
            rf"在\s*(?P<file>{_CODE})\s*(?:文件)?(?:的?(?:末尾|结尾)处?(?:追加|添加|新增)|[中里]?追加)"
            r"(?:以下内容)?\s*[:：]?\s*",
            "Append to {file}:",
        ),
    )
)
_NO_FILE = (
    ("In {file}, ", ""),
    (" in {file}", ""),
    ("Append to {file}", "At the end of the file, append"),
)


def in_english(words: str) -> str:
    """A line as a row has it in English; any other one as it is."""
    if words.isascii():
        return words
    plain = words.strip().replace("**", "")
    for pattern, said in _ROWS:
        found = pattern.fullmatch(plain)
        if found is None:
            continue
        parts = {key: f"`{part.strip('`')}`" for key, part in found.groupdict().items() if part}
        if "modified" in parts:
            parts.setdefault("file", parts.pop("modified"))
        if parts.get("file") == "`README`":
            parts["file"] = "`README.md`"
        for with_file, without in _NO_FILE if "file" not in parts else ():
            said = said.replace(with_file, without)
        return said.format_map(parts)
    return words
