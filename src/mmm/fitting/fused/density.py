"""The log density of the model and its gradient in one function of machine code, kept on disk.

It says what `model/build.py` says, for the specs that `coverage.py` names: there saturation comes first, so that what
the curves are applied to is data, and every derivative is short enough to be written down. Where a term comes from
stands beside it; that both agree is tested (`tests/fitting/test_fused.py`).

One array of doubles holds everything the function needs to know of data and priors: a header, then blocks at the places
that the header names, integers written as doubles. So one function, compiled once on a machine, serves every data set
and spec. All of it is in one file, because what is kept on disk is made anew when this file changes, and no other.

What is compiled are loops over flat arrays and nothing else: each expression on whole arrays costs as much compiling
as all the loops together, and that is what a person waits for once on every machine. Most of the time goes into curves
and into the rotation, so their loops are such that a machine does several numbers at once.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numba
import numpy as np
from numba import types

__all__ = ["copy_position", "evaluate", "log_density"]

# --- the header, by position ------------------------------------------------------------------------------------------

(
    SIZE, N_COORDINATES, N_CHANNELS, N_PERIODS, N_HISTORY, N_ROTATED, N_FOURS, N_BRAND,
    HORIZON, EARLY, WEEKS_PER_PERIOD, AT_SIGMA, AT_TAU, NOISE_SCALE, WALK_SCALE, CONSTANT,
    COORDINATES, CHANNELS, DRIVER, ROTATION, WALK_VARIANCES, OUTCOME, MIXING, SHARES,
) = range(24)  # fmt: skip
HEADER = 24

# --- one row of numbers for each sampled coordinate -------------------------------------------------------------------

FAMILY, FIRST, SECOND, LOWER, UPPER = range(5)
COORDINATE_WIDTH = 5
#: Families: what is sampled, and what becomes of it.
UNIT_NORMAL, LOG_NORMAL, CUT_LOG_NORMAL, HALF_NORMAL, BETA, RETURN = range(6)

# --- one row of numbers for each channel; places of coordinates are -1 where there is none ----------------------------

(
    CURVE, AT_LEVEL, AT_SLOPE, AT_HALF_LIFE, AT_SLOW_HALF_LIFE, AT_SHARE, AT_CARRY_IN, AT_RETURN,
    RETURN_LOCATION, RETURN_SCALE, BREAK_EVEN,
) = range(11)  # fmt: skip
CHANNEL_WIDTH = 11
HILL, TANH, ROOT, LINE = range(4)
#: Curves of the logarithm of spend.
OF_LOGARITHM = (HILL, ROOT)
#: Driver where nothing was spent, for curves of the logarithm of spend: their response there is 0.
NOTHING = -1e300

# --- what is kept of each channel for the way back: these numbers, then responses and both stocks ---------------------

#: DECAY is the first of two numbers, WITHIN and WITHIN_EARLY are each the first of four; see `landed`.
RATE, BEFORE, DECAY, SUMMED, SCORE, AMPLITUDE, WITHIN, WITHIN_EARLY = 0, 1, 2, 4, 5, 6, 7, 11
CHANNEL_KEPT = 15

LOG_2 = math.log(2.0)
#: For `exp`: log(2) in two parts, of which the first times a whole number is exact; the series of ``e^r`` from its
#: 13th term down to its second; a number so large that its last bits are whole numbers.
LOG_2_HIGH, LOG_2_LOW = float.fromhex("0x1.62e42fee00000p-1"), float.fromhex("0x1.a39ef35793c76p-33")
SERIES = np.array([1 / math.factorial(n) for n in range(13, 1, -1)])
WHOLE = 1.5 * 2.0**52

DOUBLES = types.CPointer(types.double)

#: What the sampler calls: number of coordinates, position, gradient (out), log density (out), the array of numbers.
DENSITY_SIGNATURE = types.int64(types.uint64, DOUBLES, DOUBLES, DOUBLES, types.voidptr)
#: What it calls for every draw it keeps: numbers of coordinates, position, what is kept of it (out), the numbers.
KEEP_SIGNATURE = types.int64(types.uint64, types.uint64, DOUBLES, DOUBLES, types.voidptr)

bare = partial(numba.njit, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
compiled = bare(fastmath={"contract"})
#: Sums that a machine may do several numbers at a time: in another order than written, always the same (ADR 6).
in_any_order = bare(fastmath={"contract", "reassoc", "nsz"})


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
            total -= 0.5 * q * q
            gradient[i] = -q
        elif family == LOG_NORMAL:
            z = (q - a) / b
            value[i] = math.exp(q)
            slope[i] = value[i]
            total -= 0.5 * z * z
            gradient[i] = -z / b
        elif family == CUT_LOG_NORMAL:
            lower, width = table[row + LOWER], table[row + UPPER] - table[row + LOWER]
            share = 1 / (1 + math.exp(-q))
            v = lower + width * share
            z = (math.log(v) - a) / b
            value[i], slope[i] = v, width * share * (1 - share)
            total += math.log(slope[i] / v) - 0.5 * z * z
            gradient[i] = -(z / b + 1) / v * slope[i] + 1 - 2 * share
        elif family == HALF_NORMAL:
            v = math.exp(q)
            value[i], slope[i] = v, v
            total += q - 0.5 * (v / a) ** 2
            gradient[i] = 1 - (v / a) ** 2
        elif family == BETA:
            odds_against = math.exp(-q)
            share = 1 / (1 + odds_against)
            value[i], slope[i] = share, share * (1 - share)
            total -= (a + b) * math.log1p(odds_against) + b * q  # -a log(share) - b log(1 - share)
            gradient[i] = a * (1 - share) - b * share
        else:  # a return: its prior is added where the channel's kernel is known
            value[i], slope[i], gradient[i] = q, 1.0, 0.0
    return total


@compiled
def exp(x: float) -> float:
    """``e^x`` from e^-708 to e^709, and those two beyond; what is not a number stays so.

    Arithmetic alone, so that a machine does several of a loop at a time: ``e^x = 2^k e^r`` with k the whole number
    nearest to x / log(2), and the series of ``e^r``, of which less than 1e-17 is left out.
    """
    x = -708.0 if x < -708.0 else x
    x = 709.0 if x > 709.0 else x
    shifted = x * (1 / LOG_2) + WHOLE  # its last bits are k
    k = shifted - WHOLE
    r = x - k * LOG_2_HIGH - k * LOG_2_LOW
    square, odd, even = r * r, SERIES[0], SERIES[1]
    for n in range(2, SERIES.size, 2):
        odd = odd * square + SERIES[n]
        even = even * square + SERIES[n + 1]
    power = np.int64((np.float64(shifted).view(np.int64) + 1023) << 52)
    return (1 + (r + square * (even + r * odd))) * power.view(np.float64)


@compiled
def part(numbers: Any, start: int, size: int) -> Any:
    """Some numbers of an array, not copied."""
    return numbers[start : start + size]


@in_any_order
def dot(a: Any, b: Any) -> float:
    """Sum of products."""
    total = 0.0
    for i in range(a.size):
        total += a[i] * b[i]
    return total


@in_any_order
def sum_of(a: Any) -> float:
    """Sum."""
    total = 0.0
    for i in range(a.size):
        total += a[i]
    return total


@compiled
def add(weight: float, a: Any, out: Any) -> None:
    """Add an array times a weight to another."""
    for i in range(a.size):
        out[i] += weight * a[i]


@compiled
def line_of(row: Any, value: Any) -> tuple[float, float]:
    """Shift and rate of the line that a channel's curve bends."""
    level = value[int(row[AT_LEVEL])] if row[AT_LEVEL] >= 0 else 0.0
    if row[CURVE] == HILL:
        # x^s / (k + x^s) is the logistic function of s log(x) - log(k), and -log(k) are the log odds of the level
        slope = value[int(row[AT_SLOPE])] if row[AT_SLOPE] >= 0 else 1.0
        return math.log1p(-level) - math.log(level), -slope
    if row[CURVE] == TANH:
        return 0.0, math.log1p(-level) - math.log1p(level)  # -2 a of tanh(a x), with a = atanh(level)
    return 0.0, level if row[CURVE] == ROOT else 1.0


@compiled
def line_back(row: Any, value: Any, by_shift: float, by_rate: float, by_value: Any) -> None:
    """Add the gradient of level (or exponent) and slope, given that of shift and rate."""
    if row[AT_LEVEL] >= 0:
        level = value[int(row[AT_LEVEL])]
        if row[CURVE] == HILL:
            by_value[int(row[AT_LEVEL])] -= by_shift / (level * (1 - level))
        elif row[CURVE] == TANH:
            by_value[int(row[AT_LEVEL])] -= 2 * by_rate / (1 - level * level)
        else:
            by_value[int(row[AT_LEVEL])] += by_rate
    if row[AT_SLOPE] >= 0:
        by_value[int(row[AT_SLOPE])] -= by_rate


@compiled
def respond(curve: int, shift: float, rate: float, driver: Any, response: Any) -> None:
    """Write the curve's response to every driver."""
    for t in range(driver.size):
        response[t] = driver[t] if curve == LINE else exp(shift + rate * driver[t])
    if curve == HILL:
        for t in range(driver.size):
            logistic = 1 / (1 + response[t])
            response[t] = logistic if driver[t] > NOTHING else 0.0
    elif curve == TANH:
        for t in range(driver.size):
            response[t] = (1 - response[t]) / (1 + response[t])
    elif curve == ROOT:
        for t in range(driver.size):
            response[t] = response[t] if driver[t] > NOTHING else 0.0


@compiled
def respond_back(curve: int, response: Any, pulled: Any) -> None:
    """Turn the gradient along every response into that along ``shift + rate * driver``."""
    if curve == HILL:
        for t in range(response.size):
            pulled[t] *= response[t] * (response[t] - 1)
    elif curve == TANH:
        for t in range(response.size):
            pulled[t] *= 0.5 * (response[t] * response[t] - 1)
    elif curve == ROOT:
        for t in range(response.size):
            pulled[t] *= response[t]


@compiled
def carry(decay: float, response: Any, stock: Any) -> None:
    """``s_t = d s_{t-1} + (1 - d) r_t``: before the first period spend was constant, and so was the stock."""
    carried, share, n = response[0], 1 - decay, response.size
    for t in range(0, n - 1, 2):  # two periods at a time, so that a machine waits half as often for the one before
        first, second = share * response[t], share * response[t + 1]
        stock[t] = decay * carried + first
        carried = decay * decay * carried + (decay * first + second)
        stock[t + 1] = carried
    if n % 2 == 1:
        stock[n - 1] = decay * carried + share * response[n - 1]


@compiled
def carry_back(decay: float, weight: float, response: Any, stock: Any, pull: Any, pulled: Any) -> float:
    """Add the gradient of ``weight * sum(pull * stock)`` to that of every response; give that of the decay."""
    by_decay, adjoint = 0.0, 0.0
    for t in range(response.size - 1, 0, -1):
        adjoint = weight * pull[t] + decay * adjoint
        by_decay += adjoint * (stock[t - 1] - response[t])
        pulled[t] += (1 - decay) * adjoint
    pulled[0] += decay * adjoint
    return by_decay


@compiled
def landed(n: float, fast: float, slow: float, share: float, out: Any) -> None:
    """Write the share of the effect within n periods, and its derivatives along both decays and the slow share."""
    of_fast, of_slow = fast**n, slow**n
    out[0] = (1 - share) * (1 - of_fast) + share * (1 - of_slow)
    out[1] = -(1 - share) * n * of_fast / fast if fast > 0 else 0.0
    out[2] = -share * n * of_slow / slow if slow > 0 else 0.0
    out[3] = of_fast - of_slow


@compiled
def mix_shares(numbers: Any, channels: Any, value: Any, shares: Any) -> int:
    """Write the slow shares, whose log odds are mixed from unit normals; give the place of the first of those."""
    n_brand, mixing, priors, first = int(numbers[N_BRAND]), int(numbers[MIXING]), int(numbers[SHARES]), -1
    for c in range(shares.size):
        shares[c] = 0.0
        if channels[c * CHANNEL_WIDTH + AT_SHARE] >= 0:
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
        if channels[c * CHANNEL_WIDTH + AT_SHARE] >= 0:
            own = int(channels[c * CHANNEL_WIDTH + AT_SHARE]) - first
            by_mixed = by_share[c] * shares[c] * (1 - shares[c]) * numbers[priors + n_brand + own]
            for j in range(n_brand):
                by_value[first + j] += numbers[mixing + own * n_brand + j] * by_mixed


@compiled
def channel_effect(numbers: Any, c: int, value: Any, share: float, kept: Any, media: Any) -> None:
    """Add a channel's effect to that of all media, and keep what it is made of."""
    row = part(numbers, int(numbers[CHANNELS]) + c * CHANNEL_WIDTH, CHANNEL_WIDTH)
    n_rows = int(numbers[N_HISTORY]) + media.size
    driver = part(numbers, int(numbers[DRIVER]) + c * n_rows, n_rows)
    curve, n, n_stocks = int(row[CURVE]), n_rows + 1, 2 if row[AT_SHARE] >= 0 else 1
    shift, rate = line_of(row, value)
    before = value[int(row[AT_CARRY_IN])] if row[AT_CARRY_IN] >= 0 else 1.0
    kept[RATE], kept[BEFORE] = rate, math.log(before) if curve in OF_LOGARITHM else before
    response = part(kept, CHANNEL_KEPT, n)
    respond(curve, shift, rate, part(kept, BEFORE, 1), part(response, 0, 1))
    respond(curve, shift, rate, driver, part(response, 1, n_rows))
    for k in range(2):
        at = int(row[AT_HALF_LIFE + k])
        kept[DECAY + k] = math.exp(-LOG_2 * numbers[WEEKS_PER_PERIOD] / value[at]) if at >= 0 else 0.0
    landed(numbers[HORIZON], kept[DECAY], kept[DECAY + 1], share, part(kept, WITHIN, 4))
    landed(numbers[EARLY], kept[DECAY], kept[DECAY + 1], share, part(kept, WITHIN_EARLY, 4))
    u = value[int(row[AT_RETURN])]
    if n_stocks == 2:
        # the prior is on the return within the horizon; the number that is sampled is that of a quarter
        u += math.log(kept[WITHIN] / kept[WITHIN_EARLY]) / row[RETURN_SCALE]
    amount = math.exp(row[RETURN_LOCATION] + row[RETURN_SCALE] * u) * row[BREAK_EVEN]
    kept[SCORE], kept[SUMMED] = u, sum_of(part(response, n - media.size, media.size))
    kept[AMPLITUDE] = amount / (kept[SUMMED] * kept[WITHIN])
    for k in range(n_stocks):
        stock = part(kept, CHANNEL_KEPT + (k + 1) * n, n)
        carry(kept[DECAY + k], response, stock)
        add(kept[AMPLITUDE] * (share if k else 1 - share), part(stock, n - media.size, media.size), media)


@compiled
def channel_effect_back(
    numbers: Any, c: int, value: Any, share: float, kept: Any, pull: Any, pulled: Any, by_value: Any
) -> float:
    """Add the gradient of a channel's parameters, given that of its effect; give that of its slow share."""
    row = part(numbers, int(numbers[CHANNELS]) + c * CHANNEL_WIDTH, CHANNEL_WIDTH)
    curve, n, n_stocks = int(row[CURVE]), pull.size, 2 if row[AT_SHARE] >= 0 else 1
    amplitude, response = kept[AMPLITUDE], part(kept, CHANNEL_KEPT, n)
    by_fast = amplitude * dot(pull, part(kept, CHANNEL_KEPT + n, n))
    by_share = amplitude * dot(pull, part(kept, CHANNEL_KEPT + 2 * n, n)) - by_fast if n_stocks == 2 else 0.0
    by_log_amplitude = by_fast + share * by_share
    by_u = row[RETURN_SCALE] * by_log_amplitude - kept[SCORE]
    by_value[int(row[AT_RETURN])] += by_u
    by_within, by_early = -by_log_amplitude / kept[WITHIN], 0.0
    if n_stocks == 2:
        by_within += by_u / row[RETURN_SCALE] / kept[WITHIN]
        by_early = -by_u / row[RETURN_SCALE] / kept[WITHIN_EARLY]
        by_share += by_within * kept[WITHIN + 3] + by_early * kept[WITHIN_EARLY + 3]
    for t in range(n):
        pulled[t] = -by_log_amplitude / kept[SUMMED] if t > numbers[N_HISTORY] else 0.0
    for k in range(n_stocks):
        at, decay, weight = int(row[AT_HALF_LIFE + k]), kept[DECAY + k], amplitude * (share if k else 1 - share)
        by_decay = carry_back(decay, weight, response, part(kept, CHANNEL_KEPT + (k + 1) * n, n), pull, pulled)
        by_decay += by_within * kept[WITHIN + 1 + k] + by_early * kept[WITHIN_EARLY + 1 + k]
        if at >= 0:
            by_value[at] += by_decay * decay * LOG_2 * numbers[WEEKS_PER_PERIOD] / (value[at] * value[at])
    respond_back(curve, response, pulled)
    driver = part(numbers, int(numbers[DRIVER]) + c * (n - 1), n - 1)
    line_back(row, value, sum_of(pulled), pulled[0] * kept[BEFORE] + dot(part(pulled, 1, n - 1), driver), by_value)
    if row[AT_CARRY_IN] >= 0:
        at = int(row[AT_CARRY_IN])
        by_value[at] += pulled[0] * kept[RATE] / (value[at] if curve in OF_LOGARITHM else 1.0)
    return by_share


@compiled
def add_four(weights: Any, a: Any, b: Any, c: Any, d: Any, out: Any) -> None:
    """Add four arrays, each times a weight, to another: it is read and written once."""
    for t in range(out.size):
        out[t] += (weights[0] * a[t] + weights[1] * b[t]) + (weights[2] * c[t] + weights[3] * d[t])


@compiled
def likelihood(
    numbers: Any, media: Any, value: Any, by_value: Any, standardised: Any, precision: Any, pull: Any
) -> float:
    """``B (y - m) ~ N(0, sigma^2 + tau^2 L)``: its log density, and its gradient along media, sigma and tau."""
    n, n_periods, rotation = precision.size, media.size, int(numbers[ROTATION])
    walk_variances, outcome = part(numbers, int(numbers[WALK_VARIANCES]), n), part(numbers, int(numbers[OUTCOME]), n)
    at_sigma, at_tau = int(numbers[AT_SIGMA]), int(numbers[AT_TAU])
    sigma = numbers[NOISE_SCALE] * value[at_sigma]
    tau = numbers[WALK_SCALE] * value[at_tau] if at_tau >= 0 else 0.0
    total, by_sigma, by_tau, product = 0.0, 0.0, 0.0, 1.0
    for i in range(n):
        if i < numbers[N_ROTATED]:
            variance = sigma * sigma + tau * tau * walk_variances[i]
            precision[i] = 1 / variance
            product *= variance
        else:
            precision[i] = 0.0
        if i % 4 == 3:  # a logarithm costs more than all the rest
            total -= 0.5 * math.log(product)
            product = 1.0
    for first in range(0, n, 4):  # four rows of the rotation at a time, there and back
        for i in range(first, first + 4):
            left = outcome[i] - dot(part(numbers, rotation + i * n_periods, n_periods), media)
            standardised[i] = left * precision[i]
            total -= 0.5 * left * standardised[i]
            by_variance = 0.5 * (standardised[i] * standardised[i] - precision[i])
            by_sigma += by_variance
            by_tau += by_variance * walk_variances[i]
        row = rotation + first * n_periods
        add_four(
            part(standardised, first, 4), part(numbers, row, n_periods), part(numbers, row + n_periods, n_periods),
            part(numbers, row + 2 * n_periods, n_periods), part(numbers, row + 3 * n_periods, n_periods), pull,
        )  # fmt: skip
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
    n_rows, n_rotated = int(numbers[N_HISTORY]) + n_periods + 1, 4 * int(numbers[N_FOURS])
    table = part(numbers, int(numbers[CHANNELS]), n_channels * CHANNEL_WIDTH)

    # room to work in: what is added to first, then the rest, with what is kept of the channels last
    width, n_zeros = CHANNEL_KEPT + 3 * n_rows, n + n_periods + n_rows
    room = np.empty(n_zeros + 2 * (n + n_channels + n_rotated) + n_rows + n_channels * width)
    for i in range(n_zeros):
        room[i] = 0.0
    by_value, media, pull = part(room, 0, n), part(room, n, n_periods), part(room, n + n_periods, n_rows)
    value, slope, at = part(room, n_zeros, n), part(room, n_zeros + n, n), n_zeros + 2 * n
    shares, by_share, at = part(room, at, n_channels), part(room, at + n_channels, n_channels), at + 2 * n_channels
    standardised, precision, at = part(room, at, n_rotated), part(room, at + n_rotated, n_rotated), at + 2 * n_rotated
    pulled, at = part(room, at, n_rows), at + n_rows

    prior = part(numbers, int(numbers[COORDINATES]), n * COORDINATE_WIDTH)
    total = numbers[CONSTANT] + constrain(position, prior, value, slope, gradient)
    first_share = mix_shares(numbers, table, value, shares)
    for c in range(n_channels):
        kept = part(room, at + c * width, width)
        channel_effect(numbers, c, value, shares[c], kept, media)
        total -= 0.5 * kept[SCORE] * kept[SCORE]
    of_data = part(pull, n_rows - n_periods, n_periods)
    total += likelihood(numbers, media, value, by_value, standardised, precision, of_data)
    for c in range(n_channels):
        kept = part(room, at + c * width, width)
        by_share[c] = channel_effect_back(numbers, c, value, shares[c], kept, pull, pulled, by_value)
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
