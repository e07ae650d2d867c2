"""The package of a Word document: python-docx makes its frame with styles and numbering, and the body is written into
the archive from a file, so that a long document is never in memory as a whole."""

import io
import itertools
import zipfile
from typing import Any, BinaryIO

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from sharing.export.layout import is_for_letter

_PLACE = "<w:p><w:r><w:t>parley-body</w:t></w:r></w:p>"
_POINTS, _NUMBERS = 90, 91  # ids of our two kinds of lists
QUIET = RGBColor(0x59, 0x63, 0x6B)
BLUE = "0B5C8A"
LEVELS = 9


class Package:
    """One document being made."""

    def __init__(self, *, title: str, author: str, language: str) -> None:
        self.document = docx.Document()
        self.document.core_properties.title = title[:255]
        self.document.core_properties.author = author[:255]
        self.document.core_properties.comments = ""
        self._set_paper(language)
        self._set_styles(language)
        self._numbering = self.document.part.numbering_part.element
        self._add_kinds_of_lists()
        self._numbers = itertools.count(200)
        self._addresses: dict[str, str] = {}

    def link_id(self, url: str) -> str:
        """The id of the relationship to an address outside, one for each address."""
        known = self._addresses.get(url)
        if known is None:
            # Looking for one that is there, as `relate_to` does, takes as long as there are links in the document.
            known = self._addresses[url] = f"rIdA{len(self._addresses)}"
            self.document.part.rels.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, url, known, is_external=True)
        return known

    def list_id(self, *, ordered: bool, start: int) -> int:
        """The id of a list; each ordered one counts for itself."""
        number = next(self._numbers) if ordered else _POINTS
        if ordered:
            override = f'<w:lvlOverride w:ilvl="{{}}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            levels = "".join(override.format(level) for level in range(LEVELS))
            self._numbering.append(
                parse_xml(
                    f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{_NUMBERS}"/>{levels}</w:num>'
                )
            )
        return number

    def save(self, body: BinaryIO, out: BinaryIO) -> None:
        """Write the whole document, with this XML in its body."""
        root = self.document.element.body
        root.insert(0, parse_xml(_PLACE.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))
        frame = io.BytesIO()
        self.document.save(frame)
        with zipfile.ZipFile(frame) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
            for info in read.infolist():
                if info.filename != "word/document.xml":
                    written.writestr(info.filename, read.read(info))
                    continue
                before, after = read.read(info).split(_PLACE.encode(), 1)
                with written.open("word/document.xml", "w", force_zip64=True) as xml:
                    xml.write(before)
                    body.seek(0)
                    while piece := body.read(1 << 20):
                        xml.write(piece)
                    xml.write(after)

    def _set_paper(self, language: str) -> None:
        if not is_for_letter(language):
            section = self.document.sections[0]
            section.page_width, section.page_height = Mm(210), Mm(297)
            section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)

    def _set_styles(self, language: str) -> None:
        styles = self.document.styles
        normal = styles["Normal"]
        normal.font.name, normal.font.size = "Calibri", Pt(11)
        normal.paragraph_format.space_after = Pt(6)
        sizes = {1: 18, 2: 15, 3: 13.5, 4: 12, 5: 11.5, 6: 11}
        for level, size in sizes.items():
            style = styles[f"Heading {level}"]
            style.font.bold = style.font.cs_bold = True
            style.font.italic = style.font.cs_italic = False
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(size), Pt(4)
            style.font.size, style.font.color.rgb, style.font.name = Pt(size), RGBColor(0x1D, 0x23, 0x28), "Calibri"
            _set_size_of_arabic(style, size)
            fonts = style.element.rPr.rFonts
            for name in list(fonts.attrib):
                if name.endswith("Theme"):
                    del fonts.attrib[name]
        for name, size, quiet in (("Parley Meta", 9, True), ("Parley Source", 9.5, False)):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style, style.font.size = normal, Pt(size)
            style.paragraph_format.space_after = Pt(4)
            if quiet:
                style.font.color.rgb = QUIET
        quote = styles.add_style("Parley Quote", WD_STYLE_TYPE.PARAGRAPH)
        quote.base_style, quote.font.color.rgb = normal, QUIET
        code = styles.add_style("Parley Code", WD_STYLE_TYPE.PARAGRAPH)
        code.base_style, code.font.name, code.font.size = normal, "Consolas", Pt(9)
        code.paragraph_format.space_after = Pt(6)
        shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="F4F6F7"/>'
        code.element.get_or_add_pPr().insert(0, parse_xml(shade))  # before the spacing, as the schema wants it
        defaults = styles.element.find(qn("w:docDefaults"))
        if defaults is not None:
            for lang in defaults.iter(qn("w:lang")):
                lang.set(qn("w:val"), language)

    def _add_kinds_of_lists(self) -> None:
        kinds: tuple[tuple[int, str, Any], ...] = (
            (_POINTS, "bullet", lambda level: "•◦▪"[level % 3]),
            (_NUMBERS, "decimal", lambda level: f"%{level + 1}."),
        )
        first = self._numbering.find(qn("w:num"))
        for kind, form, sign in kinds:
            levels = "".join(
                f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
                f'<w:lvlText w:val="{sign(level)}"/><w:lvlJc w:val="left"/>'
                f'<w:pPr><w:ind w:left="{360 * (level + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
                for level in range(LEVELS)
            )
            abstract = parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{kind}">'
                f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
            )
            first.addprevious(abstract) if first is not None else self._numbering.append(abstract)
        points = f'<w:num {nsdecls("w")} w:numId="{_POINTS}"><w:abstractNumId w:val="{_POINTS}"/></w:num>'
        self._numbering.append(parse_xml(points))


def _set_size_of_arabic(style: Any, points: float) -> None:
    """Scripts such as Arabic have a size of their own, which python-docx doesn't know."""
    properties = style.element.rPr
    for one in properties.findall(qn("w:szCs")):
        properties.remove(one)
    properties.find(qn("w:sz")).addnext(parse_xml(f'<w:szCs {nsdecls("w")} w:val="{round(2 * points)}"/>'))
