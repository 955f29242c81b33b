"""What workers are asked to do in tests/test_worker.py; a worker loads this file, and so no more than it needs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Note = Callable[[Any], None]


def echo(request: dict[str, Any], note: Note) -> Any:
    note("first")
    note(["form", "book"])
    return request


def spin(_request: dict[str, Any], note: Note) -> None:
    note("spinning")
    while True:
        pass


def compute(_request: dict[str, Any], note: Note) -> None:
    note("computing")
    len(str(7**10_000_000))  # one call, which lets nothing else run meanwhile


def swell(_request: dict[str, Any], note: Note) -> None:
    note("swelling")
    held = []
    while True:
        held.append(b"x" * (16 << 20))


def sleep(_request: dict[str, Any], note: Note) -> None:
    note("sleeping")
    time.sleep(600)


def die(_request: dict[str, Any], note: Note) -> None:
    note("dying")
    os.abort()


def fail(_request: dict[str, Any], _note: Note) -> None:
    raise ValueError("ours")


def no_memory(_request: dict[str, Any], _note: Note) -> None:
    raise MemoryError


def no_room(_request: dict[str, Any], _note: Note) -> None:
    raise OSError(28, "No space left on device", "/x")


def write_much(request: dict[str, Any], _note: Note) -> None:
    (Path(request["folder"]) / "a").write_bytes(b"x" * 5000)


def speak(_request: dict[str, Any], _note: Note) -> None:
    sys.stdout.write("not for anybody\n")
    sys.stderr.write("not for anybody\n")
    sys.stdout.flush()


def proxies(_request: dict[str, Any], _note: Note) -> dict[str, str]:
    return {name.lower(): value for name, value in os.environ.items() if name.lower().endswith("_proxy")}


def hashes(_request: dict[str, Any], _note: Note) -> list[int]:
    return [hash("a"), hash("b")]


def talk(_request: dict[str, Any], _note: Note) -> str:
    return "x" * 5000


def fill(request: dict[str, Any], _note: Note) -> None:
    with (Path(request["folder"]) / "a").open("wb") as stream:
        while True:
            stream.write(b"x" * 4096)


def no_number(_request: dict[str, Any], _note: Note) -> None:
    raise OSError("no number")


def paths(_request: dict[str, Any], _note: Note) -> list[str]:
    return sys.path
