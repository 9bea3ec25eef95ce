"""Files are whole or not there, and have a name that says what they are."""

import pytest

from mmm.errors import ReportError
from mmm.reporting.content import need, target_of, write_whole


def test_a_file_is_written_whole(tmp_path):
    write_whole(tmp_path / "q3.html", b"new")
    assert (tmp_path / "q3.html").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["q3.html"]


def test_the_old_file_stays_until_the_new_one_is_complete(tmp_path, monkeypatch):
    (tmp_path / "q3.html").write_bytes(b"old")

    def fail(*_args):
        raise OSError("no space left")

    monkeypatch.setattr("mmm.reporting.content.writing.os.replace", fail)
    with pytest.raises(OSError, match="no space left"):
        write_whole(tmp_path / "q3.html", b"new")
    assert (tmp_path / "q3.html").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["q3.html"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("q3.pdf", r"does not end in .html(.|\n)*q3.html"),
        ("q3", "does not end in .html"),
        ("", "does not end in .html"),
        ("missing/q3.html", "the folder of (.|\n)* does not exist"),
        ("folder.html", "is a folder"),
    ],
)
def test_a_path_that_cannot_be_meant_is_refused(tmp_path, name, message):
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(ReportError, match=message):
        target_of(tmp_path / name if name else "", ending=".html")


def test_an_ending_may_be_in_capitals(tmp_path):
    assert target_of(tmp_path / "Q3.HTML", ending=".html").name == "Q3.HTML"


def test_what_is_not_installed_is_named():
    need("json", method="Report.to_html")
    with pytest.raises(ReportError, match=r"Report.to_x needs the package no-such-thing(.|\n)*pip install"):
        need("no_such_thing", method="Report.to_x")
