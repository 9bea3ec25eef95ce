"""Files by their ending: to the last digit, under the names they have, or refused."""

import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

from mmm.command_line.files import check_target, read_frame
from mmm.errors import DataError, StorageError
from tests.conftest import build_data, build_frame


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_same_numbers_give_the_same_data(tmp_path, ending):
    frame = build_frame()
    path = tmp_path / f"sales.{ending}"
    frame.to_csv(path, index=False) if ending == "csv" else frame.to_parquet(path)
    read = read_frame(path)
    assert build_data(read).fingerprint == build_data(frame).fingerprint


def test_a_workbook_is_read_from_its_first_sheet(tmp_path):
    with pd.ExcelWriter(tmp_path / "sales.xlsx") as book:
        build_frame().to_excel(book, sheet_name="sales", index=False)
        pd.DataFrame({"note": ["mine"]}).to_excel(book, sheet_name="notes", index=False)
    read, written = build_data(read_frame(tmp_path / "sales.xlsx")), build_data(build_frame())
    # Excel keeps fifteen digits
    xr.testing.assert_allclose(read.dataset, written.dataset, rtol=1e-14)


def test_columns_named_alike_stay_alike_so_that_the_door_can_refuse_them(tmp_path):
    (tmp_path / "sales.csv").write_text("week,tv,tv\n2024-01-01,1,2\n")
    frame = read_frame(tmp_path / "sales.csv")
    assert list(frame.columns) == ["week", "tv", "tv"]
    with pytest.raises(DataError, match="tv"):
        build_data(frame, outcome="tv", spend=["tv"], controls=[])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("sales.csv", "a,b\n1,2,3\n4,5,6\n", "its rows have more cells than its header has names"),
        ("sales.csv", "", "cannot be read"),
        ("sales.csv", 'a,b\n"1,2\n', "cannot be read"),
        ("sales.parquet", "no parquet", "cannot be read"),
        ("sales.txt", "a,b\n1,2\n", r"'sales\.txt' ends in '\.txt'(.|\n)*save the data as \.csv, \.parquet, \.xlsx"),
        ("sales", "a,b\n1,2\n", "ends in 'nothing'"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=message):
        read_frame(tmp_path / name)


@pytest.mark.parametrize(("name", "package"), [("sales.parquet", "pyarrow"), ("sales.xlsx", "openpyxl")])
def test_a_package_that_is_missing_is_named(tmp_path, monkeypatch, name, package):
    with zipfile.ZipFile(tmp_path / name, "w") as file:
        file.writestr("xl/workbook.xml", "")  # by which pandas knows a workbook
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(DataError, match=rf"{package} is not installed(.|\n)*pip install {package}"):
        read_frame(tmp_path / name)


def test_a_file_that_is_not_there_names_the_nearest(tmp_path):
    (tmp_path / "sales.csv").write_text("a\n1\n")
    with pytest.raises(DataError, match=r"no file .*sale\.csv'; did you mean 'sales\.csv'\?(.|\n)*of the config"):
        read_frame(tmp_path / "sale.csv")


def test_a_target_gets_its_folder(tmp_path):
    path = tmp_path / "new" / "deeper" / "fit.nc"
    assert check_target(path, overwrite=False) == path
    assert path.parent.is_dir()


def test_nothing_is_overwritten_unless_on_purpose(tmp_path):
    path = tmp_path / "fit.nc"
    path.write_text("a fit")
    with pytest.raises(StorageError, match=r"fit\.nc' is there already(.|\n)*--overwrite"):
        check_target(path, overwrite=False)
    assert check_target(path, overwrite=True) == path
    assert path.read_text() == "a fit"


def test_a_folder_is_no_target(tmp_path):
    for overwrite in (False, True):
        with pytest.raises(StorageError, match="is a folder"):
            check_target(tmp_path, overwrite=overwrite)


def test_a_folder_that_cannot_be_made_or_written_is_refused_first(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StorageError, match="cannot be written"):
        check_target(tmp_path / "file" / "fit.nc", overwrite=False)
    monkeypatch.setattr("os.access", lambda path, _: Path(path) != tmp_path)
    with pytest.raises(StorageError, match="cannot be written"):
        check_target(tmp_path / "fit.nc", overwrite=False)
