//! Text made fit for markup, and XML made fit for reading.

/// For XML and HTML: markup escaped, what XML cannot hold replaced.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(letter),
            '\r' => out.push_str("&#13;"),
            '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

/// For HTML: what stands between grave accents is code.
pub fn marked(text: &str) -> String {
    let escaped = escape(text);
    if escaped.matches('`').count() % 2 == 1 {
        return escaped;
    }
    let parts = escaped.split('`').enumerate();
    let part = |(at, part): (usize, &str)| match at % 2 {
        0 => part.to_owned(),
        _ => format!("<code>{part}</code>"),
    };
    parts.map(part).collect()
}

/// At most so many bytes of a text, at a character's border, and whether that is not all.
pub fn cut(text: &str, most: usize) -> (&str, bool) {
    if text.len() <= most {
        return (text, false);
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (&text[..end], true)
}

/// XML with a line an element, indented; `None` if it is none. Not for machines: blanks around
/// text are not kept.
pub fn indented(text: &str) -> Option<String> {
    if !text.trim_start().starts_with('<') {
        return None;
    }
    let tokens = tokens(text)?;
    let mut out = String::with_capacity(text.len() * 5 / 4);
    let mut depth: usize = 0;
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        // A value stands on its element's line, and so does the end of an empty or plain element.
        let joined = match (before, token) {
            (Some(Token::Open(_)), Token::Text(_) | Token::Close(_)) => true,
            (Some(Token::Text(_)), Token::Close(_)) => {
                at >= 2 && matches!(tokens.get(at - 2), Some(Token::Open(_)))
            }
            _ => false,
        };
        if let Token::Close(_) = token {
            depth = depth.checked_sub(1)?;
        }
        if !joined {
            if !out.is_empty() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n("  ", depth));
        }
        let (Token::Open(raw) | Token::Close(raw) | Token::Text(raw) | Token::Other(raw)) = token;
        out.push_str(raw);
        if let Token::Open(_) = token {
            depth += 1;
        }
    }
    (depth == 0).then_some(out)
}

#[derive(Debug)]
enum Token<'a> {
    Open(&'a str),
    Close(&'a str),
    Text(&'a str),
    /// An empty element, a comment, an instruction, a section of characters.
    Other(&'a str),
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let start = rest.find('<').unwrap_or(rest.len());
        let plain = rest[..start].trim();
        if !plain.is_empty() {
            found.push(Token::Text(plain));
        }
        rest = &rest[start..];
        if rest.is_empty() {
            break;
        }
        let end = tag_end(rest)?;
        let raw = &rest[..end];
        found.push(match raw.as_bytes() {
            [b'<', b'/', ..] => Token::Close(raw),
            [b'<', b'!' | b'?', ..] | [.., b'/', b'>'] => Token::Other(raw),
            _ => Token::Open(raw),
        });
        rest = &rest[end..];
    }
    Some(found)
}

/// Where the markup that a text begins with ends.
fn tag_end(text: &str) -> Option<usize> {
    let special = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
    if let Some((start, end)) = special.into_iter().find(|(start, _)| text.starts_with(start)) {
        return text[start.len()..].find(end).map(|at| start.len() + at + end.len());
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_gets_a_line_and_a_value_stays_in_it() {
        let text = "<?xml version=\"1.0\"?><a x=\"1>2\">\n<b>v</b><c/><d></d><!-- <e> --></a>";
        let wanted = "<?xml version=\"1.0\"?>\n<a x=\"1>2\">\n  <b>v</b>\n  <c/>\n  <d></d>\n  <!-- <e> -->\n</a>";
        assert_eq!(indented(text).unwrap(), wanted);
        assert_eq!(indented(wanted).unwrap(), wanted, "what is indented stays as it is");
    }

    #[test]
    fn mixed_content_is_kept() {
        assert_eq!(indented("<a>x<b/>y</a>").unwrap(), "<a>x\n  <b/>\n  y\n</a>");
    }

    #[test]
    fn what_is_no_xml_is_left_to_be_shown_as_it_is() {
        for text in ["", "plain", "<a", "<a><b></a>", "</a>", "<a x='>"] {
            assert_eq!(indented(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_text_is_cut_at_a_character() {
        assert_eq!(cut("aé", 3), ("aé", false));
        assert_eq!(cut("aé", 2), ("a", true));
    }

    #[test]
    fn what_stands_between_grave_accents_is_code() {
        assert_eq!(marked("a `<b>` c"), "a <code>&lt;b&gt;</code> c");
        assert_eq!(marked("one ` alone"), "one ` alone");
    }

    #[test]
    fn what_markup_cannot_hold_is_replaced() {
        assert_eq!(
            escape("<a b=\"'\">&\u{0}\u{1b}\n"),
            "&lt;a b=&quot;&#39;&quot;&gt;&amp;\u{fffd}\u{fffd}\n"
        );
    }
}
