"""What somebody chooses who makes a link."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.models import Answer, Conversation
from core import graphemes
from sharing.links import contents
from sharing.links.service import LONGEST, LONGEST_PASSWORD, SHORTEST_PASSWORD, USUAL_DAYS, Wish
from sharing.models import ShareLink

MOST_CHOICES = 100  # questions whose answer can be chosen, those asked last
_LONGEST_LABEL = 80  # characters
ON_A_DAY = "day"
LASTS = (
    ("1", gettext_lazy("After 1 day")),
    ("7", gettext_lazy("After 7 days")),
    ("30", gettext_lazy("After 30 days")),
    ("90", gettext_lazy("After 90 days")),
    (ON_A_DAY, gettext_lazy("On a date")),
)


class LinkForm(forms.Form):
    """A new link to a conversation, or to one of its answers."""

    what = forms.ChoiceField(label=gettext_lazy("What to share"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What the page shows"), choices=ShareLink.Kind.choices, widget=forms.RadioSelect
    )
    ends = forms.ChoiceField(label=gettext_lazy("Ends"), choices=LASTS)
    day = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password (optional)"),
        required=False,
        strip=False,
        min_length=SHORTEST_PASSWORD,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 8 characters. Send it separately from the link."),
    )
    shows_names = forms.BooleanField(label=gettext_lazy("Show who asked"), required=False)

    def __init__(self, *args: Any, conversation: Conversation, answer_id: UUID | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"ends": str(USUAL_DAYS), "kind": ShareLink.Kind.SNAPSHOT, "what": answer_id}
        super().__init__(*args, **kwargs)
        self._answers = _choosable(conversation)
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [
            ("", _("The whole conversation")),
            *(
                (str(one.pk), graphemes.cut(" ".join(one.question.text.split()), _LONGEST_LABEL))
                for one in self._answers
            ),
        ]
        today = timezone.localdate()
        self.fields["day"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + LONGEST - timedelta(1)).isoformat(),
        }

    def clean(self) -> dict[str, Any]:
        """Say that a date is missing where one was promised, or is out of range."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("ends") == ON_A_DAY and not self.has_error("day"):
            day, today = cleaned.get("day"), timezone.localdate()
            if day is None or not today <= day < today + LONGEST:
                self.add_error("day", ValidationError(_("Choose a day within the next year.")))
        return cleaned

    def wish(self) -> Wish:
        """What was chosen. Only after the form was found valid."""
        chosen = self.cleaned_data
        answer = next((one for one in self._answers if str(one.pk) == chosen["what"]), None)
        return Wish(
            answer=answer,
            kind=ShareLink.Kind.SNAPSHOT if answer else ShareLink.Kind(chosen["kind"]),
            expires_at=self._end(),
            password=chosen["password"],
            shows_names=chosen["shows_names"],
        )

    def _end(self) -> datetime:
        """When the link ends: so many days from now, or with the chosen day on the reader's clock."""
        chosen = self.cleaned_data
        if chosen["ends"] != ON_A_DAY:
            return timezone.now() + timedelta(days=int(chosen["ends"]))
        return timezone.make_aware(datetime.combine(chosen["day"], time(23, 59, 59)))


def _choosable(conversation: Conversation) -> list[Answer]:
    """The newest answer to each of the questions asked last, the newest question first."""
    newest = contents.shown_answers().filter(question=OuterRef("pk")).order_by("-created_at", "-id")
    questions = contents.answered_questions(conversation).annotate(newest=Subquery(newest.values("pk")[:1]))
    ids = list(questions.order_by("-position").values_list("newest", flat=True)[:MOST_CHOICES])
    found = Answer.objects.select_related("question").only("id", "question__text").in_bulk(ids)
    return [found[pk] for pk in ids]
