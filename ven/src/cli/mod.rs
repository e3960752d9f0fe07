//! The program `ven`.
