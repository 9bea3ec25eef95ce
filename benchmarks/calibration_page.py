"""Write docs/calibration.md and its charts from the rows in benchmarks/evidence/, with every figure in it.

    python benchmarks/calibration_page.py

How the rows are made again is written at the end of the page itself.
"""

import argparse
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from kinds_in_words import KINDS
from markdown_table import markdown
from sbc import result_of
from score import read, shared, table

import mmm

matplotlib.use("Agg")
import matplotlib.pyplot as plt

HERE = Path(__file__).parent
EVIDENCE, DOCS = HERE / "evidence", HERE.parent / "docs"
OURS = "mmm"
#: What pooled coverage of a nominal 90% interval is asked to be, and below which a kind is a known limit.
ASKED, LIMIT = (0.88, 0.93), 0.80
#: The kind against which warnings are held: what is said there is said for nothing.
NOTHING_WRONG = "own_rules"
NAMES = {OURS: "mmm", "pymc-marketing": "PyMC-Marketing", "meridian": "Meridian"}
PEERS = ("roi_pymc_marketing", "roi_meridian", "roi_meridian_automatic_knots")
#: A variant of a peer that ran on fewer worlds, and has a table of its own.
VARIANT = "meridian-automatic-knots"


def page(rows, warned, peers, ranks):
    """Fill the figures into the words of calibration_page.md.in."""
    sbc, verdict = ranks.table(), ranks.verdict
    origin = rows["kind"].map(lambda kind: KINDS[kind].origin)
    return (
        (HERE / "calibration_page.md.in")
        .read_text()
        .format(
            version=mmm.__version__,
            worlds=len(rows[["kind", "world"]].drop_duplicates()),
            kinds=rows["kind"].nunique(),
            short=in_short(rows, peers, sbc),
            sbc_worlds=int(sbc["worlds"].max()),
            sbc=markdown(sbc),
            sbc_verdict=verdict,
            own=by_kind(rows[origin == "own"]),
            foreign=by_kind(rows[origin == "foreign"]),
            peers=against(peers),
            limits=limits(rows, warned),
        )
    )


def in_short(rows, peers, sbc):
    """Say the main figures in four bullets."""
    pooled = table(rows, ["horizon"])
    said = []
    for horizon, name in (("13", "within 13 weeks"), ("52", "within 52 weeks"), ("window", "in the data")):
        if horizon in pooled.index:
            at = pooled.loc[horizon]
            said.append(f"- 90% intervals of a channel's ROI {name} held the truth in **{at['covered']:.0%}** of "
                        f"{at['intervals']:.0f} cases ({at['worlds']:.0f} worlds; two standard errors are "
                        f"{2 * at['se']:.1%}).")  # fmt: skip
    weak = below(rows)
    named = f": {', '.join(weak)}. Why, and what the report says there, is below" if weak else ""
    said.append(f"- Of {rows['kind'].nunique()} kinds of world, {len(weak)} fall below {LIMIT:.0%}{named}.")
    if peers is not None:
        versus = table(shared(peers[peers["model"] != VARIANT]), ["model"])
        said.append("- On the same worlds: " + "; ".join(
            f"{NAMES[model]} covers {at['covered']:.0%}, mean error of the log {at['error']:.2f}, mean log score "
            f"{at['log_score']:.2f}" for model, at in versus.iterrows()) + ".")  # fmt: skip
    outside = sbc.loc[~sbc["inside"], "quantity"].tolist()
    said.append(f"- Simulation-based calibration: {len(sbc) - len(outside)} of {len(sbc)} quantities lie within the "
                f"95% simultaneous envelope" + (f"; outside: {', '.join(outside)}." if outside else "."))  # fmt: skip
    return "\n".join(said)


def below(rows):
    """Kinds of which the intervals hold too rarely, at any horizon."""
    return sorted({kind for kind, _ in table(rows, ["kind", "horizon"]).query("covered < @LIMIT").index})


def by_kind(rows):
    """One row per kind and horizon, and all of them together."""
    each = table(rows, ["kind", "horizon"]).reset_index()
    each.insert(1, "what it is", each["kind"].map(lambda kind: KINDS[kind].what))
    together = table(rows, ["horizon"]).reset_index()
    together.insert(0, "kind", "**all**")
    together.insert(1, "what it is", "")
    shown = pd.concat([each, together], ignore_index=True).rename(columns={
        "covered": "coverage", "truth_below": "truth below", "truth_above": "truth above", "error": "log error",
        "width": "log width", "log_score": "log score", "score_mean": "score over truth", "ok": "converged",
    })  # fmt: skip
    columns = ["kind", "what it is", "horizon", "worlds", "coverage", "se", "truth below", "truth above", "bias",
               "log error", "log width", "log score", "score over truth", "converged", "failed"]  # fmt: skip
    return markdown(shown[columns])


def against(peers):
    """All models on the worlds that all have: pooled, then by kind with the best of each row marked."""
    if peers is None:
        return "_Not run for this version._\n"
    compared = shared(peers[peers["model"] != VARIANT])
    each = table(compared, ["kind", "model"]).reset_index()
    wide = each.pivot(index="kind", columns="model", values=["covered", "error", "log_score"])
    heads = [f"{NAMES[model]}: coverage, log error, log score" for model in wide["covered"].columns]
    lines = ["| " + " | ".join(["kind", *heads]) + " |", "|---|" + "---|" * len(heads)]
    for kind, row in wide.iterrows():
        best = {name: row[name].idxmin() for name in ("error", "log_score")}
        cells = []
        for model in wide["covered"].columns:
            texts = [f"{row['covered'][model]:.2f}"]
            for name in ("error", "log_score"):
                text = f"{row[name][model]:.2f}"
                texts.append(f"**{text}**" if best[name] == model else text)
            cells.append(", ".join(texts))
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    with_variant = ""
    if VARIANT in set(peers["model"]):
        with_variant = (
            "\nMeridian's baseline has one knot for national data unless it is asked to choose knots itself. On the "
            "worlds where it was asked:\n\n" + all_worlds(shared(peers))
        )
    by_kind = "\nBy kind; the smallest error and score of each row in bold.\n\n" + "\n".join(lines) + "\n"
    return all_worlds(compared) + without_the_worst(compared) + with_variant + by_kind


def without_the_worst(compared):
    """Say what is left of the lead where each peer is spared the kind that it does worst on."""
    said = []
    for peer in sorted(set(compared["model"]) - {OURS}):
        scores = table(compared[compared["model"] == peer], ["kind"])["log_score"]
        spared = table(compared[compared["kind"] != scores.idxmax()], ["model"]).loc[[peer, OURS]]
        figures = [f"{at['error']:.2f} and {at['log_score']:.2f}" for _, at in spared.iterrows()]
        said.append(f"{NAMES[peer]} without `{scores.idxmax()}` {figures[0]} (ours {figures[1]})")
    return f"\nLog error and log score where a peer is spared its worst kind: {'; '.join(said)}.\n"


def all_worlds(compared):
    """One row per model, all kinds together."""
    pooled = table(compared, ["model"]).reset_index()
    pooled["model"] = pooled["model"].map(NAMES | {VARIANT: "Meridian, automatic knots"})
    shown = pooled.rename(columns={
        "covered": "coverage", "truth_below": "truth below", "truth_above": "truth above", "error": "log error",
        "width": "log width", "log_score": "log score", "score_median": "score over truth, median",
        "score_mean": "score over truth, mean", "ok": "converged",
    })  # fmt: skip
    return markdown(shown[["model", "worlds", "intervals", "coverage", "truth below", "truth above", "log error",
                           "log width", "log score", "score over truth, median", "score over truth, mean", "converged",
                           "failed"]])  # fmt: skip


def limits(rows, warned):
    """Each kind below the limit: what happens, and how often the report says so, there and where nothing is wrong."""
    said = []
    by = table(rows, ["kind", "horizon"])
    for kind in below(rows):
        about = KINDS[kind]
        coverage = ", ".join(
            f"{at['covered']:.0%} ± {2 * at['se']:.0%} ({horizon})" for horizon, at in by.loc[kind].iterrows()
        )
        fired = "; ".join(
            f'"{words}" in {says(words, kind, rows, warned)} worlds, and in '
            f"{says(words, NOTHING_WRONG, rows, warned)} where nothing is wrong"
            for words in about.warnings
        )
        warning = f"The report says: {fired}." if fired else "No warning of the report is about this."
        said.append(f"**{kind}** ({about.what}): coverage {coverage}. {about.mechanism} {warning}")
    return "\n\n".join(said) + "\n"


def says(words, kind, rows, warned):
    """Count the worlds of a kind in whose report some words stand."""
    worlds = rows.loc[rows["kind"] == kind, "world"].nunique()
    of_kind = warned[(warned["kind"] == kind) & warned["warning"].str.contains(words, regex=False)]
    return f"{of_kind['world'].nunique()} of {worlds}"


def plot_kinds(rows):
    """Coverage of each kind with two standard errors, worst first."""
    first = rows[rows["horizon"].isin(["13", "window"])]
    shown = table(first, ["kind"]).sort_values("covered")
    figure, ax = plt.subplots(figsize=(9.5, 0.3 * len(shown) + 1.6), layout="constrained")
    at = np.arange(len(shown))
    colours = ["#1F77B4" if KINDS[kind].origin == "own" else "#B35806" for kind in shown.index]
    ax.axvspan(*ASKED, color="#DDE3E8", zorder=0)
    ax.axvline(0.9, color="#1F2933", linewidth=1, linestyle="--", zorder=1)
    low, high = (shown["covered"] + side * 2 * shown["se"] for side in (-1, 1))
    ax.hlines(at, low.clip(0), high.clip(upper=1), color=colours, linewidth=3, alpha=0.5)
    ax.scatter(shown["covered"], at, color=colours, s=40, zorder=3)
    ax.set_yticks(at, shown.index, fontsize=10)
    ax.set_ylim(-0.8, len(shown) - 0.2)
    ax.set_xlim(0, 1.02)
    ax.xaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1.0))
    ax.set_xlabel("share of 90% intervals of channel ROI that hold the truth (two standard errors)", fontsize=11)
    ax.set_title("Coverage by kind of world", loc="left", fontsize=13, fontweight="bold")
    for name, colour in (("our simulator, one rule broken", "#1F77B4"), ("other people's simulators", "#B35806")):
        ax.scatter([], [], color=colour, s=40, label=name)
    ax.legend(frameon=False, loc="lower left", fontsize=10)
    ax.spines[["top", "right"]].set_visible(False)
    figure.savefig(DOCS / "images" / "calibration_kinds.png", dpi=110)
    plt.close(figure)


def evidence():
    """Read the rows: ours, the report's warnings, those of all models, and the ranks."""
    rows = read([EVIDENCE / "roi_mmm.csv"])
    warned = pd.read_csv(EVIDENCE / "roi_mmm.warnings.csv", dtype={"world": str})
    paths = [path for path in sorted(EVIDENCE.glob("roi_*.csv")) if path.stem in PEERS]
    peers = read([EVIDENCE / "roi_mmm.csv", *paths]) if paths else None
    return rows, warned, peers, result_of(EVIDENCE / "sbc_national.csv")


def main():
    rows, warned, peers, ranks = evidence()
    plot_kinds(rows)
    ranks.plot().figure.savefig(DOCS / "images" / "calibration_ranks.png", dpi=90)
    (DOCS / "calibration.md").write_text(page(rows, warned, peers, ranks))


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    main()
