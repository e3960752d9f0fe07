//! What is committed under schemas/src/generated is what the generator makes.

#[test]
fn generated_code_is_current() {
    assert_eq!(oadr_codegen::check(), Ok(()));
}
