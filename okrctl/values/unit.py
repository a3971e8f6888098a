"""Knows what a unit looks like, which are money, and which are the same."""

from __future__ import annotations

import re
import unicodedata

CURRENCY_SIGNS = "$€£¥₹₽₩₺₴₫₪฿₦₱₡₲₵₸₼₾₿"
_CODE_LIST = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
"""
CURRENCY_CODES = frozenset(_CODE_LIST.split())
_CODE_OF_SIGN = {"€": "EUR", "$": "USD", "US$": "USD", "£": "GBP", "₹": "INR", "₩": "KRW", "₪": "ILS", "₺": "TRY"}
PREFIX_SIGN = re.compile(rf"[A-Z]{{0,3}}[{CURRENCY_SIGNS}]")
_ISOLATED_DIGIT = re.compile(r"(?<![^\W\d_])[0-9]|[0-9](?=[^\W_])")
_LETTERS_AND_SIGNS = frozenset(("Ll", "Lu", "Lt", "Lm", "Lo", "Mn", "Mc", "Sc", "So"))
_UNIT_CHARACTERS = frozenset("0123456789²³·/._-'’%‰")


def is_same_unit(one: str | None, other: str | None) -> bool:
    """Whether both name one unit: equal once trimmed, or a currency's sign and its code (`€`, `EUR`)."""
    return _normalize_unit(one) == _normalize_unit(other)


def is_money(unit: str | None) -> bool:
    """Whether the unit is a currency's sign or its three-letter code."""
    plain = (unit or "").strip()
    return plain in CURRENCY_CODES or bool(PREFIX_SIGN.fullmatch(plain))


def is_unit(word: str) -> bool:
    """A single word of any script, perhaps with `/`, `°` or a power: `Tage`, `req/s`, `°C`, `m2`, `CO2`."""
    if len(word) > 32 or _ISOLATED_DIGIT.search(word):
        return False
    if word[0] not in "%‰" and unicodedata.category(word[0]) not in _LETTERS_AND_SIGNS:
        return False
    return all(c in _UNIT_CHARACTERS or unicodedata.category(c) in _LETTERS_AND_SIGNS for c in word)


def _normalize_unit(unit: str | None) -> str | None:
    plain = unicodedata.normalize("NFC", unit or "").strip()
    return _CODE_OF_SIGN.get(plain, plain) or None
