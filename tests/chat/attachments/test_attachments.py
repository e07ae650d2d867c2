"""Uploads: who may make, see and send them, and what becomes of those that nobody sends."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, Team, User
from chat.attachments import service as attachments
from chat.models import Attachment, Conversation
from chat.upkeep import maintenance
from files import limits
from tests.chat.attachments.uploads import asked, client_of, picture, sent, uploaded
from tests.files.samples import PDF, drawn, encoded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def test_an_upload_becomes_a_tile_with_its_name_size_and_picture(alice: User) -> None:
    response = sent(client_of(alice), ("../light.PNG", picture()), ("report.pdf", PDF))

    assert response.status_code == 201
    html = response.content.decode()
    found = Attachment.objects.order_by("created_at")
    assert [(one.name, one.kind, one.width, one.owner) for one in found] == [
        ("light.png", "image", 60, alice),
        ("report.pdf", "file", 0, alice),
    ]
    assert html.count('name="attachment"') == 2
    assert reverse("chat:attachment_thumbnail", args=[found[0].pk]) in html


def test_one_bad_file_does_not_take_the_others_with_it(alice: User) -> None:
    response = sent(client_of(alice), ("light.png", picture()), ("fake.png", b"<svg/>"), ("empty.txt", b""))

    assert response.status_code == 201
    html = response.content.decode()
    assert html.count("data-attached") == 1
    assert "but it isn’t one" in html
    assert "This file is empty." in html


def test_nothing_that_can_be_taken_is_unprocessable(alice: User) -> None:
    assert sent(client_of(alice), ("fake.png", b"<svg/>")).status_code == 422
    assert client_of(alice).post(reverse("chat:upload")).status_code == 422
    assert not Attachment.objects.exists()


def test_names_are_shown_as_words(alice: User) -> None:
    response = sent(client_of(alice), ("<b>light</b>.txt", b"words"), ("<script>alert(1)</script>.png", b"no"))
    assert b"<script>" not in response.content
    assert b"<b>" not in response.content


def test_a_large_picture_is_offered_smaller_and_then_taken(alice: User) -> None:
    data = encoded(drawn(size=(3000, 1500)), "JPEG")
    data += bytes(limits.MOST_PICTURE_BYTES + 1 - len(data))

    refused = sent(client_of(alice), ("large.jpg", data))
    taken = sent(client_of(alice), ("large.jpg", data), smaller="yes")

    assert refused.status_code == 422
    assert b"data-smaller-helps" in refused.content
    assert taken.status_code == 201
    assert Attachment.objects.get().width == limits.SMALLER_SIDE


def test_a_viewer_uploads_nothing(vera: User) -> None:
    assert sent(client_of(vera), ("light.png", picture())).status_code == 403
    assert not Attachment.objects.exists()


def test_uploads_are_for_the_team_of_the_conversation(alice: User, elsewhere: Team, charlie: User) -> None:
    Membership.objects.create(team=elsewhere, user=alice, role="member")
    theirs = asked(charlie, uploaded(charlie)).conversation

    sent(client_of(alice), ("light.png", picture()), conversation=str(theirs.pk))

    assert Attachment.objects.get(owner=alice).team == elsewhere


def test_nobody_uploads_to_a_conversation_that_is_not_there_for_them(alice: User, charlie: User) -> None:
    theirs = asked(charlie, uploaded(charlie)).conversation
    assert sent(client_of(alice), ("light.png", picture()), conversation=str(theirs.pk)).status_code == 404


def test_fifty_uploads_can_wait_and_one_more_is_refused(alice: User) -> None:
    one = uploaded(alice)
    rows = [Attachment(team=one.team, owner=alice, kind="image", size=1) for _ in range(attachments.MOST_WAITING - 1)]
    Attachment.objects.bulk_create(rows)
    assert attachments.MOST_WAITING == 50

    response = sent(client_of(alice), ("light.png", picture()))

    assert response.status_code == 422
    assert b"50 uploads" in response.content


# --- Seeing ------------------------------------------------------------------------------------------------


def statuses(user: User, attachment: Attachment) -> set[int]:
    names = ("chat:attachment", "chat:attachment_thumbnail")
    return {client_of(user).get(reverse(name, args=[attachment.pk])).status_code for name in names}


def test_until_it_is_asked_an_upload_is_seen_by_whoever_made_it_alone(
    alice: User, bob: User, vera: User, charlie: User
) -> None:
    one = uploaded(bob)
    assert [statuses(user, one) for user in (bob, alice, vera, charlie)] == [{200}, {404}, {404}, {404}]


def test_afterwards_by_everybody_who_may_read_the_question(alice: User, bob: User, vera: User, charlie: User) -> None:
    one = uploaded(bob)
    asked(bob, one)
    assert [statuses(user, one) for user in (bob, alice, vera, charlie)] == [{200}, {200}, {200}, {404}]


def test_in_a_private_conversation_by_its_owner_alone(alice: User, bob: User, vera: User) -> None:
    one = uploaded(bob)
    asked(bob, one, private=True)
    assert [statuses(user, one) for user in (bob, alice, vera)] == [{200}, {404}, {404}]


def test_in_a_deleted_conversation_by_nobody(bob: User) -> None:
    one = uploaded(bob)
    question = asked(bob, one)
    Conversation.objects.filter(pk=question.conversation_id).update(deleted_at=timezone.now())
    assert statuses(bob, one) == {404}


def test_whoever_leaves_the_team_sees_nothing_any_more(bob: User) -> None:
    waiting, gone = uploaded(bob), uploaded(bob)
    asked(bob, gone)
    Membership.objects.filter(user=bob).delete()
    assert statuses(bob, waiting) | statuses(bob, gone) == {404}


def test_pictures_are_shown_and_documents_saved_and_neither_can_do_anything(alice: User) -> None:
    shown = client_of(alice).get(reverse("chat:attachment", args=[uploaded(alice).pk]))
    saved = client_of(alice).get(reverse("chat:attachment", args=[uploaded(alice, "words.txt", b"<b>words</b>").pk]))

    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"] == 'inline; filename="light.png"'
    assert saved["Content-Type"].startswith("text/plain")
    assert saved["Content-Disposition"] == 'attachment; filename="words.txt"'
    assert b"".join(saved.streaming_content) == b"<b>words</b>"
    for response in (shown, saved):
        assert response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "private" in response["Cache-Control"]


def test_bytes_that_are_lost_are_not_found(alice: User, media: Path) -> None:
    one = uploaded(alice)
    for path in media.rglob(f"{one.sha256}*"):
        path.unlink()
    assert statuses(alice, one) == {404}


def test_a_draft_gets_back_only_what_is_still_its_own(alice: User, bob: User) -> None:
    mine, theirs, gone = uploaded(alice), uploaded(bob), uploaded(alice)
    asked(alice, gone)
    query = "&".join(f"id={one}" for one in (theirs.pk, gone.pk, mine.pk, "nonsense", uuid.uuid4()))

    html = client_of(alice).get(f"{reverse('chat:waiting_attachments')}?{query}").content.decode()

    assert re.findall(r'name="attachment"\s+value="([^"]+)"', html) == [str(mine.pk)]


# --- Removing ----------------------------------------------------------------------------------------------


def removal(user: User, attachment: Attachment) -> int:
    return client_of(user).post(reverse("chat:remove_attachment", args=[attachment.pk])).status_code


def test_an_upload_is_removed_by_whoever_made_it(alice: User, bob: User) -> None:
    one = uploaded(bob)
    assert removal(alice, one) == 404
    assert removal(bob, one) == 204
    assert removal(bob, one) == 404
    assert not Attachment.objects.exists()


def test_what_was_asked_about_stays(alice: User) -> None:
    one = uploaded(alice)
    asked(alice, one)
    assert removal(alice, one) == 404
    assert Attachment.objects.get() == one


def kept_files(media: Path) -> set[str]:
    return {path.name for path in media.rglob("*") if path.is_file()}


def grow_old(media: Path) -> None:
    import os

    past = timezone.now() - timedelta(days=1, minutes=1)
    Attachment.objects.update(created_at=past)
    for path in media.rglob("*"):
        os.utime(path, (past.timestamp(), past.timestamp()))


def test_what_nobody_asked_about_is_gone_after_a_day_and_not_before(alice: User, media: Path) -> None:
    content = picture(size=(10, 10))
    lost, sent_, shared = uploaded(alice), uploaded(alice, content=content), uploaded(alice, content=content)
    asked(alice, sent_)
    maintenance.tidy_chat()
    assert Attachment.objects.count() == 3

    grow_old(media)
    new = uploaded(alice, "words.txt", b"words")
    maintenance.tidy_chat()

    assert set(Attachment.objects.all()) == {sent_, new}
    assert shared.sha256 == sent_.sha256
    assert kept_files(media) == {sent_.sha256, f"{sent_.sha256}.thumbnail", new.sha256, f"{new.sha256}.text"}
    assert lost.sha256 not in kept_files(media)


def test_the_files_of_a_purged_conversation_go_with_it(alice: User, media: Path) -> None:
    question = asked(alice, uploaded(alice))
    Conversation.objects.filter(pk=question.conversation_id).update(deleted_at=timezone.now() - timedelta(days=31))
    grow_old(media)

    maintenance.tidy_chat()

    assert kept_files(media) == set()
