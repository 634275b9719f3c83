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


def hold(con: duckdb.DuckDBPyConnection, fact: Fact) -> None:
    """Keep the sums of a mart that is about to be emptied, for `Told`."""
    con.execute(
        f"create or replace temp table told_{fact.name} as from mart_{fact.name}"
    )


class Told:
    """The sums of one mart as they were told, held while the mart is made anew.

    *complete* is the day before which days had been told as complete; *unsettled* are
    days whose verdicts the passing of time alone changes now: they restate nothing.
    *everything* tells that all days are made anew, not for the sake of late rows alone:
    then every store is compared, with what `hold` has kept where it has.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        fact: Fact,
        *,
        seq: int,
        complete: date | None,
        unsettled: list[tuple[date, date]],
        everything: bool,
    ) -> None:
        self.con, self.fact, self.name = con, fact, f"told_{fact.name}"
        mine = (
            f"restatements where try_cast(split_part(batch_id, '-', 2) as int) = {seq}"
        )
        late = con.execute(f"select count(*) from {mine}").fetchone()[0]
        self.is_compared = complete is not None and bool(everything or late)
        if not self.is_compared:
            self._forget()
            return
        apart = "".join(
            f" and day not between date '{first}' and date '{last}'"
            for first, last in unsettled
        )
        stores = (
            f" and (store_id in (select store_id from {mine}) "
            f"or exists (select 1 from {mine} and store_id is null))"
        )
        self.where = f"day < date '{complete}'{apart}{'' if everything else stores}"
        con.execute(
            f"create temp table if not exists {self.name} as from mart_{fact.name} "
            f"where {self.where}"
        )
        # A mart that was dropped for its columns has told nothing that is still known.
        told = con.execute(f"select count(*) from {self.name}").fetchone()[0]
        self.is_compared = bool(told or not everything)

    def compare(self, as_of: datetime) -> None:
        """Note by how much the sums that were made anew differ from those told."""
        if self.is_compared:
            self._compare(as_of)
        self._forget()

    def _forget(self) -> None:
        self.con.execute(f"drop table if exists temp.{self.name}")

    def _compare(self, as_of: datetime) -> None:
        names = ", ".join(self.fact.measures)

        def long(rows: str) -> str:
            return (
                f"select * from (unpivot (select day, store_id, {names} from {rows}) "
                f"on {names} into name measure value total)"
            )

        self.con.execute(
            f"""
            insert into restated_sums by name
            with was as ({long(f"(from {self.name} where {self.where})")}),
            now_told as (
                {long(f"(from mart_{self.fact.name} where {self.where})")}
            )
            select {literal(self.fact.name)} as fact,
                coalesce(n.day, w.day) as day,
                coalesce(n.store_id, w.store_id) as store_id,
                coalesce(n.measure, w.measure) as measure,
                coalesce(n.total, 0) - coalesce(w.total, 0) as change,
                timestamp '{as_of:%Y-%m-%d %H:%M:%S}' as restated_at
            -- Rows of no store are compared as well: null meets null.
            from was as w full join now_told as n on n.day = w.day
                and n.measure = w.measure
                and n.store_id is not distinct from w.store_id
            where abs(coalesce(n.total, 0) - coalesce(w.total, 0))
                > {_NOISE} * greatest(1, abs(coalesce(w.total, 0)))
            """
        )


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
