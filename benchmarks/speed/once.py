"""What every library's script says in the end: how many effective draws, whether they agree, how much memory."""

import json
import resource
import sys

import numpy as np

TAIL = (0.05, 0.95)


def finish(*, version, roi, diverging, seconds):
    """Print one line of JSON. The clock has stopped: what is counted here, nobody waited for.

    Parameters
    ----------
    version : str
    roi : array, shape (chain, draw, quantity)
        The returns that the library reports.
    diverging : int
    seconds : dict of float
    """
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024) / 1024
    import arviz

    each = [np.ascontiguousarray(roi[..., i], dtype=float) for i in range(roi.shape[-1])]
    logs = np.log(np.maximum(roi, 1e-12)).reshape(-1, roi.shape[-1])
    found = {
        "version": version,
        "ess_bulk": min(float(arviz.ess(one, method="bulk")) for one in each),
        "ess_tail": min(float(arviz.ess(one, method="tail", prob=TAIL)) for one in each),
        "rhat": max(float(arviz.rhat(one)) for one in each),
        "diverging": diverging,
        "draws": int(np.prod(roi.shape[:2])),
        "peak_gb": peak,
        "log_roi_mean": logs.mean(axis=0).tolist(),
        "log_roi_sd": logs.std(axis=0).tolist(),
        **{f"seconds_{name}": value for name, value in seconds.items()},
    }
    print(json.dumps(found))
