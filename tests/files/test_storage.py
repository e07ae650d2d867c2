"""Files on a storage that speaks S3: what people attach is there, is private, and failures are told."""

import hashlib
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from config.checks.storage import check_storage
from files import FileMissing, Store
from files.errors import StorageDown
from tests.conftest import MakeServer
from tests.files.samples import drawn, encoded
from tests.objects import SECRET_ACCESS_KEY, Bucket, ObjectServer
from tests.serving import Server, free_port
from tests.stores import ROOT, operator_less

TILE = 'name="attachment"'


def use(settings: Settings, **options: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "files.storage.s3.ObjectStorage", "OPTIONS": options},
    }


def in_media(server: Server) -> list[Path]:
    return [path for path in (server.store.folder / "media").rglob("*") if path.is_file()]


def test_what_people_attach_lies_in_the_bucket_and_is_served_by_parley_alone(
    make_server: MakeServer, bucket: Bucket
) -> None:
    server = make_server(env=bucket.environment(prefix="team/one"))
    alice, charlie = server.client("alice"), server.client("charlie")

    sent = alice.post("/attachments/", files={"file": ("light.png", encoded(drawn(size=(900, 600)), "PNG"))})
    attachment = sent.text.partition(TILE)[2].partition('value="')[2][:36]
    picture, thumbnail = alice.get(f"/attachments/{attachment}/"), alice.get(f"/attachments/{attachment}/thumbnail")

    assert (sent.status_code, picture.status_code, thumbnail.status_code) == (201, 200, 200)
    sha256 = hashlib.sha256(picture.content).hexdigest()
    names = [f"team/one/attachments/{sha256[:2]}/{sha256}{kind}" for kind in ("", ".thumbnail")]
    assert bucket.names() == names
    assert [bucket.read(name) for name in names] == [picture.content, thumbnail.content]
    assert picture.headers["Content-Length"] == str(len(picture.content))
    assert len(thumbnail.content) < len(picture.content)
    assert in_media(server) == []
    assert charlie.get(f"/attachments/{attachment}/").status_code == 404
    assert bucket.name not in sent.text + str(picture.headers)
    assert server.client().get("/readyz").json()["storage"] == "ok"
    assert bucket.names() == names, "looking leaves something behind"


def test_a_storage_that_goes_down_is_told_and_comes_back(make_server: MakeServer, tmp_path: Path) -> None:
    objects = ObjectServer(tmp_path)
    server = make_server(env=objects.bucket().environment())
    alice = server.client("alice")
    sent = alice.post("/attachments/", files={"file": ("light.png", encoded(drawn(size=(90, 60)), "PNG"))})
    attachment = sent.text.partition(TILE)[2].partition('value="')[2][:36]
    assert alice.get(f"/attachments/{attachment}/").status_code == 200

    objects.stop()
    ready = alice.get("/readyz")
    picture = alice.get(f"/attachments/{attachment}/")
    refused = alice.post("/attachments/", files={"file": ("light.png", encoded(drawn(size=(80, 60)), "PNG"))})

    assert ready.status_code == 503
    assert ready.json()["storage"] == "The file storage cannot be used."
    assert str(objects.port) not in ready.text
    assert alice.get("/healthz").status_code == 200
    assert picture.status_code == 503
    assert "This file is unavailable" in picture.text
    assert refused.status_code == 422
    assert "couldn’t be saved" in refused.text
    assert server.rows("SELECT count(*) FROM chat_attachment") == [(1,)], "a row names what is not there"
    assert SECRET_ACCESS_KEY not in server.log()


@pytest.mark.parametrize("wrong", [{"bucket_name": "nobodys"}, {"endpoint_url": "http://127.0.0.1:1"}])
def test_a_storage_that_is_not_there_is_down_and_not_empty(
    settings: Settings, bucket: Bucket, wrong: dict[str, str]
) -> None:
    use(settings, **{**bucket.options(), **wrong})

    with pytest.raises(StorageDown):
        Store("things").put(b"light")
    with pytest.raises(StorageDown):
        Store("things").read("0" * 64)
    with pytest.raises(StorageDown):
        Store("things").hashes_starting_with("00")
    with pytest.raises(StorageDown):
        default_storage.check()  # type: ignore[attr-defined]


def test_a_bucket_may_have_other_tenants(settings: Settings, bucket: Bucket) -> None:
    bucket.put("other/attachments/00/" + "0" * 64, b"foreign")
    use(settings, **bucket.options(prefix="mine"))

    with pytest.raises(FileMissing):
        Store("attachments").read("0" * 64)
    sha256 = Store("attachments").put(b"light")

    assert bucket.names() == [f"mine/attachments/{sha256[:2]}/{sha256}", "other/attachments/00/" + "0" * 64]


def test_names_do_not_lead_out_of_the_folder(settings: Settings, bucket: Bucket) -> None:
    use(settings, **bucket.options(prefix="mine"))

    with pytest.raises(Exception, match=r"denied|Detected path traversal"):
        default_storage.save("../other/file", ContentFile(b"light"))

    assert bucket.names() == []


def test_what_speaks_s3_is_loaded_only_where_it_is_used(tmp_path: Path) -> None:
    look = "import sys, config.asgi; sys.exit(any(name in sys.modules for name in ('boto3', 'botocore', 'storages')))"
    environ = {**operator_less(), "DATA_DIR": str(tmp_path)}

    assert subprocess.run([sys.executable, "-c", look], cwd=ROOT, env=environ).returncode == 0


KEY = {"S3_ACCESS_KEY_ID": "alice", "S3_SECRET_ACCESS_KEY": "opensesame"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"S3_BUCKET": "parley"}, []),
        ({"S3_BUCKET": "parley", **KEY, "S3_PREFIX": "teams/one/"}, []),
        ({"S3_BUCKET": "parley", **KEY, "S3_ENDPOINT_URL": "http://127.0.0.1:9000"}, []),
        ({"S3_PREFIX": "teams"}, ["parley.E040"]),
        (KEY, ["parley.E040"]),
        ({"S3_BUCKET": "parley", "S3_ACCESS_KEY_ID": "alice"}, ["parley.E041"]),
        ({"S3_BUCKET": "parley", "S3_SECRET_ACCESS_KEY": "opensesame"}, ["parley.E041"]),
        ({"S3_BUCKET": "parley", "S3_ENDPOINT_URL": "s3.example"}, ["parley.E042"]),
        ({"S3_BUCKET": "parley", "S3_ENDPOINT_URL": "https://[::1"}, ["parley.E042"]),
        ({"S3_BUCKET": "parley", "S3_ENDPOINT_URL": "https://a:opensesame@s3.example"}, ["parley.E043"]),
        ({"S3_BUCKET": "parley", "S3_ENDPOINT_URL": "http://s3.example"}, ["parley.W040"]),
        ({"S3_BUCKET": "parley", "S3_PREFIX": "../other"}, ["parley.E044"]),
        ({"S3_BUCKET": "parley", "S3_PREFIX": "a//b"}, ["parley.E044"]),
    ],
)
def test_a_contradiction_is_named(settings: Settings, changes: dict[str, str], expected: list[str]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    found = check_storage(None)

    assert [message.id for message in found] == expected
    assert "opensesame" not in " ".join(str(message.msg) for message in found)


def test_a_start_with_half_a_key_ends_in_a_sentence(tmp_path: Path) -> None:
    environ = {**operator_less(), "DATA_DIR": str(tmp_path), "PORT": str(free_port())}

    done = subprocess.run(
        [sys.executable, "-m", "config.serve"],
        cwd=ROOT,
        env={**environ, "S3_BUCKET": f"parley-{uuid.uuid4()}", "S3_ACCESS_KEY_ID": "alice"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "Parley cannot start. S3_SECRET_ACCESS_KEY is not set" in done.stderr
