"""What happens in a store of the stand-in: typed by hand."""

from datetime import datetime, timedelta

from warehouse.board import Board, Comeback, Hand, MissingPart, OpenOrder, Stage, Voice


def board(store_id: str, as_of: datetime) -> Board:
    """Return a board with one row of each kind, and five cars inside."""
    return Board(
        store_id=store_id,
        today=as_of.date(),
        timezone="Asia/Shanghai",
        bays=8,
        orders=tuple(
            OpenOrder(
                work_order_id=f"WO-{number}",
                plate="沪A****45",
                model="A7",
                order_type="repair",
                stage=stage,
                arrived_at=as_of - timedelta(hours=5 - number),
                promised_at=as_of + timedelta(hours=number - 2, minutes=1),
                technician="张*",
                waits_on_site=number == 0,
                parts_pending=number == 2,
                is_overdue=number < 2,
            )
            for number, stage in enumerate(Stage)
        ),
        hands=(
            Hand(
                technician_id="T1",
                name="张*",
                skill_level=3,
                works_on="WO-2",
                since=as_of - timedelta(hours=1),
                orders=2,
            ),
            Hand(
                technician_id="T2",
                name=None,
                skill_level=None,
                works_on=None,
                since=None,
                orders=0,
            ),
        ),
        parts=(
            MissingPart(
                part_number="BAT-1",
                name="电池",
                requests=3,
                pieces=4,
                last_at=as_of - timedelta(days=1),
                on_hand=None,
            ),
        ),
        comebacks=(
            Comeback(
                work_order_id="WO-9",
                arrived_at=as_of - timedelta(days=2),
                complaint_group="battery",
                rule="group",
                first_id="WO-1",
                first_delivered_at=as_of - timedelta(days=9),
                first_technician="李*",
                days=7,
            ),
        ),
        voices=(
            Voice(
                said_at=as_of - timedelta(hours=3),
                kind="complaint",
                score=None,
                text="等了三个小时",
                topic="等待",
                work_order_id="WO-8",
                is_open=True,
            ),
            Voice(
                said_at=as_of - timedelta(hours=4),
                kind="answer",
                score=2.0,
                text=None,
                topic="nps",
                work_order_id=None,
                is_open=False,
            ),
        ),
    )
