"""Known truths against what refits made of them: rows of a table, a verdict and a chart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.errors import ReportError
from mmm.returns.asked import check_prob
from mmm.validation.recovery_rows import CLEAR, judge, ranks_agree, recovered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["WORLD", "Recovery"]

Floats = NDArray[np.float64]
WORLD, SAMPLE = "world", "sample"

IN_WORDS = {
    "measured": "measure {}",
    "narrowed": "narrow {} and no more",
    "prior": "leave {} to the prior",
    "missed": "miss the truth of {} too often",
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Recovery:
    """Would this data set have found the truth? From :func:`mmm.recovery`.

    Parameters
    ----------
    truth : DataArray, dims (world, channel, horizon_weeks)
        Return per unit of spend in each simulated world.
    estimate : DataArray, dims (world, sample, channel, horizon_weeks)
        Draws of the refits.
    prior : DataArray, dims (sample, channel, horizon_weeks)
        Draws from the prior that the refits began with.
    failed : tuple of str
        Worlds whose refit could not be used, and why.
    label : str
        What the return is called.
    is_money : bool
        Whether 1 is break-even.
    warning : str
        Of a posterior that failed its checks.

    Raises
    ------
    ReportError
        If truths, estimates and prior are not of the same worlds, channels and horizons.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> at, dims = {"channel": ["tv"], "horizon_weeks": [13.0]}, ("channel", "horizon_weeks")
    >>> truth = xr.DataArray(rng.lognormal(0, 0.6, (8, 1, 1)), at, ("world", *dims))
    >>> noise = xr.DataArray(rng.lognormal(0, 0.2, (8, 500)), dims=("world", "sample"))
    >>> prior = xr.DataArray(rng.lognormal(0, 0.8, (500, 1, 1)), at, ("sample", *dims))
    >>> recovery = Recovery(truth=truth, estimate=truth * noise, prior=prior)
    >>> float(recovery.table().loc[0, "covered"]), recovery.ok
    (1.0, True)
    >>> recovery.plot().get_xlabel()
    'ROI of the refit over the truth of its world: median and 90% credible interval'
    """

    truth: xr.DataArray
    estimate: xr.DataArray
    prior: xr.DataArray
    failed: tuple[str, ...] = ()
    label: str = "ROI"
    is_money: bool = True
    warning: str = ""

    def __post_init__(self) -> None:
        dims = (WORLD, SAMPLE, schema.CHANNEL, schema.HORIZON)
        shapes = []
        for name, missing in (("truth", SAMPLE), ("estimate", None), ("prior", WORLD)):
            ordered = getattr(self, name).transpose(*(dim for dim in dims if dim != missing))
            object.__setattr__(self, name, ordered)
            shapes.append([ordered[dim].values.tolist() for dim in (schema.CHANNEL, schema.HORIZON)])
        if any(shape != shapes[0] for shape in shapes) or self.truth.sizes[WORLD] != self.estimate.sizes[WORLD]:
            raise ReportError(
                f"truths {dict(self.truth.sizes)}, estimates {dict(self.estimate.sizes)}, prior "
                f"{dict(self.prior.sizes)}",
                "an estimate would be held against another one's truth",
                "use mmm.recovery(posterior)",
            )

    def table(self, *, prob: float = schema.DEFAULT_PROB) -> pd.DataFrame:
        """How well each channel's return was found again, over the worlds.

        Parameters
        ----------
        prob : float
            Of the equal-tailed intervals.

        Returns
        -------
        DataFrame
            One row per channel (and ``total``) and horizon. ``worlds``: their number. ``truth_median``. ``covered``:
            share of worlds in which the interval held the truth. ``error``: mean of the absolute log error of the
            median (0.3 is a factor of 1.35). ``bias``: mean log error; above 0 is too high. ``width``,
            ``prior_width``: log of upper over lower end, mean over the refits, and in the prior. ``told``: 1 minus
            the error over that of always quoting the prior's median; 0 if nothing was learnt. ``rank_correlation``:
            of truths and medians over the worlds. With a money value also ``right_side``: share of worlds in which
            the median lies on the truth's side of 1, and the same for the ``clear_worlds`` whose truth is at least
            a factor of 1.25 from 1, ``right_side_clear`` (missing if there are none).

        Raises
        ------
        ReportError
            If ``prob`` is no probability.
        """
        check_prob(prob)
        columns = recovered(
            truth=np.log(self.truth.values),
            estimate=np.log(self.estimate.values),
            prior=np.log(self.prior.values),
            prob=prob,
            has_break_even=self.is_money,
        )
        channels, weeks = self._channels, self.truth[schema.HORIZON].values
        table = pd.DataFrame(
            {
                "channel": np.repeat(channels, len(weeks)),
                schema.HORIZON: np.tile(weeks.astype(float), len(channels)),
                **{name: np.ravel(values) for name, values in columns.items()},
            }
        )
        if self.warning:
            table[schema.WARNING_COLUMN] = self.warning
        return table.rename_axis(columns=f"{self.label} found again; {schema.interval_header(prob)}")

    @property
    def ok(self) -> bool:
        """Whether every channel's return within the shortest horizon can be measured."""
        shortest = self._judged(min(self.truth[schema.HORIZON].values))
        return bool((shortest["judged"] == "measured").all()) and not self.warning

    @cached_property
    def verdict(self) -> str:
        """Which channels such data can measure, which not, and whether they find the channels' order."""
        said = [self.warning] if self.warning else []
        weeks = sorted(self.truth[schema.HORIZON].values)
        before = None
        for horizon in weeks:
            rows = self._judged(horizon)
            same = before is not None and (rows["judged"] == before).all()
            found = "much the same" if same else f"these data {_in_words(rows)}"
            said.append(f"{self.label} within {horizon:g} weeks: {found}.")
            before = rows["judged"]
        if order := self._order(weeks[0]):
            said.append(order)
        if side := self._side(weeks[0]):
            said.append(side)
        table = self.table()
        total = table[table["channel"] == schema.TOTAL]
        if len(total):
            each = ", ".join(
                f"within {weeks:g} weeks by a factor of {np.exp(error):.2f}"
                for weeks, error in zip(total[schema.HORIZON], total["error"], strict=True)
            )
            said.append(f"All channels together are off {each} on average.")
        held = float((table["covered"] * table["worlds"]).sum() / table["worlds"].sum())
        said.append(
            f"The {100 * schema.DEFAULT_PROB:g}% intervals held the truth in {held:.0%} of all cases, in "
            f"{self.truth.sizes[WORLD]} worlds."
        )
        if self.failed:
            said.append(f"Left out: {'; '.join(self.failed)}.")
        return " ".join(said)

    @cached_property
    def recommendation(self) -> str:
        """What would make the data tell what they cannot."""
        rows = self._judged(min(self.truth[schema.HORIZON].values))
        weak = rows.index[rows["judged"].isin(["narrowed", "prior"])]
        missed = rows.index[rows["judged"] == "missed"]
        said = []
        if len(weak):
            said.append(
                f"For {', '.join(weak)}, report what the prior says and that it is the prior. To measure: vary the "
                "spend by more and not with the other channels, leave it dark for longer than the effect lasts, or run "
                "a test in some regions."
            )
        if len(missed):
            said.append(
                f"For {', '.join(missed)}, the prior pulls the refits away from the fit's own answer: state that prior "
                "from what is known outside these data."
            )
        return " ".join(said) or "Nothing: data such as these find such returns again."

    def plot(
        self, *, horizon_weeks: float | None = None, prob: float = schema.DEFAULT_PROB, ax: Axes | None = None
    ) -> Axes:
        """Draw each refit's answer over the truth of its world, channel by channel, before the prior's interval.

        Parameters
        ----------
        horizon_weeks : float, optional
            One of the horizons; the shortest by default.
        prob : float
        ax : Axes, optional
            A new figure by default.

        Raises
        ------
        ReportError
            If there is no such horizon, or ``prob`` is no probability.
        """
        from mmm.validation.recovery_chart import plot_recovery

        known = [float(weeks) for weeks in self.truth[schema.HORIZON].values]
        horizon = min(known) if horizon_weeks is None else horizon_weeks
        if horizon not in known:
            raise ReportError(
                f"horizon_weeks={horizon_weeks!r}",
                "the truth was not compared there",
                f"use one of {', '.join(f'{weeks:g}' for weeks in known)}, or mmm.recovery(posterior, "
                f"horizon_weeks={horizon_weeks!r})",
            )
        at = {schema.HORIZON: horizon}
        table = self.table(prob=prob)
        rows = table[table[schema.HORIZON] == horizon].set_index("channel")
        return plot_recovery(
            rows.assign(judged=judge(rows, prob)),
            truth=self.truth.sel(at).values,
            estimate=self.estimate.sel(at).values,
            prior=self.prior.sel(at).values,
            prob=prob,
            label=self.label,
            warning=self.warning,
            ax=ax,
        )

    @property
    def _channels(self) -> list[str]:
        return [str(name) for name in self.truth[schema.CHANNEL].values]

    def _judged(self, weeks: float) -> pd.DataFrame:
        """Rows of the channels at one horizon, by channel, with what is made of them."""
        table = self.table()
        rows = table[(table[schema.HORIZON] == weeks) & (table["channel"] != schema.TOTAL)].set_index("channel")
        return rows.assign(judged=judge(rows, schema.DEFAULT_PROB))

    def _order(self, weeks: float) -> str:
        channels = [name for name in self._channels if name != schema.TOTAL]
        if len(channels) < 3:
            return ""
        at = {schema.CHANNEL: channels, schema.HORIZON: weeks}
        truth, median = self.truth.sel(at).values, self.estimate.sel(at).median(SAMPLE).values
        agree = ranks_agree(truth.T, median.T)
        if np.isnan(agree).all():
            return ""
        best = int((truth.argmax(axis=1) == median.argmax(axis=1)).sum())
        return (
            f"Of the channels' order within {weeks:g} weeks they find a rank correlation of {np.nanmean(agree):.2f}, "
            f"and name the best channel in {best} of {len(truth)} worlds (guessing: {len(truth) / len(channels):.1f})."
        )

    def _side(self, weeks: float) -> str:
        rows = self._judged(weeks)
        if not self.is_money or not rows["clear_worlds"].sum():
            return ""
        # a channel without clear worlds has no share, and no weight either
        right = (rows["right_side_clear"].fillna(0) * rows["clear_worlds"]).sum() / rows["clear_worlds"].sum()
        return (
            f"Where the truth is at least a factor of {CLEAR:g} from break-even, the refit lies on its side in "
            f"{right:.0%} of cases (guessing: 50%)."
        )

    def __repr__(self) -> str:
        return f"<Recovery in {self.truth.sizes[WORLD]} worlds\n {self.verdict}\n {self.recommendation}>"


def _in_words(rows: pd.DataFrame) -> str:
    """Who is measured, narrowed, left to the prior and missed, each with how far off."""
    said = []
    for judged, words in IN_WORDS.items():
        found = rows[rows["judged"] == judged]
        if not len(found):
            continue
        factors = np.exp(found["error"])
        off = " to ".join(dict.fromkeys(f"{factor:.2f}" for factor in (factors.min(), factors.max())))
        names = f"all {len(found)} channels" if 3 < len(found) == len(rows) else ", ".join(found.index)
        said.append(f"{words.format(names)} (off by a factor of {off})")
    return "; ".join(said)
