"""Make worlds with known returns by other people's simulators, to see whether our intervals hold where we made no rule.

    python benchmarks/foreign/make_worlds.py --folder <dir> --worlds 20              # every kind
    python benchmarks/foreign/make_worlds.py --folder <dir> --kinds clean s_curve --first 101 --worlds 5

Runs in an environment of its own (see README.md beside this file). One folder ``<kind>-<seed>`` per world, with
data.csv (what a user has) and world.json (what is true). The same seed makes the same world; a world that is there is
left alone. Simulators that are not installed are named and left out.
"""

import argparse
import importlib
import time
from pathlib import Path

SOURCES = ("mmm_framework", "pysimmmulator", "graphsimulacrum", "how_wrong", "papilon")


def kinds():
    """Find the kinds of every simulator that is installed: name to a function of the seed."""
    found = {}
    for source in SOURCES:
        try:
            found |= importlib.import_module(f"from_{source}").KINDS
        except ModuleNotFoundError as missing:
            print(f"left out: {source} (no module {missing.name})")
    return found


def make(folder, name, build, seeds):
    """Make the worlds of one kind that are not there yet, and tell what they are like."""
    start, worlds = time.perf_counter(), []
    for seed in seeds:
        if not (folder / f"{name}-{seed}" / "world.json").exists():
            world = build(seed)
            world.write(folder)
            worlds.append(world)
    if worlds:
        roas = [value for world in worlds for value in world.roas.values()]
        shares = [world.media_share for world in worlds]
        print(
            f"{name:38} {len(worlds):3} worlds, ROAS {min(roas):6.2f} to {max(roas):6.2f}, media {min(shares):4.0%} to "
            f"{max(shares):4.0%} of the outcome, {time.perf_counter() - start:5.1f} s",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--worlds", type=int, default=20, help="per kind")
    parser.add_argument("--first", type=int, default=101, help="the first seed")
    parser.add_argument("--kinds", nargs="+", help="all of them, unless named")
    chosen = parser.parse_args()
    known = kinds()
    unknown = set(chosen.kinds or ()) - set(known)
    if unknown:
        parser.error(f"no kind {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    for name in chosen.kinds or known:
        make(chosen.folder, name, known[name], range(chosen.first, chosen.first + chosen.worlds))


if __name__ == "__main__":
    main()
