"""The README's lines from a CSV to a deck, as they stand there."""

import zipfile

import pytest

import mmm
from tests.pages import FENCE, ROOT

pytestmark = pytest.mark.slow


def blocks():
    """The lines to type in a shell and in Python, in that order."""
    section = (ROOT / "README.md").read_text().split("## From a CSV to a deck\n")[1].split("\n## ")[0]
    return [block["code"] for block in FENCE.finditer(section)]


def test_it_takes_fewer_than_ten_lines():
    shell, code = blocks()
    assert shell.startswith("pip install")
    assert len([line for line in (shell + code).splitlines() if line.strip()]) < 10


def test_they_run(tmp_path, monkeypatch):
    frame, _ = mmm.simulate.world_frame(seed=21, n_periods=130, channels=["tv", "search"], brand=["tv"])
    frame.rename(columns={"date": "week"}).to_csv(tmp_path / "brand.csv", index=False)
    monkeypatch.chdir(tmp_path)
    exec(compile(blocks()[1], "README.md", "exec"), {"__name__": "readme"})
    assert "<html" in (tmp_path / "2026q3.html").read_text().casefold()
    for document in ("2026q3.pptx", "2026q3.xlsx"):
        assert zipfile.is_zipfile(tmp_path / document)
