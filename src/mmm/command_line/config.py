"""The config of a series: its data, its spec, where fits are kept and what is reported, in one YAML file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from pydantic import field_validator

from mmm.command_line.files import read_frame
from mmm.command_line.yaml_file import YamlFile, read_yaml
from mmm.data import MarketingData, Tracker
from mmm.errors import ConfigError, SpecError
from mmm.fitting import Sampler
from mmm.model.frozen import Frozen
from mmm.model.spec import ModelSpec
from mmm.returns import Economics

__all__ = ["DOCUMENTS", "Config", "DataEntries", "Job", "ReportEntries", "TrackerEntries", "read_job"]

#: What a report can be written as, by the entry, the option and the method of `Report`.
DOCUMENTS = ("html", "pptx", "xlsx")


@final
class TrackerEntries(Frozen):
    """A file of waves, and the arguments of `Tracker.from_frame`, which judges them."""

    file: str
    date: Any
    value: Any
    unit: Any
    sample_size: Any = None
    design_effect: Any = None
    name: Any = None


@final
class DataEntries(Frozen):
    """A file, files of history and tracker, and the arguments of `MarketingData.from_frame`, which judges them."""

    file: str
    date: Any
    outcome: Any
    spend: Any
    exposure: Any = None
    controls: Any = None
    geo: Any = None
    population: Any = None
    outcome_value: Any = None
    margin: Any = None
    outcome_unit: Any = None
    currency: Any = None
    history: str | None = None
    tracker: TrackerEntries | None = None


@final
class ReportEntries(Frozen):
    """The arguments of `Report`, which judges them, and the files it is written to."""

    window: Any = None
    prob: Any = None
    economics: Economics | None = None
    html: str | None = None
    pptx: str | None = None
    xlsx: str | None = None

    @field_validator(*DOCUMENTS)
    @classmethod
    def _names_can_be_filled(cls, name: str | None) -> str | None:
        return name if name is None else _fillable(name)


@final
class Config(Frozen):
    """What a config may hold.

    Parameters
    ----------
    data : DataEntries
    spec : ModelSpec
        As ``ModelSpec.model_dump(mode="json")`` writes it; what is left out has its default.
    sampler : Sampler, optional
        By default that of :func:`mmm.fit`, and in a refresh that of the last fit.
    seed : int
        Of the first fit; each refresh takes one more than the fit before it.
    fit : str
        File in which a fit is saved; ``{last}`` is the date of the last period of its data.
    report : ReportEntries
    """

    data: DataEntries
    spec: ModelSpec = ModelSpec()
    sampler: Sampler | None = None
    seed: int = 1
    fit: str = "fits/{last}.nc"
    report: ReportEntries = ReportEntries()

    @field_validator("fit")
    @classmethod
    def _fits_are_found_again(cls, name: str) -> str:
        if not name.endswith(".nc") or "{" in str(Path(name).parent):
            raise ValueError("a saved fit ends in .nc and has a folder of one name: by both it is found again")
        return _fillable(name)


@dataclass(frozen=True)
class Job:
    """A config and the folder it is in, where all its paths begin.

    Attributes
    ----------
    config : Config
    folder : Path
    """

    config: Config
    folder: Path

    def data(self) -> MarketingData:
        """Read the data and take them through the door."""
        entries = self.config.data
        return MarketingData.from_frame(
            read_frame(self.folder / entries.file),
            history=None if entries.history is None else read_frame(self.folder / entries.history),
            tracker=None if entries.tracker is None else self._tracker(entries.tracker),
            **_stated(entries, without=("file", "history", "tracker")),
        )

    @property
    def fits(self) -> Path:
        """The folder of the saved fits."""
        return (self.folder / self.config.fit).parent

    def path(self, name: str, data: MarketingData) -> Path:
        """Give the path of a file, with the date of the last period filled into its name."""
        return self.folder / name.format(last=data.dates[-1].date())

    def _tracker(self, entries: TrackerEntries) -> Tracker:
        return Tracker.from_frame(read_frame(self.folder / entries.file), **_stated(entries, without=("file",)))


def read_job(path: Path) -> Job:
    """Read a config.

    Raises
    ------
    ConfigError
        Naming every entry at fault with its line, what there is in its place, and the nearest name.
    """
    file = read_yaml(path)
    try:
        return Job(Config(**file.entries), path.parent)
    except SpecError as error:
        raise ConfigError(
            "\n".join(_in_file(file, error)),
            "what is misspelt would be left out, and something else fitted in its place",
            "correct the config",
        ) from None


def _in_file(file: YamlFile, error: SpecError) -> list[str]:
    lines = []
    for problem in error.problems:
        line, _ = file.place(problem.where)
        said = problem.at("")
        if said == problem.said:  # of no entry, but of all of them
            said = f"the config{said}"
        lines.append(f"{file.path.name}, line {line}: {said}{file.misread(problem.where)}")
    return lines


def _stated(entries: Frozen, *, without: tuple[str, ...]) -> dict[str, Any]:
    """Give what is stated, and what must be; for the rest the library has defaults."""
    found = {}
    for name, field in type(entries).model_fields.items():
        value = getattr(entries, name)
        if name not in without and (field.is_required() or value is not None):
            found[name] = value
    return found


def _fillable(name: str) -> str:
    try:
        name.format(last=dt.date(2026, 6, 29))
    except (LookupError, ValueError, AttributeError, TypeError):
        raise ValueError(
            "all that is filled into a name is {last}, the date of the last period, as in {last} or {last:%Y-%m}"
        ) from None
    return name
