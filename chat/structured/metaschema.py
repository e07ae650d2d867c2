"""What the standard says about a schema, in words for those who have not read it."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from chat.structured.json_text import Path, written
from chat.structured.problems import quoted

TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")

_VALIDATOR = Draft202012Validator(Draft202012Validator.META_SCHEMA)
_MOST_LOOKED_AT = 500  # the standard's own schema finds one mistake several times


def complaints(schema: Mapping[str, Any], *, most: int) -> list[tuple[Path, str]]:
    """What is wrong with the schema by the standard (draft 2020-12), each place once."""
    found: dict[Path, str] = {}
    for error in islice(_VALIDATOR.iter_errors(schema), _MOST_LOOKED_AT):
        path = tuple(error.absolute_path)
        if path not in found:
            found[path] = _in_words(path, error)
        if len(found) == most:
            break
    return list(found.items())


def _in_words(path: Path, error: ValidationError) -> str:
    names = [step for step in path if isinstance(step, str)]
    keyword = names[-1] if names else ""
    shown = quoted(error.instance if isinstance(error.instance, str) else written(error.instance, indent=None))
    if keyword == "type":
        return _("%(word)s is no type. Types are %(types)s.") % {"word": shown, "types": ", ".join(TYPES)}
    if keyword == "required":
        return _("“required” is a list of names, each once.")
    if keyword in ("enum", "anyOf", "oneOf", "allOf", "prefixItems"):
        return _("%(keyword)s has to be a list that is not empty.") % {"keyword": quoted(keyword)}
    wanted = error.validator_value if error.validator == "type" else None
    if wanted in (["object", "boolean"], "object"):
        return _("Here a schema has to stand, in curly brackets, not %(value)s.") % {"value": shown}
    if wanted == "string":
        return _("%(keyword)s has to be a text, not %(value)s.") % {"keyword": quoted(keyword), "value": shown}
    if wanted in ("number", "integer") or error.validator in ("minimum", "exclusiveMinimum"):
        return _("%(keyword)s has to be a suitable number, not %(value)s.") % {
            "keyword": quoted(keyword),
            "value": shown,
        }
    return _("%(keyword)s cannot be %(value)s.") % {"keyword": quoted(keyword), "value": shown}
