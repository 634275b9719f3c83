"""Who is told when: escalation by open hours, quiet hours, budget, precision, sight."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest

from warehouse.access.roles import Role
from warehouse.alerts.alert import (
    NETWORK,
    Basis,
    Happening,
    Instance,
    Key,
    Level,
    Scope,
    Severity,
    State,
)
from warehouse.alerts.digests import digest, escalation
from warehouse.alerts.hygiene import hygiene
from warehouse.alerts.messages import compose
from warehouse.alerts.patience import (
    STEPS,
    Hours,
    due_at,
    office_spans,
    precision,
    step_reached,
    within_budget,
)
from warehouse.alerts.recipients import Context, Recipient, Said
from warehouse.alerts.records import (
    Action,
    Alert,
    Deed,
    Delivery,
    Entry,
    Judgement,
    Plan,
    Sending,
)
from warehouse.alerts.sight import regions_of, sees
from warehouse.records import Store
from warehouse.scope import EVERYTHING, Rights
from warehouse.text import Text

ZONE = "Asia/Shanghai"
NIGHT = Hours(time(22), time(7))


def at(text):
    """Return a moment in Shanghai as UTC."""
    return datetime.fromisoformat(f"2026-11-{text}+08:00").astimezone(timezone.utc)


def make(
    number, store="S1", *, rule="wait_bay.red", noted="20T10:00", scope=None, **more
):
    """Return a firing alert."""
    severity = Severity(rule.rpartition(".")[2]) if "." in rule else Severity.DATA
    marks = {
        k: more.pop(k) for k in ("inhibited_by", "base", "is_resting") if k in more
    }
    instance = Instance(
        key=Key(rule, scope or Scope(Level.STORE, store)),
        episode=1,
        value=75.0,
        n=40,
        target=30.0,
        line=60.0,
        fired_at=at(noted),
        peak=80.0,
        **{"base": State.FIRING, **marks},
    )
    return Alert(
        id=number,
        instance=instance,
        metric=rule.rpartition(".")[0],
        severity=severity,
        basis=Basis.THRESHOLD,
        noted_at=at(noted),
        **more,
    )


OPEN = [(at("20T08:30"), at("20T18:00")), (at("21T08:30"), at("21T18:00"))]


@pytest.mark.parametrize(
    ("noted", "now", "steps"),
    [
        ("20T10:00", "20T10:29", 0),
        ("20T10:00", "20T10:30", 1),
        ("20T10:00", "20T11:59", 1),
        ("20T10:00", "20T12:00", 2),
        ("20T17:50", "21T08:49", 0),  # ten minutes, a night, nineteen minutes
        ("20T17:50", "21T08:50", 1),
        ("20T19:00", "21T08:59", 0),  # after hours: the clock starts in the morning
        ("20T19:00", "21T09:00", 1),
        ("20T10:00", "22T20:00", 2),  # the 22nd is closed
    ],
)
def test_nights_and_closed_days_do_not_count(noted, now, steps):
    """Thirty open minutes to the region, two open hours to the top."""
    assert step_reached(make(1, noted=noted), at(now), OPEN, STEPS) == steps


@pytest.mark.parametrize(
    "alert",
    [
        make(1, acknowledged_by="li"),
        make(1, rule="wait_bay.amber"),
        make(1, inhibited_by="source_stale"),
        make(1, base=State.OK),
        make(1, is_resting=True),
    ],
)
def test_only_open_reds_escalate(alert):
    """Acknowledged, amber, spoken for, over, resting: nobody higher up is called."""
    assert step_reached(alert, at("20T17:00"), OPEN, STEPS) == 0


def test_a_replay_of_long_ago_calls_nobody():
    """Data of 2018 that are loaded today are no emergency."""
    old = make(1)
    fired = replace(old.instance, fired_at=at("20T10:00") - timedelta(days=900))

    assert step_reached(replace(old, instance=fired), at("20T17:00"), OPEN, STEPS) == 0


def test_office_hours_cover_what_belongs_to_no_store():
    """A region's alert waits from eight to eight."""
    spans = office_spans(at("20T19:50"), at("21T09:00"), ZONE, Hours(time(8), time(20)))

    assert step_reached(make(1, noted="20T19:50"), at("21T08:19"), spans, STEPS) == 0
    assert step_reached(make(1, noted="20T19:50"), at("21T08:20"), spans, STEPS) == 1


def test_quiet_hours_end_in_the_morning():
    """What happens at 23:00 or 03:00 is said at 07:00; by day half a minute later."""
    assert due_at(at("20T23:00"), ZONE, NIGHT, is_urgent=False) == at("21T07:00")
    assert due_at(at("20T03:00"), ZONE, NIGHT, is_urgent=False) == at("20T07:00")
    assert due_at(at("20T03:00"), ZONE, NIGHT, is_urgent=True) == at("20T03:00:30")
    assert due_at(at("20T12:00"), ZONE, NIGHT, is_urgent=False) == at("20T12:00:30")


def judged(rule, votes):
    return [
        Judgement(
            rule=rule, alert_id=i, episode=1, who="li", at=at("20T10:00"), is_right=vote
        )
        for i, vote in enumerate(votes)
    ]


@pytest.mark.parametrize(
    ("right", "of", "demoted"),
    [(23, 30, True), (24, 30, False), (0, 29, False), (30, 30, False)],
)
def test_a_rule_that_is_often_wrong_is_demoted(right, of, demoted):
    """Under 80 % of 30 judgements; 24 of 30 is 80 %, and 29 are too few."""
    votes = [True] * right + [False] * (of - right)

    assert precision(judged("r", votes))["r"].is_demoted is demoted


def test_only_the_newest_judgements_count():
    """A rule that was mended is let back."""
    votes = [False] * 30 + [True] * 30

    assert precision(judged("r", votes))["r"].share == 1


STORES = [
    Store(
        store_id=i,
        name=f"店{i}",
        name_en=None,
        region=r,
        city=None,
        city_class=None,
        store_class=None,
        is_inferred=False,
    )
    for i, r in (("S1", "华东"), ("S2", "华东"), ("S3", "华北"))
]
REGIONS = regions_of(STORES)


def only(*stores):
    return Rights(store_ids=frozenset(stores))


@pytest.mark.parametrize(
    ("rights", "scope", "visible"),
    [
        (EVERYTHING, NETWORK, True),
        (only("S1"), NETWORK, False),
        (only("S1"), Scope(Level.STORE, "S1"), True),
        (only("S1"), Scope(Level.STORE, "S2"), False),
        (only("S1"), Scope(Level.REGION, "华东"), False),
        (only("S1", "S2"), Scope(Level.REGION, "华东"), True),
        (only("S1", "S2"), Scope(Level.REGION, "西南"), False),
        (only("S1", "S2", "S3"), Scope(Level.SOURCE, "dms/work_orders"), False),
        (only(), Scope(Level.STORE, "S1"), False),
    ],
)
def test_an_alert_is_seen_by_who_may_see_its_rows(rights, scope, visible):
    """A region's number is of all its stores; the network's of all there are."""
    assert sees(rights, scope, REGIONS) is visible


def person(name="li", rights=EVERYTHING, role=Role.EXECUTIVE, **more):
    return Recipient(name=name, role=role, rights=rights, channels=("c",), **more)


def context(*alerts, now="20T10:00", **more):
    names = {s.store_id: Text(s.name, s.name) for s in STORES}
    return Context(
        now=at(now),
        zone=ZONE,
        link="https://x",
        names=names,
        regions=REGIONS,
        alerts={a.id: a for a in alerts},
        **more,
    )


def entry(alert, kind=Happening.FIRED, number=1):
    return Entry(
        id=number,
        alert_id=alert.id,
        episode=1,
        at=at("20T10:00"),
        noted_at=at("20T10:00"),
        batch="B1",
        kind=kind,
        before="OK",
        after="FIRING",
        value=75.0,
        n=40,
        line=60.0,
        lines_from="",
        who="",
        note="",
    )


def said(recipient, alerts, ctx=None, told=frozenset(), week=0, kind=Happening.FIRED):
    news = [entry(alert, kind, i) for i, alert in enumerate(alerts)]
    return compose(
        news, recipient, Said(this_week=week, told=told), ctx or context(*alerts)
    )


def test_fifty_stores_are_one_message():
    """Ten are listed, forty are counted."""
    alerts = [make(i, f"S{i}") for i in range(50)]

    (message,) = said(person(), alerts)

    assert len(message.alerts) == 50
    assert "50" in message.title
    assert message.text.count("\n- ") == 10
    assert "40" in message.text.splitlines()[-1]


def test_nobody_hears_of_what_he_may_not_see():
    """A store's manager hears of his store; nothing names another one."""
    alerts = [make(1, "S1"), make(2, "S2"), make(3, scope=NETWORK)]

    (message,) = said(person(rights=only("S1"), role=Role.STORE_MANAGER), alerts)

    assert message.alerts == ((1, 1),)
    assert "店S2" not in message.text


def test_a_network_wide_breach_is_one_line_to_who_sees_it():
    """The executive reads one line; the store's manager still hears of his store."""
    network = make(9, scope=NETWORK)
    store = make(1, "S1", inhibited_by=str(network.instance.key))

    (top,) = said(person(), [network, store])
    (local,) = said(
        person(rights=only("S1"), role=Role.STORE_MANAGER), [network, store]
    )

    assert top.alerts == ((9, 1),)
    assert local.alerts == ((1, 1),)


def test_data_alerts_go_to_who_minds_the_data():
    """An executive is not woken by a late file."""
    late = make(1, rule="source_stale", scope=Scope(Level.SOURCE, "dms/work_orders"))

    assert said(person(), [late]) == []
    assert len(said(person(role=Role.DATA_ADMIN), [late])) == 1


def test_over_the_budget_it_waits_for_the_digest():
    """Reds are exempt; the sixth amber of a week is counted, not sent."""
    amber, red = make(1, rule="wait_bay.amber"), make(2)

    (loud,) = said(person(budget=5), [amber], week=4)
    messages = said(person(budget=5), [amber, red], week=5)

    assert loud.status is Sending.WAITING
    assert {(m.kind, m.status) for m in messages} == {
        ("red", Sending.WAITING),
        ("digest", Sending.SUPPRESSED),
    }
    assert not within_budget(5, 5)


def test_a_demoted_rule_only_reaches_the_digest():
    """Red or not: who cried wolf is read in the morning."""
    red = make(1)

    (message,) = said(
        person(), [red], context(red, demoted=frozenset({"wait_bay.red"}))
    )

    assert message.status is Sending.SUPPRESSED


def test_a_recovery_is_said_to_who_heard_of_the_alert():
    """With how long, how bad, and who had it; to nobody else."""
    over = make(1, base=State.OK, owner="zhang", acknowledged_by="zhang")
    later = context(over)

    assert said(person(), [over], later, kind=Happening.RECOVERED) == []
    (message,) = said(
        person(), [over], later, told=frozenset({(1, 1)}), kind=Happening.RECOVERED
    )

    assert message.kind == "recovered"
    for word in ("持续", "80 分钟", "zhang"):
        assert word in message.text


def test_the_reason_stands_in_the_message():
    """The first reds say what drives them, asked with the recipient's rights."""
    asked = []

    def explain(alert, rights, language):
        asked.append((alert.id, rights))
        return "主要是刹车。"

    red = make(1)
    rights = only("S1")
    (message,) = said(person(rights=rights), [red], context(red, explain=explain))

    assert "主要是刹车。" in message.text
    assert asked == [(1, rights)]


def test_both_languages_say_the_same():
    """Figures and counts are in each."""
    for language, word in (("zh", "需要处理"), ("en", "need action")):
        (message,) = said(person(language=language), [make(1)])
        assert word in message.title
        assert "75" in message.text
        assert "n=40" in message.text


def test_the_digest_counts_what_was_not_sent():
    """What burns, and how much was kept back."""
    amber, red = make(1, rule="wait_bay.amber"), make(2)
    kept = said(person(budget=0), [amber])

    (message,) = digest(
        date(2026, 11, 21), person(), [], [red, amber], kept, context(red, amber)
    )

    assert "2 项" in message.text
    assert "另有 1 项未逐条推送" in message.text
    assert message.key == "digest:2026-11-21:li:c"


def test_escalation_reaches_who_is_responsible():
    """The region's manager hears of his stores only; the key is the alerts'."""
    alerts = [make(1, "S1"), make(3, "S3")]
    east = person("east", only("S1", "S2"), Role.REGION_MANAGER)

    (message,) = escalation(alerts, 1, east, context(*alerts))

    assert message.alerts == ((1, 1),)
    assert escalation(alerts, 1, person(rights=only("S9")), context(*alerts)) == []


def test_hygiene_counts_what_happened():
    """Two firings, one answered after ten minutes, one chattering, one action."""

    def moved(one, minutes, kind, alert_id=1):
        return replace(
            one,
            kind=kind,
            alert_id=alert_id,
            noted_at=one.noted_at + timedelta(minutes=minutes),
        )

    one = entry(make(1))
    entries = [
        one,
        moved(one, 10, Deed.ACKNOWLEDGED),
        moved(one, 20, Happening.RECOVERED),
        moved(one, 25, Happening.RELAPSED),
        moved(one, 0, Happening.FIRED, 2),
    ]
    action = Action(
        id=1,
        alert_id=1,
        episode=1,
        at=at("20T11:00"),
        who="li",
        plan=Plan(owner="li", action="x", cause="parts"),
    )

    found = hygiene(
        entries=entries,
        active=[make(2)],
        deliveries=[],
        actions=[action],
        judgements=judged("r", [True] * 3 + [False]),
        now=at("21T11:00"),
        zone=ZONE,
    )

    assert (found.firings, found.active) == (2, 1)
    assert found.acknowledged_nightly == timedelta(minutes=10)
    assert found.acknowledged_live is None
    assert (found.acknowledged_share, found.action_share) == (0.5, 0.5)
    assert found.chattering == ((1, 3),)
    assert [a.id for a in found.stale] == [2]
    assert found.red_share == 1
    assert found.precision[0].share == 0.75


def figures(entries, **more):
    """Return the figures of some lines of history."""
    told = {"active": [], "deliveries": [], "actions": [], "judgements": []}
    return hygiene(entries=entries, now=at("30T11:00"), zone=ZONE, **(told | more))


@pytest.mark.parametrize(
    ("nights", "live", "chatters"),
    [
        ((0, 3, 6), (), True),  # three within seven evaluations
        ((0, 3, 7), (), False),
        ((0, 3, 6), (1,), False),  # a rule of the day is judged by the hour
    ],
)
def test_a_nightly_rule_chatters_in_weeks(nights, live, chatters):
    """Fired, recovered and fired again within seven nights is a rule that trembles."""
    kinds = (Happening.FIRED, Happening.RECOVERED, Happening.FIRED)
    entries = [
        replace(
            entry(make(1), kind),
            batch=f"B{night}",
            noted_at=at("01T02:00") + timedelta(days=night),
        )
        for night, kind in zip(nights, kinds, strict=True)
    ]
    found = figures(entries, live=live, evaluations=[f"B{n}" for n in range(9)])
    assert bool(found.chattering) is chatters


def test_the_busiest_hour_is_told():
    """A store's manager hears twice an hour at most: the page says what it was."""

    def sent(clock, recipient="li", kind="red"):
        return Delivery(
            key=f"{clock}{recipient}", kind=kind, channel="c", recipient=recipient,
            title="", text="", link="", status=Sending.SENT, created_at=at(clock),
            due_at=at(clock), sent_at=at(clock),
        )  # fmt: skip

    found = figures(
        [],
        deliveries=[
            sent("20T10:05"), sent("20T10:50"), sent("20T11:10"),
            sent("20T10:06", "wang"), sent("20T10:07", "wang", "digest"),
        ],
    )  # fmt: skip
    assert found.per_hour == {"li": 2, "wang": 1}
    assert sum(found.per_day.values()) == 4
