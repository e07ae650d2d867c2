"""Making the passport of an answer for somebody who may read it."""

import base64
import json
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from chat.models import Answer
from chat.sources.passports.canonical import canonical, sha256
from chat.sources.passports.contents import contents_for
from chat.sources.passports.signing import sign
from chat.sources.passports.verify import ALGORITHM, SIGNED_AS
from core.errors import ActionRefused


def make_passport(*, answer: Answer, by: User) -> dict[str, Any]:
    """The passport with its seal, for this reader, as it is now.

    Raises ActionRefused for an answer that is still being written.
    """
    if answer.is_live:
        raise ActionRefused(_("An answer gets its passport when it has ended."))
    passport = contents_for(by, answer)
    signed = canonical(passport)
    public_key, signature = sign(SIGNED_AS + signed)
    seal = {
        "algorithm": ALGORITHM,
        "public_key": public_key,
        "fingerprint": sha256(base64.b64decode(public_key)),
        "sha256": sha256(signed),
        "signature": signature,
    }
    return {"passport": passport, "seal": seal}


def as_file(passport: dict[str, Any]) -> bytes:
    """The passport as people save it: the same JSON, on lines."""
    return json.dumps(passport, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
