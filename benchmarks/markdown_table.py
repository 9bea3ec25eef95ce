"""A frame as a table of a page."""

import numpy as np


def markdown(frame):
    """Write a frame as a table: numbers short, texts as they are."""

    def cell(value):
        if isinstance(value, (bool, np.bool_)):
            return "yes" if value else "**no**"
        if isinstance(value, (float, np.floating)):
            if not np.isfinite(value):
                return ""
            return f"{value:.0f}" if value == round(value) and abs(value) >= 10 else f"{value:.2f}"
        return str(value)

    lines = ["| " + " | ".join(map(str, frame.columns)) + " |", "|" + "---|" * len(frame.columns)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in frame.itertuples(index=False)]
    return "\n".join(lines) + "\n"
