//! What a webhook means by default: what the first user's backend makes of it. Each row of its rules,
//! and then every change from one price to another.

use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::webhooks::*;

/// One row: a webhook and what is to become of it.
struct Row {
    what: &'static str,
    webhook: Value,
    /// Each event as [`told`] shows it.
    events: Vec<Value>,
    /// Without what is null.
    profile: Option<Value>,
    warnings: Vec<&'static str>,
}

/// An event's name, whether phones are told, its properties, and its message.
fn told(event: &Value) -> Value {
    let message = &event["notification"];
    let mut properties = event["properties"].clone();
    assert_eq!(properties["channel"], "usage");
    properties.as_object_mut().expect("an object").remove("channel");
    assert_eq!(
        json!([
            event["distinctId"],
            event["groups"],
            event["timestamp"],
            message["preferenceKey"],
            message["cron"],
            message["audience"]
        ]),
        json!([
            "o1",
            [["organization", "o1"]],
            "2025-06-15T15:06:40.000Z",
            "credit_usage",
            "* * * * *",
            "billing"
        ])
    );
    json!([
        event["event"],
        event["icon"],
        event["notify"],
        properties,
        message["event"],
        message["uniqId"],
        message["data"]
    ])
}

fn begins(message: &str, plan: &str, tags: Value) -> Value {
    let uniq_id = format!("subscription:{message}:{plan}");
    json!(["User subscribe", "💰", true, tags, message, uniq_id, tags])
}

fn updates(message: &str, plan: &str, tags: Value) -> Value {
    let uniq_id = format!("subscription:{message}:{plan}");
    json!(["User update subscribe", "💰", false, tags, message, uniq_id, tags])
}

fn changes(event: &str, tags: Value) -> Value {
    json!([event, "💰", true, tags, "user:plan_change", "user:plan_change", tags])
}

fn on(plan: &str, interval: &str) -> Value {
    json!({ "plan_name": plan, "plan_type": interval })
}

fn from(plan: &str, interval: &str, previous: &str, was: &str) -> Value {
    json!({ "plan_name": plan, "plan_type": interval, "previous_plan_name": previous,
        "previous_plan_type": was })
}

fn is(plan: &str, interval: &str, status: &str, name: &str) -> Option<Value> {
    Some(json!({ "plan_name": plan, "plan_type": interval, "plan_status": status,
        "subscription_status": "active", "subscription_status_name": name }))
}

fn created(shape: Shape, price: &str, more: &Value) -> Value {
    let object = subscription(shape, price, more);
    webhook("evt_1", "customer.subscription.created", T0, &object, &Value::Null)
}

fn deleted(shape: Shape, price: &str, more: &Value) -> Value {
    let object = subscription(shape, price, more);
    webhook("evt_3", "customer.subscription.deleted", T0, &object, &Value::Null)
}

fn moved(shape: Shape, from: &str, to: &str) -> Value {
    updated(shape, to, &json!({}), &changed_from(shape, from))
}

fn row(what: &'static str, webhook: Value, events: Vec<Value>, profile: Option<Value>) -> Row {
    Row { what, webhook, events, profile, warnings: Vec::new() }
}

fn rows(shape: Shape) -> Vec<Row> {
    let none = json!({});
    let items = |prices: &[&str]| {
        let items: Vec<_> = prices.iter().map(|price| item(shape, price)).collect();
        json!({ "items": { "data": items } })
    };
    let cancel = json!(["User cancel", "⚠️", true, {}, "user:cancel", "user:cancel", {}]);
    let unknown = |row: Row, code: &'static str| Row { warnings: vec![code], ..row };
    vec![
        row(
            "created, by the month",
            created(shape, "solo_m", &none),
            vec![begins("user:subscribe_created:monthly", "Solo", on("Solo", "monthly"))],
            is("Solo", "monthly", "created", "created"),
        ),
        row(
            "created, by the year",
            created(shape, "solo_y", &none),
            vec![begins("user:subscribe_created:yearly", "Solo", on("Solo", "yearly"))],
            is("Solo", "yearly", "created", "created"),
        ),
        unknown(
            row(
                "a price that the plan does not have: the yearly message, and no guess elsewhere",
                created(shape, "maker_old", &none),
                vec![begins(
                    "user:subscribe_created:yearly",
                    "Maker",
                    json!({ "plan_name": "Maker" }),
                )],
                Some(json!({ "plan_name": "Maker", "plan_status": "created",
                    "subscription_status": "active", "subscription_status_name": "created" })),
            ),
            "unknown_price",
        ),
        row(
            "updated, and its items are the same",
            updated(shape, "solo_m", &none, &json!({ "latest_invoice": "in_1" })),
            vec![updates("user:subscribe_updated:monthly", "Solo", on("Solo", "monthly"))],
            is("Solo", "monthly", "updated", "updated"),
        ),
        row(
            "from month to year: an upgrade, but not another plan",
            moved(shape, "solo_m", "solo_y"),
            vec![updates(
                "user:subscribe_upgraded:yearly",
                "Solo",
                from("Solo", "yearly", "Solo", "monthly"),
            )],
            is("Solo", "yearly", "updated", "upgraded"),
        ),
        row(
            "from year to month",
            moved(shape, "solo_y", "solo_m"),
            vec![updates(
                "user:subscribe_updated:monthly",
                "Solo",
                from("Solo", "monthly", "Solo", "yearly"),
            )],
            is("Solo", "monthly", "updated", "updated"),
        ),
        row(
            "another product, dearer, and no upgrade",
            moved(shape, "solo_m", "maker_m"),
            vec![
                changes("User Plan Changed", from("Maker", "monthly", "Solo", "monthly")),
                updates(
                    "user:subscribe_updated:monthly",
                    "Maker",
                    from("Maker", "monthly", "Solo", "monthly"),
                ),
            ],
            is("Maker", "monthly", "updated", "updated"),
        ),
        row(
            "another product, and from month to year: cheaper, and an upgrade",
            moved(shape, "maker_m", "solo_y"),
            vec![
                changes("User Upgraded", from("Solo", "yearly", "Maker", "monthly")),
                updates(
                    "user:subscribe_upgraded:yearly",
                    "Solo",
                    from("Solo", "yearly", "Maker", "monthly"),
                ),
            ],
            is("Solo", "yearly", "updated", "upgraded"),
        ),
        row(
            "another product, and from year to month",
            moved(shape, "solo_y", "maker_m"),
            vec![
                changes("User Plan Changed", from("Maker", "monthly", "Solo", "yearly")),
                updates(
                    "user:subscribe_updated:monthly",
                    "Maker",
                    from("Maker", "monthly", "Solo", "yearly"),
                ),
            ],
            is("Maker", "monthly", "updated", "updated"),
        ),
        unknown(
            row(
                "another price of one product, the old one unknown",
                moved(shape, "maker_old", "maker_m"),
                vec![updates(
                    "user:subscribe_updated:monthly",
                    "Maker",
                    json!({ "plan_name": "Maker", "plan_type": "monthly",
                        "previous_plan_name": "Maker" }),
                )],
                is("Maker", "monthly", "updated", "updated"),
            ),
            "unknown_price",
        ),
        unknown(
            row(
                "another product, the old one in no plan",
                moved(shape, "other", "solo_m"),
                vec![
                    changes("User Plan Changed", on("Solo", "monthly")),
                    updates("user:subscribe_updated:monthly", "Solo", on("Solo", "monthly")),
                ],
                is("Solo", "monthly", "updated", "updated"),
            ),
            "unknown_plan",
        ),
        unknown(
            row("a product in no plan", created(shape, "other", &none), vec![], None),
            "unknown_plan",
        ),
        unknown(
            row("another product, in no plan", moved(shape, "solo_m", "other"), vec![], None),
            "unknown_plan",
        ),
        unknown(
            row(
                "no items at all",
                updated(shape, "solo_m", &json!({ "items": { "data": [] } }), &none),
                vec![],
                None,
            ),
            "unknown_plan",
        ),
        row(
            "created past due",
            created(shape, "solo_m", &json!({ "status": "past_due" })),
            vec![],
            None,
        ),
        row(
            "past due, with another plan",
            updated(
                shape,
                "maker_m",
                &json!({ "status": "past_due" }),
                &changed_from(shape, "solo_m"),
            ),
            vec![],
            None,
        ),
        row(
            "the first licensed item counts, not the first that is a plan",
            updated(shape, "solo_m", &items(&["maker_m", "solo_m"]), &items(&["solo_m"])),
            vec![
                changes("User Plan Changed", from("Maker", "monthly", "Solo", "monthly")),
                updates(
                    "user:subscribe_updated:monthly",
                    "Maker",
                    from("Maker", "monthly", "Solo", "monthly"),
                ),
            ],
            is("Maker", "monthly", "updated", "updated"),
        ),
        unknown(
            row(
                "an add-on before the plan",
                updated(shape, "solo_m", &items(&["addon", "solo_m"]), &none),
                vec![],
                None,
            ),
            "unknown_plan",
        ),
        row(
            "to be canceled",
            updated(
                shape,
                "solo_m",
                &json!({ "cancel_at_period_end": true, "canceled_at": T0 - 5 }),
                &json!({ "cancel_at_period_end": false, "canceled_at": null }),
            ),
            vec![updates("user:subscribe_updated:monthly", "Solo", on("Solo", "monthly"))],
            Some(json!({ "plan_name": "Solo", "plan_type": "monthly", "plan_status": "updated",
                "subscription_status": "active", "subscription_status_name": "updated",
                "canceled_at": "2025-06-15T15:06:35.000Z",
                "cancel_at": "2025-06-15T15:08:19.000Z" })),
        ),
        row(
            "canceled: Stripe's times, not ours",
            deleted(
                shape,
                "solo_m",
                &json!({ "status": "canceled", "canceled_at": T0 - 5, "ended_at": T0 - 1 }),
            ),
            vec![cancel.clone()],
            Some(json!({ "plan_name": "Solo", "plan_type": "monthly", "plan_status": "canceled",
                "subscription_status": "canceled", "canceled_at": "2025-06-15T15:06:35.000Z",
                "ended_at": "2025-06-15T15:06:39.000Z" })),
        ),
        unknown(
            row(
                "canceled, of a product in no plan: what is over is over",
                deleted(shape, "other", &json!({ "status": "canceled" })),
                vec![cancel],
                Some(json!({ "plan_status": "canceled", "subscription_status": "canceled",
                    "canceled_at": "2025-06-15T15:06:40.000Z" })),
            ),
            "unknown_plan",
        ),
    ]
}

#[test]
fn each_rule_of_the_backend_holds() {
    for shape in SHAPES {
        for Row { what, webhook, events: expected, profile: set, warnings } in rows(shape) {
            let events = events(&webhook);
            let (captures, profiles): (Vec<&Value>, Vec<&Value>) =
                events.iter().partition(|event| event["kind"] == "capture");
            let actual: Vec<Value> = captures.into_iter().map(told).collect();
            assert_eq!(actual, expected, "{what}, {shape:?}");
            assert_eq!(profiles.len(), usize::from(set.is_some()), "{what}, {shape:?}");
            if let Some(set) = set {
                assert_eq!(profile(&events), set, "{what}, {shape:?}");
                let whole = profiles[0]["properties"].as_object().expect("an object");
                assert_eq!(whole.len(), 8, "{what}, {shape:?}: {whole:?}");
            }
            let codes: Vec<&str> =
                to_events(&webhook).warnings.iter().map(|warning| warning.code.name()).collect();
            assert_eq!(codes, warnings, "{what}, {shape:?}");
        }
    }
}

/// A plan and a price of one item say the same; should they not, the plan counts, if it is whole.
#[test]
fn an_item_is_what_its_plan_says() {
    let mut both = item(Shape::Before, "maker_m");
    both["plan"] = item(Shape::Before, "solo_y")["plan"].clone();
    let plan_of = |item: &Value| {
        let items = json!({ "items": { "data": [item] } });
        let events = events(&created(Shape::Before, "solo_m", &items));
        let profile = profile(&events);
        json!([profile["plan_name"], profile["plan_type"]])
    };
    assert_eq!(plan_of(&both), json!(["Solo", "yearly"]));
    both["plan"]["product"] = Value::Null;
    assert_eq!(plan_of(&both), json!(["Maker", "monthly"]));
    both["price"]["product"] = json!({ "id": "prod_maker", "object": "product" });
    assert_eq!(plan_of(&both), json!(["Maker", "monthly"]));
}

#[test]
fn all_but_past_due_is_told() {
    for shape in SHAPES {
        for status in [
            "active",
            "trialing",
            "unpaid",
            "incomplete",
            "incomplete_expired",
            "paused",
            "canceled",
        ] {
            let update = updated(shape, "solo_m", &json!({ "status": status }), &json!({}));
            let events = events(&update);
            assert_eq!(names(&events), ["User update subscribe", "profile"], "{status}");
            let profile = profile(&events);
            assert_eq!(
                json!([profile["subscription_status"], profile["plan_status"]]),
                json!([status, "updated"])
            );
        }
    }
}

/// A price as the rules see it: its plan, how often it is paid by the plan's own ids, its interval.
type Seen = (&'static str, Option<&'static str>, Option<&'static str>, &'static str);

const PRICES: [Seen; 6] = [
    ("solo_m", Some("Solo"), Some("monthly"), "month"),
    ("solo_y", Some("Solo"), Some("yearly"), "year"),
    ("maker_m", Some("Maker"), Some("monthly"), "month"),
    ("maker_y", Some("Maker"), Some("yearly"), "year"),
    ("maker_old", Some("Maker"), None, "month"),
    ("other", None, None, "month"),
];

/// Written from the rules, and apart from the product's code.
fn expected(from: Option<Seen>, to: Seen, kind: &str, status: &str) -> Vec<Value> {
    let (_, plan, interval, paid) = to;
    let (Some(plan), false) = (plan, status == "past_due") else { return Vec::new() };
    let mut tags = json!({ "plan_name": plan });
    let mut set = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            tags[name] = json!(value);
        }
    };
    set("plan_type", interval);
    if let Some((_, plan, interval, _)) = from {
        set("previous_plan_name", plan);
        set("previous_plan_type", interval);
    }
    let upgraded = from.is_some_and(|(.., was)| was == "month") && paid == "year";
    let mut events = Vec::new();
    if let Some((_, was, ..)) = from
        && was != Some(plan)
    {
        let event = if upgraded { "User Upgraded" } else { "User Plan Changed" };
        events.push(changes(event, tags.clone()));
    }
    let name = if upgraded { "upgraded" } else { kind };
    let often = if interval == Some("monthly") { "monthly" } else { "yearly" };
    let message = format!("user:subscribe_{name}:{often}");
    let say = if kind == "created" { begins } else { updates };
    events.push(say(&message, plan, tags));
    events.push(json!({ "plan_name": plan, "plan_type": interval, "plan_status": kind,
        "subscription_status": status, "subscription_status_name": name }));
    events
}

#[test]
fn every_price_changes_into_every_other() {
    let mut cases = 0;
    for shape in SHAPES {
        for to in PRICES {
            for from in PRICES.into_iter().map(Some).chain([None]) {
                for kind in ["created", "updated"] {
                    for status in ["active", "trialing", "past_due", "unpaid"] {
                        let object = subscription(shape, to.0, &json!({ "status": status }));
                        let previous = from.map(|(price, ..)| changed_from(shape, price));
                        let webhook = webhook(
                            "evt_1",
                            &format!("customer.subscription.{kind}"),
                            T0,
                            &object,
                            &previous.into(),
                        );
                        let mut actual = Vec::new();
                        for event in events(&webhook) {
                            actual.push(if event["kind"] == "capture" {
                                told(&event)
                            } else {
                                let mut profile = event["properties"].clone();
                                for name in ["canceled_at", "ended_at", "cancel_at"] {
                                    let profile = profile.as_object_mut().expect("an object");
                                    assert_eq!(profile.remove(name), Some(Value::Null));
                                }
                                profile
                            });
                        }
                        assert_eq!(
                            actual,
                            expected(from, to, kind, status),
                            "{from:?} → {to:?}, {kind}, {status}, {shape:?}"
                        );
                        cases += 1;
                    }
                }
            }
        }
    }
    assert_eq!(cases, 672);
}

#[test]
fn an_invoice_says_what_will_be_paid() {
    let line = |price: &str, product: &str| {
        [
            json!({ "price": { "id": price, "product": product } }),
            json!({ "plan": { "id": price, "product": product } }),
            json!({ "pricing": { "type": "price_details",
                "price_details": { "price": price, "product": product } } }),
        ]
    };
    let mut cases = Vec::new();
    for (price, product, plan, interval, warned) in [
        ("solo_m", "prod_solo", Some("Solo"), "monthly", None),
        ("solo_y", "prod_solo", Some("Solo"), "yearly", None),
        ("maker_old", "prod_maker", Some("Maker"), "monthly", Some("unknown_price")),
        ("else", "prod_else", None, "monthly", Some("unknown_plan")),
    ] {
        for line in line(price, product) {
            cases.push((
                json!({ "total": 1450, "lines": { "data": [line] } }),
                plan,
                14.5,
                interval,
                warned,
            ));
        }
    }
    for (total, price) in [
        (json!(1200), 12.0),
        (json!(1205), 12.05),
        (json!(7), 0.07),
        (json!(0), 0.0),
        (json!(-1250), -12.5),
        (json!(-5), -0.05),
        (Value::Null, 0.0),
        (json!("1450"), 0.0),
        (json!(9_999_999_999_i64), 99_999_999.99),
    ] {
        cases.push((
            json!({ "total": total, "lines": { "data": [] } }),
            None,
            price,
            "monthly",
            None,
        ));
    }
    cases.push((json!({}), None, 0.0, "monthly", None));
    for (object, plan, price, interval, warned) in cases {
        let invoice = webhook("evt_4", "invoice.upcoming", T0, &object, &Value::Null);
        for name in [Some("Acme"), None] {
            let mut data = json!({ "plan_name": plan, "price": price, "plan_type": interval });
            if let Some(name) = name {
                data["org_name"] = json!(name);
            }
            let more = json!({ "organizationName": name });
            let warnings = to_events_with(&invoice, &more).warnings;
            assert_eq!(warnings.first().map(|warning| warning.code.name()), warned, "{object}");
            let events = events_with(&invoice, &more);
            let [event] = &events[..] else { panic!("{events:?}") };
            let mut told = told(event);
            // Whole numbers and others are one kind of number to whoever reads JSON.
            assert_eq!(told[6]["price"].as_f64(), Some(price), "{object}");
            told[6]["price"] = json!(price);
            let message = "org:invoice_upcoming";
            assert_eq!(
                told,
                json!(["Invoice Upcoming", "📄", false, {}, message, message, data]),
                "{object}"
            );
        }
    }
}

/// What the caller's own messages are made of comes with the events that have one, if it is asked for.
#[test]
fn facts_come_where_they_are_asked_for() {
    let shape = Shape::Since;
    let facts = |webhook: &Value| -> Vec<Value> {
        assert!(events(webhook).iter().all(|event| event.get("facts").is_none()));
        let events = events_with(webhook, &json!({ "facts": true }));
        events.iter().filter_map(|event| event.get("facts").cloned()).collect()
    };
    let other = |kind: &str, object: Value| webhook("evt_4", kind, T0, &object, &Value::Null);
    assert_eq!(
        facts(&moved(shape, "maker_m", "solo_y")),
        [
            json!({ "about": "planChanged", "plan": "Solo", "planType": "yearly",
                "previousPlan": "Maker", "previousPlanType": "monthly", "change": "upgraded" }),
            json!({ "about": "subscribed", "plan": "Solo", "planType": "yearly",
                "previousPlan": "Maker", "previousPlanType": "monthly", "change": "upgraded",
                "status": "active" })
        ]
    );
    assert_eq!(
        facts(&moved(shape, "solo_m", "maker_m"))[0]["change"],
        "changed",
        "another plan that is no upgrade"
    );
    assert_eq!(
        facts(&created(shape, "maker_old", &json!({}))),
        [json!({ "about": "subscribed", "plan": "Maker", "planType": null, "previousPlan": null,
            "previousPlanType": null, "change": "created", "status": "active" })]
    );
    assert_eq!(
        facts(&deleted(shape, "other", &json!({ "canceled_at": T0 - 5 }))),
        [json!({ "about": "canceled", "plan": null, "planType": null,
            "canceledAt": "2025-06-15T15:06:35.000Z", "endedAt": null })]
    );
    assert_eq!(
        facts(&other("invoice.upcoming", json!({ "total": 1450, "currency": "eur" }))),
        [json!({ "about": "invoiceUpcoming", "plan": null, "planType": "monthly",
            "price": 14.5, "currency": "eur" })]
    );
    assert_eq!(
        facts(&other("invoice.payment_failed", json!({ "amount_due": 1450, "currency": "eur" }))),
        [json!({ "about": "paymentFailed", "amount": 1450, "currency": "eur" })]
    );
    assert_eq!(
        facts(&other("charge.failed", json!({ "amount": 7, "currency": null }))),
        [json!({ "about": "paymentFailed", "amount": 7, "currency": null })]
    );
    assert_eq!(
        facts(&other("charge.failed", json!({ "amount": "much" }))),
        [json!({ "about": "paymentFailed", "amount": null, "currency": null })]
    );
    let card = json!({ "exp_month": 7, "exp_year": 2027 });
    for (kind, about) in
        [("customer.source.created", "cardAdded"), ("customer.source.expiring", "cardExpiring")]
    {
        assert_eq!(
            facts(&other(kind, card.clone())),
            [json!({ "about": about, "expirationDate": "7/2027" })]
        );
    }
    assert!(facts(&other("checkout.session.completed", json!({}))).is_empty());
}

#[test]
fn a_notification_is_replaced_or_taken_out() {
    let change = moved(Shape::Since, "solo_m", "maker_m");
    let own = json!({ "event": "own", "preferenceKey": "p", "uniqId": "u", "data": {} });
    for event in &events_with(&change, &json!({ "notification": own }))[..2] {
        assert_eq!(event["notification"], own);
    }
    for event in events_with(&change, &json!({ "notification": null })) {
        assert_eq!(event.get("notification"), None, "{event}");
    }
}
