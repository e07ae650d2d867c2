"""Which copies are kept, for how long, and how much of them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Team, User
from chat.models import Answer, CheckedSource, CitationCheck, PageCopy, PageName
from chat.questions import service as questions
from chat.sources.copies import copy_text
from chat.sources.copies.quota import make_room, room_used
from chat.sources.copies.records import Reading, keep_reading, recent_copy
from chat.sources.copies.texts import as_file, store
from chat.sources.copies.upkeep import prune_copies, sweep_texts, texts_in_use
from config.backup.file_areas import AREAS
from files.text import DocumentText, Passage
from tests import wishes
from tests.chat.sources.copies.web import Read, Web, on_the_web, page

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def kept(team: Team, number: int, *, size: int = 0, age: int = 0) -> PageCopy:
    """A copy of a page, so many days old; with a text of so many bytes on record."""
    data = as_file(DocumentText("part", 0, (Passage(1, f"Text {number}"),)))
    copy = keep_reading(
        team.pk,
        Reading(f"https://paper.example/{number}", text_sha256=store.put(data), size=size or len(data), characters=6),
    )
    PageCopy.objects.filter(pk=copy.pk).update(seen_at=timezone.now() - age * DAY)
    return copy


def rely_on(copy: PageCopy, *, by: User) -> CitationCheck:
    """A check that relies on the copy."""
    answer: Answer = questions.ask_in_new_conversation(wishes.wish("Who keeps it?"), team=copy.team, by=by)
    check = CitationCheck.objects.create(answer=answer, state="finished")
    CheckedSource.objects.create(check_of=check, number=1, copy=copy, text_sha256=copy.text_sha256)
    return check


def test_the_oldest_make_room_and_those_that_a_check_relies_on_go_last(
    harbour: Team, elsewhere: Team, alice: User, settings: Settings
) -> None:
    settings.PAGE_COPIES_QUOTA_MB = 1
    relied, old, new = (kept(harbour, number, size=300_000, age=9 - number) for number in (1, 2, 3))
    foreign = kept(elsewhere, 4, size=900_000, age=99)
    rely_on(relied, by=alice)
    assert make_room(harbour.pk, 300_000)
    assert set(PageCopy.objects.all()) == {relied, new, foreign}
    assert make_room(harbour.pk, 800_000)
    assert set(PageCopy.objects.all()) == {foreign}
    assert room_used(harbour.pk) == 0
    assert not make_room(harbour.pk, 2_000_000)
    assert old.pk not in PageCopy.objects.values_list("pk", flat=True)


def test_a_text_larger_than_all_room_is_said(harbour: Team, settings: Settings) -> None:
    settings.PAGE_COPIES_QUOTA_MB = 0

    async def work(_web: Web, read: Read) -> None:
        assert (await read("/page")).problem == "quota"
        settings.PAGE_COPIES_QUOTA_MB = 1
        assert (await read("/page")).problem == ""  # no site was at fault, so nobody waits

    on_the_web({"/page": page()}, work, team=harbour)


def test_where_reading_is_off_that_is_said_and_nobody_is_asked(harbour: Team) -> None:
    async def work(_web: Web, read: Read) -> None:
        assert (await read("/page", by=None)).problem == "off"

    assert not on_the_web({"/page": page()}, work, team=harbour).asked


def test_what_nobody_needs_any_more_goes_and_what_a_check_relies_on_stays(
    harbour: Team, alice: User, settings: Settings
) -> None:
    settings.PAGE_COPIES_KEPT_DAYS = 30
    relied, old, new = kept(harbour, 1, age=99), kept(harbour, 2, age=31), kept(harbour, 3, age=29)
    check = rely_on(relied, by=alice)
    PageName.objects.create(team=harbour, asked_key="1" * 64, address_key=old.address_key)
    PageName.objects.create(team=harbour, asked_key="2" * 64, address_key=new.address_key)
    assert prune_copies() == 1
    assert set(PageCopy.objects.all()) == {relied, new}
    assert PageName.objects.get().asked_key == "2" * 64
    check.delete()
    assert prune_copies() == 1


def test_a_check_outlives_the_copy_that_it_relied_on(harbour: Team, alice: User) -> None:
    copy = kept(harbour, 1)
    check = rely_on(copy, by=alice)
    PageCopy.objects.all().delete()
    source = check.sources.get()
    assert (source.copy, source.text_sha256) == (None, copy.text_sha256)


def test_a_team_that_goes_takes_its_copies_along_and_their_texts_are_swept(harbour: Team, elsewhere: Team) -> None:
    mine, shared, same = kept(harbour, 1), kept(harbour, 2), kept(elsewhere, 2)
    harbour.delete()
    assert sweep_texts() == 0  # what is new is safe: its row may not be written yet
    assert store.sweep(before=timezone.now() + DAY, kept=texts_in_use) >= 1
    assert not store.has(mine.text_sha256)
    assert shared.text_sha256 == same.text_sha256
    assert copy_text(same).passages[0].text == "Text 2"


def test_the_texts_belong_to_what_is_backed_up_and_checked(harbour: Team) -> None:
    copy = kept(harbour, 1)
    keep_reading(harbour.pk, Reading("https://paper.example/gone", problem="not_found"))
    area = next(area for area in AREAS if area.name == "pages")
    assert list(area.hashes("default")) == [copy.text_sha256]
    assert not list(area.lost())
    assert not list(area.unused())


def test_a_text_that_is_lost_leaves_a_copy_without_text(harbour: Team) -> None:
    copy = kept(harbour, 1)
    copy.text_sha256 = "0" * 64
    assert not copy_text(copy).passages


def test_what_is_kept_of_a_page_is_one_row_for_each_text_and_one_for_the_last_failure(harbour: Team) -> None:
    first = keep_reading(harbour.pk, Reading("https://a.example/", problem="not_found", status=404))
    again = keep_reading(harbour.pk, Reading("https://a.example/", problem="not_found", status=410))
    other = keep_reading(harbour.pk, Reading("https://a.example/", problem="login", status=401))
    assert first.pk == again.pk == other.pk
    assert first.read_at == again.read_at < other.read_at
    assert recent_copy(harbour.pk, "https://a.example/", fresh_for=DAY) == other
    with pytest.raises(IntegrityError), transaction.atomic():
        PageCopy.objects.create(team=harbour, address="https://a.example/", address_key=first.address_key, site="a")


def test_what_a_page_says_of_itself_can_be_stored_whatever_it_is(harbour: Team) -> None:
    hostile = Reading(
        "https://a.example/\x00",
        title="\ud800\x00Title" * 1000,
        language="x" * 500,
        published="9" * 500,
        media_type="text/" + "h" * 500,
        newer={"kind": "newer", "words": "\x00"},
        text_sha256="1" * 64,
    )
    assert keep_reading(harbour.pk, hostile).title.startswith("Title")
