//! Tells the linker how an addon of Node.js is linked.

fn main() {
    napi_build::setup();
}
