use sha2::{Digest, Sha256};

/// Does not fit a double: a peer that reads int64 as a number loses the last bit.
pub const BIG_TIMESTAMP: i64 = 9_007_199_254_740_993;

/// Bytes whose value is their offset modulo 251, so that any chunking of them can be checked.
pub fn fill(size: usize, offset: usize) -> Vec<u8> {
    (0..size).map(|i| ((offset + i) % 251) as u8).collect()
}

pub fn hex(sum: Sha256) -> String {
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn sum_of(size: usize) -> String {
    let mut sum = Sha256::new();
    sum.update(fill(size, 0));
    hex(sum)
}
