"""What the ledger keeps of each source, and how it is brought up to date."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from chat.answers import finalize
from chat.models import Answer, LedgerNews, LedgerProgress, LedgerSource, PageCopy, PageName, SourceUse
from chat.sources import copies
from chat.sources.ledger import listing, settling
from chat.upkeep import maintenance
from tests.chat.conversations.conftest import Make, add
from tests.chat.sources.ledger.conftest import LIGHT, TIDES, Used, answer_of, check, note_all, rows_of, use

pytestmark = pytest.mark.django_db


def shown(person: User, **asked: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse("chat:sources"), asked).content.decode()


def copy_of(team: Team, url: str, text: str = "", **fields: Any) -> PageCopy:
    key = fields.pop("address_key", copies.address_key(url))
    return PageCopy.objects.create(
        team=team, address=url, address_key=key, site=copies.site_of(url), text_sha256=text, **fields
    )


def titles(person: User, **asked: str) -> list[str]:
    """Which of the two pages are listed, in their order."""
    text = shown(person, **asked)
    places = {name: text.find(f"About {url}<") for name, url in (("light", LIGHT), ("tides", TIDES))}
    return sorted((name for name, place in places.items() if place >= 0), key=lambda name: places[name])


def test_an_answer_that_ends_is_in_the_ledger_soon_after(log: Any, alice: User) -> None:
    source = {"number": 1, "title": "Light", "url": LIGHT, "date": "", "last_updated": "", "snippet": "", "origin": ""}
    answer = log(("text", "Nobody keeps it [1]."), ("sources", [source]))
    finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)
    assert LedgerNews.objects.count() == 1

    note_all()
    assert rows_of(alice) == [(LIGHT, 1, 1)]
    assert not LedgerNews.objects.exists()


def test_answers_that_were_there_before_come_in_little_by_little(converse: Make, alice: User) -> None:
    conversation = converse()
    for position in range(1, settling.OLDER_AT_ONCE + 3):
        use(add(conversation, position, "Who?", "Nobody [1]."), LIGHT)
    LedgerNews.objects.all().delete()
    LedgerProgress.objects.all().delete()

    assert settling.settle_news() == settling.OLDER_AT_ONCE
    assert "Sources of older answers are still being added." in shown(alice)
    note_all()
    assert rows_of(alice) == [(LIGHT, settling.OLDER_AT_ONCE + 2, settling.OLDER_AT_ONCE + 2)]
    assert "still being added" not in shown(alice)


def test_the_same_page_at_several_addresses_is_one_source(used: Used, harbour: Team, alice: User) -> None:
    used(LIGHT, "http://www.light.example/keepers/?utm_source=letter#top", "https://light.example/old")
    assert [row[1:] for row in rows_of(alice)] == [(1, 1), (1, 1)]

    PageName.objects.create(
        team=harbour,
        asked_key=copies.address_key("https://light.example/old"),
        address_key=copies.address_key(LIGHT),
    )
    check(Answer.objects.get(), (1, "found"), (2, "missing"), (3, "found"))
    note_all()
    row = LedgerSource.objects.get()
    assert (row.answers, row.found, row.missing) == (1, 2, 1)


def test_the_newest_check_of_an_answer_counts(used: Used, alice: User) -> None:
    answer = answer_of(used(LIGHT))
    check(answer, (1, "missing"), (1, "missing"))
    check(answer, (1, "found"), (1, "partly"), (1, ""))
    note_all()
    row = LedgerSource.objects.get()
    assert (row.found, row.partly, row.missing) == (1, 1, 0)
    assert titles(alice, show="missing") == []


def test_what_is_on_no_site_is_no_source(used: Used, alice: User) -> None:
    used("mailto:keeper@light.example", "nonsense", "https://[", "javascript:alert(1)")
    assert rows_of(alice) == []


def test_a_page_that_is_gone_or_moved_or_changed_or_withdrawn_says_so(used: Used, harbour: Team, alice: User) -> None:
    used(LIGHT, TIDES)
    now = timezone.now()
    copy_of(harbour, TIDES, "a" * 64, final_address="https://other.example/tables", seen_at=now - timedelta(hours=2))
    copy_of(harbour, TIDES, "b" * 64, newer={"kind": "retracted"}, seen_at=now - timedelta(hours=1))
    copy_of(harbour, LIGHT, problem="not_found")
    note_all()

    assert (titles(alice, show="gone"), titles(alice, show="changed")) == (["light"], ["tides"])
    assert (titles(alice, show="newer"), titles(alice, show="moved")) == (["tides"], [])
    assert "Page is gone" in shown(alice, show="gone")
    assert "Retracted" in shown(alice, show="newer")

    PageCopy.objects.filter(text_sha256="b" * 64).update(
        newer={}, final_address="https://other.example/tables", seen_at=timezone.now()
    )
    settling.note_pages()
    assert (titles(alice, show="moved"), titles(alice, show="newer")) == (["tides"], [])


def test_it_is_searched_sorted_and_narrowed(used: Used, alice: User, harbour: Team) -> None:
    used(TIDES)
    used(TIDES, cited=False)
    used(LIGHT)
    SourceUse.objects.filter(site="light.example").update(used_at=timezone.now() + timedelta(hours=1))
    LedgerSource.objects.filter(site="light.example").update(last_at=timezone.now() + timedelta(hours=1))

    assert titles(alice) == ["light", "tides"]
    assert titles(alice, sort="answers") == ["tides", "light"]
    assert titles(alice, sort="site") == ["tides", "light"]  # docs.tides.example
    assert titles(alice, q="ABOUT tables") == titles(alice, site="tides.example") == ["tides"]
    assert titles(alice, site="docs.tides.example") == ["tides"]
    assert titles(alice, q="nothing of it") == titles(alice, site="es.example") == titles(alice, page="2") == []
    assert titles(alice, show="cited") == ["light", "tides"]
    assert titles(alice, show="no such", sort="thing", page="-1", site="::") == ["light", "tides"]


def test_the_list_has_pages(converse: Make, alice: User) -> None:
    use(add(converse(), 1, "Who?", "Nobody."), *(f"https://light.example/{number:03}" for number in range(51)))
    note_all()
    first, second = shown(alice), shown(alice, page="2")
    assert (first.count("ledger-title"), second.count("ledger-title")) == (50, 1)
    assert "51 sources" in first
    assert ("page=2" in first, "Next page" in second, "Previous page" in second) == (True, False, True)


def test_the_table_for_other_programs_has_what_the_list_has(used: Used, alice: User) -> None:
    used(LIGHT, TIDES)
    check(Answer.objects.get(), (1, "found"))
    note_all()
    client = Client()
    client.force_login(alice)
    answer = client.get(reverse("chat:sources_table"), {"site": "light.example"})
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [(row["address"], row["answers"], row["citations_found"]) for row in rows] == [(LIGHT, "1", "1")]


def test_the_page_of_a_source_has_its_answers_sentences_and_copies(used: Used, harbour: Team, alice: User) -> None:
    conversation = used(LIGHT)
    check(answer_of(conversation), (1, "missing"))
    copy_of(harbour, LIGHT, problem="not_found")
    note_all()
    client = Client()
    client.force_login(alice)
    text = client.get(reverse("chat:source", args=[copies.address_key(LIGHT)])).content.decode()
    for said in ("Who keeps the light?", "Sentence 1 of it.", "Not found", "The page is gone", str(conversation.pk)):
        assert said in text


def test_every_process_may_do_it_and_tidying_up_does_not_disturb_it(used: Used, alice: User) -> None:
    used(LIGHT)
    maintenance.tidy_chat()
    note_all()
    assert rows_of(alice) == [(LIGHT, 1, 1)]


def test_of_a_large_ledger_it_is_said_how_many_there_are_at_least(
    converse: Make, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(add(converse(), 1, "Who?", "Nobody [1]."), LIGHT)
    use(add(converse(), 1, "When?", "Never [1]."), TIDES)
    note_all()
    assert "2 sources" in shown(alice)
    monkeypatch.setattr(listing, "MOST_COUNTED", 1)
    assert "More than 1 sources" in shown(alice)
    assert titles(alice) == ["tides", "light"]
