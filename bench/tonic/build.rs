//! Messages and stubs from the proto that all peers share; PROTOC names the compiler.
fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=../protos/bench.proto");
    tonic_prost_build::configure()
        // A payload is shared by its clones, as the other peers share theirs.
        .bytes(".")
        .compile_protos(&["../protos/bench.proto"], &["../protos"])
}
