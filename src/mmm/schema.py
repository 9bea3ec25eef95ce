"""The names of everything that leaves this library: dims, variables, columns, intervals.

One owner for each name. Other rooms import from here and never spell a public name
themselves; `docs/schema.md` documents it and `tests/test_schema.py` locks both together.
"""

from __future__ import annotations

from typing import Final

# --- dims and coordinates -------------------------------------------------------------
CHAIN: Final = "chain"
DRAW: Final = "draw"
GEO: Final = "geo"
DATE: Final = "date"
HISTORY_DATE: Final = "history_date"
WAVE: Final = "wave"
CHANNEL: Final = "channel"
CONTROL: Final = "control"
HORIZON: Final = "horizon_weeks"
TERM: Final = "term"
PART: Final = "part"

#: The one geo of a national data set.
NATIONAL: Final = "national"
#: The row of a table that sums draws over channels; no channel may have this name.
TOTAL: Final = "total"
#: The part of the outcome that is not media; no channel may have this name.
BASELINE: Final = "baseline"

# --- data variables (MarketingData.dataset) -------------------------------------------
OUTCOME: Final = "outcome"
SPEND: Final = "spend"
DRIVER: Final = "driver"
CONTROLS: Final = "controls"
OUTCOME_VALUE: Final = "outcome_value"
MARGIN: Final = "margin"
POPULATION: Final = "population"
HISTORY_SPEND: Final = "history_spend"
HISTORY_DRIVER: Final = "history_driver"
TRACKER: Final = "tracker"
TRACKER_ERROR: Final = "tracker_error"

# --- posterior variables --------------------------------------------------------------
ROI: Final = "roi"
OUTCOME_PER_SPEND: Final = "outcome_per_spend"
CARRY_IN_LEVEL: Final = "carry_in_level"
SIGMA: Final = "sigma"
TAU: Final = "tau"
HALF_LIFE: Final = "half_life"
FAST_HALF_LIFE: Final = "fast_half_life"
SLOW_HALF_LIFE: Final = "slow_half_life"
SLOW_SHARE: Final = "slow_share"
PEAK: Final = "peak"
SHAPE: Final = "shape"
RETENTION: Final = "retention"
LEVEL: Final = "saturation_level"
SLOPE: Final = "saturation_slope"
EXPONENT: Final = "saturation_exponent"
TRACKER_LOADING: Final = "tracker_loading"
TRACKER_STRETCH: Final = "tracker_stretch"
TRACKER_TAU: Final = "tracker_tau"
TRACKER_SIGMA: Final = "tracker_sigma"
VALUE_PER_POINT: Final = "value_per_point"
COEFFICIENTS: Final = "coefficients"
WALK: Final = "walk"

#: Parameters that one channel may have and another not, in the order they are reported.
CHANNEL_PARAMETERS: Final = (
    HALF_LIFE,
    FAST_HALF_LIFE,
    SLOW_SHARE,
    SLOW_HALF_LIFE,
    PEAK,
    SHAPE,
    RETENTION,
    LEVEL,
    SLOPE,
    EXPONENT,
    CARRY_IN_LEVEL,
)

# --- quantities of evidence() that are derived from posterior variables -----------------
LONG_RUN_MULTIPLIER: Final = "long_run_multiplier"
BASELINE_CORRELATION: Final = "baseline_correlation"
MEDIA_SHARE: Final = "media_share"

# --- tables ---------------------------------------------------------------------------
ROI_COLUMNS: Final = (
    "channel",
    "horizon_weeks",
    "spend",
    "incremental_outcome",
    "incremental_outcome_lower",
    "incremental_outcome_upper",
    "roi",
    "roi_lower",
    "roi_upper",
    "prob_above_one",
    "prior_reliance",
    "share_landed",
    "mroi",
    "mroi_lower",
    "mroi_upper",
    "profit",
    "profit_lower",
    "profit_upper",
)
#: Columns in place of the money ones where the outcome has no money value.
OUTCOME_PER_SPEND_COLUMNS: Final = (
    "outcome_per_spend",
    "outcome_per_spend_lower",
    "outcome_per_spend_upper",
    "marginal_outcome_per_spend",
    "marginal_outcome_per_spend_lower",
    "marginal_outcome_per_spend_upper",
)
PAYBACK_COLUMNS: Final = (
    "channel",
    "payback_weeks",
    "payback_lower",
    "payback_upper",
    "prob_13w",
    "prob_26w",
    "prob_52w",
    "prob_104w",
    "prob_156w",
    "prob_never",
    "npv",
    "npv_lower",
    "npv_upper",
)
LEDGER_COLUMNS: Final = (
    "channel",
    "carry_in",
    "in_window",
    "carry_out",
    "cohort_total",
    "carry_in_lower",
    "carry_in_upper",
    "in_window_lower",
    "in_window_upper",
    "carry_out_lower",
    "carry_out_upper",
    "cohort_total_lower",
    "cohort_total_upper",
    "spend",
    "share_to_come",
)
LTV_CAC_COLUMNS: Final = (
    "channel",
    "spend",
    "acquisition_cost",
    "incremental_customers",
    "incremental_customers_lower",
    "incremental_customers_upper",
    "cac",
    "cac_lower",
    "cac_upper",
    "ltv",
    "ltv_lower",
    "ltv_upper",
    "ltv_cac",
    "ltv_cac_lower",
    "ltv_cac_upper",
    "prob_above_one",
    "prob_above_three",
    "break_even_cpa",
    "break_even_cpa_lower",
    "break_even_cpa_upper",
)
SHARES_COLUMNS: Final = (
    "channel",
    "spend",
    "spend_share",
    "effect_share",
    "effect_share_lower",
    "effect_share_upper",
    "prob_above_spend_share",
)
COMPOSITION_COLUMNS: Final = ("part", "kind", "amount", "amount_lower", "amount_upper", "share")
HALF_LIFE_COLUMNS: Final = (
    "channel",
    "part",
    "prior",
    "prior_lower",
    "prior_upper",
    "posterior",
    "posterior_lower",
    "posterior_upper",
    "prior_reliance",
)
CONTRIBUTION_COLUMNS: Final = ("date", "channel", "contribution", "contribution_lower", "contribution_upper")
EVIDENCE_COLUMNS: Final = (
    "channel",
    "quantity",
    "prior",
    "prior_lower",
    "prior_upper",
    "posterior",
    "posterior_lower",
    "posterior_upper",
    "prior_reliance",
)
COMPARISON_COLUMNS: Final = (
    "case",
    "assumption",
    "channel",
    "horizon_weeks",
    "roi",
    "roi_lower",
    "roi_upper",
    "prob_above_one",
    "prior_reliance",
)
#: Of the verbs that check a fit (`mmm.validation`).
BACKTEST_COLUMNS: Final = (
    "origin",
    "weeks_ahead",
    "periods",
    "coverage_50",
    "coverage_80",
    "coverage_95",
    "crps",
    "crps_naive",
    "skill",
    "bias",
    "mape",
)
BACKTEST_COVERAGE_COLUMNS: Final = (
    "prob",
    "periods",
    "coverage",
    "expected_lower",
    "expected_upper",
    "effective_periods",
)
#: Of a refresh (`mmm.refreshing`).
RESTATEMENT_COLUMNS: Final = ("what", "variable", "name", "date", "old", "new", "change", "share")
DRIFT_COLUMNS: Final = (
    "channel",
    "old",
    "old_lower",
    "old_upper",
    "new",
    "new_lower",
    "new_upper",
    "z",
    "overlap",
    "flag",
)
PREVIEW_COLUMNS: Final = DRIFT_COLUMNS[:7]
DECOMPOSITION_COLUMNS: Final = (
    "channel",
    "restated",
    "new_weeks",
    "model",
    "experiments",
    "monte_carlo",
    "total",
)
CHANNEL_CHECK_COLUMNS: Final = (
    "channel",
    "expected",
    "times",
    "times_lower",
    "times_upper",
    "z",
    "bayes_factor",
    "power",
    "flag",
)
HISTORY_COLUMNS: Final = (
    "vintage",
    "created",
    "file",
    "channel",
    "roi",
    "roi_lower",
    "roi_upper",
    "prob_above_one",
    "decision",
)
RECOVERY_COLUMNS: Final = (
    "channel",
    "horizon_weeks",
    "worlds",
    "truth_median",
    "covered",
    "error",
    "bias",
    "width",
    "prior_width",
    "told",
    "rank_correlation",
    "right_side",
    "clear_worlds",
    "right_side_clear",
)
PLACEBO_COLUMNS: Final = (
    "channel",
    "roi",
    "roi_lower",
    "roi_upper",
    "placebo_roi",
    "placebo_roi_lower",
    "placebo_roi_upper",
    "prior_roi",
    "prior_roi_lower",
    "prior_roi_upper",
    "placebo_findings",
    "share_of_placebos_as_strong",
    "lead_z",
    "lead_probability",
)
RESIDUAL_COLUMNS: Final = ("check", "statistic", "replicas", "limit", "probability", "ok")
SENSITIVITY_COLUMNS: Final = (
    "quantity",
    "channel",
    "horizon_weeks",
    "prior",
    "likelihood",
    "strongest_block",
    "diagnosis",
)
CALIBRATION_COLUMNS: Final = (
    "quantity",
    "worlds",
    "distance",
    "inside",
    "chance",
    "covered_50",
    "covered_80",
    "covered_90",
    "mean_rank",
)
#: Added as the last column of every table made from a fit that failed its checks.
WARNING_COLUMN: Final = "warning"

# --- intervals and gates --------------------------------------------------------------
DEFAULT_PROB: Final = 0.90
DEFAULT_HORIZONS: Final = (13, 26, 52, 104)
MAX_RHAT: Final = 1.01
MIN_ESS: Final = 400
MAX_DIVERGENCE_RATE: Final = 0.001
MIN_EBFMI: Final = 0.3

#: Version of the saved file's layout; a file with a higher one is refused.
FILE_VERSION: Final = 1


def parameter_dim(name: str, *, shared_by_all: bool) -> str:
    """Dim of a channel parameter: ``channel`` if every channel has it, else one of its own.

    Examples
    --------
    >>> parameter_dim("half_life", shared_by_all=True)
    'channel'
    >>> parameter_dim("peak", shared_by_all=False)
    'channel_peak'
    """
    return CHANNEL if shared_by_all else f"{CHANNEL}_{name}"


def interval_header(prob: float) -> str:
    """Name the interval a table shows, for its header.

    Examples
    --------
    >>> interval_header(0.9)
    '90% equal-tailed credible intervals'
    """
    return f"{100 * prob:g}% equal-tailed credible intervals"
