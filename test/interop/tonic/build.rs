//! Messages and stubs of the guides' data service; PROTOC names the compiler, DATA_PROTO the file.
use std::path::Path;

fn main() -> std::io::Result<()> {
    let file = std::env::var("DATA_PROTO").expect("DATA_PROTO: the path of data.proto");
    println!("cargo:rerun-if-changed={file}");
    let folder = Path::new(&file).parent().expect("a folder");
    tonic_prost_build::configure().compile_protos(&[Path::new(&file)], &[folder])
}
