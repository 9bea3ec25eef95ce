"""The log density of the model and its gradient in one function of machine code, kept on disk.

It says what `model/build.py` says, for the specs that `layout.py` covers: there saturation comes first, so that what
the curves are applied to is data, and every derivative is short enough to be written down. Where a term comes from
stands beside it; that both agree is tested (`tests/fitting/test_fused.py`).

One array of doubles holds everything the function needs to know of data and priors: a header, then blocks at the places
that the header names, integers written as doubles. So one function, compiled once on a machine, serves every data set
and spec. All of it is in one file, because what is kept on disk is made anew when this file changes, and no other.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
from numba import types

__all__ = ["copy_position", "evaluate", "log_density"]

# --- the header, by position ------------------------------------------------------------------------------------------

(
    SIZE, N_COORDINATES, N_CHANNELS, N_PERIODS, N_HISTORY, N_ROTATED, N_BRAND, HORIZON, EARLY, WEEKS_PER_PERIOD,
    AT_SIGMA, AT_TAU, NOISE_SCALE, WALK_SCALE,
    COORDINATES, CHANNELS, DRIVER, LOG_DRIVER, ROTATION, ROTATION_BY_PERIOD, WALK_VARIANCES, OUTCOME, MIXING, SHARES,
) = range(24)  # fmt: skip
HEADER = 24

# --- one row of numbers for each sampled coordinate -------------------------------------------------------------------

FAMILY, FIRST, SECOND, LOWER, UPPER = range(5)
COORDINATE_WIDTH = 5
#: Families: what is sampled, and what becomes of it.
UNIT_NORMAL, LOG_NORMAL, CUT_LOG_NORMAL, HALF_NORMAL, BETA, RETURN = range(6)

# --- one row of numbers for each channel; places of coordinates are -1 where there is none ----------------------------

(
    CURVE, KERNEL, AT_LEVEL, AT_SLOPE, AT_HALF_LIFE, AT_SLOW_HALF_LIFE, AT_SHARE, AT_CARRY_IN, AT_RETURN,
    RETURN_LOCATION, RETURN_SCALE, BREAK_EVEN,
) = range(12)  # fmt: skip
CHANNEL_WIDTH = 12
HILL, TANH, ROOT, LINE = range(4)
AT_ONCE, GEOMETRIC, TWO_SPEED = range(3)

LOG_2PI = math.log(2 * math.pi)
LOG_2 = math.log(2.0)

DOUBLES = types.CPointer(types.double)

#: What the sampler calls: number of coordinates, position, gradient (out), log density (out), the array of numbers.
DENSITY_SIGNATURE = types.int64(
    types.uint64,
    types.CPointer(types.double),
    types.CPointer(types.double),
    types.CPointer(types.double),
    types.voidptr,
)
#: What it calls for every draw it keeps: numbers of coordinates, position, what is kept of it (out), the numbers.
KEEP_SIGNATURE = types.int64(types.uint64, types.uint64, DOUBLES, DOUBLES, types.voidptr)

compiled = numba.njit(error_model="numpy")


def kept_on_disk(signature: Any) -> Any:
    """Compile a function for C, once on a machine; every time where nothing may be written."""

    def compile_function(function: Any) -> Any:
        try:
            return numba.cfunc(signature, cache=True)(function)
        except RuntimeError:  # numba found no folder for its cache
            return numba.cfunc(signature)(function)

    return compile_function


@compiled
def constrain(position: Any, table: Any, value: Any, slope: Any, gradient: Any) -> float:
    """Turn coordinates into parameters: write values, their derivatives and the gradient of the prior; give its log."""
    total = 0.0
    for i in range(position.size):
        q, family, a, b = position[i], int(table[i, FAMILY]), table[i, FIRST], table[i, SECOND]
        if family == UNIT_NORMAL:
            value[i], slope[i] = q, 1.0
            total += -0.5 * q * q - 0.5 * LOG_2PI
            gradient[i] = -q
        elif family == LOG_NORMAL:
            z = (q - a) / b
            value[i] = math.exp(q)
            slope[i] = value[i]
            total += -0.5 * z * z - 0.5 * LOG_2PI - math.log(b)
            gradient[i] = -z / b
        elif family == CUT_LOG_NORMAL:
            lower, width = table[i, LOWER], table[i, UPPER] - table[i, LOWER]
            share = 1 / (1 + math.exp(-q))
            v = lower + width * share
            z = (math.log(v) - a) / b
            value[i], slope[i] = v, width * share * (1 - share)
            total += -0.5 * z * z - 0.5 * LOG_2PI - math.log(b) - math.log(v) + math.log(slope[i])
            gradient[i] = -(z / b + 1) / v * slope[i] + 1 - 2 * share
        elif family == HALF_NORMAL:
            v = math.exp(q)
            value[i], slope[i] = v, v
            total += LOG_2 - 0.5 * LOG_2PI - math.log(a) - 0.5 * (v / a) ** 2 + q
            gradient[i] = 1 - (v / a) ** 2
        elif family == BETA:
            share = 1 / (1 + math.exp(-q))
            value[i], slope[i] = share, share * (1 - share)
            # log(share) and log(1 - share), written so that neither is lost far out
            total += -a * math.log1p(math.exp(-q)) - b * math.log1p(math.exp(q))
            total += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
            gradient[i] = a * (1 - share) - b * share
        else:  # a return: its prior is added where the channel's kernel is known
            value[i], slope[i], gradient[i] = q, 1.0, 0.0
    return total


@compiled
def respond(curve: int, level: float, slope: float, x: Any, log_x: Any, out: Any) -> None:
    """Write the curve's response to every driver."""
    if curve == HILL:
        # x^s / (k + x^s) is the logistic function of s log(x) - log(k), and -log(k) are the log odds of the level
        odds = math.log(level) - math.log1p(-level)
        for t in range(x.size):
            out[t] = 1 / (1 + math.exp(-slope * log_x[t] - odds)) if x[t] > 0 else 0.0
    elif curve == TANH:
        rate = math.log1p(-level) - math.log1p(level)
        for t in range(x.size):
            power = math.exp(rate * x[t])
            out[t] = (1 - power) / (1 + power)
    elif curve == ROOT:
        for t in range(x.size):
            out[t] = math.exp(level * log_x[t]) if x[t] > 0 else 0.0
    else:
        for t in range(x.size):
            out[t] = x[t]


@compiled
def respond_back(curve: int, level: float, x: Any, log_x: Any, response: Any, pull: Any) -> tuple[float, float]:
    """Gradient of ``sum(pull * response)`` with respect to level (or exponent) and slope."""
    by_level, by_slope = 0.0, 0.0
    if curve == HILL:
        for t in range(x.size):
            if x[t] > 0:
                steep = pull[t] * response[t] * (1 - response[t])
                by_level += steep
                by_slope += steep * log_x[t]
        by_level /= level * (1 - level)
    elif curve == TANH:
        # tanh(a x) with a = atanh(level)
        for t in range(x.size):
            by_level += pull[t] * (1 - response[t] ** 2) * x[t]
        by_level /= 1 - level * level
    elif curve == ROOT:
        for t in range(x.size):
            if x[t] > 0:
                by_level += pull[t] * response[t] * log_x[t]
    return by_level, by_slope


@compiled
def respond_at(curve: int, level: float, slope: float, x: float) -> tuple[float, float]:
    """Response to one driver above 0, and its derivative with respect to it."""
    if curve == HILL:
        response = 1 / (1 + math.exp(-slope * math.log(x) - math.log(level) + math.log1p(-level)))
        return response, response * (1 - response) * slope / x
    if curve == TANH:
        rate = math.log1p(-level) - math.log1p(level)
        power = math.exp(rate * x)
        response = (1 - power) / (1 + power)
        return response, -0.5 * rate * (1 - response**2)
    if curve == ROOT:
        response = math.exp(level * math.log(x))
        return response, level * response / x
    return x, 1.0


@compiled
def carry(decay: float, before: float, response: Any, stock: Any) -> None:
    """``s_t = d s_{t-1} + (1 - d) r_t``: before the first period spend was constant, and so was the stock."""
    carried = before
    for t in range(response.size):
        carried = decay * carried + (1 - decay) * response[t]
        stock[t] = carried


@compiled
def carry_back(
    decay: float, before: float, response: Any, stock: Any, pull: Any, weight: float, pulled: Any
) -> tuple[float, float]:
    """Add the gradient of ``weight * sum(pull * stock)`` to that of each response; give those of decay and before."""
    by_decay, adjoint = 0.0, 0.0
    for t in range(response.size - 1, -1, -1):
        adjoint = weight * pull[t] + decay * adjoint
        earlier = stock[t - 1] if t > 0 else before
        by_decay += adjoint * (earlier - response[t])
        pulled[t] += (1 - decay) * adjoint
    return by_decay, decay * adjoint


@compiled
def decay_of(half_life: float, weeks_per_period: float) -> tuple[float, float]:
    """Share of a stock that is left after a period, and its derivative with respect to the half-life."""
    decay = math.exp(-LOG_2 * weeks_per_period / half_life)
    return decay, decay * LOG_2 * weeks_per_period / (half_life * half_life)


@compiled
def landed(n: float, fast: float, slow: float, share: float) -> tuple[float, float, float, float]:
    """Share of the effect within n periods, and its derivatives with respect to both decays and the slow share."""
    of_fast, of_slow = fast**n, slow**n
    within = (1 - share) * (1 - of_fast) + share * (1 - of_slow)
    by_fast = -(1 - share) * n * of_fast / fast if fast > 0 else 0.0
    by_slow = -share * n * of_slow / slow if slow > 0 else 0.0
    return within, by_fast, by_slow, of_fast - of_slow


@compiled
def evaluate(position: Any, gradient: Any, numbers: Any) -> float:
    """Log density at a position; writes the gradient.

    Parameters
    ----------
    position, gradient : array, shape (coordinate,)
    numbers : array, shape (number,)
        See the top of this file.
    """
    n, n_channels, n_brand = position.size, int(numbers[N_CHANNELS]), int(numbers[N_BRAND])
    n_periods, n_history, n_rotated = int(numbers[N_PERIODS]), int(numbers[N_HISTORY]), int(numbers[N_ROTATED])
    n_rows, weeks = n_history + n_periods, numbers[WEEKS_PER_PERIOD]
    at = int(numbers[COORDINATES])
    table = numbers[at : at + n * COORDINATE_WIDTH].reshape(n, COORDINATE_WIDTH)
    at = int(numbers[CHANNELS])
    channels = numbers[at : at + n_channels * CHANNEL_WIDTH].reshape(n_channels, CHANNEL_WIDTH)
    at = int(numbers[DRIVER])
    driver = numbers[at : at + n_channels * n_rows].reshape(n_channels, n_rows)
    at = int(numbers[LOG_DRIVER])
    log_driver = numbers[at : at + n_channels * n_rows].reshape(n_channels, n_rows)
    at = int(numbers[ROTATION])
    rotation = numbers[at : at + n_rotated * n_periods].reshape(n_rotated, n_periods)
    at = int(numbers[ROTATION_BY_PERIOD])
    rotation_by_period = numbers[at : at + n_rotated * n_periods].reshape(n_periods, n_rotated)
    walk_variances = numbers[int(numbers[WALK_VARIANCES]) : int(numbers[WALK_VARIANCES]) + n_rotated]
    outcome = numbers[int(numbers[OUTCOME]) : int(numbers[OUTCOME]) + n_rotated]
    mixing = numbers[int(numbers[MIXING]) : int(numbers[MIXING]) + n_brand * n_brand].reshape(n_brand, n_brand)
    share_priors = numbers[int(numbers[SHARES]) : int(numbers[SHARES]) + 2 * n_brand].reshape(2, n_brand)

    value, slope, by_value = np.empty(n), np.empty(n), np.zeros(n)
    total = constrain(position, table, value, slope, gradient)

    # slow shares: independent unit normals, mixed and put on log odds
    shares, by_share, first_share = np.zeros(n_channels), np.zeros(n_channels), -1
    for c in range(n_channels):
        if channels[c, KERNEL] == TWO_SPEED:
            if first_share < 0:
                first_share = int(channels[c, AT_SHARE])
            row, mixed = int(channels[c, AT_SHARE]) - first_share, 0.0
            for j in range(n_brand):
                mixed += mixing[row, j] * value[first_share + j]
            shares[c] = 1 / (1 + math.exp(-share_priors[0, row] - share_priors[1, row] * mixed))

    response = np.empty((n_channels, n_rows))
    fast_stock, slow_stock = np.empty((n_channels, n_rows)), np.empty((n_channels, n_rows))
    before, steep, fast, slow = np.zeros(n_channels), np.zeros(n_channels), np.zeros(n_channels), np.zeros(n_channels)
    summed, amplitude, u = np.zeros(n_channels), np.zeros(n_channels), np.zeros(n_channels)
    media = np.zeros(n_periods)
    for c in range(n_channels):
        row = channels[c]
        curve, kernel = int(row[CURVE]), int(row[KERNEL])
        level = value[int(row[AT_LEVEL])] if row[AT_LEVEL] >= 0 else 0.0
        bend = value[int(row[AT_SLOPE])] if row[AT_SLOPE] >= 0 else 1.0
        respond(curve, level, bend, driver[c], log_driver[c], response[c])
        for t in range(n_history, n_rows):
            summed[c] += response[c, t]
        within, shift = 1.0, 0.0
        if kernel != AT_ONCE:
            before[c], steep[c] = respond_at(curve, level, bend, value[int(row[AT_CARRY_IN])])
            fast[c], _ = decay_of(value[int(row[AT_HALF_LIFE])], weeks)
            carry(fast[c], before[c], response[c], fast_stock[c])
            if kernel == TWO_SPEED:
                slow[c], _ = decay_of(value[int(row[AT_SLOW_HALF_LIFE])], weeks)
                carry(slow[c], before[c], response[c], slow_stock[c])
            within = landed(numbers[HORIZON], fast[c], slow[c], shares[c])[0]
            if kernel == TWO_SPEED:
                early = landed(numbers[EARLY], fast[c], slow[c], shares[c])[0]
                shift = math.log(within / early) / row[RETURN_SCALE]
        # the prior is on the return within the horizon; a brand channel's sampled number is that of a quarter
        u[c] = value[int(row[AT_RETURN])] + shift
        total += -0.5 * u[c] * u[c] - 0.5 * LOG_2PI
        amount = math.exp(row[RETURN_LOCATION] + row[RETURN_SCALE] * u[c]) * row[BREAK_EVEN]
        amplitude[c] = amount / (summed[c] * within)
        for t in range(n_periods):
            if kernel == AT_ONCE:
                media[t] += amplitude[c] * response[c, n_history + t]
            else:
                stock = (1 - shares[c]) * fast_stock[c, n_history + t]
                if kernel == TWO_SPEED:
                    stock += shares[c] * slow_stock[c, n_history + t]
                media[t] += amplitude[c] * stock

    # B (y - m) ~ N(0, sigma^2 + tau^2 L); loops run along the rows, which machines do several numbers at a time
    left = outcome.copy()
    for t in range(n_periods):
        for i in range(n_rotated):
            left[i] -= rotation_by_period[t, i] * media[t]
    at_sigma, at_tau = int(numbers[AT_SIGMA]), int(numbers[AT_TAU])
    sigma = numbers[NOISE_SCALE] * value[at_sigma]
    tau = numbers[WALK_SCALE] * value[at_tau] if at_tau >= 0 else 0.0
    by_sigma, by_tau, pull = 0.0, 0.0, np.zeros(n_periods)
    for i in range(n_rotated):
        variance = sigma * sigma + tau * tau * walk_variances[i]
        standardised = left[i] / variance
        total += -0.5 * (LOG_2PI + math.log(variance) + left[i] * standardised)
        by_variance = 0.5 * (standardised * standardised - 1 / variance)
        by_sigma += by_variance
        by_tau += by_variance * walk_variances[i]
        for t in range(n_periods):
            pull[t] += rotation[i, t] * standardised
    by_value[at_sigma] += 2 * sigma * by_sigma * numbers[NOISE_SCALE]
    if at_tau >= 0:
        by_value[at_tau] += 2 * tau * by_tau * numbers[WALK_SCALE]

    whole_pull, pulled = np.zeros(n_rows), np.empty(n_rows)
    whole_pull[n_history:] = pull
    for c in range(n_channels):
        row = channels[c]
        curve, kernel, share = int(row[CURVE]), int(row[KERNEL]), shares[c]
        level = value[int(row[AT_LEVEL])] if row[AT_LEVEL] >= 0 else 0.0
        of_fast, of_slow = 0.0, 0.0
        for t in range(n_periods):
            if kernel == AT_ONCE:
                of_fast += pull[t] * response[c, n_history + t]
            else:
                of_fast += pull[t] * fast_stock[c, n_history + t]
            if kernel == TWO_SPEED:
                of_slow += pull[t] * slow_stock[c, n_history + t]
        by_log_amplitude = amplitude[c] * ((1 - share) * of_fast + share * of_slow)
        by_u = row[RETURN_SCALE] * by_log_amplitude - u[c]
        by_value[int(row[AT_RETURN])] += by_u
        pulled[:] = 0.0
        pulled[n_history:] -= by_log_amplitude / summed[c]
        if kernel == AT_ONCE:
            pulled += amplitude[c] * whole_pull
        else:
            fast_decay, fast_turn = decay_of(value[int(row[AT_HALF_LIFE])], weeks)
            by_fast, by_before = carry_back(
                fast_decay, before[c], response[c], fast_stock[c], whole_pull, amplitude[c] * (1 - share), pulled
            )
            within, within_fast, within_slow, within_share = landed(numbers[HORIZON], fast_decay, slow[c], share)
            by_within = -by_log_amplitude
            if kernel == TWO_SPEED:
                early, early_fast, early_slow, early_share = landed(numbers[EARLY], fast_decay, slow[c], share)
                by_within += by_u / row[RETURN_SCALE]
                by_early = -by_u / row[RETURN_SCALE] / early
                slow_decay, slow_turn = decay_of(value[int(row[AT_SLOW_HALF_LIFE])], weeks)
                by_slow, more_before = carry_back(
                    slow_decay, before[c], response[c], slow_stock[c], whole_pull, amplitude[c] * share, pulled
                )
                by_before += more_before
                by_slow += by_within / within * within_slow + by_early * early_slow
                by_fast += by_early * early_fast
                by_value[int(row[AT_SLOW_HALF_LIFE])] += by_slow * slow_turn
                by_share[c] = amplitude[c] * (of_slow - of_fast)
                by_share[c] += by_within / within * within_share + by_early * early_share
            by_fast += by_within / within * within_fast
            by_value[int(row[AT_HALF_LIFE])] += by_fast * fast_turn
            at_carry = int(row[AT_CARRY_IN])
            by_value[at_carry] += by_before * steep[c]
            x_before = value[at_carry : at_carry + 1]
            more_level, more_slope = respond_back(
                curve, level, x_before, np.log(x_before), before[c : c + 1], np.full(1, by_before)
            )
            if row[AT_LEVEL] >= 0:
                by_value[int(row[AT_LEVEL])] += more_level
            if row[AT_SLOPE] >= 0:
                by_value[int(row[AT_SLOPE])] += more_slope
        by_level, by_slope = respond_back(curve, level, driver[c], log_driver[c], response[c], pulled)
        if row[AT_LEVEL] >= 0:
            by_value[int(row[AT_LEVEL])] += by_level
        if row[AT_SLOPE] >= 0:
            by_value[int(row[AT_SLOPE])] += by_slope

    for c in range(n_channels):
        if channels[c, KERNEL] == TWO_SPEED:
            row_of_share = int(channels[c, AT_SHARE]) - first_share
            by_mixed = by_share[c] * shares[c] * (1 - shares[c]) * share_priors[1, row_of_share]
            for j in range(n_brand):
                by_value[first_share + j] += mixing[row_of_share, j] * by_mixed
    for i in range(n):
        gradient[i] += by_value[i] * slope[i]
    return total


@kept_on_disk(DENSITY_SIGNATURE)
def log_density(n: int, position: Any, gradient: Any, density: Any, numbers: Any) -> int:
    """Evaluate, as the sampler calls it; what is not finite is a rejected step."""
    header = numba.carray(numbers, (HEADER,), np.float64)
    if n != header[N_COORDINATES]:
        return -1
    slopes = numba.carray(gradient, (n,))
    found = evaluate(numba.carray(position, (n,)), slopes, numba.carray(numbers, (int(header[SIZE]),), np.float64))
    numba.carray(density, (1,))[0] = found
    if not math.isfinite(found):
        return 4
    for i in range(slopes.size):
        if not math.isfinite(slopes[i]):
            return 3
    return 0


@kept_on_disk(KEEP_SIGNATURE)
def copy_position(n: int, n_kept: int, position: Any, kept: Any, _: Any) -> int:
    """Keep the position itself: parameters are made of all draws at once, afterwards."""
    if n != n_kept:
        return -1
    found, out = numba.carray(position, (n,)), numba.carray(kept, (n,))
    for i in range(out.size):
        out[i] = found[i]
    return 0
