"""Write docs/speed.md from the rows in benchmarks/evidence/, with every figure in it.

    python benchmarks/speed_page.py

How the rows are made again is written at the end of the page itself.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from markdown_table import markdown

HERE = Path(__file__).parent
EVIDENCE, PAGE = HERE / "evidence", HERE.parent / "docs" / "speed.md"
OURS, NAMES = "mmm", {"mmm": "mmm", "pymc-marketing": "PyMC-Marketing", "meridian": "Meridian"}
#: In words, by size: what is fitted.
SIZES = {
    "156x4": "156 weeks, 4 channels",
    "156x8 brand": "156 weeks, 8 channels, two of them brand in ours",
    "260x20": "260 weeks, 20 channels",
}


def page(rows, ours):
    """Fill the figures into the words of speed_page.md.in."""
    medians = medians_of(rows)
    tables = [f"## {words}\n\n{table(medians, size)}" for size, words in SIZES.items() if size in set(medians["size"])]
    words = (HERE / "speed_page.md.in").read_text()
    return words.format(short=in_short(medians), tables="\n".join(tables), ours=alone(ours, rows))


def medians_of(rows):
    """One row by size, caches and library: medians over repetitions, and what follows from single rows."""
    rows = rows.sort_values("library", key=lambda names: names.map(list(NAMES).index), kind="stable")
    timed, long = rows[rows["caches"].isin(["cold", "warm"])].copy(), rows[rows["caches"] == "reference"]
    # of a library that compiles while it samples, sampling was timed apart
    apart = rows[rows["caches"] == "sampling"].groupby(["library", "size"])["seconds_sample"].median()
    alone_seconds = [apart.get(key, np.nan) for key in timed[["library", "size"]].itertuples(index=False, name=None)]
    timed["seconds_sample"] = timed["seconds_sample"].fillna(pd.Series(alone_seconds, index=timed.index))
    timed["ess"] = timed[["ess_bulk", "ess_tail"]].min(axis=1)
    timed["rate"] = timed["ess"] / timed["seconds_total"]
    timed["sampling_rate"] = timed["ess"] / timed["seconds_sample"]
    references = {(row.library, row.size): row for row in long.itertuples(index=False)}
    timed["away"] = [away(row, references.get((row.library, row.size))) for row in timed.itertuples(index=False)]
    numbers = ["seconds_import", "seconds_fit", "seconds_sample", "seconds_report", "seconds_total", "ess", "rate",
               "sampling_rate", "rhat", "away", "peak_gb", "diverging", "file_mb"]  # fmt: skip
    by = timed.groupby(["size", "caches", "library"], sort=False)
    return by[numbers].median().join(by.size().rename("fits")).reset_index()


def away(row, reference):
    """Give the distance from the long run in standard errors, the largest over channels; NaN where there is none."""
    if reference is None:
        return np.nan
    means, exact, spread = (
        np.array(text.split(), dtype=float) for text in (row.log_roi_mean, reference.log_roi_mean, reference.log_roi_sd)
    )
    error = spread * np.sqrt(1 / row.ess_bulk + 1 / reference.ess_bulk)
    return float(np.max(np.abs(means - exact) / error))


def against(medians, size, caches, figure):
    """Our figure over the larger of the peers'."""
    at = medians[(medians["size"] == size) & (medians["caches"] == caches)].set_index("library")[figure]
    return at[OURS] / at.drop(OURS).max()


def in_short(medians):
    """One bullet a size: how many times the effective draws a second of the better peer."""
    said = []
    for size, words in SIZES.items():
        if size not in set(medians["size"]):
            continue
        at = {caches: f"{against(medians, size, caches, 'rate'):.0f} times {caches}" for caches in ("warm", "cold")}
        here = medians[(medians["size"] == size) & (medians["caches"] == "warm")].set_index("library")
        seconds = "; ".join(f"{NAMES[name]} {row.seconds_total:.0f} s" for name, row in here.iterrows())
        # a ratio to the better peer needs both
        timed = here["sampling_rate"].notna().all()
        sampling = (
            f"; {against(medians, size, 'warm', 'sampling_rate'):.0f} times in the sampler alone" if timed else ""
        )
        memory = here.loc[OURS, "peak_gb"], here.drop(OURS)["peak_gb"].min()
        said.append(f"- **{words}**: {at['warm']} and {at['cold']} the effective draws a second of the better peer, "
                    f"end to end{sampling}. Import to report, warm: {seconds}. Peak "
                    f"memory {memory[0]:.2f} GB against {memory[1]:.2f} GB of the leaner peer.")  # fmt: skip
    return "\n".join(said)


def table(medians, size):
    """All libraries on one data set."""
    here = medians[medians["size"] == size].copy()
    best = here[here["library"] != OURS].groupby("caches")["rate"].max()
    here["times"] = np.where(here["library"] == OURS, here["rate"] / here["caches"].map(best), np.nan)
    here["library"] = here["library"].map(NAMES)
    here["memory"] = here["peak_gb"]
    names = {
        "library": "library", "caches": "caches", "fits": "fits", "seconds_import": "import, s",
        "seconds_fit": "fit, s", "seconds_report": "report, s", "seconds_total": "all, s", "ess": "effective draws",
        "rate": "draws/s", "times": "times the better peer", "seconds_sample": "sampling, s",
        "sampling_rate": "draws/s in it", "rhat": "R-hat", "away": "away", "diverging": "divergences",
        "memory": "peak memory, GB",
    }  # fmt: skip
    shown = here[list(names)].rename(columns=names)
    shown["R-hat"] = shown["R-hat"].map("{:.3f}".format)
    return markdown(shown)


def alone(ours, rows):
    """What no peer is needed for."""
    seconds = ours.groupby("measure", sort=False)["seconds"].median()
    fits = ours.groupby("measure", sort=False).size()
    # what was measured in the same minute is compared: the machine is faster in one than in another
    turns = ours.pivot(index="repetition", columns="measure", values="seconds")
    imported, report = turns["import mmm"], turns["ROI table from a saved fit"]
    said = {
        "import mmm": f"{(imported / turns['import numpy, pandas, xarray']).median():.2f} times that",
        "ROI table from a saved fit": f"{(report - imported).median():.2f} s after import",
    }
    shown = pd.DataFrame(
        [{"": name, "seconds": value, "times measured": int(fits[name]), "that is": said.get(name, "")}
         for name, value in seconds.items()]
    )  # fmt: skip
    mine = rows[(rows["library"] == OURS) & rows["caches"].isin(["cold", "warm"])]
    files = "; ".join(f"{SIZES[size]}: {mb:.1f} MB" for size, mb in mine.groupby("size")["file_mb"].median().items())
    return f"{markdown(shown)}\nA fresh interpreter each, but for the last two. Saved fits: {files}.\n"


def evidence():
    """Read the rows."""
    return pd.read_csv(EVIDENCE / "speed.csv"), pd.read_csv(EVIDENCE / "speed_ours.csv")


def main():
    """Write the page."""
    PAGE.write_text(page(*evidence()))
    print(PAGE)


if __name__ == "__main__":
    main()
