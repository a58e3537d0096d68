//! What only derived code is meant to call, called by hand with what the derive never gives: each first with what is sound, then with
//! what does not compile. The compiler finds it where the type is used, which `cargo check` and the programs in `ui` do not show.

/// Takes a snapshot of a type that states this schema, with what derived code names in scope.
#[macro_export]
macro_rules! sealed {
    ($schema:expr) => {
        use telemetry::__private::*;

        struct ByHand;

        impl TelemetrySnapshot for ByHand {
            const SCHEMA: Schema = $schema;

            fn record(&self, _: &mut Recorder<'_>) {}
        }

        let _ = telemetry::Snapshot::of(&ByHand);
    };
}

/// Takes a snapshot of a derived type that flattens one with a member of this key.
#[macro_export]
macro_rules! flattened {
    ($key:expr, $len:expr) => {
        telemetry_tests::inner!($key, $len);

        #[derive(telemetry::TelemetrySnapshot)]
        struct Outer {
            #[telemetry(flatten)]
            inner: Inner,
        }

        let _ = telemetry::Snapshot::of(&Outer { inner: Inner });
    };
}

/// The same for a variant that holds such a type.
#[macro_export]
macro_rules! beside {
    ($key:expr, $len:expr) => {
        telemetry_tests::inner!($key, $len);

        #[derive(telemetry::TelemetrySnapshot)]
        #[telemetry(tag = "kind")]
        enum Outer {
            Inner(Inner),
        }

        let _ = telemetry::Snapshot::of(&Outer::Inner(Inner));
    };
}

/// The same for a type without the derive.
#[macro_export]
macro_rules! flattened_by_hand {
    ($key:expr, $len:expr) => {
        telemetry_tests::inner!($key, $len);

        struct Outer;

        impl TelemetrySnapshot for Outer {
            const SCHEMA: Schema = Schema::group(&const { [Field::flatten::<Inner>()] });

            fn record(&self, _: &mut Recorder<'_>) {}
        }

        let _ = telemetry::Snapshot::of(&Outer);
    };
}

/// A type with a member of this key.
#[macro_export]
macro_rules! inner {
    ($key:expr, $len:expr) => {
        use telemetry::__private::*;

        struct Inner;

        impl TelemetrySnapshot for Inner {
            const SCHEMA: Schema = members(&const { [field($key, $len, FLAG)] });

            fn record(&self, _: &mut Recorder<'_>) {}
        }
    };
}

/// # A name
///
/// ```
/// telemetry_tests::sealed!(members(&const { [field(b",\"a\":                           ", 5, FLAG)] }));
/// ```
///
/// With a quote, a line break, a NUL, a letter that is not ASCII, without any letter, with a digit in front:
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b",\"a\":1,\"b\":                     ", 11, FLAG)] }));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b",\"a\n\":                          ", 6, FLAG)] }));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b",\"a\0\":                          ", 6, FLAG)] }));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b",\"a\xc3\xa9\":                         ", 7, FLAG)] }));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b",\"\":                            ", 4, FLAG)] }));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b",\"1\":                           ", 5, FLAG)] }));
/// ```
///
/// A long name:
///
/// ```
/// telemetry_tests::sealed!(members(&const { [long_field("nnnnnnnnnnnnnnnnnnnnnnnnnnnnn", FLAG, "")] }));
/// ```
///
/// With a quote, or one that is not long:
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [long_field("nnnnnnnnnnnnnnnnnnnnnnnnnnnnn\"", FLAG, "")] }));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [long_field("a", FLAG, "")] }));
/// ```
///
/// Whose length is another than is said, or that is something else than a key:
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b",\"a\":                           ", 4, FLAG)] }));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b",\"a\":                           ", 6, FLAG)] }));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b"{\"a\":                           ", 5, FLAG)] }));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b",\"a\"                            ", 4, FLAG)] }));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [field(b"                                ", 0, FLAG)] }));
/// ```
pub struct Names;

/// # Members
///
/// ```
/// telemetry_tests::sealed!(members(&const { [
///     field(b",\"a\":                           ", 5, FLAG),
///     field(b",\"b\":                           ", 5, FLAG),
/// ] }));
/// ```
///
/// Two with one name:
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [
///     field(b",\"a\":                           ", 5, FLAG),
///     field(b",\"a\":                           ", 5, FLAG),
/// ] }));
/// ```
///
/// Two with one name, one of which is flattened:
///
/// ```
/// #[derive(telemetry::TelemetrySnapshot)]
/// struct Inner { a: bool }
///
/// telemetry_tests::sealed!(members(&const { [
///     <Inner as Flattened>::MEMBERS,
///     field(b",\"b\":                           ", 5, FLAG),
/// ] }));
/// ```
///
/// ```compile_fail
/// #[derive(telemetry::TelemetrySnapshot)]
/// struct Inner { a: bool }
///
/// telemetry_tests::sealed!(members(&const { [
///     <Inner as Flattened>::MEMBERS,
///     field(b",\"a\":                           ", 5, FLAG),
/// ] }));
/// ```
///
/// What is flattened and has no members:
///
/// ```compile_fail
/// telemetry_tests::sealed!(members(&const { [<bool as Flattened>::MEMBERS] }));
/// ```
/// What is flattened and has a name that is none, beneath a type of the derive, in an enum of the derive, and by hand:
///
/// ```
/// telemetry_tests::flattened!(b",\"a\":                           ", 5);
/// ```
///
/// ```compile_fail
/// telemetry_tests::flattened!(b",\"a\":1,\"b\":                     ", 11);
/// ```
///
/// ```
/// telemetry_tests::beside!(b",\"a\":                           ", 5);
/// ```
///
/// ```compile_fail
/// telemetry_tests::beside!(b",\"a\":1,\"b\":                     ", 11);
/// ```
///
/// ```
/// telemetry_tests::flattened_by_hand!(b",\"a\":                           ", 5);
/// ```
///
/// ```compile_fail
/// telemetry_tests::flattened_by_hand!(b",\"a\":1,\"b\":                     ", 11);
/// ```
pub struct Members;

/// # Words
///
/// ```
/// telemetry_tests::sealed!(Schema::of(tag(words(&["a", "b"], "", 2), true)));
/// ```
///
/// ```
/// telemetry_tests::sealed!(Schema::of(tags(words(&["a", "b"], "other", 2), 3, true, true)));
/// ```
///
/// With a quote, with a NUL, twice, none, or an `other` of that kind:
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tag(words(&["a\"b"], "", 1), true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tag(words(&["a\0"], "", 1), true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tag(words(&["a", "a"], "", 2), true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tag(words(&[], "", 0), true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tag(words(&["a"], "o\"", 1), true)));
/// ```
///
/// Whose `other` stands elsewhere than is said:
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tag(words(&["a", "b"], "b", 0), true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tag(words(&["a", "b"], "other", 1), true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tag(words(&["a", "b"], "other", 9), true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tag(words(&["a", "b"], "other", 65_538), true)));
/// ```
pub struct Words;

/// # Bounds
///
/// ```
/// telemetry_tests::sealed!(Schema::of(number(-1, 1, "s", true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(number(1, -1, "s", true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(number(0, i64::MAX, "s", true)));
/// ```
///
/// ```
/// telemetry_tests::sealed!(Schema::of(count(1, true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(count(0, true)));
/// ```
///
/// ```
/// telemetry_tests::sealed!(Schema::of(bucket(&[1, 10], "", true)));
/// ```
///
/// Edges that do not ascend, and a set of no words:
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(bucket(&[10, 1], "", true)));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tags(words(&["a"], "", 1), 0, false, true)));
/// ```
pub struct Bounds;

/// # Lists, maps and enums
///
/// ```
/// telemetry_tests::sealed!(Schema::of(entries_of_kind(
///     &const { field(b",\"id\":                          ", 6, tag(words(&["a"], "", 1), true)) },
///     &const { field(b",\"value\":                       ", 9, FLAG) },
///     3,
///     true,
/// )));
/// ```
///
/// A key that is no word, or has a name that is none, or the name of the value:
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(entries_of_kind(
///     &const { field(b",\"id\":                          ", 6, FLAG) },
///     &const { field(b",\"value\":                       ", 9, FLAG) },
///     3,
///     true,
/// )));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(entries_of_kind(
///     &const { field(b",\"i\"d\":                         ", 7, tag(words(&["a"], "", 1), true)) },
///     &const { field(b",\"value\":                       ", 9, FLAG) },
///     3,
///     true,
/// )));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(entries_of_kind(
///     &const { field(b",\"id\":                          ", 6, tag(words(&["a"], "", 1), true)) },
///     &const { field(b",\"id\":                          ", 6, FLAG) },
///     3,
///     true,
/// )));
/// ```
///
/// The tag of an enum that is also a member of a variant:
///
/// ```
/// telemetry_tests::sealed!(Schema::of(Kind::tagged(
///     &const { field(b",\"kind\":                        ", 8, tag(words(&["a"], "", 1), true)) },
///     &const { [Variant::group("a", &const { [field(b",\"b\":                           ", 5, FLAG)] })] },
/// )));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(Kind::tagged(
///     &const { field(b",\"kind\":                        ", 8, tag(words(&["a"], "", 1), true)) },
///     &const { [Variant::group("a", &const { [field(b",\"kind\":                        ", 8, FLAG)] })] },
/// )));
/// ```
/// Variants whose words are not those of the tag, and two with one word:
///
/// ```
/// telemetry_tests::sealed!(Schema::of(tagged(
///     &const { field(b",\"kind\":                        ", 8, tag(words(&["a", "b"], "", 2), true)) },
///     &const { [Variant::unit("a"), Variant::unit("b")] },
/// )));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(tagged(
///     &const { field(b",\"kind\":                        ", 8, tag(words(&["a", "b"], "", 2), true)) },
///     &const { [Variant::unit("b"), Variant::unit("a")] },
/// )));
/// ```
///
/// ```
/// telemetry_tests::sealed!(Schema::of(Kind::variants(&const { [Variant::unit("a"), Variant::unit("b")] })));
/// ```
///
/// ```compile_fail
/// telemetry_tests::sealed!(Schema::of(Kind::variants(&const { [Variant::unit("a"), Variant::unit("a")] })));
/// ```
pub struct Containers;
