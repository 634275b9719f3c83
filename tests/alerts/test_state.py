"""The state of alerts: once a batch, whole or not at all, append-only."""

import os
from datetime import date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from tests.etl.sources.conftest import postgres  # noqa: F401  (a fixture)
from warehouse.alerts.alert import (
    NETWORK,
    Key,
    Level,
    Observation,
    Scope,
    Seen,
)
from warehouse.alerts.alert import (
    State as Standing,
)
from warehouse.alerts.engine import Tick
from warehouse.alerts.records import (
    Deed,
    Delivery,
    Found,
    LinesEdit,
    Measured,
    Plan,
    Sending,
)
from warehouse.alerts.rounds import Round, evaluate
from warehouse.alerts.rules import rules
from warehouse.errors import DefinitionError, QuestionError
from warehouse.metrics import CATALOG
from warehouse.store.state import State

RULES = rules(CATALOG)
RED = "wait_bay.red"
START = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)
S1, S2 = Scope(Level.STORE, "S1"), Scope(Level.STORE, "S2")
B, C, A = Seen.BREACH, Seen.CLEAR, Seen.ABSENT
SERIES = [
    {S1: C, S2: B},
    {S1: B, S2: B},
    {S1: B, S2: B, NETWORK: B},
    {S1: B, S2: A},
    {S1: C, S2: C},
    {S1: B, S2: C},
    {S1: C},
    {S1: C, S2: C},
    {S1: C, S2: C},
]


def heard(seen):
    return Round(
        observations={
            Key(RED, scope): Observation(seen=one, value=70.0, n=40, line=60.0)
            for scope, one in seen.items()
        },
        judged=frozenset({RED}),
    )


def step(state, number, seen):
    """Evaluate one batch of a series; return what came of it."""
    moment = START + timedelta(minutes=15 * number)
    found = Found(batch=f"B{number}", as_of=moment, noted_at=moment)
    return state.alerts.evaluate(
        found,
        RULES,
        lambda known: evaluate(known, RULES, heard(seen), Tick(found.batch, moment)),
    )


def content(state):
    """Return every row of the tables that the engine writes."""
    with state.engine.connect() as connection:
        return {
            name: list(
                map(
                    tuple,
                    connection.execute(sa.text(f"select * from {name} order by id")),
                )
            )
            for name in ("alerts", "alert_history", "alert_batches")
        }


def play(state, upto=None):
    for number, seen in enumerate(SERIES[:upto]):
        step(state, number, seen)


def fired(state, store=S1):
    """Let a store fire; return its alert."""
    for number in range(2):
        step(state, number, {store: B})
    (alert,) = state.alerts.active(START)
    return alert


def test_a_batch_evaluated_twice_changes_nothing(state, tmp_path):
    """Each batch again and again: the same rows as each batch once."""
    play(state)
    other = State(f"sqlite:///{tmp_path / 'other.db'}")
    for number, seen in enumerate(SERIES):
        assert step(other, number, seen) is not None
        assert step(other, number, seen) is None
        if number:
            assert step(other, number - 1, SERIES[number - 1]) is None

    assert content(other) == content(state)
    assert len(content(state)["alert_history"]) > 8
    other.close()


def die_at(url, write, number, seen):
    """Evaluate a batch in a process that dies at its n-th write; tell if it died."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    try:
        state = State(url)
        writes = []

        def count(_conn, _cursor, statement, *_rest):
            if statement.split()[0].lower() in ("insert", "update", "delete"):
                writes.append(statement)
                if len(writes) > write:
                    os._exit(9)

        sa.event.listen(state.engine, "before_cursor_execute", count)
        step(state, number, seen)
    finally:
        os._exit(0)


@pytest.mark.parametrize("write", range(7))
def test_killed_between_any_two_writes(state, tmp_path, write):
    """In each batch a process dies at its n-th write; another evaluates it again."""
    play(state)
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    State(url).close()
    deaths = 0
    for number, seen in enumerate(SERIES):
        deaths += die_at(url, write, number, seen)
        again = State(url)
        step(again, number, seen)
        again.close()

    last = State(url)
    assert content(last) == content(state)
    last.close()
    assert bool(deaths) == (write < 6)


def test_what_is_kept_goes_on_in_another_process(state):
    """Opened anew in between, everything goes on as if nothing had happened."""
    url = str(state.engine.url)
    play(state, 3)
    state.close()

    again = State(url)
    assert {a.instance.state for a in again.alerts.active(START)} == {
        Standing.FIRING,
        Standing.PENDING,
    }
    for number, seen in enumerate(SERIES[3:], start=3):
        step(again, number, seen)
    kinds = [row[7] for row in content(again)["alert_history"]]
    assert kinds.count("fired") == kinds.count("recovered")
    again.close()


def test_the_history_cannot_be_changed(state):
    """The database itself refuses: lines are only ever added."""
    fired(state)
    for statement in ("update alert_history set who='x'", "delete from alert_history"):
        with (
            pytest.raises(sa.exc.IntegrityError, match="append-only"),
            state.engine.begin() as connection,
        ):
            connection.execute(sa.text(statement))


def test_acknowledging_survives_publishes_and_ends_with_the_episode(state):
    """The mark stays until the next firing; the log says who and when."""
    alert = fired(state)
    state.deeds.acknowledge(alert.id, "li", START + timedelta(hours=1))
    state.deeds.acknowledge(alert.id, "wang", START + timedelta(hours=2))
    step(state, 2, {S1: B})

    known = state.alerts.get(alert.id, START)
    assert (known.acknowledged_by, known.instance.state) == ("li", Standing.FIRING)
    lines = [(e.kind, e.who) for e in state.alerts.history(alert.id)]
    assert lines.count((Deed.ACKNOWLEDGED, "li")) == 1
    assert (Deed.ACKNOWLEDGED, "wang") not in lines

    for number, seen in enumerate([C, C, C, B, B], start=3):
        step(state, number, {S1: seen})
    again = state.alerts.get(alert.id, START)
    assert (again.acknowledged_by, again.instance.episode) == ("", 2)


def test_taking_over_names_the_owner(state):
    """Who takes over has acknowledged, and everybody sees the name."""
    alert = fired(state)
    state.deeds.take(alert.id, "zhang", "zhang", START)

    known = state.alerts.get(alert.id, START)
    assert (known.owner, known.acknowledged_by) == ("zhang", "zhang")
    assert not known.is_open


def test_an_action_and_its_effect(state):
    """Cause, action and due date now; after N days the value before and after."""
    alert = fired(state)
    before = Measured(value=70.0, low=60.0, high=80.0, n=40)
    plan = Plan(
        owner="li",
        action="加一个班次",
        cause="people",
        due_on=date(2026, 12, 1),
        effect_days=7,
    )
    state.deeds.act(alert.id, plan, "li", START, before)

    assert state.deeds.unmeasured(START + timedelta(days=6)) == []
    (action,) = state.deeds.unmeasured(START + timedelta(days=7))
    after = Measured(value=50.0, low=45.0, high=56.0, n=60)
    for _ in range(2):
        state.deeds.measure(action, after, START + timedelta(days=7))

    (kept,) = state.deeds.actions(alert.id)
    assert (kept.before, kept.after, kept.plan) == (before, after, plan)
    assert state.deeds.unmeasured(START + timedelta(days=9)) == []
    known = state.alerts.get(alert.id, START)
    assert (known.owner, known.cause, known.due_on) == ("li", "people", plan.due_on)
    kinds = [e.kind for e in state.alerts.history(alert.id)]
    assert kinds.count(Deed.EFFECT) == 1


@pytest.mark.parametrize(
    "plan",
    [
        Plan(owner="", action="x", cause="people"),
        Plan(owner="", action="改", cause="?"),
        Plan(owner="", action="改进", cause="bad"),
        Plan(owner="", action="改进", cause="parts", effect_days=-1),
    ],
)
def test_an_action_says_what_and_why(state, plan):
    """An empty action, an unknown cause, an effect in the past are refused."""
    alert = fired(state)
    with pytest.raises(QuestionError):
        state.deeds.act(alert.id, plan, "li", START)
    assert state.deeds.actions(alert.id) == []


def test_a_silence_needs_a_reason_and_an_end(state):
    """Seven days at most; it covers its scope only, and ends by itself."""
    alert = fired(state)
    add = state.silences.add
    kept = {"rule": RED, "scope": S1, "who": "li", "now": START}
    for reason, days in (("", 1), ("装修中", 8), ("装修中", 0), ("装修", 1)):
        with pytest.raises(QuestionError):
            add(**kept, reason=reason, ends_at=START + timedelta(days=days))
    silence = add(**kept, reason="门店装修中", ends_at=START + timedelta(days=7))

    def shown(days):
        return state.alerts.get(alert.id, START + timedelta(days=days)).silence

    assert shown(1) == silence
    assert shown(7) is None
    state.silences.end(silence.id, START + timedelta(days=2))
    assert shown(3) is None
    assert state.silences.current(START + timedelta(days=1)) != []
    step(state, 2, {S1: B})
    assert state.alerts.get(alert.id, START).instance.state is Standing.FIRING


def test_of_one_person_the_last_word_holds(state):
    """Right, then wrong: one judgement."""
    alert = fired(state)
    for is_right in (True, False):
        state.deeds.judge(alert.id, is_right=is_right, who="li", now=START)

    (judgement,) = state.deeds.judgements()
    assert (judgement.rule, judgement.is_right) == (RED, False)


def delivery(key, **more):
    return Delivery(
        key=key,
        kind="fired",
        channel="c",
        recipient="li",
        title="t",
        text="x",
        link="",
        status=Sending.WAITING,
        created_at=START,
        due_at=START,
        **more,
    )


def test_each_line_of_history_is_planned_once(state):
    """What was before the notifier is not said; each message has one key."""
    alert = fired(state)
    assert state.deliveries.plan(lambda news: [delivery("old")]) == 0

    step(state, 2, {S1: B, S2: B})
    step(state, 3, {S1: B, S2: B})
    seen = []

    def compose(news):
        seen.extend(entry.kind for entry in news)
        return [delivery("k1", alerts=((alert.id, 1),)), delivery("k1")]

    assert state.deliveries.plan(compose) == 1
    assert state.deliveries.plan(compose) == 0
    assert seen == ["pending", "fired"]
    (due,) = state.deliveries.due(START)
    assert due.alerts == ((alert.id, 1),)
    assert not state.deliveries.told("li", alert.id, 1)
    state.deliveries.settle(due, Sending.SENT, now=START)
    assert state.deliveries.told("li", alert.id, 1)
    assert state.deliveries.due(START) == []


def edit(**more):
    told = {
        "metric": "ftfr_30d",
        "applies_to": (),
        "green": 0.92,
        "red": 0.88,
        "valid_from": date(2026, 11, 20),
        "decided_at": START,
        "decided_by": "admin",
        "reason": "年度目标",
    }
    return LinesEdit(**(told | more))


def test_lines_set_on_screen_are_versions(state):
    """Neither in the past, nor without a reason, nor the wrong way round."""
    metric, today = CATALOG["ftfr_30d"], date(2026, 11, 20)
    state.lines.set(metric, edit(), today)
    for wrong in (
        edit(valid_from=date(2026, 11, 19)),
        edit(reason=" "),
        edit(applies_to=(("city", "x"),)),
    ):
        with pytest.raises(QuestionError):
            state.lines.set(metric, wrong, today)
    with pytest.raises(DefinitionError):
        state.lines.set(metric, edit(red=0.95), today)

    assert state.lines.of("ftfr_30d") == [edit()]
    assert state.lines.known_at(START - timedelta(seconds=1)) == []
    assert state.lines.known_at(START) == [edit()]


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_the_same_in_postgresql(postgres):  # noqa: F811
    """Evaluating, acknowledging and the append-only history work there too."""
    url = f"postgresql+psycopg://dms:{postgres.password}@127.0.0.1:{postgres.port}"
    state = State(f"{url}/postgres")
    play(state)
    alert = state.alerts.since(START, START + timedelta(days=1))[0]
    state.deeds.acknowledge(alert.id, "li", START)
    with (
        pytest.raises(sa.exc.DatabaseError, match="append-only"),
        state.engine.begin() as connection,
    ):
        connection.execute(sa.text("delete from alert_history"))
    state.close()
