"""Pipelines, hooks and CODEOWNERS: valid by the schemas of their systems, and run here as those would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import REPO, SMALL_PLAN, commit, edit, every, git, masterplan, write
from masterplan_cli.cli.options import Form

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
on_posix = pytest.mark.skipif(os.name != "posix", reason="runs shell scripts")

GITHUB, GITLAB = ".github/workflows/masterplan.yml", ".gitlab-ci.yml"
PIPELINES = {"github": GITHUB, "gitlab": GITLAB}
SCHEMAS = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}
PILLAR = "pillars/alfa/pillar.md"


def break_plan(root: Path) -> None:
    edit(root, PILLAR, "owner: dinas-a\n", "owner: entah\n")


def valid(schema: str, path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)], capture_output=True
    )
    assert run.returncode == 0, run.stdout.decode()


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


# --- a machine of a CI system


@dataclass
class Machine:
    """Runs the shell lines of a pipeline: the real command, and a pip and an apt-get that only note their words."""

    root: Path
    home: Path
    failed: bool = False
    outcome: dict[str, str] = field(default_factory=dict)
    log: str = ""
    #: The repository that a pull request comes from, and what GitLab tells of a merge request.
    source: str = ""
    event: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        write(self.home, "bin/masterplan", f'#!/bin/sh\nexec "{sys.executable}" -m masterplan_cli "$@"\n')
        for name in ("pip", "apt-get"):
            write(self.home, f"bin/{name}", f'#!/bin/sh\nprintf \'%s\\n\' "$@" >> "{self.home}/{name}"\n')
        for tool in (self.home / "bin").iterdir():
            tool.chmod(0o755)
        for name in ("summary", "output", "pip"):
            write(self.home, name, "")

    def bash(self, script: str, env: dict[str, str]) -> int:
        own = {
            "PATH": f"{self.home / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(self.home / "summary"),
            "GITHUB_OUTPUT": str(self.home / "output"),
            "GITHUB_ACTION_PATH": str(REPO),
            "GITHUB_REPOSITORY": "kota/rencana",
            "GITHUB_EVENT_NAME": "push",
            "CI_PROJECT_ID": "7",
            **self.event,
        }
        run = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.root, env={**os.environ, **own, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.log += run.stdout.decode()
        return run.returncode

    def github(self, steps: list[dict[str, Any]], env: dict[str, str], inputs: dict[str, str]) -> None:
        """Run the steps that have a script, as their conditions and the failure of an earlier one tell."""
        for step in steps:
            if "run" in step and self._wanted(str(step.get("if", "success()")), inputs):
                code = self.bash(step["run"], env | _filled(step.get("env", {}), inputs, self.source))
                self.outcome[step.get("id", step["name"])] = "failure" if code else "success"
                self.failed |= code != 0

    def _wanted(self, condition: str, inputs: dict[str, str]) -> bool:
        condition = condition.replace("success()", str(not self.failed)).replace(
            "failure()", str(self.failed)
        )
        condition = re.sub(r"steps\.(\w+)\.outcome", lambda m: repr(self.outcome.get(m[1])), condition)
        condition = re.sub(r"inputs\.(\w+)", lambda m: repr(inputs[m[1]]), condition)
        return bool(eval(condition.replace("&&", "and").replace("||", "or"), {"__builtins__": {}}))

    def gitlab(self, job: dict[str, Any]) -> None:
        """Run a job's lines in one shell."""
        variables = {name: str(value).replace("$$", "$") for name, value in job["variables"].items()}
        self.failed = self.bash("\n".join([*job["before_script"], *job["script"]]), variables) != 0

    @property
    def built(self) -> str:
        page = next(self.root.rglob("build/masterplan.html"), None)
        return page.read_text(encoding="utf-8") if page else ""

    def noted(self, tool: str) -> list[str]:
        return (self.home / tool).read_text(encoding="utf-8").splitlines()


def _filled(env: dict[str, str], inputs: dict[str, str], source: str) -> dict[str, str]:
    head = "${{ github.event.pull_request.head.repo.full_name }}"
    env = {name: value.replace(head, source) for name, value in env.items()}
    return {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: inputs[m[1]], value)
        for name, value in env.items()
    }


@pytest.fixture
def machine(plan: Path, tmp_path: Path) -> Machine:
    return Machine(plan, tmp_path / "mesin")


def run_pipeline(machine: Machine, system: str, top: Path | None = None) -> None:
    """Run a pipeline in a fresh clone of its repository."""
    commit(top or machine.root)
    clone = machine.home / "klon"
    git(machine.home, "clone", "-q", str(top or machine.root), str(clone))
    machine.root = clone
    pipeline = load(clone / PIPELINES[system])
    if system == "github":
        machine.github(pipeline["jobs"]["masterplan"]["steps"], pipeline["env"], {})
    else:
        machine.gitlab(pipeline["masterplan"])


# --- init --ci


@pytest.mark.parametrize("system", PIPELINES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_new_plan_gets_a_pipeline_that_its_system_accepts(tmp_path: Path, system: str, lang: str) -> None:
    root = tmp_path / "baru"
    result = masterplan("init", root, "--ci", system, "--lang", lang)
    assert result.code == 0
    assert (root / "masterplan.yaml").is_file()
    pipeline = root / PIPELINES[system]
    valid(SCHEMAS[system], pipeline)
    text = pipeline.read_text(encoding="utf-8")
    assert ("Yang dipasang oleh pip" in text) is (lang == "id")
    assert ("What pip installs" in text) is (lang == "en")
    assert "git+https://" in text
    assert ".whl" in text
    assert f'"masterplan-cli=={masterplan("--version").out.split()[1]}"' in text
    assert not re.search(r"^ *#(id|en) |%[A-Z]+%", text, flags=re.M)


def test_init_says_that_the_package_may_have_to_be_named_where_nobody_named_it(
    plan: Path, tmp_path: Path
) -> None:
    for folder in (plan, tmp_path / "baru"):
        result = masterplan("init", folder, "--ci", "github")
        assert "ganti PACKAGE di pipeline itu" in result.err
        named = masterplan("init", folder, "--ci", "gitlab", "--package", "./alat/x.whl", "--lang", "en")
        assert (named.code, "PACKAGE" in named.err) == (0, False)
    assert "PACKAGE" not in masterplan("init", tmp_path / "tanpa").err


@pytest.mark.parametrize("system", PIPELINES)
def test_a_plan_that_exists_gets_the_pipeline_alone_in_its_own_language(plan: Path, system: str) -> None:
    before = {p: p.read_bytes() for p in plan.rglob("*") if p.is_file()}
    result = masterplan("init", plan, "--ci", system)
    assert result.code == 0
    assert {p for p in plan.rglob("*") if p.is_file()} - before.keys() == {plan / PIPELINES[system]}
    assert {p: p.read_bytes() for p in before} == before
    assert "Memeriksa rencana" in (plan / PIPELINES[system]).read_text(encoding="utf-8")
    assert (
        masterplan("init", plan, "--ci", "gitlab" if system == "github" else "github", "--lang", "en").code
        == 0
    )
    texts = [(plan / path).read_text(encoding="utf-8") for path in PIPELINES.values()]
    assert any("Checks the plan" in text for text in texts)


@pytest.mark.parametrize("system", PIPELINES)
def test_a_pipeline_that_exists_is_left_alone(plan: Path, system: str) -> None:
    write(plan, PIPELINES[system], "milik kami\n")
    result = masterplan("init", plan, "--ci", system)
    assert (result.code, result.out) == (2, "")
    assert "sudah ada; tidak ada yang diubah" in result.err
    assert (plan / PIPELINES[system]).read_text(encoding="utf-8") == "milik kami\n"


def test_init_without_ci_still_refuses_a_plan_that_exists(plan: Path) -> None:
    assert masterplan("init", plan).code == 2
    assert not (plan / ".gitattributes").exists()


def test_a_new_plan_tells_git_about_line_ends_and_outputs(tmp_path: Path) -> None:
    assert masterplan("init", tmp_path / "baru").code == 0
    assert (tmp_path / "baru" / ".gitattributes").read_text() == "*.md text eol=lf\n*.yaml text eol=lf\n"
    assert (tmp_path / "baru" / ".gitignore").read_text() == "build/\n.masterplan-*.tmp\n"


def test_a_repository_that_has_its_own_git_files_keeps_them(tmp_path: Path) -> None:
    write(tmp_path, ".gitattributes", "* text=auto\n")
    result = masterplan("init", tmp_path)
    assert result.code == 0
    assert "pastikan isinya memuat `*.md text eol=lf`, `*.yaml text eol=lf`" in result.err
    assert (tmp_path / ".gitattributes").read_text() == "* text=auto\n"
    assert (tmp_path / ".gitignore").is_file()


@pytest.mark.parametrize("package", ["", " ", "-r x", "a\nb"])
def test_a_package_that_pip_would_misread_is_wrong_use(plan: Path, package: str) -> None:
    result = masterplan("init", plan, "--ci", "github", "--package", package)
    assert result.code == 2
    assert "dapat dipasang pip" in result.err
    assert not (plan / GITHUB).exists()


def test_the_pipeline_of_a_plan_in_a_subfolder_stands_at_the_top(plan: Path, tmp_path: Path) -> None:
    top = tmp_path / "atas"
    root = shutil.copytree(plan, top / "kota é" / "rencana $baru")
    commit(top)
    for system, path in PIPELINES.items():
        assert masterplan("init", root, "--ci", system).code == 0
        valid(SCHEMAS[system], top / path)
    assert load(top / GITHUB)["env"]["PLAN"] == "./kota é/rencana $baru"
    assert load(top / GITLAB)["masterplan"]["variables"]["PLAN"] == "./kota é/rencana $$baru"
    assert load(top / GITLAB)["masterplan"]["artifacts"]["paths"] == ["kota é/rencana $baru/build/"]


def test_a_new_plan_inside_another_repository_is_told_that_its_pipeline_would_not_run(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "a")
    commit(tmp_path)
    result = masterplan("init", tmp_path / "baru", "--ci", "github")
    assert result.code == 0
    assert (tmp_path / "baru" / GITHUB).is_file()
    assert "pipeline hanya berjalan dari puncak repo" in result.err
    git(tmp_path, "init", "-q", "sendiri")
    assert "puncak repo" not in masterplan("init", tmp_path / "sendiri", "--ci", "github").err


# --- the pipelines, run


PACKAGE = "masterplan-cli @ git+https://example.org/a b$HOME'\"@v1"


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bool], Machine]:
    """A system's machine after its pipeline has run, on a clean plan or on one that is broken."""

    def run(system: str, broken: bool) -> Machine:
        folder = tmp_path_factory.mktemp("jalan")
        machine = Machine(Path(shutil.copytree(SMALL_PLAN, folder / "plan")), folder / "mesin")
        assert masterplan("init", machine.root, "--ci", system, "--package", PACKAGE).code == 0
        if broken:
            break_plan(machine.root)
        run_pipeline(machine, system)
        return machine

    return cache(run)


@on_posix
@pytest.mark.parametrize("system", PIPELINES)
def test_a_clean_plan_passes_and_hands_over_its_document(
    after: Callable[[str, bool], Machine], system: str
) -> None:
    machine = after(system, False)
    assert not machine.failed, machine.log
    assert machine.noted("pip")[-1] == PACKAGE
    assert "Rencana Kota Uji" in machine.built
    assert "DRAF" not in machine.built
    assert "bersih: tidak ada temuan" in machine.log or system == "github"


PULLED = {"GITHUB_EVENT_NAME": "pull_request"}
#: What the event says of where a change comes from, on GitHub and on GitLab: a push, a branch, a fork.
SOURCES = {
    "a push": ("", {}),
    "a branch": ("kota/rencana", {**PULLED, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "7"}),
    "a fork": ("orang/rencana", {**PULLED, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "8"}),
    "a fork that is gone": ("", {**PULLED, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "8"}),
}


@pytest.mark.deep
@on_posix
@pytest.mark.parametrize(("system", "source"), every(7, product([*PIPELINES, "action"], SOURCES)))
def test_only_the_templates_of_a_fork_are_ignored(machine: Machine, system: str, source: str) -> None:
    write(machine.root, "templates/vision.md.j2", "# PUNYA-RENCANA\n")
    machine.source, machine.event = SOURCES[source]
    if system == "action":
        run_action(machine)
    else:
        masterplan("init", machine.root, "--ci", system)
        run_pipeline(machine, system)
    assert not machine.failed, machine.log
    assert ("PUNYA-RENCANA" in machine.built) is ("fork" not in source)
    assert ("diabaikan (--untrusted): 1 berkas" in machine.log) is ("fork" in source)


@pytest.mark.parametrize("system", PIPELINES)
def test_a_pipeline_has_no_secrets_no_cache_and_the_least_rights(plan: Path, system: str) -> None:
    masterplan("init", plan, "--ci", system, "--lang", "en")
    text = (plan / PIPELINES[system]).read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert not re.search(r"secrets\.|pull_request_target|workflow_run|cache|id_tokens|TOKEN", code)
    if system == "github":
        pipeline = load(plan / PIPELINES[system])
        assert pipeline["permissions"] == {"contents": "read"}
        checkout = pipeline["jobs"]["masterplan"]["steps"][0]
        assert checkout["with"]["persist-credentials"] is False


@on_posix
@pytest.mark.parametrize("system", PIPELINES)
def test_a_broken_plan_fails_and_hands_over_a_draft(
    after: Callable[[str, bool], Machine], system: str
) -> None:
    machine = after(system, True)
    assert machine.failed
    assert "MP102" in machine.log
    assert "DRAF" in machine.built


@on_posix
def test_github_shows_the_finding_on_its_line_and_the_report_in_the_summary(
    after: Callable[[str, bool], Machine],
) -> None:
    machine = after("github", True)
    assert f"::error file={PILLAR},line=2,col=8," in machine.log
    summary = (machine.home / "summary").read_text(encoding="utf-8")
    assert summary.startswith("```text\nerror[MP102]")
    assert summary.endswith("```\n")


@on_posix
@pytest.mark.skipif("gitlab" not in [form.value for form in Form], reason="no report in the form of GitLab")
@pytest.mark.parametrize("broken", [False, True])
def test_gitlab_gets_its_report_whether_the_check_passes_or_not(
    after: Callable[[str, bool], Machine], broken: bool
) -> None:
    machine = after("gitlab", broken)
    report = json.loads((machine.root / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert [found["location"]["path"] for found in report] == [PILLAR] * broken
    assert load(machine.root / GITLAB)["masterplan"]["artifacts"]["when"] == "always"


@pytest.mark.deep
@on_posix
@pytest.mark.parametrize("system", every(2, PIPELINES))
def test_a_plan_that_cannot_be_built_fails_the_pipeline(machine: Machine, system: str) -> None:
    masterplan("init", machine.root, "--ci", system)
    name = next(path.relative_to(REPO) for path in sorted((REPO / "templates").rglob("program*.md*")))
    write(machine.root, name.as_posix(), "{{ ")
    assert masterplan("check", machine.root).code == 0
    run_pipeline(machine, system)
    assert machine.failed
    assert "MP901" in machine.log
    assert machine.built == ""


@pytest.mark.deep
@on_posix
@pytest.mark.parametrize("system", every(2, PIPELINES))
def test_a_plan_in_a_subfolder_is_checked_and_named_from_the_top(
    machine: Machine, tmp_path: Path, system: str
) -> None:
    top = tmp_path / "atas"
    root = shutil.copytree(machine.root, top / "-kota baru" / "$(id) 'x'")
    break_plan(root)
    commit(top)
    masterplan("init", root, "--ci", system)
    run_pipeline(machine, system, top)
    assert machine.failed
    assert f"::error file=-kota baru/$(id) 'x'/{PILLAR}," in machine.log or system == "gitlab"
    paths = load(machine.root / PIPELINES[system])
    build = (
        paths["jobs"]["masterplan"]["steps"][-1]["with"]["path"]
        if system == "github"
        else paths["masterplan"]["artifacts"]["paths"][0]
    )
    assert (machine.root / build / "masterplan.html").is_file()


def test_a_report_for_people_keeps_paths_from_the_plan(plan: Path, tmp_path: Path) -> None:
    root = shutil.copytree(plan, tmp_path / "atas" / "kota")
    break_plan(root)
    commit(tmp_path / "atas")
    assert masterplan("check", root, "--output-format", "concise").out.startswith(f"{PILLAR}:")
    assert f"file=kota/{PILLAR}," in masterplan("check", root, "--output-format", "github").out


def test_the_github_pipeline_asks_for_no_right_but_reading() -> None:
    root = REPO / "action.yml"
    assert "permissions" not in load(root)
    from masterplan_cli.ci import PIPELINES as ALL
    from masterplan_cli.messages import Language

    workflow = yaml.safe_load(ALL["github"].text("x", "1", "", Language.EN))
    assert workflow["permissions"] == {"contents": "read"}
    [checkout] = [s for s in workflow["jobs"]["masterplan"]["steps"] if "checkout" in s.get("uses", "")]
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}


# --- the composite action and the pre-commit hook of this repository


def test_the_action_is_valid_and_no_input_stands_in_a_script() -> None:
    valid("vendor.github-actions", REPO / "action.yml")
    steps = load(REPO / "action.yml")["runs"]["steps"]
    assert sum("run" in step for step in steps) == 3
    assert not any("${{" in step.get("run", "") for step in steps)


def run_action(machine: Machine, **given: str) -> None:
    action = load(REPO / "action.yml")
    inputs = {name: str(about["default"]) for name, about in action["inputs"].items()} | given
    machine.github(action["runs"]["steps"], {}, inputs)


@on_posix
def test_the_action_checks_builds_and_names_the_folder(machine: Machine) -> None:
    run_action(machine)
    assert not machine.failed, machine.log
    assert machine.noted("pip")[-2:] == [f"{REPO}/constraints.txt", str(REPO)]
    assert machine.noted("output") == ["path=./build"]
    assert "Rencana Kota Uji" in machine.built


@on_posix
def test_the_action_fails_with_annotations_and_a_draft(machine: Machine) -> None:
    break_plan(machine.root)
    run_action(machine, lang="en")
    assert machine.failed
    assert re.search(r"^::error file=.*owner `entah` is not in agencies/", machine.log, flags=re.M)
    assert "DRAF" in machine.built


@on_posix
def test_the_action_is_as_strict_as_told_and_builds_only_when_told(machine: Machine) -> None:
    edit(machine.root, "pillars/alfa/layanan.md", "quick_win: Ya\n", "")
    run_action(machine, build="false")
    assert (machine.failed, machine.built, machine.noted("output")) == (False, "", [])
    run_action(machine, build="false", strict="true")
    assert machine.failed


@pytest.mark.deep
@on_posix
@pytest.mark.parametrize(
    ("hostile", "name"),
    every(
        7,
        product(
            ["$(touch {})", '"; touch {}; "', "--out={}"],
            ["path", "strict", "lang", "output-format", "build"],
        ),
    ),
)
def test_no_input_of_the_action_can_run_a_command(machine: Machine, hostile: str, name: str) -> None:
    trap = machine.home / "jebakan"
    run_action(machine, **{name: hostile.format(trap)})
    assert not trap.exists()


def test_the_pre_commit_hook_is_valid_and_sees_every_file_of_a_plan() -> None:
    manifest = REPO / ".pre-commit-hooks.yaml"
    run = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(manifest)], capture_output=True
    )
    assert run.returncode == 0, run.stdout.decode()
    [hook] = load(manifest)
    assert (hook["id"], hook["entry"], hook["pass_filenames"]) == (
        "masterplan-check",
        "masterplan check",
        False,
    )
    for prefix in ("", "kota/"):
        for name in (
            "masterplan.yaml",
            "taksonomi.yaml",
            "agencies/a.yaml",
            PILLAR,
            "assets/x.png",
            "chapters/b.md",
        ):
            assert re.search(hook["files"], prefix + name), name
    for name in ("README.md", "src/x.py", "pillars.txt", "docs/agencies.md"):
        assert not re.search(hook["files"], name), name


# --- CODEOWNERS


def reviewers_by_git(top: Path, codeowners: str) -> dict[str, str]:
    """Who reviews each file, by git's own matching: a CODEOWNERS line has the form and order of `.gitattributes`."""
    lines = []
    for line in codeowners.splitlines():
        if line and not line.startswith("#"):
            pattern, owners = re.fullmatch(r"((?:\\.|[^\\ ])+) (.+)", line).groups()  # type: ignore[union-attr]
            pattern = (pattern + "**" if pattern.endswith("/") else pattern).replace("\\", "\\\\")
            lines.append(f'"{pattern}" owners={owners.replace(" ", ",")}\n')
    files = git(top, "ls-files", "-z").split("\0")
    write(top, ".gitattributes", "".join(lines))
    found = git(top, "check-attr", "-z", "owners", "--", *(f for f in files if f)).split("\0")
    return dict(zip(found[0::3], found[2::3], strict=False))


def owner_line(path: Path) -> str:
    """The owner that a file names, read without the tool."""
    [owner] = re.findall(r"^owner: *([\w-]+)", path.read_text(encoding="utf-8"), flags=re.M)
    return str(owner)


@pytest.mark.parametrize("folder", ["", "kota/", "kota é/rencana #1 \\ [a] *?/"])
def test_every_file_is_reviewed_by_who_answers_for_it(
    kota_pasuruan: Path, tmp_path: Path, folder: str
) -> None:
    if os.name == "nt" and "*" in folder:
        pytest.skip("Windows has no such names")
    top = tmp_path / "atas"
    root = shutil.copytree(kota_pasuruan, top / folder)
    write(top, "lain.txt", "x")
    write(root, "pillars/smart-living/catatan.txt", "x")
    commit(top)
    result = masterplan("codeowners", root, "--teams", "@kota/{id}")
    assert result.code == 0
    by = reviewers_by_git(top, (top / "CODEOWNERS").read_text(encoding="utf-8"))
    coordinator = re.findall(r"^coordinator: *(\S+)", (root / "masterplan.yaml").read_text(), flags=re.M)[0]
    expected = {f"{folder}masterplan.yaml": coordinator}
    for path in root.glob("agencies/*.yaml"):
        expected[f"{folder}agencies/{path.name}"] = path.stem
    for path in root.glob("pillars/*/*.md"):
        expected[f"{folder}{path.relative_to(root).as_posix()}"] = owner_line(path)
    expected[f"{folder}pillars/smart-living/catatan.txt"] = owner_line(
        root / "pillars/smart-living/pillar.md"
    )
    for path in [*root.glob("chapters/*"), *root.glob("assets/*")]:
        expected[f"{folder}{path.relative_to(root).as_posix()}"] = coordinator
    assert len(expected) > 70
    assert {path: by[path] for path in expected} == {p: f"@kota/{id_}" for p, id_ in expected.items()}
    assert by["lain.txt"] == ("unspecified" if folder else f"@kota/{coordinator}")


def test_an_agencys_own_reviewers_come_before_the_pattern(plan: Path) -> None:
    edit(plan, "agencies/dinas-a.yaml", "duties:", 'reviewers: ["@budi", siti@contoh.go.id]\nduties:')
    out = masterplan("codeowners", plan, "--teams", "@kota/{id}", "--out", "-").out
    assert [line for line in out.splitlines() if line and not line.startswith("#")] == [
        "* @budi siti@contoh.go.id",
        "/agencies/dinas-a.yaml @budi siti@contoh.go.id",
        "/agencies/dinas-b.yaml @kota/dinas-b",
        "/pillars/alfa/ @budi siti@contoh.go.id",
        "/pillars/alfa/layanan.md @budi siti@contoh.go.id",
    ]
    assert not (plan / "CODEOWNERS").exists()


def test_the_files_of_an_agency_without_reviewers_fall_to_the_coordinator_and_are_named(plan: Path) -> None:
    edit(plan, "agencies/dinas-a.yaml", "duties:", 'reviewers: ["@budi"]\nduties:')
    edit(plan, PILLAR, "owner: dinas-a\n", "owner: dinas-b\n")
    edit(plan, "pillars/alfa/layanan.md", "owner: dinas-a\nsupporting: [dinas-b]\n", "owner: dinas-a\n")
    result = masterplan("codeowners", plan, "--out", "-")
    assert result.code == 0
    assert "/pillars/alfa/ @budi" in result.out
    assert result.err == (
        "`dinas-b` belum punya `reviewers`, jadi koordinator meninjau: agencies/dinas-b.yaml, pillars/alfa/\n"
    )


def test_a_program_without_an_owner_is_reviewed_by_its_pillars(plan: Path) -> None:
    edit(plan, PILLAR, "owner: dinas-a\n", "owner: dinas-b\n")
    edit(plan, "pillars/alfa/layanan.md", "owner: dinas-a\n", "")
    out = masterplan("codeowners", plan, "--teams", "@kota/{id}", "--out", "-").out
    assert "/pillars/alfa/layanan.md @kota/dinas-b\n" in out


def test_check_shows_what_is_stale(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(plan)
    args = ("codeowners", "--teams", "@kota/{id}")
    missing = masterplan(*args, "--check")
    assert missing.code == 1
    assert "+/agencies/dinas-a.yaml @kota/dinas-a" in missing.out
    assert not (plan / "CODEOWNERS").exists()
    assert masterplan(*args).out == "CODEOWNERS\n"
    assert (masterplan(*args, "--check").code, masterplan(*args, "--check").out) == (0, "")
    write(plan, "CODEOWNERS", (plan / "CODEOWNERS").read_bytes().replace(b"\n", b"\r\n"))
    assert masterplan(*args, "--check").code == 0
    write(plan, "agencies/dinas-c.yaml", "name: Dinas C\n")
    stale = masterplan(*args, "--check")
    assert stale.code == 1
    assert [line for line in stale.out.splitlines() if line[0] in "+-"] == [
        "--- CODEOWNERS",
        "+++ CODEOWNERS",
        "+/agencies/dinas-c.yaml @kota/dinas-c",
    ]
    assert "CODEOWNERS basi" in stale.err
    assert masterplan(*args).code == 0
    assert masterplan(*args, "--check").code == 0


def test_a_file_written_by_hand_is_left_alone(plan: Path) -> None:
    write(plan, "CODEOWNERS", "* @kami\n")
    result = masterplan("codeowners", plan, "--teams", "@kota/{id}")
    assert result.code == 2
    assert "ditulis dengan tangan" in result.err
    assert (plan / "CODEOWNERS").read_text() == "* @kami\n"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_file_that_counts_is_renewed_where_it_stands(plan: Path, tmp_path: Path, lang: str) -> None:
    write(plan, ".github/CODEOWNERS", "")
    for _ in range(2):
        assert masterplan("codeowners", plan, "--teams", "@kota/{id}", "--lang", lang).code == 0
    assert not (plan / "CODEOWNERS").exists()
    assert "@kota/dinas-b" in (plan / ".github" / "CODEOWNERS").read_text(encoding="utf-8")
    assert masterplan("codeowners", plan, "--teams", "@a/{id}", "--out", tmp_path / "x" / "y").code == 0
    assert "@a/dinas-b" in (tmp_path / "x" / "y").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "args", "said"),
    [
        ("", [], "tambahkan `reviewers:` di agencies/dinas-a.yaml"),
        ("coordinator: dinas-a", ["--teams", "@kota/{id}"], "belum menyebut `coordinator:`"),
        ("", ["--teams", "kota {id}"], "bukan nama tim"),
        ("", ["--teams", ""], "bukan nama tim"),
        ("", ["--teams", "@kota/{id}", "--out", "-", "--check"], "hapus `--out -`"),
        ("", ["--teams", "@kota/{id}", "--out", "."], "tidak dapat dibuka"),
        ("title: Rencana Kota Uji", ["--teams", "@kota/{id}"], "masterplan.yaml belum benar"),
    ],
)
def test_what_cannot_be_written_is_wrong_use(plan: Path, change: str, args: list[str], said: str) -> None:
    if change:
        edit(plan, "masterplan.yaml", f"{change}\n", "" if "coordinator" in change else "title: [\n")
    result = masterplan("codeowners", plan, *args)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_two_plans_of_one_repository_keep_each_others_lines(tmp_path: Path) -> None:
    for name in ("a", "b"):
        shutil.copytree(SMALL_PLAN, tmp_path / name)
        agency = tmp_path / name / "agencies/dinas-a.yaml"
        agency.write_text(agency.read_text("utf-8") + f'reviewers: ["@kota/{name}"]\n', encoding="utf-8")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    file = tmp_path / "CODEOWNERS"
    assert masterplan("codeowners", tmp_path / "a").code == 0
    alone = file.read_text("utf-8")
    assert masterplan("codeowners", tmp_path / "b").code == 0
    both = file.read_text("utf-8")
    assert set(alone.splitlines()) < set(both.splitlines())
    assert both.index("/a/ @kota/a") < both.index("/a/pillars/alfa/ @kota/a") < both.index("/b/ @kota/b")
    for name in ("a", "b", "a"):
        assert masterplan("codeowners", "--check", tmp_path / name).code == 0, (
            "nothing is stale, in either order"
        )
        assert masterplan("codeowners", tmp_path / name).code == 0
        assert file.read_text("utf-8") == both
    shutil.rmtree(tmp_path / "b")
    assert masterplan("codeowners", tmp_path / "a").code == 0
    assert file.read_text("utf-8") == alone
