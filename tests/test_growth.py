"""What a hostile plan costs grows with its size, not with the square of it: every pattern, and whole files.

Nothing is held to a number of seconds: a text of four times the size may take eight times as long.
"""

from __future__ import annotations

import ast
import gc
import importlib
import inspect
import pkgutil
import re
import shutil
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import masterplan_cli
from conftest import SMALL_PLAN, every, write
from masterplan_cli.checking import Checked, check
from masterplan_cli.cli.usage import _SAYINGS, _VALUES
from masterplan_cli.diagnostics import total
from masterplan_cli.report import FORM_NAMES, report
from masterplan_cli.template_errors import _MESSAGES
from masterplan_cli.yaml_faults import _CAUSES

#: A text of so many times the size may cost so many times as much.
SIZE, COST = 4, 8


@pytest.fixture(scope="module", autouse=True)
def _at_rest() -> Iterator[None]:
    """What all tests have loaded is not looked through before each measurement."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def too_fast(work: Callable[[int], Callable[[], object]], size: int, floor: float) -> str:
    """How the time of a piece of work grows, if that is too fast; the `floor` of seconds says nothing."""
    small, large = work(size), work(size * SIZE)
    for _ in range(3):  # the machine may be busy with something else
        one, four = _seconds(small), _seconds(large)
        if four <= COST * one + floor:
            return ""
    return f"{one:.4f} s at {size}, {four:.4f} s at {size * SIZE}"


def _seconds(work: Callable[[], object]) -> float:
    """The processor's time for a piece of work, at its best."""
    best = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(2):
            start = time.process_time()
            work()
            best = min(best, time.process_time() - start)
    finally:
        gc.enable()
    return best


# --- patterns -----------------------------------------------------------------------------------------


class Use(NamedTuple):
    """A pattern of the package: what it is called in `WORST`, itself, and how texts are held to it."""

    name: str
    pattern: re.Pattern[Any]
    way: str


_WAYS = {"search", "match", "fullmatch", "sub", "finditer", "findall", "split"}
#: Patterns that are made while the program runs, with examples of each.
MADE = {
    "cli.usage": [pattern for pattern, _ in (*_SAYINGS, *_VALUES)],
    "fonts": ["[^a-z]"],
    "yaml_faults": [pattern for pattern, _ in _CAUSES],
    "rules.prose": [r"\b(?:Bupati|Pemerintah\ Desa)\b", r"Kabupaten/Kota"],
    "tables.heads": [r"pagu\-(?P<nth>[1-9]\d?)", r"(?P<year>20\d\d)\-pagu"],
    "schema.types": [],  # those that are given to `_matching`
    "template_errors": [
        r"\{%[-+]?\s*(end)?(for|if)\b",
        r"(?<!\w)a\.b(?!\w)",
        *(pattern for pattern, _ in _MESSAGES),
    ],
    "values": [r"(\d{4})-(\d{1,2})-(\d{1,2})", r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})"],
}
#: No text of a plan meets these.
APART = {
    "live.page._BODY": "the tool's own page, which has one body",
    "live.page._CONTENTS": "the tool's own page, which has one list of contents",
}


@cache
def uses() -> list[Use]:
    """Every pattern of the package in every way in which its module uses it."""
    found: list[Use] = []
    for info in pkgutil.walk_packages(masterplan_cli.__path__, "masterplan_cli."):
        if not info.name.endswith("__main__"):
            module = importlib.import_module(info.name)
            found += _of_module(module, info.name.removeprefix("masterplan_cli."))
    return [
        use for use in dict.fromkeys(found) if use.name not in APART and _loops(_str(use.pattern.pattern))
    ]


def _loops(text: str) -> bool:
    """Whether a pattern repeats anything without end; no other pattern takes long at any place."""
    return bool(re.search(r"[*+]|\{\d*,\}", re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "x", text)))


def _of_module(module: Any, short: str) -> Iterator[Use]:
    source = inspect.getsource(module)
    if "re." not in source and "_matching" not in source:
        return
    tree = list(ast.walk(ast.parse(source)))
    calls = [node for node in tree if isinstance(node, ast.Call)]
    names = {id(n.value): ast.unparse(n.targets[0]) for n in tree if isinstance(n, ast.Assign)}
    for call in calls:
        function = _name(call.func)
        if function == "_matching":
            yield from _patterns(short, module, call.args[1], "", {"fullmatch"})
        elif function == "re.compile":
            name = names.get(id(call), "")
            yield from _patterns(short, module, call.args[0], name, _ways_of(name, calls))
        elif function.startswith("re.") and function[3:] in _WAYS:
            yield from _patterns(short, module, call.args[0], "", {function[3:]})


def _name(function: ast.expr) -> str:
    """What a function is called by that is a name, or an attribute of one."""
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def _ways_of(name: str, calls: list[ast.Call]) -> set[str]:
    """What a module does with a compiled pattern."""
    used = {_name(call.func).removeprefix(f"{name}.") for call in calls}
    return used & _WAYS or {"search"}


def _patterns(short: str, module: Any, argument: ast.expr, name: str, ways: set[str]) -> Iterator[Use]:
    """The pattern that an argument is, or the examples of those that it may be while the program runs."""
    constant = name.isupper()
    flags = getattr(module, name).flags if constant else re.M
    try:
        texts = [eval(ast.unparse(argument), vars(module))]
    except NameError:
        texts = MADE[short]
    for text in texts:
        pattern = (
            getattr(module, name) if constant else re.compile(text, flags if isinstance(text, str) else 0)
        )
        for way in sorted(ways):
            yield Use(f"{short}.{name}" if constant else _str(text), pattern, way)


def _str(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode()


#: What each pattern tries most on: what stands between `‹›` is repeated. A new pattern belongs here as well: runs of
#: what its loops take, without the end that they wait for, and its beginnings again and again.
WORST = {
    "binding._PAGES": ("<xmpTPg:NPages>‹1›", "‹<xmpTPg:NPages>›"),
    "blocks._HEADING_ID": ("a‹ ›b", "‹{#a›", "‹{#a} ›b", "{#a}‹ ›b", "{#‹a›", "‹ {#›"),
    "^( *)#(id|en) ": ("‹ ›", "‹ \n›", "‹ #›"),
    "%([A-Z]+)%": ("‹%A›", "%‹A›"),
    "source._UNQUOTED": ("‹a ›\"", "‹-›\"", "‹a›\""),
    r"[^\n]*\n|[^\n]+": ("‹a›", "‹\n›", "‹a\n›"),
    "[ ]*(?:-[ ]+)*": ("‹ ›", "‹- ›", "-‹ ›", "‹-›"),
    "edits.changes._TIGHT_COMMENT": ("‹ ›", "‹\t›", "‹ #›"),
    "edits.tree._COMMENT": ("‹#›", "‹ #›", "‹a#›", "#‹a›", "‹#\n›", "‹\n›"),
    "edits.tree._HEADER": ("|‹1›", "‹|›", "|‹-›"),
    "words.drawings._NAME": ("‹a›", "‹.›", "‹.png›", "‹.png›a", "‹1›a", "Picture ‹1›a"),
    "words.drawings._MADE_BY_WORD": ("‹Description automatically generated›", "‹a›", "Description automatically generated‹a›", "‹Description ›"),
    "words.markdown._SPACE": ("‹ ›", "‹ a›", "‹\t›"),
    "words.markdown._TYPED_BULLET": ("-‹ ›", "‹•›", "‹- ›"),
    "words.markdown._CAPTION": ("gambar‹ ›", "gambar ‹1›", "gambar 1‹.1›", "‹gambar ›"),
    "git._AWAY": ("https://‹a›\n", "‹a›", "a@‹a›", "a@a:‹a› ", "‹a@›"),
    "layout._WORD": ("‹a›", "‹a1›", "‹aaaaaaaaa ›"),
    "layout._BREAK": ("‹ ›", "‹\u00ad›", "‹ \u00ad›", "‹a ›"),
    "live.editing._NAMES_KEYS": ("`‹a›", "‹`›", "‹`a›"),
    "live.sending._WORDED": ("‹a›!", "‹a ›", "a‹ ›", "‹a ›!"),
    "live.page._POLICY": (
        "‹<meta http-equiv=\"Content-Security-Policy\" content=\"›",
        "<meta http-equiv=\"Content-Security-Policy\" content=\"‹a›",
    ),
    "markdown._FOLDED": ("‹ ›", "‹a ›", "‹\n ›"),
    "markdown._TAG": ("‹<a›", "<a‹a›", "‹</a ›", "‹<!-›", "‹<›", "‹<a>›", "<a‹ ›", "<a‹ b=c›", "<a b‹ ›", "<a b=\"‹a›", "<a b=‹a›", "<‹a-›", "‹<a b=›", "<a‹ open›", "<a b=\"‹a› "),
    "markdown._ADDRESS": (
        "‹](›", "](‹ ›", "](<‹a›", "‹](<›", "](‹a›", "](‹(›", "](a‹()›", "‹](a(›", "](a(‹a›", "‹](a(a)›", "](a‹(a›",
    ),
    "markdown._TICKS": ("‹`›", "‹`a›"),
    "markdown._CODE_OR_ESCAPE": ("‹`›", "‹\\!›", "‹`\\`›"),
    "markdown._REFUSED": (
        "](‹ ›", "‹](›", "‹]( ›", "‹]( <›", "‹[\n›", "[‹a›", "‹[a\n›", "‹[a]:›", "[a]:‹ ›", "‹[a\\›", "‹\\]›", "](javascript‹ ›",
        "‹](data ›", "‹[a]: <data›",
    ),
    "inlines._LINKED": ("‹a›`", "‹\\!›`", "‹[a›", "[‹a›", "‹[a](#›", "[a](#‹a›", "‹[a](#b)›`"),
    "inlines._PICTURE": ("![‹a›", "‹![a›", "![a](<chart:‹a›", "![‹\\!›"),
    "inlines._BOLD": ("**‹a›", "**a**‹ ›", "**‹\\!›", "‹**a›", "**a** ‹a›*"),
    "yaml_faults.UNSPACED": ("‹ ›", "‹a›", "‹-›", "‹- ›", "a:‹a›\n", "‹a:›\n", "‹a-›"),
    r"(?:[^\s\\]|\\.)+": ("‹a›", "‹\\\\ ›", "‹\\\\›", "‹a ›"),
    "yaml_reader._PHRASE": ("‹a›", "‹a ›1", "‹A›", "‹1›"),
    "yaml_reader._COMMENT": ("‹ ›", "‹ #›", "‹#›", "‹ # ›"),
    "values._WITH_UNIT": ("‹1›", "1 ‹a›1", "1‹.›a", "1 a‹ ›1"),
    "yaml_faults._KEY_AND_VALUE": ("‹ ›#", "‹a›#", "a:‹ ›#", "a: ‹a›#", "‹-›#", "a: ‹a ›#"),
    "yaml_faults._KEY_AND_TEXT": ("‹ ›:", "‹a›:", "a‹ ›:", "a a‹a›:", "‹a ›:"),
    "yaml_faults._KEY_ALONE": ("‹-›!", "‹ ›!", "‹a›!", "‹- ›!", "‹-a›!", "a‹ ›!", "‹-.›!"),
    r"\s*(?:- )?[\w-]+:- ": ("‹ ›", "‹a›", "‹-›", "‹- ›", "‹a:›"),
    "yaml_reader._ITS_OWN": ("‹ ›", "‹a›", "‹-›", "‹a:›", "‹_›:"),
    "yaml_reader._OWN_LINE": ("‹ ›", "‹a›", "‹-›", "‹a-›", "‹_›:", "‹ a›"),
    r"\d{1,3}(,\d{3}){2,}": ("‹1›", "1‹,111›!", "‹,›"),
    r"(?<=\d), +(?=\d)": ("1‹,›", "1,‹ ›", "‹1, ›"),
    "[-–—―]+": ("‹-›a", "‹—›a"),
    r"(?i)([\d.,]+)\s*([a-z]+)": ("‹1›", "‹1,›", "1‹ ›", "1 ‹a›!"),
    r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?": ("1‹.111›", "1‹.111›!", "1.111,‹1›!", "‹1›"),
    r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?": ("1‹.111›", "1‹.111›!", "1.111,‹1›!", "‹1›"),
    r"\d+([.,]\d+)?": ("‹1›!", "1.‹1›!", "‹1.›"),
    r"[a-z_]+:(\s|$)": ("‹a›", "‹_›:a", "‹a:›"),
    "values._RUN": ("‹ ›", "‹ a›"),
    "yaml_reader._OWNER": ("owner:‹ ›", "owner: ‹a›!", "owner: a‹ ›!", "owner: \"‹-›"),
    "yaml_reader._FLOW_TEXT": ("‹a›", "‹ ›"),
    "yaml_reader._INDENT": ("‹ ›", "‹\u00a0›", "‹ \u00a0›", "‹\t›"),
    "yaml_reader._INDENTED": ("‹ ›", "‹ \n›", "‹\n›", "‹\t›"),
    "front_matter._DATA": ("‹a›", "‹_›:a", "‹a:›", "‹ ›"),
    r"\s*[^#\s]": ("‹ ›", "‹ ›#", "‹#›"),
    r" *\t[ \t]*": ("‹ ›", "‹\t›", "‹ \t›"),
    r"\s*-(\w.*)": ("‹ ›", "‹-›", "-‹a›\n"),
    "([A-Za-z][A-Za-z0-9+.-]*):": ("‹a›", "‹a.›", "‹a›/"),
    "project.ID": ("‹a›!", "‹a-›", "‹-a›", "‹a-a›!", "‹aa-›!"),
    "front_matter._CLOSING": ("‹-›", "‹-›!", "--‹ ›", "‹–›a", "‹*›a", "--- ‹a ›"),
    "rules.lists._ITEM": ("‹ ›", "-‹ ›", "‹\t›", "‹1›", "‹- ›"),
    "rules.passages._CLOSED": ("‹\"›", "‹\"\"›", "\"‹a›", "‹\t\"›", "‹\t\"a\"\"›", "\t\"‹\"\"a›\"b", "‹\"a\"\t›", "‹\t\"\n›"),
    "rules.passages._OPENED": ("‹\"›", "‹\"\"›", "\"‹a›", "‹\t\"›", "‹\t\"a\"\"›", "\t\"‹\"\"a›\"b", "‹\"a\"\t›", "‹\t\"\n›"),
    "rules.passages._END": ("‹a›", "‹\"\"›", "‹a\"\"›", "‹\"\"›\"b"),
    "rules.indicators._FIGURE": ("‹1›", "‹1.›", "1‹ ›", "1‹\n›"),
    "rules.indicators._ROUND": ("1‹0›", "1‹0›1"),
    "rules.pasted._MARKED": ("‹ ›", "‹\n›", "‹\t›", "‹- ›"),
    "rules.markup._WRITTEN": ("‹[›", "‹[](›", "[](‹a›", "[](‹(a)›", "‹[]((a)›", "‹![a](b ›", "[](‹(›"),
    "rules.markup._TITLE": ("‹ ›", "‹ \"›", "‹ \"a\"›", " \"‹a›", "‹ '›", "‹ 'a' ›"),
    "rules.markup._WIKI": ("‹[›", "‹[[›", "[[‹a›", "‹[[a]›", "‹[[a]]›"),
    "rules.markup._REFERENCE": ("‹[›", "[‹a›", "‹[a]›", "[a][‹a›", "‹[a][›", "‹[a][b]›"),
    "rules.markup._NOTE": ("‹[^›", "[^‹a›", "‹[^a]›"),
    "rules.markup._INLINE_NOTE": ("‹^[›", "^[‹a›", "‹^[a]›"),
    "rules.markup._NOTED": ("‹ ›", "‹> ›", "[^‹a›", "[^‹a›]"),
    "rules.markup._BRACKETED": ("‹[›", "[‹a›", "‹[a]›"),
    "rules.tables._DELIMITER": ("‹-›", "‹ ›", "‹-|›", "‹- |›", "|‹ - | ›a", "‹:-:|›a"),
    "values._ITEM": ("‹ ›", "‹ -›", "-‹ ›", "‹- ›"),
    "rules.markup._SPACED": ("‹[›", "[‹a›", "[a]‹ ›", "[a] (‹a›", "[a] (‹a.›", "[a] (http://‹a›", "‹[a] (a.pd›"),
    "rules.markup._REVERSED": ("‹(›", "(‹a›", "(‹a.›", "(http://‹a›", "‹(a.pdf›", "(a.pdf)[‹a›", "‹(a.pdf)[›"),
    "rules.raw_marks._BOX": ("‹:›", "‹:\n›", "‹!!! a\n›", "‹[!a]\n›", ":::‹a›"),
    "rules.pasted._LABELLED": ("a‹ ›", "a:‹ ›", "‹a›"),
    "rules.tables._GRID": ("‹+›", "‹+-›", "+‹-›", "‹+-+›!", "+-+‹ ›!", "‹+-+\n›"),
    "rules.pasted._BULLET": ("•‹ ›", "o‹ ›", "•‹\t›", "§‹ ›"),
    "rules.pasted._SYMBOL": ("✓‹ ›", "✓‹\t›"),
    "rules.pasted._DASH": ("–‹ ›", "--‹ ›", "–‹\t›", "*a‹b›*", "*a‹b›"),
    "rules.pasted._ITEM": ("a.‹ ›", "a ,‹ ›", "[1]‹ ›", "(1)‹ ›", "1)‹\t›"),
    "rules.pasted._HASH": ("#‹a›", "#a‹b›", "#‹ab ›"),
    "rules.prose._PLACEHOLDER": (
        "‹[isi ›", "‹[isi ›](", "‹[isi]›(", "‹[isi](›", "[isi‹a›", "‹ ›", "‹ ...›a", " ‹.›a", " ...‹ ›a", "‹...›", "‹X›a", "‹xxx›",
        "‹XXX ›", "‹ ---- ›a", "‹ …›a", "‹ ___›a", "‹a ›", "‹TODO›", "‹[nama [isi ›", "‹\n›a", "‹[fill in ›]",
    ),
    "rules.money_and_time._NUMBERED": ("‹ ›", "‹[›", "[‹a›", "‹1›", "‹1.›", "[]‹ ›", "1‹ -›"),
    r"[^\W\d_][\w .,/()–-]*": ("‹a›\n", "‹a ›\n", "‹ ›\n"),
    r"([a-z_]+):((?!//)\S.*)": ("‹a›", "‹a:›\n", "a:‹a›\n", "‹_›"),
    r"[a-z][a-z0-9-]*:[A-Za-z0-9][A-Za-z0-9_.\-]*": ("‹a›", "a:‹a›!", "‹a-›!", "‹a:a›!", "a:‹.›!"),
    r"[\s_]+": ("‹ ›", "‹_›", "‹a ›", "‹ _›a"),
    r"https?://[!#-;=?-~][!#-\-/-;=?-~]*\.[!#-;=?-~]+": (
        "http://‹a›", "http://‹.›<", "http://‹a.›<", "http://‹:›<", "http://a.‹a›<", "‹http://›", "‹http://a.›<",
    ),
    r"@[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*|[^\s@#,;<>]+@([\w-]+\.)+[\w-]+": (
        "@‹a›!", "‹@›", "@a‹/a›!", "@a‹/a.›!", "‹a›", "‹a›@", "a@‹a›", "a@‹a.›", "a@‹a.›!", "‹a@›", "@‹a.-›!", "a@‹-›!",
    ),
    r"currently looking for '(\w+)'|following tags: '(\w+)'": ("‹following tags: '›", "following tags: '‹a›"),
    r"unsupported operand type\(s\) for (\S+): '(\w+)' and '(\w+)'": (
        "unsupported operand type(s) for ‹a›", "unsupported operand type(s) for ‹: '›", "unsupported operand type(s) for +: '‹a›",
    ),
    r'can only concatenate (\w+) \(not "(\w+)"\) to \w+': ("can only concatenate ‹a›", 'can only concatenate a (not "‹a›'),
    r"'(\S+)' not supported between instances of '(\w+)' and '(\w+)'": ("'‹a›", "‹'›", "'a' not supported between instances of '‹a›"),
    r"\{%[-+]?\s*(end)?(for|if)\b": ("‹{%›", "{%‹ ›", "‹{% end›", "‹{% ›"),
    r"Unexpected end of template.*closed is '(\w+)'": (
        "Unexpected end of template‹ closed is '›", "Unexpected end of template‹a›", "Unexpected end of template closed is '‹a›",
    ),
    r"Encountered unknown tag '(\w+)'\.(.*)": ("Encountered unknown tag '‹a›", "Encountered unknown tag 'a'.‹a›"),
    r"No filter named '(\w+)'": ("No filter named '‹a›",),
    r"No test named '(\w+)'": ("No test named '‹a›",),
    r"block '(\w+)' defined twice": ("block '‹a›",),
    # Jinja puts a name or the kind of a token between these quotes: neither holds a quote.
    r"expected token '(.*)', got '(.*)'$": ("expected token '‹a›", "expected token 'a', got '‹a›"),
    r"unexpected '(.*)', expected '(.*)'$": ("unexpected '‹a›", "unexpected 'a', expected '‹a›"),
    r"unexpected char '(.*)' at": ("unexpected char '‹a›", "unexpected char '‹' a›"),
    r"unexpected '(.*)'$": ("unexpected '‹a›", "unexpected '‹'›a"),
    r"closed is '(\w+)'": ("‹closed is '›", "closed is '‹a›"),
    r" at (\d+)$": ("‹ at ›", "‹ at 1›a", " at ‹1›a"),
    r"(?i)^rp\.?\s*": ("‹rp›", "rp‹ ›", "‹ ›rp"),
    r"\d{1,3}(,\d{3})+": ("1‹,111›", "1‹,111›,", "‹1›"),
    r"\d{1,3}([ _']\d{3})+": ("1‹ 111›a", "1‹ ›"),
    r"0\d+": ("0‹1›a",),
    r"(\d{4})(?:\s*(-|s\.?/?d\.?|sampai)\s*(\d{4})?)?": ("2022‹ ›", "2022-‹ ›a", "2022‹ -›", "2022‹ ›s‹ ›"),
    r"[\W_]+": ("‹ ›", "‹a ›", "‹_›a", "‹_-›"),
    r"-?\d+,\d+": ("‹1›", "1,‹1›a"),
    r"-?\d+(\.\d+)?": ("‹1›a", "1.‹1›a", "‹1.›"),
    r"(\d{1,2})\s+([A-Za-z]+)\s+(\d{4})": ("1‹ ›", "1 ‹a›", "1 a‹ ›", "1‹ a›"),
    r"-\s*\d[\d.,]*": ("-‹ ›", "-1‹.›a", "-1‹1›a"),
    "pictures.drawing._SAFE_LINK": ("‹ ›:", "‹a›:", "‹ ›"),
    r"\s+": ("‹ ›", "‹a ›"),
    "pictures.values.NUMBER": ("‹1›", "‹1e›", "‹.›", "‹1.›e", "‹+›", "1e‹1›a"),
    "pictures.values._LENGTH": ("‹ ›", "‹1›", "1‹ ›1", "1.‹1›", "1e‹1›"),
    "pictures.values._URL": ("‹url(›", "url(‹ ›'", "url(‹a›", "‹url( ›", "url(‹ ›"),
    "pictures.values._INSIDE": ("#‹a›(", "#a‹ ›a", "#‹a ›"),
    "pictures.values._FUNCTION": ("‹a›", "‹a(›", "a‹ ›", "a(‹a›", "‹a ›"),
    "pictures.values._NO_NUMBERS": ("‹a›!", "‹#›", "'‹a›", "‹'›", "‹url(›", "‹\"a›", "‹a-›!", "‹url(a›", "‹'\"›"),
    "pictures.values._COMMENT": ("‹/*›", "/*‹a›", "/*‹*›", "‹/›"),
    "pictures.values._PLAIN": ("‹ ›", "‹#›", "‹ ›#", "‹#a ›"),
    r"[.#]?[^\s.#:\[\]*]+": ("‹a›", "‹.›"),
    r"[\s>+~]+": ("‹ ›", "‹a ›", "‹>›a"),
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([a-zA-Z%]*)": ("‹1›", "1‹ ›", "‹.›", "‹+›", "1‹a›"),
    "pictures.weight._SEGMENT": ("‹M›", "M‹1›", "‹1›", "‹M1›"),
    # A number of more than forty digits is refused before.
    "pictures.weight._ARC": ("‹1 ›", "‹1111111111111111111111111111111111111111 ›", "1‹ ›1", "‹1,›a", "‹1 1 1 0 ›", "‹.›", "‹1e›"),
    r"Option '(.*)' requires (?:an argument|\d+ arguments)": (
        "Option '‹a›", "Option '‹' requires ›", "Option '‹' requires 1›", "Option '' requires ‹1›",
    ),
    r"Option '(.*)' does not take a value": ("Option '‹a›", "Option '‹' does not take ›"),
    r"No such command '(.*?)'\.": ("No such command '‹a›", "No such command '‹'›"),
    r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)$": ("Got unexpected extra argument (‹a›", "Got unexpected extra argument (‹)›a"),
    r"Input should be greater than or equal to (\S+)": ("Input should be greater than or equal to ‹a›",),
    r"Input should be less than or equal to (\S+)": ("Input should be less than or equal to ‹a›",),
    r"[\w.:/\\-]+": ("‹a›", "‹a›!"),
    "templates._CALLED_BY_VALUE": ("‹{%›", "{%‹ ›", "{%include‹ ›", "‹{% from ›", "‹{%-›"),
    "\n+": ("‹\n›", "‹a\n›"),
    "schema.remedies._NUMBER_IN": ("‹1›", "‹1.›", "‹1,›", "‹1 ›", "-‹1›a", "‹-›"),
    "schema.remedies._CODE_IN": ("‹1›", "‹1.›", "1‹.1›a", "‹1.1 ›"),
    "schema.remedies._MONEY_IN": ("‹1›", "‹Rp ›", "1‹.›", "1,‹1›", "‹1 ›"),
    "schema.remedies._ID": ("‹a›", "‹a-›", "‹a›_"),
    "schema.remedies._ADDRESS": ("http://‹a›", "http://‹a› "),
    "schema.remedies._FILE": ("‹a›", "‹.›", "‹.a›", "‹.ab› "),
    "template_errors._ADDRESS": ("‹ ›", "‹ at 0x›", " at 0x‹a›", " at 0x‹a› at"),
    "writers.docx.markup._PIECES": ("‹a›", "‹\r›", "‹\r\n›", "‹a\t›"),
    "writers.docx.markup._HOST": ("‹a›!", "‹a.›!", "a:‹1›", "‹a:›"),
    "project._MEMBER": ("agencies/‹a›", "pillars/‹a›", "pillars/‹a/›", "pillars/a/‹a›", "chapters/‹.md›", "pillars/a/‹.yaml›a"),
    "forms.cells._ENTRY": ("-‹ ›", "‹- ›", "-‹\u00a0›"),
    "forms.importing._FAULT": ("=‹a›", "=‹\n›", "‹=›", "#‹N/A›"),
    "writers.docx.tables._NARROW": ("‹.›", "‹.a›", ".‹a›", "‹.1›x"),
    r'(?<![\"\\\w])[A-Z]{3,}': ("‹A›", "‹A›a", "‹AAA ›", "‹\"AAA›"),
    r'"[^"]*"|\\\*\s*\w+': ('‹"›', '"‹a›', r"‹\*›", r"\*‹ ›", r"‹\* ›", r'‹\* ›"', r"\*‹a›"),
    "writers.markdown._LINE_START": ("‹ ›", "‹1›", "‹ ›1", "‹\n›a", "‹-›"),
    "`+": ("‹`›", "‹`a›"),
    "prose._CAPTION": ("tabel‹ ›", "tabel‹ ›:", "‹tabel:›"),
    "tables.cells._FIGURE": ("‹1›", "‹1.›", "1‹ ›", "1 ‹a›", "1 a‹ ›", "1 a‹ ›1", "1 ‹m2›", "1 ‹m2›1"),
    "tables.cells._LED": ("1.1‹ ›", "‹1.›", "1.‹1›", "1‹.1›"),
    "tables.joining._LED_OFFICE": ("‹1›", "11111‹ ›", "11111 ‹a›", "11111 ‹a ›\n"),
    "tables.vocabulary._WORD_OF_NAME": ("‹a›", "‹a1›", "‹a ›"),
    "templates._BLOCK": ("{%‹ ›", "‹{% block a ›", "{% block ‹a›", "‹{%›", "{%-‹ ›endblock"),
    "writers.pdf._PLACE": ("‹┌─ ›", "‹┌─ \n›", "‹ ›", "┌─ ‹a›", "┌─ a:‹1›", "┌─ ‹a:1›a", "‹┌─ a:1:1›"),
    "writers.typst_source._NEWLINES": ("‹\n›", "‹a\n›"),
    "writers.typst_text._LINE": ("‹a›", "‹a\n›"),
    "writers.typst_text._GAPS": ("‹ ›", "‹a ›", "‹\u00ad›"),
    "writers.typst_text._WORD": ("‹a›", "‹a ›"),
    "writers.xlsx.names._UNNAMEABLE": ("‹ ›", "‹a:›", "‹:›"),
}  # fmt: skip


def test_every_pattern_has_its_worst_texts() -> None:
    bare = {use.name for use in uses()} - set(WORST)
    assert not bare, f"patterns without texts in WORST of tests/test_growth.py: {sorted(bare)}"
    assert not set(WORST) - {use.name for use in uses()}, "texts of patterns that are no more"


@pytest.mark.parametrize("use", uses(), ids=lambda use: f"{use.name[:40]} {use.way}")
def test_a_pattern_takes_no_longer_than_its_text_is_long(use: Use) -> None:
    for written in WORST[use.name]:
        grown = too_fast(partial(_held, use, written), 4_000, 0.004)
        assert not grown, f"{use.pattern.pattern!r} {use.way} {written!r}: {grown}"


def _text(written: str, size: int) -> str:
    """The text of so many repetitions of what stands between the marks."""
    return re.sub("‹(.*?)›", lambda found: found[1] * (size // len(found[1])), written, flags=re.S)


def _held(use: Use, written: str, size: int) -> Callable[[], object]:
    """To hold a text of a size to a pattern as its module does."""
    text = _text(written, size)
    given: Any = text if isinstance(use.pattern.pattern, str) else text.encode()
    if use.way == "sub":
        return lambda: use.pattern.sub(given[:0], given)
    if use.way == "finditer":
        return lambda: list(use.pattern.finditer(given))
    return lambda: getattr(use.pattern, use.way)(given)


# --- whole files --------------------------------------------------------------------------------------


def _program(fields: str, prose: str = "Teks.") -> dict[str, str]:
    return {"pillars/alfa/x.md": f"---\ntitle: X\nowner: dinas-a\n{fields}---\n\n{prose}\n"}


def _prose(text: str) -> dict[str, str]:
    return _program("", text)


def _pillar(fields: str) -> dict[str, str]:
    return {"pillars/alfa/pillar.md": f"---\ntitle: Alfa\nowner: dinas-a\n{fields}---\n\nTeks.\n"}


def _root(fields: str) -> dict[str, str]:
    return {"masterplan.yaml": (SMALL_PLAN / "masterplan.yaml").read_text(encoding="utf-8") + fields}


def _map(points: str, areas: int = 1) -> dict[str, str]:
    area = f'{{"type":"Polygon","coordinates":[[{points}]]}}'
    return {
        "assets/a.geojson": f'{{"type":"GeometryCollection","geometries":[{_many(lambda _: area, areas, ",")}]}}'
    }


def _many(made: Callable[[int], str], size: int, between: str = "") -> str:
    """As many numbered pieces as have a size together."""
    return between.join(made(n) for n in range(max(1, size // len(made(100) + between))))


def _paragraphs(piece: str, size: int, length: int = 9_600) -> str:
    """Paragraphs of pieces, each just short enough to be read."""
    return "\n\n".join([piece * (length // len(piece))] * max(1, size // length))


#: Files of about a size, made to be slow to read.
FILES: dict[str, Callable[[int], dict[str, str]]] = {
    # Markdown: what stands in a line
    "a line of unknown files": lambda n: _prose(_many(lambda i: f"[a](x{i})", n, " ")),
    "paragraphs of unknown files": lambda n: _prose(_many(lambda i: f"[a](x{i})", n, "\n\n")),
    "lines of unknown files": lambda n: _prose(_many(lambda i: f"[a](x%é{i})", n, "\n")),
    "unknown anchors": lambda n: _prose(
        _many(lambda i: f"[a](#x{i})", n // 2, "\n\n") + "\n\n" + _many(lambda i: f"## y{i}", n // 2, "\n")
    ),
    "unknown pictures": lambda n: _prose(_many(lambda i: f"![](x{i}.png)", n, "\n\n")),
    "references to one definition": lambda n: _prose("[a]: x\n\n" + _paragraphs("[a]\n", n)),
    "placeholders": lambda n: _prose("[isi " * (n // 5)),
    "paragraphs of placeholders": lambda n: _prose(_paragraphs("[isi ", n)),
    "dots": lambda n: _prose(_many(lambda _: " ...", n, "\n")),
    "brackets": lambda n: _prose("[" * n),
    "paragraphs of brackets": lambda n: _prose(_paragraphs("[", n)),
    "paragraphs of pictures": lambda n: _prose(_paragraphs("![", n)),
    "brackets a line": lambda n: _prose(_paragraphs("[\n", n)),
    "nested links": lambda n: _prose("\n\n".join(["[" * 1500 + "a" + "](x)" * 1500] * max(1, n // 7500))),
    "parentheses": lambda n: _prose("(" * n),
    "stars": lambda n: _prose("*" * n),
    "emphasis": lambda n: _prose(_paragraphs("*a ", n)),
    "emphases": lambda n: _prose(_paragraphs("*a_ ", n)),
    "strong": lambda n: _prose(_paragraphs("a**b", n)),
    "underscores": lambda n: _prose("_" * n),
    "tildes": lambda n: _prose(_paragraphs("~~a ", n)),
    "backticks": lambda n: _prose("`" * n),
    "growing backticks": lambda n: _prose("\n\n".join([" ".join("`" * i for i in range(1, 130))] * (n // 8600 + 1))),
    "backslashes": lambda n: _prose("\\" * n),
    "entities": lambda n: _prose(_paragraphs("&amp;", n)),
    "quotation marks": lambda n: _prose(_paragraphs('"' * 290 + "a" * 9_000, n, 9_290)),
    "addresses": lambda n: _prose(_paragraphs("<http://a>", n)),
    "tags": lambda n: _prose(_many(lambda _: "<a>", n, "\n\n")),
    "open tags": lambda n: _prose(_paragraphs("<a ", n)),
    "unsafe links": lambda n: _prose(_many(lambda i: f"[a](javascript:{i})", n, "\n\n")),
    "blanks in a link": lambda n: _prose("\n\n".join(["](" + " " * 9_000 + "x"] * max(1, n // 9_000))),
    "blanks": lambda n: _prose("a" + " " * n + "b"),
    "tabs": lambda n: _prose("\t" * n + "a"),
    "foreign words": lambda n: _prose(_many(lambda _: "Bupati", n, "\n\n")),
    "foreign words in a line": lambda n: _prose("Bupati " * (n // 7)),
    "personal numbers": lambda n: _prose("3578010101800001 " * (n // 17)),
    # Markdown: blocks
    "bars": lambda n: _prose("|" * n),
    "rows": lambda n: _prose("|a|b|\n|-|-|\n" + "|x|y|\n" * (n // 6)),
    "short rows": lambda n: _prose("|" + "a|" * 150 + "\n|" + "-|" * 150 + "\n" + "|x\n" * (n // 3)),
    "rows without bars": lambda n: _prose("a|b\n-|-\n" + "x\n" * (n // 2)),
    "tables": lambda n: _prose("|a|\n|-|\n\n" * (n // 10)),
    "lines with bars": lambda n: _prose("|a|\n" * (n // 4)),
    "nested quotes": lambda n: _prose("> " * (n // 2)),
    "quotes": lambda n: _prose("> a\n" * (n // 4)),
    "quotes apart": lambda n: _prose("> a\n\n" * (n // 5)),
    "deep quotes": lambda n: _prose(("> " * 15 + "a\n") * (n // 32)),
    "lazy quotes": lambda n: _prose("> a\n" + "a\n" * (n // 2)),
    "items": lambda n: _prose("- a\n" * (n // 4)),
    "items apart": lambda n: _prose("- a\n\n" * (n // 5)),
    "nested items": lambda n: _prose("- " * (n // 2)),
    "deep items": lambda n: _prose(_many(lambda i: "  " * (i % 15) + "- a", n, "\n")),
    "empty items": lambda n: _prose("-\n" * (n // 2)),
    "numbers": lambda n: _prose("1. a\n" * (n // 5)),
    "an item of many paragraphs": lambda n: _prose("- a\n" + "  b\n\n" * (n // 5)),
    "lists of one item": lambda n: _prose(_many(lambda i: f"{'-+*'[i % 3]} a", n, "\n")),
    "references to one footnote": lambda n: _prose("[^1] " * (n // 5) + "\n\n[^1]: x"),
    "paragraphs with a footnote": lambda n: _prose("[^1]\n\n" * (n // 6) + "[^1]: x"),
    "footnotes": lambda n: _prose(_many(lambda i: f"[^{i}]: x", n, "\n")),
    "one footnote many times": lambda n: _prose("[^1]: x\n" * (n // 8)),
    "footnotes that are used": lambda n: _prose(
        _many(lambda i: f"[^{i}]", n // 2, "\n\n") + "\n\n" + _many(lambda i: f"[^{i}]: x", n // 2, "\n\n")
    ),
    "footnotes of footnotes": lambda n: _prose(_many(lambda i: f"[^{i}]: [^{i + 1}]", n, "\n") + "\n\n[^1]"),
    "items that are not below others": lambda n: _prose("1. a\n  - b\n" * (n // 11)),
    "cells in quotes that do not end": lambda n: _prose('a\t"b""\nc\n' * (n // 9)),
    "rows below empty lines": lambda n: _prose("| a |\n| - |\n" + "\n| 1 |\n" * (n // 7)),
    "definitions": lambda n: _prose(_many(lambda i: f"[a{i}]: x", n, "\n")),
    "definitions with open titles": lambda n: _prose("[a]: x (\n" * (n // 9)),
    "open definitions": lambda n: _prose("[a\n" * (n // 3)),
    "headings": lambda n: _prose("## a\n" * (n // 5)),
    "headings of all levels": lambda n: _prose(_many(lambda i: "#" * (i % 6 + 1) + " a", n, "\n")),
    "underlined headings": lambda n: _prose("a\n=\n" * (n // 4)),
    "terms": lambda n: _prose("a\n: b\n\n" * (n // 7)),
    "a term of many meanings": lambda n: _prose("a\n" + ": b\n" * (n // 4)),
    "colons": lambda n: _prose(":\n" * (n // 2)),
    "code": lambda n: _prose("    a\n" * (n // 6)),
    "fences": lambda n: _prose("```\n" * (n // 4)),
    "growing fences": lambda n: _prose(_many(lambda i: "`" * (3 + i % 60) + "x", n, "\n")),
    "rules": lambda n: _prose("---\n" * (n // 4)),
    "empty lines": lambda n: _prose("a" + "\n" * n + "b"),
    # YAML
    "unknown supporting agencies": lambda n: _program(f"supporting: [{_many(lambda i: f'x{i}', n, ', ')}]\n"),
    "unknown programs": lambda n: _program(f"depends_on: [{_many(lambda i: f'x{i}', n, ', ')}]\n"),
    "many unknown agencies for many": lambda n: {
        **{f"agencies/a{i}.yaml": f"name: Dinas {i}\nkind: dinas\n" for i in range(n // 200)},
        **_program(f"supporting: [{_many(lambda i: f'a{i}x{i}', n, ', ')}]\n"),
    },
    "one key many times": lambda n: _program("short: a\n" * (n // 9)),
    "unknown keys": lambda n: _program(_many(lambda i: f"a{i}: b\n", n)),
    "misspelt keys": lambda n: _program(_many(lambda i: f"supportin{i}: b\n", n)),
    "keys without values in a line": lambda n: _program(f"budget: [{{{_many(lambda i: f'a{i}: ', n, ', ')}}}]\n"),
    "comments for values": lambda n: _program(_many(lambda i: f"a{i}: #x\n", n)),
    "comments": lambda n: _program("# a\n" * (n // 4)),
    "empty budget lines": lambda n: _program(f"budget: [{_many(lambda _: '{}', n, ', ')}]\n"),
    "bad budget lines": lambda n: _program(
        "budget:\n" + _many(lambda i: f"- {{year: 2022, amount: {'x' if i % 2 else 5_000_000}, source: APBD}}\n", n)
    ),
    "unknown sources": lambda n: _program(
        "budget:\n" + _many(lambda i: f"- {{year: 2022, amount: 5000000, source: x{i}}}\n", n)
    ),
    "a budget line many times": lambda n: _program(
        "budget:\n" + "- {year: 2022, amount: 5000000, source: APBD}\n" * (n // 47)
    ),
    "indicators": lambda n: _program("indicators:\n" + _many(lambda i: f"- {{name: n{i}, unit: u{i}}}\n", n)),
    "units": lambda n: _program(
        "indicators:\n" + _many(lambda i: f"- {{name: n{i}, unit: satuan{i if i % 4 == 0 else i // 4}}}\n", n)
    ),
    "targets": lambda n: _program(
        "indicators:\n- name: n\n  unit: orang\n  targets:\n" + _many(lambda i: f"    {1000 + i}: 1\n", n)
    ),
    "bad tags": lambda n: _program(f"tags: [{_many(lambda i: f'x{i}', n, ', ')}]\n"),
    "a tag many times": lambda n: _program(f"tags: [{_many(lambda _: 'sdg:1', n, ', ')}]\n"),
    "bad choices": lambda n: _program("partners:\n" + _many(lambda i: f"- {{name: a, kind: swast{i}}}\n", n)),
    "odd characters": lambda n: _program("partners:\n" + _many(lambda i: f"- {{name: a\u200bb{i}, kind: swasta}}\n", n)),
    "long texts": lambda n: _program("partners:\n" + _many(lambda _: f"- {{name: {'a' * 1100}, kind: swasta}}\n", n)),
    "unknown evidence": lambda n: _program("evidence:\n" + _many(lambda i: f"- {{title: t{i}, file: y{i}.pdf}}\n", n)),
    "goals without indicators": lambda n: _pillar(f"goals: [{_many(lambda _: '{indicators: []}', n, ', ')}]\n"),
    "goals in unknown sub-dimensions": lambda n: _pillar(
        "goals:\n" + _many(lambda i: f"- {{title: t{i}, subdimension: y{i}}}\n", n)
    ),
    "duties in unknown pillars": lambda n: {
        "agencies/dinas-b.yaml": "name: B\nkind: dinas\nduties:\n" + _many(lambda i: f"  p{i}: x\n", n)
    },
    "a long text": lambda n: _program(f"short: {'a' * n}\n"),
    "a long text of placeholders": lambda n: _program(f"beneficiaries: ['{'[isi ' * (n // 5)}']\n"),
    "a text of many lines": lambda n: _program("short: a\n" + "  a\n" * (n // 4)),
    "a literal text": lambda n: _program("short: |\n" + "  a\n" * (n // 4)),
    "an address of dots": lambda n: _program(f"evidence: [{{title: a, url: 'http://{'.' * n}<'}}]\n"),
    "a stray colon": lambda n: {"pillars/alfa/x.md": f"---\na\n{'-' * n}!: b: c\n---\n"},
    "nested lists": lambda n: _program(f"tags: {'[' * n}\n"),
    "hidden characters": lambda n: {"agencies/dinas-b.yaml": "name: B\u2028" + "x\u2028" * (n // 2)},
    "council seats": lambda n: _root("council:\n" + _many(lambda i: f"- {{role: t, agency: x{i}}}\n", n)),
    "sources of funds": lambda n: {
        **_root(f"funding_sources: [{_many(lambda i: f'f{i}', n // 2, ', ')}]\n"),
        **_program("budget:\n" + _many(lambda i: f"- {{year: 2022, amount: 5000000, source: x{i}}}\n", n // 2)),
    },
    "allowed phrases": lambda n: {
        **_root(f"prose: {{allowed: [{_many(lambda i: f'f{i}', min(n, 3_000), ', ')}]}}\n"),
        **_prose(_many(lambda _: "Bupati", n, "\n\n")),
    },
    "a map of many points": lambda n: _map(_many(lambda i: f"[{i % 180},{i % 7}]", n, ",")),
    "a map of brackets": lambda n: {"assets/a.geojson": "[" * n},
    "a map of many areas": lambda n: _map("[1,2],[3,2],[3,4]", n),
    "books": lambda n: _root("books:\n" + _many(lambda i: f"- {{id: b{i}, template: x{i}}}\n", n)),
    "rule settings": lambda n: _root("rules:\n" + _many(lambda i: f"  MX{i}: {{severity: off, reason: x}}\n", n)),
}  # fmt: skip


@pytest.fixture
def hostile(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Makes plans out of the small one and some files."""

    def make(given: dict[str, str]) -> Path:
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        shutil.copytree(SMALL_PLAN, root)
        for path, text in given.items():
            write(root, path, text)
        return root

    return make


Made = Callable[[dict[str, str]], Path]


#: All of them take some minutes: the deep tests try them all.
SOME = {name: FILES[name] for name in every(30, FILES)}


@pytest.mark.deep
@pytest.mark.parametrize("made", SOME.values(), ids=SOME)
def test_a_check_takes_no_longer_than_the_plan_is_large(
    made: Callable[[int], dict[str, str]], hostile: Made
) -> None:
    def work(size: int) -> Callable[[], object]:
        root = hostile(made(size))
        return lambda: check(root)

    grown = too_fast(work, 8_000, 0.1)
    assert not grown, grown


@pytest.mark.deep
@pytest.mark.parametrize("made", SOME.values(), ids=SOME)
def test_a_check_takes_no_more_memory_than_the_plan_is_large(
    made: Callable[[int], dict[str, str]], hostile: Made
) -> None:
    check(SMALL_PLAN)
    one, four = (_peak(hostile(made(size))) for size in (2_000, 2_000 * SIZE))
    assert four <= COST * one + 1_000_000, (one, four)


def _peak(root: Path) -> int:
    """The most memory that a check takes, beside what is made once."""
    tracemalloc.start()
    try:
        check(root)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """A plan that names six thousand agencies which there are not."""
    root = Path(shutil.copytree(SMALL_PLAN, tmp_path_factory.mktemp("unknown") / "plan"))
    names = ", ".join(f"salah-{n}" for n in range(6_000))
    for path, text in _program(f"supporting: [{names}]\n").items():
        write(root, path, text)
    return check(root)


@pytest.mark.parametrize("form", FORM_NAMES)
def test_a_report_of_unknown_ids_can_be_read(form: str, unknown: Checked) -> None:
    checked = unknown
    assert sum(found.count for found in checked.diagnostics if found.code == "MP201") == 6_000
    told = report(checked.diagnostics, form, checked.language)
    assert len(told) < 200_000
    assert ("6000" if form == "full" else "5900") in told
    assert total(checked.diagnostics) > 6_000
