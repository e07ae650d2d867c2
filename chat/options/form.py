"""The form of the options that one model takes: shown, submitted, refused, given back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from chat.catalog.offers import Offer
from chat.options import codec, controls, summary
from chat.options import codec as chat_options_codec
from chat.options import codec as options_codec
from chat.options.fields import Field
from chat.options.formats import InvalidOption, NothingTyped
from chat.options.layout import IN_FRONT
from chat.options.search_modes import with_search_mode
from chat.options.summary import Chip, chips
from core.web.wording import said
from upstream.catalog.parameters import Parameter, ParameterGroup
from upstream.catalog.rules import formats_of, reason_against, refusals


@dataclass(frozen=True, slots=True)
class Section:
    """The options of one group: those in front, those behind “More”, and where somebody is."""

    title: str
    fields: list[Field]

    @property
    def front(self) -> list[Field]:
        """What is shown at once."""
        return sorted((field for field in self.fields if field.in_front), key=lambda one: IN_FRONT.index(one.path))

    @property
    def more(self) -> list[Field]:
        """What is shown to those who ask for more."""
        return [field for field in self.fields if not field.in_front and not field.of_place]

    @property
    def place(self) -> list[Field]:
        """Where somebody is."""
        return [field for field in self.fields if field.of_place]

    @property
    def more_is_open(self) -> bool:
        """Whether one of those behind “More” is set, or wrong."""
        return any(field.is_touched for field in (*self.more, *self.place))


class OptionsForm:
    """The options for the offered model, from what was submitted (`data`) or from what is set (`options`).

    Controls are named `o.` and the option's path. `data` without any of them says nothing: `options` hold then.
    `with_images` and `with_files` tell that such go with the question. While the form `is_being_filled` in, what nobody
    has typed yet is no fault.
    """

    def __init__(
        self,
        offer: Offer,
        data: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
        *,
        with_images: bool = False,
        with_files: bool = False,
        is_being_filled: bool = False,
    ) -> None:
        self.offer = offer
        self.is_bound = data is not None and controls.has_options(data)
        self._with_images = with_images
        self._with_files = with_files
        self._is_being_filled = is_being_filled
        self._parameters = offer.parameters
        if data is not None and self.is_bound:
            self._typed = controls.submitted_texts(data)
        else:
            self._typed = self._control_texts(summary.options_that_fit(options or {}, offer))

    def is_valid(self) -> bool:
        """Whether the options can be sent as they are."""
        return not self.errors

    @cached_property
    def options(self) -> dict[str, Any]:
        """What is set, nested as on the wire; without what cannot be read."""
        return codec.nested_options(self._parsed[0])

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """Sentences by the path of what has to change."""
        found = {path: [sentence] for path, sentence in self._parsed[1].items()}
        for path, sentence in self._foreign().items():
            found.setdefault(path, []).append(sentence)
        for refusal in refusals(
            self.offer.model,
            self.options,
            provider=self.offer.provider,
            with_images=self._with_images,
            with_files=self._with_files,
        ):
            found.setdefault(refusal.parameter, []).append(said(refusal.sentence))
        return found

    @property
    def wrong_paths(self) -> set[str]:
        """The paths of what has to change, the choice that stands for flags among them."""
        return {*self.errors, *(field.path for field in self.fields if field.errors)}

    @property
    def general_errors(self) -> list[str]:
        """Sentences that belong to none of the fields, such as one about images."""
        shown = {parameter.name for parameter in self._parameters}
        return [sentence for path, sentences in self.errors.items() if path not in shown for sentence in sentences]

    @cached_property
    def fields(self) -> list[Field]:
        """All fields, in order."""
        errors = self.errors if self.is_bound else {}
        return with_search_mode(
            [
                Field(parameter, self.offer, self._typed, tuple(errors.get(parameter.name, ())))
                for parameter in self._parameters
            ]
        )

    @cached_property
    def groups(self) -> list[Section]:
        """The fields by group, groups without fields left out."""
        found = [
            (group, [field for field in self.fields if field.parameter.group == group]) for group in ParameterGroup
        ]
        return [Section(gettext(group.value), fields) for group, fields in found if fields]

    @property
    def html(self) -> SafeString:
        """The fields as they stand in the page."""
        if self.is_bound or settings.DEBUG:
            return _render_groups(self)
        return _render_groups_once(get_language(), self.offer, frozenset(self._typed.items()))

    @cached_property
    def chips(self) -> list[Chip]:
        """What is set, in words."""
        return chips(self.options, self.offer)

    def fitted(self) -> tuple["OptionsForm", list[str]]:
        """The form with all that was typed and has a field here, and what that leaves out of a form that was filled in
        for another model, by its labels.
        """
        here = {parameter.name for parameter in self._parameters}
        formats = formats_of(self.offer.model, provider=self.offer.provider)
        kept, dropped = dict(self._typed), []
        for parameter in summary.known_parameters(self.offer):
            text = self._typed.get(parameter.name, "").strip()
            if not text or (parameter.name in here and (parameter.kind != "format" or text in formats)):
                continue
            dropped.append(gettext(parameter.label))
            kept = {name: text for name, text in kept.items() if name.partition(":")[0] != parameter.name}
        data = {f"{controls.PREFIX}{name}": text for name, text in kept.items()}
        fitted = OptionsForm(
            self.offer,
            data if self.is_bound else None,
            self.options,
            with_images=self._with_images,
            with_files=self._with_files,
            is_being_filled=self._is_being_filled,
        )
        return fitted, dropped

    def _control_texts(self, options: Mapping[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        for parameter in self._parameters:
            found |= chat_options_codec.control_texts(parameter, parameter.value_in(options))
        return found

    @cached_property
    def _parsed(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Values and sentences by path."""
        values: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for parameter in self._parameters:
            try:
                value = options_codec.parse_value(parameter, self._typed)
            except InvalidOption as exc:
                if not (self._is_being_filled and isinstance(exc, NothingTyped)):
                    wrong[parameter.name] = str(exc)
                continue
            if value is not None:
                values[parameter.name] = value
        return values, wrong

    def _foreign(self) -> dict[str, str]:
        """What was submitted although the model has no field for it: the form of another one was filled in."""
        own = {parameter.name for parameter in self._parameters}
        others = {parameter.name: parameter for parameter in summary.known_parameters()}
        found: dict[str, str] = {}
        for path, text in self._typed.items():
            if ":" not in path and path not in own and text.strip():
                found[path] = _left_out_sentence(others.get(path), path, self.offer)
        return found


def _render_groups(form: OptionsForm) -> SafeString:
    return render_to_string("chat/options/_groups.html", {"options": form})


@lru_cache(maxsize=64)
def _render_groups_once(language: str | None, offer: Offer, typed: frozenset[tuple[str, str]]) -> SafeString:
    """The same for everybody who has the same set. Drawing some forty fields takes longer than all else in a page."""
    form = OptionsForm(offer)
    form._typed = dict(typed)
    return _render_groups(form)


def _left_out_sentence(parameter: Parameter | None, path: str, offer: Offer) -> str:
    if parameter is None:
        return _("“%(path)s” isn’t an option, so it was left out.") % {"path": path[:60]}
    if path in offer.without:
        return _("“%(label)s” was left out because it isn’t available to your team.") % {
            "label": gettext(parameter.label)
        }
    reason = said(reason_against(path, offer.model, provider=offer.provider))
    words = {"label": gettext(parameter.label), "reason": reason}
    return _("“%(label)s” was left out: %(reason)s Ask again to send the question without it.") % words
