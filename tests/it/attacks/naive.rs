//! A snapshot whose description is a function. Every one of these programs prints the secret.

use std::sync::{LazyLock, OnceLock};

/// A description that a function returns, as a first draft of such a library might have it.
trait Naive {
    fn fields(&self) -> &'static [Field];
    fn record(&self, recorder: &mut Recorder<'_>);
}

#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    words: &'static [&'static str],
}

struct Recorder<'a> {
    fields: std::slice::Iter<'static, Field>,
    out: &'a mut String,
}

impl Recorder<'_> {
    /// Even a recorder that takes an index instead of text sends whatever the table holds.
    fn tag(&mut self, index: usize) {
        if let Some(field) = self.fields.next() {
            self.out.push_str(&format!("{}={} ", field.name, field.words[index]));
        }
    }
}

fn send(value: &impl Naive) -> String {
    let mut out = String::new();
    value.record(&mut Recorder { fields: value.fields().iter(), out: &mut out });
    out
}

const SECRET: &str = "hunter2";

fn secret() -> String {
    std::hint::black_box(SECRET).to_owned()
}

macro_rules! leaks {
    ($($attack:ident: $fields:expr),+ $(,)?) => {$(
        #[test]
        fn $attack() {
            struct Options;

            impl Naive for Options {
                fn fields(&self) -> &'static [Field] {
                    $fields
                }

                fn record(&self, recorder: &mut Recorder<'_>) {
                    recorder.tag(0);
                }
            }

            assert!(send(&Options).contains(SECRET));
        }
    )+};
}

leaks! {
    box_leak_as_name: Box::leak(Box::new([Field { name: Box::leak(secret().into_boxed_str()), words: &["a"] }])),
    string_leak_as_word: vec![Field { name: "a", words: vec![&*secret().leak()].leak() }].leak(),
    lazy_lock_as_words: {
        static WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| vec![secret().leak()]);
        vec![Field { name: "a", words: &WORDS }].leak()
    },
    once_lock_as_name: {
        static NAME: OnceLock<String> = OnceLock::new();
        vec![Field { name: NAME.get_or_init(secret), words: &["a"] }].leak()
    },
    schema_built_at_run_time: {
        const fn field(name: &'static str) -> Field {
            Field { name, words: &["a"] }
        }
        let fields: &'static mut [Field] = Box::leak(Box::new([field(secret().leak())]));
        fields
    },
}

/// A recorder that trusts its caller writes malformed JSON. The one of this crate checks each call against the schema.
#[test]
fn a_naive_recorder_writes_too_much() {
    fn write(values: &[(&str, &str)]) -> String {
        let members: Vec<String> = values.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    }
    let body = write(&[("a", "true"), ("a", "hunter2")]);
    assert!(serde_json::from_str::<serde_json::Value>(&body).is_err());
    assert!(body.contains(SECRET));
}
