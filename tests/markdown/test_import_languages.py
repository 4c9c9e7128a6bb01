"""Plans whose labels and judgements are in whatever language."""

from __future__ import annotations

import re

import pytest
from planning import imported, made, steps

from runbook.core.model.model import Commit, Confirm, Edit, Manual, Verify
from runbook.core.model.operations import Append, Create
from runbook.markdown.importing.text.outline import task_heading
from runbook.markdown.importing.words.languages import LANGUAGES
from runbook.markdown.importing.words.wording import says_whole

# Task, step, files, modify, run, expected; that it fails, passes, prints nothing, has no errors.
PLANS = {
    "English": (
        "Task", "Step", "Files", "Modify", "Run", "Expected",
        "the test fails", "all tests pass", "no output", "no errors",
    ),
    "Chinese": (
        "任务", "步骤", "文件", "修改", "运行", "预期", "失败", "全部通过", "无输出", "无错误",
    ),
    "Japanese": (
        "タスク", "ステップ", "ファイル", "変更", "実行", "期待結果",
        "テストが失敗", "すべて成功", "出力なし", "エラーなし",
    ),
    "Korean": (
        "작업", "단계", "파일", "수정", "실행", "예상 결과",
        "실패", "통과", "출력 없음", "오류 없음",
    ),
    "German": (
        "Aufgabe", "Schritt", "Dateien", "Ändern", "Ausführen", "Erwartete Ausgabe",
        "Der Test schlägt fehl", "Alle Tests bestehen", "keine Ausgabe", "keine Fehler",
    ),
    "French": (
        "Tâche", "Étape", "Fichiers", "Modifier", "Lancer", "Résultat attendu",
        "le test échoue", "les tests passent", "aucune sortie", "aucune erreur",
    ),
    "Spanish": (
        "Tarea", "Paso", "Archivos", "Modificar", "Ejecutar", "Resultado esperado",
        "la prueba falla", "las pruebas pasan", "sin salida", "sin errores",
    ),
    "Portuguese": (
        "Tarefa", "Passo", "Arquivos", "Modificar", "Executar", "Resultado esperado",
        "o teste falha", "os testes passam", "sem saída", "sem erros",
    ),
    "Russian": (
        "Задача", "Шаг", "Файлы", "Изменить", "Команда", "Ожидаемый результат",
        "тест падает", "все тесты проходят", "нет вывода", "без ошибок",
    ),
}  # fmt: skip


def test_every_language_is_tried() -> None:
    assert set(PLANS) == {each.name for each in LANGUAGES}


@pytest.mark.parametrize("words", PLANS.values(), ids=PLANS)
@pytest.mark.parametrize("colon", [":", "：", " :"])
def test_labels_are_those_of_the_plans_language(words: tuple[str, ...], colon: str) -> None:
    task, step, files, modify, run, expected, fails, passes, nothing, no_errors = words
    assert task_heading(f"{task} 3{colon} Mast") == ("3", "Mast")
    found = imported(
        f"### {task} 1{colon} Mast\n\n**{files}{colon}**\n- {modify}{colon} `src/mast.py`\n\n"
        f"- [ ] **{step} 1{colon} Mast A**\n\n"
        f"{run}{colon} `make mast`\n{expected}{colon} {fails}\n\n"
        f"- [ ] **{step} 2{colon} Mast B**\n\n{run}{colon}\n\n```bash\nmake ship\n```\n\n"
        f"{expected}{colon} {passes}\n\n"
        f"{run}{colon} `./sail`\n{expected}{colon} {nothing}\n\n"
        f"{run}{colon} `make b`\n{expected}{colon} {no_errors}\n"
    )
    (only,) = found.phase.tasks
    assert found.tasks[0].files == ("src/mast.py",)
    assert found.tasks[0].unchecked == ()
    verified = [each for each in only.steps if isinstance(each, Verify)]
    assert [each.command for each in verified] == ["make mast", "make ship", "./sail", "make b"]
    assert [each.title for each in verified] == ["Mast A", "Mast B", None, None]
    assert [each.expect.exit for each in verified] == ["nonzero", None, None, None]
    assert [each.expect.empty for each in verified] == [False, False, True, False]
    assert len(verified) == len(only.steps)


def test_a_phase_may_stand_before_a_task_in_any_language() -> None:
    for heading in ("Phase 1: Task 2: Mast", "阶段 1：任务 2：Mast", "Fase 1 — Tarea 2: Mast"):
        assert task_heading(heading) == ("2", "Mast"), heading


def test_what_is_called_new_is_not_said_to_be_all_of_a_file() -> None:
    assert says_whole("Create `mast.py`:")
    assert says_whole("创建 `mast.py`：")
    assert not says_whole("New `mast.py`:")


def test_a_title_that_speaks_of_failure_expects_it() -> None:
    (step,) = steps("**步骤 1：运行测试验证失败**\n\n运行：`make mast`\n")
    assert isinstance(step, Verify)
    assert step.expect.exit == "nonzero"


def test_a_commit_has_its_label_in_the_plans_language() -> None:
    (step,) = steps("**步骤 2：提交**\n\n提交：`feat: mast`\n")
    assert isinstance(step, Commit)
    assert step.message == "feat: mast"


def test_work_said_in_words_is_a_persons_in_any_language() -> None:
    for words in ("把旧的桅杆移到仓库。", "Добавить мачту в порт.", "Supprimer l'ancien mât."):
        (step,) = steps(f"**Step 1: Go on**\n\n{words}\n")
        assert isinstance(step, Manual), words


def test_header_fields_have_their_label_in_the_plans_language() -> None:
    text = "**目标：** 数船。\n\n**架构：** 一个港口。\n\n### 任务 1：数\n\n运行：`make`\n"
    from runbook.markdown.importing.importer import import_plan

    phase = import_plan(f"# 港口\n\n{text}", "port").phase
    assert (phase.goal, phase.architecture) == ("数船。", "一个港口。")


def test_a_word_that_only_begins_like_a_label_is_none() -> None:
    (step,) = steps("**Schrittweise Umstellung**\n\nRun: `make mast`\n")
    assert step.title is None
    assert not re.search("Schritt", repr(step.title))


@pytest.mark.parametrize(
    "comment",
    ["仅在有额外修改时", "если есть изменения", "falls etwas geändert wurde", "si besoin"],
)
def test_a_commit_that_depends_on_something_is_a_persons_in_any_language(comment: str) -> None:
    script = f'git add -A\ngit commit -m "chore: mast"  # {comment}\n'
    (step,) = steps(f"**Step 1: Commit**\n\n```bash\n{script}```\n")
    assert isinstance(step, Manual)


@pytest.mark.parametrize(
    ("words", "fails"),
    [
        ("全部退出 0。测试证明失败写入不会破坏旧状态。", False),
        ("全部通过。如有失败，先修复。", False),
        ("因模块尚不存在而编译失败。", True),
        ("vollstaendig gruen. Sollte etwas rot sein, ist es neu.", False),
        ("Exit-Code 0", False),
        ("échecs si le mât est absent.", True),
        ("код выхода 0", False),
    ],
)
def test_the_first_sentence_decides_in_any_language(words: str, fails: bool) -> None:
    (step,) = steps(f"**Step 1: Look**\n\nRun: `make mast`\nExpected: {words}\n")
    assert isinstance(step, Verify)
    assert (step.expect.exit == "nonzero") is fails


def test_a_name_that_the_sentence_speaks_of_is_no_output_in_any_language() -> None:
    for words in ("`ship.apk` 生成成功。", "`ship.log` содержит строку", "`ship` が表示される"):
        (step,) = steps(f"**Step 1: Look**\n\nRun: `make mast`\nExpected: {words}\n")
        assert isinstance(step, Verify)
        assert step.expect.contains == ()


@pytest.mark.parametrize(
    ("lead", "change"),
    [
        ("创建 `ship.ts`：", Create),
        ("新建文件 `ship.ts`：", Create),
        ("Créer `ship.ts` :", Create),
        ("Создать файл `ship.ts`:", Create),
        ("在 `pier.ts` 末尾追加：", Append),
        ("在 `pier.ts` 中追加：", Append),
    ],
)
def test_a_block_that_is_all_of_a_file_or_its_end_is_an_edit(lead: str, change: type) -> None:
    files = "**Files:**\n- Create: `ship.ts`\n- Modify: `pier.ts`\n\n"
    (step,) = steps(f"{files}**Step 1: Go on**\n\n{lead}\n\n```ts\nexport const mast = 1\n```\n")
    assert isinstance(step, Edit), step
    assert isinstance(step.changes[0], change)


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("Criar o arquivo", Create),
        ("Criar componente de vela", Create),
        ("创建ship.ts", Create),
        ("Créer le fichier", Create),
        ("Datei anlegen", Create),
    ],
)
def test_a_title_alone_makes_a_file_in_any_language(words: str, change: type) -> None:
    files = "**Files:**\n- Create: `sea/ship.ts`\n\n"
    code = "\n\n```ts\nexport const mast = 1\n```\n"
    (step,) = steps(f"{files}- [ ] **Step 1: {words}**{code}", {})
    assert isinstance(step, Edit), step
    assert isinstance(step.changes[0], change)


@pytest.mark.parametrize("words", ["Criar testes da vela", "Crear la vela en el barco"])
def test_a_title_that_puts_something_elsewhere_makes_no_file(words: str) -> None:
    files = "**Files:**\n- Create: `sea/ship.ts`\n\n"
    code = "\n\n```ts\nexport const mast = 1\n```\n"
    (step,) = steps(f"{files}- [ ] **Step 1: {words}**{code}", {})
    assert isinstance(step, Manual)


PIER = "import a from 'a';\n\nexport const sail = 1;\n"


@pytest.mark.parametrize(
    ("lead", "code", "then", "text"),
    [
        ("Substituir todo o conteúdo de `pier.ts`:", "oar();\n", None, "oar();\n"),
        ("Reemplazar el contenido completo del archivo `pier.ts`:", "oar();\n", None, "oar();\n"),
        ("Inhalt von `pier.ts` ersetzen durch:", "oar();\n", None, "oar();\n"),
        (
            "Localizar em `pier.ts`:", "export const sail = 1;\n",
            ("Substituir por:", "export const sail = 2;\n"), PIER.replace("1", "2"),
        ),
        (
            "Substituir:", "export const sail = 1;\n",
            ("Por:", "export const sail = 2;\n"), PIER.replace("1", "2"),
        ),
        (
            "将：", "export const sail = 1;\n",
            ("改为：", "export const sail = 2;\n"), PIER.replace("1", "2"),
        ),
        (
            "Localizar em `pier.ts`:", "import a from 'a';\n",
            ("Adicionar o import das velas logo abaixo:", "import b from 'b';\n"),
            PIER.replace("'a';\n", "'a';\nimport b from 'b';\n"),
        ),
        ("Localizar e remover a linha:", "export const sail = 1;\n", None, PIER[:19]),
        ("Adicionar ao final de `pier.ts`:", "oar();\n", None, f"{PIER}\noar();\n"),
        ("Ajouter à la fin du fichier `pier.ts` :", "oar();\n", None, f"{PIER}\noar();\n"),
        (
            "Adicionar import:", "import b from 'b';\n", None,
            PIER.replace("'a';\n", "'a';\nimport b from 'b';\n"),
        ),
    ],
)  # fmt: skip
def test_what_is_ordered_in_another_language_is_done(
    lead: str, code: str, then: tuple[str, str] | None, text: str
) -> None:
    words = f"{lead}\n\n```ts\n{code}```\n"
    words += f"\n{then[0]}\n\n```ts\n{then[1]}```\n" if then else ""
    assert made("pier.ts", PIER, words) == text


def test_what_is_ordered_in_part_is_a_persons_in_any_language() -> None:
    for lead in (
        "Substituir o conteúdo da função:",
        "Adicionar ao objeto retornado:",
        "Atualizar:",
    ):
        assert made("pier.ts", PIER, f"{lead}\n\n```ts\noar();\n```\n") is None, lead


def test_a_block_for_a_part_of_a_file_is_a_persons_in_any_language() -> None:
    files = "**Files:**\n- Create: `ship.ts`\n- Modify: `pier.ts`\n\n"
    for lead in (
        "在 `pier.ts` 的 `load` 末尾追加：",
        "在 `ship.ts` 中创建 `load`：",
        "创建 `load`：",
    ):
        (step,) = steps(f"{files}**Step 1: Go on**\n\n{lead}\n\n```ts\nexport const a = 1\n```\n")
        assert isinstance(step, Manual), (lead, step)


@pytest.mark.parametrize(
    "words",
    [
        "見つけた行を「済」に書き換える（今の書き方に合わせる）。",
        "表を**一行ずつレビュー**：",
        "レビュー後に `dock.md` へ確定版を配置。",
        "船の名前を帳簿に書き留める",
    ],
)
def test_japanese_sentences_that_end_in_a_verb_are_instructions(words: str) -> None:
    found = steps(f"**Step 1: 確認**\n\n```bash\ngrep -n mast dock.md\n```\n\n{words}\n")
    assert [type(step) for step in found] == [Verify, Confirm if words.endswith("：") else Manual]


@pytest.mark.parametrize(
    "words",
    [
        "Ne pas exécuter :",
        "N'exécutez jamais :",
        "不要运行：",
        "Nicht ausführen, außer zu zweit:",
        "Никогда не запускать:",
        "実行しないこと:",
        "실행하지 마세요:",
        "Não executar:",
        "必要なら実行:",
        "필요하면 실행:",
        "Au besoin :",
    ],
)
def test_commands_that_are_forbidden_or_depend_on_something_are_a_persons(words: str) -> None:
    (step,) = steps(f"**Step 1: Mast**\n\n{words}\n\n```bash\nrm ship.py\n```\n")
    assert isinstance(step, Manual)


def test_that_something_is_not_so_may_be_checked_in_japanese() -> None:
    (step,) = steps("**Step 1: 消えていないことを確認**\n\n```bash\ngrep -n mast dock.md\n```\n")
    assert isinstance(step, Verify)


def test_what_passes_behind_a_command_is_expected_of_it() -> None:
    body = (
        "**Step 1: 运行测试**\n\n运行 `npm test` 通过\n\n- `npm run lint` 通过\n"
        "- `cargo test` 全部通过\n\n如果 `make ship` 通过，则提交。\n"
    )
    found = [each for each in steps(body) if isinstance(each, Verify)]
    assert [(each.command, each.expect.prose) for each in found] == [
        ("npm test", "通过"), ("npm run lint", "通过"), ("cargo test", "全部通过"),
    ]  # fmt: skip
