//! The declarations generated code is made of: one line a field, for reading,
//! writing and sampling alike.

/// A complex type: a struct whose fields stand in schema order, attributes first.
/// `field: Type = method(arguments)` names the [`Decoder`](super::Decoder) method
/// that reads it; the [`Encoder`](super::Encoder)'s of the same name writes it.
macro_rules! record {
    ($($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty = $method:ident($($arg:expr),*),)* })+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name { $(#[allow(missing_docs)] pub $field: $type,)* }

        impl $crate::xml::Content for $name {
            fn decode(_from: &mut $crate::xml::Decoder<'_>) -> Result<Self, $crate::xml::Error> {
                $(let $field: $type = _from.$method($($arg),*)?;)*
                Ok(Self { $($field),* })
            }

            fn encode(&self, _to: &mut $crate::xml::Encoder) {
                $(_to.$method($($arg,)* &self.$field);)*
            }
        }

        #[cfg(feature = "sample")]
        impl $crate::xml::Sample for $name {
            fn sample(_from: &mut $crate::xml::Generator) -> Self {
                Self { $($field: _from.$method($($arg),*)),* }
            }
        }
    )+ };
}

/// A choice or substitution group: `Variant(Type) = element(NS, "local")`, or
/// `= run()` for a member that is a sequence of its own, `= member()` for one that is
/// a group, `= any(…)` for a wildcard.
macro_rules! group {
    ($($(#[$meta:meta])* $name:ident { $($variant:ident($type:ty) = $kind:ident($($arg:expr),*),)+ })+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[allow(clippy::large_enum_variant)]
        pub enum $name { $(#[allow(missing_docs)] $variant($type),)+ }

        impl $crate::xml::Group for $name {
            fn decode(from: &mut $crate::xml::Decoder<'_>) -> Result<Option<Self>, $crate::xml::Error> {
                $(if let Some(member) = group!(@read $kind from $($arg),*)? {
                    return Ok(Some(Self::$variant(member)));
                })+
                Ok(None)
            }

            fn encode(&self, to: &mut $crate::xml::Encoder) {
                match self { $(Self::$variant(member) => group!(@write $kind to member $($arg),*),)+ }
            }
        }

        #[cfg(feature = "sample")]
        impl $crate::xml::Sample for $name {
            fn sample(from: &mut $crate::xml::Generator) -> Self {
                let arms: &[fn(&mut $crate::xml::Generator) -> Self] =
                    &[$(|from| Self::$variant(<$type as $crate::xml::Sample>::sample(from))),+];
                arms[from.below(arms.len())](from)
            }
        }
    )+ };
    (@read element $from:ident $ns:expr, $local:expr) => { $from.opt($ns, $local) };
    (@read run $from:ident) => { $from.opt_run() };
    (@read member $from:ident) => { $from.opt_of() };
    (@read any $from:ident $not:expr) => { $from.any($not, 0, 1).map(|mut found| found.pop()) };
    (@write member $to:ident $member:ident) => { $to.one_of($member) };
    (@write any $to:ident $member:ident $not:expr) => { $to.any($not, 0, 1, std::slice::from_ref($member)) };
    (@write element $to:ident $member:ident $ns:expr, $local:expr) => { $to.one($ns, $local, $member) };
    (@write run $to:ident $member:ident) => { $crate::xml::Content::encode($member, $to) };
}

/// Where inner sequences begin: `Name: (NS, "local") …`.
macro_rules! runs {
    ($($name:ident: $(($ns:expr, $local:expr))+;)+) => { $(
        impl $crate::xml::Sequence for $name {
            const FIRST: &'static [($crate::xml::Ns, &'static str)] = &[$(($ns, $local)),+];
        }
    )+ };
}

/// Elements that can be a document's root.
macro_rules! roots {
    ($($name:ident = $ns:expr, $local:expr;)+) => { $(
        impl $crate::xml::Root for $name {
            const NAME: ($crate::xml::Ns, &'static str) = ($ns, $local);
        }
    )+ };
}

/// An element whose type is abstract: `xsi:type` says which it is.
macro_rules! derived {
    ($($(#[$meta:meta])* $name:ident { $($variant:ident($type:ty) = $ns:expr, $local:expr;)+ })+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[allow(clippy::large_enum_variant)]
        pub enum $name { $(#[allow(missing_docs)] $variant($type),)+ }

        impl $crate::xml::Content for $name {
            fn decode(from: &mut $crate::xml::Decoder<'_>) -> Result<Self, $crate::xml::Error> {
                let known: &[($crate::xml::Ns, &str)] = &[$(($ns, $local)),+];
                let at = from.derived_type(known)?;
                $(if at == ($ns, $local) {
                    return <$type as $crate::xml::Content>::decode(from).map(Self::$variant);
                })+
                Err(from.no_such_type(known))
            }

            fn encode(&self, to: &mut $crate::xml::Encoder) {
                match self { $(Self::$variant(content) => {
                    to.xsi_type($ns, $local);
                    $crate::xml::Content::encode(content, to);
                })+ }
            }
        }

        #[cfg(feature = "sample")]
        impl $crate::xml::Sample for $name {
            fn sample(from: &mut $crate::xml::Generator) -> Self {
                let arms: &[fn(&mut $crate::xml::Generator) -> Self] =
                    &[$(|from| Self::$variant(<$type as $crate::xml::Sample>::sample(from))),+];
                arms[from.below(arms.len())](from)
            }
        }
    )+ };
}

/// An enumeration: `Variant = "literal"`; with `or Type`, anything else must be a
/// value of that type (an extension token).
macro_rules! tokens {
    ($($(#[$meta:meta])* $space:ident $name:ident { $($variant:ident = $literal:literal,)+ } $(or $other:ty)?;)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $literal, "`")] $variant,)+
            $(/// A value of one's own, as the extension type allows.
            Extension($other),)?
        }

        impl $name {
            /// The literal values, in schema order.
            pub const LITERALS: &'static [&'static str] = &[$($literal),+];
        }

        impl $crate::xml::Text for $name {
            fn parse(text: &str) -> Result<Self, std::borrow::Cow<'static, str>> {
                let text = tokens!(@space $space text);
                match &*text {
                    $($literal => Ok(Self::$variant),)+
                    _other => tokens!(@rest _other, Self::LITERALS $(, $other)?),
                }
            }

            fn text(&self) -> std::borrow::Cow<'_, str> {
                match self {
                    $(Self::$variant => std::borrow::Cow::Borrowed($literal),)+
                    $(Self::Extension(other) => <$other as $crate::xml::Text>::text(other),)?
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::xml::Text::text(self))
            }
        }

        #[cfg(feature = "sample")]
        impl $crate::xml::Sample for $name {
            fn sample(from: &mut $crate::xml::Generator) -> Self {
                let all = [$(Self::$variant),+];
                $(if from.below(8) == 0 {
                    return Self::Extension(<$other as $crate::xml::Sample>::sample(from));
                })?
                all[from.below(all.len())].clone()
            }
        }
    )+ };
    (@space exact $text:ident) => { std::borrow::Cow::Borrowed($text) };
    (@space collapsed $text:ident) => { $crate::xml::collapsed($text) };
    (@rest $text:ident, $literals:expr) => { Err($crate::xml::one_of_text($literals)) };
    (@rest $text:ident, $literals:expr, $other:ty) => {
        <$other as $crate::xml::Text>::parse($text)
            .map(Self::Extension)
            .map_err(|wants| format!("{}, nor {wants}", $crate::xml::one_of_text($literals)).into())
    };
}

/// A simple type narrowed by a facet: `Name(Base) = check, "what it wants", samples`.
macro_rules! facet {
    ($($(#[$meta:meta])* $name:ident($base:ty) = $check:expr, $wants:literal, [$($sample:literal),+];)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name($base);

        impl $name {
            /// The value, or `None` if the facet refuses it.
            pub fn new(value: impl Into<$base>) -> Option<Self> {
                let value = value.into();
                let check: fn(&$base) -> bool = $check;
                check(&value).then_some(Self(value))
            }

            /// The value.
            pub fn value(&self) -> &$base {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::xml::Text::text(self))
            }
        }

        impl $crate::xml::Text for $name {
            fn parse(text: &str) -> Result<Self, std::borrow::Cow<'static, str>> {
                let value = <$base as $crate::xml::Text>::parse(text)?;
                Self::new(value).ok_or(std::borrow::Cow::Borrowed($wants))
            }

            fn text(&self) -> std::borrow::Cow<'_, str> {
                $crate::xml::Text::text(&self.0)
            }
        }

        #[cfg(feature = "sample")]
        impl $crate::xml::Sample for $name {
            fn sample(from: &mut $crate::xml::Generator) -> Self {
                let samples = [$($sample),+];
                $crate::xml::Generator::parsed(samples[from.below(samples.len())])
            }
        }
    )+ };
}

/// An element that can only hold one text.
macro_rules! fixed {
    ($($name:ident = $text:literal;)+) => { $(
        #[doc = concat!("Always `", $text, "`.")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name;

        impl $crate::xml::Text for $name {
            fn parse(text: &str) -> Result<Self, std::borrow::Cow<'static, str>> {
                // An empty element stands for the fixed text (XML Schema 1.0, 3.3.4).
                if text == $text || text.is_empty() { Ok(Self) } else { Err(concat!("the fixed text ", $text).into()) }
            }

            fn text(&self) -> std::borrow::Cow<'_, str> {
                std::borrow::Cow::Borrowed($text)
            }
        }

        #[cfg(feature = "sample")]
        impl $crate::xml::Sample for $name {
            fn sample(_: &mut $crate::xml::Generator) -> Self {
                Self
            }
        }
    )+ };
}

/// A union of simple types: the first that takes the text.
macro_rules! union {
    ($($(#[$meta:meta])* $name:ident { $($variant:ident($type:ty),)+ })+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $(#[allow(missing_docs)] $variant($type),)+ }

        impl $crate::xml::Text for $name {
            fn parse(text: &str) -> Result<Self, std::borrow::Cow<'static, str>> {
                let mut wants = Vec::new();
                $(match <$type as $crate::xml::Text>::parse(text) {
                    Ok(value) => return Ok(Self::$variant(value)),
                    Err(want) => wants.push(want),
                })+
                Err(wants.join(", nor ").into())
            }

            fn text(&self) -> std::borrow::Cow<'_, str> {
                match self { $(Self::$variant(value) => $crate::xml::Text::text(value),)+ }
            }
        }

        #[cfg(feature = "sample")]
        impl $crate::xml::Sample for $name {
            fn sample(from: &mut $crate::xml::Generator) -> Self {
                // Through text, since an earlier member may take what a later one writes.
                let arms: &[fn(&mut $crate::xml::Generator) -> Self] =
                    &[$(|from| Self::$variant(<$type as $crate::xml::Sample>::sample(from))),+];
                let value = arms[from.below(arms.len())](from);
                let text = $crate::xml::Text::text(&value).into_owned();
                $crate::xml::Generator::parsed(&text)
            }
        }
    )+ };
}

#[allow(unused_imports)]
pub(crate) use {derived, facet, fixed, group, record, roots, runs, tokens, union};
