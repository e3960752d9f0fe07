//! How much a document may hold.

/// What one document may cost; passing any of these is an error, never a truncation.
///
/// Sizes are bytes of UTF-8 as they stand in the document, before references are
/// replaced. Besides these, fixed limits hold: 1 KiB for a name, 256 prefixes bound at
/// once, and 256 different namespaces and 4,096 Ids in a document.
///
/// ```
/// # use oadr_schemas::xml::Limits;
/// let shallow = Limits { depth: 16, ..Limits::default() };
/// assert_eq!(shallow.bytes, 256 * 1024);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole document, a byte order mark included. Default 256 KiB.
    pub bytes: usize,
    /// Elements open at once, the root included. Default 64.
    pub depth: usize,
    /// Attributes on one tag, not counting namespace declarations. Default 64.
    pub attributes: usize,
    /// Namespace declarations on one tag. Default 32.
    pub bindings: usize,
    /// Elements in the document. Default 20,000.
    pub elements: usize,
    /// Bytes of one attribute value, and of everything between two tags: text,
    /// references, CDATA sections and comments together. Default 64 KiB.
    pub text: usize,
}

impl Limits {
    /// For parties that send meter data in bulk: 4 MiB and 200,000 elements.
    pub fn reports() -> Self {
        Self { bytes: 4 * 1024 * 1024, elements: 200_000, ..Self::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 * 1024,
            depth: 64,
            attributes: 64,
            bindings: 32,
            elements: 20_000,
            text: 64 * 1024,
        }
    }
}

/// Bytes of one name, its prefix and colon included.
pub(super) const NAME_BYTES: usize = 1024;
/// Prefixes bound at one place of a document.
pub(super) const LIVE_BINDINGS: usize = 256;
/// Different namespace names in one document.
pub(super) const NAMESPACES: usize = 256;
/// Ids in one document.
pub(super) const IDS: usize = 4096;
