"""A backup of a Parley at work, and what comes back from it: on another machine, database and storage."""

import ast
import json
import re
import shutil
import stat
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.config.archives import Members, backed_up, contents, manage, restored, rewritten
from tests.files.samples import drawn, encoded
from tests.hard_rows import TEXT, hold_hard_rows
from tests.objects import Bucket
from tests.questions import Asked, ask, eventually, stored, watch
from tests.serving import Server
from tests.stores import ROOT, Store
from tests.walks import long_walk

OLDEST = ROOT / "tests" / "config" / "stored" / "format_1.tar.gz"
"""A small backup with one row of each kind, made by version 0.1.0 on SQLite: what people have on their shelves."""

HELD = """
from accounts.models import *; from chat.models import *; from imaging.models import *
answer = Answer.objects.get()
print(ascii({
    "answer": [answer.text, str(answer.cost), answer.ended_at.isoformat(), answer.request],
    "log": [[entry.seq, entry.data] for entry in answer.log.all()],
    "options": answer.question.options,
    "spending": [(str(one.month), str(one.cost), one.answer_id == answer.pk) for one in Spending.objects.all()],
    "limits": [str(team.monthly_limit) for team in Team.objects.order_by("pk")],
    "reviewers": [user.username for user in User.objects.filter(user_permissions__codename="review_images")],
    "decisions": [(one.by.username, one.reason, one.image.prompt) for one in Decision.objects.all()],
    "errors": [image.error for image in GeneratedImage.objects.order_by("created_at", "pk")],
}))
"""


@pytest.fixture
def other(template: Store, tmp_path: Path) -> Iterator[Store]:
    """A store in which nothing is, on the database of this run."""
    store = Store.empty(tmp_path / "other")
    (store.folder / "static").symlink_to(template.folder / "static")
    yield store
    store.drop()


@pytest.fixture
def cast(template: Store, tmp_path: Path) -> Iterator[Store]:
    """A store with the cast in it, and nothing that runs."""
    store = template.copy(tmp_path / "cast")
    yield store
    store.drop()


@pytest.fixture(scope="module")
def shelf(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path]]:
    """A store with rows that are hard to keep, to copy from, and a backup of it."""
    folder = tmp_path_factory.mktemp("shelf")
    store = template.copy(folder / "data")
    hold_hard_rows(store)
    yield store, backed_up(store, folder / "good.tar")
    store.drop()


@pytest.fixture
def filled(shelf: tuple[Store, Path], tmp_path: Path) -> Iterator[Store]:
    """A store with those rows and their files, and nothing that runs."""
    store = shelf[0].copy(tmp_path / "filled")
    shutil.copytree(shelf[0].folder / "media", store.folder / "media")
    yield store
    store.drop()


@pytest.fixture
def good(shelf: tuple[Store, Path]) -> Path:
    """A backup of such a store."""
    return shelf[1]


def attach(client: httpx.Client) -> str:
    """Upload a picture; its address."""
    sent = client.post("/attachments/", files={"file": ("light.png", encoded(drawn(size=(300, 200)), "PNG"))})
    return f"/attachments/{re.findall(r'value=.([0-9a-f-]{36})', sent.text)[0]}/"


def draw(client: httpx.Client) -> str:
    """Have a picture drawn; its address."""
    sent = client.post("/images/draw/", data={"prompt": "A lighthouse in the fog", "key": str(uuid.uuid4())})
    assert sent.status_code == 302, sent.text[-2000:]

    def address() -> str:
        found = re.search(r"/images/[0-9a-f-]{36}/thumbnail/", client.get("/images/").text)
        return found.group() if found else ""

    return str(eventually(address)).replace("thumbnail", "picture")


def tables(path: Path) -> dict[str, bytes]:
    return {name: data for name, data in contents(path).items() if name.startswith("tables/")}


def counts(store: Store) -> list[int]:
    tables = ("accounts_user", "accounts_membership", "chat_question", "chat_logentry", "auth_permission")
    return [store.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables]


def everything_under(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {".starting", "server.log"} and "static" not in path.parts
    }


def test_what_was_asked_attached_and_drawn_comes_back_on_another_machine(
    server: Server, other: Store, tmp_path: Path
) -> None:
    alice = server.client("alice")
    picture = attach(alice)
    data = {"text": TEXT, "model": "sonar", "key": str(uuid.uuid4()), "attachment": picture.split("/")[2]}
    _, _, conversation, answer = alice.post("/ask/", data=data).headers["location"].split("/")
    done = Asked(conversation, answer.removeprefix("#answer-"))
    assert watch(alice, done).state == "finished"
    image = draw(alice)
    going_on = ask(alice, "What is a buoy? #demo:slow=2000")
    watch(alice, going_on, until=lambda article: article.words)

    archive = backed_up(server.store, tmp_path / "parley.tar.gz")

    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
    assert stored(server, going_on)["state"] == "writing", "the answer did not go on while the backup was made"
    was = {"answer": stored(server, done), "bytes": [alice.get(path).content for path in (picture, image)]}
    server.kill()

    said = restored(other, archive)
    assert "4 people" in said
    shutil.copy(server.store.folder / "sessions.json", other.folder)
    again = Server(other).start()
    try:
        client = again.client("alice")
        page = client.get(done.page)
        assert page.status_code == 200
        assert "Ein Leuchtturm, 灯台, \U0001f4a1" in page.text
        assert {"answer": stored(again, done), "bytes": [client.get(path).content for path in (picture, image)]} == was
        assert client.get(picture + "thumbnail").status_code == 200
        assert "What is a lighthouse" in client.get("/search/", params={"q": "Leuchtturm"}).text
        eventually(lambda: stored(again, going_on)["state"] == "interrupted")
        assert stored(again, going_on)["text"]
        assert watch(client, ask(client, "And a pier?", page=done.page)).state == "finished"
    finally:
        again.close()


@long_walk
def test_it_moves_between_databases_and_storages_and_stays_the_same(
    good: Path, other: Store, bucket: Bucket, tmp_path: Path
) -> None:
    first = good
    on_sqlite, on_s3 = Store(tmp_path / "sqlite"), bucket.environment(prefix="team")
    restored(on_sqlite, first, env=on_s3)
    second = backed_up(on_sqlite, tmp_path / "second.tar.gz", env=on_s3)
    restored(other, second)
    third = backed_up(other, tmp_path / "third.tar")

    files = {name.removeprefix("files/") for name in contents(first) if name.startswith("files/")}
    assert len(files) == 6
    assert {name.removeprefix("team/") for name in bucket.names()} == files
    assert not (on_sqlite.folder / "media").exists()
    assert tables(first) == tables(second) == tables(third)
    assert b'"2026-01-02T03:04:05.678901+00:00"' in b"".join(tables(first).values())
    assert {name: data for name, data in contents(third).items() if name != "manifest.json"} == {
        name: data for name, data in contents(first).items() if name != "manifest.json"
    }
    manifests = [json.loads(contents(path)["manifest.json"]) for path in (first, third)]
    assert manifests[0]["rows"] == manifests[1]["rows"]
    assert manifests[0]["files"] == manifests[1]["files"] == {"attachments": 2, "documents": 2, "images": 2}


@long_walk
def test_documents_are_found_and_shown_once_they_are_back(good: Path, other: Store) -> None:
    restored(other, good)
    done = manage(other, "shell", "-v", "0", "-c", "from tests import hard_rows; hard_rows.tell_documents()")
    assert done.stdout.strip() == "['灯台.md'] # Lights and a beacon", done.stderr


def test_a_parley_that_is_not_empty_or_not_stopped_is_not_touched(server: Server, cast: Store, good: Path) -> None:
    before = everything_under(cast.folder)

    full = manage(cast, "restore", good)
    running = manage(server.store, "restore", good, "--replace")

    assert full.returncode == running.returncode == 1
    assert "This Parley is not empty." in full.stderr
    assert "add --replace" in full.stderr
    assert "Stop Parley first" in running.stderr
    assert "Traceback" not in full.stderr + running.stderr
    assert everything_under(cast.folder) == before
    assert server.client("alice").get("/").status_code == 200


@long_walk
def test_what_is_replaced_is_kept_aside_and_can_come_back(filled: Store, cast: Store, tmp_path: Path) -> None:
    archive = backed_up(cast, tmp_path / "parley.tar")
    attached = next((filled.folder / "media" / "attachments").rglob("*/*"))
    before = counts(filled)

    said = restored(filled, archive, "--replace")

    assert counts(filled) == counts(cast) != before
    assert not attached.exists()
    aside = [Path(line.strip()) for line in said.splitlines() if ".before-restore-" in line]
    database = "parley" if filled.is_postgresql else "parley.sqlite3"
    assert {path.name.partition(".before")[0] for path in aside} == {database, "media", "secret_key"}
    if filled.is_postgresql:
        restored(filled, next(path for path in aside if path.suffix == ".tar"), "--replace")
    else:
        for path in aside:
            there = path.with_name(path.name.partition(".before")[0])
            there.rename(tmp_path / there.name)
            path.rename(there)
    assert counts(filled) == before
    assert attached.exists()


@long_walk
def test_a_database_that_is_none_any_more_is_replaced_and_set_aside(cast: Store, good: Path) -> None:
    if cast.is_postgresql:
        pytest.skip("PostgreSQL mends itself")
    database = cast.folder / "parley.sqlite3"
    database.write_bytes(b"no database any more")
    database.with_name("parley.sqlite3-wal").write_bytes(b"nor its log")

    said = restored(cast, good, "--replace")

    assert counts(cast)[0] == 4
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    aside = next(Path(line.strip()) for line in said.splitlines() if "parley.sqlite3.before-restore-" in line)
    assert aside.read_bytes() == b"no database any more"


def without_row(members: Members) -> None:
    name = next(name for name in members if name.startswith("tables/accounts.membership/"))
    members[name] = members[name].rsplit(b"\n", 2)[0] + b"\n"


def with_a_reference_to_nobody(members: Members) -> None:
    name = next(name for name in members if name.startswith("tables/accounts.membership/"))
    columns, *rows = [json.loads(line) for line in members[name].splitlines()]
    rows[-1][columns.index("user_id")] = 4711
    members[name] = b"".join(json.dumps(row).encode() + b"\n" for row in [columns, *rows])


def with_a_row_that_cannot_be_read(members: Members) -> None:
    name = next(name for name in members if name.startswith("tables/accounts.team/"))
    members[name] += b"[1]\n"


def with_another_picture(members: Members) -> None:
    name = next(name for name in members if name.startswith("files/images/") and "." not in name)
    members[name] = b"drawn by nobody here"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (with_another_picture, "doesn’t match its name"),
        pytest.param(without_row, "doesn’t contain the rows that its", marks=long_walk),
        (with_a_reference_to_nobody, ""),
        pytest.param(with_a_row_that_cannot_be_read, "rows of accounts.team that can’t be read", marks=long_walk),
    ],
)
def test_a_restore_that_fails_halfway_changes_nothing(
    filled: Store, good: Path, tmp_path: Path, change: Callable[[Members], None], said: str
) -> None:
    archive = rewritten(good, tmp_path / "bad.tar", change)
    before, rows = everything_under(filled.folder), counts(filled)

    done = manage(filled, "restore", archive, "--replace")

    assert done.returncode == 1
    assert "Nothing was restored, and nothing has changed." in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert everything_under(filled.folder) == before
    assert counts(filled) == rows


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(good: Path, other: Store, tmp_path: Path) -> None:
    def earlier(members: Members) -> None:
        manifest = json.loads(members["manifest.json"])
        above = ("api", "sharing")  # which were not there yet
        known = [
            [app, name] for app, name in manifest["migrations"] if app not in above and (app != "chat" or name < "0006")
        ]
        known = [[app, name] for app, name in known if "_squashed_" not in name]
        manifest["migrations"] = known
        newer = (
            "gateway_", "pages", "characters", "text_problem", "sent_at", "answered_at", "branched_at", "follows",
            "version_of", "deleted_by", "space", "documents",
        )  # fmt: skip
        first = {"answer", "attachment", "conversation", "logentry", "preset", "question", "source"}
        for later in [one for one in manifest["rows"] if one[:3] in ("cha", "api", "sha") and one[5:] not in first]:
            for name in [name for name in members if name.startswith(f"tables/{later}/")]:
                del members[name]
            del manifest["rows"][later]
        members["manifest.json"] = json.dumps(manifest).encode()
        for table in ("attachment", "answer", "conversation", "question"):
            name = f"tables/chat.{table}/000001.jsonl"
            columns, *rows = [json.loads(line) for line in members[name].splitlines()]
            kept = [number for number, column in enumerate(columns) if not column.startswith(newer)]
            members[name] = b"".join(
                json.dumps([row[number] for number in kept]).encode() + b"\n" for row in [columns, *rows]
            )

    archive = rewritten(good, tmp_path / "earlier.tar", earlier)

    restored(other, archive)

    assert other.rows("SELECT name, gateway_url FROM chat_attachment") == [("l.pdf", "")]
    applied = "SELECT count(*) FROM django_migrations WHERE name = '0006_gateway_copies'"
    assert other.rows(applied) == [(1,)]


def test_a_backup_made_by_the_first_version_comes_back_whole(other: Store) -> None:
    said = restored(other, OLDEST)

    assert "Restored what Parley 0.1.0 held at 2026-11-26T14:06:22+00:00: 4 people, 1 conversations, 3 files." in said
    shown = manage(other, "shell", "-v", "0", "-c", HELD)
    assert shown.returncode == 0, shown.stderr
    assert ast.literal_eval(shown.stdout) == {
        "answer": [
            "“x”\r\n\u2028\\u0000\t\x7f",
            "0.005001",
            "2026-01-02T03:04:05.678901+00:00",
            {"large": 2**53, "small": 1e-9, "text": "\U0001f4a1"},
        ],
        "log": [[1, {"text": "\r\n"}], [2, None], [3, "null"]],
        "options": {"nested": [1.5, None, True, {"": "\u2028"}]},
        "spending": [("2026-01-01", "0.005001", True)],
        "limits": ["12.340000", "None"],
        "reviewers": ["alice"],
        "decisions": [("bob", "Fine.", TEXT)],
        "errors": [{}, {"kind": "ours"}],
    }
    files = {name.removeprefix("files/"): data for name, data in contents(OLDEST).items() if name.startswith("files/")}
    media = other.folder / "media"
    assert {str(path.relative_to(media)): path.read_bytes() for path in media.rglob("*") if path.is_file()} == files
    assert (other.folder / "secret_key").read_bytes() == contents(OLDEST)["secret_key"]


def test_a_file_that_is_missing_or_altered_is_told_and_the_rest_is_kept(
    filled: Store, other: Store, tmp_path: Path
) -> None:
    attached = next((filled.folder / "media" / "attachments").rglob("*/*"))
    image = next(path for path in (filled.folder / "media" / "images").rglob("*/*") if not path.suffix)
    name = f"images/{image.parent.name}/{image.name}"
    attached.unlink()
    image.write_bytes(b"rotten")

    done = manage(filled, "backup", tmp_path / "parley.tar")

    assert done.returncode == 0
    assert f"missing: attachments/{attached.parent.name}/{attached.name}" in done.stdout
    assert f"altered: {name}" in done.stdout
    assert contents(tmp_path / "parley.tar")[f"files/{name}"] == b"rotten"
    assert f"not restored: {name}" in restored(other, tmp_path / "parley.tar")
    assert not (other.folder / "media" / name).exists()
    assert (other.folder / "media" / f"{name}.thumbnail").exists()


def test_a_key_that_the_operator_sets_is_not_in_it(cast: Store, tmp_path: Path) -> None:
    env = {"SECRET_KEY": "opensesame" * 5}

    done = manage(cast, "backup", tmp_path / "parley.tar", env=env)

    assert "everything but the secret key" in done.stdout
    assert "secret_key" not in contents(tmp_path / "parley.tar")
    assert b"opensesame" not in (tmp_path / "parley.tar").read_bytes()


@pytest.mark.parametrize(
    ("name", "said"),
    [("parley.zip", "must end with .tar"), ("nowhere/parley.tar", "The folder")],
)
def test_a_backup_that_cannot_be_written_is_told_and_leaves_nothing(
    cast: Store, tmp_path: Path, name: str, said: str
) -> None:
    done = manage(cast, "backup", tmp_path / name)

    assert done.returncode == 1
    assert "No backup was made." in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert [path for path in tmp_path.iterdir() if path != cast.folder] == []
