//! Each advice that the compiler gives about a type is followed on that type: this package compiles.

#![allow(dead_code, unused_imports, missing_docs, unreachable_pub, reason = "nothing of it is used")]
#![allow(clippy::all, reason = "what is advised is a pattern")]

include!(concat!(env!("OUT_DIR"), "/followed.rs"));
