"""A config says what is wrong with it: the line, the way to the entry, what is allowed, the nearest name."""

import inspect
import re
from pathlib import Path

import pandas as pd
import pytest

import mmm
from mmm.command_line.config import DataEntries, ReportEntries, TrackerEntries, read_job
from mmm.errors import ConfigError, DataError
from tests.command_line.conftest import CONFIG
from tests.conftest import build_data, build_frame, build_tracker


@pytest.mark.parametrize(
    ("entries", "call"),
    [
        (DataEntries, mmm.MarketingData.from_frame),
        (TrackerEntries, mmm.Tracker.from_frame),
        (ReportEntries, mmm.Report),
    ],
)
def test_the_entries_are_the_arguments_of_the_library(entries, call):
    arguments = inspect.signature(call).parameters.keys() - {"df", "posterior", "allow_unconverged"}
    assert entries.model_fields.keys() - {"file", "html", "pptx", "xlsx"} == arguments


def test_only_what_the_library_needs_is_needed():
    for entries, call in ((DataEntries, mmm.MarketingData.from_frame), (TrackerEntries, mmm.Tracker.from_frame)):
        needed = {name for name, field in entries.model_fields.items() if field.is_required()} - {"file"}
        parameters = inspect.signature(call).parameters
        assert needed == {n for n, p in parameters.items() if p.default is inspect.Parameter.empty} - {"df"}


def test_the_spec_is_the_specs_own_schema(folder):
    spec = mmm.ModelSpec(
        channels={"tv": mmm.Channel(brand=True), "video": mmm.Channel(saturation=mmm.Root())}, holidays="GB"
    )
    import yaml

    entries = yaml.safe_load(CONFIG) | {"spec": spec.model_dump(mode="json")}
    folder.config.write_text(yaml.safe_dump(entries))
    assert read_job(folder.config).config.spec == spec


def test_what_is_left_out_has_its_default(folder):
    folder.write_config("data: {file: sales.csv, date: week, outcome: revenue, spend: [tv]}")
    config = read_job(folder.config).config
    assert config.spec == mmm.ModelSpec()
    assert (config.sampler, config.seed, config.fit) == (None, 1, "fits/{last}.nc")


def test_paths_begin_in_the_folder_of_the_config(folder, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    job = read_job(folder.config)
    with pytest.warns(mmm.errors.DataWarning):
        data = job.data()
    assert data.channels == ("tv", "video", "radio")
    assert data.has_margin
    assert job.fits == folder.path / "fits"
    assert job.path(job.config.fit, data) == folder.path / "fits" / "2024-02.nc"
    assert job.path("{last}.html", data) == folder.path / "2024-02-19.html"


def test_history_and_tracker_come_from_files_of_their_own(folder):
    frame, waves = build_frame(), build_tracker()
    folder.write_data(frame.iloc[8:])
    folder.write_data(frame.iloc[:8], "before.csv")
    folder.write_data(pd.DataFrame({"wave": waves.dates, "aware": waves.values, "n": 400}).iloc[2:], "waves.csv")
    tracker = "tracker: {file: waves.csv, date: wave, value: aware, unit: share, sample_size: n}"
    folder.write_config(CONFIG.replace("  margin: 0.35", f"  history: before.csv\n  {tracker}"))
    with pytest.warns(mmm.errors.DataWarning):
        data = read_job(folder.config).data()
    assert data.has_history
    assert data.description.tracker == "aware"
    assert not data.has_margin


def test_the_door_judges_the_entries(folder):
    folder.write_config(CONFIG.replace("spend: [tv, video, radio]", "spend: [tvv, video]"))
    with pytest.raises(DataError, match=r"no column 'tvv' .*did you mean 'tv'"):
        read_job(folder.config).data()
    folder.write_config(CONFIG.replace("spend: [tv, video, radio]", "spend: tv"))
    with pytest.raises(DataError, match="spend"):
        read_job(folder.config).data()
    folder.write_config(CONFIG.replace("file: sales.csv", "file: sale.csv"))
    with pytest.raises(DataError, match=r"did you mean 'sales\.csv'"):
        read_job(folder.config).data()
    folder.write_config(CONFIG.replace("date: week", "date: null"))
    with pytest.raises(DataError, match="date"):
        read_job(folder.config).data()


MISTAKES = [
    ("dta: {}", 1, "data is missing"),
    ("dta: {}", 1, "the config has no field 'dta'; did you mean 'data'?"),
    ("data: {}\nsede: 1", 2, "the config has no field 'sede'; did you mean 'seed'? Its fields: data, spec, sampler,"),
    ("data:\n  fil: a", 2, "data has no field 'fil'; did you mean 'file'? Its fields: file, date, outcome,"),
    ("data:\n  margins: 1", 2, "data has no field 'margins'; did you mean 'margin'?"),
    ("data:\n  tracker:\n    vale: x", 3, "data.tracker has no field 'vale'; did you mean 'value'?"),
    ("data: sales.csv", 1, "data = 'sales.csv': Input should be a valid dictionary"),
    ("spec: {holiday: GB}", 1, "spec has no field 'holiday'; did you mean 'holidays'?"),
    ("spec:\n  channels:\n    tv:\n      carryover: {kind: none,\n        lag: 2}", 5, "has no field 'lag'"),
    ("spec:\n  trend:\n    walk: {sigma: -1}", 3, "spec.trend.walk.sigma = -1: Input should be greater than 0"),
    ("spec:\n  holidays: NO", 2, "spec.holidays = False: Input should be a valid string (YAML reads a bare NO as true"),
    ("sampler: {draws: 10}", 1, "sampler.draws = 10: Input should be greater than or equal to 100"),
    (
        "sampler:\n  draws: 1e3",
        2,
        "sampler.draws = '1e3': a number is needed here, not text or a truth value (YAML reads",
    ),
    ("seed: one", 1, "seed = 'one': Input should be a valid integer"),
    ("fit: fits/june.pkl", 1, "fit = 'fits/june.pkl': a saved fit ends in .nc"),
    ("fit: fits/{last:%Y}/june.nc", 1, "fit = 'fits/{last:%Y}/june.nc': a saved fit ends in .nc and has a folder"),
    ("fit: fits/{first}.nc", 1, "fit = 'fits/{first}.nc': all that is filled into a name is {last}"),
    ("fit: fits/{}.nc", 1, "all that is filled into a name is {last}"),
    ("fit: fits/{last.nc", 1, "all that is filled into a name is {last}"),
    ("report:\n  html: '{date}.html'", 2, "report.html = '{date}.html': all that is filled into a name is {last}"),
    ("report: {widow: [a, b]}", 1, "report has no field 'widow'; did you mean 'window'?"),
    ("report:\n  economics: {margn: 0.4}", 2, "report.economics has no field 'margn'; did you mean 'margin'?"),
    ("report:\n  economics: {margin: 40}", 2, "report.economics: margin is above 0 and at most 1, got 40"),
]
OF_A_CHANNEL = [
    ("satration: {}", " has no field 'satration'; did you mean 'saturation'? Its fields: brand, saturation,"),
    ("saturation: {kind: hil}", ".saturation.kind = 'hil': there is no such kind; did you mean 'hill'? Kinds: 'hill',"),
    ("saturation: hil", ".saturation = 'hil': a kind is needed, as in {'kind': 'hill'}. Kinds: 'hill',"),
    ("saturation: {kind: root, expnent: 1}", ".saturation has no field 'expnent'; did you mean 'exponent'?"),
    ("saturation: {kind: root, exponent: {alpha: 0, beta: 1}}", ".saturation.exponent.alpha = 0: Input should be"),
    ("roi_prior: {medan: 2, sigma: 1}", ".roi_prior has no field 'medan'; did you mean 'median'?"),
    ("roi_prior: {sigma: 1}", ".roi_prior.median is missing"),
    ("order: adstock_frist", ".order = 'adstock_frist': Input should be 'saturation_first' or 'adstock_first'; did"),
    ("brand: maybe", ".brand = 'maybe': Input should be a valid boolean"),
]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        *MISTAKES,
        *(
            (f"spec:\n  channels:\n    tv:\n      {entry}", 4, f"spec.channels.tv{message}")
            for entry, message in OF_A_CHANNEL
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_nearest_name(folder, text, line, message):
    folder.write_config(text)
    with pytest.raises(ConfigError) as caught:
        read_job(folder.config)
    [said] = [said for said in caught.value.what.splitlines() if message in said]
    assert said.startswith(f"config.yaml, line {line}: ")
    assert caught.value.why
    assert caught.value.fix


def test_a_config_of_one_frame_is_the_data_of_that_frame(folder):
    with pytest.warns(mmm.errors.DataWarning):
        data = read_job(folder.config).data()
    assert data.fingerprint == build_data(controls=["price"], margin=0.35).fingerprint


def test_the_config_of_the_docs_is_one(folder):
    page = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text()
    [text] = re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)
    folder.write_config(text)
    folder.write_data(mmm.datasets.load_retail_weekly())
    job = read_job(folder.config)
    data = job.data()
    assert job.config.spec.resolve(data).brand == ("tv",)
    assert job.path(job.config.report.html, data).name == "2018-07-29.html"
    assert set(job.config.model_fields_set) == set(type(job.config).model_fields)  # every entry is shown
