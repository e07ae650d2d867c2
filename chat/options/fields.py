"""An option as the form shows it: its control, what stands in it, and what is wrong with that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext as _

from chat.catalog.offers import Offer
from chat.options import layout, summary
from chat.options.codec import DENY
from chat.options.controls import HOW, OFF, ON, PREFIX, REGEX, SCHEMA
from core.web import formats
from upstream.catalog import prices
from upstream.catalog.rules import Parameter, formats_of

Control = Literal["row", "list", "number", "line", "lines", "sites", "date", "format", "prose"]

_CONTROLS: Mapping[str, Control] = {
    "flag": "row",
    "integer": "number",
    "number": "number",
    "text": "line",
    "sites": "sites",
    "date": "date",
    "format": "format",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values. `note` says what it costs, where that depends on it."""

    value: str
    label: str
    chosen: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """An option of the offered model. `typed` has what stands in its controls, `errors` what is wrong with it.

    `unset_label` is what not choosing is called, where that is more than the default.
    """

    parameter: Parameter
    offer: Offer
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Sequence[str] = ()
    unset_label: str = ""

    @property
    def name(self) -> str:
        """The name of its main control."""
        return PREFIX + self.parameter.name

    @property
    def path(self) -> str:
        """Its path in the request."""
        return self.parameter.name

    @property
    def id(self) -> str:
        """The id of its main control; those of the others begin with it."""
        return f"option-{self.parameter.name.replace('.', '-')}"

    @property
    def label(self) -> str:
        """What it is called."""
        return gettext(self.parameter.label)

    @property
    def help(self) -> str:
        """What it does, in a sentence; empty where the control says by itself what can be chosen."""
        if self.parameter.kind == "sites":
            return _("One site per line, up to %(most)d, such as example.org, example.org/news or .gov.") % {
                "most": self.parameter.items
            }
        return "" if self.control in ("date", "list") else gettext(self.parameter.help)

    @property
    def control(self) -> Control:
        """What one fills it in with."""
        if self.parameter.kind == "choice":
            return "row" if len(self.parameter.choices) <= layout.MOST_IN_A_ROW else "list"
        if self.parameter.kind == "words":
            return "lines" if self.path in layout.BY_LINE else "line"
        return "prose" if self.path in layout.PROSE else _CONTROLS[self.parameter.kind]

    @property
    def value(self) -> str:
        """What stands in its main control."""
        return self.typed.get(self.path, "")

    @property
    def choices(self) -> list[Choice]:
        """What there is to choose from, not choosing first."""
        unset = Choice("", pgettext("option that nobody set", "Default"), not self.value)
        if self.parameter.kind == "flag":
            return [
                unset,
                *(Choice(value, summary.flag_label(value == ON), value == self.value) for value in (ON, OFF)),
            ]
        if self.parameter.kind == "format":
            kinds = formats_of(self.offer.model, provider=self.offer.provider)
            unset = Choice("", _("Text"), not self.value)
            return [unset, *(Choice(kind, summary.choice_label(kind), kind == self.value) for kind in kinds)]
        notes = self._fees()
        unset = Choice("", self.unset_label or unset.label, not self.value)
        return [
            unset,
            *(
                Choice(value, summary.choice_label(value), value == self.value, notes.get(value, ""))
                for value in self.parameter.choices
            ),
        ]

    @property
    def bounds(self) -> str:
        """The numbers that it takes, in words; empty without bounds."""
        least, most = self.parameter.least, self.parameter.most
        if least is not None and most is not None:
            return _("%(least)s to %(most)s") % {"least": formats.number(least), "most": formats.number(most)}
        return _("%(least)s or more") % {"least": formats.number(least)} if least is not None else ""

    @property
    def takes_minus(self) -> bool:
        """Whether it takes numbers below zero, for which not every keyboard of a telephone has the sign."""
        return self.parameter.least is None or self.parameter.least < 0

    @property
    def suggestions(self) -> str:
        """The id of the list of suggestions that goes with it."""
        return layout.SUGGESTIONS.get(self.path, "")

    @property
    def in_front(self) -> bool:
        """Whether it is shown without asking for more."""
        return self.path in layout.IN_FRONT

    @property
    def of_place(self) -> bool:
        """Whether it tells where somebody is."""
        return self.path.startswith(layout.USER_LOCATION)

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole width."""
        return self.control in ("sites", "format", "lines", "prose") or any(choice.note for choice in self.choices)

    @property
    def is_touched(self) -> bool:
        """Whether something stands in it, or is wrong with it."""
        return bool(self.value or self.errors)

    # --- What only some have ---

    @property
    def how_name(self) -> str:
        """The name of the control that says what is done with sites."""
        return self.name + HOW

    @property
    def hows(self) -> list[Choice]:
        """What can be done with sites."""
        deny = self.typed.get(self.path + HOW) == DENY
        return [Choice("allow", _("Only these"), not deny), Choice(DENY, _("All except these"), deny)]

    @property
    def schema_name(self) -> str:
        """The name of the control for a JSON schema."""
        return self.name + SCHEMA

    @property
    def schema(self) -> str:
        """The JSON schema as it was typed."""
        return self.typed.get(self.path + SCHEMA, "")

    @property
    def regex_name(self) -> str:
        """The name of the control for a regular expression."""
        return self.name + REGEX

    @property
    def regex(self) -> str:
        """The regular expression as it was typed."""
        return self.typed.get(self.path + REGEX, "")

    def _fees(self) -> Mapping[str, str]:
        if self.path != "web_search_options.search_context_size":
            return {}
        fees = prices.search_fees(self.offer.model, provider=self.offer.provider)
        return {size: _fee(usual, dearest) for size, (usual, dearest) in fees.items()}


def _fee(usual: Decimal, dearest: Decimal) -> str:
    if usual == dearest:
        return _("%(fee)s per 1,000") % {"fee": _dollars(usual)}
    return _("%(least)s to %(most)s per 1,000") % {"least": _dollars(usual), "most": _dollars(dearest)}


def _dollars(fee: Decimal) -> str:
    return formats.dollars(fee, places=0 if fee == fee.to_integral() else 2)
