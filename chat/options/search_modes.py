"""When to search, as one choice: always, only when needed, never. On the wire these are two flags."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chat.catalog.offers import Offer
from chat.options.controls import ON, SEARCH_FLAGS, SEARCH_MODE
from chat.options.fields import Field
from upstream.catalog.agent_names import NameKind, kind_of
from upstream.catalog.parameters import Parameter, ParameterGroup

_LABEL = gettext_noop("When to search")


def with_search_mode(fields: Sequence[Field]) -> list[Field]:
    """The fields with one for the choice in the place of those for the flags, as far as the model has any."""
    flags = {field.path: field for field in fields if field.path in SEARCH_FLAGS}
    if not flags:
        return list(fields)
    first = next(iter(flags.values()))
    merged = [_choice(flags, first.offer) if field is first else field for field in fields]
    return [field for field in merged if field.path not in SEARCH_FLAGS]


def _choice(flags: Mapping[str, Field], offer: Offer) -> Field:
    chosen = [path for path, field in flags.items() if field.value == ON]
    return Field(
        _parameter(flags),
        offer,
        {SEARCH_MODE: "disable_search" if "disable_search" in chosen else "".join(chosen)},
        tuple(sentence for field in flags.values() for sentence in field.errors),
        unset_label=_unset_label(offer),
    )


def _parameter(flags: Mapping[str, Field]) -> Parameter:
    choices = tuple(path for path in SEARCH_FLAGS if path in flags)
    last = flags[choices[-1]].parameter
    return replace(last, name=SEARCH_MODE, label=_LABEL, group=ParameterGroup.SEARCH, kind="choice", choices=choices)


def _unset_label(offer: Offer) -> str:
    """What is done without a word: a preset of the Agent API finds its own way, all others search."""
    decides = offer.provider == "agent" and kind_of(offer.model) is NameKind.PRESET
    return _("Preset decides") if decides else _("Always")
