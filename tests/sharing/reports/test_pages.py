"""The pages of reports, as people use them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from chat import access
from chat.models import Answer, Conversation, SiteMark, SourceUse, Space
from chat.upkeep.maintenance import tidy_chat
from core.web.search_providers import SearchWish, other_hits
from sharing.models import Report, ReportVersion
from sharing.reports import service
from tests.chat.conversations.conftest import add, membership_of, plain
from tests.chat.in_spaces import make_space
from tests.sharing.reports.conftest import Begin, Told

pytestmark = pytest.mark.django_db

PAGE = "https://tides.example/high"


def saved(report: Report) -> ReportVersion:
    report.refresh_from_db()
    return service.latest_version(report)


def edit(browser: Client, report: Report, text: str, *, seen: int, title: str = "Tides") -> int:
    return browser.post(f"/reports/{report.pk}/edit/", {"title": title, "text": text, "seen": seen}).status_code


def test_an_answer_goes_into_a_new_report(alice: User, told: Told) -> None:
    answer, browser = told("Twice a day [1].", [PAGE]), plain(alice)

    page = browser.get(f"/reports/add/?answer={answer.pk}").content.decode()
    response = browser.post(
        "/reports/add/", {"answer": str(answer.pk), "to_report": "new", "title": "Tides", "to": "private"}, follow=True
    )

    assert "Who keeps it?" in page
    html = response.content.decode()
    assert 'class="cite"' in html
    assert PAGE in html
    assert f"#answer-{answer.pk}" in html
    assert Report.objects.get().visibility == "private"


def test_an_answer_goes_into_a_report_that_is_there(alice: User, begin: Begin, told: Told) -> None:
    report, answer = begin(told("Bob [1].", [PAGE])), told("Eve [1].", ["https://b.example/"])

    plain(alice).post("/reports/add/", {"answer": str(answer.pk), "to_report": str(report.pk)})

    assert "Bob [1]." in saved(report).text
    assert "Eve [2]." in saved(report).text


def test_the_footer_of_an_answer_leads_there(alice: User, vera: User, told: Told) -> None:
    answer = told("Bob.")
    address = f"/c/{answer.question.conversation_id}/"

    assert f"/reports/add/?answer={answer.pk}" in plain(alice).get(address).content.decode()
    assert "/reports/add/" not in plain(vera).get(address).content.decode()


def test_selected_conversations_offer_the_newest_answer_to_each_question(alice: User, told: Told) -> None:
    answer = told("First.")
    conversation = answer.question.conversation
    again = Answer.objects.create(
        question=answer.question, asked_by=alice, key=conversation.pk, model="sonar", state="finished", text="Newer."
    )
    second = add(conversation, 2, "And then?", "Then.")
    add(conversation, 3, "Nothing?", "")

    html = plain(alice).post("/reports/add/", {"id": str(conversation.pk)}).content.decode()

    assert [str(one.pk) in html for one in (answer, again, second)] == [False, True, True]
    assert "Nothing?" not in html


def test_all_that_the_history_lists_can_be_chosen_from(alice: User, told: Told) -> None:
    one, other = told("One.", title="Lights"), told("Two.", archived=True)

    html = plain(alice).post("/reports/add/?filter=archived", {"all": "1"}).content.decode()

    assert [str(answer.pk) in html for answer in (one, other)] == [False, True]


def test_nobody_adds_an_answer_that_they_cannot_read(
    alice: User, bob: User, vera: User, charlie: User, begin: Begin, told: Told
) -> None:
    private = told("Mine.", visibility="private")
    report = begin()
    data = {"answer": str(private.pk), "to_report": str(report.pk)}

    assert plain(bob).post("/reports/add/", data).status_code == 404
    assert plain(charlie).get(f"/reports/add/?answer={told('Ours.').pk}").status_code == 404
    assert plain(vera).get(f"/reports/add/?answer={told('Ours.').pk}").status_code == 403
    both = {"answer": [str(told("Ours.").pk), str(private.pk)], "to_report": str(report.pk)}
    assert plain(bob).post("/reports/add/", both).status_code == 302
    assert "Mine." not in saved(report).text


def test_nobody_adds_to_a_report_that_they_cannot_change(alice: User, bob: User, begin: Begin, told: Told) -> None:
    report, answer = begin(place=access.ALONE), told("Ours.")

    response = plain(bob).post("/reports/add/", {"answer": str(answer.pk), "to_report": str(report.pk)})

    assert response.status_code == 404


def test_what_is_not_for_the_whole_team_is_warned_of(alice: User, told: Told) -> None:
    private, shared = told("Mine.", visibility="private"), told("Ours.")
    browser = plain(alice)

    warning = "not for your whole team"
    assert warning in browser.get(f"/reports/add/?answer={private.pk}").content.decode()
    assert warning not in browser.get(f"/reports/add/?answer={shared.pk}").content.decode()


def test_the_second_of_two_who_edit_keeps_their_text_and_is_told(alice: User, bob: User, begin: Begin) -> None:
    report = begin()
    assert edit(plain(alice), report, "Hers.", seen=1) == 302

    response = plain(bob).post(f"/reports/{report.pk}/edit/", {"title": "Tides", "text": "His.", "seen": "1"})

    html = response.content.decode()
    assert response.status_code == 409
    assert "His." in html
    assert f"/reports/{report.pk}/versions/2/?since=1" in html
    assert 'name="seen" value="2"' in html
    assert saved(report).text == "Hers."
    assert edit(plain(bob), report, "His.", seen=2) == 302
    assert [one.text for one in report.versions.all()] == ["His.", "Hers.", ""]


def test_a_version_says_what_changed_and_comes_back(alice: User, begin: Begin) -> None:
    report, browser = begin(), plain(alice)
    edit(browser, report, "High water at noon.\n\nLow at six.", seen=1)
    edit(browser, report, "High water at ten.\n\nLow at six.", seen=2)

    html = browser.get(f"/reports/{report.pk}/versions/3/").content.decode()
    browser.post(f"/reports/{report.pk}/versions/2/restore/")

    assert "<del>noon</del>" in html
    assert "<ins>ten</ins>" in html
    assert saved(report).text.startswith("High water at noon.")
    assert [one.change for one in report.versions.all()] == ["restored", "", "", "begun"]


def test_an_older_version_comes_back_with_its_own_sources(alice: User, begin: Begin, told: Told) -> None:
    report, browser = begin(told("A [1]. B [2].", [PAGE, "https://b.example/"])), plain(alice)
    before = saved(report)
    edit(browser, report, "Only B [2].", seen=2)
    browser.post(f"/reports/{report.pk}/tidy/")
    assert (saved(report).text, [one["url"] for one in saved(report).sources]) == (
        "Only B [1].",
        ["https://b.example/"],
    )

    browser.post(f"/reports/{report.pk}/versions/2/restore/")

    assert (saved(report).text, saved(report).sources) == (before.text, before.sources)


def test_a_source_without_a_mark_stays_and_a_mark_without_a_source_is_flagged(
    alice: User, begin: Begin, told: Told
) -> None:
    report, browser = begin(told("A [1].", [PAGE])), plain(alice)
    edit(browser, report, "Nothing [7].", seen=2)

    html = browser.get(f"/reports/{report.pk}/").content.decode()

    assert "not cited" in html
    assert "1 citation leads to no source of this report." in html
    assert PAGE in html


def test_the_preview_is_sanitised_and_saves_nothing(alice: User, begin: Begin, told: Told) -> None:
    report, browser = begin(told("A [1].", [PAGE])), plain(alice)
    data = {"title": "Tides", "text": "<script>x()</script> <img src=x onerror=y()> *so* [1] [9]", "seen": "2"}

    fragment = browser.post(f"/reports/{report.pk}/preview/", data, headers={"HX-Request": "true"}).content.decode()
    page = browser.post(f"/reports/{report.pk}/preview/", data).content.decode()

    for html in (fragment, page):
        assert "<em>so</em>" in html
        assert "<script>x" not in html
        assert "<img" not in html
        assert 'data-source="1"' in html
        assert "unknown-source" in html
    assert saved(report).number == 2


def test_a_text_longer_than_a_report_can_have_is_refused_and_kept(alice: User, begin: Begin) -> None:
    report = begin()
    data = {"title": "Tides", "text": "high " * 100_001, "seen": "1"}

    response = plain(alice).post(f"/reports/{report.pk}/edit/", data)

    assert response.status_code == 422
    assert "500,000 characters" in response.content.decode()
    assert "high high high" in response.content.decode()
    assert saved(report).number == 1


def test_a_long_report_is_shown_page_by_page(alice: User, begin: Begin) -> None:
    report, browser = begin(), plain(alice)
    text = "".join(f"## Part {number}\n\n{'High water. ' * 4_000}\n\n" for number in range(1, 6))
    edit(browser, report, text, seen=1)

    first = browser.get(f"/reports/{report.pk}/").content.decode()
    last = browser.get(f"/reports/{report.pk}/?page=99").content.decode()

    assert "Part 1<" in first
    assert "Part 5<" not in first
    assert "Part 5<" in last


def test_the_list_finds_titles_and_says_when_there_is_nothing(alice: User, begin: Begin) -> None:
    browser = plain(alice)
    assert "no report that you can read yet" in browser.get("/reports/").content.decode()
    begin(title="Spring tides")
    begin(title="Lamps")

    html = browser.get("/reports/?q=TIDES").content.decode()

    assert "Spring tides" in html
    assert ">Lamps<" not in html


def test_a_deleted_report_comes_back_from_the_list_and_from_the_trash(alice: User, begin: Begin) -> None:
    report, browser = begin(), plain(alice)

    page = browser.post(f"/reports/{report.pk}/delete/", follow=True).content.decode()
    assert "was deleted" in page
    assert browser.get(f"/reports/{report.pk}/").status_code == 404
    assert "Tides" in browser.get("/reports/trash/").content.decode()
    assert browser.post(f"/reports/{report.pk}/restore/", follow=True).status_code == 200


def test_what_was_deleted_long_ago_is_removed_for_good(begin: Begin) -> None:
    report = begin()
    Report.objects.update(deleted_at=timezone.now() - timedelta(days=4000))

    tidy_chat()

    assert not Report.objects.filter(pk=report.pk).exists()


def test_who_may_change_a_report_is_who_may_change_its_place(
    alice: User, bob: User, vera: User, charlie: User, begin: Begin
) -> None:
    team = membership_of(alice).team
    space = make_space(team, alice, "Q3", people=[bob], everyone=False)
    erin = User.objects.create_user("erin")
    Membership.objects.create(team=team, user=erin, role=Membership.Role.OWNER)
    private, shared = begin(place=access.ALONE), begin(by=bob)
    spaced = begin(place=access.in_space(space))

    def statuses(report: Report, page: str) -> list[int]:
        return [plain(who).get(f"/reports/{report.pk}/{page}").status_code for who in (alice, bob, vera, erin, charlie)]

    assert statuses(private, "") == [200, 404, 404, 404, 404]
    assert statuses(shared, "") == [200, 200, 200, 200, 404]
    assert statuses(shared, "edit/") == [200, 200, 403, 200, 404]
    assert statuses(spaced, "") == [200, 200, 404, 404, 404]
    Space.objects.update(archived=True)
    assert statuses(spaced, "edit/") == [403, 403, 404, 404, 404]


def test_only_its_owner_makes_a_report_private(alice: User, bob: User, begin: Begin) -> None:
    report = begin(by=bob)

    plain(alice).post(f"/reports/{report.pk}/place/", {"to": "private"})
    report.refresh_from_db()
    assert report.visibility == "team"
    plain(bob).post(f"/reports/{report.pk}/place/", {"to": "private"})
    report.refresh_from_db()
    assert report.visibility == "private"


def test_a_reader_sees_of_what_a_report_was_made_what_they_may_read(
    alice: User, bob: User, begin: Begin, told: Told
) -> None:
    private, shared = told("Mine.", visibility="private", title="Secret"), told("Ours.")
    report = begin(private, shared)

    html = plain(bob).get(f"/reports/{report.pk}/").content.decode()

    assert str(shared.pk) in html
    assert str(private.pk) not in html
    assert "Secret" not in html
    assert "and 1 answer that you can’t read" in html


def test_a_report_warns_of_what_checks_and_the_team_said_since(alice: User, begin: Begin, told: Told) -> None:
    answer = told("A [1].", [PAGE])
    report, browser = begin(answer), plain(alice)
    assert "notice warning" not in browser.get(f"/reports/{report.pk}/").content.decode()
    conversation = answer.question.conversation
    SourceUse.objects.create(
        team=report.team,
        address_key="0" * 64,
        conversation=conversation,
        answer=answer,
        number=1,
        missing=2,
        used_at=timezone.now(),
    )
    SiteMark.objects.create(team=report.team, site="tides.example", mark="doubtful")

    html = browser.get(f"/reports/{report.pk}/").content.decode()

    assert "2 citations not found" in html
    assert "marked as doubtful or blocked" in html


def test_reports_are_found_by_the_search_and_in_the_palette(alice: User, bob: User, begin: Begin) -> None:
    begin(title="Spring tides", place=access.ALONE)

    def found(who: User) -> bool:
        groups = other_hits(SearchWish(membership=membership_of(who), words="spring tides"))
        return any(group.kind == "report" for group in groups)

    assert found(alice)
    assert not found(bob)
    assert "Spring tides" in plain(alice).get("/palette/?q=spring").content.decode()
    assert "Spring tides" not in plain(bob).get("/palette/?q=spring").content.decode()


def test_conversations_that_are_gone_take_nothing_from_a_report(begin: Begin, told: Told) -> None:
    report = begin(told("A [1].", [PAGE]))

    Conversation.objects.all().delete()

    assert "A [1]." in saved(report).text
    assert not report.origins.exists()
