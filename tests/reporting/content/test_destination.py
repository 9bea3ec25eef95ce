"""Where a document goes, and what happens where it cannot go."""

import sys

import pytest

from mmm.errors import ReportError
from mmm.reporting.content import destination, needs_the_report_extra, write_whole


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ReportError, match=r"does not end in .pptx(.|\n)*q3.pptx"):
        destination(tmp_path / "q3.ppt", ending=".pptx")
    with pytest.raises(ReportError, match=r"does not end in .pptx"):
        destination("", ending=".pptx")
    assert destination(tmp_path / "Q3.PPTX", ending=".pptx").name == "Q3.PPTX"


def test_a_folder_must_exist_and_be_no_file(tmp_path):
    with pytest.raises(ReportError, match=r"the folder of .*does not exist(.|\n)*in a folder that exists"):
        destination(tmp_path / "missing" / "q3.xlsx", ending=".xlsx")
    (tmp_path / "q3.xlsx").mkdir()
    with pytest.raises(ReportError, match="is a folder"):
        destination(tmp_path / "q3.xlsx", ending=".xlsx")


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "q3.xlsx"
    write_whole(target, b"first")
    with pytest.raises(TypeError):
        write_whole(target, "no bytes")
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_library_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with (
        pytest.raises(ReportError, match=r"a workbook was asked for(.|\n)*payback-mmm\[report\]"),
        needs_the_report_extra("a workbook"),
    ):
        import xlsxwriter  # noqa: F401
