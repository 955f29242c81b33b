"""What a plan's repository needs on GitHub or GitLab: a pipeline and CODEOWNERS."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from masterplan_cli import git
from masterplan_cli.messages import Both, Language
from masterplan_cli.nodes import Agency
from masterplan_cli.plan import Plan
from masterplan_cli.schema import REVIEWER

# --- pipelines ----------------------------------------------------------------------------------------

#: A line `#id` or `#en` is a comment in one language; a word between percent signs is filled in.
_GITHUB = """\
#id Memeriksa rencana pada setiap push dan pull request. Temuan muncul di baris yang berubah;
#id dokumen masterplan diunduh dari halaman hasil (Artifacts), sebagai draf bila masih ada error.
#en Checks the plan on every push and pull request. Findings appear on the changed lines;
#en the document is downloaded from the result's page (Artifacts), as a draft while errors remain.
name: masterplan

#id Dengan `pull_request`, rencana dari fork berjalan tanpa rahasia (secrets) dan hanya dapat membaca; jangan menggantinya
#id dengan `pull_request_target`, dan jangan memakai cache yang dapat diisi fork.
#en With `pull_request`, a plan from a fork runs without secrets and may only read; do not turn it into
#en `pull_request_target`, and do not use a cache that a fork can fill.
on:
  push:
  pull_request:

permissions:
  contents: read

concurrency:
  group: masterplan-${{ github.ref }}
  cancel-in-progress: true

env:
  #id Yang dipasang oleh pip. Selain nama dan versi, boleh alamat git atau berkas wheel yang disimpan di repo ini:
  #en What pip installs. Instead of a name and a version, a git address or a wheel kept in this repo will do:
  #id   "masterplan-cli @ git+https://<alamat repo alat ini>@<tag>"     "./alat/masterplan_cli-%VERSION%-py3-none-any.whl"
  #en   "masterplan-cli @ git+https://<address of the tool's repo>@<tag>"     "./tools/masterplan_cli-%VERSION%-py3-none-any.whl"
  PACKAGE: %PACKAGE%
  #id Folder rencana di dalam repo ini.
  #en The plan's folder in this repo.
  PLAN: %PLAN%

jobs:
  masterplan:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      #id Angka setelah @ mengikuti perbaikan dari pembuat action; pakai SHA commit bila aturan keamanan memintanya.
      #en The number after @ follows the fixes of an action's authors; use a commit's SHA where security rules ask for it.
      - uses: actions/checkout@v6
        with:
          #id Seluruh riwayat: untuk tanggal di sampul dan `masterplan check --since`.
          #en All of the history: for the date on the cover, and for `masterplan check --since`.
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-python@v6
        with:
          python-version: "3.12"
      - name: pip install
        run: pip install --quiet --disable-pip-version-check "$PACKAGE"
      - name: masterplan check
        id: check
        run: masterplan check --output-format github -- "$PLAN"
      #id GitHub menampilkan sepuluh temuan per jenis; laporan lengkapnya ada di halaman ringkasan.
      #en GitHub shows ten findings of a kind; the full report stands on the summary page.
      - name: masterplan check (summary)
        if: failure() && steps.check.outcome == 'failure'
        run: |
          masterplan check -- "$PLAN" > report.txt || true
          { echo '```text'; head -c 900000 report.txt; echo; echo '```'; } >> "$GITHUB_STEP_SUMMARY"
      - name: masterplan build
        if: success() || steps.check.outcome == 'failure'
        env:
          FROM: ${{ github.event.pull_request.head.repo.full_name }}
        #id Templat dari fork dapat menaruh skrip di dalam HTML yang diunduh peninjau; karena itu diabaikan.
        #en A fork's templates could put a script into the HTML that reviewers download; so they are ignored.
        run: |
          case "$GITHUB_EVENT_NAME" in pull_request*) [ "$FROM" = "$GITHUB_REPOSITORY" ] || fork=--untrusted ;; esac
          masterplan build --draft ${fork:-} -- "$PLAN"
      - uses: actions/upload-artifact@v6
        if: success() || steps.check.outcome == 'failure'
        with:
          name: masterplan
          path: %BUILD%
"""
_GITLAB = """\
#id Memeriksa rencana pada setiap push dan merge request. Temuan muncul di merge request (Code Quality);
#id dokumen masterplan diunduh dari artefak job, sebagai draf bila masih ada error.
#en Checks the plan on every push and merge request. Findings appear in the merge request (Code Quality);
#en the document is downloaded from the job's artifacts, as a draft while errors remain.
workflow:
  #id Satu pipeline untuk satu perubahan: bila cabang sudah punya merge request, hanya merge request itu yang berjalan.
  #en One pipeline for one change: once a branch has a merge request, only the merge request runs.
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS
      when: never
    - if: $CI_COMMIT_BRANCH

masterplan:
  image: python:3.12-slim
  timeout: 15 minutes
  interruptible: true
  variables:
    #id Seluruh riwayat: untuk tanggal di sampul dan `masterplan check --since`.
    #en All of the history: for the date on the cover, and for `masterplan check --since`.
    GIT_DEPTH: "0"
    #id Yang dipasang oleh pip. Selain nama dan versi, boleh alamat git atau berkas wheel yang disimpan di repo ini:
    #en What pip installs. Instead of a name and a version, a git address or a wheel kept in this repo will do:
    #id   "masterplan-cli @ git+https://<alamat repo alat ini>@<tag>"     "./alat/masterplan_cli-%VERSION%-py3-none-any.whl"
    #en   "masterplan-cli @ git+https://<address of the tool's repo>@<tag>"     "./tools/masterplan_cli-%VERSION%-py3-none-any.whl"
    PACKAGE: %PACKAGE%
    #id Folder rencana di dalam repo ini.
    #en The plan's folder in this repo.
    PLAN: %PLAN%
  before_script:
    - apt-get update -qq && apt-get install -y -qq --no-install-recommends git > /dev/null
    - pip install --quiet --disable-pip-version-check "$PACKAGE"
  script:
    #id Templat dari fork dapat menaruh skrip di dalam HTML yang diunduh peninjau; karena itu diabaikan.
    #en A fork's templates could put a script into the HTML that reviewers download; so they are ignored.
    - if [ "${CI_MERGE_REQUEST_SOURCE_PROJECT_ID:-$CI_PROJECT_ID}" != "$CI_PROJECT_ID" ]; then fork=--untrusted; fi
    #id Laporan untuk GitLab; job gagal atau lulus menurut pemeriksaan di baris berikutnya.
    #en The report for GitLab; the job fails or passes by the check on the next line.
    - masterplan check --output-format gitlab -- "$PLAN" > gl-code-quality-report.json || true
    - masterplan check -- "$PLAN" || { masterplan build --draft ${fork:-} -- "$PLAN"; exit 1; }
    - masterplan build ${fork:-} -- "$PLAN"
  artifacts:
    when: always
    expire_in: 30 days
    paths:
      - %BUILD%
    reports:
      codequality: gl-code-quality-report.json
"""


@dataclass(frozen=True)
class Pipeline:
    """A CI system: the file it reads at the top of a repository, and what goes into it."""

    path: str
    template: str
    #: Whether the system replaces `$NAME` inside a variable's value.
    expands: bool = False

    def text(self, package: str, version: str, folder: str, language: Language) -> str:
        """The file for a plan that stands in a folder (`""` or `kota/`) of its repository."""
        values = {
            "PACKAGE": self._variable(package),
            "PLAN": self._variable(f"./{folder}".rstrip("/")),
            "BUILD": json.dumps(f"{folder}build/", ensure_ascii=False) if folder else "build/",
            "VERSION": version,
        }
        return re.sub(r"%([A-Z]+)%", lambda m: values[m[1]], _in_language(self.template, language))

    def _variable(self, value: str) -> str:
        return json.dumps(value.replace("$", "$$") if self.expands else value, ensure_ascii=False)


PIPELINES = {
    "github": Pipeline(".github/workflows/masterplan.yml", _GITHUB),
    "gitlab": Pipeline(".gitlab-ci.yml", _GITLAB, expands=True),
}


def pipeline(
    system: str, folder: Path, package: str | None, version: str, language: Language, *, alone: bool
) -> dict[Path, str] | str:
    """The pipeline of a plan; a sentence when pip could not install the package.

    It stands where its system searches for it: at the top of the repository, which is the plan's folder when the plan
    is to have a repository of its own (`alone`).
    """
    spec = f"masterplan-cli=={version}" if package is None else package.strip()
    if not spec or spec.startswith("-") or not spec.isprintable():
        return Both(
            f"`{package}` bukan sesuatu yang dapat dipasang pip; tulis misalnya `masterplan-cli=={version}`",
            f"`{package}` is nothing that pip can install; write for example `masterplan-cli=={version}`",
        ).of(language)
    chosen = PIPELINES[system]
    top, inside = (folder, "") if alone else (repository_top(folder), git.prefix(folder))
    return {top / chosen.path: chosen.text(spec, version, inside, language)}


def repository_top(folder: Path) -> Path:
    """Where a CI system searches for its files: the top of the repository, else the plan's own folder."""
    return git.top_level(folder) or folder


def foreign_repository(folder: Path) -> Path | None:
    """The top of the repository that a folder stands inside of, when the folder is not the top itself."""
    top = git.top_level(folder)
    return top if top and top.resolve() != folder.resolve() else None


def _in_language(template: str, language: Language) -> str:
    other = "en" if language is Language.ID else "id"
    kept = [line for line in template.splitlines() if not line.lstrip().startswith(f"#{other} ")]
    return re.sub(r"^( *)#(id|en) ", r"\1# ", "\n".join(kept) + "\n", flags=re.M)


# --- CODEOWNERS ---------------------------------------------------------------------------------------

#: Where GitHub and GitLab look for the file; the first that exists counts.
_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_MARK = "masterplan codeowners"
_HEAD = Both(
    f"""\
# Siapa yang meninjau berkas mana. Ditulis oleh `{_MARK}` dari rencana; jangan disunting, jalankan lagi.
# Baris terakhir yang cocok berlaku: pengampu program meninjau programnya sendiri, pengampu pilar meninjau sisa
# folder pilarnya, dan koordinator meninjau selebihnya.
""",
    f"""\
# Who reviews which file. Written by `{_MARK}` from the plan; do not edit, run it again.
# The last line that matches counts: a program's owner reviews the program, a pillar's owner the rest of the
# pillar's folder, and the coordinator everything else.
""",
)


@dataclass(frozen=True)
class Owners:
    """A CODEOWNERS file, and the files of agencies that nobody reviews for but the coordinator."""

    text: str
    fallen: dict[str, list[str]]


def codeowners(plan: Plan, teams: str | None, language: Language) -> Owners | str:
    """Who reviews which file of a plan; a sentence when the coordinator, who reviews the rest, cannot be named."""
    if teams is not None and not re.fullmatch(REVIEWER, teams.replace("{id}", "dinas")):
        return _bad_teams(teams, language)
    coordinator = plan.agencies.get(plan.settings.coordinator or "")
    default = _reviewers(coordinator, teams) if coordinator else ()
    if coordinator is None or not default:
        return _no_default(coordinator, language)
    inside = git.prefix(plan.project.root)
    lines = [f"{_pattern(inside) if inside else '*'} {' '.join(default)}"]
    fallen: dict[str, list[str]] = defaultdict(list)
    for path, id_ in _responsible(plan):
        agency = plan.agencies[id_] if id_ else coordinator
        reviewers = _reviewers(agency, teams)
        if not reviewers:
            fallen[agency.id].append(path)
        lines.append(f"{_pattern(inside + path)} {' '.join(reviewers or default)}")
    return Owners(_HEAD.of(language) + "\n" + "\n".join(lines) + "\n", dict(sorted(fallen.items())))


def _responsible(plan: Plan) -> Iterator[tuple[str, str | None]]:
    """Each file or folder with its agency, the general before the particular."""
    for agency in sorted(plan.agencies.values(), key=lambda a: a.path):
        yield agency.path, agency.id
    for pillar in sorted(plan.pillars, key=lambda p: p.id):
        yield f"pillars/{pillar.id}/", plan.responsible(pillar.path)
        for program in sorted(pillar.programs, key=lambda p: p.path):
            yield program.path, plan.responsible(program.path)


def _reviewers(agency: Agency, teams: str | None) -> tuple[str, ...]:
    return agency.data.reviewers or ((teams.replace("{id}", agency.id),) if teams else ())


def _pattern(path: str) -> str:
    """A path as a pattern that matches it alone; GitHub cannot escape `[`, which no id of a plan holds."""
    return "/" + re.sub(r"([\\ \t#*?\[\]])", r"\\\1", path)


def _bad_teams(teams: str, language: Language) -> str:
    return Both(
        f"`--teams {teams}` bukan nama tim; tulis misalnya `--teams '@organisasi/{{id}}'`, dengan {{id}} sebagai id perangkat daerah",
        f"`--teams {teams}` is no name of a team; write for example `--teams '@organisation/{{id}}'`, where {{id}} is an agency's id",
    ).of(language)


def _no_default(coordinator: Agency | None, language: Language) -> str:
    if coordinator is None:
        return Both(
            "masterplan.yaml belum menyebut `coordinator:` yang ada di agencies/; dialah yang meninjau berkas selebihnya",
            "masterplan.yaml names no `coordinator:` of agencies/, who reviews every other file",
        ).of(language)
    return Both(
        f"koordinator belum punya peninjau: tambahkan `reviewers:` di {coordinator.path}, atau pakai --teams '@organisasi/{{id}}'",
        f"the coordinator has no reviewers: add `reviewers:` to {coordinator.path}, or use --teams '@organisation/{{id}}'",
    ).of(language)


def codeowners_place(top: Path) -> str:
    """The CODEOWNERS file that counts for a repository, whether it exists or not, by its path from the top."""
    return next((place for place in _PLACES if (top / place).is_file()), "CODEOWNERS")


def with_others(text: str, earlier: str, plan: Plan) -> str:
    """A plan's CODEOWNERS with the lines that an earlier one has for other plans of the repository."""
    inside, top = git.prefix(plan.project.root), repository_top(plan.project.root)
    whole = _pattern(inside) if inside else "*"
    own = (_pattern(f"{inside}agencies/"), _pattern(f"{inside}pillars/"))
    kept = [] if by_hand(earlier) else [line for line in earlier.splitlines() if line.startswith(("/", "*"))]
    others = [
        line
        for line, pattern in ((line, _pattern_of(line)) for line in kept)
        if pattern != whole
        and not pattern.startswith(own)
        and (top / re.sub(r"\\(.)", r"\1", pattern.strip("/*"))).exists()
    ]
    head = [line for line in text.splitlines() if not line.startswith(("/", "*"))]
    lines = [line for line in text.splitlines() if line not in head]
    # What is general comes before what is particular, whichever plan it is of.
    ordered = sorted([*lines, *others], key=lambda line: (line[0] != "*", _pattern_of(line).split("/")))
    return "\n".join([*head, *ordered]) + "\n"


def _pattern_of(line: str) -> str:
    """The pattern that a line begins with, whose blanks are escaped."""
    found = re.match(r"(?:[^\s\\]|\\.)+", line)
    return found[0] if found else ""


def by_hand(text: str) -> bool:
    """Whether a CODEOWNERS file was written by a person, and so must not be overwritten."""
    return bool(text.strip()) and f"`{_MARK}`" not in text.partition("\n")[0]
