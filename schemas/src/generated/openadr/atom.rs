// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `atom`: the types of its namespace.

use crate::xml::macros::{record, group, tokens, facet, roots};
use crate::xml as x;
use crate::xml::{ATOM, XML, NONE};

record! {
    /// `atom:Category`.
    Category {
        term: String = attr(NONE, "term"),
        scheme: Option<x::Uri> = attr_opt(NONE, "scheme"),
        label: Option<String> = attr_opt(NONE, "label"),
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
    }
    /// `atom:ContentType`.
    #[derive(Default)]
    ContentType {
        type_: Option<String> = attr_opt(NONE, "type"),
        src: Option<x::Uri> = attr_opt(NONE, "src"),
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        content: x::Any = mixed(),
    }
    /// `atom:DateTime`.
    DateTime {
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        value: x::ZonedDateTime = value(),
    }
    /// `atom:Entry`.
    #[derive(Default)]
    Entry {
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        choice: Vec<EntryChoice> = range_of(0, usize::MAX),
    }
    /// `atom:Feed`.
    #[derive(Default)]
    Feed {
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        choice: Vec<FeedChoice> = range_of(0, usize::MAX),
    }
    /// `atom:Generator`.
    Generator {
        uri: Option<x::Uri> = attr_opt(NONE, "uri"),
        version: Option<String> = attr_opt(NONE, "version"),
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        value: String = value(),
    }
    /// `atom:Icon`.
    Icon {
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        value: x::Uri = value(),
    }
    /// `atom:Id`.
    Id {
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        value: x::Uri = value(),
    }
    /// `atom:Link`.
    Link {
        href: x::Uri = attr(NONE, "href"),
        rel: Option<String> = attr_opt(NONE, "rel"),
        type_: Option<String> = attr_opt(NONE, "type"),
        hreflang: Option<x::Token> = attr_opt(NONE, "hreflang"),
        title: Option<String> = attr_opt(NONE, "title"),
        length: Option<x::PositiveInteger> = attr_opt(NONE, "length"),
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        content: x::Any = mixed(),
    }
    /// `atom:Logo`.
    Logo {
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        value: x::Uri = value(),
    }
    /// `atom:Person`.
    #[derive(Default)]
    Person {
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        choice: Vec<PersonChoice> = range_of(0, usize::MAX),
    }
    /// `atom:Text`.
    #[derive(Default)]
    Text {
        type_: Option<Type> = attr_opt(NONE, "type"),
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        content: x::Any = mixed(),
    }
    /// `atom:Uri`.
    Uri {
        base: Option<x::Uri> = attr_opt(XML, "base"),
        lang: Option<x::Token> = attr_opt(XML, "lang"),
        attributes: x::AnyAttributes = any_attributes(Some(ATOM)),
        value: x::Uri = value(),
    }
}

group! {
    /// `atom:EntryChoice`.
    EntryChoice {
        Author(Person) = element(ATOM, "author"),
        Category(Category) = element(ATOM, "category"),
        Content2(ContentType) = element(ATOM, "content"),
        Contributor(Person) = element(ATOM, "contributor"),
        Id(Id) = element(ATOM, "id"),
        Link(Link) = element(ATOM, "link"),
        Published(DateTime) = element(ATOM, "published"),
        Rights(Text) = element(ATOM, "rights"),
        Source(Text) = element(ATOM, "source"),
        Summary(Text) = element(ATOM, "summary"),
        Title(Text) = element(ATOM, "title"),
        Updated(DateTime) = element(ATOM, "updated"),
        Other(x::Any) = any(Some(ATOM)),
    }
    /// `atom:FeedChoice`.
    FeedChoice {
        Author(Person) = element(ATOM, "author"),
        Category(Category) = element(ATOM, "category"),
        Contributor(Person) = element(ATOM, "contributor"),
        Generator(Generator) = element(ATOM, "generator"),
        Icon(Icon) = element(ATOM, "icon"),
        Id(Id) = element(ATOM, "id"),
        Link(Link) = element(ATOM, "link"),
        Logo(Logo) = element(ATOM, "logo"),
        Rights(Text) = element(ATOM, "rights"),
        Subtitle(Text) = element(ATOM, "subtitle"),
        Title(Text) = element(ATOM, "title"),
        Updated(DateTime) = element(ATOM, "updated"),
        Entry(Entry) = element(ATOM, "entry"),
        Other(x::Any) = any(Some(ATOM)),
    }
    /// `atom:PersonChoice`.
    PersonChoice {
        Name(String) = element(ATOM, "name"),
        Uri(Uri) = element(ATOM, "uri"),
        Email(Email) = element(ATOM, "email"),
        Other(x::Any) = any(Some(ATOM)),
    }
}

tokens! {
    /// `atom:Type`.
    collapsed Type {
        Text = "text",
        Html = "html",
        Xhtml = "xhtml",
    };
}

facet! {
    /// `atom:Email`.
    Email(String) = |v| x::patterns::email(v), "an e-mail address", ["a@example.org"];
}

roots! {
    Entry = ATOM, "entry";
    Feed = ATOM, "feed";
}
