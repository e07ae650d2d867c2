"""The forms in which people ask."""

import uuid
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Membership, Team
from chat import access
from chat.access import Place
from chat.answers.passages import ONLY, Wanted
from chat.attachments import service as attachments
from chat.attachments.forms import AttachmentsForm
from chat.catalog import available, offers
from chat.options import OptionsForm, controls
from chat.questions.service import ModelChoice, Wish, always_searches
from core.text import can_be_seen, visible_text
from core.web.params import whole_number_in

LONGEST_QUESTION = 50_000  # characters
MOST_MODELS = 4  # that answer side by side


class QuestionText(forms.CharField):
    """What a person asks: any text of sensible length, without characters that nobody can see."""

    default_error_messages = {"required": _("Write a question first.")}

    def __init__(self) -> None:
        super().__init__(label=_("Question"), widget=forms.Textarea, max_length=LONGEST_QUESTION)
        self.error_messages["max_length"] = ngettext_lazy(
            "A question can have %(limit_value)d character; this one has %(show_value)d.",
            "A question can have %(limit_value)d characters; this one has %(show_value)d. "
            "Shorten it, or ask in several steps.",
            LONGEST_QUESTION,
        )

    def to_python(self, value: Any) -> str:
        """The text with plain line ends; nothing where it is made of what nobody can see."""
        text = super().to_python(visible_text(value or "")) or ""
        return text if can_be_seen(text) else ""


class ModelField(forms.CharField):
    """The model that is to answer: one that is offered to the `team` and not retired."""

    team: Team | None = None

    def clean(self, value: Any) -> offers.Offer:
        """The offer behind the name; without a name, the default one. Raises ValidationError with the way out."""
        name = str(value or "").strip()
        offer = offers.find_offer(name, self.team)
        if offer is None and available.is_known(name):
            raise forms.ValidationError(_("This model isn’t available to your team. Choose another one."))
        if offer is None:
            raise forms.ValidationError(_("This model isn’t available here. Choose another one."))
        if offer.retired:
            raise forms.ValidationError(offer.retired_note)
        return offer


class AgainForm(forms.Form):
    """Which model of those that the `team` may ask shall answer. `key` makes one answer of a form that is sent several
    times."""

    model = ModelField(label=_("Model"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _("Send the question again.")})

    def __init__(self, *args: Any, team: Team | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        self.fields["model"].team = team  # type: ignore[attr-defined]

    @property
    def choice(self) -> ModelChoice:
        """Whom a valid form asks."""
        offer: offers.Offer = self.cleaned_data["model"]
        return ModelChoice(model=offer.model, provider=offer.provider, key=self.cleaned_data["key"])


class ModelsField(forms.Field):
    """One to `MOST_MODELS` models that are offered to the `team`, each once, as they were chosen."""

    widget = forms.MultipleHiddenInput
    team: Team | None = None

    def clean(self, value: Any) -> list[offers.Offer]:
        """The offers behind the names. Raises ValidationError with the way out."""
        names = list(dict.fromkeys(map(str, value or ())))
        if not names:
            raise forms.ValidationError(_("Choose at least one model."))
        if len(names) > MOST_MODELS:
            raise forms.ValidationError(
                ngettext_lazy("Choose at most %(n)d model.", "Choose at most %(n)d models at once.", MOST_MODELS)
                % {"n": MOST_MODELS}
            )
        field = ModelField()
        field.team = self.team
        return [field.clean(name) for name in names]


class SeveralForm(forms.Form):
    """Which models of those that the `team` may ask shall answer side by side. `key` as in `AgainForm`."""

    models = ModelsField()
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _("Send the question again.")})

    def __init__(self, *args: Any, team: Team | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["models"].team = team  # type: ignore[attr-defined]

    @property
    def choices(self) -> list[ModelChoice]:
        """Whom a valid form asks."""
        key, chosen = self.cleaned_data["key"], self.cleaned_data["models"]
        return [ModelChoice(model=offer.model, provider=offer.provider, key=key) for offer in chosen]


class AskForm(AttachmentsForm, AgainForm):
    """A question for a model. `standing` gives the options that hold where the form says nothing about options. For a
    new conversation, `membership` is the place of whoever asks in the team, and `place` where the conversation goes if
    the form says nothing about that. While it `is_being_filled` in, options of which nothing was typed yet are no
    fault."""

    text = QuestionText()
    visible_to = forms.CharField(label=_("Visible to"), required=False, max_length=40)
    documents = forms.CharField(required=False, max_length=10)
    passages = forms.IntegerField(required=False)
    refused_with = 422  # the HTTP status of the page that says what is wrong
    leads_to_costs = False  # whether the page, besides what is wrong, offers the way to costs and limits

    def __init__(
        self,
        *args: Any,
        standing: Callable[[], Mapping[str, Any]] = dict,
        membership: Membership | None = None,
        place: Place = access.TEAM,
        is_being_filled: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._is_being_filled = is_being_filled
        self._standing = standing
        self._membership = membership
        self._usual_place = place
        self.fields["visible_to"].error_messages["max_length"] = _("Choose who will see this question.")

    @cached_property
    def place(self) -> Place:
        """Where a new conversation goes, as the form says or else as usual; with its author alone, where the form names
        a place that is none for them."""
        said = str(self["visible_to"].value() or "") if self.is_bound and self._membership else ""
        if not said or self._membership is None:
            return self._usual_place
        return access.usable_place(self._membership, said) or access.ALONE

    @cached_property
    def places(self) -> access.Offered:
        """The spaces that the composer offers for a new conversation."""
        if self._membership is None:
            return access.Offered([])
        return access.offered_places(self._membership, besides=self.place.space)

    @property
    def offer(self) -> offers.Offer:
        """The model that the form names; the default one where it names none that is offered."""
        name = str(self["model"].value() or "").strip()
        return offers.find_offer(name, self.team) or offers.default_offer(self.team)

    @cached_property
    def options(self) -> OptionsForm:
        """The form of the options that the model takes."""
        with_images, with_files = self._with_attachments()
        data = self.data if self.is_bound else None
        standing = {} if data is not None and controls.has_options(data) else self._standing()
        return OptionsForm(
            self.offer,
            data=data,
            options=standing,
            with_images=with_images,
            with_files=with_files,
            is_being_filled=self._is_being_filled,
        )

    @property
    def wanted(self) -> Wanted | None:
        """What of the space's documents shall go along, None where the form says nothing about that."""
        if not self.is_bound or "documents" not in self.data:
            return None
        whole = self.data.getlist("whole") if hasattr(self.data, "getlist") else ()
        said = {"mode": self["documents"].value(), "passages": whole_number_in(str(self["passages"].value()))}
        return Wanted.of({**said, "whole": whole})

    def clean_visible_to(self) -> str:
        """Raises ValidationError for a place in which the person may not ask, or not any more."""
        said = str(self.cleaned_data["visible_to"])
        if said and self._membership and access.usable_place(self._membership, said) is None:
            raise forms.ValidationError(_("Choose who will see this question."))
        return said

    def clean(self) -> dict[str, Any]:
        """Refuse what the upstream would refuse; the reasons stand at the fields."""
        super().clean()
        if problem := attachments.nothing_to_send(self.offer, self.attachments):
            self.add_error("attachment", problem)
        if self.wanted and self.wanted.mode == ONLY and (why := always_searches(self.offer)):
            self.add_error(None, why)
        if not self.options.is_valid():
            for sentence in self.options.general_errors:
                self.add_error(None, sentence)
            if any(field.errors for field in self.options.fields):
                self.add_error(None, _("Your question wasn’t sent. Check the options first."))
        return self.cleaned_data

    @property
    def wish(self) -> Wish:
        """What a valid form asks for."""
        asked = self.choice
        return Wish(
            model=asked.model,
            provider=asked.provider,
            key=asked.key,
            text=self.cleaned_data["text"],
            options=self.options.options,
            attachments=self.attachments,
            place=self.place,
            documents=self.wanted,
        )

    def _with_attachments(self) -> tuple[bool, bool]:
        """Whether pictures and whether files go with the question."""
        return attachments.kinds(self.attachments)


def blank_ask_form(
    *,
    team: Team,
    model: str = "",
    options: Mapping[str, Any] | None = None,
    membership: Membership | None = None,
    place: Place = access.TEAM,
) -> AskForm:
    """An empty form with a key of its own, and with these options as far as the model takes them; for a new
    conversation with the place where it goes."""
    initial = {"model": model or offers.default_offer(team).id, "key": uuid.uuid4()}
    return AskForm(initial=initial, standing=lambda: options or {}, team=team, membership=membership, place=place)


def refilled_ask_form(form: AskForm) -> AskForm:
    """The refused form as it was sent, with a new key if its own cannot be used, and with the model that does the work
    of one that is gone."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, which keeps several values of a name
    if "key" in form.errors:
        data["key"] = str(uuid.uuid4())
    if "model" in form.errors:
        data["model"] = offers.offer_or_successor(str(data.get("model", "")), offers.offers(form.team)).id
        form.__dict__.pop("options", None)  # those of the model before
    form.data = data
    return form
