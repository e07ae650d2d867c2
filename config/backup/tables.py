"""Rows to lines of JSON, and lines to rows, through Django's fields: what every database understands.

A piece begins with a line that names the columns; each further line is one row.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import connections
from django.db.models import Field, JSONField, Model, Value

from config.backup.archive import Unusable

_PIECE = 1024 * 1024  # characters
_AT_ONCE = 500  # rows


def stored_models(registry: Any = apps) -> list[type[Model]]:
    """Every model that has a table, those between two others included, in the order of the archive."""
    found = registry.get_models(include_auto_created=True)
    return sorted(
        (model for model in found if model._meta.managed and not model._meta.proxy),
        key=lambda model: f"{model._meta.label_lower}/",
    )


def dump(model: type[Model], *, using: str) -> Iterator[tuple[int, bytes]]:
    """The rows of a model in pieces of about a megabyte, each with the number of rows in it."""
    columns = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.using(using).order_by("pk").values_list(*columns).iterator(chunk_size=_AT_ONCE)
    lines, length = [_line(columns)], 0
    for row in rows:
        lines.append(_line(row))
        length += len(lines[-1])
        if length >= _PIECE:
            yield len(lines) - 1, "".join(lines).encode()
            lines, length = [_line(columns)], 0
    if len(lines) > 1:
        yield len(lines) - 1, "".join(lines).encode()


class Loader:
    """Puts rows into empty tables. The models are those of the time of the backup."""

    def __init__(self, registry: Apps, *, using: str) -> None:
        self._models = {model._meta.label_lower: model for model in stored_models(registry)}
        self._using = using
        self.rows: Counter[str] = Counter()
        for model in self._models.values():
            for field in model._meta.concrete_fields:
                field.auto_now = field.auto_now_add = False  # type: ignore[attr-defined]  # the times are those of the rows

    def clear(self) -> None:
        """Remove the rows that the migrations themselves have put there, and let references wait for `finish`."""
        with connections[self._using].cursor() as cursor:
            if connections[self._using].vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # migrations before, in the same transaction, set some
            for model in self._models.values():
                cursor.execute(f"DELETE FROM {connections[self._using].ops.quote_name(model._meta.db_table)}")  # noqa: S608

    def load(self, label: str, data: bytes) -> None:
        """Put the rows of one piece into their table. Raises Unusable where they do not fit."""
        model = self._models.get(label)
        if model is None:
            raise Unusable(f"This backup holds {label}, which its own version of Parley did not have.")
        try:
            head, *lines = data.decode().removesuffix("\n").split("\n")
            fields = [_field(model, column) for column in json.loads(head)]
            rows = (model(**_values(fields, json.loads(line))) for line in lines)
            while some := list(islice(rows, _AT_ONCE)):
                model._base_manager.using(self._using).bulk_create(some)
                self.rows[label] += len(some)
        except (ValueError, TypeError, ValidationError) as fault:
            raise Unusable(f"This backup has rows of {label} that cannot be read: {fault}") from fault

    def finish(self) -> None:
        """Let the counters of the tables go on after the highest number, and have all references looked at."""
        connection = connections[self._using]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._models.values())):
                cursor.execute(statement)
        connection.check_constraints()


def _field(model: type[Model], column: str) -> "Field[Any, Any]":
    for field in model._meta.concrete_fields:
        if field.attname == column:
            return field
    raise ValueError(f"it has no {column}")


def _values(fields: "list[Field[Any, Any]]", row: list[Any]) -> dict[str, Any]:
    return {field.attname: _value(field, value) for field, value in zip(fields, row, strict=True)}


def _value(field: "Field[Any, Any]", value: Any) -> Any:
    if isinstance(field, JSONField):
        return Value(None, JSONField()) if value is None and not field.null else value
    return field.to_python(value)


def _line(row: Any) -> str:
    return json.dumps(row, default=_plain, separators=(",", ":")) + "\n"


def _plain(value: object) -> str:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} cannot be written down")
