"""What an answer's passport says to whom, and that it can be verified by its file alone."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from chat.models import Answer, LogDigest, LogEntry
from chat.sources.passports.service import as_file, make_passport
from chat.sources.passports.signing import fingerprint
from chat.sources.passports.verify import verify
from chat.upkeep.maintenance import thin_logs
from tests.stores import ROOT

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def passport_of(answer: Answer, reader: User) -> dict[str, Any]:
    made: dict[str, Any] = make_passport(answer=answer, by=reader)["passport"]
    return made


def test_it_says_what_was_sent_to_whom_and_what_came_back(logged: Answer, alice: User) -> None:
    found = passport_of(logged, alice)

    sent, received = found["sent"], found["received"]
    assert (sent["host"], sent["model"], sent["options"]) == ("api.perplexity.ai", "sonar", {"temperature": 0.7})
    assert [one["of"] for one in sent["instructions"]] == ["team", "space", "person", "question"]
    assert sent["instructions"][1]["what"]["content"] | {"version_id": "", "written_at": ""} == {
        "text": "Say lamp.",
        "text_sha256": sent["instructions"][1]["what"]["content"]["text_sha256"],
        "version": 3,
        "version_id": "",
        "written_by": alice.display_name,
        "written_at": "",
    }
    assert sent["documents"]["what"]["content"]["passages"][0]["file_sha256"] == "c" * 64
    assert sent["attachments"][0]["original_sha256"] == "b" * 64
    assert len(found["conversation_before"]) == 1
    assert (received["upstream_id"], received["request_id"], received["resolved_model"]) == ("up-1", "req-1", "sonar-2")
    assert (received["cost"], received["cost_source"], received["price_date"]) == (
        "0.005100",
        "estimated",
        "2026-11-01",
    )
    assert received["sources"][0]["address"] == "https://lights.example/"
    assert found["check"]["found"] == 1
    assert found["check"]["sources"][0]["text_sha256"] == "d" * 64
    assert found["verifications"][0]["note"] == "Seen."
    assert found["parley"]


def test_it_is_verified_by_its_file_alone(logged: Answer, alice: User) -> None:
    verdict = verify(as_file(make_passport(answer=logged, by=alice)), fingerprint=fingerprint())

    assert verdict.wrong == []
    assert verdict.is_good
    assert any("what the 7 entries of its log add up to" in line for line in verdict.proven)


def test_whoever_may_not_read_something_gets_its_hash_alone(logged: Answer, alice: User, bob: User) -> None:
    own, bobs = passport_of(logged, alice), passport_of(logged, bob)

    text = as_file(make_passport(answer=logged, by=bob)).decode()
    for secret in ("Call me Ali.", "Say lamp.", "secret lamp", "plan.md", "c" * 64):
        assert secret not in text
    assert "Be brief." in text
    hashes = [[one["what"]["sha256"] for one in found["sent"]["instructions"]] for found in (own, bobs)]
    assert hashes[0] == hashes[1]
    assert own["sent"]["documents"]["what"]["sha256"] == bobs["sent"]["documents"]["what"]["sha256"]
    assert verify(as_file(make_passport(answer=logged, by=bob))).is_good


def test_the_hash_of_what_is_withheld_cannot_be_guessed(logged: Answer, bob: User) -> None:
    withheld = passport_of(logged, bob)["sent"]["instructions"][2]["what"]

    assert set(withheld) == {"sha256"}
    from chat.sources.passports.canonical import text_sha256

    assert withheld["sha256"] != text_sha256("Call me Ali.")


def test_when_the_log_is_removed_its_chain_stays_and_still_leads_to_the_text(logged: Answer, alice: User) -> None:
    before = passport_of(logged, alice)["log"]
    Answer.objects.filter(pk=logged.pk).update(ended_at=timezone.now() - timedelta(hours=2))

    assert thin_logs() == 1

    assert not LogEntry.objects.filter(answer=logged).exists()
    found = passport_of(logged, alice)
    assert found["log"] == before | {"is_whole": False}
    verdict = verify(as_file(make_passport(answer=logged, by=alice)))
    assert any("entries of its log" in line for line in verdict.proven)
    logged.question.conversation.delete()
    assert not LogDigest.objects.exists()


def test_an_answer_of_which_no_log_was_kept_says_so(answer: Answer, alice: User, browser: Browser) -> None:
    assert passport_of(answer, alice)["log"] is None
    verdict = verify(as_file(make_passport(answer=answer, by=alice)))
    assert any("nothing of its log was kept" in line for line in verdict.unproven)

    shown = browser(alice).get(f"/c/{answer.question.conversation_id}/answers/{answer.pk}/passport/").content.decode()
    assert "Nothing was kept of it." in shown


def test_its_page_and_file_are_for_readers_of_the_answer(
    logged: Answer, browser: Browser, vera: User, charlie: User
) -> None:
    base = f"/c/{logged.question.conversation_id}/answers/{logged.pk}/passport"

    page, file = browser(vera).get(f"{base}/"), browser(vera).get(f"{base}.json")
    assert "The signature and all hashes fit." in page.content.decode()
    assert "Not for you to see" in page.content.decode()
    assert "Call me Ali." not in page.content.decode()
    assert file["Content-Disposition"].startswith("attachment")
    assert verify(file.content, fingerprint=fingerprint()).is_good
    assert [browser(charlie).get(f"{base}{end}").status_code for end in ("/", ".json")] == [404, 404]


def test_an_answer_that_is_being_written_has_none_yet(logged: Answer, browser: Browser, alice: User) -> None:
    Answer.objects.update(state="writing")

    base = f"/c/{logged.question.conversation_id}/answers/{logged.pk}/passport"
    assert browser(alice).get(f"{base}/").status_code == 404


def test_another_secret_makes_another_key_and_what_was_signed_stays_proven(
    logged: Answer, alice: User, settings: Settings
) -> None:
    data, before = as_file(make_passport(answer=logged, by=alice)), fingerprint()

    settings.SECRET_KEY = "another secret of this installation, which is long enough for it"

    assert fingerprint() != before
    assert verify(data, fingerprint=before).is_good
    assert not verify(data, fingerprint=fingerprint()).is_good


def test_the_command_says_what_was_proven_and_fails_for_what_was_changed(
    logged: Answer, alice: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = make_passport(answer=logged, by=alice)
    (tmp_path / "good.json").write_bytes(as_file(made))
    made["passport"]["received"]["cost"] = "0.000001"
    (tmp_path / "bad.json").write_bytes(as_file(made))

    call_command("passport_key")
    shown = capsys.readouterr().out.strip()
    call_command("verify_passport", str(tmp_path / "good.json"), fingerprint=shown)
    assert "VERIFIED\n\nProven:" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("verify_passport", str(tmp_path / "bad.json"))
    assert "The signature does not fit" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("verify_passport", str(tmp_path / "missing.json"))


def test_it_is_verified_without_settings_or_a_database(logged: Answer, alice: User, tmp_path: Path) -> None:
    file = tmp_path / "passport.json"
    file.write_bytes(as_file(make_passport(answer=logged, by=alice)))
    look = (
        "import sys; from chat.sources.passports.verify import run; good = run(sys.argv[1]); "
        "print('django' in sys.modules); sys.exit(0 if good else 1)"
    )

    done = subprocess.run(
        [sys.executable, "-c", look, str(file)], cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("VERIFIED")
    assert done.stdout.strip().endswith("False")  # Django was not even imported


def test_the_key_has_a_page(browser: Browser, bob: User) -> None:
    shown = browser(bob).get("/passports/").content.decode()

    assert fingerprint()[:8] in shown


def test_a_passport_can_be_read_as_json(logged: Answer, alice: User) -> None:
    made = json.loads(as_file(make_passport(answer=logged, by=alice)))

    assert set(made) == {"passport", "seal"}
