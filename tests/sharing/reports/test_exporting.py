"""A report in each of the formats of exports, and documents of spaces in it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from chat import access
from chat.models import AnswerPassage, Document, DocumentVersion
from sharing.export.formats import FORMATS, NotWritten
from sharing.models import ExportJob, Report, ReportVersion
from tests.chat.conversations.conftest import membership_of, plain
from tests.chat.in_spaces import make_space
from tests.sharing.export.test_export_jobs import work
from tests.sharing.reports.conftest import Begin, Told

pytestmark = pytest.mark.django_db

PAGE = "https://tides.example/high"


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "pdf"])
def test_a_report_goes_out_in_every_format(name: str, alice: User, begin: Begin, told: Told) -> None:
    report = begin(told("Twice a day [1].", [PAGE]), title="High / low")

    response = plain(alice).get(f"/reports/{report.pk}/export/{name}/")

    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response.status_code == 200
    assert "High low." in response["Content-Disposition"]
    assert PAGE.encode() in body or name == "docx"


def test_a_long_report_is_written_in_the_background_and_kept_for_who_may_read_it(
    alice: User, bob: User, begin: Begin, told: Told
) -> None:
    report = begin(told("Twice a day [1].", [PAGE]), title="All tides")
    ReportVersion.objects.update(text=f"## Tides\n\nTwice a day [1].\n\n{'They rise and fall. ' * 6_000}")
    address = f"/reports/{report.pk}/export/markdown/"
    client = plain(bob)

    assert f'action="{address}"' in client.get(f"/reports/{report.pk}/").content.decode()
    assert client.get(address)["Location"] == f"/reports/{report.pk}/"  # an address from before it was long
    assert client.post(address)["Location"] == reverse("sharing:exports")
    waiting = client.get(reverse("sharing:exports")).content.decode()
    assert "All tides" in waiting
    assert "0 questions" not in waiting
    job = work()

    assert job.state == "ready"
    file = f"/exports/{job.pk}/file"
    made = client.get(file)
    assert "All tides.md" in made["Content-Disposition"]
    assert PAGE in b"".join(made.streaming_content).decode()  # type: ignore[attr-defined]
    assert plain(alice).get(file).status_code == 404
    Report.objects.update(visibility="private")
    assert client.get(file).status_code == 404


def test_a_report_that_is_deleted_before_its_turn_says_so(alice: User, begin: Begin, told: Told) -> None:
    report = begin(told("Twice a day [1].", [PAGE]))
    plain(alice).post(f"/reports/{report.pk}/export/html/")
    Report.objects.update(deleted_at=timezone.now())

    with pytest.raises(NotWritten, match="This report isn’t there any more"):
        work()


def test_nobody_has_more_than_three_reports_in_the_works(alice: User, charlie: User, begin: Begin) -> None:
    address = f"/reports/{begin().pk}/export/html/"
    for _ in range(4):
        answer = plain(alice).post(address)
    assert answer["Location"] == address.partition("export")[0]
    assert ExportJob.objects.count() == 3
    assert plain(charlie).post(address).status_code == 404


def test_no_other_format_is_there(alice: User, begin: Begin) -> None:
    assert plain(alice).get(f"/reports/{begin().pk}/export/exe/").status_code == 404


def test_a_document_of_a_space_has_a_name_for_those_alone_who_may_read_it(
    alice: User, bob: User, begin: Begin, told: Told
) -> None:
    space = make_space(membership_of(alice).team, alice, "Q3", people=[], everyone=False)
    document = Document.objects.create(space=space, name="Secret plan.pdf", uploaded_by=alice)
    version = DocumentVersion.objects.create(
        document=document, number=1, sha256="0" * 64, media_type="application/pdf", size=1, uploaded_by=alice
    )
    answer = told("As planned [D1], and twice [1].", [PAGE], visibility="space", space=space)
    AnswerPassage.objects.create(
        answer=answer, number=1, space=space, version=version, name=document.name, unit="page", page=3, text="Plan."
    )
    report = begin(answer, place=access.TEAM)

    hers = plain(alice).get(f"/reports/{report.pk}/").content.decode()
    his = plain(bob).get(f"/reports/{report.pk}/").content.decode()
    his_file = b"".join(plain(bob).get(f"/reports/{report.pk}/export/markdown/").streaming_content)  # type: ignore[attr-defined]

    assert "Secret plan.pdf, page 3" in hers
    assert str(document.pk) in hers
    for text in (his, his_file.decode()):
        assert "Secret plan" not in text
        assert str(document.pk) not in text
        assert "A document that you can’t read" in text
    assert len(re.findall(r'class="cite"', his)) == 2
