//! The program without telemetry.

fn main() {
    hello::greet();
    hello::print_peak_if_asked();
}
