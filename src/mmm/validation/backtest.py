"""`mmm.backtest`: what this model would have forecast, and what happened."""

from __future__ import annotations

import warnings
from concurrent.futures import Executor

import xarray as xr

from mmm import schema
from mmm.data import MarketingData
from mmm.data.altered import between
from mmm.errors import ConvergenceWarning, FitError
from mmm.fitting import Sampler
from mmm.fitting.convergence import bfmi, convergence
from mmm.fitting.parallel import for_workers, run_each
from mmm.fitting.refits import check_posterior, fit_again
from mmm.model.inputs import Scales
from mmm.model.spec import ModelSpec
from mmm.posterior import Diagnosis, Posterior, QuantityCheck
from mmm.posterior.forecast import Forecast, forecast
from mmm.validation.backtested import Backtest
from mmm.validation.naive import naive_forecast, periods_per_year
from mmm.validation.outlook import Outlook
from mmm.validation.windows import Window, training_data, windows_of

__all__ = ["REFIT_SAMPLER", "backtest", "diagnose_forecast"]

#: A forecast is a mean and an interval, and not a tail: fewer draws do than a report asks for.
REFIT_SAMPLER = Sampler(draws=500, tune=500, chains=2)


def backtest(
    posterior: Posterior,
    *,
    weeks_ahead: float = 13,
    origins: int = 4,
    seed: int | None = None,
    sampler: Sampler | None = None,
    progress: bool = True,
    executor: Executor | None = None,
    allow_unconverged: bool = False,
) -> Backtest:
    """Fit what was known at some dates of the past, forecast from there, and compare with what happened.

    Each forecast is made under the media, controls and holidays that really came, so that what is judged is the model
    and not anybody's plan. Its intervals are checked against the outcome, and its score against that of a forecast
    without a model: the same week of the year before, with the errors that this would have made until then.

    Parameters
    ----------
    posterior : Posterior
        Its data, spec and scales are those of the test; its draws are not used.
    weeks_ahead : float
        How far to look ahead, 4 to 52 weeks; 13 to 26 show most.
    origins : int
        How many forecasts. They are laid end to end over the last periods of the data.
    seed : int, optional
        That of the posterior by default.
    sampler : Sampler, optional
        2 chains of 500 draws after 500 of tuning by default: enough for means and intervals of forecasts, which are
        checked for convergence by themselves. The returns of such short fits are not, and are not shown.
    progress : bool
        Say what is fitted.
    executor : concurrent.futures.Executor, optional
        Who refits: a ``ProcessPoolExecutor``, or ``client.get_executor()`` of a Dask cluster; in this process by
        default. With one, chains run one after the other unless the sampler says ``cores``.
    allow_unconverged : bool
        Count forecasts that failed their checks too; table and chart then say so.

    Returns
    -------
    Backtest

    Raises
    ------
    ConvergenceError
        If the posterior failed its checks and ``allow_unconverged`` is not set, or if every forecast did.
    DataError
        If the data are too short, or a channel or the tracker has too little in a training window.
    SpecError
        If the baseline cannot be told from a training window.
    ReportError
        If it is no Posterior, or ``weeks_ahead`` or ``origins`` make no sense.

    Warns
    -----
    ConvergenceWarning
        If a forecast fails its checks. It is left out, and the others are kept.

    Notes
    -----
    All origins learn from as many periods, those just before them, and from as much history of media as the posterior
    had, so that each is as hard as the others. A spec that is compiled (ADR 12) shares one program among windows of
    equal length; one more is compiled for every window in which the baseline has other columns, through holidays or
    through controls that had not changed by then, or the tracker another number of waves.

    Units of the priors (mean outcome, mean spend, centre and spread of the controls) and the priors themselves are
    those of the posterior. They have seen the periods that are forecast, if only as a mean.

    The range that coverage is compared with comes from the forecasts themselves: each of their draws in turn is taken
    as what happened (see :meth:`Backtest.coverage`).

    Examples
    --------
    Two short forecasts from 52 weeks each:

    >>> tested = mmm.backtest(posterior, weeks_ahead=4, origins=2, seed=1, progress=False)
    >>> tested.table()["origin"].tolist(), tested.table()["periods"].tolist()
    (['2023-12-25', '2024-01-22', 'all'], [4, 4, 8])
    """
    check_posterior(posterior, allow_unconverged=allow_unconverged)
    data = posterior.data
    windows = windows_of(data, weeks_ahead=weeks_ahead, origins=origins)
    # all are cut and checked before the first is fitted
    trained = {f"until {data.dates[w.stop - 1]:%Y-%m-%d}": training_data(posterior, w) for w in windows}
    sampler = for_workers(sampler or REFIT_SAMPLER, executor)
    seed = posterior.provenance.seed if seed is None else seed
    cases = [
        (case, (known, posterior.spec, posterior.scales, seed, sampler, data, window, notes))
        for window, (case, (known, notes)) in zip(windows, trained.items(), strict=True)
    ]
    found, missing = run_each(_look_ahead, cases, executor=executor, progress=progress)
    outlooks = list(found.values())
    if not outlooks:
        raise FitError(
            f"no forecast could be made: {'; '.join(f'{case} ({why})' for case, why in missing.items())}",
            "without forecasts there is nothing to test",
            "mend what is said of them, or leave executor= out and see the error where it happens",
        )
    tested = Backtest(
        outlooks=tuple(outlooks),
        weeks_ahead=float(weeks_ahead),
        outcome=data.dataset[schema.OUTCOME].isel({schema.GEO: 0}).to_series().rename(data.description.outcome),
        unit=data.description.outcome_unit,
        frequency=data.frequency,
        seed=seed,
        allow_unconverged=allow_unconverged,
    )
    failed = [f"{outlook.origin:%Y-%m-%d}" for outlook in outlooks if not outlook.diagnosis.ok]
    said = [f"What was known {case} could not be fitted ({why})." for case, why in missing.items()]
    if failed:
        said.append(
            f"The forecasts from these origins did not converge: {', '.join(failed)}. They are left out unless "
            "allow_unconverged=True. Try sampler=mmm.Sampler(tune=2000, target_accept=0.98)."
        )
    if said:
        warnings.warn(" ".join(said), ConvergenceWarning, stacklevel=2)
    return tested


def _look_ahead(
    known: MarketingData,
    spec: ModelSpec,
    scales: Scales,
    seed: int,
    sampler: Sampler,
    data: MarketingData,
    window: Window,
    notes: tuple[str, ...],
) -> Outlook:
    """Fit what was known, and forecast what came."""
    fitted = fit_again(known, spec, scales, seed, sampler)
    ahead = forecast(fitted.draws, between(data, 0, window.end))
    outcome = data.dataset[schema.OUTCOME].values[0]
    naive, is_seasonal = naive_forecast(
        outcome[: window.stop], n_ahead=window.end - window.stop, year=periods_per_year(data.weeks_per_period)
    )
    origin = data.dates[window.stop - 1]
    if not is_seasonal:
        notes = (*notes, f"{origin:%Y-%m-%d}: less than two years are known; the naive forecast is the last outcome.")
    return Outlook(
        origin=origin,
        dates=data.dates[window.stop : window.end],
        observed=outcome[window.stop : window.end],
        draws=ahead.outcome.values.reshape(-1, window.end - window.stop),
        naive=naive,
        is_seasonal=is_seasonal,
        diagnosis=diagnose_forecast(ahead, fitted.sample_stats),
        notes=(*notes, *ahead.notes),
    )


def diagnose_forecast(ahead: Forecast, sample_stats: xr.Dataset) -> Diagnosis:
    """Check convergence of what a backtest reports, the expectation of each period, as reports check theirs.

    Parameters
    ----------
    ahead : Forecast
    sample_stats : Dataset
        With ``diverging`` and ``energy``, dims (chain, draw).
    """
    expected = ahead.expected.isel({schema.GEO: 0}).transpose(schema.CHAIN, schema.DRAW, schema.DATE)
    checked = zip(*convergence(expected.values), strict=True)
    dates = expected[schema.DATE].dt.strftime("%Y-%m-%d").values
    return Diagnosis(
        checks=tuple(
            QuantityCheck(quantity=f"forecast {date}", rhat=float(r), ess_bulk=float(b), ess_tail=float(t))
            for date, (r, b, t) in zip(dates, checked, strict=True)
        ),
        divergences=int(sample_stats["diverging"].sum()),
        draws=int(sample_stats["diverging"].size),
        ebfmi=tuple(bfmi(sample_stats["energy"].values).tolist()),
    )
