"""Any bytes as any file, and real files with lines torn out, doubled and moved: a finding, never an exception."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import REPO, SMALL_PLAN, every, examples, masterplan
from fuzz.fuzz_files import KINDS, compile_plan, plan_with, run
from masterplan_cli.diagnostics import MOST

pytestmark = pytest.mark.usefixtures("one_process")
CORPUS = sorted((Path(__file__).parent / "fuzz" / "corpus").iterdir())


@pytest.mark.parametrize("entry", CORPUS, ids=lambda p: p.name)
def test_what_fuzzing_has_kept(entry: Path) -> None:
    run(entry.read_bytes())


@pytest.mark.deep
@settings(max_examples=examples(8, 40))
@given(kind=st.sampled_from(sorted(KINDS)), data=st.binary(max_size=300))
def test_any_bytes_as_any_kind_of_file(kind: str, data: bytes) -> None:
    run(kind.encode() + data)


def _lines(kind: str) -> list[bytes]:
    path = SMALL_PLAN / KINDS[kind]
    source = path if path.exists() else REPO / KINDS[kind]
    return source.read_bytes().splitlines(keepends=True) if source.exists() else []


REAL = [kind for kind in sorted(KINDS) if _lines(kind)]
PIECES = st.sampled_from(
    [b"- ", b"  ", b": ", b"[", b"{{ ", b"{% endif %}", b"'", b"\t", b"*x", b"| ", b"#", b"99"]
)


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    """A real file with some lines dropped, doubled, moved, or spoiled by a stray piece."""
    kind = draw(st.sampled_from(REAL))
    lines = _lines(kind)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(lines) - 1)) if lines else 0
        match draw(st.sampled_from(["drop", "double", "move", "splice"])) if lines else "none":
            case "drop":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "splice":
                cut = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + draw(PIECES) + lines[at][cut:]
    return kind.encode() + b"".join(lines)


@pytest.mark.deep
@settings(max_examples=examples(15, 80))
@given(torn())
def test_a_torn_file(data: bytes) -> None:
    run(data)


@pytest.mark.deep
@settings(max_examples=examples(8, 40))
@given(
    name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=20)
)
def test_any_name_of_a_file(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "plan"
        plan_with(root, b"c---\ntitle: Bab\n---\n\nTeks.\n")
        if name not in (".", ".."):
            (root / "chapters" / f"{name}.md").write_text("---\ntitle: x\n---\n\nTeks.\n", encoding="utf-8")
        compile_plan(root)


def _within_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (3 << 29, 3 << 29))


WORST = {
    "brackets": b"[" * 500_000,
    "dashes": b"- " * 250_000,
    "emphasis": b"*a **b " * 70_000,
    "one line": b"kata " * 100_000,
    "quotes of speech": b"\"a' " * 100_000,
    "quotes in quotes": b"> " * 250_000,
    "a wide table": b"|a" * 50_000 + b"|\n" + b"|-" * 50_000 + b"|\n" + b"|b" * 50_000,
    "two megabytes": b"[" * 2_000_000,
}


SOME = {name: WORST[name] for name in every(4, WORST)}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded by a limit of Linux")
@pytest.mark.deep
@pytest.mark.parametrize("text", SOME.values(), ids=SOME)
def test_the_worst_texts_end_within_bounds(text: bytes, tmp_path: Path) -> None:
    """A process of 1.5 GB that is killed after two minutes: what grows with a square does not pass."""
    plan_with(tmp_path / "plan", b"c---\ntitle: Bab\n---\n\n" + text)
    command = "import sys; from fuzz.fuzz_files import compile_plan; from pathlib import Path; compile_plan(Path(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", command, str(tmp_path / "plan")],
        cwd=Path(__file__).parent,
        timeout=120,
        check=False,
        capture_output=True,
        preexec_fn=_within_memory,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]


def test_ten_thousand_mistakes_in_one_file_are_all_counted(tmp_path: Path) -> None:
    bad = "".join(f"isian{n}: x\n" for n in range(10_000))
    plan_with(tmp_path / "plan", b"a" + f"name: B\n{bad}".encode())
    out = masterplan("check", tmp_path / "plan", "--output-format", "concise").out
    assert out.count("[MP021] isian") == MOST
    assert f"[MP021] di berkas ini masih ada {10_000 - MOST} temuan MP021 lagi\n" in out
