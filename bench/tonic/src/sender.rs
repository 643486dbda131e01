/// How a side hands its messages to tonic.
#[derive(Clone, Copy, PartialEq)]
pub enum Sender {
    /// `send(item).await` into a channel, from wherever the program is: what our `send` is.
    Imperative,
    /// A stream that tonic pulls: no queue and no wake-ups between.
    Pull,
}

impl Sender {
    /// Messages a channel holds, as in tonic's own examples.
    pub const CAPACITY: usize = 128;

    pub fn parse(text: &str) -> Sender {
        match text {
            "imperative" => Sender::Imperative,
            "pull" => Sender::Pull,
            _ => panic!("a sender is imperative or pull, not {text}"),
        }
    }
}
