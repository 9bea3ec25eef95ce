"""Every kind of world in words: what it does, why intervals miss where they do, and what the report then says."""

from dataclasses import dataclass

__all__ = ["KINDS", "Kind"]


@dataclass(frozen=True)
class Kind:
    """One kind of world.

    ``warnings`` are words that stand in the warnings of the report which are about this, and in no others.
    """

    origin: str
    what: str
    mechanism: str = ""
    warnings: tuple[str, ...] = ()


CHASED = (
    "Spend follows a demand that no column measures, so that spend and sales rise together whatever spend does; no "
    "model of these data alone can tell the two apart, and the intervals are narrow around the wrong value. A control "
    "of demand helps, as the controlled kind shows; a test in some regions would heal it."
)
LATE = (
    "One kernel peaks two weeks after the spend. A geometric one that has to explain the weeks after it grows long, and"
    " books what it expects of the first week and of the tail as well: the return comes out about three times too high."
    " Fitted again with `Delayed()`, as the warning advises, two worlds came down from 4.1 and 5.7 to 1.7 and 2.3,"
    " where the truth is 1.6."
)
NOTHING = (
    "The prior of ROI is log-normal: it has no mass at zero, and so no interval can hold a zero, however low it lies."
)

KINDS = {
    "own_rules": Kind("own", "as the model thinks"),
    "level_shift": Kind(
        "own",
        "the base jumps once or twice",
        (
            "A jump is no random walk: the walk has to move more than it should everywhere else, and slow channels "
            "take part of the step."
        ),
    ),
    "growth": Kind("own", "the base bends as adoption does"),
    "hostile_season": Kind(
        "own",
        "sharp peaks that change from year to year",
        "Four pairs of waves cannot follow a peak of two weeks: what is left of it goes to the media of those weeks.",
        ("Furthest out",),
    ),
    "adstock_first": Kind("own", "carry-over comes before saturation"),
    "michaelis_menten": Kind("own", "a concave curve"),
    "late_peak": Kind(
        "own",
        "carry-over peaks some weeks late",
        "A geometric kernel pays most in the week of the spend; an effect that comes late is found in part only.",
        ("later than their kernels say",),
    ),
    "gamma": Kind(
        "own",
        "carry-over builds up slowly, then fades",
        "A geometric kernel pays most in the week of the spend; an effect that builds up is found in part only.",
        ("later than their kernels say",),
    ),
    "no_effect": Kind(
        "own",
        "one of four channels does nothing",
        NOTHING,
        ("next to nothing: tv",),
    ),
    "synergy": Kind(
        "own",
        "two channels bring more together than alone",
        (
            "The model adds channels up. What two bring together is counted for each of them in the truth, and once in"
            " the model."
        ),
    ),
    "demand_chasing": Kind(
        "own",
        "search spend follows hidden demand",
        CHASED,
        ("answers demand that is there already", "which no cause can do"),
    ),
    "demand_controlled": Kind("own", "the same, with a noisy index of demand as a control"),
    "correlated": Kind("own", "all plans nearly alike"),
    "ar1": Kind(
        "own",
        "noise with memory",
        "Weeks that go wrong together count as independent evidence, so that intervals come out too narrow.",
        ("neighbouring periods",),
    ),
    "heavy_tails": Kind("own", "noise of a t distribution"),
    "brand_gamma": Kind("own", "the slow effect builds up first"),
    "brand_two_slow": Kind("own", "two slow effects"),
    "brand_none": Kind(
        "own",
        "declared brand, and no slow effect",
        (
            "The prior of the slow share has no mass at zero, so that a part of the return is always put into the long"
            " run."
        ),
        ("long-run part is an assumption",),
    ),
    "brand_unseen_past": Kind("own", "flights before the data that nobody shows"),
    "clean": Kind("foreign", "mmm-framework: adstock first, exponential saturation"),
    "clean_other_budgets": Kind("foreign", "the same, other budgets"),
    "confounding_controlled": Kind("foreign", "mmm-framework: spend follows demand, a proxy is a control"),
    "confounding_controlled_other_budgets": Kind("foreign", "the same, other budgets"),
    "unobserved_confounding": Kind(
        "foreign",
        "mmm-framework: the same without the proxy",
        CHASED,
        ("answers demand that is there already", "which no cause can do"),
    ),
    "reverse_causality": Kind(
        "foreign",
        "mmm-framework: budgets follow last week's sales",
        CHASED,
        ("rises after good weeks",),
    ),
    "multicollinearity": Kind("foreign", "mmm-framework: all plans alike (.99)"),
    "heavy_tailed_noise": Kind("foreign", "mmm-framework: heavy tails and spikes"),
    "spend_outliers": Kind(
        "foreign",
        "mmm-framework: one false entry of spend per channel",
        "The file says that more was spent than was: the return per recorded pound is smaller than per true pound.",
    ),
    "seasonality_misspec": Kind(
        "foreign",
        "mmm-framework: season grows, holidays are not in the data",
        (
            "Social spends most at the holidays, which are in sales and in no column: their sales are taken for its "
            "own. Say which holidays matter (`holidays=`), or add a column for them."
        ),
        ("Furthest out",),
    ),
    "realistic": Kind("foreign", "mmm-framework: 7 channels, 13 controls, one a mediator"),
    "brand_funnel": Kind(
        "foreign",
        "mmm-framework: media work through awareness and consideration",
        (
            "Media build a stock of awareness that sells for months. Fitted without `brand=`, the slow part is taken "
            "for the base, and its channels multiply one another's effect. Fitted again as the warning advises, with "
            "`brand=` for TV, its intervals held the truth in six of six worlds, and in one of them without."
        ),
        ("no channel is declared as brand",),
    ),
    "s_curve": Kind(
        "foreign",
        "pySiMMMulator: returns rise with spend before they level off",
        "Returns that rise with spend are the opposite of what the curve's prior expects.",
    ),
    "agents": Kind(
        "foreign",
        "graphsimulacrum: people with memories, no curve anywhere",
        "Each channel's truth is what is lost without it, what it does for the others included.",
    ),
    "collinear_50": Kind("foreign", "how-wrong-is-your-mmm: power curves, correlation .5"),
    "collinear_70": Kind("foreign", "how-wrong-is-your-mmm: correlation .7"),
    "collinear_90": Kind("foreign", "how-wrong-is-your-mmm: correlation .9"),
    "demand_led": Kind(
        "foreign",
        "how-wrong-is-your-mmm: spend follows demand, a proxy is a control",
        CHASED,
        ("answers demand that is there already", "which no cause can do"),
    ),
    "delayed_other_channels": Kind(
        "foreign",
        "papilon: delayed carry-over of one channel, parameters drawn",
        LATE,
        ("later than their kernels say",),
    ),
    "delayed": Kind(
        "foreign",
        "papilon: delayed carry-over of one channel",
        LATE,
        ("later than their kernels say",),
    ),
}
