use ::signals::TelemetrySnapshot;
use ::signals::testing::snapshot;
use ::std::borrow::Cow;
use ::std::boxed::Box;
use ::std::convert::Into;
use ::std::default::Default;
use ::std::marker::PhantomData;
use ::std::option::Option::{None, Some};
use ::std::string::{String, ToString};
use ::std::{assert_eq, vec};

use crate::enums::{Level, Only, SameSite, Store};
use crate::events::{Init, Stopped};
use crate::generics::{Bound, Either, Section, Slots, Tree, View};
use crate::shadowed::Parameters;
use crate::shadowed::event::Shadowed;
use crate::shapes::{Command, Contents, Key, Maps};
use crate::structs::{Cookies, Options, Pair, Port, Secret, Unit};

fn json<T: TelemetrySnapshot>(value: &T) -> String {
    snapshot(value).as_json().to_string()
}

#[test]
fn app() {
    for app in [crate::app::APP, crate::app::STATIC, crate::app::app()] {
        // It has found the manifest of this package.
        ::std::assert!(::std::format!("{app:?}").contains("\"telemetry-hygiene\""));
        ::std::assert!(app.version().is_some());
    }
}

#[test]
fn policies() {
    let policies = crate::policies::Policies { inside: Some(2), function: Some(3), ..Default::default() };
    assert_eq!(
        json(&policies),
        "{\"any\":false,\"changed\":false,\"from\":true,\"array\":false,\"bit\":false,\"digit\":0,\"range\":\"<1\",\"closure\":1,\
         \"inside\":3,\"function\":3,\"view\":{\"on\":{\"on\":false},\"vec\":{\"inner\":{\"on\":false}},\"option\":\"Some\"},\
         \"list\":[\"None\",\"Some\"],\"set\":false}",
    );
}

#[test]
fn what_a_macro_puts_in_place() {
    let computed = crate::policies::Computed { bound: 9_999, part: 10, closure: 4 };
    assert_eq!(json(&computed), "{\"bound\":501,\"part\":30,\"closure\":5}");
}

#[test]
fn structs() {
    assert_eq!(json(&Unit), "{}");
    assert_eq!(json(&Port(8080)), "\"1024-49151\"");
    assert_eq!(json(&Pair(true, String::new())), "{\"first\":true}");
    assert_eq!(json(&Secret { key: "k".to_string(), comment: String::new() }), "true");
    assert_eq!(
        json(&Options { pair: Some(Box::default()), ..Options::default() }),
        "{\"on\":false,\"strict\":false,\"apiKey\":false,\"trustedOrigins\":0,\"paths\":0,\"level\":0,\"maxAge\":0,\
         \"delay\":\"<10\",\"sameSite\":\"none\",\"ports\":[],\"providers\":[],\"accounts\":[],\"secure\":false,\
         \"pair\":{\"first\":false},\"longComment\":false}"
    );
}

#[test]
fn shapes() {
    let maps = Maps {
        groups: [("c", crate::shadowed::own::bool { on: true })].into(),
        keyed: [(Key::Two, crate::shadowed::own::Option::Some)].into(),
        numbers: Some([(Key::One, 900)].into()),
        computed: 2,
        list: vec![Key::Two],
        count: vec![0; 9],
        range: 3,
        command: Command::Again(Box::new(Command::Inner(Contents::Word(crate::shadowed::own::Option::None)))),
    };
    assert_eq!(
        json(&maps),
        "{\"groups\":[{\"id\":\"other\",\"on\":true}],\"keyed\":[{\"key\":\"Two\",\"value\":\"Some\"}],\
         \"numbers\":[{\"key\":\"One\",\"value\":500}],\"computed\":[{\"key\":\"One\",\"value\":true}],\
         \"list\":[\"Two\"],\"count\":9,\"range\":\"<500\",\
         \"name\":\"again\",\"again\":{\"name\":\"inner\",\"type\":\"Word\",\"data\":\"None\"}}",
    );
    assert_eq!(json(&Command::Group(Some(Box::default()))), "{\"name\":\"group\",\"inner\":{\"on\":false}}");
}

#[test]
fn enums() {
    assert_eq!(json(&SameSite::NotSoStrict), "\"not-so-strict\"");
    assert_eq!(json(&Only::This), "\"This\"");
    assert_eq!(json(&Store::Memory), "{\"type\":\"memory\"}");
    let redis = Store::Redis { url: String::new(), cookies: Cookies { secure: true } };
    assert_eq!(json(&redis), "{\"type\":\"redis\",\"url\":false,\"secure\":true}");
    assert_eq!(json(&Store::Custom { name: String::new() }), "{\"type\":\"custom\"}");
    assert_eq!(json(&Level::Off), "\"Off\"");
    assert_eq!(json(&Level::Fixed(12)), "9");
    assert_eq!(json(&Level::Cookies(Cookies { secure: true })), "{\"secure\":true}");
    assert_eq!(json(&Level::Other(String::new())), "\"Other\"");
    assert_eq!(json(&Level::Range { from: 3 }), "{\"from\":3}");
    assert_eq!(json(&Level::Pair(true, false)), "{\"low\":true,\"high\":false}");
}

#[test]
fn generic_types() {
    let section = Section { value: Unit, maybe: None, all: vec![Unit, Unit] };
    assert_eq!(json(&section), "{\"value\":{},\"all\":[{},{}]}");
    assert_eq!(json(&Section::<bool>::default()), "{\"value\":false,\"all\":[]}");
    let view = View { name: "b", key: Cow::Borrowed(""), inner: &true };
    assert_eq!(json(&view), "{\"name\":\"b\",\"key\":false,\"inner\":true}");
    assert_eq!(json(&Slots { slots: [false; 3], marker: PhantomData::<String> }), "{\"slots\":[false,false,false]}");
    let tree = Tree { leaf: true, left: Some(Box::default()), rest: vec![Tree::default()] };
    assert_eq!(
        json(&tree),
        "{\"leaf\":true,\"left\":{\"leaf\":false,\"rest\":[]},\"rest\":[{\"leaf\":false,\"rest\":[]}]}"
    );
    assert_eq!(json(&Either::<bool, Unit>::Left(true)), "true");
    assert_eq!(json(&Either::<bool, Unit>::Right(Unit)), "{}");
    assert_eq!(json(&Bound { value: true }), "{\"value\":true}");
}

#[test]
fn events() {
    assert_eq!(json(&Stopped), "{}");
    assert_eq!(json(&Init::default()), ::std::format!("{{\"options\":{}}}", json(&Options::default())));
}

#[test]
fn names_that_an_author_has_taken() {
    let value = Shadowed { word: "b", ..Shadowed::default() };
    assert_eq!(
        json(&value),
        "{\"a\":{\"on\":false},\"b\":{\"inner\":{\"on\":false}},\"c\":\"Some\",\"d\":\"Some\",\"e\":\"Some\",\
         \"f\":{\"on\":false},\"g\":{\"inner\":{\"on\":false}},\"h\":{\"on\":false},\"i\":\"Some\",\
         \"j\":{\"inner\":{\"on\":false}},\"k\":{\"inner\":{\"on\":false}},\"l\":{\"inner\":{\"on\":false}},\
         \"number\":0,\"bucket\":\"<10\",\"word\":\"b\",\"count\":3,\"each\":[\"Some\",\"Some\"],\"computed\":9}"
    );
    assert_eq!(json(&Parameters::<_, _, true> { t: true, d: Unit, b: [true, false] }), "{\"t\":true,\"d\":{},\"b\":2}");
}

#[test]
fn names_of_serde() {
    let named = crate::foreign::Named {
        inner: crate::foreign::Inner { on: true },
        at_run_time: String::new(),
        all_others: [("hunter2".to_string(), String::new())].into(),
    };
    assert_eq!(json(&named), "{\"ON\":true,\"allOthers\":1}");
}
