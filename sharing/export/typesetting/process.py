"""Runs Typst over a prepared folder: `python process.py FOLDER DATA OUT FIRST whole|part`, in a process of its own,
which takes its memory with it when it ends.

The folder holds `export.typ` and the data; the PDF is written beside them. Nothing outside of it can be read, and no
package is ever loaded: the template names none.
"""

import json
import sys
from pathlib import Path

import typst

PROBE = '#set page(width: 60pt, height: 60pt, margin: 5pt)\n#set text(font: json("fonts.json"))\n#text(sys.inputs.sign)'
_UNASSIGNED = "\u0378"


def missing(folder: Path, signs: dict[str, str], fonts: typst.Fonts) -> list[str]:
    """The names of those scripts whose sign no font has: it comes out as the box that an unassigned sign gets."""
    probe = folder / "probe.typ"
    probe.write_text(PROBE)

    def drawn(sign: str) -> object:
        return typst.compile(probe, root=folder, font_paths=fonts, format="png", ppi=36, sys_inputs={"sign": sign})

    box = drawn(_UNASSIGNED)
    return [name for name, sign in signs.items() if drawn(sign) == box]


def main(folder: Path, data: str, out: str, first: str, extent: str) -> None:
    """Set one part of the export in the folder; on its first page stands for which scripts there is no font."""
    fonts = typst.Fonts()
    plan = json.loads((folder / "plan.json").read_text())
    (folder / "fonts.json").write_text(json.dumps(_known(plan["fonts"], fonts)))
    signs = plan["signs"] if first == "1" else {}
    (folder / "missing.json").write_text(json.dumps(missing(folder, signs, fonts) if signs else []))
    typst.compile(
        folder / "export.typ",
        output=folder / out,
        root=folder,
        font_paths=fonts,
        sys_inputs={"data": data, "first": first, "extent": extent},
        pdf_tags=plan["tags"],
        timestamp=plan["at"],
    )


def _known(wished: list[str], fonts: typst.Fonts) -> list[str]:
    """Those of the wished families that are there, in their order; Typst falls back to all others by itself."""
    families = set(fonts.families())
    return [name for name in wished if name in families] or ["Libertinus Serif"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:6])
