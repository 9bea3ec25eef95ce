"""The log density of the model and its gradient in one function of machine code, kept on disk.

It says what `model/build.py` says, for the specs that `coverage.py` names: there saturation comes first, so that what
the curves are applied to is data, and every derivative is short enough to be written down. Where a term comes from
stands beside it; that both agree is tested (`tests/fitting/test_fused.py`).

One array of doubles holds everything the function needs to know of data and priors: a header, then blocks at the places
that the header names, integers written as doubles. So one function, compiled once on a machine, serves every data set
and spec. All of it is in one file, because what is kept on disk is made anew when this file changes, and no other.

What is compiled are loops over flat arrays and nothing else: each expression on whole arrays costs as much compiling
as all the loops together, and that is what a person waits for once on every machine.
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
DENSITY_SIGNATURE = types.int64(types.uint64, DOUBLES, DOUBLES, DOUBLES, types.voidptr)
#: What it calls for every draw it keeps: numbers of coordinates, position, what is kept of it (out), the numbers.
KEEP_SIGNATURE = types.int64(types.uint64, types.uint64, DOUBLES, DOUBLES, types.voidptr)

compiled = numba.njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)


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
        row = i * COORDINATE_WIDTH
        q, family, a, b = position[i], int(table[row + FAMILY]), table[row + FIRST], table[row + SECOND]
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
            lower, width = table[row + LOWER], table[row + UPPER] - table[row + LOWER]
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
            by_level += pull[t] * (1 - response[t] * response[t]) * x[t]
        by_level /= 1 - level * level
    elif curve == ROOT:
        for t in range(x.size):
            if x[t] > 0:
                by_level += pull[t] * response[t] * log_x[t]
    return by_level, by_slope


@compiled
def respond_back_at(curve: int, level: float, x: float, response: float, pull: float) -> tuple[float, float]:
    """Gradient of ``pull * response`` at one driver above 0."""
    if curve == HILL:
        steep = pull * response * (1 - response)
        return steep / (level * (1 - level)), steep * math.log(x)
    if curve == TANH:
        return pull * (1 - response * response) * x / (1 - level * level), 0.0
    if curve == ROOT:
        return pull * response * math.log(x), 0.0
    return 0.0, 0.0


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
        return response, -0.5 * rate * (1 - response * response)
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
def mix_shares(numbers: Any, channels: Any, value: Any, shares: Any) -> int:
    """Write the slow shares, whose log odds are mixed from unit normals; give the place of the first of those."""
    n_brand, mixing, priors, first = int(numbers[N_BRAND]), int(numbers[MIXING]), int(numbers[SHARES]), -1
    for c in range(shares.size):
        shares[c] = 0.0
        if channels[c * CHANNEL_WIDTH + KERNEL] == TWO_SPEED:
            own = int(channels[c * CHANNEL_WIDTH + AT_SHARE])
            first = own if first < 0 else first
            mixed = 0.0
            for j in range(n_brand):
                mixed += numbers[mixing + (own - first) * n_brand + j] * value[first + j]
            location, scale = numbers[priors + own - first], numbers[priors + n_brand + own - first]
            shares[c] = 1 / (1 + math.exp(-location - scale * mixed))
    return first


@compiled
def mix_shares_back(numbers: Any, channels: Any, shares: Any, by_share: Any, first: int, by_value: Any) -> None:
    """Add the gradient of the unit normals behind the slow shares."""
    n_brand, mixing, priors = int(numbers[N_BRAND]), int(numbers[MIXING]), int(numbers[SHARES])
    for c in range(shares.size):
        if channels[c * CHANNEL_WIDTH + KERNEL] == TWO_SPEED:
            own = int(channels[c * CHANNEL_WIDTH + AT_SHARE]) - first
            by_mixed = by_share[c] * shares[c] * (1 - shares[c]) * numbers[priors + n_brand + own]
            for j in range(n_brand):
                by_value[first + j] += numbers[mixing + own * n_brand + j] * by_mixed


@compiled
def curve_of(row: Any, value: Any) -> tuple[int, float, float]:
    """Code, level (or exponent) and slope of a channel's curve."""
    level = value[int(row[AT_LEVEL])] if row[AT_LEVEL] >= 0 else 0.0
    slope = value[int(row[AT_SLOPE])] if row[AT_SLOPE] >= 0 else 1.0
    return int(row[CURVE]), level, slope


@compiled
def channel_effect(
    numbers: Any, row: Any, value: Any, share: float, x: Any, log_x: Any, response: Any, fast_stock: Any,
    slow_stock: Any, effect: Any,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Write a channel's response, its stocks and their mixture per unit of amplitude.

    Returns
    -------
    summed : float
        Response to the spend in the data, summed: per unit of amplitude, what it brings in the end.
    within : float
        Share of it that lands within the horizon.
    u : float
        The return within the horizon, standardised on the log scale: what the prior is on.
    amplitude : float
    """
    n_history, weeks, kernel = int(numbers[N_HISTORY]), numbers[WEEKS_PER_PERIOD], int(row[KERNEL])
    curve, level, slope = curve_of(row, value)
    respond(curve, level, slope, x, log_x, response)
    summed, within, shift = 0.0, 1.0, 0.0
    for t in range(effect.size):
        summed += response[n_history + t]
        effect[t] = response[n_history + t]
    if kernel != AT_ONCE:
        before, _ = respond_at(curve, level, slope, value[int(row[AT_CARRY_IN])])
        fast, slow = decay_of(value[int(row[AT_HALF_LIFE])], weeks)[0], 0.0
        carry(fast, before, response, fast_stock)
        if kernel == TWO_SPEED:
            slow = decay_of(value[int(row[AT_SLOW_HALF_LIFE])], weeks)[0]
            carry(slow, before, response, slow_stock)
            for t in range(effect.size):
                effect[t] = (1 - share) * fast_stock[n_history + t] + share * slow_stock[n_history + t]
        else:
            for t in range(effect.size):
                effect[t] = fast_stock[n_history + t]
        within = landed(numbers[HORIZON], fast, slow, share)[0]
        if kernel == TWO_SPEED:
            # the prior is on the return within the horizon; the number that is sampled is that of a quarter
            shift = math.log(within / landed(numbers[EARLY], fast, slow, share)[0]) / row[RETURN_SCALE]
    u = value[int(row[AT_RETURN])] + shift
    amount = math.exp(row[RETURN_LOCATION] + row[RETURN_SCALE] * u) * row[BREAK_EVEN]
    return summed, within, u, amount / (summed * within)


@compiled
def channel_effect_back(
    numbers: Any, row: Any, value: Any, share: float, x: Any, log_x: Any, response: Any, fast_stock: Any,
    slow_stock: Any, effect: Any, found: Any, pull: Any, pulled: Any, by_value: Any,
) -> float:  # fmt: skip
    """Add the gradient of a channel's parameters, given that of its contribution; give that of its slow share."""
    n_history, weeks, kernel = int(numbers[N_HISTORY]), numbers[WEEKS_PER_PERIOD], int(row[KERNEL])
    curve, level, slope = curve_of(row, value)
    summed, within, u, amplitude = found[0], found[1], found[2], found[3]
    by_log_amplitude, by_share, by_level, by_slope = 0.0, 0.0, 0.0, 0.0
    for t in range(effect.size):
        by_log_amplitude += amplitude * pull[n_history + t] * effect[t]
    by_u = row[RETURN_SCALE] * by_log_amplitude - u
    by_value[int(row[AT_RETURN])] += by_u
    direct = amplitude if kernel == AT_ONCE else 0.0
    for t in range(pulled.size):
        pulled[t] = direct * pull[t] - (by_log_amplitude / summed if t >= n_history else 0.0)
    if kernel != AT_ONCE:
        at_carry = int(row[AT_CARRY_IN])
        before, steep = respond_at(curve, level, slope, value[at_carry])
        fast, fast_turn = decay_of(value[int(row[AT_HALF_LIFE])], weeks)
        slow, slow_turn = decay_of(value[int(row[AT_SLOW_HALF_LIFE])], weeks) if kernel == TWO_SPEED else (0.0, 0.0)
        by_fast, by_before = carry_back(fast, before, response, fast_stock, pull, amplitude * (1 - share), pulled)
        _, within_fast, within_slow, within_share = landed(numbers[HORIZON], fast, slow, share)
        by_within = -by_log_amplitude / within
        if kernel == TWO_SPEED:
            early, early_fast, early_slow, early_share = landed(numbers[EARLY], fast, slow, share)
            by_within += by_u / row[RETURN_SCALE] / within
            by_early = -by_u / row[RETURN_SCALE] / early
            by_slow, more_before = carry_back(slow, before, response, slow_stock, pull, amplitude * share, pulled)
            by_before += more_before
            by_slow += by_within * within_slow + by_early * early_slow
            by_value[int(row[AT_SLOW_HALF_LIFE])] += by_slow * slow_turn
            by_fast += by_early * early_fast
            by_share = by_within * within_share + by_early * early_share
            for t in range(effect.size):
                by_share += amplitude * pull[n_history + t] * (slow_stock[n_history + t] - fast_stock[n_history + t])
        by_fast += by_within * within_fast
        by_value[int(row[AT_HALF_LIFE])] += by_fast * fast_turn
        by_value[at_carry] += by_before * steep
        by_level, by_slope = respond_back_at(curve, level, value[at_carry], before, by_before)
    more_level, more_slope = respond_back(curve, level, x, log_x, response, pulled)
    if row[AT_LEVEL] >= 0:
        by_value[int(row[AT_LEVEL])] += by_level + more_level
    if row[AT_SLOPE] >= 0:
        by_value[int(row[AT_SLOPE])] += by_slope + more_slope
    return by_share


@compiled
def likelihood(numbers: Any, media: Any, value: Any, by_value: Any, left: Any, pull: Any) -> float:
    """``B (y - m) ~ N(0, sigma^2 + tau^2 L)``: its log density, and its gradient along media, sigma and tau."""
    n_periods, n_rotated, n_history = media.size, left.size, int(numbers[N_HISTORY])
    rotation, by_period = int(numbers[ROTATION]), int(numbers[ROTATION_BY_PERIOD])
    walk_variances, outcome = int(numbers[WALK_VARIANCES]), int(numbers[OUTCOME])
    for i in range(n_rotated):
        left[i] = numbers[outcome + i]
    # along rows, counted from their beginning: so a machine does several numbers of a row at a time
    for t in range(n_periods):
        row, medium = numbers[by_period + t * n_rotated : by_period + (t + 1) * n_rotated], media[t]
        for i in range(n_rotated):
            left[i] -= row[i] * medium
    at_sigma, at_tau = int(numbers[AT_SIGMA]), int(numbers[AT_TAU])
    sigma = numbers[NOISE_SCALE] * value[at_sigma]
    tau = numbers[WALK_SCALE] * value[at_tau] if at_tau >= 0 else 0.0
    total, by_sigma, by_tau = 0.0, 0.0, 0.0
    for t in range(pull.size):
        pull[t] = 0.0
    of_data = pull[n_history:]
    for i in range(n_rotated):
        variance = sigma * sigma + tau * tau * numbers[walk_variances + i]
        standardised = left[i] / variance
        total -= 0.5 * (LOG_2PI + math.log(variance) + left[i] * standardised)
        by_variance = 0.5 * (standardised * standardised - 1 / variance)
        by_sigma += by_variance
        by_tau += by_variance * numbers[walk_variances + i]
        row = numbers[rotation + i * n_periods : rotation + (i + 1) * n_periods]
        for t in range(n_periods):
            of_data[t] += row[t] * standardised
    by_value[at_sigma] += 2 * sigma * by_sigma * numbers[NOISE_SCALE]
    if at_tau >= 0:
        by_value[at_tau] += 2 * tau * by_tau * numbers[WALK_SCALE]
    return total


@compiled
def evaluate(position: Any, gradient: Any, numbers: Any) -> float:
    """Log density at a position; writes the gradient.

    Parameters
    ----------
    position, gradient : array, shape (coordinate,)
    numbers : array, shape (number,)
        See the top of this file.
    """
    n, n_channels, n_periods = position.size, int(numbers[N_CHANNELS]), int(numbers[N_PERIODS])
    n_rows, n_rotated = int(numbers[N_HISTORY]) + n_periods, int(numbers[N_ROTATED])
    coordinates, channels = int(numbers[COORDINATES]), int(numbers[CHANNELS])
    driver, log_driver = int(numbers[DRIVER]), int(numbers[LOG_DRIVER])
    table = numbers[channels : channels + n_channels * CHANNEL_WIDTH]

    # room to work in: parameters; by channel shares, four numbers and four series; what is left and what pulls
    room = np.empty(3 * n + n_channels * (6 + 3 * n_rows + n_periods) + n_periods + n_rotated + 2 * n_rows)
    value, slope, by_value = room[:n], room[n : 2 * n], room[2 * n : 3 * n]
    at = 3 * n
    shares, by_share = room[at : at + n_channels], room[at + n_channels : at + 2 * n_channels]
    at += 2 * n_channels
    found, series = at, at + 4 * n_channels
    at = series + n_channels * (3 * n_rows + n_periods)
    media, left = room[at : at + n_periods], room[at + n_periods : at + n_periods + n_rotated]
    at += n_periods + n_rotated
    pull, pulled = room[at : at + n_rows], room[at + n_rows : at + 2 * n_rows]

    for i in range(n):
        by_value[i] = 0.0
    for t in range(n_periods):
        media[t] = 0.0
    prior = numbers[coordinates : coordinates + n * COORDINATE_WIDTH]
    total = constrain(position, prior, value, slope, gradient)
    first_share = mix_shares(numbers, table, value, shares)
    for c in range(n_channels):
        at = series + c * (3 * n_rows + n_periods)
        effect = room[at + 3 * n_rows : at + 3 * n_rows + n_periods]
        summed, within, u, amplitude = channel_effect(
            numbers, table[c * CHANNEL_WIDTH : (c + 1) * CHANNEL_WIDTH], value, shares[c],
            numbers[driver + c * n_rows : driver + (c + 1) * n_rows],
            numbers[log_driver + c * n_rows : log_driver + (c + 1) * n_rows],
            room[at : at + n_rows], room[at + n_rows : at + 2 * n_rows], room[at + 2 * n_rows : at + 3 * n_rows],
            effect,
        )  # fmt: skip
        room[found + 4 * c], room[found + 4 * c + 1] = summed, within
        room[found + 4 * c + 2], room[found + 4 * c + 3] = u, amplitude
        total -= 0.5 * (u * u + LOG_2PI)
        for t in range(n_periods):
            media[t] += amplitude * effect[t]

    total += likelihood(numbers, media, value, by_value, left, pull)
    for c in range(n_channels):
        at = series + c * (3 * n_rows + n_periods)
        by_share[c] = channel_effect_back(
            numbers, table[c * CHANNEL_WIDTH : (c + 1) * CHANNEL_WIDTH], value, shares[c],
            numbers[driver + c * n_rows : driver + (c + 1) * n_rows],
            numbers[log_driver + c * n_rows : log_driver + (c + 1) * n_rows],
            room[at : at + n_rows], room[at + n_rows : at + 2 * n_rows], room[at + 2 * n_rows : at + 3 * n_rows],
            room[at + 3 * n_rows : at + 3 * n_rows + n_periods], room[found + 4 * c : found + 4 * c + 4],
            pull, pulled, by_value,
        )  # fmt: skip
    mix_shares_back(numbers, table, shares, by_share, first_share, by_value)
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
