"""Attachments going with a question: whose, which, how many, and to whom not."""

import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from chat.models import Attachment, Question
from files import limits
from tests.chat.attachments.uploads import asked, asks, client_of, picture, uploaded
from tests.files.samples import PDF
from tests.racing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def test_a_question_takes_its_attachments_along_in_their_order(alice: User) -> None:
    one, two = uploaded(alice, "one.png"), uploaded(alice, "two.pdf", PDF)

    assert asks(client_of(alice), two, one).status_code == 302

    assert [found.name for found in Question.objects.get().attachments.all()] == ["two.pdf", "one.png"]


def test_words_are_asked_for_beside_the_picture_and_the_picture_stays(alice: User) -> None:
    one = uploaded(alice)

    response = asks(client_of(alice), one, text="  ")

    assert response.status_code == 422
    assert "Write a question about the attachments first." in response.content.decode()
    assert f'value="{one.pk}"' in response.content.decode()
    assert not Question.objects.exists()


def test_nobody_sends_the_uploads_of_others(alice: User, bob: User) -> None:
    response = asks(client_of(alice), uploaded(bob))

    assert response.status_code == 422
    assert "An attachment was already removed or sent" in response.content.decode()
    assert not Question.objects.exists()


@pytest.mark.parametrize("named", ["nonsense", "00000000-0000-0000-0000-000000000000", "1' OR '1'='1"])
def test_an_unknown_upload_is_said_to_be_gone(named: str, alice: User) -> None:
    response = asks(client_of(alice), named)
    assert response.status_code == 422
    assert "Attach it again." in response.content.decode()


def test_an_upload_goes_with_one_question_only(alice: User) -> None:
    one = uploaded(alice)
    asks(client_of(alice), one)

    response = asks(client_of(alice), one)

    assert response.status_code == 422
    assert Question.objects.count() == 1


def test_naming_an_upload_twice_attaches_it_once(alice: User) -> None:
    one = uploaded(alice)
    asks(client_of(alice), one, one)
    assert Question.objects.get().attachments.count() == 1


def test_the_same_form_sent_twice_is_one_question_with_its_attachments(alice: User) -> None:
    one, key = uploaded(alice), str(uuid.uuid4())
    first, second = (asks(client_of(alice), one, key=key) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Question.objects.get().attachments.get() == one


@pytest.mark.django_db(transaction=True)
def test_two_forms_at_once_do_not_share_an_upload(alice: User) -> None:
    one = uploaded(alice)

    found = at_once(4, lambda: asks(client_of(alice), one).status_code)

    assert sorted(found) == [302, 422, 422, 422]
    assert Question.objects.count() == 1


def test_ten_attachments_are_sent_and_eleven_are_too_many(alice: User) -> None:
    content = picture()
    many = [uploaded(alice, content=content) for _ in range(limits.MOST_ATTACHMENTS + 1)]
    assert limits.MOST_ATTACHMENTS == 10

    assert "10 attachments" in asks(client_of(alice), *many).content.decode()
    assert asks(client_of(alice), *many[1:]).status_code == 302


def test_sixty_megabytes_go_together_and_one_byte_more_does_not(alice: User) -> None:
    one, two = uploaded(alice), uploaded(alice)
    assert limits.MOST_TOGETHER_BYTES == 60 * 1024 * 1024
    Attachment.objects.filter(pk=one.pk).update(size=limits.MOST_TOGETHER_BYTES - two.size + 1)
    assert "60 MB" in asks(client_of(alice), one, two).content.decode()

    Attachment.objects.filter(pk=one.pk).update(size=limits.MOST_TOGETHER_BYTES - two.size)
    assert asks(client_of(alice), one, two).status_code == 302


@pytest.mark.parametrize(("name", "content"), [("light.png", b""), ("report.pdf", PDF)])
def test_a_model_that_takes_none_is_not_asked(name: str, content: bytes, alice: User) -> None:
    one = uploaded(alice, name, content)

    response = asks(client_of(alice), one, model="sonar-deep-research")

    assert response.status_code == 422
    assert "Remove them or choose another model." in response.content.decode()
    assert not Question.objects.exists()
    assert f'value="{one.pk}"' in response.content.decode()


def test_a_picture_and_a_regular_expression_do_not_go_together(alice: User) -> None:
    wanted = {"o.response_format": "regex", "o.response_format:regex": "[a-z]+"}

    response = asks(client_of(alice), uploaded(alice), **wanted)

    assert response.status_code == 422
    assert "Images cannot be combined with a regular expression" in response.content.decode()


def test_a_model_that_takes_none_is_not_asked_again_either(alice: User) -> None:
    question = asked(alice, uploaded(alice))
    address = reverse("chat:ask_again", args=[question.conversation_id, question.pk])

    response = client_of(alice).post(address, {"model": "sonar-deep-research", "key": str(uuid.uuid4())}, follow=True)

    assert "doesn’t accept images" in response.content.decode()
    assert question.answers.count() == 1


def test_without_javascript_the_files_come_with_the_question(alice: User) -> None:
    files = [SimpleUploadedFile("light.png", picture()), SimpleUploadedFile("report.pdf", PDF)]

    assert asks(client_of(alice), file=files).status_code == 302

    assert [one.name for one in Question.objects.get().attachments.all()] == ["light.png", "report.pdf"]


def test_without_javascript_what_is_refused_loses_nothing_else(alice: User) -> None:
    files = [SimpleUploadedFile("light.png", picture()), SimpleUploadedFile("fake.png", b"<svg/>")]

    html = asks(client_of(alice), file=files).content.decode()

    assert "fake.png: This file is named like an image" in html
    assert f'value="{Attachment.objects.get().pk}"' in html
    assert "What is this?" in html
