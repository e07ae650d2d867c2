"""What is blotted out of log lines, whoever writes them, and what is left."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from config.logs.format import LineFormatter, redact, redact_address
from tests.cpu_time import at_most
from tests.stores import ROOT, operator_less

TOKEN = "QbKw5_a1B2-" * 4


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (f"Gone: /accounts/join/{TOKEN}/", "Gone: /accounts/join/…/"),
        (f"Gone: /parley/accounts/welcome/{TOKEN}/", "Gone: /parley/accounts/welcome/…/"),
        ("Gone: /accounts/new-password/short/", "Gone: /accounts/new-password/…/"),
        (f"Gone: /accounts/confirm-address/{TOKEN}:1a:{TOKEN}/", "Gone: /accounts/confirm-address/…/"),
        (f"Gone: /accounts/reset-password/MQ/{TOKEN}/", "Gone: /accounts/reset-password/MQ/…/"),
        (f"Gone: /watches/letters/{TOKEN}:1a:{TOKEN}/", "Gone: /watches/letters/…/"),
        (f"Not Found: /s/{TOKEN}/media/0190/", "Not Found: /s/…/media/0190/"),
        (f"from https://parley.example/team/s/{TOKEN}", "from https://parley.example/team/s/…"),
        (f"at %2Faccounts%2Fjoin%2F{TOKEN}%2Faccept%2F", "at %2Faccounts%2Fjoin%2F…%2Faccept%2F"),
        (f"/accounts/login/?next=/accounts/join/{TOKEN}/ failed", "/accounts/login/?… failed"),
        ("GET https://api.example/v1/x?key=abc&b=1 404", "GET https://api.example/v1/x?… 404"),
        ('"/search/?q=our%20secret%20plan"', '"/search/?…"'),
        ("{'sessionid': 'abc123def', 'csrftoken': 'x1y2'}", "{'sessionid': '…', 'csrftoken': '…'}"),
        ("Cookie: sessionid=abc123def; theme=dark", "Cookie: sessionid=…; theme=dark"),
        ("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer …"),
        ("key pplx-AbCdEf0123456789 refused", "key pplx-… refused"),
        ("postgres://parley:tell-nobody@db/parley", "postgres://parley:…@db/parley"),
        (
            'violates "x"\nDETAIL:  Failing row contains (1, our\nplan).\nHINT: none',
            'violates "x"\nDETAIL: …\nHINT: none',
        ),
        ("Not Found: /c/0190/?", "Not Found: /c/0190/?"),
        ("Did it end? Yes and/or no? It did.", "Did it end? Yes and/or no? It did."),
    ],
)
def test_what_opens_something_or_tells_what_somebody_wants_is_blotted_out(line: str, left: str) -> None:
    assert redact(line) == left


@pytest.mark.parametrize(
    ("came", "left"),
    [
        (f"/accounts/%6aoin/{TOKEN}/?x=1", "/accounts/join/…/?…"),
        ("/c/a%0d%0aforged/", r"/c/a\x0d\x0aforged/"),
        ("/static/css/app.css", "/static/css/app.css"),
        (f"http://parley.example/accounts/join/{TOKEN}/", "http://parley.example/accounts/join/…/"),
    ],
)
def test_an_address_in_a_line_has_no_query_and_breaks_no_line(came: str, left: str) -> None:
    assert redact_address(came) == left


DIES = f"""
from tests.cpu_time import at_most
import django, logging, threading
django.setup()
def die():
    raise ValueError("/accounts/join/{TOKEN}/ with an-unusual-key and p@ssword!")
threading.Thread(target=die).start()
"""


def test_a_thread_that_dies_tells_nothing_that_the_operator_keeps_secret(tmp_path: Path) -> None:
    env = {
        **operator_less(),
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "GATEWAY_API_KEY": "an-unusual-key",
        "DATABASE_URL": "postgres://parley:p%40ssword!@127.0.0.1:9/parley",
    }

    told = subprocess.run([sys.executable, "-c", DIES], cwd=ROOT, env=env, capture_output=True, text=True, check=True)

    assert "Traceback" in told.stderr
    assert "/accounts/join/…/ with … and …" in told.stderr
    assert not [secret for secret in (TOKEN, "an-unusual-key", "p@ssword!") if secret in told.stderr]


@pytest.mark.parametrize("piece", ["/", "a", "://", "/a?", "Bearer ", "DETAIL:", "%2Fjoin%2F", "sessionid "])
def test_a_very_long_line_is_no_work(piece: str) -> None:
    with at_most(5):  # what looks back and forth takes minutes
        assert "…" not in redact("x" + "/" * 500_000) + redact("a" * 1_000_000)
        assert redact(piece * 100_000)


def test_a_traceback_is_blotted_out_too() -> None:
    try:
        raise ValueError(f"/search/?q={TOKEN}")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "at %s", (f"/join/{TOKEN}/",), sys.exc_info())

    assert TOKEN not in LineFormatter().format(record)
