//! Questions that cannot be meant, and what is no question at all: each is an error with a name, and the node goes on.

use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use faultline_tests::{wait_for, TestNode};
use serde_json::{json, Value};

use crate::bare::{call, connect, http, post, Bare};

/// A node with a block.
fn node() -> Result<TestNode> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    Ok(node)
}

/// The number of the final block, which it gives at once.
fn finalized(node: &TestNode) -> Result<u64> {
    let began = Instant::now();
    let status = call(node, "faultline_status", &json!([]))?;
    ensure!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    status["result"]["at"]["number"]
        .as_u64()
        .with_context(|| format!("no block: {status}"))
}

/// Checks that the node answers, and makes more blocks final.
fn ensure_well(node: &TestNode) -> Result<()> {
    let before = finalized(node)?;
    let listed = call(node, "faultline_incidents", &json!([]))?;
    ensure!(listed["result"]["data"]["items"].is_array(), "{listed}");
    wait_for("more final blocks", Duration::from_secs(30), || {
        Ok((finalized(node)? > before).then_some(()))
    })
}

/// A method with parameters, the code that it must be refused with, and a text that the refusal must hold.
type Case = (&'static str, Value, i64, &'static str);

fn ensure_refused(node: &TestNode, cases: Vec<Case>) -> Result<()> {
    for (method, params, code, words) in cases {
        let answer = call(node, method, &params)?;
        let error = &answer["error"];
        ensure!(
            error["code"] == code,
            "{method} {params}: {code} was due: {answer}"
        );
        ensure!(
            error.to_string().contains(words),
            "{method} {params}: nothing of `{words}`: {answer}"
        );
        if code > 7000 {
            ensure!(error["data"]["kind"].is_string(), "{method} {params}: {answer}");
        }
        ensure!(answer["result"].is_null(), "{answer}");
    }
    Ok(())
}

#[test]
fn a_limit_that_is_none_is_refused_and_the_refusal_says_which_are() -> Result<()> {
    let node = node()?;
    let lists = [
        ("faultline_incidents", json!([null, null])),
        ("faultline_services", json!([null, null])),
        ("faultline_organisations", json!([null])),
        ("faultline_acts", json!([null])),
    ];
    for (method, before) in lists {
        let with = |limit: Value| {
            let mut params = before.as_array().cloned().unwrap_or_default();
            params.push(limit);
            Value::from(params)
        };
        ensure_refused(
            &node,
            vec![
                (method, with(0.into()), 7002, "1 to 100"),
                (method, with(101.into()), 7002, "1 to 100"),
                (method, with(u32::MAX.into()), 7002, "1 to 100"),
                (method, with((-1).into()), -32602, "u32"),
                (method, with((1u64 << 40).into()), -32602, "u32"),
                (method, with("x".into()), -32602, "u32"),
                (method, with(1.5.into()), -32602, "u32"),
                (method, with(json!([1])), -32602, "u32"),
            ],
        )?;
        for limit in [1, 100] {
            let answer = call(&node, method, &with(limit.into()))?;
            ensure!(answer["result"]["data"]["items"].is_array(), "{answer}");
        }
    }
    ensure_well(&node)
}

#[test]
fn a_filter_that_cannot_be_meant_is_refused_by_what_is_wrong_with_it() -> Result<()> {
    let node = node()?;
    let of = |filter: Value| json!([filter]);
    for method in ["faultline_incidents", "faultline_subscribeIncidents"] {
        let subscribes = method.contains("subscribe");
        let mut cases = vec![
            (method, of(json!({ "colour": "red" })), -32602, "verdict"),
            (method, of(json!({ "Verdict": ["Confirmed"] })), -32602, "verdict"),
            (method, of(json!({ "verdict": ["Maybe"] })), -32602, "Contested"),
            (
                method,
                of(json!({ "verdict": ["confirmed"] })),
                -32602,
                "Confirmed",
            ),
            (method, of(json!({ "status": ["Down"] })), -32602, "EndUnknown"),
            (method, of(json!({ "timeliness": ["Early"] })), -32602, "Late"),
            (method, of(json!({ "kind": ["Fire"] })), -32602, "DataLoss"),
            (
                method,
                of(json!({ "severity": ["Critical", "Dire"] })),
                -32602,
                "Minor",
            ),
            (method, of(json!({ "severity": "Critical" })), -32602, "sequence"),
            (method, of(json!({ "organisation": "alice" })), -32602, "u32"),
            (method, of(json!({ "organisation": -1 })), -32602, "u32"),
            (
                method,
                of(json!({ "from": "yesterday" })),
                -32602,
                "2024-12-11T23:16:00Z",
            ),
            (method, of(json!({ "until": 1_733_958_960 })), -32602, "string"),
            (method, of(json!("openai")), -32602, "IncidentFilter"),
            (method, of(json!({ "service": "no/such" })), 7001, "no/such"),
            (method, of(json!({ "under": "no" })), 7001, "no"),
            (method, of(json!({ "under": "opena" })), 7001, "opena"),
            (method, of(json!({ "organisation": 99 })), 7001, "99"),
            (
                method,
                of(json!({ "opener": 4_000_000_000u32 })),
                7001,
                "4000000000",
            ),
            (method, of(json!({ "service": "Open AI" })), 7002, "service"),
            (method, of(json!({ "service": "" })), 7002, "service"),
            (method, of(json!({ "service": "openai/" })), 7002, "service"),
            (method, of(json!({ "service": "a".repeat(65) })), 7002, "service"),
            (method, of(json!({ "under": "openai//api" })), 7002, "under"),
            (method, of(json!({ "under": "a".repeat(100_000) })), 7002, "under"),
            (
                method,
                of(json!({ "from": "2024-12-12T00:00:00Z", "until": "2024-12-11T00:00:00Z" })),
                7002,
                "until",
            ),
            (
                method,
                of(json!({ "from": "2024-12-11T00:00:00Z", "until": "2024-12-11T00:00:00Z" })),
                7002,
                "until",
            ),
        ];
        // A list's own cursor, and one of a subscription.
        for cursor in ["", "0", "AAAA", "0x00"] {
            cases.push((method, json!([null, cursor]), 7004, "cursor"));
        }
        if subscribes {
            // Subscriptions are of connections that last: over HTTP there is no such method.
            let mut socket = Bare::open(&node)?;
            for (method, params, code, words) in cases {
                let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
                socket.send(&request.to_string())?;
                let answer = socket.answer()?;
                ensure!(
                    answer["error"]["code"] == code,
                    "{params}: {code} was due: {answer}"
                );
                ensure!(answer["error"].to_string().contains(words), "{params}: {answer}");
            }
            // None of them is a subscription all the same: the next word is the answer to the next question.
            for (id, params) in [(0, json!([])), (1, json!([0])), (2, json!([99, 0]))] {
                let method = [
                    "faultline_status",
                    "faultline_subscribeEntries",
                    "faultline_subscribeEntries",
                ][id];
                let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
                socket.send(&request.to_string())?;
                let answer = socket.answer()?;
                ensure!(answer["id"] == id, "{answer}");
                ensure!((id == 0) == answer["error"].is_null(), "{answer}");
                ensure!(id == 0 || answer["error"]["code"] == 7001, "{answer}");
            }
        } else {
            ensure_refused(&node, cases)?;
        }
    }
    ensure_refused(
        &node,
        vec![
            ("faultline_services", of(json!({ "under": "no" })), 7001, "no"),
            ("faultline_services", of(json!({ "under": "NO" })), 7002, "under"),
            ("faultline_services", of(json!({ "provider": 99 })), 7001, "99"),
            (
                "faultline_services",
                of(json!({ "listed": "yes" })),
                -32602,
                "boolean",
            ),
            (
                "faultline_services",
                of(json!({ "slug": "openai" })),
                -32602,
                "under",
            ),
            ("faultline_services", json!([null, "x"]), 7004, "cursor"),
            ("faultline_service", json!(["no/such"]), 7001, "no/such"),
            ("faultline_service", json!(["No Such"]), 7002, "slug"),
            ("faultline_service", json!([]), -32602, ""),
            ("faultline_incident", json!([u64::MAX]), 7001, "incident"),
            ("faultline_incident", json!([-1]), -32602, "u64"),
            ("faultline_related", json!([7]), 7001, "incident"),
            ("faultline_entries", json!([7]), 7001, "incident"),
            ("faultline_organisation", json!([99]), 7001, "organisation"),
            ("faultline_nothing", json!([]), -32601, "Method not found"),
        ],
    )?;
    // Nothing said is not nonsense.
    for params in [
        json!([null, null, null]),
        json!({}),
        json!({ "filter": {}, "limit": 5 }),
        json!([{ "verdict": [] }]),
    ] {
        let answer = call(&node, "faultline_incidents", &params)?;
        ensure!(
            answer["result"]["data"]["items"] == json!([]),
            "{params}: {answer}"
        );
    }
    ensure_well(&node)
}

/// So many brackets within each other.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn what_is_no_json_or_nested_without_end_is_an_error_and_nothing_worse() -> Result<()> {
    let node = node()?;
    let deep = nested(10_000);
    let objects = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let with = |params: &str| {
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"faultline_incidents","params":{params}}}"#)
    };
    let bodies = [
        ("half a call", with("[").replace('}', "")),
        (
            "an unquoted word",
            r#"{"jsonrpc":"2.0","id":1,"method":status}"#.into(),
        ),
        ("a word", "status".into()),
        ("nothing", String::new()),
        ("bytes of zero", "\0\0\0\0".into()),
        ("no method", r#"{"jsonrpc":"2.0","id":1}"#.into()),
        (
            "another protocol",
            r#"{"jsonrpc":"1.0","id":1,"method":7}"#.into(),
        ),
        ("brackets", deep.clone()),
        ("brackets without end", "[".repeat(1_000_000)),
        ("objects", objects.clone()),
        ("brackets as parameters", with(&deep)),
        ("brackets as a filter", with(&format!("[{deep}]"))),
        ("objects as a filter", with(&format!("[{objects}]"))),
        (
            "brackets as a verdict",
            with(&format!(r#"[{{"verdict":{deep}}}]"#)),
        ),
        ("brackets as a cursor", with(&format!("[null,{deep}]"))),
    ];
    for (what, body) in &bodies {
        let answer = post(&node, body).with_context(|| (*what).to_owned())?;
        let code = answer.json()["error"]["code"].as_i64();
        // A batch of one bracket is a batch of something that is no call.
        let code = code.or_else(|| answer.json()[0]["error"]["code"].as_i64());
        ensure!(
            code.is_some_and(|code| code < 0) || answer.status == 400,
            "{what}: {answer:?}"
        );
        ensure!(answer.body.len() < 10_000, "{what}: {} bytes", answer.body.len());
        finalized(&node)?;
    }
    let mut socket = Bare::open(&node)?;
    for (what, body) in &bodies {
        socket.send(body)?;
        let answer = socket.answer().with_context(|| (*what).to_owned())?;
        let code = answer["error"]["code"].as_i64();
        let code = code.or_else(|| answer[0]["error"]["code"].as_i64());
        ensure!(code.is_some_and(|code| code < 0), "{what}: {answer}");
    }
    ensure_well(&node)
}

#[test]
fn a_batch_or_a_body_that_is_too_large_is_refused_and_costs_little() -> Result<()> {
    let node = node()?;
    let before = node.resident_kib()?;
    let status = json!({ "jsonrpc": "2.0", "id": 1, "method": "faultline_status", "params": [] });
    let batch = |size: usize| Value::from(vec![status.clone(); size]).to_string();

    let few = post(&node, &batch(10))?;
    ensure!(few.json().as_array().map(Vec::len) == Some(10), "{few:?}");
    let began = Instant::now();
    let many = post(&node, &batch(10_000))?;
    ensure!(
        many.json()["error"]["code"].as_i64().is_some_and(|code| code < 0),
        "a batch of 10,000: {:.300}",
        many.body
    );
    ensure!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let mut socket = Bare::open(&node)?;
    socket.send(&batch(10_000))?;
    let many = socket.answer()?;
    ensure!(
        many["error"]["code"].as_i64().is_some_and(|code| code < 0),
        "{many:.300}"
    );
    socket.send(&status.to_string())?;
    ensure!(socket.answer()?["result"]["at"].is_object());

    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"faultline_service","params":["{}"]}}"#,
        "a".repeat(20_000_000)
    );
    // By its length alone, before any of it has come.
    let mut announced = connect(&node)?;
    std::io::Write::write_all(
        &mut announced,
        format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            crate::bare::address(&node),
            body.len()
        )
        .as_bytes(),
    )?;
    let mut line = [0; 12];
    std::io::Read::read_exact(&mut announced, &mut line)?;
    ensure!(&line == b"HTTP/1.1 413", "{}", String::from_utf8_lossy(&line));
    // Whoever sends it all the same may hear nothing, as the node closes the connection before the end.
    match http(&node, "POST /", &[], body.as_bytes()) {
        Ok(answer) => ensure!(answer.status == 413, "{answer:?}"),
        Err(error) => ensure!(error.to_string() == "no answer", "{error:?}"),
    }
    let mut socket = Bare::open(&node)?;
    socket.send(&body)?;
    let large = socket.answer()?;
    ensure!(
        large["error"]["code"].as_i64().is_some_and(|code| code < 0),
        "{large}"
    );

    ensure_well(&node)?;
    let after = node.resident_kib()?;
    ensure!(
        after < before + 300 * 1_024,
        "{before} KiB before, {after} KiB after"
    );
    Ok(())
}
