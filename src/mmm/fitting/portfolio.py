"""`mmm.fit_many`: the same model for many brands or countries, each by itself."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mmm.data import MarketingData
from mmm.errors import ConvergenceWarning, SpecError
from mmm.fitting.fit import check_seed, fit
from mmm.fitting.parallel import for_workers, run_each
from mmm.fitting.sampler import Sampler
from mmm.model.spec import ModelSpec
from mmm.posterior import Posterior

__all__ = ["Portfolio", "fit_many"]


@dataclass(frozen=True, eq=False, repr=False)
class Portfolio(Mapping[str, Posterior]):
    """Posteriors by name, from :func:`mmm.fit_many`; a mapping, ``portfolio["uk"]``.

    Parameters
    ----------
    posteriors : dict of Posterior
        Those that could be fitted, converged or not.
    failed : dict of str
        What went wrong with the others, by name.

    Examples
    --------
    >>> portfolio = mmm.Portfolio(posteriors={}, failed={"fr": "tv was never on air"})
    >>> portfolio.ok, len(portfolio), portfolio.table()["name"].tolist()
    (False, 0, ['fr'])
    """

    posteriors: dict[str, Posterior]
    failed: dict[str, str]

    def table(self) -> pd.DataFrame:
        """How each fit went.

        Returns
        -------
        DataFrame
            One row per name: ``name, ok, rhat, ess, divergences, verdict``; ``rhat`` and ``ess`` are the worst of all
            reported quantities, missing where nothing could be fitted.
        """
        rows: list[dict[str, Any]] = []
        for name, posterior in self.posteriors.items():
            diagnosis = posterior.diagnosis
            rows.append(
                {
                    "name": name,
                    "ok": posterior.ok,
                    "rhat": max(check.rhat for check in diagnosis.checks),
                    "ess": min(min(check.ess_bulk, check.ess_tail) for check in diagnosis.checks),
                    "divergences": diagnosis.divergences,
                    "verdict": diagnosis.verdict,
                }
            )
        rows += [{"name": name, "ok": False, "verdict": reason} for name, reason in self.failed.items()]
        columns = ["name", "ok", "rhat", "ess", "divergences", "verdict"]
        return pd.DataFrame(rows, columns=columns).astype({"divergences": "Int64"})

    @property
    def ok(self) -> bool:
        """Whether every one could be fitted and converged."""
        return not self.failed and all(posterior.ok for posterior in self.posteriors.values())

    def __getitem__(self, name: str) -> Posterior:
        if name in self.failed:
            raise KeyError(f"{name!r} could not be fitted: {self.failed[name]}")
        return self.posteriors[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.posteriors)

    def __len__(self) -> int:
        return len(self.posteriors)

    def __repr__(self) -> str:
        poor = [name for name, posterior in self.posteriors.items() if not posterior.ok]
        said = [f"<Portfolio of {len(self.posteriors)} fits"]
        said += [f"not converged: {', '.join(poor)}"] if poor else []
        said += [f"failed: {'; '.join(f'{name} ({reason})' for name, reason in self.failed.items())}"] * bool(
            self.failed
        )
        return "\n ".join(said) + ">"


def fit_many(
    data: Mapping[str, MarketingData],
    spec: ModelSpec | Mapping[str, ModelSpec] | None = None,
    *,
    brand: Sequence[str] = (),
    seed: int,
    sampler: Sampler | None = None,
    executor: Executor | None = None,
    progress: bool = True,
) -> Portfolio:
    """Fit many data sets, each by itself: brands, countries, windows.

    Parameters
    ----------
    data : mapping of MarketingData
        By name.
    spec : ModelSpec or mapping of ModelSpec, optional
        One for all, or one each by the same names; defaults if not given.
    brand : sequence of str
        As :func:`mmm.fit` takes it, for all.
    seed : int
        Each fit is the one that :func:`mmm.fit` makes with this seed.
    sampler : Sampler, optional
        For all. With an executor, chains run one after the other unless ``cores`` is set.
    executor : concurrent.futures.Executor, optional
        Who does it: a ``ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"))``, or
        ``client.get_executor()`` of a Dask cluster. In this process, one after the other, by default.
    progress : bool
        Say when each is done.

    Returns
    -------
    Portfolio
        With what could be fitted; what could not is named in ``failed``, with the reason.

    Raises
    ------
    SpecError
        If ``data`` is no mapping of data sets, specs are given for other names, or the executor is none.

    Warns
    -----
    ConvergenceWarning
        If fits fail, or fail their checks.

    Notes
    -----
    Nothing is shared between the fits, neither priors nor draws. The fused density serves data sets of every shape, so
    that nothing is compiled for any of them.

    Examples
    --------
    >>> brands = {name: mmm.simulate.world(n_periods=104, n_channels=2, seed=k)[0] for k, name in enumerate("ab")}
    >>> portfolio = mmm.fit_many(brands, seed=1, progress=False)
    >>> {name: list(posterior.data.channels) for name, posterior in portfolio.items()}
    {'a': ['tv', 'search'], 'b': ['tv', 'search']}
    """
    check_seed(seed)
    specs = _specs(data, spec)
    sampler = for_workers(sampler or Sampler(), executor)
    cases = [(name, (known, specs[name], tuple(brand), seed, sampler)) for name, known in data.items()]
    posteriors, failed = run_each(_fit_one, cases, executor=executor, progress=progress)
    portfolio = Portfolio(posteriors=posteriors, failed=failed)
    if not portfolio.ok:
        poor = [name for name, posterior in posteriors.items() if not posterior.ok]
        said = [f"not converged: {', '.join(poor)}"] if poor else []
        said += [f"{name} failed ({reason})" for name, reason in failed.items()]
        warnings.warn(
            f"Of {len(data)} fits, {'; '.join(said)}. The others are there. No report is made from a fit that did not "
            "converge unless allow_unconverged=True; try sampler=mmm.Sampler(tune=2000, target_accept=0.98).",
            ConvergenceWarning,
            stacklevel=2,
        )
    return portfolio


def _fit_one(
    data: MarketingData, spec: ModelSpec | None, brand: tuple[str, ...], seed: int, sampler: Sampler
) -> Posterior:
    with warnings.catch_warnings():
        # all that did not converge are named together at the end
        warnings.simplefilter("ignore", ConvergenceWarning)
        return fit(data, spec, brand=brand, seed=seed, sampler=sampler, progress=False)


def _specs(data: Any, spec: Any) -> dict[str, ModelSpec | None]:
    if not isinstance(data, Mapping) or not all(isinstance(known, MarketingData) for known in data.values()):
        raise SpecError(
            f"data is a {type(data).__name__}" + (" of other things than MarketingData" * isinstance(data, Mapping)),
            "each fit has a name, by which it is found again",
            'give a mapping, such as {"uk": MarketingData.from_frame(...), "fr": ...}',
        )
    if not isinstance(spec, Mapping):
        return dict.fromkeys(data, spec)
    if set(spec) != set(data):
        missing, unknown = sorted(set(data) - set(spec)), sorted(set(spec) - set(data))
        raise SpecError(
            f"specs are missing for {missing}, and {unknown} are not in the data",
            "the assumptions meant for a data set would silently be replaced by defaults",
            "give one spec for all, or one for each name of the data",
        )
    return dict(spec)
