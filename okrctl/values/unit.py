"""Recognises units, currencies, and different names of one unit."""

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
# Units that may stand at the digits without a space. Of single letters only these, since others are more often typing
# errors; `m` is refused by the parser of numbers, which cannot tell metres from millions.
_UNIT_LIST = """
    h s d g t x % ‰ pp bp bps pt pts
    ns us µs μs ms sec secs min mins hr hrs wk mo yr
    mm cm dm km ft mi m2 m3 m² m³ km2 km² cm2 cm² cm3 cm³ ha
    mg kg kt Mt lb lbs oz ml cl dl hl
    kB KB MB GB TB PB KiB MiB GiB TiB kbit Mbit Gbit kbps Mbps Gbps bit Hz kHz MHz GHz
    kW MW GW Wh kWh MWh GWh TWh kV mA kJ MJ GJ kcal kPa bar dB ppm ppb
    ° °C °F FTE fps rpm rps qps tps km/h m/s
"""
_UNITS = frozenset(_UNIT_LIST.split())
_CODE_OF_SIGN = {"€": "EUR", "$": "USD", "US$": "USD", "£": "GBP", "₹": "INR", "₩": "KRW", "₪": "ILS", "₺": "TRY"}
PREFIX_SIGN = re.compile(rf"[A-Z]{{0,3}}[{CURRENCY_SIGNS}]")
_ISOLATED_DIGIT = re.compile(r"(?<![^\W\d_])[0-9]|[0-9](?=[^\W_])")
_LETTERS_AND_SIGNS = frozenset(("Ll", "Lu", "Lt", "Lm", "Lo", "Mn", "Mc", "Sc", "So"))
_UNIT_CHARACTERS = frozenset("0123456789²³·/._-'’%‰")


def is_same_unit(first: str | None, second: str | None) -> bool:
    """Whether two units are the same: equal when trimmed, or the sign and the code of a currency (`€`, `EUR`)."""
    return _normalize_unit(first) == _normalize_unit(second)


def is_money(unit: str | None) -> bool:
    """Whether the unit is the sign or the three-letter code of a currency."""
    plain = (unit or "").strip()
    return plain in CURRENCY_CODES or bool(PREFIX_SIGN.fullmatch(plain))


def write_declaration(unit: str) -> str:
    """The line that declares a unit; YAML wants quotes around one that begins with `%`."""
    return f'unit: "{unit}"' if unit.startswith("%") else f"unit: {unit}"


def is_known_unit(word: str) -> bool:
    """Whether a word may stand at the digits without a space: a listed unit, a currency, or two of them (`MB/s`)."""
    parts = word.split("/")
    return word in _UNITS or (len(parts) <= 2 and all(part in _UNITS or is_money(part) for part in parts))


def is_unit(word: str) -> bool:
    """Whether a word can be a unit: a word of any script, `/`, `°` or a power: `Tage`, `req/s`, `°C`, `m2`, `CO2`."""
    if len(word) > 32 or _ISOLATED_DIGIT.search(word):
        return False
    if word[0] not in "%‰" and unicodedata.category(word[0]) not in _LETTERS_AND_SIGNS:
        return False
    return all(c in _UNIT_CHARACTERS or unicodedata.category(c) in _LETTERS_AND_SIGNS for c in word)


def _normalize_unit(unit: str | None) -> str | None:
    plain = unicodedata.normalize("NFC", unit or "").strip()
    return _CODE_OF_SIGN.get(plain, plain) or None
