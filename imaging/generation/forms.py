"""What people ask for when they want a picture."""

import json
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.options import places
from core.text import can_be_seen, visible_text
from imaging.generation import offers
from imaging.generation.offers import DrawingOffer, OfferedModel
from imaging.generation.service import DEFAULT_LANGUAGE, LONGEST_PROMPT, MOST_OF_ONE_FORM, DrawWish
from imaging.models import GeneratedImage

COUNTS = range(1, MOST_OF_ONE_FORM + 1)


def _languages() -> list[tuple[str, Any]]:
    return [(DEFAULT_LANGUAGE, _("English (US)")), *places.languages_in(get_language() or settings.LANGUAGE_CODE)]


class DrawForm(forms.Form):
    """A prompt, and how it is to be drawn. `key` makes one image of a form that is sent twice."""

    key = forms.UUIDField(
        error_messages={
            "required": _("This page is out of date. Reload it."),
            "invalid": _("This page is out of date. Reload it."),
        }
    )
    prompt = forms.CharField(
        label=_("Prompt"),
        max_length=LONGEST_PROMPT,
        error_messages={
            "required": _("Describe the image first."),
            "max_length": _("A prompt can have up to %(limit_value)d characters; this one has %(show_value)d."),
        },
    )
    model = forms.ChoiceField(
        label=_("Model"),
        required=False,
        error_messages={"invalid_choice": _("This model is no longer available. Choose another one.")},
    )
    count = forms.ChoiceField(
        label=_("Number of images"),
        required=False,
        choices=lambda: [(number, _count_in_words(number)) for number in COUNTS],
        error_messages={"invalid_choice": _("You can draw up to four images at once.")},
    )
    size = forms.ChoiceField(
        label=_("Size"),
        required=False,
        error_messages={"invalid_choice": _("This size isn’t available. Choose another one.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=_languages,
        error_messages={"invalid_choice": _("Choose a language from the list.")},
    )
    incognito = forms.BooleanField(
        label=_("Incognito"),
        required=False,
        help_text=_("Keeps the image out of the history of the gateway’s account."),
    )
    conversation = forms.UUIDField(required=False)
    question = forms.UUIDField(required=False)
    variant_of = forms.UUIDField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offers = offers.drawing_offers()
        groups = [(offer.service.label, _models_of(offer)) for offer in self._offers]
        self._choose_from("model", groups if len(groups) > 1 else [choice for _name, some in groups for choice in some])
        sizes = dict.fromkeys(size for offer in self._offers for model in offer.models for size in model.sizes)
        self._choose_from("size", [("", _("Chosen by the service")), *((size, _size_in_words(size)) for size in sizes)])

    def _choose_from(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def takes_size(self) -> bool:
        """Whether a service is there that draws in a size that one chooses."""
        return any(model.sizes for offer in self._offers for model in offer.models)

    @property
    def takes_language(self) -> bool:
        """Whether a service is there that is told a language."""
        return any(offer.takes_language for offer in self._offers)

    @property
    def model_facts(self) -> str:
        """For each choice of a model its sizes and its prices in US dollars, as JSON: by this the page says what there
        is to choose and what it costs."""
        facts = {
            _value_of(offer.service, model.name): {
                "sizes": list(model.sizes),
                "prices": {size: float(price) for size, price in model.prices.items()},
            }
            for offer in self._offers
            for model in offer.models
        }
        return json.dumps(facts)

    def clean(self) -> dict[str, Any]:
        """Refuse a size that the chosen model does not come in. A service without sizes never sees one."""
        asked = self.cleaned_data
        model = self._chosen_model()
        if model and model.sizes and asked.get("size") and asked["size"] not in model.sizes:
            self.add_error("size", _("This model doesn’t draw in this size. Choose another one."))
        return asked

    def _chosen_offer(self) -> DrawingOffer:
        name = (self.cleaned_data.get("model") or "").partition(":")[0]
        return next((offer for offer in self._offers if offer.service == name), self._offers[0])

    def _chosen_model(self) -> OfferedModel | None:
        if not self._offers:
            return None
        offer, value = self._chosen_offer(), self.cleaned_data.get("model") or ""
        return offer.model_named(value.partition(":")[2] if value else offer.default_model)

    def clean_prompt(self) -> str:
        """The prompt with plain line ends, if anything of it can be seen."""
        prompt = visible_text(self.cleaned_data["prompt"]).strip()
        if not can_be_seen(prompt):
            raise forms.ValidationError(self.fields["prompt"].error_messages["required"])
        return prompt

    @property
    def number(self) -> int:
        """How many images a valid form asks for."""
        return int(self.cleaned_data["count"] or 1)

    @property
    def wish(self) -> DrawWish:
        """What a valid form asks for: of the options those that the service takes. Without a model it is the default
        one of the first service."""
        asked, offer, model = self.cleaned_data, self._chosen_offer(), self._chosen_model()
        return DrawWish(
            prompt=asked["prompt"],
            service=offer.service,
            model=model.name if model else offer.default_model,
            size=asked["size"] if model and model.sizes else "",
            language=(asked["language"] or DEFAULT_LANGUAGE) if offer.takes_language else "",
            incognito=asked["incognito"] if offer.takes_language else True,
        )


def blank_draw_form(
    user: User,
    *,
    prompt: str = "",
    conversation: uuid.UUID | None = None,
    question: uuid.UUID | None = None,
    like: GeneratedImage | None = None,
) -> DrawForm:
    """An empty form, set as this person set the last one, or as the image was drawn that the new one is like."""
    last = like or GeneratedImage.objects.filter(requested_by=user, first=None).first()
    offered = offers.drawing_offers()
    models = [value for offer in offered for value, _label in _models_of(offer)]
    known = _value_of(last.service, last.model) if last else ""
    first = _value_of(offered[0].service, offered[0].default_model) if offered else ""
    return DrawForm(
        initial={
            "key": uuid.uuid4(),
            "prompt": (like.prompt if like else prompt)[:LONGEST_PROMPT],
            "count": 1,
            "model": known if known in models else first,
            "size": last.wished_size if last else "",
            "language": last.language if last and last.language else DEFAULT_LANGUAGE,
            "incognito": last.incognito if last else True,
            "conversation": conversation,
            "question": question,
            "variant_of": like.pk if like else None,
        }
    )


def _value_of(service: str, model: str) -> str:
    return f"{service}:{model}"


def _models_of(offer: DrawingOffer) -> list[tuple[str, Any]]:
    """The service's models as choices."""
    return [(_value_of(offer.service, model.name), model.label) for model in offer.models]


def _count_in_words(number: int) -> str:
    return ngettext("%(count)d image", "%(count)d images", number) % {"count": number}


def _size_in_words(size: str) -> Any:
    width, height = map(int, size.split("x"))
    shape = _("Square") if width == height else _("Landscape") if width > height else _("Portrait")
    return format_lazy("{}, {} × {}", shape, width, height)
