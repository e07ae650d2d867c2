"""What is done now and then so that the database does not keep what nobody needs any more."""

import logging
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from chat import search
from chat.answers import cost
from chat.attachments import service as attachments
from chat.conversations import service as conversations
from chat.models import Answer, LogEntry
from chat.presets import service as presets
from files import proxy

logger = logging.getLogger(__name__)

LOG_KEPT_FOR = timedelta(hours=1)  # after the end of its answer, whose text, sources and figures are stored by then
TEXTS_AT_ONCE = 50  # whose words are made anew in one statement, which takes a fraction of a second
AT_ONCE = 200  # answers whose log goes in one transaction: whoever writes meanwhile waits for milliseconds only


def tidy_chat() -> None:
    """Thin the logs, remove what was deleted long ago, settle what is still reserved, forget sessions that ran out."""
    thinned, purged = thin_logs(), conversations.purge_conversations()
    presets.purge_presets()
    cost.settle_leftovers()
    proxy.shared_pictures().prune_soon()
    files = attachments.tidy_uploads()
    SessionStore.clear_expired()
    if thinned or purged or files:
        logger.info("Tidied up: the logs of %d answers, %d deleted conversations, %d files.", thinned, purged, files)


def renew_search() -> int:
    """Index some texts anew that an earlier version indexed in its way; returns how many, 0 when all are."""
    return search.renew(connection, most=TEXTS_AT_ONCE)


def thin_logs() -> int:
    """Remove the logs of answers that ended a while ago; returns how many answers that were.

    An answer that has ended is told from what is stored with it, whatever number a viewer asks from.
    """
    thinned = 0
    ended = Answer.objects.exclude(state__in=Answer.LIVE).filter(ended_at__lt=timezone.now() - LOG_KEPT_FOR)
    while ids := list(
        LogEntry.objects.filter(answer__in=ended).order_by().values_list("answer_id", flat=True).distinct()[:AT_ONCE]
    ):
        LogEntry.objects.filter(answer_id__in=ids).delete()
        thinned += len(ids)
    return thinned
