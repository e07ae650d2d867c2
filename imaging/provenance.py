"""Where a picture comes from, written into the file that leaves: prompt, models, people, times.

The words go between the parts of the file; the picture itself stays as it is, byte for byte. PNG and JPEG get XMP,
which photo programs and search engines read, with the mark of the press for pictures made by a trained algorithm. PNG
gets its own text chunks besides, and a GIF gets a comment.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from xml.sax.saxutils import escape

from imaging.models import Decision, GeneratedImage

MADE_BY_ALGORITHM = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
NAMESPACE = "urn:parley:provenance:1.0"
_PNG_HEAD = 8 + 4 + 4 + 13 + 4  # signature and the first chunk
_XMP_IN_JPEG = b"http://ns.adobe.com/xap/1.0/\x00"
_MOST_IN_JPEG = 65_533 - len(_XMP_IN_JPEG)  # bytes of one segment
_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])  # XML has no way to write these


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is said of a picture. `approved_by` is empty as long as nobody approved it."""

    prompt: str
    description: str
    model: str
    generation_model: str
    router: str
    requested_by: str
    requested_at: datetime
    team: str
    identifier: str
    approved_by: str = ""
    approved_at: datetime | None = None
    service: str = ""

    def facts(self) -> Mapping[str, str]:
        """What is known, by names in the manner of XMP."""
        facts = {
            "Prompt": self.prompt,
            "Service": self.service,
            "Model": self.model,
            "GenerationModel": self.generation_model,
            "Router": self.router,
            "RequestedBy": self.requested_by,
            "RequestedAt": self.requested_at.isoformat(timespec="seconds"),
            "Team": self.team,
            "Identifier": self.identifier,
            "ApprovedBy": self.approved_by,
            "ApprovedAt": self.approved_at.isoformat(timespec="seconds") if self.approved_at else "",
        }
        return {name: text.translate(_FORBIDDEN) for name, text in facts.items() if text}


def provenance_of(image: GeneratedImage) -> Provenance:
    """What Parley knows about the image."""
    verdict = image.decisions.select_related("by").order_by("at", "id").last()
    approved = verdict if verdict and image.state == GeneratedImage.State.APPROVED else None
    is_approved = approved is not None and approved.verdict == Decision.Verdict.APPROVED
    return Provenance(
        prompt=image.prompt,
        description=image.description,
        model=image.resolved_model or image.model,
        generation_model=image.generation_model,
        router=image.router,
        requested_by=image.requested_by.display_name,
        requested_at=image.created_at,
        team=image.team.name,
        identifier=str(image.pk),
        approved_by=approved.by.display_name if approved and is_approved else "",
        approved_at=approved.at if approved and is_approved else None,
        service=image.service,
    )


def with_provenance(picture: bytes, media_type: str, about: Provenance) -> bytes:
    """The file with its provenance in it. A file of a kind that has no room for it comes back as it is."""
    match media_type:
        case "image/png":
            return _into_png(picture, about)
        case "image/jpeg":
            return _into_jpeg(picture, about)
        case "image/gif":
            return _into_gif(picture, about)
    return picture


def xmp(about: Provenance) -> bytes:
    """An XMP packet that says it."""
    facts = "".join(f"<parley:{name}>{escape(text)}</parley:{name}>" for name, text in about.facts().items())
    author = escape(about.requested_by.translate(_FORBIDDEN))
    text = escape((about.description or about.prompt).translate(_FORBIDDEN))
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f'xmlns:parley="{NAMESPACE}">'
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></dc:description>'
        f"<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
        "<xmp:CreatorTool>Parley</xmp:CreatorTool>"
        f"<xmp:CreateDate>{about.requested_at.isoformat(timespec='seconds')}</xmp:CreateDate>"
        f"<Iptc4xmpExt:DigitalSourceType>{MADE_BY_ALGORITHM}</Iptc4xmpExt:DigitalSourceType>"
        f"{facts}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="r"?>'
    ).encode()


def _into_png(picture: bytes, about: Provenance) -> bytes:
    texts = {
        "Description": about.description or about.prompt,
        "Author": about.requested_by,
        "Creation Time": about.requested_at.isoformat(timespec="seconds"),
        "Software": "Parley",
        **{f"Parley {name}": text for name, text in about.facts().items()},
        "XML:com.adobe.xmp": xmp(about).decode(),
    }
    chunks = b"".join(_chunk(name, text) for name, text in texts.items() if text)
    return picture[:_PNG_HEAD] + chunks + picture[_PNG_HEAD:]


def _chunk(keyword: str, text: str) -> bytes:
    """International text, not packed: what is in it can be found with any tool."""
    body = b"iTXt" + keyword.encode("latin-1") + b"\x00\x00\x00\x00\x00" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _into_jpeg(picture: bytes, about: Provenance) -> bytes:
    packet = xmp(about)
    if len(packet) > _MOST_IN_JPEG:  # a description without end; the prompt is never so long
        packet = xmp(replace(about, description=about.prompt[:200]))
    segment = _XMP_IN_JPEG + packet
    at = 2
    if picture[2:4] == b"\xff\xe0":  # the segment that says JFIF comes first
        at = 4 + int.from_bytes(picture[4:6], "big")
    return picture[:at] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + picture[at:]


def _into_gif(picture: bytes, about: Provenance) -> bytes:
    text = json.dumps({"Software": "Parley", **about.facts()}).encode("ascii")
    blocks = b"".join(bytes([len(part)]) + part for part in (text[at : at + 255] for at in range(0, len(text), 255)))
    end = picture.rfind(b"\x3b")
    return picture[:end] + b"\x21\xfe" + blocks + b"\x00" + picture[end:]
