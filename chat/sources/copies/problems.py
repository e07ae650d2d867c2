"""Why a page could not be read, and what people are told about it."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PageProblem(StrEnum):
    """Why there is no text of a page. At most 20 characters each: they are kept in rows."""

    OFF = "off"  # the operator has reading pages switched off
    BLOCKED = "blocked"  # the team has marked the site so
    REFUSED = "refused"  # an address that Parley doesn’t go to, such as a private one
    ROBOTS = "robots"
    ROBOTS_UNKNOWN = "robots_unknown"  # the site's rules could not be read, which counts as a no
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    REDIRECTS = "redirects"
    NOT_FOUND = "not_found"
    DENIED = "denied"
    LOGIN = "login"
    CONSENT = "consent"
    SCRIPTS_ONLY = "scripts_only"
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    NO_TEXT = "no_text"
    ENCRYPTED = "encrypted"
    UNSUPPORTED = "unsupported"
    DAMAGED = "damaged"
    QUOTA = "quota"


_SENTENCES: dict[str, Promise] = {
    PageProblem.OFF: _("Reading pages is switched off on this server."),
    PageProblem.BLOCKED: _("Your team has blocked this site, so Parley didn’t read the page."),
    PageProblem.REFUSED: _("Parley doesn’t read pages at this address: it isn’t on the public web."),
    PageProblem.ROBOTS: _("The site doesn’t allow programs to read this page (robots.txt), so Parley didn’t."),
    PageProblem.ROBOTS_UNKNOWN: _(
        "The site’s rules for programs (robots.txt) couldn’t be read, so Parley didn’t read the page."
    ),
    PageProblem.UNREACHABLE: _("The site couldn’t be reached."),
    PageProblem.TOO_SLOW: _("The page took too long."),
    PageProblem.TOO_LARGE: _("The page is larger than Parley reads."),
    PageProblem.REDIRECTS: _("The page redirects too many times."),
    PageProblem.NOT_FOUND: _("The page is gone: the site says there is nothing at this address."),
    PageProblem.DENIED: _("The site refused to show the page to Parley."),
    PageProblem.LOGIN: _("The page is only shown to people who sign in or subscribe."),
    PageProblem.CONSENT: _("The site shows its consent form instead of the page."),
    PageProblem.SCRIPTS_ONLY: _(
        "The page is built by scripts, which Parley doesn’t run, so there was no text to read."
    ),
    PageProblem.BUSY: _("The site asked Parley to come back later."),
    PageProblem.SERVER_ERROR: _("The site answered with an error of its own."),
    PageProblem.NO_TEXT: _("There is no text in it, only images, such as in a scanned document."),
    PageProblem.ENCRYPTED: _("The document is password-protected."),
    PageProblem.UNSUPPORTED: _("Parley can’t read text from this kind of file."),
    PageProblem.DAMAGED: _("No text can be read from it: it is damaged or unusual."),
    PageProblem.QUOTA: _("There is no room left for your team’s copies of pages."),
}
_UNKNOWN = _("The page couldn’t be read.")


def sentence_for(problem: str) -> Promise | str:
    """What happened, in a sentence in the reader's language; empty where there is no problem."""
    return _SENTENCES.get(problem, _UNKNOWN) if problem else ""


IS_GONE = frozenset({PageProblem.NOT_FOUND})
"""With these the page itself is no longer there."""
