"""What reviewers send: which images, what they say of them, and which part of the queue they look at."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from core.errors import ActionRefused
from core.web.params import uuid_in
from imaging.models import Decision, GeneratedImage
from imaging.review.decisions import LONGEST_REASON, MOST_AT_ONCE, Seen

MOST_WORDS = 8  # of a search that count; each is looked for in every prompt

REASONS = (
    ("person", _("Shows a real person")),
    ("violence", _("Violence or cruelty")),
    ("sexual", _("Sexual content")),
    ("hateful", _("Hateful or insulting")),
    ("protected", _("Copyrighted or trademarked material")),
    ("wrong", _("Doesn’t match the prompt")),
)
AGES = (
    ("", _("Any age")),
    ("1", _("Older than 1 hour")),
    ("24", _("Older than 1 day")),
    ("168", _("Older than 7 days")),
)
NOTE = LONGEST_REASON - 60  # room for the longest of the reasons before it


class VerdictForm(forms.Form):
    """What is said of images. Of approving, only the free text is kept."""

    why = forms.ChoiceField(choices=REASONS, required=False, widget=forms.RadioSelect, label=_("Reason for rejecting"))
    note = forms.CharField(required=False, max_length=NOTE, strip=True, label=_("In your own words"))

    def reason(self, *, rejecting: bool) -> str:
        """The chosen reason and the text, as one kept sentence. Raises ActionRefused where they cannot be taken."""
        if not self.is_valid():
            raise ActionRefused(" ".join(str(error) for errors in self.errors.values() for error in errors))
        note = self.cleaned_data["note"]
        chosen = str(dict(REASONS).get(self.cleaned_data["why"], "")) if rejecting else ""
        return f"{chosen}: {note}" if chosen and note else chosen or note


class _OfTeams(forms.Form):
    """Narrows what it filters to one of the teams that the person reviews."""

    team = forms.ModelChoiceField(Team.objects.none(), required=False, label=_("Team"))

    team.empty_label = _("All teams")

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = teams


class QueueFilterForm(_OfTeams):
    """Which part of the queue. Beside what one chooses in the form, an address may name single images."""

    age = forms.ChoiceField(choices=AGES, required=False, label=_("Age"))

    def filter_images(self, images: QuerySet[GeneratedImage]) -> QuerySet[GeneratedImage]:
        """Those of the images that are wanted. What cannot be read narrows nothing."""
        self.is_valid()
        team, age = self.cleaned_data.get("team"), self.cleaned_data.get("age")
        if chosen := images_in(self.data):
            images = images.filter(pk__in=chosen)
        if team:
            images = images.filter(team=team)
        return images.filter(created_at__lt=timezone.now() - timedelta(hours=int(age))) if age else images


class DecidedFilterForm(_OfTeams):
    """Which of the images that were decided about, and of those that wait again."""

    STATES = (
        ("", _("Approved and rejected")),
        ("approved", pgettext_lazy("several", "Approved")),
        ("rejected", pgettext_lazy("several", "Rejected")),
    )

    q = forms.CharField(required=False, max_length=200, label=_("Search prompt, person or reason"))
    state = forms.ChoiceField(choices=STATES, required=False, label=_("State"))

    field_order = ["q", "state", "team"]

    def filter_images(self, images: QuerySet[GeneratedImage]) -> QuerySet[GeneratedImage]:
        """Those of the images that are wanted. What cannot be read narrows nothing."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("state"):
            images = images.filter(state=wanted["state"])
        if wanted.get("team"):
            images = images.filter(team=wanted["team"])
        for word in wanted.get("q", "").split()[:MOST_WORDS]:
            decided = Decision.objects.filter(Q(reason__icontains=word) | Q(by__username__icontains=word))
            images = images.filter(
                Q(prompt__icontains=word)
                | Q(requested_by__username__icontains=word)
                | Q(requested_by__full_name__icontains=word)
                | Q(pk__in=decided.values("image"))
            )
        return images


def seen_in(data: Any) -> list[Seen]:
    """The images that a form names, each once and in its order. Raises ValueError for what is no such form."""
    texts = [text for texts in data.getlist("seen") for text in texts.split()]
    found = list(dict.fromkeys(Seen.parse(text) for text in texts[: MOST_AT_ONCE + 1]))
    if not found:
        raise ValueError("nothing was chosen")
    return found


def images_in(data: Any) -> list[UUID]:
    """The single images that an address names."""
    texts = data.getlist("image")[:MOST_AT_ONCE] if hasattr(data, "getlist") else []
    return [image_id for text in texts if (image_id := uuid_in(text))]


def filters_in(data: Any) -> list[tuple[str, str]]:
    """The filters of an address, to be carried into the next one."""
    chosen = [("image", image_id.hex) for image_id in images_in(data)]
    return [(name, data[name]) for name in ("team", "age") if data.get(name)] + chosen
