// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `scale`: the types of its namespace.

use crate::xml::macros::{tokens};

tokens! {
    /// `scale:SiScaleCode`.
    exact SiScaleCode {
        P = "p",
        N = "n",
        Micro = "micro",
        LowerM = "m",
        C = "c",
        D = "d",
        K = "k",
        M = "M",
        G = "G",
        T = "T",
        None_ = "none",
    };
}

