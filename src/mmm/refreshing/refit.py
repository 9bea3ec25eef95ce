"""`mmm.refresh`: the same model on new data."""

from __future__ import annotations

from os import PathLike

from mmm.data import MarketingData
from mmm.fitting import Sampler, fit
from mmm.fitting.refits import sampler_of
from mmm.model.spec import ModelSpec
from mmm.posterior import Posterior
from mmm.refreshing.carried import carried_scales, carried_spec, opened
from mmm.refreshing.refreshed import Refresh

__all__ = ["refresh"]


def refresh(
    previous: Posterior | str | PathLike[str],
    new_data: MarketingData,
    *,
    spec: ModelSpec | None = None,
    seed: int | None = None,
    sampler: Sampler | None = None,
    warm_start: bool = True,
    progress: bool = True,
    allow_unconverged: bool = False,
) -> Refresh:
    """Fit all data again with the spec, priors and scales of the last fit, and keep both.

    A full refit: the old posterior never becomes a prior, as the data it saw are among the new ones and would count
    twice. What is held against what: the same spend, judged by both fits.

    Parameters
    ----------
    previous : Posterior or path
        The last fit, or the file it was saved in.
    new_data : MarketingData
        All periods, old and new, as they are known now.
    spec : ModelSpec, optional
        Another model; by default that of the last fit, without channels that are gone and with defaults for new ones.
    seed : int, optional
        One more than that of the last fit by default: with the same, Monte Carlo error could not be told.
    sampler : Sampler, optional
        As the last fit was sampled, by default.
    warm_start : bool
        Start each chain at a draw of the last fit; parameters that it did not have start where they do in a first
        fit. ``False`` starts all of them there.
    progress : bool
        Say what is another, and show the sampler's progress.
    allow_unconverged : bool
        Compare with a last fit that failed its checks all the same.

    Returns
    -------
    Refresh
        With the new ``posterior``, whether or not it converged, and the last one, unchanged.

    Raises
    ------
    DataError
        If the new data have another frequency, currency, outcome or unit, no period in common with those of the last
        fit, or end before them.
    SpecError
        If ``new_data`` is no MarketingData, or the spec does not fit them.
    ConvergenceError
        If the last fit failed its checks.
    StorageError
        If the file cannot be read.

    Notes
    -----
    A warm start moves where chains begin and nothing else. Tuning is as long as ever: the step size and the scale of
    each coordinate have to suit the new posterior, and finding them is what tuning is for, not finding the way.

    Examples
    --------
    >>> from mmm.data.altered import between
    >>> data, truth = mmm.simulate.world(n_periods=117, n_channels=2, seed=1)
    >>> last = mmm.fit(between(data, 0, 104), seed=1, progress=False)
    >>> refreshed = mmm.refresh(last, data, progress=False)
    >>> refreshed.notes
    ('13 new weekly periods, to 2025-03-24.',)
    >>> list(refreshed.drift()["channel"]), len(refreshed.forecast_check().table())
    (['tv', 'search', 'total'], 13)
    >>> parts = refreshed.decomposition()
    >>> bool((parts.drop(columns=["channel", "total"]).sum(axis=1) - parts["total"]).abs().max() < 1e-9)
    True
    >>> refreshed.plot_decomposition(parts).get_title(loc="left")
    'What each movement is due to'
    """
    previous, vintages = opened(previous, new_data, allow_unconverged=allow_unconverged)
    if progress:
        for note in vintages.notes:
            print(note)  # noqa: T201 - what a person at a notebook or a terminal reads while waiting
    posterior = fit(
        new_data,
        carried_spec(previous.spec, new_data) if spec is None else spec,
        seed=previous.provenance.seed + 1 if seed is None else seed,
        sampler=sampler or sampler_of(previous),
        scales=carried_scales(previous.scales, old=previous.data, new=new_data),
        start=previous if warm_start else None,
        progress=progress,
    )
    return Refresh(previous, posterior, vintages)
