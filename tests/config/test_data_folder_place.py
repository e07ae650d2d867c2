"""Where everything is kept when nobody says where."""

from pathlib import Path

import pytest

from config import env
from config.serving import process
from tests.stores import ROOT


def test_it_lies_beside_the_program_for_whatever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_DIR", raising=False)
    monkeypatch.setenv("PORT", "8123")
    looked_at: list[Path] = []

    def look(path: Path, *_mode: str) -> None:
        looked_at.append(path)
        raise FileNotFoundError(path)

    monkeypatch.setattr(Path, "open", look)

    assert env.data_folder("DATA_DIR") == ROOT / "data"
    assert process.find_serving_process() is None
    assert looked_at == [ROOT / "data" / ".serving-8123"]
