"""A folder as a scheduler finds it, and fits that are made up: nothing here samples."""

from __future__ import annotations

import shutil
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import mmm
from mmm.command_line import main
from mmm.model.spec import ModelSpec
from mmm.refreshing import Refresh
from mmm.refreshing.vintages import Vintages
from tests.conftest import build_frame, build_posterior

CONFIG = """
data:
  file: sales.csv
  date: week
  outcome: revenue
  spend: [tv, video, radio]
  controls: [price]
  margin: 0.35
spec:
  channels:
    tv: {brand: true}
fit: fits/{last:%Y-%m}.nc
"""
#: First and last period of `build_frame`.
FIRST, LAST = "2023-01-02", "2024-02-19"


@dataclass
class Folder:
    """A folder with data and a config, in which commands are run.

    Attributes
    ----------
    path : Path
    calls : dict
        The arguments with which the library was called, by the name of its function.
    """

    path: Path
    calls: dict = field(default_factory=dict)

    @property
    def config(self):
        return self.path / "config.yaml"

    def write_config(self, text):
        self.config.write_text(textwrap.dedent(text))

    def write_data(self, frame, name="sales.csv"):
        frame.to_csv(self.path / name, index=False)

    def run(self, command, *arguments):
        return main([command, *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    made.write_config(CONFIG)
    made.write_data(build_frame())
    return made


@pytest.fixture
def made_up(folder, monkeypatch):
    """Let `mmm.fit` and `mmm.refresh` make up what they return; set ``folder.calls["ok"] = False`` for a bad fit."""

    def fit(data, spec=None, **asked):
        folder.calls["fit"] = {"data": data, "spec": spec, **asked}
        print("sampling")
        return build_posterior(data, spec, ok=folder.calls.get("ok", True))

    def refresh(last, data, **asked):
        folder.calls["refresh"] = {"last": last, "data": data, **asked}
        print("sampling")
        spec = asked["spec"] or ModelSpec(channels=last.spec.channels)
        posterior = build_posterior(data, spec, ok=folder.calls.get("ok", True), seed=8)
        return Refresh(last, posterior, Vintages(last.data, data))

    monkeypatch.setattr(mmm, "fit", fit)
    monkeypatch.setattr(mmm, "refresh", refresh)
    return folder


@pytest.fixture(scope="session")
def saved_fit(tmp_path_factory):
    """A saved fit of the first 55 weeks, under the spec and data of `CONFIG`."""
    made = Folder(tmp_path_factory.mktemp("saved"))
    made.write_config(CONFIG)
    made.write_data(build_frame().iloc[:55])
    from mmm.command_line.config import read_job

    job = read_job(made.config)
    with pytest.warns(mmm.errors.DataWarning, match="below 104|weeks"):
        data = job.data()
    path = made.path / "last.nc"
    build_posterior(data, job.config.spec).save(path)
    return path


@pytest.fixture
def with_last(made_up, saved_fit):
    """The folder with the fit of the weeks before."""
    (made_up.path / "fits").mkdir()
    shutil.copy(saved_fit, made_up.path / "fits" / "2024-01.nc")
    return made_up
