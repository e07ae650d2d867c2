"""What people meet when something is refused: what happened, and a way on."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from accounts.models import User
from config.middleware.outages import server_error
from tests.accounts.conftest import SignedIn


def test_an_unknown_address_offers_a_way_on(anyone: Client, signed_in: SignedIn, alice: User) -> None:
    for browser in (anyone, signed_in(alice)):
        response = browser.get("/accounts/nothing/")
        assert response.status_code == 404
        assert "Page not found" in response.content.decode()
        assert 'href="/"' in response.content.decode()


def test_whoever_is_signed_in_keeps_the_sidebar(anyone: Client, signed_in: SignedIn, bob: User) -> None:
    refused = signed_in(bob).get("/costs/")
    missing = signed_in(bob).get("/nothing/")

    assert (refused.status_code, missing.status_code) == (403, 404)
    for response in (refused, missing):
        assert 'id="sidebar"' in response.content.decode()
    assert 'id="sidebar"' not in anyone.get("/nothing/").content.decode()


def test_a_host_that_is_not_ours_gets_a_plain_answer(anyone: Client, db: None) -> None:
    response = anyone.get("/accounts/login/", headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert "understand this request" in response.content.decode()
    assert "elsewhere.example" not in response.content.decode()


def test_the_page_for_our_own_mistakes_stands_alone(rf: RequestFactory) -> None:
    response = server_error(rf.get("/"))
    source = (Path(settings.BASE_DIR) / "templates" / "500.html").read_text()

    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()
    assert 'href="/"' in response.content.decode()
    assert 'href="/static/css/app.css"' in response.content.decode()
    assert "{%" not in source.split("{% endcomment %}")[1]


def test_no_page_has_inline_code() -> None:
    pages = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html", "registration/throttled.html")
    for name in pages:
        page = render_to_string(name, {"minutes": 3})
        assert "<script" not in page
        assert "<style" not in page
        assert "style=" not in page
