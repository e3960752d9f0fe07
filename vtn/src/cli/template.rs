//! The text of a new `vtn.toml`: the one that is packaged, with some lines of its own.

/// What is filled in.
pub struct Blanks<'a> {
    pub vtn_id: &'a str,
    pub host: &'a str,
    /// Whom a first contact may come from.
    pub policy: &'a str,
    /// The lines of `[[operator]]`; `None`: somebody is to write them.
    pub operators: Option<&'a str>,
    /// What stands first.
    pub head: &'a str,
}

/// The text of a configuration whose certificates lie beside it, under the names that
/// `vtn init --lab` gives them.
pub fn fill(blanks: &Blanks<'_>) -> String {
    let of_ours =
        |text: String, (packaged, ours): (&str, String)| text.replacen(packaged, &ours, 1);
    lines(blanks).into_iter().fold(TEXT.to_owned(), of_ours)
}

/// What stands in the packaged text, and what stands in its place.
fn lines(blanks: &Blanks<'_>) -> [(&'static str, String); 8] {
    let Blanks { vtn_id, host, policy, operators, head } = blanks;
    [
        (FIRST, format!("{FIRST}{head}")),
        ("https://vtn.example:8443/", format!("https://{host}:8443/")),
        ("store = \"/var/lib/vtn/store\"\n", "store = \"store\"\n".to_owned()),
        ("market = false\n", "market = true\n".to_owned()),
        ("vtn_id = \"VTN\"\n", format!("vtn_id = \"{vtn_id}\"\n")),
        ("policy = \"known\"\n", format!("policy = \"{policy}\"\n")),
        ("market_contexts = []\n", "market_contexts = [\"urn:programme:1\"]\n".to_owned()),
        (OPERATORS, operators.unwrap_or(OPERATORS).to_owned()),
    ]
}

const TEXT: &str = include_str!("../../../packaging/vtn.toml");
const FIRST: &str =
    "# The configuration of a VTN. Paths are relative to this file; unknown keys are errors.\n";
const OPERATORS: &str = "#[[operator]]\n#name = \"alice\"\n\
    #fingerprint = \"00:11:22:33:44:55:66:77:88:99\"\n#role = \"administrator\"\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_stands_in_the_packaged_text_once() {
        let operators = Some("[[operator]]\n");
        let blanks = Blanks { vtn_id: "v", host: "h", policy: "open", operators, head: "# lab\n" };
        let text = fill(&blanks);
        for (packaged, ours) in lines(&blanks) {
            assert_eq!(TEXT.matches(packaged).count(), 1, "{packaged}");
            assert_eq!(text.matches(&ours).count(), 1, "{ours}");
        }
    }
}
