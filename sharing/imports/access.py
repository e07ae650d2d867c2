"""Finding imports: each is its person's alone, as long as they are on the team that it went to."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Membership, User
from chat import access
from chat.models import Conversation
from sharing.models import ImportLine, ImportRun


def own_imports(membership: Membership) -> QuerySet[ImportRun]:
    """The person's imports to this team, the newest first."""
    return ImportRun.objects.filter(person=membership.user_id, team=membership.team_id)


def own_import(user: User, run_id: UUID) -> tuple[ImportRun, Membership]:
    """An import of this person, with their place in its team. Raises Http404."""
    run = get_object_or_404(ImportRun.objects.select_related("team"), pk=run_id, person=user)
    membership = get_object_or_404(Membership.objects.select_related("team"), user=user, team=run.team_id)
    membership.user = user
    return run, membership


def readable_of(lines: list[ImportLine], membership: Membership) -> dict[UUID, Conversation]:
    """The conversations of some lines that the person may read now, by their ids."""
    ids = {line.conversation_id for line in lines if line.conversation_id}
    return {one.pk: one for one in access.readable_conversations(membership).filter(pk__in=ids)}
