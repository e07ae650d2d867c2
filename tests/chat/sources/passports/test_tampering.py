"""Whatever is changed in a passport, it is noticed."""

import base64
import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accounts.models import User
from chat.models import Answer
from chat.sources.passports.canonical import canonical, sha256
from chat.sources.passports.service import as_file, make_passport
from chat.sources.passports.signing import fingerprint
from chat.sources.passports.verify import SIGNED_AS, verify

pytestmark = pytest.mark.django_db
Path_ = tuple[str | int, ...]


@pytest.fixture
def passport(logged: Answer, alice: User) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(as_file(make_passport(answer=logged, by=alice)))
    return made


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every place in it: each object, list and value."""
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        yield from places(inner, (*path, name))


def at(value: Any, path: Path_) -> Any:
    for name in path:
        value = value[name]
    return value


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return f"{value[:-1]}{'b' if value[-1:] == 'a' else 'a'}"
    if isinstance(value, list):
        return [*value, "more"]
    if isinstance(value, dict):
        return value | {"more": 1}
    return "something"


def sealed_anew(passport: dict[str, Any], key: Ed25519PrivateKey) -> bytes:
    """The passport signed by somebody else."""
    signed, public = canonical(passport["passport"]), key.public_key().public_bytes_raw()
    passport["seal"] |= {
        "public_key": base64.b64encode(public).decode(),
        "fingerprint": sha256(public),
        "sha256": sha256(signed),
        "signature": base64.b64encode(key.sign(SIGNED_AS + signed)).decode(),
    }
    return json.dumps(passport).encode()


def test_every_value_that_is_altered_removed_or_added_is_noticed(passport: dict[str, Any]) -> None:
    found = list(places(passport))
    assert len(found) > 150
    for path in found:
        changed, removed = copy.deepcopy(passport), copy.deepcopy(passport)
        at(changed, path[:-1])[path[-1]] = other(at(passport, path))
        del at(removed, path[:-1])[path[-1]]
        for one in (changed, removed):
            verdict = verify(json.dumps(one).encode())
            assert not verdict.is_good, path
            assert verdict.wrong, path


def test_any_letter_of_the_file_that_is_changed_is_noticed_or_means_the_same(passport: dict[str, Any]) -> None:
    data, chosen = json.dumps(passport).encode(), random.Random(15)
    for _time in range(1_500):
        place = chosen.randrange(len(data))
        changed = data[:place] + bytes([chosen.randrange(256)]) + data[place + 1 :]
        if verify(changed).is_good:
            assert json.loads(changed) == passport


def test_it_is_the_same_passport_however_it_is_laid_out(passport: dict[str, Any]) -> None:
    assert verify(json.dumps(passport, indent=7, ensure_ascii=True).encode()).is_good


def test_whoever_signs_a_forgery_is_another_installation(passport: dict[str, Any]) -> None:
    passport["passport"]["received"]["cost"] = "0.000001"
    forged = sealed_anew(passport, Ed25519PrivateKey.generate())

    assert not verify(forged, fingerprint=fingerprint()).is_good
    alone = verify(forged)
    assert any(line.startswith("Whose key that is") for line in alone.unproven)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("answer", "text"), "The light burns since 1905."),
        (("question", "text"), "Since where?"),
        (("log", "head"), "0" * 64),
        (("log", "entries", 5, 1), 11),
        (("log", "entries", 0, 1), "0" * 64),
        (("log", "entries"), [["text", True]]),
        (("log", "entries"), [5]),
        (("sent", "instructions", 0, "what", "content", "text"), "Be long."),
        (("sent", "documents", "what", "salt"), "00" * 16),
        (("sent", "documents", "what"), "nothing"),
        (("check", "sources"), 7),
    ],
)
def test_hashes_and_the_chain_are_made_anew_even_where_the_signature_fits(
    passport: dict[str, Any], path: Path_, value: Any
) -> None:
    at(passport["passport"], path[:-1])[path[-1]] = value

    verdict = verify(sealed_anew(passport, Ed25519PrivateKey.generate()))

    assert verdict.wrong


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"null",
        b'{"passport": {}, "seal": {}}',
        b'{"passport": 1, "passport": 1, "seal": {}}',
        b'{"passport": {"version": NaN}, "seal": {}}',
        b'{"passport": "\\ud800", "seal": {}}',
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"9" * 10_000,
    ],
)
def test_there_are_no_bytes_that_break_it(data: bytes) -> None:
    verdict = verify(data)

    assert verdict.wrong
    assert not verdict.is_good
