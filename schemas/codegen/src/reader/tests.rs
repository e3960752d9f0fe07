//! What the generator does not know, it refuses by name.

use super::parse;

/// One schema with `body`, or why it is refused.
fn refusal(body: &str) -> Option<String> {
    let text = format!(
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:t=\"urn:t\" \
         targetNamespace=\"urn:t\" elementFormDefault=\"qualified\">{body}</xs:schema>"
    );
    parse(&[("t", text)]).err()
}

#[test]
fn a_plain_schema_is_read() {
    assert_eq!(refusal("<xs:element name=\"a\" type=\"xs:string\"/>"), None);
}

#[test]
fn every_construct_the_generator_does_not_know_is_named() {
    let refused = [
        ("<xs:notation name=\"n\"/>", "the element notation"),
        ("<xs:element name=\"a\" final=\"#all\"/>", "the attribute final of element"),
        ("<xs:complexType name=\"a\"><xs:all/></xs:complexType>", "the element all"),
        (
            "<xs:complexType name=\"a\"><xs:choice><xs:extension/></xs:choice></xs:complexType>",
            "extension as a particle",
        ),
        (
            "<xs:attributeGroup name=\"a\"><xs:element name=\"b\"/></xs:attributeGroup>",
            "element among attributes",
        ),
        (
            "<xs:complexType name=\"a\"><xs:sequence><xs:any namespace=\"urn:u\"/></xs:sequence></xs:complexType>",
            "any of urn:u",
        ),
        (
            "<xs:simpleType name=\"a\"><xs:restriction base=\"xs:string\"><xs:length value=\"1\"/></xs:restriction></xs:simpleType>",
            "the element length",
        ),
        (
            "<xs:simpleType name=\"a\"><xs:restriction base=\"xs:string\"><xs:maxLength value=\"x\"/></xs:restriction></xs:simpleType>",
            "maxLength x",
        ),
        (
            "<xs:simpleType name=\"a\"><xs:restriction base=\"xs:string\"><xs:pattern value=\"a\"/><xs:pattern value=\"b\"/></xs:restriction></xs:simpleType>",
            "another pattern",
        ),
        (
            "<xs:simpleType name=\"a\"><xs:restriction base=\"xs:string\"><xs:pattern value=\"a\"/><xs:maxLength value=\"3\"/></xs:restriction></xs:simpleType>",
            "several kinds",
        ),
        ("<xs:element name=\"a\" substitutionGroup=\"t:b\"/>", "the head"),
        (
            "<xs:complexType name=\"a\"><xs:complexContent><xs:extension base=\"t:b\"/></xs:complexContent></xs:complexType>",
            "the base",
        ),
        ("<xs:element name=\"a\" type=\"u:b\"/>", "u is unbound"),
        ("<xs:element name=\"a\" type=\"b\"/>", "b has no prefix"),
    ];
    for (body, why) in refused {
        let refusal = refusal(body).unwrap_or_else(|| panic!("{body} is read"));
        assert!(refusal.contains(why), "{body}: {refusal}");
    }
}
