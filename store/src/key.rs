//! Keys whose bytes sort as their values do.
//!
//! Text ends with `00 01`, and a zero byte inside it is `00 FF`: so `"a"` sorts
//! before `"a\0"` whatever follows in a tuple, and the bytes of `("ven",)` begin
//! those of every `("ven", …)` and of no other. Numbers are big-endian, signed
//! ones with the sign bit turned. A tuple is its parts, one after the other.

/// A type that can be a table's key: order-preserving both ways.
pub trait Key: Sized {
    /// Appends the bytes of the key.
    fn encode(&self, out: &mut Vec<u8>);

    /// Takes a key from the front of `bytes`; `None` if they are no such key.
    fn decode(bytes: &mut &[u8]) -> Option<Self>;
}

/// What can stand for a key `K` in a call, such as `&str` for `String`.
pub trait AsKey<K> {
    /// Appends the bytes of the key it stands for.
    fn encode_as(&self, out: &mut Vec<u8>);
}

/// What can stand for the first parts of a tuple key `K`.
pub trait AsPrefix<K> {
    /// Appends the bytes that every key with these first parts begins with.
    fn encode_prefix(&self, out: &mut Vec<u8>);
}

impl Key for String {
    fn encode(&self, out: &mut Vec<u8>) {
        encode_text(self, out);
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let mut text = Vec::new();
        loop {
            match bytes {
                [0, 0xFF, rest @ ..] => {
                    text.push(0);
                    *bytes = rest;
                }
                [0, 1, rest @ ..] => {
                    *bytes = rest;
                    return String::from_utf8(text).ok();
                }
                [byte, rest @ ..] if *byte != 0 => {
                    text.push(*byte);
                    *bytes = rest;
                }
                _ => return None,
            }
        }
    }
}

impl AsKey<String> for String {
    fn encode_as(&self, out: &mut Vec<u8>) {
        encode_text(self, out);
    }
}

impl AsKey<String> for str {
    fn encode_as(&self, out: &mut Vec<u8>) {
        encode_text(self, out);
    }
}

impl<K, Q: AsKey<K> + ?Sized> AsKey<K> for &Q {
    fn encode_as(&self, out: &mut Vec<u8>) {
        (*self).encode_as(out);
    }
}

fn encode_text(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        out.push(byte);
        if byte == 0 {
            out.push(0xFF);
        }
    }
    out.extend_from_slice(&[0, 1]);
}

impl<const N: usize> Key for [u8; N] {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<N>()?;
        *bytes = rest;
        Some(*head)
    }
}

impl<const N: usize> AsKey<[u8; N]> for [u8; N] {
    fn encode_as(&self, out: &mut Vec<u8>) {
        self.encode(out);
    }
}

macro_rules! number_key {
    ($number:ty, $flip:expr) => {
        impl Key for $number {
            fn encode(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&(*self ^ $flip).to_be_bytes());
            }

            fn decode(bytes: &mut &[u8]) -> Option<Self> {
                let (head, rest) = bytes.split_first_chunk()?;
                *bytes = rest;
                Some(<$number>::from_be_bytes(*head) ^ $flip)
            }
        }

        impl AsKey<$number> for $number {
            fn encode_as(&self, out: &mut Vec<u8>) {
                self.encode(out);
            }
        }
    };
}

number_key!(u32, 0);
number_key!(u64, 0);
number_key!(i64, i64::MIN);

macro_rules! tuple_key {
    ($($part:ident $query:ident $at:tt),+) => {
        impl<$($part: Key),+> Key for ($($part,)+) {
            fn encode(&self, out: &mut Vec<u8>) {
                $(self.$at.encode(out);)+
            }

            fn decode(bytes: &mut &[u8]) -> Option<Self> {
                Some(($($part::decode(bytes)?,)+))
            }
        }

        impl<$($part, $query: AsKey<$part>),+> AsKey<($($part,)+)> for ($($query,)+) {
            fn encode_as(&self, out: &mut Vec<u8>) {
                $(self.$at.encode_as(out);)+
            }
        }
    };
}

tuple_key!(A QA 0);
tuple_key!(A QA 0, B QB 1);
tuple_key!(A QA 0, B QB 1, C QC 2);
tuple_key!(A QA 0, B QB 1, C QC 2, D QD 3);

macro_rules! tuple_prefix {
    ($($part:ident $query:ident $at:tt),+; $($rest:ident),+) => {
        impl<$($part, $query: AsKey<$part>,)+ $($rest),+> AsPrefix<($($part,)+ $($rest,)+)>
            for ($($query,)+)
        {
            fn encode_prefix(&self, out: &mut Vec<u8>) {
                $(self.$at.encode_as(out);)+
            }
        }
    };
}

tuple_prefix!(A QA 0; B);
tuple_prefix!(A QA 0; B, C);
tuple_prefix!(A QA 0; B, C, D);
tuple_prefix!(A QA 0, B QB 1; C);
tuple_prefix!(A QA 0, B QB 1; C, D);
tuple_prefix!(A QA 0, B QB 1, C QC 2; D);

/// The bytes of a key.
pub(crate) fn bytes_of<K>(key: &impl AsKey<K>) -> Vec<u8> {
    let mut out = Vec::new();
    key.encode_as(&mut out);
    out
}

/// A whole key from its bytes, with nothing left over.
pub(crate) fn key_from<K: Key>(mut bytes: &[u8]) -> Option<K> {
    let key = K::decode(&mut bytes)?;
    bytes.is_empty().then_some(key)
}
