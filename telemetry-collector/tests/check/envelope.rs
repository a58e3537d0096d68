//! What is around a payload.

use telemetry_collector::check::Fault;
use telemetry_collector::check::envelope::{
    age, anonymous_id, deletion, event_id, line, schema_hash, single, well_formed,
};

const ID: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

pub(super) const LINE: &str = concat!(
    r#"{"id":"000102030405060708090a0b0c0d0e0f-17","schema":"#,
    r#""00000000000000000000000000000000000000000000000000000000000000ff","age":3,"#,
    r#""type":"started","payload":{"by_hand":true},"anonymousId":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}"#,
);

const SINGLE: &str = concat!(
    r#"{"type":"started","payload":{"by_hand":true},"#,
    r#""anonymousId":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}"#,
);

#[test]
fn a_single_event_is_taken_apart() {
    let event = single(SINGLE.as_bytes()).unwrap();
    assert_eq!((event.event, &SINGLE[event.payload]), ("started", r#"{"by_hand":true}"#));
    assert_eq!(event.anonymous_id.0[..3], [0, 1, 2]);
    assert_eq!(event.anonymous_id.0[31], 31);
}

#[test]
fn a_line_of_a_batch_is_taken_apart() {
    let line = line(LINE.as_bytes()).unwrap();
    assert_eq!((line.id.0[15], line.id.1, line.schema.0[31], line.age), (15, 17, 255, 3));
    assert_eq!((line.event.event, &LINE[line.event.payload]), ("started", r#"{"by_hand":true}"#));
}

#[test]
fn the_payload_is_whatever_is_before_the_id() {
    for payload in ["", "x", "{},\"payload\":{}", "{\"anonymousId\":\"x\"}", "{},\"anonymousId\":\"AAAA\"", "\u{e9}"] {
        let text = SINGLE.replace(r#"{"by_hand":true}"#, payload);
        assert_eq!(&text[single(text.as_bytes()).unwrap().payload], payload);
    }
}

#[test]
fn each_part_of_a_line_is_judged() {
    for (from, to, fault) in [
        ("{\"id\"", " {\"id\"", Fault::Envelope),
        ("\"id\"", "\"Id\"", Fault::Envelope),
        ("\"}", "\"} ", Fault::Envelope),
        ("\"}", "\"}}", Fault::Envelope),
        ("\"}", "\",\"more\":1}", Fault::Envelope),
        (",\"schema\"", ", \"schema\"", Fault::Envelope),
        ("0f-17", "0f", Fault::EventId),
        ("0f-17", "0f-", Fault::EventId),
        ("0f-17", "0f-017", Fault::EventId),
        ("0f-17", "0f-+7", Fault::EventId),
        ("0f-17", "0F-17", Fault::EventId),
        ("0f-17", "0g-17", Fault::EventId),
        ("0f-17", "0f-18446744073709551616", Fault::EventId),
        ("ff\"", "FF\"", Fault::SchemaHash),
        ("ff\"", "f\"", Fault::SchemaHash),
        ("ff\"", "fff\"", Fault::SchemaHash),
        (":3,", ":8,", Fault::Age),
        (":3,", ":-1,", Fault::Age),
        (":3,", ":3.0,", Fault::Age),
        (":3,", ":\"3\",", Fault::Age),
        (":3,", ":03,", Fault::Age),
        ("started", "", Fault::EventName),
        ("started", "st\u{e9}", Fault::EventName),
        ("started", "1", Fault::EventName),
        ("started", "st\\u0061rted", Fault::Escape),
        ("Hh8=", "Hh9=", Fault::AnonymousId),
        ("Hh8=", "Hh8\0", Fault::AnonymousId),
        ("HR4fHh8=", "AAAA", Fault::Envelope),
        ("AAEC", "AA-_", Fault::AnonymousId),
        ("\"anonymousId\"", "\"anonymousID\"", Fault::Envelope),
    ] {
        let text = LINE.replacen(from, to, 1);
        if text == LINE {
            continue;
        }
        let reason = line(text.as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!((reason.fault, reason.path.as_str()), (fault, ""), "{text}");
        if from == "\"}" || from.contains("anonymousId") || from.starts_with("st") {
            let text = SINGLE.replacen(from, to, 1);
            assert_eq!(single(text.as_bytes()).unwrap_err().fault, fault, "{text}");
        }
    }
}

#[test]
fn a_request_for_deletion_has_an_id_and_nothing_else() {
    let request = format!("{{\"type\":\"deletion\",\"anonymousId\":\"{ID}\"}}");
    assert_eq!(deletion(request.as_bytes()).unwrap().unwrap(), anonymous_id(ID.as_bytes()).unwrap());
    assert_eq!(deletion(SINGLE.as_bytes()), Ok(None));
    assert_eq!(deletion(b""), Ok(None));
    // An event can have this name.
    assert_eq!(deletion(SINGLE.replace("started", "deletion").as_bytes()), Ok(None));
    for wrong in [request.replace("=", ""), request.replace('}', ",\"x\":1}"), request.replace('}', "")] {
        assert!(deletion(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn headers_are_read_as_the_members_are() {
    assert_eq!(event_id(b"ffffffffffffffffffffffffffffffff-18446744073709551615").unwrap().1, u64::MAX);
    assert_eq!(event_id(b"ffffffffffffffffffffffffffffffff-0").unwrap().0, [255; 16]);
    assert!(event_id(&[0xff; 40]).is_err() && schema_hash(&[0xff; 64]).is_err());
    assert_eq!((age(b"0"), age(b"7")), (Ok(0), Ok(7)));
    assert!([&b"8"[..], b"", b"07", b"-1", b" 7"].into_iter().all(|text| age(text).is_err()));
}

#[test]
fn every_id_of_32_bytes_is_taken_and_no_other_spelling() {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let with = |last: u8| [&b"A".repeat(42)[..], &[last], b"="].concat();
    let taken = digits.iter().filter(|last| anonymous_id(&with(**last)).is_ok()).count();
    assert_eq!(taken, 16);
    assert!(anonymous_id(&b"A".repeat(44)).is_err());
    assert!(anonymous_id(b"").is_err());
}

#[test]
fn an_unknown_payload_is_an_object_of_json() {
    for good in ["{}", "{\"a\":[1.5e3,\"\\u00e9\",null]}"] {
        assert_eq!(well_formed(good.as_bytes()), Ok(()));
    }
    for bad in ["", "[]", "1", " {}", "{} ", "{", "{}{}", "{\"a\"}", "{\"a\":1,}", "{\"a\":01}", "\u{feff}{}"] {
        assert!(well_formed(bad.as_bytes()).is_err(), "{bad}");
    }
    assert!(well_formed(b"{\"a\":\"\xff\"}").is_err());
    let deep = |levels| ["{\"a\":".repeat(levels), "1".to_owned(), "}".repeat(levels)].concat();
    assert_eq!(well_formed(deep(32).as_bytes()), Ok(()));
    assert_eq!(well_formed(deep(33).as_bytes()).unwrap_err().fault, Fault::TooDeep);
}
