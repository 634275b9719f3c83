"""Vehicle identification numbers with a correct check digit (kpis.md, section 18)."""

import numpy as np

from etl.demo.days import month_and_day
from etl.demo.vocabulary import MODELS

LETTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_VALUES = {
    **{str(n): n for n in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
WEIGHTS = np.array([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2])
_CODES = np.zeros(128, dtype=np.int64)
for _letter, _value in _VALUES.items():
    _CODES[ord(_letter)] = _value
_CHECK = np.frombuffer(b"0123456789X", dtype=np.uint8)
# Position 10 says the model year: 2018 = J ... 2030 = Y.
_YEARS = np.frombuffer(b"JKLMNPRSTVWXY", dtype=np.uint8)
WRONG_CHECK_EVERY = 1777  # some vehicles really carry a wrong check digit


def check_digit(vin: str) -> str:
    """Return the character that belongs at position 9 of *vin*."""
    total = sum(_VALUES[c] * int(w) for c, w in zip(vin, WEIGHTS, strict=True))
    return "0123456789X"[total % 11]


def model_year(sold: np.ndarray) -> np.ndarray:
    """Model year of a car sold on a day: the autumn sells next year's model."""
    year = 1970 + sold.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    month, _ = month_and_day(sold)
    return year + (month >= 10)


def vins(store: int, model: np.ndarray, sold: np.ndarray) -> np.ndarray:
    """One VIN for each car of a store; the serial is its place in the store's list."""
    count = len(model)
    heads = np.array(
        [np.frombuffer((m.wmi + m.body + "0").encode(), dtype=np.uint8) for m in MODELS]
    )
    chars = np.full((count, 17), ord("0"), dtype=np.uint8)
    chars[:, 0:8] = heads[model]
    chars[:, 9] = _YEARS[model_year(sold) - 2018]
    chars[:, 10] = ord("A") + store // 100
    serial = (store % 100) * 10_000 + np.arange(count)
    for place in range(6):
        chars[:, 16 - place] = ord("0") + serial // 10**place % 10
    sums = (_CODES[chars] * WEIGHTS).sum(axis=1) % 11
    wrong = (np.arange(count) + 31 * store) % WRONG_CHECK_EVERY == 5
    chars[:, 8] = _CHECK[np.where(wrong, (sums + 1) % 11, sums)]
    return chars.reshape(-1).view("S17").astype("U17")
