"""Links into reports that other packages show in their pages."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.notices import Link


def add_to_report(answer_id: object) -> Link:
    """The way from an answer into a report."""
    return Link(f"{reverse('sharing:add_to_report')}?answer={answer_id}", _("Add to report…"), icon="report")
