"""What late rows changed in sums that had been told as complete.

A mart is made anew day by day, so the earlier sums are gone unless they are noted
while both are there. Only differences are kept, by fact, day, store and measure.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pandas as pd
import sqlalchemy as sa

from warehouse.metrics.metric import Interval, Kind, Metric
from warehouse.moments import aware
from warehouse.restatement import KEPT, RECENT, Change
from warehouse.scope import STORE_DIMENSIONS, Question, Rights
from warehouse.store.by_store import holds
from warehouse.store.facts import Fact
from warehouse.store.names import literal
from warehouse.store.schema import RESTATED_SUMS

_NOISE = 1e-9


class Told:
    """The sums of one mart as they were told, held while the mart is made anew.

    *complete* is the day before which days had been told as complete; *unsettled* are
    days whose verdicts the passing of time alone changes now: they restate nothing.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        fact: Fact,
        *,
        seq: int,
        complete: date | None,
        unsettled: list[tuple[date, date]],
    ) -> None:
        self.con, self.fact, self.seq = con, fact, seq
        mine = f"try_cast(split_part(batch_id, '-', 2) as bigint) = {seq}"
        self.is_late = complete is not None and bool(
            con.execute(f"select count(*) from restatements where {mine}").fetchone()[0]
        )
        if not self.is_late:
            return
        apart = "".join(
            f" and day not between date '{first}' and date '{last}'"
            for first, last in unsettled
        )
        self.where = (
            f"day < date '{complete}'{apart} and (store_id in "
            f"(select store_id from restatements where {mine}) or exists "
            f"(select 1 from restatements where {mine} and store_id is null))"
        )
        con.execute(
            f"create or replace temp table told as from mart_{fact.name} "
            f"where {self.where}"
        )

    def compare(self, as_of: datetime) -> None:
        """Note by how much the sums that were made anew differ from those told."""
        if not self.is_late:
            return
        names = ", ".join(self.fact.measures)

        def long(rows: str) -> str:
            return (
                f"select * from (unpivot (select day, store_id, {names} from {rows}) "
                f"on {names} into name measure value total)"
            )

        self.con.execute(
            f"""
            insert into restated_sums by name
            with was as ({long("told")}),
            now_told as (
                {long(f"(from mart_{self.fact.name} where {self.where})")}
            )
            select {literal(self.fact.name)} as fact, day, store_id, measure,
                coalesce(n.total, 0) - coalesce(w.total, 0) as change,
                timestamp '{as_of:%Y-%m-%d %H:%M:%S}' as restated_at
            from was as w full join now_told as n using (day, store_id, measure)
            where abs(coalesce(n.total, 0) - coalesce(w.total, 0)) > {_NOISE}
            """
        )
        self.con.execute("drop table told")


def forget_old(con: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Drop changes that nobody will be told of any more."""
    con.execute("delete from restated_sums where restated_at < ?", [as_of - KEPT])


def changes(
    asker: Any, one: Metric, question: Question, rights: Rights
) -> list[Change]:
    """Return what late rows lately changed in the sums behind *question*.

    None for metrics that are not sums over days (durations, states): what they were
    before is not kept. *question* must name its days.
    """
    names = {name for name, _ in question.where}
    if one.kind not in {Kind.RATIO, Kind.COUNT} or names - set(STORE_DIMENSIONS):
        return []
    # One question for all scopes: most days nothing was restated at all.
    key = ("restated", one.fact, one.numerator, one.denominator, one.interval)
    frame = asker.once.get(
        (*key, question.start, question.end), lambda: _by_store(asker, one, question)
    )
    if frame.empty:
        return []
    homes = asker.places()
    inside = [
        holds(homes.get(i) or {"store_id": i}, question, rights)
        for i in frame["by_store_id"]
    ]
    by_moment = frame[inside].groupby(["day", "restated_at"], as_index=False)
    return _told(by_moment[["top", "bottom"]].sum())


def _by_store(asker: Any, one: Metric, question: Question) -> pd.DataFrame:
    """Return what changed in every store, by day and moment."""
    rows = _lately(asker.as_of, one, question)

    def moved(measure: str | None) -> sa.ColumnElement:
        mine = sa.case((rows.c.measure == measure, rows.c.change), else_=0.0)
        return sa.func.sum(mine)

    top = moved(one.numerator)
    if one.interval is Interval.NPS:
        top = top - moved("detractors")
    store = rows.c.store_id.label("by_store_id")
    keys = (rows.c.day, rows.c.restated_at)
    sums = (top.label("top"), moved(one.denominator).label("bottom"))
    return asker.fetch(sa.select(*keys, store, *sums).group_by(*keys, store))


def _lately(as_of: datetime, one: Metric, question: Question) -> sa.Subquery:
    """The changes of a metric's fact that are still told, on the days asked for."""
    table = RESTATED_SUMS
    return (
        sa.select(table)
        .where(
            table.c.fact == one.fact,
            table.c.restated_at > as_of - RECENT,
            table.c.day >= question.start,
            table.c.day < question.end,
        )
        .subquery("r")
    )


def _told(frame: pd.DataFrame) -> list[Change]:
    """Return the changes of a frame, without what adds up to nothing."""
    return [
        Change(
            day=pd.Timestamp(row["day"]).date(),
            restated_at=aware(pd.Timestamp(row["restated_at"]).to_pydatetime()),
            numerator=float(row["top"]),
            denominator=float(row["bottom"]),
        )
        for row in frame.to_dict("records")
        if abs(row["top"]) > _NOISE or abs(row["bottom"]) > _NOISE
    ]


def unsettled(
    fact: Fact, before: datetime, now: datetime, day_of: Callable[[datetime], date]
) -> list[tuple[date, date]]:
    """Return the days, first and last, whose verdicts changed between two moments."""
    return [
        (day_of(before - timedelta(days=age)), day_of(now - timedelta(days=age)))
        for age in fact.settles
    ]
