"""Lines before a block that order something in another language than English, said in English.

The forms read English only: what a line says in another language is a row here, and none there.
"""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.markdown.importing.words.vocabulary import anycase

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
            rf"在\s*(?P<file>{_CODE}|[A-Za-z0-9_./-]+)\s*(?:文件)?(?:的?(?:末尾|结尾)处?(?:追加|添加|新增)|[中里]?追加)"
            r"(?:以下内容)?\s*[:：]?\s*",
            "Append to {file}:",
        ),
        (
            r"(?:创建|新建)\s*(?P<thing>[A-Za-z0-9_/-]*(?:\.[A-Za-z0-9]+)+)\s*[:：]?",
            "Create {thing}",
        ),
        (r"[将把](?:以下(?:代码|内容)?)?\s*[:：]", "Replace this:"),
        (r"(?:改为|改成|修改为|替换为|替换成)\s*[:：]", "With:"),
    )
)
# Of languages with verbs first: Portuguese, Spanish, French.
_CREATE = "Criar|Crie|Crear|Crea|Cr[ée]er|Cr[ée]ez"
_REPLACE = (
    "Substituir|Substitua|Trocar|Troque|Reemplazar|Reemplaza|Sustituir|Sustituye|"
    "Remplacer|Remplacez"
)
_FIND = "Localizar|Localize|Encontrar|Encontre|Buscar|Busca|Trouver|Trouvez|Rep[ée]rer|Rep[ée]rez"
_REMOVE = "Remover|Remova|Excluir|Apagar|Eliminar|Elimina|Borrar|Supprimer|Supprimez"
_ADD = "Adicionar|Adicione|Acrescentar|A[ñn]adir|A[ñn]ade|Agregar|Agrega|Ajouter|Ajoutez"
_A_FILE = "arquivo|ficheiro|archivo|fichero|fichier"
_THE = r"(?:(?:o|a|os|as|el|la|los|las|le|les|um|uma|un|una|une)\s|l['\u2019])?"
_OF = r"(?:de|do|da|del|du|d['\u2019])"
_BY = "(?:por|pelo|con|par)"
_AS = "|".join((
    r"(?:por|com|con|par|avec)?\s*(?:o seguinte|lo siguiente|ce qui suit)",
    r"(?:por|pelo|con|par)",
))  # fmt: skip
# Of what is made, no words that put it somewhere, and no tests.
_THING = (
    r"(?P<thing>(?!.*\b(?:em|no|na|nos|nas|ao|aos|dentro|ap[óo]s|antes|depois|para|en|al|despu[ée]s|"
    r"dans|apr[èe]s|avant|pour|e|y|et|ou|o|testes?|pruebas?|tests?|m[ée]todos?|m[ée]thodes?)\b)"
    r"[^\W\d_][^\n`:.,()]{0,60})"
)
_LATIN = tuple(
    (anycase(rf"{pattern}\s*[:：]?\s*"), said)
    for pattern, said in (
        (rf"({_CREATE}) {_THE}(nov[oa] |nuev[oa] |nouve(au|lle) )?({_A_FILE})", "Create the file"),
        (rf"({_CREATE}) {_THE}({_A_FILE}) (?P<file>{_CODE})", "Create {file}:"),
        (rf"({_CREATE}) (?!{_THE}({_A_FILE})\b){_THE}{_THING}", "Create {thing}"),
        (
            rf"({_REPLACE}) (todo |tout )?{_THE}(conte[úu]do|contenido|contenu)"
            rf"( (completo|inteiro|entero|complet))?( {_OF} ?{_THE}(({_A_FILE}|controller|"
            rf"componente|comando|composant|commande) ?)?(?P<file>{_CODE})?)?( ({_AS}))?",
            "Replace the entire contents of {file} with:",
        ),
        (rf"({_REPLACE}) ({_AS})", "Replace with:"),
        (rf"({_REPLACE})", "Replace this:"),
        (rf"{_BY}", "With:"),
        (rf"({_FIND})( (em|en|no|na|dans) (?P<file>{_CODE}))?", "In {file}, find:"),
        (
            rf"(({_FIND}) (e|y|et) )?({_REMOVE}) {_THE}(linha|bloco|trecho|l[íi]nea|bloque|ligne|"
            rf"bloc)( (em|en|no|na|dans|{_OF}) (?P<file>{_CODE}))?",
            "In {file}, remove:",
        ),
        (rf"(Atualizar|Atualize|Actualizar|Mettre [àa] jour) {_THE}(?P<thing>template|script)",
         "Update the {thing} section:"),
        (rf"({_ADD}) {_THE}imports?", "Add the import:"),
        (
            rf"({_ADD})( isto| esto)? (ao|no|al|[àa] la) (final|fim|fin) {_OF} ?{_THE}"
            rf"(({_A_FILE}) ?)?(?P<file>{_CODE})?",
            "Append to {file}:",
        ),
        (
            rf"({_ADD}) [^`:.]{{0,60}} (logo abaixo|justo debajo|juste en dessous)",
            "Insert below it:",
        ),
        (
            rf"(logo |justo |juste )?(ap[óo]s|depois {_OF}|despu[ée]s de|apr[èe]s) ?{_THE}"
            rf"(?P<name>{_CODE})\s*, ({_ADD})",
            "Add it after {name}:",
        ),
        (
            rf"({_REPLACE}) {_THE}(m[ée]todo|fun[çc][ãa]o|funci[óo]n|m[ée]thode|fonction) "
            rf"(?P<name>{_CODE})( (em|en|no|na|dans) (?P<file>{_CODE}))?( ({_AS}))?",
            "In {file}, replace the entire {name} definition with:",
        ),
        (rf"(neue )?Datei (?P<file>{_CODE}) (anlegen|erstellen)", "Create {file}:"),
        ("(die )?(neue )?Datei (anlegen|erstellen)", "Create the file"),
        (
            rf"(den )?(gesamten |ganzen )?Inhalt von (?P<file>{_CODE}) ersetzen( durch)?",
            "Replace the entire contents of {file} with:",
        ),
        (
            rf"am Ende (von|der Datei) (?P<file>{_CODE}) (anh[äa]ngen|erg[äa]nzen|hinzuf[üu]gen|"
            r"einf[üu]gen)",
            "Append to {file}:",
        ),
        (r"(den )?Import (hinzuf[üu]gen|erg[äa]nzen)", "Add the import:"),
        ("Ersetzen durch|durch", "With:"),
    )
)  # fmt: skip
_NO_FILE = (
    ("In {file}, ", ""),
    (" in {file}", ""),
    ("contents of {file}", "contents of the file"),
    ("Append to {file}", "At the end of the file, append"),
)


@lru_cache(maxsize=256)
def in_english(words: str) -> str:
    """A line as a row has it in English; any other one as it is."""
    plain = words.strip().replace("**", "")
    for pattern, said in _LATIN if words.isascii() else (*_ROWS, *_LATIN):
        found = pattern.fullmatch(plain)
        if found is None:
            continue
        groups = {key: part for key, part in found.groupdict().items() if part}
        parts = {
            key: part if key == "thing" else f"`{part.strip('`')}`" for key, part in groups.items()
        }
        if "modified" in parts:
            parts.setdefault("file", parts.pop("modified"))
        if parts.get("file") == "`README`":
            parts["file"] = "`README.md`"
        for with_file, without in _NO_FILE if "file" not in parts else ():
            said = said.replace(with_file, without)
        said = said.format_map(parts)
        return said[:1].upper() + said[1:]
    return words
