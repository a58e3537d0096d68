//! Prints what a package makes public, from the JSON that rustdoc writes of it: without blanket implementations, those of auto traits, and
//! those that the standard library's macros derive. `.ci/api` compares it with the package's `public-api.txt`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    for json in std::env::args_os().skip(1) {
        let api = public_api::Builder::from_rustdoc_json(json)
            .omit_blanket_impls(true)
            .omit_auto_trait_impls(true)
            .omit_auto_derived_impls(true)
            .build()?;
        print!("{api}");
    }
    Ok(())
}
