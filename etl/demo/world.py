"""All tables of the network up to a day: each store on its own, then put together."""

from collections.abc import Callable

import numpy as np

from etl.demo import labour, masters, supply, visits, voices
from etl.demo.customers import SYSTEMS, customers, vehicles
from etl.demo.days import DAY, HOUR
from etl.demo.draws import NO_SHOWS, stream, whole
from etl.demo.network import Network, Store
from etl.demo.orders import Rows, arrivals
from etl.demo.partners import partner_complaints, partner_orders
from etl.demo.shifts import is_open
from etl.demo.stock import fill, requests
from etl.demo.vocabulary import MAINTENANCE, REPAIR
from etl.demo.workshop import delays, stamps, work

AHEAD = 40  # days simulated beyond the day asked for: booked, promised, not yet true
UNSURE = 14  # of these, the last ones are incomplete and never told
MEMORY = 45  # days an order may still change or be spoken of
Tables = dict[str, Rows]


def store_tables(network: Network, store: Store, end: int, since: int) -> Tables:
    """Return the tables of one store, complete for orders of the days ``[since, end)``.

    The orders and the shelves are always run from the first day, which is cheap; the
    workshop only from shortly before *since*.
    """
    orders, roster = arrivals(network, store, end + AHEAD)
    asked = requests(orders)
    shelves = fill(network, store, asked, end + AHEAD)
    delays(network, store, orders, asked)
    orders, asked = _recent(orders, asked, since - MEMORY)
    pieces = work(network, store, orders, roster)
    stamps(network, store, orders, pieces)
    visits.number(network, store, orders)
    visits.enter(network, store, orders)
    days = (max(since, network.start), end + AHEAD)
    tables = {
        "work_orders": visits.work_orders(network, store, orders),
        "work_order_lines": visits.lines(network, orders),
        "job_clocks": labour.job_clocks(network, store, orders, pieces),
        "pauses": labour.pauses(orders, pieces),
        "dispatches": labour.dispatches(network, store, orders, roster),
        "attendance": labour.attendance(network, store, roster, pieces, days),
        "part_requests": supply.part_requests(orders, asked, pieces),
        "stock_movements": supply.stock_movements(store, shelves, asked, since),
        "stock_snapshots": supply.stock_snapshots(network, store, shelves, days),
        "appointments": _bookings(network, store, orders, days),
        "surveys": voices.surveys(store, orders),
        "complaints": voices.complaints(orders),
    }
    # Beyond the horizon orders are incomplete; nothing about them may be told.
    limit = (end + AHEAD - UNSURE) * DAY
    return {n: _keep(t, t["known"] < limit) for n, t in tables.items()}


def _keep(table: Rows, rows: np.ndarray) -> Rows:
    return {n: c[rows] for n, c in table.items()}


def _recent(orders: Rows, asked: Rows, since: int) -> tuple[Rows, Rows]:
    """Forget the orders before day *since*, and what they asked for."""
    keep = orders["day"] >= since
    if keep.all():
        return orders, asked
    place = np.cumsum(keep) - 1
    wanted = keep[asked["order"]]
    asked = _keep(asked, wanted)
    asked["order"] = place[asked["order"]]
    return _keep(orders, keep), asked


def _bookings(
    network: Network, store: Store, orders: Rows, days: tuple[int, int]
) -> Rows:
    """Appointments kept, missed and cancelled."""
    kept = visits.appointments(network, store, orders)
    span = np.arange(*days)
    span = span[is_open(store, span)]
    rows = []
    for day in span.tolist():
        draw = stream(network.seed, NO_SHOWS, store.number, day)
        count = int(draw.poisson(0.075 * store.rate))
        roll = draw.random((count, 6))
        rows.append(np.c_[np.full(count, day), np.arange(count), roll])
    table = np.concatenate(rows) if rows else np.zeros((0, 8))
    day, slot, roll = whole(table[:, 0]), whole(table[:, 1]), table[:, 2:]
    at = day * DAY + int((store.opens + 0.5) * HOUR) + whole(roll[:, 0] * 32) * 900
    called_off = roll[:, 1] < 0.45
    lead = (0.4 + 6 * roll[:, 2]) * DAY
    settled = np.where(called_off, at - whole(lead * roll[:, 3]), at + 2 * HOUR)
    sold = network.parcs[store.number].sold
    car = whole(roll[:, 4] * len(sold))
    # Whoever calls about a car that he does not have yet gives no number.
    ours = sold[car] < day - 10
    car = np.where(ours, network.vehicle_offset[store.number] + car, -1)
    missed = {
        "key": store.number * visits.STORE_KEY + day * visits.DAY_KEY + 9000 + slot,
        "store": np.full(len(day), store.number),
        "at": at,
        "car": car,
        "type": np.where(roll[:, 5] < 0.5, REPAIR, MAINTENANCE),
        "channel": whole(roll[:, 5] * 4),
        "status": np.where(called_off, 3, 2),
        "known": at - whole(lead),
        "settled": settled,
    }
    return {n: np.concatenate([kept[n], missed[n]]) for n in kept}


def network_tables(network: Network, end: int, since: int) -> Tables:
    """Return the tables that no single store owns."""
    orders = partner_orders(network, max(since - MEMORY, network.start), end + AHEAD)
    return {
        "stores": masters.stores(network),
        "technicians": masters.technicians(network),
        "parts": masters.parts(network),
        "partners": masters.partners(network),
        "calendar": masters.calendar(network, end),
        "vehicles": vehicles(network),
        "partner_orders": orders,
        "partner_complaints": partner_complaints(orders),
    } | _customers_by_system(network)


def _customers_by_system(network: Network) -> Tables:
    rows = customers(network)
    return {
        f"customers:{name}": _keep(rows, rows["system"] == number)
        for number, name in enumerate(SYSTEMS)
    }


def together(pieces: list[Tables], shared: Tables) -> Tables:
    """One set of tables for the whole network."""
    tables = {
        name: {c: np.concatenate([p[name][c] for p in pieces]) for c in pieces[0][name]}
        for name in pieces[0]
    }
    tables |= shared
    tables["complaints"] = _all_complaints(
        tables["complaints"], tables.pop("partner_complaints")
    )
    return tables


def _all_complaints(own: Rows, partner: Rows) -> Rows:
    """Complaints about orders of stores and of partners in one table."""
    own = own | {"partner_key": np.full(len(own["key"]), -1)}
    many = len(partner["known"])
    partner = partner | {
        "key": np.full(many, -1),
        "store": np.full(many, -1),
        "order_known": np.zeros(many, dtype=np.int64),
    }
    return {n: np.concatenate([own[n], partner[n]]) for n in own}


def simulate(
    network: Network,
    end: int,
    since: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Tables:
    """All tables, complete for the days ``[since, end)``."""
    since = network.start if since is None else since
    pieces = []
    for store in network.stores:
        pieces.append(store_tables(network, store, end, since))
        if progress and store.number % 10 == 9:
            progress(f"{store.number + 1} of {network.size} stores simulated")
    return together(pieces, network_tables(network, end, since))
