//! The operator's side of a [`Vtn`](crate::Vtn).
