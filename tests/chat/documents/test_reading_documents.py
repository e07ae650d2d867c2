"""Reading documents: who does it, what becomes of one that is broken off, and documents that mean harm."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from chat.documents import service
from chat.documents.problems import sentence_for
from chat.documents.reading import records
from chat.documents.reading.leases import reading_leases
from chat.documents.reading.records import LeaseLost
from chat.documents.texts import store
from chat.models import DocumentVersion, Passage, Space
from files import FileRefused
from files.text import CutPassage, DocumentText
from tests.chat.documents.conftest import Add, named, read
from tests.chat.documents.test_adding_documents import put
from tests.files import papers, samples

pytestmark = pytest.mark.django_db

FIRST, SECOND = uuid.uuid4(), uuid.uuid4()
SOME = [CutPassage(1, "", f"Passage {number}") for number in range(3)]


def taken_by(version: DocumentVersion, holder: uuid.UUID) -> None:
    DocumentVersion.objects.filter(pk=version.pk).update(lease_holder=holder)


def test_a_document_that_somebody_left_in_the_middle_is_begun_anew(space: Space, alice: User) -> None:
    version = put(space, alice, "lights.md", "Words.").version
    taken_by(version, FIRST)
    plan = records.begin_reading(version.pk, holder=FIRST)
    assert plan
    records.add_passages(plan, SOME, holder=FIRST, first=1)
    taken_by(version, SECOND)  # the first process is gone

    with pytest.raises(LeaseLost):
        records.add_passages(plan, SOME, holder=FIRST, first=4)
    records.end_reading(plan, DocumentText(), characters=9, passages=3, holder=FIRST)
    version.refresh_from_db()
    assert version.state == "reading"

    read(version)
    assert [one.text for one in version.passages.all()] == ["Words."]
    version.refresh_from_db()
    assert version.state == "ready"


def test_whoever_was_stopped_again_and_again_says_so(space: Space, alice: User) -> None:
    version = put(space, alice, "lights.md", "Words.").version
    for _ in range(records.MOST_ATTEMPTS):
        taken_by(version, FIRST)
        assert records.begin_reading(version.pk, holder=FIRST)
    assert records.begin_reading(version.pk, holder=FIRST) is None
    version.refresh_from_db()
    assert (version.state, version.problem) == ("failed", "interrupted")
    assert "stopped several times" in sentence_for(version.problem)


def test_documents_are_claimed_one_at_a_time_the_oldest_first(space: Space, alice: User) -> None:
    first, second = (put(space, alice, f"{n}.md", f"Words {n}.").version for n in (1, 2))
    DocumentVersion.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert reading_leases.claim_one(holder=FIRST) == first.pk
    assert reading_leases.claim_one(holder=SECOND) == second.pk
    assert reading_leases.claim_one(holder=FIRST) is None


def test_what_was_put_off_waits_a_while(space: Space, alice: User) -> None:
    version = put(space, alice, "lights.md", "Words.").version
    assert reading_leases.claim_one(holder=FIRST) == version.pk
    records.begin_reading(version.pk, holder=FIRST)
    records.put_off(version.pk, holder=FIRST)
    version.refresh_from_db()
    assert (version.state, version.attempts, version.lease_holder) == ("waiting", 0, None)
    assert reading_leases.claim_one(holder=SECOND) is None
    DocumentVersion.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert reading_leases.claim_one(holder=SECOND) == version.pk


def test_a_document_whose_process_is_gone_is_for_others(space: Space, alice: User) -> None:
    version = put(space, alice, "lights.md", "Words.").version
    assert reading_leases.claim_one(holder=FIRST) == version.pk
    records.begin_reading(version.pk, holder=FIRST)
    DocumentVersion.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert reading_leases.give_up(reading_leases.expired()) == []
    assert reading_leases.claim_one(holder=SECOND) == version.pk


def test_a_document_removed_for_good_while_it_is_read_leaves_nothing(space: Space, alice: User) -> None:
    added = put(space, alice, "lights.md", "Words.")
    taken_by(added.version, FIRST)
    plan = records.begin_reading(added.version.pk, holder=FIRST)
    assert plan
    service.remove_document(document=added.document, by=alice)
    service.erase_removed(space=space, by=alice)
    with pytest.raises(LeaseLost):
        records.add_passages(plan, SOME, holder=FIRST, first=1)
    records.end_reading(plan, DocumentText(), characters=9, passages=3, holder=FIRST)
    assert not Passage.objects.exists()


def test_a_document_whose_bytes_are_gone_says_so(space: Space, alice: User) -> None:
    version = put(space, alice, "lights.md", "Words.").version
    store.sweep(before=timezone.now() + timedelta(hours=1), kept=lambda _hashes: set())
    read(version)
    assert (version.state, version.problem) == ("failed", "missing")


MACROS = samples.docx("word/vbaProject.bin")
REFUSED = {
    "macros": (MACROS, "it.docx", "contains macros"),
    "an archive that is none": (samples.docx()[:-30], "it.docx", "damaged or incomplete"),
    "another archive": (samples.packed("a.txt"), "it.docx", "is a ZIP archive"),
    "drawing": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "it.html",
        "drawing or data",
    ),
}
WITHOUT_TEXT = {
    "encrypted": (papers.encrypted(samples.pdf("Secret"), user="x"), "it.pdf", "encrypted"),
    "a scan": (samples.pdf("", ""), "it.pdf", "no_text"),
    "a billion laughs": (papers.with_entities(papers.word("The light"), "word/document.xml"), "it.docx", "bomb"),
    "blanks that unpack to gigabytes": (
        papers.with_blanks(papers.word("The light"), "word/document.xml", 250_000_000),
        "it.docx",
        "bomb",
    ),
    "a damaged PDF": (b"%PDF-1.7\nnothing in here\n%%EOF", "it.pdf", "damaged"),
    "signs alone": (b"--- *** !!! ---", "it.txt", "no_words"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_harmful_files_are_not_even_taken(space: Space, alice: User, what: str) -> None:
    content, name, sentence = REFUSED[what]
    with pytest.raises(FileRefused, match=sentence):
        put(space, alice, name, content)


@pytest.mark.parametrize("what", WITHOUT_TEXT)
def test_why_a_document_has_no_text_is_said_with_what_to_do(space: Space, alice: User, what: str) -> None:
    content, name, problem = WITHOUT_TEXT[what]
    version = read(put(space, alice, name, content() if callable(content) else content).version)
    assert (version.state, version.problem, version.passages.count()) == ("failed", problem, 0)
    assert sentence_for(version.problem)


def test_a_document_with_too_many_pages_is_read_as_far_as_that(space: Space, alice: User) -> None:
    version = read(put(space, alice, "long.pdf", samples.pdf(*(f"{named(n)} keeps it." for n in range(2_001)))).version)
    assert (version.state, version.problem, version.pages) == ("ready", "pages", 2_001)
    assert max(version.passages.values_list("page", flat=True)) == 2_000
    assert "Only the first 2,000 are read" in sentence_for(version.problem, pages=version.pages)


def test_a_document_of_which_most_pages_are_scans_says_so(space: Space, alice: User) -> None:
    version = read(put(space, alice, "scans.pdf", samples.pdf("Words", "", "", "")).version)
    assert (version.state, version.problem) == ("ready", "mostly_images")


def test_text_that_looks_like_a_query_or_a_page_is_nothing_but_text(space: Space, add: Add) -> None:
    hostile = "Robert'); DROP TABLE chat_passage;-- \"NEAR(a b)\" <script>alert(1)</script> ' & | ! :* \x00 end"
    document = add("odd.txt", hostile.replace("\x00", ""))
    assert document.current
    assert document.current.passages.get().text == hostile.replace("\x00", "")
