"""The pages of documents: what they show, to whom, and what can be done there."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Team, User
from chat.documents import service
from chat.models import Document, DocumentVersion, Space, SpaceMember
from tests.chat.conftest import Browser
from tests.chat.documents.conftest import Add, named, new_version, read
from tests.files import papers, samples

pytestmark = pytest.mark.django_db

LIGHTS = "# Lights\n\nThe lighthouse of Harbour was built in 1872 by Ada Stevenson.\n"


def page(space: Space) -> str:
    return reverse("chat:space_documents", args=[space.pk])


def of(document: Document, name: str = "space_document") -> str:
    return reverse(f"chat:{name}", args=[document.space_id, document.pk])


@pytest.fixture
def chosen(space: Space, bob: User) -> Space:
    """The space, for Alice and Bob alone."""
    Space.objects.filter(pk=space.pk).update(everyone=False)
    SpaceMember.objects.create(space=space, membership=Membership.objects.get(user=bob), role="reader")
    space.refresh_from_db()
    return space


def test_the_list_says_what_each_document_is(space: Space, add: Add, browser: Browser, bob: User) -> None:
    add("lights.pdf", samples.pdf("The lighthouse", "of Harbour"))
    add("scan.pdf", samples.pdf("", ""))
    shown = browser(bob).get(page(space)).content.decode()
    assert "lights.pdf" in shown
    assert "PDF, 2 pages" in shown
    assert "has no text, only images" in shown
    assert "Couldn’t be read" in shown


def test_a_document_is_shown_as_text_and_never_as_a_page(space: Space, add: Add, browser: Browser, bob: User) -> None:
    document = add(
        "evil.html", "<!doctype html><p>Before</p><script>alert(1)</script><p>&lt;img src=x onerror=1&gt;</p>"
    )
    shown = browser(bob).get(of(document))
    body = shown.content.decode().partition('class="document-text"')[2]
    assert "&lt;img src=x onerror=1&gt;" in body
    assert "<img src=x" not in body
    assert "alert(1)" not in body
    saved = browser(bob).get(of(document, "document_file"))
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in saved["Content-Security-Policy"]


def test_a_cited_passage_is_marked_where_it_stands(space: Space, add: Add, browser: Browser, bob: User) -> None:
    pages = [f"{named(n)} tells of its own light and of nobody else but {named(n)}." for n in range(1, 60)]
    document = add("long.pdf", samples.pdf(*pages))
    assert document.current
    passage = document.current.passages.get(page=40)
    shown = browser(bob).get(of(document), {"version": 1, "page": 40, "passage": passage.pk}).content.decode()
    cited = shown.partition('<mark class="cited" id="cited">')[2].partition("</mark>")[0]
    assert cited.startswith(f"{named(40)} tells of its own light")
    assert 'id="page-40"' in shown


def test_a_long_document_is_shown_a_few_pages_at_a_time(space: Space, add: Add, browser: Browser, bob: User) -> None:
    document = add("long.txt", "\n".join(f"Line {n} of a long document." for n in range(20_000)))
    client = browser(bob)
    first = client.get(of(document)).content.decode()
    assert len(first) < 60_000
    assert "Line 0 of" in first
    last = client.get(of(document), {"screen": 40}).content.decode()
    assert "Line 0 of" not in last
    for odd in ({"page": "99999"}, {"screen": "0"}, {"screen": "x"}, {"passage": "9" * 30}, {"page": "-1"}):
        assert client.get(of(document), odd).status_code == 200


def test_words_are_found_inside_and_one_goes_from_place_to_place(
    space: Space, add: Add, browser: Browser, bob: User
) -> None:
    document = add(
        "long.pdf", samples.pdf(*(f"{named(n)} {'beacon' if n % 20 == 0 else 'lamp'}." for n in range(1, 100)))
    )
    client = browser(bob)
    second = client.get(of(document), {"q": "beacon", "hit": 2}).content.decode()
    assert "Place 2 of 4" in second
    assert f"{named(40)} <mark>beacon</mark>." in second
    assert "hit=3#" in second
    assert "Nothing found" in client.get(of(document), {"q": "submarine"}).content.decode()


def test_words_are_found_in_all_documents_of_a_space(space: Space, add: Add, browser: Browser, bob: User) -> None:
    add("lights.md", LIGHTS)
    add("ferries.md", "A ferry leaves every 40 minutes.")
    shown = browser(bob).get(page(space), {"q": "lighthouse"}).content.decode()
    assert "<mark>lighthouse</mark>" in shown
    assert shown.count("Nothing found") == 0
    assert "Nothing found" in browser(bob).get(page(space), {"q": "submarine"}).content.decode()


def test_a_form_without_scripts_adds_several_files(space: Space, browser: Browser, bob: User) -> None:
    files = [
        SimpleUploadedFile("a.md", b"# One"),
        SimpleUploadedFile("b.exe", b"MZ\x00"),
        SimpleUploadedFile("c.md", b"Three"),
    ]
    shown = browser(bob).post(reverse("chat:upload_documents", args=[space.pk]), {"file": files}, follow=True)
    text = shown.content.decode()
    assert "“a.md” was added" in text
    assert "b.exe: This isn’t a document" in text
    assert Document.objects.count() == 2


def test_a_script_gets_rows_and_hears_of_the_same_file_and_the_same_name(
    space: Space, add: Add, browser: Browser, bob: User
) -> None:
    first = add("lights.md", LIGHTS)
    client = browser(bob)
    where = reverse("chat:upload_documents", args=[space.pk])

    def send(content: str) -> tuple[int, str]:
        file = SimpleUploadedFile("lights.md", content.encode())
        response = client.post(where, {"file": file}, headers={"HX-Request": "true"})
        return response.status_code, response.content.decode()

    status, shown = send(LIGHTS)
    assert (status, "already in the space" in shown, of(first) in shown) == (422, True, True)
    status, shown = send("Other words.")
    assert (status, "Make this its new version" in shown) == (201, True)
    added = Document.objects.get(name="lights (2).md")
    client.post(of(added, "make_version"), {"of": first.pk})
    first.refresh_from_db()
    assert first.versions.count() == 2


def test_states_tell_what_has_changed_and_when_it_is_over(space: Space, alice: User, browser: Browser) -> None:
    added = service.add_document(source=io.BytesIO(b"Words."), name="a.md", space=space, by=alice)
    where, mark = reverse("chat:document_states", args=[space.pk]), f"{added.document.pk}:1:waiting"
    client = browser(alice)
    same = client.get(where, {"watched": ["", mark]})
    assert (same.status_code, same.content.strip()) == (200, b"")
    read(added.version)
    changed = client.get(where, {"watched": ["", mark]})
    assert changed.status_code == 286
    assert 'hx-swap-oob="true"' in changed.content.decode()


def test_versions_are_listed_and_an_earlier_one_can_be_read(
    space: Space, add: Add, browser: Browser, alice: User, bob: User
) -> None:
    document = add("lights.md", LIGHTS)
    new_version(document, "The beacon was built in 1901.", by=bob)
    client = browser(bob)
    shown = client.get(of(document)).content.decode()
    assert "Version 2 of 2" in shown
    assert "1901" in shown
    earlier = client.get(of(document), {"version": 1}).content.decode()
    assert "This is version 1, which isn’t searched any more" in earlier
    assert "1872" in earlier
    assert client.get(of(document), {"version": 3}).status_code == 404


def test_a_removed_document_is_gone_at_once_and_can_be_brought_back(
    space: Space, add: Add, browser: Browser, bob: User
) -> None:
    document = add("lights.md", LIGHTS)
    client = browser(bob)
    shown = client.post(of(document, "remove_document"), follow=True).content.decode()
    assert "“lights.md” was removed" in shown
    assert client.get(of(document)).status_code == 404
    assert client.get(of(document, "document_file")).status_code == 404
    assert "<mark>" not in client.get(page(space), {"q": "lighthouse"}).content.decode()
    client.post(of(document, "restore_document"))
    assert client.get(of(document)).status_code == 200


DOCUMENT_PAGES = (
    "space_document",
    "document_file",
    "upload_version",
    "make_version",
    "rename_document",
    "read_document_again",
    "remove_document",
    "restore_document",
)
POSTED = DOCUMENT_PAGES[2:]


@pytest.mark.parametrize("who", ["vera", "charlie", "nobody"])
def test_nothing_of_a_document_is_there_for_whoever_may_not_see_the_space(
    who: str, chosen: Space, add: Add, browser: Browser, vera: User, charlie: User
) -> None:
    document = add("lights.md", LIGHTS)
    assert document.current
    client = Client() if who == "nobody" else browser({"vera": vera, "charlie": charlie}[who])
    expected = 302 if who == "nobody" else 404
    for name in DOCUMENT_PAGES:
        send = client.post if name in POSTED else client.get
        assert send(of(document, name)).status_code == expected, name
    for name in ("space_documents", "document_states"):
        where = reverse(f"chat:{name}", args=[chosen.pk])
        assert client.get(where, {"q": "lighthouse", "watched": str(document.pk)}).status_code == expected
    assert client.post(reverse("chat:upload_documents", args=[chosen.pk])).status_code == expected
    if who != "nobody":
        assert "lights.md" not in client.get("/search/", {"q": "lighthouse"}).content.decode()


def test_a_reader_reads_and_changes_nothing(chosen: Space, add: Add, browser: Browser, bob: User) -> None:
    document = add("lights.md", LIGHTS)
    client = browser(bob)
    shown = client.get(of(document)).content.decode()
    assert "Remove document" not in shown
    assert "Add documents" not in client.get(page(chosen)).content.decode()
    for name in POSTED:
        assert client.post(of(document, name)).status_code == 403, name
    assert "lights.md" in client.get("/search/", {"q": "lighthouse"}).content.decode()


def test_whoever_is_taken_out_of_a_space_loses_its_documents_at_once(
    chosen: Space, add: Add, browser: Browser, bob: User
) -> None:
    document = add("lights.md", LIGHTS)
    client = browser(bob)
    assert client.get(of(document)).status_code == 200
    SpaceMember.objects.all().delete()
    assert client.get(of(document)).status_code == 404
    assert client.get(of(document, "document_file")).status_code == 404
    assert "lights.md" not in client.get("/search/", {"q": "lighthouse"}).content.decode()


def test_a_document_is_found_in_its_own_space_alone(
    space: Space, add: Add, browser: Browser, alice: User, harbour: Team
) -> None:
    document = add("lights.md", LIGHTS)
    other = Space.objects.create(team=harbour, owner=alice, name="Q4")
    client = browser(alice)
    for name in DOCUMENT_PAGES:
        where = reverse(f"chat:{name}", args=[other.pk, document.pk])
        assert (client.post if name in POSTED else client.get)(where).status_code == 404, name
    assert client.get(of(document).replace(str(document.pk), str(uuid.uuid4()))).status_code == 404


def test_documents_of_an_archived_space_stay_as_they_are(space: Space, add: Add, browser: Browser, alice: User) -> None:
    document = add("lights.md", LIGHTS)
    Space.objects.update(archived=True)
    client = browser(alice)
    assert client.get(of(document)).status_code == 200
    assert "Add documents" not in client.get(page(space)).content.decode()
    assert client.post(of(document, "remove_document")).status_code == 403


def test_documents_of_a_deleted_space_are_gone(space: Space, add: Add, browser: Browser, alice: User) -> None:
    document = add("lights.md", LIGHTS)
    Space.objects.update(deleted_at=timezone.now())
    assert browser(alice).get(of(document)).status_code == 404
    assert "lights.md" not in browser(alice).get("/search/", {"q": "lighthouse"}).content.decode()


def test_a_document_that_could_not_be_read_can_be_read_again(
    space: Space, add: Add, browser: Browser, alice: User
) -> None:
    document = add("lights.md", LIGHTS)
    DocumentVersion.objects.update(state="failed", problem="interrupted")
    client = browser(alice)
    assert "Read it again" in client.get(of(document)).content.decode()
    client.post(of(document, "read_document_again"))
    assert DocumentVersion.objects.get().state == "waiting"


def test_a_right_to_left_document_reads_that_way(space: Space, add: Add, browser: Browser, bob: User) -> None:
    document = add("ferries.txt", "تغادر العبّارة كل أربعين دقيقة.")
    assert 'class="document-text" dir="auto"' in browser(bob).get(of(document)).content.decode()


def test_more_documents_take_no_more_queries(space: Space, add: Add, browser: Browser, bob: User) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browser(bob)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(page(space), {"q": "lighthouse"})
        return len(asked)

    add("first.md", LIGHTS)
    queries()
    before = queries()
    for number in range(6):
        add(f"{number}.md", f"{LIGHTS} {number}")
    assert queries() <= before


def test_word_documents_have_their_words_shown(space: Space, add: Add, browser: Browser, bob: User) -> None:
    document = add("word.docx", papers.word("The light is kept by Ada.", heading="Lights"))
    assert "The light is kept by Ada." in browser(bob).get(of(document)).content.decode()
