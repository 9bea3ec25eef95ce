"""The fitted model: draws, data, spec and verdict, frozen together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from os import PathLike

import pandas as pd
import xarray as xr

from mmm import schema
from mmm.data import MarketingData
from mmm.model.frozen import Frozen
from mmm.model.inputs import Scales
from mmm.model.spec import ModelSpec
from mmm.posterior.diagnosis import Diagnosis
from mmm.posterior.display import card
from mmm.posterior.draws import Draws, draw_prior, read_only
from mmm.posterior.plan import driver_under_plan

__all__ = ["Posterior", "Provenance"]


class Provenance(Frozen):
    """Where a fit came from; enough to make it again.

    Parameters
    ----------
    seed : int
    chains, draws, tune : int
    target_accept : float
    versions : dict of str
        Of this package and of what the numbers depend on.
    data_fingerprint : str
    created : str
        UTC, ISO 8601.
    started_from : str, optional
        Data fingerprint, seed and time of the fit at whose draws the chains started; None if at no fit's.
    """

    seed: int
    chains: int
    draws: int
    tune: int
    target_accept: float
    versions: dict[str, str]
    data_fingerprint: str
    created: str
    started_from: str | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Posterior:
    """Draws, data, spec and verdict of one fit. Nothing in it changes; new data give a new one.

    Attributes
    ----------
    draws : Draws
        Parameter draws, and everything that is replayed from them.
    sample_stats : Dataset
        The sampler's own record, dims (chain, draw).
    diagnosis : Diagnosis
    provenance : Provenance

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> posterior.ok, posterior.data.channels
    (True, ('tv', 'video', 'radio'))
    >>> without_tv = pd.DataFrame({"tv": np.zeros(posterior.data.n_periods)})
    >>> posterior.contributions(without_tv).dims
    ('chain', 'draw', 'geo', 'date', 'channel')
    """

    draws: Draws
    sample_stats: xr.Dataset
    diagnosis: Diagnosis
    provenance: Provenance

    def __post_init__(self) -> None:
        read_only(self.sample_stats)

    @property
    def data(self) -> MarketingData:
        """The data it was fitted to."""
        return self.draws.data

    @property
    def spec(self) -> ModelSpec:
        """Everything assumed, with every default filled in."""
        return self.draws.spec

    @property
    def scales(self) -> Scales:
        """What was learnt from the data to scale them."""
        return self.draws.scales

    @property
    def ok(self) -> bool:
        """Whether the fit passed its convergence checks."""
        return self.diagnosis.ok

    @cached_property
    def prior(self) -> Draws:
        """Draws from the prior for the same data and spec, for prior reliance."""
        return draw_prior(self.data, self.spec, self.scales, seed=self.provenance.seed)

    @property
    def datatree(self) -> xr.DataTree:
        """ArviZ's view: ``posterior``, ``sample_stats``, ``observed_data`` and ``constant_data``, as a copy.

        Examples
        --------
        Any function of ArviZ takes it: ``arviz.summary(posterior.datatree)``.
        """
        arrays = self.data.dataset
        groups = {
            "posterior": self.draws.parameters,
            "sample_stats": self.sample_stats,
            "observed_data": arrays[[schema.OUTCOME]],
            "constant_data": arrays.drop_vars(schema.OUTCOME),
        }
        return xr.DataTree.from_dict({name: group.copy(deep=True) for name, group in groups.items()})

    def contributions(self, spend: pd.DataFrame | None = None) -> xr.DataArray:
        """Contribution of each channel in each period, draw by draw, under the actual or any other spend.

        Parameters
        ----------
        spend : DataFrame, optional
            Columns named as channels (any subset; the others keep their spend), one row per period of the data in
            order of time. A channel driven by exposure gets its exposure in proportion, period by period; where it
            had no spend, at its mean cost per exposure.

        Returns
        -------
        DataArray, dims (chain, draw, geo, date, channel)
            In units of the outcome.

        Raises
        ------
        DataError
            If a column is not a channel, rows do not match, or spend is negative or not finite.
        """
        if spend is None:
            return self.draws.contributions()
        inputs = self.draws.inputs
        plan = driver_under_plan(spend, data=self.data, driver=inputs.driver, start=inputs.start)
        return self.draws.contributions(plan)

    def predict(self, plan: pd.DataFrame, *, prob: float = schema.DEFAULT_PROB) -> pd.DataFrame:
        """Forecast the outcome of the periods after the data under a plan.

        Parameters
        ----------
        plan : DataFrame
            One row for each period after the last one of the data, in order: its date in the column that the data had
            it in, spend by channel in columns named as channels, and the controls. A channel driven by exposure gets
            what its spend buys on average.
        prob : float
            Of the intervals.

        Returns
        -------
        DataFrame
            ``date``; ``median, lower, upper`` of the outcome, noise included; ``expected, expected_lower,
            expected_upper`` of baseline plus media. Exact given each draw (see `mmm.posterior.forecast`).

        Raises
        ------
        DataError
            If a column is missing or unknown, dates do not go on where the data end, or a number is missing.
        ReportError
            If ``prob`` is not between 0 and 1.

        Examples
        --------
        >>> data = posterior.data
        >>> plan = pd.DataFrame({"week": data.dates[-1] + pd.to_timedelta([7, 14], unit="D")})
        >>> plan[[*data.channels]], plan["price"], plan["rain"] = 1000.0, 10.0, 50.0
        >>> posterior.predict(plan).columns[:4].tolist()
        ['date', 'median', 'lower', 'upper']
        """
        from mmm.posterior.predict import forecast_plan, prediction_table

        unit = self.data.description.outcome_unit
        return prediction_table(forecast_plan(self.draws, plan), prob=prob, unit=unit)

    def save(self, path: str | PathLike[str]) -> None:
        """Write one netCDF file (see :func:`mmm.load`), whole or not at all.

        Examples
        --------
        >>> posterior.save("2026q3.nc")
        >>> mmm.load("2026q3.nc").provenance.seed == posterior.provenance.seed
        True
        """
        from mmm.posterior.storage import save

        save(self, path)

    def __repr__(self) -> str:
        sizes = self.draws.parameters.sizes
        return (
            f"<Posterior of {len(self.data.channels)} channels over {self.data.n_periods} {self.data.frequency} "
            f"periods, {self.data.dates[0]:%Y-%m-%d} to {self.data.dates[-1]:%Y-%m-%d}\n"
            f" {sizes[schema.CHAIN]} chains x {sizes[schema.DRAW]} draws, seed {self.provenance.seed}\n"
            f" {self.diagnosis.verdict}>"
        )

    def _repr_html_(self) -> str:
        data, sizes = self.data, self.draws.parameters.sizes
        facts = {
            "outcome": f"{data.description.outcome} ({data.description.outcome_unit})",
            "channels": ", ".join(f"{name} (brand)" if name in self.spec.brand else name for name in data.channels),
            "periods": f"{data.n_periods} {data.frequency}, {data.dates[0]:%Y-%m-%d} to {data.dates[-1]:%Y-%m-%d}",
            "draws": f"{sizes[schema.CHAIN]} chains x {sizes[schema.DRAW]}, seed {self.provenance.seed}",
        }
        return card("Posterior", facts, ok=self.ok, verdict=self.diagnosis.verdict)
