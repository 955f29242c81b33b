"""`masterplan check --since`: the findings of changed files first, and never one hidden without a word."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from conftest import Result, commit, edit, git, masterplan, write

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PILLAR, PROGRAM, OTHER = "pillars/alfa/pillar.md", "pillars/alfa/layanan.md", "agencies/dinas-b.yaml"
HIDDEN = "temuan yang sudah ada sejak"


@pytest.fixture
def repo(plan: Path) -> Path:
    """The small plan in git, committed with one error in its pillar: MP102."""
    edit(plan, PILLAR, "owner: dinas-a\n", "owner: entah\n")
    commit(plan)
    return plan


def since(root: Path, revision: str = "HEAD", *options: str) -> tuple[Result, list[tuple[str, str]]]:
    """The result, and the code and the path of each finding."""
    result = masterplan("check", root, "--since", revision, "--output-format", "json", *options)
    found = json.loads(result.out) if result.out else []
    return result, [(f["code"], f["path"]) for f in found]


def test_an_old_finding_of_an_unchanged_file_is_counted_and_not_shown(repo: Path) -> None:
    result, found = since(repo)
    assert (result.code, found) == (0, [])
    assert f"1 {HIDDEN} `HEAD`" in result.err
    assert masterplan("check", repo).code == 1


def test_the_full_report_ends_with_what_is_not_shown(repo: Path) -> None:
    result = masterplan("check", repo, "--since", "HEAD")
    assert result.out == (
        "tidak ada temuan baru sejak `HEAD`; 1 temuan yang sudah ada sejak `HEAD`, di berkas yang tidak berubah, tidak "
        "ditampilkan; `masterplan check` tanpa --since menampilkan semuanya\n"
    )
    edit(repo, PROGRAM, "owner: dinas-a\n", "owner: entah\n")
    result = masterplan("check", repo, "--since", "HEAD", "--lang", "en")
    *report, count, last = result.out.splitlines()
    assert report[0].startswith("error[MP102]")
    assert count.startswith("1 error")
    assert last.startswith("findings not shown: 1, which were there at `HEAD` already")


def test_a_clean_plan_is_clean_since_any_revision(plan: Path) -> None:
    commit(plan)
    result = masterplan("check", plan, "--since", "HEAD")
    assert (result.code, result.out, result.err) == (0, "bersih: tidak ada temuan\n", "")


@pytest.mark.parametrize("stage", ["written", "staged", "committed"])
def test_a_changed_file_shows_its_findings_however_far_the_change_has_got(repo: Path, stage: str) -> None:
    start = git(repo, "rev-parse", "HEAD")
    edit(repo, PROGRAM, "owner: dinas-a\n", "owner: entah\n")
    if stage != "written":
        git(repo, "add", "-A")
    if stage == "committed":
        commit(repo)
    result, found = since(repo, start)
    assert (result.code, found) == (1, [("MP102", PROGRAM)])


def test_a_changed_file_shows_its_old_findings_too(repo: Path) -> None:
    edit(repo, PILLAR, "owner: entah\n", "owner: entah\nsummary: Baru.\n")
    assert since(repo)[1] == [("MP102", PILLAR)]


def test_an_untracked_file_counts_as_changed_and_an_ignored_one_is_not_hidden_if_its_finding_is_new(
    repo: Path,
) -> None:
    write(repo, "agencies/dinas-c.yaml", "name: C\nduties: {alfa: Ikut.}\nheadd: x\n")
    assert since(repo)[1] == [("MP021", "agencies/dinas-c.yaml")]
    write(repo, ".gitignore", "agencies/dinas-c.yaml\n")
    assert since(repo)[1] == [("MP021", "agencies/dinas-c.yaml")]


def test_a_branch_is_compared_with_the_point_where_it_left(plan: Path) -> None:
    commit(plan)
    git(plan, "branch", "kerja")
    edit(plan, PILLAR, "owner: dinas-a\n", "owner: entah\n")
    commit(plan, "main goes on, with an error")
    git(plan, "checkout", "-q", "kerja")
    edit(plan, PROGRAM, "owner: dinas-a\n", "owner: entah\n")
    assert since(plan, "main")[1] == [("MP102", PROGRAM)]
    git(plan, "checkout", "-q", "--", ".")
    git(plan, "merge", "-q", "main")
    result, found = since(plan, "main")
    assert (result.code, found) == (0, [])
    assert f"1 {HIDDEN}" in result.err


# --- a change that breaks a file which nobody touched


def test_a_deleted_agency_shows_where_it_is_missed(repo: Path) -> None:
    (repo / OTHER).unlink()
    result, found = since(repo)
    assert (result.code, found) == (1, [("MP201", PROGRAM)])
    assert f"1 {HIDDEN}" in result.err


def test_a_deleted_program_and_a_deleted_file_show_where_they_are_missed(repo: Path) -> None:
    write(repo, "assets/bukti.txt", "x")
    evidence = "depends_on: [alfa/lama]\nevidence: [{title: Bukti, file: assets/bukti.txt}]\n"
    text = (repo / PROGRAM).read_text(encoding="utf-8")
    write(repo, "pillars/alfa/lama.md", text)
    edit(repo, PROGRAM, "owner: dinas-a\n", f"owner: dinas-a\n{evidence}")
    commit(repo)
    assert since(repo)[1] == []
    (repo / "pillars/alfa/lama.md").unlink()
    (repo / "assets/bukti.txt").unlink()
    assert since(repo)[1] == [("MP202", PROGRAM), ("MP203", PROGRAM)]


def test_the_last_quick_win_taken_away_shows_at_the_pillar(plan: Path) -> None:
    commit(plan)
    edit(plan, PROGRAM, "quick_win: Ya\n", "")
    result, found = since(plan)
    assert (result.code, found) == (0, [("MP109", PILLAR)])
    assert since(plan, "HEAD", "--strict")[0].code == 1


def test_a_severity_raised_in_the_plan_shows_the_findings_it_concerns(plan: Path) -> None:
    edit(plan, PROGRAM, "quick_win: Ya\n", "")
    commit(plan)
    assert since(plan)[1] == []
    edit(
        plan,
        "masterplan.yaml",
        "status: final\n",
        "status: final\nrules: {MP109: {severity: error, reason: x}}\n",
    )
    result, found = since(plan)
    assert (result.code, found) == (1, [("MP109", PILLAR)])


def test_a_plan_that_did_not_exist_at_the_revision_shows_everything(tmp_path: Path, plan: Path) -> None:
    edit(plan, PILLAR, "owner: dinas-a\n", "owner: entah\n")
    repo = tmp_path / "repo"
    write(repo, "readme.txt", "x")
    commit(repo)
    shutil.copytree(plan, repo / "rencana")
    assert since(repo / "rencana")[1] == [("MP102", PILLAR)]


def test_a_renamed_file_counts_as_one_gone_and_one_new(repo: Path) -> None:
    git(repo, "mv", "agencies/dinas-a.yaml", "agencies/dinas-baru.yaml")
    assert ("MP102", PROGRAM) in since(repo)[1]


# --- wherever the plan stands, whatever its files are called


def test_a_plan_in_a_subfolder_with_spaces_from_anywhere_and_in_a_worktree(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(repo / ".git")
    top = tmp_path / "atas"
    root = shutil.copytree(repo, top / "kota é" / "rencana baru")
    write(top, "masterplan-lain/x.txt", "x")
    commit(top)
    git(top, "worktree", "add", "-q", str(tmp_path / "pohon kerja"), "-b", "lain")
    for place in (root, tmp_path / "pohon kerja" / "kota é" / "rencana baru"):
        edit(place, PROGRAM, "owner: dinas-a\n", "owner: entah\n")
        write(place, "assets/gambar ünik.txt", "x")
        monkeypatch.chdir(place / "pillars" / "alfa")
        result = masterplan("check", "--since", "HEAD", "--output-format", "concise")
        assert result.out.count("\n") == 1
        assert result.out.startswith(f"{PROGRAM}:")
        monkeypatch.chdir(tmp_path)
        assert since(place)[1] == [("MP102", PROGRAM)]


def test_a_file_with_a_name_outside_ascii_counts_as_changed(repo: Path) -> None:
    name = "agencies/dinas kesehatan é.yaml"
    write(repo, name, "name: X\n")
    commit(repo)
    assert since(repo)[1] == []
    write(repo, name, "name: Y\n")
    assert since(repo)[1] == [("MP005", name)]


def test_a_hook_that_points_git_elsewhere_does_not_mislead(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "lain"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "indeks"))
    assert since(repo)[1] == []


def test_looking_changes_nothing_in_the_repository(repo: Path) -> None:
    edit(repo, PROGRAM, "quick_win: Ya\n", "")
    before = {p: p.read_bytes() for p in repo.rglob("*") if p.is_file()}
    since(repo)
    assert {p: p.read_bytes() for p in repo.rglob("*") if p.is_file()} == before


# --- where git cannot say what changed, everything is shown and the reason is given


def shows_all(root: Path, revision: str = "HEAD") -> str:
    result, found = since(root, revision)
    assert (result.code, found) == (1, [("MP102", PILLAR)])
    assert "Semua temuan ditampilkan." in result.err
    return result.err


def test_a_plain_folder(repo: Path) -> None:
    shutil.rmtree(repo / ".git")
    assert "tidak berada di dalam repo git" in shows_all(repo)


def test_no_git(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "git tidak terpasang" in shows_all(repo)


def test_no_commit_yet(repo: Path) -> None:
    shutil.rmtree(repo / ".git")
    git(repo, "init", "-q")
    assert "belum punya satu commit pun" in shows_all(repo)


def test_a_broken_repository(repo: Path) -> None:
    (repo / ".git" / "config").write_text("[core\n", encoding="utf-8")
    assert "git gagal: fatal: bad config line 1" in shows_all(repo)


def test_a_shallow_clone_names_the_remedy(repo: Path, tmp_path: Path) -> None:
    start = git(repo, "rev-parse", "HEAD")
    edit(repo, PROGRAM, "quick_win: Ya\n", "quick_win: Ya\nshort: Layanan\n")
    commit(repo)
    git(tmp_path, "clone", "-q", "--depth", "1", repo.as_uri(), "dangkal")
    said = shows_all(tmp_path / "dangkal", start)
    assert "`fetch-depth: 0`" in said
    assert '`GIT_DEPTH: "0"`' in said
    assert since(tmp_path / "dangkal", "HEAD")[1] == []
    git(tmp_path / "dangkal", "fetch", "-q", "--unshallow")
    assert since(tmp_path / "dangkal", start)[1] == []


def test_a_shallow_clone_that_holds_the_revision_but_not_the_common_past(repo: Path, tmp_path: Path) -> None:
    git(repo, "branch", "lain")
    commit(repo)
    git(repo, "checkout", "-q", "lain")
    commit(repo, "y")
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", repo.as_uri(), "dangkal")
    assert "riwayat git di sini terpotong" in shows_all(tmp_path / "dangkal", "origin/main")


def test_lines_of_history_that_never_met_are_compared_directly(repo: Path) -> None:
    git(repo, "checkout", "-q", "--orphan", "yatim")
    edit(repo, PROGRAM, "owner: dinas-a\n", "owner: entah\n")
    commit(repo)
    assert since(repo, "main")[1] == [("MP102", PROGRAM)]


# --- a revision that does not exist is wrong use


def test_a_misspelt_revision_is_wrong_use_with_a_near_miss(repo: Path) -> None:
    git(repo, "tag", "laporan-2026")
    result = masterplan("check", repo, "--since", "laporan-2062")
    assert (result.code, result.out) == (2, "")
    assert "revisi `laporan-2062` tidak ada" in result.err
    assert "mungkin maksudnya `laporan-2026`" in result.err


def test_a_branch_that_only_the_remote_has_is_named(repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", repo.as_uri(), "klon")
    git(tmp_path / "klon", "checkout", "-q", "--detach")
    git(tmp_path / "klon", "branch", "-D", "main")
    result = masterplan("check", tmp_path / "klon", "--since", "main")
    assert result.code == 2
    assert "mungkin maksudnya `origin/main`" in result.err
    assert since(tmp_path / "klon", "origin/main")[0].code == 0


@pytest.mark.parametrize(
    "revision",
    ["", "-", "--help", "--output={0}", "-O{0}", "HEAD..HEAD", "^HEAD", "HEAD:masterplan.yaml", "a\0b", "a\nb", "\x1b[31m",
     "$(touch {0})", "; touch {0}", "refs/heads", "x" * 5000],
)  # fmt: skip
def test_a_hostile_revision_is_a_revision_that_does_not_exist(
    repo: Path, tmp_path: Path, revision: str
) -> None:
    trap = tmp_path / "jebakan"
    before = set(repo.iterdir())
    result = masterplan("check", repo, f"--since={revision.format(trap)}")
    assert (result.code, result.out) == (2, "")
    assert "tidak ada di repo git ini" in result.err
    assert "\x1b" not in result.err
    assert not trap.exists()
    assert set(repo.iterdir()) == before


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("id", "Di CI jalankan juga pemeriksaan penuh"), ("en", "CI should run the full check as well")],
)
def test_help_says_that_ci_runs_the_full_check_as_well(lang: str, sentence: str) -> None:
    assert sentence in " ".join(masterplan("check", "--help", "--lang", lang).out.split())


def test_an_old_finding_that_was_one_of_too_many_is_not_new(repo: Path) -> None:
    """With the first of them mended elsewhere, one that was not told before is told now."""
    ids = [f"dinas-{n:04}" for n in range(300)]
    edit(repo, PROGRAM, "supporting: [dinas-b]", f"supporting: [{', '.join(ids)}]")
    commit(repo)
    for id_ in ids[:20]:
        write(repo, f"agencies/{id_}.yaml", "name: Dinas\nkind: dinas\n")
    _, found = since(repo)
    assert ("MP201", PROGRAM) not in found
    assert masterplan("check", repo, "--since", "HEAD").code == 0
