//! Faultline.
fn main() {}
