"""A world whose answer is known: what was assumed, what the data added, and where the truth lies.

    python examples/known_truth.py

Draws the picture of the README into `docs/images/known_truth.png`.
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

import mmm

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "known_truth.png"
CHANNELS = ["tv", "search", "social", "radio"]


def main() -> None:
    """Simulate three years, fit, and draw the truth over the intervals."""
    data, truth = mmm.simulate.world(seed=1, n_periods=156, channels=CHANNELS)
    posterior = mmm.fit(data, seed=1)
    report = mmm.Report(posterior)
    print(report.roi(horizon_weeks=104).round(2).to_string(index=False))

    _, (left, right) = plt.subplots(1, 2, figsize=(15, 5), layout="constrained", width_ratios=(1.15, 1))
    report.plot_fit(ax=left)
    report.plot_prior_posterior(ax=right)
    rows = range(len(CHANNELS))
    values = [truth.roi(channel, posterior.spec.horizon_weeks) for channel in reversed(CHANNELS)]
    right.plot(values, rows, "D", color="black", markersize=8, label="truth")
    right.legend(loc="lower right", frameon=False)
    PICTURE.parent.mkdir(exist_ok=True)
    right.figure.savefig(PICTURE, dpi=90)
    print(PICTURE.name)


if __name__ == "__main__":
    main()
