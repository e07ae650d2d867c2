"""The documents that the demo quotes: a source that is shown leads somewhere."""

import pytest
from django.test import Client

from accounts.models import User
from tests.stores import ROOT
from upstream.demo.documents.collection import OUR_FILES

pytestmark = pytest.mark.django_db


def test_every_document_that_the_demo_quotes_is_a_page(alice: User) -> None:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    quoted = sorted(path.relative_to(ROOT).as_posix() for pattern in OUR_FILES for path in ROOT.glob(pattern))

    found = {path: client.get(f"/docs/{path}").status_code for path in quoted}

    assert "docs/sonar.md" in found
    assert set(found.values()) == {200}


def test_the_readme_is_there_in_every_language(alice: User) -> None:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    translated = sorted(path.name for path in (ROOT / "docs").glob("README.*.md"))

    assert len(translated) == 7
    assert {client.get(f"/docs/docs/{name}").status_code for name in translated} == {200}
    assert all(f"docs/{name}" in (ROOT / "README.md").read_text() for name in translated)


@pytest.mark.parametrize(
    "path",
    [
        "/docs/docs/nothing.md",
        "/docs/LICENSE.md",
        "/docs/docs/README.md",
        "/docs/docs/README.xx.md",
        "/docs/docs/..%2FREADME.md",
    ],
)
def test_nothing_else_is(alice: User, path: str) -> None:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(path).status_code == 404
