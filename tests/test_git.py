"""git, on plans that come from anybody: no program that a repository names is run, and no answer is without bounds."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Result, commit, edit, masterplan, write
from conftest import git as run_git
from masterplan_cli import git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PILLAR, PROGRAM = "pillars/alfa/pillar.md", "pillars/alfa/layanan.md"

#: Every setting that names a program, for all names that they are asked with here; `{}` is the program.
SETTINGS = """
[core]
    fsmonitor = {}
    hooksPath = {hooks}
    sshCommand = {}
    askPass = {}
    editor = {}
    pager = {}
    gitProxy = {}
    alternateRefsCommand = {}
    attributesFile = {attributes}
    autocrlf = true
    untrackedCache = true
[pager]
    log = {}
    cat-file = {}
    rev-parse = {}
    ls-tree = {}
    for-each-ref = {}
    merge-base = {}
[alias]
    log = !{}
    cat-file = !{}
    rev-parse = !{}
    ls-tree = !{}
    for-each-ref = !{}
    merge-base = !{}
    status = !{}
[log]
    showSignature = true
[commit]
    gpgSign = true
[gpg]
    program = {}
[gpg "openpgp"]
    program = {}
[gpg "x509"]
    program = {}
[gpg "ssh"]
    program = {}
    defaultKeyCommand = {}
    allowedSignersFile = {}
[credential]
    helper = !{}
[sequence]
    editor = {}
[interactive]
    diffFilter = {}
[diff]
    external = {}
    tool = x
    guitool = x
[diff "x"]
    command = {}
    textconv = {}
[difftool "x"]
    cmd = {}
    path = {}
[merge]
    tool = x
    guitool = x
[merge "x"]
    driver = {}
[mergetool "x"]
    cmd = {}
    path = {}
[filter "x"]
    clean = {}
    smudge = {}
    process = {}
    required = true
[filter "lfs"]
    clean = {}
    smudge = {}
    process = {}
[trailer "x"]
    cmd = {}
    command = {}
[uploadpack]
    packObjectsHook = {}
[protocol]
    allow = always
[protocol "ext"]
    allow = always
[extensions]
    partialClone = origin
[remote "origin"]
    url = ext::{}
    promisor = true
    uploadpack = {}
    receivepack = {}
    vcs = x
[submodule "x"]
    update = !{}
[web]
    browser = x
[browser "x"]
    cmd = {}
    path = {}
[help]
    browser = x
[man]
    viewer = x
[man "x"]
    cmd = {}
    path = {}
[instaweb]
    browser = {}
    httpd = {}
[guitool "x"]
    cmd = {}
[sendemail]
    sendmailCmd = {}
    toCmd = {}
    ccCmd = {}
    headerCmd = {}
    smtpServer = {}
[imap]
    tunnel = {}
[tar "x"]
    command = {}
[format]
    pretty = %h %G?
[init]
    templateDir = {hooks}
[receive]
    procReceiveRefs = refs
[fsmonitor]
    socketDir = {hooks}
[include]
    path = {include}
"""
HOOKS = (
    "applypatch-msg", "commit-msg", "fsmonitor-watchman", "fsmonitor-watchmanv2", "post-applypatch", "post-checkout",
    "post-commit", "post-index-change", "post-merge", "post-receive", "post-rewrite", "post-update", "pre-applypatch",
    "pre-auto-gc", "pre-commit", "pre-merge-commit", "pre-push", "pre-rebase", "pre-receive", "prepare-commit-msg",
    "proc-receive", "push-to-checkout", "reference-transaction", "sendemail-validate", "update",
)  # fmt: skip


class Trap:
    """A program that tells when it was run."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.sprung, self.program, self.hooks = folder / "sprung", folder / "x.sh", folder / "hooks"
        self.attributes, self.include = folder / "attributes", folder / "include"
        self._arm(self.program)
        self.hooks.mkdir()
        for hook in HOOKS:
            self._arm(self.hooks / hook)
        self.attributes.write_text("* filter=x diff=x merge=x\n", encoding="utf-8")
        self.include.write_text(
            f"[core]\n\tfsmonitor = {self.program}\n[log]\n\tshowSignature = true\n", encoding="utf-8"
        )

    def _arm(self, path: Path) -> None:
        path.write_text(f'#!/bin/sh\necho "$0 $*" >> {self.sprung}\n', encoding="utf-8")
        path.chmod(0o755)

    def settings(self) -> str:
        return SETTINGS.replace("{}", str(self.program)).format(
            hooks=self.hooks, attributes=self.attributes, include=self.include
        )

    def said(self) -> str:
        return self.sprung.read_text(encoding="utf-8") if self.sprung.exists() else ""


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path / "trap")


@pytest.fixture
def signed(plan: Path) -> Path:
    """The small plan in git, its last commit signed (by nobody), with an error since the commit before."""
    commit(plan)
    edit(plan, PILLAR, "owner: dinas-a\n", "owner: entah\n")
    commit(plan)
    body = subprocess.run(
        ["git", "cat-file", "commit", "HEAD"], cwd=plan, check=True, capture_output=True
    ).stdout
    head, _, message = body.partition(b"\n\n")
    seal = b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n"
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=plan, check=True, capture_output=True, input=head + seal + b"\n" + message,
    )  # fmt: skip
    run_git(plan, "update-ref", "HEAD", made.stdout.decode().strip())
    return plan


def as_a_handed_over_repository(plan: Path, trap: Trap) -> None:
    """A folder that somebody sent, with its `.git`."""
    with (plan / ".git/config").open("a", encoding="utf-8") as config:
        config.write(trap.settings())
    shutil.copytree(trap.hooks, plan / ".git/hooks", dirs_exist_ok=True)
    write(plan, ".gitattributes", "* filter=x diff=x merge=x\n")


def as_a_bare_repository(plan: Path, trap: Trap) -> None:
    """A plan whose committed files look like a repository."""
    shutil.move(plan / ".git", plan.parent / "bare")
    for entry in (plan.parent / "bare").iterdir():
        shutil.move(entry, plan / entry.name)
    (plan / "config").write_text("[core]\n\tbare = true\n" + trap.settings(), encoding="utf-8")
    shutil.copytree(trap.hooks, plan / "hooks", dirs_exist_ok=True)


def as_a_pointer(plan: Path, trap: Trap) -> None:
    """A plan whose `.git` is a file that points at a folder of the plan."""
    as_a_handed_over_repository(plan, trap)
    shutil.move(plan / ".git", plan / "assets-git")
    (plan / ".git").write_text("gitdir: assets-git\n", encoding="utf-8")


def as_a_promise(plan: Path, trap: Trap) -> None:
    """A repository that lacks the objects of its past, and names a program that would fetch them."""
    as_a_handed_over_repository(plan, trap)
    past = run_git(plan, "-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false",
                   "rev-parse", f"HEAD~1:{PROGRAM}")  # fmt: skip
    shutil.rmtree(plan / ".git/objects" / past[:2])


SHAPES = (as_a_handed_over_repository, as_a_bare_repository, as_a_pointer, as_a_promise)
COMMANDS = (
    ("check",),
    ("check", "--since", "HEAD"),
    ("check", "--since", "HEAD~1"),
    ("check", "--since", "mian"),
    ("check", "--output-format", "github"),
    ("check", "--fix"),
    ("build", "--draft", "--to", "html"),
    ("tasks",),
    ("status",),
    ("codeowners", "--teams", "@a/{id}"),
    ("init", "--ci", "github"),
)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_command_runs_a_program_that_the_plans_repository_names(
    signed: Path, trap: Trap, shape: Callable[[Path, Trap], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    shape(signed, trap)
    monkeypatch.chdir(signed)
    for command, *options in COMMANDS:
        assert masterplan(command, signed, *options).code in (0, 1, 2)
        assert trap.said() == "", (command, options)


def test_the_traps_are_armed(signed: Path, trap: Trap) -> None:
    """What the test above holds off would happen to whoever calls git as it comes."""
    as_a_handed_over_repository(signed, trap)
    for command in (["status"], ["log", "-1", "--format=%cs"], ["diff", "HEAD~1"]):
        trap.sprung.unlink(missing_ok=True)
        subprocess.run(["git", *command], cwd=signed, capture_output=True, check=False)
        assert trap.said(), command


def test_a_promise_is_armed(signed: Path, trap: Trap) -> None:
    as_a_promise(signed, trap)
    off = ["-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]
    subprocess.run(
        ["git", *off, "cat-file", "-p", f"HEAD~1:{PROGRAM}"], cwd=signed, capture_output=True, check=False
    )
    assert trap.said()


def test_every_setting_of_git_that_sounds_like_a_program_is_tried() -> None:
    listed = subprocess.run(["git", "help", "--config"], capture_output=True, text=True, check=False)
    if listed.returncode or not listed.stdout.strip():
        pytest.skip("this git does not list its settings")
    endings = ("cmd", "command", "program", "helper", "editor", "pager", "textconv", "clean", "smudge", "process",
               "driver", "external", "askpass", "sshcommand", "hook", "hookspath", "fsmonitor", "gitproxy",
               "uploadpack", "receivepack", "difffilter", "vcs", "tunnel", "packobjectshook")  # fmt: skip
    settings, section = set(), ""
    for line in SETTINGS.splitlines():
        if line.startswith("["):
            section = line.strip("[]").partition(" ")[0]
        elif line:
            settings.add(f"{section}.{line.split()[0]}".casefold())
    wanted = {
        f"{name.split('.')[0]}.{name.split('.')[-1]}".casefold()
        for name in listed.stdout.split()
        if name.casefold().endswith(endings) and name.split(".")[0] != "trace2"
    }
    others = {"diff.cachetextconv"}  # a switch
    wanted = {name for name in wanted if not name.startswith(("advice.", "color.", "column.", "gitcvs."))}
    assert sorted(wanted - settings - others) == []


def test_what_git_takes_from_the_environment_is_what_says_which_repositories_it_trusts(
    signed: Path, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = git.last_commit_day(signed)
    hostile = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_EXEC_PATH",
               "GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_PAGER", "GIT_EDITOR", "GIT_NAMESPACE",
               "GIT_TEMPLATE_DIR", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG_PARAMETERS")  # fmt: skip
    for name in hostile:
        monkeypatch.setenv(name, str(trap.program))
    assert git.last_commit_day(signed) == day
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.bigFileThreshold")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "not a number")
    assert git.last_commit_day(signed) is None  # it is heard
    monkeypatch.setenv("GIT_CONFIG_COUNT", "0")
    assert git.last_commit_day(signed) == day
    assert trap.said() == ""


def test_a_git_in_the_plans_folder_is_not_run(
    signed: Path, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("git", "git.exe", "git.cmd", "git.bat"):
        shutil.copy(trap.program, signed / name)
    monkeypatch.chdir(signed)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}{os.environ['PATH']}")
    assert git.last_commit_day(signed)
    assert trap.said() == ""


# --- the same by Python itself


def test_a_module_in_the_plans_folder_is_not_run(plan: Path) -> None:
    """`python -P -m`, as the guides have it; without `-P`, what Python itself loads before us cannot be helped."""
    names = {name.partition(".")[0] for name in sys.modules} | sys.stdlib_module_names
    ours = (
        "typer",
        "yaml",
        "jinja2",
        "pydantic",
        "markdown_it",
        "mdit_py_plugins",
        "typst",
        "docx",
        "xlsxwriter",
    )
    for name in {*names, *ours}:
        write(plan, f"{name}.py", f"open('sprung', 'a').write({name!r})\nraise SystemExit(7)\n")
    assert run_as_module(plan, "-P") == (0, False)
    for name in names - {*ours}:
        (plan / f"{name}.py").unlink()
    assert run_as_module(plan) == (0, False)


def run_as_module(plan: Path, *flags: str) -> tuple[int, bool]:
    command = [sys.executable, *flags, "-m", "masterplan_cli", "build", ".", "--to", "html,docx,xlsx"]
    run = subprocess.run(command, cwd=plan, capture_output=True, check=False)
    return run.returncode, (plan / "sprung").exists()


# --- where the repository is, is not for its settings to say


def test_a_working_tree_that_the_settings_name_is_not_believed(signed: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    run_git(signed, "config", "core.worktree", str(victim))
    assert git.top_level(signed) == signed
    assert masterplan("codeowners", signed, "--teams", "@a/{id}").code == 0
    assert (list(victim.iterdir()), (signed / "CODEOWNERS").is_file()) == ([], True)


def test_an_outer_repository_does_not_answer_for_one_that_is_broken(plan: Path, tmp_path: Path) -> None:
    commit(tmp_path)
    (plan / ".git").mkdir()
    assert git.last_commit_day(plan) is None


# --- forged and missing objects


def forged(repo: Path, entries: list[tuple[str, str, bytes]]) -> str:
    """A commit whose tree holds what no honest git would write: entries of mode, name and content."""
    tree = b""
    for mode, name, data in entries:
        kind = "tree" if mode == "40000" else "blob"
        tree += f"{mode} {name}\0".encode() + bytes.fromhex(_object(repo, kind, data))
    who = b"author a <a@b> 0 +0000\ncommitter a <a@b> 0 +0000\n\nx\n"
    return _object(repo, "commit", b"tree " + _object(repo, "tree", tree).encode() + b"\n" + who)


def _object(repo: Path, kind: str, data: bytes) -> str:
    made = subprocess.run(
        ["git", "hash-object", "-t", kind, "-w", "--literally", "--stdin"],
        cwd=repo, check=True, capture_output=True, input=data,
    )  # fmt: skip
    return made.stdout.decode().strip()


@pytest.mark.parametrize("name", ["..", ".", "../../sprung", "/tmp/sprung", ".git", ".GIT", "a/../../sprung"])
def test_a_forged_name_leads_nowhere(signed: Path, tmp_path: Path, name: str) -> None:
    made = forged(signed, [("100644", name, b"x"), ("100644", "masterplan.yaml", b"title: X\n")])
    changes = git.Changes(signed, made, dict(git._entries(_listing(signed, made))))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert git.write_before(changes, scratch) is None
    assert [p.name for p in scratch.rglob("*")] == ["masterplan.yaml"]
    assert not (tmp_path / "sprung").exists()


def _listing(repo: Path, made: str) -> bytes:
    return subprocess.run(
        ["git", "ls-tree", "-r", "-l", "-z", made], cwd=repo, check=True, capture_output=True
    ).stdout


def test_a_link_of_the_past_leads_nowhere_and_nothing_is_written_through_it(
    signed: Path, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    inner = b"100644 sprung\0" + bytes.fromhex(_object(signed, "blob", b"x"))
    made = forged(signed, [("120000", "assets", str(victim).encode()), ("40000", "assets", inner)])
    changes = git.Changes(signed, made, dict(git._entries(_listing(signed, made))))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    git.write_before(changes, scratch)
    assert list(victim.iterdir()) == []
    assert not (scratch / "assets").exists()


def since(plan: Path, revision: str) -> Result:
    return masterplan("check", plan, "--since", revision, "--output-format", "concise")


def test_a_past_that_is_not_all_here_shows_everything_and_names_the_remedy(signed: Path) -> None:
    past = run_git(signed, "rev-parse", f"HEAD~1:{PROGRAM}")
    (signed / ".git/objects" / past[:2] / past[2:]).unlink()
    run_git(signed, "config", "remote.origin.promisor", "true")
    said = since(signed, "HEAD~1")
    assert said.code == 1
    edit(signed, "agencies/dinas-b.yaml", "name:", "#\nname:")
    assert "Semua temuan ditampilkan" in since(signed, "HEAD").err
    assert "partial clone" in since(signed, "HEAD").err


def test_a_file_of_the_past_that_nobody_could_read_is_not_unpacked(signed: Path, tmp_path: Path) -> None:
    write(signed, "assets/besar.bin", b"\0" * ((20 << 20) + 1))
    commit(signed)
    changes = git.changes_since(signed, "HEAD")
    assert isinstance(changes, git.Changes)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert git.write_before(changes, scratch) is None
    assert (scratch / "assets/besar.bin").stat().st_size == (20 << 20) + 1
    assert (scratch / PILLAR).read_bytes() == (signed / PILLAR).read_bytes()


def test_the_bytes_of_the_past_are_those_of_the_commit_in_portions(
    signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_MOST_BYTES", 4000)
    changes = git.changes_since(signed, "HEAD")
    assert isinstance(changes, git.Changes)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert git.write_before(changes, scratch) is None
    there = {p.relative_to(scratch).as_posix(): p.read_bytes() for p in scratch.rglob("*") if p.is_file()}
    assert there == {path: (signed / path).read_bytes() for path in changes.before}


# --- what counts as changed


def test_line_ends_that_a_checkout_changed_do_not_count(signed: Path) -> None:
    changes = git.changes_since(signed, "HEAD")
    assert isinstance(changes, git.Changes)
    write(signed, PILLAR, (signed / PILLAR).read_bytes().replace(b"\n", b"\r\n"))
    assert not changes.touch(PILLAR)
    write(signed, PILLAR, (signed / PILLAR).read_bytes() + b"x")
    assert changes.touch(PILLAR)
    (signed / PILLAR).unlink()
    assert changes.touch(PILLAR)
    assert not changes.touch("pillars/alfa")
    assert changes.touch("masterplan.yaml") is False


# --- time and size


def slow_git(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "git", f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for git")
def test_a_git_that_does_not_end_is_ended(
    signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_git(tmp_path / "bin", "exec sleep 60", monkeypatch)
    monkeypatch.setattr(git, "_SECONDS", 0.2)
    began = time.monotonic()
    assert git.last_commit_day(signed) is None
    assert time.monotonic() - began < 30


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for git")
def test_a_git_that_says_too_much_is_ended(
    signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_git(tmp_path / "bin", "exec yes", monkeypatch)
    assert git._git(signed, "x", most=1000).code == git._TOO_MUCH


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_repository_of_another_person_dates_no_cover_and_says_what_to_type(
    plan: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    commit(plan)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    for place in (plan, plan / ".git"):
        os.chown(place, 12345, 12345)
    typed = f"git config --global --add safe.directory {plan.resolve()}"
    result = masterplan("build", plan, "--to", "md")
    assert (result.code, result.err.count("\n")) == (0, 1)
    assert f"jalankan `{typed}`" in result.err
    assert f"run `{typed}`" in masterplan("build", plan, "--to", "md", "--lang", "en").err
    assert masterplan("build", plan, "--to", "md", "--date", "2026-01-01").err == ""
    subprocess.run(typed.split(), check=True)
    assert masterplan("build", plan, "--to", "md").err == ""


def test_a_plan_outside_git_or_in_ones_own_says_nothing_of_it(plan: Path) -> None:
    assert git.trusting_command(plan) is None
    commit(plan)
    assert git.trusting_command(plan) is None


@pytest.mark.parametrize(
    ("committer", "day"),
    [("0 +0000", "1970-01-01"), ("1764263602 +0700", "2025-11-28"), ("1764263602 -1200", "2025-11-27"),
     ("99999999999 +0000", "5138-11-16"), ("x +0000", None)],
)  # fmt: skip
def test_the_day_of_a_commit_is_the_one_where_it_was_made(
    signed: Path, committer: str, day: str | None
) -> None:
    tree = run_git(signed, "rev-parse", "HEAD^{tree}")
    body = (
        f"tree {tree}\nauthor a <a@b> 0 +0000\ncommitter a <a@b> {committer}\n\ncommitter a <a@b> 1 +0000\n"
    )
    run_git(signed, "update-ref", "HEAD", _object(signed, "commit", body.encode()))
    assert git.last_commit_day(signed) == day


@pytest.mark.parametrize("when", ["253402300800", "-99999999999", "67767976233532799"])
def test_a_commit_of_no_year_that_a_book_could_print_dates_none(plan: Path, when: str) -> None:
    commit(plan)
    tree = run_git(plan, "rev-parse", "HEAD^{tree}")
    made = _object(
        plan, "commit", f"tree {tree}\nauthor a <a@b> 0 +0000\ncommitter a <a@b> {when} +0000\n\nx\n".encode()
    )
    run_git(plan, "update-ref", "HEAD", made)
    assert git.last_commit_day(plan) is None
    assert masterplan("build", plan, "--to", "md").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="measures the memory of a child")
def test_an_object_that_says_it_is_larger_than_memory_takes_none(plan: Path) -> None:
    commit(plan)
    size = 1 << 29
    packer = zlib.compressobj(1)
    head = packer.compress(f"commit {size}\0".encode())
    piece = bytes(1 << 20)
    body = b"".join(packer.compress(piece) for _ in range(size >> 20))
    id_ = "ab" * 20
    write(plan, f".git/objects/{id_[:2]}/{id_[2:]}", head + body + packer.flush())
    write(plan, ".git/HEAD", f"{id_}\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert git.last_commit_day(plan) is None
    trouble = git.changes_since(plan, "HEAD")
    assert isinstance(trouble, git.Trouble)
    assert trouble.kind is git.TroubleKind.FAILED, "there is a commit, and it cannot be read"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 400 << 10)


def test_a_repository_whose_git_hangs_is_asked_once(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(plan)
    run_git(plan, "config", "include.path", "/dev/zero")
    monkeypatch.setattr(git, "_SECONDS", 0.3)
    monkeypatch.setattr(git, "_SLOW", set())
    began = time.monotonic()
    for _ in range(20):
        assert git.last_commit_day(plan) is None
    assert time.monotonic() - began < 4
