"""Phones and duplicate customers (kpis.md section 18 «phone», section 19)."""

import math
import re
from itertools import pairwise

import pandas as pd

from .scope import Ask, scoped
from .summary import share, summarise
from .world import World

MOBILE = re.compile(r"^1[3-9]\d{9}$")
LANDLINE = re.compile(r"^0\d{9,11}$")
TITLES = ("先生", "女士", "小姐", "太太")
COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
)


def clean_phone(text: object) -> str:
    """Strip spaces, hyphens and +86 / 0086."""
    if text is None or pd.isna(text):
        return ""
    plain = re.sub(r"[\s\-]", "", str(text))
    return re.sub(r"^(\+86|0086)", "", plain)


def is_placeholder(phone: str) -> bool:
    """13800000000, all the same, or a sequence: judged on the last eight digits."""
    tail = [int(c) for c in phone[-8:]] if phone.isdigit() and len(phone) >= 8 else []
    steps = {(b - a) % 10 for a, b in pairwise(tail)}
    return bool(tail) and steps in ({0}, {1}, {9})


def phones(world: World) -> pd.DataFrame:
    """Customers with the cleaned phone and whether it is wrong (kpis.md 18 and 19).

    Wrong: not a mobile nor a landline, a placeholder, or a number on more than five people
    (different names). A missing phone is invalid.
    """
    rows = world["customers"].copy()
    rows["clean"] = rows["phone"].map(clean_phone).astype(object)
    people = rows.assign(who=rows["name"].fillna("")).groupby("clean")["who"].nunique()
    shared = rows["clean"].map(people) > 5
    form = (
        rows["clean"]
        .map(lambda p: bool(MOBILE.match(p) or LANDLINE.match(p)))
        .astype(bool)
    )
    filler = rows["clean"].map(is_placeholder).astype(bool)
    return rows.assign(wrong=~form | filler | shared)


def phone_error_rate(ask: Ask) -> pd.DataFrame:
    """Customers with a wrong phone over customers known at as_of (phone_error_rate)."""
    rows = phones(ask.world)
    return summarise(scoped(rows.assign(num=rows["wrong"], den=1), ask), ask.by, share)


def within_one_edit(a: str, b: str) -> bool:
    """Damerau-Levenshtein distance of at most 1."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    x, y = a[head:], b[head:]
    if len(x) == len(y):
        return x[1:] == y[1:] or (len(x) > 1 and x[:2] == y[1::-1] and x[2:] == y[2:])
    return x[1:] == y or x == y[1:]


class People:
    """Union-find over customer ids that refuses to join two different full names."""

    def __init__(self, names: list[str], full: list[bool]):
        """Everyone alone at first, with the full names he goes by."""
        self.parent = list(range(len(names)))
        self.names = [{n} if f else set() for n, f in zip(names, full, strict=True)]

    def find(self, i: int) -> int:
        """The representative."""
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, i: int, j: int, veto: bool = True) -> None:
        """Merge two, unless that puts two different full names together (R6 alone may)."""
        i, j = self.find(i), self.find(j)
        if i == j or (veto and len(self.names[i] | self.names[j]) > 1):
            return
        self.parent[j] = i
        self.names[i] |= self.names[j]


def surname(name: str) -> str:
    """First character, or a compound surname."""
    return name[:2] if name[:2] in COMPOUND else name[:1]


def _blocks(rows: pd.DataFrame, keys: list[str]) -> list[list[int]]:
    """Row numbers that share all the keys (blank keys never match)."""
    good = rows[(rows[keys] != "").all(axis=1)]
    sizes = good.groupby(keys)["i"].transform("size")
    return [list(v) for _, v in good[sizes > 1].groupby(keys)["i"]]


def _near_blocks(rows: pd.DataFrame, near: str, keys: list[str]) -> list[list[int]]:
    """Blocks whose `near` texts may be one edit apart: they share a text with one letter less."""
    good = rows[rows[near] != ""]
    less = good[near].map(lambda s: [s, *(s[:k] + s[k + 1 :] for k in range(len(s)))])
    wide = good.assign(less=less).explode("less")
    return _blocks(wide, [*keys, "less"])


def _pairs(blocks: list[list[int]]):
    """Every pair inside every block."""
    for block in blocks:
        for at, i in enumerate(block):
            for j in block[at + 1 :]:
                yield i, j


def candidates(world: World) -> pd.DataFrame:
    """Customers ready to be compared: wrong phones blanked, titles told from full names."""
    rows = phones(world).reset_index(drop=True)
    rows = rows.assign(
        i=range(len(rows)), phone=rows["clean"].where(~rows["wrong"], "")
    )
    for column in ("name", "vin", "plate", "city"):
        rows[column] = rows[column].fillna("").astype(str).str.strip()
    titled = rows["name"].map(lambda n: n.endswith(TITLES)).astype(bool)
    full = ~titled & (rows["name"].str.len() > 1)
    return rows.assign(titled=titled, full=full, full_name=rows["name"].where(full, ""))


def _same_car(a: dict, b: dict) -> bool:
    """Whether two records name the same VIN or the same plate."""
    return any(a[c] and a[c] == b[c] for c in ("vin", "plate"))


def _other_car(a: dict, b: dict) -> bool:
    """Whether two records name different VINs or different plates."""
    return any(a[c] and b[c] and a[c] != b[c] for c in ("vin", "plate"))


def _by_title(a: dict, b: dict) -> bool:
    """R5: a title name («张先生») with the same surname, and no conflict of VIN or plate."""
    return (
        (a["titled"] or b["titled"])
        and surname(a["name"]) == surname(b["name"])
        and not _other_car(a, b)
    )


def _by_typo(a: dict, b: dict) -> bool:
    """R6: two full names of one length that differ in one character, and the same car."""
    x, y = a["full_name"], b["full_name"]
    return (
        x != y
        and len(x) == len(y)
        and bool(x)
        and within_one_edit(x, y)
        and _same_car(a, b)
    )


LATER = pd.Timestamp("2200-01-01", tz="UTC")


def persons(world: World) -> pd.DataFrame:
    """Customer ids with their person, by the tiered rules R1-R6 of section 19, strongest first.

    All records there are tell who is who; then those that came after as_of are left out.
    """
    rows = candidates(World(world.tables, LATER))
    who = rows[["name", "full_name", "titled", "vin", "plate", "phone"]].to_dict(
        "records"
    )
    people = People(rows["name"].tolist(), rows["full"].tolist())
    name, phone = "full_name", "phone"
    rules = [
        (_blocks(rows, [name, phone]), lambda a, b: True, True),
        (
            _near_blocks(rows, "vin", [name]),
            lambda a, b: within_one_edit(a["vin"], b["vin"]),
            True,
        ),
        (_blocks(rows, [name, "plate"]), lambda a, b: True, True),
        (
            _near_blocks(rows, phone, [name, "city"]),
            lambda a, b: within_one_edit(a["phone"], b["phone"]),
            True,
        ),
        (_blocks(rows, [phone]), _by_title, True),
        (_blocks(rows, [phone]), _by_typo, False),
    ]
    for blocks, fits, veto in rules:
        for i, j in _pairs(blocks):
            if fits(who[i], who[j]):
                people.join(i, j, veto)
    rows = rows.assign(person=[people.find(i) for i in range(len(rows))])
    return rows[~(rows["created_at"] > world.as_of)]


def duplicate_customer_rate(ask: Ask) -> pd.DataFrame:
    """Ids over persons - 1 (dup_rate)."""

    def one(part: pd.DataFrame) -> dict:
        """Superfluous ids over persons."""
        ids, people = len(part), part["person"].nunique()
        return {
            "value": ids / people - 1 if people else math.nan,
            "n": float(ids),
            "numerator": float(ids - people),
            "denominator": float(people),
        }

    return summarise(scoped(ask.world.once(persons), ask), ask.by, one)
