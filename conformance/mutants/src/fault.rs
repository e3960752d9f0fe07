//! The switches: what may be wrong with a mutant, and which scenario must notice.

use oadr_conformance::scenario::Role;
use oadr_conformance::wire::http;
use oadr_schemas::openadr::Message;

/// Something a mutant does wrong.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Its name, unique for a role.
    pub name: &'static str,
    /// The scenario that must fail.
    pub scenario: &'static str,
    /// What is wrong, in words.
    pub what: &'static str,
    /// How it is done, if not by the mutant asking [`Faults::has`].
    pub tamper: Tamper,
}

/// How what a mutant sends is spoiled.
#[derive(Clone, Copy, Debug)]
pub enum Tamper {
    /// Not here: the mutant's own code asks for the switch.
    Inside,
    /// Each message, before it is written.
    Message(fn(&mut Message)),
    /// Each document, as text.
    Text(fn(String) -> String),
    /// Each HTTP message, body and all.
    Http(fn(&mut http::Message)),
}

impl Fault {
    /// A fault that the mutant's own code makes.
    pub const fn inside(name: &'static str, scenario: &'static str, what: &'static str) -> Self {
        Self { name, scenario, what, tamper: Tamper::Inside }
    }

    /// A fault in messages.
    pub const fn message(
        name: &'static str,
        scenario: &'static str,
        what: &'static str,
        spoil: fn(&mut Message),
    ) -> Self {
        Self { name, scenario, what, tamper: Tamper::Message(spoil) }
    }

    /// A fault in documents.
    pub const fn text(
        name: &'static str,
        scenario: &'static str,
        what: &'static str,
        spoil: fn(String) -> String,
    ) -> Self {
        Self { name, scenario, what, tamper: Tamper::Text(spoil) }
    }

    /// A fault in HTTP messages.
    pub const fn http(
        name: &'static str,
        scenario: &'static str,
        what: &'static str,
        spoil: fn(&mut http::Message),
    ) -> Self {
        Self { name, scenario, what, tamper: Tamper::Http(spoil) }
    }
}

/// The switch of a mutant: one fault, or none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults(Option<&'static Fault>);

impl Faults {
    /// None: the mutant obeys.
    pub fn none() -> Self {
        Self(None)
    }

    /// This one.
    pub fn one(fault: &'static Fault) -> Self {
        Self(Some(fault))
    }

    /// Whether the fault of this name is on.
    pub fn has(&self, name: &str) -> bool {
        self.0.is_some_and(|fault| fault.name == name)
    }

    /// A message as it is sent.
    pub fn message(&self, message: &mut Message) {
        if let Some(Fault { tamper: Tamper::Message(spoil), .. }) = self.0 {
            spoil(message);
        }
    }

    /// A document as it is sent.
    pub fn text(&self, text: String) -> String {
        match self.0 {
            Some(Fault { tamper: Tamper::Text(spoil), .. }) => spoil(text),
            _ => text,
        }
    }

    /// An HTTP message as it is sent.
    pub fn http(&self, message: &mut http::Message) {
        if let Some(Fault { tamper: Tamper::Http(spoil), .. }) = self.0 {
            spoil(message);
        }
    }
}

/// All faults of a role.
pub fn all(role: Role) -> Vec<&'static Fault> {
    let (lists, more): (_, &[&[Fault]]) = match role {
        Role::Vtn => (crate::vtn::FAULTS, crate::vtn::EI_FAULTS),
        Role::Ven => (crate::ven::FAULTS, &[]),
    };
    lists.iter().chain(more).copied().flatten().collect()
}
