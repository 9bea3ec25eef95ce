"""Draws of the model's parameters, and everything that follows from them by replaying the model in NumPy.

The same class holds draws from the posterior and draws from the prior: what a report says of one it can say of
the other, and prior reliance is the ratio of the two.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.model.brand import share_mixing
from mmm.model.collapse import recover
from mmm.model.inputs import ModelInputs, Scales, followed_by_zeros
from mmm.model.priors import Prior
from mmm.model.response import response, unit_return
from mmm.model.spec import ModelSpec

__all__ = ["Draws", "draw_prior", "random_stream"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Draws:
    """Parameter draws with the data and the spec they belong to.

    Attributes
    ----------
    parameters : Dataset
        Variables of `docs/schema.md` with dims ``(chain, draw, ...)``.
    data : MarketingData
    spec : ModelSpec
        Resolved: nothing left to default.
    scales : Scales
    seed : int
        Every random number that is drawn from here on comes from it.
    """

    parameters: xr.Dataset
    data: MarketingData
    spec: ModelSpec
    scales: Scales
    seed: int

    def __post_init__(self) -> None:
        read_only(self.parameters)

    @cached_property
    def inputs(self) -> ModelInputs:
        """The model's arrays."""
        return ModelInputs.prepare(self.data, self.spec, self.scales)

    @cached_property
    def replayed(self) -> dict[Any, Any]:
        """What others replayed of all these draws and may ask for again, by what was asked."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave out of a pickle what can be replayed."""
        return {name: value for name, value in vars(self).items() if name != "replayed"}

    def contributions(self, driver: Floats | None = None) -> xr.DataArray:
        """Contribution of every channel in every period, in units of the outcome.

        Parameters
        ----------
        driver : array, shape (history + time, channel), optional
            In units of each channel's mean driver; the actual one by default.

        Returns
        -------
        DataArray, dims (chain, draw, geo, date, channel)
        """
        driver = self.inputs.driver if driver is None else driver
        effects = []
        for column, name in enumerate(self.data.channels):
            unit = response(
                driver[:, [column]],
                self.spec.channels[name],
                self.channel_parameters(name),
                weeks_per_period=self.inputs.weeks_per_period,
            )
            effects.append(self.amplitude(name)[..., None] * unit[..., self.inputs.start :, 0])
        return xr.DataArray(
            np.stack(effects, axis=-1)[:, :, None],
            dims=(schema.CHAIN, schema.DRAW, schema.GEO, schema.DATE, schema.CHANNEL),
            coords={
                schema.GEO: list(self.data.geos),
                schema.DATE: self.data.dates.values,
                schema.CHANNEL: list(self.data.channels),
            },
            name="contribution",
        )

    def amplitude(self, channel: str) -> Floats:
        """Outcome per unit of response of a channel, shape (chain, draw): the one that gives the drawn ROI."""
        if channel not in self._amplitudes:
            self._amplitudes[channel] = self._replay_amplitude(channel)
        return self._amplitudes[channel]

    @cached_property
    def _amplitudes(self) -> dict[str, Floats]:
        return {}

    def whole_effect(self, channel: str) -> Floats | None:
        """What all spend in the data brings in the end, shape (chain, draw), in units of the outcome.

        Known without the curve where every period's spend has a return of its own, worth the same whenever it lands;
        None elsewhere.
        """
        own, inputs = self.spec.channels[channel], self.inputs
        if own.order != "saturation_first" or inputs.landing_value is not None:
            return None
        parameters, period = self.channel_parameters(channel), inputs.weeks_per_period
        within = own.carryover.landed(inputs.horizon, parameters, weeks_per_period=period)
        return np.asarray(self._return_at_horizon(channel) / np.broadcast_to(within, (*self._sampled, 1))[..., 0])

    def _return_at_horizon(self, channel: str) -> Floats:
        """Outcome that the drawn ROI says the data's spend brings within the horizon of its prior."""
        roi = self._of_channel(self.roi_name, channel)
        return np.asarray(roi * self.inputs.break_even[self.data.channels.index(channel)] * self.scales.outcome)

    @property
    def _sampled(self) -> tuple[int, int]:
        return self.parameters.sizes[schema.CHAIN], self.parameters.sizes[schema.DRAW]

    def _replay_amplitude(self, channel: str) -> Floats:
        column = self.data.channels.index(channel)
        driver = followed_by_zeros(self.inputs.driver[:, [column]], self.inputs.horizon - 1)
        unit = unit_return(
            driver,
            self.spec.channels[channel],
            self.channel_parameters(channel),
            weeks_per_period=self.inputs.weeks_per_period,
            start=self.inputs.start,
            stop=self.inputs.stop,
            horizon=self.inputs.horizon,
            value=self.inputs.landing_value,
        )[..., 0]
        return np.asarray(self._return_at_horizon(channel) / unit)

    def curve(self, channel: str, driver: Floats) -> Floats:
        """Outcome per period of a steady driver (in units of its mean), shape (chain, draw, point)."""
        shape = self.spec.channels[channel].saturation.respond(driver[:, None], self.channel_parameters(channel))
        return self.amplitude(channel)[..., None] * np.asarray(shape)[..., 0]

    @cached_property
    def _baseline(self) -> tuple[Floats, Floats]:
        """Coefficients (draws, term) and walk (draws, time), exact given the parameters, in mean outcomes."""
        media = self.contributions().sum(schema.CHANNEL).values[:, :, 0] / self.scales.outcome
        shape = media.shape[:2]
        sigma = self.parameters[schema.SIGMA].values.reshape(-1)
        tau = self.parameters[schema.TAU].values.reshape(-1) if schema.TAU in self.parameters else np.zeros_like(sigma)
        coefficients, walk = recover(
            self.inputs.outcome - media.reshape(-1, media.shape[-1]),
            sigma=sigma,
            tau=tau,
            design=self.inputs.design,
            rotation=self.inputs.rotation,
            rng=random_stream(self.seed, "baseline"),
        )
        return coefficients.reshape(*shape, -1), walk.reshape(*shape, -1)

    def coefficients(self) -> xr.DataArray:
        """Coefficients of the baseline's columns, dims (chain, draw, term), in units of the outcome per column unit."""
        return xr.DataArray(
            self._baseline[0] * self.scales.outcome,
            dims=(schema.CHAIN, schema.DRAW, schema.TERM),
            coords={schema.TERM: list(self.inputs.design.terms)},
            name=schema.COEFFICIENTS,
        )

    def baseline(self) -> xr.DataArray:
        """The baseline by part, dims (chain, draw, geo, date, part), in units of the outcome.

        Parts: ``intercept``, ``trend``, ``season``, ``holiday``, ``control`` (those the model has) and ``walk``.
        """
        coefficients, walk = self._baseline
        design = self.inputs.design
        parts: dict[str, Floats] = {}
        for kind in dict.fromkeys(design.kinds):
            members = np.array([other == kind for other in design.kinds])
            parts[kind] = coefficients[..., members] @ design.columns[:, members].T
        if design.has_walk:
            parts[schema.WALK] = walk
        return xr.DataArray(
            np.stack(list(parts.values()), axis=-1)[:, :, None] * self.scales.outcome,
            dims=(schema.CHAIN, schema.DRAW, schema.GEO, schema.DATE, schema.PART),
            coords={
                schema.GEO: list(self.data.geos),
                schema.DATE: self.data.dates.values,
                schema.PART: list(parts),
            },
            name=schema.BASELINE,
        )

    def expected(self) -> xr.DataArray:
        """Baseline plus media, dims (chain, draw, geo, date): the mean, without the noise of a week."""
        return (self.baseline().sum(schema.PART) + self.contributions().sum(schema.CHANNEL)).rename("expected")

    def residuals(self) -> xr.DataArray:
        """Outcome minus its expectation, dims (chain, draw, geo, date)."""
        return (self.data.dataset[schema.OUTCOME] - self.expected()).transpose(schema.CHAIN, schema.DRAW, ...)

    def predictive(self) -> xr.DataArray:
        """Outcome as the model would see it again, noise included, dims (chain, draw, geo, date)."""
        expected = self.expected()
        sigma = self.parameters[schema.SIGMA] * self.scales.outcome
        noise = random_stream(self.seed, "predictive").standard_normal(expected.shape)
        return (expected + sigma * expected.copy(data=noise)).rename("predictive")

    @property
    def roi_name(self) -> str:
        """The variable the amplitudes come from: ROI, or outcome per spend where outcome has no money value."""
        return schema.ROI if self.data.has_money_value else schema.OUTCOME_PER_SPEND

    def channel_parameters(self, channel: str) -> dict[str, Any]:
        """Parameters of one channel, each of shape (chain, draw, 1)."""
        names = self.spec.channels[channel].parameters()
        return {name: self._of_channel(name, channel)[..., None] for name in names}

    def _of_channel(self, name: str, channel: str) -> Floats:
        """One channel's draws of a variable, shape (chain, draw)."""
        variable = self.parameters.variables[name]  # not as a labelled array, which takes longer to make than to use
        place = self.parameters.get_index(variable.dims[-1]).get_loc(channel)
        return np.asarray(variable.values[..., place])


def draw_prior(data: MarketingData, spec: ModelSpec, scales: Scales, *, n_draws: int = 4000, seed: int = 0) -> Draws:
    """Draw every parameter from its prior, independently; ``spec`` is resolved.

    Returns
    -------
    Draws
        With one chain, for the same data: whatever is replayed from it is what was believed beforehand.
    """
    rng = random_stream(seed, "prior")
    grid_of = cache(lambda prior: prior.quantile_grid(n_draws))  # many channels share one prior

    def shuffled(prior: Prior) -> Floats:
        # a Latin hypercube: each margin is the prior itself, without Monte Carlo noise
        return rng.permutation(grid_of(prior))

    channels = spec.channels
    name = schema.ROI if data.has_money_value else schema.OUTCOME_PER_SPEND
    by_name: dict[str, dict[str, Any]] = {name: {c: channel.roi_prior for c, channel in channels.items()}}
    for parameter in schema.CHANNEL_PARAMETERS:
        owners = {c: ch.parameters()[parameter] for c, ch in channels.items() if parameter in ch.parameters()}
        if owners:
            by_name[parameter] = owners
    variables: dict[str, Any] = {}
    coords: dict[str, list[str]] = {}
    for parameter, owners in by_name.items():
        dim = schema.parameter_dim(parameter, shared_by_all=len(owners) == len(channels))
        if parameter == schema.SLOW_HALF_LIFE and spec.shared_slow_half_life:
            draws = np.repeat(shuffled(next(iter(owners.values())))[:, None], len(owners), axis=1)
        else:
            draws = np.stack([shuffled(prior) for prior in owners.values()], axis=-1)
        if parameter == schema.SLOW_SHARE:
            draws = _pooled(draws, list(owners.values()))
        variables[parameter] = ((schema.CHAIN, schema.DRAW, dim), draws[None])
        coords[dim] = list(owners)
    scalars = {schema.SIGMA: spec.noise, schema.TAU: spec.trend.walk} | (
        spec.tracker.parameters() if spec.tracker else {}
    )
    for parameter, prior in scalars.items():
        if prior is not None:
            variables[parameter] = ((schema.CHAIN, schema.DRAW), shuffled(prior)[None])
    return Draws(xr.Dataset(variables, coords), data, spec, scales, seed)


def _pooled(shares: Floats, priors: list[Any]) -> Floats:
    """Correlate independent draws of slow shares (draw, channel) as the model does."""
    independent = np.stack([prior.standardise(draw) for prior, draw in zip(priors, shares.T, strict=True)], axis=-1)
    odds = independent @ share_mixing(len(priors)).T
    location, scale = (np.array([getattr(prior, name) for prior in priors]) for name in ("location", "sigma"))
    return np.asarray(1 / (1 + np.exp(-(location + scale * odds))))


def read_only(draws: xr.Dataset) -> None:
    """Make the numbers of a data set unwritable: what was sampled stays what was sampled."""
    for array in draws.data_vars.values():
        array.values.setflags(write=False)


def random_stream(seed: int, purpose: str) -> np.random.Generator:
    """Give the generator of one purpose, so that drawing for one never moves another.

    Examples
    --------
    >>> bool(random_stream(1, "prior").random() == random_stream(1, "prior").random())
    True
    """
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])
