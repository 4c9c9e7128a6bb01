"""The words by which plans in any language label and judge their parts.

A language is one row: regular expressions of alternatives, each matched without case. Another one
is added by another row. What a row leaves out is not read in that language; what English leaves
out, more than words are needed for.
"""

# ruff: noqa: RUF001 (letters of other alphabets are meant)

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from runbook.core.value import value

Word = Literal[
    # Labels and headings
    "task", "phase", "step", "files", "run", "expected", "commit", "goal", "architecture",
    "tech_stack", "implementation", "verification",
    # What happens to a file of the Files block
    "unchanged", "create", "modify", "delete", "move", "test", "read",
    # What is expected of a command; `nothing` is no output, no match
    "fails", "passes", "nothing", "no_errors", "exit_code",
    # "If", which begins what may not be so, what makes a commit depend on something, and orders
    "condition", "only_if", "makes",
    # The same of a language whose orders end with the verb
    "orders_last",
    # What a sentence says that forbids something
    "denied",
]  # fmt: skip


_GERMAN_ORDERS = (
    r"\w*(?:anlegen|erstellen|(?:ä|ae)ndern|anpassen|entfernen|l(?:ö|oe)schen|"
    r"hinzuf(?:ü|ue)gen|einbauen|ersetzen|umstellen|schreiben|implementieren)"
)


@value
class Language:
    """The words of one language, as alternatives of a regular expression."""

    name: str
    words: Mapping[Word, str]
    spaced: bool = True  # words stand apart from each other


LANGUAGES = (
    Language("English", {
        "task": "Task|TASK", "phase": "Phase|Stage|Milestone|Part|Chunk|Slice|PR",
        "files": "Files?", "goal": "Goal", "architecture": "Architecture",
        "tech_stack": "Tech Stack", "unchanged": r"no (?:\w+ )?changes?\b|do not\b|don't\b|leave\b",
        "create": "create|new|add",
        "modify": "modify|change|update|edit|extend|replace|optionally modify",
        "delete": "delete|remove", "move": "move|rename", "test": r"tests?\b",
    }),
    Language("Chinese", spaced=False, words={
        "task": "任务|任務", "phase": "阶段|階段", "step": r"步骤|步驟|第(?=\s*\d)",
        "files": "(?:涉及|相关|目标|修改)?文件|檔案",
        "run": "(?:再次|重新)?(?:运行|執行|执行|運行)|命令",
        "expected": "(?:预期|期望|預期)(?:的?(?:结果|結果|输出|輸出))?",
        "commit": "提交(?:信息|说明|消息)?", "goal": "目标|目標", "architecture": "架构|架構",
        "tech_stack": "技术栈|技術棧", "implementation": "实现|實現",
        "verification": "验证|驗證|验收", "unchanged": "不(?:要)?(?:修改|改动|变更)|无需修改",
        "create": "创建|新建|新增|建立|創建", "modify": "修改|更新|变更|编辑|调整",
        "delete": "删除|移除|刪除", "move": "移动|重命名|移動", "test": "测试|測試",
        "read": "参考|检查|只读|查看|阅读|验证", "fails": "失败|不通过|未通过|报错|失敗",
        "passes": "通过|成功|全绿|通過|正常",
        "nothing": "(?:没有|无|零)(?:任何)?(?:输出|匹配|结果|命中)|0 ?(?:个)?匹配|(?:输出)?为空",
        "no_errors": r"(?:没有|无|零|0 ?个?)(?:任何)?(?:\w{0,4})?(?:错误|报错|警告|异常)",
        "exit_code": "退出(?:码|状态码?)?(?:为|是)?",
        "condition": "如果|如有|如(?!下|上|期)|若|假如|当|万一|一旦|否则|必要时|需要时|可选",
        "denied": "(?:请)?(?:不要|不得|勿|切勿|禁止|严禁|不可|不应)",
        "only_if": "如果|如有|若有|仅在|仅当|只有在|有额外修改时",
        "makes": "实现|添加|新增|修改|创建|删除|更新|编辑|重构|替换|移除|编写|接入|修复|清理|同步|"
        "移到|移动|改为|改成|加入|插入|抽离|拆分|重命名",
    }),
    Language("Japanese", spaced=False, words={
        "task": "タスク", "phase": "フェーズ", "step": "ステップ|手順",
        "files": "(?:対象)?ファイル", "run": "実行|コマンド", "expected": "期待(?:結果|値|出力)?",
        "commit": "コミット", "goal": "ゴール|目標|目的", "architecture": "アーキテクチャ",
        "tech_stack": "技術スタック", "implementation": "実装", "verification": "検証",
        "unchanged": "変更なし", "create": "新規|作成|新建", "modify": "変更|修正|更新",
        "delete": "削除", "move": "移動", "test": "テスト", "read": "参照|確認", "fails": "失敗",
        "passes": "成功|緑|通る|パス", "nothing": "出力なし|マッチなし|ヒットなし|何も",
        "no_errors": "エラーなし", "exit_code": "終了コード",
        "condition": "もし|必要(?:なら|であれば|に応じて|な場合)|任意",
        "denied": r"[^。\n]*(?:ないこと|ないで(?:ください)?|禁止)(?=[\s。:：*]*$)",
        "only_if": "場合のみ|あれば|場合は",
        "makes": "実装|追加|修正|変更|作成|削除|更新|編集",
    }),
    Language("Korean", spaced=False, words={
        "task": "작업|태스크", "step": "단계", "files": "(?:대상 ?)?파일",
        "run": "실행|명령(?:어)?", "expected": "(?:예상|기대)(?: ?(?:결과|출력))?",
        "commit": "커밋(?: ?메시지)?", "goal": "목표", "architecture": "아키텍처",
        "tech_stack": "기술 ?스택", "implementation": "구현", "verification": "검증",
        "unchanged": "(?:변경|수정) ?없음", "create": "생성|신규|추가", "modify": "수정|변경",
        "delete": "삭제|제거", "move": "이동", "test": "테스트", "read": "참고|확인|검토",
        "fails": "실패", "passes": "통과|성공", "nothing": "출력 ?없음|결과 ?없음",
        "no_errors": "(?:오류|에러|경고) ?없음", "exit_code": "종료 ?코드",
        "condition": "만약|필요(?:하면|시|한 경우)",
        "denied": r"[^.\n]*(?:하지 ?(?:마|말)|금지)",
        "only_if": "경우에만|있으면|필요 ?시",
        "makes": "구현|추가|수정|변경|작성|생성|삭제|제거|전달|교체",
    }),
    Language("German", {
        "task": "Aufgabe", "phase": "Etappe", "step": "Schritt",
        "files": "(?:Betroffene )?Dateien?",
        "run": "(?:Erneut )?[Aa]usf(?:ü|ue)hren|F(?:ü|ue)hre aus|Befehl|Kommando|Starten?",
        "expected": "Erwartet(?:e[sr]?)?(?: (?:Ausgabe|Ergebnis))?|Erwartung",
        "commit": "Commit-Nachricht", "goal": "Ziel", "architecture": "Architektur",
        "tech_stack": "Technologien|Technik", "implementation": "Umsetzung|Implementierung",
        "verification": "Prüfung|Verifikation|Überprüfung", "unchanged": "Nicht ändern|Unverändert",
        "create": r"Anlegen|Erstellen?|Neue?\b",
        "modify": "(?:Ä|Ae)nder[en]|Anpassen|Bearbeiten|Aktualisieren",
        "delete": "L(?:ö|oe)schen|Entfernen", "move": "Verschieben|Umbenennen", "test": r"Tests?\b",
        "read": "Lesen|Pr(?:ü|ue)fen|Ansehen",
        "fails": r"schl(?:ägt|aegt|agen) fehl|fehlschl(?:ägt|aegt|agen)\b|scheiter(?:t|n)|"
        r"Fehlschlag|rot\b",
        "passes": "besteh(?:t|en)|bestanden|erfolgreich|gr(?:ü|ue)n|l(?:äuft|aufen) durch",
        "nothing": r"(?:keine|0) (?:Ausgabe|Treffer|Ergebnisse|Vorkommen)|leer\b",
        "no_errors": "keine? (?:Fehler|Warnung(?:en)?)|fehlerfrei|ohne Fehler",
        "exit_code": "Exit-?Code|R(?:ü|ue)ckgabewert",
        "condition": r"(?:Falls|Wenn|Sollten?|Sonst|Andernfalls|Bei Bedarf|Optional)\b",
        "denied": r"(?:Bitte )?(?:Nicht|Niemals|Kein\w*)\b|[^.\n]*\bnicht aus",
        "only_if": r"(?:falls|wenn|nur bei|sofern)\b",
        "makes": _GERMAN_ORDERS, "orders_last": rf"\b{_GERMAN_ORDERS}",
    }),
    Language("French", {
        "task": "Tâche", "step": "[ÉE]tape", "files": "Fichiers?",
        "run": "(?:Re)?[Ll]ance[zr]?|Ex[ée]cute[zr]?|Commande",
        "expected": "(?:R[ée]sultat|Sortie) attendue?|Attendue?", "commit": "Message de commit",
        "goal": r"Objectif|But\b", "architecture": "Architecture",
        "tech_stack": "Stack(?: technique)?|Technologies", "implementation": "Impl[ée]mentation",
        "verification": "V[ée]rification", "unchanged": "Ne pas modifier|Inchang[ée]s?",
        "create": "Cr[ée](?:er|ez|ation)", "modify": "Modifi(?:er|ez|cation)|Mettre à jour",
        "delete": "Supprim(?:er|ez)", "move": "D[ée]place[rz]|Renomme[rz]",
        "test": r"Tests?\b|Tester", "read": "Lire|R[ée]f[ée]rence|V[ée]rifier",
        "fails": "[ée]chou(?:e|ent|er)|[ée]chec",
        "passes": r"pass(?:e|ent|ant)\b|r[ée]ussi\w*|succ[èe]s",
        "nothing": r"aucune? (?:sortie|r[ée]sultat|correspondance)|vide\b",
        "no_errors": "aucune erreur|sans erreur|pas d.erreur",
        "exit_code": "code (?:de sortie|de retour|retour)",
        "condition": r"(?:Si|Sinon|Au besoin)\b",
        "denied": r"(?:Ne (?:pas|jamais|\w+ez (?:pas|jamais))|N['\u2019]\w+ez (?:pas|jamais))\b",
        "only_if": "seulement si|uniquement si|si (?:besoin|n[ée]cessaire|des|il y a|il reste)",
        "makes": "Ajoute[rz]|Cr[ée](?:er|ez)|Modifi(?:er|ez)|Supprim(?:er|ez)|Remplace[rz]|"
        "Renomme[rz]|Mettre à jour|Impl[ée]mente[rz]|[ÉE]crire",
    }),
    Language("Spanish", {
        "task": "Tarea", "phase": "Fase", "step": "Paso", "files": "Archivos?|Ficheros?",
        "run": "Ejecut(?:ar|a|e)|Comando", "expected": "(?:Resultado |Salida )?[Ee]sperad[oa]s?",
        "commit": "Mensaje de commit", "goal": "Objetivo", "architecture": "Arquitectura",
        "tech_stack": "Tecnolog[íi]as", "implementation": "Implementación",
        "verification": "Verificación", "unchanged": "No modificar|Sin cambios",
        "create": "Crear|Nuevo", "modify": "Modificar|Actualizar", "delete": "Eliminar|Borrar",
        "move": "Mover|Renombrar", "test": r"Pruebas?|Tests?\b", "read": "Leer|Revisar|Verificar",
        "fails": r"fall(?:a|an|ó|o)\b", "passes": r"pasan?\b|éxito|exitos[oa]s?|correctamente",
        "nothing": "sin (?:salida|resultados|coincidencias)|vac[íi][oa]",
        "no_errors": "sin errores|ningún error", "exit_code": "código de salida",
        "condition": r"(?:Si|De lo contrario|Opcional(?:mente)?)\b",
        "denied": r"(?:No (?:ejecut|corr|us|hag|hac|modific|borr|elimin|cambi)\w+|Nunca)\b",
        "only_if": "solo si|si (?:hay|es necesario|quedan)",
        "makes": "Añadir|Agregar|Crear|Modificar|Eliminar|Reemplazar|Actualizar|Implementar|"
        "Escribir",
    }),
    Language("Portuguese", {
        "task": "Tarefa", "phase": "Fase", "step": "Passo|Etapa", "files": "Arquivos?|Ficheiros?",
        "run": "Executar|Execute|Rod(?:ar|e)|Comando",
        "expected": "(?:Resultado |Saída )?[Ee]sperad[oa]s?", "commit": "Mensagem de commit",
        "goal": "Objetivo", "architecture": "Arquitetura", "tech_stack": "Tecnologias",
        "implementation": "Implementação", "verification": "Verificação",
        "unchanged": "Não (?:modificar|alterar)|Sem alterações", "create": "Criar|Novo",
        "modify": "Modificar|Alterar|Atualizar", "delete": "Excluir|Remover|Apagar",
        "move": "Mover|Renomear", "test": "Testes?", "read": "Ler|Revisar|Verificar",
        "fails": r"falham?\b", "passes": r"passam?\b|sucesso",
        "nothing": "sem saída|nenhum resultado|vazi[oa]", "no_errors": "sem erros|nenhum erro",
        "exit_code": "código de saída", "condition": r"(?:Se|Caso contrário)\b",
        "denied": r"(?:Não|Nunca)\b",
        "only_if": "somente se|se (?:houver|necessário)|caso haja",
        "makes": "Adicionar|Criar|Modificar|Alterar|Remover|Substituir|Atualizar|Implementar|"
        "Escrever",
    }),
    Language("Russian", {
        "task": "Задача", "phase": "Этап|Фаза", "step": "Шаг", "files": "Файлы?",
        "run": "Команд[аы]|Запуск|Запустить|Выполнить",
        "expected": "Ожидаем(?:ый|ая) (?:результат|вывод)|Ожида(?:ется|ние)",
        "commit": "Коммит|Сообщение коммита", "goal": "Цель", "architecture": "Архитектура",
        "tech_stack": "Стек(?: технологий)?|Технологии", "implementation": "Реализация",
        "verification": "Проверка", "unchanged": "Не (?:изменять|менять)|Без изменений",
        "create": "Создать|Новый|Добавить", "modify": "Изменить|Обновить|Модифицировать|Правка",
        "delete": "Удалить", "move": "Переместить|Переименовать", "test": "Тест(?:ы|ировать)?",
        "read": "Прочитать|Проверить|Смотреть",
        "fails": r"пада(?:ет|ют)|провал\w*|не проход(?:ит|ят)",
        "passes": r"проход(?:ит|ят)|успешн\w*|зел[её]н\w*",
        "nothing": r"(?:нет|без) (?:вывода|совпадений)|пусто\w*|ничего не",
        "no_errors": "без ошибок|нет ошибок|ошибок нет",
        "exit_code": "код(?:ом)? (?:выхода|возврата|завершения)",
        "condition": r"(?:Если|Иначе|При)\b", "denied": r"(?:Не|Никогда)\b",
        "only_if": r"(?:если|только)\b",
        "makes": "добавить|создать|изменить|удалить|заменить|обновить|реализовать|написать|убрать|"
        "исправить|закрепить|перенести",
    }),)  # fmt: skip


@cache
def spoken(word: Word, *, spaced: bool | None = None) -> str:
    """The words of all languages for one thing, or of those with spaced words, as alternatives."""
    found = []
    for language in LANGUAGES:
        alternatives = language.words.get(word)
        if alternatives and spaced in (None, language.spaced):
            found.append(rf"\b(?:{alternatives})" if language.spaced else alternatives)
    return f"(?:{'|'.join(found)})"
