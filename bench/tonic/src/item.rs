use crate::pb::Item;

/// Of an item without payload, and of the payload's tag and length.
const BARE: usize = 20;

/// An item that takes `size` bytes on the wire (20 at least; a few more or less otherwise).
pub fn item_of(size: usize) -> Item {
    let length = size.saturating_sub(BARE + 3);
    let payload: Vec<u8> = b"payload ".iter().copied().cycle().take(length).collect();
    Item { id: 123_456, word: "items".into(), value: 1.5, payload: payload.into() }
}
