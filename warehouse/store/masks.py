"""Personal data as a reader may see them: masks of kpis.md §18, in SQL.

The contracts say how sensitive a column is; the reader's rights say how much he may
see. Rows of people leave the warehouse only through `masked`.
"""

from collections.abc import Callable

import sqlalchemy as sa

from warehouse.contracts.contract import Column, Privacy
from warehouse.scope import Rights
from warehouse.store.schema import CONFORMED

Mask = Callable[[sa.ColumnElement], sa.ColumnElement]

COMPOUND = (
    *("欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人"),
    *("夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶"),
    *("太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于"),
    *("司空", "闾丘", "子车", "亓官", "司寇", "巫马", "公西", "颛孙", "壤驷", "公良"),
    *("漆雕", "乐正", "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "令狐", "段干", "百里"),
    *("呼延", "东郭", "南门", "羊舌", "微生", "公户", "公玉", "梁丘", "左丘", "东门"),
    *("西门", "第五"),
)
"""Surnames of two characters."""

TITLES = ("先生", "女士", "小姐", "太太", "师傅", "老师")
"""A name that ends so has no given name to hide: 张先生 stays."""

HIDDEN = "***"


def phone(value: sa.ColumnElement) -> sa.ColumnElement:
    """Return 138****5678; what is no mobile number is hidden whole."""
    digits = sa.func.regexp_replace(value, r"^(\+?86)?[- ]*|[- ]", "", "g")
    return sa.case(
        (
            sa.func.regexp_full_match(digits, r"1\d{10}"),
            sa.func.substr(digits, 1, 3) + "****" + sa.func.substr(digits, 8, 4),
        ),
        else_=HIDDEN,
    )


def name(value: sa.ColumnElement) -> sa.ColumnElement:
    """Return 张* for 张三, 欧阳** for 欧阳修: the surname and two marks at most.

    Kept are one character, or two where they are a compound surname and more follows.
    Other scripts keep their first letter.
    """
    clean = sa.func.trim(value)
    length = sa.func.length(clean)
    head = sa.func.substr(clean, 1, 2)
    is_compound = sa.and_(head.in_(COMPOUND), length > 2)
    return sa.case(
        (length == 0, ""),
        (sa.func.substr(clean, 2).in_(TITLES), clean),
        (sa.and_(is_compound, sa.func.substr(clean, 3).in_(TITLES)), clean),
        (is_compound, head + "**"),
        else_=sa.func.substr(clean, 1, 1) + "*",
    )


def vin(value: sa.ColumnElement) -> sa.ColumnElement:
    """Return the first 8 characters (maker, model, engine) and 9 stars."""
    return sa.case(
        (sa.func.length(value) == 17, sa.func.substr(value, 1, 8) + "*" * 9),
        else_=HIDDEN,
    )


def plate(value: sa.ColumnElement) -> sa.ColumnElement:
    """Return 沪A****45: province, office, and the last two characters."""
    clean = sa.func.regexp_replace(value, r"[\s·.-]", "", "g")
    return sa.case(
        (
            sa.func.length(clean) >= 7,
            sa.func.substr(clean, 1, 2) + "****" + sa.func.right(clean, 2),
        ),
        else_=HIDDEN,
    )


def order_tail(value: sa.ColumnElement) -> sa.ColumnElement:
    """Return the last four characters of an order's number."""
    return sa.func.right(value, 4)


def free_text(value: sa.ColumnElement) -> sa.ColumnElement:
    """Return a text in which numbers that name people or cars are hidden."""
    patterns = (
        r"\d{17}[\dXx]",
        r"(?i)[A-HJ-NPR-Z0-9]{17}",
        r"(\+?86[- ]?)?1\d{2}[- ]?\d{4}[- ]?\d{4}",
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
        r"[A-Z][·. ]?[A-HJ-NP-Z0-9]{5,6}",
    )
    for pattern in patterns:
        value = sa.func.regexp_replace(value, pattern, HIDDEN, "g")
    return value


MASKS: dict[str, Mask] = {"phone": phone, "name": name, "vin": vin, "plate": plate}
"""By the name of the column, wherever it stands."""

FREE_TEXTS = frozenset({"description", "cause", "correction", "comment", "text"})


def masked(
    column: Column, value: sa.ColumnElement, rights: Rights
) -> sa.ColumnElement[str]:
    """Return *value* of a contract's *column* as far as *rights* let it be seen.

    A column beyond the reader's level is masked where a mask exists, and null where
    none does. Free texts people may read lose the numbers in them. On walls an order's
    number is its last four characters. Null stays null.
    """
    shown = value
    if column.privacy > rights.privacy:
        mask = MASKS.get(column.name)
        shown = mask(value) if mask and column.privacy is Privacy.SENSITIVE else None
    elif column.name in FREE_TEXTS and rights.privacy < Privacy.SENSITIVE:
        shown = free_text(value)
    elif column.name == "work_order_id" and rights.is_wall:
        shown = order_tail(value)
    if shown is None:
        shown = sa.cast(sa.null(), sa.String)
    elif shown is not value:
        shown = sa.case((value.is_(None), None), else_=shown)
    return shown.label(column.name)


def order_in_scope(order_id: sa.ColumnElement, rights: Rights) -> sa.ColumnElement:
    """Return an order's id, hidden where the order is of no store of the reader's.

    A vehicle comes back to any store: that it did belongs to the row, the other
    store's order does not.
    """
    if rights.store_ids is None:
        return order_id
    orders = CONFORMED["work_orders"]
    own = sa.exists().where(
        orders.c.work_order_id == order_id,
        orders.c.store_id.in_(sorted(rights.store_ids)),
    )
    return sa.case((order_id.is_(None), None), (own, order_id), else_=HIDDEN)
