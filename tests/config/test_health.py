"""What a proxy or supervisor is told."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from config import health
from tests.conftest import MakeServer
from tests.serving import Server, free_port


def test_healthz_answers_without_the_database(client: Client) -> None:
    """pytest refuses the database to a test that does not ask for it."""
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_only_reads(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_a_running_server_is_ready(shared_server: Server) -> None:
    response = shared_server.client().get("/readyz")

    assert response.json() == {"ready": True, "database": "ok", "storage": "ok", "upstream": "ok"}
    assert response.status_code == 200


def test_an_upstream_that_nobody_serves_is_told_without_its_address(make_server: MakeServer) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    server = make_server(env={"PERPLEXITY_BASE_URL": nobody, "PERPLEXITY_API_KEY": "opensesame"})

    response = server.client().get("/readyz")

    assert response.status_code == 503
    assert response.json()["upstream"] == "The answer service cannot be reached."
    assert "127.0.0.1" not in response.text
    assert "opensesame" not in response.text
    assert server.client().get("/healthz").status_code == 200


def test_a_refused_key_is_told_and_not_shown(make_server: MakeServer, demo_upstream: str) -> None:
    server = make_server(env={"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "pplx-bad"})

    response = server.client().get("/readyz")

    assert response.status_code == 503
    assert response.json()["upstream"] == "The answer service rejects the API key."
    assert "pplx-bad" not in response.text


def test_probes_are_not_sent_to_https_but_people_are(make_server: MakeServer) -> None:
    server = make_server(env={"SITE_URL": "https://parley.example", "ALLOWED_HOSTS": "parley.example,127.0.0.1"})
    nobody = server.client()

    assert nobody.get("/healthz").status_code == nobody.get("/readyz").status_code == 200
    sent = nobody.get("/", headers={"Host": "parley.example"})
    assert (sent.status_code, sent.headers["Location"]) == (301, "https://parley.example/")


def test_browsers_are_bound_to_https_for_this_host_alone(make_server: MakeServer) -> None:
    server = make_server(env={"SITE_URL": "https://parley.example", "ALLOWED_HOSTS": "parley.example,127.0.0.1"})
    through_the_proxy = {"Host": "parley.example", "X-Forwarded-Proto": "https"}

    sent = server.client().get("/accounts/login/", headers=through_the_proxy)

    assert (sent.status_code, sent.headers["Strict-Transport-Security"]) == (200, "max-age=31536000")


def test_a_database_that_is_behind_is_told(db: None) -> None:
    graph = MigrationLoader(connection).graph
    for leaf in graph.leaf_nodes("chat"):
        for name in (leaf, *graph.nodes[leaf].replaces):
            MigrationRecorder(connection).record_unapplied(*name)

    assert health.database_state() == "The database is older than the program: run manage.py migrate."


def test_a_database_in_order_is_ok(db: None) -> None:
    assert health.database_state() == "ok"


def test_a_data_folder_that_is_gone_is_told(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "gone"

    assert health.storage_state() == "The data folder cannot be written to."


def test_looking_leaves_nothing_behind(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    assert health.storage_state() == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_serves_nobody_takes_no_questions() -> None:
    assert health.upstream_state() == "This process accepts no questions: it is starting or shutting down."


@pytest.mark.parametrize(("fresh_for", "looks"), [(60.0, 1), (0.0, 3)])
def test_probes_share_a_fresh_report(fresh_for: float, looks: int) -> None:
    looked: list[str] = []

    def part() -> str:
        looked.append("once more")
        return "ok"

    asked = health.Readiness({"part": part}, fresh_for=fresh_for)

    assert all(asked.report().ready for _ in range(3))
    assert len(looked) == looks
