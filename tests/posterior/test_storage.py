"""One fit, one file: the same bits back, or a refusal that says why. No sampler, no pickle."""

import json
import os
import shutil
import stat
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import mmm
from mmm import schema
from mmm.errors import StorageError
from mmm.posterior import QuantityCheck
from mmm.posterior.storage import digest
from tests.conftest import build_data, build_frame, build_posterior

#: Files as earlier versions of the library wrote them.
SAVED = Path(__file__).parent / "saved"
GROUPS = {"posterior", "sample_stats", "observed_data", "constant_data"}
ATTRIBUTES = {
    "format",
    "file_version",
    "spec",
    "scales",
    "provenance",
    "diagnosis",
    "description",
    "notes",
    "digest",
}


def everything():
    """A spec with every kind of thing in it: several curves, kernels and orders, holidays, a prior of one's own."""
    return mmm.ModelSpec(
        channels={
            "tv": mmm.Channel(
                order="adstock_first", carryover=mmm.Weibull(), roi_prior=mmm.LogNormal(median=1.3, sigma=0.4)
            ),
            "video": mmm.Channel(saturation=mmm.Root(), carryover=mmm.Binomial()),
        },
        trend=mmm.Trend(walk=None),
        seasonality=2,
        holidays="GB",
    )


def history_frame():
    return build_frame(9, seed=4).assign(week=pd.date_range(end="2022-12-26", periods=9, freq="W-MON"))


def waves():
    frame = pd.DataFrame({"wave": pd.date_range("2023-01-18", periods=8, freq="45D")})
    return frame.assign(aware=0.4 + 0.02 * np.sin(frame.index), searches=900 + 50 * np.cos(frame.index))


SURVEY = mmm.Tracker.from_frame(waves(), date="wave", value="aware", unit="share", sample_size=400)
INDEX = mmm.Tracker.from_frame(waves(), date="wave", value="searches", unit="index")

BRAND = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
CASES = {
    "default": ({}, None),
    "no controls": ({"controls": []}, None),
    "units": ({"outcome": "orders"}, None),
    "brand": ({}, BRAND),
    "survey": ({"tracker": SURVEY}, BRAND),
    "index": ({"tracker": INDEX}, BRAND),
    "everything": (
        {
            "outcome": "orders",
            "outcome_value": 25.0,
            "margin": "margin",
            "exposure": {"tv": "grps"},
            "history": history_frame(),
        },
        everything(),
    ),
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "fit.nc"


@pytest.fixture(scope="module")
def saved_once(posterior, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "fit.nc"
    posterior.save(path)
    return path


@pytest.fixture
def saved(saved_once, path):
    """A copy to break."""
    return shutil.copy(saved_once, path)


@pytest.mark.parametrize(("roles", "spec"), CASES.values(), ids=CASES)
def test_what_comes_back_is_what_went_in(roles, spec, path):
    posterior = build_posterior(build_data(**roles), spec, n_draws=25)
    posterior.save(path)
    again = mmm.load(path)

    first, second = mmm.Report(posterior), mmm.Report(again)
    for table, asked in {"roi": {"horizon_weeks": 13}, "contributions": {}, "evidence": {}, "ledger": {}}.items():
        pd.testing.assert_frame_equal(
            getattr(second, table)(**asked), getattr(first, table)(**asked), check_exact=True, check_names=True
        )
    np.testing.assert_array_equal(again.draws.predictive(), posterior.draws.predictive())

    assert again.spec == posterior.spec
    assert again.scales == posterior.scales
    assert again.provenance == posterior.provenance
    assert again.diagnosis == posterior.diagnosis
    assert again.data.fingerprint == posterior.data.fingerprint == again.provenance.data_fingerprint
    assert again.data.notes == posterior.data.notes
    assert again.data.description == posterior.data.description
    xr.testing.assert_identical(again.data.dataset, posterior.data.dataset)
    xr.testing.assert_equal(again.draws.parameters, posterior.draws.parameters)
    xr.testing.assert_equal(again.sample_stats, posterior.sample_stats)
    assert dict(again.sample_stats.dtypes) == dict(posterior.sample_stats.dtypes)


@pytest.mark.parametrize("tracker", [None, SURVEY, INDEX], ids=["none", "survey", "index"])
def test_a_tracker_comes_back_wave_by_wave(tracker, path):
    posterior = build_posterior(build_data(tracker=tracker), BRAND, n_draws=5)
    posterior.save(path)
    again = mmm.load(path).data
    assert again.has_tracker == (tracker is not None)
    assert again.dataset.identical(posterior.data.dataset)  # the unknown error of an index included
    assert again.description == posterior.data.description


def test_a_fit_saved_before_there_were_trackers_loads(posterior, saved):
    groups = {name: posterior.datatree[name].to_dataset() for name in GROUPS}
    groups["constant_data"] = groups["constant_data"].drop_dims("wave")
    with h5py.File(saved) as file:
        texts = {name: file.attrs[name] for name in ATTRIBUTES if name != "digest"}
    words = json.loads(texts["description"])
    texts["description"] = json.dumps({key: word for key, word in words.items() if not key.startswith("tracker")})
    attributes = {**texts, "digest": digest(groups, texts)}
    xr.DataTree.from_dict({"/": xr.Dataset(attrs=attributes), **groups}).to_netcdf(saved, engine="h5netcdf")
    again = mmm.load(saved)
    assert not again.data.has_tracker
    assert again.data.fingerprint == again.provenance.data_fingerprint == posterior.data.fingerprint


def test_data_that_come_back_are_read_only(saved):
    with pytest.raises(ValueError, match="read-only"):
        mmm.load(saved).data.dataset["spend"].values[:] = 0


def test_a_fit_that_failed_comes_back_failed(posterior, path):
    stuck = QuantityCheck(quantity="parameter tau", rhat=float("nan"), ess_bulk=float("nan"), ess_tail=5.0)
    replace(posterior, diagnosis=posterior.diagnosis.model_copy(update={"checks": (stuck,)})).save(path)
    assert not mmm.load(path).ok


def test_the_file_holds_what_the_docs_say_and_nothing_that_could_run(saved):
    with h5py.File(saved) as file:
        assert set(file) == GROUPS
        assert set(file.attrs) - {"_NCProperties"} == ATTRIBUTES  # that one is netCDF's own
        texts = {name: file.attrs[name] for name in ATTRIBUTES}
        kinds = set()
        file.visititems(lambda _, item: kinds.add(item.dtype.kind) if isinstance(item, h5py.Dataset) else None)
    # numbers, booleans and text (h5py gives text as objects); no opaque bytes
    assert kinds <= set("fiubO")
    for name in ("spec", "scales", "provenance", "diagnosis", "description", "notes"):
        json.loads(texts[name])
    raw = saved.read_bytes()
    for mark in (b"pickle", b"\x80\x04\x95", b"\x80\x05\x95", b"__reduce__"):
        assert mark not in raw


def test_saving_again_replaces_the_file_and_leaves_nothing_beside_it(posterior, saved):
    saved.write_bytes(b"an older fit")
    posterior.save(str(saved))
    assert os.listdir(saved.parent) == [saved.name]
    assert mmm.load(str(saved)).ok


def test_colleagues_may_read_it_if_they_may_read_other_new_files(saved_once):
    other = saved_once.with_name("other")
    other.touch()
    assert stat.S_IMODE(saved_once.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.01, 0.5, 0.999])
def test_a_truncated_file_is_refused(saved, share):
    raw = saved.read_bytes()
    saved.write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(StorageError, match=r"cannot be read(.|\n)*truncated"):
        mmm.load(saved)


def flip_a_draw(file):
    file["posterior/roi"][0, 3, 1] = np.nextafter(file["posterior/roi"][0, 3, 1], np.inf)


def flip_a_spend(file):
    file["constant_data/spend"][0, 3, 1] += 1


def flip_an_outcome(file):
    file["observed_data/outcome"][0, 0] *= 1.01


def forgive_divergence(file):
    file["sample_stats/diverging"][0, 0] = True


def rename_a_channel(file):
    file["posterior/channel"][0] = "telly"


def shift_the_dates(file):
    file["constant_data/date"][:] = file["constant_data/date"][:] + 7


def loosen_the_spec(file):
    file.attrs["spec"] = file.attrs["spec"].replace('"horizon_weeks":104.0', '"horizon_weeks":52.0')


def forget_a_note(file):
    file.attrs["notes"] = "[]"


def take_the_digest_away(file):
    del file.attrs["digest"]


def take_the_version_away(file):
    del file.attrs["file_version"]


def spoil_the_version(file):
    file.attrs["file_version"] = "one"


ALTERATIONS = [
    flip_a_draw,
    flip_a_spend,
    flip_an_outcome,
    forgive_divergence,
    rename_a_channel,
    shift_the_dates,
    loosen_the_spec,
    forget_a_note,
    take_the_digest_away,
    take_the_version_away,
    spoil_the_version,
]


@pytest.mark.parametrize("alter", ALTERATIONS, ids=lambda alter: alter.__name__)
def test_an_altered_file_is_refused(saved, alter):
    before = saved.read_bytes()
    with h5py.File(saved, "r+") as file:
        alter(file)
    assert saved.read_bytes() != before
    with pytest.raises(StorageError, match=r"was altered after it was saved(.|\n)*fit again"):
        mmm.load(saved)


@pytest.fixture
def sign(saved, posterior):
    """Change attributes and sign the file again, as another version of this library would have."""
    groups = {name: posterior.datatree[name].to_dataset() for name in GROUPS}

    def sign(**changed):
        with h5py.File(saved, "r+") as file:
            texts = {name: file.attrs[name] for name in ATTRIBUTES if name != "digest"} | changed
            for name, text in (texts | {"digest": digest(groups, texts)}).items():
                file.attrs[name] = text

    return sign


def test_signing_again_gives_a_file_that_loads(saved, sign):
    sign()
    assert mmm.load(saved).ok


def test_a_newer_file_is_refused_before_anything_in_it_is_believed(saved, sign):
    version = schema.FILE_VERSION + 1
    sign(file_version=str(version), spec='{"of": "the future"}')
    with pytest.raises(StorageError, match=rf"has file version {version}, this mmm reads up to {schema.FILE_VERSION}"):
        mmm.load(saved)


@pytest.mark.parametrize("changed", [{"spec": '{"brand": 1}'}, {"scales": "oh"}])
def test_a_signed_file_whose_words_make_no_sense_is_refused(saved, sign, changed):
    sign(**changed)
    with pytest.raises(StorageError, match="does not describe a fit that this version understands"):
        mmm.load(saved)


def test_another_netcdf_is_refused(path):
    xr.Dataset({"x": ("t", np.ones(3))}, attrs={"format": "weather"}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(StorageError, match="not a fit that mmm saved"):
        mmm.load(path)


@pytest.mark.parametrize("content", [b"", b"not a file of arrays", b"\x89HDF\r\n\x1a\n" + bytes(64)])
def test_what_is_not_netcdf_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(StorageError, match="cannot be read"):
        mmm.load(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for missing in (tmp_path / "nothing.nc", tmp_path):
        with pytest.raises(StorageError, match=r"there is no file(.|\n)*posterior\.save"):
            mmm.load(missing)


def test_a_missing_folder_is_refused(posterior, tmp_path):
    with pytest.raises(StorageError, match=r"the folder of (.|\n)*a file name in a folder that exists"):
        posterior.save(tmp_path / "nowhere" / "fit.nc")


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()], ids=["disk full", "stopped by hand"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(posterior, saved, monkeypatch, error):
    before = saved.read_bytes()
    write = xr.DataTree.to_netcdf

    def fail_halfway(tree, target, **options):
        write(tree, target, **options)
        raise error

    monkeypatch.setattr(xr.DataTree, "to_netcdf", fail_halfway)
    with pytest.raises(type(error)):
        posterior.save(saved)
    assert os.listdir(saved.parent) == [saved.name]
    assert saved.read_bytes() == before


def test_loading_and_reporting_need_no_sampler(saved):
    code = f"""
        import sys
        import mmm

        report = mmm.Report(mmm.load({str(saved)!r}))
        report.roi(horizon_weeks=13), report.contributions(), report.evidence(), report.warnings(), report.plot_roi()
        print(*sorted({{"pymc", "pytensor", "nutpie"}} & sys.modules.keys()))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_the_roi_table_of_a_saved_fit_waits_for_no_slow_package(saved):
    slow = {"arviz", "arviz_stats", "matplotlib", "numba", "scipy.special", "xarray_einstats"}
    code = f"""
        import sys
        sys.modules["dask"] = None  # where it is installed xarray imports it, and it imports SciPy
        import mmm

        mmm.Report(mmm.load({str(saved)!r})).roi()
        print(*sorted({slow} & sys.modules.keys()))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_a_file_of_this_file_version_that_was_written_long_ago_says_what_it_said():
    """The file is kept as it was written; what later versions read from it may not move."""
    found = mmm.Report(mmm.load(SAVED / "version_1.nc")).roi(horizon_weeks=(13, 104))
    kept = pd.read_csv(SAVED / "version_1_roi.csv")
    assert list(found.columns) == list(kept.columns)
    pd.testing.assert_frame_equal(found.rename_axis(columns=None), kept, check_dtype=False, rtol=1e-9)
