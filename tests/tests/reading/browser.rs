//! What a browser and a load balancer ask of the node's JSON-RPC.

use anyhow::Result;
use faultline_tests::TestNode;

use crate::bare::http;

const STATUS: &[u8] = br#"{"jsonrpc":"2.0","id":1,"method":"faultline_status","params":[]}"#;

#[test]
fn a_page_of_an_allowed_origin_may_ask_and_one_of_another_may_not() -> Result<()> {
    let node = TestNode::start(&[
        "--chain=dev",
        "--alice",
        "--validator",
        "--rpc-cors=https://status.example",
    ])?;
    let allowed = |request: &str, origin: &str, body: &[u8]| -> Result<Option<String>> {
        let headers = [
            ("Origin", origin),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "content-type"),
        ];
        let answer = http(&node, request, &headers, body)?;
        Ok(answer.header("access-control-allow-origin").map(Into::into))
    };
    for (request, body) in [("POST /", STATUS), ("OPTIONS /", b"".as_slice())] {
        let one = allowed(request, "https://status.example", body)?;
        assert_eq!(one.as_deref(), Some("https://status.example"), "{request}");
        let other = allowed(request, "https://elsewhere.example", body)?;
        assert_ne!(other.as_deref(), Some("https://elsewhere.example"), "{request}");
        assert_ne!(other.as_deref(), Some("*"), "{request}");
    }

    // A page that was got to call this machine by another name is told nothing.
    let rebound = http(&node, "POST /", &[("Host", "evil.example")], STATUS)?;
    assert_ne!(rebound.status, 200, "{rebound:?}");
    Ok(())
}

#[test]
fn a_balancer_asks_for_health_over_http() -> Result<()> {
    let node = TestNode::dev()?;
    node.wait_for_first_block()?;
    for path in ["/health", "/health/readiness"] {
        let answer = http(&node, &format!("GET {path}"), &[], b"")?;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
    let health = http(&node, "GET /health", &[], b"")?.json();
    assert_eq!(health["isSyncing"], false, "{health}");
    let other = http(&node, "GET /nothing", &[], b"")?;
    assert!(other.status >= 400, "{other:?}");
    Ok(())
}
