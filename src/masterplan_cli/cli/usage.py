"""Wrong use as Typer tells it, in the language of who used it wrongly: what is wrong, and what to type instead."""

from __future__ import annotations

import re
from typing import Any

import typer
from typer._click.exceptions import BadParameter, MissingParameter, NoSuchOption, UsageError

from masterplan_cli.cli.help_pages import asked_language
from masterplan_cli.messages import Both
from masterplan_cli.suggestions import suggest
from masterplan_cli.terminal import shown

_NO_ARGUMENT = Both("argumen `{name}` belum ditulis", "the argument `{name}` is missing")
_NO_NEEDED = Both("opsi `{name}` belum ditulis", "the option `{name}` is missing")
_CHOICES = Both("pilihannya: {known}", "the choices: {known}")
_NO_CHOICE = Both("`{word}` tidak dikenal untuk `{name}`", "`{word}` is no choice for `{name}`")
_NO_OPTION = Both("opsi `{word}` tidak ada", "there is no option `{word}`")
_NO_COMMAND = Both("perintah `{word}` tidak ada", "there is no command `{word}`")
_NO_COMMAND_GIVEN = Both("perintahnya belum ditulis", "the command is missing")
_NO_VALUE = Both("opsi `{word}` memerlukan nilai sesudahnya", "option `{word}` needs a value after it")
_NEEDS_NONE = Both(
    "opsi `{word}` tidak memakai nilai; tulis `{word}` saja",
    "option `{word}` takes no value; write `{word}` alone",
)
_TOO_MANY = Both(
    "argumen ini berlebih: `{word}`; nama yang memuat spasi ditulis dalam tanda kutip",
    "these arguments are too many: `{word}`; a name with blanks is written in quotes",
)
_NO_NUMBER = Both("nilai `{name}` harus bilangan bulat", "the value of `{name}` must be a whole number")
_TOO_SMALL = Both("nilai `{name}` paling kecil {word}", "the value of `{name}` is at least {word}")
_TOO_LARGE = Both("nilai `{name}` paling besar {word}", "the value of `{name}` is at most {word}")
_BAD_VALUE = Both(
    "nilai `{name}` tidak dapat dipakai ({word})", "the value of `{name}` cannot be used ({word})"
)
_OTHER = Both("perintah ini tidak terbaca ({word})", "this command does not read ({word})")
_WRITTEN = Both("tulis `{line}`", "write `{line}`")
_GUESS = Both("mungkin maksudnya `{guess}`", "did you mean `{guess}`?")
_SEE = Both("lihat `{command} --help`", "see `{command} --help`")

#: What Typer says, and what we say of the word that it names.
_SAYINGS = (
    (r"No such command '(.*?)'\.", _NO_COMMAND),
    (r"Missing command", _NO_COMMAND_GIVEN),
    (r"Option '(.*)' requires (?:an argument|\d+ arguments)", _NO_VALUE),
    (r"Option '(.*)' does not take a value", _NEEDS_NONE),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)$", _TOO_MANY),
)
_VALUES = (
    (r"Input should be a valid integer", _NO_NUMBER),
    (r"Input should be greater than or equal to (\S+)", _TOO_SMALL),
    (r"Input should be less than or equal to (\S+)", _TOO_LARGE),
)


class TranslatedError(UsageError):
    """Wrong use that is said in one line, as all other wrong use is."""

    def show(self, file: Any = None) -> None:
        typer.echo(f"masterplan: {self.message}", file=file, err=True)


def translated(error: UsageError, args: list[str]) -> UsageError:
    """The same error in the language that the arguments ask for."""
    language = asked_language(args)
    parts = [part.of(language).format(**words) for part, words in _parts(error)]
    command = _SEE.of(language).format(command=_command(error, args))
    return TranslatedError("; ".join(shown(part) for part in (*parts, command)), error.ctx)


def _command(error: UsageError, args: list[str]) -> str:
    """The command as a person types it, however the program was started."""
    names, ctx = [], error.ctx
    if ctx is None:  # of an option without its value Typer does not say whose it is
        return " ".join(["masterplan", *(word for word in args[:1] if not word.startswith("-"))])
    while ctx is not None and ctx.parent is not None:
        names.append(ctx.info_name or "")
        ctx = ctx.parent
    return " ".join(["masterplan", *reversed(names)])


def _parts(error: UsageError) -> list[tuple[Both, dict[str, Any]]]:
    """The sentences on an error, each with its words."""
    if isinstance(error, MissingParameter) and error.param:
        return [*_missing(error.param), *_written(error)]
    if isinstance(error, BadParameter) and error.param:
        return _bad_value(error.param, error.message)
    if isinstance(error, NoSuchOption):
        known = [name for param in error.ctx.command.params for name in param.opts] if error.ctx else []
        guess = suggest(error.option_name, known) or next(iter(error.possibilities or ()), None)
        return [(_NO_OPTION, {"word": error.option_name}), *_guess(guess)]
    said, word = _said(error.message, _SAYINGS) or (_OTHER, error.message)
    return [(said, {"word": word}), *_guess(_near_command(error, word) if said is _NO_COMMAND else None)]


def _said(message: str, sayings: tuple[tuple[str, Both], ...]) -> tuple[Both, str] | None:
    """What we say of a message of Typer's, and the word that it names."""
    for pattern, said in sayings:
        if found := re.match(pattern, message):
            return said, (*found.groups(), "")[0]
    return None


def _near_command(error: UsageError, word: str) -> str | None:
    return suggest(word, list(getattr(error.ctx.command, "commands", ()))) if error.ctx else None


def _guess(guess: str | None) -> list[tuple[Both, dict[str, Any]]]:
    return [(_GUESS, {"guess": guess})] if guess else []


def _missing(param: Any) -> list[tuple[Both, dict[str, Any]]]:
    argument = not any(name.startswith("-") for name in param.opts)
    known = _choices(param)
    return [
        (_NO_ARGUMENT if argument else _NO_NEEDED, {"name": _name(param)}),
        *([(_CHOICES, {"known": ", ".join(known)})] if known else []),
    ]


def _written(error: MissingParameter) -> list[tuple[Both, dict[str, Any]]]:
    """How the command is written with all that it needs."""
    needed = [_name(param) for param in (error.ctx.command.params if error.ctx else ()) if param.required]
    return [(_WRITTEN, {"line": " ".join([_command(error, []), *needed])})] if needed else []


def _bad_value(param: Any, message: str) -> list[tuple[Both, dict[str, Any]]]:
    name, known = _name(param), _choices(param)
    quoted, is_choice, _ = message.partition("' is not one of ")
    if known and is_choice:
        word = quoted.partition("'")[2]
        guess = suggest(word, known)
        others = _guess(guess) if guess else [(_CHOICES, {"known": ", ".join(known)})]
        return [(_NO_CHOICE, {"word": word, "name": name}), *others]
    said, word = _said(message, _VALUES) or (_BAD_VALUE, message)
    return [(said, {"name": name, "word": word})]


def _name(param: Any) -> str:
    """An option as it is typed, an argument as the help calls it."""
    options = [name for name in param.opts if name.startswith("-")]
    return str(options[0] if options else (param.metavar or param.name).strip("[]").upper())


def _choices(param: Any) -> list[str]:
    return [str(choice) for choice in param.type_descriptor.choices or ()]
