//! Numbers saturate and never wrap.

use proptest::prelude::*;
use telemetry::TelemetrySnapshot;

/// The largest number that every JSON parser preserves.
const LARGEST: i64 = (1 << 53) - 1;

macro_rules! saturates {
    ($($ty:ident)+) => {$(
        mod $ty {
            use super::*;

            #[derive(TelemetrySnapshot)]
            struct Numbers {
                #[telemetry(number(min = -100, max = 100))]
                small: $ty,
                #[telemetry(number(min = -9_007_199_254_740_991, max = 9_007_199_254_740_991))]
                large: $ty,
                #[telemetry(bucket(-10, 0, 100))]
                bucket: $ty,
                #[telemetry(number(max = 100))]
                optional: Option<$ty>,
            }

            fn expected(value: i128) -> String {
                let bucket = if value < -10 { "<-10" } else if value < 0 { "-10--1" } else if value < 100 { "0-99" } else { "100+" };
                format!(
                    r#"{{"small":{},"large":{},"bucket":"{bucket}","optional":{}}}"#,
                    value.clamp(-100, 100),
                    value.clamp(i128::from(-LARGEST), i128::from(LARGEST)),
                    value.clamp(0, 100),
                )
            }

            fn check(value: $ty) {
                let numbers = Numbers { small: value, large: value, bucket: value, optional: Some(value) };
                let wide = i128::try_from(value).unwrap_or(i128::MAX);
                assert_eq!(telemetry::testing::snapshot(&numbers).as_json(), expected(wide));
            }

            proptest! {
                #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

                #[test]
                fn within_bounds(value in any::<$ty>()) {
                    check(value);
                }
            }

            #[test]
            fn at_the_ends() {
                check($ty::MIN);
                check($ty::MAX);
                check(0);
            }
        }
    )+};
}

saturates!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

#[derive(TelemetrySnapshot)]
struct Floats {
    #[telemetry(bucket(-10, 0, 100))]
    value: f64,
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Ranges are half-open; NaN is left out.
    #[test]
    fn floats_fall_into_ranges(value in any::<f64>()) {
        let label = match value {
            value if value.is_nan() => None,
            value if value < -10.0 => Some("<-10"),
            value if value < 0.0 => Some("-10--1"),
            value if value < 100.0 => Some("0-99"),
            _ => Some("100+"),
        };
        let expected = label.map_or_else(|| "{}".to_owned(), |label| format!(r#"{{"value":"{label}"}}"#));
        let snapshot = telemetry::testing::snapshot(&Floats { value });
        prop_assert_eq!(snapshot.as_json(), expected);
    }
}
