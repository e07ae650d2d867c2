"""The demo reads the contracts by itself: a mistake that it shared with the product would be seen by no test."""

import ast
from collections.abc import Iterator
from pathlib import Path

DEMO = Path(__file__).resolve().parents[3] / "upstream" / "demo"
OURS = ("accounts", "api", "chat", "config", "core", "files", "imaging", "sharing", "upstream")


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, path
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_demo_imports_nothing_of_the_product() -> None:
    for path in DEMO.rglob("*.py"):
        ours = [name for name in imported_by(path) if name.partition(".")[0] in OURS]
        assert [name for name in ours if not name.startswith("upstream.demo.")] == [], path
