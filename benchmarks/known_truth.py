"""What one sees of a channel that changed who knows all but that: a benchmark for every check of a fit."""

import numpy as np

from mmm.model.baseline import baseline_design
from mmm.model.collapse import rotate
from mmm.refreshing.channel_changes import bayes_factors
from mmm.simulate import WorldSettings


def factors_where_all_is_known(data, truth, *, n_old, spec):
    """Bayes factor of each channel, given every return, the noise and the size of the base's random walk.

    Parameters
    ----------
    data : MarketingData
        Old and new weeks, with what happened in them.
    truth : Truth
        Of the world before anything changed; its random walk is that of the defaults.
    n_old : int
        How many of the weeks are old.
    spec : ModelSpec
        Says what of the base is not known here either: level, trend, season, controls.
    """
    n = data.n_periods
    design = baseline_design(
        data,
        trend=spec.trend,
        seasonality=spec.seasonality,
        holidays=spec.holidays,
        origin=data.dates[0],
        control_means=data.dataset["controls"].values[0].mean(axis=0),
        control_scales=np.ones(len(data.controls)),
    )
    rotation = rotate(design)
    media = truth.contributions.to_numpy()[:n]
    error = data.dataset["outcome"].values[0] - media.sum(axis=1)
    new = np.where(np.arange(n)[:, None] < n_old, 0.0, media)
    walk = WorldSettings.walk / WorldSettings.noise * truth.sigma  # both are shares of the same mean
    covariance = np.diag(truth.sigma**2 + walk**2 * rotation.walk_variances)
    found = bayes_factors(rotation.matrix @ error, covariance, rotation.matrix @ new)
    return dict(zip(truth.contributions.columns, found, strict=True))
