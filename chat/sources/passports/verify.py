"""Verifies a passport with nothing but its file: `python -m chat.sources.passports.verify FILE [FINGERPRINT]`.

It says what was proven, what is wrong, and what nobody can prove by a file. docs/passports.md, "Verifying".
"""

import base64
import binascii
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chat.sources.passports import commitments, log_chain
from chat.sources.passports.canonical import NotCanonical, canonical, read, sha256, text_sha256

FORMAT = "parley-passport"
VERSION = 1
ALGORITHM = "Ed25519"
SIGNED_AS = b"parley passport 1\n"
"""Stands before the canonical form in what is signed, so that a signature is good for nothing else."""
LONGEST = 50_000_000  # bytes
FINGERPRINT_GROUPS = 8
_PARTS = {
    "answer", "check", "conversation_before", "format", "log", "made_at", "made_for", "parley", "question", "received",
    "sent", "site", "verifications", "version",
}  # fmt: skip
_SEAL = {"algorithm", "fingerprint", "public_key", "sha256", "signature"}


@dataclass
class Verdict:
    """What was found: each a sentence. `fingerprint` is that of the key which signed, where there is one."""

    proven: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    fingerprint: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the file is what it says, as far as that can be told by it alone."""
        return bool(self.proven) and not self.wrong


def grouped(fingerprint: str) -> str:
    """The fingerprint so that people can compare it."""
    size = max(1, len(fingerprint) // FINGERPRINT_GROUPS)
    return " ".join(fingerprint[place : place + size] for place in range(0, len(fingerprint), size))


def verify(data: bytes, *, fingerprint: str = "") -> Verdict:
    """What the file with these bytes proves. With a `fingerprint`, of an installation that one knows, it has to be
    signed by that one. There are no bytes of which this cannot be said."""
    verdict = Verdict()
    try:
        passport, seal = _parts_of(data)
    except NotCanonical as fault:
        verdict.wrong.append(f"This is not a passport that can be read: {fault}.")
        return verdict
    _verify_seal(verdict, passport, seal, expected="".join(fingerprint.split()).lower())
    for look in (_verify_texts, _verify_withheld, _verify_check, _verify_log):
        try:
            look(verdict, passport)
        except (AttributeError, KeyError, TypeError, ValueError, NotCanonical) as fault:
            verdict.wrong.append(f"A part of the passport is not what it should be ({type(fault).__name__}).")
    verdict.unproven += _NEVER_PROVEN
    return verdict


_NEVER_PROVEN = (
    "That the answer is true: a passport says where it came from and what was checked, and nothing more.",
    "That the service which answered sent just this: services do not sign what they send. The installation that signed "
    "vouches for what it received.",
    "The time: it is that of the installation's clock.",
)


def _parts_of(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    if len(data) > LONGEST:
        raise NotCanonical("it is too large")
    found = read(data)
    if not isinstance(found, dict) or set(found) != {"passport", "seal"}:
        raise NotCanonical("it has other parts than a passport and its seal")
    passport, seal = found["passport"], found["seal"]
    if not isinstance(passport, dict) or not isinstance(seal, dict):
        raise NotCanonical("its parts are not objects")
    if passport.get("format") != FORMAT or passport.get("version") is True or passport.get("version") != VERSION:
        raise NotCanonical("it has another format or version than this program knows")
    if set(passport) != _PARTS or set(seal) != _SEAL:
        raise NotCanonical("something is missing from it, or was added")
    canonical(found)
    return passport, seal


def _verify_seal(verdict: Verdict, passport: Mapping[str, Any], seal: Mapping[str, Any], *, expected: str) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    signed = canonical(passport)
    try:
        public = base64.b64decode(seal["public_key"], validate=True)
        signature = base64.b64decode(seal["signature"], validate=True)
        if seal["algorithm"] != ALGORITHM:
            raise ValueError
        if base64.b64encode(public).decode() != seal["public_key"]:
            raise ValueError
        if base64.b64encode(signature).decode() != seal["signature"]:
            raise ValueError
        Ed25519PublicKey.from_public_bytes(public).verify(signature, SIGNED_AS + signed)
    except (InvalidSignature, ValueError, TypeError, binascii.Error):
        verdict.wrong.append("The signature does not fit: the file was changed after it was signed.")
        return
    verdict.fingerprint = sha256(public)
    if seal["fingerprint"] != verdict.fingerprint or seal["sha256"] != sha256(signed):
        verdict.wrong.append("The seal says something else than the key and the passport: it was changed.")
        return
    name = grouped(verdict.fingerprint)
    verdict.proven.append(f"Nothing in the file was changed since it was signed, by the key {name}.")
    if not expected:
        verdict.unproven.append(
            f"Whose key that is. Compare {name} with the fingerprint on the installation’s page of passports, or name "
            "it to this program."
        )
    elif expected == verdict.fingerprint:
        verdict.proven.append("It was signed by the installation that you named.")
    else:
        verdict.wrong.append("It was signed by another installation than the one that you named.")


def _verify_texts(verdict: Verdict, passport: Mapping[str, Any]) -> None:
    for name in ("question", "answer"):
        if text_sha256(passport[name]["text"]) == passport[name]["text_sha256"]:
            verdict.proven.append(f"The text of the {name} has the hash that the passport names.")
        else:
            verdict.wrong.append(f"The text of the {name} has another hash than the passport names.")


def _verify_withheld(verdict: Verdict, passport: Mapping[str, Any]) -> None:
    sent = passport["sent"]
    shown = withheld = 0
    for one in (*sent["instructions"], *([sent["documents"]] if sent["documents"] else [])):
        found = commitments.is_true(one["what"])
        if found is False:
            verdict.wrong.append(f"What was sent along ({one['of']}) has another hash than the passport names.")
        shown += found is True
        withheld += found is None
    if shown:
        verdict.proven.append(f"Instructions and documents that are shown have their hashes: {shown}.")
    if withheld:
        verdict.unproven.append(
            f"What stands behind {withheld} hash(es) of instructions or documents that the reader of this passport may "
            "not see. Whoever may see them has the same hashes in their own passport, with the content."
        )
    if sent["attachments"]:
        verdict.unproven.append("The files that were attached. Whoever has one can compare its SHA-256.")


def _verify_check(verdict: Verdict, passport: Mapping[str, Any]) -> None:
    check = passport["check"]
    if check is None:
        verdict.unproven.append("What the sources say: the citations of this answer were not checked.")
        return
    if check["text_sha256"] == passport["answer"]["text_sha256"]:
        verdict.proven.append("The check of its citations was made of this text.")
    else:
        verdict.unproven.append("The check of its citations: it was made of another text.")
    if any(one["text_sha256"] for one in check["sources"]):
        verdict.unproven.append("The pages that were read. Whoever has a kept copy can compare its SHA-256.")


def _verify_log(verdict: Verdict, passport: Mapping[str, Any]) -> None:
    log, text = passport["log"], passport["answer"]["text"]
    if log is None:
        verdict.unproven.append("How the answer arrived: nothing of its log was kept.")
        return
    try:
        head = log_chain.head_of(log["entries"], text=text)
    except ValueError as fault:
        verdict.wrong.append(f"The log does not fit the text: {fault}.")
        return
    if head != log["head"]:
        verdict.wrong.append("The chain of the log does not lead to the end that the passport names.")
    elif log_chain.tells_text(log["entries"]):
        count = len(log["entries"])
        verdict.proven.append(f"The text is what the {count} entries of its log add up to, and their chain is whole.")
    else:
        verdict.proven.append("The chain of the log is whole.")
        verdict.unproven.append("That the text came by this log: it was put together in another way.")
    verdict.unproven.append("What other entries of the log said: of these there are hashes alone.")


def report(verdict: Verdict) -> Iterator[str]:
    """The lines that tell it."""
    yield "VERIFIED" if verdict.is_good else "NOT VERIFIED"
    for heading, lines in (
        ("Wrong", verdict.wrong),
        ("Proven", verdict.proven),
        ("Not proven by this file", verdict.unproven),
    ):
        if lines:
            yield f"\n{heading}:"
            yield from (f"  - {line}" for line in lines)


def run(path: str, *, fingerprint: str = "", write: Callable[[str], object] = print) -> bool:
    """Verify the file and write the report. Returns whether it is good."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as fault:
        write(f"NOT VERIFIED\n\nThe file can't be read: {fault.strerror or fault}.")
        return False
    verdict = verify(data, fingerprint=fingerprint)
    write("\n".join(report(verdict)))
    return verdict.is_good


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit("usage: python -m chat.sources.passports.verify FILE [FINGERPRINT]")
    sys.exit(0 if run(sys.argv[1], fingerprint="".join(sys.argv[2:])) else 1)
