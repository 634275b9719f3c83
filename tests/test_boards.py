"""The board of a store, from rows typed by hand: what is listed, and what is masked."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests import kit
from warehouse.board import Stage
from warehouse.contracts.contract import Privacy
from warehouse.scope import EVERYTHING, Question, Rights

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

DAY = "2026-03-16T"


def order(number: int, **stamps: object) -> dict:
    """Return an order of S1 that came this morning."""
    return {
        "work_order_id": f"W{number}",
        "store_id": "S1",
        "vin": f"LNBSCPKB0HR{number:06}",
        "order_type": "repair",
        "status": "open",
        "checkin_at": f"{DAY}08:{number:02}:00",
        "technician_id": "T1",
        **stamps,
    }


def line(number: int, group: str = "battery") -> dict:
    """Return the complaint of an order."""
    return {"work_order_id": f"W{number}", "line_no": 1, "complaint_group": group}


ROWS = {
    "stores": [
        {"store_id": "S1", "name": "一店", "bays": 6},
        {"store_id": "S2", "name": "二店"},
    ],
    "technicians": [
        {"technician_id": "T1", "store_id": "S1", "name": "张三", "skill_level": 4},
        {"technician_id": "T2", "store_id": "S1", "name": "欧阳修"},
        {"technician_id": "T3", "store_id": "S1", "left_on": "2026-01-01"},
        {"technician_id": "T9", "store_id": "S2", "name": "李四"},
    ],
    "vehicles": [
        {"vin": f"LNBSCPKB0HR{n:06}", "model": "A7", "plate": f"沪A1234{n}"}
        for n in range(1, 8)
    ],
    "work_orders": [
        order(1),
        order(2, writeup_at=f"{DAY}08:30:00", promised_at=f"{DAY}12:00:00"),
        order(3, bay_in_at=f"{DAY}09:00:00", promised_at=f"{DAY}18:00:00"),
        order(4, bay_in_at=f"{DAY}09:00:00", work_done_at=f"{DAY}11:00:00"),
        order(5, ready_notified_at=f"{DAY}13:00:00", promised_at=f"{DAY}12:00:00"),
        order(6, status="closed", delivered_at=f"{DAY}14:00:00"),
        order(7, status="cancelled"),
        order(8, store_id="S2", technician_id="T9"),
        # First visit and comeback, the same car with the same problem.
        order(
            11,
            vin="LNBSCPKB0HR000003",
            status="closed",
            checkin_at="2026-03-02T09:00:00",
            delivered_at="2026-03-04T09:00:00",
            technician_id="T2",
        ),
    ],
    "work_order_lines": [line(3), line(11)],
    "job_clocks": [
        {
            "clock_id": "C1",
            "work_order_id": "W3",
            "technician_id": "T1",
            "clock_in_at": f"{DAY}09:10:00",
        },
        {
            "clock_id": "C2",
            "work_order_id": "W4",
            "technician_id": "T2",
            "clock_in_at": f"{DAY}09:10:00",
            "clock_out_at": f"{DAY}11:00:00",
        },
    ],
    "parts": [{"part_number": "P1", "name": "电池"}, {"part_number": "P2"}],
    "part_requests": [
        {
            "request_id": f"R{n}",
            "store_id": store,
            "part_number": part,
            "requested_at": at,
            "qty_requested": asked,
            "qty_filled_first": got,
        }
        for n, (store, part, at, asked, got) in enumerate(
            (
                ("S1", "P1", f"{DAY}09:00:00", 2, 1),
                ("S1", "P1", "2026-03-10T09:00:00", 1, 0),
                ("S1", "P2", f"{DAY}09:00:00", 1, 1),
                ("S1", "P2", "2026-01-10T09:00:00", 1, 0),
                ("S2", "P2", f"{DAY}09:00:00", 1, 0),
            )
        )
    ],
    "surveys": [
        {
            "survey_id": "V1",
            "instrument_id": "nps",
            "work_order_id": "W11",
            "store_id": "S1",
            "answered_at": f"{DAY}10:00:00",
            "score": 3,
            "comment": "电话 13812345678 打不通",
        },
        {
            "survey_id": "V2",
            "instrument_id": "nps",
            "work_order_id": "W6",
            "store_id": "S1",
            "answered_at": f"{DAY}14:30:00",
            "score": 10,
        },
    ],
    "complaints": [
        {
            "complaint_id": "K1",
            "work_order_id": "W11",
            "received_at": f"{DAY}11:00:00",
            "category": "等待",
            "text": "太慢",
        }
    ],
}


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Return a batch of two stores on a Monday afternoon."""
    return kit.load(tmp_path_factory.mktemp("board"), ROWS, NOW)[1]


def test_the_cars_inside_are_those_that_are_counted(batch):
    """Neither delivered nor cancelled nor elsewhere: five, as the metric says."""
    board = batch.board("S1", EVERYTHING)
    where = (("store_id", ("S1",)),)
    (inside,) = batch.read("orders_in_progress", Question(where=where), EVERYTHING)

    assert [one.work_order_id for one in board.orders] == ["W1", "W2", "W3", "W4", "W5"]
    assert inside.value == len(board.orders)
    assert [one.stage for one in board.orders] == list(Stage)
    assert (board.bays_taken, board.bays) == (1, 6)


def test_a_promise_is_overdue_until_the_car_is_ready(batch):
    """W2 was promised for noon; W5 too, and is ready."""
    board = batch.board("S1", EVERYTHING)

    assert [one.work_order_id for one in board.orders if one.is_overdue] == ["W2"]


def test_technicians_are_those_who_are_there(batch):
    """T1 at work on W3, T2 done for now, T3 has left, T9 belongs elsewhere."""
    hands = batch.board("S1", EVERYTHING).hands

    assert [(one.technician_id, one.works_on, one.orders) for one in hands] == [
        ("T1", "W3", 1),
        ("T2", None, 1),
    ]


def test_parts_that_missed_are_counted_by_part(batch):
    """P1 twice, two pieces; P2 was there, or too long ago, or another store's."""
    (part,) = batch.board("S1", EVERYTHING).parts

    assert (part.part_number, part.requests, part.pieces) == ("P1", 2, 2)


def test_a_comeback_names_its_first_visit(batch):
    """The car of W3 had been delivered on the 4th by T2, twelve days before."""
    (one,) = batch.board("S1", EVERYTHING).comebacks

    assert (one.work_order_id, one.first_id, one.days) == ("W3", "W11", 11)
    assert one.first_technician == "欧阳修"


def test_voices_are_bad_scores_words_and_complaints(batch):
    """A ten without a word says nothing that a list need hold."""
    voices = batch.board("S1", EVERYTHING).voices

    assert [(one.kind, one.score) for one in voices] == [
        ("complaint", None),
        ("answer", 3.0),
    ]
    assert voices[0].is_open


def test_names_plates_and_texts_are_masked_by_rights(batch):
    """What is sensitive is starred; what may not be seen at all is not there."""
    public = batch.board("S1", Rights(privacy=Privacy.PUBLIC))
    core = batch.board("S1", Rights(privacy=Privacy.DESENSITIZED))
    wall = batch.board("S1", Rights(is_wall=True))

    assert {one.technician for one in public.orders} == {"张*"}
    assert public.orders[0].plate.startswith("沪A****")
    assert public.hands[1].name == "欧阳**"
    assert [one.text for one in public.voices] == [None, None]
    assert core.voices[1].text == "电话 *** 打不通"
    assert all(len(one.work_order_id) <= 4 for one in wall.orders)


def test_another_store_is_not_told(batch):
    """Neither to who may not see it, nor where there is none."""
    mine = Rights(store_ids=frozenset({"S2"}))

    assert batch.board("S1", mine) is None
    assert batch.board("S2", mine) is not None
    assert batch.board("NOWHERE", EVERYTHING) is None


def test_the_first_day_is_that_of_the_first_order(batch):
    """Before it nothing is known, which is not zero."""
    assert batch.first_day().isoformat() == "2026-03-02"
