"""The section of a page in which somebody reads or writes standing instructions: a team's, a space's, or one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from accounts.forms import InstructionsForm
from accounts.models import InstructionsVersion
from accounts.services.instructions import SHOWN_VERSIONS, InstructionsChanged
from core.text import LONGEST_INSTRUCTIONS, visible_text
from core.web.params import whole_number_in


class Save(Protocol):
    """Makes a version of the text. Raises InstructionsChanged if `seen` is not the newest one."""

    def __call__(self, *, text: str, seen: int) -> object: ...


@dataclass(frozen=True, slots=True)
class InstructionsSection:
    """The form and the newest versions. `changed` is what somebody else saved while this form was being filled in."""

    form: InstructionsForm
    versions: Sequence[InstructionsVersion] = ()
    changed: InstructionsVersion | None = None
    is_saved: bool = False
    longest: int = LONGEST_INSTRUCTIONS

    @property
    def latest(self) -> InstructionsVersion | None:
        """The version that holds; it may be without text."""
        return self.versions[0] if self.versions else None

    @property
    def earlier(self) -> Sequence[InstructionsVersion]:
        """Those before it, newest first."""
        return self.versions[1:SHOWN_VERSIONS]

    @property
    def text(self) -> str:
        """What stands in the field."""
        return visible_text(self.form["text"].value() or "")

    @property
    def length(self) -> int:
        """The characters that would be saved."""
        return len(self.text.strip())

    @property
    def seen(self) -> int:
        """The version that the next save replaces: knowingly, once the person was shown it."""
        if self.changed:
            return self.changed.number
        if self.form.is_bound:
            return self.form.cleaned_data.get("seen") or 0
        return self.latest.number if self.latest else 0

    @property
    def status(self) -> int:
        """What the page with it is answered with."""
        if self.changed:
            return 409
        return 422 if self.form.errors else 200


def section(versions: QuerySet[Any]) -> InstructionsSection:
    """The section with what holds."""
    found = list(versions[:SHOWN_VERSIONS])
    return InstructionsSection(InstructionsForm(initial={"text": found[0].text if found else ""}), found)


def submit(request: HttpRequest, save: Save, *, versions: QuerySet[Any]) -> InstructionsSection:
    """The section after its form was sent: saved, or with what was typed and the reason why not.

    With the number of an earlier version in `again`, that one's text is saved, whatever was typed.
    """
    form = InstructionsForm(_with_earlier_text(request.POST, versions))
    changed = None
    if form.is_valid():
        try:
            save(text=form.cleaned_data["text"], seen=form.cleaned_data["seen"] or 0)
        except InstructionsChanged as refusal:
            form.add_error(None, str(refusal))
            changed = refusal.latest
        else:
            return InstructionsSection(form, is_saved=True)
    return InstructionsSection(form, list(versions[:SHOWN_VERSIONS]), changed)


def _with_earlier_text(data: QueryDict, versions: QuerySet[Any]) -> QueryDict:
    earlier = versions.filter(number=whole_number_in(data.get("again")) or 0).first()
    if earlier is None:
        return data
    changed = data.copy()
    changed["text"] = earlier.text
    return changed
