"""Survey answers placed in their stores, and which of them a later one replaces."""

import duckdb

from warehouse.store.names import literal

SURVEY_DAYS = 90
"""An answer replaces the same customer's former one of so many days (kpis.md §7)."""

_CUSTOMER = (
    "coalesce(v.source_customer_id, o.source_customer_id, "
    f"{literal('survey ')} || v.survey_id)"
)


def place_surveys(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Derive `fct_surveys` anew for what changed, and for the answers around it.

    Leaves temp table `asked`, the answers derived anew.
    """
    _find_changed(con, seq)
    _find_asked(con)
    _replace(con, seq)


def _find_changed(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Note answers that changed or whose order did, as they are and as they were."""
    con.execute(
        f"""
        create or replace temp table changed_answers as
        select survey_id, work_order_id, source_customer_id, sent_at, answered_at
        from surveys where _seq = {seq}
        union all by name
        select survey_id, work_order_id, source_customer_id, sent_at, answered_at
        from replaced_surveys semi join changed_surveys using (survey_id)
        union all by name
        select v.survey_id, v.work_order_id, v.source_customer_id, v.sent_at,
            v.answered_at
        from surveys as v semi join changed_work_orders using (work_order_id)
        where v._seq <> {seq}
        """
    )


def _find_asked(con: duckdb.DuckDBPyConnection) -> None:
    """Place those answers, and the same customers' from shortly before them on.

    An older one cannot be replaced by them, so history is not read.
    """
    since = con.execute(
        "select min(least(coalesce(answered_at, sent_at), sent_at)) "
        f"- interval {SURVEY_DAYS + 1} day from changed_answers"
    ).fetchone()[0]
    recent = f"v.answered_at >= timestamp '{since}'" if since else "false"
    con.execute(
        f"""
        create or replace temp table around as
        select v.* from surveys as v where {recent}
        union all
        select v.* from surveys as v
        semi join changed_answers using (survey_id)
        where ({recent}) is not true;

        create or replace temp table answering as
        select o.work_order_id, o.store_id, o.source_customer_id
        from work_orders as o
        semi join (select work_order_id from around
            union all select work_order_id from changed_answers) as a
            on a.work_order_id = o.work_order_id;

        create or replace temp table asked as {_PLACED}
        """
    )


_CONCERNED = f"""
    select {_CUSTOMER} from changed_answers as v
    left join answering as o on o.work_order_id = v.work_order_id
    union all
    select w.source_customer_id from replaced_work_orders as w
    semi join changed_answers as v on v.work_order_id = w.work_order_id
"""
"""The customers whose answers may replace each other anew."""

_PLACED = f"""
    select v.survey_id, v.instrument_id,
        coalesce(v.store_id, o.store_id) as store_id, v.work_order_id,
        v.sent_at, v.answered_at,
        timezone(v._zone, timezone('UTC', v.sent_at))::date as sent_day,
        timezone(v._zone, timezone('UTC', v.answered_at))::date as answered_day,
        v.score, coalesce(v.is_excluded, false) as is_excluded,
        {_CUSTOMER} as customer
    from around as v
    left join answering as o on o.work_order_id = v.work_order_id
    where {_CUSTOMER} in ({_CONCERNED})
"""


def _replace(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    con.execute(
        f"""
        delete from fct_surveys as f using (
            from asked anti join (from changed_surveys where is_new) using (survey_id)
        ) as a where f.survey_id = a.survey_id;
        insert into fct_surveys by name
        select * exclude (customer, following),
            case when following < answered_at + interval {SURVEY_DAYS} day
                then following end as superseded_at,
            {seq} as _seq
        from (
            select *, case when answered_at is not null and score is not null
                and not is_excluded then lead(answered_at) over (
                    partition by customer, instrument_id,
                        answered_at is not null and score is not null
                        and not is_excluded
                    order by answered_at, survey_id) end as following
            from asked
        )
        order by answered_at;
        """
    )
