"""No mistake falls to a sentence that fits all: each error of YAML and of the schema has one of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args, get_origin

import pytest
from pydantic import BaseModel

from masterplan_cli import schema
from masterplan_cli.messages import Language
from masterplan_cli.schema.files import KINDS
from masterplan_cli.schema.labels import annotation_at, model_in, type_in
from masterplan_cli.schema.words import WORDS, words_for
from masterplan_cli.source import Source
from masterplan_cli.suggestions import suggest
from masterplan_cli.taxonomy import Taxonomy
from masterplan_cli.yaml_reader import parse_yaml_file


class Slip(NamedTuple):
    """A text, what libyaml calls its mistake, and what we call it: code, variant, line and column."""

    text: str
    libyaml: str
    found: tuple[str, str, int, int]


SLIPS = [
    Slip('a: "Peta" jalan\n', "did not find expected key", ("MP010", "after_quote", 1, 11)),
    Slip("k: v\n- a\n", "did not find expected key", ("MP010", "list", 2, 1)),
    Slip("%\n", "could not find expected directive name", ("MP010", "directive", 1, 2)),
    Slip("a: %x\n", "found character that cannot start any token", ("MP010", "mark", 1, 4)),
    Slip("a: `x`\n", "found character that cannot start any token", ("MP010", "mark", 1, 4)),
    Slip("`x`\n", "found character that cannot start any token", ("MP010", "mark", 1, 1)),
    Slip("a: @dinas\n", "found character that cannot start any token", ("MP010", "mark", 1, 4)),
    Slip("a: @\n", "found character that cannot start any token", ("MP010", "mark", 1, 4)),
    Slip("title:Foo\n", "", ("MP010", "space", 1, 1)),
    Slip("title:Foo\nb: c\n", "mapping values are not allowed in this context", ("MP010", "space", 1, 1)),
    Slip("b: c\ntitle:Foo\nd: e\n", "could not find expected ':'", ("MP010", "space", 2, 1)),
    Slip(
        "title: Foo: bar\n", "mapping values are not allowed in this context", ("MP010", "quote_all", 1, 11)
    ),
    Slip("a: [a, b\n", "did not find expected ',' or ']'", ("MP010", "bracket", 1, 4)),
    Slip("a: [a, b\nc: d\n", "did not find expected ',' or ']'", ("MP010", "bracket", 1, 4)),
    Slip("a: {a: b\n", "did not find expected ',' or '}'", ("MP010", "bracket", 1, 4)),
    Slip("a: {a: b\nc: d\n", "did not find expected ',' or '}'", ("MP010", "bracket", 1, 4)),
    Slip('a: "a\\q"\n', "found unknown escape character", ("MP010", "escape", 1, 6)),
    Slip('a: "\\xZZ"\n', "did not find expected hexdecimal number", ("MP010", "escape", 1, 7)),
    Slip('a: "\\uD800"\n', "found invalid Unicode character escape code", ("MP010", "escape", 1, 7)),
    Slip("\ta: b\n", "found character that cannot start any token", ("MP012", "", 1, 1)),
    Slip("a:\n\t- b\n", "found character that cannot start any token", ("MP012", "", 2, 1)),
    Slip("a:\n  - b\n\t- c\n", "found a tab character that violates indentation", ("MP012", "", 3, 1)),
    Slip(" a: b\nc: d\n", "did not find expected <document start>", ("MP010", "indent", 2, 1)),
    Slip("  a: b\nc: d\n", "did not find expected <document start>", ("MP010", "indent", 2, 1)),
    Slip("a: b\n c: d\n", "mapping values are not allowed in this context", ("MP010", "indent", 2, 2)),
    Slip("a:\n  b: c\n d: e\n", "did not find expected key", ("MP010", "indent", 3, 2)),
    Slip("a:\n  - b\n - c\n", "did not find expected key", ("MP010", "indent", 3, 2)),
    Slip("a:\n - b\n  - c\n", "", ("MP037", "", 3, 3)),
    Slip("a: 'x\nb: c\n", "found unexpected end of stream", ("MP011", "", 1, 4)),
    Slip('a: "x\nb: c\n', "found unexpected end of stream", ("MP011", "", 1, 4)),
    Slip('a: "x\n---\nb"\n', "found unexpected document indicator", ("MP011", "", 1, 4)),
    Slip("a: ]\n", "did not find expected node content", ("MP010", "closing", 1, 4)),
    Slip("a: }\n", "did not find expected node content", ("MP010", "closing", 1, 4)),
    Slip("a: ,\n", "did not find expected node content", ("MP010", "no_item", 1, 4)),
    Slip("- a\nb: c\n", "did not find expected '-' indicator", ("MP010", "item", 2, 1)),
    Slip("a: - b\n", "block sequence entries are not allowed in this context", ("MP010", "dash", 1, 4)),
    Slip("a: [b]]\n", "did not find expected key", ("MP010", "closing", 1, 7)),
    Slip("a: [b] c\n", "did not find expected key", ("MP010", "after_bracket", 1, 8)),
    Slip("a: {b: c} d\n", "did not find expected key", ("MP010", "after_bracket", 1, 11)),
    Slip("a: !x y\n", "", ("MP015", "", 1, 4)),
    Slip("a: !<x y\n", "did not find the expected '>'", ("MP015", "", 1, 4)),
    Slip("a: !!x\n", "", ("MP015", "", 1, 4)),
    Slip("a: !x!y z\n", "found undefined tag handle", ("MP015", "", 1, 4)),
    Slip("a: !x%ZZ z\n", "did not find URI escaped octet", ("MP015", "", 1, 4)),
    Slip("a: !<tag:%C3%28> x\n", "found an incorrect trailing UTF-8 octet", ("MP015", "", 1, 4)),
    Slip("a: &\n", "did not find expected alphabetic or numeric character", ("MP014", "", 1, 4)),
    Slip("a: & b\n", "did not find expected alphabetic or numeric character", ("MP014", "", 1, 4)),
    Slip("a: *\n", "did not find expected alphabetic or numeric character", ("MP014", "", 1, 4)),
    Slip("a: * b\n", "did not find expected alphabetic or numeric character", ("MP014", "", 1, 4)),
    Slip("a: *b\n", "", ("MP014", "", 1, 4)),
    Slip("a: &b c\n", "", ("MP014", "", 1, 4)),
    Slip("%YAML 1.3\n---\na: b\n", "found incompatible YAML document", ("MP010", "directive", 1, 1)),
    Slip("%YAML x\n---\na: b\n", "did not find expected version number", ("MP010", "directive", 1, 7)),
    Slip(
        "%YAML 1.1\n%YAML 1.1\n---\na: b\n", "found duplicate %YAML directive", ("MP010", "directive", 2, 1)
    ),
    Slip(
        "%YAML 1.11111111111\n---\na: b\n",
        "found extremely long version number",
        ("MP010", "directive", 1, 18),
    ),
    Slip("%YAML 2.0\n---\na: b\n", "found incompatible YAML document", ("MP010", "directive", 1, 1)),
    Slip("%TAG ! x\n", "did not find expected <document start>", ("MP010", "directive", 1, 1)),
    Slip(
        "%TAG !x! x:\n%TAG !x! x:\n---\na: b\n",
        "found duplicate %TAG directive",
        ("MP010", "directive", 2, 1),
    ),
    Slip("%TAG x\n---\na: b\n", "did not find expected '!'", ("MP010", "directive", 1, 6)),
    Slip(
        "%TAG ! tag:x y\n---\na: b\n",
        "did not find expected comment or line break",
        ("MP010", "directive", 1, 14),
    ),
    Slip("%FOO bar\n---\na: b\n", "found unknown directive name", ("MP010", "directive", 1, 5)),
    Slip(
        "%YAML 1.1 x\n---\na: b\n",
        "did not find expected comment or line break",
        ("MP010", "directive", 1, 11),
    ),
    Slip(
        "%YAML1.1\n---\na: b\n", "found unexpected non-alphabetical character", ("MP010", "directive", 1, 7)
    ),
    Slip("%-\n---\n", "found unknown directive name", ("MP010", "directive", 1, 3)),
    Slip("%YAML 1.\n---\na: b\n", "did not find expected version number", ("MP010", "directive", 1, 9)),
    Slip("a: |0\n  b\n", "found an indentation indicator equal to 0", ("MP010", "block", 1, 5)),
    Slip("a: |x\n  b\n", "did not find expected comment or line break", ("MP010", "block", 1, 5)),
    Slip("a: | x\n  b\n", "did not find expected comment or line break", ("MP010", "block", 1, 6)),
    Slip("a: |\n\tb\n", "found a tab character where an indentation space is expected", ("MP012", "", 2, 1)),
    Slip("a: >\n  b\n c: d\n", "did not find expected key", ("MP010", "indent", 3, 2)),
    Slip("a: |12\n b\n", "did not find expected comment or line break", ("MP010", "block", 1, 6)),
    Slip("a: b\n--- c\n", "", ("MP016", "", 2, 1)),
    Slip("a: b\n...\nc: d\n", "did not find expected <document start>", ("MP016", "", 3, 1)),
    Slip("a: b\n---\nc: d\n", "", ("MP016", "", 2, 1)),
    Slip("{a: b, c: d\n", "did not find expected ',' or '}'", ("MP010", "bracket", 1, 1)),
    Slip("[a]: b\n", "", ("MP010", "key", 1, 1)),
    Slip("{a: b}: c\n", "", ("MP010", "key", 1, 1)),
    Slip("a: [b: c: d]\n", "did not find expected ',' or ']'", ("MP010", "bracket", 1, 4)),
    Slip("a: [b c, d: e\n", "did not find expected ',' or ']'", ("MP010", "bracket", 1, 4)),
    Slip("a: ? b\n", "mapping keys are not allowed in this context", ("MP010", "mark", 1, 4)),
    Slip(": b\n", "did not find expected key", ("MP010", "no_key", 1, 1)),
    Slip("a: b\n: c\n", "did not find expected key", ("MP010", "no_key", 2, 1)),
    Slip("a: b\n  - c\n", "", ("MP037", "", 2, 3)),
    Slip("- a\n  b: c\n", "mapping values are not allowed in this context", ("MP010", "colon", 1, 1)),
    Slip("- a: b\n c: d\n", "did not find expected '-' indicator", ("MP010", "indent", 2, 2)),
    Slip("- a: b\n   c: d\n", "mapping values are not allowed in this context", ("MP010", "indent", 2, 4)),
    Slip('a: "b"c\n', "did not find expected key", ("MP010", "after_quote", 1, 7)),
    Slip("a: 'b' 'c'\n", "did not find expected key", ("MP010", "after_quote", 1, 8)),
    Slip("a: 'it's'\n", "did not find expected key", ("MP010", "after_quote", 1, 8)),
    Slip('a: "b": c\n', "mapping values are not allowed in this context", ("MP010", "quote", 1, 7)),
    Slip('"a" b: c\n', "did not find expected key", ("MP010", "after_quote", 1, 5)),
    Slip('"a: b\n', "found unexpected end of stream", ("MP011", "", 1, 1)),
    Slip("a\nb: c\n", "mapping values are not allowed in this context", ("MP010", "colon", 1, 1)),
    Slip("a b\nc: d\n", "mapping values are not allowed in this context", ("MP010", "colon_after", 1, 1)),
    Slip("a: b\nc\n", "could not find expected ':'", ("MP010", "colon", 2, 1)),
    Slip("a: b\nc\nd: e\n", "could not find expected ':'", ("MP010", "colon", 2, 1)),
    Slip("a: #x\n", "", ("MP031", "", 1, 3)),
    Slip("a: [x #y]\n", "did not find expected ',' or ']'", ("MP038", "", 1, 5)),
    Slip("a: [\n", "did not find expected node content", ("MP010", "bracket", 1, 4)),
    Slip("a: {\n", "did not find expected node content", ("MP010", "bracket", 1, 4)),
    Slip("a: [x,\n  y\nb: c\n", "did not find expected ',' or ']'", ("MP010", "bracket", 1, 4)),
    Slip("a: [x\n  y: z]\n", "did not find expected ',' or ']'", ("MP010", "bracket", 1, 4)),
    Slip("a: |\n b\nc\n", "could not find expected ':'", ("MP010", "colon", 3, 1)),
    Slip("a: >-\nb\n", "could not find expected ':'", ("MP010", "colon", 2, 1)),
    Slip("a:\n- b\n-c\n", "could not find expected ':'", ("MP010", "dash_space", 3, 1)),
    Slip("a: - \n", "block sequence entries are not allowed in this context", ("MP010", "dash", 1, 4)),
    Slip("a:- b\n", "", ("MP020", "mapping", 1, 1)),
    Slip("- - b\n  c: d\n", "did not find expected '-' indicator", ("MP010", "item", 2, 3)),
    Slip('a: "b\\\n', "found unexpected end of stream", ("MP011", "", 1, 4)),
    Slip("a: {b: [c}\n", "did not find expected ',' or ']'", ("MP010", "bracket", 1, 8)),
    Slip("a: [b: {c]\n", "did not find expected ',' or '}'", ("MP010", "bracket", 1, 8)),
    Slip("<<: b\n", "", ("MP018", "", 1, 1)),
    Slip("a: b\r\n  c\r\nd\r\n", "could not find expected ':'", ("MP010", "colon", 3, 1)),
    Slip("a: 1\na: 2\n", "", ("MP013", "", 2, 1)),
    Slip('a: "b\n  c"\n d: e\n', "did not find expected key", ("MP010", "indent", 3, 2)),
    Slip("a: b\n\n\nc\n", "could not find expected ':'", ("MP010", "colon", 4, 1)),
    Slip("a: [b, , c]\n", "did not find expected node content", ("MP010", "no_item", 1, 8)),
    Slip("a: [,b]\n", "did not find expected node content", ("MP010", "no_item", 1, 5)),
    Slip("a: {b: c, , d: e}\n", "did not find expected node content", ("MP010", "no_item", 1, 11)),
    Slip("a: {: c}\n", "did not find expected node content", ("MP010", "no_item", 1, 5)),
    Slip("a:\n  b\n  c: d\n", "mapping values are not allowed in this context", ("MP010", "colon", 2, 3)),
    Slip("a: |-\n  x\n y\n", "did not find expected key", ("MP010", "indent", 3, 2)),
    Slip('a: "\\u12"\n', "did not find expected hexdecimal number", ("MP010", "escape", 1, 7)),
    Slip('a: "b" # c\nd: "e" f\n', "did not find expected key", ("MP010", "after_quote", 2, 8)),
    Slip("a:\n\tb: c\n", "found character that cannot start any token", ("MP012", "", 2, 1)),
    Slip("a: b\n\tc: d\n", "found a tab character that violates indentation", ("MP012", "", 2, 1)),
    Slip("a: b\n\tc\n", "found a tab character that violates indentation", ("MP012", "", 2, 1)),
    Slip(
        "%YAML 1x\n---\na: b\n", "did not find expected digit or '.' character", ("MP010", "directive", 1, 8)
    ),
    Slip("%TAG !x!y z\n---\na: b\n", "did not find expected whitespace", ("MP010", "directive", 1, 9)),
    Slip(
        '%TAG !x! y"z\n---\na: b\n',
        "did not find expected whitespace or line break",
        ("MP010", "directive", 1, 11),
    ),
    Slip("%TAG !x! \n---\na: b\n", "did not find expected tag URI", ("MP010", "directive", 1, 10)),
    Slip("a: !<x>y\n", "did not find expected whitespace or line break", ("MP015", "", 1, 4)),
    Slip("a: !<>\n", "did not find expected tag URI", ("MP015", "", 1, 4)),
    Slip("a: !x%FF z\n", "found an incorrect leading UTF-8 octet", ("MP015", "", 1, 4)),
    Slip("a: !x{y\n", "did not find expected whitespace or line break", ("MP015", "", 1, 4)),
    Slip("a: &b{c\n", "did not find expected alphabetic or numeric character", ("MP014", "", 1, 4)),
    Slip('a: !x"y"\n', "did not find expected whitespace or line break", ("MP015", "", 1, 4)),
    Slip("%é\n", "could not find expected directive name", ("MP010", "directive", 1, 2)),
    Slip("{a: b}}\n", "did not find expected <document start>", ("MP010", "after_bracket", 1, 7)),
    Slip("[a]]\n", "did not find expected <document start>", ("MP010", "after_bracket", 1, 4)),
    Slip('a: "b"]\n', "did not find expected key", ("MP010", "closing", 1, 7)),
    Slip("- a\n]\n", "did not find expected '-' indicator", ("MP010", "closing", 2, 1)),
    Slip("--- a\nb: c\n", "mapping values are not allowed in this context", ("MP010", "colon", 1, 1)),
    Slip('"a"\nb: c\n', "did not find expected <document start>", ("MP010", "colon", 1, 1)),
    Slip(
        "a: |\n  x\n\ty\n",
        "found a tab character where an indentation space is expected",
        ("MP012", "", 3, 1),
    ),
    Slip("a: b: \n", "mapping values are not allowed in this context", ("MP010", "quote_all", 1, 5)),
    Slip("a: [b\n", "did not find expected ',' or ']'", ("MP010", "bracket", 1, 4)),
    Slip("a: {\n  b: c\n  d: e\n}\n", "did not find expected ',' or '}'", ("MP010", "bracket", 1, 4)),
    Slip("a: {\n  b: c,\n  d: e\n f: g\n", "did not find expected ',' or '}'", ("MP010", "bracket", 1, 4)),
]

#: Every problem that libyaml can name; those of its reader cannot occur, for a text was decoded and cleared before.
LIBYAML = {
    "block sequence entries are not allowed in this context", "could not find expected ':'",
    "could not find expected directive name", "did not find URI escaped octet", "did not find expected '!'",
    "did not find expected '-' indicator", "did not find expected ',' or ']'", "did not find expected ',' or '}'",
    "did not find expected <document start>", "did not find expected alphabetic or numeric character",
    "did not find expected comment or line break", "did not find expected hexdecimal number", "did not find expected key",
    "did not find expected node content", "did not find expected digit or '.' character", "did not find expected whitespace",
    "did not find expected whitespace or line break", "did not find expected tag URI", "found an incorrect leading UTF-8 octet",
    "did not find expected version number", "did not find the expected '>'",
    "found a tab character that violates indentation", "found a tab character where an indentation space is expected",
    "found an incorrect trailing UTF-8 octet", "found an indentation indicator equal to 0",
    "found character that cannot start any token", "found duplicate %TAG directive", "found duplicate %YAML directive",
    "found extremely long version number", "found incompatible YAML document", "found invalid Unicode character escape code",
    "found undefined tag handle", "found unexpected document indicator", "found unexpected end of stream",
    "found unexpected non-alphabetical character", "found unknown directive name", "found unknown escape character",
    "mapping keys are not allowed in this context", "mapping values are not allowed in this context",
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda s: repr(s.text))
def test_a_slip_of_yaml_has_its_own_sentence_at_its_own_place(slip: Slip) -> None:
    [found] = parse_yaml_file(Source("a.yaml", slip.text)).findings
    span = found.place.span
    assert span is not None
    assert (found.rule.code, found.variant, span.line, span.column) == slip.found
    for language in Language:
        assert "{" not in re.sub(r"`[^`]*`", "", "".join(found.says(language)))


def test_the_slips_cover_all_that_libyaml_can_say() -> None:
    assert {slip.libyaml for slip in SLIPS} - {""} == LIBYAML
    assert not [slip for slip in SLIPS if slip.found[:2] == ("MP010", "")]


# --- the schema -----------------------------------------------------------------------------------------

MODELS: dict[str, type[BaseModel]] = {**schema.KINDS, "taxonomy": Taxonomy}
#: The building blocks of Pydantic that our models are made of. A new one may bring errors that need a sentence.
BLOCKS = {
    "default",
    "dict",
    "function-before",
    "function-plain",
    "model",
    "model-fields",
    "nullable",
    "str",
    "tuple",
}
BAD: list[Any] = [
    None,
    "",
    "  ",
    "x",
    "1",
    "name:x",
    "9" * 30,
    [],
    ["x"],
    [None],
    [[]],
    [{}],
    {},
    {"x": "y"},
    {"x": None},
    {"x": []},
]


#: Parts of a core schema that check no value.
_NO_VALIDATION = (
    "metadata",
    "default",
    "serialization",
    "function",
    "json_schema_input_schema",
    "definitions",
)


def _blocks(core: Any) -> Iterator[str]:
    """The types of all schemas inside a core schema."""
    if isinstance(core, dict):
        if isinstance(core.get("type"), str) and core["type"] not in (
            "definitions",
            "definition-ref",
            "model-field",
        ):
            yield core["type"]
        for key, inner in core.items():
            if key not in _NO_VALIDATION:
                yield from _blocks(inner)
    elif isinstance(core, list | tuple):
        for inner in core:
            yield from _blocks(inner)


def test_the_models_are_made_of_known_blocks() -> None:
    for model in MODELS.values():
        model.model_rebuild()  # a model is built when it is first used
    assert {block for model in MODELS.values() for block in _blocks(model.__pydantic_core_schema__)} == BLOCKS


class Place(NamedTuple):
    """A field of a model: the way to it, and the type of what belongs there."""

    route: tuple[str | int, ...]
    type: Any


def _places(model: type[BaseModel], route: tuple[str | int, ...] = ()) -> Iterator[Place]:
    for name in model.model_fields:
        yield from _inside((*route, name), annotation_at(model, (name,)))


def _inside(route: tuple[str | int, ...], annotation: Any) -> Iterator[Place]:
    bare = model_in(annotation)
    yield Place(route, bare)
    if get_origin(bare) is tuple:
        yield from _inside((*route, 0), get_args(bare)[0])
    elif get_origin(bare) is dict:
        yield from _inside((*route, "2024"), get_args(bare)[1])
    elif isinstance(bare, type) and issubclass(bare, BaseModel):
        yield from _places(bare, route)


def _document(route: tuple[str | int, ...], value: Any) -> Any:
    for step in reversed(route):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def _shown(place: Place, text: str) -> str:
    """How a text is shown in the form of the list or group that it stands for."""
    if get_origin(place.type) is tuple:
        return "form" if _is_group(model_in(get_args(place.type)[0])) else "texts"
    if text == "name:x":
        return "colon"
    if get_origin(place.type) is dict:
        return "group"
    return "form"


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _expected(place: Place, value: Any) -> tuple[str, str] | None:
    """What a value of a wrong form must be told; None where its content matters."""
    group = get_origin(place.type) is dict or (
        isinstance(place.type, type) and issubclass(place.type, BaseModel)
    )
    is_list = get_origin(place.type) is tuple
    if (group or is_list) and isinstance(value, str) and value.strip():
        return ("MP023", _shown(place, value))
    if is_list:
        if isinstance(value, dict) and value and all(isinstance(inner, str) for inner in value.values()):
            ids = type_in(get_args(place.type)[0]) is type_in(schema.Id)
            named = _is_group(model_in(get_args(place.type)[0])) and "name" in value
            return ("MP023", "list" if ids else "item" if named else _shown(place, "x: y"))
        return ("MP023", "list") if isinstance(value, dict) else None
    if group:
        return ("MP023", "group") if isinstance(value, list) else None
    if place.type.__name__ == "Both":
        return ("MP023", "name") if isinstance(value, list) else None
    if isinstance(value, dict) and [type(inner) for inner in value.values()] in ([str], [type(None)]):
        return ("MP023", "pair")
    if isinstance(value, list) and [type(inner) for inner in value] == [str]:
        return ("MP023", "joined")
    return ("MP023", "") if isinstance(value, list | dict) else None


@pytest.mark.parametrize("kind", MODELS)
def test_every_wrong_value_of_every_field_has_its_own_sentence(kind: str) -> None:
    model, tried = MODELS[kind], 0
    for place in _places(model):
        for value in BAD:
            document = _document(place.route, value)
            found = schema.shape(model, document, "x.yaml", {}).findings
            here = [f for f in found if f.place.route == place.route]
            expected = _expected(place, value)
            assert not expected or expected in [(f.rule.code, f.variant) for f in here], (place, value, here)
            if (not expected or expected[1]) and any((f.rule.code, f.variant) == ("MP023", "") for f in here):
                pytest.fail(f"{place.route} = {value!r} is told to be a text")
            for finding in found:
                assert all(sentence.strip() for language in Language for sentence in finding.says(language))
            tried += 1
    assert tried >= 16 * len(model.model_fields)


@pytest.mark.parametrize("kind", MODELS)
def test_every_field_has_a_human_name_in_both_languages(kind: str) -> None:
    for place in _places(MODELS[kind]):
        if "2024" not in place.route and not isinstance(place.route[-1], int):
            label = schema.field_label(MODELS[kind], place.route)
            assert label, place.route
            assert label.id
            assert label.en


def _groups(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and those within it."""
    yield model
    for name in model.model_fields:
        inside = annotation_at(model, (name,))
        inside = annotation_at(model, (name, 0)) if get_origin(inside) in (tuple, dict) else inside
        if isinstance(inside, type) and issubclass(inside, BaseModel):
            yield from _groups(inside)


GROUPS = list({group: None for model in KINDS.values() for group in _groups(model)})


def test_every_field_that_is_called_otherwise_exists() -> None:
    assert set(WORDS) <= {name for group in GROUPS for name in group.model_fields}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_a_word_for_a_field_means_that_field(group: type[BaseModel]) -> None:
    words = words_for(list(group.model_fields))
    assert set(group.model_fields) <= set(words.values()) | {"status", "id"}
    for word, name in words.items():
        for key in (word, word.replace(" ", "_"), word.title()):
            guess = suggest(key.replace("_", " "), words)
            assert guess == guess.fix == name, key  # type: ignore[union-attr]
