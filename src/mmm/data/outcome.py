"""What the outcome is: money, or units that may or may not have a money value."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mmm.errors import DataError

__all__ = ["OutcomeMeaning", "check_currency", "looks_like_count", "name_words", "outcome_meaning"]

#: Words, in the singular, that say a column counts things.
COUNT_WORDS = frozenset(
    word
    for line in (
        "account acquisition activation admission application appointment attendance basket booking call click",
        "contract conversion count customer deal download enquirie enquiry enrollment enrolment footfall guest",
        "household impression inquirie inquiry install installation item kpi lead member membership number order",
        "passenger patient piece player policie policy purchase qty quantity quote redemption referral registration",
        "reservation room seat session shipment signup sub subscriber subscription ticket traffic transaction trial",
        "unit user view visit visitor volume",
    )
    for word in line.split()
)
#: Words, in the singular, that say a column is money even beside a counting word.
MONEY_WORDS = frozenset(
    word
    for line in (
        "amount arr billing cash earning gmv gross income money mrr premium profit receipt revenue sale spend",
        "taking turnover value",
    )
    for word in line.split()
)
#: Beside "sales" these still mean a count: nobody's unit sales are pounds.
QUANTITY_WORDS = frozenset({"count", "number", "piece", "qty", "quantity", "unit", "volume"})
#: Codes that, given as the outcome's unit, mean money.
CURRENCIES = frozenset(
    code
    for line in (
        "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KRW MXN MYR NGN NOK",
        "NZD PEN PHP PKR PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR",
    )
    for code in line.split()
)
#: Codes that are no word of any language, and so say something inside a column's name.
_TELLING_CODES = frozenset({"aud", "cad", "chf", "dkk", "eur", "gbp", "inr", "jpy", "nok", "nzd", "sek", "usd"})


@dataclass(frozen=True)
class OutcomeMeaning:
    """What one unit of the outcome is.

    Attributes
    ----------
    unit : str
        Name of the unit; the currency if the outcome is money.
    is_money : bool
        Whether the outcome itself is money.
    has_value : bool
        Whether a unit of it is worth a known amount of money.
    note : str
        What was concluded; empty if the user said it all.
    warn : bool
        Whether the note must also be a warning.
    """

    unit: str
    is_money: bool
    has_value: bool
    note: str = ""
    warn: bool = False


def name_words(name: str) -> set[str]:
    """Singular, case-folded words of a name, split at non-letters and at camelCase."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    spaced = re.sub(r"sign[\s_-]+up", "signup", spaced, flags=re.IGNORECASE)
    tokens = [token.casefold() for token in re.findall(r"[^\W\d_]+", spaced)]
    return set(tokens) | {token.removesuffix("s") for token in tokens}


def looks_like_count(name: str, *, currency: str) -> bool:
    """Say whether a column's name makes it a count of things rather than money.

    Parameters
    ----------
    name : str
        The outcome's column name.
    currency : str
        The currency; its code in the name makes the outcome money.

    Returns
    -------
    bool
        True for a count.

    Examples
    --------
    >>> [looks_like_count(name, currency="GBP") for name in ("newCustomers", "order_value", "sales", "unit_sales")]
    [True, False, False, True]
    """
    words = name_words(name)
    money = words & MONEY_WORDS
    if currency.casefold() in words or any(symbol in name for symbol in "£€$¥"):
        return False
    if "sale" in money and money <= {"sale", "gross"} and words & QUANTITY_WORDS:
        return True
    return not money and bool(words & COUNT_WORDS)


def check_currency(currency: object) -> str:
    """Return the currency, refusing what is not text or blank.

    Raises
    ------
    DataError
        If it is not text or blank.
    """
    if not isinstance(currency, str) or not currency.strip():
        raise DataError(
            f"currency is {currency!r}",
            why="a money figure without its currency can be read as any",
            fix='name it, as in currency="GBP"',
        )
    return currency.strip()


def outcome_meaning(*, outcome: str, outcome_unit: object, outcome_value: object, currency: str) -> OutcomeMeaning:
    """Decide whether the outcome is money or units, from what was said and else from its name.

    Raises
    ------
    DataError
        If the unit is blank or not text, is money of another currency, or contradicts ``outcome_value``.

    Examples
    --------
    >>> outcome_meaning(outcome="revenue", outcome_unit=None, outcome_value=None, currency="GBP").is_money
    True
    >>> outcome_meaning(outcome="orders", outcome_unit=None, outcome_value=25.0, currency="GBP").unit
    'orders'
    """
    if outcome_unit is not None:
        return _stated_meaning(outcome_unit=outcome_unit, outcome_value=outcome_value, currency=currency)
    if outcome_value is not None:
        note = f"The outcome {outcome!r} is taken as units worth outcome_value={outcome_value!r} {currency} each."
        return OutcomeMeaning(unit=outcome, is_money=False, has_value=True, note=note)
    if looks_like_count(outcome, currency=currency):
        note = (
            f"The outcome {outcome!r} is taken as a count, by its name. Without the value of one, ROI in money cannot "
            f"be computed: results will be {outcome} per {currency}, and the prior will be on the share of the outcome "
            f"that media bring. Pass outcome_value= (a number or a column) to get ROI, or "
            f'outcome_unit="{currency}" if the column is money.'
        )
        return OutcomeMeaning(unit=outcome, is_money=False, has_value=False, note=note, warn=True)
    note = (
        f"The outcome {outcome!r} is taken as money in {currency}; "
        f"pass outcome_unit= (and outcome_value=) if it is something else."
    )
    others = sorted((name_words(outcome) & _TELLING_CODES) - {currency.casefold()})
    if others:
        note += f" Its name speaks of {others[0].upper()}: convert it, or pass currency={others[0].upper()!r}."
    return OutcomeMeaning(unit=currency, is_money=True, has_value=True, note=note, warn=bool(others))


def _stated_meaning(*, outcome_unit: object, outcome_value: object, currency: str) -> OutcomeMeaning:
    if not isinstance(outcome_unit, str) or not outcome_unit.strip():
        raise DataError(
            f"outcome_unit is {outcome_unit!r}",
            why="every result is written in this unit",
            fix=f'name it, as in outcome_unit="conversions", or outcome_unit="{currency}" for money',
        )
    unit = outcome_unit.strip()
    if unit.casefold() == currency.casefold():
        if outcome_value is not None:
            raise DataError(
                f"outcome_unit={unit!r} says the outcome is money, and outcome_value={outcome_value!r} says it is not",
                why="one unit of money is worth one; the two together would count the value twice",
                fix="drop one of the two; a profit margin belongs in margin=",
            )
        return OutcomeMeaning(unit=currency, is_money=True, has_value=True)
    if outcome_value is not None:
        return OutcomeMeaning(unit=unit, is_money=False, has_value=True)
    if unit.upper() in CURRENCIES:
        raise DataError(
            f"the outcome is in {unit} and the spend in {currency}",
            why="a return in one currency on spend in another depends on the rate between them",
            fix=f"convert the outcome to {currency}, or pass the rate as outcome_value= (a number or a column)",
        )
    note = (
        f"The outcome is in {unit}, with no money value: results will be {unit} per {currency}, and the prior will be "
        f"on the share of the outcome that media bring. Pass outcome_value= to get ROI in money."
    )
    return OutcomeMeaning(unit=unit, is_money=False, has_value=False, note=note)
