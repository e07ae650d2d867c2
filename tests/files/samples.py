"""Files as people send them, and as attackers do."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()


def drawn(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """A picture whose left upper corner is brighter than the rest, so that one sees which way it stands."""
    image = Image.linear_gradient("L").rotate(180).resize(size).convert("RGB")
    image.paste((255, 230, 200), (0, 0, size[0] // 4, size[1] // 4))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture in Pillow's format of that name."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """The decoded picture."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def telltale() -> Image.Exif:
    """What a telephone notes: it lay on its side, who made it, and where it was."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Telltale Telephones"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 22.0, 33.0), 3: "E", 4: (4.0, 53.0, 42.0)})
    return exif


def animation(frames: int, size: tuple[int, int] = (8, 8)) -> bytes:
    """A GIF of so many pictures, each different from the one before it."""
    images = [Image.new("P", size, number % 2 + 1) for number in range(frames)]
    for image in images:
        image.putpalette([0, 0, 0, 255, 0, 0, 0, 0, 255])
    return encoded(images[0], "GIF", save_all=True, append_images=images[1:], loop=0, duration=20, comment=b"telltale")


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG with a header of this size and next to nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def docx(*more: str, text: bytes = b"<document/>") -> bytes:
    """A Word document, as far as its list of contents goes, with more parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", text)
        for name in more:
            archive.writestr(name, "x")
    return out.getvalue()


def packed(*names: str) -> bytes:
    """Some other archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def doc(stream: str = "WordDocument") -> bytes:
    """An old office document, as far as its directory goes."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + stream.encode("utf-16-le") + bytes(512)


RTF = rb"{\rtf1\ansi The light is kept.}"


def pdf(*pages: str) -> bytes:
    """A PDF of pages with a line of text each; a page without text has a grey square, as a scan would be."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, text in enumerate(pages):
        said = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        drawn = f"BT /F1 12 Tf 72 720 Td ({said}) Tj ET" if text else "0.5 g 72 72 400 600 re f"
        box = "/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}/Contents {5 + 2 * number} 0 R>>")
        objects.append(f"<</Length {len(drawn.encode('cp1252'))}>>stream\n{drawn}\nendstream")
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


PDF = pdf("The light is kept.")
