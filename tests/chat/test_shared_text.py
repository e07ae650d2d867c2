"""What another app shares becomes the beginning of a question, and is never asked by itself."""

from html import unescape

import pytest

from accounts.models import User
from chat.models import Conversation
from tests.chat.conftest import Browser

pytestmark = pytest.mark.django_db


def written(page: str) -> str:
    """What stands in the composer's box."""
    return unescape(page.split('id="question"')[1].split(">", 1)[1].split("</textarea>")[0]).strip()


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        (
            {"title": "Tides", "text": "Read this", "url": "https://tides.example/"},
            "Tides\nRead this\nhttps://tides.example/",
        ),
        ({"text": "Read https://tides.example/", "url": "https://tides.example/"}, "Read https://tides.example/"),
        ({"title": "Tides", "text": "Tides"}, "Tides"),
        ({"url": " \x00 "}, ""),
        ({"text": "</textarea><b>"}, "</textarea><b>"),
    ],
)
def test_it_stands_in_the_box_each_part_once(
    browser: Browser, bob: User, shared: dict[str, str], expected: str
) -> None:
    page = browser(bob).get("/", shared).content.decode()

    assert written(page) == expected
    assert not Conversation.objects.exists()


def test_viewers_have_nowhere_to_put_it(browser: Browser, vera: User) -> None:
    response = browser(vera).get("/", {"text": "Tides"})

    assert response.status_code == 200
    assert "Tides" not in response.content.decode()


def test_whoever_has_to_sign_in_first_finds_it_afterwards(browser: Browser, bob: User) -> None:
    stranger = browser(bob)
    stranger.logout()

    assert stranger.get("/", {"text": "a b"})["Location"] == "/accounts/login/?next=/%3Ftext%3Da%2Bb"
