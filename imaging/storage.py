"""The store of drawn pictures: judged by decoding, rid of everything but what one sees, named by their content."""

import hashlib
import io
from dataclasses import dataclass

from core.sentences import sentence as _
from files import FileRefused, Store, pictures
from files.formats import HEAD, picture_format
from imaging.fingerprints import SIZE, fingerprint

store = Store("images")


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture that is in the store. Sizes in pixels and bytes."""

    sha256: str
    original_sha256: str
    media_type: str
    size: int
    width: int
    height: int
    fingerprint: str


def keep_picture(data: bytes) -> StoredPicture:
    """Judge the bytes that came and keep what one sees of them, with a thumbnail. Takes up to seconds.

    Raises files.FileRefused with a sentence, OSError when the store does not take it.
    """
    kind = picture_format(data[:HEAD])
    if kind is None:
        raise FileRefused(_("The image was drawn but isn’t a PNG, JPEG, GIF or WEBP file."))
    try:
        picture = pictures.clean_picture(io.BytesIO(data), kind, grey=SIZE)
    except FileRefused as refusal:
        raise FileRefused(_("The image couldn’t be saved. %(why)s") % {"why": refusal.sentence}) from None
    return StoredPicture(
        sha256=store.put(picture.data, thumbnail=picture.thumbnail),
        original_sha256=hashlib.sha256(data).hexdigest(),
        media_type=picture.format.media_type,
        size=len(picture.data),
        width=picture.width,
        height=picture.height,
        fingerprint=fingerprint(picture.grey),
    )
