//! Names in the expressions of an author mean what they mean beside the type, and no name of a field is in the way.

use std::collections::BTreeMap;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Edges;

use super::json;

#[derive(Default, TelemetrySnapshot)]
struct Pool {
    #[telemetry(number(max = Self::MOST))]
    size: u32,
    #[telemetry(bucket(Self::SIZES))]
    bytes: u64,
    #[telemetry(count(max = Self::FEW))]
    words: Vec<String>,
    #[telemetry(each(max = Self::FEW))]
    ports: Vec<bool>,
    #[telemetry(each(key = "id", one_of("a", "b"), max = Self::FEW))]
    named: BTreeMap<String, Self>,
}

impl Pool {
    const MOST: u32 = 2 * 8;
    const FEW: u32 = 3;
    const SIZES: Edges = Edges::new(&[10, 20]);
}

#[test]
fn the_type_itself_can_be_named_in_bounds() {
    let inner = r#"{"size":0,"bytes":"<10","words":0,"ports":[],"named":[]}"#;
    let pool = Pool {
        size: 99,
        bytes: 11,
        words: vec![String::new(); 5],
        ports: vec![true; 5],
        named: [("a".into(), Pool::default())].into(),
    };
    let expected = format!(
        r#"{{"size":16,"bytes":"10-19","words":3,"ports":[true,true,true],"named":[{{"id":"a",{}]}}"#,
        &inner[1..]
    );
    assert_eq!(json(&pool), expected);
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "op")]
enum Filter {
    All,
    Any(Vec<Self>),
}

#[test]
fn the_type_itself_can_be_in_a_list_under_a_tag() {
    let filter = Filter::Any(vec![Filter::All, Filter::Any(Vec::new())]);
    assert_eq!(json(&filter), r#"{"op":"Any","value":2}"#);
}

const fn timeout() -> u8 {
    3
}

const PORT: u16 = 80;

#[allow(non_snake_case)]
#[derive(TelemetrySnapshot)]
struct Named {
    #[telemetry(changed(from = timeout()))]
    timeout: u8,
    #[telemetry(number(max = 9))]
    PORT: u16,
    #[telemetry(changed(from = PORT))]
    port: u16,
}

#[test]
fn a_field_can_have_the_name_of_a_function_or_of_a_constant() {
    assert_eq!(json(&Named { timeout: 3, PORT: 5, port: 80 }), r#"{"timeout":false,"PORT":5,"port":false}"#);
    assert_eq!(json(&Named { timeout: 4, PORT: 80, port: 81 }), r#"{"timeout":true,"PORT":9,"port":true}"#);
}

type Inner<T, U> = BTreeMap<T, U>;

#[derive(TelemetrySnapshot)]
struct Views {
    #[telemetry(count, with = |ports: &Vec<u8>| -> Inner<u8, bool> { ports.iter().map(|port| (*port, true)).collect() })]
    first: Vec<u8>,
    #[telemetry(number(max = 9), with = |text: &String| <Self as Length<u8, u32>>::of(text))]
    second: String,
    third: bool,
    #[telemetry(number(max = 9), with = |text: &String| 1 + <Self as Length<u8, u32>>::of(text))]
    fourth: String,
    #[telemetry(flag, with = |text: &String| !<Self as Length<u8, u32>>::is_empty(text))]
    fifth: String,
}

trait Length<T, U> {
    fn of(text: &str) -> U;
    fn is_empty(text: &str) -> bool;
}

impl Length<u8, u32> for Views {
    fn of(text: &str) -> u32 {
        text.len() as u32
    }

    fn is_empty(text: &str) -> bool {
        text.is_empty()
    }
}

#[test]
fn commas_between_angle_brackets_are_part_of_a_closure() {
    let views =
        Views { first: vec![1], second: "four".into(), third: true, fourth: "four".into(), fifth: String::new() };
    assert_eq!(json(&views), r#"{"first":1,"second":4,"third":true,"fourth":5,"fifth":false}"#);
}
