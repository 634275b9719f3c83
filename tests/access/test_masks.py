"""Masks of personal data (kpis.md §18), on the engine that serves them."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from warehouse.contracts import CONTRACTS
from warehouse.contracts.contract import Column, Privacy
from warehouse.scope import EVERYTHING, Rights
from warehouse.store import masks

PUBLIC = Rights()
MIDDLE = Rights(privacy=Privacy.DESENSITIZED)
WALL = Rights(is_wall=True)

PERSONAL = [
    (contract.table, column)
    for contract in CONTRACTS.values()
    for column in contract.columns
    if column.privacy is not Privacy.PUBLIC
]


@pytest.fixture(scope="module")
def ask() -> Iterator:
    """Return a function that reads the value of an expression."""
    engine = sa.create_engine("duckdb:///:memory:")
    with engine.connect() as connection:
        yield lambda expression: connection.scalar(sa.select(expression))
    engine.dispose()


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masks.phone, "13812345678", "138****5678"),
        (masks.phone, "+86 138-1234-5678", "138****5678"),
        (masks.phone, "021-55551234", "***"),
        (masks.phone, "", "***"),
        (masks.name, "张三", "张*"),
        (masks.name, "张三丰", "张*"),
        (masks.name, "欧阳修", "欧阳**"),
        (masks.name, "欧阳", "欧*"),
        (masks.name, "司马相如", "司马**"),
        (masks.name, "张先生", "张先生"),
        (masks.name, "诸葛女士", "诸葛女士"),
        (masks.name, "Jane Smith", "J*"),
        (masks.vin, "LSVAA4187E2184847", "LSVAA418*********"),
        (masks.vin, "E2184847", "***"),
        (masks.plate, "沪A12345", "沪A****45"),
        (masks.plate, "沪AD12345", "沪A****45"),
        (masks.plate, "京A·12345", "京A****45"),
        (masks.plate, "X1", "***"),
        (masks.order_tail, "WO-2026-004711", "4711"),
    ],
)
def test_a_mask_shows_what_the_standard_says(ask, mask, value, shown):
    """What has another shape is hidden whole: a mask that guesses gives away."""
    assert ask(mask(sa.literal(value))) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13812345678找张师傅", "电话***找张师傅"),
        ("call +86 138-1234-5678.", "call ***."),
        ("沪A12345 漏油", "*** 漏油"),
        ("VIN LSVAA4187E2184847 异响", "VIN *** 异响"),
        ("身份证31010119900101123X", "身份证***"),
        ("里程 12345 公里,故障码 P0A80", "里程 12345 公里,故障码 P0A80"),
    ],
)
def test_free_texts_lose_what_names_people(ask, text, shown):
    """People write telephone numbers into every field."""
    assert ask(masks.free_text(sa.literal(text))) == shown


@pytest.mark.parametrize(
    ("table", "column"), PERSONAL, ids=lambda v: getattr(v, "name", v)
)
@pytest.mark.parametrize("rights", [PUBLIC, WALL], ids=["public", "wall"])
def test_no_personal_column_is_shown_as_it_is(ask, table, column, rights):
    """Whatever a contract tags is masked or withheld from who may see no more."""
    secret = "LSVAA4187E2184847"

    shown = ask(masks.masked(column, sa.literal(secret), rights))

    assert shown is None or secret[8:] not in shown


@pytest.mark.parametrize(
    ("table", "column"), PERSONAL, ids=lambda v: getattr(v, "name", v)
)
def test_who_needs_it_sees_it(ask, table, column):
    """A store manager calls his customers."""
    value = sa.literal("13812345678")

    assert ask(masks.masked(column, value, EVERYTHING)) == "13812345678"


def test_levels_lie_between(ask):
    """Desensitised: profiles and texts yes, names and numbers masked."""
    customers = CONTRACTS["customers"]
    city, phone = customers.column("city"), customers.column("phone")

    assert ask(masks.masked(city, sa.literal("上海"), MIDDLE)) == "上海"
    assert ask(masks.masked(city, sa.literal("上海"), PUBLIC)) is None
    assert ask(masks.masked(phone, sa.literal("13812345678"), MIDDLE)) == "138****5678"


def test_a_wall_shows_the_end_of_an_order(ask):
    """The customer in the hall knows his own four digits."""
    column = Column(name="work_order_id")
    value = sa.literal("WO-2026-004711")

    assert ask(masks.masked(column, value, WALL)) == "4711"
    assert ask(masks.masked(column, value, PUBLIC)) == "WO-2026-004711"


def test_nothing_stays_nothing(ask):
    """A missing phone is missing, not ***."""
    phone = CONTRACTS["customers"].column("phone")

    assert ask(masks.masked(phone, sa.cast(sa.null(), sa.String), PUBLIC)) is None
