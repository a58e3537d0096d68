//! Clients that are too fast, too slow, too large or too many.

use std::thread;
use std::time::{Duration, Instant};

use telemetry_collector::receive::{MAX_BATCH, MAX_EVENT};

use super::events::{line, started, started_later};
use super::fixture::Running;
use super::http::{Client, ask, batch, get, post, single, single_with};
use super::program::Place;

#[test]
fn too_many_events_of_an_address_have_to_wait() {
    let running = Running::with(|settings| {
        settings.limits.events_per_second = 1;
        settings.limits.burst = 3;
    });
    for number in 0..2 {
        assert_eq!(ask(running.address, &single(&started(number))).status, 200);
    }
    let two = [line(&started(8)), line(&started(9))].join("\n");
    let reply = ask(running.address, &batch(two));
    let pause: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!(reply.status == 429 && (1..=2).contains(&pause), "{reply:?}");
    assert_eq!(running.store.kept().len(), 2);
    assert!(running.metrics.text().contains("over_rate_total 1"));
}

#[test]
fn a_trusted_proxy_speaks_for_its_clients() {
    let running = Running::with(|settings| {
        settings.limits.events_per_second = 1;
        settings.limits.burst = 1;
        settings.proxies.networks = vec!["127.0.0.1".parse().unwrap()];
    });
    let from = |address: &str, number| {
        let event = started(number);
        ask(running.address, &single_with(&event, &[("x-forwarded-for", address)], event.body())).status
    };
    assert_eq!(from("192.0.2.1", 1), 200);
    assert_eq!(from("192.0.2.2", 2), 200);
    assert_eq!(from("192.0.2.1", 3), 429);
    assert_eq!(from("192.0.2.2, 192.0.2.3", 4), 200);

    let strict = Running::with(|settings| {
        settings.limits.events_per_second = 1;
        settings.limits.burst = 1;
    });
    let event = started(1);
    let request = |address| single_with(&event, &[("x-forwarded-for", address)], event.body());
    assert_eq!(ask(strict.address, &request("192.0.2.1")).status, 200);
    assert_eq!(ask(strict.address, &request("192.0.2.2")).status, 429, "no header is believed");
}

/// What waits for its schema takes room that is scarce, so that an address gets less of it.
#[test]
fn a_large_event_of_an_unknown_schema_counts_as_several() {
    let running = Running::with(|settings| {
        settings.limits.events_per_second = 1;
        settings.limits.burst = 100;
    });
    let event = started_later(1);
    let large = |schema: &str, number: u64| {
        let event = started_later(number);
        let body = event.body().replace("\"wait\":7", &format!("\"wait\":\"{}\"", "x".repeat(40 << 10)));
        single_with(&event, &[("telemetry-schema", schema)], &body)
    };
    for (number, status) in [(1, 202), (2, 202), (3, 429)] {
        assert_eq!(ask(running.address, &large(event.schema(), number)).status, status, "{number}");
    }
    assert_eq!(ask(running.address, &large(started(1).schema(), 4)).status, 422, "one that is known counts once");
}

#[test]
fn what_is_too_large_is_not_read() {
    let running = Running::new();
    let announced = |length: usize, content_type: &str| {
        format!(
            "POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    for (length, content_type) in
        [(MAX_EVENT + 1, "application/json"), (MAX_BATCH + 1, "application/x-ndjson"), (1 << 40, "application/json")]
    {
        let mut client = Client::new(running.address);
        assert_eq!(client.ask(announced(length, content_type).as_bytes()).unwrap().status, 413);
        client.read_to_end();
    }
    // Without an announcement, it is read as far as it may be.
    let mut client = Client::new(running.address);
    let head =
        "POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    client.send(head.as_bytes()).unwrap();
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    for _ in 0..=MAX_EVENT / 0x1000 {
        client.send(chunk.as_bytes()).unwrap();
    }
    assert_eq!(client.reply().unwrap().status, 413);
    assert!(running.store.kept().is_empty());
    let largest = "x".repeat(MAX_EVENT);
    assert_eq!(ask(running.address, &post(&[("content-type", "application/json")], largest)).status, 400);
}

#[test]
fn slow_clients_are_closed() {
    let running = Running::with(|settings| {
        settings.limits.head_time = Duration::from_millis(100);
        settings.limits.body_time = Duration::from_millis(100);
    });
    let head = "POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n";
    let begin = Instant::now();
    let mut silent = Client::new(running.address);
    let mut half = Client::new(running.address);
    half.send(b"POST /v1/events HTTP/1.1\r\nho").unwrap();
    let mut bodiless = Client::new(running.address);
    bodiless.send(head.as_bytes()).unwrap();
    let mut idle = Client::new(running.address);
    assert_eq!(idle.ask(&get("/healthz", &[])).unwrap().status, 200);
    assert_eq!(bodiless.reply().unwrap().status, 408);
    for client in [&mut silent, &mut half, &mut bodiless, &mut idle] {
        client.read_to_end();
    }
    assert!(begin.elapsed() < Duration::from_secs(5), "they were closed by their limits");
}

#[test]
fn a_connection_does_not_live_for_ever() {
    let running = Running::with(|settings| settings.limits.connection_time = Duration::from_millis(200));
    let mut client = Client::new(running.address);
    let begin = Instant::now();
    let mut answered = 0;
    while client.ask(&get("/healthz", &[])).is_ok_and(|reply| reply.status == 200) {
        answered += 1;
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
    assert!(answered > 0);
    assert_eq!(ask(running.address, &get("/healthz", &[])).status, 200);
}

/// The program takes a part of them at a time. This process has a file for each.
#[test]
fn ten_thousand_slow_connections_do_not_stop_others() {
    let place = Place::new();
    let served = place.serve(&["--stop-seconds", "1"]);
    let mut slow = Vec::new();
    for number in 0..10_000_u64 {
        let Ok(mut client) = Client::connect(served.address) else {
            println!("skipped: {number} connections are as many as this process may open");
            break;
        };
        let part = if number % 2 == 0 {
            b"POST /v1/events HTTP/1.1\r\nho".to_vec()
        } else {
            let whole = single(&started(number));
            whole[..whole.len() - 9].to_vec()
        };
        // It may be closed already.
        let _ = client.send(&part);
        slow.push(client);
        // It also waits until those before it are accepted, of which the system queues a thousand.
        if number % 100 == 0 {
            assert_eq!(ask(served.address, &single(&started(number))).status, 200);
        }
    }
    let metrics = ask(served.address, &get("/metrics", &[])).body;
    let open = metrics.lines().find_map(|line| line.strip_prefix("telemetry_collector_connections ")).unwrap();
    assert!(open.parse::<u64>().unwrap() <= 1_024, "{open}");
    // The first ones were closed for the last ones.
    slow[0].read_to_end();
    if let Some(kib) = served.memory() {
        assert!(kib < 64 * 1024, "{kib} KiB");
    }
    served.signal("TERM");
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(0));
    assert!(log.contains("is_finished=true"), "they do not hold up the end: {log}");
}

#[test]
fn held_bodies_are_bounded_and_do_not_stop_others() {
    // The least room that there can be is that of two batches.
    let running = Running::with(|settings| {
        settings.limits.held_bytes = 0;
        settings.limits.body_time = Duration::from_secs(300);
    });
    let large = batch("x".repeat(MAX_BATCH));
    let all_but_the_end = &large[..large.len() - 1];
    let hoarders: Vec<Client> = (0..8).map(|_| Client::new(running.address)).collect();
    thread::scope(|scope| {
        // Those for which there is no room wait, until one of them is closed for another.
        let sending = hoarders.into_iter().map(|mut hoarder| {
            scope.spawn(move || {
                let _ = hoarder.send(all_but_the_end);
                hoarder
            })
        });
        let sent: Vec<Client> = sending.collect::<Vec<_>>().into_iter().map(|sent| sent.join().unwrap()).collect();
        // On a busy machine several that wait close one each, and this one can be among them. A client then sends again.
        let is_received = |_| Client::new(running.address).ask(&large).is_ok_and(|reply| reply.status == 200);
        assert!((0..3).any(is_received));
        drop(sent);
    });
}
