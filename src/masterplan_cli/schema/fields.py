"""How a field of a file is declared: with its human name and one sentence on what to write, in both languages."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from masterplan_cli.messages import Both


def field(label: Both, about: Both, default: Any = ..., **extra: Any) -> Any:
    """A field with its human name and one sentence on what to write, in both languages."""
    return Field(
        default,
        title=label.id,
        description=about.id,
        json_schema_extra={"x-en": [label.en, about.en]},
        **extra,
    )


class Group(BaseModel):
    #: A model is built when the first file of its kind is read; those inside it are built with it.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    #: What an item of a list is called by: the field that it begins with, where nothing else is said.
    called_by: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any) -> Any:
        """A key without a value is a field not yet filled in, unless the field is required."""
        if not isinstance(value, dict) or None not in value.values():
            return value
        fields = cls.model_fields
        return {k: v for k, v in value.items() if v is not None or k not in fields or fields[k].is_required()}


#: What every kind of file says of its own standing.
STATUS_WORDS = (
    Both("status", "status"),
    Both("contoh (angka ilustrasi), draf, atau final.", "example (illustrative figures), draft, or final."),
)
