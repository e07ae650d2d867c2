"""What went wrong with a message, in words for owners."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.models import Delivery

_PROBLEMS: Mapping[str, object] = {
    "refused": gettext_lazy("The address leads into a private network, or isn’t one that Parley sends to."),
    "slow": gettext_lazy("The server took longer than 10 seconds."),
    "unreachable": gettext_lazy("The server can’t be reached."),
    "redirect": gettext_lazy("The server redirects to another address, which Parley doesn’t follow."),
    "secret": gettext_lazy("The secret can’t be read any more. Create a new one."),
    "gone": gettext_lazy("Not everyone on the team can read this any more, so it wasn’t sent."),
    "too_many": gettext_lazy("Too many messages were waiting."),
    "internal": gettext_lazy("Something went wrong in Parley. The error has been logged."),
}


def problem_in_words(delivery: Delivery) -> str:
    """Why the last attempt came to nothing, as a sentence; empty where it did not, or there was none."""
    if delivery.problem == "status":
        return _("The server answered with status %(status)d.") % {"status": delivery.status}
    return str(_PROBLEMS.get(delivery.problem, ""))
