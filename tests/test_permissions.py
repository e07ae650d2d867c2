"""Who may do what: every address, every role, every method.

A new address without a row here fails. Roles: *anonymous* is not signed in; *stranger* owns another team; *viewer*,
*member* and *owner* are on the team; *author* is a member and asked the question. A row says what each gets; methods
that it does not name are refused with 405.
"""

import io
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import product
from operator import itemgetter
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, Team, User
from accounts.services.link_tokens import hash_token
from api.models import Delivery, Token, Webhook
from chat import access
from chat.answers import media
from chat.attachments import service as attachments
from chat.conversations import tags
from chat.documents import service as documents
from chat.models import (
    Answer,
    Attachment,
    Conversation,
    Document,
    PageCopy,
    Preset,
    SavedSearch,
    Source,
    Space,
    Tag,
    Verification,
    Watch,
    WatchRun,
)
from chat.questions import service as questions
from chat.sources.copies import address_key
from chat.sources.ledger.sums import record_uses, sum_up
from chat.sources.verified.service import VerificationWish, verify
from chat.watches import service as watches
from imaging.models import GeneratedImage
from sharing.export.jobs import records as exports
from sharing.links import service as links
from sharing.models import ExportJob, ImportRun, Report, ShareLink
from sharing.reports import service as reports
from tests import wishes
from tests.imaging.stored_images import drawn
from tests.permission_table import KEEPERS, METHODS, PICTURES, PROGRAM, ROLES, TABLE

pytestmark = pytest.mark.django_db

CITED = "https://light.example/keepers"
LEADS_ELSEWHERE = {"logout", "accounts:accept", "sharing:password"}
"""Where nobody has to be signed in to be sent on."""
WITHOUT_TOKEN = {"chat:watch_letters": 410, "sharing:password": 302}
"""Mail programs have no form, the link is signed; and outside there is no cookie for a token, and nothing to forge."""


@dataclass(frozen=True)
class World:
    """The cast, signed in, and what it made."""

    people: Mapping[str, User]
    sessions: Mapping[str, str]
    conversation: Conversation
    answer: Answer
    foreign: Answer
    attachment: Attachment
    invitation: Invitation
    member: Membership
    preset: Preset
    image: GeneratedImage
    tag: Tag
    space: Space
    document: Document
    search: SavedSearch
    watch: Watch
    run: WatchRun
    copy: PageCopy
    verification: Verification
    report: Report
    link: ShareLink
    export: ExportJob
    delivery: Delivery
    token: Token
    brought: ImportRun


@pytest.fixture
def world(harbour: Team, alice: User, bob: User, vera: User, charlie: User) -> World:
    author = User.objects.create_user("dora")
    Membership.objects.create(team=harbour, user=author)
    shared = questions.ask_in_new_conversation(wishes.wish("Who keeps it?"), team=harbour, by=author)
    Answer.objects.update(state="finished", text="Nobody.", html=KEEPERS, media={"images": PICTURES})
    attachment = Attachment.objects.create(
        team=harbour,
        owner=author,
        question=shared.question,
        kind="image",
        name="light.png",
        media_type="image/png",
        size=9,
        sha256=attachments.store.put(b"a picture", thumbnail=b"a small one"),
    )
    Source.objects.create(answer=shared, number=1, url=CITED, cited=True)
    sum_up(record_uses([shared.pk]))
    foreign = questions.ask_in_new_conversation(wishes.wish("And this?"), team=harbour, by=author)
    invitation = Invitation.objects.create(
        team=harbour,
        token_hash=hash_token("token"),
        invited_by=alice,
        expires_at=timezone.now() + timedelta(days=1),
    )
    space = Space.objects.create(team=harbour, owner=author, name="Quarter", inherited_from=alice)
    Team.objects.filter(pk=harbour.pk).update(shares_by_link=True)
    link, _token = links.make_link(
        links.Wish(expires_at=timezone.now() + timedelta(days=1)), conversation=shared.question.conversation, by=author
    )
    ShareLink.objects.update(token_hash=hash_token("token"))
    plan = watches.Plan(every="week", hour=9, weekday=0, day=1, time_zone="UTC", budget=Decimal(2))
    watch = watches.begin_watch(question=shared.question, by=author, plan=plan)
    people = {"stranger": charlie, "viewer": vera, "member": bob, "author": author, "owner": alice}
    return World(
        people=people,
        sessions={role: session_of(person) for role, person in people.items()},
        conversation=shared.question.conversation,
        answer=shared,
        foreign=foreign,
        attachment=attachment,
        invitation=invitation,
        member=Membership.objects.get(user=bob),
        preset=Preset.objects.create(
            team=harbour, owner=author, name="Papers since 2024", options={"search_mode": "academic"}, shared=True
        ),
        image=drawn(team=harbour, by=author, state="approved"),
        space=space,
        document=documents.add_document(source=io.BytesIO(b"Words."), name="a.txt", space=space, by=author).document,
        tag=tags.add_tag(conversation=shared.question.conversation, name="Lights", by=author),
        search=SavedSearch.objects.create(team=harbour, owner=author, name="Lights", query="light from:me"),
        watch=watch,
        run=WatchRun.objects.create(watch=watch, due_at=timezone.now(), state="failed"),
        copy=PageCopy.objects.create(
            team=harbour, address="https://paper.example/", address_key="0" * 64, site="paper"
        ),
        verification=verify(VerificationWish(note="Sure."), answer=Answer.objects.get(pk=shared.pk), by=author),
        report=reports.begin_report(team=harbour, by=author, title="Tides", place=access.TEAM),
        link=link,
        export=ExportJob.objects.create(
            team=harbour,
            requested_by=author,
            wanted={"kind": "team"},
            format="json",
            title="Harbour",
            state="ready",
            ended_at=timezone.now(),
            sha256=exports.store.put(b"{}"),
            size=2,
        ),
        delivery=Delivery.objects.create(
            webhook=Webhook.objects.create(team=harbour, name="Log", url="https://receiver.example/"),
            event="test",
            subject=shared.pk,
        ),
        token=Token.objects.create(
            user=author, team=harbour, name="Laptop", hash="0" * 64, expires_at=timezone.now() + timedelta(days=1)
        ),
        brought=ImportRun.objects.create(team=harbour, person=author, name="export.zip", size=9, state="finished"),
    )


def batched(names: Iterable[str], size: int) -> list[list[str]]:
    """The names in lists of that size: for what leaves the world as it is, one world does for many addresses."""
    row = list(names)
    return [row[at : at + size] for at in range(0, len(row), size)]


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address of the product; the admin's are Django's own and asked for below as a whole."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from routes(one.url_patterns, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        else:
            yield f"{prefix}{one.name}", one


NAMES = dict(routes())
FOR_PEOPLE = {name: pattern for name, pattern in NAMES.items() if PROGRAM not in (TABLE[name].get, TABLE[name].post)}
"""Those that a session opens; what tokens open is in tests/api."""


def address(name: str, world: World, **other: Any) -> str:
    ids: dict[str, Any] = {
        "token": "token",
        "action": "archive",
        "uidb64": "person",
        "name": "README",
        "page": "sonar",
        "language": "de",
        "example": "list",
        "number": 1,
        "key": media.shown_pictures(PICTURES)[0].key,
        "conversation_id": world.conversation.pk,
        "answer_id": world.answer.pk,
        "question_id": world.answer.question_id,
        "attachment_id": world.attachment.pk,
        "invitation_id": world.invitation.pk,
        "member_id": world.member.pk,
        "preset_id": world.preset.pk,
        "image_id": world.image.pk,
        "tag_id": world.tag.pk,
        "space_id": world.space.pk,
        "document_id": world.document.pk,
        "search_id": world.search.pk,
        "watch_id": world.watch.pk,
        "run_id": world.run.pk,
        "copy_id": world.copy.pk,
        "page_key": address_key(CITED),
        "site": "light.example",
        "verification_id": world.verification.pk,
        "report_id": world.report.pk,
        "format_name": "markdown",
        "link_id": world.link.pk,
        "job_id": world.export.pk,
        "webhook_id": world.delivery.webhook_id,
        "delivery_id": world.delivery.pk,
        "token_id": world.token.pk,
        "response_id": f"resp_{world.answer.pk.hex}",
        "import_id": world.brought.pk,
    } | other
    return reverse(name, kwargs={part: ids[part] for part in NAMES[name].pattern.converters})


def client_for(role: str, world: World) -> Client:
    client = Client()
    if role in world.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
    return client


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def posted(name: str, world: World) -> dict[str, Any]:
    return {"team": str(world.conversation.team_id), **TABLE[name].data}


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(NAMES) == set(TABLE)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards: the world is there for the next role."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("names", batched([name for name, row in TABLE.items() if row.get], 12), ids=itemgetter(0))
def test_reading(names: Sequence[str], world: World) -> None:
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for name, role in product(names, ROLES):
        with undone():
            response = client_for(role, world).get(address(name, world))
        found[name][role] = response.status_code
        if response.status_code == 302:
            assert response["Location"].startswith(reverse("login")), (name, role)
    assert found == {name: TABLE[name].get for name in names}


@pytest.mark.parametrize("names", batched([name for name, row in TABLE.items() if row.post], 12), ids=itemgetter(0))
def test_writing(names: Sequence[str], world: World) -> None:
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for name, role in product(names, ROLES):
        with undone():
            if TABLE[name].deleted:
                delete_what_is_there(NAMES[name].pattern.converters)
            response = client_for(role, world).post(address(name, world), posted(name, world))
        found[name][role] = response.status_code
        if role == "anonymous" and response.status_code == 302 and name not in LEADS_ELSEWHERE:
            assert response["Location"].startswith(reverse("login")), name
    assert found == {name: TABLE[name].post for name in names}


def delete_what_is_there(asked: Collection[str]) -> None:
    """What an address brings back is deleted; what that stands in is not."""
    now = timezone.now()
    if "watch_id" not in asked:
        Conversation.objects.update(deleted_at=now)
    if "document_id" not in asked:
        Space.objects.update(deleted_at=now)
    for model in (Preset, Watch, Document, GeneratedImage, SavedSearch, Report):
        model.objects.update(deleted_at=now)


@pytest.mark.parametrize("names", batched(TABLE, 40), ids=itemgetter(0))
def test_other_methods_are_refused(names: Sequence[str], world: World) -> None:
    client = client_for("owner", world)
    for name in names:
        row = TABLE[name]
        allowed = {"GET", "HEAD"} if row.get else set()
        allowed |= {"POST"} if row.post else set()
        if name == "chat:stream":
            allowed = {"GET"}
        for method in [method for method in METHODS if method not in allowed]:
            response = client.generic(method, address(name, world))
            assert response.status_code in ({200, 405} if method == "OPTIONS" else {405}), f"{method} {name}"


@pytest.mark.parametrize("role", ROLES[2:])
@pytest.mark.parametrize("part", ["answer_id", "question_id"])
def test_a_foreign_id_under_an_own_conversation_is_not_found(part: str, role: str, world: World) -> None:
    ids = {"answer_id": world.foreign.pk, "question_id": world.foreign.question_id}
    for name, pattern in NAMES.items():
        if {part, "conversation_id"} <= set(pattern.pattern.converters):
            client = client_for(role, world)
            send = client.post if TABLE[name].post else client.get
            response = send(address(name, world, **{part: ids[part]}), posted(name, world))
            assert response.status_code in ({404} if role != "viewer" or not TABLE[name].post else {403, 404}), name


@pytest.mark.parametrize("role", ["anonymous", "stranger", "viewer", "member", "owner"])
def test_a_private_conversation_is_there_for_its_owner_alone(role: str, world: World) -> None:
    Conversation.objects.update(visibility=Conversation.Visibility.PRIVATE)
    for name, pattern in FOR_PEOPLE.items():
        if "conversation_id" in pattern.pattern.converters:
            client = client_for(role, world)
            send = client.post if TABLE[name].post else client.get
            response = send(address(name, world), posted(name, world))
            assert response.status_code == (302 if role == "anonymous" else 404), name


@pytest.mark.parametrize("role", ["anonymous", "stranger", "viewer", "member", "owner"])
def test_a_preset_that_is_not_shared_is_there_for_its_owner_alone(role: str, world: World) -> None:
    Preset.objects.update(shared=False)
    for name, pattern in NAMES.items():
        if "preset_id" in pattern.pattern.converters:
            client = client_for(role, world)
            send = client.post if TABLE[name].post else client.get
            response = send(address(name, world), posted(name, world))
            assert response.status_code == (302 if role == "anonymous" else 404), name


@pytest.mark.parametrize("role", ROLES)
def test_an_unknown_conversation_is_not_found(role: str, world: World) -> None:
    for name, pattern in FOR_PEOPLE.items():
        if "conversation_id" in pattern.pattern.converters:
            client = client_for(role, world)
            send = client.post if TABLE[name].post else client.get
            response = send(address(name, world, conversation_id=uuid.uuid4()), posted(name, world))
            assert response.status_code == (302 if role == "anonymous" else 404), name


@pytest.mark.parametrize("role", ROLES)
def test_writing_needs_the_token_of_the_form(role: str, world: World) -> None:
    for name, row in TABLE.items():
        if row.post:
            client = client_for(role, world)
            client.handler.enforce_csrf_checks = True
            # Programs have no form either, and a session lets none of them in.
            expected = WITHOUT_TOKEN.get(name, 401 if row.post is PROGRAM else 403)
            assert client.post(address(name, world), posted(name, world)).status_code == expected, name


@pytest.mark.parametrize("role", ROLES)
def test_the_admin_is_closed_to_everybody_who_is_no_staff(role: str, world: World) -> None:
    response = client_for(role, world).get(reverse("admin:index"))
    assert response.status_code == 302
    assert reverse("admin:login") in response["Location"]
