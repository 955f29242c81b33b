"""The commands as a user meets them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.main import get_command

from conftest import REPO, edit, every, masterplan, write
from masterplan_cli.cli.app import app_for
from masterplan_cli.cli.help_pages import in_language
from masterplan_cli.diagnostics import Rule
from masterplan_cli.messages import Language
from masterplan_cli.rules import all_rules
from masterplan_cli.scaffold import naming_own_taxonomy
from masterplan_cli.source import Source
from masterplan_cli.yaml_reader import parse_markdown_file, parse_yaml_file

HARBOUR = Path(__file__).parent / "plans" / "harbour"


def test_the_example_plan_is_clean(kota_pasuruan: Path) -> None:
    result = masterplan("check", kota_pasuruan, "--strict")
    assert (result.code, result.out) == (0, "bersih: tidak ada temuan\n")


def test_a_deleted_owner_line_is_one_error_at_its_file(kota_pasuruan: Path) -> None:
    paths = sorted(
        path.relative_to(kota_pasuruan).as_posix() for path in kota_pasuruan.glob("pillars/*/pillar.md")
    )
    assert len(paths) == 6
    for path in paths:
        text = (kota_pasuruan / path).read_text(encoding="utf-8")
        write(kota_pasuruan, path, re.sub(r"^owner:.*\n", "", text, count=1, flags=re.M))
    result = masterplan("check", kota_pasuruan, "--output-format", "json")
    found = json.loads(result.out)
    assert result.code == 1
    assert [one["path"] for one in found] == paths
    keys = {
        "code",
        "severity",
        "message",
        "path",
        "line",
        "column",
        "end_line",
        "end_column",
        "help",
        "agency",
    }
    lines = masterplan("check", kota_pasuruan, "--output-format", "github").out.splitlines()
    for one, annotation in zip(found, lines, strict=True):
        assert set(one) >= keys
        assert (one["code"], one["severity"]) == ("MP101", "error")
        assert one["line"] > 1
        assert "belum punya perangkat daerah pengampu" in one["message"]
        place = f"file={one['path']},line={one['line']},col={one['column']},"
        assert re.fullmatch(rf"::error {place}[^\n]*::[^\n]+", annotation)


def test_a_github_annotation_stays_one_line_whatever_a_file_says(plan: Path) -> None:
    edit(plan, "pillars/alfa/layanan.md", "owner: dinas-a", 'owner: "a%0Ab\\n::error::x, y: z"')
    out = masterplan("check", plan, "--output-format", "github").out
    assert out.count("\n") == 1
    assert out.startswith("::error file=")
    assert "a%250Ab" in out


def test_findings_come_in_a_stable_order(plan: Path) -> None:
    for path in ("pillars/alfa/layanan.md", "pillars/alfa/pillar.md"):
        edit(plan, path, "owner: dinas-a\n", "owner: entah\n")
    edit(plan, "masterplan.yaml", "coordinator: dinas-a", "coordinator: entah")
    lines = masterplan("check", plan, "--output-format", "concise").out.splitlines()
    places = [tuple(line.split(":")[:1]) + tuple(map(int, line.split(":")[1:3])) for line in lines]
    assert len(places) == 3
    assert places == sorted(places)


def test_warnings_fail_only_when_asked(plan: Path) -> None:
    edit(plan, "pillars/alfa/layanan.md", "quick_win: Ya\n", "")
    assert masterplan("check", plan).code == 0
    assert masterplan("check", plan, "--strict").code == 1


def test_messages_in_english(plan: Path) -> None:
    edit(plan, "pillars/alfa/pillar.md", "owner: dinas-a\n", "")
    out = masterplan("check", plan, "--lang", "en").out
    assert "pillar `alfa` has no owning agency" in out
    assert "1 error, 0 warnings" in out


def test_the_plan_is_found_upwards(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(plan / "pillars" / "alfa")
    assert masterplan("check").code == 0


def test_no_plan_is_wrong_use(tmp_path: Path) -> None:
    result = masterplan("check", tmp_path)
    assert result.code == 2
    assert "masterplan init" in result.err


@pytest.mark.parametrize(
    "args",
    [
        ["check", "pilars"],
        ["check", "--fix", "pilars"],
        ["build", "pilars"],
        ["serve", "pilars", "--no-open"],
        ["watch", "pilars"],
        ["tasks", "pilars"],
        ["status", "pilars"],
        ["codeowners", "pilars"],
        ["new", "agency", "dinas-c", "--path", "pilars"],
        ["new", "program", "alfa", "x", "--path", "pilars"],
    ],
)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_path_that_does_not_exist_is_no_way_to_the_plan_above_it(
    plan: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], lang: str
) -> None:
    monkeypatch.chdir(plan)
    result = masterplan(*args, "--lang", lang)
    said = {
        "id": "masterplan: `pilars` tidak ada; mungkin maksudnya `pillars`\n",
        "en": "masterplan: there is no `pilars`; did you mean `pillars`?\n",
    }
    assert (result.code, result.out, result.err) == (2, "", said[lang])
    far = masterplan("check", "pillars/entah-apa/di-mana")
    assert (far.code, far.err) == (
        2,
        f"masterplan: `{Path('pillars/entah-apa/di-mana')}` tidak ada; tulis folder rencana yang ada\n",
    )


@pytest.mark.parametrize(
    "args",
    [
        ["build", "--to", "pdff"],
        ["build", "--to", ","],
        ["build", "--date", "kemarin"],
        ["explain", "MP99"],
        ["new", "program", "gama", "x"],
        ["new", "program", "alfa", "Dua Kata"],
        ["new", "agency", "dinas-a"],
    ],
)
def test_wrong_use_is_two_and_says_why(plan: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]) -> None:
    monkeypatch.chdir(plan)
    result = masterplan(*args)
    assert result.code == 2
    assert result.err.startswith("masterplan: ")


@pytest.mark.parametrize(
    ("line", "indonesian", "english"),
    [
        (
            "explain",
            "argumen `CODE` belum ditulis; tulis `masterplan explain CODE`; lihat `masterplan explain --help`",
            "the argument `CODE` is missing; write `masterplan explain CODE`; see `masterplan explain --help`",
        ),
        (
            "new program alfa",
            "tulis `masterplan new program PILLAR ID`",
            "write `masterplan new program PILLAR ID`",
        ),
        (
            "schema",
            "argumen `KIND` belum ditulis; pilihannya: masterplan, agency,",
            "the choices: masterplan, agency,",
        ),
        (
            "chek",
            "perintah `chek` tidak ada; mungkin maksudnya `check`",
            "there is no command `chek`; did you mean",
        ),
        ("new agncy", "mungkin maksudnya `agency`; lihat `masterplan new --help`", "did you mean `agency`?"),
        (
            "check --eror",
            "opsi `--eror` tidak ada; mungkin maksudnya `--errors`",
            "there is no option `--eror`",
        ),
        (
            "--entah",
            "opsi `--entah` tidak ada; lihat `masterplan --help`",
            "there is no option `--entah`; see",
        ),
        (
            "tasks --to xls",
            "`xls` tidak dikenal untuk `--to`; mungkin maksudnya `xlsx`",
            "`xls` is no choice for `--to`",
        ),
        (
            "schema z",
            "`z` tidak dikenal untuk `KIND`; pilihannya: masterplan,",
            "`z` is no choice for `KIND`; the",
        ),
        ("check --lang fr", "`fr` tidak dikenal untuk `--lang`; pilihannya: id, en", "the choices: id, en"),
        (
            "check --only",
            "opsi `--only` memerlukan nilai sesudahnya; lihat `masterplan check --help`",
            "option `--only` needs a value after it",
        ),
        (
            "check --strict=1",
            "opsi `--strict` tidak memakai nilai; tulis `--strict` saja",
            "takes no value; write",
        ),
        (
            "check a b c",
            "argumen ini berlebih: `b c`; nama yang memuat spasi",
            "these arguments are too many: `b c`",
        ),
        (
            "serve --port x",
            "nilai `--port` harus bilangan bulat",
            "the value of `--port` must be a whole number",
        ),
        ("serve --port 0", "nilai `--port` paling kecil 1", "the value of `--port` is at least 1"),
        ("serve --port 70000", "nilai `--port` paling besar 65535", "the value of `--port` is at most 65535"),
    ],
)
def test_wrong_use_of_the_command_line_is_told_in_the_language_of_the_user(
    line: str, indonesian: str, english: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = [masterplan(*line.split())]
    monkeypatch.setenv("MASTERPLAN_LANG", "en")
    results.append(masterplan(*line.split()))
    for result, said in zip(results, (indonesian, english), strict=True):
        assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
        assert result.err.startswith("masterplan: ")
        assert said in result.err
        assert not re.search(r"Usage|Error|Missing|Invalid|Value error", result.err)


def test_the_language_that_is_asked_for_counts_although_the_rest_does_not_read() -> None:
    for args in (
        ["check", "--entah", "--lang", "en"],
        ["--lang=en", "chek"],
        ["check", "--lang=en", "--only"],
    ):
        assert "see `masterplan" in masterplan(*args).err
    assert "lihat `masterplan" in masterplan("check", "--entah", "--lang").err


def test_build_says_where_the_files_are_and_what_they_hold(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(plan)
    result = masterplan("build")
    assert result.code == 0
    names = ["build/masterplan.html", "build/masterplan.md", "build/masterplan.json"]
    assert result.out.replace("\\", "/").splitlines() == [
        *names,
        "1 pilar, 1 program, 2 perangkat daerah, 0 peringatan",
    ]
    assert all((plan / name).is_file() for name in names)


def test_a_failing_check_writes_nothing(plan: Path) -> None:
    edit(plan, "pillars/alfa/pillar.md", "owner: dinas-a\n", "")
    result = masterplan("build", plan)
    assert result.code == 1
    assert "MP101" in result.out
    assert not (plan / "build").exists()
    assert masterplan("build", plan, "--draft", "--to", "html").code == 0
    assert [p.name for p in (plan / "build").iterdir()] == ["masterplan.html"]


def test_a_plan_of_another_shape_builds_and_checks_as_well(tmp_path: Path) -> None:
    root = shutil.copytree(HARBOUR, tmp_path / "harbour")
    assert masterplan("check", root, "--strict").code == 0
    assert masterplan("build", root).code == 0
    page = (root / "build" / "masterplan.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "Participation Matrix" in page
    assert "Rp\N{NO-BREAK SPACE}1.25\N{NO-BREAK SPACE}billion" in page
    edit(root, "pillars/water/pillar.md", "owner: port\n", "")
    out = masterplan("check", root).out
    assert "has no owning agency" in out


def test_the_tool_knows_no_name_of_its_first_city() -> None:
    for path in [
        *(REPO / "src").rglob("*.py"),
        *(REPO / "src").rglob("*.yaml"),
        *(REPO / "templates").rglob("*.*"),
    ]:
        # How agencies are called for short all over the country stands with the exports that name them in full.
        agencies = "" if path.name == "sipd.yaml" else "|diskominfotik|disperindag"
        assert not re.search(rf"pasuruan|madinah{agencies}", path.read_text(encoding="utf-8"), re.I), path


@pytest.mark.parametrize("rule", all_rules(), ids=lambda r: r.code)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_code_is_explained(rule: Rule, lang: str) -> None:
    result = masterplan("explain", rule.code.lower(), "--lang", lang)
    assert result.code == 0
    text = " ".join(result.out.split())
    assert rule.why[lang == "en"] in text
    assert not re.search(r"\{\w+\}", text)
    for sentence in (s for form in (rule.text, *rule.variants.values()) for s in form):
        words = re.sub(r"\S*\{\w+\}\S*", "", sentence[lang == "en"]).replace("{{", "{").replace("}}", "}")
        assert max(words.split(), key=len, default="") in text
    assert max(map(len, result.out.splitlines())) <= 80


def test_a_code_is_found_without_its_letters_and_its_beginning_lists_what_begins_so() -> None:
    assert masterplan("explain", "101").out == masterplan("explain", "MP101").out
    for begun in ("MP1", "mp1xx", "1"):
        out = masterplan("explain", begun).out
        assert set(re.findall(r"^  (MP\d{3}) ", out, flags=re.M)) == {
            rule.code for rule in all_rules() if rule.code.startswith("MP1")
        }


@pytest.mark.parametrize("lang", ["id", "en"])
def test_all_rules_are_listed_below_their_family(lang: str) -> None:
    out = masterplan("rules", "--lang", lang).out
    assert re.findall(r"^  (MP\d{3}) ", out, flags=re.M) == [rule.code for rule in all_rules()]
    assert len(re.findall(r"^MP\dxx \w", out, flags=re.M)) == len({r.code[:3] for r in all_rules()})
    assert max(map(len, out.splitlines())) <= 80


PAGES = [
    "explain MP101",
    "explain MP024",
    "explain MP101 --lang en",
    "rules",
    "--help",
    "--help --lang en",
    "check --help",
    "check --help --lang en",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_help_looks_as_it_was_approved(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    out = masterplan(*page.split()).out
    golden = Path(__file__).parent / "golden" / f"{page.replace('--', '').replace(' ', '-')}.txt"
    if os.environ.get("MASTERPLAN_UPDATE"):
        golden.write_text(out, encoding="utf-8")
    assert out == golden.read_text(encoding="utf-8")


def _helps(command: Any) -> Iterator[str]:
    """Every sentence of help of a command and of those below it."""
    yield command.help
    yield from (param.help for param in command.params if getattr(param, "help", None))
    for below in getattr(command, "commands", {}).values():
        yield from _helps(below)


def test_every_sentence_of_help_is_said_in_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    said: dict[Language, list[str]] = {}
    for language in Language:
        monkeypatch.setenv("MASTERPLAN_LANG", language.value)
        sentences = list(_helps(get_command(app_for([]))))
        said[language] = [in_language(sentence, language) for sentence in sentences]
    assert len(said[Language.ID]) > 50
    same = [a for a, b in zip(said[Language.ID], said[Language.EN], strict=True) if a == b]
    assert not same


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("new --help", "Cara pakai: "),
        ("new", "Cara pakai: "),
        ("--lang en --help", "Usage: "),
        ("new program -h --lang=en", "Usage: "),
        ("check --lang en --help", "Usage: "),
        ("check --help --lang id", "Cara pakai: "),
    ],
)
def test_a_page_of_help_is_in_the_language_that_was_asked_for(line: str, title: str) -> None:
    result = masterplan(*line.split())
    assert (result.out + result.err).startswith(title)


SCHEMAS = {
    "masterplan": "masterplan.yaml",
    "agency": "agencies/*.yaml",
    "pillar": "pillars/*/pillar.md",
    "program": "pillars/*/*",
    "chapter": "chapters/*.md",
}


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_json_schema_accepts_the_example_and_describes_each_field(kind: str) -> None:
    schema = json.loads(masterplan("schema", kind).out)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    seen = 0
    for path in REPO.glob(SCHEMAS[kind]):
        if kind == "program" and path.name == "pillar.md":
            continue
        source = Source(path.name, path.read_text(encoding="utf-8"))
        value = (parse_markdown_file if path.suffix == ".md" else parse_yaml_file)(source).value
        assert not list(validator.iter_errors(value)), path
        seen += 1
    assert seen
    assert all(field["description"] for field in schema["properties"].values())
    english = json.loads(masterplan("schema", kind, "--lang", "en").out)
    assert english["properties"] != schema["properties"]


def test_a_json_schema_goes_into_a_file(tmp_path: Path) -> None:
    file = tmp_path / "skema baru" / "program.json"
    result = masterplan("schema", "program", "--out", file)
    assert (result.code, result.out) == (0, f"{file}\n")
    assert file.read_bytes() == masterplan("schema", "program").out.encode("utf-8")
    assert file.read_bytes().endswith(b"}\n")


def test_the_json_schema_refuses_what_the_tool_refuses() -> None:
    validator = Draft202012Validator(json.loads(masterplan("schema", "program").out))
    assert not validator.is_valid({"title": "x", "ownr": "y"})
    assert not validator.is_valid({"owner": "y"})


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_new_plan_is_clean_once_its_owners_and_its_source_are_named(tmp_path: Path, lang: str) -> None:
    root = tmp_path / "kota-baru"
    assert masterplan("init", root, "--name", "Kota: Baru #1", "--lang", lang).code == 0
    result = masterplan("check", root, "--output-format", "json")
    assert {(f["code"]) for f in json.loads(result.out)} == {"MP101", "MP103", "MP503"}
    for path in (root / "pillars").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"^owner:.*$", "owner: diskominfo", text, flags=re.M)
        path.write_text(re.sub(r" \((ganti dengan|replace by) .*\)$", "", text, flags=re.M), encoding="utf-8")
    assert masterplan("check", root, "--strict").code == 0
    assert masterplan("build", root).code == 0
    assert "Kota: Baru #1" in (root / "build" / "masterplan.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", "  ", "Kota\x07"])
def test_a_plan_of_no_region_is_not_made(tmp_path: Path, name: str) -> None:
    result = masterplan("init", tmp_path / "kota", "--name", name)
    assert (result.code, result.out) == (2, "")
    assert '--name "Kota Contoh"' in result.err
    assert not (tmp_path / "kota").exists()


@pytest.mark.deep
@pytest.mark.skipif(os.name == "nt", reason="asks a shell")
@pytest.mark.parametrize(
    ("folder", "lang"), every(3, product(["kota", "kota baru", "kota's", "$HOME"], ["id", "en"]))
)
def test_the_step_after_init_works_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, lang: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = masterplan("init", folder, "--lang", lang).err
    [command] = re.findall(r"`(masterplan check .*)`", said)
    assert "`owner: diskominfo`" in said
    ours = f'masterplan() {{ "{sys.executable}" -m masterplan_cli "$@"; }}; {command} --output-format concise'
    done = subprocess.run(["sh", "-c", ours], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("MP101")) == (1, 6)


def test_a_new_program_asks_for_the_owner_that_nobody_named(plan: Path) -> None:
    result = masterplan("new", "program", "alfa", "satu", "--path", plan)
    assert (result.code, "isi `owner:`" in result.err) == (0, True)
    result = masterplan("new", "program", "alfa", "dua", "--owner", "Dinas B", "--path", plan)
    assert (result.code, result.err) == (0, "")
    assert "owner: dinas-b\n" in (plan / "pillars/alfa/dua.md").read_text(encoding="utf-8")
    assert masterplan("new", "program", "alfa", "tiga", "--owner", "entah", "--path", plan).code == 2


def test_init_overwrites_nothing(plan: Path) -> None:
    before = {p: p.read_bytes() for p in plan.rglob("*") if p.is_file()}
    assert masterplan("init", plan).code == 2
    assert {p: p.read_bytes() for p in plan.rglob("*") if p.is_file()} == before


def test_a_new_program_and_a_new_agency_read_well(plan: Path) -> None:
    assert masterplan("new", "agency", "dinas-c", "--name", "Dinas: C", "--path", plan).code == 0
    assert (
        masterplan(
            "new",
            "program",
            "alfa",
            "pasar-baru",
            "--title",
            "Pasar #1",
            "--owner",
            "dinas-c",
            "--path",
            plan,
        ).code
        == 0
    )
    found = json.loads(masterplan("check", plan, "--output-format", "json").out)
    assert {f["severity"] for f in found} == {"warning"}
    assert masterplan("new", "program", "alfa", "pasar-baru", "--path", plan).code == 2


@pytest.mark.parametrize(
    ("id_", "name", "lines"),
    [
        ("dinkes", "Dinas Kesehatan", ["short: Dinkes", "kind: dinas", "head: Kepala Dinas Kesehatan"]),
        ("bpbd", "Badan Penanggulangan Bencana", ["short: BPBD", "kind: badan", "head: Kepala Badan"]),
        ("purworejo", "Kecamatan Purworejo", ["kind: kecamatan", "head: Camat Purworejo"]),
        ("setda", "Sekretariat Daerah", ["kind: sekretariat", "head: Sekretaris Daerah"]),
        ("itda", "Inspektorat", ["kind: inspektorat", "head: Inspektur\n"]),
        ("rsud", "RSUD dr. Soedarsono", ["short: RSUD", "kind: rsud", "head: Direktur RSUD dr. Soedarsono"]),
        ("rs-kota", "Rumah Sakit Umum Daerah", ["kind: rsud"]),
        ("kb", "Keluarga Berencana", ["kind: dinas"]),
    ],
)
def test_a_new_agency_has_the_kind_and_the_head_that_its_name_tells(
    plan: Path, id_: str, name: str, lines: list[str]
) -> None:
    assert masterplan("new", "agency", id_, "--name", name, "--path", plan).code == 0
    text = (plan / f"agencies/{id_}.yaml").read_text(encoding="utf-8")
    for line in lines:
        assert f"\n{line}" in text


@pytest.mark.parametrize(
    ("name", "kind"), [("Kota Baru", "Kota"), ("Kabupaten Baru", "Kabupaten"), ("Provinsi Baru", "Provinsi")]
)
def test_a_new_plan_has_money_from_the_budget_of_its_own_region(tmp_path: Path, name: str, kind: str) -> None:
    masterplan("init", tmp_path / "baru", "--name", name)
    masterplan("new", "program", "smart-living", "lain", "--path", tmp_path / "baru")
    for path in ("smart-governance/kanal-aduan.md", "smart-living/lain.md"):
        text = (tmp_path / "baru/pillars" / path).read_text(encoding="utf-8")
        assert set(re.findall(r"source: (APBD .*)", text)) == {f"APBD {kind}"}


def test_a_new_plan_prints_no_sentence_twice_and_no_empty_chapter(tmp_path: Path) -> None:
    root = tmp_path / "baru"
    masterplan("init", root)
    for file in root.glob("pillars/*/*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("\nowner:\n", "\nowner: diskominfo\n"), encoding="utf-8")
    assert masterplan("build", root, "--to", "md", "--date", "2026-01-01").code == 0
    text = (root / "build/masterplan.md").read_text(encoding="utf-8")
    assert text.count("Ekosistem ekonomi yang mengikuti zaman informasi.") == 1
    assert "Pemantauan dan Penutup" not in text


def test_an_owner_is_found_by_its_name_and_an_unknown_one_is_refused(plan: Path) -> None:
    for number, word in enumerate(["Dinas B", "dinas  b", "B", "dinas-b"]):
        assert masterplan("new", "program", "alfa", f"p{number}", "--owner", word, "--path", plan).code == 0
        assert "\nowner: dinas-b\n" in (plan / f"pillars/alfa/p{number}.md").read_text(encoding="utf-8")
    result = masterplan("new", "program", "alfa", "lain", "--owner", "Dinass B", "--path", plan)
    assert result.code == 2
    assert (
        "perangkat daerah `Dinass B` tidak ada di agencies/; mungkin maksudnya `dinas-b` (Dinas B)"
        in result.err
    )
    assert not (plan / "pillars/alfa/lain.md").exists()
    nobody = masterplan("new", "program", "alfa", "lain", "--owner", "disperindag", "--path", plan)
    assert 'yang belum ada dibuat dengan `masterplan new agency disperindag --name "…"`' in nobody.err


@pytest.mark.parametrize(
    ("args", "again"),
    [
        (["program", "alfa", "Antrian Puskesmas Daring"], ["program", "alfa", "antrian-puskesmas-daring", "--title", "Antrian Puskesmas Daring"]),
        (["agency", "Dinas Kesehatan"], ["agency", "dinas-kesehatan", "--name", "Dinas Kesehatan"]),
    ],
)  # fmt: skip
def test_a_title_in_place_of_an_id_comes_back_as_a_command(
    plan: Path, args: list[str], again: list[str]
) -> None:
    result = masterplan("new", *args, "--path", plan)
    assert result.code == 2
    command = shlex.split(result.err.split("`")[-2])
    assert command == ["masterplan", "new", *again]
    assert masterplan(*command[1:], "--path", plan).code == 0


def test_a_new_agency_needs_its_full_name(plan: Path) -> None:
    result = masterplan("new", "agency", "dinkes", "--path", plan)
    assert result.code == 2
    assert '--name "Dinas …"' in result.err
    assert masterplan("new", "agency", "dinkes", "--name", "Dinas Kesehatan", "--path", plan).code == 0
    assert "name: Dinas Kesehatan\nshort: Dinkes\n" in (plan / "agencies/dinkes.yaml").read_text(
        encoding="utf-8"
    )


def test_untouched_words_of_the_scaffold_are_found(tmp_path: Path) -> None:
    for lang, phrase in (("id", "ganti dengan sumber kota ini"), ("en", "replace by this city's source")):
        masterplan("init", tmp_path / lang, "--lang", lang)
        found = json.loads(masterplan("check", tmp_path / lang, "--output-format", "json").out)
        assert [f["code"] for f in found if phrase in f["message"]] == ["MP503"]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_taxonomy_of_ones_own_begins_as_the_shipped_one(tmp_path: Path, lang: str) -> None:
    root = tmp_path / "kota"
    masterplan("init", root, "--lang", lang)
    before = (root / "masterplan.yaml").read_bytes()
    found = masterplan("check", root).out
    result = masterplan("new", "taxonomy", "--path", root)
    assert (result.code, result.out) == (0, f"{root / 'taxonomy.yaml'}\n")
    assert "`taxonomy: taxonomy.yaml`" in result.err
    after = (root / "masterplan.yaml").read_bytes()
    assert after == before.replace(b"taxonomy: kominfo-2021", b"taxonomy: taxonomy.yaml")
    assert masterplan("check", root).out == found
    again = masterplan("new", "taxonomy", "--path", root)
    assert (again.code, (root / "masterplan.yaml").read_bytes()) == (2, after)


def test_a_plan_that_names_no_taxonomy_gets_a_line_for_it(kota_pasuruan: Path) -> None:
    settings = kota_pasuruan / "masterplan.yaml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    rest = [one for one in lines if not one.startswith("taxonomy:")]
    settings.write_text("".join(rest), encoding="utf-8")
    assert masterplan("new", "taxonomy", "--path", kota_pasuruan).code == 0
    after = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    assert after[after.index("taxonomy: taxonomy.yaml\n") - 1] == "    period: 2027-2031\n", "behind `phases`"
    assert [one for one in after if not one.startswith("taxonomy:")] == rest
    assert masterplan("check", kota_pasuruan, "--strict").code == 0


def test_a_taxonomy_of_another_name_stays_and_the_command_says_what_to_write(kota_pasuruan: Path) -> None:
    masterplan("new", "taxonomy", "--path", kota_pasuruan)
    (kota_pasuruan / "taxonomy.yaml").rename(kota_pasuruan / "milik.yaml")
    edit(kota_pasuruan, "masterplan.yaml", "taxonomy: taxonomy.yaml", "taxonomy: milik.yaml")
    before = (kota_pasuruan / "masterplan.yaml").read_bytes()
    result = masterplan("new", "taxonomy", "--path", kota_pasuruan)
    assert (result.code, (kota_pasuruan / "masterplan.yaml").read_bytes()) == (0, before)
    assert "tulis `taxonomy: taxonomy.yaml` di masterplan.yaml" in result.err


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("taxonomy: 'kominfo-2021'\r\n", "taxonomy: 'taxonomy.yaml'\r\n"),
        ('taxonomy:  "kominfo-2021" # x\n', 'taxonomy:  "taxonomy.yaml" # x\n'),
        ("taxonomy: kominfo-2021", "taxonomy: taxonomy.yaml"),
    ],
)
def test_the_name_of_the_taxonomy_is_replaced_and_nothing_else(line: str, after: str) -> None:
    text = "title: x\n# taxonomy: kominfo-2021\n"
    edited = naming_own_taxonomy(f"{text}{line}".encode(), "kominfo-2021")
    assert edited == {"masterplan.yaml": f"{text}{after}".encode()}
    assert naming_own_taxonomy(b"taxonomy: milik.yaml\n", "milik.yaml") == {}


def test_a_terminal_gets_no_control_characters_from_a_file(plan: Path) -> None:
    edit(plan, "pillars/alfa/layanan.md", "owner: dinas-a", 'owner: "\\e[31mmerah\\u202e"')
    out = masterplan("check", plan).out
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize("args", [["--help"], ["--version"]])
def test_help_loads_none_of_the_libraries_that_work_needs(args: list[str]) -> None:
    """An officer who asks how something is written should not wait for what makes a document."""
    heavy = {"pydantic", "yaml", "jinja2", "markdown_it", "xlsxwriter", "typst", "docx", "lxml"}
    code = (
        "import sys\nfrom masterplan_cli.cli.app import app_for\n"
        f"try: app_for({args!r})({args!r})\nexcept SystemExit as end: assert not end.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "masterplan" in run.stdout
    assert "masterplan_cli.cli.app" in run.stderr.split()
    assert heavy.isdisjoint(run.stderr.split())


def test_help_and_version() -> None:
    assert "build" in masterplan("--help").out
    assert re.fullmatch(r"masterplan \d+\.\d+\.\d+\n", masterplan("--version").out)
