//! What is answered over HTTP.

use axum::{
    body::{to_bytes, Body},
    http::{header, HeaderMap, Method as HttpMethod, Request, StatusCode},
    Router,
};
use serde_json::Value;
use tower::ServiceExt;

use super::*;
use crate::{router, Settings};

pub(super) fn pages(fake: Fake) -> Router {
    router(fake, &Settings::at("https://status.example.org/"))
}

pub(super) async fn ask(router: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let response = router.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (head.status, head.headers, body.to_vec())
}

fn of(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

async fn get(router: &Router, path: &str) -> (StatusCode, Value) {
    let (status, _, body) = ask(router, of(path)).await;
    (status, serde_json::from_slice(&body).unwrap())
}

async fn given(path: &str) -> Value {
    let (status, answer) = get(&pages(openai()), path).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

fn ids(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_summary_is_the_golden_one() {
    let summary = given("/openai/api/v2/summary.json").await;
    let written = serde_json::to_string_pretty(&summary).unwrap() + "\n";
    assert_eq!(written, include_str!("summary.json"), "{written}");
}

#[tokio::test]
async fn every_field_that_statuspage_gives_is_given() {
    let summary = given("/openai/api/v2/summary.json").await;
    let has = |object: &Value, fields: &[&str]| {
        for field in fields {
            assert!(object.get(field).is_some(), "{field} is missing: {object}");
        }
    };
    let page = ["id", "name", "url", "time_zone", "updated_at"];
    let component = [
        "id",
        "name",
        "status",
        "created_at",
        "updated_at",
        "position",
        "description",
        "showcase",
        "start_date",
        "group_id",
        "page_id",
        "group",
        "only_show_if_degraded",
    ];
    let incident = [
        "id",
        "name",
        "status",
        "created_at",
        "updated_at",
        "monitoring_at",
        "resolved_at",
        "impact",
        "shortlink",
        "started_at",
        "page_id",
        "incident_updates",
        "components",
    ];
    let update = [
        "id",
        "status",
        "body",
        "incident_id",
        "created_at",
        "updated_at",
        "display_at",
        "affected_components",
        "deliver_notifications",
        "custom_tweet",
        "tweet_id",
    ];
    has(&summary["page"], &page);
    has(&summary["status"], &["indicator", "description"]);
    has(&summary["components"][0], &component);
    let maintenance = &summary["scheduled_maintenances"][0];
    for each in [&summary["incidents"][0], maintenance] {
        has(each, &incident);
        has(&each["incident_updates"][0], &update);
        has(&each["components"][0], &component);
    }
    has(maintenance, &["scheduled_for", "scheduled_until"]);
}

#[tokio::test]
async fn each_document_holds_the_page_and_its_own_part() {
    for (document, parts) in [
        (
            "summary",
            &["components", "incidents", "scheduled_maintenances", "status"][..],
        ),
        ("status", &["status"]),
        ("components", &["components"]),
        ("incidents", &["incidents"]),
        ("incidents/unresolved", &["incidents"]),
        ("scheduled-maintenances", &["scheduled_maintenances"]),
        ("scheduled-maintenances/upcoming", &["scheduled_maintenances"]),
        ("scheduled-maintenances/active", &["scheduled_maintenances"]),
    ] {
        let answer = given(&format!("/openai/api/v2/{document}.json")).await;
        let mut keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        keys.retain(|key| *key != "page");
        assert_eq!(keys, parts, "{document}");
        assert_eq!(answer["page"]["url"], "https://status.example.org/openai");
        assert_eq!(answer["page"]["faultline"]["at"]["number"], INDEX);
    }
}

#[tokio::test]
async fn lists_hold_what_their_names_say() {
    let all = given("/openai/api/v2/incidents.json").await;
    assert_eq!(ids(&all["incidents"]), ["8", "7", "3"]);
    let unresolved = given("/openai/api/v2/incidents/unresolved.json").await;
    assert_eq!(ids(&unresolved["incidents"]), ["8", "7"]);
    let list = "scheduled_maintenances";
    let all = given("/openai/api/v2/scheduled-maintenances.json").await;
    assert_eq!(ids(&all[list]), ["m3-3", "m2-3"]);
    let upcoming = given("/openai/api/v2/scheduled-maintenances/upcoming.json").await;
    assert_eq!(ids(&upcoming[list]), ["m3-3"]);
    let active = given("/openai/api/v2/scheduled-maintenances/active.json").await;
    assert_eq!(ids(&active[list]), ["m2-3"]);
}

#[tokio::test]
async fn a_page_is_of_the_prefix_and_what_is_below_it() {
    let one = given("/openai/chatgpt/api/v2/summary.json").await;
    assert_eq!(ids(&one["components"]), ["2"]);
    assert_eq!(one["page"]["name"], "ChatGPT");
    assert_eq!(one["page"]["id"], "openai/chatgpt");
    let (status, answer) = get(&pages(openai()), "/open/api/v2/summary.json").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(
        answer["error"].as_str().unwrap().contains("begins with open/"),
        "{answer}"
    );
}

#[tokio::test]
async fn of_services_that_are_all_retired_there_is_a_page_of_incidents() {
    let mut fake = openai();
    for service in &mut fake.services {
        service.retired = true;
    }
    let (status, answer) = get(&pages(fake), "/openai/api/v2/summary.json").await;
    assert_eq!(status, StatusCode::OK);
    assert!(ids(&answer["components"]).is_empty());
    assert_eq!(ids(&answer["incidents"]), ["8", "7"]);
    assert_eq!(answer["status"]["indicator"], "critical");
}

#[tokio::test]
async fn a_wrong_address_is_told_what_would_be_right() {
    let router = pages(openai());
    for (path, status, advice) in [
        (
            "/api/v2/summary.json",
            StatusCode::BAD_REQUEST,
            "put the slug prefix",
        ),
        (
            "/../api/v2/summary.json",
            StatusCode::BAD_REQUEST,
            "a slug has at most 64",
        ),
        (
            "/open%2fai/api/v2/summary.json",
            StatusCode::BAD_REQUEST,
            "a slug has at most 64",
        ),
        (
            "/%ff%fe/api/v2/summary.json",
            StatusCode::BAD_REQUEST,
            "a slug has at most 64",
        ),
        (
            "/%3Cscript%3E/api/v2/summary.json",
            StatusCode::BAD_REQUEST,
            "a slug has at most 64",
        ),
        ("/openai", StatusCode::NOT_FOUND, "GET / lists"),
        (
            "/openai/api/v2/nothing.json",
            StatusCode::NOT_FOUND,
            "GET / lists",
        ),
        (
            "/nobody/history.atom",
            StatusCode::NOT_FOUND,
            "faultline service list",
        ),
    ] {
        let (found, answer) = get(&router, path).await;
        assert_eq!(found, status, "{path}");
        assert!(answer["error"].is_string(), "{path}: {answer}");
        assert!(
            answer["advice"].as_str().unwrap().contains(advice),
            "{path}: {answer}"
        );
    }
    let long = format!("/{}/api/v2/summary.json", "a".repeat(60_000));
    assert_eq!(get(&router, &long).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_root_lists_what_is_served_and_a_query_changes_nothing() {
    let contents = given("/").await;
    let documents = contents["documents"].as_array().unwrap();
    assert!(
        documents.contains(&"/{prefix}/api/v2/summary.json".into()),
        "{contents}"
    );
    assert!(documents.contains(&"/{prefix}/history.atom".into()), "{contents}");
    let router = pages(openai());
    let plain = ask(&router, of("/openai/api/v2/status.json")).await;
    let busted = ask(&router, of("/openai/api/v2/status.json?_=17&callback=alert")).await;
    assert_eq!(plain, busted);
}

#[tokio::test]
async fn only_get_and_head_are_answered() {
    let router = pages(openai());
    for method in [
        HttpMethod::POST,
        HttpMethod::PUT,
        HttpMethod::DELETE,
        HttpMethod::OPTIONS,
    ] {
        let request = Request::builder()
            .method(method)
            .uri("/openai/api/v2/summary.json")
            .body(Body::empty());
        let (status, headers, _) = ask(&router, request.unwrap()).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(headers[header::ALLOW], "GET, HEAD");
    }
    let head = Request::head("/openai/api/v2/summary.json").body(Body::empty());
    let (status, headers, body) = ask(&router, head.unwrap()).await;
    assert_eq!((status, body), (StatusCode::OK, Vec::new()));
    assert!(headers.contains_key(header::ETAG));
}

#[tokio::test]
async fn any_web_page_may_read_and_nothing_is_taken_for_another_type() {
    let router = pages(openai());
    for (path, media_type) in [
        ("/openai/api/v2/summary.json", "application/json; charset=utf-8"),
        ("/openai/history.atom", "application/atom+xml; charset=utf-8"),
        ("/nobody/api/v2/summary.json", "application/json"),
        ("/", "application/json"),
    ] {
        let (_, headers, _) = ask(&router, of(path)).await;
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{path}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(headers[header::CONTENT_TYPE], media_type, "{path}");
    }
}

#[tokio::test]
async fn who_has_the_answer_of_this_block_is_told_so_without_it() {
    let router = pages(openai());
    let path = "/openai/api/v2/summary.json";
    let (_, headers, _) = ask(&router, of(path)).await;
    assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=3");
    let etag = headers[header::ETAG].to_str().unwrap().to_owned();
    assert!(etag.contains(&block(INDEX).hash.to_string()), "{etag}");
    for (has, expected) in [
        (etag.clone(), StatusCode::NOT_MODIFIED),
        (format!("\"other\", W/{etag}"), StatusCode::NOT_MODIFIED),
        ("\"other\"".into(), StatusCode::OK),
        ("*".into(), StatusCode::OK),
    ] {
        let request = Request::get(path).header(header::IF_NONE_MATCH, &has);
        let (status, headers, body) = ask(&router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, expected, "{has}");
        assert_eq!(headers[header::ETAG], etag.as_str());
        assert_eq!(body.is_empty(), expected == StatusCode::NOT_MODIFIED);
    }
}

#[tokio::test]
async fn what_the_node_cannot_answer_is_an_error_with_when_to_ask_again_and_never_an_empty_page() {
    let building = Failure::IndexBuilding { done: 10, of: 900 };
    for (failure, error, retry) in [
        (building, "10 of 900 incidents", "30"),
        (Failure::NoIndex, "keeps no index", "3600"),
        (Failure::Busy, "as many readers as it can", "3"),
        (
            Failure::Unavailable {
                why: "no state".into(),
            },
            "no state",
            "3",
        ),
    ] {
        let router = pages(Fake {
            failure: Some(failure),
            ..openai()
        });
        for path in ["/openai/api/v2/summary.json", "/openai/history.atom"] {
            let (status, headers, body) = ask(&router, of(path)).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(headers[header::RETRY_AFTER], retry);
            let answer: Value = serde_json::from_slice(&body).unwrap();
            assert!(answer["error"].as_str().unwrap().contains(error), "{answer}");
            assert!(answer["advice"].is_string());
        }
    }
    let router = pages(Fake {
        without_index: true,
        ..openai()
    });
    let (status, answer) = get(&router, "/openai/api/v2/status.json").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer["advice"].as_str().unwrap().contains("--no-index"),
        "{answer}"
    );
}

#[tokio::test]
async fn an_answer_is_begun_anew_when_the_index_goes_on_meanwhile() {
    let router = pages(Fake {
        hurry: AtomicU32::new(3),
        ..openai()
    });
    let (status, answer) = get(&router, "/openai/api/v2/summary.json").await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["page"]["faultline"]["at"]["number"], INDEX);
    let router = pages(Fake {
        hurry: AtomicU32::new(u32::MAX),
        ..openai()
    });
    let (status, _) = get(&router, "/openai/api/v2/summary.json").await;
    assert_eq!(
        status,
        StatusCode::SERVICE_UNAVAILABLE,
        "never of two blocks at once"
    );
}

#[tokio::test]
async fn a_node_that_takes_too_long_is_not_waited_for() {
    let slow = Fake {
        delay: Duration::from_secs(60),
        ..openai()
    };
    let settings = Settings {
        answer_time: Duration::from_millis(50),
        ..Settings::at("")
    };
    let (status, answer) = get(&router(slow, &settings), "/openai/api/v2/status.json").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer["error"], "the node took too long to read the page");
}

#[tokio::test]
async fn the_node_is_asked_once_for_what_many_ask_at_one_block() {
    let fake = openai();
    let asked = fake.asked.clone();
    let router = pages(fake);
    let path = "/openai/api/v2/summary.json";
    get(&router, path).await;
    let once = asked.load(Ordering::SeqCst);
    for _ in 0..20 {
        get(&router, path).await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), once);
}

#[tokio::test]
async fn lists_are_cut_at_their_bounds_and_say_so() {
    let mut fake = Fake::default();
    for id in 0..101 {
        fake.services
            .push(service(id, &format!("openai/{id:03}"), "one of many"));
    }
    for id in (0..60).rev() {
        let of = fake.services[0].clone();
        fake.stories
            .push(story(incident(id, &of), vec![attested(Claim::Down); 40]));
    }
    let (_, answer) = get(&pages(fake), "/openai/api/v2/summary.json").await;
    assert_eq!(ids(&answer["components"]).len(), 100);
    assert_eq!(ids(&answer["incidents"]).len(), 50);
    assert_eq!(
        answer["page"]["faultline"]["cut"],
        serde_json::json!(["components", "incidents"])
    );
    let newest = &answer["incidents"][0];
    assert_eq!(newest["id"], "59");
    assert_eq!(
        ids(&newest["incident_updates"]).len(),
        31,
        "thirty entries and the record"
    );
    assert_eq!(newest["incident_updates"][1]["id"], "59-39");
    assert_eq!(newest["faultline"]["untold"], 10);
}

#[tokio::test]
async fn what_anybody_reports_does_not_crowd_out_what_is_confirmed() {
    let of = service(0, "openai", "OpenAI");
    let mut fake = Fake {
        services: vec![of.clone()],
        ..Fake::default()
    };
    for id in (1..700).rev() {
        fake.stories.push(story(incident(id, &of), [opened(&of)]));
    }
    let mut old = confirmed(0, &of);
    old.started_at = None;
    old.first_reported_at = Utc(UnixMillis(0));
    fake.stories.push(story(old, [opened(&of)]));
    let (_, answer) = get(&pages(fake), "/openai/api/v2/summary.json").await;
    assert_eq!(answer["components"][0]["status"], "major_outage");
    assert_eq!(ids(&answer["incidents"]).last(), Some(&"0"));
}

#[tokio::test]
async fn an_entry_that_came_after_the_block_of_the_answer_is_not_told() {
    let mut fake = openai();
    let api = fake.services[1].clone();
    let at = fake
        .stories
        .iter()
        .position(|story| story.incident.id.0 == 7)
        .unwrap();
    fake.stories[at].entries.push(entry(4, opened(&api)));
    let (_, answer) = get(&pages(fake), "/openai/api/v2/incidents.json").await;
    assert_eq!(answer["incidents"][1]["incident_updates"][1]["id"], "7-3");
}

#[tokio::test]
async fn a_lapsed_incident_is_resolved_and_not_in_the_way() {
    let mut fake = openai();
    fake.stories[0].incident.lapsed = true;
    let router = pages(fake);
    let (_, unresolved) = get(&router, "/openai/api/v2/incidents/unresolved.json").await;
    assert_eq!(ids(&unresolved["incidents"]), ["7"]);
    let (_, all) = get(&router, "/openai/api/v2/incidents.json").await;
    assert_eq!(all["incidents"][0]["status"], "resolved");
}
