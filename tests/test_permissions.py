"""Who may do what: every address, every role, every method.

A new address without a row here fails. Roles: *anonymous* is not signed in; *stranger* owns another team; *viewer*,
*member* and *owner* are on the team; *author* is a member and asked the question. A row says what each gets; methods
that it does not name are refused with 405.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, Team, User
from accounts.services.link_tokens import hash_token
from chat.answers import media
from chat.attachments import service as attachments
from chat.models import Answer, Attachment, Conversation, Preset
from chat.questions import service as questions
from imaging.models import GeneratedImage
from tests import wishes
from tests.imaging.stored_images import drawn

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "stranger", "viewer", "member", "author", "owner")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
Statuses = Mapping[str, int]

PICTURES = [{"image_url": "https://pictures.example/light.png"}]

KEEPERS = "<p>Nobody.</p><table><tr><th>Keeper</th></tr></table>"
EVERYBODY: Statuses = dict.fromkeys(ROLES, 200)
SIGNED_IN: Statuses = EVERYBODY | {"anonymous": 302}
READ: Statuses = SIGNED_IN | {"stranger": 404}
ASK: Statuses = {"anonymous": 302, "stranger": 404, "viewer": 403, "member": 302, "author": 302, "owner": 302}
BROUGHT_LATER: Statuses = {role: 202 if status == 200 else status for role, status in READ.items()}
MANAGE: Statuses = ASK | {"member": 403}
AUTHOR_ONLY: Statuses = MANAGE | {"owner": 403}


@dataclass(frozen=True)
class World:
    """The cast and what it made."""

    people: Mapping[str, User]
    conversation: Conversation
    answer: Answer
    foreign: Answer
    attachment: Attachment
    invitation: Invitation
    member: Membership
    preset: Preset
    image: GeneratedImage


@dataclass(frozen=True)
class Row:
    """What each role gets from an address. `ids` names the parts of the address, `data` what is posted."""

    get: Statuses | None = None
    post: Statuses | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    deleted: bool = False


def asks() -> dict[str, str]:
    return {"text": "And then?", "model": "sonar", "key": str(uuid.uuid4())}


TEAM_OWNER: Statuses = {"anonymous": 302, "stranger": 404, "viewer": 403, "member": 403, "author": 403, "owner": 302}
OWN_TEAM: Statuses = {"anonymous": 302, "stranger": 302, "viewer": 403, "member": 403, "author": 403, "owner": 302}
INVITE: Statuses = OWN_TEAM | {"stranger": 200, "owner": 200}
OWNERS_PAGE: Statuses = INVITE

TABLE: Mapping[str, Row] = {
    "healthz": Row(get=EVERYBODY),
    "stream_probe": Row(get=dict.fromkeys(ROLES, 404)),  # only with a token of the installation
    "readyz": Row(get=dict.fromkeys(ROLES, 503)),  # no worker runs in a test without a server
    "login": Row(get=EVERYBODY, post=EVERYBODY),
    "logout": Row(post=dict.fromkeys(ROLES, 302)),
    "password_change": Row(get=SIGNED_IN, post=SIGNED_IN),
    "accounts:welcome": Row(get=dict.fromkeys(ROLES, 404), post=dict.fromkeys(ROLES, 404)),
    "accounts:join": Row(get=EVERYBODY, post=EVERYBODY | {"anonymous": 422}),
    "accounts:accept": Row(post=dict.fromkeys(ROLES, 302)),
    "accounts:new_password": Row(get=dict.fromkeys(ROLES, 404), post=dict.fromkeys(ROLES, 404)),
    "accounts:me": Row(get=SIGNED_IN, post=dict.fromkeys(ROLES, 302)),
    "accounts:own_instructions": Row(post=dict.fromkeys(ROLES, 302), data={"text": "Be brief.", "seen": "0"}),
    "accounts:time_zone": Row(post=dict.fromkeys(ROLES, 302), data={"time_zone": "Europe/Berlin"}),
    "accounts:browser_time_zone": Row(
        post=dict.fromkeys(ROLES, 204) | {"anonymous": 302}, data={"time_zone": "Europe/Berlin"}
    ),
    "accounts:sign_out_everywhere": Row(post=dict.fromkeys(ROLES, 302)),
    "accounts:language": Row(post=dict.fromkeys(ROLES, 302), data={"language": ""}),
    "accounts:switch": Row(
        post={"anonymous": 302, "stranger": 404, "viewer": 302, "member": 302, "author": 302, "owner": 302}
    ),
    "accounts:team": Row(get=SIGNED_IN),
    "accounts:rename": Row(post=OWN_TEAM, data={"name": "Quay"}),
    "accounts:team_instructions": Row(post=OWN_TEAM, data={"text": "Be brief.", "seen": "0"}),
    "accounts:image_approval": Row(post=OWN_TEAM),
    "accounts:invite": Row(get=INVITE, post=INVITE, data={"role": "member", "days": "7"}),
    "accounts:revoke": Row(post=TEAM_OWNER),
    "accounts:change_role": Row(post=TEAM_OWNER, data={"role": "viewer"}),
    "accounts:remove": Row(post=TEAM_OWNER),
    "accounts:password_link": Row(post=TEAM_OWNER | {"owner": 200}),
    "chat:home": Row(get=SIGNED_IN),
    "chat:ask_new": Row(post=ASK | {"stranger": 302}, data=asks()),
    "chat:conversation": Row(get=READ),
    "chat:ask": Row(post=ASK, data=asks()),
    "chat:older": Row(get=READ),
    "chat:newer": Row(get=READ),
    "chat:answer": Row(get=READ),
    "chat:stream": Row(get={**READ, **dict.fromkeys(("viewer", "member", "author", "owner"), 503)}),
    "chat:answer_instructions": Row(get=READ),
    "chat:answer_table": Row(get=READ),
    "chat:stop": Row(post=ASK),
    "chat:ask_again": Row(post=ASK, data=asks()),
    "chat:options": Row(post=SIGNED_IN),
    "chat:check_options": Row(post=SIGNED_IN),
    "chat:option_suggestions": Row(get=SIGNED_IN),
    "chat:picture": Row(get=BROUGHT_LATER),
    "chat:large_picture": Row(get=BROUGHT_LATER),
    "chat:upload": Row(post=ASK | dict.fromkeys(("stranger", "member", "author", "owner"), 422)),  # without a file
    "chat:waiting_attachments": Row(get=SIGNED_IN),
    "chat:attachment": Row(get=READ),
    "chat:attachment_thumbnail": Row(get=READ),
    "chat:remove_attachment": Row(post=dict.fromkeys(ROLES, 404) | {"anonymous": 302}),  # it is asked about
    "chat:document": Row(get=SIGNED_IN),
    "chat:documentation": Row(get=SIGNED_IN),
    "chat:readme": Row(get=SIGNED_IN),
    "chat:history": Row(get=SIGNED_IN),
    "chat:search": Row(get=SIGNED_IN),
    "chat:menu": Row(get=READ),
    "chat:rename": Row(post=MANAGE, data={"title": "Lights"}),
    "chat:pin": Row(post=ASK),
    "chat:unpin": Row(post=ASK),
    "chat:archive": Row(post=MANAGE),
    "chat:unarchive": Row(post=MANAGE),
    "chat:delete": Row(post=MANAGE),
    "chat:restore": Row(post=MANAGE, deleted=True),
    "chat:share": Row(post=AUTHOR_ONLY),
    "chat:unshare": Row(post=AUTHOR_ONLY),
    "chat:costs": Row(get=OWNERS_PAGE),
    "chat:team_models": Row(get=OWNERS_PAGE, post=OWN_TEAM, data={"models_scope": "all", "tools_scope": "all"}),
    "chat:costs_export": Row(get=OWNERS_PAGE),
    "chat:limit_team": Row(post=OWN_TEAM, data={"limit": "5"}),
    "chat:limit_member": Row(post=TEAM_OWNER, data={"limit": ""}),
    "chat:conversation_costs": Row(get=READ),
    "chat:presets": Row(get=SIGNED_IN),
    "chat:presets_menu": Row(get=SIGNED_IN),
    "chat:new_preset": Row(post=INVITE | {"member": 200, "author": 200}),
    "chat:keep_preset": Row(post=ASK | {"stranger": 302}, data={"name": "Sites", "model": "sonar", "with_model": "on"}),
    "chat:keep_defaults": Row(post=ASK | {"stranger": 302}),
    "chat:apply_preset": Row(post=ASK),
    "chat:format_schema": Row(post=SIGNED_IN),
    "chat:example_schema": Row(post=SIGNED_IN),
    "chat:rename_preset": Row(post=AUTHOR_ONLY, data={"name": "Papers"}),
    "chat:share_preset": Row(post=AUTHOR_ONLY),
    "chat:unshare_preset": Row(post=MANAGE),
    "chat:delete_preset": Row(post=MANAGE),
    "chat:restore_preset": Row(post=MANAGE, deleted=True),
    "imaging:images": Row(get=SIGNED_IN),
    "imaging:draw": Row(post=ASK | {"stranger": 302}, data={"prompt": "A lighthouse", "key": str(uuid.uuid4())}),
    "imaging:changes": Row(post=dict.fromkeys(ROLES, 204) | {"anonymous": 302}),
    "imaging:image": Row(get=READ),
    "imaging:tile": Row(get=READ),
    "imaging:picture": Row(get=READ),
    "imaging:thumbnail": Row(get=READ),
    "imaging:download": Row(get=READ),
    "imaging:draw_again": Row(post=ASK),
    "imaging:fetch_again": Row(post=AUTHOR_ONLY),
    "imaging:delete": Row(post=AUTHOR_ONLY),
    "imaging:restore": Row(post=dict.fromkeys(ROLES, 404) | {"anonymous": 302, "author": 302}, deleted=True),
}


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
    foreign = questions.ask_in_new_conversation(wishes.wish("And this?"), team=harbour, by=author)
    invitation = Invitation.objects.create(
        team=harbour,
        token_hash=hash_token("token"),
        invited_by=alice,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return World(
        people={"stranger": charlie, "viewer": vera, "member": bob, "author": author, "owner": alice},
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
    )


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address of the product; the admin's are Django's own and asked for below as a whole."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from routes(one.url_patterns, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        else:
            yield f"{prefix}{one.name}", one


NAMES = dict(routes())


def address(name: str, world: World, **other: Any) -> str:
    ids: dict[str, Any] = {
        "token": "token",
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
    } | other
    return reverse(name, kwargs={part: ids[part] for part in NAMES[name].pattern.converters})


def client_for(role: str, world: World) -> Client:
    client = Client()
    if role in world.people:
        client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


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


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.get])
def test_reading(name: str, world: World) -> None:
    found: dict[str, int] = {}
    for role in ROLES:
        with undone():
            response = client_for(role, world).get(address(name, world))
        found[role] = response.status_code
        if response.status_code == 302:
            assert response["Location"].startswith(reverse("login")), role
    assert found == TABLE[name].get


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.post])
def test_writing(name: str, world: World) -> None:
    row = TABLE[name]
    if row.deleted:
        Conversation.objects.update(deleted_at=timezone.now())
        Preset.objects.update(deleted_at=timezone.now())
        GeneratedImage.objects.update(deleted_at=timezone.now())
    found: dict[str, int] = {}
    for role in ROLES:
        with undone():
            response = client_for(role, world).post(address(name, world), posted(name, world))
        found[role] = response.status_code
        if role == "anonymous" and response.status_code == 302 and not name.startswith(("logout", "accounts:accept")):
            assert response["Location"].startswith(reverse("login"))
    assert found == row.post


@pytest.mark.parametrize("name", TABLE)
def test_other_methods_are_refused(name: str, world: World) -> None:
    row = TABLE[name]
    allowed = {"GET", "HEAD"} if row.get else set()
    allowed |= {"POST"} if row.post else set()
    if name == "chat:stream":
        allowed = {"GET"}
    for method in [method for method in METHODS if method not in allowed]:
        response = client_for("owner", world).generic(method, address(name, world))
        assert response.status_code in ({200, 405} if method == "OPTIONS" else {405}), method


@pytest.mark.parametrize("role", ROLES[2:])
@pytest.mark.parametrize("part", ["answer_id", "question_id"])
def test_a_foreign_id_under_an_own_conversation_is_not_found(part: str, role: str, world: World) -> None:
    ids = {"answer_id": world.foreign.pk, "question_id": world.foreign.question_id}
    for name, pattern in NAMES.items():
        if part in pattern.pattern.converters:
            client = client_for(role, world)
            send = client.post if TABLE[name].post else client.get
            response = send(address(name, world, **{part: ids[part]}), posted(name, world))
            assert response.status_code in ({404} if role != "viewer" or not TABLE[name].post else {403, 404}), name


@pytest.mark.parametrize("role", ["anonymous", "stranger", "viewer", "member", "owner"])
def test_a_private_conversation_is_there_for_its_owner_alone(role: str, world: World) -> None:
    Conversation.objects.update(visibility=Conversation.Visibility.PRIVATE)
    for name, pattern in NAMES.items():
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
    for name, pattern in NAMES.items():
        if "conversation_id" in pattern.pattern.converters:
            client = client_for(role, world)
            send = client.post if TABLE[name].post else client.get
            response = send(address(name, world, conversation_id=uuid.uuid4()), posted(name, world))
            assert response.status_code == (302 if role == "anonymous" else 404), name


@pytest.mark.parametrize("role", ROLES)
def test_writing_needs_the_token_of_the_form(role: str, world: World) -> None:
    for name, row in TABLE.items():
        if row.post:
            client = Client(enforce_csrf_checks=True)
            if role in world.people:
                client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
            assert client.post(address(name, world), posted(name, world)).status_code == 403, name


@pytest.mark.parametrize("role", ROLES)
def test_the_admin_is_closed_to_everybody_who_is_no_staff(role: str, world: World) -> None:
    response = client_for(role, world).get(reverse("admin:index"))
    assert response.status_code == 302
    assert reverse("admin:login") in response["Location"]
