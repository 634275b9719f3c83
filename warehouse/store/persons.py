"""Which customer records are one person: tiered rules with a veto (kpis.md §19).

Vehicle and plate identify the car, not its driver: families share both. So every
rule but the last wants the same full name, rules are applied strongest first, and no
merge puts two different full names together.
"""

import duckdb
import pandas as pd

from warehouse.store import checks

_TITLES = "(先生|女士|小姐|太太|老师|师傅|经理|总)$"


def find_persons(con: duckdb.DuckDBPyConnection, seq: int) -> None:
    """Derive table `persons` anew when customer records changed since the last time."""
    newest = con.execute(
        "select coalesce((select max(_seq) from customers), 0) > "
        "coalesce((select max(seq) from matched), 0)"
    ).fetchone()[0]
    if not newest:
        return
    _prepare(con)
    links = con.execute(_LINKS).df()
    records = con.execute("select id, name, is_full from people order by id").df()
    persons = pd.DataFrame({"id": records["id"], "person": _merge(records, links)})
    con.register("merged", persons)
    con.execute(
        f"""
        create or replace temp table persons_now as
        select p.source_system, p.source_customer_id,
            'P' || lpad(m.person::varchar, 9, '0') as person_id,
            m.person = m.id as is_first
        from people as p inner join merged as m using (id);
        create or replace temp table moved_persons as
        select n.* from persons_now as n
        left join persons as k on k.source_system = n.source_system
            and k.source_customer_id = n.source_customer_id
        where k.person_id is distinct from n.person_id
            or k.is_first is distinct from n.is_first;
        delete from persons as k using moved_persons as n
            where k.source_system = n.source_system
            and k.source_customer_id = n.source_customer_id;
        insert into persons select *, {seq} from moved_persons;
        """
    )
    con.unregister("merged")
    con.execute(f"delete from matched; insert into matched values ({seq})")


def _prepare(con: duckdb.DuckDBPyConnection) -> None:
    wrong = checks.phone_wrong("c.phone")
    con.execute(
        f"""
        create or replace temp table people as
        with shared as (
            select {checks.bare_phone("phone")} as number from customers
            where phone is not null group by number
            having count(distinct name) > 5
        )
        select row_number() over (order by c.source_system, c.source_customer_id) as id,
            c.source_system, c.source_customer_id, c.name, c.city, c.vin, c.plate,
            case when not {wrong} and s.number is null
                then {checks.bare_phone("c.phone")} end as phone,
            c.name is not null and not regexp_matches(c.name, '{_TITLES}')
                and length(c.name) > 1 as is_full,
            case when regexp_matches(c.name, '{_TITLES}') then left(c.name, 1)
                end as surname
        from customers as c
        left join shared as s on s.number = {checks.bare_phone("c.phone")}
        where not c.is_inferred
        """
    )


# One edit leaves the first or the last half as it was: joining on the halves finds
# every pair within one edit without comparing everybody of the same name.
_CAR = "(a.vin = b.vin or a.plate = b.plate)"
_OTHER_CAR = "(coalesce(a.vin <> b.vin, false) or coalesce(a.plate <> b.plate, false))"
_LINKS = f"""
    with pairs as (
        select 1 as rule, a.id as a, b.id as b from people as a inner join people as b
            on a.name = b.name and a.phone = b.phone and a.id < b.id
            where a.is_full
        union all
        select 2, a.id, b.id from people as a inner join people as b
            on a.name = b.name and a.id < b.id
            and left(a.vin, 8) = left(b.vin, 8)
            where a.is_full and damerau_levenshtein(a.vin, b.vin) <= 1
        union all
        select 2, a.id, b.id from people as a inner join people as b
            on a.name = b.name and a.id < b.id
            and right(a.vin, 8) = right(b.vin, 8)
            where a.is_full and damerau_levenshtein(a.vin, b.vin) <= 1
        union all
        select 3, a.id, b.id from people as a inner join people as b
            on a.name = b.name and a.plate = b.plate and a.id < b.id
            where a.is_full
        union all
        select 4, a.id, b.id from people as a inner join people as b
            on a.name = b.name and a.city = b.city and a.id < b.id
            and left(a.phone, 5) = left(b.phone, 5)
            where a.is_full and damerau_levenshtein(a.phone, b.phone) <= 1
        union all
        select 4, a.id, b.id from people as a inner join people as b
            on a.name = b.name and a.city = b.city and a.id < b.id
            and right(a.phone, 5) = right(b.phone, 5)
            where a.is_full and damerau_levenshtein(a.phone, b.phone) <= 1
        union all
        select 5, a.id, b.id from people as a inner join people as b
            on a.phone = b.phone and a.id < b.id
            where (a.surname is not null or b.surname is not null)
                and left(a.name, 1) = left(b.name, 1) and not {_OTHER_CAR}
        union all
        select 6, a.id, b.id from people as a inner join people as b
            on a.phone = b.phone and a.id < b.id
            where a.is_full and b.is_full and a.name <> b.name
                and length(a.name) = length(b.name)
                and hamming(a.name, b.name) = 1 and {_CAR}
    )
    select min(rule) as rule, a, b from pairs group by a, b order by rule, a, b
"""


def _merge(records: pd.DataFrame, links: pd.DataFrame) -> list[int]:
    """Return the lowest id of each record's person, links taken strongest first."""
    parent = {int(i): int(i) for i in records["id"]}
    names = {
        int(row.id): {row.name} if row.is_full else set()
        for row in records.itertuples(index=False)
    }

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for link in links.itertuples(index=False):
        a, b = sorted((root(int(link.a)), root(int(link.b))))
        if a == b:
            continue
        # Only a typo in one name (rule 6) may bring two spellings together.
        if link.rule != 6 and len(names[a] | names[b]) > 1:
            continue
        parent[b] = a
        names[a] |= names.pop(b)
    return [root(int(i)) for i in records["id"]]
