"""Write docs/refresh.md from the rows in benchmarks/evidence/, with every measured figure in it.

    python benchmarks/refresh_page.py

How the rows are made again is written at the end of the page itself.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from markdown_table import markdown

from mmm.refreshing.forecast_check import AMBER, TELLS, flags_of

HERE = Path(__file__).parent
EVIDENCE, PAGE = HERE / "evidence", HERE.parent / "docs" / "refresh.md"
NOT_RUN = "_Not run for this version._\n"
#: Share of the outcome that the channel brought which changed; what lies between two of these is a row.
SHARES = (0.0, 0.02, 0.05, 0.10, 1.0)
CASES = {"largest": "the channel that brought most", "random": "a channel drawn at random"}
FLAGGED = ("amber", "red")
N_NEW, LEVELS, PREVIEWS = 13, (50, 80, 90), (1, 4, 13)
#: Power that was said; what lies between two of these is a row.
POWERS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
#: Bayes factors that would flag more or less.
LIMITS = (1.2, 1.3, 1.5, 2.0, 3.0)


def page(rows, starts):
    """Fill the figures into the words of refresh_page.md.in."""
    good = rows[rows["ok"]]
    stable, halved, later = (good[good["kind"] == kind] for kind in ("stable", "halved", "longer"))
    quarters = pd.concat([stable, halved])
    return (
        (HERE / "refresh_page.md.in")
        .read_text()
        .format(
            warm=in_leapfrogs(starts),
            stable=alarms(stable) if len(stable) else NOT_RUN,
            observed_fall=simple_alarms(stable) if len(stable) else "_(not run)_",
            forecast=forecasts(stable) if len(stable) else NOT_RUN,
            halved=seen(halved) if len(halved) else NOT_RUN,
            by_z=by_z(halved) if len(halved) else "_(not run)_",
            known=by_known(stable, halved) if len(stable) and len(halved) else "_(not run)_",
            limits=limits(stable, halved, later) if len(stable) and len(halved) and len(later) else NOT_RUN,
            power=said_power(halved) if len(halved) else NOT_RUN,
            longer=longer(later) if len(later) else NOT_RUN,
            preview=previews(quarters) if len(quarters) else NOT_RUN,
            left_out=left_out(rows),
        )
    )


def in_number(rows):
    """Count the worlds."""
    n = rows["world"].nunique()
    return f"{n} simulated world{'s' * (n != 1)}"


def in_leapfrogs(starts):
    """Say what a start at the last fit's draws saves."""
    by = starts.pivot(index="world", columns="start")
    ratio = {what: by[what]["warm"] / by[what]["cold"] for what in ("leapfrogs_tuning", "leapfrogs", "seconds")}
    low, high = ratio["leapfrogs"].quantile([0.1, 0.9])
    return (
        f"over {len(by)} simulated worlds (156 weeks of four channels, and 13 more) the median refit took "
        f"{ratio['leapfrogs'].median():.2f} times the leapfrog steps that it takes from the middle of the priors (eight"
        f" in ten: {low:.2f} to {high:.2f}), {ratio['leapfrogs_tuning'].median():.2f} times while it was tuned, and "
        f"{ratio['seconds'].median():.2f} times the seconds"
    )


def in_cases(flags):
    """Share, its 95% interval by Wilson (which does not pretend to know all where nothing was found), and the count."""
    n, found, z = len(flags), int(flags.sum()), 1.96
    if not n:
        return ""
    share = found / n
    middle, reach = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    low, high = ((middle + side * reach) / (1 + z**2 / n) for side in (-1, 1))
    return f"{share:.1%} ({max(low, 0):.1%} to {min(high, 1):.1%}; {found} of {n})"


def in_weeks(shares):
    """Mean over worlds and two standard errors: weeks of one world go wrong together."""
    error = f" ± {2 * shares.std() / np.sqrt(len(shares)):.1%}" if len(shares) > 1 else ""
    return f"{shares.mean():.1%}{error}"


def alarms(stable):
    """How often what is right is flagged."""
    channels, total = stable[stable["channel"] != "total"], stable[stable["channel"] == "total"]
    told = channels[channels["power"] >= TELLS]
    asked = {
        "drift of a channel": (channels, "z", "flag"),
        "drift of the total": (total, "z", "flag"),
        "a channel in the new weeks": (channels, "z_new_weeks", "flag_new_weeks"),
        f"of them, where power is {TELLS:.0%} or more": (told, "z_new_weeks", "flag_new_weeks"),
    }
    lines = [
        {"what": what, "beyond 2": in_cases(among[z].abs() > 2),
         "beyond 3": in_cases(among[z].abs() > 3),
         "amber or red": in_cases(among[flag].isin(FLAGGED))}
        for what, (among, z, flag) in asked.items()
    ]  # fmt: skip
    lines.append({"what": "a standard normal", "beyond 2": "4.6%", "beyond 3": "0.3%", "amber or red": ""})
    return f"{in_number(stable)} in which nothing changed.\n\n{markdown(pd.DataFrame(lines))}"


def simple_alarms(stable):
    """How often the step over the fall of variance that was observed would be beyond 2."""
    among = stable[stable["channel"] != "total"]
    due = np.maximum(among["var_old"] - among["var_new"], 4 * among["error"] ** 2)
    return in_cases((among["step"] / np.sqrt(due)).abs() > 2)


def forecasts(stable):
    """How many of the new weeks the intervals held."""
    worlds = stable.drop_duplicates("world")
    held = [f"{level}%: {in_weeks(worlds[f'inside_{level}'] / N_NEW)}" for level in reversed(LEVELS)]
    return (
        f"In the same worlds the intervals held this share of {N_NEW * len(worlds)} new weeks: {'; '.join(held)}. "
        f"Fewer or more than a right model may hold, by the verdict, were held in {in_cases(~worlds['forecast_ok'])} "
        "of them.\n"
    )


def seen(halved):
    """How often it is seen that a channel brings half, by which channel that is, and by what it brought."""
    by_case = [line(words, here) for case, words in CASES.items() if len(here := halved[halved["case"] == case])]
    # where the channel that was drawn is the largest, both cases are the same world
    once = halved[halved["changed"]].drop_duplicates(["world", "channel"])
    by_share = []
    for low, high in pairwise(SHARES):
        of_size = once[once["true_share"].between(low, high, inclusive="right")]
        if len(of_size):
            by_share.append(
                line(f"one that brought {low:.0%} to {high:.0%}" if low else f"one below {high:.0%}", of_size)
            )
    return (
        f"{in_number(halved)} in which one channel brought half from the first new week on:\n\n"
        f"{markdown(pd.DataFrame(by_case + by_share))}"
    )


def line(words, rows):
    """One row of the table of what is seen; of rows of whole worlds also how often another channel is flagged."""
    changed, others = rows[rows["changed"]], rows[~rows["changed"] & (rows["channel"] != "total")]
    return {"the channel that changed": words, **found(changed, others)}


def found(changed, others):
    """What is said of channels that changed, and how often another one is flagged beside them."""
    return {
        "its share of the outcome, median": f"{changed['true_share'].median():.1%}",
        "amber or red": in_cases(changed["flag_new_weeks"].isin(FLAGGED)),
        "red": in_cases(changed["flag_new_weeks"] == "red"),
        "called `ok`": in_cases(changed["flag_new_weeks"] == "ok"),
        "amber or red by drift": in_cases(changed["flag"].isin(FLAGGED)),
        "another one flagged": in_cases(others["flag_new_weeks"].isin(FLAGGED)) if len(others) else "",
        "flagged by one who knows all else": in_cases(changed["bayes_factor_known"] > AMBER),
    }


def said_power(halved):
    """How often channels that brought half were flagged, by the power that the check said it has, in each case."""
    changed, lines = halved[halved["changed"]], []
    for low, high in pairwise(POWERS):
        line = {"power that was said": f"{low:.0%} to {high:.0%}"}
        for case, words in CASES.items():
            of_case = changed[changed["case"] == case]
            here = of_case[of_case["power"].between(low, high, inclusive="right" if low else "both")]
            line[f"{words}: said, mean"] = f"{here['power'].mean():.1%}" if len(here) else ""
            line[f"{words}: flagged"] = in_cases(here["flag_new_weeks"].isin(FLAGGED))
        lines.append(line)
    once = changed.drop_duplicates(["world", "channel"])
    flagged, called_ok = (
        in_cases(rows) for rows in (once.loc[once["power"] >= TELLS, "flag_new_weeks"].isin(FLAGGED),
                                    once["flag_new_weeks"] == "ok")
    )  # fmt: skip
    return (
        f"{markdown(pd.DataFrame(lines))}\nOf the channels that brought half where power was at least {TELLS:.0%}, "
        f"{flagged} were flagged; of all that brought half, {called_ok} were called `ok`.\n"
    )


def longer(rows):
    """The same by how many new weeks there are."""
    return markdown(pd.DataFrame([
        {"new weeks": n, **found(here[here["changed"]], here[~here["changed"] & (here["channel"] != "total")])}
        for n, here in rows.groupby("n_new")
    ]))  # fmt: skip


def by_z(halved):
    """What the largest channel and the others would be flagged in, were z the judge."""
    among = halved[(halved["case"] == "largest") & (halved["channel"] != "total")]
    beyond = among["z_new_weeks"].abs() > 2
    largest, others = beyond[among["changed"]].mean(), beyond[~among["changed"]].mean()
    return f"it would be {largest:.1%} of the largest and {others:.1%} of the others"


def by_known(stable, halved):
    """How often one who knows all else flags what did not change, beside the largest that did and in calm worlds."""
    beside = (halved["case"] == "largest") & ~halved["changed"]
    others, calm = (
        in_cases(rows.loc[rows["channel"] != "total", "bayes_factor_known"] > AMBER)
        for rows in (halved[beside], stable)
    )
    return f"{others} of the others beside the largest, and {calm} of the channels where nothing changed"


def limits(stable, halved, later):
    """What other limits would flag: of the largest that changed, of the others beside it, and where nothing changed."""
    groups = {
        "the largest": halved[(halved["case"] == "largest") & halved["changed"]],
        "others beside it": halved[(halved["case"] == "largest") & ~halved["changed"]],
        "nothing changed": stable,
        "other worlds: the largest": later[(later["n_new"] == N_NEW) & later["changed"]],
        "other worlds: others beside it": later[(later["n_new"] == N_NEW) & ~later["changed"]],
    }
    of_channels = {words: rows.loc[rows["channel"] != "total", "bayes_factor"] for words, rows in groups.items()}
    return markdown(pd.DataFrame([
        {"flagged beyond": f"{limit:g}"} | {words: in_cases(rows > limit) for words, rows in of_channels.items()}
        for limit in LIMITS
    ]))  # fmt: skip


def previews(rows):
    """How often a preview is allowed, by what happened and how many weeks are new."""
    lines = []
    once = rows.drop_duplicates(["kind", "case", "world"])
    for words, among in (
        ("nothing changed", once[once["kind"] == "stable"]),
        ("the largest channel brought half", once[once["case"] == "largest"]),
    ):
        for n in PREVIEWS if len(among) else ():
            k, draws = among[f"preview_k_{n}"], among[f"preview_draws_{n}"]
            lines.append({
                "": words, "new weeks": n, "allowed": f"{int(among[f'preview_ok_{n}'].eq(True).sum())} of {len(among)}",
                "Pareto k, median": k.median(), "Pareto k, largest": k.max(),
                "effective draws of 4,000, median": round(draws.median()), "fewest": round(draws.min()),
            })  # fmt: skip
    return markdown(pd.DataFrame(lines))


def left_out(rows):
    """Say how many refreshes did not converge."""
    once = rows.drop_duplicates(["kind", "case", "n_new", "world"])
    return f"{int((~once['ok']).sum())} of {len(once)}"


def evidence():
    """Read the rows of the refreshes, give them their flags, and read those of the starts."""
    rows = pd.read_csv(EVIDENCE / "refresh.csv", dtype={"case": str}).fillna({"case": ""})
    rows["flag_new_weeks"] = flags_of(rows["bayes_factor"].to_numpy(), rows["power"].to_numpy())
    return rows, pd.read_csv(EVIDENCE / "warm_start.csv")


def main():
    """Write the page."""
    PAGE.write_text(page(*evidence()))
    print(PAGE)


if __name__ == "__main__":
    main()
