"""Exports as a Word document: real headings, lists, tables and links, and formulas that Word can edit."""

import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.ns import nsdecls
from docx.shared import Emu, Inches
from lxml import etree
from mathml2omml import convert

from core.text import visible_text
from sharing.export.blocks import Block, Code, Heading, Item, Listing, Paragraph, Quote, Rule, Run, Table, plain
from sharing.export.content import Export
from sharing.export.formats.docx_package import BLUE, LEVELS, Package
from sharing.export.layout import (
    Body,
    Element,
    Entry,
    Illustration,
    Meta,
    Note,
    Section,
    SourceList,
    Title,
    elements,
    one_line,
)
from sharing.export.pictures import embedded

_NAMESPACES = f'{nsdecls("w", "r")} xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
_STYLES = {
    "strong": "<w:b/><w:bCs/>",
    "em": "<w:i/><w:iCs/>",
    "strike": "<w:strike/>",
    "code": '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>',
    "underline": '<w:u w:val="single"/>',
    "mark": '<w:highlight w:val="yellow"/>',
    "sub": '<w:vertAlign w:val="subscript"/>',
    "sup": '<w:vertAlign w:val="superscript"/>',
}
_ORDER = ("code", "strong", "em", "strike", "mark", "underline", "sub", "sup")  # in which the schema wants them
_AFTER_COLOR = ("<w:highlight", "<w:u ", "<w:vertAlign")
_LINK = f'<w:color w:val="{BLUE}"/>'
_WIDEST = Inches(6)
_HIGHEST = Inches(5)
_NOBODY = Body(())
_IN_CELL = '<w:spacing w:before="40" w:after="40"/>'
_SMALL_GAP = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="160" w:lineRule="exact"/></w:pPr></w:p>'
_STEP = 360  # twentieths of a point by which a list or a quotation is moved in


def write(export: Export, stream: BinaryIO) -> None:
    """Write the document."""
    package = Package(title=one_line(export.title), author=one_line(export.made_by), language=export.language)
    with tempfile.TemporaryFile() as body:
        writer = _Writer(package)
        for element in elements(export):
            for piece in writer.element(element):
                body.write(piece.encode())
        package.save(body, stream)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block stands: `left` is how far from the margin its text begins, `base` the same of the text around its
    lists, in twentieths of a point; `depth` how many lists it is in, since the last quotation."""

    base: int = 0
    depth: int = 0
    is_quoted: bool = False

    @property
    def left(self) -> int:
        """Where text begins."""
        return min(self.base + _STEP * self.depth, 5000)

    @property
    def bar(self) -> int:
        """How far before the text the line of the quotation stands; 0 outside of one."""
        return 160 + self.left - self.base if self.is_quoted else 0

    @property
    def style(self) -> str:
        """The style of a paragraph there."""
        return "ParleyQuote" if self.is_quoted else ""

    def in_item(self) -> "_Place":
        """Within an item of a list that stands here."""
        return replace(self, depth=self.depth + 1)

    def quoted(self) -> "_Place":
        """Within a quotation that stands here."""
        return _Place(base=self.left + _STEP, is_quoted=True)


class _Writer:
    """Writes elements as XML of the body."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._bookmarks = count(1)

    def element(self, element: Element) -> Iterator[str]:
        """The paragraphs and tables of an element."""
        match element:
            case Title():
                yield self._paragraph([Run(element.text)], style="Title")
            case Section():
                yield self._paragraph([Run(element.text)], style=f"Heading{element.level}")
            case Meta() if element.text:
                yield self._paragraph([Run(element.text, href=element.href)], style="ParleyMeta", is_sticky=True)
            case Note():
                yield self._paragraph([Run(element.text, frozenset({"strong", "mark"}))])
            case SourceList():
                yield self._paragraph([Run(element.label, frozenset({"strong"}))], style="ParleyMeta", is_sticky=True)
                for entry in element.entries:
                    yield self._entry(entry)
            case Illustration():
                yield self._picture(element)
            case Body():
                place = _Place().quoted() if element.is_quiet else _Place()
                yield from self._blocks(element.blocks, element, place)

    def _entry(self, one: Entry) -> str:
        mark = next(self._bookmarks)
        runs = [Run(f"[{one.number}] "), Run(one.title, href=one.url)]
        runs += [Run(f" — {one.details}")] if one.details else []
        begin = (
            f'<w:bookmarkStart w:id="{mark}" w:name={quoteattr(_bookmark(one.anchor))}/><w:bookmarkEnd w:id="{mark}"/>'
        )
        return self._paragraph(runs, style="ParleySource", before=begin, about=one.title)

    def _picture(self, shown: Illustration) -> str:
        name = one_line(shown.picture.name)
        caption = self._paragraph([Run(name)], style="ParleyMeta")
        found = embedded(shown.picture) if shown.is_embedded else None
        if found is None:
            return caption
        paragraph = self._package.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True  # its caption
        run = paragraph.add_run()
        width = Emu(min(_WIDEST, Inches(found.width / 160), _HIGHEST * found.width // max(1, found.height)))
        drawn = run.add_picture(io.BytesIO(found.data), width=width)
        drawn._inline.docPr.set("descr", name[:1000])
        element = run._r.getparent()
        element.getparent().remove(element)
        return f"{etree.tostring(element, encoding='unicode')}{caption}"

    def _blocks(self, blocks: Iterable[Block], body: Body, place: "_Place") -> Iterator[str]:
        for block in blocks:
            yield from self._block(block, body, place)

    def _block(self, block: Block, body: Body, place: "_Place") -> Iterator[str]:
        match block:
            case Paragraph():
                yield self._paragraph(block.runs, body=body, indent=place.left, bar=place.bar, style=place.style)
            case Heading():
                yield self._paragraph(block.runs, body=body, style=f"Heading{min(6, body.level + block.level)}")
            case Code():
                runs = [one for line in block.text.split("\n") for one in (Run("\n"), Run(line))][1:]
                yield self._paragraph(runs, style="ParleyCode", indent=place.left, about="a")
            case Listing():
                number = self._package.list_id(ordered=block.ordered, start=block.start)
                for item in block.items:
                    yield from self._item(item, number, body, place)
            case Quote():
                yield from self._blocks(block.blocks, body, place.quoted())
            case Table():
                yield self._table(block, body)
            case Rule():
                border = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="C9D0D5"/></w:pBdr>'
                yield f"<w:p><w:pPr>{border}</w:pPr></w:p>"

    def _item(self, item: Item, number: int, body: Body, place: "_Place") -> Iterator[str]:
        inner = place.in_item()
        blocks = list(item.blocks)
        first: Sequence[Run] = ()
        if blocks and isinstance(blocks[0], Paragraph):
            first = blocks[0].runs
            blocks = blocks[1:]
        if item.done is None:
            level = min(place.depth, LEVELS - 1)
            more = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        else:
            first, more = [Run("☑\t" if item.done else "☐\t"), *first], ""  # the box is its sign
        yield self._paragraph(
            first, body=body, more=more, indent=inner.left, hanging=_STEP, bar=place.bar, style=place.style
        )
        yield from self._blocks(blocks, body, inner)

    def _table(self, table: Table, body: Body) -> str:
        is_rtl = _is_rtl(plain(table.rows[0][0].runs))
        borders = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="C9D0D5"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        bidi = "<w:bidiVisual/>" if is_rtl else ""
        properties = f'<w:tblPr>{bidi}<w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{borders}</w:tblBorders></w:tblPr>'
        width = 9000 // len(table.rows[0])
        grid = f"<w:tblGrid>{f'<w:gridCol w:w={chr(34)}{width}{chr(34)}/>' * len(table.rows[0])}</w:tblGrid>"
        rows = []
        for row in table.rows:
            cells = []
            for cell in row:
                styled = [_with_style(run, "strong") for run in cell.runs] if cell.is_head else cell.runs
                align = f'<w:jc w:val="{cell.align}"/>' if cell.align in ("center", "right") else ""
                cells.append(f"<w:tc><w:tcPr/>{self._paragraph(styled, body=body, last=_IN_CELL + align)}</w:tc>")
            head = "<w:trPr><w:tblHeader/></w:trPr>" if any(cell.is_head for cell in row) else ""
            rows.append(f"<w:tr>{head}{''.join(cells)}</w:tr>")
        return f"<w:tbl>{properties}{grid}{''.join(rows)}</w:tbl>{_SMALL_GAP}"

    def _paragraph(
        self,
        runs: Sequence[Run],
        *,
        body: Body = _NOBODY,
        style: str = "",
        indent: int = 0,
        hanging: int = 0,
        bar: int = 0,
        more: str = "",
        last: str = "",
        before: str = "",
        about: str = "",
        is_sticky: bool = False,
    ) -> str:
        """A paragraph; the pieces of its properties stand in the order that the schema wants. `bar` is how far before
        its text the line of a quotation stands, in twentieths of a point, 0 where there is none."""
        is_rtl = _is_rtl(about or plain(runs))
        side = "right" if is_rtl else "left"
        space = min(31, bar // 20)  # points, and no more is possible
        line = f'<w:{side} w:val="single" w:sz="12" w:space="{space}" w:color="C9D0D5"/>'
        properties = (
            (f'<w:pStyle w:val="{style}"/>' if style else "")
            + ("<w:keepNext/>" if is_sticky else "")
            + more
            + (f"<w:pBdr>{line}</w:pBdr>" if bar else "")
            + ("<w:bidi/>" if is_rtl else "")
            + (f'<w:ind w:left="{indent}"{_hanging(hanging)}/>' if indent else "")
            + last
        )
        inside = "".join(self._run(run, body, is_rtl) for run in runs)
        return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{before}{inside}</w:p>"

    def _run(self, run: Run, body: Body, is_rtl: bool) -> str:
        if run.is_break:
            return "<w:r><w:br/></w:r>"
        if run.latex and (formula := _omml(run.mathml)):
            return f"<m:oMathPara>{formula}</m:oMathPara>" if run.display else formula
        styles = run.styles | {"code"} if run.latex else run.styles
        if run.cite:
            anchor = body.leads_to(run.cite)
            mark = _text(run.text, styles, _LINK if anchor else "", is_rtl)
            if anchor:
                mark = f'<w:hyperlink w:anchor={quoteattr(_bookmark(anchor))} w:history="1">{mark}</w:hyperlink>'
            return mark + (_text(f" ({run.check})", frozenset({"sup"}), "", is_rtl) if run.check else "")
        if run.is_unknown:
            return _text(run.text, styles | {"underline"}, "", is_rtl)
        if run.href and run.text:
            inside = _text(run.text, styles | {"underline"}, _LINK, is_rtl)
            return f'<w:hyperlink r:id="{self._package.link_id(run.href)}" w:history="1">{inside}</w:hyperlink>'
        return _text(run.text, styles, "", is_rtl)


def _text(text: str, styles: frozenset[str], color: str, is_rtl: bool) -> str:
    named = [_STYLES[style] for style in _ORDER if style in styles]
    at = next(
        (place for place, style in enumerate(named) if style.startswith(("<w:high", "<w:u ", "<w:vert"))), len(named)
    )
    properties = "".join((*named[:at], color, *named[at:], "<w:rtl/>" if is_rtl else ""))
    inside = '<w:t xml:space="preserve">' + escape(visible_text(text)).replace("\t", "</w:t><w:tab/><w:t>") + "</w:t>"
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inside}</w:r>"


def _with_style(run: Run, style: str) -> Run:
    return Run(
        run.text,
        run.styles | {style},
        run.href,
        run.cite,
        run.check,
        run.is_unknown,
        run.latex,
        run.mathml,
        run.display,
    )


@lru_cache(maxsize=512)
def _omml(mathml: str) -> str:
    """A formula as Word has it; empty for one that can't be told: it is shown as it was written."""
    if not mathml:
        return ""
    try:
        found = convert(mathml)
        etree.fromstring(f"<x {_NAMESPACES}>{found}</x>", etree.XMLParser(resolve_entities=False))
    except Exception:  # it answers what it does not know with errors of several kinds
        return ""
    return found if found.startswith("<m:oMath>") else ""


def _hanging(width: int) -> str:
    return f' w:hanging="{width}"' if width else ""


def _bookmark(anchor: str) -> str:
    return anchor.replace("-", "_")[:40]


def _is_rtl(text: str) -> bool:
    direction = next((way for sign in text[:500] if (way := unicodedata.bidirectional(sign)) in ("L", "R", "AL")), "L")
    return direction != "L"
