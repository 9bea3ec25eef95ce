"""What each command does: read, call the library, save, print. Each gives back whether its fit converged."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pandas as pd

import mmm
from mmm import schema
from mmm.command_line import texts
from mmm.command_line.config import DOCUMENTS, Job, ReportEntries, read_job
from mmm.command_line.files import check_target
from mmm.data import MarketingData
from mmm.errors import ConfigError, SpecError
from mmm.model.spec import ModelSpec
from mmm.posterior import Posterior
from mmm.refreshing.history import saved_fits
from mmm.refreshing.vintages import Vintages

__all__ = ["check", "fit", "refresh", "report"]


def check(asked: Namespace) -> bool:
    """Read a config and its data, and say what would be fitted; nothing is sampled."""
    job = read_job(asked.config)
    data = job.data()
    spec = job.config.spec.resolve(data)
    share = mmm.check_prior(data, spec, seed=job.config.seed)
    target = job.path(job.config.fit, data)
    print(data, texts.bullets(data.notes), "", texts.spec_text(spec, data), sep="\n")
    print(f"Before the data, media bring in {share.lower:.1%} to {share.upper:.1%} of the outcome (90%).")
    print(f"A fit would be saved as {target}{', which is there already' if target.exists() else ''}.")
    return True


def fit(asked: Namespace) -> bool:
    """Fit, save, and print verdict and returns."""
    job = read_job(asked.config)
    data = job.data()
    target = _target(job, data, asked)
    config = job.config
    with redirect_stdout(sys.stderr):
        posterior = mmm.fit(data, config.spec, seed=config.seed, sampler=config.sampler, progress=not asked.quiet)
    _save(posterior, target)
    if posterior.ok:
        print("", texts.roi_text(_report(posterior, config.report)), sep="\n")
    return posterior.ok


def refresh(asked: Namespace) -> bool:
    """Refresh the last fit, save the new one, and print what is another and whether it matters."""
    job = read_job(asked.config)
    data = job.data()
    target = _target(job, data, asked)
    source, last = _last_fit(job, asked.previous, target)
    spec = _changed_spec(job.config.spec, last)
    with redirect_stdout(sys.stderr):
        refreshed = mmm.refresh(
            last,
            data,
            spec=spec,
            sampler=job.config.sampler,
            progress=not asked.quiet,
            allow_unconverged=asked.allow_unconverged,
        )
    posterior = refreshed.posterior
    _save(posterior, target)
    print(f"The last fit was {source}.")
    if spec is not None:
        print("The spec of the config is not that of the last fit: the new fit follows the config.")
    if not posterior.ok:
        print(texts.bullets(refreshed.notes))
        return False
    prob = schema.DEFAULT_PROB if job.config.report.prob is None else job.config.report.prob
    print("", texts.roi_text(_report(posterior, job.config.report)), sep="\n")
    print("", texts.refresh_text(refreshed, prob=prob), sep="\n")
    if asked.decompose:
        print("", texts.decomposition_text(_parts(refreshed, asked)), sep="\n")
    return True


def report(asked: Namespace) -> bool:
    """Write the documents that are named, or print what they would say."""
    job = None if asked.config is None else read_job(asked.config)
    posterior = _asked_fit(job, asked.fit)
    entries = ReportEntries() if job is None else job.config.report
    asked_for = {"window": asked.window, "prob": asked.prob}
    entries = entries.model_copy(update={name: value for name, value in asked_for.items() if value is not None})
    if asked.decompose and asked.previous is None:
        raise ConfigError(
            "--decompose without --previous",
            "what a movement is due to says nothing without the movement",
            "name the fit before this one: --previous FIT",
        )
    documents = _documents(asked, job, posterior)
    made = _report(posterior, entries, allow_unconverged=asked.allow_unconverged)
    beside: dict[str, Any] = {}
    if asked.previous is not None:
        last = mmm.load(asked.previous)
        beside["refresh"] = mmm.Refresh(last, posterior, Vintages(last.data, posterior.data))
        if asked.decompose:
            beside["decomposition"] = _parts(beside["refresh"], asked)
    if not documents:
        print(texts.report_text(made))
        if "refresh" in beside:
            print("", texts.refresh_text(beside["refresh"], prob=made.prob), sep="\n")
        if "decomposition" in beside:
            print("", texts.decomposition_text(beside["decomposition"]), sep="\n")
    for kind, path in documents.items():
        getattr(made, f"to_{kind}")(path, **beside)
        print(f"Wrote {path}.")
    return posterior.ok


def _parts(refreshed: mmm.Refresh, asked: Namespace) -> pd.DataFrame:
    """What movements are due to; what the fits for it print is progress."""
    with redirect_stdout(sys.stderr):
        return refreshed.decomposition(progress=not asked.quiet)


def _target(job: Job, data: MarketingData, asked: Namespace) -> Path:
    path = job.path(job.config.fit, data) if asked.save is None else asked.save
    return check_target(path, overwrite=asked.overwrite)


def _save(posterior: Posterior, target: Path) -> None:
    posterior.save(target)
    print(posterior.diagnosis.verdict)
    print(f"Saved {target}.")


def _last_fit(job: Job, named: Path | None, target: Path) -> tuple[Path, Posterior]:
    """Give the fit that was named, or the newest one of the folder; never the one that will be overwritten."""
    if named is not None:
        return named, mmm.load(named)
    others = [(path, fit) for path, fit in saved_fits(job.fits) if path.resolve() != target.resolve()]
    if not others:
        raise ConfigError(
            f"there is no last fit in {str(job.fits)!r}",
            "a refresh is held against the fit before it",
            "make the first one with `mmm fit`, or name one with --previous",
        )
    return others[-1]


def _asked_fit(job: Job | None, named: Path | None) -> Posterior:
    if named is not None:
        return mmm.load(named)
    fits = [] if job is None else saved_fits(job.fits)
    if not fits:
        raise ConfigError(
            "no fit was named" if job is None else f"there is no saved fit in {str(job.fits)!r}",
            "there is nothing to report",
            "name one, as in `mmm report fits/2026-06-29.nc`, or the config of saved fits, with --config",
        )
    return fits[-1][1]


def _changed_spec(spec: ModelSpec, last: Posterior) -> ModelSpec | None:
    """Give the spec of the config if the last fit did not follow it, else nothing: then that of the fit is kept."""
    try:
        return None if spec.resolve(last.data) == last.spec else spec
    except SpecError:  # it speaks of a channel or of a tracker that came later
        return spec


def _report(posterior: Posterior, entries: ReportEntries, *, allow_unconverged: bool = False) -> mmm.Report:
    asked = {name: getattr(entries, name) for name in ("window", "prob", "economics")}
    stated = {name: value for name, value in asked.items() if value is not None}
    return mmm.Report(posterior, allow_unconverged=allow_unconverged, **stated)


def _documents(asked: Namespace, job: Job | None, posterior: Posterior) -> dict[str, Path]:
    """Give the file of each document that is asked for, by option or else by config."""
    found: dict[str, Path] = {}
    for kind in DOCUMENTS:
        named: Path | None = getattr(asked, kind)
        entry = None if job is None else getattr(job.config.report, kind)
        if named is None and job is not None and entry is not None:
            named = job.path(entry, posterior.data)
        if named is not None:
            found[kind] = check_target(named, overwrite=asked.overwrite)
    return found
