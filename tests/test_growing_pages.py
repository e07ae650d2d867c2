"""A team that grows makes no page ask the database more often."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Team, User
from accounts.services import invitations
from api.tokens.service import make_token
from chat import access
from chat.conversations import tags
from chat.models import Answer, Conversation, ReadMark, SavedSearch, Space, SpaceInstructions, SpaceMember
from config import health
from config.operations.figures import kept_figures
from imaging.models import Decision, GeneratedImage
from sharing.models import ExportJob, Report
from sharing.reports import service as reports
from tests.chat.conversations.conftest import Make, plain
from tests.chat.conversations.conftest import converse as converse  # a fixture
from tests.chat.in_spaces import make_space

PAGES = (
    "/",
    "/history/",
    "/history/?by=me",
    "/history/?visible=space",
    "/?visibility=private",
    "/spaces/",
    "/tags/",
    "/watches/",
    "/reports/",
    "/reports/trash/",
    "/reports/add/",
    "/trash/",
    "/palette/",
    "/palette/?q=li",
    "/search/?q=lights",
    "/search/?q=lights+from:me+-has:table+type:question",
    "/search/?q=is:shared",
    "/search/suggestions/?q=from:l",
    "/accounts/team/",
    "/accounts/team/invite/",
    "/team/sharing/",
    "/team/webhooks/",
    "/api/",
    "/account/tokens/",
    "/team/tokens/",
    "/models/",
    "/use/",
    "/costs/",
    "/images/",
    "/presets/",
    "/export/",
    "/exports/",
    "/spaces/",
    "/spaces/?filter=archived",
    "/spaces/new/",
    "/connect/",
    "/import/",
    "/admin/imaging/review/",
    "/admin/imaging/review-many/",
    "/admin/imaging/reviewed/",
    "/admin/imaging/review-figures/",
    "/admin/operations/",
)

MOMENTARY = 1  # a query for what is remembered for seconds only, which may run out in between


def grow(team: Team, owner: User, converse: Make, *, by: int) -> None:
    """Add people, each with what they asked, deleted, had drawn and were invited by, and with spaces: everybody is in
    the first one."""
    spaces = Space.objects.order_by("created_at", "id")
    first = spaces.first() or Space.objects.create(team=team, owner=owner, name="First", everyone=False)
    later = timezone.now() + timedelta(days=1)
    for number in range(by):
        person = User.objects.create_user(uuid.uuid4().hex, full_name=f"Li {number}")
        member = Membership.objects.create(user=person, team=team, is_reviewer=bool(number % 2))
        for maker in (person, owner):
            make_token(membership=Membership(user=maker, team=team), name="Laptop", scopes=["read"], expires_at=later)
        SpaceMember.objects.create(space=first, membership=member)
        own = Space.objects.create(team=team, owner=person, name=f"Of Li {number}", archived=bool(number % 2))
        Space.objects.create(team=team, owner=person, name="Gone", deleted_at=timezone.now())
        for space in (first, own):
            converse(("Which lights?", "Both."), owner=person, space=space, visibility="space")
            SpaceInstructions.objects.create(space=space, number=space.instructions.count() + 1, text="Be brief.")
        invitations.create_join_link(team=team, by=owner, role="member", uses=3)
        now, two = timezone.now(), (("Which lights?", "Both lights."), ("Where?", "There."))
        space = make_space(team, owner, f"Space {number}", people=[person], everyone=bool(number % 2), monthly_limit=9)
        converse(*two, title="Lights there", owner=person, space=space, visibility="space")
        converse(*two, title="Lights alone", owner=owner, space=space, visibility="private")
        talk = converse(*two, title="Lights", owner=person, pinned=bool(number % 2), answered_at=now)
        converse(*two, title="Gone", owner=owner, deleted_at=now, deleted_by=person)
        SavedSearch.objects.create(team=team, owner=owner, name=f"Lights {uuid.uuid4()}", query="lights")
        tags.add_tag(conversation=talk, name=f"Tag {person.pk}"[:40], by=owner)
        ReadMark.objects.create(person=owner, conversation=talk, seen_at=now)
        made = {"team": team, "requested_by": person, "prompt": "A light", "model": "m", "sha256": "0" * 64}
        made |= {"conversation_id": talk.pk, "question_id": talk.questions.all()[0].pk}
        GeneratedImage.objects.create(**made, state="pending")
        image = GeneratedImage.objects.create(**made, state="approved", decided_at=now)
        ExportJob.objects.create(team=team, requested_by=owner, format="pdf", state="ready", ended_at=now)
        Decision.objects.create(image=image, by=owner, verdict="approved")
        for place in (access.TEAM, access.in_space(space)):
            report = reports.begin_report(team=team, by=person, title="Lights", place=place)
            reports.add_answers(report=report, answers=talk_answers(talk), by=person)
        deleted = reports.begin_report(team=team, by=owner, title="Gone", place=access.TEAM)
        reports.delete_report(report=deleted, by=person)
        first_report = Report.objects.order_by("created_at")[0]
        reports.add_answers(report=first_report, answers=talk_answers(talk), by=person)


def talk_answers(conversation: Conversation) -> list[Answer]:
    """The answers of the conversation, in its order."""
    return list(Answer.objects.filter(question__conversation=conversation).order_by("question__position"))


def queries(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200, address
    return len(asked)


@pytest.mark.django_db
def test_more_people_conversations_and_images_take_no_more_queries(
    harbour: Team, alice: User, bob: User, converse: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kept in (kept_figures, health.readiness):
        monkeypatch.setattr(kept, "_fresh_for", 0.0)  # or they are looked up now and then
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    browser = plain(alice)
    grow(harbour, alice, converse, by=2)
    space = Space.objects.get(name="First")
    of_space = [f"/spaces/{space.pk}/{page}" for page in ("", "people/", "instructions/", "settings/")]
    of_all = f"/spaces/{Space.objects.filter(name='Of Li 0')[0].pk}/people/choose/"
    there = Conversation.objects.filter(space__name="Space 0", visibility="space")[0]
    asked_there = (
        f"/c/{there.pk}/",
        f"/c/{there.pk}/move/",
        f"/?space={there.space_id}",
        f"/costs/?space={there.space_id}",
    )
    pages = (
        *PAGES,
        *of_space,
        of_all,
        *asked_there,
        *(f"/reports/{Report.objects.order_by('created_at')[0].pk}/{page}" for page in ("", "edit/", "versions/")),
        f"/c/{Conversation.objects.filter(deleted_at=None)[0].pk}/",
    )
    before = {page: queries(browser, page) for page in pages + pages}  # the second time, with what is remembered

    grow(harbour, alice, converse, by=6)

    more = {page: queries(browser, page) - before[page] for page in pages}
    assert {page: count for page, count in more.items() if count > MOMENTARY} == {}
