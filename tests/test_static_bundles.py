"""Style sheets and scripts are joined when they are collected, and nothing is lost, doubled or mixed up on the way."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

from config.static_bundles import ENTRY, PART, BundledStaticFilesStorage, join_bundle
from tests.stores import ROOT

STATIC = ROOT / "static"
NAMES = [str(path.relative_to(STATIC)) for path in sorted(STATIC.rglob("*")) if path.suffix in {".css", ".js"}]
ENTRIES = [name for name in NAMES if ENTRY.fullmatch(name)]
PARTS = [name for name in NAMES if PART.fullmatch(name)]
IMPORT = re.compile(r'^(?:@import|import [{"])[^;]*;[^\n]*\n', re.MULTILINE)


def read(name: str) -> str:
    return (STATIC / name).read_text()


def collect(folder: Path, texts: dict[str, str]) -> dict[str, str]:
    """What is collected from these files, by name and by hashed name."""
    for name, text in texts.items():
        (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "source" / name).write_text(text)
    source = FileSystemStorage(folder / "source")
    target = BundledStaticFilesStorage(location=folder / "target", base_url="/static/")
    for _name, _hashed, processed in target.post_process({name: (source, name) for name in texts}):
        assert not isinstance(processed, Exception), processed
    return {str(path.relative_to(folder / "target")): path.read_text() for path in (folder / "target").rglob("*.*s")}


def test_every_sheet_and_script_is_an_entry_or_a_part_of_one() -> None:
    assert {*ENTRIES, *PARTS} == set(NAMES)

    everything = "".join(join_bundle(entry, read) for entry in ENTRIES)
    for part in PARTS:
        assert _body(part) in everything


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_joined_entry_is_its_parts_each_once(entry: str) -> None:
    text = join_bundle(entry, read)

    inside = [part for part in PARTS if _body(part) in text]
    lines = sum(len(_body(name).splitlines()) for name in [entry, *inside])
    assert not IMPORT.search(text)
    assert len(text.splitlines()) == lines
    assert all(text.count(_body(part)) == 1 for part in inside)


def test_templates_name_entries_only() -> None:
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"(?:css|js)/[\w/.-]+\.(?:css|js)", path.read_text())
    }

    assert named <= set(ENTRIES)


def test_what_is_collected_has_the_parts_inside_and_a_hash_of_the_whole(tmp_path: Path) -> None:
    sheets = {
        "css/app.css": '@layer a;\n\n@import "b/c.css";\n',
        "css/b/c.css": "@layer a {\n}\n",
        "css/d.css": "p {}\n",
    }

    found = collect(tmp_path, sheets)
    other = collect(tmp_path, {**sheets, "css/b/c.css": "@layer a {\n  p {}\n}\n"})

    assert found["css/app.css"] == "@layer a;\n@layer a {\n}\n"
    assert found["css/d.css"] == "p {}\n"
    assert not [name for name in found if name.startswith("css/b/")]
    hashed = re.compile(r"css/app\.\w{12}\.css")
    assert len(set(filter(hashed.fullmatch, found)) | set(filter(hashed.fullmatch, other))) == 2


def test_modules_are_joined_after_those_they_import(tmp_path: Path) -> None:
    scripts = {
        "js/app.js": 'import {\n  one,\n} from "./a/one.js";\nimport "./a/effect.js";\n\nexport const more = one;\n',
        "js/a/one.js": 'import { zero } from "../b/zero.js"; // why\n\nexport const one = 1;\nexport class Two {}\n',
        "js/a/effect.js": 'import { zero } from "../b/zero.js";\n\nstart(zero);\n',
        "js/b/zero.js": "export const zero = 0;\n",
    }

    assert collect(tmp_path, scripts)["js/app.js"] == (
        "const zero=0;const one=1;class Two{}\nstart(zero);export const more=one;"
    )


def test_a_sheet_loses_its_comments_and_blanks_and_no_text_in_it(tmp_path: Path) -> None:
    sheet = (
        "/* why */\n@layer a {\n  /* so */\n\n  p::after {\n"
        '    content: "  /* no */ \\" ";\n    --a: 1px; /* px */\n  }\n}\n'
    )

    assert collect(tmp_path, {"css/app.css": sheet})["css/app.css"] == (
        '\n@layer a {\np::after {\ncontent: "  /* no */ \\" ";\n--a: 1px;\n}\n}\n'
    )


def test_a_script_loses_its_comments_and_blanks_and_no_text_in_it(tmp_path: Path) -> None:
    script = "// why\nlet a = `two //\n  of ${b  + c} text`; /* so */\nconst d = / {2}\\/\\//u.test('  // no');\n"

    assert collect(tmp_path, {"js/app.js": script})["js/app.js"] == (
        "let a=`two //\n  of ${b  + c} text`;const d=/ {2}\\/\\//u.test('  // no');"
    )


@pytest.mark.parametrize(
    ("entry", "part", "why"),
    [
        ('import { a } from "./p/x.js";\nconst b = 1;\n', "export const a = 1;\nconst b = 2;\n", "b is declared in"),
        ('import { a } from "./p/x.js";\n', "export const a = 1;\nconst { c: b, a } = d;\n", None),
        (
            'import { a } from "./p/x.js";\nfunction b() {}\n',
            "export const a = 1;\nconst [b, c] = d;\n",
            "b is declared in",
        ),
        (
            'import { a, c } from "./p/x.js";\n',
            "export const a = 1;\nconst c = 1;\n",
            "c, which js/p/x.js does not export",
        ),
        ('import a from "./p/x.js";\n', "", "cannot be joined"),
        ('import * as a from "./p/x.js";\n', "", "cannot be joined"),
        ('import { a as b } from "./p/x.js";\n', "export const a = 1;\n", "does not export"),
        ("const a = 1;\nexport { a };\n", "", "cannot be joined"),
        ("export default 1;\n", "", "cannot be joined"),
        ('import "./p/y.js";\n', "", "does not exist"),
        ('import "./p/x.js";\n', 'import "../app.js";\n', "imports itself"),
        ('import "./p/x.js";\n', 'import "../other.js";\n', "no part but an entry"),
    ],
)
def test_scripts_that_cannot_share_one_scope_are_refused(
    tmp_path: Path, entry: str, part: str, why: str | None
) -> None:
    texts = {"js/app.js": entry, "js/p/x.js": part, "js/other.js": ""}

    if why is None:
        collect(tmp_path, texts)
        return
    with pytest.raises(ImproperlyConfigured, match=re.escape(why)):
        collect(tmp_path, texts)


@pytest.mark.parametrize(
    ("entry", "part", "why"),
    [
        ('p {}\n@import "p/x.css";\n', "", "browsers ignore"),
        ('@import "p/x.css";\n', "p { background: url(y.png); }\n", "url()"),
        ('@import "p/y.css";\n', "", "does not exist"),
    ],
)
def test_sheets_that_would_mean_something_else_joined_are_refused(
    tmp_path: Path, entry: str, part: str, why: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(why)):
        collect(tmp_path, {"css/app.css": entry, "css/p/x.css": part})


def _body(name: str) -> str:
    """The file without its imports, and without what joining takes off its exports."""
    text = IMPORT.sub("", read(name))
    return re.sub("^export ", "", text, flags=re.MULTILINE) if name in PARTS and name.endswith(".js") else text
