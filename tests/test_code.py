"""Rules for the code, where no linter has them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = sorted(Path(__file__).parents[1].glob("src/masterplan_cli/**/*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_module_gives_each_name_one_meaning(path: Path) -> None:
    # Two constants of one name once made a folder whose name no Windows takes.
    twice = [name for name, times in Counter(_names(ast.parse(path.read_text("utf-8")))).items() if times > 1]
    assert not twice


def _names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=targets):
                yield from (n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name))
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.FunctionDef(name=name) | ast.ClassDef(name=name)
            ):
                yield name


def test_a_class_name_means_one_thing() -> None:
    """What a file says and what a plan makes of it share a name: the former is always written `schema.Program`."""
    named: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                named.setdefault(node.name, []).append(path.name)
    shared = {"Agency", "Program", "Pillar", "Chapter", "Book", "BudgetLine"}
    assert {name for name, paths in named.items() if len(paths) > 1} == shared
