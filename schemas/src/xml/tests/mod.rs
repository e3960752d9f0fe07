//! The runtime on a small schema of its own.

mod decoder;
mod encoder;
mod wildcards;

use super::macros::{derived, fixed, group, record, roots, runs, tokens};
use super::{Any, AnyAttributes, AnyType, Bounded, EI, EMIX, Error, Float, Limits, NONE, PYLD};
use super::{Nested, Root, Token};

record! {
    /// Attributes, then one of each kind of field.
    Note {
        id: Token = attr(NONE, "id"),
        lang: Option<Token> = attr_opt(EI, "lang"),
        from: String = one(EI, "from"),
        to: Option<Bounded<4>> = opt(EI, "to"),
        line: Vec<String> = many(EI, "line"),
        mark: Vec<Mark> = range(EI, "mark", 1, 2),
        end: Option<End> = opt_of(),
        pairs: Vec<Pair> = range_run(0, 2),
        shape: Option<Shape> = opt(EMIX, "shape"),
        inner: Option<Nested<Note>> = opt(EI, "note"),
    }
    /// Two elements without a parent.
    Pair {
        key: String = one(EI, "key"),
        value: Float = one(EI, "value"),
    }
    /// Simple content with an attribute.
    Amount {
        unit: Option<Token> = attr_opt(NONE, "unit"),
        value: Float = value(),
    }
    /// A type told by `xsi:type`.
    Round {
        radius: Float = one(EMIX, "radius"),
    }
    /// Another.
    Square {
        side: Float = one(EMIX, "side"),
    }
    /// What the schema leaves open.
    Open {
        attributes: AnyAttributes = any_attributes(Some(EI)),
        any: Vec<Any> = any(Some(EI), 0, 2),
        thing: Option<AnyType> = opt(EI, "thing"),
    }
    /// Mixed content.
    Mixed {
        content: Any = mixed(),
    }
}

group! {
    /// One of three.
    End {
        Stop(Amount) = element(EI, "stop"),
        Halt(Version) = element(EI, "halt"),
        Go(Amount) = element(PYLD, "stop"),
    }
}

derived! {
    /// By `xsi:type`.
    Shape {
        Round(Round) = EMIX, "RoundType";
        Square(Square) = EMIX, "SquareType";
    }
}

tokens! {
    /// With blanks around it or without.
    collapsed Mark { Red = "red", LightRed = "light red", } or Token;
}

fixed! {
    Version = "1.0";
}

runs! {
    Pair: (EI, "key");
}

roots! {
    Note = EI, "note";
    Open = EI, "open";
    Mixed = EI, "mixed";
}

/// A document whose root declares what the tests use.
fn document(root: &str, attributes: &str, content: &str) -> String {
    let (ei, emix, pyld, xsi) = (EI.uri(), EMIX.uri(), PYLD.uri(), super::XSI.uri());
    format!(
        "<e:{root} xmlns:e=\"{ei}\" xmlns:x=\"{emix}\" xmlns:p=\"{pyld}\" xmlns:i=\"{xsi}\" \
         {attributes}>{content}</e:{root}>"
    )
}

fn note(content: &str) -> Result<Note, Error> {
    read(&document("note", "id='n'", content))
}

fn read<T: Root>(text: &str) -> Result<T, Error> {
    super::decode(text.as_bytes(), &Limits::default())
}
