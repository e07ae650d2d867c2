"""The e-mails that tell followers what changed, and owners that a watch stopped by itself, each in the reader's
language and time zone. Those to followers have a link that ends them in one click.

A letter is written once, by the process that notes it as written: who is killed right after that has lost it, and
nobody gets two. The page and the notices have the change in any case.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.services.letters import link_to, signed
from accounts.time_zones import UTC, zone_named
from chat import access
from chat.models import Watch, WatchFollower, WatchRun
from chat.watches import changes
from core import graphemes
from core.web import mail
from core.web.formats import moment
from core.web.mail import Letter

NOT_OLDER_THAN = timedelta(days=1)
"""What changed before that is news to nobody any more; so is what changed before there was a mail server."""
MOST_RUNS = 10
MOST_PAIRS = 8
_SALT = "chat.watches.letters"


def write_to_followers() -> int:
    """Write to whoever follows what has changed, and may still read it; returns how many letters that were."""
    if not mail.is_set():
        return 0
    waiting = WatchRun.objects.filter(
        state=WatchRun.State.CHANGED, mailed_at=None, ended_at__gt=timezone.now() - NOT_OLDER_THAN
    )
    written = 0
    for run in waiting.select_related("watch__question__conversation")[:MOST_RUNS]:
        if WatchRun.objects.filter(pk=run.pk, mailed_at=None).update(mailed_at=timezone.now()):
            for follower in _readers_among(run.watch):
                letter = _letter(run, follower)
                mail.send_later(partial(_as_written, letter))
                written += 1
    return written


def write_to_owners() -> int:
    """Write to owners whose watches stopped by themselves, and who may still read the conversation; returns how many
    letters that were. Who leaves out e-mails about a watch gets none of these either."""
    if not mail.is_set():
        return 0
    waiting = Watch.objects.filter(
        stopped_at__gt=timezone.now() - NOT_OLDER_THAN, stop_mailed_at=None, deleted_at=None
    ).exclude(reason="")
    written = 0
    for watch in waiting.select_related("owner", "question__conversation")[:MOST_RUNS]:
        if not Watch.objects.filter(pk=watch.pk, stop_mailed_at=None).update(stop_mailed_at=timezone.now()):
            continue
        for follower in _readers_among(watch):
            if follower.person_id == watch.owner_id:
                mail.send_later(partial(_as_written, _letter_about_stop(watch)))
                written += 1
    return written


def token_of(follower: WatchFollower) -> str:
    """What the link has that ends the e-mails to this follower: signed, so that nobody else can make one."""
    return signing.dumps(follower.pk.hex, salt=_SALT)


def follower_of(token: str) -> WatchFollower | None:
    """The follower of the link; None where it was not made here, or they follow no more."""
    try:
        follower_id = UUID(hex=signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return WatchFollower.objects.filter(pk=follower_id).select_related("watch__question", "person").first()


def stop_letters(follower: WatchFollower) -> None:
    """Send them no more e-mails; they still follow."""
    WatchFollower.objects.filter(pk=follower.pk).update(by_mail=False)


def _readers_among(watch: Watch) -> Iterable[WatchFollower]:
    followers = list(
        WatchFollower.objects.filter(watch=watch.pk, by_mail=True, person__is_active=True)
        .exclude(person__verified_email="")
        .select_related("person")
    )
    conversation = watch.question.conversation_id
    readers = access.readers_of([conversation], [one.person_id for one in followers])
    return [one for one in followers if (one.person_id, conversation) in readers]


def _as_written(letter: Letter) -> Letter:
    return letter


def _letter(run: WatchRun, follower: WatchFollower) -> Letter:
    person, question = follower.person, run.watch.question
    address = f"{settings.SITE_ORIGIN}{reverse('chat:watch_letters', args=[token_of(follower)])}"
    zone = zone_named(person.time_zone) or UTC
    with translation.override(person.language or settings.LANGUAGE_CODE), timezone.override(zone):
        subject = _("The answer changed: %(question)s") % {"question": graphemes.shortened(question.text, 80)}
        paragraphs = [
            _("Hello %(name)s,") % {"name": person.display_name},
            _("the answer to a question that you follow has changed (%(when)s):")
            % {"when": moment(run.ended_at or run.created_at)},
            graphemes.shortened(question.text, 500),
            *_what_changed(run.difference),
            _("See the difference and what the sources say:"),
            link_to("chat:watch_run", str(run.watch_id), str(run.pk)),
            _("Don’t want these e-mails any more? Open this link:"),
            address,
        ]
        text = signed("\n\n".join(paragraphs))
    headers = {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return Letter(to=person.verified_email, subject=subject, text=text, headers=headers)


def _letter_about_stop(watch: Watch) -> Letter:
    person, question = watch.owner, watch.question
    zone = zone_named(person.time_zone) or UTC
    with translation.override(person.language or settings.LANGUAGE_CODE), timezone.override(zone):
        subject = _("A watch stopped: %(question)s") % {"question": graphemes.shortened(question.text, 80)}
        paragraphs = [
            _("Hello %(name)s,") % {"name": person.display_name},
            _("a question that you watch is not being asked any more (%(when)s):")
            % {"when": moment(watch.stopped_at or timezone.now())},
            graphemes.shortened(question.text, 500),
            str(Watch.Reason(watch.reason).label),
            _("See the watch, and have it go on if you like:"),
            link_to("chat:watch", str(watch.pk)),
        ]
        if watch.next_at:
            paragraphs.insert(4, _("It goes on by itself on %(when)s.") % {"when": moment(watch.next_at)})
        return Letter(to=person.verified_email, subject=subject, text=signed("\n\n".join(paragraphs)))


def _what_changed(told: changes.Told) -> Iterable[str]:
    yield changes.in_words(told)
    if figures := told.get("figures"):
        yield "\n".join(f"  {old} → {new}" for old, new in figures[:MOST_PAIRS])
    for old, new in told.get("changed", [])[:MOST_PAIRS]:
        yield f"− {old}\n+ {new}"
    if added := told.get("added"):
        yield "\n".join(f"+ {sentence}" for sentence in added[:MOST_PAIRS])
    if gone := told.get("gone"):
        yield "\n".join(f"− {sentence}" for sentence in gone[:MOST_PAIRS])
    if sources := told.get("sources_added"):
        yield "\n".join([_("New sources:"), *(f"  {one['title']}\n  {one['url']}" for one in sources[:MOST_PAIRS])])
