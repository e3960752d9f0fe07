//! Simple types: which runtime type serves, or which declaration must be written.

use crate::build::Build;
use crate::model::*;
use crate::names;
use crate::rust::{Kind, Rust};

/// The runtime's type for one of XML Schema's own.
pub fn builtin(name: &str) -> Result<Rust, String> {
    Ok(Rust::std(match name {
        "string" | "normalizedString" => "String",
        "token" | "NMTOKEN" | "ID" | "IDREF" | "NCName" | "language" => "x::Token",
        "anyURI" => "x::Uri",
        "boolean" => "bool",
        "float" | "double" => "x::Float",
        "decimal" => "x::Decimal",
        "byte" => "i8",
        "unsignedByte" => "u8",
        "short" => "i16",
        "unsignedShort" => "u16",
        "int" => "i32",
        "unsignedInt" => "u32",
        "long" => "i64",
        "unsignedLong" => "u64",
        "integer" => "x::Integer",
        "positiveInteger" => "x::PositiveInteger",
        "dateTime" => "x::ZonedDateTime",
        "date" => "x::Date",
        "duration" => "x::Duration",
        "base64Binary" => "x::Base64",
        "hexBinary" => "x::Hex",
        "anyType" => "x::AnyType",
        other => return Err(format!("xs:{other} has no Rust type")),
    }))
}

/// What a known pattern stands for: a runtime type, or a check with what it wants
/// and samples. An unknown pattern stops the generator: somebody must read it.
enum Pattern {
    Type(&'static str),
    Check(&'static str, &'static str, &'static [&'static str]),
}

fn pattern(text: &str) -> Option<Pattern> {
    Some(match text {
        r"(\+|\-)?P((\d+Y)?(\d+M)?(\d+D)?T?(\d+H)?(\d+M)?(\d+S)?)|(\d+W)" => {
            Pattern::Type("x::Duration")
        }
        r"(\-|\+)?\d{4}\-\d{2}\-\d{2}T\d{2}:\d{2}:\d{2}(\.\d*)?Z?" => Pattern::Type("x::DateTime"),
        r"(\-|\+)?\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d*)Z" => Pattern::Type("x::UtcDateTime"),
        r"[0-9][0-9][0-9]" => {
            Pattern::Check("x::patterns::three_digits", "three digits", &["200", "452"])
        }
        r"x-\S.*" => Pattern::Check(
            "x::patterns::extension",
            "x- and a name of one's own",
            &["x-own", "x-a b"],
        ),
        r"(\-|\+)?\d{2}:\d{2}" => {
            Pattern::Check("x::patterns::utc_offset", "an offset such as +01:00", &["+01:00"])
        }
        r"\w+@(\w+\.)+\w+" => {
            Pattern::Check("x::patterns::email", "an e-mail address", &["a@example.org"])
        }
        _ => return None,
    })
}

impl Build<'_> {
    /// The Rust type of a simple type; `name` and `module` are used if one is written.
    pub fn simple(
        &mut self,
        simple: &Simple,
        module: &str,
        name: &str,
        key: &str,
    ) -> Result<Rust, String> {
        let doc = simple.doc.clone();
        match &simple.shape {
            Shape::List(item) => {
                let item = self.type_ref(item, module, name, key)?;
                Ok(Rust::Std(format!("x::List<{}>", item.seen_from(module))))
            }
            Shape::Union(members) => self.union(members, doc, module, name, key),
            Shape::Restriction { base, facets } => {
                if facets.is_empty() {
                    return self.type_ref(base, module, name, key);
                }
                if !facets.literals.is_empty() {
                    let kind = self.tokens(base, facets, None);
                    return Ok(self.declare(module, name, key, doc, kind));
                }
                self.narrowed(base, facets, doc, module, name, key)
            }
        }
    }

    fn tokens(&self, base: &TypeRef, facets: &Facets, or: Option<Rust>) -> Kind {
        let exact =
            matches!(self.root_builtin(base).as_deref(), Some("string" | "normalizedString"));
        let variants = names::variants(&facets.literals);
        let literals = variants.into_iter().zip(facets.literals.iter().cloned()).collect();
        Kind::Tokens { collapse: !exact, literals, or }
    }

    /// The XML Schema type a simple type restricts in the end.
    fn root_builtin(&self, of: &TypeRef) -> Option<String> {
        match of {
            TypeRef::Builtin(name) => Some(name.clone()),
            TypeRef::Named(_) | TypeRef::Inline(_) => match &self.simple_of(of)?.shape {
                Shape::Restriction { base, .. } => self.root_builtin(base),
                _ => None,
            },
            TypeRef::Unsaid => None,
        }
    }

    fn simple_of<'b>(&'b self, of: &'b TypeRef) -> Option<&'b Simple> {
        match of {
            TypeRef::Named(q) => match self.schemas.types.get(q) {
                Some(Type::Simple(simple)) => Some(simple),
                _ => None,
            },
            TypeRef::Inline(inner) => match &**inner {
                Type::Simple(simple) => Some(simple),
                Type::Complex(_) => None,
            },
            _ => None,
        }
    }

    fn facets_of<'b>(&'b self, of: &'b TypeRef) -> Option<(&'b TypeRef, &'b Facets)> {
        match &self.simple_of(of)?.shape {
            Shape::Restriction { base, facets } => Some((base, facets)),
            _ => None,
        }
    }

    fn union(
        &mut self,
        members: &[TypeRef],
        doc: Option<String>,
        module: &str,
        name: &str,
        key: &str,
    ) -> Result<Rust, String> {
        // An enumeration of values of a type that is a member too adds nothing.
        let named: Vec<Q> = members
            .iter()
            .filter_map(|m| if let TypeRef::Named(q) = m { Some(q.clone()) } else { None })
            .collect();
        let adds = |m: &&TypeRef| match self.facets_of(m) {
            Some((TypeRef::Named(base), facets)) => {
                facets.literals.is_empty() || !named.contains(base)
            }
            _ => true,
        };
        let kept: Vec<TypeRef> = members.iter().filter(adds).cloned().collect();
        if let [only] = &kept[..] {
            return self.type_ref(&only.clone(), module, name, key);
        }
        // An enumeration that may be extended: one enum with a variant for the rest.
        if let [listed, rest] = &kept[..]
            && let Some((base, facets)) = self.facets_of(listed)
            && !facets.literals.is_empty()
        {
            let (base, facets) = (base.clone(), facets.clone());
            let other = self.type_ref(rest, module, &format!("{name}Extension"), key)?;
            let kind = self.tokens(&base, &facets, Some(other));
            return Ok(self.declare(module, name, key, doc, kind));
        }
        let mut variants = Vec::new();
        for (n, member) in kept.iter().enumerate() {
            let label = match member {
                TypeRef::Named((_, local)) => names::pascal(local),
                _ => format!("Form{n}"),
            };
            let of =
                self.type_ref(member, module, &format!("{name}{label}"), &format!("{key}/{n}"))?;
            if of == Rust::std("String") {
                return Ok(of); // Takes whatever the members before it take.
            }
            variants.push((label, of));
        }
        Ok(self.declare(module, name, key, doc, Kind::Union(variants)))
    }

    fn narrowed(
        &mut self,
        base: &TypeRef,
        facets: &Facets,
        doc: Option<String>,
        module: &str,
        name: &str,
        key: &str,
    ) -> Result<Rust, String> {
        let of = self.type_ref(base, module, name, key)?;
        if let Some(text) = &facets.pattern {
            return match pattern(text).ok_or_else(|| format!("the pattern {text} is not known"))? {
                Pattern::Type(runtime) => Ok(Rust::std(runtime)),
                Pattern::Check(check, wants, samples) => {
                    let samples = samples.iter().map(|s| (*s).to_owned()).collect();
                    let (check, wants) = (format!("|v| {check}(v)"), wants.to_owned());
                    Ok(self.declare(
                        module,
                        name,
                        key,
                        doc,
                        Kind::Facet { base: of, check, wants, samples },
                    ))
                }
            };
        }
        if let Some(max) = facets.max_length {
            if of == Rust::std("String") {
                return Ok(Rust::Std(format!("x::Bounded<{max}>")));
            }
            let check = format!("|v| v.0.len() <= {max}");
            let (wants, samples) =
                (format!("at most {max} bytes in hexadecimal"), vec!["0A".to_owned()]);
            return Ok(self.declare(
                module,
                name,
                key,
                doc,
                Kind::Facet { base: of, check, wants, samples },
            ));
        }
        let (low, high) = (facets.min.clone(), facets.max.clone());
        let range = format!("{}..={}", low.as_deref().unwrap_or(""), high.as_deref().unwrap_or(""));
        let check = match &of {
            Rust::Std(t) if t == "x::Float" => {
                let bound = |b: &Option<String>| {
                    b.as_deref().map_or_else(String::new, |b| format!("x::Decimal::from({b})"))
                };
                let range = format!("{}..={}", bound(&low), bound(&high));
                format!("|v| v.decimal().is_some_and(|v| ({range}).contains(&v))")
            }
            Rust::Std(t) if t == "x::Integer" => {
                format!("|v| v.value().is_some_and(|v| ({range}).contains(&v))")
            }
            _ => format!("|v| ({range}).contains(v)"),
        };
        let wants = match (&low, &high) {
            (Some(low), Some(high)) => format!("a number from {low} to {high}"),
            (None, Some(high)) => format!("a number up to {high}"),
            _ => format!("a number in {range}"),
        };
        let samples = low.into_iter().chain(high).collect();
        Ok(self.declare(module, name, key, doc, Kind::Facet { base: of, check, wants, samples }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_nobody_has_read_is_unknown() {
        assert!(pattern("[0-9][0-9][0-9]").is_some());
        assert!(pattern("[0-9][0-9]").is_none());
    }

    #[test]
    fn a_type_of_xml_schema_without_a_rust_type_is_refused_by_name() {
        assert_eq!(builtin("gYear"), Err("xs:gYear has no Rust type".to_owned()));
    }
}
